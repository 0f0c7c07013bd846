"""`/health`: whether the receiver works. Strangers may ask, and learn no more than that."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contacts_tui.services import vital_signs
from contacts_tui.store import deadline
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

FRESH = 2.0
"""Seconds for which an answer is reused: each costs a write, and anyone may ask."""
PATIENCE = 5.0
"""Seconds within which the store has to accept a write."""


def health(store: Store) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint, which answers 200 when the receiver works, and 503 when not."""
    looking = asyncio.Lock()
    known: tuple[float, bool] | None = None

    async def answer(request: Request) -> Response:
        nonlocal known
        async with looking:
            now = asyncio.get_running_loop().time()
            if known is None or now - known[0] > FRESH:
                known = asyncio.get_running_loop().time(), await _is_well(store)
            is_well = known[1]
        return JSONResponse({"ok": is_well}, 200 if is_well else 503)

    return answer


async def _is_well(store: Store) -> bool:
    try:
        with deadline.within(PATIENCE):
            await store.run(vital_signs.write)
            signs = await store.read(vital_signs.read)
    except StoreError:
        return False
    return signs.are_good(store.clock())
