"""The agent's own programs: started to show a file or a link, or to edit a text, only ever on a key or a click."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from contacts_tui.services.errors import BadInput
from contacts_tui.text_files import UnreadableText, decoded

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")

_SCHEMES = ("http://", "https://", "mailto:")
"""The only kinds of links that are opened: others may start a program."""


def opener(environ: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Return the command that opens a file or a link and "", or no command and why there is none, as a clause."""
    if sys.platform == "darwin":
        return (() if "SSH_CONNECTION" in environ else ("open",)), "there is no display over SSH"
    if not any(environ.get(name) for name in _SCREENS):
        return (), "there is no display here" + (" over SSH" if "SSH_CONNECTION" in environ else "")
    found = shutil.which("xdg-open", path=environ.get("PATH"))
    return ((found,), "") if found else ((), "xdg-open is not installed")


def hand_over(command: Sequence[str], things: Sequence[str]) -> str:
    """Start the command for each thing, in a session of its own. Return why that failed, as a clause; else ""."""
    for thing in things:
        try:
            subprocess.Popen(
                [*command, thing],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return f"{command[0]} can't be started: {error.strerror}"
    return ""


def edit(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Let the agent change a text in their editor, which has the terminal meanwhile. Return the changed text.

    The editor is `$VISUAL`, else `$EDITOR`, else vi. The file is its owner's alone, and removed. Raise BadInput.
    """
    wanted = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    descriptor, path = tempfile.mkstemp(prefix="contacts-tui-", suffix=".txt")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        try:
            status = subprocess.call([*shlex.split(wanted), path])
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise BadInput(f"the editor “{wanted}” can't be started ({why}): set EDITOR") from error
        if status:
            raise BadInput(f"the editor “{wanted}” ended with {status}: your text is as it was")
        try:
            changed = decoded(Path(path).read_bytes())
        except (OSError, UnreadableText) as error:
            raise BadInput("what the editor left can't be read: your text is as it was") from error
        return changed.removesuffix("\n")
    finally:
        Path(path).unlink(missing_ok=True)


def open_link(target: str, environ: Mapping[str, str] = os.environ) -> str:
    """Open a link in the browser or the mail program. Return why that can't be done, as a clause; else ""."""
    if not target.startswith(_SCHEMES):
        return "only web and mail links are opened"
    command, why_not = opener(environ)
    return hand_over(command, (target,)) if command else why_not
