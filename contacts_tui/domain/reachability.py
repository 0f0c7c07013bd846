"""Whether and how a contact can be reached on each channel, with the reason and what would change it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from contacts_tui.domain import window
from contacts_tui.domain.address import display_phone, is_user_id, is_valid_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.durations import ago_words, remaining_words
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.limits import NO_LIMITS, Limits
from contacts_tui.domain.text import begun

_NEVER = datetime.min.replace(tzinfo=UTC)

HUMAN_AGENT = "human agent tag"
"""The name of Messenger's HUMAN_AGENT tag on every screen."""


class Reach(StrEnum):
    """What an agent may do on a channel now."""

    OPEN = "open"
    """Free text."""
    TEMPLATE = "template"
    """Only an approved template."""
    TAGGED = "tagged"
    """Messenger after 24 hours: human-written text under the HUMAN_AGENT tag."""
    CLOSED = "closed"
    """Nothing; `reason` and `remedy` say why, and what would change it."""

    @property
    def takes_text(self) -> bool:
        """Whether an agent may send free text, with or without a tag."""
        return self in (Reach.OPEN, Reach.TAGGED)


@dataclass(frozen=True, slots=True)
class Contactability:
    """What is known about one identity at one inbox: the input of the rules."""

    identity: Identity
    inbox: Inbox
    last_inbound_at: datetime | None
    """Provider's time of the last message of this identity at this inbox."""
    closed_by_provider_at: datetime | None
    """When the provider last said that the window is closed (63016, 10/2018278); believed over our own
    arithmetic."""
    approved_templates: int
    conversation_id: int | None
    last_message_at: datetime | None
    chosen_at: datetime | None = None
    """When the agent chose it among several ways to write to this person; None when they didn't."""
    needs_care: str = ""
    """Why the inbox can't send now, as a clause: its credential isn't accepted. Empty when no reason is known."""
    refusal: str = ""
    """Why the provider refuses the address, as a clause; empty when it doesn't."""
    limits: Limits | None = None
    """What the inbox's connector accepts; None when this program has no connector for it."""
    link: str = ""
    """An address to share that lets the person write first; empty when there is none."""
    our_block_at: datetime | None = None
    """When an agent blocked the person; None when they aren't blocked."""

    @property
    def is_begun(self) -> bool:
        """Whether there is a conversation, or the agent chose this way."""
        return self.conversation_id is not None or self.chosen_at is not None

    @property
    def latest_at(self) -> datetime:
        """The time of the latest message or choice; `_NEVER` without either. Of several ways the latest comes first."""
        return max(self.last_message_at or _NEVER, self.chosen_at or _NEVER)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One row of the messaging section.

    Its texts may hold names and addresses as they came: clean them where they are drawn.
    """

    channel: Channel
    reach: Reach
    words: str
    """The state in a few words: "open", "3 h 12 m left", "template needed", "human agent tag", "never wrote
    to us", "no inbox connected", "opted out", "blocked"."""
    reason: str
    """A clause for the row's second part or the refusal: "the window closed 3 h ago". Empty when plainly
    open."""
    remedy: str
    """What would change it: "they must send START to +1 555 0101". Empty when plainly open."""
    until: datetime | None
    """When the present state ends by itself (the window's end less the margin)."""
    identity_id: int | None
    inbox_id: int | None
    """The best route's identity and inbox, which the state is about; None without any route."""
    conversation_id: int | None
    link: str
    """An address to share that lets the person write first (a bot's t.me link); empty when there is none."""
    caution: str = ""
    """Why sending will probably fail: its inbox needs attention. Empty when all is well, or nothing may be sent."""
    stop_asked_at: datetime | None = None
    """When they wrote what reads like a wish for no more messages, until an agent has looked at it; None when nothing
    may be sent."""
    limits: Limits = field(default=NO_LIMITS, metadata={"internal": True})
    """What the route's connector accepts; internal, so JSON leaves it out."""
    must_choose: bool = False
    """Whether several addresses or inboxes can start a conversation, and the agent has to choose one."""

    @property
    def way_out(self) -> str:
        """What would change the state, with the link to share where there is one. A clause."""
        return f"{self.remedy}: {self.link}" if self.link else self.remedy

    @property
    def why_closed(self) -> str:
        """The reason, and what would change it: a clause and a sentence, without the last full stop."""
        return ". ".join(part for part in (self.reason or self.words, begun(self.way_out)) if part)


_SENDERS = {
    Channel.SMS: "phone number",
    Channel.WHATSAPP: "WhatsApp sender",
    Channel.TELEGRAM: "Telegram bot",
    Channel.MESSENGER: "Facebook page",
}
"""The name of each channel's kind of inbox."""

_RANK = {Reach.CLOSED: 0, Reach.TAGGED: 1, Reach.TEMPLATE: 2, Reach.OPEN: 3}


