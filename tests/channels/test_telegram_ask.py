"""Asking Telegram: for updates, for the bot, for files, and to change how messages are received."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from contacts_tui.channels.base import BadRequest, ChannelError, InboundMessage, Polling
from contacts_tui.channels.fence import Fence, Held
from contacts_tui.channels.telegram.updates import secret_token
from contacts_tui.channels.transport import ANSWER_LIMIT
from contacts_tui.domain.message import Media
from tests.channels.telegram_world import BOT, BOT_ID, BOT_TOKEN, bot, no, ok, telegram, to_sam, update
from tests.channels.wire import NOW, http, wire

ME = ok({"id": int(BOT_ID), "is_bot": True, "first_name": "Shop", "username": BOT})
CONFLICT = no(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
ACTIVE = no(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first")
VOICE = Media("telegram:AgAC-1", "audio/ogg", "", 4)


def info(url: str = "", **more: Any) -> bytes:
    """Return Telegram's answer about the webhook."""
    return ok({"url": url, "has_custom_certificate": False, "pending_update_count": 0, **more})


def found(path: object = "voice/file_1.oga") -> bytes:
    """Return Telegram's answer about a file."""
    return ok({"file_id": "AgAC-1", "file_unique_id": "u", "file_size": 4, "file_path": path})


async def test_the_adapter_can_be_asked_for_updates() -> None:
    async with telegram() as adapter:
        assert isinstance(adapter, Polling)


async def test_updates_come_with_the_offset_that_acknowledges_them() -> None:
    answer = ok([update(update_id=41, text="one"), update(update_id=42, message_id=12, text="two")])
    async with telegram() as adapter, wire(answer, ok([])) as server:
        events, cursor = await adapter.updates(bot(server.base_url), "")
        assert [event.body for event in events if isinstance(event, InboundMessage)] == ["one", "two"]
        assert cursor == "43"
        assert await adapter.updates(bot(server.base_url), cursor) == ([], "43")
    first, second = server.seen
    assert "offset" not in first.form
    assert json.loads(first.form["allowed_updates"][0]) == ["message", "edited_message", "my_chat_member"]
    assert second.form["offset"] == ["43"]


async def test_an_update_that_the_sdk_can_make_nothing_of_comes_in_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = update(text="hello", photo="odd", entities=7)
    async with telegram() as adapter, wire(ok([odd])) as server:
        (event,), cursor = await adapter.updates(bot(server.base_url), "")
    assert isinstance(event, InboundMessage)
    assert event.body == "hello"
    assert cursor == "901"
    assert "hello" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (CONFLICT, "conflict"),
        (no(401, "Unauthorized"), "401"),
        (no(404, "Not Found"), "404"),
        (no(429, "Too Many Requests: retry after 3", retry_after=3), "429"),
        (no(502, "Bad Gateway"), "server_error"),
        (http(200, "[]"), "unreadable"),
        (ok({"a": 1}), "unreadable"),
        (b"", "dropped"),
    ],
)
async def test_why_updates_do_not_come(answer: bytes, code: str) -> None:
    async with telegram() as adapter, wire(answer) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.updates(bot(server.base_url), "43")
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
    assert "sent" not in caught.value.sentence or code == "429"


async def test_the_wait_that_telegram_names_is_told() -> None:
    limited = no(429, "Too Many Requests: retry after 3", retry_after=3)
    async with telegram() as adapter, wire(limited) as server:
        for question in (adapter.updates(bot(server.base_url), ""), adapter.use_webhook(bot(server.base_url), "")):
            with pytest.raises(ChannelError) as caught:
                await question
            assert caught.value.retry_after == timedelta(seconds=3)


async def test_an_answer_that_is_too_long_is_asked_for_in_pieces() -> None:
    long, short = http(200, b" " * (ANSWER_LIMIT + 1)), ok([update(update_id=41, text="one")])
    async with telegram() as adapter, wire(long, short, ok([])) as server:
        events, cursor = await adapter.updates(bot(server.base_url), "41")
        assert [event.body for event in events if isinstance(event, InboundMessage)] == ["one"]
        assert cursor == "42"
        await adapter.updates(bot(server.base_url), cursor)
    asked = [(each.form["offset"], each.form["limit"]) for each in server.seen]
    assert asked == [(["41"], ["100"]), (["41"], ["10"]), (["42"], ["100"])]


