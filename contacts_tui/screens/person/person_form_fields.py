"""The fields of the form of a person, and how what is typed becomes an edit.

A field of which there may be several has one line for each, and an empty one below to add another: `phones:0`,
`phones:1`. Only a value that differs from its first one becomes a change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contacts_tui import services
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.note import Note
from contacts_tui.domain.text import clean, one_line

if TYPE_CHECKING:
    from contacts_tui.services.people_edit import Editable, Finding, PersonEdit

_NAMES_SHOWN = 12
"""Custom attributes of other people that are offered at most, to be filled in; any other is added by its name."""
ADD_ATTRIBUTE = "new_attribute"
_SEVERAL = ("phones", "emails", ADD_ATTRIBUTE)
"""Fields that have one line more than they have values."""


@dataclass(frozen=True, slots=True)
class PersonField:
    """One line, or one text, of the form; see `form_field.Asked`."""

    id: str
    label: str
    about: str
    value: str = ""
    """The first value, as it is drawn."""
    choices: tuple[tuple[str, str], ...] = ()
    has_lines: bool = False

    @property
    def of(self) -> str:
        """The field of a person that the line belongs to: "phones" for `phones:1`."""
        return self.id.partition(":")[0]


def fields_of(known: "Editable", agent: str) -> list[PersonField]:
    """Return every field of a person, and the empty ones that add more. `agent` is the one who edits."""
    return list(_fields(known, agent))


def _fields(known: "Editable", agent: str) -> Iterator[PersonField]:
    contact = known.contact
    yield PersonField("name", "Name", _NAME if contact else _NEW_NAME, one_line(contact.name) if contact else "")
    for place, number in enumerate((*known.phones, "")):
        yield _one_of("phones", place, one_line(display_phone(number)) if number else "")
    for place, email in enumerate((*(contact.emails if contact else ()), "")):
        yield _one_of("emails", place, one_line(email))
    yield PersonField("company", "Company", "Where they work.", one_line(contact.company) if contact else "")
    tags = ", ".join(map(one_line, contact.tags)) if contact else ""
    yield PersonField("tags", "Tags", "Words to find people by, with commas between them.", tags)
    yield PersonField("owner", "Assigned to", _ASSIGNEE, *_assignees(contact.owner if contact else "", known, agent))
    yield PersonField("language", "Language", _LANGUAGE, one_line(contact.language) if contact else "")
    yield PersonField("time_zone", "Time zone", _TIME_ZONE, one_line(contact.time_zone) if contact else "")
    yield from _attributes(known)
    yield PersonField("note", "On the card", _CARD_NOTE, clean(contact.note) if contact else "", has_lines=True)
    for note in known.notes:
        yield _note(note)
    yield PersonField("add_note", "Add a note", _ADD_NOTE, has_lines=True)
    if contact is not None:
        is_blocked = YES if contact.blocked_at is not None else ""
        yield PersonField("blocked", "Blocked", _BLOCKED, is_blocked, (("", "no"), (YES, "yes, on every channel")))


YES = "yes"
_NAME = "The name of this person."
_NEW_NAME = "The name of this person. Without one, company, number or email stands in its place."
_ASSIGNEE = "The agent who looks after this person."
_LANGUAGE = "The language they prefer, by its code: en, de, pt-BR."
_TIME_ZONE = "Such as Africa/Lagos. Left empty for a new person, it is that of the first number."
_CARD_NOTE = "What is always in sight on their card. It is never sent."
_ADD_NOTE = "A private note: it stands in the thread under your name and is never sent."
_BLOCKED = "What blocked people write is kept, marked as read and closed, and no message can be sent to them."
_NEW_ATTRIBUTE = (
    f"Something of your own: NAME=VALUE, such as plan=gold. NAME:KIND=VALUE says once what its values are: "
    f"{', '.join(kind for kind in Kind if kind is not Kind.TEXT)}."
)
_LINES = {
    "phones": (
        "Phone",
        "A number with its country code; it is tried by SMS and WhatsApp. Empty the line to remove it.",
    ),
    "emails": ("Email", "An email address. Empty the line to remove it."),
    ADD_ATTRIBUTE: ("Attribute", _NEW_ATTRIBUTE),
}
_VALUES = {
    Kind.TEXT: "A text.",
    Kind.NUMBER: "A number, such as 1234.5.",
    Kind.YES_NO: "Yes or no.",
    Kind.DATE: "A date, such as 2026-11-27.",
}


def _one_of(of: str, place: int, value: str = "") -> PersonField:
    label, about = _LINES[of]
    return PersonField(f"{of}:{place}", label, about, value)


def next_of(field: PersonField) -> PersonField | None:
    """Return the empty line to add below one of several; None for a field of which there is only one."""
    of, _, place = field.id.partition(":")
    return _one_of(of, int(place) + 1) if of in _SEVERAL else None


def _assignees(owner: str, known: "Editable", agent: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the assignee now, and the possible assignees, each with the words for them."""
    names = dict.fromkeys((agent, *known.agents, *([owner] if owner else [])))
    return owner, (("", "nobody"), *((name, "you" if name == agent else one_line(name)) for name in names))


