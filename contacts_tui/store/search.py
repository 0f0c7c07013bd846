"""Finds people by any part of what is known of them, or by what was said in their messages.

Three-letter pieces (trigrams) are indexed. A person is found when every word of the search is part of their
fields, or when one of their messages holds the whole search as it stands. What is typed only ever reaches SQLite
as bound text between quotes, so nothing in it is syntax and nothing is a wildcard.
"""

import heapq
import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.listing import SearchResult
from contacts_tui.domain.text import searchable

_TRIGRAM = 3
"""The full-text indexes hold pieces of this many characters; shorter words they can't find."""
_COMMON = 1_000
"""From so many matches on, walking people by latest activity and testing each beats sorting all matches."""
_MESSAGES = 2_000
"""Matching messages looked at, newest first, before a search settles for the people they lead to."""
_LONGEST = 200
"""Characters of a search that count; nobody types more, and a pasted page would only be slow."""

_NUMBER = re.compile(r"[+(]*\d[\d()./+-]*")
"""A word that can be a piece of a telephone number as people write them."""

Ranked = tuple[int, int]
"""Latest activity in microseconds and id: the order of the people list, latest first."""


def digits(text: str) -> str:
    """The digits of a number, without what people write between them."""
    return re.sub(r"\D", "", text)


def contact_text(words: Iterable[str], addresses: Iterable[tuple[Channel, str]]) -> str:
    """What a person is found by, folded: words (the name first, for `people_beginning`), and every address.

    A number stands there as its digits alone, so that it is found however it is typed.
    """
    parts = [searchable(text) for text in words]
    parts += [digits(address) if channel.by_phone else searchable(address) for channel, address in addresses]
    return " ".join(part for part in dict.fromkeys(parts) if part)


def index_message(session: Session, message_id: int, body: str) -> None:
    """Makes a new message findable."""
    folded = searchable(body)
    if len(folded) >= _TRIGRAM:
        session.connection().exec_driver_sql(
            "INSERT INTO message_search (rowid, body) VALUES (?, ?)", (message_id, folded)
        )


def reindex_message(session: Session, message_id: int, old: str, new: str) -> None:
    """A message's body changes from `old` to `new`."""
    folded = searchable(old)
    if len(folded) >= _TRIGRAM:
        session.connection().exec_driver_sql(
            "INSERT INTO message_search (message_search, rowid, body) VALUES ('delete', ?, ?)", (message_id, folded)
        )
    index_message(session, message_id, new)


def rebuild_messages(session: Session) -> None:
    """Makes the index of messages anew from their bodies, also where it is damaged."""
    connection = session.connection()
    connection.exec_driver_sql("INSERT INTO message_search (message_search) VALUES ('delete-all')")
    for message_id, body in connection.exec_driver_sql("SELECT id, body FROM message").fetchall():
        index_message(session, message_id, body)


def search(session: Session, text: str, limit: int) -> SearchResult:
    """People that match, latest activity first."""
    folded = _folded(text)
    found = _by_readings(session, folded, limit + 1)
    said, all_read = _by_messages(session, folded, limit + 1)
    found |= said
    ids = tuple(contact_id for _, contact_id in heapq.nlargest(limit, found))
    return SearchResult(ids, more=len(found) > limit or not all_read)


def people_with(session: Session, text: str, limit: int) -> list[int]:
    """Ids of people whose fields match, whatever was said in messages; latest activity first."""
    found = _by_readings(session, _folded(text), limit)
    return [contact_id for _, contact_id in heapq.nlargest(limit, found)]


def said(session: Session, text: str, limit: int) -> list[tuple[int, str]]:
    """Ids of people with a message that holds the text, and that message; the newest messages first."""
    folded = _folded(text)
    if len(folded) < _TRIGRAM:
        return []
    found: dict[int, str] = {}
    cursor = session.connection().exec_driver_sql(
        "SELECT m.contact_id, m.body FROM message_search s CROSS JOIN message m ON m.id = s.rowid "
        "WHERE message_search MATCH ? ORDER BY s.rowid DESC LIMIT ?",
        (_quoted(folded), _MESSAGES),
    )
    with cursor:
        for contact_id, body in cursor:
            found.setdefault(contact_id, body)
            if len(found) >= limit:
                break
    return list(found.items())


