"""A thread laid out in lines: pure text and tones, before any colour or terminal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from contacts_tui.commands import keys_of
from contacts_tui.domain import delivery
from contacts_tui.domain.cells import Row, shorten, text_width, wrap, wrap_rows
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.fallback import Fallback
from contacts_tui.domain.links import Link, links
from contacts_tui.domain.media import NO_TEXT, placeholder
from contacts_tui.domain.message import Direction, Message
from contacts_tui.domain.reachability import HUMAN_AGENT
from contacts_tui.domain.text import author_words, begun, clean, one_line
from contacts_tui.domain.thumbnail import HALF_BLOCK, Rgb, Thumbnail
from contacts_tui.domain.views import MessageView, Remark

GUTTER = 2
"""Cells on either side of a bubble: room for the selection mark."""

_WIDEST = 72
"""Cells beyond which a line of text is tiring to read."""

_SHARE = 0.8
"""How much of the thread's width a bubble may take, so that left and right stay apart."""

_BAR = "┃ "
"""Stands before each line of a note."""

_PLAIN = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ})
"""Statuses whose mark is enough on older messages; the others always carry their word."""


class Tone(StrEnum):
    """What a piece of text means; the thread's style sheet gives it its colour."""

    TEXT = "text"
    DIM = "dim"
    FAINT = "faint"
    NAME = "name"
    THEIRS = "theirs"
    OURS = "ours"
    READ = "read"
    NEW = "new"
    WARNING = "warning"
    DANGER = "danger"
    NOTE = "note"


Spans = tuple[tuple[str, Tone], ...]
"""Pieces of one line, in order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a thread."""

    indent: int
    """Cells before the first span."""
    spans: Spans
    in_bubble: bool = False
    """Whether it belongs to a message, so that the mark of the selected one stands beside it."""
    words: Row | None = None
    """The piece of the message's own words on this line, one cell after the indent; None on any other line."""
    links: tuple[Link, ...] = ()
    """The links among these words; their places are those in all words of the message."""
    picture: tuple[tuple[Rgb, Rgb], ...] = ()
    """The upper and the lower colour of each cell of a picture's line, which begins one cell after the indent."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the lines of one message depend on: while it stays equal, so do they."""

    view: MessageView
    contact: str
    """The person's name, cleaned."""
    agent: str
    """The agent at this terminal: their own messages are "You"."""
    width: int
    """Cells of the thread."""
    today: date
    """The local day."""
    begins_day: bool
    """Whether the message is the first one of its local day."""
    begins_new: bool
    """Whether the line "new" stands above it."""
    in_words: bool
    """Whether a plain status carries its word: the latest outbound message, and the selected one."""
    with_channel: bool
    """Whether the channel is named: in the timeline."""
    remarks: tuple[Remark, ...] = ()
    """What stands between this message and the next one."""
    thumbnail: Thumbnail | None = None
    """The message's picture; None where there is none, or it hasn't been read yet."""
    with_keys: bool = True
    """Whether the keys that help are named."""


def local_day(moment: datetime) -> date:
    """Return the day of a UTC time in the local time zone."""
    return moment.astimezone().date()


def own_words(message: Message) -> str:
    """Return the text of a message as it is drawn and copied; empty for a message without any."""
    return clean(message.body).strip("\n") if one_line(message.body) else ""


def lay_out(facts: Facts) -> tuple[Line, ...]:
    """Return the lines of one message: the day and the "new" line where they begin, its bubble, and its remarks."""
    return tuple(_lines(facts))


