"""What the demo runs on: a folder of its own, a sandbox and a receiver as child processes, and a filled store.

A team's store is on a database server, another child unless the user has one, and a second agent works on it.
"""

import asyncio
import atexit
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from contacts_tui.channels.base import ChannelError
from contacts_tui.demo import documents
from contacts_tui.paths import FOLDER_VARIABLE, STORE_NAME, expanded, shipped_data
from contacts_tui.screens.session import AgentSession
from contacts_tui.services.errors import BadInput
from contacts_tui.store import backends

if TYPE_CHECKING:
    from contacts_tui.demo.seed import Conversation
    from contacts_tui.store.store import Store

START_LIMIT = 30.0
"""Seconds in which a child process has to be ready."""

END_LIMIT = 5.0
"""Seconds in which a child process has to end by itself once its stdin is closed."""

_ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals that end a demo."""

SANDBOX, RECEIVER, DATABASE, SECOND_AGENT = "sandbox", "serve", "database", "second-agent"
"""The names of the child processes."""

_PROGRAM = "contacts_tui"
_SERVER = "contacts_sandbox.database_server"
_AGENT = "contacts_tui.cli.demo_agent"
"""The modules that children run."""
_AS_CHILD = ("--port", "0", "--exit-with-stdin")

_MARKER = ".contacts-tui-demo"
"""A folder with this file in it is a demo's, and may be emptied; a running demo holds a lock on the file."""


