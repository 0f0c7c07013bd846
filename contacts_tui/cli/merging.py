"""`contacts-tui people merge`, `link`, `split`, `merges`, `unmerge`, `duplicates` and `distinct`."""

from argparse import Namespace

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say, say_json, say_table
from contacts_tui.config import Config
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.duplicates import is_known_by_chat_only
from contacts_tui.domain.merge import Field, MergeEntry, MergePreview, Take, Value
from contacts_tui.domain.text import counted, one_line
from contacts_tui.services import duplicates, merging, people
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store


def merge(args: Namespace, config: Config) -> Exit:
    """Merges one contact into another, or says what that would do."""
    with (open_to_read if args.dry_run else open_store)(config) as store:
        keep, other = _two(store, args)
        return _merge(store, keep, other, args, config)


def link(args: Namespace, config: Config) -> Exit:
    """Gives the chat of somebody known by Telegram or Messenger only to a contact."""
    with open_store(config) as store:
        keep, other = _two(store, args)
        card = store.call_read(people.card, other.id)
        if card is None or not is_known_by_chat_only(card.identities):
            raise BadInput(
                f"{other.name} has more than a Telegram or Messenger chat: "
                f"`people merge {keep.id} {other.id}` merges any two contacts"
            )
        return _merge(store, keep, other, args, config)


def split(args: Namespace, config: Config) -> Exit:
    """Moves an address into a contact of its own."""
    with open_store(config) as store:
        contact = store.call_read(people.find, args.contact)
        identity = store.call_read(merging.address_of, contact, args.address)
        entry = store.call(merging.split, identity.id, author=config.agent)
    return _say_done(entry, args)


def merges(args: Namespace, config: Config) -> Exit:
    """The journal, newest first."""
    with open_to_read(config) as store:
        entries = store.call_read(merging.journal, args.limit)
    if args.json:
        say_json(entries)
        return Exit.DONE
    if not entries:
        say("nothing was merged or moved yet")
        return Exit.DONE
    say_table(
        ("number", "when", "who", "what", "messages", "state"),
        (
            (str(entry.id), local_time(entry.at), entry.author, entry.sentence, str(entry.messages), _state(entry))
            for entry in entries
        ),
        longest={"what": 90},
    )
    return Exit.DONE


def unmerge(args: Namespace, config: Config) -> Exit:
    """Takes an entry of the journal back."""
    with open_store(config) as store:
        entry = store.call(merging.undo, args.number, author=config.agent)
    if args.json:
        say_json(entry)
    else:
        say(f"undone: {one_line(entry.sentence)}")
    return Exit.DONE


def list_duplicates(args: Namespace, config: Config) -> Exit:
    """Pairs of contacts that may be one person."""
    with open_to_read(config) as store:
        found = store.call_read(duplicates.suggestions, args.limit)
    if args.json:
        say_json(found)
        return Exit.DONE
    if not found:
        say("no two contacts share a number or an email address")
        return Exit.DONE
    say_table(
        ("id", "name", "id", "name", "why"),
        ((str(pair.contact.id), pair.contact.name, str(pair.other.id), pair.other.name, pair.reason) for pair in found),
    )
    return Exit.DONE


def distinct(args: Namespace, config: Config) -> Exit:
    """Remembers that two contacts are not the same person."""
    with open_store(config) as store:
        one = store.call_read(people.find, args.contact)
        other = store.call_read(people.find, args.other)
        store.call(duplicates.dismiss, one.id, other.id, author=config.agent)
    say(f"remembered: {one_line(one.name)} and {one_line(other.name)} are not the same person")
    return Exit.DONE


def _two(store: Store, args: Namespace) -> tuple[Contact, Contact]:
    return store.call_read(people.find, args.keep), store.call_read(people.find, args.other)


def _merge(store: Store, keep: Contact, other: Contact, args: Namespace, config: Config) -> Exit:
    choices = {Field(field): Take(take) for field, take in args.take}
    preview = store.call_read(merging.preview, keep.id, other.id, choices)
    if args.dry_run:
        if args.json:
            say_json(preview)
        else:
            _say_outcome(preview)
            say("nothing was stored (--dry-run)")
        return Exit.DONE
    entry = store.call(merging.merge, keep.id, other.id, author=config.agent, choices=choices, expected=preview.result)
    if not args.json:
        _say_outcome(preview)
    return _say_done(entry, args)


def _say_outcome(preview: MergePreview) -> None:
    keep, other, brings = preview.keep, preview.other, preview.brings
    say(f"{one_line(other.name)} (id {other.id}) into {one_line(keep.name)} (id {keep.id})")
    for field in preview.fields:
        if words := _words(field.result):
            say(f"{field.field.label:<10} {words}" + (f"  ({field.taken.value})" if len(field.options) > 1 else ""))
    say(f"{'moves':<10} {', '.join(map(one_line, brings.addresses)) or 'no address'}")
    carried = (
        f"{counted(brings.messages, 'message')} in {counted(brings.threads, 'thread')}, "
        f"{counted(brings.drafts, 'draft')}"
    )
    say(f"{'':<10} {carried}")


def _words(value: Value) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return ", ".join(text for text in map(one_line, parts) if text)


def _say_done(entry: MergeEntry, args: Namespace) -> Exit:
    if args.json:
        say_json(entry)
    else:
        say(f"{one_line(entry.sentence)}; `people unmerge {entry.id}` undoes it")
    return Exit.DONE


def _state(entry: MergeEntry) -> str:
    if entry.undone_at is not None:
        return f"undone by {entry.undone_by}"
    return entry.obstacle or "can be undone"
