"""Messages that read like a wish for no more messages, but aren't an opt-out: an agent should see them before writing.

This is a guess to be shown to an agent: it closes no channel. A wish addressed to us counts ("stop texting me"), words
about something else don't ("the bus stop", "stop my order"). A wish that isn't found looks like any other message.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from contacts_tui.domain.stop_phrases import ALONE, ANYWHERE, CLAUSE_BEGINS, LEAD, POLITE

_LONGEST = 2000
"""How many characters of a message are checked."""

_OPT_OUT = ["opt", "out"]
_CLAUSES = re.compile(r"[.!?;,:\n…。！？、，؟]+|\s[-–—]+\s|\b(?:and|but|so|because|et|y|und|e|en)\b")
_SENTENCES = re.compile(r"[.!?\n…。！？؟]+")
_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")
"""A word between two blanks, without the punctuation around it."""
_WITHIN = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
"""A text without the punctuation and blanks around it."""


def wishes_to_stop(text: str) -> bool:
    """Return whether a typed message reads like a wish for no more messages, in any of several languages."""
    said = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold().replace("\u2019", "'").replace("\u02bc", "'")
    if ANYWHERE.search(said):
        return True
    if _is_bare(_words(said)):
        return True
    first = _SENTENCES.split(said.strip(), maxsplit=1)
    if len(first) > 1 and _is_bare(_words(first[0])):
        return True
    return any(_is_wish(clause) for part in _CLAUSES.split(said) if (clause := _bare(part)))


def _is_wish(clause: str) -> bool:
    lead = LEAD.match(clause + " ")
    rest = clause if lead is None else clause[lead.end() :].strip()
    if not rest:
        return False
    if CLAUSE_BEGINS.match(clause):
        return True
    return lead is not None and bool(CLAUSE_BEGINS.match(rest) or _is_asked(lead, rest))


def _is_asked(lead: re.Match[str], rest: str) -> bool:
    """Return whether a clause asks us to stop, with nothing after it: "I asked you to stop"."""
    return not {"you", "said"}.isdisjoint(lead[0].split()) and _is_bare(rest.split())


def _is_bare(words: Iterable[str]) -> bool:
    """Return whether these words are only ones of ALONE, or "opt out", and words of POLITE."""
    left = []
    for word in words:
        if word not in POLITE:
            if word not in ALONE and word not in _OPT_OUT:
                return False
            left.append(word)
    return left == _OPT_OUT or (bool(left) and all(word in ALONE for word in left))


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


def _bare(text: str) -> str:
    """Return a text without punctuation and blanks around it, and with single blanks within."""
    found = _WITHIN.search(text)
    return "" if found is None else " ".join(found[0].split())
