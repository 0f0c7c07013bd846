"""The fence before a request: asked whether it may still leave, and the witness of whether it began to.

It stands where the first byte of a request is about to be written: the connection is made, and credentials, files and
everything else are ready. Whatever goes wrong before that is proof that nothing was sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

_REQUEST_BEGINS: Final = "http11.send_request_headers.started"
"""httpcore's name for the moment before it writes the first byte: https://www.encode.io/httpcore/extensions/"""
_TO_A_PROXY: Final = b"CONNECT"
"""The request by which a proxy is asked for a way to the provider. It holds nothing of ours."""


class Held(Exception):
    """The request must not leave (any more)."""


class Fence:
    """The fence before one request, which is made once."""

    def __init__(self, ask: Callable[[], Awaitable[None]]) -> None:
        """`ask` raises when the request must not leave: Held, or whatever kept it from finding out."""
        self._ask = ask
        self.is_passed = False
        """Whether the request began to leave."""

    async def __call__(self) -> None:
        """Pass. Raises what the question raises, and the request has not left then."""
        await self._ask()
        self.is_passed = True


def extensions(fence: Fence | None) -> Mapping[str, Any] | None:
    """What a request of httpx carries to pass a fence; None without one."""
    if fence is None:
        return None

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if event == _REQUEST_BEGINS and info["request"].method != _TO_A_PROXY:
            await fence()

    return {"trace": trace}
