"""How many segments a text has as SMS, and whether it is too long."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from contacts_tui.domain.graphemes import graphemes
from contacts_tui.domain.limits import Limits

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of GSM 03.38, without the escape: one unit a character."""

_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""The extension table of GSM 03.38: an escape and a code, two units that stay together."""

_TYPOGRAPHY = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛‹›′ʼ`´", "'"),  # noqa: RUF001 (they are what is meant)
    **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001 (they are what is meant)
    **dict.fromkeys("•·‣◦", "*"),
    **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
    "…": "...",
    "\t": " ",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "œ": "oe",
    "Œ": "OE",
    "ç": "c",
    "™": "TM",
    "©": "(c)",
    "®": "(R)",
    "×": "x",
}
"""Plain replacements of characters that Unicode doesn't decompose, or decomposes in another way."""


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """How a text is divided into SMS segments."""

    encoding: Literal["GSM-7", "UCS-2"]
    characters: int
    """Characters (code points) of the text."""
    segments: int
    """The number of segments, each of which is billed; 0 for an empty text."""
    per_segment: int
    """Units in one segment: 160 or 153 septets, 70 or 67 UTF-16 units (the smaller when there are several
    segments)."""
    left_in_segment: int
    """Units still free in the last segment."""
    culprit: str
    """The first character that forces UCS-2; empty for GSM-7."""


def measure(text: str) -> SegmentCount:
    """Count the segments of an SMS (GSM 03.38 for the alphabet, GSM 03.40 for the division).

    An escape and its code stay in one segment, and so, as Twilio divides, does a grapheme cluster. A cluster that is
    longer than a segment is split between its characters.
    """
    culprit = next((char for char in text if char not in _GSM_BASIC and char not in _GSM_EXTENDED), "")
    if culprit:
        return _divide(text, "UCS-2", list(_ucs2_costs(text, 67)), 70, 67, culprit)
    return _divide(text, "GSM-7", [2 if char in _GSM_EXTENDED else 1 for char in text], 160, 153, "")


def plain(text: str) -> str:
    """Return a text with characters that force UCS-2 replaced by ones of the GSM alphabet with the same meaning.

    Typographic quotation marks, dashes and spaces become plain ones, and letters lose an accent that the alphabet
    doesn't have. A character without such a form, such as an emoji or another script, stays.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(char if char in _GSM_BASIC or char in _GSM_EXTENDED else _plain(char) for char in composed)


def _plain(char: str) -> str:
    found = _TYPOGRAPHY.get(char)
    if found is None:
        found = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return found if all(each in _GSM_BASIC or each in _GSM_EXTENDED for each in found) else char


def over_limit(limits: Limits, text: str) -> int:
    """Return by how many characters free text is too long; 0 when it fits."""
    return max(0, len(text) - limits.text)


def _ucs2_costs(text: str, most: int) -> Iterator[int]:
    """Yield the UTF-16 units of each part that is never split: a cluster, or, of one over `most`, each character."""
    for cluster in graphemes(text):
        costs = [2 if ord(char) > 0xFFFF else 1 for char in cluster]
        # A line end of two characters is one cluster for Unicode and two for Twilio.
        if cluster == "\r\n" or sum(costs) > most:
            yield from costs
        else:
            yield sum(costs)


def _divide(
    text: str, encoding: Literal["GSM-7", "UCS-2"], costs: list[int], alone: int, joined: int, culprit: str
) -> SegmentCount:
    total = sum(costs)
    if total <= alone:
        segments, per_segment, left = min(1, total), alone, alone - total
    else:
        segments, used = _fill(costs, joined)
        per_segment, left = joined, joined - used
    return SegmentCount(encoding, len(text), segments, per_segment, left, culprit)


def _fill(costs: Iterable[int], size: int) -> tuple[int, int]:
    """Return how many segments of `size` units these unsplittable costs need, and the units used in the last one."""
    segments, used = 1, 0
    for cost in costs:
        if used + cost > size:
            segments, used = segments + 1, 0
        used += cost
    return segments, used
