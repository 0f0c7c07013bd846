"""What a bot receives: every kind of message, edits and blocks, and from which chats."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contacts_tui.channels.base import (
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    PermissionChanged,
)
from contacts_tui.channels.telegram.updates import polled, read
from contacts_tui.domain.media import placeholder
from contacts_tui.domain.message import Media
from tests.channels.telegram_world import (
    SAM,
    SENT_AT,
    membership,
    update,
)
from tests.channels.wire import NOW

FILE = {"file_id": "AgAC-1", "file_unique_id": "u1", "file_size": 120_345}


def read_one(made: object) -> Event:
    """Return the event of an update."""
    return read(made, NOW)


def heard(**what: Any) -> InboundMessage:
    """Return the event of a message."""
    event = read_one(update(**what))
    assert isinstance(event, InboundMessage)
    return event


def test_a_text_comes_in_whole() -> None:
    event = heard(text="¿Está el azul? 🙂\n/start <b>", entities=[{"type": "bold", "offset": 0, "length": 3}])
    assert event.body == "¿Está el azul? 🙂\n/start <b>"
    assert (event.sender, event.provider_id, event.event_key) == (str(SAM), f"{SAM}:11", f"{SAM}:11")
    assert event.profile_name == "Sam Poe"
    assert event.at == datetime.fromtimestamp(SENT_AT, UTC)
    assert event.media == ()
    assert event.raw["update_id"] == 900


def test_of_a_photo_the_largest_size_is_kept_and_its_caption_is_the_text() -> None:
    small = {"file_id": "small", "file_size": 900}
    event = heard(photo=[small, FILE], caption="the parcel")
    assert event.body == "the parcel"
    assert event.media == (Media("telegram:AgAC-1", "image/jpeg", "", 120_345),)
    assert placeholder(event.media[0]) == "[Photo: image/jpeg, 120 kB]"


@pytest.mark.parametrize(
    ("kind", "content_type", "drawn"),
    [
        ("document", "application/pdf", "[File: receipt.pdf, 120 kB]"),
        ("voice", "audio/ogg", "[Audio: audio/ogg, 120 kB]"),
        ("audio", "audio/mpeg", "[Audio: audio/mpeg, 120 kB]"),
        ("video", "video/mp4", "[Video: video/mp4, 120 kB]"),
        ("video_note", "video/mp4", "[Video: video/mp4, 120 kB]"),
    ],
)
def test_files_are_named_with_their_size(kind: str, content_type: str, drawn: str) -> None:
    more = {"file_name": "receipt.pdf", "mime_type": "application/pdf"} if kind == "document" else {}
    event = heard(**{kind: FILE | more})
    assert event.body == ""
    assert [media.content_type for media in event.media] == [content_type]
    assert placeholder(event.media[0]) == drawn


def test_an_animation_is_one_file_though_it_comes_with_a_document() -> None:
    event = heard(animation=FILE, document=FILE | {"mime_type": "video/mp4"})
    assert len(event.media) == 1


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ({"sticker": FILE | {"emoji": "👍"}}, "Sticker 👍"),
        ({"sticker": FILE}, "Sticker"),
        (
            {"location": {"latitude": 52.5, "longitude": -13.25}},
            "Location: 52.5, -13.25\nhttps://www.openstreetmap.org/?mlat=52.5&mlon=-13.25",
        ),
        (
            {
                "location": {"latitude": 1, "longitude": 2},
                "venue": {"location": {"latitude": 1, "longitude": 2}, "title": "Shop", "address": "Main St 1"},
            },
            "Location: Shop, Main St 1 (1, 2)\nhttps://www.openstreetmap.org/?mlat=1&mlon=2",
        ),
        (
            {"contact": {"phone_number": "+12025550142", "first_name": "Ann", "last_name": "Lee"}},
            "Contact: Ann Lee, +12025550142",
        ),
        ({"poll": {"question": "Blue?"}}, "Poll: Blue?"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4"),
        ({"game": {"title": "x"}}, "Game: x"),
        ({"write_access_allowed": {}}, "A message of the type write access allowed, which can't be shown here"),
        ({}, "A message of the type unknown, which can't be shown here"),
        ({"text": " \n"}, "(no text)"),
        ({"text": {"a": 1}}, '{"a": 1}'),
        (
            {"poll": {"question": "When?", "options": [{"text": "Mon", "voter_count": 0}, 5, {"text": "Tue"}]}},
            "Poll: When?\n- Mon\n- Tue",
        ),
        ({"poll": {"question": "2+2?", "type": "quiz", "options": {"text": "4"}}}, "Quiz: 2+2?\n- 4"),
        ({"poll": "When?"}, "Poll When?"),
        (
            {"poll": {"question": "2+2?", "description": "Sums", "options": [{"text": "4"}], "explanation": "Count."}},
            "Poll: 2+2?\n- 4\nSums\nCount.",
        ),
        ({"web_app_data": {"data": "bob,32", "button_text": "Register"}}, "Register: bob,32"),
        ({"rich_message": {"blocks": [{"type": "paragraph", "text": "Hello rich"}]}}, "Hello rich"),
        (
            {
                "rich_message": {
                    "blocks": [
                        {"type": "heading", "text": [{"type": "bold", "text": "Big"}, " sale"]},
                        {
                            "type": "list",
                            "items": [{"blocks": [{"type": "p", "text": "one"}]}, {"text": "two"}],
                        },
                    ]
                }
            },
            "Big sale\none\ntwo",
        ),
        (
            {
                "rich_message": {
                    "blocks": [
                        {"type": "mathematical_expression", "expression": "x^2"},
                        {"type": "map", "location": {"latitude": 1, "longitude": 2}, "caption": {"text": "Here"}},
                    ]
                }
            },
            "x^2\nHere\nLocation: 1, 2\nhttps://www.openstreetmap.org/?mlat=1&mlon=2",
        ),
        ({"rich_message": {"blocks": None}}, "A formatted message without text"),
        ({"game": {"title": "Chess", "description": "Play"}}, "Game: Chess, Play"),
        (
            {"invoice": {"title": "Shoes", "description": "Red", "currency": "EUR", "total_amount": 1500}},
            "Invoice: Shoes, Red, 1500 EUR in the smallest unit",
        ),
        (
            {"successful_payment": {"currency": "XTR", "total_amount": 5, "invoice_payload": "order 7"}},
            "Payment received: 5 XTR, order 7",
        ),
        ({"story": {"chat": {"id": 1, "first_name": "Sam"}, "id": 3}}, "Story: Sam"),
        ({"giveaway": {"winner_count": 3, "prize_description": "A cap"}}, "Giveaway: A cap, 3 winners"),
        (
            {"checklist": {"title": "To do", "tasks": [{"text": "a", "completion_date": 1}, {"text": "b"}]}},
            "Checklist: To do\n[x] a\n[ ] b",
        ),
        ({"paid_media": {"star_count": 25, "paid_media": [{"type": "preview"}]}}, "Paid media: 25 stars, preview"),
        (
            {"users_shared": {"users": [{"user_id": 7, "first_name": "Bo", "username": "bo"}, {"user_id": 8}]}},
            "Users shared: Bo @bo, 8",
        ),
        (
            {
                "contact": {
                    "phone_number": "+12025550142",
                    "first_name": "Ann",
                    "vcard": "BEGIN:VCARD\nFN:Ann\nTEL:+12025550142\nitem1.EMAIL:a@x.example\nORG:Shop;\nEND:VCARD",
                }
            },
            "Contact: Ann, +12025550142, a@x.example, Shop",
        ),
        (
            {"location": {"latitude": "1.5", "longitude": 2, "live_period": 60}},
            "Live location: 1.5, 2\nhttps://www.openstreetmap.org/?mlat=1.5&mlon=2",
        ),
        ({"brand_new": {"title": "Hello", "items": ["a"]}}, "[Brand new] Hello\na"),
        ({"brand_new": {"gift": {"model": {"name": "Frog"}}}}, "[Brand new] Frog"),
        (
            {"caption": "Look", "brand_new": {"x": 1}},
            "Look\nA message of the type brand new, which can't be shown here",
        ),
        ({"caption": "Look"}, "Look"),
        ({"brand_new": 7}, "A message of the type brand new, which can't be shown here"),
        ({"location": {"latitude": "x"}}, "Location: ?, ?"),
    ],
)
def test_nothing_is_silent(what: dict[str, Any], body: str) -> None:
    assert heard(**what).body == body


def test_files_that_lie_deeper_or_are_of_a_new_kind_are_there() -> None:
    blocks = [
        {"type": "photo", "photo": [FILE], "caption": {"text": "one"}},
        {"type": "collage", "blocks": [{"type": "voice_note", "voice_note": FILE}]},
    ]
    rich = heard(rich_message={"blocks": blocks})
    assert ([file.content_type for file in rich.media], rich.body) == (["image/jpeg", "audio/ogg"], "one")
    assert heard(live_photo=FILE | {"duration": 3}).media[0].content_type == "video/mp4"
    assert heard(brand_new=FILE).media[0].content_type == "application/octet-stream"


@pytest.mark.parametrize("date", [SENT_AT + 0.5, f"{SENT_AT}.25", datetime.fromtimestamp(SENT_AT, UTC).isoformat()])
def test_a_time_in_any_form(date: object) -> None:
    assert heard(text="hi", date=date).at == datetime.fromtimestamp(SENT_AT, UTC)


@pytest.mark.parametrize("date", [None, "soon", "2026-11-17T14:02:00", -5, 10**30, {}, [], True, 0, 1.5])
def test_a_time_that_is_none_is_when_it_came(date: object) -> None:
    assert heard(text="hi", date=date).at == NOW


def test_digits_in_a_string_are_a_number() -> None:
    event = heard(text="hi", date=str(SENT_AT), message_id="11", chat={"id": str(SAM), "type": "private"})
    assert (event.provider_id, event.at) == (f"{SAM}:11", datetime.fromtimestamp(SENT_AT, UTC))
    assert heard(text="hi", message_id=None).provider_id == f"{SAM}:update900"


def test_no_word_is_an_opt_out() -> None:
    for word in ("cancel", "STOP", "/stop", "START"):
        assert heard(text=word).opts is None


def test_paid_media_has_its_files() -> None:
    paid = heard(
        paid_media={
            "star_count": 5,
            "paid_media": [{"type": "photo", "photo": [FILE]}, {"type": "video", "video": FILE}],
        }
    )
    assert [file.content_type for file in paid.media] == ["image/jpeg", "video/mp4"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"update_id": 1, "inline_query": {}}, "inline_query"),
        ({"update_id": "2", "message_reaction": {}}, "message_reaction"),
        (update(chat={"id": -100, "type": "supergroup"}, text="hello"), "message in a supergroup"),
        (membership("restricted"), "my_chat_member"),
        ({"update_id": 3}, "update"),
        ({"update_id": 4, "message": None}, "unreadable update"),
        (update(chat={"type": "private"}, text="hello"), "unreadable update"),
    ],
)
def test_what_is_passed_over_has_a_name(given: dict[str, Any], kind: str) -> None:
    event = read_one(given)
    assert isinstance(event, PassedOver)
    assert event.kind == kind


def test_a_sticker_can_be_loaded_and_knows_its_form() -> None:
    assert heard(sticker=FILE).media[0].content_type == "image/webp"
    assert heard(sticker=FILE | {"is_animated": True}).media[0].content_type == "application/x-tgsticker"
    assert heard(sticker=FILE | {"is_video": True}).media[0].content_type == "video/webm"


def test_an_edit_names_its_message_and_is_its_own_event() -> None:
    first = read_one(update("edited_message", 901, text="blue", edit_date=SENT_AT + 60))
    second = read_one(update("edited_message", 902, text="green", edit_date=SENT_AT + 60))
    again = read_one(update("edited_message", 902, text="green", edit_date=SENT_AT + 60))
    assert isinstance(first, MessageEdited)
    assert isinstance(second, MessageEdited)
    assert (first.provider_id, first.body) == (f"{SAM}:11", "blue")
    assert first.at == datetime.fromtimestamp(SENT_AT + 60, UTC)
    assert len({first.event_key, second.event_key, heard(text="red").event_key}) == 3
    assert again is not None
    assert again.event_key == second.event_key


def test_an_edit_that_makes_a_text_a_photo_is_a_photo() -> None:
    found = read_one(update("edited_message", 901, photo=[FILE | {"width": 90, "height": 90}], edit_date=SENT_AT + 60))
    assert isinstance(found, MessageEdited)
    assert found.media is not None
    assert [file.content_type for file in found.media] == ["image/jpeg"]


@pytest.mark.parametrize(("status", "allowed"), [("kicked", False), ("member", True)])
def test_a_block_and_its_end_are_told(status: str, allowed: bool) -> None:
    event = read_one(membership(status))
    assert isinstance(event, PermissionChanged)
    assert (event.sender, event.allowed) == (str(SAM), allowed)


@pytest.mark.parametrize(
    "given",
    [
        update(chat={"id": -100, "type": "group", "title": "All"}, text="hello"),
        update(chat={"id": -100, "type": "supergroup"}, text="hello"),
        membership("kicked", chat={"id": -100, "type": "group"}),
        membership("restricted"),
        {"update_id": 1, "channel_post": {"message_id": 1}},
        {"update_id": 1},
    ],
)
def test_groups_and_what_nobody_asked_for_are_left_alone(given: dict[str, Any]) -> None:
    assert isinstance(read_one(given), PassedOver)


def test_an_answer_is_acknowledged_as_a_whole_though_a_part_can_not_be_read() -> None:
    answer: list[Any] = [update(update_id=5, text="a"), {"update_id": 7, "message": {"chat": {"type": "private"}}}]
    found, offset = polled([*answer, update(update_id=6, message_id=12, text="b"), "odd", {"update_id": "x"}], NOW)
    assert [event.body for event in found if isinstance(event, InboundMessage)] == ["a", "b"]
    assert offset == 8
    assert [event.kind for event in found if isinstance(event, PassedOver)] == ["unreadable update"]
    assert polled([], NOW) == ([], None)
