"""Checking a page's inbox at the Graph API."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.meta.check import NEEDED, WANTED
from tests.channels.messenger_world import PAGE, PAGE_TOKEN, page, refusal, resolve
from tests.channels.wire import IMPATIENT, http, wire

NAMED = json.dumps({"id": PAGE, "name": "The Shop"})


def subscribed(*fields: str) -> str:
    """Return Graph's answer about the app's subscription."""
    return json.dumps({"data": [{"id": "1", "subscribed_fields": list(fields)}, 5, {"subscribed_fields": "x"}]})


@pytest.fixture
async def adapter() -> AsyncIterator[MessengerAdapter]:
    """Yield the adapter under test, with short time-outs."""
    made = MessengerAdapter(resolve, IMPATIENT)
    yield made
    await made.aclose()


@pytest.mark.parametrize(
    ("second", "is_ok", "word"),
    [
        (http(200, subscribed(*NEEDED, *WANTED)), True, "receipts"),
        (http(200, subscribed(*NEEDED)), True, "message_echoes"),
        (http(200, subscribed()), False, "messages"),
        (http(200, "{}"), True, "doesn't say"),
        (http(403, refusal(200)), True, "doesn't say"),
    ],
)
async def test_a_good_page_and_its_webhook(adapter: MessengerAdapter, second: bytes, is_ok: bool, word: str) -> None:
    async with wire(http(200, NAMED), second) as server:
        check = await adapter.check(page(server.base_url))
    assert check.ok is is_ok
    assert "The Shop" in check.lines[0]
    assert word in check.lines[1]
    assert [seen.path.partition("?")[0] for seen in server.seen] == [f"/v26.0/{PAGE}", f"/v26.0/{PAGE}/subscribed_apps"]
    assert all(PAGE_TOKEN not in seen.line for seen in server.seen)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (http(401, refusal(190)), "token"),
        (http(400, refusal(100, 33)), "page"),
        (http(200, '{"id": "999"}'), "belongs to 999"),
    ],
)
async def test_what_graph_denies_is_an_answer(adapter: MessengerAdapter, answer: bytes, word: str) -> None:
    async with wire(answer) as server:
        check = await adapter.check(page(server.base_url))
    assert not check.ok
    assert word in check.lines[0]


@pytest.mark.parametrize("answer", [b"", http(500, "x"), http(200, "[]"), http(200, "{"), http(400, refusal(613))])
async def test_a_graph_that_gives_no_answer_is_a_sentence(adapter: MessengerAdapter, answer: bytes) -> None:
    async with wire(answer) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.check(page(server.base_url))
    assert caught.value.sentence.endswith(".")
    assert "may have been sent" not in caught.value.sentence


async def test_the_token_is_in_no_sentence(adapter: MessengerAdapter) -> None:
    async with wire(http(500, refusal(2, message=f"Malformed access token {PAGE_TOKEN}"))) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.check(page(server.base_url))
    assert "(Malformed access token …)" in caught.value.sentence


async def test_a_graph_out_of_reach_is_a_sentence(adapter: MessengerAdapter) -> None:
    with pytest.raises(ChannelError) as caught:
        await adapter.check(page("http://nobody.invalid"))
    assert caught.value.code == "no_connection"


async def test_a_pause_that_graph_asks_for_is_passed_on(adapter: MessengerAdapter) -> None:
    answer = http(429, refusal(613), {"Retry-After": "7"})
    async with wire(answer) as server:
        with pytest.raises(ChannelError, match="asks for a pause") as caught:
            await adapter.check(page(server.base_url))
    assert caught.value.retry_after == timedelta(seconds=7)
