"""`contacts-tui serve`: receiver, outbox and polling without an interface."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Annotated

from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_tui import receiver
from contacts_tui.channels.registry import Adapters
from contacts_tui.cli import shutdown
from contacts_tui.cli.declare import ExitWithStdin, Host, Option, Port, Unreadable, command, read_port
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.logs import log_to
from contacts_tui.cli.open_store import open_store
from contacts_tui.cli.output import complain, say
from contacts_tui.cli.shutdown import stop_event
from contacts_tui.config import Config
from contacts_tui.domain.roles import SYSTEM
from contacts_tui.services import inboxes, privacy, queue
from contacts_tui.services.catch_up import CatchUp
from contacts_tui.services.supervision import Worker, keep_going
from contacts_tui.services.workers.background import work
from contacts_tui.services.workers.heartbeat import Attendance
from contacts_tui.services.workers.reconnecting import keep_telling
from contacts_tui.store.store import Store

FOLLOW_AGAIN = 1.0
"""Seconds after which a store that can't be followed is tried again."""

LOCAL = "local"
"""The `--public-url` that stands for the address listened on, which only a sandbox on this machine can reach."""

_log = logging.getLogger(__name__)


def _loopback(text: str) -> tuple[str, int]:
    """Return the host and port of PORT or HOST:PORT, where the host has to be this machine. Raise Unreadable."""
    host, colon, port = text.rpartition(":")
    host = host.strip("[]") if colon else "127.0.0.1"
    try:
        is_here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise Unreadable(f"metrics are for this machine only: give a port, not “{text}”")
    return host, read_port(port)


@command("contacts-tui serve --port 8080 --public-url https://support.example.com")
def run(
    config: Config,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    exit_with_stdin: ExitWithStdin = False,
    public_url: Annotated[
        str,
        Option(
            "how the provider reaches this receiver; kept in the store, for everyone who sends from it; "
            "`local` is the address it listens on, for a sandbox on this machine",
            "URL",
        ),
    ] = "",
    metrics_port: Annotated[
        tuple[str, int] | None,
        Option(
            "also serve metrics to Prometheus, at /metrics on this port, for this machine only (default: no metrics)",
            "PORT",
            _loopback,
        ),
    ] = None,
) -> Exit:
    """Serve until stopped. Print the URL on a line of its own."""
    log_to("serve", config.log_level)
    with open_store(config) as store:
        store.call(privacy.configure, SYSTEM, config.raw_events_days, config.keep_taken_back)
        store.call(queue.configure_target, SYSTEM, config.answer_target, config.answer_hours, config.answer_time_zone)
        if public_url not in ("", LOCAL):
            store.call(inboxes.set_public_url, public_url)
        serving = _serve(
            store,
            (host, port),
            metrics_address=metrics_port,
            is_local=public_url == LOCAL,
            exit_with_stdin=exit_with_stdin,
        )
        return shutdown.run(serving)


async def _serve(
    store: Store,
    address: tuple[str, int],
    *,
    metrics_address: tuple[str, int] | None,
    is_local: bool,
    exit_with_stdin: bool,
) -> Exit:
    stop = stop_event(with_stdin=exit_with_stdin)
    adapters = Adapters()
    answering: list[ASGIApp] = []
    working: list[asyncio.Future[None]] = []

    def ready(url: str) -> None:
        # Only now is the address known, which signatures cover.
        if is_local:
            store.call(inboxes.set_public_url, url)
        public_url = store.call_read(inboxes.public_url)
        if not public_url:
            complain("no public URL is set, so providers can't report: give --public-url once; it is kept in the store")
        attendance = Attendance(store)
        metrics = _Metrics(store, metrics_address) if metrics_address is not None else None
        answering.append(
            receiver.create_app(
                store,
                adapters,
                public_url=public_url or url,
                clock=store.clock,
                attendance=attendance,
                answered=None if metrics is None else metrics.webhooks.answered,
            )
        )
        # From here on providers can report, so messages may be sent.
        jobs: dict[Worker, Callable[[], Awaitable[None]]] = {
            Worker.HEARTBEAT: lambda: attendance.run(stop),
            Worker.CATCHING_UP: lambda: CatchUp(store, adapters).run(stop, attendance.noted),
            Worker.RECONNECTING: lambda: keep_telling(store, stop, complain),
        }
        working.append(asyncio.ensure_future(work(store, adapters, stop, complain)))
        working.append(asyncio.ensure_future(until_lost(store, stop)))
        working.extend(asyncio.ensure_future(keep_going(each, jobs[each], stop, complain)) for each in jobs)
        for each in working:
            # A receiver without its outbox would look healthy and send nothing.
            each.add_done_callback(lambda _: stop.set())
        if metrics is not None:
            telling = asyncio.ensure_future(metrics.run(stop))
            # The metrics may end by themselves, where their port is in use; only an error stops the receiver.
            telling.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else stop.set())
            working.append(telling)
        say(f"receiver listening on {url}")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answering[0](scope, receive, send)

    try:
        await receiver.serve(app, *address, ready=ready, stop=stop)
    finally:
        stop.set()
        try:
            failed = [each for each in await asyncio.gather(*working, return_exceptions=True) if each is not None]
        finally:
            await adapters.aclose()
        for error in failed:
            _log.error("serve ended with an error", exc_info=error)
    if failed:
        raise failed[0]
    if store.lost is not None:
        raise store.lost
    return Exit.DONE


class _Metrics:
    """The metrics of a receiver, on a port of their own."""

    def __init__(self, store: Store, address: tuple[str, int]) -> None:
        # The import takes some 30 ms, and most receivers need no metrics.
        from contacts_tui.receiver.metrics import Webhooks, create_app

        self.webhooks = Webhooks()
        self._address = address
        self._app = create_app(store, self.webhooks)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve the metrics until `stop` is set. Complain when the port can't be had: the receiver goes on without."""
        try:
            await receiver.serve(
                self._app, *self._address, ready=lambda url: say(f"metrics at {url}/metrics"), stop=stop
            )
        except receiver.CantListen as error:
            complain(f"no metrics: {error.sentence}")


async def until_lost(store: Store, stop: asyncio.Event) -> None:
    """Set `stop` when the store was replaced, so that the receiver ends and its supervisor starts it on the new one.

    If the store can't be followed now, as when its server is down, follow it again later. Return when `stop` is set.
    """
    stopping = asyncio.ensure_future(stop.wait())
    while not stop.is_set():
        following = asyncio.ensure_future(_followed(store))
        await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
        following.cancel()
        (error,) = await asyncio.gather(following, return_exceptions=True)
        if store.lost is not None:
            _log.error("%s", store.lost)
            stop.set()
        elif not stop.is_set():
            _log.warning("the store can't be followed now, and is again in %.0f s: %s", FOLLOW_AGAIN, error)
            await asyncio.wait({stopping}, timeout=FOLLOW_AGAIN)
    await stopping


async def _followed(store: Store) -> None:
    async for _ in store.follow():
        pass
