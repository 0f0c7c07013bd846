"""The health of an inbox in words: a line of the list, and all that is known."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from contacts_tui.commands import keys_of
from contacts_tui.domain import answer_target
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.health import InboxHealth, Queue, Source, State, Way, passed_over_words
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.choice_list import Choice
from contacts_tui.widgets.fact_sheet import Fact
from contacts_tui.widgets.line_view import Shade

MEDIUM, WIDE = 70, 110
"""Columns from which the list shows more of each inbox."""

_SHADES = {
    State.TROUBLE: Shade.DANGER,
    State.NOT_RECEIVING: Shade.WARNING,
    State.MISSING: Shade.WARNING,
    State.LIVE: Shade.PLAIN,
    State.DISCONNECTED: Shade.FAINT,
}


def choice(health: InboxHealth, now: datetime, width: int) -> Choice:
    """Return an inbox's line of the list, with the columns that `width` cells have room for."""
    inbox, state = health.inbox, health.state
    cells = {
        "Inbox": f"{state.mark} {one_line(inbox.name)}",
        "Channel": inbox.channel.label,
        "Address": address(inbox),
        "State": state.words,
        "Received": _ago(inbox.last_received_at, now),
        "Sent": _ago(inbox.last_outbound_at, now),
        "Outgoing": _waiting_short(health.queue),
    }
    return Choice(inbox.id, tuple(cells[heading] for heading in headings(width)), shade=_SHADES[state])


def headings(width: int) -> tuple[str, ...]:
    """Return the headings of the columns that `width` cells have room for."""
    if width < MEDIUM:
        return ("Inbox", "State", "Received")
    if width < WIDE:
        return ("Inbox", "Channel", "State", "Received", "Sent", "Outgoing")
    return ("Inbox", "Channel", "Address", "State", "Received", "Sent", "Outgoing")


def facts(health: InboxHealth, now: datetime, checked: Sequence[str]) -> Iterator[Fact]:
    """Yield everything that is known of an inbox; `checked` are the sentences of a check of just now."""
    inbox = health.inbox
    by = f" by {health.carrier}" if health.carrier else ""
    yield Fact("", f"{one_line(inbox.name)} · {inbox.channel.label}{by} · {address(inbox)}", Shade.STRONG)
    yield from _care(health, now)
    yield from _gaps(health, now)
    for label, sentence in zip(("Check", *[" "] * len(checked)), checked, strict=False):
        yield Fact(label, one_line(sentence), Shade.ACCENT)
    yield Fact("Receives via", _receiving(health, now))
    yield Fact("Last received", _received(inbox, now))
    yield Fact("Last sent", _ago(inbox.last_outbound_at, now))
    yield Fact("Outgoing", _queue_words(health.queue))
    if health.last_error is not None:
        error = health.last_error
        yield Fact("Last error", f"{_ago(error.at, now)}, {one_line(error.code)}: {one_line(error.sentence)}")
    else:
        yield Fact("Last error", "none so far")
    if health.passed_over:
        yield Fact("Ignored", passed_over_words(health.passed_over, now))
    yield from _set_up(health)


def address(inbox: Inbox) -> str:
    """Return our own address, as people see it: a number, a bot's name, or a page."""
    match inbox.channel:
        case Channel.TELEGRAM:
            return f"@{one_line(inbox.address)}"
        case Channel.MESSENGER:
            return f"page {one_line(inbox.address)}"
        case _:
            return one_line(display_phone(inbox.address))


