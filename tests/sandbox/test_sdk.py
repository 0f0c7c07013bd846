"""The real SDK, unchanged but for the address that it connects to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.sandbox.driver import ACCOUNT, ANN, READY, SHOP, TOKEN, WA_ANN, WA_SHOP, Driver


class Redirected(TwilioHttpClient):
    """The SDK's own HTTP client, sent to a sandbox."""

    def __init__(self, base_url: str) -> None:
        """Connect to `base_url` instead of Twilio's hosts."""
        super().__init__(timeout=10)
        self._base = urlsplit(base_url)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send to the sandbox what was meant for Twilio."""
        moved = urlunsplit(urlsplit(uri)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        return super().request(method, moved, params, data, headers, auth, timeout, allow_redirects)


@pytest.fixture
def twilio(sandbox: Driver) -> Client:
    """Return the SDK's client with the test account's credentials."""
    return Client(ACCOUNT, TOKEN, http_client=Redirected(sandbox.base_url))


async def test_send_and_fetch(sandbox: Driver, twilio: Client) -> None:
    made = await asyncio.to_thread(twilio.messages.create, to=ANN, from_=SHOP, body="hello")
    assert [str(made.status), made.num_segments, made.error_code] == ["queued", "1", None]
    assert made.date_created is not None and made.sid is not None
    assert abs(datetime.now(UTC) - made.date_created) < timedelta(seconds=30)
    await sandbox.ends(made.sid, "delivered")
    again = await asyncio.to_thread(made.fetch)
    assert str(again.status) == "delivered"
    assert again.date_sent is not None


async def test_errors_come_as_codes(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(twilio.messages.create, to="+15005550001", from_=SHOP, body="x")
    assert (refused.value.status, refused.value.code) == (400, 21211)
    twilio.auth = (ACCOUNT, "wrong")
    with pytest.raises(TwilioRestException) as unknown:
        await asyncio.to_thread(twilio.messages.create, to=ANN, from_=SHOP, body="x")
    assert (unknown.value.status, unknown.value.code) == (401, 20003)


async def test_lists_are_walked_page_by_page_newest_first(sandbox: Driver, twilio: Client) -> None:
    for number in range(7):
        await sandbox.ends((await sandbox.sent(Body=f"text {number}"))["sid"], "delivered")
    await sandbox.ends((await sandbox.sent(To="+15552229999"))["sid"], "delivered")
    found = await asyncio.to_thread(twilio.messages.list, to=ANN, from_=SHOP, page_size=3)
    assert [message.body for message in found] == [f"text {number}" for number in range(6, -1, -1)]


async def test_pages_hold_their_place_while_messages_come_in(sandbox: Driver) -> None:
    for number in range(4):
        await sandbox.sent(Body=f"text {number}")
    first = (await sandbox.get(urlsplit(sandbox.messages_url).path, PageSize="2")).json()
    await sandbox.sent(Body="late")
    second = (await sandbox.client.get(sandbox.base_url + first["next_page_uri"], auth=(ACCOUNT, TOKEN))).json()
    bodies = [message["body"] for page in (first, second) for message in page["messages"]]
    assert bodies == ["text 3", "text 2", "text 1", "text 0"]
    assert second["next_page_uri"] is None


async def test_lists_are_filtered_by_date_sent(sandbox: Driver, twilio: Client) -> None:
    made = await sandbox.sent()
    await sandbox.ends(made["sid"], "delivered")
    now = datetime.now(UTC)

    minute = timedelta(minutes=1)
    for from_now, after, before in [(-minute, 1, 0), (minute, 0, 1)]:
        found = await asyncio.to_thread(twilio.messages.list, date_sent_after=now + from_now)
        assert len(found) == after
        found = await asyncio.to_thread(twilio.messages.list, date_sent_before=now + from_now)
        assert len(found) == before
    path = urlsplit(sandbox.messages_url).path
    sent = datetime.strptime((await sandbox.get(made["uri"])).json()["date_sent"], "%a, %d %b %Y %H:%M:%S %z")
    for text, expected in [(sent.strftime("%Y-%m-%d"), 1), ("2020-01-31", 0), (sent.strftime("%Y-%m-%dT%H:%M:%SZ"), 1)]:
        assert len((await sandbox.get(path, DateSent=text)).json()["messages"]) == expected
    assert (await sandbox.get(path, DateSent="yesterday")).json()["code"] == 20001


async def test_what_was_not_sent_yet_has_no_date_to_be_found_by(sandbox: Driver) -> None:
    await sandbox.control("settings", {"delays": {"sent": 60}})
    await sandbox.sent()
    path = urlsplit(sandbox.messages_url).path
    assert len((await sandbox.get(path)).json()["messages"]) == 1
    assert (await sandbox.get(path, **{"DateSent>": "2020-01-01"})).json()["messages"] == []


async def test_the_account_and_its_numbers(sandbox: Driver, twilio: Client) -> None:
    account = await asyncio.to_thread(twilio.api.accounts(ACCOUNT).fetch)
    assert [str(account.status), account.auth_token] == ["active", ""]
    owned = await asyncio.to_thread(twilio.incoming_phone_numbers.list, phone_number=SHOP)
    assert [number.phone_number for number in owned] == [SHOP]
    assert await asyncio.to_thread(twilio.incoming_phone_numbers.list, phone_number=ANN) == []
    assert len(await asyncio.to_thread(twilio.incoming_phone_numbers.list)) == 1


async def test_templates_come_in_pages_with_their_approval(sandbox: Driver, twilio: Client) -> None:
    for number in range(4):
        document = {
            "account_sid": ACCOUNT,
            "friendly_name": f"number {number}",
            "types": {"twilio/text": {"body": "x"}},
        }
        await sandbox.control("templates", document)
    found = await asyncio.to_thread(twilio.content.v1.content_and_approvals.list)
    assert len(found) == 5
    assert found[0].sid == READY
    assert found[0].date_updated is not None and found[0].date_updated.tzinfo is not None
    statuses = [(entry.approval_requests or {})["status"] for entry in found]
    assert statuses == ["approved"] + ["unsubmitted"] * 4
    approval = await asyncio.to_thread(twilio.content.v1.contents(READY).approval_fetch().fetch)
    assert approval.whatsapp is not None
    assert approval.whatsapp["status"] == "approved"


async def test_a_template_is_sent(sandbox: Driver, twilio: Client) -> None:
    made = await asyncio.to_thread(
        twilio.messages.create, to=WA_ANN, from_=WA_SHOP, content_sid=READY, content_variables='{"1": "Ann"}'
    )
    assert made.body == "Hi Ann, your order 1234 is ready."
