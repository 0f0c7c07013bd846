"""A new store's file, made under another name beside its place, so that a store there is complete or missing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contacts_tui.store import attachments
from contacts_tui.store.backends.sqlite import files
from contacts_tui.store.backends.sqlite.backup import bring_files
from contacts_tui.store.errors import StoreError


@contextmanager
def beside(place: Path) -> Iterator[Path]:
    """Give the block a path to make the store at, and put it at `place` with its files at the end of the block.

    Raise StoreError when there is something already, or nothing can be put there; what was made is removed then.
    """
    _refuse_taken(place)
    made = place.with_name(f".{place.name}.unfinished-{os.getpid()}")
    try:
        yield made
        _put(made, place)
    except OSError as error:
        raise StoreError(f"no store can be written to {place}: {error.strerror or error}") from error
    finally:
        for path in (made, files.log_of(made), files.index_of(made), made.with_name(f"{made.name}-journal")):
            path.unlink(missing_ok=True)
        shutil.rmtree(files.folder_of(made), ignore_errors=True)


def _put(made: Path, place: Path) -> None:
    folder = files.folder_of(place)
    attachments.sync(made)
    if folder.exists():
        bring_files(files.folder_of(made), folder)
        attachments.sync(folder)
    elif files.folder_of(made).exists():
        attachments.sync(files.folder_of(made))
        files.folder_of(made).rename(folder)
    # A log without its store would be taken for that of the new one.
    _refuse_taken(place)
    files.log_of(place).unlink(missing_ok=True)
    files.index_of(place).unlink(missing_ok=True)
    try:
        os.link(made, place)
    except FileExistsError:
        _refuse_taken(place)
    attachments.sync(place.parent)


def _refuse_taken(place: Path) -> None:
    if place.exists():
        raise StoreError(f"{place} already exists, and nothing is overwritten: choose another path")
