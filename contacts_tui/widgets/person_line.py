"""One line of the people list: which columns fit, and what stands in them. Pure, and free of Textual."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from contacts_tui.domain import durations
from contacts_tui.domain.cells import fit, shorten, text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery, word
from contacts_tui.domain.delivery import mark as status_mark
from contacts_tui.domain.initials import initials
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.media import NO_TEXT, media_word
from contacts_tui.domain.person_filter import Order
from contacts_tui.domain.text import one_line
from contacts_tui.domain.window import CLOSING_SOON
from contacts_tui.widgets.line_view import PERSON_SHADES, Shade, Span

POINTER, SELECTED = "▸", "+"
"""What stands before the line under the cursor, and before those that are selected."""
DRAFT = "✎"
"""Stands before the last message of a person to whom a text was begun and not sent."""

_AGE = 4
"""Cells of the longest age: "59 m"."""
_WINDOW = 14
"""Cells of the longest time left: "WA 23 h 58 m !"."""
_WORDS = 7
"""Cells by which a channel's name is longer than its sign there."""
_RUNS_OUT = 16
"""Cells of the longest deadline: "WA in 23 h 58 m", "target in 59 m"."""
_WAKES = 17
"""Cells of the longest wake time: "Wed 31 March 09:00" is shortened to "Wed 31 Mar 09:00"."""
_ASSIGNEE = 10
"""Cells of an agent's name."""
_MIDDLE, _ROOMY, _WIDE, _WIDEST = 88, 95, 120, 150
"""List widths from which there is room for the count and the window column; the assignee in a queue; the word "new" and
the assignee in any list; the channels' names."""
_LEAST = 48
"""The width from which there is room for the deadline or the wake time."""
_INITIALS = 2
"""Cells of a person's initials."""
_NARROW = 64
"""The width below which there is no room for initials."""
_LEAST_BESIDE_INITIALS = 20
"""Cells that initials leave to the message, or to the name when their cells are taken from the name."""
_LEAST_MESSAGE = 8
"""Cells of the message below which the time left takes no more of it."""
_BESIDE = "  "
"""Stands between who else has a person open and the last message."""
_LATE_SOON = timedelta(minutes=30)
"""A target nearer than this is drawn as a warning."""


class Timing(StrEnum):
    """Which times of a person a list shows."""

    LATEST = "latest"
    """The age of the last message, and the window that closes first."""
    QUEUE = "queue"
    """How long the person has waited, and when they run out of time."""
    SNOOZED = "snoozed"
    """The age, and when the person comes back."""


class Columns(NamedTuple):
    """Widths in cells. What is 0 is left out."""

    mark: int
    initials: int
    name: int
    channels: int
    message: int
    window: int
    """Of the column at the end: the window, the deadline or the wake time."""
    assignee: int
    timing: Timing
    in_words: bool
    """Whether channels have their names, and not their signs."""


def timing_of(order: Order | None) -> Timing:
    """Return the times that belong to an order."""
    match order:
        case Order.URGENT | Order.WAITING:
            return Timing.QUEUE
        case Order.SNOOZED:
            return Timing.SNOOZED
    return Timing.LATEST