def route_state(route: Contactability, now: datetime) -> ChannelState:
    """Return the state of one identity at one inbox.

    The reasons come in this order: a disconnected or unknown inbox, a block by an agent, the person's own wish, a
    refused or invalid address, and then what the channel allows.
    """
    channel = route.identity.channel
    if route.inbox.disconnected_at is not None:
        return _disconnected(route, route.inbox.disconnected_at, now)
    if route.limits is None or not route.inbox.is_understood:
        reason = f"this contacts-tui doesn't know how {route.inbox.name} works: a newer one connected it"
        return _state(route, Reach.CLOSED, "not known here", reason, "update contacts-tui")
    if route.our_block_at is not None:
        reason = f"you or a colleague blocked this person {ago_words(now - route.our_block_at)}"
        return _state(route, Reach.CLOSED, "blocked by us", reason, "unblock them")
    if route.identity.opted_out_at is not None:
        return _opted_out(route, route.identity.opted_out_at, now)
    if route.identity.blocked_at is not None:
        return _blocked(route, route.identity.blocked_at, now)
    if route.identity.refusal_code:
        return _refused(route)
    address = route.identity.address
    if channel.by_phone and route.last_inbound_at is None and not (is_valid_phone(address) or is_user_id(address)):
        return _unwritable(route)
    match channel:
        case Channel.SMS:
            # An address that wrote to us exists, however it looks; only an alphanumeric sender can't be answered.
            if any(char.isalpha() for char in address):
                return _unwritable(route)
            return _state(route, Reach.OPEN, "open")
        case Channel.WHATSAPP:
            return _whatsapp(route, now)
        case Channel.TELEGRAM:
            if route.last_inbound_at is None:
                return _never_wrote(route.inbox, route.link, route)
            return _state(route, Reach.OPEN, "open")
        case Channel.MESSENGER:
            return _messenger(route, now)


def stop_words(state: ChannelState, now: datetime) -> str:
    """Return a clause for a channel on which the person may want us to stop; empty for any other."""
    return (
        ""
        if state.stop_asked_at is None
        else f"may want you to stop: they said so {ago_words(now - state.stop_asked_at)}"
    )


def channel_state(
    channel: Channel,
    *,
    inboxes: Sequence[Inbox],
    identities: Sequence[Identity],
    routes: Sequence[Contactability],
    link: str = "",
    now: datetime,
) -> ChannelState:
    """Return the state of a channel's best route, or why there is none.

    `inboxes` and `identities` are those of this channel, `routes` their possible pairs, `link` is where a person can
    write to the first inbox. A usable route comes before any unusable one. Of several, the best has the latest message
    or choice, so that no person gets a second thread; without any conversation, it is the one that allows most.
    """
    if not inboxes and not routes:
        sender = _SENDERS[channel]
        remedy = f"ask an administrator to connect a {sender}"
        return _nowhere(channel, "no inbox connected", f"we have no {sender}", remedy)
    if not identities and channel.by_phone:
        return _nowhere(channel, "no number", "we have no phone number for this person", "add their number")
    if not identities:
        return _never_wrote(inboxes[0], link)
    if not routes:
        reason = f"the {_SENDERS[channel]} they wrote to is no longer connected"
        remedy = f"ask an administrator to reconnect it, or ask them to message {inboxes[0].name}"
        return _nowhere(channel, "no inbox connected", reason, remedy, link)
    states = [(route, route_state(route, now)) for route in routes]
    route, state = max(states, key=lambda pair: _preference(*pair))
    usable = [route for route, its in states if its.reach is not Reach.CLOSED]
    if len(usable) > 1 and not route.is_begun:
        state = replace(state, must_choose=True)
    if not route.inbox.is_connected and inboxes and not channel.by_phone:
        remedy = f"{state.remedy}, or ask them to message {inboxes[0].name}"
        return replace(state, remedy=remedy, link=link)
    return state


def _preference(route: Contactability, state: ChannelState) -> tuple[bool, bool, datetime, int]:
    return (
        state.reach is not Reach.CLOSED,
        route.is_begun,
        route.latest_at,
        _RANK[state.reach],
    )


def _whatsapp(route: Contactability, now: datetime) -> ChannelState:
    until = _window_end(route, now)
    if until is not None and now < until:
        return _state(route, Reach.OPEN, remaining_words(until - now), until=until)
    closed = _closed_words(route, until, now)
    if not route.approved_templates:
        reason = f"{closed}, and {route.inbox.name} has no approved template"
        remedy = "sync the templates, get one approved, or wait until they write"
        return _state(route, Reach.CLOSED, "no approved template", reason, remedy)
    remedy = "send a template; free text is possible again when they write"
    return _state(route, Reach.TEMPLATE, "template needed", closed, remedy)


