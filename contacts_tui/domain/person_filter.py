"""Filters over people, written as one line: `assignee:me tag:vip waiting>30m channel:whatsapp window<2h "blue one"`.

A line consists of terms separated by spaces, all of which must hold; a `-` before a term negates it. Anything else is a
word to search for; quotes keep words together. `order:` says how the people are sorted.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from contacts_tui.domain.channel import Channel


class Order(StrEnum):
    """The order of the people in a view."""

    URGENT = "urgent"
    """The earliest deadline first."""
    WAITING = "waiting"
    """The longest waiting person first."""
    WINDOW = "window"
    """The first window to close first."""
    LATEST = "latest"
    """The latest message first."""
    NAME = "name"
    SNOOZED = "snoozed"
    """The next person to wake first."""


class Field(StrEnum):
    """The property of a person that a term is about."""

    ASSIGNEE = "assignee"
    TAG = "tag"
    COMPANY = "company"
    LANGUAGE = "language"
    ATTRIBUTE = "attribute"
    """A custom attribute: `NAME=VALUE`, or its name alone for any value."""
    CHANNEL = "channel"
    INBOX = "inbox"
    STATE = "state"
    IS = "is"
    WAITING = "waiting"
    WINDOW = "window"
    TEXT = "text"


_NAMES = (*(field.value for field in Field), "order")
STATES = ("open", "snoozed", "closed")
FACTS = ("unread", "waiting", "failed", "draft", "unassigned", "blocked", "opted-out", "late")
ME = "me"
NOBODY = "none"
_CHOICES = {
    Field.CHANNEL: tuple(channel.value for channel in Channel),
    Field.STATE: STATES,
    Field.IS: FACTS,
}
GUIDE = {
    "assignee:me": "assigned to you; assignee:none to nobody, assignee:Noor to another agent",
    "tag:vip": "with a tag",
    'company:"Okafor & Daughters"': "of a company; quotes keep words together",
    "language:de": "with a language",
    "attribute:city=Berlin": "with an attribute of that value; attribute:city with any value",
    "channel:whatsapp": f"on a channel: {', '.join(channel.value for channel in Channel)}",
    "inbox:Shop": "at one of your inboxes",
    "state:open": f"in a state: {', '.join(STATES)}",
    "is:unread": f"of whom this is true: {', '.join(FACTS)}; who is snoozed or closed isn't waiting, nor late",
    "waiting>30m": "open people who have waited for longer; waiting<2h for less. Spans are in m, h, d or w",
    "window<2h": "whose window closes within that time",
    "order:urgent": f"how they are sorted: {', '.join(order.value for order in Order)}",
    "-tag:vip": "a minus before a term: of whom it isn't true",
    '"blue one"': "words that they said, or of a name: any other word is searched for, too",
}
"""An example of each possible term, and the people that it finds."""
_SPANS = (Field.WAITING, Field.WINDOW)
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d{1,5})([mhdw])")
_TOKEN = re.compile(r'\s*(?P<token>(?:"[^"]*"|[^\s"])+|"[^"]*)')
_TERM = re.compile(r"(?P<field>[a-z]+)(?P<operator>[:<>])(?P<value>.*)", re.DOTALL)


class Term(NamedTuple):
    """One condition; `operator` is `:`, or `<` or `>` before a span."""

    field: Field
    value: str
    operator: str = ":"
    is_not: bool = False

    @property
    def span(self) -> timedelta:
        """The span of time of a term with `<` or `>`."""
        match = _DURATION.fullmatch(self.value)
        assert match is not None
        return timedelta(seconds=int(match[1]) * _UNITS[match[2]])

    def __str__(self) -> str:
        quoted = f'"{self.value}"' if re.search(r"\s", self.value) or not self.value or self._reads_otherwise else ""
        value = quoted or self.value
        sign = "-" if self.is_not else ""
        return f"{sign}{value}" if self.field is Field.TEXT else f"{sign}{self.field}{self.operator}{value}"

    @property
    def _reads_otherwise(self) -> bool:
        """Whether the bare word would be read as something else."""
        return self.field is Field.TEXT and bool(
            self.value.startswith("-") or ((match := _TERM.fullmatch(self.value)) and _is_meant(match["field"]))
        )


class PersonFilter(NamedTuple):
    """Terms that all must hold, and the order of the people found."""

    terms: tuple[Term, ...] = ()
    order: Order | None = None

    @property
    def text(self) -> str:
        """The words that are searched for, as one text."""
        return " ".join(term.value for term in self.terms if term.field is Field.TEXT and not term.is_not)

    def __str__(self) -> str:
        order = () if self.order is None else (f"order:{self.order}",)
        return " ".join((*map(str, self.terms), *order))


class FilterError(ValueError):
    """A mistake in a filter: a sentence, and the mistake's place in the line."""

    def __init__(self, sentence: str, begin: int, end: int) -> None:
        """Keep the sentence and the mistake's place: the indices `begin`, and `end`, which is excluded."""
        super().__init__(sentence)
        self.begin = begin
        self.end = end


