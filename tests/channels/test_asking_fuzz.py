"""Any answer of a provider to a question about an inbox, messages or templates is a result or a typed error."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts_tui.channels.base import Accepted, Adapter, ChannelError, InboxCheck
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.domain.inbox import Inbox
from tests.channels import messenger_world, telegram_world
from tests.channels.wire import IMPATIENT, NOW, http, inbox, outgoing, resolve, wire

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
STATUSES = st.just(200) | st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503])
TEXTS = st.sampled_from(["active", "outbound-api", "hello", "Tue, 17 Nov 2026 14:02:00 +0000"])


def documents(*names: str, of: st.SearchStrategy[Any] = VALUES) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with some of these members."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, TEXTS | of))


def bodies(document: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Return answers in the provider's form, and in none."""
    return (document | VALUES).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)


RESOURCES = documents(
    "sid", "status", "body", "direction", "date_created", "num_media", "capabilities", "friendly_name"
)
CONTENTS = documents("sid", "types", "variables", "language", "approval_requests", "links", "date_created")
PAGES = st.fixed_dictionaries(
    {},
    optional={
        "messages": st.lists(RESOURCES | VALUES, max_size=3) | VALUES,
        "incoming_phone_numbers": st.lists(RESOURCES | VALUES, max_size=3) | VALUES,
        "contents": st.lists(CONTENTS | VALUES, max_size=3) | VALUES,
        "meta": st.just({"key": "contents"}) | documents("key", "next_page_url", "url"),
        "next_page_uri": st.none() | VALUES,
        "code": st.integers(0, 99999) | VALUES,
    },
)
TWILIO = bodies(PAGES | RESOURCES)
GRAPH = bodies(
    documents("id", "name", "error", of=VALUES | documents("code", "message"))
    | documents("data", of=VALUES | st.lists(documents("subscribed_fields")))
)
INFOS = documents("id", "username", "url", "pending_update_count", "last_error_message")
BOTS = bodies(
    st.fixed_dictionaries({"ok": st.booleans() | VALUES, "result": INFOS | VALUES}, optional={"error_code": VALUES})
)

OUR_PAGE = 200, json.dumps({"id": messenger_world.page("").address, "name": "Shop"}).encode()
OUR_BOT = 200, json.dumps({"ok": True, "result": {"id": 7001, "username": telegram_world.bot("").address}}).encode()
"""First answers after which a second question is asked."""

Question = Callable[[Adapter, Inbox], Awaitable[object]]
SINCE = NOW - timedelta(minutes=5)
QUESTIONS: dict[str, Question] = {
    "check": lambda adapter, of: adapter.check(of),
    "find": lambda adapter, of: adapter.find(of, outgoing(), SINCE),
    "templates": lambda adapter, of: adapter.templates(of, NOW),
}


async def ask(
    adapter: Adapter, make: Callable[[str], Inbox], question: Question, answers: Iterable[tuple[int, bytes]]
) -> object:
    """Return the result of a question that a server answers in turn with these."""
    try:
        async with wire(*(http(status, body) for status, body in answers)) as server:
            return await question(adapter, make(server.base_url))
    finally:
        await adapter.aclose()


def is_answer_or_typed_error(asking: Callable[[], Awaitable[object]]) -> None:
    """Check that a question has a result or raises ChannelError; any other exception fails the test."""

    async def run() -> object:
        return await asking()

    try:
        found = asyncio.run(run())
    except ChannelError as error:
        assert error.sentence
        return
    if isinstance(found, InboxCheck):
        assert found.lines and all(isinstance(line, str) for line in found.lines)
    else:
        assert found is None or isinstance(found, Accepted | list | tuple)


@pytest.mark.parametrize("name", QUESTIONS)
@settings(deadline=None, max_examples=40)
@given(answers=st.lists(st.tuples(STATUSES, TWILIO), min_size=1, max_size=2))
def test_no_answer_of_twilio_gets_past(name: str, answers: list[tuple[int, bytes]]) -> None:
    is_answer_or_typed_error(lambda: ask(TwilioAdapter(resolve, IMPATIENT), inbox, QUESTIONS[name], answers))


@pytest.mark.parametrize("before", [(), (OUR_PAGE,)], ids=["first", "second"])
@settings(deadline=None, max_examples=40)
@given(answer=st.tuples(STATUSES, GRAPH))
def test_no_answer_of_graph_gets_past(before: tuple[tuple[int, bytes], ...], answer: tuple[int, bytes]) -> None:
    adapter = MessengerAdapter(messenger_world.resolve, IMPATIENT)
    is_answer_or_typed_error(lambda: ask(adapter, messenger_world.page, QUESTIONS["check"], (*before, answer)))


@pytest.mark.parametrize("before", [(), (OUR_BOT,)], ids=["first", "second"])
@settings(deadline=None, max_examples=40)
@given(answer=st.tuples(STATUSES, BOTS))
def test_no_answer_of_telegram_gets_past(before: tuple[tuple[int, bytes], ...], answer: tuple[int, bytes]) -> None:
    async def asking() -> object:
        async with telegram_world.telegram() as adapter:
            return await ask(adapter, telegram_world.bot, QUESTIONS["check"], (*before, answer))

    is_answer_or_typed_error(asking)
