"""Cutting off clients that are slow to send their headers.

A body has its own limit (`body.py`). For the headers before it, uvicorn would wait forever.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from contacts_tui.receiver.connection_limit import Connections

HEAD_LIMIT = 64 * 1024
"""The longest headers, in bytes; providers send one or two thousand. The piece that was read with the end of the
headers isn't counted."""


MOST_WAITING = 16
"""The most requests of one connection that wait for the answer to an earlier one. Providers and proxies wait for each
answer. Many hundred requests fit into what is read at once, and each costs some kilobytes."""

REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
"""The answer to a connection for which there is no room."""

BEGAN = "contacts_tui.began"
"""Key of a request's scope: the loop's time at which its first byte came."""


class TooMany(Exception):
    """A client sends requests without waiting for their answers."""


class ImpatientProtocol(HttpToolsProtocol, asyncio.BufferedProtocol):
    """uvicorn's protocol, which disconnects a client whose headers trickle in, never come or never end."""

    def __init__(self, *given: Any, head_time: float, connections: Connections, **named: Any) -> None:
        """Set `head_time`: the seconds for the headers of a request, from its first byte, or from the connection."""
        super().__init__(*given, **named)
        self._head_time = head_time
        self._all = connections
        self._head_size = 0
        self._began = 0.0
        self._cutting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As in uvicorn's own.
        """Begin to wait for the first headers if there is room, otherwise refuse the connection."""
        super().connection_made(transport)
        if not self._all.add(self):
            transport.write(REFUSAL)
            transport.close()
            return
        self._begin_to_wait()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the buffer for the next bytes, the same for all connections: each takes its bytes out at once."""
        return self._all.read_buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take the bytes that were read out of the buffer."""
        self.data_received(bytes(self._all.read_buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Pass bytes on to uvicorn, and wait for the headers of a request until they are complete."""
        if not self._is_answering:
            if not self._head_size:
                self._began = self.loop.time()
            self._head_size += len(data)
        super().data_received(data)
        if self._is_answering:
            self._end_waiting()
        elif self._head_size > HEAD_LIMIT:
            self.cut_off()
        else:
            self._begin_to_wait()

    def on_message_begin(self) -> None:
        """Record when the request began. Raise TooMany, which ends the connection, when too many wait before it."""
        if len(self.pipeline) >= MOST_WAITING:
            raise TooMany
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[BEGAN] = self._began

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting for headers, and forget the connection."""
        self._end_waiting()
        self._all.remove(self)
        super().connection_lost(exc)

    @property
    def address(self) -> str:
        """The client's address; empty when it isn't known."""
        return self.client[0] if self.client else ""

    @property
    def is_silent(self) -> bool:
        """Whether no request is being answered: it is idle, or a request's headers aren't complete."""
        return not self._is_answering

    @property
    def is_sending_body(self) -> bool:
        """Whether a request's headers have arrived and its body hasn't yet."""
        cycle: Any = self.cycle
        return self._is_answering and bool(cycle.more_body)

    def cut_off(self) -> None:
        """Close the connection at once; answers that were already written are still sent."""
        self._end_waiting()
        self.transport.close()

    @property
    def _is_answering(self) -> bool:
        """Whether the headers of a request are complete and its answer isn't."""
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _begin_to_wait(self) -> None:
        # One timer for all headers of a request: further bytes don't extend the time.
        if self._cutting is None:
            self._cutting = self.loop.call_later(self._head_time, self.cut_off)

    def _end_waiting(self) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
            self._cutting = None
        self._head_size = 0
