"""Running a sandbox on a TCP port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from contacts_sandbox.core.app import build
from contacts_sandbox.core.connection import OpenProtocol

GRACE = 1
"""Whole seconds that requests under way are given at the end. Hanging ones are ended before."""


KEEP_ALIVE = 75
"""Seconds an idle connection is kept: longer than clients keep theirs, so that none is closed as a request comes."""


class _Server(uvicorn.Server):
    """A server that is stopped by its owner: it leaves the process's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture no signals."""
        yield


async def run(host: str, port: int, *, ready: Callable[[str], None] | None, stop: asyncio.Event | None) -> None:
    """Serve until `stop` is set or the task is cancelled. Raise OSError when the address can't be taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        # asyncio doesn't set it for such sockets, and an answer would wait for the acknowledgement of its first packet.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound = listener.getsockname()[1]
        base_url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
        app = build(base_url)
        config = uvicorn.Config(
            app,
            http=OpenProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=GRACE,
        )
        server = _Server(config)
        serving = asyncio.ensure_future(server.serve([listener]))
        stopping = asyncio.ensure_future((stop or asyncio.Event()).wait())
        try:
            await _started(server, serving)
            if ready:
                ready(base_url)
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if server.started:
                app.state.sandbox.closing.set()
            server.should_exit = True
            await asyncio.shield(serving)


async def _started(server: uvicorn.Server, serving: asyncio.Future[None]) -> None:
    """Wait until requests are answered. Raise the server's error, or RuntimeError, when it ends before."""
    while not server.started:
        if serving.done():
            serving.result()
            raise RuntimeError("the sandbox ended while it started")
        await asyncio.sleep(0.01)
