"""Sending to Twilio, and the results: over a raw server that answers as the test says."""

import asyncio
import gzip
import json
import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, NotSent, OutcomeUnknown, OutgoingFile, Refused, SecretError
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import TemplateUse
from tests.channels.wire import IMPATIENT, http, inbox, outgoing, refusal, resolve, wire
from tests.sandbox.driver import ACCOUNT, ANN, SERVICE, SHOP, TOKEN

PICTURE = OutgoingFile(Path("a.png"), "https://x.example/a.png", "image/png", "a.png", 4)
TAKEN = http(201, json.dumps({"sid": "SM1", "status": "queued", "body": "hello"}))


async def test_sms_leaves_as_a_form_with_basic_auth(adapter: TwilioAdapter) -> None:
    async with wire(TAKEN) as server:
        callback = "https://desk.example/webhooks/7/status?message=0199-uid"
        sent = await adapter.send(inbox(server.base_url), outgoing("Zoë’s & co", status_callback=callback))
    assert sent == Accepted("SM1", Delivery.SENT)
    (request,) = server.seen
    assert request.line == f"POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1"
    assert request.form == {"To": [ANN], "From": [SHOP], "Body": ["Zoë’s & co"], "StatusCallback": [callback]}
    assert request.headers["authorization"].startswith("Basic ")
    assert TOKEN not in request.body.decode()


async def test_whatsapp_addresses_are_marked(adapter: TwilioAdapter, tmp_path: Path) -> None:
    kept = tmp_path / "a.png"
    kept.write_bytes(b"a picture")
    async with wire(TAKEN) as server:
        message = outgoing(channel=Channel.WHATSAPP, files=(replace(PICTURE, path=kept),))
        await adapter.send(inbox(server.base_url, channel=Channel.WHATSAPP), message)
    assert server.seen[0].form == {
        "To": [f"whatsapp:{ANN}"],
        "From": [f"whatsapp:{SHOP}"],
        "Body": ["hello"],
        "MediaUrl": ["https://x.example/a.png"],
    }


async def test_a_template_goes_without_body_and_media(adapter: TwilioAdapter) -> None:
    use = TemplateUse("HX1", "order_ready", "en", {"1": "O'Brien <b>", "2": "“4711”"})
    message = outgoing("Hi O'Brien", channel=Channel.WHATSAPP, template=use, files=(PICTURE,))
    async with wire(TAKEN) as server:
        await adapter.send(inbox(server.base_url, channel=Channel.WHATSAPP), message)
    form = server.seen[0].form
    assert "Body" not in form
    assert "MediaUrl" not in form
    assert form["ContentSid"] == ["HX1"]
    assert json.loads(form["ContentVariables"][0]) == {"1": "O'Brien <b>", "2": "“4711”"}


async def test_a_messaging_service_takes_the_place_of_from(adapter: TwilioAdapter) -> None:
    async with wire(TAKEN) as server:
        await adapter.send(inbox(server.base_url, address=SERVICE), outgoing())
    assert server.seen[0].form == {"To": [ANN], "MessagingServiceSid": [SERVICE], "Body": ["hello"]}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refusal(400, 21610, "opted out"), Refused("21610", "opted out")),
        (refusal(401, 20003, "Authenticate"), Refused("20003", "Authenticate")),
        (http(401, "<html>who are you"), Refused("20003", "HTTP 401")),
        (http(404, ""), Refused("http_404", "HTTP 404")),
        (http(400, '{"code": null, "message": ["odd"]}'), Refused("http_400", "HTTP 400")),
        (
            http(400, '{"type": "t", "title": "Bad", "status": 201, "code": 21211, "detail": "To"}'),
            Refused("21211", "Bad: To"),
        ),
        (refusal(429, 20429, "slow"), NotSent("20429", "slow", None, rate_limited=True)),
        (
            http(429, "busy", {"Retry-After": "7"}),
            NotSent("20429", "HTTP 429", timedelta(seconds=7), rate_limited=True),
        ),
        (refusal(429, 21611, "queue"), NotSent("21611", "queue", None, rate_limited=True)),
        (refusal(400, 20429, "slow"), NotSent("20429", "slow", None, rate_limited=True)),
        (
            http(429, "", {"Date": "Tue, 17 Nov 2026 14:00:00 GMT", "Retry-After": "Tue, 17 Nov 2026 14:00:09 GMT"}),
            NotSent("20429", "HTTP 429", timedelta(seconds=9), rate_limited=True),
        ),
        (http(429, "", {"Retry-After": "9" * 40}), NotSent("20429", "HTTP 429", timedelta(hours=1), rate_limited=True)),
        (http(429, "", {"Retry-After": "soon"}), NotSent("20429", "HTTP 429", None, rate_limited=True)),
        (refusal(503, 20503, "down"), OutcomeUnknown("20503", "HTTP 503 20503 down")),
        (http(500, "oops"), OutcomeUnknown("server_error", "HTTP 500 HTTP 500")),
        (http(408, ""), OutcomeUnknown("unreadable", "HTTP 408 HTTP 408")),
        (http(302, "", {"Location": "http://127.0.0.1:1/"}), OutcomeUnknown("unreadable", "HTTP 302 HTTP 302")),
        (http(201, "garbage"), OutcomeUnknown("unreadable", "HTTP 201 HTTP 201")),
        (http(201, ""), OutcomeUnknown("unreadable", "HTTP 201 without a message id")),
        (http(201, '{"sid": 5}'), OutcomeUnknown("unreadable", "HTTP 201 without a message id")),
        (http(201, "[]"), OutcomeUnknown("unreadable", "HTTP 201 HTTP 201")),
        (http(201, "[" * 100_000), OutcomeUnknown("unreadable", "HTTP 201 HTTP 201")),
        (http(201, "not gzip", {"Content-Encoding": "gzip"}), OutcomeUnknown("unreadable", "HTTP 201 HTTP 201")),
        (
            http(201, gzip.compress(b" " * (9 * 1024 * 1024), mtime=0), {"Content-Encoding": "gzip"}),
            OutcomeUnknown("unreadable", "HTTP 201 HTTP 201"),
        ),
    ],
)
async def test_every_answer_is_judged_once(
    adapter: TwilioAdapter, answer: bytes, expected: Refused | NotSent | OutcomeUnknown
) -> None:
    async with wire(answer) as server:
        assert await adapter.send(inbox(server.base_url), outgoing()) == expected
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("answer", "hangs", "code"),
    [
        (b"", False, "dropped"),
        (b"HTTP/1.1 2", False, "dropped"),
        (b"\x00\x01 garbage\r\n\r\n", False, "dropped"),
        (b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"sid": "SM1"', False, "dropped"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 5", True, "timeout"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{", True, "timeout"),
        (b"HTTP/1.1 503 Down\r\nContent-Length: 500\r\n\r\n{", True, "server_error"),
    ],
)
async def test_what_breaks_after_the_request_is_unknown_and_not_repeated(
    adapter: TwilioAdapter, answer: bytes, hangs: bool, code: str
) -> None:
    async with wire(answer, hangs=hangs) as server:
        result = await adapter.send(inbox(server.base_url), outgoing())
    assert isinstance(result, OutcomeUnknown)
    assert result.code == code
    assert len(server.seen) == 1


