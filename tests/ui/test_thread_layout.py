"""How a thread becomes lines, without a terminal: wrapping, bubbles, and the part of a thread that is held."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.telegram.connector import TELEGRAM
from contacts_tui.domain.cells import text_width, wrap
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.domain.fallback import Fallback, Offer, Refit
from contacts_tui.domain.media import media_word, placeholder
from contacts_tui.domain.message import Direction, Media, Message, TemplateUse
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.text import clean
from contacts_tui.domain.unknown_outcome import UnknownOutcome
from contacts_tui.domain.views import MessageView, Remark
from contacts_tui.widgets.thread.bubbles import GUTTER, Facts, lay_out
from contacts_tui.widgets.thread.layout import Manner, Sheet
from contacts_tui.widgets.thread.window import KEPT, ThreadWindow
from tests.ui.stage import in_utc

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)

_MESSAGE = Message(
    id=1,
    uid="u",
    conversation_id=1,
    contact_id=1,
    channel=Channel.WHATSAPP,
    direction=Direction.IN,
    body="Hello",
    media=(),
    template=None,
    author="",
    status=None,
    error_code="",
    provider_id="",
    provider=Provider.TWILIO,
    at=NOON,
    status_at=None,
)


def view(
    number: int = 1, body: str = "Hello", *, status: Delivery | None = None, can_retry: bool = False
) -> MessageView:
    """Return the message at this place of a thread, a minute after the one before; outbound when it has a status."""
    message = replace(
        _MESSAGE,
        id=number,
        body=body,
        at=NOON + timedelta(minutes=number),
        status=status,
        direction=Direction.IN if status is None else Direction.OUT,
        author="" if status is None else "Kim",
    )
    return MessageView(message=message, inbox_name="Shop", failure=None, can_retry=can_retry)


def facts(one: MessageView, **changes: object) -> Facts:
    """Return plain facts about a message in an 80-column thread."""
    plain = Facts(one, "Ann", "Kim", 80, date(2026, 11, 17), False, False, False, False)
    return replace(plain, **changes)  # type: ignore[arg-type]  # The names are those of the fields.


def drawn(laid: Facts) -> str:
    """Return the lines of a message as text."""
    with in_utc():
        return "\n".join(" " * line.indent + "".join(text for text, _ in line.spans) for line in lay_out(laid))


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_no_line_is_wider_than_asked_and_no_word_is_lost(text: str, cells: int) -> None:
    text = clean(text)
    lines = wrap(text, cells)
    assert all(text_width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_between_words_and_keep_their_own_breaks() -> None:
    assert wrap("one two three\n\nfour", 8) == ("one two", "three", "", "four")
    assert wrap("abcdefghij", 4) == ("abcd", "efgh", "ij")
    assert wrap("日本語日本語", 5) == ("日本", "語日", "本語")


@given(st.text(max_size=300), st.integers(min_value=24, max_value=200), st.sampled_from([None, *Delivery]))
def test_a_bubble_never_leaves_the_thread(body: str, width: int, status: Delivery | None) -> None:
    for with_channel in (False, True):
        laid = facts(view(body=body, status=status, can_retry=True), width=width, with_channel=with_channel)
        for line in lay_out(laid):
            assert line.indent + sum(text_width(text) for text, _ in line.spans) <= width


def test_what_came_in_stands_left_and_what_went_out_right() -> None:
    assert drawn(facts(view())) == "\n  Ann · 12:01\n   Hello "
    right = drawn(facts(view(status=Delivery.SENT))).splitlines()[1:]
    assert max(map(text_width, right)) == 80 - GUTTER
    assert all(line.startswith(" " * 60) for line in right)
    assert "You · 12:01 ✓" in right[0]


@pytest.mark.parametrize("status", [Delivery.QUEUED, Delivery.SENDING, Delivery.FAILED, Delivery.UNKNOWN])
def test_an_unsettled_or_failed_status_always_has_its_word(status: Delivery) -> None:
    word = "not delivered" if status is Delivery.FAILED else status.value
    assert word in drawn(facts(view(status=status)))


def test_a_plain_status_has_its_word_where_it_is_asked_for() -> None:
    assert "delivered" not in drawn(facts(view(status=Delivery.DELIVERED)))
    assert "✓✓ delivered" in drawn(facts(view(status=Delivery.DELIVERED), in_words=True))


def test_a_failure_says_what_happened_and_what_can_be_done() -> None:
    failed = view(status=Delivery.FAILED, can_retry=True)
    failed = replace(failed, failure=Failure("30003", "the handset is off", "try later", Blame.PASSING))
    assert "the handset is off: try later · r retry" in drawn(facts(failed))
    assert "r retry" not in drawn(facts(replace(failed, can_retry=False)))


def test_an_unknown_outcome_warns_of_a_second_copy() -> None:
    unknown = UnknownOutcome(
        TELEGRAM.evidence, NOON, None, Failure("timeout", "no answer in time", "", Blame.PASSING), True
    )
    text = " ".join(
        drawn(facts(replace(view(status=Delivery.UNKNOWN, can_retry=True), unknown_outcome=unknown))).split()
    )
    assert "(no answer in time, 12:00:00) Telegram doesn't list what a bot has sent" in text
    assert "x mark as sent · r resend (asks first) · never resent automatically" in text


def test_the_next_channel_is_offered_under_a_failed_message() -> None:
    offer = Offer(Channel.WHATSAPP, Reach.TEMPLATE, Refit("hello", ("hello",), ""))
    failed = replace(view(status=Delivery.FAILED), instead=Fallback((offer,), ""))
    assert "w write on WhatsApp instead, template needed" in drawn(facts(failed))
    nothing = replace(failed, instead=Fallback((), "Telegram: they never wrote"))
    assert "no other channel is available: Telegram: they never wrote" in drawn(facts(nothing))


def test_days_are_named() -> None:
    for today, words in (
        (date(2026, 11, 17), "Today"),
        (date(2026, 11, 18), "Yesterday"),
        (date(2026, 11, 20), "Tuesday 17 November"),
        (date(2027, 1, 2), "Tuesday 17 November 2026"),
    ):
        assert drawn(facts(view(), begins_day=True, today=today)).splitlines()[1].strip() == words


def test_what_is_of_another_day_than_the_message_above_says_so_and_a_note_keeps_its_word() -> None:
    today = date(2026, 11, 18)
    note = Remark(NOON + timedelta(days=1), "Sam", "call back", is_note=True)
    deed = replace(note, words="closed", is_note=False)
    below = drawn(facts(view(), remarks=(note, deed), today=today))
    assert "note · Sam · today 12:00 · never sent" in below
    assert "today 12:00 · Sam: closed" in below
    assert "note · Sam · 12:00 · never sent" in drawn(facts(view(), remarks=(replace(note, at=NOON),), today=today))
    assert "note · Sam · never sent" in drawn(facts(view(), remarks=(note,), today=today, width=40))


def test_an_inbox_that_is_called_like_its_channel_is_named_once() -> None:
    assert " · WhatsApp Shop\n" in drawn(facts(view(), with_channel=True))
    assert "12:01 · Shop WhatsApp\n" in drawn(facts(replace(view(), inbox_name="Shop WhatsApp"), with_channel=True))


def test_files_and_templates_are_named() -> None:
    message = replace(
        view(status=Delivery.SENT).message,
        body="",
        media=(Media("https://x", "image/jpeg", "cat.jpg", 120_000),),
        template=TemplateUse("HX", "order_ready", "en"),
    )
    text = drawn(facts(replace(view(), message=message)))
    assert "[Photo: cat.jpg, 120 kB]" in text
    assert "template order_ready" in text


def test_media_in_words() -> None:
    assert media_word("image/png") == "Photo"
    assert media_word("text/vcard") == "Contact card"
    assert media_word("application/pdf") == "File"
    assert placeholder(Media("u", "audio/ogg")) == "[Audio: audio/ogg]"
    assert placeholder(Media("u", "video/mp4", "\x1b[2Ja.mp4", 2_500_000)) == "[Video: \ufffd[2Ja.mp4, 2.5 MB]"


def ids(window: ThreadWindow) -> Sequence[int]:
    return window.ids


def test_a_message_that_changed_takes_its_old_place() -> None:
    window = ThreadWindow([view(1), view(2), view(3)])
    assert window.put([view(2, "Changed")], following=True) == 0
    assert [v.message.body for v in window] == ["Hello", "Changed", "Hello"]


def test_messages_take_their_place_by_time_and_only_once() -> None:
    window = ThreadWindow([view(1), view(5)])
    assert window.put([view(3), view(7), view(3)], following=True) == 1
    assert ids(window) == (1, 3, 5, 7)


def test_old_ones_make_room_for_who_follows_and_new_ones_wait_for_who_reads() -> None:
    full = [view(number) for number in range(1, KEPT + 1)]
    following, reading = ThreadWindow(full), ThreadWindow(full)
    following.put([view(KEPT + 1)], following=True)
    assert ids(following)[0] == 2 and ids(following)[-1] == KEPT + 1 and following.has_older
    assert reading.put([view(KEPT + 1)], following=False) == 1
    assert ids(reading)[0] == 1 and ids(reading)[-1] == KEPT and reading.has_newer


def test_what_lies_beyond_the_stretch_is_left_to_paging() -> None:
    window = ThreadWindow([view(10), view(11)], has_older=True)
    window.put([view(3)], following=True)
    assert ids(window) == (10, 11)
    window.add_newer([], has_newer=True)
    assert window.put([view(20)], following=False) == 1
    assert ids(window) == (10, 11)


def test_paging_at_either_end_lets_go_of_the_other() -> None:
    window = ThreadWindow([view(number) for number in range(101, 101 + KEPT)], has_older=True)
    window.add_older([view(number) for number in range(51, 101)], has_older=False)
    assert (ids(window)[0], len(window), window.has_newer, window.has_older) == (51, KEPT, True, False)
    window.add_newer([view(number) for number in range(51 + KEPT, 101 + KEPT)], has_newer=False)
    assert (ids(window)[-1], len(window), window.has_newer, window.has_older) == (100 + KEPT, KEPT, False, True)


def test_a_status_changes_only_the_lines_of_its_message() -> None:
    manner = Manner(80, date(2026, 11, 17), "Ann", "Kim", None, None, False, "")
    window = ThreadWindow([view(1), view(2, status=Delivery.SENT), view(3), view(4, status=Delivery.SENT)])
    sheet = Sheet()
    with in_utc():
        sheet.lay_out(window, manner)
        before = sheet.lines
        window.put([view(4, status=Delivery.READ)], following=True)
        sheet.lay_out(window, manner)
    assert len(before) == len(sheet.lines)
    changed = [row for row, (old, new) in enumerate(zip(before, sheet.lines, strict=True)) if old != new]
    assert changed and set(changed) <= set(sheet.place(4))


def test_an_anchor_finds_its_line_again_after_older_messages_came() -> None:
    manner = Manner(80, date(2026, 11, 17), "Ann", "Kim", None, None, False, "")
    window = ThreadWindow([view(number) for number in range(50, 60)])
    sheet = Sheet()
    with in_utc():
        sheet.lay_out(window, manner)
        top = sheet.place(53).start + 1
        anchor = sheet.anchor(top)
        window.add_older([view(number) for number in range(1, 50)], has_older=False)
        sheet.lay_out(window, manner)
    assert sheet.restored(anchor, 0) == sheet.place(53).start + 1


def test_what_was_changed_or_written_elsewhere_says_so() -> None:
    edited = replace(view(), message=replace(view().message, edited_at=NOON))
    assert "12:01 · edited" in drawn(facts(edited))
    ours = view(status=Delivery.SENT)
    assert "elsewhere" not in drawn(facts(ours))
    theirs = replace(ours, message=replace(ours.message, author=""))
    assert "Us · 12:01 · sent elsewhere" in drawn(facts(theirs))


def test_a_message_that_waits_says_what_for() -> None:
    pause = Failure(
        "429", "Telegram asks for a pause; nothing was sent", "it will be sent after the pause", Blame.PASSING
    )
    waiting = replace(view(status=Delivery.QUEUED), failure=pause)
    assert "Telegram asks for a pause; nothing was sent: it will be sent after the pause" in " ".join(
        drawn(facts(waiting)).split()
    )
    assert "queued" in drawn(facts(waiting))
    assert "pause" not in drawn(facts(view(status=Delivery.QUEUED)))


def test_the_human_agent_tag_is_named() -> None:
    plain = view(status=Delivery.SENT)
    tagged = replace(plain, message=replace(plain.message, human_agent=True))
    assert "· human agent tag" in drawn(facts(tagged))
    assert "human agent" not in drawn(facts(plain))
