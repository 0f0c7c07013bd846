"""Merging two contacts that are one person, and splitting off an address that belongs to another person.

Each merge and each split is written into a journal, from which it can be undone.
"""

from collections.abc import Mapping
from dataclasses import asdict

from sqlmodel import Session

from contacts_tui.domain import merge as rules
from contacts_tui.domain.address import AddressError, alias_key, normalize_phone, stranger_name, time_zone_of
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, ContactChange, Identity, NewContact
from contacts_tui.domain.merge import Belongings, Field, MergeEntry, MergeError, MergePreview, MoveKind, Profile, Take
from contacts_tui.domain.roles import Right
from contacts_tui.services import rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import (
    belongings,
    change_feed,
    contacts,
    duplicate_keys,
    json_columns,
    merge_journal,
    notes,
    queue,
)

Choices = Mapping[Field, Take]
_NOTHING: Choices = {}
_KEPT_STANDING = "kept_standing"
"""An entry's key for the state in the queue that the kept contact had before."""
_NOTES = "note_ids"
"""An entry's key for the ids of the notes that were moved."""
_WAS_BLOCKED = "kept_blocked_at"
"""An entry's key for whether the kept contact was blocked before."""


def preview(session: Session, clock: Clock, keep_id: int, other_id: int, choices: Choices = _NOTHING) -> MergePreview:
    """Return what a merge of the other contact into the one to keep would do. Raise NotFound or BadInput."""
    keep, other = _two(session, keep_id, other_id)
    mine, theirs = rules.profile_of(keep), rules.profile_of(other)
    try:
        fields, result = rules.preview_fields(mine, theirs, choices), rules.outcome(mine, theirs, choices)
    except MergeError as error:
        raise BadInput(str(error)) from error
    return MergePreview(
        keep=keep,
        other=other,
        fields=fields,
        result=result,
        keeps=belongings.of_contact(session, keep_id),
        brings=belongings.of_contact(session, other_id),
    )


def merge(
    session: Session,
    clock: Clock,
    keep_id: int,
    other_id: int,
    *,
    author: str,
    choices: Choices = _NOTHING,
    expected: Profile | None = None,
) -> MergeEntry:
    """Merge the other contact into the one to keep. Its addresses, threads, messages and drafts move unchanged.

    `expected` is the result that the agent saw. Raise NotFound, and BadInput when that has changed meanwhile; nothing
    is done then.
    """
    seen = preview(session, clock, keep_id, other_id, choices)
    if expected is not None and expected != seen.result:
        raise BadInput("one of the two contacts was changed meanwhile: look at them again")
    moved = [identity.id for identity in contacts.identities(session, other_id)]
    stayed = [identity.id for identity in contacts.identities(session, keep_id)]
    strangers = _inherit_strangers(session, clock, keep_id, other_id, author)
    belongings.move(session, moved, keep_id)
    written = [note.id for note in notes.of_person(session, other_id)]
    notes.move(session, written, keep_id)
    other = belongings.take_away(session, other_id)
    contacts.update(session, clock, keep_id, ContactChange(**asdict(seen.result)))
    if seen.keep.blocked_at is None and seen.other.blocked_at is not None:
        contacts.block(session, clock, keep_id, seen.other.blocked_at)
    belongings.refresh(session, keep_id)
    other |= {
        _KEPT_STANDING: queue.as_fields(queue.standing(session, keep_id)),
        _NOTES: written,
        _WAS_BLOCKED: seen.keep.blocked_at is not None,
    }
    queue.merge(session, keep_id, other_id, clock())
    move = merge_journal.Move(
        kind=MoveKind.MERGE,
        kept_id=keep_id,
        kept_before=rules.profile_of(seen.keep),
        kept_after=seen.result,
        other=other,
        moved=tuple(moved),
        stayed=tuple(stayed),
        strangers=tuple(strangers),
        brought=seen.brings,
    )
    entry = merge_journal.write(session, clock, move, author)
    _tell(session, clock, keep_id, other_id)
    return entry


