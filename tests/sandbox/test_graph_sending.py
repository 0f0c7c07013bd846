"""Sending from a page: Graph's checks and errors."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from tests.sandbox.driver import until
from tests.sandbox.graph_driver import ANN, APP, BEN, PAGE, SECRET, TOKEN, GraphDriver, letter
from tests.sandbox.receiver import Receiver


async def records(graph: GraphDriver) -> list[dict[str, Any]]:
    """Return every message of the sandbox."""
    found: list[dict[str, Any]] = (await graph.look("messages"))["messages"]
    return found


async def test_a_text_is_sent_and_recorded(graph: GraphDriver) -> None:
    document = letter("für dich 👋")
    document["message"]["metadata"] = "our-message-1"
    answer = await graph.post(document)
    assert answer.json()["recipient_id"] == ANN
    (record,) = await records(graph)
    assert record["provider_id"] == answer.json()["message_id"]
    assert [record[name] for name in ("channel", "from", "to", "body", "reference")] == [
        "messenger",
        PAGE,
        ANN,
        "für dich 👋",
        "our-message-1",
    ]


@pytest.mark.parametrize("version", ["v2.6", "v26.0", "v27.1"])
@pytest.mark.parametrize("node", ["me", PAGE])
async def test_any_version_and_either_name_of_the_page(graph: GraphDriver, version: str, node: str) -> None:
    url = f"{graph.base_url}/{version}/{node}/messages"
    answer = await graph.client.post(url, params={"access_token": TOKEN}, json=letter())
    assert answer.status_code == 200


@pytest.mark.parametrize("where", ["query", "body", "header", "form"])
async def test_the_token_comes_in_any_place(graph: GraphDriver, where: str) -> None:
    form = {"recipient": json.dumps({"id": ANN}), "messaging_type": "RESPONSE", "message": '{"text": "x"}'}
    requests = {
        "query": httpx.Request("POST", graph.messages, params={"access_token": TOKEN}, json=letter()),
        "body": httpx.Request("POST", graph.messages, json=letter() | {"access_token": TOKEN}),
        "header": httpx.Request("POST", graph.messages, headers={"Authorization": f"Bearer {TOKEN}"}, json=letter()),
        "form": httpx.Request("POST", graph.messages, data=form | {"access_token": TOKEN}),
    }
    assert (await graph.client.send(requests[where])).status_code == 200
    log = (await graph.client.get(f"{graph.base_url}/control/requests")).text
    state = (await graph.client.get(f"{graph.base_url}/control/state")).text
    assert TOKEN not in log + state
    assert SECRET not in state
    assert all(
        "access_token" not in str(record["form"]) or "***" in str(record["form"]) for record in await records(graph)
    )


async def test_a_bad_token(graph: GraphDriver) -> None:
    assert await graph.error(letter(), token="nonsense") == (190, None)
    assert await graph.error(letter(), token="") == (104, None)
    page = {"id": PAGE, "app_id": APP, "access_token": TOKEN, "token_expired": True}
    await graph.control("graph/pages", page)
    assert await graph.error(letter()) == (190, 463)


async def test_the_proof_is_checked(graph: GraphDriver) -> None:
    proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    params = {"access_token": TOKEN}
    wrong = await graph.client.post(graph.messages, params=params | {"appsecret_proof": "0" * 64}, json=letter())
    assert wrong.json()["error"]["message"] == "Invalid appsecret_proof provided in the API argument"
    await graph.control("graph/apps", {"id": APP, "secret": SECRET, "require_proof": True})
    missing = await graph.client.post(graph.messages, params=params, json=letter())
    assert missing.json()["error"]["type"] == "GraphMethodException"
    right = await graph.client.post(graph.messages, params=params | {"appsecret_proof": proof}, json=letter())
    assert right.status_code == 200


REFUSED: list[tuple[dict[str, Any], int, int | None]] = [
    ({}, 100, None),
    (letter(to="404"), 100, 2018001),
    (letter(to=BEN), 10, 2018278),
    (letter("x" * 2001), 100, None),
    (letter(" "), 100, None),
    (letter() | {"message": {"text": 1}}, 100, None),
    (letter() | {"message": "x"}, 100, None),
    (letter() | {"message": {"text": "x", "metadata": "x" * 1001}}, 100, None),
    (letter() | {"messaging_type": "SHOUT"}, 100, None),
    (letter() | {"messaging_type": None}, 100, None),
    (letter() | {"messaging_type": "MESSAGE_TAG"}, 100, None),
    (letter() | {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, 100, None),
    (letter() | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 10, None),
    (letter() | {"message": {"attachment": {"type": "file", "payload": {"url": "x"}}}}, 100, None),
    (letter() | {"message": {"attachment": {"type": "file", "payload": {"attachment_id": "1"}}}}, 100, 2018074),
    (letter() | {"message": {"attachment": {"type": "hat"}}}, 100, None),
]


async def test_refusals_are_graphs(graph: GraphDriver) -> None:
    for document, code, subcode in REFUSED:
        assert await graph.error(document) == (code, subcode), document
    assert await records(graph) == []


async def test_the_longest_text_and_metadata_are_taken(graph: GraphDriver) -> None:
    await graph.write(message={"text": "👋" * 2000, "metadata": "x" * 1000})


async def test_the_window_is_of_24_hours_and_of_7_days_under_the_tag(graph: GraphDriver) -> None:
    tagged = letter() | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    page = {"id": PAGE, "app_id": APP, "access_token": TOKEN, "human_agent": True}
    await graph.control("graph/pages", page)
    await graph.control("clock", {"offset_seconds": 86_300})
    await graph.write()
    await graph.control("clock", {"offset_seconds": 86_500})
    assert await graph.error(letter()) == (10, 2018278)
    assert await graph.error(letter() | {"messaging_type": "UPDATE"}) == (10, 2018278)
    assert (await graph.post(tagged)).status_code == 200
    await graph.control("clock", {"offset_seconds": 7 * 86_400 + 100})
    assert await graph.error(tagged) == (10, 2018065)
    await graph.says("still there?")
    await graph.write()


async def test_who_cannot_be_reached(graph: GraphDriver) -> None:
    await graph.control("graph/people", {"page": PAGE, "psid": ANN, "unavailable": True})
    assert await graph.error(letter()) == (551, 1545041)


async def test_an_attachment_is_uploaded_and_used_again(graph: GraphDriver, receiver: Receiver) -> None:
    data = bytes(range(256))
    message = {"attachment": {"type": "image", "payload": {"is_reusable": True}}}
    form = {"recipient": json.dumps({"id": ANN}), "messaging_type": "RESPONSE", "message": json.dumps(message)}
    answer = await graph.client.post(
        graph.messages,
        params={"access_token": TOKEN},
        data=form,
        files={"filedata": ("a b.png", data, "image/png")},
    )
    again = {"attachment": {"type": "image", "payload": {"attachment_id": answer.json()["attachment_id"]}}}
    await graph.write(message=again)
    by_url = {"attachment": {"type": "file", "payload": {"url": "https://shop.example/a.pdf"}}}
    await graph.write(message=by_url)
    await until(lambda: len(echoes(receiver)) == 3)
    urls = [echo["attachments"][0]["payload"]["url"] for echo in echoes(receiver)]
    assert urls[0] == urls[1]
    assert urls[2] == "https://shop.example/a.pdf"
    loaded = await graph.client.get(urls[0])
    assert (loaded.content, loaded.headers["content-type"]) == (data, "image/png")


async def test_a_file_is_uploaded_ahead_of_its_message(graph: GraphDriver, receiver: Receiver) -> None:
    url = f"{graph.base_url}/v26.0/{PAGE}/message_attachments"
    message = json.dumps({"attachment": {"type": "file", "payload": {"is_reusable": True}}})
    arguments: dict[str, Any] = {
        "params": {"access_token": TOKEN},
        "data": {"message": message},
        "files": {"filedata": ("a.pdf", b"%PDF", "application/pdf")},
    }
    await graph.control("faults", {"when": "graph_ask", "kind": "transient"})
    assert (await graph.client.post(url, **arguments)).json()["error"]["code"] == 2
    kept = (await graph.client.post(url, **arguments)).json()["attachment_id"]
    assert await records(graph) == []
    await graph.write(message={"attachment": {"type": "file", "payload": {"attachment_id": kept}}})
    await until(lambda: len(echoes(receiver)) == 1)
    loaded = await graph.client.get(echoes(receiver)[0]["attachments"][0]["payload"]["url"])
    assert loaded.content == b"%PDF"
    assert (await graph.client.post(url, params={"access_token": TOKEN})).json()["error"]["code"] == 100


def echoes(receiver: Receiver) -> list[dict[str, Any]]:
    """Return the messages of all echoes so far."""
    events = [event for hook in receiver.hooks for entry in hook.document["entry"] for event in entry["messaging"]]
    return [event["message"] for event in events if event.get("message", {}).get("is_echo")]


async def test_a_page_that_is_not_theirs(graph: GraphDriver) -> None:
    url = f"{graph.base_url}/v26.0/12345/messages"
    answer = await graph.client.post(url, params={"access_token": TOKEN}, json=letter())
    assert (answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (100, 33)


async def test_typing_is_no_message(graph: GraphDriver) -> None:
    answer = await graph.post({"recipient": {"id": ANN}, "sender_action": "typing_on"})
    assert answer.json() == {"recipient_id": ANN}
    assert await graph.error({"recipient": {"id": ANN}, "sender_action": "dance"}) == (100, None)
    assert await records(graph) == []


async def test_the_rate_of_a_page(graph: GraphDriver) -> None:
    await graph.control("settings", {"graph_rate": 2})
    assert [(await graph.post(letter())).status_code for _ in range(3)] == [200, 200, 400]
    assert await graph.error(letter()) == (613, None)


@pytest.mark.parametrize(
    ("kind", "code", "kept"),
    [
        ("rate_limit", 613, 0),
        ("app_limit", 4, 0),
        ("transient", 2, 0),
        ("http_500", 1, 0),
        ("http_500_after", 1, 1),
    ],
)
async def test_faults_that_answer(graph: GraphDriver, kind: str, code: int, kept: int) -> None:
    await graph.control("faults", {"when": "graph", "kind": kind, "match": {"to": ANN, "from": PAGE}})
    assert (await graph.error(letter()))[0] == code
    assert len(await records(graph)) == kept
    await graph.write()


@pytest.mark.parametrize(("kind", "kept"), [("drop_before", 0), ("drop_after", 1), ("hang", 1)])
async def test_faults_that_do_not(graph: GraphDriver, kind: str, kept: int) -> None:
    await graph.control("faults", {"when": "graph", "kind": kind})
    with pytest.raises(httpx.TransportError):
        await graph.client.post(graph.messages, params={"access_token": TOKEN}, json=letter(), timeout=0.5)
    assert len(await records(graph)) == kept


async def test_pages_and_people_are_looked_up(graph: GraphDriver) -> None:
    async def look(path: str, **params: str) -> Any:
        url = f"{graph.base_url}/v26.0/{path}"
        return (await graph.client.get(url, params={"access_token": TOKEN} | params)).json()

    assert await look("me") == {"name": "Shop", "id": PAGE}
    assert await look(PAGE, fields="name,link") == {
        "name": "Shop",
        "link": f"https://www.facebook.com/{PAGE}",
        "id": PAGE,
    }
    assert await look(ANN, fields="first_name,last_name") == {"first_name": "Ann", "last_name": "Lee", "id": ANN}
    assert (await look("12345"))["error"]["error_subcode"] == 33
    assert (await look(ANN, fields="shoe_size"))["error"]["code"] == 100
    assert (await look("me/nonsense"))["error"]["code"] == 2500
    await graph.control("faults", {"when": "graph_ask", "kind": "transient"})
    assert (await look("me"))["error"]["is_transient"] is True
    subscribed = (await look("me/subscribed_apps"))["data"]
    assert subscribed[0]["id"] == APP
    assert "messages" in subscribed[0]["subscribed_fields"]
