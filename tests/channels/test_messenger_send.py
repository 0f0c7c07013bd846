"""Sending to Messenger, and the results: over a raw server that answers as the test says."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts_tui.channels.base import (
    Accepted,
    NotSent,
    OutcomeUnknown,
    OutgoingFile,
    Refused,
    SecretError,
    SendResult,
)
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.meta.errors import explain
from contacts_tui.channels.meta.send import FILE_LIMIT
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Blame
from tests.channels.messenger_world import APP_SECRET, PAGE, PAGE_TOKEN, PSID, TAKEN, page, refusal, resolve, to_ann
from tests.channels.wire import IMPATIENT, http, wire

UPLOADED = json.dumps({"attachment_id": "4711"})


@pytest.fixture
async def adapter() -> AsyncIterator[MessengerAdapter]:
    """Yield the adapter under test, with short time-outs."""
    made = MessengerAdapter(resolve, IMPATIENT)
    yield made
    await made.aclose()


async def answered(adapter: MessengerAdapter, status: int, body: str, headers: dict[str, str] | None = None) -> Any:
    """Return the adapter's result for an answer to one text."""
    async with wire(http(status, body, headers)) as server:
        result = await adapter.send(page(server.base_url), to_ann())
        assert len(server.seen) == 1
        return result


async def test_a_text_goes_once_with_its_reference_and_the_token_in_a_header(adapter: MessengerAdapter) -> None:
    async with wire(http(200, TAKEN)) as server:
        result = await adapter.send(page(server.base_url), to_ann("¿Está? 🙂"))
    assert result == Accepted("m_taken", Delivery.SENT)
    (seen,) = server.seen
    proof = hmac.new(APP_SECRET.encode(), PAGE_TOKEN.encode(), hashlib.sha256).hexdigest()
    assert seen.path == f"/v26.0/{PAGE}/messages?appsecret_proof={proof}"
    assert seen.headers["authorization"] == f"Bearer {PAGE_TOKEN}"
    assert json.loads(seen.body) == {
        "recipient": {"id": PSID},
        "messaging_type": "RESPONSE",
        "message": {"text": "¿Está? 🙂", "metadata": "0199-uid"},
    }


async def test_the_tag_goes_only_where_it_was_asked_for(adapter: MessengerAdapter) -> None:
    async with wire(http(200, TAKEN)) as server:
        await adapter.send(page(server.base_url), to_ann(human_agent=True))
    sent = json.loads(server.seen[0].body)
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


async def test_version_and_proof_are_the_inboxs(adapter: MessengerAdapter) -> None:
    async with wire(http(200, TAKEN)) as server:
        await adapter.send(page(server.base_url, options={"graph_version": "v27.0"}), to_ann())
    assert server.seen[0].path == f"/v27.0/{PAGE}/messages"


@pytest.mark.parametrize(
    ("status", "body", "code", "blame"),
    [
        (403, refusal(10, 2018278), "10/2018278", Blame.WINDOW),
        (400, refusal(10, 2018065), "10/2018065", Blame.WINDOW),
        (400, refusal(551, 1545041), "551/1545041", Blame.RECIPIENT),
        (500, refusal(551), "551", Blame.RECIPIENT),
        (401, refusal(190, 463), "190/463", Blame.SENDER),
        (400, refusal(100, 2018001), "100/2018001", Blame.RECIPIENT),
        (400, refusal(100), "100", Blame.MESSAGE),
        (400, refusal(99999), "99999", Blame.SENDER),
        (400, refusal(100, message="Invalid appsecret_proof provided in the API argument"), "proof", Blame.SENDER),
        (404, "<html>", "http_404", Blame.SENDER),
    ],
)
async def test_a_no_has_its_code(adapter: MessengerAdapter, status: int, body: str, code: str, blame: Blame) -> None:
    result = await answered(adapter, status, body)
    assert isinstance(result, Refused)
    assert result.code == code
    assert explain(code).blame is blame
    assert explain(code).permanent_for_address is (code == "100/2018001")