async def test_a_server_that_never_answers_is_unknown(adapter: TwilioAdapter) -> None:
    async with wire(b"", hangs=True) as server:
        result = await adapter.send(inbox(server.base_url), outgoing())
    assert isinstance(result, OutcomeUnknown)
    assert result.code == "timeout"


async def test_a_cut_refusal_is_still_a_refusal(adapter: TwilioAdapter) -> None:
    async with wire(b'HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 50\r\n\r\n{"co') as server:
        result = await adapter.send(inbox(server.base_url), outgoing())
    assert result == NotSent("20429", "HTTP 429", timedelta(seconds=3), rate_limited=True)


async def test_nobody_listens_is_proof_that_nothing_left(adapter: TwilioAdapter) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    result = await adapter.send(inbox(f"http://127.0.0.1:{port}"), outgoing())
    assert isinstance(result, NotSent)
    assert result.code == "no_connection"


async def test_an_unknown_host_is_proof_that_nothing_left(adapter: TwilioAdapter) -> None:
    result = await adapter.send(inbox("http://nobody.invalid"), outgoing())
    assert isinstance(result, NotSent)
    assert result.code == "no_connection"


async def test_a_handshake_that_does_not_end_is_proof_that_nothing_left() -> None:
    adapter = TwilioAdapter(resolve, replace(IMPATIENT, connect=0.3))
    async with wire(b"") as server:
        result = await adapter.send(inbox(server.base_url.replace("http:", "https:")), outgoing())
    assert isinstance(result, NotSent)
    assert result.code == "no_connection"


async def test_a_server_with_a_wrong_name_gets_nothing(adapter: TwilioAdapter) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("aNULL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    result = await adapter.send(inbox(f"https://127.0.0.1:{port}"), outgoing())
    server.close()
    assert isinstance(result, NotSent)
    assert result.code == "tls"


@pytest.mark.parametrize("base_url", ["ftp://127.0.0.1", "127.0.0.1:80", "http://", "http://[", "http://127.0.0.1:x"])
async def test_a_base_url_that_is_none_is_refused(adapter: TwilioAdapter, base_url: str) -> None:
    result = await adapter.send(inbox(base_url), outgoing())
    assert isinstance(result, Refused)
    assert result.code == "base_url"


async def test_half_a_surrogate_pair_is_refused_before_it_leaves(adapter: TwilioAdapter) -> None:
    async with wire(TAKEN) as server:
        result = await adapter.send(inbox(server.base_url), outgoing("hi \ud83d"))
    assert isinstance(result, Refused)
    assert result.code == "unwritable"
    assert server.seen == []


async def test_a_credential_that_cannot_be_read_is_refused() -> None:
    def nothing(reference: str) -> str:
        raise SecretError("The environment variable X is not set.", "credentials")

    adapter = TwilioAdapter(nothing, IMPATIENT)
    result = await adapter.send(inbox("http://127.0.0.1:1"), outgoing())
    assert result == Refused("credentials", "The environment variable X is not set.")


async def test_an_inbox_without_account_takes_none_from_the_environment(adapter: TwilioAdapter) -> None:
    async with wire(TAKEN) as server:
        result = await adapter.send(inbox(server.base_url, account=""), outgoing())
    assert isinstance(result, Refused)
    assert server.seen == []


async def test_only_the_first_line_of_a_credential_is_sent() -> None:
    adapter = TwilioAdapter(lambda reference: f"{TOKEN}\nold-token\n", IMPATIENT)
    async with wire(TAKEN) as first:
        await adapter.send(inbox(first.base_url), outgoing())
    async with wire(TAKEN) as second:
        await TwilioAdapter(resolve, IMPATIENT).send(inbox(second.base_url), outgoing())
    assert first.seen[0].headers["authorization"] == second.seen[0].headers["authorization"]


async def test_no_connection_is_used_twice(adapter: TwilioAdapter) -> None:
    """A request on a connection that the server has closed would be unknown: this server answers once on each."""
    kept = b'HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{"sid":"SM1"}'
    async with wire(kept, hangs=True) as server:
        for _ in range(3):
            assert isinstance(await adapter.send(inbox(server.base_url), outgoing()), Accepted)
    assert len(server.seen) == 3
