"""The thread: messages in their order, drawn line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.cells import Row
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.links import Link, links
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import MessageView, Remark, ThreadPage
from contacts_tui.terminal.hyperlinks import hyperlink
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.thread.bubbles import Line, Tone, centred, local_day, own_words
from contacts_tui.widgets.thread.layout import Manner, Sheet
from contacts_tui.widgets.thread.marks import MarkedByMouse, Spot
from contacts_tui.widgets.thread.window import ThreadWindow

_NEAR = 8
"""Lines from an end at which the next page is asked for."""


@dataclass
class AboutMessage(Message):
    """The agent wants something of one message."""

    thread: "ThreadView"
    message_id: int

    @property
    def control(self) -> "ThreadView":
        """The thread."""
        return self.thread


@dataclass
class _OfThread(Message):
    """What a thread says to its screen."""

    thread: "ThreadView"

    @property
    def control(self) -> "ThreadView":
        """The thread."""
        return self.thread


class ThreadView(MarkedByMouse, can_focus=True):
    """A conversation or a timeline. Holds a stretch of it, asks for more at the ends, and keeps the reader's place."""

    DEFAULT_CSS = """
    ThreadView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .thread--text { color: $foreground; }
        & > .thread--dim { color: $text-muted; }
        & > .thread--faint { color: $text-disabled; }
        & > .thread--name { color: $foreground; text-style: bold; }
        & > .thread--theirs { color: $foreground; background: $theirs; }
        & > .thread--ours { color: $ours-text; background: $ours; }
        & > .thread--read { color: $text-accent; }
        & > .thread--new { color: $text-accent; text-style: bold; }
        & > .thread--warning { color: $text-warning; }
        & > .thread--danger { color: $text-error; }
        & > .thread--note { color: $text-warning; }
        & > .thread--link { text-style: underline; }
        & > .thread--marked { color: $screen-selection-foreground; background: $screen-selection-background; }
        &:ansi > .thread--faint { text-style: dim; }
        &:ansi > .thread--marked { text-style: reverse; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"thread--{tone}" for tone in Tone} | {"thread--link", "thread--marked"}
    """One for each tone of `bubbles.Tone`, what a link adds to it, and what is marked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.THREAD)

    @dataclass
    class OlderWanted(_OfThread):
        """The reader nears the first message held, and there are older ones. Answer with `put_older`."""

        before: int
        """Id of the first message held."""

    @dataclass
    class NewerWanted(_OfThread):
        """The reader nears the last message held, and newer ones were let go. Answer with `put_newer`."""

        after: int
        """Id of the last message held."""

    @dataclass
    class LatestWanted(_OfThread):
        """The reader jumps to the end, and the end is not held. Answer with `show`."""

    @dataclass
    class EndSeen(_OfThread):
        """The end of the thread came into sight, or something new came there."""

    class DetailsWanted(AboutMessage):
        """The reader wants to know what became of a message."""

    class RetryWanted(AboutMessage):
        """The agent wants a message tried again; `MessageView.can_retry` holds for it."""

    class ArrivedWanted(AboutMessage):
        """The agent knows that a message in doubt arrived; `MessageView.doubt` is not None."""

    class InsteadWanted(AboutMessage):
        """The agent wants to say it on another channel; `MessageView.instead` has offers."""

    @dataclass
    class SaveWanted(_OfThread):
        """The agent wants the files of a message saved."""

        view: MessageView

    @dataclass
    class OpenWanted(_OfThread):
        """The agent wants the files of a message shown by the desktop."""

        view: MessageView

    @dataclass
    class LinkWanted(_OfThread):
        """A link in a message was clicked."""

        link: Link

    @dataclass
    class LinksWanted(_OfThread):
        """The agent asks for the links of a message."""

        links: tuple[Link, ...]

    @dataclass
    class CopyWanted(_OfThread):
        """The agent wants the words of a message on the clipboard."""

        words: str

    def __init__(self, clock: Clock, agent: str, *, hyperlinks: bool = False) -> None:
        """`agent` is who sits here: their messages are "You". `hyperlinks` says whether the terminal has them."""
        super().__init__()
        self._clock = clock
        self._agent = agent
        self._hyperlinks = hyperlinks
        self._contact = ""
        self._empty = ""
        self._with_channel = False
        self._first_unread: int | None = None
        self._remarks: tuple[Remark, ...] = ()
        self._window = ThreadWindow()
        self._sheet = Sheet()
        self._laid_width = 0
        self._selected: int | None = None
        self._opens_at_first = False
        """Whether the first unread message is still to be gone to: its place isn't known before the first layout."""
        self._clicked: int | None = None
        """The message that was clicked last: another click on it shows its details."""
        self._asked_older = False
        self._asked_newer = False
        self._following = True
        self._unseen = 0

    # What the screen sets.

    def show(
        self,
        page: ThreadPage,
        *,
        contact: str,
        has_newer: bool = False,
        at_end: bool = False,
        with_channel: bool = False,
        empty: str = "",
    ) -> None:
        """Another part of a thread, or another thread: at its first unread message, or else `at_end`.

        `empty` stands there when it has no message.
        """
        self._contact, self._empty, self._with_channel = one_line(contact), empty, with_channel
        first_unread = self._first_unread = page.first_unread_id
        self._window = ThreadWindow(page.messages, has_older=page.has_older, has_newer=has_newer, former=self._window)
        self._selected = None
        self._asked_older = self._asked_newer = False
        self._unseen = 0
        self._following = not has_newer
        self._lay_out()
        # Before the first layout, and while the place to write takes lines from the thread, this is only a beginning.
        self._opens_at_first = first_unread is not None and not at_end
        if self._opens_at_first and (unread := self._sheet.place(first_unread)):
            self._go_to(unread.start)
        self.call_after_refresh(self._go_to_first_unread)
        self._look_around()
        self.call_after_refresh(self._tell_end)

    def _go_to_first_unread(self) -> None:
        unread = self._sheet.place(self._first_unread)
        if self._opens_at_first and unread:
            self._opens_at_first = False
            self._go_to(unread.start)
            self._following = self.shows_end

    def put_older(self, views: Sequence[MessageView], *, before: int, has_older: bool) -> None:
        """The page before the message that was the first one held. What the reader sees stays where it is.

        Where another is the first by now, the reader went elsewhere, and the page isn't wanted any more.
        """
        self._asked_older = False
        if self._window.ids[:1] != (before,):
            return
        self._window.add_older(views, has_older=has_older)
        self._following = self._following and not self._window.has_newer
        self._lay_out()
        self._look_around()

    def put_newer(self, views: Sequence[MessageView], *, after: int, has_newer: bool) -> None:
        """The page after the message that was the last one held, as `put_older` has the one before."""
        self._asked_newer = False
        if self._window.ids[-1:] != (after,):
            return
        self._window.add_newer(views, has_newer=has_newer)
        self._following = not views and self.shows_end
        self._lay_out()
        self._look_around()
        self.call_after_refresh(self._tell_end)

    def put(self, views: Iterable[MessageView]) -> None:
        """Messages that came or changed: each takes its place if it falls into the stretch that is held."""
        below = self._window.put(views, following=self._following)
        if below and not self._following:
            self._unseen += below
            self.refresh_line(self.scroll_offset.y + self.size.height - 1)
        self._lay_out()
        self.call_after_refresh(self._tell_end)

    def set_first_unread(self, message_id: int) -> None:
        """The line "new" stands above that message."""
        self._first_unread = message_id
        self._lay_out()

    def set_remarks(self, remarks: tuple[Remark, ...]) -> None:
        """What stands between the messages, by time: notes, and what agents did."""
        if remarks != self._remarks:
            self._remarks = remarks
            self._lay_out()

    def set_empty(self, words: str) -> None:
        """What stands there without any message."""
        if words != self._empty:
            self._empty = words
            self._lay_out()

    def refresh_day(self) -> None:
        """Lays out anew when "Today" is another day than before."""
        self._lay_out()

    def go_to_end(self) -> None:
        """Shows the newest message; asks for it when it is not held."""
        if self._window.has_newer:
            self.post_message(self.LatestWanted(self))
        else:
            self._go_to(self.max_scroll_y)

    def go_to(self, message_id: int) -> None:
        """Shows a message that is held, under the cursor."""
        self._opens_at_first = False
        if message_id in self._window.ids:
            self._select(message_id)
            self.call_after_refresh(self._select, message_id)

    def page(self, direction: int) -> None:
        """Scrolls by a screenful: -1 up, 1 down."""
        self._go_to(self.scroll_offset.y + direction * max(self.size.height - 1, 1))

    @property
    def selected(self) -> MessageView | None:
        """The message under the cursor; None before the thread ever had the focus."""
        return self._window.get(self._selected)

    @property
    def views(self) -> tuple[MessageView, ...]:
        """The messages held, oldest first."""
        return tuple(self._window)

    @property
    def shows_end(self) -> bool:
        """Whether the newest message of all is in sight to its end."""
        at_end = round(self.scroll_offset.y) >= self.max_scroll_y and not self._window.has_newer
        return at_end and bool(len(self._window)) and self.size.height > 0

    def has_passed(self, message_id: int) -> bool:
        """Whether the reader came by a message: it, and everything between it and what is held now, was held."""
        return self._window.has_passed(message_id)

    @property
    def message_ids(self) -> tuple[int, ...]:
        """The messages held, oldest first."""
        return self._window.ids

    # Layout and place.

    def _lay_out(self) -> None:
        """Brings the lines up to date; repaints those that differ, and keeps what the reader sees in its place."""
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        anchor, before = self._sheet.anchor(self.scroll_offset.y), self._sheet.lines
        self._sheet.lay_out(self._window, self._manner(width))
        lines = self._sheet.lines
        if len(before) == len(lines) and width == self._laid_width:
            for y, (old, new) in enumerate(zip(before, lines, strict=True)):
                if old != new:
                    self.refresh_line(y)
            return
        self._laid_width = width
        self.virtual_size = Size(width, len(lines))
        self._go_to(len(lines) if self._following else self._sheet.restored(anchor, self.scroll_offset.y))
        self.refresh()
        self.call_after_refresh(self._tell_end)

    def _manner(self, width: int) -> Manner:
        return Manner(
            width=width,
            today=local_day(self._clock()),
            contact=self._contact,
            agent=self._agent,
            selected=self._selected if self.has_focus else None,
            first_unread=self._first_unread,
            with_channel=self._with_channel,
            empty=self._empty,
            remarks=self._remarks,
        )

    def _go_to(self, y: int) -> None:
        self.scroll_to(y=max(0, min(y, self.max_scroll_y)), animate=False, force=True)

    def _look_around(self) -> None:
        """Asks for what lies beyond an end that the reader nears."""
        if not len(self._window) or self.size.height == 0:
            return
        top, ids = self.scroll_offset.y, self._window.ids
        if self._window.has_older and not self._asked_older and top <= _NEAR:
            self._asked_older = True
            self.post_message(self.OlderWanted(self, ids[0]))
        if self._window.has_newer and not self._asked_newer and top >= self.max_scroll_y - _NEAR:
            self._asked_newer = True
            self.post_message(self.NewerWanted(self, ids[-1]))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follows the reader: at the end new messages pull the thread along, elsewhere they don't."""
        super().watch_scroll_y(old_value, new_value)
        self._following = round(new_value) >= self.max_scroll_y and not self._window.has_newer
        if self._following:
            self._unseen = 0
        self._look_around()
        self.call_after_refresh(self._tell_end)

    def _tell_end(self) -> None:
        if self.shows_end:
            self.post_message(self.EndSeen(self))

    def on_resize(self) -> None:
        """Lays out anew for another width, and stays at the end for another height."""
        if self.scrollable_content_region.width != self._laid_width:
            self._lay_out()
        elif self._following:
            self._go_to(self.max_scroll_y)
        if self._opens_at_first:
            self.call_after_refresh(self._go_to_first_unread)
        self._look_around()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """One line of the thread; the last one says so when unseen messages lie below."""
        width, base = self.size.width, self._tone(Tone.TEXT)
        if self._unseen and y == self.size.height - 1:
            return self._strip(
                centred(f"▼ {self._unseen} new below, {keys_of('thread.last')} jumps there", width, Tone.NEW), width, ""
            )
        row = y + self.scroll_offset.y
        if row >= len(self._sheet.lines):
            return Strip.blank(width, base)
        line = self._sheet.lines[row]
        chosen = row in self._sheet.place(self._selected) if line.in_bubble else not len(self._window)
        selected = chosen and self.has_focus and bool(line.spans) and line.indent > 1
        return self._strip(line, width, "▌ " if selected else "", self._marked_at(row))

    def _marked_at(self, row: int) -> tuple[int, int]:
        """What is marked in the words of the message on a line."""
        message_id = self._sheet.at(row) if self._marks is not None else None
        if self._marks is None or message_id is None:
            return 0, 0
        return self._marks.part(message_id, self._window.ids)

    def _strip(self, line: Line, width: int, mark: str, marked: tuple[int, int] = (0, 0)) -> Strip:
        segments = [Segment(" " * (line.indent - len(mark)), self._tone(Tone.TEXT))]
        segments.append(Segment(mark, self._tone(Tone.NEW)))
        if line.words is not None:
            segments += self._worded(line, line.words, marked)
        else:
            segments += [Segment(text, self._tone(tone)) for text, tone in line.spans]
        return Strip(segments).adjust_cell_length(width, self._tone(Tone.TEXT))

    def _worded(self, line: Line, words: Row, marked: tuple[int, int]) -> list[Segment]:
        """A line of a message's own words, with its links and what of it is marked."""
        ((whole, tone),) = line.spans
        looks: list[tuple[Link | None, bool]] = [(None, False)] * len(whole)
        for index, place in enumerate(words.places[:-1], 1):
            link = next((link for link in line.links if link.start <= place < link.end), None)
            looks[index] = link, marked[0] <= place < marked[1]
        segments = []
        for (link, is_marked), run in groupby(zip(whole, looks, strict=True), key=itemgetter(1)):
            style = self._tone(tone)
            if is_marked:
                style += self.get_component_rich_style("thread--marked", partial=True)
            if link is not None:
                style += self.get_component_rich_style("thread--link", partial=True)
                style = hyperlink(style, link.target) if self._hyperlinks else style
            segments.append(Segment("".join(char for char, _ in run), style))
        return segments

    def _tone(self, tone: Tone) -> Style:
        return self.get_component_rich_style(f"thread--{tone}")

    def _repaint(self, message_id: int | None) -> None:
        if rows := self._sheet.place(message_id):
            self.refresh_lines(rows.start, len(rows))

    # The cursor.

    def _select(self, message_id: int) -> None:
        former, self._selected = self._selected, message_id
        self._lay_out()
        self.refresh_bindings()
        self._repaint(former)
        self._repaint(message_id)
        rows, top, height = self._sheet.place(message_id), self.scroll_offset.y, self.size.height
        if rows.start < top or len(rows) >= height:
            self._go_to(rows.start)
        elif rows.stop > top + height:
            self._go_to(rows.stop - height)

    def action_move(self, by: int) -> None:
        """Selects the message before (-1) or after (1)."""
        ids = self._window.ids
        if not ids:
            return
        at = ids.index(self._selected) + by if self._selected in ids else len(ids) - 1
        if at < 0:
            self._go_to(0)
        else:
            self._select(ids[min(at, len(ids) - 1)])

    def action_page(self, direction: int) -> None:
        """Scrolls a screenful, and selects a message that is seen then."""
        self.page(direction)
        top = self.scroll_offset.y
        seen = self._sheet.ending_in(range(top, top + self.size.height))
        if seen:
            self._select(seen[-1] if direction > 0 else seen[0])

    def action_edge(self, direction: int) -> None:
        """The first message held (-1; more are paged in on the way), or the newest of all (1)."""
        ids = self._window.ids
        if not ids:
            return
        if direction < 0:
            self._select(ids[0])
            self._go_to(0)
        else:
            self._select(ids[-1])
            self.go_to_end()

    def action_copy(self) -> None:
        """Asks to copy the words of the selected message."""
        if words := self._selected_words():
            self.post_message(self.CopyWanted(self, words))

    def action_links(self) -> None:
        """Asks for the links of the selected message."""
        if found := links(self._selected_words()):
            self.post_message(self.LinksWanted(self, found))

    def _selected_words(self) -> str:
        return "" if (view := self.selected) is None else own_words(view.message)

    def spot_at(self, x: int, y: int) -> Spot | None:
        """The spot nearest to a cell of the widget."""
        return self._sheet.spot_at(x, y + self.scroll_offset.y)

    @property
    def marked_text(self) -> str:
        """What is marked with the mouse; empty when nothing is."""
        return "" if self._marks is None else self._marks.text(self._window)

    def action_details(self) -> None:
        """Asks for what became of the selected message."""
        if (view := self.selected) is not None:
            self.post_message(self.DetailsWanted(self, view.message.id))

    def action_retry(self) -> None:
        """Asks to try the selected message again."""
        if (view := self.selected) is not None and view.can_retry:
            self.post_message(self.RetryWanted(self, view.message.id))

    def action_save(self) -> None:
        """Asks to save the selected message's files."""
        if (view := self.selected) is not None and view.message.media:
            self.post_message(self.SaveWanted(self, view))

    def action_open(self) -> None:
        """Asks to show the selected message's files."""
        if (view := self.selected) is not None and view.message.media:
            self.post_message(self.OpenWanted(self, view))

    def action_arrived(self) -> None:
        """Says that the selected message arrived."""
        if (view := self.selected) is not None and view.doubt is not None:
            self.post_message(self.ArrivedWanted(self, view.message.id))

    def action_instead(self) -> None:
        """Asks to say the selected message on another channel."""
        if (view := self.selected) is not None and view.has_offers:
            self.post_message(self.InsteadWanted(self, view.message.id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the selected message allows."""
        view = self.selected
        match action:
            case "retry":
                return view is not None and view.can_retry
            case "details":
                return view is not None
            case "arrived":
                return view is not None and view.doubt is not None
            case "instead":
                return view is not None and view.has_offers
            case "copy":
                return bool(self._selected_words())
            case "links":
                return bool(links(self._selected_words()))
            case "save" | "open":
                return view is not None and bool(view.message.media)
        return True

    def watch_has_focus(self, has_focus: bool) -> None:
        """The selection shows while the thread has the focus; it begins at the newest message."""
        super().watch_has_focus(has_focus)
        if has_focus and self.selected is None and len(self._window):
            self._selected = self._window.ids[-1]
        if not has_focus:
            self._clicked = None
        self._lay_out()
        self._repaint(self._selected)

    def on_click(self, event: events.Click) -> None:
        """Selects a message; its details, when it was selected before. The line about new ones goes to them."""
        if self._is_drag:
            return
        if self._unseen and event.y == self.size.height - 1:
            self.go_to_end()
            return
        if (link := self._link_at(event.x, event.y)) is not None:
            if event.chain == 1:
                self.post_message(self.LinkWanted(self, link))
            return
        message_id = self._sheet.at(event.y + self.scroll_offset.y)
        # The second click of a double click in the list that opened this contact isn't meant for a message.
        if message_id is None or (event.chain > 1 and self._clicked is None):
            return
        self._select(message_id)
        if message_id == self._clicked:
            self.action_details()
        self._clicked = message_id

    def _link_at(self, x: int, y: int) -> Link | None:
        row, spot = y + self.scroll_offset.y, self.spot_at(x, y)
        if spot is None or spot.start == spot.end or row >= len(self._sheet.lines):
            return None
        return next((link for link in self._sheet.lines[row].links if link.start <= spot.start < link.end), None)
