"""Two contacts become one: what each side has, what is taken, what comes out, and how it is taken apart again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from contacts_tui.domain.contact import Contact
from contacts_tui.domain.text import first_name


class Field(StrEnum):
    """What is said of a contact, and can come from either side."""

    NAME = "name"
    COMPANY = "company"
    EMAILS = "emails"
    TAGS = "tags"
    NOTE = "note"
    OWNER = "owner"
    TIME_ZONE = "time_zone"
    LANGUAGE = "language"
    ATTRIBUTES = "attributes"

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.value.replace("_", " ")


class Take(StrEnum):
    """Where a field's value comes from."""

    KEEP = "keep"
    """The contact that stays."""
    OTHER = "other"
    """The contact that is merged into it."""
    BOTH = "both"
    """Both together; only lists, attributes and the note."""

    @property
    def swapped(self) -> "Take":
        """The same value, seen from the other direction."""
        return {Take.KEEP: Take.OTHER, Take.OTHER: Take.KEEP, Take.BOTH: Take.BOTH}[self]


class MergeError(ValueError):
    """A choice that can't be made; its text says in one sentence what is wrong and what to do."""


JOINABLE = frozenset({Field.EMAILS, Field.TAGS, Field.NOTE, Field.ATTRIBUTES})
"""Fields in which both sides can stand together."""

Value = str | tuple[str, ...] | Mapping[str, str]
"""A text, a list of them for emails and tags, or texts by names for attributes."""
Choices = Mapping[Field, Take]


@dataclass(frozen=True, slots=True)
class Profile:
    """The fields of a contact that a merge chooses from. Texts are raw."""

    name: str
    company: str
    emails: tuple[str, ...]
    tags: tuple[str, ...]
    note: str
    owner: str
    time_zone: str
    language: str
    attributes: Mapping[str, str]

    def value(self, field: Field) -> Value:
        """One of them."""
        value: Value = getattr(self, field.value)
        return value


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on a contact and goes with its addresses."""

    addresses: tuple[str, ...]
    """Every address with its channel's label, and a chat's profile name, raw: "SMS +12025550142"."""
    threads: int
    messages: int
    unread: int
    drafts: int
    waiting: int
    """Messages that wait to be sent."""
    notes: int


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """One field of a merge that is being considered."""

    field: Field
    keep: Value
    other: Value
    options: tuple[Take, ...]
    """What may be taken; only KEEP when both sides are alike."""
    taken: Take
    result: Value


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do. Nothing is stored."""

    keep: Contact
    other: Contact
    fields: tuple[FieldMerge, ...]
    result: Profile
    keeps: Belongings
    """What hangs on the contact that stays."""
    brings: Belongings
    """What comes from the other one."""


class MoveKind(StrEnum):
    """What a journal entry tells of."""

    MERGE = "merge"
    """The other contact became part of the one that is kept."""
    SPLIT = "split"
    """An address was moved from the kept contact into a new one, the other."""


@dataclass(frozen=True, slots=True)
class MergeEntry:
    """One entry of the journal of merges and splits."""

    id: int
    kind: MoveKind
    at: datetime
    author: str
    kept_id: int
    kept_name: str
    """As it was before, raw."""
    other_id: int
    other_name: str
    """As it was before a merge, or as a split named it; raw."""
    addresses: int
    threads: int
    messages: int
    """How many went over."""
    undone_at: datetime | None
    undone_by: str
    obstacle: str
    """Why it can't be undone now, in a sentence; empty when it can."""

    @property
    def sentence(self) -> str:
        """What was done."""
        if self.kind is MoveKind.MERGE:
            return f"{self.other_name} was merged into {self.kept_name}"
        return f"{self.other_name} was moved from {self.kept_name} to its own contact"


def profile_of(contact: Contact) -> Profile:
    """What of a contact can be chosen."""
    return Profile(**{field.value: getattr(contact, field.value) for field in Field})


