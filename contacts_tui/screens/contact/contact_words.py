"""The texts of the contact screen that are made of several facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from contacts_tui.commands import keys_of, typing_key_of
from contacts_tui.domain import local_time
from contacts_tui.domain.address import display_phone, last_digits, time_zone_of
from contacts_tui.domain.cells import text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.durations import remaining_words
from contacts_tui.domain.fallback import timeline_reply, why_cheapest
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.reachability import HUMAN_AGENT, ChannelState, Reach
from contacts_tui.domain.text import first_name, one_line
from contacts_tui.domain.urgency import standing_words
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.domain.window import HUMAN_AGENT_LENGTH
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.widgets.link import why_closed
from contacts_tui.widgets.person_name import person_name


def title(contact: Contact, room: int, *, timeline: bool, standing: str = "", with_initials: bool = False) -> Content:
    """Return the title: the way back, the person's name, and the two tabs, which can be clicked; at its end `standing`.

    If `standing` doesn't fit into `room` cells, its last parts are left out: half a number would be another one.
    """
    tabs = (
        "[@click=screen.show_tab(0)]Conversation[/]  [bold $accent]Timeline[/]"
        if timeline
        else "[bold $accent]Conversation[/]  [@click=screen.show_tab(1)]Timeline[/]"
    )
    name = Content.styled(one_line(contact.name), "bold")
    line = Content.assemble(
        Content.from_markup("[@click=screen.leave]← People[/]   "),
        person_name(contact.id, contact.name) if with_initials else name,
        Content.from_markup(f"   {tabs}   "),
    )
    while standing and line.cell_length + text_width(standing) > room:
        standing = standing[: max(0, standing.rfind(", "), standing.rfind(" · "))]
    return line + Content.styled(standing, "$text-muted")


def standing(card: ContactCard, agent: str, now: datetime) -> str:
    """Return whose the person is and where they stand in the queue, for the title while the card is folded."""
    owner = "yours" if card.contact.owner == agent else one_line(card.contact.owner)
    words = "" if card.entry is None else standing_words(card.entry, now)
    return " · ".join(filter(None, (owner if card.contact.owner else "", words)))


def nobody() -> str:
    """Return what is said of a person who is not in the store."""
    return f"This person is no longer in the store. {keys_of('contact.back')} goes back."


def folded_card(card: ContactCard, channels: Sequence[ChannelState]) -> str:
    """Return the card on one line: the key that shows it whole, a number, and every channel that can be used."""
    numbers = dict.fromkeys(i.address for i in card.identities if i.channel.by_phone)
    parts = [one_line(display_phone(number)) for number in list(numbers)[:1]] or ["no number"]
    parts += [
        f"{_typing_key(state.channel)} {state.channel.label} {_in_short(state)}"
        for state in channels
        if state.reach is not Reach.CLOSED
    ]
    if len(parts) == 1:
        parts.append("no channel is open")
    return " · ".join([f"{typing_key_of('contact.card')} card", *parts])


def recipient(name: str, route: Route) -> str:
    """Return whom the composer writes to, and from where: it guards against a text to the wrong person."""
    digits = last_digits(one_line(route.identity.address))
    return f"to {one_line(name)} {digits} · {route.inbox.channel.label} · from {one_line(route.inbox.name)}"


def composer_title(state: ContactState) -> str:
    """Return `recipient`, in the timeline with the reason why that channel is the cheapest; empty without a route."""
    route, card = state.route, state.card
    if route is None or card is None:
        return ""
    why = why_cheapest(card.channels, route.inbox.channel) if state.all_channels else ""
    if not why:
        return recipient(state.person, route)
    digits = last_digits(one_line(route.identity.address))
    via = f"{route.inbox.channel.label}, {why}"
    return f"to {state.person} {digits} · {via} · from {one_line(route.inbox.name)}"


def cheaper(state: ContactState) -> str:
    """Return which cheaper channel the timeline would have chosen, had nothing been typed; empty if there is none."""
    best = None if state.card is None else timeline_reply(state.card.channels)
    if best is None or best.reach is not Reach.OPEN or state.route is None or best.channel is state.route.inbox.channel:
        return ""
    return (
        f"Your text stays on {state.route.inbox.channel.label}. "
        f"{best.channel.label} is the cheapest open channel: {_typing_key(best.channel)} writes there."
    )


def empty_thread(state: ContactState) -> str:
    """Return what a thread without messages says: how to begin, or why that is not possible."""
    if state.allowed is None:
        return "" if state.card is None else _never_spoken(state.card, state.inboxes)
    nothing = f"No messages by {state.allowed.channel.label} yet."
    match state.allowed.reach:
        case Reach.OPEN | Reach.TAGGED:
            return f"{nothing} Write below to begin the conversation."
        case Reach.TEMPLATE:
            return f"{nothing} Begin the conversation with a template: {typing_key_of('contact.template')} selects one."
        case Reach.CLOSED:
            return f"{nothing} See below why, and what to do."


def _never_spoken(card: ContactCard, inboxes: Mapping[int, Inbox]) -> str:
    who = first_name(card.contact.name) or one_line(card.contact.name)
    ways = []
    for state in card.channels:
        if state.reach is Reach.CLOSED:
            continue
        inbox = inboxes.get(state.inbox_id) if state.inbox_id is not None and not state.must_choose else None
        sender = f" from {one_line(inbox.name)} {one_line(display_phone(inbox.address))}" if inbox else ""
        what = "an SMS" if state.channel is Channel.SMS else state.channel.label
        how = " with a template" if state.reach is Reach.TEMPLATE else ""
        ways.append(f"{_typing_key(state.channel)} starts {what}{how}{sender}")
    if not ways:
        return f"No conversation with {who} yet, and no channel is open: the messaging section says what to do."
    return f"No conversation with {who} yet. {', '.join(ways)}."


def nowhere(allowed: ChannelState | None) -> str:
    """Return why typing is ignored, and what to do: choose an option, or go to the thread, whose keys are letters."""
    choose, thread = keys_of("closed.choose"), f"{keys_of('contact.back')} goes to the thread"
    if allowed is None:
        return f"Your typing was ignored: choose a channel first. {choose} picks the marked one, {thread}."
    why = one_line(allowed.words)
    return f"Your typing was ignored. {allowed.channel.label}: {why}; {choose} picks the marked option, {thread}."


def other_threads(channel: Channel, count: int) -> str:
    """Return how many threads a person has on one channel, and how to choose another one."""
    return f"{count} {channel.label} threads, this is the latest: {_typing_key(channel)} again to choose another."


def closed(state: ChannelState) -> str:
    """Return why a channel can't be used, and what would change that."""
    return f"{state.channel.label}: {why_closed(state)}"


