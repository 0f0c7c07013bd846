"""Listing what people wrote, as a client does that missed the webhooks; with the real SDK."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from tests.sandbox.driver import ACCOUNT, ANN, SERVICE, SHOP, WA_ANN, WA_SHOP, Driver
from tests.sandbox.test_sdk import twilio as twilio

FILE = {"content_type": "text/plain", "text": "note", "filename": "note.txt"}


async def writes(sandbox: Driver, body: str, *, ago: float = 0, **more: object) -> None:
    """Write to the shop as Ann, `ago` seconds ago."""
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    await sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": body, "at": at} | more)


async def test_inbound_messages_are_listed_by_address_and_day_newest_first(sandbox: Driver, twilio: Client) -> None:
    await writes(sandbox, "now")
    await writes(sandbox, "long ago", ago=3 * 86_400)
    await writes(sandbox, "a minute ago", ago=60)
    await sandbox.control("inbound", {"from": WA_ANN, "to": WA_SHOP, "body": "on WhatsApp"})
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    found = await asyncio.to_thread(twilio.messages.list, to=SHOP, date_sent_after=str(yesterday))
    assert [(message.body, str(message.direction), str(message.status)) for message in found] == [
        ("now", "inbound", "received"),
        ("a minute ago", "inbound", "received"),
    ]
    assert {message.messaging_service_sid for message in found} == {SERVICE}
    older = await asyncio.to_thread(twilio.messages.list, to=SHOP, date_sent_before=str(yesterday))
    assert [message.body for message in older] == ["long ago"]


async def test_the_files_of_a_message_are_a_list_of_its_own(sandbox: Driver, twilio: Client) -> None:
    await writes(sandbox, "", media=[FILE, FILE])
    (message,) = await asyncio.to_thread(twilio.messages.list, to=SHOP)
    assert (message.num_media, message.sid and message.sid[:2]) == ("2", "MM")
    assert message.sid is not None
    files = await asyncio.to_thread(twilio.messages(message.sid).media.list)
    assert [file.content_type for file in files] == ["text/plain"] * 2
    assert files[0].uri == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message.sid}/Media/{files[0].sid}.json"
    assert (await sandbox.get(files[0].uri.removesuffix(".json"))).text == "note"
    with pytest.raises(TwilioException):
        await asyncio.to_thread(twilio.messages("MM" + "0" * 32).media.list)


async def test_the_numbers_of_a_messaging_service_are_listed(sandbox: Driver, twilio: Client) -> None:
    found = await asyncio.to_thread(twilio.messaging.v1.services(SERVICE).phone_numbers.list)
    assert [number.phone_number for number in found] == [SHOP]
    with pytest.raises(TwilioException):
        await asyncio.to_thread(twilio.messaging.v1.services("MG" + "0" * 32).phone_numbers.list)


async def test_faults_strike_lists_by_whom_they_ask_for(sandbox: Driver) -> None:
    path = sandbox.messages_url.removeprefix(sandbox.base_url)
    await sandbox.control("faults", {"when": "list", "kind": "rate_limit", "seconds": 3, "match": {"to": SHOP}})
    assert (await sandbox.get(path)).status_code == 200
    limited = await sandbox.get(path, To=SHOP)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "3")
    await sandbox.control("faults", {"when": "list", "kind": "http_500"})
    assert (await sandbox.get(path, To=SHOP)).status_code == 500
    assert (await sandbox.get(path, To=SHOP)).status_code == 200


async def test_a_file_from_before_is_no_news(sandbox: Driver) -> None:
    await sandbox.control("files", {"id": "0" * 32, "from": ANN, "to": SHOP} | FILE)
    path = sandbox.messages_url.removeprefix(sandbox.base_url)
    since = str((datetime.now(UTC) - timedelta(days=30)).date())
    assert (await sandbox.get(path, **{"DateSent>": since})).json()["messages"] == []
