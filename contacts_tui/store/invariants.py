"""What holds in every sound store: its pages, its search indexes, and every number that derives from other rows.

A check reads through a connection of its own and locks nothing. What derives from other rows can be repaired from them.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from contacts_tui.domain.address import alias_key
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.text import searchable
from contacts_tui.domain.window import usable_until
from contacts_tui.store import attachments, merge_journal, search, sql
from contacts_tui.store.backends.sqlite.connections import connect_to_read
from contacts_tui.store.timestamps import microseconds, moment

_MOST = 20
"""Ids that a finding names; it counts them all."""
_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_WINDOWED = (Channel.WHATSAPP.value, Channel.MESSENGER.value)


class Rule(StrEnum):
    """What may be broken."""

    PAGES = "pages"
    REFERENCES = "references"
    OWNERS = "owners"
    CONVERSATIONS = "conversations"
    WINDOWS = "windows"
    CONTACTS = "contacts"
    SEARCH_TEXT = "search_text"
    PEOPLE_INDEX = "people_index"
    MESSAGES_INDEX = "messages_index"
    IDENTITIES = "identities"
    PARKED = "parked"
    TASKS = "tasks"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that doesn't hold."""

    rule: Rule
    what: str
    """What is wrong, as a clause."""
    ids: tuple[int, ...]
    """The rows concerned; empty where it is about the file as a whole."""
    repairable: bool

    @property
    def sentence(self) -> str:
        """What is wrong and where."""
        named = ", ".join(map(str, self.ids[:_MOST])) + (" …" if len(self.ids) > _MOST else "")
        return f"{self.what}: {named}" if self.ids else self.what


_QUERIES: dict[Rule, tuple[str, str, bool]] = {
    Rule.OWNERS: (
        "conversations or messages that belong to a different person than their address, by conversation",
        """
        SELECT v.id FROM conversation v JOIN identity i ON i.id = v.identity_id
        WHERE v.contact_id <> i.contact_id OR EXISTS (
            SELECT 1 FROM message m WHERE m.conversation_id = v.id
                AND (m.contact_id <> v.contact_id OR m.inbox_id <> v.inbox_id))
        """,
        True,
    ),
    Rule.CONVERSATIONS: (
        "conversations whose last message, last inbound message or unread count is wrong",
        """
        SELECT v.id FROM conversation v WHERE
            v.last_message_at IS NOT (SELECT max(at) FROM message m WHERE m.conversation_id = v.id)
            OR v.last_inbound_at IS NOT
                (SELECT max(at) FROM message m WHERE m.conversation_id = v.id AND m.direction = 'in')
            OR v.unread <> (SELECT count(*) FROM message m WHERE m.conversation_id = v.id AND m.direction = 'in'
                AND m.stored_at > coalesce(v.read_up_to, -1))
        """,
        True,
    ),
    Rule.CONTACTS: (
        "people whose activity, last message, unread count or failure mark is wrong",
        """
        WITH last AS (
            SELECT c.id,
                (SELECT m.id FROM message m WHERE m.contact_id = c.id ORDER BY at DESC, id DESC LIMIT 1) AS message
            FROM contact c)
        SELECT c.id FROM contact c JOIN last ON last.id = c.id LEFT JOIN message m ON m.id = last.message WHERE
            c.last_message_id IS NOT last.message OR c.activity_at <> coalesce(m.at, 0)
            OR c.failing <> coalesce(m.status IN ('failed', 'unknown'), 0)
            OR c.last_inbound_at IS NOT
                (SELECT max(at) FROM message i WHERE i.contact_id = c.id AND i.direction = 'in')
            OR c.unread <> (SELECT coalesce(sum(unread), 0) FROM conversation v WHERE v.contact_id = c.id)
        """,
        True,
    ),
    Rule.PARKED: (
        "events that wait for a message that is there",
        """
        SELECT e.id FROM provider_event e JOIN message m ON m.inbox_id = e.inbox_id AND m.provider_id = e.provider_id
        WHERE e.message_id IS NULL AND e.provider_id <> ''
        """,
        False,
    ),
    Rule.TASKS: (
        "waiting messages that no outbox would ever send",
        """
        SELECT m.id FROM message m WHERE m.direction = 'out' AND m.status IN ('queued', 'sending')
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id)
        """,
        True,
    ),
}
_REPAIR_TASKS = """
    INSERT INTO outbox (message_id, conversation_id, inbox_id, task, tries, not_before, lease_owner)
    SELECT id, conversation_id, inbox_id, 'send', 0, ?, '' FROM message WHERE id = ?
"""
_REPAIR_OWNERS = (
    "UPDATE conversation SET contact_id = (SELECT contact_id FROM identity i WHERE i.id = identity_id) WHERE id = ?",
    """
    UPDATE message SET (contact_id, inbox_id) =
        (SELECT v.contact_id, v.inbox_id FROM conversation v WHERE v.id = conversation_id)
    WHERE conversation_id = ?
    """,
)
_REPAIR_CONVERSATION = """
    UPDATE conversation SET
        last_message_at = (SELECT max(at) FROM message m WHERE m.conversation_id = conversation.id),
        last_inbound_at =
            (SELECT max(at) FROM message m WHERE m.conversation_id = conversation.id AND direction = 'in'),
        unread = (SELECT count(*) FROM message m WHERE m.conversation_id = conversation.id AND direction = 'in'
            AND m.stored_at > coalesce(conversation.read_up_to, -1))
    WHERE id = ?
"""
_WINDOWS = """
    SELECT v.id, i.channel, v.last_inbound_at, v.closed_by_provider_at, v.window_until
    FROM conversation v JOIN inbox i ON i.id = v.inbox_id
"""