def centred(text: str, width: int, tone: Tone) -> Line:
    """Return a line of its own in the middle of the thread."""
    text = shorten(text, width)
    return Line((width - text_width(text)) // 2, ((text, tone),))


def _lines(facts: Facts) -> Iterator[Line]:
    if facts.begins_day:
        yield Line(0, ())
        yield centred(_day_words(local_day(facts.view.message.at), facts.today), facts.width, Tone.DIM)
    if facts.begins_new:
        rule = "─" * max((facts.width - 2 * GUTTER - 5) // 2, 1)
        yield centred(f"{rule} new {rule}", facts.width, Tone.NEW)
    if not facts.begins_day and not facts.begins_new:
        yield Line(0, ())
    room = _room(facts.width)
    yield from _placed(facts, list(_bubble(facts, room)))
    trouble = [
        _Row(((row, tone),))
        for tone, words in _trouble(facts.view, with_keys=facts.with_keys)
        for row in wrap(words, room)
    ]
    if trouble:
        yield from _placed(facts, trouble)
    yield from remarked(facts.remarks, facts.agent, facts.width, facts.today, local_day(facts.view.message.at))


def remarked(
    remarks: Iterable[Remark], agent: str, width: int, today: date, above: date | None = None
) -> Iterator[Line]:
    """Yield the lines of notes and of what agents did. A bar and the word "note" tell a note from a message.

    `above` is the day under which they stand; a remark of another day says so.
    """
    for remark in remarks:
        who = author_words(remark.author, agent)
        at = remark.at.astimezone()
        time = f"{at:%H:%M}"
        if at.date() != (above or today):
            time = f"{'today' if at.date() == today else f'{at.day} {at:%B}'} {time}"
        if not remark.is_note:
            yield centred(f"{time} · {who}: {one_line(remark.words)}", width, Tone.DIM)
            continue
        yield Line(0, ())
        room = _room(width) - len(_BAR)
        heads = (f"note · {who} · {time} · never sent", f"note · {who} · never sent", "note · never sent")
        head = next((head for head in heads if text_width(head) <= room), heads[-1])
        for row in (head, *wrap(clean(remark.words), room)):
            yield Line(GUTTER, ((_BAR + shorten(row, room), Tone.NOTE),))


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a bubble, before it has its place in the thread."""

    spans: Spans
    words: Row | None = None
    links: tuple[Link, ...] = ()
    picture: tuple[tuple[Rgb, Rgb], ...] = ()


def _placed(facts: Facts, rows: Sequence[_Row]) -> Iterator[Line]:
    """Yield rows that stand together as lines: on the left for an inbound message, on the right for an outbound one."""
    indent = GUTTER
    if facts.view.message.direction is Direction.OUT:
        indent = max(facts.width - GUTTER - max(_cells(row.spans) for row in rows), GUTTER)
    for row in rows:
        yield Line(indent, row.spans, in_bubble=True, words=row.words, links=row.links, picture=row.picture)


def _bubble(facts: Facts, room: int) -> Iterator[_Row]:
    message = facts.view.message
    yield _Row(_header(facts, room))
    tone = Tone.THEIRS if message.direction is Direction.IN else Tone.OURS
    body = own_words(message)
    words = wrap_rows(body, room - 2) if body else ()
    said = () if body or message.media else wrap(NO_TEXT, room - 2)
    media = [row for item in message.media for row in wrap(placeholder(item), room - 2)]
    width = max(map(text_width, [*(row.text for row in words), *said, *media]), default=0)
    found = links(body)
    for row in words:
        yield _Row(_filled(row.text, width, tone), row, _on(row, found))
    for text in (*said, *media):
        yield _Row(_filled(text, width, tone))
    if facts.thumbnail is not None:
        for cells in facts.thumbnail.cells:
            yield _Row(((f" {HALF_BLOCK * len(cells)} ", Tone.TEXT),), picture=cells)
    if message.template is not None:
        yield _Row(((shorten(f" template {one_line(message.template.name)}", room), Tone.FAINT),))


def _filled(text: str, width: int, tone: Tone) -> Spans:
    return ((f" {text}{' ' * (width - text_width(text))} ", tone),)


def _on(row: Row, found: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links of which some part stands in a row."""
    return tuple(link for link in found if link.start < row.places[-1] and link.end > row.places[0])


def _room(width: int) -> int:
    return max(min(int(width * _SHARE), _WIDEST, width - 2 * GUTTER), 8)


def _header(facts: Facts, room: int) -> Spans:
    message = facts.view.message
    who = facts.contact if message.direction is Direction.IN else author_words(message.author, facts.agent)
    rest = f" · {message.at.astimezone():%H:%M}"
    if message.edited_at is not None:
        rest += " · edited"
    if message.direction is Direction.OUT and not message.author:
        # It was written in the provider's own inbox, which only reported it to us.
        rest += " · sent elsewhere"
    if message.human_agent:
        rest += f" · {HUMAN_AGENT}"
    if facts.with_channel:
        label, inbox = message.channel.label, one_line(facts.view.inbox_name)
        rest += f" · {inbox}" if label.casefold() in inbox.casefold() else f" · {label} {inbox}"
    status: Spans = ()
    if message.status is not None:
        status = ((f" {_status_words(message.status, facts.in_words)}", _status_tone(message.status)),)
    left = room - text_width(rest) - _cells(status)
    if left < 1:  # Only the widest channel and inbox names lead here: they are cut, the status stays.
        return ((shorten(rest[3:], room - _cells(status)), Tone.DIM), *status)
    return ((shorten(who, left), Tone.NAME), (rest, Tone.DIM), *status)


def _status_words(status: Delivery, in_words: bool) -> str:
    mark = delivery.mark(status)
    return f"{mark} {delivery.word(status)}" if in_words or status not in _PLAIN else mark


def _status_tone(status: Delivery) -> Tone:
    match status:
        case Delivery.READ:
            return Tone.READ
        case Delivery.FAILED:
            return Tone.DANGER
        case Delivery.UNKNOWN:
            return Tone.WARNING
        case _:
            return Tone.DIM


def _trouble(view: MessageView, *, with_keys: bool) -> Iterator[tuple[Tone, str]]:
    """Yield what is said under a bubble: what went wrong, or is still to come, and what can be done."""
    match view.message.status:
        case Delivery.FAILED:
            why = view.failure.sentence if view.failure else "it failed without a reason"
            yield (
                Tone.DANGER,
                clean(why) + (f" · {keys_of('thread.retry')} retry" if view.can_retry and with_keys else ""),
            )
            if view.instead is not None:
                yield from _instead(view.instead, with_keys=with_keys)
        case Delivery.UNKNOWN if view.unknown_outcome is not None:
            yield Tone.WARNING, clean(view.unknown_outcome.sentence)
            yield Tone.DIM, begun(clean(view.unknown_outcome.evidence))
            arrived, again = keys_of("thread.arrived"), keys_of("thread.retry")
            keys = f"{arrived} mark as sent · {again} resend (asks first) · " if with_keys else ""
            yield Tone.WARNING, f"{keys}never resent automatically"
        case Delivery.SCHEDULED if view.due_at is not None:
            at = view.due_at.astimezone()
            key = f" · {keys_of('contact.scheduled')} changes it" if with_keys else ""
            yield Tone.DIM, f"will be sent {at:%a} {at.day} {at:%B} {at:%H:%M}{key}"
        case Delivery.QUEUED if view.failure is not None:
            # It wasn't sent yet: the provider asked for a pause, or there is no connection.
            yield Tone.WARNING, clean(view.failure.sentence)
        case _:
            return


def _instead(fallback: Fallback, *, with_keys: bool) -> Iterator[tuple[Tone, str]]:
    if fallback.offers:
        if not with_keys:
            return
        best, *others = fallback.offers
        more = f" · {keys_of('thread.details')} shows {len(others)} more" if others else ""
        yield Tone.WARNING, f"{keys_of('thread.instead')} {clean(best.words)}{more}"
    elif fallback.why_none:
        yield Tone.DIM, f"no other channel is available: {clean(fallback.why_none)}"


def _cells(spans: Spans) -> int:
    return sum(text_width(text) for text, _ in spans)


def _day_words(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    words = f"{day:%A} {day.day} {day:%B}"
    return words if day.year == today.year else f"{words} {day.year}"
