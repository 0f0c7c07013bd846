"""The statements of the people list, as plain text: the first page is read before SQLAlchemy is imported."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

_FIRST = "SELECT id FROM contact ORDER BY activity_at DESC, id DESC LIMIT {limit}"
_FIRST_WAITING = (
    "SELECT contact_id FROM queue WHERE state = 'open' AND waiting_since IS NOT NULL "
    "ORDER BY deadline NULLS LAST, waiting_since, contact_id LIMIT {limit}"
)
_TALKS = (
    "SELECT conversation.contact_id, inbox.channel, conversation.window_until FROM conversation "
    "JOIN inbox ON inbox.id = conversation.inbox_id "
    "WHERE conversation.contact_id {among} AND conversation.last_message_at IS NOT NULL"
)
_LINES = (
    "SELECT contact.id, contact.name, "
    "(SELECT address FROM identity WHERE contact_id = contact.id ORDER BY id LIMIT 1), "
    "contact.unread, message.body, message.direction, message.status, "
    "CAST(message.media AS TEXT), message.at, message.error_code, message.provider, "
    "queue.state, queue.waiting_since, queue.deadline, queue.wake_at, contact.owner, EXISTS (SELECT 1 FROM identity "
    "JOIN draft ON draft.identity_id = identity.id WHERE identity.contact_id = contact.id) FROM contact "
    "LEFT JOIN message ON message.id = contact.last_message_id LEFT JOIN queue ON queue.contact_id = contact.id "
    "WHERE contact.id {among}"
)


class PeopleQueries:
    """Implements `protocol.People`, with placeholders as a driver writes them."""

    def __init__(
        self,
        execute: Callable[[str, Mapping[str, Any]], Iterable[Any]],
        *,
        limit: str,
        among: str,
        ids: Callable[[list[int]], Any],
    ) -> None:
        """Run the statements by the driver's `execute`.

        `limit` is the placeholder of the value `limit`, and `among` the condition that the number before it is one of
        the value `ids`, which the function `ids` makes of a list.
        """
        self._execute = execute
        self._places = {"limit": limit, "among": among}
        self._ids = ids

    def first(self, limit: int) -> list[int]:
        """See the protocol."""
        return self._numbers(_FIRST, limit)

    def first_waiting(self, limit: int) -> list[int]:
        """See the protocol."""
        return self._numbers(_FIRST_WAITING, limit)

    def talks(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """See the protocol."""
        return self._rows(_TALKS, ids)

    def lines(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """See the protocol."""
        return self._rows(_LINES, ids)

    def _numbers(self, query: str, limit: int) -> list[int]:
        return [row[0] for row in self._execute(query.format(**self._places), {"limit": limit})]

    def _rows(self, query: str, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        return self._execute(query.format(**self._places), {"ids": self._ids(list(ids))})
