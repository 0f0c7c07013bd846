"""A second agent at work in the demo for a team: opens people, writes and answers as the services let any agent do."""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from contacts_tui.demo.documents import read
from contacts_tui.demo.pauses import Span, pauses
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Begun, NewMessage
from contacts_tui.domain.presence import writers
from contacts_tui.domain.views import Route
from contacts_tui.screens.session import AgentSession
from contacts_tui.services import collision, inboxes, messaging, people, queue
from contacts_tui.services.errors import NotFound, ServiceError
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store.errors import StoreError

BETWEEN: Span = (4.0, 8.0)
"""The pause before each person."""
READING: Span = (2.5, 4.5)
"""The pause from opening a person to the first word."""
WORD: Span = (0.3, 0.7)
"""The pause after each word."""
WATCHING: Span = (3.0, 5.0)
"""The pause from sending to leaving the person."""

Pause = Callable[[Span], Awaitable[None]]
"""Waits for a time in the span."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """A person whom the agent looks after."""

    name: str
    inbox: str
    """The inbox's name, from which they are answered."""
    says: tuple[str, ...]
    """Answers, one for each time that they wait; after the last one they are closed."""


def visits(folder: Path) -> tuple[Visit, ...]:
    """Return the people whom the second agent looks after, in their order."""
    told = read(folder, "second_agent.json")["visits"]
    return tuple(Visit(each["with"], each["inbox"], tuple(each["says"])) for each in told)


def at_ease() -> Pause:
    """Return the pauses of a person who reads and types, the same ones each time."""
    drawn = pauses()
    return lambda span: asyncio.sleep(drawn(span))


class SecondAgent:
    """Goes from one person to the next, again and again, and answers those who wait."""

    def __init__(self, session: AgentSession, pause: Pause) -> None:
        """Work in `session`, which is open, at the pace of `pause`."""
        self._session = session
        self._pause = pause
        self._said: Counter[str] = Counter()

    async def work(self, visits: Sequence[Visit]) -> None:
        """Look after these people until cancelled."""
        telling = asyncio.create_task(self._session.presence.run(self._session, lambda _: None))
        try:
            while True:
                for visit in visits:
                    await self._pause(BETWEEN)
                    try:
                        await self._visit(visit)
                    except (ServiceError, StoreError) as error:
                        _log.warning("in the demo %s wasn't answered: %s", visit.name, error)
        finally:
            telling.cancel()
            await asyncio.wait({telling})

    async def _visit(self, visit: Visit) -> None:
        """Answer a person who waits, unless another agent is writing to them; close them after the last answer."""
        route = await self._session.read(_to_answer, visit, self._session.agent)
        if route is None:
            return
        contact_id = route.identity.contact_id
        if writers(self._session.presence.others, contact_id, self._session.agent):
            return
        self._session.presence.open(self, contact_id)
        try:
            if route.conversation_id is not None:
                await self._session.run(messaging.mark_read, route.conversation_id)
            await self._pause(READING)
            await self._answer(visit, route)
            await self._pause(WATCHING)
            if self._said[visit.name] % len(visit.says) == 0:
                await self._session.run(_close, self._session.agent, contact_id)
        finally:
            self._session.presence.leave(self)

    async def _answer(self, visit: Visit, route: Route) -> None:
        """Write and send a text. If it is refused, as after another agent's answer, discard it; raise ServiceError."""
        ends = route.identity.id, route.inbox.id
        after = await self._session.read(collision.begun_after, *ends)
        text, typed = visit.says[self._said[visit.name] % len(visit.says)], ""
        for word in re.findall(r"\S+\s*", text):
            typed += word
            self._session.presence.typed(typed)
            await self._session.run(messaging.save_draft, *ends, typed, after)
            await self._pause(WORD)
        new = NewMessage(messaging.new_uid(), text, author=self._session.agent, begun=Begun(after))
        try:
            await self._session.run(messaging.send, *ends, new)
        except ServiceError:
            await self._session.run(messaging.save_draft, *ends, "")
            raise
        finally:
            self._session.presence.typed("")
        self._said[visit.name] += 1


def _to_answer(session: Session, clock: Clock, visit: Visit, agent: str) -> Route | None:
    """Return the route to a person; None when they aren't there yet, don't wait, or have a draft or no such route."""
    try:
        contact = people.find(session, clock, visit.name)
    except NotFound:
        return None
    entry = queue.entry(session, clock, contact.id)
    if entry is None or entry.waiting_since is None:
        return None
    inbox = inboxes.by_name(session, clock, visit.inbox)
    found = messaging.routes_to(session, clock, contact.id, inbox.channel, agent).routes
    route = next((each for each in found if each.inbox.id == inbox.id), None)
    if route is None or messaging.draft(session, clock, route.identity.id, inbox.id):
        return None
    return route


def _close(session: Session, clock: Clock, agent: str, contact_id: int) -> None:
    """Close a person, unless they wrote again."""
    entry = queue.entry(session, clock, contact_id)
    if entry is not None and entry.waiting_since is None:
        queue.apply(session, clock, agent, [contact_id], Action(Kind.CLOSE))
