"""Writing to a person: the routes, the draft, the send, the retry, and the message's ledger."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import uuid_utils
from sqlmodel import Session

from contacts_tui.domain import attachments, segments
from contacts_tui.domain import template as templating
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.limits import Limits, TemplateLimits
from contacts_tui.domain.message import Media, Message, NewMessage, TemplateUse
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.template import Template, TemplateChoice
from contacts_tui.domain.text import counted, one_line
from contacts_tui.domain.views import Ledger, Route, Routes
from contacts_tui.services import collision, delivery, media, reachability, rights, route_choice, threads
from contacts_tui.services.errors import BadInput, MayWantToStop, NotFound, Refused
from contacts_tui.store import (
    attempts,
    change_feed,
    contacts,
    conversations,
    drafts,
    events,
    message_removal,
    messages,
    outbox,
    templates,
)
from contacts_tui.store.outbox import Task

_SAID = 200
"""Cells of the person's message that are quoted in a question."""


def new_uid() -> str:
    """Return a new client id for a message: a UUIDv7, which sorts by time."""
    return str(uuid_utils.uuid7())


def routes_to(session: Session, clock: Clock, contact_id: int, channel: Channel, agent: str = "") -> Routes:
    """Return the routes to a person on a channel: existing conversations first, then those that could be begun.

    Conversations of disconnected inboxes come last, because they can only be read.

    `agent` is whose choice for this person counts.
    """
    now = clock()
    found = sorted(
        reachability.routes(session, clock, contact_id, channel, agent),
        key=lambda c: (not c.inbox.is_connected, c.conversation_id is None, now - (c.last_message_at or now)),
    )
    routes = tuple(Route(c.identity, c.inbox, c.conversation_id) for c in found)
    ranks = [(c.inbox.is_connected, c.is_begun, c.latest_at) for c in found]
    preselected = ranks.index(max(ranks)) if ranks else 0
    return Routes(channel, routes, preselected, is_begun=bool(found) and found[preselected].is_begun)


def choose_route(session: Session, clock: Clock, identity_id: int, inbox_id: int, agent: str) -> None:
    """Remember from which inbox this agent writes to an address, so that they aren't asked again."""
    route_choice.put(session, clock, agent, identity_id, inbox_id)


def send(
    session: Session,
    clock: Clock,
    identity_id: int,
    inbox_id: int,
    new: NewMessage,
    *,
    template: TemplateChoice | None = None,
    rest: str = "",
) -> Message:
    """Store a message for the outbox: free text, a file from `media.keep`, or a template with its variables.

    `new.human_agent` says that an agent wrote the text and wants it to go under Messenger's HUMAN_AGENT tag where plain
    text isn't allowed any more; where it still is, the text goes without the tag. Where a channel carries no text with
    a file, the text becomes a message of its own before it, and the file's message is returned. `template` is sent
    instead of a text.

    `rest` is text that is still to be sent, and becomes the draft: of a text sent in parts no word is lost in between.

    With `new.due` the message is scheduled: what may be sent then decides, as far as that is known. See `scheduled`.

    Reachability is checked again: the window may have closed since the draft began. The same `uid` twice stores one
    message. Raise Refused (with the channel's state), MayWantToStop, AnsweredSince (where `new.begun` says what the
    writer knew) or BadInput; nothing is stored then.
    """
    stored = messages.by_uid(session, new.uid)
    if stored is not None:
        return stored
    leaves_at = new.due or clock()
    pair = reachability.pair(session, identity_id, inbox_id)
    state = reachability.state_of(session, lambda: leaves_at, pair)
    if not reachability.allows(state.reach, has_template=template is not None, human_agent=new.human_agent):
        raise Refused(state)
    _check_stop(session, clock, state)
    if new.begun is not None:
        collision.check(session, clock, identity_id, new.begun)
    is_tagged = new.human_agent and state.reach is Reach.TAGGED
    status, task = (Delivery.SCHEDULED, Task.SCHEDULED) if new.due else (Delivery.QUEUED, Task.SEND)
    new = replace(new, status=status, human_agent=is_tagged, at=clock())
    if template is None:
        check_text(state, new.body, may_be_empty=bool(new.media))
        media.check(session, clock, identity_id, inbox_id, new.media)
        parts = [replace(new, body=body, media=files) for body, files in parts_of(state.limits, new.body, new.media)]
    elif new.media:
        raise BadInput("a template can't carry a file: send it separately once they have answered")
    else:
        usable = _usable_template(session, template.template_id, inbox_id, state)
        body, use = _filled(usable, template.values, state.limits.template)
        parts = [replace(new, body=body, template=use)]
    # The last part has the uid, so that a repeated call with it finds that one.
    before = [replace(part, uid=new_uid()) for part in parts[:-1]]
    conversation = pair.conversation or conversations.find_or_begin(session, identity_id, inbox_id)
    for part in (*before, parts[-1]):
        message = messages.insert(session, clock, conversation, pair.inbox, part)
        outbox.put(session, message.id, task, leaves_at + new.hold)
    if conversation.unread:
        conversations.mark_read(session, clock, conversation.id)
    if template is None:
        drafts.save(session, clock, identity_id, inbox_id, rest, message.id)
    if new.media:
        drafts.attach(session, clock, identity_id, inbox_id, "")
    return message


