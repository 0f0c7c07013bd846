"""Templates: how they are listed, rendered and judged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.driver import ACCOUNT, ANN, READY, SHOP, WA_ANN, WA_SHOP, Driver

WHATSAPP = {"To": WA_ANN, "From": WA_SHOP}


async def make(sandbox: Driver, content_type: str, definition: dict[str, Any], status: str = "approved") -> str:
    """Create a template of one type and return its identifier."""
    document = {
        "account_sid": ACCOUNT,
        "friendly_name": "made",
        "types": {content_type: definition},
        "approval": {"status": status},
    }
    return str((await sandbox.control("templates", document))["sid"])


async def outcome(sandbox: Driver, sid: str, **form: str) -> tuple[str, int | None]:
    """Send a template on WhatsApp, wait for its end, and return its status and error code."""
    made = await sandbox.sent(**WHATSAPP, Body="", ContentSid=sid, **form)
    record = await sandbox.ends(made["sid"], "delivered", "failed")
    return record["status"], record["error_code"]


async def open_window(sandbox: Driver) -> None:
    """Open the window, as if Ann had written to the shop now."""
    await sandbox.control("inbound", {"from": WA_ANN, "to": WA_SHOP, "body": "hi"})


async def test_a_template_needs_no_window_and_shows_its_rendered_text(sandbox: Driver) -> None:
    made = await sandbox.sent(
        **WHATSAPP, Body="", ContentSid=READY, ContentVariables='{"1": "O\'Brien <b>", "2": "4711"}'
    )
    assert made["body"] == "Hi O'Brien <b>, your order 4711 is ready."
    await sandbox.ends(made["sid"], "delivered")


async def test_what_is_left_out_is_sent_with_its_sample(sandbox: Driver) -> None:
    made = await sandbox.sent(**WHATSAPP, Body="", ContentSid=READY, ContentVariables='{"2": "4711"}')
    assert made["body"] == "Hi Sam, your order 4711 is ready."


async def test_a_placeholder_without_sample_or_value_is_refused(sandbox: Driver) -> None:
    actions = [{"title": "Track", "url": "https://example.org/{{1}}"}]
    sid = await make(sandbox, "twilio/call-to-action", {"body": "Ready.", "actions": actions})
    assert await sandbox.refused(**WHATSAPP, ContentSid=sid) == 21656
    assert await outcome(sandbox, sid, ContentVariables='{"1": "4711"}') == ("delivered", None)


@pytest.mark.parametrize(
    ("status", "code"),
    [("rejected", 63040), ("paused", 63041), ("disabled", 63042), ("pending", 63016), ("unsubmitted", 63016)],
)
async def test_what_is_not_approved_cannot_start_a_conversation(sandbox: Driver, status: str, code: int) -> None:
    await sandbox.control(f"templates/{READY}/approval", {"status": status})
    assert await outcome(sandbox, READY) == ("failed", code)
    await open_window(sandbox)
    assert await outcome(sandbox, READY) == ("delivered", None)


async def test_a_call_to_action_needs_approval_inside_the_window_too(sandbox: Driver) -> None:
    await open_window(sandbox)
    sid = await make(sandbox, "twilio/call-to-action", {"body": "Ready."}, "pending")
    assert await outcome(sandbox, sid) == ("failed", 63016)


@pytest.mark.parametrize(
    ("content_type", "definition"),
    [
        ("twilio/list-picker", {"body": "Pick", "button": "Go", "items": [{"id": "a", "item": "A"}]}),
        ("twilio/location", {"latitude": 1.5, "longitude": 2.5, "label": "Shop"}),
    ],
)
async def test_some_types_cannot_start_a_conversation(
    sandbox: Driver, content_type: str, definition: dict[str, Any]
) -> None:
    sid = await make(sandbox, content_type, definition)
    assert await outcome(sandbox, sid) == ("failed", 63016)
    await open_window(sandbox)
    assert await outcome(sandbox, sid) == ("delivered", None)


async def test_a_rendered_template_has_a_limit(sandbox: Driver) -> None:
    sid = await make(sandbox, "twilio/text", {"body": "{{1}}"})
    assert await outcome(sandbox, sid, ContentVariables='{"1": "' + "x" * 1024 + '"}') == ("delivered", None)
    assert await outcome(sandbox, sid, ContentVariables='{"1": "' + "x" * 1025 + '"}') == ("failed", 63021)


async def test_the_channel_chooses_the_type(sandbox: Driver) -> None:
    document = {
        "account_sid": ACCOUNT,
        "friendly_name": "both",
        "types": {
            "twilio/text": {"body": "Plain."},
            "whatsapp/card": {"header_text": "Head", "body": "Rich.", "footer": "Foot"},
        },
        "approval": {"status": "approved"},
    }
    sid = (await sandbox.control("templates", document))["sid"]
    assert (await sandbox.sent(To=ANN, From=SHOP, Body="", ContentSid=sid))["body"] == "Plain."
    assert (await sandbox.sent(**WHATSAPP, Body="", ContentSid=sid))["body"] == "Head\nRich.\nFoot"


async def test_media_of_a_template_goes_with_it(sandbox: Driver) -> None:
    sid = await make(sandbox, "twilio/media", {"body": "Look", "media": ["https://example.org/a.png"]})
    made = await sandbox.sent(**WHATSAPP, Body="", ContentSid=sid)
    assert (made["num_media"], made["sid"][:2]) == ("1", "MM")


async def test_one_template_and_its_approval(sandbox: Driver) -> None:
    found = (await sandbox.get(f"/v1/Content/{READY}")).json()
    assert (found["friendly_name"], found["variables"]) == ("order_ready", {"1": "Sam", "2": "1234"})
    assert found["types"] == {"twilio/text": {"body": "Hi {{1}}, your order {{2}} is ready."}}
    approval = (await sandbox.client.get(found["links"]["approval_fetch"], auth=(ACCOUNT, "token-of-the-tests"))).json()
    assert approval["whatsapp"]["status"] == "approved"
    assert approval["whatsapp"]["name"] == "order_ready"
    answer = await sandbox.get(f"/v1/Content/HX{'9' * 32}")
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_pages_are_small_however_many_are_asked_for(sandbox: Driver) -> None:
    for number in range(6):
        await make(sandbox, "twilio/text", {"body": f"Number {number}"})
    page = (await sandbox.get("/v1/ContentAndApprovals", PageSize="1000")).json()
    assert page["meta"]["key"] == "contents"
    sizes = [len(page["contents"])]
    names = {entry["sid"] for entry in page["contents"]}
    while page["meta"]["next_page_url"]:
        answer = await sandbox.client.get(page["meta"]["next_page_url"], auth=(ACCOUNT, "token-of-the-tests"))
        page = answer.json()
        sizes.append(len(page["contents"]))
        names |= {entry["sid"] for entry in page["contents"]}
    assert (sizes, len(names)) == ([3, 3, 1], 7)
    assert page["contents"][0]["approval_requests"]["status"] == "approved"
    await sandbox.control("settings", {"page_size": {"content": 50}})
    page = (await sandbox.get("/v1/Content")).json()
    assert (len(page["contents"]), page["meta"]["next_page_url"]) == (7, None)
