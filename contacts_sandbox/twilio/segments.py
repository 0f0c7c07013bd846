"""How many parts a text message is carried in, as Twilio counts."""

from collections.abc import Iterable

from wcwidth import iter_graphemes

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")


def count_segments(text: str) -> int:
    """Return the number of parts of `text`, as Twilio counts.

    A single part holds 160 septets, and each of several 153; 70 and 67 UTF-16 units when GSM 03.38 can't write the
    text. Neither an escaped character nor a grapheme cluster (but CRLF) that fits into one part is split.
    """
    if all(char in _GSM7 or char in _GSM7_EXTENDED for char in text):
        return _parts([2 if char in _GSM7_EXTENDED else 1 for char in text], 160, 153)
    return _parts([size for cluster in iter_graphemes(text) for size in _utf16_sizes(cluster)], 70, 67)


def _utf16_sizes(cluster: str) -> Iterable[int]:
    sizes = [len(char.encode("utf-16-le", "surrogatepass")) // 2 for char in cluster]
    return sizes if cluster == "\r\n" or sum(sizes) > 67 else [sum(sizes)]


def _parts(sizes: list[int], single: int, joined: int) -> int:
    if sum(sizes) <= single:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts
