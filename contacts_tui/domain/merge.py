"""Merging two contacts into one: what each has, which values are taken, the result, and how a merge is undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from contacts_tui.domain.contact import Contact
from contacts_tui.domain.text import first_name


class Field(StrEnum):
    """A field of a contact whose value can come from either side."""

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
        """The name that agents read."""
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
        """The same choice with the two contacts swapped."""
        return {Take.KEEP: Take.OTHER, Take.OTHER: Take.KEEP, Take.BOTH: Take.BOTH}[self]


class MergeError(ValueError):
    """A choice that isn't possible; its text says in one sentence what is wrong and what to do."""


JOINABLE = frozenset({Field.EMAILS, Field.TAGS, Field.NOTE, Field.ATTRIBUTES})
"""Fields in which the values of both sides can be joined."""

Value = str | tuple[str, ...] | Mapping[str, str]
"""A text, several texts for emails and tags, or texts by name for attributes."""
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
        """Return the value of a field."""
        value: Value = getattr(self, field.value)
        return value


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to a contact, and moves with its addresses."""

    addresses: tuple[str, ...]
    """Every address with its channel's label, and a chat's profile name, raw: "SMS +12025550142"."""
    threads: int
    messages: int
    unread: int
    drafts: int
    waiting: int
    """The number of messages that wait to be sent."""
    notes: int


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """One field of a merge that is being considered."""

    field: Field
    keep: Value
    other: Value
    options: tuple[Take, ...]
    """The possible choices; only KEEP when both sides are equal."""
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
    """What belongs to the contact that stays."""
    brings: Belongings
    """What comes from the other one."""


class MoveKind(StrEnum):
    """The kind of a journal entry."""

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
    """The name before it, raw."""
    other_id: int
    other_name: str
    """The name before a merge, or the new one after a split; raw."""
    addresses: int
    threads: int
    messages: int
    """How many of these were moved."""
    undone_at: datetime | None
    undone_by: str
    obstacle: str
    """Why it can't be undone now, in a sentence; empty when it can."""

    @property
    def sentence(self) -> str:
        """What was done, as a clause."""
        if self.kind is MoveKind.MERGE:
            return f"{self.other_name} was merged into {self.kept_name}"
        return f"{self.other_name} was moved from {self.kept_name} to its own contact"


def profile_of(contact: Contact) -> Profile:
    """Return the fields of a contact that a merge chooses from."""
    return Profile(**{field.value: getattr(contact, field.value) for field in Field})


def parts(value: Value) -> tuple[str, ...]:
    """Return a value as a row of texts."""
    if isinstance(value, Mapping):
        return tuple(f"{name}: {text}" for name, text in value.items())
    return value if isinstance(value, tuple) else (value,)


def options(field: Field, keep: Profile, other: Profile) -> tuple[Take, ...]:
    """Return the possible choices for a field: one side, and both where joining them makes a difference."""
    mine, theirs = keep.value(field), other.value(field)
    if mine == theirs:
        return (Take.KEEP,)
    if field in JOINABLE and mine and theirs:
        return (Take.KEEP, Take.OTHER, Take.BOTH)
    return (Take.KEEP, Take.OTHER)


def defaults(keep: Profile, other: Profile) -> dict[Field, Take]:
    """Return the default choices: no value is lost to an empty one, and a name replaces a mere number or email."""
    return {field: _default(field, keep, other) for field in Field}


def outcome(keep: Profile, other: Profile, choices: Choices) -> Profile:
    """Return the result of a merge; fields without a choice use the default. Raise MergeError for a wrong choice."""
    taken = {**defaults(keep, other), **choices}
    return _profile({field: _taken(field, taken[field], keep, other) for field in Field})


def preview_fields(keep: Profile, other: Profile, choices: Choices) -> tuple[FieldMerge, ...]:
    """Return every field with both sides, the choice and its result. Raise MergeError for an impossible choice."""
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
    """Return the kept side as it was `before` a merge, with the changes between `after` the merge and `now`.

    A text that was changed since the merge stays as it is now. Of a list and of attributes, additions and removals
    since the merge are kept.
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
    """Return both lists joined, without texts that differ only in case: the first spelling stays."""
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
