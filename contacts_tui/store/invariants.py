"""What holds in every sound store: its pages, its search indexes, and every value that derives from other rows.

A check reads through a connection of its own and locks nothing. `repairs` derives wrong values anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, inspect, literal, null, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from contacts_tui.domain.address import alias_key, is_of_inbox
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import searchable
from contacts_tui.domain.unknown_values import is_known, member
from contacts_tui.store import attachments, backends, conversations, json_columns, search, sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.errors import StoreError
from contacts_tui.store.message_tables import ConversationRow, InboxRow, MessageRow, ProviderEventRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.timestamps import NEVER

_MOST = 20
"""The most ids that a finding's sentence names; the finding has them all."""
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


class Rule(StrEnum):
    """What is checked, and may not hold."""

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
    """The rows concerned; empty for a finding about the store as a whole."""
    repairable: bool

    @property
    def sentence(self) -> str:
        """What is wrong and where."""
        named = ", ".join(map(str, self.ids[:_MOST])) + (" …" if len(self.ids) > _MOST else "")
        return f"{self.what}: {named}" if self.ids else self.what


_BEFORE_ALL = NEVER - timedelta(microseconds=1)
_SAID = aliased(MessageRow)
_LAST = aliased(MessageRow)


def _of(owner: Any, wanted: Any, *conditions: Any) -> Any:
    """Return the subquery of a value of the messages of a conversation or a contact, which `owner` says."""
    return sql.query(wanted).select_from(_SAID).where(owner, *conditions).scalar_subquery()


def _inbound(owner: Any) -> Any:
    return _of(owner, func.max(_SAID.at, type_=Instant), _SAID.direction == Direction.IN.value)


def summed_up() -> dict[str, Any]:
    """Return the expressions of what a conversation keeps of its messages, by column."""
    mine = _SAID.conversation_id == ConversationRow.id
    is_new = col(_SAID.stored_at) > func.coalesce(ConversationRow.read_up_to, literal(_BEFORE_ALL, Instant))
    return {
        "last_message_at": _of(mine, func.max(_SAID.at, type_=Instant)),
        "last_inbound_at": _inbound(mine),
        "unread": _of(mine, func.count(), _SAID.direction == Direction.IN.value, is_new),
    }


def _differs() -> ColumnElement[bool]:
    return or_(*(getattr(ConversationRow, name).is_distinct_from(value) for name, value in summed_up().items()))


def _owners() -> Any:
    astray = (col(MessageRow.contact_id) != ConversationRow.contact_id) | (
        col(MessageRow.inbox_id) != ConversationRow.inbox_id
    )
    return (
        sql.query(ConversationRow.id)
        .join(IdentityRow, col(IdentityRow.id) == ConversationRow.identity_id)
        .where(
            (col(ConversationRow.contact_id) != IdentityRow.contact_id)
            | sql.query(MessageRow.id).where(MessageRow.conversation_id == ConversationRow.id, astray).exists()
        )
    )


def _contacts() -> Any:
    theirs = _SAID.contact_id == ContactRow.id
    newest = sql.query(_SAID.id).where(theirs).order_by(col(_SAID.at).desc(), col(_SAID.id).desc()).limit(1)
    unread = sql.query(func.coalesce(func.sum(ConversationRow.unread), 0)).where(
        ConversationRow.contact_id == ContactRow.id
    )
    failed = col(_LAST.status).in_([Delivery.FAILED.value, Delivery.UNKNOWN.value])
    return (
        sql.query(ContactRow.id)
        .select_from(ContactRow)
        .join(_LAST, col(_LAST.id) == newest.scalar_subquery(), isouter=True)
        .where(
            col(ContactRow.last_message_id).is_distinct_from(_LAST.id)
            | (col(ContactRow.activity_at) != func.coalesce(_LAST.at, literal(NEVER, Instant)))
            | (col(ContactRow.failing) != func.coalesce(failed, False))
            | col(ContactRow.last_inbound_at).is_distinct_from(_inbound(theirs))
            | (col(ContactRow.unread) != unread.scalar_subquery())
        )
    )


_QUERIES: dict[Rule, tuple[str, sql.Statement, bool]] = {
    Rule.OWNERS: (
        "conversations or messages that belong to a different person than their address, by conversation",
        sql.statement(_owners),
        True,
    ),
    Rule.CONVERSATIONS: (
        "conversations whose last message, last inbound message or unread count is wrong",
        sql.statement(lambda: sql.query(ConversationRow.id).where(_differs())),
        True,
    ),
    Rule.CONTACTS: (
        "people whose activity, last message, unread count or failure mark is wrong",
        sql.statement(_contacts),
        True,
    ),
    Rule.PARKED: (
        "events that wait for a message that is there",
        sql.statement(
            lambda: (
                sql.query(ProviderEventRow.id)
                .join(
                    MessageRow,
                    and_(
                        col(MessageRow.inbox_id) == ProviderEventRow.inbox_id,
                        col(MessageRow.provider_id) == ProviderEventRow.provider_id,
                    ),
                )
                .where(col(ProviderEventRow.message_id).is_(None), col(ProviderEventRow.provider_id) != "")
            )
        ),
        False,
    ),
    Rule.TASKS: (
        "waiting messages that no outbox would ever send",
        sql.statement(
            lambda: sql.query(MessageRow.id).where(
                MessageRow.direction == Direction.OUT.value,
                col(MessageRow.status).in_([Delivery.QUEUED.value, Delivery.SENDING.value]),
                ~sql.query(OutboxRow.message_id).where(OutboxRow.message_id == MessageRow.id).exists(),
            )
        ),
        True,
    ),
}


