"""A line of the people list, at every width and for every state."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.cells import text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.message import Direction
from contacts_tui.themes import PERSON_COLORS
from contacts_tui.widgets.line_view import PERSON_SHADES, Shade, Span
from contacts_tui.widgets.person_line import Timing, columns_for, headings, person
from tests.ui.stage import in_utc

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
FAILURE = Failure("30003", "the handset is off", "try again later", Blame.PASSING)


def row(
    name: str = "Ann",
    channels: tuple[Channel, ...] = (Channel.SMS,),
    unread: int = 0,
    text: str = "Hello",
    status: Delivery | None = None,
    media: str = "",
    left: timedelta | None = None,
) -> PersonRow:
    """Return a person who wrote a minute ago, or to whom we wrote when there is a status."""
    return PersonRow(
        contact_id=1,
        name=name,
        channels=channels,
        unread=unread,
        last_text=text,
        last_direction=Direction.IN if status is None else Direction.OUT,
        last_status=status,
        last_failure=FAILURE if status is Delivery.FAILED else None,
        last_media=media,
        last_at=NOW - timedelta(minutes=1),
        window_channel=None if left is None else Channel.WHATSAPP,
        window_until=None if left is None else NOW + left,
    )


def text_of(spans: list[Span]) -> str:
    return "".join(text for text, _ in spans)


@given(
    width=st.integers(40, 220),
    name=st.text(max_size=40),
    text=st.text(max_size=80),
    channels=st.sets(st.sampled_from(Channel)).map(lambda found: tuple(sorted(found))),
    unread=st.integers(0, 20_000),
    status=st.none() | st.sampled_from(Delivery),
    minutes=st.none() | st.integers(-10, 7 * 24 * 60),
    cursor=st.booleans(),
    timing=st.sampled_from(Timing),
    assigned=st.booleans(),
)
def test_a_line_is_exactly_as_wide_as_the_list(
    width: int,
    name: str,
    text: str,
    channels: tuple[Channel, ...],
    unread: int,
    status: Delivery | None,
    minutes: int | None,
    cursor: bool,
    timing: Timing,
    assigned: bool,
) -> None:
    left = None if minutes is None else timedelta(minutes=minutes)
    shown = person(
        row(name, channels, unread, text, status, left=left),
        columns_for(width, timing, assigned=assigned),
        NOW,
        "▸" if cursor else " ",
    )
    assert text_width(text_of(shown)) == width


@pytest.mark.parametrize(
    ("status", "words", "shade"),
    [
        (Delivery.QUEUED, "· queued: Hello", Shade.SOFT),
        (Delivery.SENDING, "→ sending: Hello", Shade.SOFT),
        (Delivery.SENT, "✓ Hello", Shade.SOFT),
        (Delivery.DELIVERED, "✓✓ Hello", Shade.SOFT),
        (Delivery.READ, "✓✓ Hello", Shade.SOFT),
        (Delivery.FAILED, "not delivered: the handset is off", Shade.DANGER),
        (Delivery.UNKNOWN, "outcome unknown: Hello", Shade.WARNING),
    ],
)
def test_every_outcome_has_words(status: Delivery, words: str, shade: Shade) -> None:
    spans = person(row(status=status), columns_for(120), NOW, " ")
    assert any(text.startswith(words) and look is shade for text, look in spans)


@pytest.mark.parametrize(
    ("left", "words", "shade"),
    [
        (timedelta(hours=4), "WA 4 h", Shade.SOFT),
        (timedelta(hours=4) - timedelta(seconds=1), "WA 3 h 59 m !", Shade.WARNING),
        (timedelta(seconds=30), "WA under 1 m !", Shade.WARNING),
    ],
)
def test_the_time_left_turns_urgent(left: timedelta, words: str, shade: Shade) -> None:
    spans = person(row(left=left), columns_for(120), NOW, " ")
    assert any(text.strip() == words and look is shade for text, look in spans)


def test_a_closed_window_is_not_counted_down() -> None:
    assert "WA" not in text_of(person(row(left=timedelta(0)), columns_for(120), NOW, " "))


def test_media_without_words_is_named() -> None:
    assert "Photo" in text_of(person(row(text="", media="image/jpeg"), columns_for(80), NOW, " "))


def test_more_channels_than_fit_are_counted() -> None:
    assert "SMS WA +2" in text_of(person(row(channels=tuple(Channel)), columns_for(80), NOW, " "))
    assert "SMS +3" in text_of(person(row(channels=tuple(Channel)), columns_for(50), NOW, " "))


def test_unread_is_a_mark_then_a_count_then_a_word() -> None:
    assert [text_of(person(row(unread=3), columns_for(w), NOW, " "))[1:6].strip() for w in (60, 100)] == [
        "● Ann",
        "●3",
    ]
    assert "● 3 new" in text_of(person(row(unread=3), columns_for(140), NOW, " "))


def test_channels_have_names_where_there_is_room_and_signs_that_differ_where_not() -> None:
    of_all = row(channels=tuple(Channel), left=timedelta(hours=4))
    wide, middle = (text_of(person(of_all, columns_for(width), NOW, " ")) for width in (150, 120))
    assert "SMS WhatsApp Telegram Messenger" in wide and "WhatsApp 4 h" in wide
    assert "SMS WA TG FB" in middle and "WA 4 h" in middle
    marks = [channel.mark for channel in Channel]
    assert not [(one, two) for one in marks for two in marks if one != two and set(one) <= set(two)]


@pytest.mark.parametrize("width", [40, 58, 63, 80, 90, 118, 150, 200])
def test_each_column_has_its_heading_over_it(width: int) -> None:
    columns = columns_for(width)
    over, line = text_of(headings(columns)), text_of(person(row(left=timedelta(hours=4)), columns, NOW, " "))
    assert text_width(over) <= width
    assert over.index("Name") == line.index("Ann")
    assert over.index("Channels" if width >= 60 else "Via") == line.index("SMS")
    assert over.index("Last message" if width > 45 else "Message") == line.index("Hello")
    assert over.index("Age") + len("Age") == line.index("1 m") + len("1 m")
    if columns.window:
        assert over.index("Window closes") == line.index("W", line.index("1 m"))


def queued(
    deadline: timedelta | None, channel: Channel | None = None, state: str = "open", wake: datetime | None = None
) -> PersonRow:
    """Return a person who wrote an hour ago and waits, or is snoozed."""
    return row()._replace(
        state=state,
        waiting_since=NOW - timedelta(hours=1),
        deadline=None if deadline is None else NOW + deadline,
        deadline_channel=channel,
        wake_at=wake,
        assignee="Noor",
    )


@pytest.mark.parametrize(
    ("deadline", "channel", "words", "shade"),
    [
        (timedelta(minutes=40), Channel.WHATSAPP, "WA in 40 m", Shade.WARNING),
        (timedelta(minutes=20), None, "target in 20 m", Shade.WARNING),
        (timedelta(hours=-5), None, "target \N{MINUS SIGN}5 h", Shade.DANGER),
        (timedelta(minutes=-1), Channel.MESSENGER, "FB \N{MINUS SIGN}1 m", Shade.DANGER),
    ],
)
def test_a_deadline_counts_down_and_says_what_ends(
    deadline: timedelta, channel: Channel | None, words: str, shade: Shade
) -> None:
    spans = person(queued(deadline, channel), columns_for(96, Timing.QUEUE), NOW, " ")
    assert any(text.strip() == words and look is shade for text, look in spans)


@pytest.mark.parametrize(
    ("window", "words", "shade"),
    [
        (timedelta(minutes=40), "WA in 40 m", Shade.WARNING),
        (timedelta(hours=4), "target \N{MINUS SIGN}22 h", Shade.DANGER),
        (timedelta(minutes=-1), "target \N{MINUS SIGN}22 h", Shade.DANGER),
        (None, "target \N{MINUS SIGN}22 h", Shade.DANGER),
    ],
)
def test_a_window_that_closes_soon_is_told_before_a_target_that_was_missed(
    window: timedelta | None, words: str, shade: Shade
) -> None:
    late = queued(timedelta(hours=-22))._replace(
        window_channel=None if window is None else Channel.WHATSAPP,
        window_until=None if window is None else NOW + window,
    )
    spans = person(late, columns_for(96, Timing.QUEUE), NOW, " ")
    assert any(text.strip() == words and look is shade for text, look in spans)


@pytest.mark.parametrize("width", [48, 60, 63, 96, 150])
def test_waiting_and_the_deadline_stay_at_every_width(width: int) -> None:
    columns = columns_for(width, Timing.QUEUE, assigned=True)
    over, line = text_of(headings(columns)), text_of(person(queued(timedelta(minutes=40)), columns, NOW, " "))
    assert over.index("Wait") + len("Wait") == line.index("1 h") + len("1 h")
    assert over.index("Runs out") == line.index("target in 40 m")
    assert ("Noor" in line) is (width >= 95) is ("Assignee" in over)


def test_a_snoozed_person_says_when_they_wake() -> None:
    columns = columns_for(96, Timing.SNOOZED)
    with in_utc():
        later = text_of(person(queued(None, None, "snoozed", NOW + timedelta(days=1)), columns, NOW, " "))
        today = text_of(person(queued(None, None, "snoozed", NOW + timedelta(hours=2)), columns, NOW, " "))
        never = text_of(person(queued(None, None, "snoozed"), columns, NOW, " "))
    assert "Wed 18 Nov 12:00" in later and "14:00" in today and "when they write" in never


def test_initials_on_a_persons_own_colour_stand_only_where_name_and_message_keep_their_room() -> None:
    for width, shown in ((58, False), (98, True), (150, True)):
        columns = columns_for(width, Timing.QUEUE, assigned=True)
        spans = person(row("Ann Lee"), columns, NOW, " ")
        assert (("AL", PERSON_SHADES[1]) in spans) is shown, width
        assert not shown or min(columns.name, columns.message) >= 20, width
    assert len(PERSON_SHADES) == PERSON_COLORS


def test_a_draft_is_marked() -> None:
    assert "✎ Hello" in text_of(person(row()._replace(has_draft=True), columns_for(80), NOW, " "))
