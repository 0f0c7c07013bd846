"""What a page receives: messages, echoes, receipts; signed, in batches, and again until accepted."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Any

import pytest

from tests.patience import LIMIT
from tests.sandbox.driver import answered, until
from tests.sandbox.graph_driver import ANN, APP, BEN, PAGE, SECRET, TOKEN, GraphDriver, letter
from tests.sandbox.receiver import Hook, Receiver


def events(receiver: Receiver) -> list[dict[str, Any]]:
    """Return the events posted so far, in the order of arrival."""
    return [
        event
        for hook in receiver.hooks
        for entry in hook.document["entry"]
        for event in entry.get("messaging", []) + entry.get("standby", [])
    ]


def kinds(receiver: Receiver) -> list[str]:
    """Return the kinds of these events, in their order."""
    names = ("message", "delivery", "read", "postback", "message_edit")
    found = [next(name for name in names if name in event) for event in events(receiver)]
    return [
        "echo" if event.get("message", {}).get("is_echo") else kind
        for event, kind in zip(events(receiver), found, strict=True)
    ]


def signed(hook: Hook) -> bool:
    """Return whether a post is signed over its bytes."""
    right = hmac.new(SECRET.encode(), hook.body, hashlib.sha256).hexdigest()
    return hook.headers["x-hub-signature-256"] == f"sha256={right}"


async def test_a_message_is_signed_over_escaped_bytes(graph: GraphDriver, receiver: Receiver) -> None:
    told = await graph.says("Grüße 👋 <a/b>", at="2026-01-02T03:04:05.678Z")
    assert told["receiver_status"] == 200
    (hook,) = receiver.hooks
    assert signed(hook)
    assert rb"Gr\u00fc\u00dfe \ud83d\udc4b <a\/b>" in hook.body
    assert hook.document["object"] == "page"
    assert hook.document["entry"][0]["id"] == PAGE
    (event,) = events(receiver)
    assert event == {
        "sender": {"id": ANN},
        "recipient": {"id": PAGE},
        "timestamp": 1767323045678,
        "message": {"mid": told["message_id"], "text": "Grüße 👋 <a/b>"},
    }


async def test_a_message_is_echoed_delivered_and_read(graph: GraphDriver, receiver: Receiver) -> None:
    await graph.control("graph/people", {"page": PAGE, "psid": ANN, "reads": True})
    made = await graph.write(message={"text": "hello", "metadata": "our-1"})
    await until(lambda: kinds(receiver) == ["echo", "delivery", "read"])
    echo, delivery, read = events(receiver)
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (PAGE, ANN)
    assert echo["message"] == {
        "mid": made["message_id"],
        "text": "hello",
        "is_echo": True,
        "app_id": int(APP),
        "metadata": "our-1",
    }
    assert delivery["sender"]["id"] == ANN
    assert delivery["delivery"] == {"mids": [made["message_id"]], "watermark": echo["timestamp"]}
    assert read["read"] == {"watermark": echo["timestamp"]}
    (record,) = (await graph.look("messages"))["messages"]
    assert [step["status"] for step in record["history"]] == ["sent", "delivered", "read"]

    async def posts() -> list[dict[str, Any]]:
        (found,) = (await graph.look("messages"))["messages"]
        noted: list[dict[str, Any]] = found["posts"]
        return noted

    await answered(posts, [200, 200, 200])


async def test_an_echo_can_come_before_the_answer(graph: GraphDriver, receiver: Receiver) -> None:
    await graph.control("settings", {"echo_first": True, "delays": {"sent": 60}})
    await graph.control("faults", {"when": "graph", "kind": "hang"})
    writing = asyncio.ensure_future(graph.write())
    await until(lambda: kinds(receiver) == ["echo"])
    writing.cancel()


async def test_an_echo_that_came_before_does_not_come_again(graph: GraphDriver, receiver: Receiver) -> None:
    await graph.control("settings", {"echo_first": True})
    made = await graph.write()
    assert events(receiver)[0]["message"]["mid"] == made["message_id"]
    await until(lambda: "delivery" in kinds(receiver))
    assert kinds(receiver) == ["echo", "delivery"]


async def test_attachments_are_served_without_credentials(graph: GraphDriver, receiver: Receiver) -> None:
    file = {"type": "image", "content_type": "image/png", "base64": "iVBORw==", "filename": "a b.png"}
    place = {"type": "location", "latitude": 1.5, "longitude": 2.5, "title": "Here"}
    link = {"type": "fallback", "title": "A page", "url": "https://shop.example/"}
    await graph.says("", attachments=[file, place, link])
    image, location, fallback = events(receiver)[0]["message"]["attachments"]
    loaded = await graph.client.get(image["payload"]["url"])
    assert (loaded.content, loaded.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert location["payload"]["coordinates"] == {"lat": 1.5, "long": 2.5}
    assert (fallback["type"], fallback["url"]) == ("fallback", "https://shop.example/")
    assert (await graph.client.get(f"{graph.base_url}/cdn/none/x")).status_code == 404


async def test_taps_edits_and_other_members(graph: GraphDriver, receiver: Receiver) -> None:
    who = {"page": PAGE, "psid": BEN}
    await graph.control("graph/inbound", who | {"postback": {"title": "Get started", "payload": "START"}})
    assert (await graph.post(letter(to=BEN))).status_code == 200
    said = await graph.says("helo", quick_reply="BLUE", reply_to="m_1", extra={"is_new": True})
    await graph.says("hello", edit=said["message_id"])
    await until(
        lambda: (
            [kind for kind in kinds(receiver) if kind in ("postback", "message_edit", "message")]
            == ["postback", "message", "message_edit"]
        )
    )
    by_kind = dict(zip(kinds(receiver), events(receiver), strict=True))
    assert by_kind["postback"]["postback"]["payload"] == "START"
    message = by_kind["message"]["message"]
    assert (message["quick_reply"], message["reply_to"], message["is_new"]) == (
        {"payload": "BLUE"},
        {"mid": "m_1"},
        True,
    )
    assert by_kind["message_edit"]["message_edit"] == {"mid": said["message_id"], "text": "hello", "num_edit": 1}
    record = next(one for one in (await graph.look("messages"))["messages"] if one["sid"] == said["message_id"])
    assert [version["body"] for version in record["versions"]] == ["helo", "hello"]


async def test_a_batch_has_entries_of_events(graph: GraphDriver, receiver: Receiver) -> None:
    def said(text: str, psid: str = ANN, **more: Any) -> dict[str, Any]:
        return {"page": PAGE, "psid": psid, "text": text} | more

    told = await graph.control(
        "graph/batch", {"entries": [[said("one"), said("two", BEN)], [said("three"), said("aside", standby=True)]]}
    )
    assert [event["receiver_status"] for event in told["events"]] == [200] * 4
    (hook,) = receiver.hooks
    assert signed(hook)
    texts = [[event["message"]["text"] for event in entry["messaging"]] for entry in hook.document["entry"]]
    assert texts == [["one", "two"], ["three"]]
    assert hook.document["entry"][1]["standby"][0]["message"]["text"] == "aside"


async def test_the_same_message_can_come_again(graph: GraphDriver, receiver: Receiver) -> None:
    first = await graph.says("once")
    again = await graph.says("once", mid=first["message_id"])
    assert again["message_id"] == first["message_id"]
    assert len((await graph.look("messages"))["messages"]) == 1
    assert [event["message"]["mid"] for event in events(receiver)] == [first["message_id"]] * 2


async def test_others_write_from_the_page(graph: GraphDriver, receiver: Receiver) -> None:
    await graph.control("graph/outbound", {"page": PAGE, "psid": BEN, "text": "from the phone"})
    (event,) = events(receiver)
    assert (event["sender"]["id"], event["recipient"]["id"]) == (PAGE, BEN)
    assert event["message"]["is_echo"] is True
    assert "metadata" not in event["message"]
    assert event["message"]["app_id"] != int(APP)
    (record,) = (await graph.look("messages"))["messages"]
    assert record["direction"] == "outbound"


async def test_receipts_by_hand(graph: GraphDriver, receiver: Receiver) -> None:
    mark = {"page": PAGE, "psid": ANN, "up_to": "2026-01-02T03:04:05.678Z"}
    await graph.control("graph/watermark", mark | {"event": "read"})
    await graph.control("graph/watermark", mark | {"event": "delivery", "mids": ["m_1"]})
    read, delivery = events(receiver)
    assert read["read"] == {"watermark": 1767323045678}
    assert delivery["delivery"] == {"watermark": 1767323045678, "mids": ["m_1"]}


async def test_what_is_not_taken_is_posted_again(graph: GraphDriver, receiver: Receiver) -> None:
    receiver.refusals = [500, 204]
    assert (await graph.says("one"))["receiver_status"] == 500
    await until(lambda: len(receiver.hooks) == 3)
    assert len({hook.body for hook in receiver.hooks}) == 1


async def test_only_subscribed_fields_are_posted(graph: GraphDriver, receiver: Receiver) -> None:
    url = f"{graph.base_url}/v26.0/me/subscribed_apps"
    answer = await graph.client.post(url, params={"access_token": TOKEN, "subscribed_fields": "messages"})
    assert answer.json() == {"success": True}
    bad = await graph.client.post(url, params={"access_token": TOKEN, "subscribed_fields": "weather"})
    assert bad.json()["error"]["code"] == 100
    told = await graph.control("graph/outbound", {"page": PAGE, "psid": ANN, "text": "x"})
    assert (told["posted"], told["receiver_status"]) == (False, None)
    await graph.says("heard")
    assert kinds(receiver) == ["message"]


async def test_an_address_is_confirmed_by_its_challenge(graph: GraphDriver, receiver: Receiver) -> None:
    told = await graph.control("graph/subscribe", {"page": PAGE})
    assert told["verified"] is True
    assert "hub.verify_token=verify+me" in receiver.hooks[0].url.replace("%20", "+")
    assert "inbox=2" in receiver.hooks[0].url
    receiver.status = 403
    assert (await graph.control("graph/subscribe", {"page": PAGE}))["verified"] is False


@pytest.mark.parametrize(("kind", "count"), [("double", 3), ("lose", 1)])
async def test_events_are_doubled_and_lost(graph: GraphDriver, receiver: Receiver, kind: str, count: int) -> None:
    await graph.control("faults", {"when": "graph_event", "kind": kind, "match": {"from": ANN, "to": PAGE}})
    await graph.says("struck")
    await graph.says("after")
    assert len(receiver.hooks) == count


async def test_events_change_places(graph: GraphDriver, receiver: Receiver) -> None:
    await graph.control("faults", {"when": "graph_event", "kind": "shuffle", "count": None, "seconds": 5})
    held = asyncio.ensure_future(graph.says("held"))
    async with asyncio.timeout(LIMIT):
        while not (await graph.look("messages"))["messages"]:
            await asyncio.sleep(0.01)
    await graph.says("passes")
    await held
    assert [event["message"]["text"] for event in events(receiver)] == ["passes", "held"]


async def test_a_person_answers_by_script_after_reading(graph: GraphDriver, receiver: Receiver) -> None:
    script = [{"when": "any", "reply": "You said: {body}", "after": 0, "read_after": 0}]
    await graph.control("graph/people", {"page": PAGE, "psid": ANN, "script": script})
    await graph.write("good day")
    await until(lambda: kinds(receiver) == ["echo", "delivery", "read", "message"])
    assert events(receiver)[-1]["message"]["text"] == "You said: good day"


async def test_a_person_writes_by_themselves(graph: GraphDriver, receiver: Receiver) -> None:
    plan = {"every": [0.01, 0.02], "lines": ["Hello?"]}
    await graph.control("graph/people", {"page": PAGE, "psid": BEN, "unprompted": plan})
    await until(lambda: len(receiver.hooks) >= 2)
    assert {event["message"]["text"] for event in events(receiver)} == {"Hello?"}
    await graph.control("graph/people", {"page": PAGE, "psid": BEN, "script": []})
    assert (await graph.post(letter(to=BEN))).status_code == 200