def parts(value: Value) -> tuple[str, ...]:
    """What a value says, as texts that can stand in a row."""
    if isinstance(value, Mapping):
        return tuple(f"{name}: {text}" for name, text in value.items())
    return value if isinstance(value, tuple) else (value,)


def options(field: Field, keep: Profile, other: Profile) -> tuple[Take, ...]:
    """What may be taken for a field: one side, and both where that is something else."""
    mine, theirs = keep.value(field), other.value(field)
    if mine == theirs:
        return (Take.KEEP,)
    if field in JOINABLE and mine and theirs:
        return (Take.KEEP, Take.OTHER, Take.BOTH)
    return (Take.KEEP, Take.OTHER)


def defaults(keep: Profile, other: Profile) -> dict[Field, Take]:
    """What is taken when nobody chooses: nothing is lost, and a name is preferred to a mere number."""
    return {field: _default(field, keep, other) for field in Field}


def outcome(keep: Profile, other: Profile, choices: Choices) -> Profile:
    """What comes out; fields without a choice by default. Raises MergeError for a choice that a field doesn't have."""
    taken = {**defaults(keep, other), **choices}
    return _profile({field: _taken(field, taken[field], keep, other) for field in Field})


def preview_fields(keep: Profile, other: Profile, choices: Choices) -> tuple[FieldMerge, ...]:
    """Every field with both sides, the choice and what comes of it. Raises MergeError."""
    taken, result = {**defaults(keep, other), **choices}, outcome(keep, other, choices)
    return tuple(
        FieldMerge(
            field=field,
            keep=keep.value(field),
            other=other.value(field),
            options=options(field, keep, other),
            taken=taken[field],
            result=result.value(field),
        )
        for field in Field
    )


def restored(before: Profile, after: Profile, now: Profile) -> Profile:
    """The kept side again as it was `before`, with what was changed since the merge made it `after`.

    A text that was changed since stays as it is now; of a list, what was added since stays and what was taken out
    stays out.
    """
    return _profile({field: _restored(before.value(field), after.value(field), now.value(field)) for field in Field})


def _profile(values: Mapping[Field, Any]) -> Profile:
    return Profile(**{field.value: value for field, value in values.items()})


def _default(field: Field, keep: Profile, other: Profile) -> Take:
    mine, theirs = keep.value(field), other.value(field)
    if mine == theirs or not theirs:
        return Take.KEEP
    if not mine:
        return Take.OTHER
    if field in JOINABLE:
        return Take.BOTH
    if field is Field.NAME and not first_name(keep.name) and first_name(other.name):
        return Take.OTHER
    return Take.KEEP


def _taken(field: Field, take: Take, keep: Profile, other: Profile) -> Value:
    mine, theirs = keep.value(field), other.value(field)
    match take:
        case Take.KEEP:
            return mine
        case Take.OTHER if field is Field.NAME and not other.name:
            raise MergeError("a contact needs a name: choose the other one")
        case Take.OTHER:
            return theirs
    if field not in JOINABLE:
        raise MergeError(f"there can be only one {field.label}: choose one side, keep or other")
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return _united(mine, theirs)
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return {**theirs, **mine}
    return "\n".join(dict.fromkeys(text for text in (mine, theirs) if isinstance(text, str) and text))


def _united(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Both lists without what differs in case only; the first spelling stays."""
    first: dict[str, str] = {}
    for text in mine + theirs:
        first.setdefault(text.strip().casefold(), text)
    return tuple(first.values())


def _restored(before: Value, after: Value, now: Value) -> Value:
    if now == after:
        return before
    if isinstance(before, Mapping) and isinstance(after, Mapping) and isinstance(now, Mapping):
        changed = {name: now.get(name) for name in {*now, *after} if now.get(name) != after.get(name)}
        return {name: text for name, text in {**before, **changed}.items() if text is not None}
    if not (isinstance(before, tuple) and isinstance(after, tuple) and isinstance(now, tuple)):
        return now
    removed = set(after) - set(now)
    added = [text for text in now if text not in after and text not in before]
    return tuple(text for text in before if text not in removed) + tuple(added)
