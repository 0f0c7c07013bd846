"""The text field in which a message is written."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from contacts_tui.commands import BY_ID, Scope, keys_of, typing_key_of
from contacts_tui.commands.key_names import types
from contacts_tui.domain.canned_reply import left_open
from contacts_tui.domain.cells import text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.limits import NO_LIMITS, Limits
from contacts_tui.domain.segments import measure, over_limit, plain
from contacts_tui.domain.text_split import split
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.writing_area import WritingArea

_BORDER = 6
"""Cells of a border line around its words: on each side a corner, a piece of the line and a blank."""


class Composer(WritingArea):
    """A text field of one to five lines that sends on Enter. Its border says to whom, and what it will cost.

    The text stays until the screen calls `sent`: nothing typed is ever lost to a refusal or an error. A text that is
    too long is sent in parts, each with an Enter of its own; the first such Enter only asks. The cursor stands where
    the next part ends.
    """

    DEFAULT_CSS = """
    Composer {
        height: auto;
        min-height: 3;
        max-height: 7;
        padding: 0 1;
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        background: $background;
        &:focus {
            border: round $accent;
            border-title-color: $foreground;
        }
        &.-tagged {
            border: round $warning;
            border-subtitle-color: $text-warning;
        }
        &.-too-long {
            border-subtitle-color: $text-error;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.COMPOSER)

    @dataclass
    class Submitted(Message):
        """Enter was pressed on a text that may be sent. No other is submitted until `sent` or `kept` is called."""

        text: str
        """What is to be sent, exactly as written."""
        rest: str = ""
        """What is still to be sent after it, where the text is sent in parts."""
        goes_on: bool = False
        """Whether the agent wants to go on to the next person afterwards."""

    @dataclass
    class Refused(Message):
        """The agent asked for something that can't be done with the text."""

        sentence: str
        """Why not, and what to do."""

    @dataclass
    class PageWanted(Message):
        """The agent wants to read further up (-1) or down (1) in the thread."""

        direction: int

    class EditorWanted(Message):
        """The agent wants to go on writing in an editor of their own."""

    @dataclass
    class LaterWanted(Message):
        """The agent wants to choose when the text is sent. It stays in the field until it is scheduled."""

        text: str

    class RepliesWanted(Message):
        """The agent wants a canned reply."""

    def __init__(self) -> None:
        super().__init__(Scope.COMPOSER, Scope.CONTACT)
        self._channel, self._limits = Channel.SMS, NO_LIMITS
        self._under_way = False
        self._tag = ""
        self._night = ""
        self._window = ""
        self._attached = False
        self._part = 0
        """Which part of a text the next Enter sends; 0 while the text is sent as one."""

    def write_to(self, channel: Channel, limits: Limits, title: str, text: str) -> None:
        """Write to another recipient: `title` is the cleaned line of the upper border, `text` the draft."""
        self._channel, self._limits = channel, limits
        self.set_title(title)
        self._under_way = False
        self._part = 0
        super().put(text)
        self._count()

    @property
    def channel(self) -> Channel:
        """The channel on which the text would be sent."""
        return self._channel

    def put(self, text: str) -> None:
        """Replace the text for the same recipient, cursor at the end; split it into parts at once if it is too long."""
        self._part = 0
        super().put(text)
        if len(self._parts()) > 1:
            self._go_in_parts(1)
        self._count()

    @property
    def part(self) -> tuple[int, int]:
        """Which part of how many the next Enter sends; (0, 0) while the text is sent as one."""
        return (self._part, self._part + len(self._parts()) - 1) if self._part else (0, 0)

    def _parts(self) -> tuple[str, ...]:
        return split(self.text, self._limits.text)

    def _go_in_parts(self, number: int) -> None:
        self._part = number
        until = self.text[: self.text.find(first := self._parts()[0]) + len(first)]
        self.move_cursor((until.count("\n"), len(until) - until.rfind("\n") - 1))
        self.call_after_refresh(self.scroll_cursor_visible, animate=False)

    def set_title(self, title: str) -> None:
        """Show a cleaned line in the upper border."""
        self.border_title = Content(title)

    def set_tag(self, words: str) -> None:
        """Show in the lower border the tag under which the text will be sent; empty for plain text."""
        if words != self._tag:
            self._tag = words
            self.set_class(bool(words), "-tagged")
            self._count()

    def set_night(self, words: str) -> None:
        """Show in the lower border what time it is where the text goes; empty unless people sleep there."""
        if words != self._night:
            self._night = words
            self._count()

    def set_window(self, words: str) -> None:
        """Show in the lower border how long free text is still possible; empty where that doesn't end."""
        if words != self._window:
            self._window = words
            self._count()

    def set_attached(self, attached: bool) -> None:
        """Set whether a file is sent with the text, which may be empty then."""
        self._attached = attached

    def sent(self, text: str) -> None:
        """Remove the submitted text, which is stored now, from the field; what was typed after it stays."""
        self._under_way = False
        typed = self.text if self.text.startswith(text) else self.text.lstrip()
        if typed.startswith(text):
            self.load_text(typed[len(text) :].lstrip() if self._part else typed[len(text) :].lstrip("\n"))
            self.move_cursor(self.document.end)
            if self._part and self.text:
                self._go_in_parts(self._part + 1)
            else:
                self._part = 0
        self._count()

    def kept(self) -> None:
        """Allow another Enter: the submitted text was not stored, and may be sent again."""
        self._under_way = False

    @property
    def is_under_way(self) -> bool:
        """Whether a submitted text is waiting to be stored."""
        return self._under_way

    def action_send(self, goes_on: bool = False) -> None:
        """Submit the text, or its next part, once. With `goes_on` the next person follows once all of it is stored."""
        if self._under_way or not self._is_whole():
            return
        parts = self._parts()
        if len(parts) > 1 and not self._part:
            self._go_in_parts(1)
            over = _characters(over_limit(self._limits, self.text))
            limit, label = self._limits.text, self._channel.label
            send = keys_of("composer.send")
            self.post_message(
                self.Refused(
                    f"Not sent: {over} too many for {label}, shorten the text to {limit}. "
                    f"Or press {send} again to send it in {len(parts)} parts, "
                    f"one for each {send}: the first up to the cursor.",
                )
            )
            self._count()
            return
        self._under_way = True
        rest = "" if len(parts) == 1 else self.text.lstrip()[len(parts[0]) :].lstrip()
        self.post_message(self.Submitted(parts[0], rest, goes_on))

    def action_later(self) -> None:
        """Ask when the text is to be sent."""
        if self._under_way or not self._is_whole():
            return
        if over := over_limit(self._limits, self.text):
            words = f"Not scheduled: {_characters(over)} too many for {self._channel.label}. Shorten the text."
            self.post_message(self.Refused(words))
            return
        self.post_message(self.LaterWanted(self.text))

    def _is_whole(self) -> bool:
        """Return whether there is something to send and no variable is left open; post `Refused` where not."""
        if not (self.text.strip() or self._attached):
            self.post_message(self.Refused("Nothing to send yet: write a text first."))
            return False
        if holes := left_open(self.text):
            self.post_message(
                self.Refused(f"Not sent: {holes[0]} isn't filled in. Write what it stands for, or remove it.")
            )
            return False
        return True

    def action_plain(self) -> None:
        """Write what forces UCS-2 in the GSM alphabet, where that says the same."""
        written = plain(self.text)
        if self._channel is Channel.SMS and measure(self.text).culprit and written != self.text:
            place = self.cursor_location
            self.replace(written, self.document.start, self.document.end)
            self.move_cursor(place)
        else:
            self.post_message(self.Refused("Nothing in this text can be written in plainer letters."))

    def action_replies(self) -> None:
        """Ask for a canned reply."""
        self.post_message(self.RepliesWanted())

    def action_editor(self) -> None:
        """Ask for the agent's editor."""
        self.post_message(self.EditorWanted())

    async def _on_key(self, event: events.Key) -> None:
        wanted = BY_ID["composer.replies"].keys
        if event.key in wanted and types(event.key) and not self.text:
            event.prevent_default()
            event.stop()
            self.action_replies()
        else:
            await super()._on_key(event)

    def action_page(self, direction: int) -> None:
        """Scroll the thread while the cursor stays here."""
        self.post_message(self.PageWanted(direction))

    def on_resize(self) -> None:
        """Fill the border with what has room now."""
        self._count()

    def on_text_area_changed(self) -> None:
        """Count again. A text that was cut down to what fits before any of it was sent is sent as one."""
        if not self.text or (self._part == 1 and not over_limit(self._limits, self.text)):
            self._part = 0
        self._count()

    def _count(self) -> None:
        over = over_limit(self._limits, self.text)
        words = f"{_characters(over)} too many" if over else self._cost(self.text)
        if self._part:
            number, of = self.part
            words = f"part {number} of {of} · {self._cost(self._parts()[0])}"
        self.set_class(bool(over) and not self._part, "-too-long")
        self.border_subtitle = Content(self._lower_border(words))

    def _lower_border(self, words: str) -> str:
        """Return as much of the lower border as has room; the count comes last, and is always there."""
        short = self._night.rpartition(", ")[2]
        last = (self._tag, self._window, words)
        room = self.outer_size.width - _BORDER
        for parts in ((self._night, *last), (short, *last), last, (self._tag, words)):
            line = " · ".join(filter(None, parts))
            if text_width(line) <= room:
                return line
        return words

    def _cost(self, text: str) -> str:
        """Return what the text costs or how long it is, for the lower border."""
        if self._channel is not Channel.SMS:
            return f"{len(text)}/{self._limits.text}"
        count = measure(text)
        room = count.per_segment * max(count.segments, 1)
        used = 0 if not count.segments else room - count.left_in_segment
        segments = "1 segment" if count.segments == 1 else f"{count.segments} segments"
        because = f" because of “{count.culprit}”" if count.culprit else ""
        if because and (instead := plain(count.culprit)) != count.culprit:
            because += f" · {typing_key_of('composer.plain')} “{instead}”"
        return f"{segments} · {used}/{room} {count.encoding}{because}"


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"