class Stage:
    """The folder, the store and the child processes of a demo. `close` ends them, whatever happened before.

    The children watch their stdin, a pipe from this process: they end even when it is killed before `close`.
    """

    def __init__(self, folder: str | None, agent: str) -> None:
        """Make the folder, or empty it when it is an earlier demo's. Raise BadInput and PathError."""
        self._temporary = folder is None
        made = tempfile.mkdtemp(prefix="contacts-tui-demo-") if folder is None else folder
        self.folder = expanded(made, "--folder")
        self._lock = _taken(self.folder)
        self.location = backends.location_of(self.folder / STORE_NAME)
        self.second_agent = ""
        """The name of the second agent on the store; empty without one."""
        self._agent = agent
        self._token = secrets.token_hex(16)
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._conversations: tuple[Conversation, ...] = ()

    def begin_team(self, database: str) -> None:
        """Put the store on a database server, and let a second agent work on it once `connect` is done.

        `database` is the URL of one without tables; an empty one starts a server, which needs a moment. Raise BadInput
        where none can be had or it has tables, and StoreError.
        """
        self.location = database or self._server_started()
        if backends.of(self.location).exists():
            raise BadInput(
                f"{backends.of(self.location).name} has tables already, and the demo overwrites nothing: name an empty "
                "database"
            )
        self.second_agent = documents.name_beside(shipped_data(), self._agent)

    def start(self, *, serves: bool = True) -> None:
        """Start the children. They need a moment, in which the store can be opened. Raise OSError.

        Without `serves` no process receives or sends: the store holds only what is put into it.
        """
        for name, credential in documents.credentials(shipped_data(), self._token).items():
            self._write(name, credential)
        self._write("sandbox.json", json.dumps(documents.sandbox_document(shipped_data(), self._token)))
        seed = str(self.folder / "sandbox.json")
        self._start(SANDBOX, _PROGRAM, "sandbox", *_AS_CHILD, "--seed", seed)
        if serves:
            self._start(RECEIVER, _PROGRAM, "serve", *_AS_CHILD, "--public-url", "local", "--database", self.location)

    async def fill(self, store: "Store") -> None:
        """Put people, inboxes and conversations into the store. Raise ChannelError when the sandbox did not start."""
        from contacts_tui.demo import queue, seed, team

        self._sandbox_url = await self._url(SANDBOX)
        self._conversations = await store.run(
            seed.seed,
            shipped_data(),
            agent=self._agent,
            base_url=self._sandbox_url,
            secrets=self.folder,
        )
        for conversation in self._conversations:
            await store.run(seed.replay, conversation)
        await store.run(team.gather, shipped_data())
        await store.run(queue.work, shipped_data(), self._agent)

    async def connect(self, store: "Store") -> None:
        """Connect the store and the children, then start the second agent. Send nothing before. Raise ChannelError."""
        await self._url(RECEIVER)
        await self.wire_up(store)
        if self.second_agent:
            self._start(SECOND_AGENT, _AGENT, self.location, self.second_agent)

    async def enliven(self) -> None:
        """Let people write of their own accord, now and then, until cancelled."""
        from contacts_tui.demo.people import live

        await live(self._sandbox_url, shipped_data())

    async def wire_up(self, store: "Store") -> None:
        """Tell the sandbox the webhooks' URLs and who wrote when, and fetch its templates. Raise ChannelError."""
        import httpx

        from contacts_tui.channels.registry import Adapters
        from contacts_tui.domain.channel import Channel
        from contacts_tui.services import inboxes, templates

        found = await store.read(inboxes.listed)
        urls = {inbox.id: (await store.read(inboxes.webhooks, inbox.id))[0] for inbox in found}
        wiring = documents.wiring(shipped_data(), self._token, found, self._conversations, urls)
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{self._sandbox_url}/control/seed", json=wiring)
        if answer.is_error:
            raise ChannelError(f"the demo's sandbox refused its data: {answer.text}")
        adapters = Adapters()
        try:
            for inbox in found:
                if inbox.channel is Channel.WHATSAPP:
                    await templates.sync(store, adapters, inbox.id)
        finally:
            await adapters.aclose()

    def close(self) -> None:
        """End the children, and remove the folder if it is a temporary one."""
        # The children that use the database end before its server.
        server = [self._children.pop(DATABASE)] if DATABASE in self._children else []
        _end(self._children.values())
        _end(server)
        self._lock.close()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
            # A call to the store that was cut short may still be writing on its thread, or about to make the folder
            # anew: Python waits for these threads before it removes the folder again.
            atexit.register(shutil.rmtree, self.folder, ignore_errors=True)

    def _server_started(self) -> str:
        """Start a database server and return its URL. Raise BadInput when it doesn't start."""
        self._start(DATABASE, _SERVER)
        server = self._children[DATABASE]
        assert server.stdout is not None
        if line := server.stdout.readline():
            return line.split()[-1]
        raise BadInput(
            f"{self._said_by(DATABASE)}; or name an empty database of yours: --database {backends.SERVER_FORM}"
        )

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with _undisturbed(), (self.folder / f"{name}.stderr").open("w", encoding="utf-8") as errors:
            self._children[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                env={**os.environ, FOLDER_VARIABLE: str(self.folder)},
                # The terminal's ctrl+c is for the interface; the children end with it.
                start_new_session=True,
            )

    async def _url(self, name: str) -> str:
        """Return the URL at which a child listens, as its ready line says. Raise ChannelError when there is none."""
        child = self._children[name]
        assert child.stdout is not None
        try:
            async with asyncio.timeout(START_LIMIT):
                line = await asyncio.to_thread(child.stdout.readline)
        except asyncio.CancelledError:
            # The thread still waits for the line, and would delay the end of this process.
            child.kill()
            raise
        except TimeoutError:
            child.kill()
            raise ChannelError(f"the demo's {name} did not start within {START_LIMIT:.0f} s") from None
        if not line:
            raise ChannelError(f"the demo's {name} did not start: {self._said_by(name)}")
        return line.split()[-1]

    def _said_by(self, name: str) -> str:
        said = (self.folder / f"{name}.stderr").read_text(encoding="utf-8").strip()
        return said or "it said nothing"

    def _write(self, name: str, text: str) -> None:
        descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)


class DemoSession(AgentSession):
    """A session whose store is filled while the interface is already shown."""

    def __init__(self, stage: Stage, agent: str, view: str = "") -> None:
        super().__init__(stage.location, agent, view=view)
        self._stage = stage

    async def open(self) -> None:
        """Start the children, open the store and fill it. Raise OSError, StoreError and ChannelError."""
        self._stage.start()
        await super().open()
        await self._stage.fill(self.store)


def _end(children: Collection["subprocess.Popen[str]"]) -> None:
    """End children by closing their stdin; kill those that are still running after END_LIMIT."""
    for child in children:
        if child.stdin is not None:
            child.stdin.close()
    for child in children:
        try:
            child.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Delay the signals that end a demo to the end of the block: one during a child's start would leave it running."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda late, _: came.append(late)) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


def _taken(folder: Path) -> IO[str]:
    """Empty a demo's folder and return the lock on it. Raise BadInput if it is in use, unusable, or not a demo's."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        marker = folder / _MARKER
        if not marker.exists() and any(folder.iterdir()):
            raise BadInput(f"{folder} is neither empty nor a demo's folder: choose another")
        lock = marker.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder} can't be the demo's folder: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise BadInput(f"a demo is running in {folder}: stop it, or choose another folder") from None
    for entry in folder.iterdir():
        if entry.name == _MARKER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return lock
