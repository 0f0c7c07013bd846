"""Telegram's webhook: its secret, bodies that are no update, and updates of any shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.base import (
    CREDENTIALS,
    WRONG_TYPE,
    BadRequest,
    BadSignature,
    ChannelError,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    SecretError,
)
from contacts_tui.channels.telegram.updates import SECRET_HEADER, events, polled, secret_token, token
from tests.channels.telegram_world import (
    BOT_TOKEN,
    bot,
    posted,
    resolve,
    update,
)
from tests.channels.test_telegram_updates import FILE
from tests.channels.wire import NOW


def webhook(content: Any, **headers: str) -> tuple[Event, ...]:
    """Return the adapter's events for a webhook."""
    return tuple(events(bot(), posted(content, headers), resolve))


def test_a_webhook_brings_what_polling_would() -> None:
    assert webhook(update(text="hello")) == tuple(polled([update(text="hello")], NOW)[0])
    (group,) = webhook(update(text="hello", chat={"id": -5, "type": "group"}))
    assert group == PassedOver("", "message in a group", NOW, {})


@pytest.mark.parametrize("given", ["", "wrong", "ü", "A" * 10_000, secret_token(BOT_TOKEN, 8)])
def test_a_webhook_needs_the_inboxs_own_secret(given: str) -> None:
    with pytest.raises(BadSignature):
        webhook(update(text="hello"), **{SECRET_HEADER: given})


def test_the_secret_is_one_that_telegram_takes_and_depends_on_token_and_inbox() -> None:
    secrets = {secret_token(BOT_TOKEN, 7), secret_token(BOT_TOKEN, 8), secret_token("7001:other", 7)}
    assert len(secrets) == 3
    assert all(len(secret) == 64 and secret.isalnum() for secret in secrets)


def test_without_our_own_token_nothing_is_refused_for_good() -> None:
    def lost(reference: str) -> str:
        raise SecretError("The environment variable BOT_TOKEN is not set.", CREDENTIALS)

    with pytest.raises(BadSignature) as caught:
        events(bot(), posted(update(text="hello")), lost)
    assert caught.value.code == CREDENTIALS


@pytest.mark.parametrize("found", ["", "secret", "7001", "7001:", "7001:ab/../x", "7001:AAH fQ", ":AAH-fQ_shop"])
def test_what_is_no_token_never_gets_into_an_address(found: str) -> None:
    with pytest.raises(SecretError) as caught:
        token(bot(), lambda reference: found)
    assert not found or found not in caught.value.sentence


def test_the_token_of_another_bot_is_not_used() -> None:
    assert token(bot(account="7001"), lambda reference: BOT_TOKEN + "\n") == BOT_TOKEN
    with pytest.raises(SecretError):
        token(bot(account="7002"), resolve)


def test_another_kind_of_body_is_turned_away() -> None:
    with pytest.raises(BadRequest) as caught:
        webhook(b"a=b", **{"content-type": "application/x-www-form-urlencoded"})
    assert caught.value.code == WRONG_TYPE


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"\xff\xfe", b"[" * 100_000, b'{"update_id": ' + b"9" * 5000])
def test_what_is_no_update_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        webhook(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


PLACES = (
    ("update_id",),
    ("message",),
    ("message", "chat"),
    ("message", "chat", "id"),
    ("message", "chat", "first_name"),
    ("message", "message_id"),
    ("message", "date"),
    ("message", "text"),
    ("message", "photo"),
    ("message", "sticker"),
    ("message", "document"),
    ("message", "location"),
    ("message", "venue"),
    ("message", "contact"),
    ("message", "from"),
)


def ruined(place: tuple[str, ...], value: Any, kind: str) -> dict[str, Any]:
    """Return an update with another value in one place."""
    made = update(text="hello", photo=[FILE], venue={"location": {}}, contact={}, sticker=FILE)
    inner = made
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    if "message" in made and kind != "message":
        made[kind] = made.pop("message")
    return made


@given(st.sampled_from(PLACES), JSON, st.sampled_from(["message", "edited_message", "my_chat_member"]))
def test_any_shape_is_events_or_a_bad_request(place: tuple[str, ...], value: Any, kind: str) -> None:
    made = ruined(place, value, kind)
    found, _ = polled([made], NOW)
    for event in found:
        assert isinstance(event.event_key, str)
        json.dumps(event.raw).encode()
        if isinstance(event, InboundMessage | MessageEdited):
            event.body.encode()
            assert event.body.strip() or event.media
    try:
        events(bot(), posted(made), resolve)
    except (BadRequest, BadSignature) as error:
        assert isinstance(error, ChannelError)


@given(JSON)
def test_any_json_at_all_is_events_or_a_bad_request(value: Any) -> None:
    polled([value], NOW)
    try:
        webhook(value)
    except BadRequest as error:
        assert error.sentence


@given(st.binary(max_size=200))
def test_any_bytes_are_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        webhook(body)