def parse(line: str) -> PersonFilter:
    """Return the filter that is written in a line. Raise FilterError with the place of a mistake."""
    terms, order = [], None
    for token, begin, end in _tokens(line):
        try:
            term = _term(token)
        except ValueError as error:
            raise FilterError(str(error), begin, end) from None
        if isinstance(term, Order):
            if order is not None:
                raise FilterError("the order stands there twice: keep one", begin, end)
            order = term
        else:
            terms.append(term)
    return PersonFilter(tuple(terms), order)


def completions(line: str, names: dict[Field, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words that can complete the last word of a line.

    `names` are the existing assignees, tags, inboxes, languages and attributes.
    """
    word = last_word(line)
    field, colon, begun = word.partition(":")
    if not colon:
        kinds = [f"{kind}:" for kind in Field if kind is not Field.TEXT and kind not in _SPANS]
        kinds += [f"{kind}<" for kind in _SPANS] + [f"{kind}>" for kind in _SPANS] + ["order:"]
        return tuple(kind for kind in kinds if word and kind.startswith(word))
    if field == "order":
        values: tuple[str, ...] = tuple(order.value for order in Order)
    elif field in set(Field):
        values = _CHOICES.get(Field(field), names.get(Field(field), ()))
        values = (ME, NOBODY, *values) if field == Field.ASSIGNEE else values
    else:
        return ()
    begun = begun.strip('"').lower()
    return tuple(
        f'{field}:"{value}"' if " " in value else f"{field}:{value}"
        for value in values
        if value.lower().startswith(begun)
    )


def last_word(line: str) -> str:
    """Return the word at the end of a line, as far as it is typed, without a `-` before it."""
    return re.split(r'\s(?=(?:[^"]*"[^"]*")*[^"]*$)', line)[-1].removeprefix("-")


def _tokens(line: str) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(line):
        token, begin, end = match["token"], match.start("token"), match.end("token")
        if token.count('"') % 2:
            raise FilterError('a quote has no end: write another " after the words', begin, end)
        yield token, begin, end


def _term(token: str) -> Term | Order:
    """Return the term or order of a token. Raise ValueError with a sentence."""
    is_not = token.startswith("-") and len(token) > 1
    bare = token[1:] if is_not else token
    match = None if bare.startswith('"') else _TERM.fullmatch(bare)
    if match is None or not _is_meant(match["field"]):
        words = bare.replace('"', "")
        if not words.strip():
            raise ValueError("between the quotes stands nothing: write the words that were said")
        return Term(Field.TEXT, words, is_not=is_not)
    name, operator, value = match["field"], match["operator"], match["value"].replace('"', "")
    if name == "order":
        return _order(operator, value, is_not=is_not)
    if name not in set(Field) - {Field.TEXT}:
        raise ValueError(_unknown("field", name, [kind for kind in Field if kind is not Field.TEXT] + ["order"]))
    field = Field(name)
    if not value:
        raise ValueError(f"“{name}{operator}” has no value: write for example {_example(field)}")
    if field in _SPANS:
        if operator == ":" or not _DURATION.fullmatch(value):
            raise ValueError(f"“{token}” isn't a span of time: write for example {_example(field)} (m, h, d or w)")
    elif operator != ":":
        raise ValueError(f"“{name}” has no size: write {name}:{value}")
    if field is Field.ATTRIBUTE and not value.partition("=")[0].strip():
        raise ValueError(f"“{token}” names no attribute: write for example {_example(field)}")
    allowed = _CHOICES.get(field)
    if allowed is not None:
        value = value.lower()
        if value not in allowed:
            raise ValueError(_unknown(name, value, allowed))
    return Term(field, value, operator, is_not)


def _is_meant(name: str) -> bool:
    """Return whether a word before `:`, `<` or `>` is a field, or a misspelt one; "http" is neither."""
    return name in _NAMES or bool(_near(name, _NAMES))


def _order(operator: str, value: str, *, is_not: bool) -> Order:
    if operator != ":" or is_not or value not in set(Order):
        raise ValueError(_unknown("order", value, [order.value for order in Order]))
    return Order(value)


def _unknown(kind: str, name: str, known: "list[str] | tuple[str, ...]") -> str:
    near = _near(name, known)
    article = "an" if kind[0] in "aeiou" else "a"
    hint = f"did you mean {near}? There are" if near else "there are"
    what = f"“is:{name}” says nothing of a person" if kind == Field.IS else f"“{name}” isn't {article} {kind}"
    return f"{what}: {hint} {', '.join(known)}"


def _near(name: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return the known name that was probably meant; empty without one."""
    # Only mistakes need this import, and the first frame waits for the imports of this module.
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, 1)), "")


def _example(field: Field) -> str:
    return next(example for example in GUIDE if example.startswith(field.value))
