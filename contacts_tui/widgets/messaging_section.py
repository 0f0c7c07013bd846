"""The channels on which a person can be written to: a row for each, reachable or not, always in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from textual.events import Click
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip

from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.reachability import ChannelState, Reach, stop_words
from contacts_tui.domain.text import one_line
from contacts_tui.domain.window import CLOSING_SOON
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Lines, Shade, Span
from contacts_tui.widgets.link import why_closed, why_closed_by_key

_LABEL = 14
"""Cells of cursor mark, key and channel name, with the space after them."""

_TOP = 1
"""Lines above the first channel: the heading."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the section."""

    channel: Channel
    spans: tuple[Span, ...]


class MessagingSection(Lines, can_focus=True):
    """The channels with their keys. A row is never left out: an unreachable channel says why, and what to do."""

    DEFAULT_CSS = """
    MessagingSection { height: auto; overflow-y: hidden; }
    """

    BINDINGS = bindings(Scope.MESSAGING)

    @dataclass
    class ChannelChosen(Message):
        """The agent wants to write on a channel."""

        channel: Channel

    @dataclass
    class LeftAbove(Message):
        """The cursor goes on above the first channel."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._states: tuple[ChannelState, ...] = ()
        self._inboxes: Mapping[int, Inbox] = {}
        self._open: Channel | None = None
        self._cursor = Channel.SMS

    @property
    def cursor(self) -> Channel:
        """The channel that Enter would choose."""
        return self._cursor

    def set_channels(
        self, states: Sequence[ChannelState], inboxes: Mapping[int, Inbox], current: Channel | None
    ) -> None:
        """Show what each channel allows. `inboxes` by id, as far as known; `current` is the one being written on."""
        if current is not None and current is not self._open:
            self._cursor = current
        height = len(self._rows(self.line_width))
        self._states, self._inboxes, self._open = tuple(states), inboxes, current
        if len(self._rows(self.line_width)) != height:
            self.refresh(layout=True)
        else:
            self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines of the heading and of what the channels say (asked by Textual's layout)."""
        return _TOP + len(self._rows(width))

    def line(self, index: int) -> Strip:
        """Return the heading, or a line of a channel."""
        if index < _TOP:
            return self.strip([("Messaging", Shade.ACCENT if self.has_focus else Shade.STRONG)])
        rows = self._rows(self.line_width)
        if index - _TOP >= len(rows):
            return self.strip([])
        row = rows[index - _TOP]
        return self.strip(row.spans, cursor=self.has_focus and row.channel is self._cursor)

    def _rows(self, width: int) -> list[_Row]:
        return [row for state in self._states for row in self._channel_rows(state, width)]

    def _channel_rows(self, state: ChannelState, width: int) -> Iterator[_Row]:
        closed = state.reach is Reach.CLOSED
        here = state.channel is self._open
        key = keys_of(f"contact.{state.channel.value}")
        label = fit(f"{'▸' if here else ' '}{key} {state.channel.label}", _LABEL)
        words = one_line(state.words)
        second = self._second_part(state)
        shade = Shade.FAINT if closed else Shade.STRONG if here else Shade.PLAIN
        first: tuple[Span, ...] = ((label, shade), (words, self._words_shade(state)))
        if _LABEL + text_width(words) + 2 + text_width(second) <= width:
            yield _Row(state.channel, (*first, (f"  {second}" if second else "", Shade.SOFT)))
        else:
            yield _Row(state.channel, first)
            for line in wrap(second, width - 3):
                yield _Row(state.channel, ((f"   {line}", Shade.FAINT if closed else Shade.SOFT),))
        if stop := stop_words(state, self._clock()):
            for line in wrap(f"! {stop}", width - 3):
                yield _Row(state.channel, ((f"   {line}", Shade.WARNING),))
        if state.caution:
            for line in wrap(f"✗ {one_line(state.caution)}", width - 3):
                yield _Row(state.channel, ((f"   {line}", Shade.DANGER),))

    def _second_part(self, state: ChannelState) -> str:
        inbox = self._inboxes.get(state.inbox_id) if state.inbox_id is not None else None
        sender = f"from {one_line(inbox.name)} {display_phone(inbox.address)}" if inbox is not None else ""
        if state.must_choose:
            sender = "asks which inbox and which address"
        match state.reach:
            case Reach.OPEN:
                return sender
            case Reach.TEMPLATE | Reach.TAGGED:
                parts = [state.reason, sender]
            case Reach.CLOSED:
                return why_closed_by_key(state) if self.can_focus else why_closed(state)
        return "; ".join(one_line(part) for part in parts if part)

    def _words_shade(self, state: ChannelState) -> Shade:
        if state.reach is Reach.CLOSED:
            return Shade.FAINT
        if state.until is not None and state.until - self._clock() < CLOSING_SOON:
            return Shade.WARNING
        return Shade.ACCENT if state.reach is Reach.OPEN else Shade.SOFT

    def action_move(self, by: int) -> None:
        """Go to a neighbouring channel, and above the first one to what comes before."""
        channels = [state.channel for state in self._states]
        if by < 0 and channels[:1] == [self._cursor]:
            self.post_message(self.LeftAbove())
        elif self._cursor in channels:
            self._cursor = channels[max(0, min(channels.index(self._cursor) + by, len(channels) - 1))]
            self.redraw()

    def action_choose(self) -> None:
        """Write on the channel under the cursor."""
        self.post_message(self.ChannelChosen(self._cursor))

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the channels: a jump writes on one."""
        known: set[Channel] = set()
        for y, row in enumerate(self._rows(self.line_width), _TOP):
            if row.channel not in known:
                known.add(row.channel)
                yield JumpSpot(Offset(0, y), partial(self.post_message, self.ChannelChosen(row.channel)))

    def on_click(self, event: Click) -> None:
        """Write on the channel that was clicked."""
        rows = self._rows(self.line_width)
        if 0 <= event.y - _TOP < len(rows):
            event.stop()
            self._cursor = rows[event.y - _TOP].channel
            self.action_choose()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show whether the section has the focus."""
        super().watch_has_focus(has_focus)
        self.redraw()
