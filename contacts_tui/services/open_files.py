"""Showing a file of a message in the program that this machine has for it. Only ever on a key."""

import asyncio
import atexit
import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contacts_tui.domain.file_types import kind_of_name
from contacts_tui.services import desktop, media
from contacts_tui.store.store import Store

_SHOWN = ("image/", "audio/", "video/", "application/pdf", "text/plain", "text/csv")
"""Kinds of files that a viewer only shows. Others may hold programs: they are only saved, for the agent to open."""
_NOT_SHOWN = frozenset({"image/svg+xml"})
"""Kinds among these that can hold programs all the same."""

_PREFIX = "contacts-tui-opened-"


@dataclass(frozen=True, slots=True)
class Opened:
    """Files that were saved to be shown."""

    paths: tuple[Path, ...]
    shown: bool
    """Whether a program was asked to show them."""
    why_not: str
    """Why no program was, as a clause; empty when one was."""


async def open_files(store: Store, message_id: int, environ: Mapping[str, str] = os.environ) -> Opened:
    """Save a message's files in a new private folder, and start the desktop's opener for each.

    Raise BadInput, NotFound and ChannelError.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=_own_folder()))
    try:
        paths = await media.save(store, message_id, folder=folder)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    command, why_not = desktop.opener(environ)
    if command and not all(_is_shown(path) for path in paths):
        command, why_not = (), "this kind of file is not opened from here"
    if command:
        why_not = await asyncio.to_thread(desktop.hand_over, command, tuple(map(str, paths)))
    return Opened(paths, not why_not, why_not)


def sweep() -> None:
    """Remove the files opened by this user's processes that have ended, however they ended."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    _remove_if_left(Path(entry.path))


def _remove_if_left(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid != os.getuid():
            return
        # A process that opened files holds this lock for as long as it lives.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


@functools.cache
def _own_folder() -> Path:
    """Make this process's folder for opened files, or return it: private, and removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _is_shown(path: Path) -> bool:
    kind = kind_of_name(path.name)
    return kind.startswith(_SHOWN) and kind not in _NOT_SHOWN
