"""Webhooks that are posted: the faults that strike them, and what was answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx

from contacts_sandbox.core.faults import Fault
from contacts_sandbox.core.state import State
from contacts_sandbox.twilio.records import Post

TIMEOUT = 15.0
"""Seconds Twilio waits for a webhook's answer; the others are given as long."""

LOST = "lost on purpose"
"""The error of a post that a fault kept from leaving."""


@dataclass(frozen=True)
class Occasion:
    """What faults are matched with when a webhook is posted."""

    when: str
    """One of the occasions of faults that concern posts."""
    to: str
    """The receiving address of the message that it reports."""
    from_: str
    """The sending address of that message."""
    line: str
    """Posts of one line change places with each other when they are shuffled."""


@dataclass(frozen=True)
class Parcel:
    """A post as it is sent over the wire."""

    content: bytes
    """The body."""
    headers: Mapping[str, str]
    """Its content type, and its signature or secret."""


class Poster:
    """Posts webhooks, with the faults that strike them."""

    def __init__(self, state: State, client: httpx.AsyncClient) -> None:
        """Post through `client`, which its owner keeps open as long as this is used, and closes."""
        self._state = state
        self._client = client
        self._held: dict[str, asyncio.Event] = {}

    async def post(
        self, occasion: Occasion, posts: list[Post], tried: Post, parcel: Parcel, order: asyncio.Lock
    ) -> None:
        """Post `parcel` once, or as a fault demands.

        Each try is added to `posts`, and the outcome of the first is noted in `tried`. Nothing is retried here. `order`
        is held while the post is on its way.
        """
        fault = self._strike(occasion)
        posts.append(tried)
        if fault and fault.kind == "lose":
            tried.error = LOST
            return
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "shuffle":
            await self._hold(occasion.line, fault.seconds)
        tries = [tried]
        if fault and fault.kind == "double":
            tries.append(replace(tried, at=self._state.clock()))
            posts.append(tries[1])
        async with order:
            # Both at the same moment: the harder case for a receiver that must recognise them as one.
            await asyncio.gather(*(self._send(one, parcel) for one in tries))
        held = self._held.get(occasion.line)
        if held:
            held.set()

    async def ask(self, url: str, query: Mapping[str, str]) -> tuple[int | None, str]:
        """GET `url` with a query added. Return the status and text of the answer, or None and why none came."""
        try:
            answer = await self._client.get(httpx.URL(url).copy_merge_params(query), timeout=TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return None, f"{type(error).__name__}: {error}"
        return answer.status_code, answer.text

    def _strike(self, occasion: Occasion) -> Fault | None:
        fault = self._state.faults.find(occasion.when, occasion.to, occasion.from_)
        # One post at a time is held back: the next has to pass it, or nothing would change places.
        if fault is None or (fault.kind == "shuffle" and occasion.line in self._held):
            return None
        self._state.faults.use(fault)
        return fault

    async def _hold(self, line: str, seconds: float) -> None:
        passed = asyncio.Event()
        self._held[line] = passed
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await passed.wait()
        finally:
            del self._held[line]

    async def _send(self, tried: Post, parcel: Parcel) -> None:
        try:
            answer = await self._client.post(
                tried.url, content=parcel.content, headers=dict(parcel.headers), timeout=TIMEOUT
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            tried.error = f"{type(error).__name__}: {error}"
        else:
            tried.answer = answer.status_code
