"""The sandbox's record is read as the sandbox writes it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.torture import provider_book
from tests.torture.books import Permission, Taken

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
SHOP, ANN = "+12025550101", "+12025550142"
PAGE, PSID = "900200", "7001"
BOT, CHAT = "shop_bot", "42"


def test_the_sandbox_s_record_is_read_as_it_is_written() -> None:
    post = {"at": "", "url": "", "answer": 204, "error": None, "fields": {"MessageStatus": "delivered"}}
    lost = post | {"answer": None, "fields": {"MessageStatus": "read"}}
    entry = {
        "provider_id": "SM1", "channel": "whatsapp", "direction": "outbound-api", "from": f"whatsapp:{SHOP}",
        "to": f"whatsapp:{ANN}", "body": "Hello", "reference": None, "created_at": NOON.isoformat(),
        "status_callback": "http://127.0.0.1/webhooks/1/status?message=u1.1", "form": [["To", ANN]],
        "history": [{"status": "queued", "at": ""}, {"status": "delivered", "at": ""}], "posts": [post, lost],
        "versions": [],
    }  # fmt: skip
    polled = entry | {
        "channel": "telegram", "direction": "inbound", "provider_id": "42:1", "from": CHAT, "to": BOT, "posts": [],
    }  # fmt: skip
    waiting = polled | {"provider_id": "42:2"}
    update = {"update_id": 1, "message": {"message_id": 2, "chat": {"id": 42}}}
    state = {"telegram_bots": [{"username": BOT, "webhook": None, "updates": [update]}], "telegram_people": []}
    read = provider_book.theirs([entry, polled, waiting], state)
    told = frozenset({"delivered"})
    taken = Taken("whatsapp", "SM1", SHOP, ANN, "Hello", "u1.1", True, NOON, ("queued", "delivered"), told)
    assert read.taken == [taken]
    assert [entry.acknowledged for entry in read.written] == [True, False]


def test_changes_and_blocks_are_read_as_the_sandbox_writes_them() -> None:
    def posted(fields: dict[str, Any], answer: int | None = 200) -> dict[str, Any]:
        return {"at": "", "url": "", "answer": answer, "error": None, "fields": fields}

    def at(second: float) -> str:
        return (NOON + timedelta(seconds=second)).isoformat()

    def said(kind: str, text: str) -> dict[str, Any]:
        return {"update_id": 1, kind: {"message_id": 1, "chat": {"id": 42}, "text": text}}

    versions = [{"body": text, "at": at(second)} for text, second in (("a", 0), ("b", 1.9), ("c", 1.1), ("d", 9))]
    entry = {
        "provider_id": "42:1", "channel": "telegram", "direction": "inbound", "from": CHAT, "to": BOT, "body": "d",
        "created_at": NOON.isoformat(), "versions": versions, "form": [],
        "posts": [posted(said("message", "a")), *(posted(said("edited_message", text)) for text in "bc")],
    }  # fmt: skip
    blocked = {"bot": BOT, "blocked": True, "at": NOON.isoformat(), "posts": [posted({}, answer=None)]}
    people = [{"chat_id": 42, "permissions": [{**blocked, "blocked": False, "posts": [posted({})]}, blocked]}]
    bots: list[dict[str, Any]] = [{"username": BOT, "webhook": "http://127.0.0.1", "updates": []}]
    read = provider_book.theirs([entry], {"telegram_bots": bots, "telegram_people": people})
    (written,) = read.written
    assert (written.body, written.edited, written.perhaps) == ("c", True, frozenset({"d"}))
    assert read.permissions == (Permission(BOT, CHAT, blocked=True, at=NOON, acknowledged=False),)
    # With polling, every update that doesn't wait any more was acknowledged.
    waits = {"update_id": 2, "my_chat_member": {"chat": {"id": 42}}}
    bots = [{"username": BOT, "webhook": None, "updates": [said("edited_message", "d"), waits]}]
    read = provider_book.theirs([entry], {"telegram_bots": bots, "telegram_people": people})
    assert (read.written[0].body, read.permissions[0].acknowledged) == ("c", False)
    bots[0]["updates"] = []
    read = provider_book.theirs([entry], {"telegram_bots": bots, "telegram_people": people})
    assert (read.written[0].body, read.permissions[0].acknowledged) == ("d", True)


def test_a_batch_is_read_one_by_one() -> None:
    def inbound(mid: str, standby: bool) -> dict[str, Any]:
        items = [{"message": {"mid": "m1", "text": "a"}}, {"message_edit": {"mid": "m1", "text": "b"}}]
        entries = [{"id": PAGE, "messaging": items}, {"id": PAGE, "standby": [{"message": {"mid": "m2"}}]}]
        post = {"at": "", "url": "", "answer": 200, "error": None, "fields": {"entry": entries}}
        versions = [{"body": text, "at": NOON.isoformat()} for text in ("a", "b")]
        return {
            "provider_id": mid, "channel": "messenger", "direction": "inbound", "from": PSID, "to": PAGE, "body": "b",
            "created_at": NOON.isoformat(), "versions": [] if standby else versions, "posts": [post], "form": [],
        }  # fmt: skip

    record = [inbound("m1", False), inbound("m2", True), inbound("m3", True)]
    read = provider_book.theirs(record, {"telegram_bots": [], "telegram_people": []})
    assert [entry.acknowledged for entry in read.written] == [True, True, False]
    assert [entry.edited for entry in read.written] == [True, False, False]
