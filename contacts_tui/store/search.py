"""The search for people, by any part of what is known of them or of what was said in their messages.

A person is found when every word of the search is part of their fields, or when one of their messages holds the whole
search as it stands. Nothing that is typed is a wildcard. The indexes are the backend's.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import groupby, islice

from sqlalchemy import BigInteger, type_coerce
from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.listing import SearchResult
from contacts_tui.domain.text import searchable
from contacts_tui.store import backends, sql
from contacts_tui.store.backends.protocol import Ranked, Search
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.people_tables import ContactRow

_MESSAGES = 2_000
"""How many matching messages a search reads, newest first, before it ends with the people found so far."""
_LONGEST = 200
"""How many characters of a search count: people type fewer, and a pasted page would only be slow."""

BODIES = sql.statement(lambda: sql.query(MessageRow.id, MessageRow.body))

_NO_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"[+(]*\d[\d()./+-]*")
"""A word that can be a piece of a telephone number as people write them."""


_BODIES_OF_PERSON = sql.statement(
    lambda: sql.query(MessageRow.id, MessageRow.body).where(MessageRow.contact_id == sql.param("contact"))
)
_RANKED = sql.statement(
    lambda: sql.query(type_coerce(ContactRow.activity_at, BigInteger()), ContactRow.id).where(
        sql.among(ContactRow.id, "ids")
    )
)


def digits(text: str) -> str:
    """Return the digits of a number, without what people write between them."""
    number = text.removeprefix("+")
    return number if number.isascii() and number.isdigit() else _NO_DIGIT.sub("", text)


def contact_text(words: Iterable[str], addresses: Iterable[tuple[Channel, str]]) -> str:
    """Return the folded text that a person is found by: words (first the name, for `people_beginning`) and addresses.

    A phone number is in it as its digits alone, so that it is found however it is typed.
    """
    parts = [searchable(text) for text in words]
    parts += [digits(address) if channel.by_phone else searchable(address) for channel, address in addresses]
    return " ".join(part for part in dict.fromkeys(parts) if part)


def index_message(session: Session, message_id: int, body: str) -> None:
    """Add a new message to the index."""
    _index(session).add_message(session, message_id, searchable(body))


def index_messages(session: Session, bodies: Iterable[tuple[int, str]]) -> None:
    """Add new messages to the index, by their ids and bodies."""
    _index(session).add_messages(session, ((ident, searchable(body)) for ident, body in bodies))


def reindex_message(session: Session, message_id: int, old: str, new: str) -> None:
    """Change a message's body in the index from `old` to `new`."""
    _index(session).remove_message(session, message_id, searchable(old))
    index_message(session, message_id, new)


def rebuild_people(session: Session) -> None:
    """Rebuild the index of people from their searchable texts, even where it is damaged."""
    _index(session).rebuild_people(session)


def forget_messages(session: Session, contact_id: int) -> None:
    """Take every message of a person out of the index, before the messages themselves are deleted."""
    index = _index(session)
    for message_id, body in sql.several(session, _BODIES_OF_PERSON, contact=contact_id):
        index.remove_message(session, message_id, searchable(body))


def clear_removed(session: Session, clock: Clock, *, begins: bool) -> bool:
    """Clear what was removed out of the indexes' files, a part at a time; return whether there may be more.

    `begins` says that this is the first part.
    """
    return _index(session).clear_removed(session, begins=begins)


def rebuild_messages(session: Session) -> None:
    """Rebuild the index of messages from their bodies, even where it is damaged."""
    _index(session).remove_messages(session)
    index_messages(session, sql.several(session, BODIES))


def search(session: Session, text: str, limit: int) -> SearchResult:
    """Return up to `limit` people that match, latest activity first, and whether there may be more."""
    folded = _folded(text)
    found = _by_readings(session, folded, limit + 1)
    said, all_read = _by_messages(session, folded, limit + 1)
    found |= said
    ids = tuple(contact_id for _, contact_id in sorted(found, reverse=True)[:limit])
    return SearchResult(ids, more=len(found) > limit or not all_read)


def people_with(session: Session, text: str, limit: int) -> list[int]:
    """Return the ids of people whose fields match, whatever was said in messages; latest activity first."""
    found = _by_readings(session, _folded(text), limit)
    return [contact_id for _, contact_id in sorted(found, reverse=True)[:limit]]


def said(session: Session, text: str, limit: int) -> list[tuple[int, str]]:
    """Return the ids of people with a message that holds the text, and that message's body; newest messages first."""
    found: dict[int, str] = {}
    with closing(_index(session).messages_with(session, _folded(text), limit)) as messages:
        for contact_id, body in islice(messages, _MESSAGES):
            found.setdefault(contact_id, body)
            if len(found) >= limit:
                break
    return list(found.items())


def people_beginning(session: Session, folded: str, limit: int) -> list[int]:
    """Return the ids of people whose searchable text (it begins with the name) begins with these whole words."""
    return _index(session).people_beginning(session, folded, limit)


def people_holding(session: Session, folded: str, limit: int) -> list[int]:
    """Return the ids of people whose searchable text holds these words in a row, by the index; none for a short one."""
    return _index(session).people_holding(session, folded, limit)


def _index(session: Session) -> Search:
    return backends.of_bind(session.bind).search


def _folded(text: str) -> str:
    return searchable(text)[:_LONGEST].strip()


def _by_readings(session: Session, folded: str, limit: int) -> set[Ranked]:
    """Return the latest people that match one of the readings of a search."""
    found: set[Ranked] = set()
    for words in _readings(folded.split()):
        found.update(_index(session).people_with(session, words, limit))
    return found


def _readings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the readings of a search: as typed, and with the parts of what looks like a number joined.

    "+1 (555) 010" is the digits 1555010. A number typed with its national zero or zeros, "0803 555", also means
    the one without: stored numbers are international.
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


def _by_messages(session: Session, folded: str, limit: int) -> tuple[set[Ranked], bool]:
    """Return the people with the newest messages that hold the whole text, and whether these are all there are."""
    found: set[int] = set()
    all_read = True
    with closing(_index(session).speakers(session, folded, limit)) as speakers:
        for read, speaker in enumerate(speakers):
            if len(found) >= limit or read >= _MESSAGES:
                all_read = False
                break
            found.add(speaker)
    return set(sql.several(session, _RANKED, ids=found)) if found else set(), all_read
