"""What counts as read: the messages in sight at the end of the thread, in a terminal that has the focus."""

from collections.abc import Callable

from textual.screen import Screen
from textual.timer import Timer

from contacts_tui import services
from contacts_tui.domain.message import Direction
from contacts_tui.screens.session import AgentSession
from contacts_tui.widgets.thread.view import ThreadView

DWELL = 1.0
"""Seconds for which the end of a thread has to be in sight: an agent on the way to another person reads nothing."""


class Reading:
    """Marks conversations as read. `look` is called whenever the agent may have begun or stopped to read."""

    def __init__(
        self, screen: Screen[None], session: AgentSession, thread: ThreadView, is_in_sight: Callable[[], bool]
    ) -> None:
        """Mark what `thread` shows; `is_in_sight` returns whether nothing covers it."""
        self._screen = screen
        self._session = session
        self._thread = thread
        self._is_in_sight = is_in_sight
        self._timer: Timer | None = None
        self._kept: set[int] = set()
        """Conversations that the agent marked as unread here: they stay so while this screen is open."""

    def look(self) -> None:
        """Begin to read if the end of the thread is in sight; stop if it isn't."""
        if not self.is_attentive:
            self._stop()
        elif self._timer is None:
            self._timer = self._screen.set_timer(DWELL, self._seen)

    def keep_unread(self, conversation_id: int) -> None:
        """Leave a conversation unread, because the agent marked it so."""
        self._kept.add(conversation_id)

    @property
    def is_attentive(self) -> bool:
        """Whether the end of the thread is in sight now, in a terminal that has the focus."""
        screen = self._screen
        return screen.app.screen is screen and screen.app.app_focus and self._is_in_sight() and self._thread.shows_end

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _seen(self) -> None:
        self._timer = None
        if self.is_attentive:
            # In a worker: keys must not wait for other programs that write to the store. In one of the app: leaving the
            # contact must not cancel it.
            self._screen.app.run_worker(self._mark(self._newest()), group="read", exit_on_error=False)

    def _newest(self) -> dict[int, int]:
        """Return the id of the last inbound message in the thread, by conversation; not of those kept unread."""
        received = (view.message for view in self._thread.views if view.message.direction is Direction.IN)
        return {
            message.conversation_id: message.id for message in received if message.conversation_id not in self._kept
        }

    async def _mark(self, newest: dict[int, int]) -> None:
        if self._session.store.read_only:
            return
        unread = await self._session.read(services.messaging.first_unread, tuple(newest))
        for conversation_id, first in unread.items():
            # An agent who jumped to the end has not read the messages in between, which were never shown.
            if first is None or self._thread.has_passed(first):
                await self._session.run(services.messaging.mark_read, conversation_id, newest[conversation_id])