def windows() -> Any:
    """Return the query for what decides when the window of each conversation ends, and for the stored end."""
    return sql.query(
        ConversationRow.id,
        InboxRow.channel,
        ConversationRow.last_inbound_at,
        ConversationRow.closed_by_provider_at,
        ConversationRow.window_until,
    ).join(InboxRow, col(InboxRow.id) == ConversationRow.inbox_id)


_WINDOWS = sql.statement(windows)
_ADDRESSES = sql.statement(
    lambda: sql.query(
        IdentityRow.id,
        IdentityRow.contact_id,
        IdentityRow.channel,
        IdentityRow.address,
        IdentityRow.key,
        IdentityRow.scope,
        IdentityRow.profile_name,
    ).order_by(col(IdentityRow.id))
)
_WITH_FILES = sql.statement(
    lambda: sql.query(MessageRow.id, MessageRow.media).where(
        MessageRow.direction == Direction.OUT.value, cast(col(MessageRow.media), String).contains(attachments.PREFIX)
    )
)


def findings(session: Session) -> Iterator[Finding]:
    """Yield a finding for every rule that doesn't hold in the store. Raise StoreError where it can't be read.

    Where pages are damaged, end without an error at the first rule that can't be read.
    """
    backend = backends.of_bind(session.bind)
    damage = backend.damage(session)
    if damage:
        yield Finding(Rule.PAGES, f"the database is damaged: {damage}", (), False)
    try:
        with backend.in_words():
            yield from _rules(session)
    except StoreError:
        if not damage:
            raise


def _rules(session: Session) -> Iterator[Finding]:
    broken = backends.of_bind(session.bind).dangling(session)
    if broken:
        yield Finding(Rule.REFERENCES, f"rows that refer to nothing, in {', '.join(broken)}", (), False)
    for rule, (what, query, repairable) in _QUERIES.items():
        yield from _found(rule, what, (row[0] for row in sql.each(session, query)), repairable)
    wrong = (row[0] for row in sql.each(session, _WINDOWS) if row[4] != window_end(*row[1:4]))
    yield from _found(Rule.WINDOWS, "conversations whose window ends at another time", wrong, True)
    yield from _identities(session)
    yield from _indexes(session)
    yield from _files(session)


def _found(rule: Rule, what: str, ids: Iterable[int], repairable: bool) -> Iterator[Finding]:
    found = tuple(ids)
    if found:
        yield Finding(rule, what, found, repairable)


def window_end(channel: str, received: datetime | None, closed: datetime | None) -> datetime | None:
    """Return when a conversation's window ends; None on channels without one, or when the person never wrote."""
    return conversations.window_until(member(Channel, channel), received, _FAR, closed)


def _identities(session: Session) -> Iterator[Finding]:
    """Yield a finding for identities whose alias key doesn't fit the address, or with or without an inbox wrongly."""
    wrong = (
        ident
        for ident, _, word, address, key, scope, _ in sql.each(session, _ADDRESSES)
        if is_known(channel := member(Channel, word))
        and ((scope != 0) != is_of_inbox(channel, address) or alias_key(channel, address) != key)
    )
    yield from _found(Rule.IDENTITIES, "addresses whose key or inbox doesn't fit them", wrong, False)


def _indexes(session: Session) -> Iterator[Finding]:
    """Yield findings for wrong search texts, and for search indexes that don't hold just the texts."""
    index = backends.of_bind(session.bind).search
    addresses: dict[int, list[tuple[Channel, str, str, str]]] = {}
    for _, contact_id, channel, address, key, _, profile in sql.each(session, _ADDRESSES):
        addresses.setdefault(contact_id, []).append((member(Channel, channel), address, key, profile))
    wrong, people = [], {}
    for ident, name, company, emails, tags, attributes, text in sql.each(session, _people(session)):
        of_person = addresses.get(ident, [])
        lists = (*emails, *tags, *json_columns.texts_by_name(attributes).values())
        words = (name, company, *lists, *(each[3] for each in of_person))
        spellings = [(each[0], spelling) for each in of_person for spelling in each[1:3]]
        if search.contact_text(words, spellings) != text:
            wrong.append(ident)
        people[ident] = text
    yield from _found(Rule.SEARCH_TEXT, "people whose search text is wrong", wrong, True)
    off = index.wrong_people(session, people.items())
    yield from _found(Rule.PEOPLE_INDEX, "people whose entry in the search index is wrong", off, True)
    bodies = ((ident, searchable(body)) for ident, body in sql.each(session, search.BODIES))
    off = index.wrong_messages(session, bodies)
    yield from _found(Rule.MESSAGES_INDEX, "messages whose entry in the search index is wrong", off, True)


def _people(session: Session) -> sql.Statement:
    known = {column["name"] for column in inspect(session.connection()).get_columns("contact")}
    # A store of an earlier revision doesn't have the column.
    attributes = ContactRow.attributes if "attributes" in known else null()
    return sql.statement(
        lambda: sql.query(
            ContactRow.id,
            ContactRow.name,
            ContactRow.company,
            ContactRow.emails,
            ContactRow.tags,
            attributes,
            ContactRow.search_text,
        )
    )


def _files(session: Session) -> Iterator[Finding]:
    backend, gone = backends.of_bind(session.bind), []
    for ident, media in sql.each(session, _WITH_FILES):
        for file in media:
            digest = attachments.digest_of(file["url"])
            if digest is not None and not attachments.is_whole(backend.find_file(session, digest), file.get("size")):
                gone.append(ident)
    yield from _found(Rule.FILES, "messages of ours whose file is missing or incomplete", gone, False)