def findings(path: Path) -> Iterator[Finding]:
    """Every rule that doesn't hold in the store at `path`. Raises sqlite3.Error where it can't be read at all.

    Where pages are damaged the rules end at the first of them that can't be read.
    """
    with closing(connect_to_read(path)) as connection:
        damage = tuple(_pages(connection))
        yield from damage
        try:
            yield from _rules(connection, path)
        except sqlite3.DatabaseError:
            if not damage:
                raise


def _rules(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    connection.execute("BEGIN")
    broken = [row[0] for row in connection.execute('SELECT DISTINCT "table" FROM pragma_foreign_key_check')]
    if broken:
        yield Finding(Rule.REFERENCES, f"rows that refer to nothing, in {', '.join(broken)}", (), False)
    for rule, (what, query, repairable) in _QUERIES.items():
        yield from _found(rule, what, (row[0] for row in connection.execute(query)), repairable)
    wrong = (row[0] for row in connection.execute(_WINDOWS) if row[4] != _window(*row[1:4]))
    yield from _found(Rule.WINDOWS, "conversations whose window ends at another time", wrong, True)
    yield from _identities(connection)
    yield from _indexes(connection)
    yield from _files(connection, attachments.folder_of(path))


def _pages(connection: sqlite3.Connection) -> Iterator[Finding]:
    try:
        told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.DatabaseError as error:
        told = [str(error)]
    if told != ["ok"]:
        yield Finding(Rule.PAGES, f"the file is damaged: {'; '.join(told)}", (), False)


def _found(rule: Rule, what: str, ids: Iterable[int], repairable: bool) -> Iterator[Finding]:
    found = tuple(ids)
    if found:
        yield Finding(rule, what, found, repairable)


def _window(channel: str, heard: int | None, closed: int | None) -> int | None:
    if channel not in _WINDOWED or heard is None:
        return None
    return microseconds(usable_until(moment(heard), _FAR, sql.read(closed)))


def _identities(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Each address is under its alias key, and belongs to an inbox where it has to."""
    rows = connection.execute("SELECT id, channel, address, key, scope FROM identity")
    wrong = (
        ident
        for ident, channel, address, key, scope in rows
        if (scope == 0) != Channel(channel).by_phone or alias_key(Channel(channel), address) != key
    )
    yield from _found(Rule.IDENTITIES, "addresses whose key or inbox doesn't fit them", wrong, False)


def _indexes(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What people are found by, and whether the full-text indexes hold a piece for each three letters of it."""
    addresses: dict[int, list[tuple[Channel, str, str, str]]] = {}
    for contact_id, channel, address, key, profile in connection.execute(
        "SELECT contact_id, channel, address, key, profile_name FROM identity ORDER BY id"
    ):
        addresses.setdefault(contact_id, []).append((Channel(channel), address, key, profile))
    wrong, people = [], {}
    # A store that no program of today opened yet has none.
    columns = {row[1] for row in connection.execute("PRAGMA table_info(contact)")}
    known = "attributes" if "attributes" in columns else "'{}'"
    for ident, name, company, emails, tags, attributes, text in connection.execute(
        f"SELECT id, name, company, emails, tags, {known}, search_text FROM contact"
    ):
        of_person = addresses.get(ident, [])
        lists = (*json.loads(emails), *json.loads(tags), *json.loads(attributes).values())
        words = (name, company, *lists, *(each[3] for each in of_person))
        spellings = [(each[0], spelling) for each in of_person for spelling in each[1:3]]
        if search.contact_text(words, spellings) != text:
            wrong.append(ident)
        people[ident] = text
    yield from _found(Rule.SEARCH_TEXT, "people whose search text is wrong", wrong, True)
    off = _differing(connection, "contact_search", people.items())
    yield from _found(Rule.PEOPLE_INDEX, "people whose entry in the search index is wrong", off, True)
    bodies = ((ident, searchable(body)) for ident, body in connection.execute("SELECT id, body FROM message"))
    off = _differing(connection, "message_search", bodies)
    yield from _found(Rule.MESSAGES_INDEX, "messages whose entry in the search index is wrong", off, True)


def _differing(connection: sqlite3.Connection, index: str, texts: Iterable[tuple[int, str]]) -> list[int]:
    """Rows of which an index has more or fewer pieces than it should; 0 stands for an index that can't be read."""
    try:
        connection.execute(f"CREATE VIRTUAL TABLE temp.pieces USING fts5vocab(main, {index}, 'instance')")
        held = Counter(dict(connection.execute("SELECT doc, count(*) FROM temp.pieces GROUP BY doc")))
    except sqlite3.DatabaseError:
        return [0]
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.pieces")
    expected = Counter({ident: len(text) - 2 for ident, text in texts if len(text) > 2})
    return sorted(ident for ident in held.keys() | expected.keys() if held[ident] != expected[ident])


def _files(connection: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT id, media FROM message WHERE direction = 'out' AND media LIKE ?", (f"%{attachments.PREFIX}%",)
    )
    gone = []
    for ident, media in rows:
        for file in json.loads(media):
            digest = attachments.digest_of(file["url"])
            if digest is not None and not attachments.is_whole(folder / digest, file.get("size")):
                gone.append(ident)
    yield from _found(Rule.FILES, "messages of ours whose file is missing or incomplete", gone, False)


def repair(session: Session, clock: Clock, finding: Finding) -> None:
    """Derives anew what a finding is about."""
    match finding.rule:
        case Rule.PEOPLE_INDEX:
            sql.write(session, "INSERT INTO contact_search (contact_search) VALUES ('rebuild')")
        case Rule.MESSAGES_INDEX:
            search.rebuild_messages(session)
        case _:
            each = _REPAIRS[finding.rule]
            for ident in finding.ids:
                each(session, clock, ident)


def _owners(session: Session, clock: Clock, conversation_id: int) -> None:
    for statement in _REPAIR_OWNERS:
        sql.write(session, statement, conversation_id)


def _conversation(session: Session, clock: Clock, conversation_id: int) -> None:
    sql.write(session, _REPAIR_CONVERSATION, conversation_id)
    _end_of_window(session, clock, conversation_id)


def _end_of_window(session: Session, clock: Clock, conversation_id: int) -> None:
    _, channel, heard, closed, _ = sql.one(session, f"{_WINDOWS} WHERE v.id = ?", conversation_id)
    until = _window(channel, heard, closed)
    sql.write(session, "UPDATE conversation SET window_until = ? WHERE id = ?", until, conversation_id)


def _person(session: Session, clock: Clock, contact_id: int) -> None:
    merge_journal.refresh(session, contact_id)


def _task(session: Session, clock: Clock, message_id: int) -> None:
    sql.write(session, _REPAIR_TASKS, sql.stored(clock()), message_id)


_REPAIRS: dict[Rule, Callable[[Session, Clock, int], None]] = {
    Rule.OWNERS: _owners,
    Rule.CONVERSATIONS: _conversation,
    Rule.WINDOWS: _end_of_window,
    Rule.CONTACTS: _person,
    Rule.SEARCH_TEXT: _person,
    Rule.TASKS: _task,
}
