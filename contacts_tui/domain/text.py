"""Text from outside: removing hostile characters before it is drawn, and folding it for search.

Nothing here reads or writes markup.
"""

import re
import unicodedata
from bisect import bisect_right

_REPLACEMENT = "\ufffd"

_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")

_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but newline and tab, DEL, C1: they reach the terminal as commands.
    "\u202a-\u202e\u2066-\u2069"  # Bidi embeddings, overrides and isolates: they reorder their surroundings.
    "\ud800-\udfff"  # Lone surrogates: they can't be encoded, so writing them would end the program.
    "]"
)

_INVISIBLE = re.compile(
    "["
    "\u00ad\u180e\u200b\u2060-\u2064\ufeff"  # Soft hyphen, zero-width spaces and operators.
    "\u061c\u200e\u200f\u206a-\u206f"  # Direction marks and the deprecated format characters.
    "\ufff9-\ufffb"  # Interlinear annotation.
    "\U000e0000-\U000e007f"  # Tags: they hide whole sentences.
    "]"
)
"""Invisible characters. Ordinary messages hold some, so they are removed without a mark. ZWJ, ZWNJ and the
variation selectors are not among them: emoji and several scripts need these."""

_BLANK = re.compile("[\u3164\uffa0\u2800]")
"""Hangul fillers and the Braille pattern without dots: they draw nothing, and are used for names that look empty."""

_JAMO_FILLERS = "\u115f\u1160"
"""Letters that draw nothing alone; old Korean needs them with others, so they are kept in a text."""

_SPECIAL = re.compile("[^\x20-\x7e\n\t]")

_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Combining marks of the Latin, Greek and Cyrillic scripts. Vowel signs of other scripts change the word, so
they stay."""

_FOLDED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
)
"""Letters that Unicode doesn't decompose into a base and an accent, and the apostrophes that phones type."""

_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "herr", "frau", "sr", "sra"})


def clean(text: str) -> str:
    """Return a text that can neither control the terminal nor change its visible order, with its lines kept.

    Clean once, where text is drawn. Control characters, bidi controls and lone surrogates become U+FFFD, so
    that their place can be seen; invisible characters are removed; every kind of line end becomes a newline.
    """
    if not _SPECIAL.search(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _UNSAFE.sub(_REPLACEMENT, text)
    text = _INVISIBLE.sub("", text)
    return _BLANK.sub(" ", text)


def one_line(text: str) -> str:
    """Return a cleaned text on one line: newlines, tabs and runs of white space become one space each."""
    return " ".join(clean(text).split())


def draws_nothing(text: str) -> bool:
    """Return whether nothing of a text is visible: only spaces, controls, marks without a base, blank letters.

    Use this instead of a test for an empty text wherever a name comes from outside.
    """
    if text.isascii() and text.isprintable():
        return not text or text.isspace()
    return not any(
        unicodedata.category(char)[0] not in "ZCM" or unicodedata.category(char) in ("Co", "Cn")
        for char in _BLANK.sub("", text)
        if char not in _JAMO_FILLERS
    )


def name_or(name: str, fallback: str) -> str:
    """Return a name without spaces around it, or the fallback when nothing of the name is visible."""
    return fallback if draws_nothing(name) else name.strip()


NO_NAME = "(no name)"
"""Shown for a person whose stored name draws nothing, where no address is shown instead."""

LONGEST_NAME = 100
"""The most characters of a name that an agent gives to an object, such as an inbox."""


def name_fault(name: str) -> str:
    """Return why this can't be the name of an object, such as an inbox, as a clause; empty when it can.

    Names of people come from outside and aren't checked.
    """
    if draws_nothing(name):
        return "is empty, or has only invisible characters"
    if _UNSAFE.search(name) or any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in name):
        return "has a line break or another character that controls the terminal in it"
    if len(name) > LONGEST_NAME:
        return f"has {len(name):,} characters, and the limit is {LONGEST_NAME}"
    return ""


def begun(clause: str) -> str:
    """Return a clause as the beginning of a sentence: with a capital letter, unless it begins with an email address."""
    return clause if "@" in clause.partition(" ")[0] else clause[:1].upper() + clause[1:]


def sentence(clause: str) -> str:
    """Return a clause as a whole sentence: with a capital letter, and a full stop at its end."""
    return begun(clause) if clause.endswith((".", "!", "?", "…")) else f"{begun(clause)}."


_THINGS = {"note": "on", "scheduled message": "to", "message": "to"}
"""The things that a person has, each with the preposition before the person's name."""


def done_with(name: str, words: str) -> str:
    """Return what was done as a clause: "Ann closed", or for one of a person's things "note on Ann added"."""
    for thing, between in _THINGS.items():
        if words.startswith(f"{thing} "):
            return f"{thing} {between} {name}{words.removeprefix(thing)}"
    return f"{name} {words}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 row", "1,204 rows". `many` is the plural when it isn't formed by an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def searchable(text: str) -> str:
    """Return the form in which both sides of a search are compared: no case, no accents, one kind of each letter."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", one_line(text)).casefold()
    text = _ACCENTS.sub("", text).translate(_FOLDED)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def around(text: str, query: str, before: int) -> str:
    """Return a text from at most `before` characters ahead of what a search found in it; "…" stands for what is cut.

    The place is that of the whole query or, failing that, of its first word, compared as `searchable`; else the begin.
    """
    folded, wanted = searchable(text), searchable(query)
    at = max(folded.find(wanted), 0) or max(folded.find(wanted.partition(" ")[0]), 0)
    # Folding may change the length: the letter at `at` is the last one whose beginning folds to no more than that.
    place = bisect_right(range(len(text) + 1), at, key=lambda end: len(searchable(text[:end]))) - 1
    begin = max(0, place - before)
    return ("…" if begin else "") + text[begin:]


def author_words(author: str, agent: str) -> str:
    """Return who wrote an outbound message, as the agent reads it: "Us" for one from outside of this program."""
    return "You" if author == agent else one_line(author) or "Us"


def first_name(name: str) -> str:
    """Return the given name, by which a person is addressed: of "Amara Okafor", "Okafor, Amara" or "Dr. Amara Okafor".

    Empty when it isn't a name, such as the number or email address by which an unknown sender is listed.
    """
    return _given_and_family(name)[0]


def last_name(name: str) -> str:
    """Return the family name, with any middle names before it; empty when there is none."""
    return _given_and_family(name)[1]


def _given_and_family(name: str) -> tuple[str, str]:
    family, comma, given = one_line(name).partition(",")
    words = f"{given} {family}".split() if comma else family.split()
    if len(words) > 1 and words[0].rstrip(".").casefold() in _HONORIFICS:
        words = words[1:]
    if not words or "@" in words[0] or not any(char.isalpha() for char in words[0]):
        return "", ""
    return words[0], " ".join(words[1:])
