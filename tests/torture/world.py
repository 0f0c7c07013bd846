"""The processes of a run on one store: sandbox, workers, agents. Whatever is killed is started again."""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import Session

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import inboxes, templates
from contacts_tui.store import contacts
from contacts_tui.store.store import Store
from tests.torture.books import keep_journal
from tests.torture.clock import SharedClock
from tests.torture.front import Front
from tests.torture.plan import AGENTS, SENDERS_EACH, WORKERS, Person

ROOT = Path(__file__).parents[2]
ACCOUNT = "AC" + "a" * 32
APP = "900100"
TEMPLATE = "HX" + "1" * 32
START_LIMIT = 60.0
"""Seconds in which a process has to be ready."""
END_LIMIT = 30.0
"""Seconds in which it has to end when it is asked to."""


class Gone(Exception):
    """The process ended before it answered."""


class Program:
    """A process that can be killed and started again. Its standard output is read, the rest goes to a file."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self._command = command
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._killed = False

    async def start(self) -> None:
        """Starts it, with a folder of its own for its logs."""
        self._folder.mkdir(exist_ok=True)
        self._killed = False
        with (self._folder / "stderr").open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=surroundings(self._folder),
                cwd=ROOT,
                start_new_session=True,
            )

    async def line(self) -> str:
        """The next line that it says. Raises Gone."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        found = (await process.stdout.readline()).decode()
        if not found.endswith("\n"):
            raise Gone(self.name)
        return found

    def tell(self, line: str) -> None:
        """Gives it a line."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")

    async def url(self) -> str:
        """Where it listens, as its ready line says."""
        async with asyncio.timeout(START_LIMIT):
            return (await self.line()).split()[-1]

    async def kill(self) -> None:
        """kill -9. Fails when it had ended by itself."""
        assert self._process is not None
        self.check()
        self._killed = True
        self._process.kill()
        await self._process.wait()

    def check(self) -> None:
        """Fails when it ended by itself."""
        code = self._process.returncode if self._process else None
        if code is not None and not self._killed:
            raise AssertionError(f"{self.name} ended by itself with {code}: see {self._folder}")

    def abandon(self) -> None:
        """Ends it at once, at the end of a run that failed."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """Lets it end in order, by the end of its standard input."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(END_LIMIT):
                await self._hear_out()
                code = await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise AssertionError(f"{self.name} did not end when it was asked to: see {self._folder}") from None
        if code:
            raise AssertionError(f"{self.name} ended with {code}: see {self._folder}")

    async def _hear_out(self) -> None:
        """Takes in whatever it still says."""
        assert self._process is not None
        assert self._process.stdout is not None
        await self._process.stdout.read()


class Agent(Program):
    """An agent without a screen."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        super().__init__(name, command, folder)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts it, and listens to its answers."""
        await super().start()
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, do: str, **command: Any) -> dict[str, Any]:
        """A command's answer. Raises Gone when it died before: nobody knows then whether the command was done."""
        key = secrets.token_hex(8)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[key] = answer
        try:
            if self._listening is None or self._listening.done():
                raise Gone(self.name)
            self.tell(json.dumps({"key": key, "do": do, **command}))
            return await answer
        finally:
            del self._waiting[key]

    async def _hear_out(self) -> None:
        if self._listening is not None:
            await self._listening

    async def _listen(self) -> None:
        try:
            while True:
                answer = json.loads(await self.line())
                if answer["key"] in self._waiting:
                    self._waiting[answer["key"]].set_result(answer)
        except (Gone, ConnectionError):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(Gone(self.name))


