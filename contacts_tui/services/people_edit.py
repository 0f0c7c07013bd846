"""People as agents add and change them: every field is checked, and each change can be undone from the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from contacts_tui.domain import attributes as rules
from contacts_tui.domain.address import (
    AddressError,
    alias_key,
    display_phone,
    is_of_inbox,
    normalize_phone,
    time_zone_of,
)
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, Identity, NewContact
from contacts_tui.domain.languages import read_language
from contacts_tui.domain.note import Note
from contacts_tui.domain.text import draws_nothing, one_line
from contacts_tui.services import agents, notes, person_fields, queue
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.import_cells import read_emails, read_time_zone
from contacts_tui.services.import_columns import CHANNELS, Field
from contacts_tui.services.queue import Deed, Done
from contacts_tui.store import addresses, attributes, contacts
from contacts_tui.store.journal import Fields

_LONGEST = 500
"""Characters of a name, a company or a tag."""


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """The changes to a person, as they were typed. None leaves a text as it is, an empty one removes it."""

    name: str | None = None
    company: str | None = None
    note: str | None = None
    owner: str | None = None
    time_zone: str | None = None
    language: str | None = None
    add_phones: tuple[str, ...] = ()
    remove_phones: tuple[str, ...] = ()
    add_emails: tuple[str, ...] = ()
    remove_emails: tuple[str, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Values by name; `NAME:KIND` gives the kind of a new attribute. An empty value removes the attribute."""
    is_blocked: bool | None = None
    add_note: str = ""
    """The text of a new note on them."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """New texts of notes by their ids; an empty text removes the note."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a typed value, or what the agent should know of it."""

    field: str
    """The field of a person: "name", "phones", "emails", "attributes" …"""
    typed: str
    """The value as it was typed, where the field has several; else empty."""
    sentence: str
    """A clause without a full stop."""
    owner_id: int | None = None
    """The id of the contact that has the number already; None in any other case."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of checking an edit."""

    faults: tuple[Finding, ...]
    """Why the edit can't be saved."""
    told: tuple[Finding, ...]
    """Remarks that don't keep it from being saved."""


@dataclass(frozen=True, slots=True)
class Editable:
    """What is known of a person who is to be edited, and what there is to choose from."""

    contact: Contact | None
    """None for a new person."""
    phones: tuple[str, ...]
    """Their numbers in E.164, each once."""
    notes: tuple[Note, ...]
    """Notes on them, oldest first."""
    kinds: Mapping[str, Kind]
    """The custom attributes that people on this store have."""
    agents: tuple[str, ...]
    """The agents whom they can be assigned to."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A person after a change."""

    contact: Contact
    done: Done
    told: tuple[str, ...]
    """What the agent should know: an email that another person has as well."""


@dataclass(slots=True)
class _Checked:
    """The typed values, in the form in which they are stored."""

    fields: dict[str, object] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    """Numbers in E.164 by their alias keys."""
    gone: list[Identity] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    """The kinds of attributes that are new."""
    faults: list[Finding] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)

    def refuse(self, name: str, sentence: str, typed: str = "", owner_id: int | None = None) -> None:
        """Note that this field can't be stored as it was typed."""
        self.faults.append(Finding(name, typed, sentence, owner_id))


def editable(session: Session, clock: Clock, contact_id: int | None) -> Editable:
    """Return what an edit begins with; `contact_id` None is a new person. Raise NotFound."""
    contact = None if contact_id is None else _known(session, contact_id)
    known = () if contact is None else contacts.identities(session, contact.id)
    numbers = {one.key: one.address for one in known if one.channel.by_phone and not is_of_inbox(one.channel, one.key)}
    return Editable(
        contact,
        tuple(numbers.values()),
        () if contact is None else notes.of_person(session, clock, contact.id),
        attributes.kinds(session),
        tuple(agent.name for agent in agents.assignable(session, clock)),
    )


