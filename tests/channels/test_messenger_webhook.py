"""Messenger's webhooks: single items, batches, and items of any shape."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts_tui.channels.base import (
    Echo,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    StatusUpdate,
    Watermark,
)
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.meta.webhook import UNSENT
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Media
from tests.channels.messenger_world import (
    PAGE,
    PSID,
    SENT_AT,
    echoed,
    entry,
    item,
    page,
    posted,
    resolve,
    said,
)
from tests.channels.wire import NOW

CDN = "https://scontent.xx.fbcdn.net/v/"


def read(*items: Any, **more: Any) -> list[Event]:
    """Return the adapter's events for a webhook with these items."""
    return list(MessengerAdapter(resolve).events(page(), posted(entry(*items, **more))))


def read_one(thing: Any) -> Event:
    """Return the only event of an item."""
    (event,) = read(thing)
    return event


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    """Return a message with one attachment and no text."""
    return item(message={"mid": "m_1", "attachments": [{"type": kind, "payload": payload}]})


def test_a_text_comes_in_whole() -> None:
    event = read_one(said("¿Está el azul? 🙂\nsí & no <3"))
    assert isinstance(event, InboundMessage)
    assert (event.event_key, event.provider_id, event.sender) == ("m_1", "m_1", PSID)
    assert event.body == "¿Está el azul? 🙂\nsí & no <3"
    assert event.at == datetime.fromtimestamp(SENT_AT / 1000, UTC)
    assert event.raw["message"]


def test_every_entry_and_every_item_counts_in_both_channels() -> None:
    request = posted(
        entry(said("1", "a"), said("2", "b")),
        entry(said("other", "x"), page_id="999"),
        {**entry(said("3", "c")), "standby": [said("4", "d")]},
        entry(
            {"field": "messages", "value": said("5", "e")},
            {"field": "feed", "value": {"verb": "add"}},
            7,
            channel="changes",
        ),
    )
    events = MessengerAdapter(resolve).events(page(), request)
    assert [event.body for event in events if isinstance(event, InboundMessage)] == ["1", "2", "3", "4", "5"]
    assert [event.kind for event in events if isinstance(event, PassedOver)] == ["feed", "change"]
    assert len(events) == 7


def test_a_postback_of_somebody_without_an_id_is_passed_over() -> None:
    value = {
        **item(postback={"mid": "m_6", "title": "T", "payload": "P"}),
        "sender": {"user_ref": "R"},
        "timestamp": "1527459824",
    }
    (event,) = read({"field": "messaging_postbacks", "value": value}, channel="changes")
    assert isinstance(event, PassedOver)
    assert (event.kind, event.at.year) == ("postback", 2018)


@pytest.mark.parametrize(
    "timestamp",
    [
        *(1764208800, "1764208800", 1764208800000, "1764208800000", 1764208800000000, " 1764208800000000 "),
        *(1764208800.0, 1764208800.5, "1764208800.25", "2025-11-27T02:00:00+0000", "2025-11-27T03:00:00+01:00"),
    ],
)
def test_a_time_in_any_unit(timestamp: object) -> None:
    event = read_one({**said("hi"), "timestamp": timestamp})
    assert isinstance(event, InboundMessage)
    assert event.at == datetime.fromtimestamp(1764208800, UTC)


@pytest.mark.parametrize(
    ("watermark", "milliseconds"),
    [("1648581633369", 1648581633369), (1648581633, 1648581633999), ("1648581633", 1648581633999)],
)
def test_a_watermark_in_any_form(watermark: object, milliseconds: int) -> None:
    event = read_one(item(read={"watermark": watermark}))
    assert isinstance(event, Watermark)
    assert event.up_to == datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def test_what_is_pressed_is_not_typed() -> None:
    for pressed in (
        item(postback={"mid": "m_1", "title": "Cancel", "payload": "CANCEL_ORDER"}),
        said("Stop", quick_reply={"payload": "STOP"}),
    ):
        event = read_one(pressed)
        assert isinstance(event, InboundMessage)
        assert (event.is_chosen, event.opts) == (True, None)
    typed = read_one(said("cancel"))
    assert isinstance(typed, InboundMessage)
    assert (typed.is_chosen, typed.opts) == (False, None)


def test_an_echo_of_ours_names_the_attempt() -> None:
    event = read_one(echoed("hello", metadata="0199-uid.1"))
    assert isinstance(event, Echo)
    assert (event.uid, event.provider_id, event.recipient, event.body) == ("0199-uid.1", "m_9", PSID, "hello")


def test_what_the_page_wrote_is_outbound_though_no_echo_is_announced() -> None:
    event = read_one({**said("hello"), "sender": {"id": PAGE}, "recipient": {"id": PSID}})
    assert isinstance(event, Echo)
    assert event.recipient == PSID


def test_an_echo_of_somebody_elses_message_has_no_reference() -> None:
    event = read_one(echoed("from the page's own inbox"))
    assert isinstance(event, Echo)
    assert (event.uid, event.body) == ("", "from the page's own inbox")