class World:
    """A store with inboxes on all channels, the sandbox that they are at, and everyone who works with it."""

    def __init__(self, folder: Path, people: Sequence[Person]) -> None:
        self.folder = folder
        self.people = people
        self.path = folder / "store.db"
        self.clock_file = folder / "clock"
        self.clock = SharedClock.create(self.clock_file)
        self.front = Front()
        self.inboxes: dict[tuple[Channel, int], Inbox] = {}
        self.client = httpx.AsyncClient(trust_env=False, timeout=60)
        self._tokens = {name: secrets.token_hex(16) for name in ("twilio", "app", "bot 0", "bot 1", "page 0", "page 1")}
        self._sandbox = Program(
            "sandbox", self._program("sandbox", "--port", "0", "--exit-with-stdin"), folder / "sandbox"
        )
        self.workers: dict[str, Program] = {}
        self.agents: dict[str, Agent] = {}
        self.sandbox_url = ""

    @property
    def location(self) -> str:
        """The store."""
        return f"sqlite:///{self.path}"

    async def start(self) -> None:
        """Starts everything, and makes everyone known to each other."""
        await self._sandbox.start()
        self.sandbox_url = await self._sandbox.url()
        public_url = await self.front.open()
        store = Store.open(self.location, self.clock)
        try:
            self._connect(store, public_url)
            await self.control("seed", self._seed(public_url))
            adapters = Adapters()
            for number in range(SENDERS_EACH):
                await templates.sync(store, adapters, self.inboxes[Channel.WHATSAPP, number].id)
            await adapters.aclose()
        finally:
            store.close()
        keep_journal(self.path)
        serve = ("serve", "--database", self.location, "--port", "0", "--exit-with-stdin", "--public-url", public_url)
        for name in WORKERS:
            self.workers[name] = Program(name, self._program(*serve), self.folder / name)
        for name in AGENTS:
            command = (sys.executable, "-m", "tests.torture.agent", str(self.clock_file), self.location)
            self.agents[name] = Agent(name, command, self.folder / name)
        await asyncio.gather(*map(self._begin, self.workers), *(agent.start() for agent in self.agents.values()))

    async def kill(self, name: str) -> None:
        """Kills a worker or an agent, and starts a new one."""
        if name in self.workers:
            await self.workers[name].kill()
            self.front.remove(name)
            await self._begin(name)
        else:
            await self.agents[name].kill()
            await self.agents[name].start()

    async def end_workers(self) -> None:
        """Lets workers and agents end in order. Raises AssertionError when one of them had ended before, or can't."""
        working: list[Program] = [*self.workers.values(), *self.agents.values()]
        for program in working:
            program.check()
        await asyncio.gather(*(program.end() for program in working))

    def keep(self, name: str, document: object) -> None:
        """Puts a document beside the store."""
        (self.folder / name).write_text(json.dumps(document, indent=1), encoding="utf-8")

    def tracebacks(self) -> list[str]:
        """The first unforeseen error in each file that a process wrote."""
        found = []
        for file in sorted((*self.folder.glob("*/*.log*"), *self.folder.glob("*/stderr"))):
            text = file.read_text(encoding="utf-8", errors="replace")
            place = text.find("Traceback")
            if place >= 0:
                found.append(f"{file.relative_to(self.folder)}: {text[max(place - 300, 0) : place + 3000]}")
        return found

    async def close(self) -> None:
        """Ends whatever still runs."""
        for program in (*self.workers.values(), *self.agents.values()):
            program.abandon()
        self._sandbox.abandon()
        await self.front.close()
        await self.client.aclose()

    async def control(self, path: str, document: object = None, method: str = "POST") -> dict[str, Any]:
        """Asks the sandbox's control."""
        answer = await self.client.request(method, f"{self.sandbox_url}/control/{path}", json=document)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    async def look(self, path: str) -> dict[str, Any]:
        """What the sandbox's control shows."""
        return await self.control(path, method="GET")

    async def move_clock(self, seconds: float) -> None:
        """Moves everyone's clock. The provider's is never behind ours, so that it ends a window first."""
        offset = self.clock.offset + seconds
        if seconds < 0:
            self.clock.move_to(offset)
        await self.control("clock", {"offset_seconds": offset})
        self.clock.move_to(offset)

    async def write(self, person: Person, text: str) -> None:
        """A person writes to us."""
        inbox = self.inboxes[person.channel, person.sender]
        match person.channel:
            case Channel.TELEGRAM:
                await self.control(
                    "telegram/inbound", {"bot": inbox.address, "chat_id": int(person.address), "text": text}
                )
            case Channel.MESSENGER:
                await self.control("graph/inbound", {"page": inbox.address, "psid": person.address, "text": text})
            case _:
                kind = "whatsapp:" if person.channel is Channel.WHATSAPP else ""
                ends = {"from": kind + person.address, "to": kind + inbox.address}
                await self.control("inbound", {**ends, "body": text, "profile_name": person.code})

    def desk_command(self) -> list[str]:
        """What starts an interface on the store."""
        return self._program("--database", self.location)

    def _program(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tests.torture.program", str(self.clock_file), *arguments]

    async def _begin(self, name: str) -> None:
        worker = self.workers[name]
        await worker.start()
        self.front.add(name, int((await worker.url()).rpartition(":")[2]))

    def _secret(self, name: str) -> str:
        file = self.folder / f"secret {name}"
        file.write_text(self._tokens[name], encoding="utf-8")
        return f"file:{file}"

    def _connect(self, store: Store, public_url: str) -> None:
        store.call(inboxes.set_public_url, public_url)
        for number in range(SENDERS_EACH):
            phone = f"+1202555010{number}"
            twilio = {"account": ACCOUNT, "secret": self._secret("twilio")}
            self._tokens[f"bot {number}"] = f"700{number}:{self._tokens[f'bot {number}']}"
            given: dict[Channel, dict[str, Any]] = {
                Channel.SMS: {"address": phone, **twilio},
                Channel.WHATSAPP: {"address": phone, **twilio},
                Channel.TELEGRAM: {
                    "address": f"shop{number}_bot",
                    "account": "",
                    "secret": self._secret(f"bot {number}"),
                    "options": {"receive": ("polling", "webhook")[number % 2]},
                },
                Channel.MESSENGER: {
                    "address": f"90020{number}",
                    "account": APP,
                    "secret": self._secret(f"page {number}"),
                    "options": {"app_secret": self._secret("app")},
                },
            }
            for channel, fields in given.items():
                name = f"{channel.label} {number + 1}"
                made = store.call(inboxes.add, name=name, channel=channel, base_url=self.sandbox_url, **fields)
                self.inboxes[channel, number] = made
        for person in self.people:
            if person.channel is Channel.SMS:
                store.call(_add, person)

    def _seed(self, public_url: str) -> dict[str, Any]:
        def webhook(channel: Channel, number: int) -> str:
            return f"{public_url}/webhooks/{self.inboxes[channel, number].id}/inbound"

        def ours(person: Person) -> str:
            return self.inboxes[person.channel, person.sender].address

        return {
            "accounts": [{"sid": ACCOUNT, "auth_token": self._tokens["twilio"]}],
            "senders": [
                {
                    "account_sid": ACCOUNT,
                    "address": kind + self.inboxes[channel, number].address,
                    "inbound_url": webhook(channel, number),
                }
                for channel, kind in ((Channel.SMS, ""), (Channel.WHATSAPP, "whatsapp:"))
                for number in range(SENDERS_EACH)
            ],
            "templates": [
                {
                    "account_sid": ACCOUNT,
                    "sid": TEMPLATE,
                    "friendly_name": "news",
                    "language": "en",
                    "types": {"twilio/text": {"body": "News {{1}} for you, {{2}}."}},
                    "variables": {"1": "4711", "2": "Jane"},
                    "approval": {"status": "approved"},
                }
            ],
            "people": [
                {
                    "address": f"whatsapp:{person.address}",
                    "profile_name": person.code,
                    "reads": place % 2 == 0,
                    "script": [],
                }
                for place, person in enumerate(self._on(Channel.WHATSAPP))
            ],
            "telegram_bots": [
                {"token": self._tokens[f"bot {number}"], "username": self.inboxes[Channel.TELEGRAM, number].address}
                for number in range(SENDERS_EACH)
            ],
            "telegram_people": [
                {"chat_id": int(person.address), "first_name": person.code, "started": [ours(person)], "script": []}
                for person in self._on(Channel.TELEGRAM)
            ],
            "graph_apps": [{"id": APP, "secret": self._tokens["app"], "require_proof": True}],
            "graph_pages": [
                {
                    "id": self.inboxes[Channel.MESSENGER, number].address,
                    "app_id": APP,
                    "access_token": self._tokens[f"page {number}"],
                    # An app has one webhook for all its pages.
                    "webhook_url": webhook(Channel.MESSENGER, 0),
                }
                for number in range(SENDERS_EACH)
            ],
            "graph_people": [
                {"page": ours(person), "psid": person.address, "first_name": person.code, "reads": place % 2 == 0}
                for place, person in enumerate(self._on(Channel.MESSENGER))
            ],
            "settings": {
                "small_talk": False,
                "delays": {"sent": 0.05, "delivered": 0.2, "read": 0.4},
                "retry": {"first": 0.2, "longest": 2.0},
            },
        }

    def _on(self, channel: Channel) -> list[Person]:
        return [person for person in self.people if person.channel is channel]


def _add(session: Session, clock: Clock, person: Person) -> None:
    contact = contacts.insert(session, clock, name=person.code)
    contacts.add_identity(session, clock, contact.id, person.channel, person.address)


def surroundings(folder: Path) -> Mapping[str, str]:
    """The environment of a program that keeps everything of its own in this folder."""
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "PYTHONPATH") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "CONTACTS_TUI_DATA_FOLDER": str(folder),
        "TZ": "UTC",
    }
