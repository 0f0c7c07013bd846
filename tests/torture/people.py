"""What people do: they write, change what they wrote, and refuse our messages for a while."""

import asyncio
from collections import Counter, defaultdict

from contacts_tui.domain.channel import Channel
from tests.torture import consent
from tests.torture.hands import Hands
from tests.torture.steps import Batch, Block, Edit, Hear, Person
from tests.torture.world import World


class People:
    """Carries out what people do. On Telegram each person's actions follow each other, as they do there."""

    def __init__(self, world: World, hands: Hands, counts: Counter[str]) -> None:
        self._world = world
        self._hands = hands
        self._counts = counts
        self._busy = 0
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._names: dict[int, asyncio.Future[str]] = {}

    @property
    def is_idle(self) -> bool:
        """Whether no person does anything now."""
        return not self._busy

    def begin(self, step: Hear | Edit | Block | Batch) -> None:
        """Count a step as under way from now on; `do` is called next."""
        self._busy += 1
        for hear in _written(step):
            self._names[hear.number] = asyncio.get_running_loop().create_future()

    async def do(self, step: Hear | Edit | Block | Batch) -> None:
        """Carry out a step that was begun."""
        try:
            match step:
                case Hear():
                    await self._hear(step)
                case Edit():
                    await self._edit(step)
                case Block():
                    await self._block(step)
                case Batch():
                    await self._batch(step)
        finally:
            self._busy -= 1
            for hear in _written(step):
                # An edit that waits for the id of a message that was never written is cancelled.
                self._names[hear.number].cancel()

    async def _hear(self, step: Hear) -> None:
        if step.person.channel is Channel.TELEGRAM:
            async with self._turns[step.person.code]:
                name = await self._world.write(step)
        else:
            if step.person.fickle and consent.word_of(step.person.channel, step.text, step.opt_out):
                await self._answered(step.person)
            name = await self._world.write(step)
        self._names[step.number].set_result(name)
        self._counts["messages"] += 1

    async def _edit(self, step: Edit) -> None:
        async with self._turns[step.person.code]:
            name = await self._names[step.number]
            await self._world.edit(step.person, name, step.text)
        self._counts["changes of what was written"] += 1

    async def _block(self, step: Block) -> None:
        async with self._turns[step.person.code]:
            await self._answered(step.person)
            await self._world.block(step.person, blocked=step.blocked)

    async def _batch(self, step: Batch) -> None:
        written = _written(step)
        for hear, name in zip(written, await self._world.write_at_once(step), strict=True):
            self._names[hear.number].set_result(name)
        self._counts["messages"] += len(written)
        self._counts["batches"] += 1
        self._counts["standby"] += step.standby

    async def _answered(self, person: Person) -> None:
        """Wait until no message to this person is being written: a refusal then meets it queued, or just sent."""
        while self._hands.writing[person.code]:
            await asyncio.sleep(0.02)


def _written(step: Hear | Edit | Block | Batch) -> list[Hear]:
    match step:
        case Hear():
            return [step]
        case Batch():
            return [hear for entry in step.entries for hear in entry]
        case _:
            return []
