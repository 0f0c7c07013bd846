"""Connections that can be closed, or left open, without an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "sandbox.transport"
"""The key of a request's state under which its TCP transport is found."""


class OpenProtocol(H11Protocol):
    """HTTP/1.1 whose requests can reach the connection that they came by."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Put the transport into the state of every request of this connection."""
        assert isinstance(transport, asyncio.Transport)
        self.app_state: dict[str, Any] = {**self.app_state, TRANSPORT: transport}
        super().connection_made(transport)


class Dropped(Response):
    """A response that closes the connection without sending a byte."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the transport, and wait until the server has seen it."""
        _transport(scope).abort()
        await _disconnected(receive)


class Hanging(Response):
    """A response that never comes: it waits until the client gives up, or the sandbox closes."""

    def __init__(self, closing: asyncio.Event) -> None:
        """Wait no longer than until `closing`, which is set when the sandbox ends."""
        super().__init__()
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait until the client disconnects or `closing` is set, then abort the connection if it is still open."""
        gone = asyncio.ensure_future(_disconnected(receive))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({gone, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            closing.cancel()
            _transport(scope).abort()
            await gone


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _transport(scope: Scope) -> asyncio.Transport:
    transport = scope.get("state", {}).get(TRANSPORT)
    if not isinstance(transport, asyncio.Transport):
        raise RuntimeError("connections can be dropped or left hanging only under serve()")
    return transport
