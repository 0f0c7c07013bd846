"""Any answer of Telegram, or of a host in its place, is a result of a send, events, or a typed error."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contacts_tui.channels.base import Accepted, ChannelError, SendResult
from contacts_tui.channels.registry import explain
from contacts_tui.domain.channel import Provider
from tests.channels.telegram_world import bot, message, telegram, to_sam, update
from tests.channels.wire import http, wire

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
STATUSES = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 413, 429, 500, 502])
DESCRIPTIONS = st.sampled_from(["Forbidden: bot was blocked by the user", "Bad Request: chat not found", ""]) | VALUES


def answers(result: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Return answers in the form of the Bot API, and in none."""
    members = {
        "result": result | VALUES,
        "error_code": STATUSES | VALUES,
        "description": DESCRIPTIONS,
        "parameters": VALUES
        | st.fixed_dictionaries({}, optional={"retry_after": VALUES, "migrate_to_chat_id": VALUES}),
    }
    formed = st.fixed_dictionaries({"ok": st.booleans() | VALUES}, optional=members)
    return (formed | VALUES).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)


@settings(deadline=None)
@given(STATUSES, answers(st.builds(message, text=VALUES)))
def test_no_answer_to_a_send_gets_past_the_judgement(status: int, body: bytes) -> None:
    async def send() -> SendResult:
        async with telegram() as adapter, wire(http(status, body)) as server:
            return await adapter.send(bot(server.base_url), to_sam())

    result = asyncio.run(send())
    if isinstance(result, Accepted):
        assert status < 400
        assert result.provider_id
    else:
        assert explain(Provider.TELEGRAM, result.code).sentence


@settings(deadline=None)
@given(STATUSES, answers(st.lists(st.builds(update, text=VALUES, photo=VALUES, chat=VALUES) | VALUES, max_size=3)))
def test_no_answer_to_a_poll_breaks_the_polling(status: int, body: bytes) -> None:
    async def ask() -> None:
        async with telegram() as adapter, wire(http(status, body)) as server:
            events, cursor = await adapter.updates(bot(server.base_url), "5")
            assert isinstance(cursor, str)
            list(events)

    try:
        asyncio.run(ask())
    except ChannelError as error:
        assert error.sentence
