"""The fence before a request: it decides whether the request may still leave, and records whether it began to.

It is passed just before the first byte of a request is written: the connection is made, and credentials, files and
everything else are ready. Any failure before that is proof that nothing was sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

_REQUEST_BEGINS: Final = "http11.send_request_headers.started"
"""httpcore's name for the moment before it writes the first byte: https://www.encode.io/httpcore/extensions/"""
_TO_A_PROXY: Final = b"CONNECT"
"""The method by which a proxy is asked for a connection to the provider. Nothing of the message is in that request."""


class Held(Exception):
    """The request must not leave (any more)."""


class Fence:
    """The fence before one request, which is made once."""

    def __init__(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Take `ask`, which raises when the request must not leave: Held, or the error that kept it from deciding."""
        self._ask = ask
        self.is_passed = False
        """Whether the request began to leave."""

    async def __call__(self) -> None:
        """Let the request pass. Raise what `ask` raises; then the request has not left."""
        await self._ask()
        self.is_passed = True


def extensions(fence: Fence | None) -> Mapping[str, Any] | None:
    """Return the extensions with which a request of httpx passes a fence; None without one."""
    if fence is None:
        return None

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if event == _REQUEST_BEGINS and info["request"].method != _TO_A_PROXY:
            await fence()

    return {"trace": trace}
