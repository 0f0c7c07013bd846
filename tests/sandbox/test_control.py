"""Control's sentences, its settings, and the document that seeds a demo."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from contacts_sandbox.core.control import routes
from tests.sandbox.driver import ACCOUNT, ANN, READY, SHOP, TOKEN, WA_SHOP, Driver

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


MISTAKES: list[tuple[str, object, str]] = [
    ("accounts", {"sid": "AC1", "auth_token": "x"}, "'sid' of an account must be AC and 32 hexadecimal digits."),
    ("accounts", {"sid": ACCOUNT}, "An account needs 'auth_token', a text."),
    ("senders", {"account_sid": "AC0", "address": SHOP}, "There is no account AC0. Create it first."),
    (
        "senders",
        {"account_sid": ACCOUNT, "address": "shop"},
        "'address' of a sender must be a number like +15551234567, or whatsapp: and such a number or a user id.",
    ),
    (
        "senders",
        {"account_sid": ACCOUNT, "address": SHOP, "inbound_url": "x"},
        "'inbound_url' of a sender must be an http or https URL.",
    ),
    ("people", {"address": ANN, "trait": {}}, "A person has no 'trait'."),
    ("people", {"address": ANN, "traits": {"landline": "yes"}}, "'landline' of traits must be true or false."),
    (
        "people",
        {"address": ANN, "script": [{"when": "(", "reply": "x"}]},
        "'when' of a rule is no regular expression: missing ), unterminated subpattern at position 0.",
    ),
    (
        "people",
        {"address": ANN, "script": [{"when": "nth", "reply": "x"}]},
        "A rule has 'nth', a number, exactly when its 'when' is \"nth\".",
    ),
    (
        "people",
        {"address": ANN, "unprompted": {"every": [5, 1], "lines": ["x"], "to": SHOP}},
        "'every' of unprompted must be two numbers of seconds, the smaller first.",
    ),
    (
        "windows",
        {"from": ANN, "to": SHOP, "last_inbound_at": "2026-01-01"},
        "'last_inbound_at' of a window must be an ISO 8601 time with its zone.",
    ),
    ("inbound", {"from": ANN, "to": "+15559990000"}, "There is no sender +15559990000."),
    (
        "inbound",
        {"from": ANN, "to": SHOP, "media": [{"content_type": "a/b", "base64": "%%%"}]},
        "'base64' of media is not base64.",
    ),
    ("files", {"id": "1", "bot": "shop_bot"}, "'id' of a file must be 32 hexadecimal digits in lower case."),
    (
        "files",
        {"id": "a" * 32, "from": ANN, "to": "+15559990000", "content_type": "a/b", "text": "x"},
        "There is no sender +15559990000.",
    ),
    (
        "faults",
        {"when": "inbound", "kind": "hang"},
        "'kind' of a fault on inbound must be one of delay, double, lose, shuffle.",
    ),
    (
        "faults",
        {"when": "never", "kind": "hang"},
        "'when' of a fault must be one of send, content, list, callback, inbound, telegram, telegram_poll, "
        "telegram_ask, telegram_update, graph, graph_ask, graph_event.",
    ),
    (
        "templates",
        {"account_sid": ACCOUNT, "friendly_name": "x", "types": {}},
        "A template needs 'types', an object of at least one content type.",
    ),
    (
        "templates",
        {"account_sid": ACCOUNT, "friendly_name": "x", "types": {"twilio/text": "x"}},
        "'types' of a template must be an object of objects.",
    ),
    ("settings", {"delays": {"sent": -1}}, "'sent' of delays must be a number that isn't negative."),
    ("clock", {"offset_seconds": 1e300}, "A clock needs 'offset_seconds', a number of at most ten years."),
    ("clock", {}, "A clock needs 'offset_seconds', a number of at most ten years."),
]


async def test_mistakes_get_a_sentence(sandbox: Driver) -> None:
    for path, document, sentence in MISTAKES:
        answer = await sandbox.client.post(f"{sandbox.base_url}/control/{path}", json=document)
        assert (answer.status_code, answer.json()) == (400, {"error": sentence})


async def test_what_is_not_there_is_404(sandbox: Driver) -> None:
    for path in ("templates/HX0/approval", "messages/SM0/status"):
        answer = await sandbox.client.post(f"{sandbox.base_url}/control/{path}", json={"status": "sent"})
        assert answer.status_code == 404
        assert answer.json()["error"].startswith("There is no such")


async def test_settings_change_one_by_one(sandbox: Driver) -> None:
    before = (await sandbox.look("state"))["settings"]
    after = await sandbox.control("settings", {"delays": {"read": 9}}, "PUT")
    assert after == before | {"delays": before["delays"] | {"read": 9}}
    assert await sandbox.control("settings", after) == after


async def test_a_seed_is_one_document_in_any_order(empty: Driver) -> None:
    document: dict[str, Any] = {
        "people": [{"address": ANN, "profile_name": "Ann", "script": [{"when": "any", "reply": "Yes."}]}],
        "windows": [{"from": "whatsapp:" + ANN, "to": WA_SHOP, "last_inbound_at": "2026-11-01T10:00:00Z"}],
        "templates": [
            {"account_sid": ACCOUNT, "sid": READY, "friendly_name": "x", "types": {"twilio/text": {"body": "x"}}}
        ],
        "senders": [{"account_sid": ACCOUNT, "address": SHOP}],
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "faults": [{"when": "send", "kind": "hang"}],
        "settings": {"small_talk": False},
    }
    counts = await empty.control("seed", document)
    graph = ("graph_apps", "graph_pages", "graph_people", "graph_windows")
    others = dict.fromkeys(("telegram_bots", "telegram_people", *graph, "files"), 0)
    assert counts == {"accounts": 1, "senders": 1, "templates": 1, "windows": 1, "people": 1, "faults": 1} | others
    assert [fault["kind"] for fault in (await empty.look("faults"))["faults"]] == ["hang"]
    state = await empty.look("state")
    assert state["accounts"] == [ACCOUNT]
    assert state["senders"][0]["address"] == SHOP
    assert state["templates"][0]["approval"]["status"] == "unsubmitted"
    assert state["people"][0]["script"][0]["reply"] == "Yes."
    assert state["windows"][0]["open"] is False
    assert state["settings"]["small_talk"] is False


async def test_a_sender_put_again_keeps_its_identifier(sandbox: Driver) -> None:
    first = await sandbox.control("senders", {"account_sid": ACCOUNT, "address": SHOP})
    second = await sandbox.control(
        "senders", {"account_sid": ACCOUNT, "address": SHOP, "inbound_url": "http://127.0.0.1:9/"}, "PUT"
    )
    assert first["sid"] == second["sid"]
    assert second["inbound_url"] == "http://127.0.0.1:9/"


def test_the_docs_name_every_path_of_control() -> None:
    text = DOCS.read_text()
    named = set(re.findall(r"^\| `[A-Z, ]+ (/control/\S+)`", text, re.MULTILINE))
    assert named == {route.path for route in routes()}
