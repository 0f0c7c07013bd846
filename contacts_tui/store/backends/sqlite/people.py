"""What the people list shows, in plain statements: the first page is read before SQLAlchemy is imported."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.revision import HEAD

T = TypeVar("T")

_FIRST = "SELECT id FROM contact ORDER BY activity_at DESC, id DESC LIMIT :limit"
_FIRST_WAITING = (
    "SELECT contact_id FROM queue WHERE state = 'open' AND waiting_since IS NOT NULL "
    "ORDER BY deadline NULLS LAST, waiting_since, contact_id LIMIT :limit"
)
_AMONG = "(SELECT value FROM json_each(:ids))"
_TALKS = (
    "SELECT conversation.contact_id, inbox.channel, conversation.window_until FROM conversation "
    "JOIN inbox ON inbox.id = conversation.inbox_id "
    f"WHERE conversation.contact_id IN {_AMONG} AND conversation.last_message_at IS NOT NULL"
)
_LINES = (
    "SELECT contact.id, contact.name, "
    "(SELECT address FROM identity WHERE contact_id = contact.id ORDER BY id LIMIT 1), "
    "contact.unread, message.body, message.direction, message.status, "
    "message.media, message.at, message.error_code, message.provider, "
    "queue.state, queue.waiting_since, queue.deadline, queue.wake_at, contact.owner, EXISTS (SELECT 1 FROM identity "
    "JOIN draft ON draft.identity_id = identity.id WHERE identity.contact_id = contact.id) FROM contact "
    "LEFT JOIN message ON message.id = contact.last_message_id LEFT JOIN queue ON queue.contact_id = contact.id "
    f"WHERE contact.id IN {_AMONG}"
)


class People:
    """Fills `protocol.People`."""

    def __init__(self, execute: Callable[[str, Mapping[str, Any]], Iterable[Any]]) -> None:
        """`execute` is the driver's."""
        self._execute = execute

    def first(self, limit: int) -> list[int]:
        """See the protocol."""
        return [row[0] for row in self._execute(_FIRST, {"limit": limit})]

    def first_waiting(self, limit: int) -> list[int]:
        """See the protocol."""
        return [row[0] for row in self._execute(_FIRST_WAITING, {"limit": limit})]

    def talks(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """See the protocol."""
        return self._execute(_TALKS, {"ids": json.dumps(list(ids))})

    def lines(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """See the protocol."""
        return self._execute(_LINES, {"ids": json.dumps(list(ids))})


def read_before(path: Path, read: Callable[[People], T]) -> T | None:
    """Read a store by a bare connection; None where it can't simply be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)) as connection:
            if connection.execute(REVISION_QUERY).fetchone() == (HEAD, APPLICATION_ID):
                return read(People(connection.execute))
    except sqlite3.Error:
        pass
    return None
