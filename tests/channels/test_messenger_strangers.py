"""Webhooks that Meta did not send, that are none, or that have an unforeseen shape."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.base import (
    BadRequest,
    BadSignature,
    Echo,
    InboundMessage,
    PassedOver,
    SecretError,
)
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.meta.webhook import DEEPEST, verify_token
from tests.channels.messenger_world import (
    APP_SECRET,
    PAGE,
    PSID,
    SENT_AT,
    entry,
    item,
    page,
    posted,
    resolve,
    said,
)
from tests.channels.test_messenger_webhook import read, read_one


@pytest.mark.parametrize("signature", ["", "wrong", "ü", "sha256=", "sha256=" + "0" * 64, "A" * 10_000])
def test_a_request_not_signed_by_meta_is_turned_away(signature: str) -> None:
    request = posted(entry(said("hi")))
    forged = replace(request, headers={**request.headers, "x-hub-signature-256": signature})
    with pytest.raises(BadSignature):
        MessengerAdapter(resolve).events(page(), forged)


def test_a_changed_body_is_turned_away() -> None:
    request = posted(entry(said("pay 10")))
    with pytest.raises(BadSignature):
        MessengerAdapter(resolve).events(page(), replace(request, body=request.body.replace(b"10", b"90")))


def test_either_of_two_secrets_may_have_signed() -> None:
    rotating = MessengerAdapter(lambda reference: f"newer-secret\n{APP_SECRET}\n")
    assert rotating.events(page(), posted(entry(said("hi"))))
    assert rotating.challenge(page(), asked(verify_token(APP_SECRET, 7)))


@pytest.mark.parametrize("options", [{}, {"app_secret": "env:NOT_SET"}])
def test_without_the_apps_secret_nothing_is_refused_for_good(options: dict[str, str]) -> None:
    def nothing(reference: str) -> str:
        raise SecretError("The environment variable NOT_SET is not set.", "credentials")

    with pytest.raises(BadSignature) as caught:
        MessengerAdapter(nothing).events(page(options=options), posted(entry(said("hi"))))
    assert caught.value.code == "credentials"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"{",
        b'{"object":"page"}',
        b'{"object":"instagram","entry":[]}',
        b'{"object":"page","entry":[5]}',
        b'{"object":"page","entry":[{"id":NaN}]}',
        b'{"object":"page","entry":[{"id":1e999}]}',
        b'{"object":"page","entry":' + b"[" * 100_000,
        json.dumps({"object": "page", "entry": [json.loads('{"a":' * 90 + "1" + "}" * 90)]}).encode(),
    ],
)
def test_what_is_no_webhook_of_a_page_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        MessengerAdapter(resolve).events(page(), posted(body=body))


def asked(token: str, **changes: str) -> dict[str, str]:
    """Return Meta's question, as a query."""
    query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
    return query | {f"hub.{name}": value for name, value in changes.items()}


def test_the_address_is_confirmed_to_whom_knows_the_token() -> None:
    adapter, token = MessengerAdapter(resolve), verify_token(APP_SECRET, 7)
    assert len(token) == 32
    assert adapter.challenge(page(), asked(token)) == "1158201444"
    for wrong in ("", "ü", token[:-1], verify_token(APP_SECRET, 8)):
        with pytest.raises(BadSignature):
            adapter.challenge(page(), asked(wrong))
    for odd in ({}, asked(token, mode="unsubscribe"), asked(token, challenge="")):
        with pytest.raises(BadRequest):
            adapter.challenge(page(), odd)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


values = st.recursive(
    scalars | st.sampled_from([PAGE, PSID, "m_1", SENT_AT]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


attachments = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["image", "file", "sticker", "location", "fallback", "template"]) | values,
            "payload": st.fixed_dictionaries(
                {}, optional={"url": st.text() | values, "coordinates": values, "sticker_id": values, "title": values}
            )
            | values,
            "title": values,
            "url": values,
        },
    )
    | values,
    max_size=3,
)


messages = st.fixed_dictionaries(
    {},
    optional={
        "mid": values,
        "text": values,
        "attachments": attachments | values,
        "is_echo": values,
        "is_deleted": values,
        "metadata": values,
    },
)


reports = st.fixed_dictionaries({}, optional={"mids": st.lists(values, max_size=3) | values, "watermark": values})


items = st.fixed_dictionaries(
    {},
    optional={
        "sender": values | st.just({"id": PSID}),
        "recipient": values | st.just({"id": PAGE}),
        "timestamp": values | st.just(SENT_AT),
        "message": messages | values,
        "delivery": reports | values,
        "read": reports | values,
        "postback": messages | values,
        "message_edit": messages | values,
        "reaction": values,
        "odd": values,
    },
)


@given(st.lists(items | values, min_size=1, max_size=4))
def test_every_item_of_any_shape_is_an_event_that_can_be_stored(given_items: list[Any]) -> None:
    events = read(*given_items)
    assert len(events) >= len(given_items)
    for event in events:
        assert event.event_key.encode()
        assert json.dumps(dict(event.raw), allow_nan=False)
        if isinstance(event, (InboundMessage, Echo)):
            assert event.body or event.media
            assert (event.body + "".join(media.url + media.name for media in event.media)).encode() is not None
    assert [event.event_key for event in read(*given_items)] == [event.event_key for event in events]


@given(st.binary(max_size=60) | values.map(lambda value: json.dumps({"object": "page", "entry": value}).encode()))
def test_a_body_of_any_shape_is_read_or_refused(body: bytes) -> None:
    try:
        MessengerAdapter(resolve).events(page(), posted(body=body))
    except BadRequest as error:
        assert error.sentence.endswith(".")


def test_as_deep_as_it_may_be_is_still_read() -> None:
    deep: Any = 1
    for _ in range(DEEPEST - 4):
        deep = [deep]
    assert isinstance(read_one(item(odd=deep)), PassedOver)
