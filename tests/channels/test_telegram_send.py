"""Sending to Telegram, and the results: over a raw server that answers as the test says."""

import json
import logging
import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contacts_tui.channels.base import Accepted, NotSent, OutcomeUnknown, OutgoingFile, Refused, SendResult
from contacts_tui.channels.registry import explain
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.delivery import Delivery
from tests.channels.telegram_world import BOT_TOKEN, SAM, bot, message, no, ok, telegram, to_sam
from tests.channels.wire import Wire, http, wire

TAKEN = ok(message(77, text="hello"))
SENT = Accepted(f"{SAM}:77", Delivery.SENT)


async def sent(*answers: bytes, hangs: bool = False, **changes: object) -> tuple[SendResult, Wire]:
    """Return the result of one send, and the server that gave these answers."""
    async with telegram() as adapter, wire(*answers, hangs=hangs) as server:
        return await adapter.send(bot(server.base_url), to_sam(**changes)), server  # type: ignore[arg-type]  # any field of Outgoing


def file(folder: Path, name: str = "a.png", content_type: str = "image/png", content: bytes = b"PNG!") -> OutgoingFile:
    """Return a file on the disk."""
    path = folder / "stored"
    path.write_bytes(content)
    return OutgoingFile(path, "", content_type, name, len(content))


async def test_a_text_leaves_as_it_was_typed() -> None:
    result, server = await sent(TAKEN, body="<b>Zoë’s</b> *co* & _x_ {token} 🙂")
    assert result == SENT
    (request,) = server.seen
    assert request.line == f"POST /bot{BOT_TOKEN}/sendMessage HTTP/1.1"
    assert request.form == {"chat_id": [str(SAM)], "text": ["<b>Zoë’s</b> *co* & _x_ {token} 🙂"]}


async def test_a_photo_carries_the_text_as_its_caption(tmp_path: Path) -> None:
    result, server = await sent(TAKEN, body="the blue one", files=(file(tmp_path),))
    assert result == SENT
    (request,) = server.seen
    assert request.path.endswith("/sendPhoto")
    assert b'filename="a.png"' in request.body
    assert b"PNG!" in request.body
    assert b"the blue one" in request.body
    assert b"parse_mode" not in request.body


async def test_any_other_file_is_a_document(tmp_path: Path) -> None:
    pdf = file(tmp_path, "Rechnung ü.pdf", "application/pdf", b"%PDF")
    result, server = await sent(TAKEN, body="", files=(pdf,))
    assert result == SENT
    (request,) = server.seen
    assert request.path.endswith("/sendDocument")
    assert "Rechnung ü.pdf".encode() in request.body
    assert b"caption" not in request.body


async def test_a_file_that_is_gone_is_noticed_before_anything_leaves(tmp_path: Path) -> None:
    lost = OutgoingFile(tmp_path / "lost", "", "image/png", "lost.png", 4)
    result, server = await sent(TAKEN, files=(lost,))
    assert isinstance(result, Refused)
    assert result.code == "file"
    assert server.seen == []


@pytest.mark.parametrize(
    ("status", "description", "code"),
    [
        (400, "Bad Request: chat not found", "400_chat"),
        (400, "Bad Request: message text is empty", "400_empty"),
        (400, "Bad Request: message is too long", "400_long"),
        (400, "Bad Request: wrong file identifier/HTTP URL specified", "400_file"),
        (400, "Bad Request: something new", "400"),
        (401, "Unauthorized", "401"),
        (403, "Forbidden: bot was blocked by the user", "403"),
        (403, "Forbidden: bot can't initiate conversation with a user", "403_never"),
        (403, "Forbidden: user is deactivated", "403_gone"),
        (404, "Not Found", "404"),
        (413, "Request Entity Too Large", "413"),
        (418, "I am a teapot", "418"),
    ],
)
async def test_a_refusal_is_proof_and_has_words(status: int, description: str, code: str) -> None:
    result, server = await sent(no(status, description))
    assert result == Refused(code, description)
    assert explain(Provider.TELEGRAM, code).code == code
    assert len(server.seen) == 1


async def test_what_the_services_learn_from_a_refusal() -> None:
    assert explain(Provider.TELEGRAM, "403").opts_out
    assert explain(Provider.TELEGRAM, "403_gone").permanent_for_address
    assert explain(Provider.TELEGRAM, "400_chat").permanent_for_address
    assert explain(Provider.TELEGRAM, "403_never").permanent_for_address
    assert not explain(Provider.TELEGRAM, "403_never").opts_out


