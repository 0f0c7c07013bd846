"""SMS segments, compared with a splitter that builds them, and the limits of each channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.segments import measure, over_limit, plain
from tests.limits import limits_of

EXTENDED = "^{}[~]|€\\"
GSM = "aZ 09@£$ñüàÇ\n?'\"" + EXTENDED
CLUSTERS = [
    *GSM,
    "ç",
    "\u2019",
    "ж",
    "😀",
    "👍🏽",
    "👨\u200d👩\u200d👧\u200d👦",
    "🇩🇪",
    "e\u0301",
    "क्षि",
    "\uac01",
    "1\ufe0f\u20e3",
]
clusters = st.lists(st.sampled_from(GSM), max_size=400) | st.lists(st.sampled_from(CLUSTERS), max_size=200)


def cut(seen: list[str], gsm: bool) -> list[str]:
    """Return the segments themselves: each with as many characters, as people see them, as fit into it."""
    text = "".join(seen)

    def units(part: str) -> int:
        if gsm:
            return len(part) + sum(part.count(char) for char in EXTENDED)
        return len(part.encode("utf-16-le")) // 2

    alone, joined = (160, 153) if gsm else (70, 67)
    if units(text) <= alone:
        return [text] if text else []
    segments = [""]
    for char in seen:
        if units(segments[-1] + char) > joined:
            segments.append("")
        segments[-1] += char
    return segments


@given(clusters)
def test_segments_agree_with_a_splitter(seen: list[str]) -> None:
    # Flags side by side pair up in order, so that the clusters that were drawn stay.
    text = "".join(seen)
    gsm = all(char in GSM for char in text)
    count, segments = measure(text), cut(seen, gsm)
    assert count.encoding == ("GSM-7" if gsm else "UCS-2")
    assert count.segments == len(segments)
    assert count.characters == len(text)
    assert bool(count.culprit) is not gsm
    if count.segments:
        rest = count.left_in_segment
        assert rest >= 0
        filler = ("x" if gsm else "ж") * rest
        assert measure(text + filler).segments == count.segments
        assert measure(text + filler + "x").segments == count.segments + 1


@pytest.mark.parametrize(
    ("text", "segments", "per_segment", "left"),
    [
        ("", 0, 160, 160),
        ("a" * 160, 1, 160, 0),
        ("a" * 161, 2, 153, 145),
        ("a" * 306, 2, 153, 0),
        ("€" * 80, 1, 160, 0),
        ("a" * 152 + "€" + "a" * 8, 2, 153, 143),
        ("ж" * 70, 1, 70, 0),
        ("ж" * 71, 2, 67, 63),
        ("ж" * 66 + "😀" + "ж" * 3, 2, 67, 62),
        ("a" * 62 + "👨\u200d👩\u200d👧\u200d👦" + "a" * 61, 3, 67, 62),
        ("ж" * 66 + "👍🏽" + "ж" * 3, 2, 67, 60),
        ("ж" * 66 + "e\u0301" + "ж" * 66, 3, 67, 66),
        ("ж" * 64 + "🇩🇪🇫🇷" + "ж" * 63, 3, 67, 67 - 4),
        ("ж" * 66 + "\r\n" + "ж" * 66, 2, 67, 0),
        ("a" * 152 + "\r\n" + "a" * 152, 2, 153, 0),
        # A cluster that no segment can hold is split all the same.
        ("e" + "\u0301" * 133, 2, 67, 0),
        ("ж" * 60 + "e" + "\u0301" * 73, 2, 67, 0),
    ],
)
def test_the_published_numbers(text: str, segments: int, per_segment: int, left: int) -> None:
    count = measure(text)
    assert (count.segments, count.per_segment, count.left_in_segment) == (segments, per_segment, left)


@pytest.mark.parametrize("culprit", ["ç", "\u2019", "ж", "😀", "\t", "`"])
def test_one_character_turns_all_to_ucs2_and_is_named(culprit: str) -> None:
    count = measure(f"plain {culprit} and a later ж")
    assert (count.encoding, count.culprit) == ("UCS-2", culprit)


@pytest.mark.parametrize(
    ("channel", "limit"),
    [(Channel.SMS, 1600), (Channel.WHATSAPP, 1600), (Channel.TELEGRAM, 4096), (Channel.MESSENGER, 2000)],
)
def test_text_limits(channel: Channel, limit: int) -> None:
    assert over_limit(limits_of(channel), "é" * limit) == 0
    assert over_limit(limits_of(channel), "é" * (limit + 3)) == 3


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("“Don’t” – wait…", '"Don\'t" - wait...'),
        ("şük ćő Łódź", "sük co Lodz"),
        ("e\u0301 à\u00a0b\u200bc", "é à bc"),
        ("10 € für 日本 👍🏽", "10 € für 日本 👍🏽"),
    ],
)
def test_what_forces_ucs_2_is_written_in_the_gsm_alphabet_where_that_says_the_same(text: str, written: str) -> None:
    assert plain(text) == written


@given(clusters.map("".join))
def test_a_text_of_the_gsm_alphabet_stays_as_it_is_and_none_gets_dearer(text: str) -> None:
    before, after = measure(text), measure(plain(text))
    assert before.culprit or plain(text) == text
    assert after.segments <= before.segments or not after.culprit
