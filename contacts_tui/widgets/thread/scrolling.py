"""The scrolling of a thread: what of it is held and seen, what is asked for at its ends, and how the place is kept."""

from collections.abc import Iterable, Sequence

from textual.geometry import Size

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.text import one_line
from contacts_tui.domain.thumbnail import KINDS, Thumbnail
from contacts_tui.domain.views import MessageView, Remark, ThreadPage
from contacts_tui.widgets.thread import requests
from contacts_tui.widgets.thread.bubbles import local_day
from contacts_tui.widgets.thread.drawing import DrawnThread
from contacts_tui.widgets.thread.layout import Manner
from contacts_tui.widgets.thread.window import ThreadWindow

_NEAR = 8
"""Lines from an end at which the next page is asked for."""


class ScrolledThread(DrawnThread):
    """Holds a stretch of a thread, asks for more at the ends, and keeps the agent's place."""

    def __init__(self, clock: Clock, agent: str, *, hyperlinks: bool = False) -> None:
        """Show a thread to `agent`, whose messages are "You". `hyperlinks` says whether the terminal has them."""
        super().__init__(hyperlinks=hyperlinks)
        self._clock = clock
        self._agent = agent
        self._contact = ""
        self._empty = ""
        self._with_channel = False
        self._first_unread: int | None = None
        self._remarks: tuple[Remark, ...] = ()
        self._thumbnails: dict[int, Thumbnail] = {}
        self._pictures_asked: set[int] = set()
        self._laid_width = 0
        self._opens_at_first = False
        """Whether it still has to go to the first unread message: that place isn't known before the first layout."""
        self._clicked: int | None = None
        """The message that was clicked last: another click on it shows its details."""
        self._asked_older = False
        self._asked_newer = False
        self._following = True

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
        """Show another part of a thread, or another thread, at its first unread message.

        It opens at its end with `at_end`, or where nothing is unread; `empty` is shown when it has no message.
        """
        self._contact, self._empty, self._with_channel = one_line(contact), empty, with_channel
        first_unread = self._first_unread = page.first_unread_id
        self._window = ThreadWindow(page.messages, has_older=page.has_older, has_newer=has_newer, former=self._window)
        self._selected = None
        self._asked_older = self._asked_newer = False
        self._unseen = 0
        self._following = not has_newer
        self._lay_out()
        # Before the first layout, and while the composer takes lines from the thread, this isn't the final place.
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
        """Add the page before `before`, which was the first message held. What the agent sees stays where it is.

        Where another message is the first by now, the agent went elsewhere, and the page is dropped.
        """
        self._asked_older = False
        if self._window.ids[:1] != (before,):
            return
        self._window.add_older(views, has_older=has_older)
        self._following = self._following and not self._window.has_newer
        self._lay_out()
        self._look_around()

    def put_newer(self, views: Sequence[MessageView], *, after: int, has_newer: bool) -> None:
        """Add the page after `after`, which was the last message held, as `put_older` adds the one before."""
        self._asked_newer = False
        if self._window.ids[-1:] != (after,):
            return
        self._window.add_newer(views, has_newer=has_newer)
        self._following = not views and self.shows_end
        self._lay_out()
        self._look_around()
        self.call_after_refresh(self._tell_end)

    def put(self, views: Iterable[MessageView]) -> None:
        """Put messages that came or changed in their places, as far as they fall into the stretch that is held."""
        self.call_after_refresh(self._look_at_pictures)
        below = self._window.put(views, following=self._following)
        if below and not self._following:
            self._unseen += below
            self.refresh_line(self.scroll_offset.y + self.size.height - 1)
        self._lay_out()
        self.call_after_refresh(self._tell_end)

    def set_first_unread(self, message_id: int) -> None:
        """Draw the line "new" above that message."""
        self._first_unread = message_id
        self._lay_out()

    def set_remarks(self, remarks: tuple[Remark, ...]) -> None:
        """Show these remarks between the messages, by time: notes, and what agents did."""
        if remarks != self._remarks:
            self._remarks = remarks
            self._lay_out()

    def set_thumbnail(self, message_id: int, thumbnail: Thumbnail) -> None:
        """Show the picture of a message in its bubble from now on."""
        self._thumbnails[message_id] = thumbnail
        self._lay_out()

    def set_empty(self, words: str) -> None:
        """Set the words that are shown when there is no message."""
        if words != self._empty:
            self._empty = words
            self._lay_out()

    def refresh_day(self) -> None:
        """Lay the thread out for the present day: "Today" may be another one than before."""
        self._lay_out()

    def go_to_end(self) -> None:
        """Show the newest message; ask for it when it is not held."""
        if self._window.has_newer:
            self.post_message(requests.LatestWanted())
        else:
            self._go_to(self.max_scroll_y)

    def page(self, direction: int) -> None:
        """Scroll by a screenful: -1 up, 1 down."""
        self._go_to(self.scroll_offset.y + direction * max(self.size.height - 1, 1))

    @property
    def selected(self) -> MessageView | None:
        """The message under the cursor; None before the thread had the focus, or when it isn't held."""
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
        """Return whether the agent passed a message: it, and everything from it to what is held now, was held."""
        return self._window.has_passed(message_id)

    @property
    def message_ids(self) -> tuple[int, ...]:
        """The messages held, oldest first."""
        return self._window.ids

    # Layout and place.

    def _lay_out(self) -> None:
        """Bring the lines up to date; repaint those that differ, and keep what the agent sees in its place."""
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
            thumbnails=self._thumbnails,
            with_keys=self.can_focus,
        )

    def _go_to(self, y: int) -> None:
        self.scroll_to(y=max(0, min(y, self.max_scroll_y)), animate=False, force=True)

    def _look_at_pictures(self) -> None:
        """Ask for the pictures that came into view."""
        top = round(self.scroll_offset.y)
        seen = self._sheet.standing_in(range(top, top + self.size.height))
        ids = tuple(key for key in seen if key not in self._pictures_asked and self._has_picture(key))
        if ids:
            self._pictures_asked.update(ids)
            self.post_message(requests.PicturesSeen(ids))

    def _has_picture(self, message_id: int) -> bool:
        view = self._window.get(message_id)
        return view is not None and any(file.content_type in KINDS for file in view.message.media)

    def _look_around(self) -> None:
        """Ask for the pictures in view, and for the page beyond an end that the agent is near."""
        if not len(self._window) or self.size.height == 0:
            return
        self._look_at_pictures()
        top, ids = self.scroll_offset.y, self._window.ids
        if self._window.has_older and not self._asked_older and top <= _NEAR:
            self._asked_older = True
            self.post_message(requests.OlderWanted(ids[0]))
        if self._window.has_newer and not self._asked_newer and top >= self.max_scroll_y - _NEAR:
            self._asked_newer = True
            self.post_message(requests.NewerWanted(ids[-1]))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Note whether the agent is at the end, where the thread follows new messages; elsewhere it doesn't."""
        super().watch_scroll_y(old_value, new_value)
        self._following = round(new_value) >= self.max_scroll_y and not self._window.has_newer
        if self._following:
            self._unseen = 0
        self._look_around()
        self.call_after_refresh(self._tell_end)

    def _tell_end(self) -> None:
        if self.shows_end:
            self.post_message(requests.EndSeen())

    def on_resize(self) -> None:
        """Lay the thread out anew for another width, and stay at the end for another height."""
        if self.scrollable_content_region.width != self._laid_width:
            self._lay_out()
        elif self._following:
            self._go_to(self.max_scroll_y)
        if self._opens_at_first:
            self.call_after_refresh(self._go_to_first_unread)
        self._look_around()
