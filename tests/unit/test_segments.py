"""SMS segments against a splitter that builds the segments, and the limits of each channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.segments import measure, over_limit

EXTENDED = "^{}[~]|€\\"
GSM = "aZ 09@£$ñüàÇ\n?'\"" + EXTENDED
texts = st.text(st.sampled_from(GSM), max_size=400) | st.text(st.sampled_from(GSM + "ç\u2019ж😀🏽"), max_size=200)


def cut(text: str, gsm: bool) -> list[str]:
    """The segments themselves: as much as fits into each, one character at a time."""

    def units(part: str) -> int:
        if gsm:
            return len(part) + sum(part.count(char) for char in EXTENDED)
        return len(part.encode("utf-16-le")) // 2

    alone, joined = (160, 153) if gsm else (70, 67)
    if units(text) <= alone:
        return [text] if text else []
    segments = [""]
    for char in text:
        if units(segments[-1] + char) > joined:
            segments.append("")
        segments[-1] += char
    return segments


@given(texts)
def test_segments_agree_with_a_splitter(text: str) -> None:
    gsm = all(char in GSM for char in text)
    count, segments = measure(text), cut(text, gsm)
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
    assert over_limit(channel, "é" * limit) == 0
    assert over_limit(channel, "é" * (limit + 3)) == 3
