"""Templates: every page of them, every part of each, and unannounced shapes."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.rest.content.v1.content_and_approvals import ContentAndApprovalsInstance

from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.channels.twilio.content import to_template
from contacts_tui.domain.template import Button, Template, placeholders
from tests.channels.wire import NOW, by_name, http, inbox, wire
from tests.sandbox.driver import ACCOUNT, Driver

RECORD: dict[str, Any] = {
    "sid": "HX1",
    "friendly_name": "order_ready",
    "language": "en",
    "variables": {"1": "Sam", "2": "1234"},
    "types": {"twilio/text": {"body": "Hi {{1}}"}},
    "approval_requests": {"name": "order_ready", "category": "UTILITY", "status": "approved", "rejection_reason": ""},
}


def template(**changes: Any) -> Template:
    """Return the record with some fields changed, as a template."""
    record = SimpleNamespace(**{**RECORD, **changes})
    made = to_template(cast(ContentAndApprovalsInstance, record), 7, NOW)
    assert made is not None
    return made


async def test_all_pages_are_read(adapter: TwilioAdapter, sandbox: Driver) -> None:
    for number in range(8):
        state = "paused" if number == 5 else "approved"
        document = {
            "account_sid": ACCOUNT,
            "friendly_name": f"more_{number}",
            "types": {"twilio/text": {"body": "Hello"}},
            "approval": {"status": state, "category": "MARKETING"},
        }
        await sandbox.control("templates", document)
    found = by_name(list(await adapter.templates(inbox(sandbox.base_url), NOW)))
    assert len(found) == 9
    assert (found["more_5"].approval, found["more_5"].category) == ("paused", "marketing")
    ready = found["order_ready"]
    assert (ready.id, ready.inbox_id, ready.body) == (0, 7, "Hi {{1}}, your order {{2}} is ready.")
    assert ready.samples == {"1": "Sam", "2": "1234"}
    assert ready.synced_at == NOW


def test_variables_of_every_part_are_found() -> None:
    card = {
        "header_text": "Order {{1}}",
        "body": "Hi {{2}}",
        "footer": "until {{3}}",
        "media": ["https://x.example/{{4}}.png"],
        "actions": [
            {"type": "URL", "title": "Track", "url": "https://x.example/{{5}}"},
            {"type": "PHONE_NUMBER", "title": "Call", "phone": "+15550001111"},
            {"type": "QUICK_REPLY", "title": "No {{6}}", "id": "no"},
            {"type": "COPY_CODE", "title": "Copy", "code": "{{7}}"},
        ],
    }
    made = template(types={"whatsapp/card": card})
    assert (made.header, made.body, made.footer) == ("Order {{1}}", "Hi {{2}}", "until {{3}}")
    assert [button.kind for button in made.buttons] == ["url", "phone_number", "quick_reply", "copy_code"]
    assert made.buttons[1] == Button("phone_number", "Call", "+15550001111")
    assert placeholders(made) == ("1", "2", "3", "4", "5", "6", "7")


@pytest.mark.parametrize(
    ("kind", "definition", "text", "buttons"),
    [
        ("twilio/media", {"body": "Look", "media": ["https://x/1.png"]}, "Look", []),
        ("twilio/quick-reply", {"body": "Ok?", "actions": [{"title": "Yes", "id": "y"}]}, "Ok?", ["Yes"]),
        ("twilio/card", {"title": "Your order", "subtitle": "Shop"}, "Your order", []),
        (
            "twilio/list-picker",
            {"body": "Pick", "button": "Show", "items": [{"item": "A", "description": "first", "id": "a"}]},
            "Pick",
            ["Show", "A"],
        ),
        ("twilio/location", {"latitude": 6.45, "longitude": 3.39, "label": "Shop"}, "Location: Shop (6.45, 3.39)", []),
        ("twilio/carousel", {"body": "New", "cards": [{"title": "Blue", "body": "big"}]}, "New", ["Blue: big"]),
    ],
)
def test_every_content_type(kind: str, definition: dict[str, Any], text: str, buttons: list[str]) -> None:
    made = template(types={kind: definition})
    assert (made.kind, made.body) == (kind, text)
    assert [button.title for button in made.buttons] == buttons


def test_the_approved_type_is_shown_of_several() -> None:
    types = {"twilio/text": {"body": "plain"}, "twilio/quick-reply": {"body": "rich"}}
    assert template(types=types).body == "rich"
    assert (
        template(types=types, approval_requests={"status": "approved", "content_type": "twilio/text"}).body == "plain"
    )


def test_an_unknown_type_is_named_and_its_variables_are_asked_for() -> None:
    made = template(types={"twilio/hologram": {"beam": {"text": "Hi {{who}}", "size": "{{2}}"}}})
    assert (made.kind, made.header, made.body) == ("twilio/hologram", "[twilio/hologram]", "")
    assert set(placeholders(made)) == {"who", "2", *made.samples}


@pytest.mark.parametrize(
    ("requests", "state"),
    [
        ({"status": "paused"}, "paused"),
        ({"status": "Approved?"}, "Approved?"),
        ({"whatsapp": {"status": "rejected", "rejection_reason": "spam"}}, "rejected"),
        ([{"status": "pending"}], "pending"),
        ({}, "unsubmitted"),
        (None, "unsubmitted"),
        ({"status": 5}, "5"),
    ],
)
def test_the_approval_is_kept_as_the_provider_says_it(requests: object, state: str) -> None:
    assert template(approval_requests=requests).approval == state


def test_a_record_without_id_is_left_out() -> None:
    record = SimpleNamespace(**{**RECORD, "sid": None})
    assert to_template(cast(ContentAndApprovalsInstance, record), 7, NOW) is None


async def test_odd_records_do_not_hide_the_others(adapter: TwilioAdapter) -> None:
    page: dict[str, Any] = {
        "contents": [None, 5, "x", [], {"sid": {}}, RECORD],
        "meta": {"key": "contents", "next_page_url": None},
    }
    async with wire(http(200, json.dumps(page))) as server:
        found = await adapter.templates(inbox(server.base_url), NOW)
    assert [made.name for made in found] == ["order_ready"]


@pytest.mark.parametrize("page", ["", "[]", "null", "{}", '{"contents": 5, "meta": {"key": "contents"}}', "<html>"])
async def test_a_page_that_is_none_is_an_error_in_words(adapter: TwilioAdapter, page: str) -> None:
    async with wire(http(200, page)) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.templates(inbox(server.base_url), NOW)
    assert caught.value.sentence.startswith("Twilio's answer can't be read")


async def test_credentials_never_follow_a_page_to_a_foreign_host(adapter: TwilioAdapter) -> None:
    async with wire(http(200, '{"contents": [], "meta": {"key": "contents"}}')) as stranger:
        page = {"contents": [RECORD], "meta": {"key": "contents", "next_page_url": f"{stranger.base_url}/v1/next"}}
        async with wire(http(200, json.dumps(page))) as server:
            with pytest.raises(ChannelError):
                await adapter.templates(inbox(server.base_url), NOW)
    assert stranger.seen == []


odd = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.just("{{1}}")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from(["body", "media", "actions", "items", "cards", "title", "button", "latitude", "footer"])
kinds = st.sampled_from(
    ["twilio/text", "twilio/card", "twilio/list-picker", "twilio/location", "twilio/carousel", "whatsapp/card", "odd"]
)


@given(types=odd | st.dictionaries(kinds, odd | st.dictionaries(keys, odd, max_size=5), max_size=3), other=odd)
def test_no_shape_raises(types: object, other: object) -> None:
    made = template(types=types, variables=other, approval_requests=other, language=other, friendly_name=other)
    assert made.name
    assert made.approval
    placeholders(made)
