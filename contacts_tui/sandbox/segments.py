"""How many parts a text message is carried in."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")


def count_segments(text: str) -> int:
    """Parts of `text`: 160 or 153 septets each, or 70 or 67 UTF-16 units when GSM 03.38 can't write it."""
    if all(char in _GSM7 or char in _GSM7_EXTENDED for char in text):
        units = sum(2 if char in _GSM7_EXTENDED else 1 for char in text)
        single, joined = 160, 153
    else:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        single, joined = 70, 67
    return 1 if units <= single else -(-units // joined)
