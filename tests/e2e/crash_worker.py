"""A program that kills itself with SIGKILL, or stops itself with SIGSTOP, at a chosen step of a message's way.

    python -m tests.e2e.crash_worker ROLE STEP LOCATION [ARGUMENT...]

ROLE is `sender IDENTITY INBOX TEXT`, `outbox`, `poller`, or `receiver PORT`. STEP is `before`, `during` or `after` and
the name of a service function: before its transaction, when it has run but is not committed, or when it is committed.
`stopped after` and such a name stops the process there, once, until SIGCONT; `never` does neither. The parts are the
real ones; only the moment of the crash, or of the stop, is chosen.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from contacts_tui import receiver
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import messaging
from contacts_tui.services.workers.outbox import Outbox, take
from contacts_tui.services.workers.polling import Poller
from contacts_tui.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class DyingStore(Store):
    """A store whose process crashes, or stops, at a chosen step."""

    step = ""

    def call(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `Store` does, until the step comes."""
        when = self._when(function)
        result = super().call(_dying(when, function), *args, **kwargs)
        if not _is_idle(function, result):
            self._ends_after(when)
        return result

    def call_read(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `Store` does, until the step comes."""
        when = self._when(function)
        result = super().call_read(function, *args, **kwargs)
        self._ends_after(when)
        return result

    async def run_grouped(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do as `Store` does, until the step comes."""
        when = self._when(function)
        result = await super().run_grouped(_dying(when, function), *args, **kwargs)
        self._ends_after(when)
        return result

    def _ends_after(self, when: str) -> None:
        """Crash, or stop, if that is to happen after the call that was just made."""
        if when == "after":
            die()
        if when == "stopped after":
            self.step = "never"
            os.kill(os.getpid(), signal.SIGSTOP)

    def _when(self, function: Callable[..., object]) -> str:
        """Return when to crash or stop in a call of this function, empty for any other. Crash now for `before`."""
        when, _, name = self.step.rpartition(" ")
        if getattr(function, "__name__", "") != name:
            return ""
        if when == "before":
            die()
        return when


def _dying(
    when: str, function: Callable[Concatenate[Session, Clock, P], T]
) -> Callable[Concatenate[Session, Clock, P], T]:
    """Return the function, followed by a crash before the commit."""

    def then_die(session: Session, clock: Clock, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result = function(session, clock, *args, **kwargs)
        if when == "during" and not _is_idle(function, result):
            session.flush()
            die()
        return result

    return then_die


def _is_idle(function: Callable[..., object], result: object) -> bool:
    """Return whether this call found nothing to do: its step is still to come."""
    return function is take and result == ()


def die() -> None:
    """Kill this process as a power cut does: no handler runs, and nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def tell(url: str) -> None:
    """Say on standard output that requests are accepted."""
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


async def outbox(store: Store) -> None:
    """Run the outbox until the crash."""
    await Outbox(store, Adapters()).run(asyncio.Event())


async def poll(store: Store) -> None:
    """Poll for messages until the crash."""
    await Poller(store, Adapters()).run(asyncio.Event())


async def receive(store: Store, port: int) -> None:
    """Receive webhooks until the crash."""
    url = f"http://127.0.0.1:{port}"
    app = receiver.create_app(store, Adapters(), public_url=url, clock=store.clock)
    await receiver.serve(app, "127.0.0.1", port, ready=tell, stop=None)


def main(role: str, step: str, location: str, *rest: str) -> None:
    """Run one role, and write on standard error what happens."""
    logging.basicConfig(level=logging.INFO)
    store = DyingStore.open(location)
    store.step = step
    if role == "sender":
        identity, inbox, text = rest
        store.call(
            messaging.send, int(identity), int(inbox), NewMessage(uid=messaging.new_uid(), author="Kim", body=text)
        )
    elif role == "outbox":
        asyncio.run(outbox(store))
    elif role == "poller":
        asyncio.run(poll(store))
    else:
        asyncio.run(receive(store, int(rest[0])))


if __name__ == "__main__":
    main(*sys.argv[1:])
