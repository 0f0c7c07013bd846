"""Reading conversations and timelines, a page at a time."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from contacts_tui.channels import connectors, registry
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.fallback import Fallback, fallback
from contacts_tui.domain.message import Message
from contacts_tui.domain.text import searchable
from contacts_tui.domain.unknown_outcome import Evidence, UnknownOutcome
from contacts_tui.domain.views import MessageView, Remark, ThreadPage
from contacts_tui.services import reachability
from contacts_tui.store import (
    attempts,
    contacts,
    conversations,
    inboxes,
    journal,
    merge_journal,
    messages,
    notes,
    outbox,
    scheduled,
    thread_days,
)

_READ_AT_ONCE = 500
"""Messages of a thread that a search reads at once."""

_DEEDS = 500
"""How many actions of agents, and how many merges, a timeline shows at most; the newest."""


def page(
    session: Session, clock: Clock, conversation_id: int, *, before: int | None = None, limit: int = 50
) -> ThreadPage:
    """Return the newest messages of a conversation, or those just before the message with the id `before`."""
    found = messages.page(session, conversation_id=conversation_id, before=before, limit=limit + 1)
    conversation = conversations.get(session, conversation_id)
    unread = None if conversation is None else messages.first_unread(session, conversation)
    return _page(session, clock, found, limit, unread)


def newer(
    session: Session, clock: Clock, conversation_id: int, *, after: int, limit: int = 50
) -> tuple[MessageView, ...]:
    """Return the messages of a conversation that follow the one with the id `after`."""
    return _views(session, clock, messages.page(session, conversation_id=conversation_id, after=after, limit=limit))


def timeline(
    session: Session, clock: Clock, contact_id: int, *, before: int | None = None, limit: int = 50
) -> ThreadPage:
    """Return the newest messages with a contact on all channels, or those before the message with the id `before`."""
    found = messages.page(session, contact_id=contact_id, before=before, limit=limit + 1)
    return _page(session, clock, found, limit, None)


def timeline_newer(
    session: Session, clock: Clock, contact_id: int, *, after: int, limit: int = 50
) -> tuple[MessageView, ...]:
    """Return the messages with a contact on all channels that follow the one with the id `after`."""
    return _views(session, clock, messages.page(session, contact_id=contact_id, after=after, limit=limit))


def views(session: Session, clock: Clock, ids: Iterable[int]) -> tuple[MessageView, ...]:
    """Return these messages as a thread shows them, in thread order; ids that don't exist are left out."""
    return _views(session, clock, messages.by_ids(session, ids))


def find(
    session: Session, clock: Clock, contact_id: int, conversation_id: int | None, text: str, *, limit: int
) -> tuple[Message, ...]:
    """Return the messages whose text holds the searched one, ignoring case and accents, the newest first.

    With `conversation_id` only those of that conversation; else all with the contact. An empty text finds none.
    """
    wanted = searchable(text)
    found: list[Message] = []
    before: int | None = None
    whose = contact_id if conversation_id is None else None
    while wanted and len(found) < limit:
        read = messages.page(
            session, contact_id=whose, conversation_id=conversation_id, before=before, limit=_READ_AT_ONCE
        )
        found += [message for message in reversed(read) if wanted in searchable(message.body)]
        if len(read) < _READ_AT_ONCE:
            break
        before = read[0].id
    return tuple(found[:limit])


def first_since(
    session: Session, clock: Clock, contact_id: int, conversation_id: int | None, moment: datetime
) -> Message | None:
    """Return the first message from a moment on, or None."""
    return thread_days.first_since(session, contact_id, conversation_id, moment)


def remarks(session: Session, clock: Clock, contact_id: int, *, with_deeds: bool) -> tuple[Remark, ...]:
    """Return the notes on a person, by time.

    `with_deeds` adds what agents did with the person and didn't undo, merges too, and the person's opt-outs.
    """
    found = [Remark(note.at, note.author, note.text, is_note=True) for note in notes.of_person(session, contact_id)]
    if with_deeds:
        found += [
            Remark(entry.at, entry.agent, entry.words, is_note=False)
            for entry in journal.latest(session, _DEEDS, contact_id)
            if entry.undone_at is None and entry.action != "note"
        ]
        found += [
            Remark(entry.at, entry.author, entry.sentence, is_note=False)
            for entry in merge_journal.of_contact(session, contact_id, _DEEDS)
        ]
        found += _opt_outs(session, contact_id)
    return tuple(sorted(found, key=lambda remark: remark.at))


def _opt_outs(session: Session, contact_id: int) -> list[Remark]:
    contact = contacts.get(session, contact_id)
    name = "" if contact is None else contact.name
    return [
        Remark(one.opted_out_at, name, f"opted out of {one.channel.label} at {one.address}", is_note=False)
        for one in contacts.identities(session, contact_id)
        if one.opted_out_at is not None
    ]


def instead(session: Session, clock: Clock, message: Message) -> Fallback | None:
    """Return the person's other channels, with the text made to fit them; None for a message that did not fail."""
    conversation = conversations.get(session, message.conversation_id)
    if message.status is not Delivery.FAILED or conversation is None:
        return None
    return fallback(
        reachability.state(session, clock, conversation.identity_id, conversation.inbox_id),
        message.body,
        reachability.channels(session, clock, message.contact_id),
        was_template=message.template is not None,
        had_files=bool(message.media),
    )


def _page(session: Session, clock: Clock, found: tuple[Message, ...], limit: int, unread: int | None) -> ThreadPage:
    views = _views(session, clock, found[-limit:])
    return ThreadPage(messages=views, has_older=len(found) > limit, first_unread_id=unread)


def _views(session: Session, clock: Clock, found: tuple[Message, ...]) -> tuple[MessageView, ...]:
    where = conversations.by_ids(session, {message.conversation_id for message in found})
    senders = {inbox.id: inbox for inbox in inboxes.list_all(session)}
    result = []
    for message in found:
        inbox = senders[where[message.conversation_id].inbox_id]
        failure = registry.explain(message.provider, message.error_code) if message.error_code else None
        result.append(
            MessageView(
                message=message,
                inbox_name=inbox.name,
                failure=failure,
                can_retry=message.status in (Delivery.FAILED, Delivery.UNKNOWN),
                unknown_outcome=_unknown_outcome(session, message),
                instead=instead(session, clock, message) if _is_last_word(session, message) else None,
                due_at=scheduled.due_at(session, message.id) if message.status is Delivery.SCHEDULED else None,
            )
        )
    return tuple(result)


def _unknown_outcome(session: Session, message: Message) -> UnknownOutcome | None:
    if message.status is not Delivery.UNKNOWN:
        return None
    attempt = attempts.of_message(session, message.id)[-1]
    return UnknownOutcome(
        told=_evidence(attempt.provider),
        tried_at=attempt.started_at,
        broke_at=attempt.finished_at,
        failure=registry.explain(attempt.provider, attempt.code),
        is_looked_for=outbox.task_of(session, message.id) is outbox.Task.RECONCILE,
    )


def _evidence(provider: Provider) -> Evidence:
    connector = connectors.of_provider(provider)
    if connector is None:
        nobody = f"{provider.value} can't be checked by this version of contacts-tui"
        return Evidence(nobody, nobody)
    return connector.evidence


def _is_last_word(session: Session, message: Message) -> bool:
    """Return whether a message failed and is the last that was written to the person, on any channel."""
    return message.status is Delivery.FAILED and messages.last_outbound(session, message.contact_id) == message.id
