"""Messages from people."""

from __future__ import annotations

from base64 import b64encode

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