def _care(health: InboxHealth, now: datetime) -> Iterator[Fact]:
    match health.state:
        case State.LIVE:
            yield Fact("", "✓ Live, no known problems.", Shade.ACCENT)
        case State.DISCONNECTED:
            since = _ago(health.inbox.disconnected_at, now)
            yield Fact(
                "", f"– Disconnected {since}. Its threads stay readable; nothing is sent or received.", Shade.SOFT
            )
        case State.MISSING:
            pass  # `_gaps` says it.
        case State.NOT_RECEIVING:
            yield Fact("", f"! Receives nothing: {one_line(health.receiving.obstacle)}.", Shade.WARNING)
        case State.TROUBLE:
            for trouble in health.troubles:
                since = _ago(trouble.at, now)
                yield Fact(
                    "",
                    f"✗ Needs attention: {one_line(trouble.sentence)}. Since {_clock(trouble.at)}, {since}.",
                    Shade.DANGER,
                )
            # If the provider refuses the inbox, polling has stopped: starting a program would change nothing.
            is_refused = any(trouble.source is Source.RECEIVING for trouble in health.troubles)
            if health.receiving.obstacle and not is_refused:
                yield Fact("", f"! Receives nothing: {one_line(health.receiving.obstacle)}.", Shade.WARNING)


def _gaps(health: InboxHealth, now: datetime) -> Iterator[Fact]:
    """Yield what may have been missed, since when and why, and what is being done, or what the agent can do."""
    for gap in health.gaps:
        yield Fact("", f"! {gap.sentence(now)}.", Shade.WARNING)
        if gap.is_lost:
            key = keys_of("inboxes.acknowledge")
            yield Fact("", f"Ask the people who wrote then, then press {key} to acknowledge.", Shade.SOFT)
        else:
            taken = f"; {gap.taken:,} messages received so far" if gap.taken else ""
            yield Fact("", f"Why: {gap.reason.words}. Complete up to {_clock(gap.since)}{taken}.", Shade.SOFT)


def _receiving(health: InboxHealth, now: datetime) -> str:
    inbox, receiving = health.inbox, health.receiving
    if not inbox.is_connected:
        return f"{receiving.way.value}, when it is connected again"
    is_bot = inbox.channel is Channel.TELEGRAM
    if receiving.way is Way.POLLING:
        who = (
            f"asked by {one_line(receiving.holder)} since {_clock(receiving.since)}"
            if receiving.holder
            else "not running now"
        )
        return f"polling, {who}; Telegram's webhook is off"
    where = f"webhook {one_line(receiving.inbound_url)}" if receiving.inbound_url else "webhook, no address yet"
    off = "; polling is off" if is_bot else ""
    if receiving.holder:
        return f"{where}{off}; received by {one_line(receiving.holder)} since {_clock(receiving.since)}"
    return f"{where}{off}; no receiver has run yet"


def _received(inbox: Inbox, now: datetime) -> str:
    anything, message = inbox.last_received_at, inbox.last_inbound_at
    if anything is None:
        return "never, since it was connected"
    return f"{_ago(anything, now)}; last message: {_ago(message, now)}"


def _queue_words(queue: Queue) -> str:
    parts = [f"{queue.waiting:,} waiting to be sent", f"{queue.sending:,} being sent", f"{queue.unknown:,} unknown"]
    return ", ".join(parts)


def _set_up(health: InboxHealth) -> Iterator[Fact]:
    inbox = health.inbox
    usual = "" if health.has_own_target else " (usual)"
    yield Fact("Answer target", f"{answer_target.words(health.answers)}{usual}")
    if inbox.channel.by_phone and health.receiving.status_url:
        yield Fact("Status callbacks", one_line(health.receiving.status_url))
    if inbox.channel is Channel.MESSENGER:
        yield Fact("Human agent", "allowed, for seven days" if inbox.human_agent else "not allowed: 24 hours only")
    for label, value in health.set_up:
        yield Fact(label, one_line(value))
    yield Fact("Credential", one_line(inbox.secret))
    if inbox.account:
        yield Fact("Account", one_line(inbox.account))
    if inbox.base_url:
        yield Fact("Base URL", one_line(inbox.base_url))


def _waiting_short(queue: Queue) -> str:
    parts = []
    if leaving := queue.waiting + queue.sending:
        parts.append(f"{leaving:,} waiting")
    if queue.unknown:
        parts.append(f"? {queue.unknown:,}")
    return " ".join(parts)


def _ago(at: datetime | None, now: datetime) -> str:
    return ago_words(now - at) if at else "never"


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone():%d %b %H:%M}" if at else "?"
