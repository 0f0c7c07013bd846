"""Finds where a conversation with a person runs, or would run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contacts_tui import services
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.views import Route, Routes
from contacts_tui.screens.session import AgentSession


@dataclass(frozen=True, slots=True)
class Target:
    """Where the agent writes: the one truth of the composer, of the box in its place, and of the card."""

    state: ChannelState
    """What may be sent there."""
    route: Route | None = None
    """To whom and from where; None where the channel has no way at all, and the state says why."""

    @property
    def channel(self) -> Channel:
        """The channel."""
        return self.state.channel

    def among(self, states: Iterable[ChannelState]) -> tuple[ChannelState, ...]:
        """The states of all channels, this one as it stands here."""
        return tuple(self.state if state.channel is self.channel else state for state in states)


async def target_of(session: AgentSession, route: Route) -> Target:
    """What a route allows now. A conversation that began since is in it."""
    state = await session.read(services.reachability.state, route.identity.id, route.inbox.id)
    return Target(state, replace(route, conversation_id=state.conversation_id))


async def latest_route(session: AgentSession, contact_id: int) -> Route | None:
    """The conversation with the latest message, over all channels; None for a person never spoken to."""
    page = await session.read(services.threads.timeline, contact_id, limit=1)
    if not page.messages:
        return None
    latest = page.messages[-1].message
    found = await session.read(services.messaging.routes_to, contact_id, latest.channel, agent=session.agent)
    return next((route for route in found.routes if route.conversation_id == latest.conversation_id), None)


async def routes_by(session: AgentSession, contact_id: int, state: ChannelState) -> tuple[Routes, Route | None]:
    """All ways on the channel of that state, and the one that the state speaks of."""
    found = await session.read(services.messaging.routes_to, contact_id, state.channel, agent=session.agent)
    wanted = state.identity_id, state.inbox_id
    return found, next((route for route in found.routes if (route.identity.id, route.inbox.id) == wanted), None)