def test_a_delivery_reports_on_each_message_and_on_all_before_it() -> None:
    first, second, mark = read(item(delivery={"mids": ["m_1", "m_2"], "watermark": SENT_AT + 1}))
    assert isinstance(first, StatusUpdate)
    assert isinstance(second, StatusUpdate)
    assert [first.provider_id, second.provider_id] == ["m_1", "m_2"]
    assert first.status is second.status is Delivery.DELIVERED
    assert isinstance(mark, Watermark)
    assert (mark.sender, mark.status) == (PSID, Delivery.DELIVERED)
    assert mark.up_to == datetime.fromtimestamp(SENT_AT / 1000, UTC) + timedelta(milliseconds=1)
    keys = {first.event_key, second.event_key, mark.event_key}
    assert len(keys) == 3


def test_a_read_has_only_a_watermark() -> None:
    event = read_one(item(read={"watermark": SENT_AT}))
    assert isinstance(event, Watermark)
    assert event.status is Delivery.READ


def test_a_pressed_button_reads_as_its_title() -> None:
    event = read_one(item(postback={"mid": "m_5", "title": "Track my order", "payload": "TRACK"}))
    assert isinstance(event, InboundMessage)
    assert (event.event_key, event.body) == ("m_5", "Track my order")
    older = item(postback={"title": "Get started", "payload": "START"})
    again, later = read_one(older), read_one({**older, "timestamp": SENT_AT + 1})
    assert read_one(older).event_key == again.event_key != later.event_key


def test_an_edit_and_a_message_taken_back_change_what_is_there() -> None:
    edit = read_one(item(message_edit={"mid": "m_1", "text": "blue, I mean", "num_edit": 1}))
    assert isinstance(edit, MessageEdited)
    assert (edit.provider_id, edit.body) == ("m_1", "blue, I mean")
    second = read_one(item(message_edit={"mid": "m_1", "text": "no, red", "num_edit": 2}))
    assert second.event_key != edit.event_key
    gone = read_one(item(message={"mid": "m_1", "is_deleted": True}))
    assert isinstance(gone, MessageEdited)
    assert gone.body == UNSENT


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ({"reaction": {"mid": "m_1", "action": "react", "emoji": "❤"}}, "reaction"),
        ({"referral": {"ref": "poster", "source": "SHORTLINK"}}, "referral"),
        ({"optin": {"type": "one_time_notif_req"}}, "optin"),
        ({"account_linking": {"status": "linked"}}, "account_linking"),
        ({"policy_enforcement": {"action": "block", "reason": "spam"}}, "policy_enforcement"),
        ({"message_edit": {"mid": "m_1", "text": {"body": "x"}}}, "message_edit"),
        ({"read": {"watermark": "soon"}}, "read"),
        ({"sender": {"user_ref": "USER"}, "message": {"mid": "m_7", "text": "hi"}}, "message"),
        ({"pass_thread_control": {"new_owner_app_id": 1}}, "pass_thread_control"),
        ({"brand_new_thing": 5}, "brand_new_thing"),
        ({"message": "odd"}, "message"),
        ({"delivery": {}}, "delivery"),
        ({"postback": {"title": "x"}, "sender": {}}, "postback"),
    ],
)
def test_what_moves_nothing_is_kept_under_its_name(what: dict[str, Any], word: str) -> None:
    event = read_one({**item(), **what})
    assert isinstance(event, PassedOver)
    assert event.kind == word
    assert event.raw
    assert event.event_key == read_one({**item(), **what}).event_key


@pytest.mark.parametrize(
    ("kind", "name", "content_type"),
    [
        ("image", "4711_n.jpg", "image/jpeg"),
        ("image", "odd", "image/*"),
        ("video", "clip.mp4", "video/mp4"),
        ("audio", "voice.mp4", "audio/*"),
        ("file", "rechnung%20(1).pdf", "application/pdf"),
        ("file", "x", "application/octet-stream"),
        ("sticker", "thumb.png", "image/png"),
    ],
)
def test_files_have_a_name_and_a_type(kind: str, name: str, content_type: str) -> None:
    event = read_one(attached(kind, url=f"{CDN}{name}?oh=1"))
    assert isinstance(event, InboundMessage)
    assert event.media == (Media(f"{CDN}{name}?oh=1", content_type, name.replace("%20", " ")),)
    assert event.body == ""


