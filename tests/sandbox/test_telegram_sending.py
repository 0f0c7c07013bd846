"""Sending from a bot: Telegram's checks, wording and limits."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.telegram_driver import ANN, BEN, BOT, TOKEN, TelegramDriver


async def test_a_text_is_sent_and_recorded(telegram: TelegramDriver) -> None:
    made = await telegram.result("sendMessage", chat_id=ANN, text=" hi <b>you</b> \n", parse_mode="HTML")
    assert made["text"] == "hi <b>you</b>"
    assert made["from"] == {"id": 7001, "is_bot": True, "first_name": "Shop", "username": BOT}
    assert made["chat"] == {"id": ANN, "first_name": "Ann", "last_name": "Lee", "type": "private"}
    (record,) = (await telegram.look("messages"))["messages"]
    assert record["provider_id"] == f"{ANN}:{made['message_id']}"
    assert [record[name] for name in ("channel", "to", "from", "body")] == ["telegram", str(ANN), BOT, "hi <b>you</b>"]
    assert ["parse_mode", "HTML"] in record["form"]


@pytest.mark.parametrize("how", ["json", "form", "multipart", "query"])
async def test_arguments_come_in_any_form(telegram: TelegramDriver, how: str) -> None:
    url, arguments = f"{telegram.base_url}/bot{TOKEN}/sendmessage", {"chat_id": str(ANN), "text": "für dich 👋"}
    if how == "multipart":
        answer = await telegram.client.post(url, files={name: (None, value) for name, value in arguments.items()})
    elif how == "query":
        answer = await telegram.client.get(url, params=arguments)
    else:
        body = {"json": {"json": arguments}, "form": {"data": arguments}}[how]
        answer = await telegram.client.post(url, **body)  # type: ignore[arg-type]  # which of two it is, is chosen above
    assert answer.json()["result"]["text"] == "für dich 👋"


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 99, "text": "x"}, 400, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, 400, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "9" * 5000, "text": "x"}, 400, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": BEN, "text": "x"}, 403, "Forbidden: bot can't initiate conversation with a user"),
    ("sendMessage", {"chat_id": ANN, "text": " \n"}, 400, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": ANN}, 400, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": ANN, "text": "x" * 4097}, 400, "Bad Request: message is too long"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "parse_mode": "RTF"}, 400, "Bad Request: unsupported parse_mode"),
    ("sendPhoto", {"chat_id": ANN}, 400, "Bad Request: there is no photo in the request"),
    ("sendPhoto", {"chat_id": ANN, "photo": "x"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"),
    (
        "sendPhoto",
        {"chat_id": ANN, "photo": "https://x.example/a.jpg", "caption": "x" * 1025},
        400,
        "Bad Request: message caption is too long",
    ),
    ("sendLocation", {"chat_id": ANN, "latitude": 91, "longitude": 0}, 400, "Bad Request: latitude is empty or wrong"),
    ("sendVenue", {"chat_id": ANN, "latitude": 1, "longitude": 0}, 400, "Bad Request: venue title is empty"),
    ("sendContact", {"chat_id": ANN, "first_name": "x"}, 400, "Bad Request: phone number is empty"),
    ("sendChatAction", {"chat_id": ANN, "action": "dance"}, 400, "Bad Request: wrong parameter action in request"),
    ("sendMagic", {"chat_id": ANN}, 404, "Not Found: method not found"),
]


async def test_refusals_are_telegrams(telegram: TelegramDriver) -> None:
    for method, arguments, code, description in REFUSED:
        assert await telegram.error(method, **arguments) == (code, description)
    assert (await telegram.look("messages"))["messages"] == []


async def test_the_longest_text_is_taken(telegram: TelegramDriver) -> None:
    await telegram.result("sendMessage", chat_id=ANN, text="👋" * 4096)


@pytest.mark.parametrize(
    ("token", "code", "description"),
    [("7001:AAsome-other-token", 401, "Unauthorized"), ("7002:AAno-such-bot", 401, "Unauthorized")]
    + [(token, 404, "Not Found") for token in ("7001", "x:y", "7001:A%20B", ":AAA")],
)
async def test_a_wrong_token(telegram: TelegramDriver, token: str, code: int, description: str) -> None:
    answer = await telegram.call("getMe", token=token)
    assert (answer.status_code, answer.json()) == (
        code,
        {"ok": False, "error_code": code, "description": description},
    )


async def test_who_blocked_the_bot_is_not_reached(telegram: TelegramDriver) -> None:
    await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN})
    assert await telegram.error("sendMessage", chat_id=ANN, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN, "blocked": False})
    await telegram.result("sendMessage", chat_id=ANN, text="x")
    changes = [update["my_chat_member"] for update in await telegram.result("getUpdates")]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    assert changes[0]["old_chat_member"]["user"]["username"] == BOT


async def test_rates_are_per_chat_and_overall(telegram: TelegramDriver) -> None:
    await telegram.control("telegram/people", {"chat_id": BEN, "started": [BOT]})
    await telegram.control("settings", {"telegram_rate": {"chat": 1, "bot": 2}})
    await telegram.result("sendMessage", chat_id=ANN, text="1")
    answer = await telegram.call("sendMessage", chat_id=ANN, text="2")
    assert answer.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    await telegram.result("sendMessage", chat_id=BEN, text="3")
    await telegram.control("settings", {"telegram_rate": {"chat": None}})
    assert (await telegram.error("sendMessage", chat_id=BEN, text="4"))[0] == 429
    await telegram.control("clock", {"offset_seconds": 2})
    await telegram.result("sendMessage", chat_id=BEN, text="4")


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "audio", "video", "sticker"])
async def test_a_file_is_sent_once_and_again_by_its_id(telegram: TelegramDriver, kind: str) -> None:
    data = bytes(range(256)) + b"\r\n--\r\n\r\n"
    answer = await telegram.client.post(
        f"{telegram.base_url}/bot{TOKEN}/send{kind}",
        data={"chat_id": str(ANN), "caption": "look"},
        files={kind: ("a b.bin", data, "application/octet-stream")},
    )
    made = answer.json()["result"]
    file = made[kind][-1] if kind == "photo" else made[kind]
    assert (file["file_size"], made["caption"]) == (len(data), "look")
    again = await telegram.result(f"send{kind}", chat_id=ANN, **{kind: file["file_id"]})
    assert (again[kind][-1] if kind == "photo" else again[kind])["file_unique_id"] == file["file_unique_id"]
    found = await telegram.result("getFile", file_id=file["file_id"])
    loaded = await telegram.client.get(f"{telegram.base_url}/file/bot{TOKEN}/{found['file_path']}")
    assert loaded.content == data


async def test_places_and_cards(telegram: TelegramDriver) -> None:
    place = await telegram.result("sendLocation", chat_id=ANN, latitude="1.5", longitude=-2)
    assert place["location"] == {"latitude": 1.5, "longitude": -2.0}
    venue = await telegram.result("sendVenue", chat_id=ANN, latitude=1, longitude=2, title="Shop", address="Here 1")
    assert (venue["venue"]["title"], venue["location"]["latitude"]) == ("Shop", 1.0)
    card = await telegram.result("sendContact", chat_id=ANN, phone_number="+1555", first_name="Bo")
    assert card["contact"] == {"phone_number": "+1555", "first_name": "Bo"}
    assert await telegram.result("sendChatAction", chat_id=ANN, action="typing") is True


async def test_a_file_that_is_not_there(telegram: TelegramDriver) -> None:
    wrong = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await telegram.error("getFile", file_id="x") == (400, wrong)
    for token, status in ((TOKEN, 404), ("7001:AAwrong", 401)):
        answer = await telegram.client.get(f"{telegram.base_url}/file/bot{token}/photos/file_0.jpg")
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("kind", "status", "kept"), [("http_500", 500, 0), ("http_500_after", 500, 1), ("rate_limit", 429, 0)]
)
async def test_faults_that_answer(telegram: TelegramDriver, kind: str, status: int, kept: int) -> None:
    await telegram.control(
        "faults", {"when": "telegram", "kind": kind, "seconds": 7, "match": {"to": str(ANN), "from": BOT}}
    )
    answer = await telegram.call("sendMessage", chat_id=ANN, text="x")
    assert answer.status_code == status
    assert answer.json().get("parameters") == ({"retry_after": 7} if kind == "rate_limit" else None)
    assert len((await telegram.look("messages"))["messages"]) == kept


@pytest.mark.parametrize(("kind", "kept"), [("drop_before", 0), ("drop_after", 1), ("hang", 1)])
async def test_faults_that_do_not(telegram: TelegramDriver, kind: str, kept: int) -> None:
    await telegram.control("faults", {"when": "telegram", "kind": kind})
    with pytest.raises(httpx.TransportError):
        await telegram.client.post(
            f"{telegram.base_url}/bot{TOKEN}/sendMessage", json={"chat_id": ANN, "text": "x"}, timeout=0.5
        )
    assert len((await telegram.look("messages"))["messages"]) == kept
    await telegram.result("getMe")


async def test_other_calls_have_faults_of_their_own(telegram: TelegramDriver) -> None:
    await telegram.control("faults", {"when": "telegram_ask", "kind": "http_500"})
    await telegram.control("faults", {"when": "telegram_poll", "kind": "rate_limit"})
    await telegram.result("sendMessage", chat_id=ANN, text="x")
    assert (await telegram.error("getUpdates"))[0] == 429
    assert (await telegram.error("getMe")) == (500, "Internal Server Error")
    assert (await telegram.result("getMe"))["username"] == BOT