@pytest.mark.parametrize(
    ("parameters", "wait"),
    [
        ({"retry_after": 7}, timedelta(seconds=7)),
        ({"retry_after": "7"}, timedelta(seconds=7)),
        ({}, None),
        ({"retry_after": 10**12}, timedelta(hours=1)),
        ({"retry_after": -3}, None),
    ],
)
async def test_a_rate_limit_names_its_wait(parameters: Mapping[str, Any], wait: timedelta | None) -> None:
    result, _ = await sent(no(429, "Too Many Requests: retry after 7", **parameters))
    assert result == NotSent("429", "Too Many Requests: retry after 7", wait, rate_limited=True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (no(500, "Internal Server Error"), "server_error"),
        (no(502, "Bad Gateway", retry_after=3), "server_error"),
        (http(503, "<html>down</html>"), "server_error"),
        (http(500, "[1]"), "server_error"),
        (http(200, "{}"), "unreadable"),
        (http(200, "[]"), "unreadable"),
        (http(200, "not json"), "unreadable"),
        (http(200, '{"ok": true, "result": true}'), "unreadable"),
        (ok({"message_id": "77"}), "unreadable"),
        (http(302, "", {"Location": "https://elsewhere.example/"}), "unreadable"),
        (http(408, "slow"), "unreadable"),
        (b"", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "dropped"),
        (b"garbage\r\n\r\n", "dropped"),
    ],
)
async def test_an_answer_that_proves_nothing_is_unsettled_and_not_repeated(answer: bytes, code: str) -> None:
    result, server = await sent(answer)
    assert isinstance(result, OutcomeUnknown)
    assert result.code == code
    assert len(server.seen) == 1


async def test_silence_after_the_request_is_unsettled() -> None:
    result, server = await sent(b"HTTP/1.1 200 OK\r\n", hangs=True)
    assert isinstance(result, OutcomeUnknown)
    assert result.code == "timeout"
    assert len(server.seen) == 1


async def test_a_message_of_an_odd_shape_is_taken_all_the_same() -> None:
    result, _ = await sent(ok({"message_id": 77, "chat": "odd"}))
    assert result == SENT


async def test_nobody_there_is_proof() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with telegram() as adapter:
        result = await adapter.send(bot(f"http://127.0.0.1:{port}"), to_sam())
    assert isinstance(result, NotSent)
    assert result.code == "no_connection"


async def test_a_host_without_a_name_is_proof() -> None:
    async with telegram() as adapter:
        result = await adapter.send(bot("http://nobody.invalid"), to_sam())
    assert isinstance(result, NotSent)


@pytest.mark.parametrize("base_url", ["ftp://x", "nonsense", "http://", "http://[x"])
async def test_a_base_url_that_is_none(base_url: str) -> None:
    async with telegram() as adapter:
        result = await adapter.send(bot(base_url), to_sam())
    assert isinstance(result, Refused)
    assert result.code == "base_url"


@pytest.mark.parametrize("chat", ["-1001", "@channel", "", "0", "1/../x", "٣", "9" * 30])
async def test_only_a_private_chat_is_written_to(chat: str) -> None:
    result, server = await sent(TAKEN, to=chat)
    assert isinstance(result, Refused)
    assert result.code == "400_chat"
    assert server.seen == []


async def test_half_a_surrogate_pair_is_refused_with_proof(tmp_path: Path) -> None:
    for files in ((), (file(tmp_path),)):
        result, server = await sent(TAKEN, body="a\ud800", files=files)
        assert isinstance(result, Refused)
        assert result.code == "unwritable"
        assert server.seen == []


async def test_an_unreadable_credential_is_a_refusal() -> None:
    async with telegram() as adapter:
        result = await adapter.send(bot(account="7002"), to_sam())
    assert isinstance(result, Refused)
    assert result.code == "credentials"


async def test_the_token_is_in_no_explanation_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    answer = json.dumps({"ok": False, "description": f"Forbidden: {BOT_TOKEN} secret text"})
    for reply in (http(403, answer), http(403, "x" * 10), http(200, "secret text")):
        result, _ = await sent(reply)
        assert BOT_TOKEN not in repr(result)
    assert BOT_TOKEN not in caplog.text
    assert "secret text" not in caplog.text
