"""What people do, as a bot receives it: by polling, or by webhook."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.patience import POLL_LIMIT
from tests.sandbox.driver import eventually, until
from tests.sandbox.receiver import Receiver
from tests.sandbox.telegram_driver import ANN, BOT, TOKEN, TelegramDriver

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_updates_stay_until_an_offset_confirms_them(telegram: TelegramDriver) -> None:
    for text in ("one", "two", "three"):
        await telegram.says(text)
    assert await telegram.texts() == await telegram.texts() == ["one", "two", "three"]
    first = (await telegram.result("getUpdates"))[0]["update_id"]
    assert await telegram.texts(offset=first + 1, limit=1) == ["two"]
    assert await telegram.texts(offset=first) == ["two", "three"]
    assert await telegram.texts(offset=-1) == ["three"]
    assert await telegram.texts() == ["three"]
    assert await telegram.texts(offset=first + 3) == []


async def test_a_long_poll_ends_with_the_first_update(telegram: TelegramDriver) -> None:
    polling = asyncio.ensure_future(telegram.texts(timeout=30))
    await eventually(lambda: is_polling(telegram))
    await telegram.says("now")
    assert await asyncio.wait_for(polling, POLL_LIMIT) == ["now"]


async def is_polling(telegram: TelegramDriver) -> bool:
    """Return whether a process waits for updates."""
    polls = [bot["polling"] for bot in (await telegram.look("state"))["telegram_bots"]]
    return polls == [True]


async def test_a_long_poll_ends_by_itself(telegram: TelegramDriver) -> None:
    assert await asyncio.wait_for(telegram.texts(timeout=1), POLL_LIMIT) == []


async def test_the_older_of_two_polls_is_ended(telegram: TelegramDriver) -> None:
    older = asyncio.ensure_future(telegram.error("getUpdates", timeout=30))
    await eventually(lambda: is_polling(telegram))
    newer = asyncio.ensure_future(telegram.texts(timeout=30))
    assert await asyncio.wait_for(older, POLL_LIMIT) == (409, CONFLICT)
    await telegram.says("still here")
    assert await asyncio.wait_for(newer, POLL_LIMIT) == ["still here"]


async def test_updates_of_a_day_ago_are_gone(telegram: TelegramDriver) -> None:
    await telegram.says("old")
    await telegram.control("clock", {"offset_seconds": 86_000})
    await telegram.says("newer")
    assert await telegram.texts() == ["old", "newer"]
    await telegram.control("clock", {"offset_seconds": 86_500})
    assert await telegram.texts() == ["newer"]


async def test_only_allowed_kinds_come_from_then_on(telegram: TelegramDriver) -> None:
    await telegram.result("getUpdates", allowed_updates=["message"])
    await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN})
    await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN, "blocked": False})
    await telegram.says("hi")
    assert await telegram.texts() == ["hi"]
    await telegram.result("getUpdates", allowed_updates=[])
    await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN})
    assert len(await telegram.result("getUpdates")) == 2


FILE = {"content_type": "image/png", "base64": "iVBORw==", "filename": "a.png"}
PLACE = {"latitude": 1.5, "longitude": 2.5}
KINDS: list[tuple[dict[str, Any], str]] = [
    ({"photo": FILE, "caption": "see"}, "photo"),
    ({"document": FILE}, "document"),
    ({"voice": {"content_type": "audio/ogg", "text": "la"}}, "voice"),
    ({"video": FILE}, "video"),
    ({"sticker": {"content_type": "image/webp", "text": "x", "emoji": "😀"}}, "sticker"),
    ({"location": PLACE}, "location"),
    ({"venue": PLACE | {"title": "Shop", "address": "Here 1"}}, "venue"),
    ({"contact": {"phone_number": "+1555", "first_name": "Bo"}}, "contact"),
    ({"extra": {"dice": {"emoji": "🎲", "value": 3}}}, "dice"),
]


async def test_every_kind_of_message(telegram: TelegramDriver) -> None:
    for content, kind in KINDS:
        message = await telegram.hears(**content)
        assert message[kind]
        assert message["from"]["id"] == message["chat"]["id"] == ANN
        assert message.get("caption") == content.get("caption")


async def test_a_file_of_a_person_is_loaded(telegram: TelegramDriver) -> None:
    sizes = (await telegram.hears(photo=FILE))["photo"]
    assert sizes[0]["width"] < sizes[-1]["width"]
    for size in sizes:
        found = await telegram.result("getFile", file_id=size["file_id"])
        loaded = await telegram.client.get(f"{telegram.base_url}/file/bot{TOKEN}/{found['file_path']}")
        assert loaded.content == b"\x89PNG"


async def test_an_edit_keeps_the_id_and_names_its_time(telegram: TelegramDriver) -> None:
    said = await telegram.says("helo")
    again = await telegram.hears(text="hello", edit=said["message_id"])
    assert (again["message_id"], again["text"]) == (said["message_id"], "hello")
    assert again["edit_date"] >= again["date"]
    (record,) = (await telegram.look("messages"))["messages"]
    assert (record["body"], record["provider_id"]) == ("hello", said["provider_id"])
    assert [version["body"] for version in record["versions"]] == ["helo", "hello"]


async def test_start_is_marked_as_a_command(telegram: TelegramDriver) -> None:
    message = await telegram.hears(text="/start ref42")
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_group_is_no_private_chat(telegram: TelegramDriver) -> None:
    await telegram.control("telegram/people", {"chat_id": 33, "first_name": "Cy"})
    group = {"id": -4001, "title": "All of us"}
    await telegram.control("telegram/inbound", {"bot": BOT, "chat_id": 33, "text": "hi all", "group": group})
    (update,) = await telegram.result("getUpdates")
    assert update["message"]["chat"] == group | {"type": "group"}
    assert (await telegram.error("sendMessage", chat_id=33, text="x"))[0] == 403
    await telegram.result("sendMessage", chat_id=-4001, text="x")


async def test_the_time_of_a_message_can_be_long_ago(telegram: TelegramDriver) -> None:
    message = await telegram.hears(text="late", at="2026-01-02T03:04:05Z")
    assert message["date"] == 1767323045


async def hook(telegram: TelegramDriver, receiver: Receiver, **more: Any) -> None:
    """Set a webhook, so that updates are posted to the receiver."""
    assert await telegram.result("setWebhook", url=f"{receiver.base_url}/tg", secret_token="s3cret_-", **more) is True


async def test_a_webhook_gets_what_waited_and_what_comes(telegram: TelegramDriver, receiver: Receiver) -> None:
    await telegram.says("before")
    await hook(telegram, receiver)
    await telegram.says("after")
    await until(lambda: len(receiver.hooks) == 2)
    assert [entry.document["message"]["text"] for entry in receiver.hooks] == ["before", "after"]
    assert receiver.hooks[0].headers["x-telegram-bot-api-secret-token"] == "s3cret_-"
    assert receiver.hooks[0].headers["content-type"] == "application/json"
    assert (await telegram.result("getWebhookInfo"))["pending_update_count"] == 0
    assert await telegram.error("getUpdates") == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )


async def test_what_is_not_taken_is_posted_again_in_order(telegram: TelegramDriver, receiver: Receiver) -> None:
    receiver.refusals = [500, 503, 403]
    await hook(telegram, receiver)
    await telegram.says("one")
    await telegram.says("two")
    await until(lambda: len(receiver.hooks) == 5)
    texts = [entry.document["message"]["text"] for entry in receiver.hooks]
    assert texts == ["one", "one", "one", "one", "two"]
    info = await telegram.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"
    posts = (await telegram.look("messages"))["messages"][0]["posts"]
    assert [post["answer"] for post in posts] == [500, 503, 403, 200]


async def test_without_a_webhook_it_is_polled_again(telegram: TelegramDriver, receiver: Receiver) -> None:
    receiver.status = 500
    await hook(telegram, receiver)
    await telegram.says("waits")
    await until(lambda: len(receiver.hooks) >= 2)
    answer = (await telegram.call("deleteWebhook")).json()
    assert answer == {"ok": True, "result": True, "description": "Webhook was deleted"}
    assert await telegram.texts() == ["waits"]
    answer = (await telegram.call("setWebhook", url="")).json()
    assert answer["description"] == "Webhook is already deleted"


async def test_waiting_updates_can_be_dropped(telegram: TelegramDriver, receiver: Receiver) -> None:
    await telegram.says("dropped")
    await hook(telegram, receiver, drop_pending_updates=True)
    await telegram.says("kept")
    await until(lambda: len(receiver.hooks) == 1)
    assert receiver.hooks[0].document["message"]["text"] == "kept"


async def test_every_block_and_its_end_is_kept_with_what_was_posted_of_it(
    telegram: TelegramDriver, receiver: Receiver
) -> None:
    await hook(telegram, receiver)
    for blocked in (True, False):
        await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN, "blocked": blocked})
    await until(lambda: len(receiver.hooks) == 2)

    async def kept() -> list[tuple[str, bool, list[int | None]]]:
        people = (await telegram.look("state"))["telegram_people"]
        permissions = next(person for person in people if person["chat_id"] == ANN)["permissions"]
        return [(one["bot"], one["blocked"], [post["answer"] for post in one["posts"]]) for one in permissions]

    async def is_answered() -> bool:
        return await kept() == [(BOT, True, [200]), (BOT, False, [200])]

    await eventually(is_answered)


async def test_setting_a_webhook_ends_a_poll(telegram: TelegramDriver, receiver: Receiver) -> None:
    polling = asyncio.ensure_future(telegram.error("getUpdates", timeout=30))
    await eventually(lambda: is_polling(telegram))
    await hook(telegram, receiver)
    assert await asyncio.wait_for(polling, POLL_LIMIT) == (409, "Conflict: terminated by setWebhook request")


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("ftp://x", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://x.example", "no spaces", "secret token contains unallowed characters"),
        ("https://x.example", "x" * 257, "secret token is too long"),
    ],
)
async def test_bad_webhooks(telegram: TelegramDriver, url: str, secret: str, reason: str) -> None:
    assert await telegram.error("setWebhook", url=url, secret_token=secret) == (400, f"Bad Request: {reason}")


async def test_updates_are_doubled_and_lost(telegram: TelegramDriver, receiver: Receiver) -> None:
    await hook(telegram, receiver)
    await telegram.control("faults", {"when": "telegram_update", "kind": "double", "match": {"from": str(ANN)}})
    await telegram.says("twice")
    await until(lambda: len(receiver.hooks) == 2)
    assert receiver.hooks[0].body == receiver.hooks[1].body
    await telegram.control("faults", {"when": "telegram_update", "kind": "lose", "match": {"to": BOT}})
    await telegram.says("never")
    await telegram.says("again")
    await until(lambda: len(receiver.hooks) == 3)
    assert receiver.hooks[2].document["message"]["text"] == "again"


async def test_a_person_answers_by_script(telegram: TelegramDriver) -> None:
    script = [{"when": "any", "reply": "You said: {body}", "after": 0}]
    await telegram.control("telegram/people", {"chat_id": ANN, "started": [BOT], "script": script})
    await telegram.result("sendMessage", chat_id=ANN, text="good day")
    assert await telegram.texts(timeout=5) == ["You said: good day"]


async def test_a_person_writes_by_themselves(telegram: TelegramDriver) -> None:
    plan = {"every": [0.01, 0.02], "lines": ["Hello?"]}
    await telegram.control("telegram/people", {"chat_id": 44, "first_name": "Di", "unprompted": plan})
    assert set(await telegram.texts(timeout=5)) == {"Hello?"}


async def test_reset_ends_polls_and_forgets_bots(telegram: TelegramDriver) -> None:
    polling = asyncio.ensure_future(telegram.error("getUpdates", timeout=30))
    await eventually(lambda: is_polling(telegram))
    await telegram.control("reset")
    assert await asyncio.wait_for(polling, POLL_LIMIT) == (401, "Unauthorized")
    assert await telegram.error("getMe") == (401, "Unauthorized")


async def test_a_new_token_keeps_what_waits(telegram: TelegramDriver) -> None:
    await telegram.says("hi")
    await telegram.control("telegram/bots", {"token": "7001:AAnew-token", "username": BOT}, "PUT")
    assert await telegram.error("getUpdates") == (401, "Unauthorized")
    assert len((await telegram.call("getUpdates", token="7001:AAnew-token")).json()["result"]) == 1