def check(session: Session, clock: Clock, contact_id: int | None, edit: PersonEdit, region: str | None) -> Findings:
    """Return what is wrong with an edit, field by field; `contact_id` None is a new person. Raise NotFound."""
    checked = _checked(session, clock, contact_id, edit, region)
    return Findings(tuple(checked.faults), tuple(checked.told))


def create(session: Session, clock: Clock, agent: str, edit: PersonEdit, region: str | None) -> Edited:
    """Add a person. Without a name they are called by company, number or email.

    `region` (ISO 3166) is the country of numbers without a code. Raise BadInput with all that is wrong.
    """
    checked = _sound(session, clock, None, edit, region)
    fields, numbers = checked.fields, list(checked.phones.values())
    emails = fields.get("emails")
    first_email = emails[0] if isinstance(emails, list) and emails else ""
    name = fields.get("name") or fields.get("company") or (display_phone(numbers[0]) if numbers else first_email)
    zone = fields.get("time_zone") or (time_zone_of(numbers[0]) if numbers else "")
    contact = contacts.insert(session, clock, NewContact(str(name), time_zone=str(zone)))
    given = {key: value for key, value in fields.items() if key not in ("name", "time_zone")}
    _put(session, clock, contact.id, given, checked)
    after = person_fields.read(session, contact.id, person_fields.CREATED)
    assert after is not None, "they were added just now"
    deed = Deed("add", "added", contact.id, {"exists": False, "digest": ""}, after)
    done = queue.record(session, clock, agent, deed)
    _put_notes(session, clock, agent, contact.id, edit, done.batch)
    return _edited(session, contact.id, done, checked)


def change(session: Session, clock: Clock, agent: str, contact_id: int, edit: PersonEdit, region: str | None) -> Edited:
    """Change a person. Raise NotFound, and BadInput with all that is wrong."""
    checked = _sound(session, clock, contact_id, edit, region)
    touched = {name: None for name in checked.fields}
    touched |= {f"{person_fields.NUMBER}{key}": None for key in checked.phones}
    touched |= {f"{person_fields.NUMBER}{one.key}": None for one in checked.gone}
    before = person_fields.read(session, contact_id, touched)
    assert before is not None, "looked at a moment ago"
    _put(session, clock, contact_id, checked.fields, checked)
    after = person_fields.read(session, contact_id, touched) or {}
    changed = [name for name in touched if before[name] != after[name]]
    done = Done(0, (), "nothing to do: they are so already")
    if changed:
        what = {name: before[name] for name in changed}, {name: after[name] for name in changed}
        deed = Deed("edit", _words(changed, after), contact_id, *what)
        done = queue.record(session, clock, agent, deed)
    noted = _put_notes(session, clock, agent, contact_id, edit, done.batch)
    return _edited(session, contact_id, done if changed or noted is None else noted, checked)


def _put_notes(
    session: Session, clock: Clock, agent: str, contact_id: int, edit: PersonEdit, batch: int
) -> Done | None:
    """Write, change and remove notes, in the journal under the same number. Return the first thing done, or None."""
    first = None
    for number, text in edit.notes.items():
        if text.strip():
            _, done = notes.edit(session, clock, agent, number, text, batch)
        else:
            done = notes.remove(session, clock, agent, number, batch)
        batch, first = done.batch or batch, first or (done if done.batch else None)
    if edit.add_note.strip():
        _, done = notes.add(session, clock, agent, contact_id, edit.add_note, batch)
        first = first or done
    return first


def _put(session: Session, clock: Clock, contact_id: int, fields: Fields, checked: _Checked) -> None:
    for name, kind in checked.kinds.items():
        attributes.put(session, name, kind)
    for identity in checked.gone:
        addresses.remove(session, clock, identity)
    for number in checked.phones.values():
        for channel in CHANNELS[Field.PHONE]:
            contacts.add_identity(session, clock, contact_id, channel, number)
    person_fields.put(session, clock, contact_id, fields)


