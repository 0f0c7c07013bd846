"""What an administrator is told about an inbox."""

import pytest

from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.domain.channel import Channel
from tests.channels.wire import http, inbox, refusal, wire
from tests.sandbox.driver import SHOP, Driver

ACTIVE = http(200, '{"friendly_name": "Okafor & Daughters", "status": "active"}')


async def test_a_good_number(adapter: TwilioAdapter, sandbox: Driver) -> None:
    check = await adapter.check(inbox(sandbox.base_url))
    assert check.ok
    assert check.lines[1] == f"The number {SHOP} belongs to the account and can send SMS."


async def test_a_number_of_somebody_else(adapter: TwilioAdapter, sandbox: Driver) -> None:
    check = await adapter.check(inbox(sandbox.base_url, address="+15559998888"))
    assert not check.ok
    assert "doesn't belong" in check.lines[1]
    assert check.code == "unconfirmed"


async def test_a_whatsapp_sender_needs_its_templates(adapter: TwilioAdapter, sandbox: Driver) -> None:
    check = await adapter.check(inbox(sandbox.base_url, channel=Channel.WHATSAPP))
    assert check.ok
    assert "templates can be read" in check.lines[1]


async def test_wrong_credentials_are_an_answer(adapter: TwilioAdapter) -> None:
    async with wire(refusal(401, 20003, "Authenticate")) as server:
        check = await adapter.check(inbox(server.base_url))
    assert not check.ok
    assert "credential" in check.lines[0]
    assert check.code == "20003"


async def test_a_suspended_account(adapter: TwilioAdapter) -> None:
    numbers = http(200, '{"incoming_phone_numbers": [{"capabilities": {"sms": true}}]}')
    async with wire(http(200, '{"friendly_name": "x", "status": "suspended"}'), numbers) as server:
        check = await adapter.check(inbox(server.base_url))
    assert not check.ok
    assert "suspended" in check.lines[0]


async def test_a_number_without_sms(adapter: TwilioAdapter) -> None:
    numbers = http(200, '{"incoming_phone_numbers": [{"capabilities": {"voice": true, "sms": false}}]}')
    async with wire(ACTIVE, numbers) as server:
        check = await adapter.check(inbox(server.base_url))
    assert not check.ok
    assert "can't send SMS" in check.lines[1]


async def test_a_messaging_service(adapter: TwilioAdapter) -> None:
    service = "MG" + "1" * 32
    async with wire(ACTIVE, http(200, '{"friendly_name": "All shops"}')) as server:
        assert (await adapter.check(inbox(server.base_url, address=service))).ok
    assert server.seen[1].path == f"/v1/Services/{service}"
    async with wire(ACTIVE, refusal(404, 20404, "not found")) as server:
        assert not (await adapter.check(inbox(server.base_url, address=service))).ok


@pytest.mark.parametrize("answer", [http(500, "oops"), b"", http(200, "garbage")])
async def test_a_fault_on_the_way_is_raised_in_words(adapter: TwilioAdapter, answer: bytes) -> None:
    async with wire(answer) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.check(inbox(server.base_url))
    assert caught.value.sentence.endswith(".")
