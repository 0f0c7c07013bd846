"""What a merge will do, and what was done, in words."""

from contacts_tui.commands import keys_of
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.duplicates import Candidate
from contacts_tui.domain.merge import Belongings, MergeEntry, MergePreview, MoveKind
from contacts_tui.domain.text import counted, one_line

_NAME = 30
"""Cells of a name at most, in a sentence that has to fit on a small terminal."""


def consequences(preview: MergePreview, undo_key: str) -> str:
    """Return what the merge will do, with the key that confirms it and the key that undoes it, as sentences."""
    keep, other = (shorten(one_line(name), _NAME) for name in (preview.keep.name, preview.other.name))
    brings = preview.brings
    sentences = [
        f"{keys_of('merge.confirm')} merges {other} (id {preview.other.id}) into {keep} (id {preview.keep.id})."
    ]
    sentences.append(f"{brought(brings)} over; every thread stays as it is, at its own address and inbox.")
    if brings.waiting:
        sentences.append(f"{counted(brings.waiting, 'message')} still waiting to be sent will be sent as written.")
    sentences.append(f"{undo_key} undoes it.")
    return " ".join(sentences)


def brought(brings: Belongings) -> str:
    """Return what moves to the contact that stays, as the beginning of a sentence."""
    if not brings.messages:
        what = [counted(len(brings.addresses), "address", "addresses")]
    else:
        what = [f"{counted(brings.messages, 'message')} in {counted(brings.threads, 'thread')}"]
        what.append(counted(len(brings.addresses), "address", "addresses"))
    if brings.drafts:
        what.append(counted(brings.drafts, "draft"))
    if brings.notes:
        what.append(counted(brings.notes, "note"))
    *first, last = what
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"{listed} {'goes' if listed.startswith('1 address') and not first else 'go'}"


def done(entry: MergeEntry, undo_key: str) -> str:
    """Return what was just done, and how to undo it, as sentences."""
    return f"{one_line(entry.sentence)}. {undo_key} undoes it; {keys_of('contact.merges')} lists all."


def undo_key(entry: MergeEntry) -> tuple[str, int]:
    """Return the value by which the undo stack identifies this entry."""
    return ("merge", entry.id)


def undone(entry: MergeEntry) -> str:
    """Return what was just undone, as a sentence."""
    if entry.kind is MoveKind.MERGE:
        return f"Undone: {one_line(entry.other_name)} is a contact of its own again."
    return f"Undone: {one_line(entry.other_name)} is back with {one_line(entry.kept_name)}."


def moved_on(entry: MergeEntry | None, name: str) -> str:
    """Return why a screen goes on with another contact, of this `name`; without an entry, only that it does."""
    if entry is None:
        return f"This conversation belongs to {one_line(name)} now."
    by = f" by {one_line(entry.undone_by if entry.undone_at else entry.author)}"
    if entry.undone_at is not None:
        return f"This conversation is {one_line(name)}'s again: undone{by} was: {one_line(entry.sentence)}."
    return f"{one_line(entry.sentence)}{by}: you go on with {one_line(name)}."


CANDIDATE_HEADINGS = ("Name", "Address", "Why")
"""The headings of the columns of `candidate`."""


def candidate(found: Candidate) -> tuple[str, str, str]:
    """Return the columns of a contact to choose: its name, its first address, and why it is suggested."""
    addresses = [f"{one.channel.label} {_address(one)}" for one in found.identities]
    more = f" +{len(addresses) - 1}" if len(addresses) > 1 else ""
    first = addresses[0] + more if addresses else "no address"
    return one_line(found.contact.name), first, one_line(found.reason)


def _address(identity: Identity) -> str:
    if identity.channel.by_phone:
        return one_line(display_phone(identity.address))
    return one_line(identity.profile_name) or one_line(identity.address)
