"""What became of a commit whose answer was lost with its connection: the server knows, by the transaction's number.

https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT (pg_xact_status)
"""

import time
from contextlib import closing

import psycopg

from contacts_tui.store.backends.postgresql.connections import connect
from contacts_tui.store.backends.postgresql.location import Location
from contacts_tui.store.errors import StoreError

PATIENCE = 12.0
"""Seconds to wait for a restarting server to say the outcome: fewer than the 15 after which Twilio drops a webhook."""
_AGAIN = 0.1
"""Seconds between two tries to ask."""

_NOBODY_KNOWS = (
    "the connection to the store {name} was cut just as something was being stored, and it can't be asked whether it "
    "was ({why}): look whether it is there before you do it again"
)


def was_committed(location: Location, transaction: str) -> bool:
    """Return whether a transaction was committed. Raise StoreError when the server can't say for PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        why = "the server is still at it"
        try:
            with closing(connect(location)) as connection:
                row = connection.execute("SELECT pg_xact_status(%s::text::xid8)", [transaction]).fetchone()
            if row is not None and row[0] != "in progress":
                return bool(row[0] == "committed")
        except (StoreError, psycopg.OperationalError) as error:
            why = " ".join(str(error).split())
        if time.monotonic() > deadline:
            raise StoreError(_NOBODY_KNOWS.format(name=location.name, why=why))
        time.sleep(_AGAIN)