def link(channels: Sequence[ChannelState], wanted: Channel | None) -> str:
    """Return the link to copy: of the wanted channel, else of the first channel that has one; empty without any."""
    linked = [state for state in channels if state.link]
    linked.sort(key=lambda state: state.channel is not wanted)
    return linked[0].link if linked else ""


def tag(state: ChannelState, now: datetime) -> str:
    """Return the tag under which a text will be sent, and how long that is possible; empty if it needs none."""
    if state.reach is not Reach.TAGGED or state.until is None:
        return ""
    return f"{HUMAN_AGENT}, {HUMAN_AGENT_LENGTH.days} days: {remaining_words(state.until - now)}"


def night(state: ContactState, now: datetime) -> str:
    """Return the local time where a text will be read, if it is night there; else empty."""
    zone = "" if state.card is None else state.card.contact.time_zone
    if not zone and state.route is not None and state.route.identity.channel.by_phone:
        zone = time_zone_of(state.route.identity.address)
    local = local_time.at(zone, now)
    return local_time.words(zone, now) if local is not None and local_time.is_night(local) else ""


def window_left(state: ChannelState) -> str:
    """Return how long free text is still possible; empty where that doesn't end by itself."""
    return f"window {one_line(state.words)}" if state.reach is Reach.OPEN and state.until is not None else ""


def _typing_key(channel: Channel) -> str:
    """Return the key that chooses a channel, while typing too."""
    return typing_key_of(f"contact.{channel.value}")


def _in_short(state: ChannelState) -> str:
    return "✗ inbox needs attention" if state.caution else one_line(state.words)
