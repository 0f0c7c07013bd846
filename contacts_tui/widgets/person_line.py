"""One line of the people list: which columns fit, and what stands in them. Pure, and free of Textual."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain import durations
from contacts_tui.domain.cells import fit, shorten, text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery, word
from contacts_tui.domain.delivery import mark as status_mark
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.media import media_word
from contacts_tui.domain.message import NO_TEXT
from contacts_tui.domain.text import one_line
from contacts_tui.domain.window import CLOSING_SOON
from contacts_tui.widgets.line_view import Shade, Span

_AGE = 4
"""Cells of the longest age: "59 m"."""
_WINDOW = 14
"""Cells of the longest time left: "WA 23 h 58 m !"."""
_WORDS = 7
"""Cells that a channel's name takes there more than its sign."""
_MIDDLE, _WIDE, _WIDEST = 88, 120, 150
"""List widths from which the count and the window column, then the word "new", then the channels' names have room."""
_LEAST_MESSAGE = 8
"""Cells of the message below which the time left takes no more of it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells. What is 0 is left out."""

    mark: int
    name: int
    channels: int
    message: int
    window: int
    in_words: bool
    """Whether channels have their names, and not their signs."""


def columns_for(width: int) -> Columns:
    """The columns of a list that is `width` cells wide."""
    mark = 9 if width >= _WIDE else 6 if width >= _MIDDLE else 2
    name = max(14, min(28, width * 24 // 100))
    in_words = width >= _WIDEST
    channels = 31 if in_words else 12 if width >= _WIDE else 9 if width >= 60 else 6
    window = _WINDOW + _WORDS if in_words else _WINDOW if width >= _MIDDLE else 0
    gaps = 4 + (1 if window else 0)
    message = width - 1 - mark - name - channels - window - _AGE - gaps
    return Columns(mark, name, channels, max(0, message), window, in_words)


def headings(columns: Columns) -> list[Span]:
    """What stands over the columns."""
    channels = "Channels" if columns.channels >= text_width("Channels") else "Via"
    cells = [(" ", columns.mark + 1), ("Name", columns.name + 1), (channels, columns.channels + 1)]
    message = "Last message" if columns.message >= text_width("Last message") else "Message"
    cells += [(message, columns.message), ("  Age", _AGE + 1)]
    cells += [(" Window closes", columns.window + 1)] if columns.window else []
    return [("".join(fit(words, width) for words, width in cells), Shade.SOFT)]


def loading(columns: Columns, cursor: bool) -> list[Span]:
    """A person whose row has not been read yet."""
    return [_pointer(cursor), (" " * columns.mark + "…", Shade.FAINT)]


def person(row: PersonRow, columns: Columns, now: datetime, cursor: bool) -> list[Span]:
    """A person's line."""
    spans = [_pointer(cursor), _mark(row, columns.mark)]
    shade = Shade.STRONG if row.unread else Shade.PLAIN
    spans.append((fit(one_line(row.name), columns.name) + " ", shade))
    spans.append((fit(_channels(row.channels, columns), columns.channels) + " ", Shade.SOFT))
    spans += _message(row, columns, now)
    age = durations.ago_short(now - row.last_at) if row.last_at else ""
    spans.append((f" {age:>{_AGE}}", Shade.SOFT))
    if columns.window:
        text, window_shade = _window(row, columns, now)
        spans.append((" " + fit(text, columns.window), window_shade))
    spans.append((" ", Shade.SOFT))
    return spans


def _pointer(cursor: bool) -> Span:
    return ("▸" if cursor else " ", Shade.ACCENT)


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


def _message(row: PersonRow, columns: Columns, now: datetime) -> list[Span]:
    """The last message; where there is no window column, with a window's last hours at its end."""
    text, shade = _last_words(row)
    cells = columns.message
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
