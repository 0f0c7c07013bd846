"""Small pictures in a thread: each is fetched once it came into view, one after the other, off the event loop."""

from typing import Any

from contacts_tui import services
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.terminal.colors import Depth
from contacts_tui.widgets.thread.view import ThreadView

COLUMNS, LINES = 24, 7
"""The most cells of a picture in a thread, across and down."""
MOST_KEPT = 200
"""Pictures that a program keeps at most: they are at hand when the agent comes back to a thread."""


def has_colors(screen: AgentScreen[Any]) -> bool:
    """Return whether this terminal has enough colours to show pictures."""
    return screen.agent_app.depth is not Depth.SIXTEEN and not screen.app.no_color


class ThreadPictures:
    """Fetches the pictures of a thread. One that can't be shown stays a word: the details of its message say why."""

    def __init__(self, screen: AgentScreen[Any], thread: ThreadView) -> None:
        self._screen = screen
        self._thread = thread
        self._wanted: list[int] = []
        self._is_at_work = False

    def want(self, message_ids: tuple[int, ...]) -> None:
        """Show the pictures of messages that came into view: those at hand at once, others once they are fetched."""
        known = self._screen.session.thumbnails
        for message_id in message_ids:
            if message_id not in known:
                self._wanted.append(message_id)
            elif (thumbnail := known[message_id]) is not None:
                self._thread.set_thumbnail(message_id, thumbnail)
        if self._wanted and not self._is_at_work and has_colors(self._screen):
            self._screen.run_worker(self._bring(), group="pictures", exit_on_error=False)

    async def _bring(self) -> None:
        self._is_at_work = True
        try:
            while self._wanted:
                await self._bring_one(self._wanted.pop())
        finally:
            self._is_at_work = False

    async def _bring_one(self, message_id: int) -> None:
        session = self._screen.session
        try:
            found = await services.thumbnails.of_message(session.store, message_id, COLUMNS, LINES)
        except Exception as error:
            # A defect is raised.
            sentence_of(error)
            found = None
        session.thumbnails[message_id] = found
        while len(session.thumbnails) > MOST_KEPT:
            del session.thumbnails[next(iter(session.thumbnails))]
        if found is not None and not self._screen.is_left:
            self._thread.set_thumbnail(message_id, found)
