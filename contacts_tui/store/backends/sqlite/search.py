"""The full-text indexes, of three-letter pieces (trigrams): https://www.sqlite.org/fts5.html#the_trigram_tokenizer

What is typed only ever reaches SQLite as bound text between quotes, so nothing in it is syntax.
"""

import heapq
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from typing import Any

from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.backends.protocol import Ranked

_TRIGRAM = 3
"""The indexes hold pieces of this many characters; they can't find shorter words."""
_COMMON = 1_000
"""From so many matches on, walking people by latest activity and testing each beats sorting all matches."""

_MERGED = 100
"""Pages of an index that are merged by one statement: some 0.1 s."""

_ADD = "INSERT INTO message_search (rowid, body) VALUES (?, ?)"
_HOLDING = "SELECT rowid FROM contact_search WHERE contact_search MATCH ? ORDER BY rowid LIMIT ?"
_BEGINNING = "SELECT id FROM contact WHERE search_text = ? OR instr(search_text, ?) = 1 ORDER BY id LIMIT ?"
_SAID = (
    "SELECT m.contact_id, m.body FROM message_search s CROSS JOIN message m ON m.id = s.rowid "
    "WHERE message_search MATCH ? ORDER BY s.rowid DESC"
)
_SPEAKERS = (
    "SELECT m.contact_id FROM message_search s CROSS JOIN message m ON m.id = s.rowid "
    "WHERE message_search MATCH ? ORDER BY s.rowid DESC"
)


class Search:
    """Implements `protocol.Search`. The index of people follows their rows by triggers."""

    def add_message(self, session: Session, message_id: int, folded: str) -> None:
        """See the protocol."""
        if len(folded) >= _TRIGRAM:
            sql.write(session, _ADD, message_id, folded)

    def add_messages(self, session: Session, messages: Iterable[tuple[int, str]]) -> None:
        """See the protocol."""
        sql.write_each(session, _ADD, [each for each in messages if len(each[1]) >= _TRIGRAM])

    def remove_message(self, session: Session, message_id: int, folded: str) -> None:
        """See the protocol."""
        if len(folded) >= _TRIGRAM:
            sql.write(
                session,
                "INSERT INTO message_search (message_search, rowid, body) VALUES ('delete', ?, ?)",
                message_id,
                folded,
            )

    def remove_messages(self, session: Session) -> None:
        """See the protocol."""
        sql.write(session, "INSERT INTO message_search (message_search) VALUES ('delete-all')")

    def clear_removed(self, session: Session, *, begins: bool) -> bool:
        """See the protocol. Merging the parts of an index clears what was removed.

        https://www.sqlite.org/fts5.html#the_merge_command
        """
        driver, is_changed = session.connection().connection.driver_connection, False
        assert driver is not None
        for index in ("contact_search", "message_search"):
            before = driver.total_changes
            merge = f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)"
            sql.write(session, merge, -_MERGED if begins else _MERGED)
            # The statement itself counts as one.
            is_changed = is_changed or driver.total_changes - before > 1
        return is_changed

    def rebuild_people(self, session: Session) -> None:
        """See the protocol."""
        sql.write(session, "INSERT INTO contact_search (contact_search) VALUES ('rebuild')")

    def wrong_people(self, session: Session, texts: Iterable[tuple[int, str]]) -> list[int]:
        """See the protocol."""
        return _wrong(session, "contact_search", texts)

    def wrong_messages(self, session: Session, texts: Iterable[tuple[int, str]]) -> list[int]:
        """See the protocol."""
        return _wrong(session, "message_search", texts)

    def people_with(self, session: Session, words: Sequence[str], limit: int) -> list[Ranked]:
        """See the protocol."""
        indexed = [word for word in words if len(word) >= _TRIGRAM]
        if indexed:
            short = [word for word in words if len(word) < _TRIGRAM]
            matches = sql.several(
                session,
                "SELECT c.activity_at, c.id FROM contact_search s CROSS JOIN contact c ON c.id = s.rowid "
                f"WHERE contact_search MATCH ? {'AND instr(c.search_text, ?) ' * len(short)}LIMIT ?",
                " AND ".join(map(_quoted, indexed)),
                *short,
                _COMMON,
            )
            if len(matches) < _COMMON:
                return heapq.nlargest(limit, matches)
        holds_all = " AND ".join("instr(search_text, ?)" for _ in words)
        return sql.several(
            session,
            f"SELECT activity_at, id FROM contact WHERE {holds_all} ORDER BY activity_at DESC, id DESC LIMIT ?",
            *words,
            limit,
        )

    def people_beginning(self, session: Session, folded: str, limit: int) -> list[int]:
        """See the protocol."""
        return [row[0] for row in sql.several(session, _BEGINNING, folded, f"{folded} ", limit)]

    def people_holding(self, session: Session, folded: str, limit: int) -> list[int]:
        """See the protocol. Empty for a text that is shorter than the pieces."""
        if len(folded) < _TRIGRAM:
            return []
        return [row[0] for row in sql.several(session, _HOLDING, _quoted(folded), limit)]

    def messages_with(self, session: Session, folded: str, people: int) -> Generator[tuple[int, str]]:
        """See the protocol. Empty for a text that is shorter than the pieces."""
        return _matches(session, _SAID, folded)

    def speakers(self, session: Session, folded: str, people: int) -> Generator[int]:
        """See the protocol. Empty for a text that is shorter than the pieces."""
        with closing(_matches(session, _SPEAKERS, folded)) as rows:
            for (contact_id,) in rows:
                yield contact_id


def _matches(session: Session, query: str, folded: str) -> Generator[Any]:
    if len(folded) >= _TRIGRAM:
        yield from sql.each(session, query, _quoted(folded))


def _quoted(word: str) -> str:
    """Return a word as a string of FTS5's query language, in which nothing but the quote has a meaning."""
    return '"' + word.replace('"', '""') + '"'


def _wrong(session: Session, index: str, texts: Iterable[tuple[int, str]]) -> list[int]:
    """Return the ids of rows of which an index has more or fewer pieces than it should; just 0 if it can't be read."""
    try:
        sql.write(session, f"CREATE VIRTUAL TABLE temp.pieces USING fts5vocab(main, {index}, 'instance')")
        held = Counter(dict(sql.several(session, "SELECT doc, count(*) FROM temp.pieces GROUP BY doc")))
    except sqlite3.DatabaseError:
        return [0]
    finally:
        sql.write(session, "DROP TABLE IF EXISTS temp.pieces")
    expected = Counter({ident: len(text) - _TRIGRAM + 1 for ident, text in texts if len(text) >= _TRIGRAM})
    return sorted(ident for ident in held.keys() | expected.keys() if held[ident] != expected[ident])
