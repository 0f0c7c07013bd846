"""Forgetting a person for good: a preview says what goes and what remains, and a receipt says what went.

An address that wanted no more messages is remembered as a keyed hash (`store.forgotten_opt_outs`), so that it is still
opted out if an agent enters it again.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import Right
from contacts_tui.domain.text import counted, searchable
from contacts_tui.services import queue, rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.queue import Deed
from contacts_tui.store import attachments, change_feed, contacts, forgetting, forgotten_opt_outs, saved_views, search
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

REPEATED_FOR = timedelta(days=8)
"""How long a provider may report the same message again: Meta does for seven days."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What goes with a person, without saying who they are."""

    contact_id: int
    """The contact's id, which no other contact gets."""
    messages: int
    waiting: int
    """Messages among these that were not sent yet."""
    threads: int
    addresses: int
    notes: int
    drafts: int
    files: int
    """Copies of files that no other message has."""
    views: int
    """Saved views that name them."""
    opt_outs: int
    """Addresses that stay known as opted out, by a keyed hash."""

    @property
    def goes(self) -> str:
        """What goes, in words."""
        parts = [
            counted(self.messages, "message"),
            counted(self.threads, "thread"),
            counted(self.addresses, "address", "addresses"),
            counted(self.notes, "note"),
            counted(self.drafts, "draft"),
            counted(self.files, "file"),
            counted(self.views, "saved view that names them", "saved views that name them"),
        ]
        shown = [part for part in parts if not part.startswith("0 ")]
        return ", ".join(["the contact", *shown]) + ", and all that the journals say of them"

    @property
    def remains(self) -> str:
        """What remains, in words."""
        kept = "backups and exports made before, and what the providers keep"
        if self.opt_outs:
            opted_out = counted(self.opt_outs, "address", "addresses")
            kept += f"; that {opted_out} opted out, as a hash that only this store can compare"
        return kept


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a person who was forgotten: when, by which agent, and how much. It doesn't name the person."""

    forgotten_at: datetime
    forgotten_by: str
    gone: Forgetting
    is_clean: bool
    """Whether the store's files hold nothing of the person any more."""
    caution: str
    """What still holds something, as a clause that says what to do; empty when `is_clean`."""

    def write(self, path: Path) -> None:
        """Write the receipt into a new file that only its owner can read. Raise OSError."""
        told = asdict(self) | {"forgotten_at": self.forgotten_at.isoformat()}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(told, stream, indent=2)
            stream.write("\n")


def preview(session: Session, clock: Clock, contact_id: int) -> Forgetting:
    """Return what would go with a person. Raise NotFound."""
    if contacts.get(session, contact_id) is None:
        raise NotFound("this contact is no longer in the store: it may have been merged or forgotten already")
    counts = forgetting.counts(session, contact_id)
    copies = [url for url in forgetting.files(session, contact_id) if attachments.digest_of(url) is not None]
    return Forgetting(contact_id, files=len(copies), views=len(_views_naming(session, contact_id)), **counts)


def _views_naming(session: Session, contact_id: int) -> list[str]:
    """Return the names of the saved views that hold the person's name, or an email or a number of theirs."""
    contact = contacts.get(session, contact_id)
    assert contact is not None, "looked at a moment ago"
    addresses = {text for one in contacts.identities(session, contact_id) for text in (one.address, one.key)}
    told = [words for text in (contact.name, *contact.emails, *addresses) if (words := _words(text))]
    views = ((view.name, _words(f"{view.name} {view.filter}")) for view in saved_views.listed(session))
    return [name for name, line in views if any(f" {words} " in f" {line} " for words in told)]


def _words(text: str) -> str:
    """Return the words and numbers of a text, folded, so that whole ones can be searched for."""
    return " ".join(re.findall(r"\w+", searchable(text)))


def forget(store: Store, agent: str, contact_id: int) -> Receipt:
    """Remove a person from the store: rows, files, search index, raw events, journals. There is no undo.

    May block on the disk. Raise NotAllowed, NotFound, and BadInput while a message to them is being sent.
    """
    at, gone, copies = store.call(_take_out, agent, contact_id)
    # The person is gone from here on: what fails now is told in the receipt, and not raised.
    caution = "; ".join(filter(None, (_remove_copies(store, copies), _clear(store))))
    return Receipt(at, agent, gone, not caution, caution)


def _remove_copies(store: Store, urls: Iterable[str]) -> str:
    """Remove the copies of a person's files. Return which are left, as a clause that says what to do."""
    left = []
    for url in urls:
        name = attachments.digest_of(url)
        assert name is not None, "only copies of ours are told"
        try:
            (store.files / name).unlink(missing_ok=True)
        except OSError as error:
            left.append(f"{store.files / name} ({error.strerror})")
    return f"some of the person's files could not be removed: remove {', '.join(left)}" if left else ""


def _clear(store: Store) -> str:
    """Clear the search index and the store's files of what was deleted. Return a caution as a receipt has it."""
    try:
        begins = True
        while store.call(search.clear_removed, begins=begins):
            begins = False
        return store.leave_no_trace()
    except StoreError as error:
        return f"the store's files may still hold parts of it: {error}"


def _take_out(
    session: Session, clock: Clock, agent: str, contact_id: int
) -> tuple[datetime, Forgetting, tuple[str, ...]]:
    rights.check(session, clock, agent, Right.FORGET)
    gone, now = preview(session, clock, contact_id), clock()
    if forgetting.is_being_sent(session, contact_id, now):
        raise BadInput("a message to them is being sent right now: try again in a minute")
    views = _views_naming(session, contact_id)
    urls = [url for url in forgetting.files(session, contact_id) if attachments.digest_of(url) is not None]
    identities = contacts.identities(session, contact_id)
    ids = forgetting.known_as(session, contact_id)
    forgotten_opt_outs.remember(session, identities)
    search.forget_messages(session, contact_id)
    forgetting.take_out(session, contact_id, ids, now - REPEATED_FOR)
    for identity in identities:
        for address in {identity.address, identity.key}:
            forgetting.take_out_address(session, identity.id, address)
    for name in views:
        saved_views.remove(session, name)
    queue.record(session, clock, agent, Deed(queue.FORGET, "forgotten", contact_id, {}, {}))
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    left = tuple(url for url in urls if not forgetting.is_named(session, url))
    attachments.drop(session, left)
    return now, gone, left