@pytest.mark.parametrize(
    ("status", "body", "headers", "wait"),
    [
        (400, refusal(613), {}, 60),
        (403, refusal(4, is_transient=True), {}, 60),
        (400, refusal(80006), {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":7}]}'}, 420),
        (400, refusal(80006), {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":9e99}, 3]}'}, 60),
        (429, "slow down", {"Retry-After": "5"}, 5),
        (429, "", {"X-Business-Use-Case-Usage": "[1]"}, 60),
    ],
)
async def test_a_rate_limit_is_proof_that_nothing_was_sent(
    adapter: MessengerAdapter, status: int, body: str, headers: dict[str, str], wait: int
) -> None:
    result = await answered(adapter, status, body, headers)
    assert isinstance(result, NotSent)
    assert result.retry_after == timedelta(seconds=wait)
    assert explain(result.code).blame is Blame.PASSING


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, refusal(2, is_transient=True)),
        (400, refusal(2)),
        (500, refusal(1, 1357046)),
        (400, refusal(1200)),
        (400, refusal(77777, is_transient=True)),
        (503, "<html>busy"),
        (500, refusal(77777)),
        (200, "{}"),
        (200, "[]"),
        (200, '{"message_id": 5}'),
        (302, ""),
        (408, ""),
        (200, "[" * 100_000),
    ],
)
async def test_an_answer_that_says_neither_yes_nor_no_is_unsettled(
    adapter: MessengerAdapter, status: int, body: str
) -> None:
    result = await answered(adapter, status, body)
    assert isinstance(result, OutcomeUnknown)
    assert "may have been sent" in explain(result.code).happened


@pytest.mark.parametrize("code", [190, 613, 2, 77777])
async def test_token_and_proof_are_in_no_explanation(adapter: MessengerAdapter, code: int) -> None:
    proof = hmac.new(APP_SECRET.encode(), PAGE_TOKEN.encode(), hashlib.sha256).hexdigest()
    said = f"Malformed access token {PAGE_TOKEN}; {PAGE_TOKEN} with {proof}, half \ud83d"
    result = await answered(adapter, 500, refusal(code, message=said))
    assert result.detail.removeprefix("HTTP 500 ") == "Malformed access token …; … with …, half ?"
    cut = await answered(adapter, 400, refusal(code, message="x" * 495 + PAGE_TOKEN))
    assert PAGE_TOKEN[:3] not in cut.detail


async def test_silence_and_a_broken_line_are_unsettled_and_not_repeated(adapter: MessengerAdapter) -> None:
    async with wire(b"", hangs=True) as server:
        assert (await adapter.send(page(server.base_url), to_ann())) == OutcomeUnknown("timeout", "ReadTimeout")
        assert len(server.seen) == 1
    for answer in (b"", http(200, TAKEN)[:-5], http(400, refusal(10))[:-5]):
        async with wire(answer) as server:
            result = await adapter.send(page(server.base_url), to_ann())
            assert isinstance(result, OutcomeUnknown)
            assert result.code == "dropped"
            assert len(server.seen) == 1


async def test_what_never_left_says_so(adapter: MessengerAdapter) -> None:
    assert isinstance(await adapter.send(page("http://nobody.invalid"), to_ann()), NotSent)
    async with wire(http(200, TAKEN)) as server:
        here = page(server.base_url)
        for inbox, message, code in (
            (replace(here, base_url="ftp://x"), to_ann(), "base_url"),
            (replace(here, base_url="http://[x"), to_ann(), "base_url"),
            (here, to_ann("half \ud83d"), "unwritable"),
            (here, to_ann(""), "100"),
        ):
            result = await adapter.send(inbox, message)
            assert isinstance(result, Refused)
            assert result.code == code
        assert server.seen == []


@pytest.mark.parametrize("token", ["", "two\nlines", "ünïcode"])
async def test_a_credential_that_can_be_none_is_refused_before_it_leaves(token: str) -> None:
    adapter = MessengerAdapter(lambda reference: token, IMPATIENT)
    async with wire(http(200, TAKEN)) as server:
        result = await adapter.send(page(server.base_url), to_ann())
        assert server.seen == []
    await adapter.aclose()
    assert isinstance(result, Refused)
    assert result.code == "credentials"
    assert token not in result.detail or not token


async def test_a_credential_that_is_not_there_is_refused() -> None:
    def nothing(reference: str) -> str:
        raise SecretError("The environment variable PAGE_TOKEN is not set.", "credentials")

    adapter = MessengerAdapter(nothing, IMPATIENT)
    result = await adapter.send(page(), to_ann())
    assert result == Refused("credentials", "The environment variable PAGE_TOKEN is not set.")
    await adapter.aclose()


def attached(path: Path, content_type: str = "image/png") -> OutgoingFile:
    """Return a file to send."""
    return OutgoingFile(path, "", content_type, path.name, 3)


@pytest.fixture
def picture(tmp_path: Path) -> OutgoingFile:
    """Return a file that exists."""
    path = tmp_path / 'sm"all.png'
    path.write_bytes(b"\x89PNG")
    return attached(path)


async def test_a_file_is_uploaded_and_then_named(adapter: MessengerAdapter, picture: OutgoingFile) -> None:
    async with wire(http(200, UPLOADED), http(200, TAKEN)) as server:
        result = await adapter.send(page(server.base_url), to_ann("", files=(picture,)))
    assert result == Accepted("m_taken", Delivery.SENT)
    upload, file = server.seen
    assert upload.path.startswith(f"/v26.0/{PAGE}/message_attachments?")
    assert b"\x89PNG" in upload.body
    assert b'"type": "image"' in upload.body
    assert json.loads(file.body)["message"] == {
        "attachment": {"type": "image", "payload": {"attachment_id": "4711"}},
        "metadata": "0199-uid",
    }


async def test_a_kind_that_messenger_does_not_show_goes_as_a_file(adapter: MessengerAdapter, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"%PDF")
    odd = replace(attached(path, "application/pdf\r\nX-Evil: 1"), name="a\ud83d.pdf")
    async with wire(http(200, UPLOADED), http(200, TAKEN)) as server:
        result = await adapter.send(page(server.base_url), to_ann("", files=(odd,)))
    assert isinstance(result, Accepted)
    assert b"X-Evil" not in server.seen[0].body
    assert json.loads(server.seen[1].body)["message"]["attachment"]["type"] == "file"


@pytest.mark.parametrize("answer", [b"", http(500, refusal(2)), http(200, "{}"), http(400, refusal(613))])
async def test_a_failed_upload_is_proof_that_nothing_was_sent(
    adapter: MessengerAdapter, picture: OutgoingFile, answer: bytes
) -> None:
    async with wire(answer) as server:
        result = await adapter.send(page(server.base_url), to_ann("", files=(picture,)))
        assert len(server.seen) == 1
    assert isinstance(result, NotSent)
    assert explain(result.code).blame is Blame.PASSING


async def test_an_upload_without_end_is_proof_that_nothing_was_sent(picture: OutgoingFile) -> None:
    adapter = MessengerAdapter(resolve, replace(IMPATIENT, read=20.0, total=0.3))
    async with wire(b"", hangs=True) as server:
        result = await adapter.send(page(server.base_url), to_ann("", files=(picture,)))
    await adapter.aclose()
    assert isinstance(result, NotSent)


async def test_a_file_that_is_refused_holds_back_the_message(
    adapter: MessengerAdapter, picture: OutgoingFile, tmp_path: Path
) -> None:
    big, gone = tmp_path / "big", attached(tmp_path / "gone")
    with big.open("wb") as file:
        file.truncate(FILE_LIMIT + 1)
    async with wire(http(400, refusal(100, 2018047))) as server:
        for file_, code in ((picture, "100/2018047"), (attached(big), "100/2018109"), (gone, "file")):
            result = await adapter.send(page(server.base_url), to_ann("", files=(file_,)))
            assert isinstance(result, Refused)
            assert result.code == code
        assert len(server.seen) == 1


async def test_there_is_neither_evidence_to_ask_for_nor_a_template(adapter: MessengerAdapter) -> None:
    from tests.channels.wire import NOW

    assert await adapter.find(page(), to_ann(), NOW) is None
    assert await adapter.templates(page(), NOW) == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
errors = st.fixed_dictionaries(
    {},
    optional={
        name: json_values | st.integers(0, 1300)
        for name in ("code", "error_subcode", "message", "is_transient", "fbtrace_id")
    },
)
answers = (
    st.fixed_dictionaries({}, optional={"error": errors | json_values, "message_id": json_values}) | json_values
).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)


@settings(deadline=None)
@given(st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503]), answers)
def test_no_answer_gets_past_the_judgement(status: int, body: bytes) -> None:
    async def send() -> SendResult:
        adapter = MessengerAdapter(resolve, IMPATIENT)
        try:
            async with wire(http(status, body)) as server:
                return await adapter.send(page(server.base_url), to_ann())
        finally:
            await adapter.aclose()

    result = asyncio.run(send())
    if isinstance(result, Accepted):
        assert status < 400
        assert result.provider_id
    else:
        assert explain(result.code).sentence
