"""Completion of typed paths: the files and folders of this machine whose names begin with what was typed."""

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
    """A file or a folder that a typed path may become."""

    text: str
    """The whole path; what was typed of it is kept, and a folder's path ends in a slash."""
    name: str
    is_folder: bool
    about: str
    """Kind and size: "Photo, 120 kB"; empty for a folder."""


def matching(text: str) -> tuple[FileChoice, ...]:
    """Return the choices for the last part of a typed path: folders first, then files by name. May block on the disk.

    Hidden names are among them when a dot was typed. Return none for a folder that doesn't exist or can't be read.
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
    """Return the text, extended by what all the choices have in common."""
    if not choices:
        return text
    if len(choices) == 1:
        return choices[0].text
    first, last = min(choice.text for choice in choices), max(choice.text for choice in choices)
    same = next((place for place, char in enumerate(first) if last[place : place + 1] != char), len(first))
    return first[:same] if same > len(text) else text


def make_folder_of(text: str) -> None:
    """Make the parent folder of a typed path, where it doesn't exist. May block on the disk.

    Raise PathError, and BadInput where it can't be made.
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
