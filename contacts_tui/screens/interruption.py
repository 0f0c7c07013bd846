"""Tells the agent that the store is out of reach, until it is back; then stores the drafts that it didn't take."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from textual.app import App

from contacts_tui.domain.text import clean

if TYPE_CHECKING:
    from contacts_tui.screens.session import AgentSession

_log = logging.getLogger(__name__)

_UNTIL_IT_IS_BACK = 24 * 3600.0
"""Seconds for which the notice stays: an agent who comes back after a night has to see why nothing goes on."""


class InterruptionNotice:
    """A notice that is shown for as long as the store is out of reach."""

    def __init__(self, app: App[Any], session: "AgentSession") -> None:
        self._app = app
        self._session = session
        self._told = ""

    async def run(self) -> None:
        """Watch the open store, and show or remove the notice, until cancelled."""
        from contacts_tui.services.workers.reconnecting import keep_telling

        await keep_telling(self._session.store, asyncio.Event(), self._tell)

    def _tell(self, sentence: str) -> None:
        from contacts_tui.services.workers.reconnecting import BACK

        for notice in list(self._app._notifications):
            if notice.message == self._told:
                self._app._unnotify(notice, refresh=False)
        self._told = "" if sentence == BACK else clean(sentence)
        if self._told:
            self._app.notify(sentence, severity="error", timeout=_UNTIL_IT_IS_BACK)
        else:
            self._app.notify(sentence)
            self._app.run_worker(self._store_drafts(), exit_on_error=False)

    async def _store_drafts(self) -> None:
        try:
            await self._session.store_drafts()
        except Exception as error:
            # When the person is opened next, this is tried again, and a failure is told.
            _log.warning("drafts were not stored: %s", error)
