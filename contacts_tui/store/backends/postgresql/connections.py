"""Connections to a server: which servers can be used, and how values are sent and read."""

import select
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg.types.string import StrDumper, StrDumperUnknown

from contacts_tui.store import json_columns
from contacts_tui.store.backends.postgresql import errors, texts
from contacts_tui.store.backends.postgresql.location import Location
from contacts_tui.store.errors import StoreError

WHICH = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"
"""The query for what tells one store from another, whatever the database is called."""

_OLDEST = 15
"""The oldest version that is still maintained and has all that is used here."""
_ALIVE: dict[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Options by which the loss of a server's machine is noticed within a minute (in seconds; the last in milliseconds)."""


def connect(
    location: Location, address: str = "", kind: "type[psycopg.Connection[Any]]" = psycopg.Connection
) -> "psycopg.Connection[Any]":
    """Return a connection that begins no transaction by itself. Raise StoreError when none can be had.

    `address` is used instead of the location's own.
    """
    try:
        connection = kind.connect(
            address or location.address,
            autocommit=True,
            client_encoding="utf8",
            prepare_threshold=5 if location.prepares else None,
            **_ALIVE,
        )
    except psycopg.OperationalError as error:
        raise errors.refusal(error, location.name) from error
    except psycopg.ProgrammingError as error:
        # Libpq doesn't know an option, or can't read its value.
        raise StoreError(
            f"the address of the store {location.name} can't be used ({errors.detail_of(error)}): correct it"
        ) from error
    version = connection.info.server_version // 10_000
    encoding = connection.info.parameter_status("server_encoding")
    if version < _OLDEST or encoding != "UTF8":
        connection.close()
        raise StoreError(
            f"the server of the store {location.name} is PostgreSQL {version}, which is too old: {_OLDEST} is the "
            "first that can be used"
            if version < _OLDEST
            else f"the database of the store {location.name} keeps texts as {encoding}: create one as UTF8"
        )
    connection.adapters.register_dumper(str, _Text)
    connection.adapters.register_dumper(str, _UntypedText)
    connection.adapters.register_loader("numeric", _Number)
    set_json_dumps(texts.json_text, connection)
    set_json_loads(json_columns.load, connection)
    return connection


def is_dead(connection: "psycopg.Connection[Any]") -> bool:
    """Return whether a connection was cut while it wasn't in use.

    A server that ends a connection says so: there is something to read then. The check costs a few microseconds.
    """
    return connection.closed or bool(select.select([connection.fileno()], [], [], 0)[0])


class _Text(StrDumper):
    def dump(self, obj: str) -> bytes:
        return texts.text(obj).encode()


class _UntypedText(StrDumperUnknown):
    dump = _Text.dump


class _Number(Loader):
    """The loader of decimals: the server gives sums of 64-bit numbers as such, and ours are whole."""

    def load(self, data: Any) -> int | float:
        said = bytes(data).decode()
        return float(said) if "." in said else int(said)
