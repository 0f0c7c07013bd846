"""Running the receiver on a TCP port."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from contacts_tui.receiver import CantListen
from contacts_tui.receiver.connection_limit import Connections
from contacts_tui.receiver.slow_clients import ImpatientProtocol

GRACE = 2
"""Whole seconds that pending requests have at the end. Providers repeat an unanswered webhook, or list its message."""


class _Server(uvicorn.Server):
    """A server that its owner stops, and that installs no signal handlers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture no signals for the time of the block."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and call `ready` before the first request is handled: the owner may make the application only then."""
        await super().startup(sockets)
        try:
            self._ready()
        except BaseException:
            for listening in self.servers:
                listening.close()
            raise


async def run(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    ready: Callable[[str], None] | None,
    stop: asyncio.Event | None,
    head_time: float,
) -> None:
    """Serve until `stop` is set or the task is cancelled. Raise CantListen, and what `ready` raises."""
    with _listen(host, port) as listener:
        name, bound = listener.getsockname()[:2]
        base_url = f"http://[{name}]:{bound}" if ":" in name else f"http://{name}:{bound}"
        config = uvicorn.Config(
            app,
            # uvicorn only calls it, as it would call a class.
            http=cast(
                "type[asyncio.Protocol]", partial(ImpatientProtocol, head_time=head_time, connections=Connections())
            ),
            ws="none",
            lifespan="off",
            log_config=None,
            # Invalid HTTP comes from strangers: a line for each request would fill the log.
            log_level="error",
            access_log=False,
            server_header=False,
            # Neither Host nor Forwarded headers matter: signatures are checked against the configured address.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
        server = _Server(config, lambda: ready(base_url) if ready else None)
        serving = asyncio.create_task(server.serve([listener]))
        stopping = asyncio.create_task((stop or asyncio.Event()).wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            server.should_exit = True
            await asyncio.shield(serving)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OverflowError as error:
        raise CantListen(f"{port} is not a port: choose one from 0 to 65535.") from error
    except OSError as error:
        raise CantListen(_sentence(host, port, error)) from error
    # Accepted connections inherit this option. asyncio sets it only for sockets that name their protocol, which these
    # don't; without it an answer's second piece waits up to 40 ms for the client's acknowledgement of the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _sentence(host: str, port: int, error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: choose another host."
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop the other program, or choose another port."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} needs more rights: choose a port from 1024 on."
    return f"Port {port} on {host} can't be opened: {error.strerror}."
