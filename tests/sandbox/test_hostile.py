"""Invalid requests get an error, never a 500."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from urllib.parse import quote, urlsplit

import pytest

from contacts_sandbox.core.intake import CONTROL_LIMIT
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN, Driver

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b'{"To": "+15552220000"}', {"Content-Type": "application/json"}),
        (b"\xff\xfe\x00\x01", FORM),
        (b"%ff%fe=%00&&&===", FORM),
        (b"", FORM),
        pytest.param(b"&".join(b"a=1" for _ in range(2000)), FORM, id="many-fields"),
        (b"--x\r\nbroken", {"Content-Type": "multipart/form-data; boundary=x"}),
    ],
)
async def test_a_body_that_is_no_form_is_refused(sandbox: Driver, content: bytes, headers: dict[str, str]) -> None:
    answer = await sandbox.client.post(sandbox.messages_url, content=content, headers=headers, auth=(ACCOUNT, TOKEN))
    assert answer.status_code == 400
    assert answer.json()["code"] in (21604, 20001)


async def test_strange_text_is_carried_as_it_is(sandbox: Driver) -> None:
    body = "\x00\x1b]0;x\x07 ‮ 👩‍👩‍👧 \u2028"
    made = await sandbox.sent(Body=body)
    assert made["body"] == body


async def test_a_large_body_is_413(sandbox: Driver) -> None:
    content = b"To=%2B1&Body=" + b"x" * (1024 * 1024)
    answer = await sandbox.client.post(sandbox.messages_url, content=content, headers=FORM, auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    await sandbox.sent()


async def test_a_body_that_broke_off_is_no_message(sandbox: Driver) -> None:
    form = f"To={quote(ANN)}&From={quote(SHOP)}&Body=half"
    url = urlsplit(sandbox.messages_url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    lines = (
        f"POST {url.path} HTTP/1.1",
        "Host: x",
        f"Authorization: Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}",
        f"Content-Type: {FORM['Content-Type']}",
        f"Content-Length: {len(form) + 5}",
    )
    writer.write("\r\n".join((*lines, "", form)).encode())
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await sandbox.sent(Body="whole")
    assert [one["body"] for one in (await sandbox.look("messages"))["messages"]] == ["whole"]


BAD_QUERIES = ["PageSize=x", "PageSize=-1", "PageSize=0", "Page=x", "Page=99999999999999999999", "DateSent=9999-99-99"]


async def test_bad_paging_is_refused(sandbox: Driver) -> None:
    for query in BAD_QUERIES:
        answer = await sandbox.client.get(f"{sandbox.messages_url}?{query}", auth=(ACCOUNT, TOKEN))
        assert (answer.status_code, answer.json()["code"]) == (400, 20001)


async def test_pages_beyond_the_end_are_empty(sandbox: Driver) -> None:
    answer = await sandbox.client.get(f"{sandbox.messages_url}?Page=999999&PageToken=PAnone", auth=(ACCOUNT, TOKEN))
    assert answer.json()["messages"] == []


async def test_a_broken_host_header_does_no_harm(sandbox: Driver) -> None:
    for path in ("/v1/ContentAndApprovals", "/nowhere", "/control/nowhere"):
        answer = await sandbox.client.get(sandbox.base_url + path, headers={"Host": "["}, auth=(ACCOUNT, TOKEN))
        assert answer.status_code < 500


CONTROL_PATHS = ["accounts", "senders", "templates", "windows", "people", "inbound", "faults", "seed", "settings"]
NONSENSE = [
    b"not json",
    b"\xff\xfe",
    b"[]",
    b'"text"',
    b"null",
    b'{"surprise": 1}',
    b'{"sid": 1, "address": 2, "from": [], "when": {}, "accounts": {}, "delays": 1}',
    b'{"address": "+15552220000", "profile_name": "\\ud800"}',
    b'{"from": NaN}',
    b"[" * 100_000,
]


async def test_bad_control_input_gets_a_sentence(empty: Driver) -> None:
    for path in CONTROL_PATHS:
        for content in NONSENSE:
            answer = await empty.client.post(f"{empty.base_url}/control/{path}", content=content)
            assert answer.status_code == 400, (path, content[:40])
            assert answer.json()["error"].endswith(".")


async def test_control_speaks_plainly_of_a_body_that_is_too_large(empty: Driver) -> None:
    content = b" " * (CONTROL_LIMIT + 1)
    answer = await empty.client.post(f"{empty.base_url}/control/seed", content=content)
    assert (answer.status_code, answer.json()) == (413, {"error": "The body is too large."})


async def test_control_speaks_plainly_of_unknown_paths(empty: Driver) -> None:
    answer = await empty.client.get(f"{empty.base_url}/control/nowhere")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "GET /control/nowhere is not part of the control API."},
    )
    answer = await empty.client.delete(f"{empty.base_url}/control/seed")
    assert answer.status_code == 405


async def test_the_log_of_requests_keeps_refusals_and_no_secret(sandbox: Driver) -> None:
    await sandbox.send(To=ANN, From=SHOP)
    await sandbox.client.get(sandbox.messages_url, auth=(ACCOUNT, "guessed-password"))
    answer = await sandbox.client.get(f"{sandbox.base_url}/control/requests")
    first, second = answer.json()["requests"]
    assert (first["answer"], first["form"]) == (400, [["To", ANN], ["From", SHOP]])
    assert (second["answer"], second["username"]) == (401, ACCOUNT)
    state = await sandbox.client.get(f"{sandbox.base_url}/control/state")
    for text in (answer.text, state.text):
        assert TOKEN not in text
        assert "guessed-password" not in text
