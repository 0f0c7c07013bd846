"""The thread: messages in their order, drawn line by line, with a cursor on one of them."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset

from contacts_tui.commands import Scope
from contacts_tui.domain.cells import text_width
from contacts_tui.domain.links import Link, links
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.thread import requests
from contacts_tui.widgets.thread.bubbles import Tone, own_words
from contacts_tui.widgets.thread.marks import Spot
from contacts_tui.widgets.thread.scrolling import ScrolledThread


class ThreadView(ScrolledThread, can_focus=True):
    """A conversation or a timeline. Holds a stretch of it, asks for more at the ends, and keeps the agent's place."""

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
        &:focus { scrollbar-color: $accent; scrollbar-color-hover: $accent; scrollbar-color-active: $accent; }
        &:ansi > .thread--faint { text-style: dim; }
        &:ansi > .thread--marked { text-style: reverse; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"thread--{tone}" for tone in Tone} | {"thread--link", "thread--marked"}
    """One for each tone of `bubbles.Tone`, what a link adds to it, and what is marked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.THREAD)

    def go_to(self, message_id: int) -> None:
        """Select a message that is held, and scroll to it."""
        self._opens_at_first = False
        if message_id in self._window.ids:
            self._select(message_id)
            self.call_after_refresh(self._select, message_id)

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
        """Select the message before (-1) or after (1)."""
        ids = self._window.ids
        if not ids:
            return
        at = ids.index(self._selected) + by if self._selected in ids else len(ids) - 1
        if at < 0:
            self._go_to(0)
        else:
            self._select(ids[min(at, len(ids) - 1)])

    def action_page(self, direction: int) -> None:
        """Scroll by a screenful (-1 up, 1 down), and select a message that is in view then."""
        self.page(direction)
        top = self.scroll_offset.y
        seen = self._sheet.ending_in(range(top, top + self.size.height))
        if seen:
            self._select(seen[-1] if direction > 0 else seen[0])

    def action_edge(self, direction: int) -> None:
        """Go to the first message held (-1; more are paged in on the way), or to the newest of all (1)."""
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
        """Ask to copy the words of the selected message."""
        if words := self._selected_words():
            self.post_message(requests.CopyWanted(words))

    def action_links(self) -> None:
        """Ask for the links of the selected message."""
        if found := links(self._selected_words()):
            self.post_message(requests.LinksWanted(found))

    def _selected_words(self) -> str:
        return "" if (view := self.selected) is None else own_words(view.message)

    def spot_at(self, x: int, y: int) -> Spot | None:
        """Return the spot nearest to a cell of the widget; None without any message."""
        return self._sheet.spot_at(x, y + self.scroll_offset.y)

    @property
    def marked_text(self) -> str:
        """What is marked with the mouse; empty when nothing is."""
        return "" if self._marks is None else self._marks.text(self._window)

    def action_details(self) -> None:
        """Ask what happened to the selected message."""
        if (view := self.selected) is not None:
            self.post_message(requests.DetailsWanted(view.message.id))

    def action_retry(self) -> None:
        """Ask to try the selected message again."""
        if (view := self.selected) is not None and view.can_retry:
            self.post_message(requests.RetryWanted(view.message.id))

    def action_save(self) -> None:
        """Ask to save the selected message's files."""
        if (view := self.selected) is not None and view.message.media:
            self.post_message(requests.SaveWanted(view))

    def action_open(self) -> None:
        """Ask to show the selected message's files."""
        if (view := self.selected) is not None and view.message.media:
            self.post_message(requests.OpenWanted(view))

    def action_arrived(self) -> None:
        """Report that the selected message, of unknown outcome, arrived."""
        if (view := self.selected) is not None and view.unknown_outcome is not None:
            self.post_message(requests.ArrivedWanted(view.message.id))

    def action_instead(self) -> None:
        """Ask to send the selected message's text on another channel."""
        if (view := self.selected) is not None and view.has_offers:
            self.post_message(requests.InsteadWanted(view.message.id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether the selected message allows an action (asked by Textual)."""
        view = self.selected
        match action:
            case "retry":
                return view is not None and view.can_retry
            case "details":
                return view is not None
            case "arrived":
                return view is not None and view.unknown_outcome is not None
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
        """Show the selection while the thread has the focus; it begins at the newest message held."""
        super().watch_has_focus(has_focus)
        if has_focus and self.selected is None and len(self._window):
            self._selected = self._window.ids[-1]
        if not has_focus:
            self._clicked = None
        self._lay_out()
        self._repaint(self._selected)

    def on_click(self, event: events.Click) -> None:
        """Open a link, go to the new messages, or select a message; on another click on it, show its details."""
        if self._is_drag:
            return
        if self._unseen and event.y == self.size.height - 1:
            self.go_to_end()
            return
        if (link := self._link_at(event.x, event.y)) is not None:
            if event.chain == 1:
                self.post_message(requests.LinkWanted(link))
            return
        message_id = self._sheet.at(event.y + self.scroll_offset.y)
        # The second click of a double click in the list that opened this contact isn't meant for a message.
        if message_id is None or (event.chain > 1 and self._clicked is None):
            return
        self._select(message_id)
        if message_id == self._clicked:
            self.action_details()
        self._clicked = message_id

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the messages, which a jump selects, and the links in them, which it opens."""
        top = self.scroll_offset.y
        known: set[int | Link] = set()
        for row, line in enumerate(self._sheet.lines[top : top + self.size.height], top):
            message_id = self._sheet.at(row) if line.in_bubble else None
            if message_id is not None and message_id not in known:
                known.add(message_id)
                yield JumpSpot(Offset(max(0, line.indent - 1), row - top), partial(self._jump, message_id))
            for link in line.links:
                if link not in known and line.words is not None:
                    known.add(link)
                    before = line.words.text[: bisect_left(line.words.places, link.start)]
                    wanted = requests.LinkWanted(link)
                    at = Offset(line.indent + 1 + text_width(before), row - top)
                    yield JumpSpot(at, partial(self.post_message, wanted))

    def _jump(self, message_id: int) -> None:
        self.focus()
        if message_id in self._window.ids:
            self._select(message_id)

    def _link_at(self, x: int, y: int) -> Link | None:
        row, spot = y + self.scroll_offset.y, self.spot_at(x, y)
        if spot is None or spot.start == spot.end or row >= len(self._sheet.lines):
            return None
        return next((link for link in self._sheet.lines[row].links if link.start <= spot.start < link.end), None)
