"""The real python-telegram-bot, unchanged but for the address that it connects to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from tests.patience import LIMIT
from tests.sandbox.receiver import Receiver
from tests.sandbox.telegram_driver import ANN, BEN, BOT, TOKEN, TelegramDriver


@pytest.fixture
async def bot(telegram: TelegramDriver, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """Yield the library's bot, set to return spans of time as its next version will."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    base = telegram.base_url
    async with Bot(TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as made:
        yield made


async def test_who_am_i(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (7001, BOT, True)


async def test_messages_of_every_kind_leave(bot: Bot) -> None:
    text = await bot.send_message(ANN, "hello 👋")
    assert (text.text, text.chat.id) == ("hello 👋", ANN)
    assert abs(datetime.now(UTC) - text.date) < timedelta(seconds=30)
    photo = await bot.send_photo(ANN, BytesIO(b"\x89PNG\r\n--x"), caption="see", filename="a.png")
    assert photo.caption == "see"
    document = await bot.send_document(ANN, b"text", filename="ä b.txt")
    assert document.document is not None
    assert document.document.file_name == "ä b.txt"
    again = await bot.send_document(ANN, document.document.file_id)
    assert again.document == document.document
    assert (await bot.send_voice(ANN, b"ogg")).voice is not None
    assert (await bot.send_sticker(ANN, b"webp")).sticker is not None
    assert (await bot.send_location(ANN, 1.5, 2.5)).location is not None
    venue = (await bot.send_venue(ANN, 1.5, 2.5, "Shop", "Here 1")).venue
    assert venue is not None and venue.title == "Shop"
    assert (await bot.send_contact(ANN, "+1555", "Bo")).contact is not None
    assert await bot.send_chat_action(ANN, "typing")


async def test_messages_of_every_kind_come(telegram: TelegramDriver, bot: Bot) -> None:
    said = await telegram.says("/start")
    file = {"content_type": "image/png", "base64": "iVBORw=="}
    place = {"latitude": 1.5, "longitude": 2.5}
    contents: list[dict[str, object]] = [
        {"text": "changed", "edit": said["message_id"]},
        {"photo": file, "caption": "see"},
        {"document": file},
        {"voice": file},
        {"audio": file},
        {"video": file},
        {"sticker": file},
        {"location": place},
        {"venue": place | {"title": "Shop", "address": "Here 1"}},
        {"contact": {"phone_number": "+1555", "first_name": "Bo"}},
    ]
    for content in contents:
        await telegram.control("telegram/inbound", {"bot": BOT, "chat_id": ANN} | content)
    await telegram.control("telegram/block", {"bot": BOT, "chat_id": ANN})
    updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    first, edited, *others, blocked = updates
    assert first.message is not None and first.message.text == "/start"
    assert edited.edited_message is not None and edited.edited_message.edit_date is not None
    kinds = ("photo", "document", "voice", "audio", "video", "sticker", "location", "venue", "contact")
    for update, kind in zip(others, kinds, strict=True):
        assert update.message is not None and getattr(update.message, kind)
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert others[0].message is not None
    loaded = await others[0].message.photo[-1].get_file()
    assert await loaded.download_as_bytearray() == b"\x89PNG"
    assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()


async def test_errors_are_the_librarys(telegram: TelegramDriver, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "x")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(ANN, "x" * 4097)
    with pytest.raises(Forbidden, match="can't initiate"):
        await bot.send_message(BEN, "x")
    await telegram.control("faults", {"when": "telegram", "kind": "rate_limit", "seconds": 5})
    with pytest.raises(RetryAfter, match="Retry in 0:00:05"):
        await bot.send_message(ANN, "x")
    await telegram.control("faults", {"when": "telegram", "kind": "http_500"})
    with pytest.raises(NetworkError):
        await bot.send_message(ANN, "x")
    await telegram.control("faults", {"when": "telegram", "kind": "hang"})
    with pytest.raises(TimedOut):
        await bot.send_message(ANN, "x", read_timeout=0.3)
    with pytest.raises(InvalidToken):
        await Bot("7001:AAwrong", base_url=f"{telegram.base_url}/bot").initialize()


async def test_two_pollers_are_in_conflict(telegram: TelegramDriver, bot: Bot) -> None:
    older = asyncio.ensure_future(bot.get_updates(timeout=30))
    async with asyncio.timeout(LIMIT):
        while (await telegram.look("state"))["telegram_bots"][0]["polling"] is False:
            await asyncio.sleep(0.01)
    await telegram.result("getUpdates")
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await older


async def test_a_webhook_is_set_and_told_of(bot: Bot, receiver: Receiver) -> None:
    url = f"{receiver.base_url}/tg"
    assert await bot.set_webhook(url, secret_token="s3cret", allowed_updates=["message"])
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.allowed_updates) == (url, 0, ("message",))
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