def test_a_sticker_that_comes_twice_is_one_picture() -> None:
    both = [
        {"type": "image", "payload": {"url": CDN + "1.png", "sticker_id": 5}},
        {"type": "sticker", "payload": {"url": CDN + "1.png", "sticker_id": 5}},
        {"type": "image", "payload": {"url": CDN + "2.png"}},
    ]
    event = read_one(item(message={"mid": "m_1", "attachments": both}))
    assert isinstance(event, InboundMessage)
    assert [media.name for media in event.media] == ["1.png", "2.png"]


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (
            {"attachments": [{"type": "location", "payload": {"coordinates": {"lat": 6.5, "long": 3}}}]},
            "Location: 6.5, 3",
        ),
        (
            {
                "attachments": [
                    {"type": "location", "title": "Ann's Location", "payload": {"coordinates": {"lat": "x", "long": 3}}}
                ]
            },
            "Location: Ann's Location (?, 3)",
        ),
        (
            {"text": "look", "attachments": [{"type": "fallback", "title": "A shop", "url": "https://shop.example"}]},
            "look\nA shop https://shop.example",
        ),
        (
            {"attachments": [{"type": "share", "payload": {"url": "https://shop.example", "title": "A post"}}]},
            "A post https://shop.example",
        ),
        ({"attachments": [{"type": "template", "title": "Your order", "payload": {}}]}, "[Template: Your order]"),
        ({"attachments": [{"type": "template", "url": "https://l.example/?u=1"}]}, "[Template]"),
        (
            {
                "attachments": [
                    {
                        "type": "template",
                        "url": "https://l.example/?u=1",
                        "payload": {"template_type": "button", "text": "What now?", "elements": 7},
                    }
                ]
            },
            "What now?",
        ),
        (
            {
                "attachments": [
                    {
                        "type": "template",
                        "title": "The Shop",
                        "url": "https://l.example/?u=1",
                        "payload": {
                            "template_type": "generic",
                            "elements": [{"title": "Red"}, 5, {"title": " "}, {"title": "Blue"}],
                        },
                    }
                ]
            },
            "Red\nBlue",
        ),
        ({"attachments": [{"type": "image", "payload": {"url": "javascript:alert(1)"}}]}, "[Image]"),
        ({"attachments": [{"type": "sticker", "payload": {"sticker_id": 5}}]}, "[Sticker]"),
        (
            {"attachments": [{"type": "ig_reel", "payload": {}}]},
            "A message of the type ig_reel, which can't be shown here",
        ),
        (
            {
                "attachments": [
                    {
                        "type": "template",
                        "payload": {
                            "template_type": "coupon",
                            "title": "Sale",
                            "subtitle": "Today",
                            "coupon_code": "X1",
                        },
                    }
                ]
            },
            "Sale\nToday\nX1",
        ),
        ({"new_in_2027": {"a": 1}}, "A message of the type new_in_2027, which can't be shown here"),
        ({"is_unsupported": True}, "A message of the type unknown, which can't be shown here"),
        (
            {
                "attachments": [
                    {
                        "type": "template",
                        "payload": {
                            "product": {
                                "elements": [
                                    {"id": "1", "retailer_id": "sku1", "title": "Red shoes", "subtitle": "$10"}
                                ]
                            }
                        },
                    }
                ]
            },
            "Red shoes, $10",
        ),
        (
            {
                "attachments": {
                    "type": "template",
                    "payload": {
                        "template_type": "receipt",
                        "order_number": 123,
                        "currency": "USD",
                        "summary": {"total_cost": 56.14},
                        "elements": [{"title": "T-shirt", "quantity": 2, "price": 50, "currency": "USD"}],
                    },
                }
            },
            "T-shirt, 2 ×, 50 USD\nReceipt for order 123\nTotal: 56.14 USD",
        ),
        (
            {
                "attachments": [
                    {
                        "type": "template",
                        "payload": {"text": "What now?", "buttons": [{"type": "postback", "title": "Call"}, 5]},
                    }
                ]
            },
            "What now?\n[Call]",
        ),
        ({"text": {"body": "hi"}}, '{"body": "hi"}'),
        ({"text": ["a", 1]}, '["a", 1]'),
        ({"text": " \u200b"}, "(no text)"),
        ({"text": None}, "(no text)"),
        (
            {"text": "Hi", "referral": {"ad_id": "6", "ads_context_data": {"ad_title": "Shoes"}}},
            "Hi\nFrom an ad: Shoes",
        ),
        ({"text": "Hi", "referral": {"product": {"id": "sku1"}}}, "Hi\nAbout the product sku1"),
        (
            {"attachments": [{"type": "location", "payload": {"coordinates": {"lat": "6.5", "long": "3"}}}]},
            "Location: 6.5, 3",
        ),
        ({"order": {"products": [{"retailer_id": "sku1", "quantity": 2}]}}, "Order: sku1, 2 ×"),
    ],
)
def test_what_is_no_file_is_named(message: dict[str, Any], body: str) -> None:
    event = read_one(item(message={"mid": "m_1", **message}))
    assert isinstance(event, InboundMessage)
    assert event.body == body


def test_odd_times_and_ids_lose_no_message() -> None:
    for timestamp in (None, "soon", -1, 0, True, 10**30, 1.5):
        event = read_one({**said("hi"), "timestamp": timestamp})
        assert isinstance(event, InboundMessage)
        assert event.at == NOW
    number = read_one({**said("hi"), "sender": {"id": int(PSID)}})
    assert isinstance(number, InboundMessage)
    assert number.sender == PSID
    nameless = read_one(item(message={"text": "hi"}))
    assert isinstance(nameless, InboundMessage)
    assert nameless.event_key == read_one(item(message={"text": "hi"})).event_key


def test_half_a_character_can_be_stored() -> None:
    event = read_one(said("half \ud83d one"))
    assert isinstance(event, InboundMessage)
    assert event.body == "half ? one"