def split(session: Session, clock: Clock, identity_id: int, *, author: str) -> MergeEntry:
    """Move another person's address into a contact of its own, with its threads, messages and drafts.

    A number goes on all its channels, and the two contacts count as known not to be the same person. Raise NotFound,
    and BadInput for a contact's only address.
    """
    moved = addresses_with(session, clock, identity_id)
    identity = next(one for one in moved if one.id == identity_id)
    kept = contacts.get(session, identity.contact_id)
    assert kept is not None, "an address has its contact"
    ids = [one.id for one in moved]
    stayed = [one.id for one in contacts.identities(session, kept.id) if one.id not in ids]
    if not stayed:
        raise BadInput(f"this is the only address of {kept.name}: there is nothing to move it from")
    brought = belongings.of_contact(session, kept.id, ids)
    profile_name = next((one.profile_name for one in moved if one.profile_name.strip()), "")
    zone = time_zone_of(identity.address) if identity.channel.by_phone else ""
    new = NewContact(stranger_name(identity.address, profile_name), time_zone=zone)
    other = contacts.insert(session, clock, new)
    belongings.move(session, ids, other.id)
    belongings.refresh(session, kept.id)
    belongings.refresh(session, other.id)
    standing = queue.standing(session, kept.id)
    if standing is not None:
        queue.stand(session, other.id, standing)
    queue.reckon(session, kept.id, clock())
    queue.reckon(session, other.id, clock())
    duplicate_keys.dismiss(session, kept.id, other.id, author, clock())
    move = merge_journal.Move(
        kind=MoveKind.SPLIT,
        kept_id=kept.id,
        kept_before=rules.profile_of(kept),
        kept_after=rules.profile_of(kept),
        other=belongings.whole_row(session, other.id),
        moved=tuple(ids),
        stayed=tuple(stayed),
        strangers=(other.id,),
        brought=brought,
    )
    entry = merge_journal.write(session, clock, move, author)
    _tell(session, clock, kept.id, other.id)
    return entry


def undo(session: Session, clock: Clock, entry_id: int, *, author: str) -> MergeEntry:
    """Undo a merge or a split. What came in for an address since then goes with the address.

    Raise NotFound, NotAllowed for what another agent did, and BadInput with the reason when a later change prevents it.
    """
    record = merge_journal.get(session, entry_id)
    if record is None:
        raise NotFound(f"the journal has no number {entry_id}: list it to see which there are")
    if record.entry.author != author:
        rights.check(session, clock, author, Right.UNDO)
    if record.entry.obstacle:
        raise BadInput(f"number {entry_id} can't be undone: {record.entry.obstacle}")
    kept_id, other_id = record.entry.kept_id, record.entry.other_id
    duplicate_keys.forget_dismissals(session, kept_id, record.strangers)
    if record.entry.kind is MoveKind.MERGE:
        _undo_merge(session, clock, record)
    else:
        _undo_split(session, clock, record)
    entry = merge_journal.mark_undone(session, clock, entry_id, author)
    _tell(session, clock, kept_id, other_id)
    return entry


def journal(session: Session, clock: Clock, limit: int = 200) -> tuple[MergeEntry, ...]:
    """Return merges and splits, newest first, each with what prevents undoing it."""
    return merge_journal.latest(session, limit)


def entry(session: Session, clock: Clock, entry_id: int) -> MergeEntry | None:
    """Return the journal's entry of this number, or None."""
    record = merge_journal.get(session, entry_id)
    return None if record is None else record.entry


def movable(session: Session, clock: Clock, contact_id: int) -> tuple[tuple[int, Belongings], ...]:
    """Return an address's id and all that would go with it, for each that can be moved away; not for the only one."""
    done: set[int] = set()
    found = []
    for identity in contacts.identities(session, contact_id):
        if identity.id not in done:
            together = [one.id for one in addresses_with(session, clock, identity.id)]
            done.update(together)
            found.append((identity.id, belongings.of_contact(session, contact_id, together)))
    return tuple(found) if len(found) > 1 else ()


def addresses_with(session: Session, clock: Clock, identity_id: int) -> tuple[Identity, ...]:
    """Return the address and, for a number, the same number on the person's other channels. Raise NotFound."""
    identity = contacts.identity(session, identity_id)
    if identity is None:
        raise NotFound("this address is no longer in the store")
    known = contacts.identities(session, identity.contact_id)
    return tuple(one for one in known if one.id == identity.id or _same_number(one, identity))


def address_of(session: Session, clock: Clock, contact: Contact, typed: str) -> Identity:
    """Return the person's address meant by a number in any spelling, a chat id, a PSID or a profile name.

    Raise NotFound, or BadInput when it fits several.
    """
    found = [one for one in contacts.identities(session, contact.id) if _is_meant(one, typed.strip())]
    if not found:
        raise NotFound(f"{contact.name} has no address “{typed}”: `people show {contact.id}` lists them")
    if any(one.id != found[0].id and not _same_number(one, found[0]) for one in found):
        raise BadInput(f"“{typed}” matches several addresses of {contact.name}: write the whole address")
    return found[0]


