"""Where requests go, and that any answer is judged."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.base import Accepted, NotSent, OutcomeUnknown, Refused
from contacts_tui.channels.transport import BadAddress
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.channels.twilio.http import Exchange
from tests.channels.wire import IMPATIENT, inbox, outgoing, resolve, wire

API = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
CONTENT = "https://content.twilio.com/v1/ContentAndApprovals"


async def where(base_url: str, uri: str) -> str:
    """Return the address that a request of the SDK would go to."""
    gone: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        gone.append(str(request.url))
        return httpx.Response(200, text="{}")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as pool:
        await Exchange(pool, base_url).request("GET", uri, params={"PageSize": 5})
    return gone[0]


@pytest.mark.parametrize("uri", [API, CONTENT, "https://api.dublin.ie1.twilio.com/2010-04-01"])
async def test_without_a_base_url_requests_go_to_twilio(uri: str) -> None:
    assert await where("", uri) == f"{uri}?PageSize=5"


async def test_a_base_url_takes_the_place_of_every_host_of_twilio() -> None:
    base = "http://127.0.0.1:8123/twilio"
    assert await where(base, API) == f"{base}/2010-04-01/Accounts/AC1/Messages.json?PageSize=5"
    assert await where(base + "/", CONTENT + "?Page=1") == f"{base}/v1/ContentAndApprovals?Page=1&PageSize=5"
    assert await where(base, f"{base}/v1/next") == f"{base}/v1/next?PageSize=5"


@pytest.mark.parametrize(
    ("base_url", "uri"),
    [
        ("", "https://twilio.com.evil.example/x"),
        ("", "https://eviltwilio.com/x"),
        ("", "http://api.twilio.com/x"),
        ("", "https://user@evil.example/x"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8124/x"),
        ("http://127.0.0.1:8123", "https://127.0.0.1:8123/x"),
    ],
)
async def test_credentials_go_nowhere_else(base_url: str, uri: str) -> None:
    with pytest.raises(BadAddress):
        await where(base_url, uri)


json_texts = st.sampled_from(
    [
        *("{}", "[]", "null", "5", '"x"', "{", '{"sid": null}', '{"sid": "SM1"}', '{"sid": ["SM1"]}', '{"code": {}}'),
        *('{"code": 1e999}', '{"code": true}', '{"code": "21610"}', '{"code": 21610}', '{"code": -5, "message": 5}'),
        *('{"sid": "SM1", "status": [], "date_created": 5}', '{"sid": "SM1", "error_code": "x", "date_sent": "x"}'),
        *('{"sid": "SM1", "date_created": "Mon, 99 Foo 2026 99:99:99"}', '{"code": NaN, "message": null}'),
        '{"type": 1, "title": 2, "status": "x", "code": [], "errors": 7}',
    ]
)


@given(
    status=st.integers(100, 999),
    body=st.one_of(json_texts.map(str.encode), st.binary(max_size=200)),
    headers=st.dictionaries(
        st.sampled_from(["Retry-After", "Content-Encoding", "Date", "Content-Type", "Location"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    has_length=st.booleans(),
)
def test_any_answer_to_a_send_is_a_result(status: int, body: bytes, headers: dict[str, str], has_length: bool) -> None:
    lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
    if has_length:
        lines.append(f"Content-Length: {len(body)}")
    answer = "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    async def send() -> Accepted | Refused | NotSent | OutcomeUnknown:
        adapter = TwilioAdapter(resolve, IMPATIENT)
        try:
            async with wire(answer) as server:
                result = await adapter.send(inbox(server.base_url), outgoing())
            assert len(server.seen) == 1
            return result
        finally:
            await adapter.aclose()

    result = asyncio.run(send())
    if isinstance(result, Accepted):
        assert 200 <= status < 300
        assert result.provider_id == "SM1"
    elif isinstance(result, NotSent):
        assert status == 429
    elif isinstance(result, Refused):
        assert 400 <= status < 500
    else:
        assert status < 400 or status >= 500 or status == 408
