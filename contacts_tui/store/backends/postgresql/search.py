"""The indexes of three-letter pieces: https://www.postgresql.org/docs/current/pgtrgm.html

A text is looked for by LIKE, which they answer; what is typed is escaped, so nothing in it is a wildcard.
"""

from collections.abc import Generator, Iterable, Sequence
from typing import Any

from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.backends.protocol import Ranked

ADD_EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
"""What the indexes need."""

_PEOPLE_INDEX, _MESSAGES_INDEX = "ix_contact_search", "ix_message_search"
_TRIGRAM = 3
"""Messages are not searched for what is shorter: no piece is so short."""
_COMMON = 1_000
"""From so many matches on, walking people by latest activity and testing each beats sorting all matches."""
_FIRST_BATCH, _BATCH = 200, 1_000
"""Messages read at once: few first, for the index of pieces answers for few; where they are full, many match."""

_ADD = "INSERT INTO message_search (id, body) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
_BEGINNING = "SELECT id FROM contact WHERE search_text = %s OR starts_with(search_text, %s) ORDER BY id LIMIT %s"
_HOLDING = "SELECT id FROM contact WHERE search_text LIKE %s ORDER BY id LIMIT %s"
_SAID = (
    "SELECT s.id, m.contact_id, m.body FROM message_search s JOIN message m ON m.id = s.id "
    "WHERE s.body LIKE %s AND s.id < %s ORDER BY s.id DESC LIMIT %s"
)
_SPEAKERS = (
    "SELECT s.id, m.contact_id FROM message_search s JOIN message m ON m.id = s.id "
    "WHERE s.body LIKE %s AND s.id < %s ORDER BY s.id DESC LIMIT %s"
)
_RANKED = "SELECT activity_at, id FROM contact WHERE id = ANY(%s)"
_USABLE = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid"
_AFTER_ALL = 2**63 - 1


class Search:
    """Fills `protocol.Search`. The index of people is one of their table; that of messages has folded copies."""

    def add_message(self, session: Session, message_id: int, folded: str) -> None:
        """See the protocol."""
        if len(folded) >= _TRIGRAM:
            sql.write(session, _ADD, message_id, folded)

    def add_messages(self, session: Session, messages: Iterable[tuple[int, str]]) -> None:
        """See the protocol."""
        sql.write_each(session, _ADD, [each for each in messages if len(each[1]) >= _TRIGRAM])

    def remove_message(self, session: Session, message_id: int, folded: str) -> None:
        """See the protocol."""
        sql.write(session, "DELETE FROM message_search WHERE id = %s", message_id)

    def remove_messages(self, session: Session) -> None:
        """See the protocol."""
        sql.write(session, "DELETE FROM message_search")
        _make_anew(session, _MESSAGES_INDEX, "message_search", "body")

    def clear_removed(self, session: Session, *, begins: bool) -> bool:
        """See the protocol. On a server VACUUM does: `opened.leave_no_trace`."""
        return False

    def rebuild_people(self, session: Session) -> None:
        """See the protocol."""
        _make_anew(session, _PEOPLE_INDEX, "contact", "search_text")

    def wrong_people(self, session: Session, texts: Iterable[tuple[int, str]]) -> list[int]:
        """See the protocol. The server keeps an index of a table in step with it, where there is one."""
        return [] if _is_usable(session, _PEOPLE_INDEX) else [0]

    def wrong_messages(self, session: Session, texts: Iterable[tuple[int, str]]) -> list[int]:
        """See the protocol."""
        if not _is_usable(session, _MESSAGES_INDEX):
            return [0]
        held = dict(sql.several(session, "SELECT id, body FROM message_search"))
        expected = {ident: text for ident, text in texts if len(text) >= _TRIGRAM}
        return sorted(ident for ident in held.keys() | expected.keys() if held.get(ident) != expected.get(ident))

    def people_with(self, session: Session, words: Sequence[str], limit: int) -> list[Ranked]:
        """See the protocol."""
        holding = [_holding(word) for word in words]
        holds_all = " AND ".join("search_text LIKE %s" for _ in words)
        found = sql.several(
            session, f"SELECT activity_at, id FROM contact WHERE {holds_all} LIMIT %s", *holding, _COMMON
        )
        if len(found) < _COMMON:
            return sorted(found, reverse=True)[:limit]
        return sql.several(
            session,
            f"SELECT activity_at, id FROM contact WHERE {holds_all} ORDER BY activity_at DESC, id DESC LIMIT %s",
            *holding,
            limit,
        )

    def people_beginning(self, session: Session, folded: str, limit: int) -> list[int]:
        """See the protocol."""
        return [row[0] for row in sql.several(session, _BEGINNING, folded, f"{folded} ", limit)]

    def people_holding(self, session: Session, folded: str, limit: int) -> list[int]:
        """See the protocol. None for a text that is shorter than what is indexed."""
        if len(folded) < _TRIGRAM:
            return []
        return [row[0] for row in sql.several(session, _HOLDING, _holding(folded), limit)]

    def messages_with(self, session: Session, folded: str) -> Generator[tuple[int, str]]:
        """See the protocol. None for a text that is shorter than what is indexed."""
        for batch in _batches(session, _SAID, folded):
            yield from ((contact_id, body) for _, contact_id, body in batch)

    def speakers(self, session: Session, folded: str) -> Generator[Ranked]:
        """See the protocol. None for a text that is shorter than what is indexed."""
        ranked: dict[int, Ranked] = {}
        for batch in _batches(session, _SPEAKERS, folded):
            new = {contact_id for _, contact_id in batch} - ranked.keys()
            ranked |= {row[1]: row for row in sql.several(session, _RANKED, list(new))}
            yield from (ranked[contact_id] for _, contact_id in batch)


def _is_usable(session: Session, index: str) -> bool:
    """Return whether an index is there and whole: it went where somebody dropped the extension."""
    return sql.one(session, _USABLE, index) is not None


def _make_anew(session: Session, index: str, table: str, column: str) -> None:
    sql.write(session, ADD_EXTENSION)
    sql.write(session, f"DROP INDEX IF EXISTS {index}")
    sql.write(session, f"CREATE INDEX {index} ON {table} USING gin ({column} gin_trgm_ops)")


def _batches(session: Session, query: str, folded: str) -> Generator[list[Any]]:
    """Yield matches in batches, by their ids; those that nobody asks for are mostly never read."""
    if len(folded) < _TRIGRAM:
        return
    before, size = _AFTER_ALL, _FIRST_BATCH
    while True:
        batch = sql.several(session, query, _holding(folded), before, size)
        yield batch
        if len(batch) < size:
            return
        before, size = batch[-1][0], _BATCH


def _holding(text: str) -> str:
    """Return the pattern of what holds a text."""
    return f"%{text.replace(chr(92), 2 * chr(92)).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%"
