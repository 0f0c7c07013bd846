"""Carries out a plan: many steps at once, begun in their order."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from tests.torture import attack_rules, ledger, provider_book, store_book
from tests.torture.attacker import Attacker
from tests.torture.desk import Desk, StoreAtHand
from tests.torture.hands import Hands
from tests.torture.people import People
from tests.torture.plan import Plan
from tests.torture.report import Outcome, attack_summary, summary
from tests.torture.steps import (
    DAY,
    DESKS,
    MOVES,
    WEEK,
    Again,
    Batch,
    Besiege,
    Block,
    Break,
    Calm,
    Cut,
    Day,
    Disturb,
    Edit,
    Fill,
    Hear,
    Kill,
    Look,
    Move,
    Replace,
    Restart,
    Send,
    Settle,
    Step,
    Stop,
    Type,
    Week,
    messages_in,
)
from tests.torture.world import World

AT_ONCE = 40
"""Steps that are under way at the same time."""
CALM_LIMIT = 20.0
"""Seconds to wait until messages are sent; those that wait for a pause may take longer."""
MOST_WAITING = 120
"""The number of messages waiting to be sent above which no more are written."""
REST_LIMIT = 240.0
"""Seconds in which everything has to come to rest, once nothing new happens; and a little more for each message."""
PROGRESS = 10.0
"""Seconds between two lines of progress."""
LOOKS_FOR_EVIDENCE = 10
"""How often the clock is moved past the longest pause between two looks for evidence."""
LONGEST_PAUSE = 31 * 60.0
"""Seconds, somewhat over the longest pause between two looks for evidence."""


class Driver:
    """Plays one plan in one world."""

    def __init__(self, plan: Plan, world: World, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._world = world
        self._say = say
        self._counts: Counter[str] = Counter()
        self._hands = Hands(world, self._counts)
        self._people = People(world, self._hands, self._counts)
        self._attacker = Attacker(world, self._hands, self._people, self._counts, plan.seed)
        self._complaints: list[str] = []
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()
        self._dying: set[str] = set()
        self._end_of_windows = 0.0
        self._place = MOVES[0]
        self._started = time.monotonic()
        names = DESKS if any(isinstance(step, Type) for step in plan.steps) else ()
        store = StoreAtHand(world.location, lambda: world.endings)
        self._desks = {name: Desk(name, world.desk_command(), world.folder / name, store) for name in names}

    @property
    def complaints(self) -> list[str]:
        """What is wrong so far."""
        return self._complaints

    async def run(self) -> Outcome:
        """Carry out the plan, from the first message to the comparison, and return the outcome."""
        for desk in self._desks.values():
            desk.start()
        telling = asyncio.create_task(self._tell())
        try:
            for step in self._plan.steps:
                await self._do(step)
            await self._drained(lambda: not self._under_way, "everything that was begun")
            await self._come_to_rest()
            await self._compare()
        finally:
            telling.cancel()
            for task in self._under_way:
                task.cancel()
        return Outcome(self._counts, self._complaints, time.monotonic() - self._started)

    def abandon(self) -> None:
        """End the interfaces at once, at the end of a run that failed."""
        for desk in self._desks.values():
            desk.abandon()

    async def _do(self, step: Step) -> None:
        match step:
            case Send():
                await self._begin(self._hands.send(step))
            case Hear() | Edit() | Block() | Batch():
                self._people.begin(step)
                await self._begin(self._people.do(step))
            case Type():
                self._desks[DESKS[step.desk]].work.put(step)
                self._counts["messages"] += 1
            case Look():
                await self._begin(self._hands.look(step))
            case Again():
                await self._begin(self._hands.again(step))
            case Settle():
                await self._begin(self._hands.settle(step))
            case Break():
                await self._break(step)
            case Disturb():
                self._attacker.disturb(step)
            case Kill():
                self._start(self._kill(step))
            case Stop():
                self._start(self._attacker.stop(step))
            case Fill():
                self._start(self._attacker.fill(step))
            case Besiege():
                self._start(self._attacker.besiege(step))
            case Restart():
                self._start(self._attacker.restart(step))
            case Cut():
                self._start(self._attacker.cut(step))
            case Replace():
                await self._drained(lambda: not self._under_way, "everything that was begun")
                await self._attacker.replace(step)
            case Move():
                await self._move(step)
            case Day():
                await self._go_by(DAY)
                self._counts["days"] += 1
            case Week():
                await self._go_by(WEEK)
                self._counts["weeks"] += 1
            case Calm():
                await self._calm()

    async def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Start some work as soon as there is a place for it and the outbox isn't too full."""
        await self._places.acquire()
        while await self._waiting_to_be_sent() > MOST_WAITING:
            await asyncio.sleep(0.1)
        self._start(work).add_done_callback(lambda _: self._places.release())

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._complaints.append(f"the run itself: {task.exception()!r}")

    # Faults of providers, and kills

    async def _break(self, step: Break) -> None:
        fault = {"when": step.when, "kind": step.kind, "count": step.count, "seconds": step.seconds}
        if step.to:
            fault["match"] = {"to": step.to}
        await self._world.control("faults", fault)
        self._counts[f"fault {step.when} {step.kind}"] += step.count

    async def _kill(self, step: Kill) -> None:
        if step.who in self._dying:
            return
        self._dying.add(step.who)
        try:
            await asyncio.sleep(step.after)
            if step.who in DESKS:
                if step.who not in self._desks:
                    return
                self._desks[step.who].kill()
            else:
                await self._world.kill(step.who)
            self._counts[f"killed {step.who.partition(' ')[0]}"] += 1
        finally:
            self._dying.discard(step.who)

    # The clock

    async def _go_by(self, seconds: float) -> None:
        """Let a day or a week pass when everyone has written, up to a little before the end of their windows."""
        began = self._world.clock()
        await self._drained(self._is_heard, "what people wrote at the beginning of it")
        # Telegram drops updates that no process fetched for a day.
        await self._telegram_fetched()
        await self._world.move_clock(seconds + MOVES[0])
        self._end_of_windows = began.timestamp() + seconds
        self._place = MOVES[0]

    async def _move(self, step: Move) -> None:
        """Move the clock to another place around the end of the windows; never far back, however long a run is."""
        await self._drained(self._is_heard, "people who write")
        if step.place < self._place:
            await self._world.move_clock(step.place - self._place)
        else:
            ahead = self._end_of_windows + step.place - self._world.clock().timestamp()
            await self._world.move_clock(max(ahead, 0.0))
        self._place = step.place
        self._counts["moves of the clock"] += 1

    async def _calm(self) -> None:
        deadline = time.monotonic() + CALM_LIMIT
        while time.monotonic() < deadline and (self._under_way or await self._waiting_to_be_sent()):
            await asyncio.sleep(0.1)

    def _is_heard(self) -> bool:
        return self._people.is_idle

    async def _telegram_fetched(self) -> None:
        deadline = time.monotonic() + REST_LIMIT
        while any(bot["updates"] for bot in (await self._world.look("state"))["telegram_bots"]):
            if time.monotonic() > deadline:
                raise AssertionError("waited in vain for what people wrote on Telegram to be fetched")
            await asyncio.sleep(0.2)

    # The end

    async def _come_to_rest(self) -> None:
        """End all faults, and move the clock until every message that waits is sent and every doubt looked into."""
        self._say("coming to rest")
        await self._world.control("faults", method="DELETE")
        for proxy in self._world.proxies.values():
            proxy.leave_alone()
        for desk in self._desks.values():
            desk.work.put(None)
        await self._drained(lambda: not any(desk.is_alive() for desk in self._desks.values()), "the desks")
        deadline = time.monotonic() + REST_LIMIT + len(self._plan.steps) / 20
        looks = 0
        while looks < LOOKS_FOR_EVIDENCE:
            if time.monotonic() > deadline:
                self._complaints.append(f"not at rest after so long: {await self._waiting()} wait in the outbox")
                return
            await asyncio.sleep(1.0)
            if await self._is_moving():
                # Leases of killed processes run out, and pauses end.
                await self._world.move_clock(5.0)
            elif not await self._waiting():
                return
            else:
                await self._world.move_clock(LONGEST_PAUSE)
                looks += 1

    async def _is_moving(self) -> bool:
        if await self._hands.rows("SELECT 1 FROM outbox WHERE task = 'send' OR lease_owner <> ''"):
            return True
        now = int(self._world.clock().timestamp() * 1_000_000)
        if await self._hands.rows(f"SELECT 1 FROM outbox WHERE not_before <= {now}"):
            return True
        state = await self._world.look("state")
        return bool((await self._world.look("health"))["busy"]) or any(bot["updates"] for bot in state["telegram_bots"])

    async def _compare(self) -> None:
        self._say("comparing the two records")
        for desk in self._desks.values():
            self._hands.asked.typed += desk.typed
            self._complaints += desk.trouble
            self._counts["written by keys"] += desk.done
        try:
            await self._world.end_workers()
        except AssertionError as error:
            self._complaints.append(str(error))
        record, state = await self._world.record()
        self._world.keep("messages.json", record)
        self._world.keep("state.json", state)
        ours, theirs = store_book.ours(self._world.location), provider_book.theirs(record, state)
        attacked = await self._attacker.outcome()
        self._complaints += ledger.compare(
            ours, attack_rules.without_what_was_put_aside(ours, theirs, attacked.replaced), self._hands.asked
        )
        self._complaints += attack_rules.judge(ours, theirs, attacked)
        self._complaints += self._world.tracebacks()
        self._counts += summary(ours, theirs)
        self._counts += attack_summary(theirs, attacked)

    # Help

    async def _drained(self, is_done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + REST_LIMIT + len(self._plan.steps) / 20
        while not is_done():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}")
            await asyncio.sleep(0.05)

    async def _waiting(self) -> int:
        return int((await self._hands.rows("SELECT count(*) FROM outbox"))[0][0])

    async def _waiting_to_be_sent(self) -> int:
        return int((await self._hands.rows("SELECT count(*) FROM outbox WHERE task = 'send'"))[0][0])

    async def _tell(self) -> None:
        total = sum(map(messages_in, self._plan.steps))
        while True:
            await asyncio.sleep(PROGRESS)
            kills = sum(count for name, count in self._counts.items() if name.startswith("killed"))
            self._say(
                f"{self._counts['messages']} of {total} messages, {await self._waiting()} in the outbox, "
                f"{kills} kills, clock at {self._world.clock():%d %b %H:%M:%S}"
            )
