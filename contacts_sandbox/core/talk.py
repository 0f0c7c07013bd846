"""What people of every channel have in common: they answer after a while, and some write by themselves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.twilio.people import Rule, Talker, Unprompted

Say = Callable[[str], Awaitable[None]]
"""Lets a person write a text to a sender that is already chosen."""

Write = Callable[[str | None, str], Awaitable[None]]
"""Lets a person write a text to a sender: the address, or None for the first there is for them."""


class Talk:
    """Lets people answer, and write by themselves."""

    def __init__(self, state: State, tasks: Tasks) -> None:
        """Run the writing of people who write unprompted in `tasks`."""
        self._state = state
        self._tasks = tasks
        self._writing: dict[str, asyncio.Task[None]] = {}

    def meet(self, key: str, talker: Talker, write: Write) -> None:
        """Start the unprompted messages of a person, if any, and end those of the person who had this `key` before."""
        before = self._writing.pop(key, None)
        if before:
            before.cancel()
        if talker.unprompted:
            self._writing[key] = self._tasks.start(self._write(key, talker.unprompted, write))

    def rule_for(self, talker: Talker, sender: str, body: str) -> Rule | None:
        """Return the rule by which a person answers a message that reached them, now counted as used, or None."""
        return talker.rule_for(sender, body, small_talk=self._state.settings.small_talk)

    async def answer(self, rule: Rule | None, body: str, say: Say) -> None:
        """Answer `body` as the rule demands, after its pause; not at all when there is no rule or no reply."""
        if rule is None or rule.reply is None:
            return
        reply = rule.reply.replace("{body}", body)
        await asyncio.sleep(rule.after + rule.typing * len(reply))
        await say(reply)

    async def _write(self, key: str, plan: Unprompted, write: Write) -> None:
        chance = random.Random(f"{self._state.settings.seed}:{key}")
        while True:
            await asyncio.sleep(chance.uniform(*plan.every))
            await write(plan.to, chance.choice(plan.lines))