def people_beginning(session: Session, folded: str, limit: int) -> list[int]:
    """Ids of people whose searchable text begins with these whole words: it begins with their name."""
    query = (
        "SELECT c.activity_at, c.id FROM contact c "
        "WHERE c.search_text = ? OR instr(c.search_text, ?) = 1 ORDER BY c.id LIMIT ?"
    )
    return [contact_id for _, contact_id in _run(session, query, folded, f"{folded} ", limit)]


def people_holding(session: Session, folded: str, limit: int) -> list[int]:
    """Ids of people whose searchable text holds these words in a row, read off the index; none for a short text."""
    if len(folded) < _TRIGRAM:
        return []
    query = "SELECT 0, rowid FROM contact_search WHERE contact_search MATCH ? ORDER BY rowid LIMIT ?"
    return [contact_id for _, contact_id in _run(session, query, _quoted(folded), limit)]


def _folded(text: str) -> str:
    return searchable(text)[:_LONGEST].strip()


def _by_readings(session: Session, folded: str, limit: int) -> set[Ranked]:
    """The latest people that match one of the ways in which a search can be meant."""
    found: set[Ranked] = set()
    for words in _readings(folded.split()):
        found.update(_by_fields(session, words, limit))
    return found


def _readings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The ways in which a search can be meant: as typed, and with what looks like a number put together.

    "+1 (555) 010" is the digits 1555010. A number typed with its national zero or zeros, "0803 555", also stands
    for the one without: stored numbers are international.
    """
    if not words:
        return []
    readings = [tuple(words)]
    joined: list[str] = []
    for is_number, run in groupby(words, key=lambda word: bool(_NUMBER.fullmatch(word))):
        together = list(run)
        joined += [digits("".join(together).replace("(0)", ""))] if is_number else together
    bare = [word.lstrip("0") if word.isdigit() and word.strip("0") else word for word in joined]
    for reading in (tuple(joined), tuple(bare)):
        if reading not in readings:
            readings.append(reading)
    return readings


def _by_fields(session: Session, words: Sequence[str], limit: int) -> list[Ranked]:
    """The latest people whose fields hold all of these words."""
    holds_all = " AND ".join("instr(c.search_text, ?)" for _ in words)
    indexed = [word for word in words if len(word) >= _TRIGRAM]
    if indexed:
        short = [word for word in words if len(word) < _TRIGRAM]
        matches = _run(
            session,
            "SELECT c.activity_at, c.id FROM contact_search s CROSS JOIN contact c ON c.id = s.rowid "
            f"WHERE contact_search MATCH ? {'AND instr(c.search_text, ?) ' * len(short)}LIMIT ?",
            " AND ".join(map(_quoted, indexed)),
            *short,
            _COMMON,
        )
        if len(matches) < _COMMON:
            return heapq.nlargest(limit, matches)
    return _run(
        session,
        f"SELECT c.activity_at, c.id FROM contact c WHERE {holds_all} ORDER BY c.activity_at DESC, c.id DESC LIMIT ?",
        *words,
        limit,
    )


def _by_messages(session: Session, folded: str, limit: int) -> tuple[set[Ranked], bool]:
    """The people with the newest messages that hold the whole text; and whether these are all there are."""
    if len(folded) < _TRIGRAM:
        return set(), True
    found: set[Ranked] = set()
    cursor = session.connection().exec_driver_sql(
        "SELECT c.activity_at, c.id FROM message_search s CROSS JOIN message m ON m.id = s.rowid "
        "CROSS JOIN contact c ON c.id = m.contact_id WHERE message_search MATCH ? ORDER BY s.rowid DESC",
        (_quoted(folded),),
    )
    with cursor:
        for read, (activity, contact_id) in enumerate(cursor):
            if len(found) >= limit or read >= _MESSAGES:
                return found, False
            found.add((activity, contact_id))
    return found, True


def _quoted(word: str) -> str:
    """A word as a string of FTS5's query language, in which nothing but the quote has a meaning."""
    return '"' + word.replace('"', '""') + '"'


def _run(session: Session, query: str, *values: str | int) -> list[Ranked]:
    return [(activity, contact_id) for activity, contact_id in session.connection().exec_driver_sql(query, values)]
