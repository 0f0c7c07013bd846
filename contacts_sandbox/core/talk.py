"""What people of every channel have in common: they answer after a while, and some write by themselves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.twilio.people import Rule, Talker, Unprompted

Say = Callable[[str], Awaitable[None]]
"""Lets a person write a text to a sender that is settled already."""

Write = Callable[[str | None, str], Awaitable[None]]
"""Lets a person write a text to a sender: the address, or None for the first there is for them."""


class Talk:
    """Keeps people talking."""

    def __init__(self, state: State, tasks: Tasks) -> None:
        """Whoever writes unprompted does so behind the requests, in `tasks`."""
        self._state = state
        self._tasks = tasks
        self._writing: dict[str, asyncio.Task[None]] = {}

    def meet(self, key: str, talker: Talker, write: Write) -> None:
        """Someone is there from now on, in the place of who had that `key` before."""
        before = self._writing.pop(key, None)
        if before:
            before.cancel()
        if talker.unprompted:
            self._writing[key] = self._tasks.start(self._write(key, talker.unprompted, write))

    def rule_for(self, talker: Talker, sender: str, body: str) -> Rule | None:
        """The rule by which someone answers a message that reached them, now counted as used."""
        return talker.rule_for(sender, body, small_talk=self._state.settings.small_talk)

    async def answer(self, rule: Rule | None, body: str, say: Say) -> None:
        """Answer `body` as the rule has it, after its pause."""
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
