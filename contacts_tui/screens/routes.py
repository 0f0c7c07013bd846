"""Finds where a conversation with a person runs, or would run."""

from contacts_tui import services
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.views import Route, Routes
from contacts_tui.screens.desk import Desk


async def latest_route(desk: Desk, contact_id: int) -> Route | None:
    """The conversation with the latest message, over all channels; None for a person never spoken to."""
    page = await desk.read(services.threads.timeline, contact_id, limit=1)
    if not page.messages:
        return None
    latest = page.messages[-1].message
    found = await desk.read(services.messaging.routes_to, contact_id, latest.channel, agent=desk.agent)
    return next((route for route in found.routes if route.conversation_id == latest.conversation_id), None)


async def routes_by(desk: Desk, contact_id: int, state: ChannelState) -> tuple[Routes, Route | None]:
    """All ways on the channel of that state, and the one that the state speaks of."""
    found = await desk.read(services.messaging.routes_to, contact_id, state.channel, agent=desk.agent)
    wanted = state.identity_id, state.inbox_id
    return found, next((route for route in found.routes if (route.identity.id, route.inbox.id) == wanted), None)
