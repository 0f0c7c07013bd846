"""`contacts-tui people merge`, `link`, `split`, `merges`, `unmerge`, `duplicates` and `distinct`."""

from collections.abc import Mapping
from typing import Annotated

from contacts_tui.cli.declare import CONTACT_HELP, Argument, Contact, DryRun, Json, Limit, Option, Unreadable, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say, say_done, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain.contact import Contact as Person
from contacts_tui.domain.duplicates import is_known_by_chat_only
from contacts_tui.domain.merge import Field, MergeEntry, MergePreview, Take, Value, parts
from contacts_tui.domain.text import counted, one_line
from contacts_tui.services import duplicates, merging, people
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store


def _taken(text: str) -> tuple[Field, Take]:
    name, equals, side = text.partition("=")
    try:
        if not equals:
            raise ValueError
        return Field(name.strip().replace(" ", "_").replace("-", "_")), Take(side)
    except ValueError as error:
        raise Unreadable(f"“{text}” is not FIELD=SIDE: one of {', '.join(Field)}, and {' or '.join(Take)}") from error


Keep = Annotated[str, Argument(f"the contact that stays: {CONTACT_HELP}", "KEEP")]
Other = Annotated[str, Argument("the contact that is merged into it, given the same way", "OTHER")]
Choices = Annotated[
    tuple[tuple[Field, Take], ...],
    Option(
        f"take a field ({', '.join(Field)}) from a side ({', '.join(Take)}; both only for emails, tags, "
        "note and attributes); repeat it. By default nothing is lost: lists and notes are combined, and KEEP's name "
        "and other texts stay where there are any",
        "FIELD=SIDE",
        _taken,
    ),
]


@command("contacts-tui people merge 'Amara Okafor' 57 --take name=other --dry-run")
def merge(
    config: Config, keep: Keep, other: Other, take: Choices = (), dry_run: DryRun = False, as_json: Json = False
) -> Exit:
    """Merge one contact into another, or print what that would do."""
    return _merge(config, (keep, other), dict(take), dry_run=dry_run, as_json=as_json)


@command("contacts-tui people link 'Amara Okafor' 57")
def link(
    config: Config, keep: Keep, other: Other, take: Choices = (), dry_run: DryRun = False, as_json: Json = False
) -> Exit:
    """Merge a contact that has only Telegram or Messenger chats into the contact of the same person."""
    return _merge(config, (keep, other), dict(take), dry_run=dry_run, as_json=as_json, is_link=True)


@command("contacts-tui people split 'Amara Okafor' +447700900115")
def split(
    config: Config,
    contact: Contact,
    address: Annotated[str, Argument("a number in any spelling, a chat id, a PSID or a profile name", "ADDRESS")],
    as_json: Json = False,
) -> Exit:
    """Move an address into a contact of its own."""
    with open_store(config) as store:
        found = store.call_read(people.find, contact)
        identity = store.call_read(merging.address_of, found, address)
        entry = store.call(merging.split, identity.id, author=config.agent)
    return _say_done(entry, as_json=as_json)


@command("contacts-tui people merges", only_tells=True)
def merges(config: Config, limit: Limit = 50, as_json: Json = False) -> Exit:
    """Print the journal of merges, links and splits, newest first."""
    with open_to_read(config) as store:
        entries = store.call_read(merging.journal, limit)
    if as_json:
        say_json(entries)
        return Exit.DONE
    if not entries:
        say("nothing was merged or moved yet")
        return Exit.DONE
    say_list(
        ("number", "when", "who", "what", "messages", "state"),
        (
            (str(entry.id), local_time(entry.at), entry.author, entry.sentence, str(entry.messages), _state(entry))
            for entry in entries
        ),
        longest={"what": 90},
    )
    return Exit.DONE


@command("contacts-tui people unmerge 3")
def unmerge(
    config: Config,
    number: Annotated[int, Argument("its number in `people merges`", "NUMBER")],
    as_json: Json = False,
) -> Exit:
    """Undo an entry of the journal."""
    with open_store(config) as store:
        entry = store.call(merging.undo, number, author=config.agent)
    return say_done(entry, f"undone: {one_line(entry.sentence)}", as_json=as_json)


