"""Drafts: text that is typed and not sent survives leaving, quitting and a lost connection."""

from contacts_tui import services
from contacts_tui.domain.views import Route
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.screens.contact.contact_words import recipient
from contacts_tui.screens.session import AgentSession, UnstoredDraft

PAUSE = 0.4
"""Seconds without a key after which a draft is stored."""


class Drafts:
    """Reads and stores the draft of the route that is open, and knows what of it is stored already."""

    def __init__(self, session: AgentSession) -> None:
        self._session = session
        self._stored = ""
        self._unstored: tuple[int, int] = (0, 0)
        """The ids of the identity and the inbox whose draft could not be stored; (0, 0) without one."""

    async def read(self, route: Route | None) -> str:
        """Return the draft stored for a route, empty for None. First store drafts that could not be stored before."""
        if route is None:
            return ""
        await self._session.store_drafts()
        return await self._session.read(services.messaging.draft, route.identity.id, route.inbox.id)

    def set_stored(self, text: str) -> None:
        """Remember that this text is stored now, as the draft of the route that is open."""
        self._stored = text

    def set_sent(self, rest: str) -> None:
        """Remember that the text was sent or scheduled, and that `rest` is stored now, as what is left to send."""
        self._stored = rest
        self._session.unstored_drafts.pop(self._unstored, None)

    def is_stored(self, text: str) -> bool:
        """Return whether this text is stored as the draft of the route that is open."""
        return text == self._stored

    async def save(self, state: ContactState, text: str, begun_after: int | None) -> None:
        """Store the draft of the route that is open, if it differs from what is stored.

        Raise what the service raises: then the session keeps the draft for as long as the program runs.
        """
        route = state.route
        if route is None:
            return
        place, before = (route.identity.id, route.inbox.id), self._stored
        if text != before:
            self._stored = text
            try:
                await self._session.run(services.messaging.save_draft, *place, text, begun_after)
            except Exception:
                self._stored, self._unstored = before, place
                self._session.unstored_drafts[place] = UnstoredDraft(text, begun_after, recipient(state.person, route))
                raise
        self._session.unstored_drafts.pop(place, None)
