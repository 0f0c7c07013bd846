"""People of the demo who write of their own accord, at a sandbox that knows the demo's world."""

import asyncio
import logging

import pytest

from contacts_tui.demo import documents
from contacts_tui.demo.people import FIRST, PAUSE, live
from contacts_tui.paths import shipped_data
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver, eventually


async def written(sandbox: Driver) -> list[tuple[str, str]]:
    """Return channel and text of everything that people wrote."""
    found = (await sandbox.look("messages"))["messages"]
    return [(message["channel"], message["body"]) for message in found if message["direction"] == "inbound"]


async def test_everything_happens_and_goes_on(empty: Driver, caplog: pytest.LogCaptureFixture) -> None:
    await empty.control("seed", documents.sandbox_document(shipped_data(), "demo-token"))
    happenings = documents.happenings(shipped_data())
    new = sum(not happening.edits for happening in happenings)
    again = sum(not happening.edits and not happening.once for happening in happenings)
    with caplog.at_level(logging.WARNING):
        living = asyncio.create_task(live(empty.base_url, shipped_data(), first=(0, 0), pause=(0, 0.001)))

        async def twice() -> bool:
            return len(await written(empty)) >= new + again

        await eventually(twice)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    assert not caplog.records
    first = (await written(empty))[:new]
    assert ("telegram", "Can the van come on Wednesday at 10? Not Tuesday, sorry") in first
    assert ("telegram", "Can the van come on Tuesday at 10?") not in first
    assert ("messenger", "Do you sell filters for the steel pot, size 2?") in first
    assert ("messenger", "Talk to a person") in first
    assert {channel for channel, _ in first} == {"sms", "whatsapp", "telegram", "messenger"}


def test_the_rhythm_leaves_a_newcomer_in_peace() -> None:
    assert FIRST[1] <= 20
    assert (PAUSE[0], PAUSE[1]) == (30, 90)
