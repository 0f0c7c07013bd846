"""What a merge will do, and what was done, in words."""

from contacts_tui.commands import keys_of
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.duplicates import Candidate
from contacts_tui.domain.merge import Belongings, MergeEntry, MergePreview, MoveKind
from contacts_tui.domain.text import counted, one_line

_NAME = 30
"""Cells of a name in a sentence that also has to be read on a small terminal."""


def consequences(preview: MergePreview, undo_key: str) -> str:
    """What Enter will do, and which key undoes it."""
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
    """What goes over, as the beginning of a sentence."""
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
    """What was just done, and how to take it back."""
    return f"{one_line(entry.sentence)}. {undo_key} undoes it; {keys_of('contact.merges')} lists all."


def undo_key(entry: MergeEntry) -> tuple[str, int]:
    """By what the undo stack knows this entry."""
    return ("merge", entry.id)


def undone(entry: MergeEntry) -> str:
    """What was just taken back."""
    if entry.kind is MoveKind.MERGE:
        return f"Undone: {one_line(entry.other_name)} is a contact of its own again."
    return f"Undone: {one_line(entry.other_name)} is back with {one_line(entry.kept_name)}."


def moved_on(entry: MergeEntry | None, name: str) -> str:
    """Why a screen goes on with somebody else; `name` is whose it is now."""
    if entry is None:
        return f"This conversation belongs to {one_line(name)} now."
    by = f" by {one_line(entry.undone_by if entry.undone_at else entry.author)}"
    if entry.undone_at is not None:
        return f"This conversation is {one_line(name)}'s again: undone{by} was: {one_line(entry.sentence)}."
    return f"{one_line(entry.sentence)}{by}: you go on with {one_line(name)}."


CANDIDATE_HEADINGS = ("Name", "Address", "Why")
"""Over the columns of `candidate`."""


def candidate(found: Candidate) -> tuple[str, str, str]:
    """The columns of somebody to be chosen: name, address, and why."""
    addresses = [f"{one.channel.label} {_address(one)}" for one in found.identities]
    more = f" +{len(addresses) - 1}" if len(addresses) > 1 else ""
    first = addresses[0] + more if addresses else "no address"
    return one_line(found.contact.name), first, one_line(found.reason)


def _address(identity: Identity) -> str:
    if identity.channel.by_phone:
        return one_line(display_phone(identity.address))
    return one_line(identity.profile_name) or one_line(identity.address)
