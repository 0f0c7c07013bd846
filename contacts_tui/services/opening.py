"""Showing a file that came with a message, in the program that this machine has for it. Only ever on a key."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contacts_tui.domain.file_types import kind_of_name
from contacts_tui.services import media
from contacts_tui.store.store import Store

_SHOWN = ("image/", "audio/", "video/", "application/pdf", "text/plain", "text/csv")
"""Kinds of files that a viewer only shows. Others may hold programs: they are saved, and opened by hand."""
_NOT_SHOWN = frozenset({"image/svg+xml"})
"""Of these kinds, what can hold programs all the same."""

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


@dataclass(frozen=True, slots=True)
class Opened:
    """Files saved for a look at them."""

    paths: tuple[Path, ...]
    shown: bool
    """Whether a program was asked to show them."""
    why_not: str
    """Why none was, as a clause; empty when one was."""


async def open_files(store: Store, message_id: int, environ: Mapping[str, str] = os.environ) -> Opened:
    """Saves a message's files in a new folder closed to others, and hands them to the desktop's opener.

    Raises BadInput, NotFound and ChannelError.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="contacts-tui-"))
    try:
        paths = await media.save(store, message_id, folder=folder)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    opener, why_not = _opener(environ)
    if opener and not all(_is_shown(path) for path in paths):
        opener, why_not = (), "this kind of file is not opened from here"
    if opener:
        why_not = await asyncio.to_thread(_hand_over, opener, paths)
    return Opened(paths, not why_not, why_not)


def _opener(environ: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The command that opens a file, or why there is none."""
    if sys.platform == "darwin":
        return (() if "SSH_CONNECTION" in environ else ("open",)), "there is no display over SSH"
    if not any(environ.get(name) for name in _SCREENS):
        return (), "there is no display here" + (" over SSH" if "SSH_CONNECTION" in environ else "")
    found = shutil.which("xdg-open", path=environ.get("PATH"))
    return ((found,), "") if found else ((), "xdg-open is not installed")


def _is_shown(path: Path) -> bool:
    kind = kind_of_name(path.name)
    return kind.startswith(_SHOWN) and kind not in _NOT_SHOWN


def _hand_over(opener: Sequence[str], paths: Sequence[Path]) -> str:
    """Starts the opener apart from this program and its terminal. Returns why that failed."""
    for path in paths:
        try:
            subprocess.Popen(
                [*opener, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return f"{opener[0]} can't be started: {error.strerror}"
    return ""
