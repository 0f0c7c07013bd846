"""Files of this machine that an agent may choose: what begins as they typed."""

import os
import stat
from dataclasses import dataclass

from contacts_tui.domain.file_types import kind_of_name
from contacts_tui.domain.media import media_word, size_words
from contacts_tui.paths import expanded
from contacts_tui.services.errors import BadInput

MOST_SHOWN = 200
"""Names in one list at most."""


@dataclass(frozen=True, slots=True)
class FileChoice:
    """A file or a folder under what was typed."""

    text: str
    """The path with which to go on, as typed as far as it was; a folder's ends in a slash."""
    name: str
    is_folder: bool
    about: str
    """Kind and size: "Photo, 120 kB"; empty for a folder."""


def matching(text: str) -> tuple[FileChoice, ...]:
    """What the last part of a typed path may become: folders first, then files by name. May block on the disk.

    Hidden names come when a dot was typed. Nothing comes of a folder that isn't there or can't be read.
    """
    head, slash, begin = text.rpartition("/")
    folder = os.path.expanduser(head + slash) if slash else "."
    if text == "~":
        return (FileChoice("~/", "~", is_folder=True, about=""),)
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if _fits(entry.name, begin)]
    except (OSError, ValueError):
        return ()
    choices = [choice for entry in found if (choice := _choice(entry, head + slash)) is not None]
    choices.sort(key=lambda choice: (not choice.is_folder, choice.name.casefold(), choice.name))
    return tuple(choices[:MOST_SHOWN])


def completed(text: str, choices: tuple[FileChoice, ...]) -> str:
    """The text with as much added as all the choices have in common."""
    if not choices:
        return text
    if len(choices) == 1:
        return choices[0].text
    first, last = min(choice.text for choice in choices), max(choice.text for choice in choices)
    same = next((place for place, char in enumerate(first) if last[place : place + 1] != char), len(first))
    return first[:same] if same > len(text) else text


def make_folder_of(text: str) -> None:
    """Make the folder in which a typed path lies, where there is none. May block on the disk.

    Raises PathError, and BadInput where it can't be made.
    """
    folder = expanded(text, "the path").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"the folder {folder} can't be made ({error.strerror}): choose another") from error


def _fits(name: str, begin: str) -> bool:
    if name.startswith(".") and not begin.startswith("."):
        return False
    return name.casefold().startswith(begin.casefold()) and name.isprintable()


def _choice(entry: "os.DirEntry[str]", head: str) -> FileChoice | None:
    try:
        found = entry.stat()
    except OSError:  # A link to nothing.
        return None
    if stat.S_ISDIR(found.st_mode):
        return FileChoice(f"{head}{entry.name}/", f"{entry.name}/", is_folder=True, about="")
    if not stat.S_ISREG(found.st_mode):
        return None
    about = f"{media_word(kind_of_name(entry.name))}, {size_words(found.st_size)}"
    return FileChoice(f"{head}{entry.name}", entry.name, is_folder=False, about=about)