def _attributes(known: "Editable") -> Iterator[PersonField]:
    values = known.contact.attributes if known.contact else {}
    others = [name for name in known.kinds if name not in values][:_NAMES_SHOWN]
    for name in (*values, *others):
        kind = known.kinds.get(name, Kind.TEXT)
        choices = (("", "–"), ("yes", "yes"), ("no", "no")) if kind is Kind.YES_NO else ()
        value = values.get(name, "")
        shown = value if choices else one_line(value)
        is_listed = not choices or value in dict(choices)
        yield PersonField(f"attributes:{name}", one_line(name), _VALUES[kind], shown, choices if is_listed else ())
    yield _one_of(ADD_ATTRIBUTE, 0)


def _note(note: Note) -> PersonField:
    at, author = note.at.astimezone(), one_line(note.author)
    about = f"A private note by {author}, {at:%d %b %Y %H:%M}; it is never sent. Empty it to remove it."
    return PersonField(f"notes:{note.id}", f"{author} {at:%d %b}", about, clean(note.text), has_lines=True)


def edit_of(fields: Iterable[PersonField], values: Mapping[str, str]) -> "PersonEdit":
    """Return the edit that these values make of the person; `fields` have the first values."""
    given: dict[str, Any] = {}
    lists: dict[str, list[str]] = {name: [] for name in _LISTS}
    attributes, notes = dict[str, str](), dict[int, str]()
    for field in fields:
        now, was = values.get(field.id, field.value).strip(), field.value.strip()
        if now == was:
            continue
        match field.of:
            case "phones" | "emails":
                if field.of == "phones" and _digits(now) == _digits(was):
                    continue
                lists[f"add_{field.of}"] += [now] if now else []
                lists[f"remove_{field.of}"] += [was] if was else []
            case "tags":
                lists["add_tags"] = _less(_tags(now), _tags(was))
                lists["remove_tags"] = _less(_tags(was), _tags(now))
            case "attributes":
                attributes[field.id.partition(":")[2]] = now
            case "new_attribute":
                name, _, value = now.partition("=")
                attributes[name.strip()] = value.strip()
            case "notes":
                notes[int(field.id.partition(":")[2])] = now
            case "blocked":
                given["is_blocked"] = now == YES
            case _:
                given[field.of] = now
    given |= {name: tuple(found) for name, found in lists.items()}
    return services.people_edit.PersonEdit(attributes=attributes, notes=notes, **given)


_LISTS = ("add_phones", "remove_phones", "add_emails", "remove_emails", "add_tags", "remove_tags")


def unfinished(fields: Iterable[PersonField], values: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with new attributes that can't be read: a clause by the id of the field."""
    return {
        field.id: "write NAME=VALUE, such as plan=gold"
        for field in fields
        if field.of == ADD_ATTRIBUTE and (text := values.get(field.id, "").strip())
        if not all(part.strip() for part in text.partition("="))
    }


def place_of(finding: "Finding", fields: Sequence[PersonField], values: Mapping[str, str]) -> str:
    """Return the id of the field that a finding is about."""
    ids = [field.id for field in fields if field.of == finding.field]
    match finding.field:
        case "attributes":
            own = f"attributes:{finding.typed}"
            lines = (one for one, text in values.items() if one.startswith(ADD_ATTRIBUTE) and _names(text, finding))
            return own if own in ids else next(lines, f"{ADD_ATTRIBUTE}:0")
        case "notes":
            return f"notes:{finding.typed}"
        case "phones" | "emails":
            now = [one for one in ids if values.get(one, "").strip() == finding.typed]
            was = [field.id for field in fields if field.of == finding.field and field.value == finding.typed]
            return next(iter((*now, *was)), f"{finding.field}:0")
    return finding.field


def _names(text: str, finding: "Finding") -> bool:
    return text.partition("=")[0].strip() == finding.typed


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _tags(text: str) -> list[str]:
    return [tag for part in text.split(",") if (tag := part.strip())]


def _less(some: list[str], others: list[str]) -> list[str]:
    known = {tag.casefold() for tag in others}
    return [tag for tag in some if tag.casefold() not in known]
