"""The sandbox: stands in for Twilio, Telegram's Bot API and Meta's Graph API (Messenger) on loopback.

It speaks HTTP in both directions and imports nothing else of this project, so what works against it has passed the same
wire as with the real provider. `docs/sandbox.md` lists what it can do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from starlette.applications import Starlette

__all__ = ["create_app", "serve"]


def create_app(base_url: str = "http://127.0.0.1:8080") -> Starlette:
    """Build an empty sandbox, independent of any other.

    `base_url` is where it can be reached from outside: the media addresses in its webhooks begin with it.
    """
    from contacts_sandbox.core.app import build

    return build(base_url)


async def serve(
    host: str,
    port: int,
    *,
    ready: Callable[[str], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Run a sandbox until `stop` is set or the task is cancelled.

    Port 0 takes a free port. `ready` is called once with the base URL, when requests are being answered. No signal
    handler is installed. Raise OSError when the address can't be taken.
    """
    from contacts_sandbox.core.server import run

    await run(host, port, ready=ready, stop=stop)
