"""Saving and opening the files of a message, while the agent goes on."""

import logging
from collections.abc import Awaitable
from typing import Any

from contacts_tui import paths, services
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import MessageView
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.save_file import SaveFile

_log = logging.getLogger(__name__)


class ReceivedFiles:
    """Fetches files in the background. How that went is said here, or in a notification after the screen was left."""

    def __init__(self, screen: AgentScreen[Any]) -> None:
        self._screen = screen
        self._app = screen.app
        self._session = screen.session
        self._folder = ""

    async def ask(self, view: MessageView) -> None:
        """Ask where to save the files of a message, and save them. Raise what the service raises."""
        message_id = view.message.id
        found = await self._session.read(services.media.of_message, message_id)

        def go(to: str | None) -> None:
            if to is not None:
                self._folder = to if to.endswith("/") else ""
                self._begin(self._save(message_id, to, found.words), "Not saved")

        begin = self._folder or f"{paths.downloads_folder()}/"
        question = f"{one_line(found.words)}. Save to which folder or path? Nothing is overwritten."
        self._app.push_screen(SaveFile(question, begin), go)

    async def open(self, view: MessageView) -> None:
        """Fetch the files of a message into a private folder, and let the desktop show them."""
        found = await self._session.read(services.media.of_message, view.message.id)
        self._begin(self._open(view.message.id, found.words), "Not opened")

    def _begin(self, work: Awaitable[None], failed: str) -> None:
        # A worker of the app, so that leaving the contact doesn't cancel it.
        self._app.run_worker(self._guarded(work, failed), group="files", exit_on_error=False)

    async def _guarded(self, work: Awaitable[None], failed: str) -> None:
        try:
            await work
        except Exception as error:
            sentence = getattr(error, "sentence", None)
            if sentence is None:
                _log.error("a file was not fetched", exc_info=error)
                sentence = f"something went wrong ({type(error).__name__}); the log has the details"
            self._say(f"{failed}: {sentence}")

    async def _save(self, message_id: int, to: str, words: str) -> None:
        self._say(f"Fetching {words} …")
        saved = await services.media.save(self._session.store, message_id, to, folder=paths.downloads_folder())
        self._say(f"Saved: {', '.join(map(str, saved))}")

    async def _open(self, message_id: int, words: str) -> None:
        self._say(f"Fetching {words} …")
        opened = await services.open_files.open_files(self._session.store, message_id)
        where = ", ".join(map(str, opened.paths))
        self._say(f"Opened: {where}" if opened.shown else f"Saved, not opened, for {opened.why_not}: {where}")

    def _say(self, sentence: str) -> None:
        if self._screen.is_left:
            self._app.notify(one_line(sentence))
        else:
            self._screen.say(sentence)
