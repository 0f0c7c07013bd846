"""Text that is typed and not sent survives leaving, quitting and a dropped line."""

from contacts_tui import services
from contacts_tui.domain.views import Route
from contacts_tui.screens.session import AgentSession

PAUSE = 0.4
"""Seconds without a key after which a draft is stored."""


class Drafts:
    """The draft of the route that is open, and what of it is stored already."""

    def __init__(self, session: AgentSession) -> None:
        self._session = session
        self._route: Route | None = None
        self._text = ""
        self._stored = ""

    async def open(self, route: Route) -> str:
        """Begins with another route and returns its draft. The one before is stored first."""
        await self.save()
        self._route = route
        self._text = self._stored = await self._session.read(
            services.messaging.draft, route.identity.id, route.inbox.id
        )
        return self._text

    def close(self) -> None:
        """Nowhere to write: there is no draft."""
        self._route, self._text, self._stored = None, "", ""

    def note(self, text: str) -> bool:
        """Takes in what the field holds now. Returns whether there is something to store."""
        self._text = text
        return self._route is not None and text != self._stored

    def was_sent(self, stored: str, text: str) -> None:
        """The service stored the message, and `stored` as what is left of the draft; `text` stands there now."""
        self._stored = stored
        self._text = text

    async def save(self) -> None:
        """Stores the draft if it differs from what is stored."""
        route, text = self._route, self._text
        if route is None or text == self._stored:
            return
        before, self._stored = self._stored, text
        try:
            await self._session.run(services.messaging.save_draft, route.identity.id, route.inbox.id, text)
        except Exception:
            self._stored = before
            raise