def parts_of(limits: Limits, text: str, files: tuple[Media, ...]) -> list[tuple[str, tuple[Media, ...]]]:
    """Return the parts that each become a message: a text with its file, or first the text and then the file."""
    if not text.strip():
        return [("", files)]
    if all(attachments.goes_with_text(limits, file.content_type, text) for file in files):
        return [(text, files)]
    return [(text, ()), ("", files)]


def retry(session: Session, clock: Clock, message_id: int, *, may_double: bool = False) -> Message:
    """Queue a failed message again: a new attempt, and a new message for the provider.

    A message of unknown outcome is sent again only with `may_double`: the agent was asked, and knows that the person
    may get it twice. Raise Refused when the person can't be reached this way any more, MayWantToStop, and BadInput when
    the message is still under way, or unknown without `may_double`.
    """
    message = _message(session, message_id)
    if message.status not in (Delivery.FAILED, Delivery.UNKNOWN):
        raise BadInput("only a message that failed or whose outcome is unknown can be retried")
    if message.status is Delivery.UNKNOWN and not may_double:
        raise BadInput("it may or may not have been sent: mark it as sent, or confirm that you want to resend it")
    if outbox.is_held(session, clock, message_id):
        raise BadInput("the outcome of this message is being checked right now: try again in a moment")
    conversation = conversations.get(session, message.conversation_id)
    if conversation is None:
        raise NotFound("the conversation of this message is gone")
    state = reachability.state(session, clock, conversation.identity_id, conversation.inbox_id)
    if not reachability.allows(state.reach, has_template=message.template is not None, human_agent=message.human_agent):
        raise Refused(state)
    _check_stop(session, clock, state)
    if message.human_agent and state.reach is Reach.OPEN:
        # They wrote again since: within the 24 hours nothing is sent under the tag.
        messages.untag(session, message_id)
    messages.set_status(session, clock, message_id, Delivery.QUEUED, provider_id="")
    outbox.put(session, message.id, Task.SEND, clock())
    return _message(session, message_id)


def acknowledge_stop(session: Session, clock: Clock, identity_id: int) -> None:
    """Store that an agent has seen what reads like a wish for no more messages, and writes anyway."""
    contacts.set_stop_asked(session, clock, identity_id, None)


def arrived(session: Session, clock: Clock, message_id: int, agent: str) -> Message:
    """Mark a message of unknown outcome as sent, because the agent knows that it arrived; the ledger names the agent.

    Raise BadInput when its outcome is not unknown (any more).
    """
    message = _message(session, message_id)
    if message.status is not Delivery.UNKNOWN:
        raise BadInput("only a message whose outcome is unknown can be marked as sent")
    delivery.reconcile_by_agent(session, clock, message, agent)
    return _message(session, message_id)


def undo_arrived(session: Session, clock: Clock, message_id: int, agent: str) -> Message:
    """Take back that a message arrived, as long as only an agent said so. Raise BadInput otherwise."""
    message = _message(session, message_id)
    if not delivery.is_reconciled_by_agent(session, message):
        raise BadInput("the provider has confirmed this message since: it can't be undone")
    delivery.reopen_unknown(session, clock, message, agent)
    return _message(session, message_id)