@command("contacts-tui people duplicates", only_tells=True)
def list_duplicates(config: Config, limit: Limit = 50, as_json: Json = False) -> Exit:
    """Print pairs of contacts that may be one person."""
    with open_to_read(config) as store:
        found = store.call_read(duplicates.suggestions, limit)
    if as_json:
        say_json(found)
        return Exit.DONE
    if not found:
        say("no two contacts share a number or an email address")
        return Exit.DONE
    say_list(
        ("id", "name", "id", "name", "why"),
        ((str(pair.contact.id), pair.contact.name, str(pair.other.id), pair.other.name, pair.reason) for pair in found),
    )
    return Exit.DONE


@command("contacts-tui people distinct 12 57")
def distinct(
    config: Config,
    contact: Contact,
    other: Annotated[str, Argument("the other contact, given the same way", "OTHER")],
    as_json: Json = False,
) -> Exit:
    """Remember that two contacts are not the same person."""
    with open_store(config) as store:
        one, two = store.call_read(people.find, contact), store.call_read(people.find, other)
        store.call(duplicates.dismiss, one.id, two.id, author=config.agent)
    return say_done(
        {"distinct": [one, two]},
        f"remembered: {one_line(one.name)} and {one_line(two.name)} are not the same person",
        as_json=as_json,
    )


def _merge(
    config: Config,
    names: tuple[str, str],
    choices: Mapping[Field, Take],
    *,
    dry_run: bool,
    as_json: bool,
    is_link: bool = False,
) -> Exit:
    with (open_to_read if dry_run else open_store)(config) as store:
        keep, other = (store.call_read(people.find, name) for name in names)
        if is_link:
            _check_known_by_chat_only(store, keep, other)
        preview = store.call_read(merging.preview, keep.id, other.id, choices)
        if dry_run:
            if as_json:
                say_json(preview)
            else:
                _say_outcome(preview)
                say("nothing was stored (--dry-run)")
            return Exit.DONE
        entry = store.call(
            merging.merge, keep.id, other.id, author=config.agent, choices=choices, expected=preview.result
        )
    if not as_json:
        _say_outcome(preview)
    return _say_done(entry, as_json=as_json)


def _check_known_by_chat_only(store: Store, keep: Person, other: Person) -> None:
    card = store.call_read(people.card, other.id)
    if card is None or not is_known_by_chat_only(card.identities):
        raise BadInput(
            f"{other.name} has more than a Telegram or Messenger chat: "
            f"`people merge {keep.id} {other.id}` merges any two contacts"
        )


def _say_outcome(preview: MergePreview) -> None:
    keep, other, brings = preview.keep, preview.other, preview.brings
    say(f"{one_line(other.name)} (id {other.id}) into {one_line(keep.name)} (id {keep.id})")
    for field in preview.fields:
        if words := _words(field.result):
            say(f"{field.field.label:<10} {words}" + (f"  ({field.taken.value})" if len(field.options) > 1 else ""))
    say(f"{'moves':<10} {', '.join(map(one_line, brings.addresses)) or 'no address'}")
    carried = (
        f"{counted(brings.messages, 'message')} in {counted(brings.threads, 'thread')}, "
        f"{counted(brings.drafts, 'draft')}, {counted(brings.notes, 'note')}"
    )
    say(f"{'':<10} {carried}")


def _words(value: Value) -> str:
    return ", ".join(text for text in map(one_line, parts(value)) if text)


def _say_done(entry: MergeEntry, *, as_json: bool) -> Exit:
    return say_done(entry, f"{one_line(entry.sentence)}; `people unmerge {entry.id}` undoes it", as_json=as_json)


def _state(entry: MergeEntry) -> str:
    if entry.undone_at is not None:
        return f"undone by {entry.undone_by}"
    return entry.obstacle or "can be undone"