def present_contact(session: Session, clock: Clock, contact_id: int, identity_id: int | None) -> int | None:
    """Return the id of the contact to show instead of an open one: the one that has the open address by now.

    Without an address, return the one that the contact was merged into; None when neither is known any more.
    """
    identity = None if identity_id is None else contacts.identity(session, identity_id)
    return identity.contact_id if identity is not None else merge_journal.survivor(session, contact_id)


def last_move(session: Session, clock: Clock, one_id: int, other_id: int) -> MergeEntry | None:
    """Return the last merge or split of these two contacts, or None."""
    return merge_journal.last_between(session, one_id, other_id)


def _undo_merge(session: Session, clock: Clock, record: merge_journal.Record) -> None:
    kept_id, other_id = record.entry.kept_id, record.entry.other_id
    kept = contacts.get(session, kept_id)
    known = {one.id: one for one in contacts.identities(session, kept_id)}
    if kept is None or not known.keys() >= set(record.moved):
        raise BadInput(f"number {record.entry.id} can't be undone: its addresses have moved since")
    belongings.bring_back(session, record.other)
    belongings.move(session, [*record.moved, *_came_along(session, record, known)], other_id)
    restored = rules.restored(record.kept_before, record.kept_after, rules.profile_of(kept))
    contacts.update(session, clock, kept_id, ContactChange(**asdict(restored)))
    if record.other.get("blocked_at") is not None and not record.other.get(_WAS_BLOCKED):
        contacts.block(session, clock, kept_id, None)
    there = {note.id for note in notes.of_person(session, kept_id)}
    notes.move(session, there.intersection(json_columns.numbers(record.other.get(_NOTES))), other_id)
    belongings.refresh(session, kept_id)
    belongings.refresh(session, other_id)
    before = queue.of_fields(record.other.get(_KEPT_STANDING, queue.as_fields(queue.standing(session, kept_id))))
    queue.unmerge(session, kept_id, other_id, before, clock())


def _came_along(session: Session, record: merge_journal.Record, known: Mapping[int, Identity]) -> list[int]:
    """Return the ids of addresses that became known since, on another channel of a number that goes back."""
    theirs = belongings.phone_keys(session, record.moved) - belongings.phone_keys(session, record.stayed)
    since = known.keys() - set(record.moved) - set(record.stayed)
    return [one for one in since if known[one].channel.by_phone and known[one].key in theirs]


def _undo_split(session: Session, clock: Clock, record: merge_journal.Record) -> None:
    kept_id, other_id = record.entry.kept_id, record.entry.other_id
    other = contacts.get(session, other_id)
    if other is None or contacts.get(session, kept_id) is None:
        raise BadInput(f"number {record.entry.id} can't be undone: its addresses have moved since")
    if rules.profile_of(other) != merge_journal.profile(record.other):
        raise BadInput(f"{other.name} was changed since: merge the two, and choose what to keep")
    belongings.move(session, [one.id for one in contacts.identities(session, other_id)], kept_id)
    belongings.take_away(session, other_id)
    belongings.refresh(session, kept_id)
    queue.merge(session, kept_id, other_id, clock())
    queue.forget(session, other_id)


def _inherit_strangers(session: Session, clock: Clock, keep_id: int, other_id: int, author: str) -> list[int]:
    """Remember for the kept contact who isn't the same person as the other. Return the ids for which this is new."""
    strangers = [one for one in duplicate_keys.dismissals_of(session, other_id) if one != keep_id]
    return [one for one in strangers if duplicate_keys.dismiss(session, keep_id, one, author, clock())]


def _two(session: Session, keep_id: int, other_id: int) -> tuple[Contact, Contact]:
    if keep_id == other_id:
        raise BadInput("these are one contact already: choose two")
    keep, other = contacts.get(session, keep_id), contacts.get(session, other_id)
    if keep is None or other is None:
        raise NotFound("one of the two contacts is no longer in the store: it may have been merged already")
    return keep, other


def _same_number(one: Identity, other: Identity) -> bool:
    return one.channel.by_phone and other.channel.by_phone and one.key == other.key


def _is_meant(identity: Identity, typed: str) -> bool:
    if typed in (identity.address, identity.key) or typed.casefold() == identity.profile_name.strip().casefold() != "":
        return True
    if not identity.channel.by_phone:
        return False
    try:
        return alias_key(identity.channel, normalize_phone(typed, None)) == identity.key
    except AddressError:
        return False


def _tell(session: Session, clock: Clock, *contact_ids: int) -> None:
    for contact_id in contact_ids:
        change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
