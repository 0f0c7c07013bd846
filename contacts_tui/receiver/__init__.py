"""The receiver: it takes webhooks and status callbacks of providers, and accepts only what it has stored."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp

    from contacts_tui.channels.registry import Adapters
    from contacts_tui.domain.clock import Clock
    from contacts_tui.receiver.webhook_watch import Answered
    from contacts_tui.services.workers.heartbeat import Attendance
    from contacts_tui.store.store import Store

__all__ = ["ANSWER_TIME", "HEAD_TIME", "CantListen", "create_app", "serve"]


HEAD_TIME = 10.0
"""Seconds from a connection, or from the first byte of its next request, within which all headers have to arrive."""


ANSWER_TIME = 13.0
"""Seconds from the first byte of a webhook within which it is answered, whatever it waits for: its body, a credential,
the store. Twilio gives up after 15 seconds, and Meta repeats a webhook that wasn't answered."""


class CantListen(Exception):
    """The receiver can't listen on an address."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong and what to do."""


def create_app(
    store: "Store",
    adapters: "Adapters",
    *,
    public_url: str,
    clock: "Clock",
    answer_time: float = ANSWER_TIME,
    attendance: "Attendance | None" = None,
    answered: "Answered | None" = None,
) -> "ASGIApp":
    """Return the receiver as an ASGI application. The caller closes store and adapters.

    `public_url` is where providers reach it: signatures cover that address, whatever the Host header says. A webhook is
    answered `answer_time` seconds after its first byte at the latest. `attendance` is told which webhooks were not
    accepted, and `answered` is called for each with its channel, the answer's status, and the seconds until then.
    """
    from contacts_tui.receiver.app import build

    return build(
        store,
        adapters,
        public_url=public_url,
        clock=clock,
        answer_time=answer_time,
        attendance=attendance,
        answered=answered,
    )


async def serve(
    app: "ASGIApp",
    host: str,
    port: int,
    *,
    ready: Callable[[str], None] | None = None,
    stop: "asyncio.Event | None" = None,
    head_time: float = HEAD_TIME,
) -> None:
    """Run the receiver until `stop` is set or the task is cancelled.

    Clients whose headers take longer than `head_time` seconds are cut off. Port 0 means any free port.
    `ready` is called once with the base URL, when requests are being answered.
    No signal handler is installed. Raise CantListen, and what `ready` raises.
    """
    from contacts_tui.receiver.server import run

    await run(app, host, port, ready=ready, stop=stop, head_time=head_time)
