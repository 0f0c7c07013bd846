"""What belongs to a contact, and the moving of identities between contacts with all that belongs to them.

Conversations, messages and drafts belong to an identity: they go where it goes, and nothing in them changes but the
contact.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, delete, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from contacts_tui.domain.address import display_phone, is_of_inbox
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.merge import Belongings
from contacts_tui.domain.message import Direction
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import contacts, notes, outbox, sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import ConversationRow, DraftRow, MessageRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow, LikenessRow
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.timestamps import NEVER, microseconds, moment

_TROUBLE = (Delivery.FAILED.value, Delivery.UNKNOWN.value)

_CHATS = tuple(channel.value for channel in Channel if not channel.by_phone)
_COLUMNS = tuple(ContactRow.model_fields)
_TIMES = frozenset(
    column.name for column in ContactRow.metadata.tables["contact"].columns if isinstance(column.type, Instant)
)
_PHONES = aliased(IdentityRow)


def _of_these(column: Any) -> Any:
    return col(column).in_(sql.members("ids", Integer()))


def _threads() -> Any:
    return sql.query(ConversationRow.id).where(_of_these(ConversationRow.identity_id))


def _hanging() -> Any:
    return sql.query(
        *(
            counted.scalar_subquery()
            for counted in (
                sql.query(func.count()).select_from(_threads().subquery()),
                sql.query(func.count()).where(col(MessageRow.conversation_id).in_(_threads())),
                sql.query(func.coalesce(func.sum(ConversationRow.unread), 0)).where(
                    _of_these(ConversationRow.identity_id)
                ),
                sql.query(func.count()).where(_of_these(DraftRow.identity_id)),
                sql.query(func.count()).where(
                    col(OutboxRow.conversation_id).in_(_threads()), OutboxRow.task == outbox.Task.SEND.value
                ),
            )
        )
    )


def _moving(table: type[SQLModel], condition: Callable[[], Any]) -> sql.Statement:
    return sql.statement(lambda: update(table).where(condition()).values(contact_id=sql.param("person")))


_HANGING = sql.statement(_hanging)
_MOVE = (
    _moving(MessageRow, lambda: col(MessageRow.conversation_id).in_(_threads())),
    _moving(ConversationRow, lambda: _of_these(ConversationRow.identity_id)),
    _moving(IdentityRow, lambda: _of_these(IdentityRow.id)),
)
_LAST = sql.statement(
    lambda: (
        sql.query(MessageRow.id, MessageRow.at, MessageRow.status)
        .where(MessageRow.contact_id == sql.param("contact"))
        .order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc())
        .limit(1)
    )
)
_INBOUND = sql.statement(
    lambda: sql.query(func.max(MessageRow.at, type_=Instant)).where(
        MessageRow.contact_id == sql.param("contact"), MessageRow.direction == Direction.IN.value
    )
)
_UNREAD = sql.statement(
    lambda: sql.query(func.coalesce(func.sum(ConversationRow.unread), 0)).where(
        ConversationRow.contact_id == sql.param("contact")
    )
)
_SUM_UP = sql.statement(
    lambda: (
        update(ContactRow)
        .where(col(ContactRow.id) == sql.param("contact"))
        .values(
            activity_at=sql.param("latest"),
            last_message_id=sql.param("message"),
            failing=sql.param("fails"),
            last_inbound_at=sql.param("inbound"),
            unread=sql.param("count"),
        )
    )
)
_WHOLE = sql.statement(
    lambda: sql.query(*(getattr(ContactRow, name) for name in _COLUMNS)).where(ContactRow.id == sql.param("contact"))
)
_BRING_BACK = sql.insertion(ContactRow, *_COLUMNS)
_FORGET_KEYS = sql.statement(lambda: delete(LikenessRow).where(col(LikenessRow.contact_id) == sql.param("contact")))
_DELETE = sql.statement(lambda: delete(ContactRow).where(col(ContactRow.id) == sql.param("contact")))
_KEYS = sql.statement(lambda: sql.query(IdentityRow.channel, IdentityRow.key).where(_of_these(IdentityRow.id)))
_BY_CHAT_ONLY = sql.statement(
    lambda: (
        sql.query(ContactRow.id)
        .where(
            col(ContactRow.id).in_(sql.query(IdentityRow.contact_id).where(col(IdentityRow.channel).in_(_CHATS))),
            ~sql.query(_PHONES.id)
            .where(_PHONES.contact_id == ContactRow.id, col(_PHONES.channel).not_in(_CHATS))
            .exists(),
        )
        .order_by(col(ContactRow.activity_at).desc(), col(ContactRow.id).desc())
        .limit(sql.param("limit", Integer()))
    )
)


def of_contact(session: Session, contact_id: int, identity_ids: Collection[int] | None = None) -> Belongings:
    """Return what belongs to a contact; with `identity_ids`, to these identities of theirs only, without the notes."""
    owned = contacts.identities(session, contact_id)
    chosen = [identity for identity in owned if identity_ids is None or identity.id in identity_ids]
    threads, messages, unread, drafts, waiting = sql.one(session, _HANGING, ids=[one.id for one in chosen])
    return Belongings(
        addresses=tuple(map(_named, chosen)),
        threads=threads,
        messages=messages,
        unread=unread,
        drafts=drafts,
        waiting=waiting,
        notes=0 if identity_ids is not None else len(notes.of_person(session, contact_id)),
    )


def _named(identity: Identity) -> str:
    """Return an identity in words: channel and address, and after an id, which says nothing, the profile name."""
    is_id = is_of_inbox(identity.channel, identity.address)
    profile = identity.profile_name.strip() if is_id else ""
    address = display_phone(identity.address) if is_id and identity.channel.by_phone else identity.address
    return f"{identity.channel.label} {address}" + (f" {profile}" if profile else "")


def move(session: Session, identity_ids: Collection[int], contact_id: int) -> None:
    """Give these identities, with their conversations and messages, to a contact. Call `refresh` afterwards."""
    for statement in _MOVE:
        sql.write(session, statement, ids=identity_ids, person=contact_id)


def refresh(session: Session, contact_id: int) -> None:
    """Sum up a contact anew from its conversations and messages, and make it findable by what it has now."""
    last_id, at, status = sql.one(session, _LAST, contact=contact_id) or (None, NEVER, "")
    sql.write(
        session,
        _SUM_UP,
        contact=contact_id,
        latest=at,
        message=last_id,
        fails=status in _TROUBLE,
        inbound=sql.one(session, _INBOUND, contact=contact_id)[0],
        count=sql.one(session, _UNREAD, contact=contact_id)[0],
    )
    contacts.refresh_search(session, contact_id)


def take_away(session: Session, contact_id: int) -> dict[str, Any]:
    """Delete a contact that has no identities any more, and return its whole row, for `bring_back`."""
    whole = whole_row(session, contact_id)
    sql.write(session, _FORGET_KEYS, contact=contact_id)
    sql.write(session, _DELETE, contact=contact_id)
    return whole


def bring_back(session: Session, whole: dict[str, Any]) -> None:
    """Insert a contact that was taken away, under its old id. Call `refresh` once it has its identities again."""
    values = {
        name: moment(value) if name in _TIMES and value is not None else value
        for name, value in whole.items()
        if name in _COLUMNS
    }
    sql.write(session, _BRING_BACK, **{**sql.blank(ContactRow), **values})


def whole_row(session: Session, contact_id: int) -> dict[str, Any]:
    """Return every column of a contact by its name, as JSON can hold it: times in microseconds."""
    values = zip(_COLUMNS, sql.one(session, _WHOLE, contact=contact_id), strict=True)
    return {name: microseconds(value) if isinstance(value, datetime) else value for name, value in values}


def phone_keys(session: Session, identity_ids: Collection[int]) -> set[str]:
    """Return the alias keys of those of these identities that are on SMS or WhatsApp."""
    rows = sql.several(session, _KEYS, ids=identity_ids)
    return {key for channel, key in rows if member(Channel, channel).by_phone}


def known_by_chat_only(session: Session, limit: int) -> list[int]:
    """Return the ids of people who are on Telegram or Messenger and on no channel by phone, latest activity first."""
    return [contact_id for (contact_id,) in sql.several(session, _BY_CHAT_ONLY, limit=limit)]
