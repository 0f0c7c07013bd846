"""Who writes in the demo of their own accord, and when: the same people in the same rhythm each time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from contacts_tui.demo import documents
from contacts_tui.demo.documents import Happening
from contacts_tui.demo.pauses import Span, pauses

FIRST: Span = (12.0, 18.0)
"""From the start to the first happening."""
PAUSE: Span = (30.0, 90.0)
"""Between two happenings: the list must not move too often while an agent looks around."""

_log = logging.getLogger(__name__)


async def live(sandbox_url: str, folder: Path, *, first: Span = FIRST, pause: Span = PAUSE) -> None:
    """Let the happenings of `unprompted.json` in `folder` take place one by one, round after round, until cancelled."""
    drawn = pauses()
    happenings = documents.happenings(folder)
    await asyncio.sleep(drawn(first))
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            await _round(client, sandbox_url, happenings, lambda: drawn(pause))
            happenings = tuple(each for each in happenings if not each.once)


async def _round(
    client: httpx.AsyncClient, sandbox_url: str, happenings: Sequence[Happening], pause: Callable[[], float]
) -> None:
    edited: object = None
    for happening in happenings:
        document = {**happening.document, **({"edit": edited} if happening.edits else {})}
        try:
            answer = await client.post(f"{sandbox_url}/control/{happening.path}", json=document)
            answer.raise_for_status()
            edited = answer.json().get("message_id")
        except httpx.HTTPError as error:
            # Nothing depends on it: a person who didn't write now does so in the next round.
            _log.warning("in the demo %s didn't happen: %s", happening.path, error)
        await asyncio.sleep(pause())