def ledger(session: Session, clock: Clock, message_id: int) -> Ledger | None:
    """Return all attempts to send a message and all that the provider said of it; None for an unknown id."""
    view = next(iter(threads.views(session, clock, [message_id])), None)
    if view is None:
        return None
    return Ledger(
        view=replace(view, instead=threads.instead(session, clock, view.message)),
        recipient=_recipient(session, view.message).address,
        attempts=attempts.of_message(session, message_id),
        events=events.of_message(session, message_id),
        due_at=outbox.due_at(session, clock, message_id),
        is_agents_word=delivery.is_reconciled_by_agent(session, view.message),
    )


def take_back(session: Session, clock: Clock, message_id: int) -> Message:
    """Remove a message that has not begun to leave; its text goes back into the draft, before what is typed since.

    Raise BadInput for a message that has.
    """
    message = _message(session, message_id)
    waits = message.status is Delivery.QUEUED and outbox.task_of(session, message_id) is Task.SEND
    if not waits or attempts.of_message(session, message_id) or outbox.is_held(session, clock, message_id):
        raise BadInput("it has left already")
    message_removal.withdraw(session, clock, message)
    return message


def send_at_once(session: Session, clock: Clock, agent: str) -> tuple[int, ...]:
    """Release the messages that an agent could still take back, so that they leave now. Return their ids."""
    ids = outbox.hasten(session, clock, agent)
    if ids:
        # This makes the outboxes look again.
        change_feed.record(session, clock, ChangeKind.EVERYTHING)
    return ids


def are_queued(session: Session, clock: Clock, ids: Iterable[int]) -> bool:
    """Return whether any of these messages waits for an outbox to take it."""
    found = (messages.get(session, message_id) for message_id in ids)
    return any(message is not None and message.status is Delivery.QUEUED for message in found)


def draft(session: Session, clock: Clock, identity_id: int, inbox_id: int) -> str:
    """Return the unsent text between this identity and inbox; empty when there is none."""
    return drafts.get(session, identity_id, inbox_id)


def save_draft(
    session: Session, clock: Clock, identity_id: int, inbox_id: int, text: str, begun_after: int | None = None
) -> None:
    """Store an unsent text; an empty one removes it. `begun_after`: see `store.drafts.save`.

    Raise NotFound for text to an address that is no longer in the store.
    """
    identity = contacts.identity(session, identity_id)
    if identity is None:
        if text:
            raise NotFound("the address it was for is no longer in the store: copy the text if you need it")
        return
    had_one = bool(drafts.get(session, identity_id, inbox_id))
    drafts.save(session, clock, identity_id, inbox_id, text, begun_after)
    if had_one is not bool(text):
        # Lists mark the people for whom there is a draft.
        change_feed.record(session, clock, ChangeKind.DRAFT, contact_id=identity.contact_id)


def draft_file(session: Session, clock: Clock, identity_id: int, inbox_id: int) -> str:
    """Return the path of the file attached to the draft; empty when there is none."""
    return drafts.file(session, identity_id, inbox_id)


def attach_to_draft(session: Session, clock: Clock, identity_id: int, inbox_id: int, path: str) -> None:
    """Attach a file to the draft; an empty path removes it."""
    drafts.attach(session, clock, identity_id, inbox_id, path)


def first_unread(session: Session, clock: Clock, conversation_ids: Iterable[int]) -> dict[int, int | None]:
    """Return, for those of these conversations that have unread messages, the id of the first one.

    It is None where the times don't tell which message that is.
    """
    found = conversations.by_ids(session, conversation_ids).values()
    return {each.id: messages.first_unread(session, each) for each in found if each.unread}


def mark_read(session: Session, clock: Clock, conversation_id: int, up_to: int | None = None) -> None:
    """Mark a conversation as read up to the message with the id `up_to`; without it, up to now."""
    conversations.mark_read(session, clock, conversation_id, up_to)


ReadMarks = tuple[tuple[int, int, datetime | None], ...]
"""The ids of people and of a conversation of theirs, and up to which time that was read."""


