"""Invalid requests to Telegram and Graph get an error in the provider's words, never a 500 of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts_sandbox.core.bodies import UnreadableBody, read
from tests.sandbox import graph_driver, telegram_driver
from tests.sandbox.graph_driver import GraphDriver
from tests.sandbox.telegram_driver import TelegramDriver

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"

BODIES: list[tuple[bytes, str]] = [
    (b"not json", JSON),
    (b"[]", JSON),
    (b'"x"', JSON),
    (b"\xff\xfe", JSON),
    (b'{"chat_id": NaN}', JSON),
    (b'{"text": "\\ud800"}', JSON),
    (b"[" * 100_000, JSON),
    (b"\xff=%ff&%00=", FORM),
    (b"&".join(b"a=1" for _ in range(2000)), FORM),
    (b"", PARTS),
    (b"--x\r\nbroken", PARTS),
    (b"--x\r\n\r\n\r\n--x--", PARTS),
    (b'--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1\r\n--x--', "multipart/form-data"),
    (b"x", "text/plain"),
    (b"x", ";;;"),
]

VALUES: list[object] = [
    None,
    "",
    "x",
    -1,
    1e300,
    True,
    [],
    {},
    [{}],
    {"id": {}},
    {"id": []},
    {"id": 5},
    "[[",
    "\x00\x1b",
]


@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto", "sendVenue", "setWebhook", "getFile", "getMe"])
async def test_telegram_takes_no_harm_from_a_body(telegram: TelegramDriver, method: str) -> None:
    url = f"{telegram.base_url}/bot{telegram_driver.TOKEN}/{method}"
    for content, content_type in BODIES:
        answer = await telegram.client.post(url, content=content, headers={"Content-Type": content_type})
        assert answer.status_code in (200, 400), content[:30]
        assert answer.json()["ok"] is (answer.status_code == 200)


async def test_telegram_takes_no_harm_from_arguments(telegram: TelegramDriver) -> None:
    names = ("text", "photo", "caption", "latitude", "longitude", "title", "phone_number", "url", "allowed_updates")
    numbers = ("limit", "offset", "file_id", "action", "emoji", "secret_token", "parse_mode")
    for value in VALUES:
        arguments: dict[str, Any] = dict.fromkeys([*names, *numbers], value) | {"chat_id": telegram_driver.ANN}
        for method in ("sendMessage", "sendPhoto", "sendVenue", "sendContact", "getUpdates", "setWebhook", "getFile"):
            answer = await telegram.call(method, **arguments)
            assert answer.status_code in (200, 400, 409), (method, value)
        assert (await telegram.error("sendMessage", chat_id=value, text="x"))[0] == 400


async def test_graph_takes_no_harm_from_a_body(graph: GraphDriver) -> None:
    for content, content_type in BODIES:
        answer = await graph.client.post(
            graph.messages,
            params={"access_token": graph_driver.TOKEN},
            content=content,
            headers={"Content-Type": content_type},
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100), content[:30]


async def test_graph_takes_no_harm_from_members(graph: GraphDriver) -> None:
    good = graph_driver.letter()
    for value in VALUES:
        for name in ("recipient", "messaging_type", "message", "sender_action", "tag"):
            answer = await graph.post(good | {name: value})
            assert answer.status_code in (200, 400), (name, value)
        for name in ("text", "attachment", "metadata"):
            answer = await graph.post(good | {"message": {name: value}})
            assert answer.status_code in (200, 400), (name, value)
        attachment = {"type": value, "payload": value}
        answer = await graph.post(good | {"message": {"attachment": attachment}})
        assert answer.json()["error"]["code"] == 100
        answer = await graph.post(good | {"access_token": value}, token="")
        assert answer.json()["error"]["code"] in (104, 190)


async def test_graph_takes_no_token_beyond_ascii(graph: GraphDriver) -> None:
    letter, token = graph_driver.letter(), "EAA-clé"
    in_header = [(b"Authorization", f"Bearer {token}".encode("latin-1"))]
    for answer in (
        await graph.post(letter, token),
        await graph.post(letter | {"access_token": token}, token=""),
        await graph.client.post(graph.messages, headers=in_header, json=letter),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, 190)


async def test_large_files_are_refused_in_their_words(telegram: TelegramDriver) -> None:
    content = b"x" * (65 * 1024 * 1024)
    url = f"{telegram.base_url}/bot{telegram_driver.TOKEN}/sendDocument"
    answer = await telegram.client.post(url, content=content, headers={"Content-Type": PARTS})
    assert (answer.status_code, answer.json()["description"]) == (413, "Request Entity Too Large")
    answer = await telegram.client.post(f"{telegram.base_url}/v26.0/me/messages", content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, 100)


async def test_the_log_holds_no_token(telegram: TelegramDriver) -> None:
    await telegram.call("getMe")
    await telegram.client.get(f"{telegram.base_url}/file/bot{telegram_driver.TOKEN}/x")
    await telegram.client.get(f"{telegram.base_url}/v26.0/me", params={"access_token": "EAAsecret", "fields": "id"})
    await telegram.client.post(f"{telegram.base_url}/v26.0/me/messages", json={"access_token": "EAAsecret"})
    log = await telegram.client.get(f"{telegram.base_url}/control/requests")
    state = await telegram.client.get(f"{telegram.base_url}/control/state")
    for secret in (telegram_driver.TOKEN, telegram_driver.TOKEN.partition(":")[2], "EAAsecret"):
        assert secret not in log.text + state.text
    paths = [entry["path"] for entry in log.json()["requests"]]
    assert paths[:2] == ["/bot7001:***/getMe", "/file/bot7001:***/x"]


CONTROL_PATHS = ["bots", "people", "inbound", "block"]
GRAPH_PATHS = ["apps", "pages", "people", "windows", "inbound", "batch", "outbound", "watermark", "subscribe"]
NONSENSE: list[object] = [
    None,
    [],
    "x",
    {"surprise": 1},
    {"token": "1:abc", "username": "b", "x": 1},
    {"chat_id": -5, "bot": "nobody", "first_name": 1},
    {"id": "ab", "app_id": 5, "secret": None, "page": "1", "psid": "x", "entries": [[]], "event": []},
    {"entries": [1]},
    {"page": "9" * 40},
]


async def test_bad_control_input_gets_a_sentence(telegram: TelegramDriver) -> None:
    for path in [f"telegram/{name}" for name in CONTROL_PATHS] + [f"graph/{name}" for name in GRAPH_PATHS]:
        for document in NONSENSE:
            answer = await telegram.client.post(
                f"{telegram.base_url}/control/{path}", content=json.dumps(document).encode()
            )
            assert answer.status_code == 400, (path, document, answer.text)
            assert answer.json()["error"].endswith(".")


CONTENT_TYPES = st.sampled_from([JSON, FORM, PARTS, 'multipart/form-data; boundary="x"']) | st.text(max_size=40)
PIECES = st.sampled_from([b"--x", b"\r\n", b"--", b'Content-Disposition: form-data; name="a"; filename="', b"=", b"&"])
CONTENT = st.lists(PIECES | st.binary(max_size=12), max_size=12).map(b"".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONTENT_TYPES, st.text(max_size=30), CONTENT)
def test_any_body_is_read_or_unreadable(content_type: str, query: str, content: bytes) -> None:
    try:
        body = read(content_type, query, content)
    except UnreadableBody:
        return
    assert all(isinstance(text, str) for _, text in body.pairs())


@given(st.binary(max_size=300))
def test_a_part_is_carried_byte_for_byte(data: bytes) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n'
    body = read("multipart/form-data; boundary=x", "", head + data + b"\r\n--x--\r\n")
    if b"\r\n--x" not in data:
        assert body.uploads["a"].data == data