async def test_one_update_that_is_too_long_is_told() -> None:
    async with telegram() as adapter, wire(http(200, b" " * (ANSWER_LIMIT + 1))) as server:
        with pytest.raises(ChannelError, match="AnswerTooLong"):
            await adapter.updates(bot(server.base_url), "")
    assert server.seen[-1].form["limit"] == ["1"]


async def test_a_webhook_that_is_set_while_we_wait_stays() -> None:
    ended = no(409, "Conflict: terminated by setWebhook request")
    ours = info("https://desk.example/webhooks/7/inbound")
    async with telegram() as adapter, wire(ended, ours, ok(True)) as server:
        assert await adapter.updates(bot(server.base_url), "43") == ((), "43")
    assert len(server.seen) == 1


async def test_a_webhook_of_somebody_else_is_left_alone() -> None:
    async with telegram() as adapter, wire(ACTIVE, info("https://elsewhere.example/hook")) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.updates(bot(server.base_url), "43")
    assert caught.value.code == "webhook"
    assert len(server.seen) == 2


async def test_a_webhook_of_ours_is_taken_away_when_the_inbox_is_polled_again() -> None:
    ours = info("https://desk.example/support/webhooks/7/inbound")
    async with telegram() as adapter, wire(ACTIVE, ours, ok(True)) as server:
        assert await adapter.updates(bot(server.base_url), "43") == ((), "43")
    assert server.seen[-1].path.endswith("/deleteWebhook")
    assert "drop_pending_updates" not in server.seen[-1].form


async def test_a_webhook_is_set_with_the_inboxs_secret() -> None:
    url = "https://desk.example/webhooks/7/inbound"
    async with telegram() as adapter, wire(ok(True)) as server:
        await adapter.use_webhook(bot(server.base_url), url)
    form = server.seen[0].form
    assert form["url"] == [url]
    assert form["secret_token"] == [secret_token(BOT_TOKEN, 7)]
    assert json.loads(form["allowed_updates"][0]) == ["message", "edited_message", "my_chat_member"]


async def test_an_address_that_telegram_does_not_take() -> None:
    refusal = no(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    async with telegram() as adapter, wire(refusal) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.use_webhook(bot(server.base_url), "http://desk.example")
    assert caught.value.code == "bad_webhook"
    assert "HTTPS" in caught.value.sentence


@pytest.mark.parametrize(
    ("receive", "webhook", "is_ok", "words"),
    [
        ("polling", info(), True, "received by polling"),
        ("polling", info(pending_update_count=2), True, "2 wait"),
        ("polling", info("https://elsewhere.example"), False, "elsewhere"),
        ("webhook", info("https://desk.example"), True, "desk.example"),
        ("webhook", info("https://desk.example", last_error_message="502"), True, "desk.example"),
        ("webhook", info("https://desk.example", last_error_message="502", pending_update_count=1), False, "502"),
        ("webhook", info(), False, "No webhook"),
        ("polling", ok("odd"), True, "received by polling"),
    ],
)
async def test_the_check_tells_of_bot_and_way(receive: str, webhook: bytes, is_ok: bool, words: str) -> None:
    async with telegram() as adapter, wire(ME, webhook) as server:
        check = await adapter.check(bot(server.base_url, options={"receive": receive}))
    assert check.ok is is_ok
    assert f"@{BOT}" in check.lines[0]
    assert words in check.lines[1]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://hooks.example:8443/bot/{BOT_TOKEN}?a=1", "the webhook https://hooks.example:8443"),
        (f"https://hooks.example/{quote(BOT_TOKEN, safe='')}", "the webhook https://hooks.example"),
        (f"HTTPS://user:{BOT_TOKEN}@hooks.example#x", "the webhook HTTPS://hooks.example"),
        (f"https://hooks.example\\{BOT_TOKEN}", "the webhook https://hooks.example"),
        (f"//{BOT_TOKEN}", "the webhook of another program"),
        ("https://desk.example/a/webhooks/7/inbound", "the webhook https://desk.example/a/webhooks/7/inbound"),
    ],
)
@pytest.mark.parametrize("receive", ["polling", "webhook"])
async def test_the_check_shows_only_the_host_of_somebody_elses_webhook(receive: str, url: str, shown: str) -> None:
    async with telegram() as adapter, wire(ME, info(url)) as server:
        check = await adapter.check(bot(server.base_url, options={"receive": receive}))
    assert check.lines[1].endswith(f"messages go to {shown}." if receive == "polling" else f"Messages go to {shown}.")


