"""Messages from people."""

from __future__ import annotations

from base64 import b64encode

import pytest
from twilio.request_validator import RequestValidator

from tests.sandbox.driver import ACCOUNT, ANN, SERVICE, SHOP, TOKEN, WA_ANN, WA_SHOP, Driver
from tests.sandbox.receiver import Receiver


async def test_an_sms_arrives_with_blank_fields_and_a_good_signature(sandbox: Driver, receiver: Receiver) -> None:
    answer = await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "Is it in? ✓"})
    assert (answer["posted"], answer["receiver_status"]) == (True, 200)
    (hook,) = receiver.hooks
    assert hook.url == f"{receiver.base_url}/in?inbox=1"
    assert RequestValidator(TOKEN).validate(hook.url, hook.form, hook.headers["x-twilio-signature"])
    blank = {name for name, value in hook.form.items() if not value}
    assert {"FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToState", "ToZip", "ToCountry"} == blank
    assert {name: value for name, value in hook.form.items() if value} == {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "Body": "Is it in? ✓",
        "From": ANN,
        "MessageSid": answer["message_sid"],
        "MessagingServiceSid": SERVICE,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": answer["message_sid"],
        "SmsSid": answer["message_sid"],
        "SmsStatus": "received",
        "To": SHOP,
    }


async def test_whatsapp_adds_its_own_fields(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("people", {"address": ANN, "profile_name": "Ann"})
    letter = {"from": WA_ANN, "to": WA_SHOP, "body": ""}
    await sandbox.control("inbound", letter | {"button": {"text": "Yes", "payload": "yes_1"}})
    await sandbox.control("inbound", letter | {"location": {"latitude": 1.5, "longitude": -2, "label": "Here"}})
    await sandbox.control("inbound", letter | {"profile_name": "Annie", "body": "hi"})
    button, place, plain = [hook.form for hook in receiver.hooks]
    assert (button["ProfileName"], button["WaId"], button["MessageType"]) == ("Ann", "15552220000", "button")
    assert (button["ButtonText"], button["ButtonPayload"], button["Body"]) == ("Yes", "yes_1", "")
    assert (place["Latitude"], place["Longitude"], place["Label"]) == ("1.5", "-2.0", "Here")
    assert (plain["ProfileName"], plain["MessageType"]) == ("Annie", "text")


async def test_a_person_without_a_number_writes_and_is_answered(sandbox: Driver, receiver: Receiver) -> None:
    nobody = "whatsapp:US.aBc1"
    letter = {"from": nobody, "to": WA_SHOP, "body": "hi", "profile_name": "Sam"}
    await sandbox.control("inbound", letter)
    form = receiver.hooks[0].form
    assert (form["From"], form["ProfileName"], "WaId" in form) == (nobody, "Sam", False)
    assert (await sandbox.send(From=WA_SHOP, To=nobody, Body="hello")).status_code == 201
    for wrong in ("whatsapp:US.", "whatsapp:us.abc", "whatsapp:US.a b", "whatsapp:US." + "a" * 129, "US.aBc1"):
        assert (await sandbox.send(From=WA_SHOP, To=wrong, Body="hello")).json()["code"] == 21211


async def test_a_user_id_beside_a_number_has_its_window_too(sandbox: Driver, receiver: Receiver) -> None:
    ids = {"user_id": "US.aBc1", "parent_user_id": "US.ENT.Xy2"}
    await sandbox.control("inbound", {"from": WA_ANN, "to": WA_SHOP, "body": "hi"} | ids)
    form = receiver.hooks[0].form
    assert (form["ExternalUserId"], form["ParentExternalUserId"]) == ("whatsapp:US.aBc1", "whatsapp:US.ENT.Xy2")
    sent = (await sandbox.send(From=WA_SHOP, To="whatsapp:US.aBc1", Body="hello")).json()
    assert sent["to"] == "whatsapp:US.aBc1"


async def test_choices_referrals_and_rcs(sandbox: Driver, receiver: Receiver) -> None:
    letter = {"from": WA_ANN, "to": WA_SHOP, "body": ""}
    ad = {"source_url": "https://fb.me/x", "headline": "Shoes"}
    await sandbox.control("inbound", letter | {"list_reply": {"id": "i2", "title": "Blue", "description": "Size 9"}})
    await sandbox.control("inbound", letter | {"referral": ad})
    await sandbox.control("inbound", {"from": f"rcs:{ANN}", "to": SHOP, "body": "Hi", "button": {"text": "Hi"}})
    chosen, referred, rich = [hook.form for hook in receiver.hooks]
    assert (chosen["MessageType"], chosen["ListId"], chosen["ListTitle"]) == ("interactive", "i2", "Blue")
    assert chosen["ListDescription"] == "Size 9"
    assert (referred["ReferralHeadline"], referred["ReferralSourceType"]) == ("Shoes", "ad")
    assert (rich["From"], rich["MessageType"], rich["ButtonText"]) == (f"rcs:{ANN}", "button", "Hi")


OPTING: list[tuple[str, str, str, str | None, int | None]] = [
    (ANN, SHOP, "ARRET", "STOP", 21610),
    (ANN, SHOP, "JOIN", "START", None),
    (ANN, SHOP, "STOP", "HELP", None),
    (ANN, SHOP, "STOP", None, 21610),
    (WA_ANN, WA_SHOP, "STOP", None, None),
    (WA_ANN, WA_SHOP, "ALTO", "STOP", 21610),
]


async def test_advanced_opt_out_decides_where_it_is(sandbox: Driver, receiver: Receiver) -> None:
    for address, to, body, word, code in OPTING:
        await sandbox.control("inbound", {"from": address, "to": to, "body": body, "opt_out_type": word})
        assert receiver.hooks[-1].form.get("OptOutType") == word
        answer = (await sandbox.send(From=to, To=address, Body="hello")).json()
        assert (answer.get("code") or None) == code, body


WRONG: list[dict[str, object]] = [
    {"opt_out_type": "stop"},
    {"user_id": "+15551110000"},
    {"parent_user_id": ""},
    {"list_reply": {"id": "1"}},
    {"list_reply": {"id": "1", "title": "a"}, "button": {"text": "b"}},
    {"referral": {"headline": "Shoes"}},
    {"referral": {"source_url": "https://fb.me/x", "source_type": "mail"}},
    {"from": ANN, "to": SHOP, "user_id": "US.aBc1"},
    {"from": ANN, "to": SHOP, "button": {"text": "b"}},
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_nobody_can_send_is_refused(sandbox: Driver, wrong: dict[str, object]) -> None:
    letter: dict[str, object] = {"from": WA_ANN, "to": WA_SHOP, "body": ""}
    answer = await sandbox.client.post(f"{sandbox.base_url}/control/inbound", json=letter | wrong)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


async def test_media_is_served_with_credentials_only(sandbox: Driver, receiver: Receiver) -> None:
    picture = b"\x89PNG\r\n"
    media = [
        {"content_type": "image/png", "base64": b64encode(picture).decode(), "filename": "a é.png"},
        {"content_type": "text/plain", "text": "note"},
    ]
    await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "", "media": media})
    form = receiver.hooks[0].form
    assert (form["NumMedia"], form["MediaContentType0"], form["MessageSid"][:2]) == ("2", "image/png", "MM")
    assert form["MediaUrl0"].startswith(sandbox.base_url)
    answer = await sandbox.client.get(form["MediaUrl0"], auth=(ACCOUNT, TOKEN))
    assert (answer.content, answer.headers["content-type"]) == (picture, "image/png")
    assert (await sandbox.client.get(form["MediaUrl0"])).status_code == 401
    assert (await sandbox.client.get(form["MediaUrl0"] + "0", auth=(ACCOUNT, TOKEN))).status_code == 404


