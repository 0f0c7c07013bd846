"""Cutting off clients that are slow to say what they want.

A body has its own limit (`body.py`). What comes before it, uvicorn would wait for without an end.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 64 * 1024
"""The longest headers, in bytes; providers send one or two thousand. What was read at once with their end is not
counted."""


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which hangs up on a client whose headers trickle in, never come or never end."""

    def __init__(self, *given: Any, head_time: float, **named: Any) -> None:
        """`head_time`: seconds for the headers of a request, from its first byte, or from the connection."""
        super().__init__(*given, **named)
        self._head_time = head_time
        self._head_size = 0
        self._cutting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As in uvicorn's own.
        """Begins to wait for the first headers."""
        super().connection_made(transport)
        self._begin_to_wait()

    def data_received(self, data: bytes) -> None:
        """Waits for the headers of a request until they are whole."""
        if not self._is_answering:
            self._begin_to_wait()
            self._head_size += len(data)
        super().data_received(data)
        if self._is_answering:
            self._end_waiting()
        elif self._head_size > HEAD_LIMIT:
            self._cut_off()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops waiting."""
        self._end_waiting()
        super().connection_lost(exc)

    @property
    def _is_answering(self) -> bool:
        """Whether the headers of a request are whole and its answer is not."""
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _begin_to_wait(self) -> None:
        # Once for all headers of a request: further bytes gain no time.
        if self._cutting is None:
            self._cutting = self.loop.call_later(self._head_time, self._cut_off)

    def _end_waiting(self) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
            self._cutting = None
            self._head_size = 0

    def _cut_off(self) -> None:
        self._cutting = None
        self.transport.close()
