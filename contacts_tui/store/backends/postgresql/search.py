"""The indexes of three-letter pieces: https://www.postgresql.org/docs/current/pgtrgm.html

A text is looked for by LIKE, which they answer; what is typed is escaped, so nothing in it is a wildcard. Each search
is planned for its own text, however often it is asked: two common words in a row are found among 300,000 messages in
4 ms by the index of pieces, and in 36 by the plan for any text, which walks all messages.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from typing import Any

from sqlmodel import Session

from contacts_tui.store import backends, sql
from contacts_tui.store.backends.protocol import Ranked

ADD_EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
"""What the indexes need."""

_PEOPLE_INDEX, _MESSAGES_INDEX = "ix_contact_search", "ix_message_search"
_TRIGRAM = 3
"""The length of a piece: messages aren't searched for texts that are shorter."""
_COMMON, _COMMON_SHORT = 5_000, 1_000
"""From so many matches on, walking people by latest activity and testing each beats sorting all matches.

The first number is for texts that the index of pieces answers, the second for shorter ones: people are walked anyhow.
"""
_MOST = 2_001
"""Messages that the server plans for: one more than any search looks at, by which it learns that there are more."""
_LEAST = 50
"""The least number of messages that are read at once."""

_ADD = "INSERT INTO message_search (id, body) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
_SORTED = (
    "SELECT activity_at, id, count(*) OVER () FROM (SELECT activity_at, id FROM contact WHERE {} LIMIT %s) AS matching "
    "ORDER BY activity_at DESC, id DESC LIMIT %s"
)
_WALKED = "SELECT activity_at, id FROM contact WHERE {} ORDER BY activity_at DESC, id DESC LIMIT %s"
_BEGINNING = "SELECT id FROM contact WHERE search_text = %s OR starts_with(search_text, %s) ORDER BY id LIMIT %s"
_HOLDING = "SELECT id FROM contact WHERE search_text LIKE %s ORDER BY id LIMIT %s"
# Looked up for each match by itself: the order stays that of the messages, and only those that are fetched are read.
_MATCHES = (
    "WITH matches AS MATERIALIZED "
    f"(SELECT id FROM message_search WHERE body LIKE %s ORDER BY id DESC LIMIT {_MOST}) "
    "SELECT (SELECT contact_id FROM message WHERE id = matches.id)"
)
_SPEAKERS = f"{_MATCHES} FROM matches"
_SAID = f"{_MATCHES}, (SELECT body FROM message WHERE id = matches.id) FROM matches"
_USABLE = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid"


class Search:
    """Implements `protocol.Search`. The index of people is one of their table; that of messages has folded copies."""

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
        """See the protocol. On a server VACUUM does this: see `opened.OpenedDatabase.leave_no_trace`."""
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
        common = _COMMON if all(len(word) >= _TRIGRAM for word in words) else _COMMON_SHORT
        found = _found(session, _SORTED.format(holds_all), *holding, common, limit)
        if not found or found[0][2] < common:
            return [(activity_at, ident) for activity_at, ident, _ in found]
        return _found(session, _WALKED.format(holds_all), *holding, limit)

    def people_beginning(self, session: Session, folded: str, limit: int) -> list[int]:
        """See the protocol."""
        return [row[0] for row in sql.several(session, _BEGINNING, folded, f"{folded} ", limit)]

    def people_holding(self, session: Session, folded: str, limit: int) -> list[int]:
        """See the protocol. Empty for a text that is shorter than the pieces."""
        if len(folded) < _TRIGRAM:
            return []
        return [row[0] for row in _found(session, _HOLDING, _holding(folded), limit)]

    def messages_with(self, session: Session, folded: str, people: int) -> Generator[tuple[int, str]]:
        """See the protocol. Empty for a text that is shorter than the pieces."""
        return _matches(session, _SAID, folded, people)

    def speakers(self, session: Session, folded: str, people: int) -> Generator[int]:
        """See the protocol. Empty for a text that is shorter than the pieces."""
        with closing(_matches(session, _SPEAKERS, folded, people)) as rows:
            for (contact_id,) in rows:
                yield contact_id


def _found(session: Session, query: str, *values: Any) -> list[Any]:
    """Return every row. The query is never prepared: the server may plan a prepared one once for all values."""
    return list(sql.driver(session).execute(query, values, prepare=False).fetchall())


def _is_usable(session: Session, index: str) -> bool:
    """Return whether an index is there and whole: it is dropped together with the extension."""
    return sql.one(session, _USABLE, index) is not None


def _make_anew(session: Session, index: str, table: str, column: str) -> None:
    sql.write(session, ADD_EXTENSION)
    sql.write(session, f"DROP INDEX IF EXISTS {index}")
    sql.write(session, f"CREATE INDEX {index} ON {table} USING gin ({column} gin_trgm_ops)")


def _matches(session: Session, query: str, folded: str, people: int) -> Generator[Any]:
    """Yield the rows of matches, with the contact's id first, for as long as the caller asks for more."""
    if len(folded) < _TRIGRAM:
        return
    stream = backends.of_bind(session.bind).stream
    seen: set[int] = set()
    with closing(stream(sql.driver(session), query, [_holding(folded)])) as cursor:
        # Each match is of one person, so at least as many are needed as people are missing.
        while rows := cursor.fetchmany(max(_LEAST, people - len(seen))):
            yield from rows
            seen.update(row[0] for row in rows)


def _holding(text: str) -> str:
    """Return the LIKE pattern for what holds a text."""
    return f"%{text.replace(chr(92), 2 * chr(92)).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%"
