"""The processes of a run on one store: sandbox, workers, agents. Any that is killed is started again."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from contacts_sandbox.database_server import Server
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import templates
from contacts_tui.store.store import Store
from tests.torture.clock import SharedClock
from tests.torture.processes import ROOT, Agent, Gone, Program, surroundings
from tests.torture.proxy import Proxy
from tests.torture.scene import Scene
from tests.torture.steps import AGENTS, SENDERS_EACH, WORKERS, Batch, Hear, Line, Person
from tests.torture.store_book import keep_journal

MOST_STARTS = 10
"""How often a worker is started that ends before it listens. Each waits for the store's lock for ten seconds; where a
server is away it ends at once.
"""


class World:
    """A store with inboxes on all channels, the sandbox that they are at, and all processes that work with it."""

    def __init__(self, folder: Path, people: Sequence[Person], server: Server | None = None) -> None:
        """Keep the store in a file of `folder`, or on `server`."""
        self.folder = folder
        self.server = server
        self.endings = 0
        """Increased before and after each time that the server ends or cuts connections."""
        self.people = people
        self.path = folder / "store.db"
        self.clock_file = folder / "clock"
        self.clock = SharedClock.create(self.clock_file)
        self.proxies = {line: Proxy() for line in Line}
        self.client = httpx.AsyncClient(trust_env=False, timeout=60)
        self.scene = Scene(folder, people)
        self._sandbox = Program(
            "sandbox", self._program("sandbox", "--port", "0", "--exit-with-stdin"), folder / "sandbox"
        )
        self.workers: dict[str, Program] = {}
        self.agents: dict[str, Agent] = {}
        self.sandbox_url = ""
        self.public_url = ""
        """The base URL that providers call."""
        self.worker_urls: dict[str, str] = {}
        """The base URL of each worker, while it listens."""

    @property
    def inboxes(self) -> Mapping[tuple[Channel, int], Inbox]:
        """Our senders, by channel and number."""
        return self.scene.inboxes

    @property
    def path_for_long_bodies(self) -> str:
        """The path of a webhook that accepts bodies of megabytes."""
        return f"/webhooks/{self.inboxes[Channel.MESSENGER, 0].id}/inbound"

    @property
    def location(self) -> str:
        """The address of the store."""
        return self.server.address() if self.server else f"sqlite:///{self.path}"

    async def start(self) -> None:
        """Start all processes, with our senders and the people known to the store and the sandbox."""
        await self._sandbox.start()
        self.sandbox_url = await self._sandbox.url()
        public_url = self.public_url = await self.proxies[Line.RECEIVER].open()
        self.proxies[Line.PROVIDERS].add("sandbox", self.sandbox_url)
        providers_url = await self.proxies[Line.PROVIDERS].open()
        store = Store.open(self.location, self.clock)
        try:
            self.scene.connect(store, providers_url, public_url)
            await self.control("seed", self.scene.seed(public_url))
            adapters = Adapters()
            for number in range(SENDERS_EACH):
                await templates.sync(store, adapters, self.inboxes[Channel.WHATSAPP, number].id)
            await adapters.aclose()
        finally:
            store.close()
        keep_journal(self.location)
        serve = ("serve", "--database", self.location, "--port", "0", "--exit-with-stdin", "--public-url", public_url)
        for name in WORKERS:
            self.workers[name] = Program(name, self._program(*serve), self.folder / name)
        for name in AGENTS:
            command = (sys.executable, "-m", "tests.torture.agent", str(self.clock_file), self.location)
            self.agents[name] = Agent(name, command, self.folder / name)
        await asyncio.gather(*map(self._begin, self.workers), *(agent.start() for agent in self.agents.values()))

    async def kill(self, name: str) -> None:
        """Kill a worker or an agent, and start a new one."""
        if name in self.workers:
            await self.workers[name].kill()
            self._forget(name)
            await self._begin(name)
        else:
            await self.agents[name].kill()
            await self.agents[name].start()

    def program(self, name: str) -> Program:
        """Return the worker or agent of this name."""
        return self.workers.get(name) or self.agents[name]

    def all_of_ours(self) -> list[Program]:
        """Return the programs of all workers and agents."""
        return [*self.workers.values(), *self.agents.values()]

    async def lost_its_store(self, name: str) -> None:
        """Wait until a worker ends by itself because its store was replaced; start it again, as a supervisor does."""
        code = await self.workers[name].expired()
        self._forget(name)
        if code != 1:
            raise AssertionError(f"{name} ended with {code} when its store was replaced: see {self.folder / name}")
        await self._begin(name)

    async def command(self, *arguments: str, path: Path | None = None) -> tuple[int, str]:
        """Run a command on the store, or on the file `path`; return its exit status and its output."""
        folder = self.folder / "commands"
        folder.mkdir(exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            *self._program("--database", f"sqlite:///{path}" if path else self.location, *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=surroundings(folder),
            cwd=ROOT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def record(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return the provider's own record: its messages, and its state."""
        return (await self.look("messages"))["messages"], await self.look("state")

    async def end_workers(self) -> None:
        """Let workers and agents end in order. Raise AssertionError when one of them had ended before, or can't."""
        working = self.all_of_ours()
        for program in working:
            program.check()
        await asyncio.gather(*(program.end() for program in working))

    def keep(self, name: str, document: object) -> None:
        """Write a document as JSON into the run's folder."""
        (self.folder / name).write_text(json.dumps(document, indent=1), encoding="utf-8")

    def tracebacks(self) -> list[str]:
        """Return the first traceback in each file that a process wrote."""
        found = []
        for file in sorted((*self.folder.glob("*/*.log*"), *self.folder.glob("*/stderr"))):
            text = file.read_text(encoding="utf-8", errors="replace")
            place = text.find("Traceback")
            if place >= 0:
                found.append(f"{file.relative_to(self.folder)}: {text[max(place - 300, 0) : place + 3000]}")
        return found

    async def close(self) -> None:
        """End all processes that still run."""
        for program in self.all_of_ours():
            await program.abandon()
        await self._sandbox.abandon()
        for proxy in self.proxies.values():
            await proxy.close()
        await self.client.aclose()

    async def control(self, path: str, document: object = None, method: str = "POST") -> dict[str, Any]:
        """Send a request to the sandbox's control, and return its answer. Raise AssertionError unless it is 200."""
        answer = await self.client.request(method, f"{self.sandbox_url}/control/{path}", json=document)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    async def look(self, path: str) -> dict[str, Any]:
        """Return what the sandbox's control shows."""
        return await self.control(path, method="GET")

    async def move_clock(self, seconds: float) -> None:
        """Move the clock of every process. The provider's is never behind ours, so that it ends a window first."""
        offset = self.clock.offset + seconds
        if seconds < 0:
            self.clock.move_to(offset)
        await self.control("clock", {"offset_seconds": offset})
        self.clock.move_to(offset)

    async def write(self, step: Hear) -> str:
        """Have a person write to us, and return the id by which the provider lets them change the message."""
        person, text = step.person, step.text
        match person.channel:
            case Channel.TELEGRAM:
                said = await self.control("telegram/inbound", {**self._chat(person), "text": text})
                return str(said["message_id"])
            case Channel.MESSENGER:
                said = await self.control("graph/inbound", {**self._at_page(person), "text": text})
                return str(said["message_id"])
            case _:
                kind = "whatsapp:" if person.channel is Channel.WHATSAPP else ""
                word = {"opt_out_type": step.opt_out} if step.opt_out else {}
                ends = {"from": kind + person.address, "to": kind + self._inbox(person).address}
                said = await self.control("inbound", {**ends, "body": text, "profile_name": person.code, **word})
                return str(said["message_sid"])

    async def edit(self, person: Person, name: str, text: str) -> None:
        """Have a person change what they wrote."""
        if person.channel is Channel.TELEGRAM:
            await self.control("telegram/inbound", {**self._chat(person), "edit": int(name), "text": text})
        else:
            await self.control("graph/inbound", {**self._at_page(person), "edit": name, "text": text})

    async def block(self, person: Person, *, blocked: bool) -> None:
        """Have a person block our bot, or unblock it."""
        await self.control("telegram/block", {**self._chat(person), "blocked": blocked})

    async def write_at_once(self, batch: Batch) -> list[str]:
        """Have several people write in one request, and return the provider's id of each message."""
        entries = [[{**self._at_page(one.person), "text": one.text} for one in entry] for entry in batch.entries]
        entries[-1][-1] |= {"standby": batch.standby}
        said = await self.control("graph/batch", {"entries": entries})
        return [str(one["message_id"]) for one in said["events"]]

    def _inbox(self, person: Person) -> Inbox:
        return self.inboxes[person.channel, person.sender]

    def _chat(self, person: Person) -> dict[str, Any]:
        return {"bot": self._inbox(person).address, "chat_id": int(person.address)}

    def _at_page(self, person: Person) -> dict[str, Any]:
        return {"page": self._inbox(person).address, "psid": person.address}

    def desk_command(self) -> list[str]:
        """Return the command that starts an interface on the store."""
        return self._program("--database", self.location)

    def _program(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tests.torture.program", str(self.clock_file), *arguments]

    async def _begin(self, name: str) -> None:
        """Start a worker, as a supervisor does: again when it ends before it listens, since a process that stands still
        holds the lock of the store, or its server is away.
        """
        worker = self.workers[name]
        for _ in range(MOST_STARTS):
            await worker.start()
            try:
                url = await worker.url()
            except Gone:
                if await worker.expired() != 1:
                    raise
            else:
                self.worker_urls[name] = url
                self.proxies[Line.RECEIVER].add(name, url)
                return
        raise AssertionError(f"{name} could not begin in {MOST_STARTS} tries: see {self.folder / name}")

    def _forget(self, name: str) -> None:
        """Forget a worker that no longer listens."""
        self.worker_urls.pop(name, None)
        self.proxies[Line.RECEIVER].remove(name)
