"""The desktop's own programs: asked to show a file or a link, only ever on a key or a click."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")

_SCHEMES = ("http://", "https://", "mailto:")
"""The only links that are opened: others may start a program."""


def opener(environ: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Return the command that opens a file or a link; or none, and why."""
    if sys.platform == "darwin":
        return (() if "SSH_CONNECTION" in environ else ("open",)), "there is no display over SSH"
    if not any(environ.get(name) for name in _SCREENS):
        return (), "there is no display here" + (" over SSH" if "SSH_CONNECTION" in environ else "")
    found = shutil.which("xdg-open", path=environ.get("PATH"))
    return ((found,), "") if found else ((), "xdg-open is not installed")


def hand_over(command: Sequence[str], things: Sequence[str]) -> str:
    """Start the command for each thing, apart from this program and its terminal. Return why that failed."""
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


def open_link(target: str, environ: Mapping[str, str] = os.environ) -> str:
    """Hand a link to the browser or the mail program. Return why that can't be done, as a clause; empty when it was."""
    if not target.startswith(_SCHEMES):
        return "only web and mail links are opened"
    command, why_not = opener(environ)
    return hand_over(command, (target,)) if command else why_not
