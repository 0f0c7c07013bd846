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
    """Where the agent writes. The composer, the notice in its place, and the card all go by it."""

    state: ChannelState
    """What may be sent there."""
    route: Route | None = None
    """To whom and from where; None where the channel has no route, and the state says why."""

    @property
    def channel(self) -> Channel:
        """The channel."""
        return self.state.channel

    def among(self, states: Iterable[ChannelState]) -> tuple[ChannelState, ...]:
        """Return the states of all channels, with this target's own state for its channel."""
        return tuple(self.state if state.channel is self.channel else state for state in states)


async def target_of(session: AgentSession, route: Route) -> Target:
    """Return the target of a route: what it allows now, and the conversation, if one has begun. Raise NotFound."""
    state = await session.read(services.reachability.state, route.identity.id, route.inbox.id)
    return Target(state, replace(route, conversation_id=state.conversation_id))


async def latest_route(session: AgentSession, contact_id: int) -> Route | None:
    """Return the route of the latest message, over all channels; None for a person without any message."""
    page = await session.read(services.threads.timeline, contact_id, limit=1)
    if not page.messages:
        return None
    latest = page.messages[-1].message
    found = await session.read(services.messaging.routes_to, contact_id, latest.channel, agent=session.agent)
    return next((route for route in found.routes if route.conversation_id == latest.conversation_id), None)


async def routes_by(session: AgentSession, contact_id: int, state: ChannelState) -> tuple[Routes, Route | None]:
    """Return all routes on the channel of that state, and the one that the state is about, or None."""
    found = await session.read(services.messaging.routes_to, contact_id, state.channel, agent=session.agent)
    wanted = state.identity_id, state.inbox_id
    return found, next((route for route in found.routes if (route.identity.id, route.inbox.id) == wanted), None)