def _edited(session: Session, contact_id: int, done: Done, checked: _Checked) -> Edited:
    contact = contacts.get(session, contact_id)
    assert contact is not None, "they were changed just now"
    return Edited(contact, done, tuple(one.sentence for one in checked.told))


def _words(changed: list[str], after: Mapping[str, object]) -> str:
    """Return what was changed, for the journal, but no values: other agents read the journal."""
    if changed == ["blocked_at"]:
        return "blocked" if after["blocked_at"] is not None else "unblocked"
    names = dict.fromkeys("number" if name.startswith(person_fields.NUMBER) else name for name in changed)
    return f"changed: {', '.join(name.removesuffix('_at').replace('_', ' ') for name in names)}"


def _sound(session: Session, clock: Clock, contact_id: int | None, edit: PersonEdit, region: str | None) -> _Checked:
    checked = _checked(session, clock, contact_id, edit, region)
    if checked.faults:
        raise BadInput("; ".join(dict.fromkeys(one.sentence for one in checked.faults)))
    return checked


def _checked(session: Session, clock: Clock, contact_id: int | None, edit: PersonEdit, region: str | None) -> _Checked:
    contact = None if contact_id is None else _known(session, contact_id)
    checked = _Checked()
    for name in ("name", "company", "owner"):
        text = getattr(edit, name)
        if text is not None:
            checked.fields[name] = "" if draws_nothing(text) else text.strip()
            if len(text) > _LONGEST:
                checked.refuse(name, f"the {name} is too long: at most {_LONGEST} characters")
    if edit.note is not None:
        checked.fields["note"] = edit.note.strip()
    _read_codes(edit, checked)
    _read_numbers(session, contact, edit, region, checked)
    _read_emails(session, contact, edit, checked)
    _read_tags(contact, edit, checked)
    _read_attributes(session, contact, edit, checked)
    _read_notes(session, clock, contact, edit, checked)
    if edit.is_blocked is not None and edit.is_blocked != (contact is not None and contact.blocked_at is not None):
        checked.fields["blocked_at"] = person_fields.kept_time(clock()) if edit.is_blocked else None
    if contact is None:
        if not (checked.fields.get("name") or checked.fields.get("company") or checked.phones or edit.add_emails):
            checked.refuse("name", "give a name, a number or an email")
    elif edit.name is not None and not checked.fields["name"]:
        checked.refuse("name", "a contact needs a name")
    return checked


def _known(session: Session, contact_id: int) -> Contact:
    contact = contacts.get(session, contact_id)
    if contact is None:
        raise NotFound("this contact is no longer in the store: it may have been merged or forgotten")
    return contact


def _read_codes(edit: PersonEdit, checked: _Checked) -> None:
    if edit.time_zone is not None:
        zone = read_time_zone(edit.time_zone) if edit.time_zone.strip() else None
        checked.fields["time_zone"] = zone.value if zone else ""
        if zone and zone.is_lost:
            checked.refuse("time_zone", zone.problem)
    if edit.language is not None:
        try:
            checked.fields["language"] = read_language(edit.language)
        except ValueError as error:
            checked.refuse("language", str(error))


def _read_numbers(
    session: Session, contact: Contact | None, edit: PersonEdit, region: str | None, checked: _Checked
) -> None:
    for typed in edit.add_phones:
        try:
            number = normalize_phone(typed, region)
        except AddressError as error:
            checked.refuse("phones", str(error).rstrip("."), typed)
            continue
        key = alias_key(Channel.SMS, number)
        for owner in contacts.by_key(session, key):
            if contact is None or owner.id != contact.id:
                sentence = (
                    f"{display_phone(number)} belongs to {one_line(owner.name)} (id {owner.id}): edit them, or merge"
                )
                checked.refuse("phones", sentence, typed, owner.id)
        checked.phones[key] = number
    if not edit.remove_phones:
        return
    known = () if contact is None else contacts.identities(session, contact.id)
    for typed in edit.remove_phones:
        try:
            key = alias_key(Channel.SMS, normalize_phone(typed, region))
        except AddressError:
            key = typed.strip()
        gone = [one for one in known if one.channel.by_phone and one.key == key]
        if not gone:
            checked.refuse("phones", f"{typed} is none of their numbers", typed)
        elif any(addresses.is_used(session, one.id) for one in gone):
            sentence = (
                f"{display_phone(key)} has messages or a draft: move it to its own contact instead of removing it"
            )
            checked.refuse("phones", sentence, typed)
        checked.gone += gone


