"""From accepted to read or failed, and the callbacks on the way."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from tests.sandbox.driver import ACCOUNT, ANN, READY, SHOP, TOKEN, WA_ANN, WA_SHOP, Driver, answered, eventually, until
from tests.sandbox.receiver import Receiver

WHATSAPP = {"To": WA_ANN, "From": WA_SHOP}


async def posts(sandbox: Driver, sid: str) -> list[dict[str, Any]]:
    """Return the posts about a message, with their answers."""
    found: list[dict[str, Any]] = (await sandbox.record(sid))["posts"]
    return found


async def open_window(sandbox: Driver) -> None:
    """Open the window, as if Ann had written to the shop now."""
    now = (await sandbox.look("health"))["now"]
    await sandbox.control("windows", {"from": WA_ANN, "to": WA_SHOP, "last_inbound_at": now})


async def test_the_sandbox_is_busy_until_nothing_more_happens_by_itself(sandbox: Driver) -> None:
    await sandbox.control("settings", {"delays": {"sent": 0.2}})
    await sandbox.sent()
    assert (await sandbox.look("health"))["busy"] == 1

    async def at_rest() -> bool:
        return bool((await sandbox.look("health"))["busy"] == 0)

    await eventually(at_rest)


async def test_callbacks_follow_the_life_of_a_message_and_are_signed(sandbox: Driver, receiver: Receiver) -> None:
    url = f"{receiver.base_url}/status?message=0192&x=a%20b"
    made = await sandbox.sent(StatusCallback=url)
    await until(lambda: receiver.statuses() == ["sent", "delivered"])
    for hook in receiver.hooks:
        assert hook.url == url
        assert RequestValidator(TOKEN).validate(url, hook.form, hook.headers["x-twilio-signature"])
        assert not RequestValidator("other").validate(url, hook.form, hook.headers["x-twilio-signature"])
    last = receiver.hooks[-1].form
    assert last.pop("RawDlrDoneDate").isdigit()
    assert last == {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": SHOP,
        "MessageSid": made["sid"],
        "MessageStatus": "delivered",
        "SmsSid": made["sid"],
        "SmsStatus": "delivered",
        "To": ANN,
    }
    record = await sandbox.record(made["sid"])
    assert [step["status"] for step in record["history"]] == ["queued", "sent", "delivered"]
    await answered(lambda: posts(sandbox, made["sid"]), [200, 200])
    fetched = (await sandbox.get(made["uri"])).json()
    assert fetched["status"] == "delivered"
    assert fetched["date_sent"]


async def test_the_receivers_refusal_is_recorded_and_not_retried(sandbox: Driver, receiver: Receiver) -> None:
    receiver.status = 503
    made = await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: len(receiver.hooks) == 2)
    await sandbox.ends(made["sid"], "delivered")
    await answered(lambda: posts(sandbox, made["sid"]), [503, 503])


async def test_an_unreachable_receiver_is_recorded(sandbox: Driver) -> None:
    made = await sandbox.sent(StatusCallback="http://127.0.0.1:1/nobody")

    async def noted() -> bool:
        known = await posts(sandbox, made["sid"])
        return bool(known) and known[0]["error"] is not None

    await eventually(noted)
    first = (await posts(sandbox, made["sid"]))[0]
    assert first["answer"] is None
    assert first["error"].startswith("ConnectError")


@pytest.mark.parametrize(
    ("trait", "code"),
    [("handset_off", 30003), ("unknown_number", 30005), ("landline", 30006), ("filtered", 30007)],
)
async def test_carriers_report_by_callback(sandbox: Driver, receiver: Receiver, trait: str, code: int) -> None:
    await sandbox.control("people", {"address": ANN, "traits": {trait: True}})
    made = await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["sent", "undelivered"])
    assert receiver.hooks[-1].form["ErrorCode"] == str(code)
    fetched = (await sandbox.get(made["uri"])).json()
    assert (fetched["status"], fetched["error_code"]) == ("undelivered", code)
    assert fetched["error_message"]


async def test_who_is_not_on_whatsapp_can_still_be_texted(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("people", {"address": ANN, "traits": {"not_on_whatsapp": True}})
    await open_window(sandbox)
    made = await sandbox.sent(**WHATSAPP, StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["failed"])
    assert receiver.hooks[0].form["ErrorCode"] == "63024"
    assert receiver.hooks[0].form["ChannelStatusMessage"]
    assert (await sandbox.record(made["sid"]))["error_code"] == 63024
    await sandbox.ends((await sandbox.sent())["sid"], "delivered")


async def test_free_text_outside_the_window_is_accepted_and_then_fails(sandbox: Driver, receiver: Receiver) -> None:
    made = await sandbox.sent(**WHATSAPP, StatusCallback=receiver.base_url)
    assert made["status"] == "queued"
    await until(lambda: receiver.statuses() == ["failed"])
    assert receiver.hooks[0].form["ErrorCode"] == "63016"


async def test_template_text_as_body_is_free_text(sandbox: Driver) -> None:
    made = await sandbox.sent(**WHATSAPP, Body="Hi Sam, your order 1234 is ready.")
    assert (await sandbox.ends(made["sid"], "failed"))["error_code"] == 63016


async def test_the_window_closes_by_the_sandboxs_own_clock(sandbox: Driver) -> None:
    await open_window(sandbox)
    await sandbox.ends((await sandbox.sent(**WHATSAPP))["sid"], "delivered")
    await sandbox.control("clock", {"offset_seconds": 24 * 3600 - 60})
    await sandbox.ends((await sandbox.sent(**WHATSAPP))["sid"], "delivered")
    await sandbox.control("clock", {"offset_seconds": 24 * 3600 + 1})
    assert (await sandbox.ends((await sandbox.sent(**WHATSAPP))["sid"], "failed"))["error_code"] == 63016


async def test_a_window_belongs_to_one_sender(sandbox: Driver) -> None:
    other = "whatsapp:+15551119999"
    await sandbox.control("senders", {"account_sid": ACCOUNT, "address": other})
    await open_window(sandbox)
    made = await sandbox.sent(To=WA_ANN, From=other)
    assert (await sandbox.ends(made["sid"], "failed"))["error_code"] == 63016


async def test_people_who_read_make_it_read_on_whatsapp_only(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("people", {"address": ANN, "reads": True})
    await open_window(sandbox)
    await sandbox.sent(**WHATSAPP, StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["sent", "delivered", "read"])
    assert receiver.hooks[-1].form["EventType"] == "READ"
    text = await sandbox.sent()
    await sandbox.ends(text["sid"], "delivered")
    fetched = (await sandbox.get(text["uri"])).json()
    assert fetched["status"] == "delivered"


async def test_a_phone_that_is_off_leaves_whatsapp_at_sent(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("people", {"address": ANN, "traits": {"handset_off": True}})
    await sandbox.control("settings", {"delays": {"delivered": 0}})
    template = await sandbox.sent(**WHATSAPP, Body="", ContentSid=READY)
    await sandbox.ends(template["sid"], "sent")
    await sandbox.ends((await sandbox.sent())["sid"], "undelivered")
    assert (await sandbox.record(template["sid"]))["status"] == "sent"


async def test_a_message_moved_by_hand_stays_where_it_was_put(sandbox: Driver) -> None:
    await sandbox.control("settings", {"delays": {"sent": 0.3}})
    made = await sandbox.sent()
    await sandbox.control(f"messages/{made['sid']}/status", {"status": "failed", "error_code": 30003})
    await sandbox.ends((await sandbox.sent())["sid"], "delivered")
    record = await sandbox.record(made["sid"])
    assert [step["status"] for step in record["history"]] == ["queued", "failed"]


async def test_a_message_moves_by_hand_in_any_order(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("settings", {"delays": {"sent": 60}})
    made = await sandbox.sent(StatusCallback=receiver.base_url)
    path = f"messages/{made['sid']}/status"
    await sandbox.control(path, {"status": "delivered"})
    await sandbox.control(path, {"status": "sent"})
    await sandbox.control(path, {"status": "failed", "error_code": 63003})
    await until(lambda: receiver.statuses() == ["delivered", "sent", "failed"])
    assert receiver.hooks[-1].form["ErrorCode"] == "63003"
