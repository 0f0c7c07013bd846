"""All lines of the stretch that is held, and which message stands where."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from contacts_tui.domain.cells import Row, grapheme_width, wrap
from contacts_tui.domain.graphemes import graphemes
from contacts_tui.domain.message import Direction
from contacts_tui.domain.thumbnail import Thumbnail
from contacts_tui.domain.views import MessageView, Remark
from contacts_tui.widgets.thread.bubbles import Facts, Line, Tone, centred, lay_out, local_day, remarked
from contacts_tui.widgets.thread.marks import Spot
from contacts_tui.widgets.thread.window import ThreadWindow


@dataclass(frozen=True, slots=True)
class Manner:
    """How a thread is to be laid out, apart from its messages."""

    width: int
    """Cells."""
    today: date
    """The local day."""
    contact: str
    """The person's name, cleaned."""
    agent: str
    """The agent at this terminal."""
    selected: int | None
    """The message whose status is written out because the cursor is on it."""
    first_unread: int | None
    """The message above which the line "new" stands."""
    with_channel: bool
    """Whether each message names its channel."""
    empty: str
    """What is shown when there is no message."""
    remarks: tuple[Remark, ...] = ()
    """What stands between messages, by time."""
    thumbnails: Mapping[int, Thumbnail] = field(default_factory=dict)
    """The pictures that have been read, by message."""
    with_keys: bool = True
    """Whether the keys that help are named: where the thread can have the focus."""


class Sheet:
    """Lines with the place of each message among them. Messages that stay the same are not laid out again."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        """All lines, from the top."""
        self._places: dict[int, range] = {}
        self._known: dict[int, tuple[Facts, tuple[Line, ...]]] = {}

    def lay_out(self, window: ThreadWindow, manner: Manner) -> None:
        """Bring the lines up to date."""
        self.lines = []
        self._places = {}
        known, self._known = self._known, {}
        if not len(window) and manner.empty:
            rows = wrap(manner.empty, manner.width - 4)
            self.lines = [Line(0, ()), *(centred(row, manner.width, Tone.DIM) for row in rows)]
        before, after = _between(window, manner.remarks)
        if len(window) and window.has_older:
            self.lines.append(centred("earlier messages are being read …", manner.width, Tone.FAINT))
        self.lines.extend(remarked(before, manner.agent, manner.width, manner.today))
        latest = _latest_outbound(window)
        previous: datetime | None = None
        for view in window:
            message = view.message
            facts = Facts(
                view=view,
                contact=manner.contact,
                agent=manner.agent,
                width=manner.width,
                today=manner.today,
                begins_day=previous is None or local_day(previous) != local_day(message.at),
                begins_new=message.id == manner.first_unread,
                in_words=message.id in (latest, manner.selected),
                with_channel=manner.with_channel,
                remarks=after.get(message.id, ()),
                thumbnail=manner.thumbnails.get(message.id),
                with_keys=manner.with_keys,
            )
            former = known.get(message.id)
            laid = former[1] if former is not None and former[0] == facts else lay_out(facts)
            self._known[message.id] = facts, laid
            self._places[message.id] = range(len(self.lines), len(self.lines) + len(laid))
            self.lines.extend(laid)
            previous = message.at

    def place(self, message_id: int | None) -> range:
        """Return the lines of a message; empty when it is not held."""
        return range(0) if message_id is None else self._places.get(message_id, range(0))

    def at(self, row: int) -> int | None:
        """Return the message on a line, or None."""
        return next((key for key, rows in self._places.items() if row in rows), None)

    def standing_in(self, rows: range) -> list[int]:
        """Return the messages of which some line is among these lines."""
        return [key for key, place in self._places.items() if place.start < rows.stop and place.stop > rows.start]

    def spot_at(self, x: int, row: int) -> Spot | None:
        """Return the grapheme at a cell, or the nearest place between two: at an end of its line, or before or after
        all words of its message. None without any message.
        """
        if not self._places:
            return None
        row = min(max(row, 0), len(self.lines) - 1)
        message_id = self.at(row)
        if message_id is None:
            return Spot(next(iter(self._places)), 0, 0)
        rows = [
            (place, line.words) for place in self.place(message_id) if (line := self.lines[place]).words is not None
        ]
        if not rows or row < rows[0][0]:
            return Spot(message_id, 0, 0)
        if row > rows[-1][0]:
            end = rows[-1][1].places[-1] if rows[-1][1] is not None else 0
            return Spot(message_id, end, end)
        line = self.lines[row]
        return None if line.words is None else _spot_in(message_id, line.words, x - line.indent - 1)

    def ending_in(self, rows: range) -> list[int]:
        """Return the messages whose last line is among these lines."""
        return [key for key, place in self._places.items() if place[-1] in rows]

    def anchor(self, top: int) -> tuple[int, int] | None:
        """Return the message at or below a line, and how far that line is below its beginning; None without any."""
        return next(((key, top - rows.start) for key, rows in self._places.items() if rows.stop > top), None)

    def restored(self, anchor: tuple[int, int] | None, otherwise: int) -> int:
        """Return the line where an anchor is now; `otherwise` when its message is not held."""
        if anchor is None or not (rows := self.place(anchor[0])):
            return otherwise
        return rows.start + min(anchor[1], len(rows) - 1)


def _between(
    window: ThreadWindow, remarks: tuple[Remark, ...]
) -> tuple[tuple[Remark, ...], dict[int, tuple[Remark, ...]]]:
    """Return the remarks before the first message, and those after each by id; none from beyond an end not held."""
    times, ids = [view.message.at for view in window], window.ids
    before: list[Remark] = []
    after: dict[int, list[Remark]] = {}
    for remark in remarks:
        place = bisect_right(times, remark.at)
        if not place:
            before.append(remark)
        elif place < len(times) or not window.has_newer:
            after.setdefault(ids[place - 1], []).append(remark)
    return () if window.has_older else tuple(before), {key: tuple(found) for key, found in after.items()}


def _spot_in(message_id: int, words: Row, cell: int) -> Spot:
    """Return the grapheme at a cell of a line; the place before or after all of them where there is none."""
    index = used = 0
    for grapheme in graphemes(words.text):
        if cell < 0:
            break
        used += grapheme_width(grapheme)
        if cell < used:
            return Spot(message_id, words.places[index], words.places[index + len(grapheme)])
        index += len(grapheme)
    return Spot(message_id, words.places[index], words.places[index])


def _latest_outbound(views: Iterable[MessageView]) -> int | None:
    ours = [view.message.id for view in views if view.message.direction is Direction.OUT]
    return ours[-1] if ours else None