def columns_for(width: int, timing: Timing = Timing.LATEST, *, assigned: bool = False) -> Columns:
    """Return the columns of a list `width` cells wide; `assigned` where assignees differ, and are worth a column."""
    mark = 9 if width >= _WIDE else 6 if width >= _MIDDLE else 2
    name = max(14, min(28, width * 24 // 100))
    in_words = width >= _WIDEST
    channels = 31 if in_words else 12 if width >= _WIDE else 9 if width >= 60 else 6
    match timing:
        case Timing.QUEUE:
            window = _RUNS_OUT if width >= _LEAST else 0
            channels = channels if width >= _MIDDLE else 0
        case Timing.SNOOZED:
            window = _WAKES if width >= _LEAST else 0
            channels = channels if width >= _MIDDLE else 0
        case Timing.LATEST:
            window = _WINDOW if width >= _MIDDLE else 0
    if window and in_words and timing is not Timing.SNOOZED:
        window += _WORDS
    assignee = _ASSIGNEE if assigned and width >= (_ROOMY if timing is Timing.QUEUE else _WIDE) else 0
    shown = [name, channels, _AGE, window, assignee]
    message = width - 2 - mark - sum(shown) - sum(1 for cells in shown if cells)
    letters, cells = 0, _INITIALS + 1
    if width >= _NARROW and message - cells >= _LEAST_BESIDE_INITIALS:
        letters, message = _INITIALS, message - cells
    elif width >= _NARROW and name - cells >= _LEAST_BESIDE_INITIALS:
        letters, name = _INITIALS, name - cells
    return Columns(mark, letters, name, channels, max(0, message), window, assignee, timing, in_words)


def headings(columns: Columns) -> list[Span]:
    """Return the line over the columns."""
    before = columns.mark + 1 + (columns.initials + 1 if columns.initials else 0)
    cells = [(" ", before), ("Name", columns.name + 1)]
    if columns.channels:
        channels = "Channels" if columns.channels >= text_width("Channels") else "Via"
        cells.append((channels, columns.channels + 1))
    message = "Last message" if columns.message >= text_width("Last message") else "Message"
    cells.append((message, columns.message))
    cells.append((" Wait" if columns.timing is Timing.QUEUE else "  Age", _AGE + 1))
    last = {Timing.LATEST: "Window closes", Timing.QUEUE: "Runs out", Timing.SNOOZED: "Wakes"}[columns.timing]
    cells += [(f" {last}", columns.window + 1)] if columns.window else []
    cells += [(" Assignee", columns.assignee + 1)] if columns.assignee else []
    return [("".join(fit(words, width) for words, width in cells), Shade.SOFT)]


def loading(columns: Columns, pointer: str) -> list[Span]:
    """Return the line of a person whose row has not been read yet."""
    return [(pointer, Shade.ACCENT), (" " * columns.mark + "…", Shade.FAINT)]


def person(row: PersonRow, columns: Columns, now: datetime, pointer: str, present: str = "") -> list[Span]:
    """Return a person's line; `pointer` is the cell before it, `present` says who else has the person open."""
    spans = [(pointer, Shade.ACCENT), _mark(row, columns.mark)]
    if columns.initials:
        ground = PERSON_SHADES[row.contact_id % len(PERSON_SHADES)]
        spans += [(fit(initials(row.name), columns.initials), ground), (" ", Shade.PLAIN)]
    shade = Shade.STRONG if row.unread else Shade.PLAIN
    spans.append((fit(one_line(row.name), columns.name) + " ", shade))
    if columns.channels:
        spans.append((fit(_channels(row.channels, columns), columns.channels) + " ", Shade.SOFT))
    spans += _message(row, columns, now, present)
    since = row.waiting_since if columns.timing is Timing.QUEUE else row.last_at
    age = durations.ago_short(now - since) if since else ""
    spans.append((f" {age:>{_AGE}}", Shade.SOFT))
    if columns.window:
        text, window_shade = _last_column(row, columns, now)
        spans.append((" " + fit(text, columns.window), window_shade))
    if columns.assignee:
        spans.append((" " + fit(one_line(row.assignee), columns.assignee), Shade.SOFT))
    spans.append((" ", Shade.SOFT))
    return spans


def _last_column(row: PersonRow, columns: Columns, now: datetime) -> Span:
    match columns.timing:
        case Timing.QUEUE:
            return _deadline(row, columns, now)
        case Timing.SNOOZED:
            return _wakes(row, now), Shade.SOFT
    return _window(row, columns, now)


def _deadline(row: PersonRow, columns: Columns, now: datetime) -> Span:
    """Return what runs out first; instead of a missed target, a window that closes soon, which can still be kept."""
    if row.deadline is None:
        return "", Shade.SOFT
    channel, left = row.deadline_channel, row.deadline - now
    if left <= timedelta(0) and row.window_until is not None and timedelta(0) < row.window_until - now < CLOSING_SOON:
        channel, left = row.window_channel, row.window_until - now
    what = "target" if channel is None else channel.label if columns.in_words else channel.mark
    if left <= timedelta(0):
        return f"{what} \N{MINUS SIGN}{durations.ago_short(-left)}", Shade.DANGER
    soon = _LATE_SOON if channel is None else CLOSING_SOON
    return f"{what} in {durations.remaining_short(left)}", Shade.WARNING if left < soon else Shade.SOFT


def _wakes(row: PersonRow, now: datetime) -> str:
    if row.state != "snoozed":
        return ""
    if row.wake_at is None:
        return "when they write"
    at = row.wake_at.astimezone()
    return f"{at:%H:%M}" if at.date() == now.astimezone().date() else f"{at:%a} {at.day} {at:%b} {at:%H:%M}"


def _mark(row: PersonRow, cells: int) -> Span:
    if row.unread:
        count = f"{row.unread:,}" if row.unread < 1000 else "999+"
        words = {2: "●", 6: f"●{count}"}.get(cells, f"● {count} new")
        return fit(words if text_width(words) <= cells else f"●{count}", cells), Shade.ACCENT
    if row.last_status is Delivery.FAILED:
        return fit("✗", cells), Shade.DANGER
    if row.last_status is Delivery.UNKNOWN:
        return fit("?", cells), Shade.WARNING
    return " " * cells, Shade.ACCENT


def _channels(channels: tuple[Channel, ...], columns: Columns) -> str:
    if not channels:
        return "–"
    names = [channel.label if columns.in_words else channel.mark for channel in channels]
    words, shown = " ".join(names), len(names)
    while text_width(words) > columns.channels and shown > 1:
        shown -= 1
        words = " ".join(names[:shown]) + f" +{len(names) - shown}"
    return words


def _message(row: PersonRow, columns: Columns, now: datetime, present: str) -> list[Span]:
    """Return who else has the person open, and the last message as far as that leaves room."""
    if not present:
        return _last_message(row, columns, now, columns.message)
    words = shorten(present, columns.message)
    room = columns.message - text_width(words) - len(_BESIDE)
    if room < _LEAST_MESSAGE:
        return [(fit(words, columns.message), Shade.ACCENT)]
    return [(words, Shade.ACCENT), (_BESIDE, Shade.FAINT), *_last_message(row, columns, now, room)]


def _last_message(row: PersonRow, columns: Columns, now: datetime, cells: int) -> list[Span]:
    """Return the last message; where there is no window column, with a window's last hours at its end."""
    text, shade = _last_words(row)
    if row.has_draft:
        text = f"{DRAFT} {text}"
    if columns.window:
        return [(fit(text, cells), shade)]
    window, window_shade = _window(row, columns, now)
    room = cells - text_width(window) - 1
    if window_shade is not Shade.WARNING or room < _LEAST_MESSAGE:
        return [(fit(text, cells), shade)]
    return [(fit(text, room) + " ", shade), (window, window_shade)]


def _last_words(row: PersonRow) -> tuple[str, Shade]:
    if row.last_at is None:
        return "no conversation yet", Shade.FAINT
    text = one_line(row.last_text) or (media_word(row.last_media) if row.last_media else NO_TEXT)
    if row.last_status is None:
        return text, Shade.PLAIN if row.unread else Shade.SOFT
    if row.last_status is Delivery.FAILED:
        why = f": {one_line(row.last_failure.happened)}" if row.last_failure else ""
        return f"{word(row.last_status)}{why}", Shade.DANGER
    if row.last_status is Delivery.UNKNOWN:
        return f"outcome unknown: {text}", Shade.WARNING
    if row.last_status in (Delivery.QUEUED, Delivery.SENDING):
        return f"{status_mark(row.last_status)} {word(row.last_status)}: {text}", Shade.SOFT
    return f"{status_mark(row.last_status)} {text}", Shade.SOFT


def _window(row: PersonRow, columns: Columns, now: datetime) -> Span:
    if row.window_channel is None or row.window_until is None or row.window_until <= now:
        return "", Shade.SOFT
    left = row.window_until - now
    channel = row.window_channel.label if columns.in_words else row.window_channel.mark
    words = f"{channel} {durations.remaining_short(left)}"
    if left < CLOSING_SOON:
        return f"{words} !", Shade.WARNING
    return shorten(words, columns.window or _WINDOW), Shade.SOFT
