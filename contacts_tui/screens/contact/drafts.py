"""Text that is typed and not sent survives leaving, quitting and a dropped line."""

from contacts_tui import services
from contacts_tui.domain.views import Route
from contacts_tui.screens.session import AgentSession

PAUSE = 0.4
"""Seconds without a key after which a draft is stored."""


class Drafts:
    """The draft of one route after the other, and what of it is stored already."""

    def __init__(self, session: AgentSession) -> None:
        self._session = session
        self._stored = ""

    async def read(self, route: Route | None) -> str:
        """Return the draft that is stored for a route; empty for nowhere."""
        if route is None:
            return ""
        return await self._session.read(services.messaging.draft, route.identity.id, route.inbox.id)

    def set_stored(self, text: str) -> None:
        """This is stored now: as the draft of another route, or by a service as what is left to send."""
        self._stored = text

    def is_stored(self, text: str) -> bool:
        """Return whether this text, of the route that is open, is stored."""
        return text == self._stored

    async def save(self, route: Route | None, text: str, begun_after: int | None) -> None:
        """Stores the draft of the route that is open, if it differs from what is stored."""
        if route is None or text == self._stored:
            return
        before, self._stored = self._stored, text
        try:
            save = services.messaging.save_draft
            await self._session.run(save, route.identity.id, route.inbox.id, text, begun_after)
        except Exception:
            self._stored = before
            raise