async def test_a_message_opens_the_window_from_its_own_time(sandbox: Driver) -> None:
    letter = {"from": WA_ANN, "to": WA_SHOP, "body": "hi"}
    await sandbox.control("inbound", letter | {"at": "2026-01-01T00:00:00+00:00"})
    window = (await sandbox.look("state"))["windows"][0]
    assert (window["last_inbound_at"], window["open"]) == ("2026-01-01T00:00:00+00:00", False)
    await sandbox.control("inbound", letter)
    await sandbox.control("inbound", letter | {"at": "2026-01-02T00:00:00+00:00"})
    assert (await sandbox.look("state"))["windows"][0]["open"] is True


async def test_stop_and_start_count_for_the_sender_alone(sandbox: Driver) -> None:
    other = "+15551119999"
    await sandbox.control("senders", {"account_sid": ACCOUNT, "address": other})
    for text in ("Stop texting me", "please stop"):
        await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": text})
    await sandbox.sent()
    await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": " stop\n"})
    assert await sandbox.refused(To=ANN, From=SHOP, Body="x") == 21610
    assert await sandbox.refused(To=ANN, MessagingServiceSid=SERVICE, Body="x") == 21610
    await sandbox.sent(From=other)
    await sandbox.sent(To="+15552229999")
    await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "START"})
    await sandbox.sent()


async def test_opting_out_of_one_number_is_opting_out_of_its_service(sandbox: Driver) -> None:
    twin = "+15551118888"
    await sandbox.control("senders", {"account_sid": ACCOUNT, "address": twin, "messaging_service_sid": SERVICE})
    await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "UNSUBSCRIBE"})
    assert await sandbox.refused(To=ANN, From=twin, Body="x") == 21610


async def test_a_sender_without_url_only_records(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("senders", {"account_sid": ACCOUNT, "address": SHOP, "inbound_url": None})
    answer = await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "x"})
    assert (answer["posted"], answer["receiver_status"]) == (False, None)
    found = (await sandbox.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{answer['message_sid']}.json")).json()
    assert (found["direction"], found["status"]) == ("inbound", "received")
    assert receiver.hooks == []


async def test_the_receivers_answer_is_handed_back(sandbox: Driver, receiver: Receiver) -> None:
    receiver.status = 403
    answer = await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "x"})
    assert answer["receiver_status"] == 403