def mark_unread(session: Session, clock: Clock, conversation_id: int) -> int:
    """Mark the person's last message in this conversation as unread, and return its id. Raise BadInput without one."""
    last = messages.last_inbound(session, conversation_id)
    if last is None:
        raise BadInput("they wrote nothing here: there is nothing to mark as unread")
    conversations.mark_unread(session, clock, conversation_id, last)
    return last


def set_unread(
    session: Session, clock: Clock, agent: str, contact_ids: Collection[int], *, unread: bool, dry_run: bool = False
) -> ReadMarks:
    """Mark each person's last message as unread, or all as read. Return the former state, for `put_back_read`.

    With `dry_run` only return it. People who never wrote are left out. Raise BadInput when that is the only one, and
    NotAllowed for more people than the agent may change at once.
    """
    marks: list[tuple[int, int, datetime | None]] = []
    rights.check_many(session, clock, agent, len(contact_ids))
    for contact_id in contact_ids:
        found = conversations.of_contact(session, contact_id)
        received = [conversation for conversation in found if conversation.last_inbound_at is not None]
        if not received and len(contact_ids) == 1:
            raise BadInput(f"they never wrote: there is nothing to mark as {'unread' if unread else 'read'}")
        latest = sorted(received, key=lambda one: one.last_inbound_at or clock())[-1:]
        for conversation in latest if unread else [one for one in found if one.unread]:
            marks.append((contact_id, conversation.id, conversation.read_up_to))
            if dry_run:
                continue
            if unread:
                mark_unread(session, clock, conversation.id)
            else:
                conversations.mark_read(session, clock, conversation.id)
    return tuple(marks)


def put_back_read(session: Session, clock: Clock, marks: ReadMarks) -> None:
    """Restore what was read and what wasn't."""
    for _, conversation_id, read_up_to in marks:
        conversations.read_until(session, clock, conversation_id, read_up_to)


def _check_stop(session: Session, clock: Clock, state: ChannelState) -> None:
    """Raise MayWantToStop until an agent has looked at the person's wish."""
    if state.stop_asked_at is None or state.identity_id is None:
        return
    said = shorten(one_line(messages.said_at(session, state.identity_id, state.stop_asked_at)), _SAID)
    quoted = f": “{said}”" if said else ""
    ago = ago_words(clock() - state.stop_asked_at)
    raise MayWantToStop(f"They may want you to stop. They wrote {ago}{quoted}", state.identity_id)


def check_text(state: ChannelState, text: str, *, may_be_empty: bool) -> None:
    """Raise BadInput for a text that the channel doesn't take."""
    if not text.strip():
        if may_be_empty:
            return
        raise BadInput("there is nothing to send: write a text first")
    over = segments.over_limit(state.limits, text)
    if over:
        raise BadInput(
            f"the text is {counted(over, 'character')} too long for {state.channel.label}: "
            f"shorten it to {state.limits.text:,}"
        )


def _usable_template(session: Session, template_id: int, inbox_id: int, state: ChannelState) -> Template:
    template = templates.get(session, template_id)
    if template is None or template.inbox_id != inbox_id:
        raise BadInput("this inbox has no such template: sync the templates and choose again")
    if not templating.is_sendable(template):
        raise BadInput(
            f"{template.name} can't be sent: {templating.state_words(template)}; choose one that is approved"
        )
    if state.reach is not Reach.OPEN and not templating.can_start(template, state.limits.template):
        raise BadInput(f"{template.name} can't start a conversation: choose another template")
    return template


def _filled(template: Template, values: Mapping[str, str], limits: TemplateLimits) -> tuple[str, TemplateUse]:
    for name, problem in templating.problems(template, values, limits).items():
        raise BadInput(problem if not name else f"{template.name}: {problem}")
    use = TemplateUse(
        sid=template.sid,
        name=template.name,
        language=template.language,
        # By the provider's names for them, which are those of the samples.
        variables=templating.by_declared_names(template, values),
    )
    return templating.render(template, values).text, use


def _message(session: Session, message_id: int) -> Message:
    message = messages.get(session, message_id)
    if message is None:
        raise NotFound("there is no such message")
    return message


def _recipient(session: Session, message: Message) -> Identity:
    conversation = conversations.get(session, message.conversation_id)
    identity = None if conversation is None else contacts.identity(session, conversation.identity_id)
    if identity is None:
        raise NotFound("the recipient of this message is gone")
    return identity