def _messenger(route: Contactability, now: datetime) -> ChannelState:
    if route.last_inbound_at is None:
        return _never_wrote(route.inbox, route.link, route)
    until = _window_end(route, now)
    if until is not None and now < until:
        return _state(route, Reach.OPEN, remaining_words(until - now), until=until)
    closed, remedy = _closed_words(route, until, now), "wait until they write again"
    if not route.inbox.human_agent:
        return _state(route, Reach.CLOSED, "window closed", closed, remedy)
    # A refusal inside the 24 hours concerns only plain text, a later one the tag as well.
    refused = route.closed_by_provider_at
    if refused is not None and refused < window.closes_at(route.last_inbound_at):
        refused = None
    until = window.usable_until(route.last_inbound_at, now, refused, window.HUMAN_AGENT_LENGTH)
    if now >= until:
        reason = f"they last wrote {ago_words(now - route.last_inbound_at)}; the {HUMAN_AGENT} allows 7 days"
        return _state(route, Reach.CLOSED, "window closed", reason, remedy)
    reason = f"7 days: {remaining_words(until - now)}; a person must write it; {closed}"
    remedy = "send what a person wrote under the tag; plain text is possible again when they write"
    return _state(route, Reach.TAGGED, HUMAN_AGENT, reason, remedy, until=until)


def _window_end(route: Contactability, now: datetime) -> datetime | None:
    """Return until when free text is or was allowed; None for a person who never wrote."""
    if route.last_inbound_at is None:
        return None
    return window.usable_until(route.last_inbound_at, now, route.closed_by_provider_at)


def _closed_words(route: Contactability, ended: datetime | None, now: datetime) -> str:
    """Return why free text isn't allowed on a channel with a window, as a clause."""
    if ended is None:
        return f"they never wrote to {route.inbox.name}"
    if ended == route.closed_by_provider_at:
        return f"{route.identity.channel.label} said {ago_words(now - ended)} that the window is closed"
    return f"the window closed {ago_words(now - ended)}"


def _disconnected(route: Contactability, at: datetime, now: datetime) -> ChannelState:
    reason = f"{route.inbox.name} was disconnected {ago_words(now - at)}"
    return _state(route, Reach.CLOSED, "inbox disconnected", reason, "ask an administrator to reconnect it")


def _opted_out(route: Contactability, at: datetime, now: datetime) -> ChannelState:
    reason = f"they asked us to stop {ago_words(now - at)}"
    if route.identity.channel.by_phone:
        remedy = f"they must send START to {display_phone(route.inbox.address)}"
        return _state(route, Reach.CLOSED, "opted out", reason, remedy)
    remedy = f"they must send START to {route.inbox.name}"
    return _state(route, Reach.CLOSED, "opted out", reason, remedy, link=route.link)


def _blocked(route: Contactability, at: datetime, now: datetime) -> ChannelState:
    reason = f"they blocked our {_SENDERS[route.identity.channel]} {ago_words(now - at)}"
    remedy = f"they must unblock {route.inbox.name} or message it"
    return _state(route, Reach.CLOSED, "blocked", reason, remedy, link=route.link)


def _refused(route: Contactability) -> ChannelState:
    channel, code = route.identity.channel, route.identity.refusal_code
    if channel.by_phone:
        reason = f"{channel.label} can't reach this number (error {code})"
        remedy = "check the number with them, or add another"
        return _state(route, Reach.CLOSED, "number can't be reached", reason, remedy)
    remedy = f"they must message {route.inbox.name}"
    return _state(route, Reach.CLOSED, "can't be reached", route.refusal, remedy, link=route.link)


def _unwritable(route: Contactability) -> ChannelState:
    reason = f"“{display_phone(route.identity.address)}” is not a number that can be messaged"
    remedy = "correct it, with its country code, such as +1 202 555 0142"
    return _state(route, Reach.CLOSED, "not a valid number", reason, remedy)


def _never_wrote(inbox: Inbox, link: str, route: Contactability | None = None) -> ChannelState:
    """Return the closed state of Telegram and Messenger before the person has written first."""
    reason = f"they must message {inbox.name} first"
    remedy = "share" if link else "ask them on another channel"
    if route is None:
        return _nowhere(inbox.channel, "never wrote to us", reason, remedy, link)
    return _state(route, Reach.CLOSED, "never wrote to us", reason, remedy, link=link)


def _state(
    route: Contactability,
    reach: Reach,
    words: str,
    reason: str = "",
    remedy: str = "",
    *,
    until: datetime | None = None,
    link: str = "",
) -> ChannelState:
    identity, inbox = route.identity, route.inbox
    return ChannelState(
        identity.channel,
        reach,
        words,
        reason,
        remedy,
        until,
        identity.id,
        inbox.id,
        route.conversation_id,
        link,
        f"{inbox.name} needs attention: {route.needs_care}" if route.needs_care and reach is not Reach.CLOSED else "",
        identity.stop_asked_at if reach is not Reach.CLOSED else None,
        route.limits or NO_LIMITS,
    )


def _nowhere(channel: Channel, words: str, reason: str, remedy: str, link: str = "") -> ChannelState:
    """Return the closed state of a channel without any route."""
    return ChannelState(channel, Reach.CLOSED, words, reason, remedy, None, None, None, None, link)
