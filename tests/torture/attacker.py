"""Carries out the attacks on processes, their disk and their store. None of them moves the clock."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.torture import provider_book, store_book
from tests.torture.attack_rules import Attacked
from tests.torture.books import Replaced
from tests.torture.forgeries import forgeries
from tests.torture.hands import Hands
from tests.torture.people import People
from tests.torture.steps import Besiege, Cut, Disturb, Ending, Fill, Hear, Line, Replace, Restart, Stop
from tests.torture.strangers import Strangers
from tests.torture.world import World

REST_LIMIT = 240.0
"""Seconds in which messages have to be sent, and webhooks and updates delivered, once nothing new happens."""


SIGNALS = {Ending.IN_ORDER: signal.SIGINT, Ending.AT_ONCE: signal.SIGQUIT, Ending.KILLED: signal.SIGKILL}
_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND random() < ?"
)


class Attacker:
    """All attacks but kill -9, which the driver does."""

    def __init__(self, world: World, hands: Hands, people: People, counts: Counter[str], seed: int) -> None:
        self.replaced: list[Replaced] = []
        """Each file that was replaced."""
        self._world = world
        self._hands = hands
        self._people = people
        self._counts = counts
        self._one_restart = asyncio.Lock()
        chance = random.Random(seed)
        forged = forgeries(world.scene, world.public_url, chance)
        self.strangers = Strangers(chance, forged, world.path_for_long_bodies)
        """The strangers, and how they were answered."""

    def disturb(self, step: Disturb) -> None:
        """Have the next piece on a connection cut or held up."""
        self._world.proxies[step.line].disturb(step)

    async def stop(self, step: Stop) -> None:
        """Send SIGSTOP to a program, and SIGCONT when its leases have run out."""
        await asyncio.sleep(step.after)
        program = self._world.program(step.who)
        program.stop()
        self._counts[f"stopped {step.who.partition(' ')[0]}"] += 1
        try:
            await asyncio.sleep(step.seconds)
        finally:
            program.go_on()

    async def fill(self, step: Fill) -> None:
        """Fill the disk for a time: no process on our side can make a file longer than the limit."""
        ours = self._world.all_of_ours()
        for program in ours:
            program.limit_files(step.limit)
        self._counts["full disks"] += 1
        try:
            await asyncio.sleep(step.seconds)
        finally:
            for program in ours:
                program.limit_files(None)

    async def besiege(self, step: Besiege) -> None:
        """Let strangers besiege the workers, until their time is over."""
        await self.strangers.come(self._world.worker_urls, step.idle, step.forged, step.seconds)

    async def replace(self, step: Replace) -> None:
        """Put a copy of the store in its place while every process works with it.

        No message waits to be sent when the copy is made. With a copy that is put back by hand, a message that waits in
        it is sent twice (`store restore` calls such messages unknown).
        """
        world, number = self._world, len(self.replaced) + 1
        await self._waited_for(self._is_quiet, "nothing to wait to leave")
        copy = world.folder / f"copy {number}"
        code, said = await world.command("store", "backup", str(copy))
        if code:
            raise AssertionError(f"no backup could be taken: {said}")
        await asyncio.gather(*map(self._hear, step.before))
        there = provider_book.theirs(*await world.record())
        acknowledged = frozenset(entry.key for entry in there.written if entry.acknowledged)
        writing = [asyncio.create_task(self._hear(one)) for one in step.meanwhile]
        await asyncio.sleep(step.after)
        if step.stopped:
            world.workers[step.stopped].stop()
        aside = world.folder / f"aside {number}.db"
        world.path.rename(aside)
        (copy / "contacts.db").rename(world.path)
        await asyncio.gather(*(world.lost_its_store(name) for name in world.workers if name != step.stopped))
        for name in world.agents:
            await world.kill(name)
        if step.stopped:
            world.workers[step.stopped].go_on()
            await world.lost_its_store(step.stopped)
        await asyncio.gather(*writing)
        # A worker that stood still in the middle of a transaction keeps the others from writing the log back into the
        # file: they put it beside the file, and say in their own log what is to be done with it.
        for log in world.folder.glob("store.db-wal-of-replaced-*"):
            log.rename(aside.with_name(f"{aside.name}-wal"))
            self._counts["logs that were put aside with a store"] += 1
        heard = frozenset(entry.key for entry in store_book.ours(f"sqlite:///{aside}").heard)
        self.replaced.append(Replaced(aside, acknowledged, heard))
        self._counts["stores replaced"] += 1

    async def restart(self, step: Restart) -> None:
        """Stop the database server as the step says, and start it again after a while."""
        await asyncio.sleep(step.after)
        server = self._world.server
        assert server is not None
        async with self._one_restart:
            self._world.endings += 1
            await asyncio.to_thread(server.stop, SIGNALS[step.how])
            await asyncio.sleep(step.away)
            self._world.endings += 1
            await asyncio.to_thread(server.start)
        self._counts[f"database server ended {step.how}"] += 1

    async def cut(self, step: Cut) -> None:
        """End a share of the connections at the database server."""
        await asyncio.sleep(step.after)
        self._world.endings += 1
        self._counts["database connections cut"] += len(await self._hands.rows(_CUT, step.share))
        self._world.endings += 1

    async def outcome(self) -> Attacked:
        """Return what is known of the attacks, when everything is at rest and no program runs."""
        for proxy, line in ((self._world.proxies[line], line) for line in Line):
            for what, count in proxy.met.items():
                self._counts[f"connections {line}: {what}"] = count
        self._counts["connections of strangers that stood still"] = self.strangers.held
        checks = []
        for path in (None, *(one.path for one in self.replaced)):
            code, said = await self._world.command("store", "check", path=path)
            checks.append((path or self._world.path, code, said))
        return Attacked(self.strangers.answered, self.replaced, checks)

    async def _hear(self, step: Hear) -> None:
        self._people.begin(step)
        await self._people.do(step)

    async def _is_quiet(self) -> bool:
        if await self._hands.rows("SELECT 1 FROM outbox WHERE task = 'send'"):
            return False
        state = await self._world.look("state")
        waiting = any(bot["updates"] for bot in state["telegram_bots"])
        return not waiting and not (await self._world.look("health"))["busy"]

    async def _waited_for(self, is_so: Callable[[], Awaitable[bool]], what: str) -> None:
        deadline = time.monotonic() + REST_LIMIT
        while not await is_so():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}")
            await asyncio.sleep(0.1)
