"""Moving a store: all of it is copied from one database to another, whichever they are."""

from dataclasses import dataclass

from contacts_tui.domain.clock import Clock
from contacts_tui.services import store_care
from contacts_tui.store import backends, change_feed, store_copy
from contacts_tui.store.backup import Progress
from contacts_tui.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class StoreCopy:
    """The result of copying a store, as it was read back at the target."""

    source: str
    target: str
    counts: dict[str, int]
    """Rows by table."""
    files: int
    """Files of messages."""
    size: int
    """Bytes of the files."""
    missing: tuple[str, ...]
    """Files that messages name but that were missing, or not whole, at the source already."""
    is_behind: bool
    """Whether the source got changes while it was copied, which the copy doesn't have."""


def copy(source: str, target: str, agent: str, clock: Clock, progress: Progress) -> StoreCopy:
    """Copy the store at one location, as it is at one moment, to another that has no store yet, or an empty one.

    What was copied is read back and compared. Raise StoreError, and NotAllowed where `agent` may not do so; then
    nothing at `target` has changed.
    """
    giver, taker = backends.of(source), backends.of(target)
    if giver.name == taker.name:
        raise StoreError(f"the store {giver.name} can't be copied to itself: name another place")
    with (
        store_care.to_copy(source, agent, clock) as rows,
        taker.new_store(clock()) as copy_of_rows,
    ):
        copied = store_copy.copy(rows, copy_of_rows, progress)
        newest = change_feed.latest(rows)
    with giver.look(store_care.PATIENCE) as rows_now:
        is_behind = change_feed.latest(rows_now) != newest
    return StoreCopy(
        source=giver.name,
        target=taker.name,
        counts=copied.counts,
        files=copied.files,
        size=copied.size,
        missing=copied.missing,
        is_behind=is_behind,
    )