@pytest.mark.parametrize("told", [BOT_TOKEN, BOT_TOKEN.replace(":", "%3A"), BOT_TOKEN.replace(":", "%3a")])
async def test_the_check_keeps_the_token_out_of_telegrams_words(told: str) -> None:
    failing = info("https://desk.example", last_error_message=f"404 for /{told}/x", pending_update_count=1)
    async with telegram() as adapter, wire(ME, failing) as server:
        check = await adapter.check(bot(server.base_url, options={"receive": "webhook"}))
    assert check.lines[1].endswith("The last call failed: 404 for /…/x.")


@pytest.mark.parametrize("answer", [no(401, "Unauthorized"), no(404, "Not Found"), ok({"username": "other_bot"})])
async def test_a_wrong_token_is_an_answer(answer: bytes) -> None:
    async with telegram() as adapter, wire(answer) as server:
        check = await adapter.check(bot(server.base_url))
    assert not check.ok
    assert len(check.lines) == 1


async def test_a_file_is_loaded_from_the_bot_apis_own_host(tmp_path: Path) -> None:
    target = tmp_path / "voice"
    async with telegram() as adapter, wire(found(), http(200, b"OggS")) as server:
        await adapter.fetch(bot(server.base_url), VOICE, target, 100)
    assert target.read_bytes() == b"OggS"
    assert server.seen[0].form == {"file_id": ["AgAC-1"]}
    assert unquote(server.seen[1].path) == f"/file/bot{BOT_TOKEN}/voice/file_1.oga"


@pytest.mark.parametrize(
    "answers",
    [
        (no(400, "Bad Request: file is too big"),),
        (found("/var/lib/telegram/x"),),
        (found("https://evil.example/x"),),
        (found("../secret"),),
        (found("a/../../b"),),
        (found(None),),
        (found(), http(404, "")),
        (found(), http(200, b"x" * 101)),
        (found(), b""),
        (b"",),
    ],
)
async def test_a_file_that_can_not_be_had_leaves_nothing(answers: tuple[bytes, ...], tmp_path: Path) -> None:
    target = tmp_path / "voice"
    async with telegram() as adapter, wire(*answers) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.fetch(bot(server.base_url), VOICE, target, 100)
    assert not target.exists()
    assert BOT_TOKEN not in caught.value.sentence


async def test_a_file_of_another_provider_is_not_asked_for(tmp_path: Path) -> None:
    async with telegram() as adapter, wire(found()) as server:
        with pytest.raises(ChannelError):
            await adapter.fetch(bot(server.base_url), Media("https://evil.example/x", "image/png"), tmp_path / "x", 9)
    assert server.seen == []


async def test_what_telegram_has_not() -> None:
    async with telegram() as adapter:
        assert await adapter.templates(bot(), NOW) == ()
        assert await adapter.find(bot(), to_sam(), NOW) is None
        with pytest.raises(BadRequest):
            adapter.challenge(bot(), {"hub.challenge": "1"})


async def test_questions_to_a_provider_out_of_reach_raise_a_sentence() -> None:
    away = bot("http://nobody.invalid")
    async with telegram() as adapter:
        for question in (adapter.check(away), adapter.updates(away, ""), adapter.use_webhook(away, "")):
            with pytest.raises(ChannelError) as caught:
                await question
            assert caught.value.code == "no_connection"


async def held() -> None:
    raise Held("another process has the inbox now")


async def test_what_only_the_holder_of_a_lease_may_ask_for_does_not_leave_when_it_has_gone() -> None:
    url = "https://desk.example/webhooks/7/inbound"
    async with telegram() as adapter, wire(ok([])) as server:
        for question in (
            adapter.updates(bot(server.base_url), "43", Fence(held)),
            adapter.use_webhook(bot(server.base_url), url, Fence(held)),
            adapter.use_webhook(bot(server.base_url), "", Fence(held)),
        ):
            with pytest.raises(ChannelError) as caught:
                await question
            assert caught.value.code == "overtaken"
    assert server.seen == []


async def test_a_webhook_is_not_taken_away_when_the_lease_has_gone_meanwhile() -> None:
    async def held_at_last() -> None:
        if len(server.seen) > 1:
            raise Held("another process has the inbox now")

    ours = info("https://desk.example/support/webhooks/7/inbound")
    async with telegram() as adapter, wire(ACTIVE, ours, ok(True)) as server:
        with pytest.raises(ChannelError):
            await adapter.updates(bot(server.base_url), "43", Fence(held_at_last))
    assert [request.path.rpartition("/")[2] for request in server.seen] == ["getUpdates", "getWebhookInfo"]
