"""Carries out a plan: many things at once, in the order in which they begin."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any

import uuid_utils

from tests.torture import books, ledger
from tests.torture.desk import Desk
from tests.torture.plan import (
    AGENTS,
    DAY,
    DESKS,
    MOVES,
    Again,
    Break,
    Cut,
    Day,
    Hear,
    Kill,
    Look,
    Move,
    Person,
    Plan,
    Send,
    Step,
    Type,
)
from tests.torture.processes import Gone
from tests.torture.report import Outcome, summary
from tests.torture.world import World

AT_ONCE = 40
"""Things that are under way at the same time."""
MOST_WAITING = 120
"""Messages in the outbox at which no more are written."""
REST_LIMIT = 240.0
"""Seconds in which everything has to come to rest, once nothing new happens; and a little more for each message."""
PROGRESS = 10.0
"""Seconds between two lines of progress."""
LOOKS_FOR_EVIDENCE = 10
"""How often the clock is moved past the longest pause between two looks for evidence."""
LONGEST_PAUSE = 31 * 60.0
"""Somewhat over the longest pause between two looks for evidence, in seconds."""


class Driver:
    """Plays one plan in one world."""

    def __init__(self, plan: Plan, world: World, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._world = world
        self._say = say
        self._asked = books.Asked()
        self._counts: Counter[str] = Counter()
        self._complaints: list[str] = []
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()
        self._hearing = 0
        self._dying: set[str] = set()
        self._known: dict[str, tuple[int, int]] = {}
        self._end_of_windows = 0.0
        self._place = MOVES[0]
        self._started = time.monotonic()
        self._desks = {name: Desk(name, world.desk_command(), world.folder / name, world.path) for name in DESKS}

    @property
    def complaints(self) -> list[str]:
        """What is wrong so far."""
        return self._complaints

    async def run(self) -> Outcome:
        """From the first message to the comparison."""
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
        """Ends the interfaces at once, at the end of a run that failed."""
        for desk in self._desks.values():
            desk.abandon()

    async def _do(self, step: Step) -> None:
        match step:
            case Send():
                await self._begin(self._send(step))
            case Hear():
                self._hearing += 1
                await self._begin(self._hear(step))
            case Type():
                self._desks[DESKS[step.desk]].work.put(step)
                self._counts["messages"] += 1
            case Look():
                await self._begin(self._look(step))
            case Again():
                await self._begin(self._again(step))
            case Break():
                await self._break(step)
            case Cut():
                self._world.front.cuts += 1
            case Kill():
                self._start(self._kill(step))
            case Move():
                await self._move(step)
            case Day():
                await self._day()

    async def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts something as soon as there is a place for it."""
        await self._places.acquire()
        while self._waiting() > MOST_WAITING:
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

    # What agents do

    async def _send(self, step: Send) -> None:
        identity, _ = await self._conversation(step.person)
        uid = str(uuid_utils.uuid7())
        command = {
            "identity": identity,
            "inbox": self._world.inboxes[step.person.channel, step.person.sender].id,
            "uid": uid,
            "author": AGENTS[step.agent],
            "text": step.text,
            "template": step.template,
        }
        answer = await self._ask(step.agent, "send", command)
        self._counts["messages"] += 1
        if "done" in answer:
            self._asked.stored[uid] = step.text
        else:
            self._counts["not allowed by the window"] += 1

    async def _look(self, step: Look) -> None:
        _, conversation = await self._conversation(step.person)
        if conversation:
            await self._ask(step.agent, "look", {"conversation": conversation})
            self._counts["threads read"] += 1

    async def _again(self, step: Again) -> None:
        """What an agent does with a message that failed or is in doubt: sends it again, each one once."""
        wanted = "SELECT id FROM message WHERE status IN ('failed', 'unknown') ORDER BY status DESC, id"
        found = next((row[0] for row in self._rows(wanted) if row[0] not in self._asked.again), None)
        if found is None:
            return
        self._asked.again[found] = 1
        try:
            answer = await self._world.agents[AGENTS[step.agent]].ask("again", message=found)
        except Gone:
            # It may have been done: one more try is then to be found, or none.
            return
        if "done" in answer:
            self._counts["sent again by the agent"] += 1
        else:
            self._asked.again[found] = 0

    async def _ask(self, agent: int, do: str, command: dict[str, Any]) -> dict[str, Any]:
        """Asks until somebody lives long enough to answer: what was done already is not done twice."""
        while True:
            try:
                return await self._world.agents[AGENTS[agent]].ask(do, **command)
            except Gone:
                self._counts["commands given again"] += 1
                agent = (agent + 1) % len(AGENTS)
                await asyncio.sleep(0.1)

    # What people and providers do

    async def _hear(self, step: Hear) -> None:
        try:
            await self._world.write(step.person, step.text)
            self._counts["messages"] += 1
        finally:
            self._hearing -= 1

    async def _break(self, step: Break) -> None:
        fault = {"when": step.when, "kind": step.kind, "count": step.count, "seconds": step.seconds}
        await self._world.control("faults", fault)
        self._counts[f"fault {step.when} {step.kind}"] += step.count

    async def _kill(self, step: Kill) -> None:
        if step.who in self._dying:
            return
        self._dying.add(step.who)
        try:
            await asyncio.sleep(step.after)
            if step.who in self._desks:
                self._desks[step.who].kill()
            else:
                await self._world.kill(step.who)
            self._counts[f"killed {step.who.partition(' ')[0]}"] += 1
        finally:
            self._dying.discard(step.who)

    # The clock

    async def _day(self) -> None:
        """Everyone has written: a day goes by, up to a little before the end of their windows."""
        began = self._world.clock()
        await self._drained(self._is_heard, "what people wrote at the beginning of a day")
        # Updates that nobody fetched for a day are gone at Telegram.
        await self._telegram_fetched()
        await self._world.move_clock(DAY + MOVES[0])
        self._end_of_windows = began.timestamp() + DAY
        self._place = MOVES[0]
        self._counts["days"] += 1

    async def _move(self, step: Move) -> None:
        """To another place about the end of the windows; never by much backwards, however long the run takes."""
        await self._drained(self._is_heard, "people who write")
        if step.place < self._place:
            await self._world.move_clock(step.place - self._place)
        else:
            ahead = self._end_of_windows + step.place - self._world.clock().timestamp()
            await self._world.move_clock(max(ahead, 0.0))
        self._place = step.place
        self._counts["moves of the clock"] += 1

    def _is_heard(self) -> bool:
        return not self._hearing

    async def _telegram_fetched(self) -> None:
        deadline = time.monotonic() + REST_LIMIT
        while any(bot["updates"] for bot in (await self._world.look("state"))["telegram_bots"]):
            if time.monotonic() > deadline:
                raise AssertionError("waited in vain for what people wrote on Telegram to be fetched")
            await asyncio.sleep(0.2)

    # The end

    async def _come_to_rest(self) -> None:
        """Nothing goes wrong any more: everything that waits is carried out, and every doubt looked into."""
        self._say("coming to rest")
        await self._world.control("faults", method="DELETE")
        self._world.front.cuts = 0
        for desk in self._desks.values():
            desk.work.put(None)
        await self._drained(lambda: not any(desk.is_alive() for desk in self._desks.values()), "the desks")
        deadline = time.monotonic() + REST_LIMIT + len(self._plan.steps) / 20
        looks = 0
        while looks < LOOKS_FOR_EVIDENCE:
            if time.monotonic() > deadline:
                self._complaints.append(f"not at rest after so long: {self._waiting()} wait in the outbox")
                return
            await asyncio.sleep(1.0)
            if await self._is_moving():
                # Leases of the dead run out, and pauses end.
                await self._world.move_clock(5.0)
            elif not self._waiting():
                return
            else:
                await self._world.move_clock(LONGEST_PAUSE)
                looks += 1

    async def _is_moving(self) -> bool:
        if self._rows("SELECT 1 FROM outbox WHERE task = 'send' OR lease_owner <> ''"):
            return True
        now = int(self._world.clock().timestamp() * 1_000_000)
        if self._rows(f"SELECT 1 FROM outbox WHERE not_before <= {now}"):
            return True
        state = await self._world.look("state")
        return bool((await self._world.look("health"))["busy"]) or any(bot["updates"] for bot in state["telegram_bots"])

    async def _compare(self) -> None:
        self._say("comparing the two records")
        for desk in self._desks.values():
            self._asked.typed += desk.typed
            self._complaints += desk.trouble
            self._counts["written by keys"] += desk.done
        try:
            await self._world.end_workers()
        except AssertionError as error:
            self._complaints.append(str(error))
        record = (await self._world.look("messages"))["messages"]
        state = await self._world.look("state")
        self._world.keep("messages.json", record)
        self._world.keep("state.json", state)
        ours, theirs = books.ours(self._world.path), books.theirs(record, state)
        self._complaints += ledger.compare(ours, theirs, self._asked)
        self._complaints += self._world.tracebacks()
        self._counts["answers cut off"] = self._world.front.lost
        self._counts += summary(ours, theirs)

    # Help

    async def _drained(self, is_done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + REST_LIMIT + len(self._plan.steps) / 20
        while not is_done():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}")
            await asyncio.sleep(0.05)

    async def _conversation(self, person: Person) -> tuple[int, int]:
        """The ids of a person's identity and, once somebody wrote, of the conversation with them."""
        identity, conversation = self._known.get(person.code, (0, 0))
        while not conversation:
            rows = self._rows(
                "SELECT identity.id, coalesce(conversation.id, 0) FROM identity "
                "LEFT JOIN conversation ON conversation.identity_id = identity.id WHERE channel = ? AND address = ?",
                person.channel.value,
                person.address,
            )
            if rows:
                identity, conversation = self._known[person.code] = rows[0]
                break
            # Their first message is on its way.
            await asyncio.sleep(0.1)
        return identity, conversation

    def _waiting(self) -> int:
        return int(self._rows("SELECT count(*) FROM outbox")[0][0])

    def _rows(self, query: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(f"{self._world.path.as_uri()}?mode=ro", uri=True)) as store:
            return store.execute(query, values).fetchall()

    async def _tell(self) -> None:
        total = sum(isinstance(step, (Send, Hear, Type)) for step in self._plan.steps)
        while True:
            await asyncio.sleep(PROGRESS)
            kills = sum(count for name, count in self._counts.items() if name.startswith("killed"))
            self._say(
                f"{self._counts['messages']} of {total} messages, {self._waiting()} in the outbox, "
                f"{kills} kills, clock at {self._world.clock():%d %b %H:%M:%S}"
            )
