"""What agents do: each command is given to one of them, and to another when that one died."""

import asyncio
import time
from collections import Counter
from typing import Any

import uuid_utils

from tests.torture import store_book
from tests.torture.books import Asked
from tests.torture.processes import Gone
from tests.torture.steps import AGENTS, Again, Look, Person, Send, Settle
from tests.torture.world import World

DOUBT_LIMIT = 20.0
"""Seconds in which an agent waits for a doubtful message while messages are still being sent."""


AWAY_LIMIT = 60.0
"""Seconds in which a store answers again after a restart of its server."""


class Hands:
    """Carries out what agents do, and notes what they were asked and how they answered."""

    def __init__(self, world: World, counts: Counter[str]) -> None:
        self.asked = Asked()
        self.writing: Counter[str] = Counter()
        """How many messages to each person are being written now, by the person's code."""
        self._world = world
        self._counts = counts
        self._known: dict[str, tuple[int, int]] = {}

    async def send(self, step: Send) -> None:
        """Write a message."""
        self.writing[step.person.code] += 1
        try:
            answer = await self._sent(step)
        finally:
            self.writing[step.person.code] -= 1
        self._counts["messages"] += 1
        if "done" not in answer:
            self._counts["not allowed"] += 1

    async def look(self, step: Look) -> None:
        """Read a conversation."""
        _, conversation = await self._conversation(step.person)
        if conversation:
            await self._ask(step.agent, "look", {"conversation": conversation})
            self._counts["threads read"] += 1

    async def again(self, step: Again) -> None:
        """Have the agent send a message again that failed or is in doubt; each message once."""
        wanted = "SELECT id FROM message WHERE status IN ('failed', 'unknown') ORDER BY status DESC, id"
        found = next((row[0] for row in await self.rows(wanted) if row[0] not in self.asked.again), None)
        if found is None:
            return
        self.asked.again[found] = 1
        try:
            answer = await self._world.agents[AGENTS[step.agent]].ask("again", message=found)
        except Gone:
            # The command may have been done: the message then has one more attempt, or none.
            return
        if "done" in answer:
            self._counts["sent again by the agent"] += 1
        else:
            self.asked.again[found] = 0

    async def settle(self, step: Settle) -> None:
        """Say of the latest message in doubt that it arrived: sending again begins with the oldest."""
        found = await self._doubtful()
        if found is None:
            return
        self.asked.arrived.add(found)
        author = AGENTS[step.agent]
        try:
            answer = await self._world.agents[author].ask("settle", message=found, author=author)
        except Gone:
            # The command may have been done.
            return
        if "done" in answer:
            self._counts["settled by the agent"] += 1
        else:
            self.asked.arrived.discard(found)

    async def rows(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a query as soon as the store answers. Raise AssertionError after AWAY_LIMIT."""
        deadline = time.monotonic() + AWAY_LIMIT
        while (found := store_book.rows(self._world.location, query, *values)) is None:
            if time.monotonic() > deadline:
                raise AssertionError("the store can't be asked any more")
            await asyncio.sleep(0.1)
        return found

    async def _doubtful(self) -> int | None:
        wanted = (
            "SELECT message.id FROM message JOIN inbox ON inbox.id = inbox_id "
            "WHERE status = 'unknown' AND channel = 'telegram' ORDER BY message.id DESC"
        )
        deadline = time.monotonic() + DOUBT_LIMIT
        while True:
            calm = not await self.rows("SELECT 1 FROM outbox WHERE task = 'send'") or time.monotonic() > deadline
            for (found,) in await self.rows(wanted):
                if found not in self.asked.again and found not in self.asked.arrived:
                    return int(found)
            if calm:
                return None
            await asyncio.sleep(0.1)

    async def _sent(self, step: Send) -> dict[str, Any]:
        identity, _ = await self._conversation(step.person)
        uid = str(uuid_utils.uuid7())
        command = {
            "identity": identity,
            "inbox": self._world.inboxes[step.person.channel, step.person.sender].id,
            "uid": uid,
            "author": AGENTS[step.agent],
            "text": step.text,
            "template": step.template,
            "human": step.human,
        }
        answer = await self._ask(step.agent, "send", command)
        if "done" in answer:
            self.asked.stored[uid] = step.text
        return answer

    async def _ask(self, agent: int, do: str, command: dict[str, Any]) -> dict[str, Any]:
        """Ask agents until one lives long enough to answer, and return that: no command is carried out twice."""
        while True:
            somebody = self._world.agents[AGENTS[agent]]
            try:
                answer = await somebody.ask(do, **command)
            except Gone:
                somebody.check()
                self._counts["commands given again"] += 1
                agent = (agent + 1) % len(AGENTS)
            else:
                if "failed" not in answer:
                    return answer
                self._counts["commands given again: the store was busy"] += 1
            await asyncio.sleep(0.1)

    async def _conversation(self, person: Person) -> tuple[int, int]:
        """Return the ids of a person's identity and of their conversation, 0 before its first message."""
        identity, conversation = self._known.get(person.code, (0, 0))
        while not conversation:
            rows = await self.rows(
                "SELECT identity.id, coalesce(conversation.id, 0) FROM identity "
                "LEFT JOIN conversation ON conversation.identity_id = identity.id WHERE channel = ? AND address = ?",
                person.channel.value,
                person.address,
            )
            if rows:
                identity, conversation = self._known[person.code] = rows[0]
                break
            # The person's first message is on its way.
            await asyncio.sleep(0.1)
        return identity, conversation