def _read_emails(session: Session, contact: Contact | None, edit: PersonEdit, checked: _Checked) -> None:
    emails = [] if contact is None else list(contact.emails)
    for typed in edit.add_emails:
        found = list(read_emails(typed))
        if len(found) != 1 or not found[0].value:
            problem = (found[0].problem if found else "") or f"“{typed}” is not an email address"
            checked.refuse("emails", problem, typed)
            continue
        email = found[0].value
        if email.casefold() not in (known.casefold() for known in emails):
            emails.append(email)
        for owner in contacts.by_email(session, email):
            if contact is None or owner.id != contact.id:
                sentence = f"{email} is also an email of {one_line(owner.name)} (id {owner.id})"
                checked.told.append(Finding("emails", typed, sentence))
    for typed in edit.remove_emails:
        kept = [email for email in emails if email.casefold() != typed.strip().casefold()]
        if len(kept) == len(emails):
            checked.refuse("emails", f"{typed} is none of their emails", typed)
        emails = kept
    if edit.add_emails or edit.remove_emails:
        checked.fields["emails"] = emails


def _read_tags(contact: Contact | None, edit: PersonEdit, checked: _Checked) -> None:
    tags = [] if contact is None else list(contact.tags)
    for tag in filter(None, map(str.strip, edit.add_tags)):
        if "," in tag or len(tag) > _LONGEST:
            checked.refuse("tags", f"“{tag[:40]}” is not one tag: no commas, at most {_LONGEST} characters", tag)
        if tag.casefold() not in (known.casefold() for known in tags):
            tags.append(tag)
    for typed in edit.remove_tags:
        tags = [tag for tag in tags if tag.casefold() != typed.strip().casefold()]
    if edit.add_tags or edit.remove_tags:
        checked.fields["tags"] = tags


def _read_notes(session: Session, clock: Clock, contact: Contact | None, edit: PersonEdit, checked: _Checked) -> None:
    theirs = {one.id for one in notes.of_person(session, clock, contact.id)} if contact else set()
    for number, text in edit.notes.items():
        if number not in theirs:
            checked.refuse("notes", f"note {number} is not one on them: it may have been removed", str(number))
        elif fault := notes.fault(text):
            checked.refuse("notes", fault, str(number))
    if fault := notes.fault(edit.add_note):
        checked.refuse("add_note", fault)


def _read_attributes(session: Session, contact: Contact | None, edit: PersonEdit, checked: _Checked) -> None:
    if not edit.attributes:
        return
    known = attributes.kinds(session)
    spelled = {name.casefold(): name for name in known}
    values = {} if contact is None else dict(contact.attributes)
    for typed, text in edit.attributes.items():
        bare, colon, kind_name = typed.partition(":")
        try:
            name = rules.read_name(bare)
            name = spelled.get(name.casefold(), name)
            kind = rules.read_kind(kind_name) if colon else known.get(name, Kind.TEXT)
            if name in known and kind is not known[name]:
                raise ValueError(f"{name} is {known[name].words}, and not {kind.words}")
            if name not in known:
                checked.kinds[name] = kind
            value = rules.read_value(kind, text)
        except ValueError as error:
            checked.refuse("attributes", str(error), typed)
            continue
        values.pop(name, None)
        if value:
            values[name] = value
    checked.fields["attributes"] = values
