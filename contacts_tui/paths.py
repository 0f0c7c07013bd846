"""Where files are on this machine: the data folder, the logs, the configuration, and what ships with the program."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

PROGRAM = "contacts-tui"
"""The program's name, and that of its folders."""

FOLDER_VARIABLE = "CONTACTS_TUI_DATA_FOLDER"
"""Environment variable that names one folder for the store and the logs."""

COMPLETION_VARIABLE = "_CONTACTS_TUI_COMPLETE"
"""Environment variable by which a shell asks for completions of the command line."""

STATE_VARIABLE = "CONTACTS_TUI_STATE_FOLDER"
"""Environment variable that moves the state folder."""

STORE_NAME = "contacts.db"
"""File name of the default store."""

_PACKAGE = Path(__file__).parent


class PathError(Exception):
    """A path can't be understood on this machine."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong and what to do."""


def expanded(text: str, named_by: str = "") -> Path:
    """Return a written path as an absolute one; `~` is a home folder. Raise PathError.

    `named_by` is the option, variable or key that the path comes from, for the sentence.
    """
    where = f"{named_by}: " if named_by else ""
    if "\0" in text:
        raise PathError(f"{where}a path can't hold a NUL byte: write another")
    if not text.startswith("~"):
        return _absolute(Path(text), where)
    user = text[1:].partition("/")[0]
    # Where the home is not known, `expanduser` raises, or leaves the text as it is.
    with suppress(RuntimeError, KeyError):
        path = Path(text).expanduser()
        if path.is_absolute() and (user or os.environ.get("HOME") != ""):
            return path
    unknown = (
        f"there is no user “{user}” on this machine" if user else "your home folder is not known (HOME is not set)"
    )
    raise PathError(f"{where}{unknown}: write “{text}” as a whole path, from / on")


def _absolute(path: Path, where: str) -> Path:
    try:
        return path.absolute()
    except OSError as error:
        raise PathError(f"{where}the folder you are in is gone ({error.strerror}): write a path from / on") from error


def _own(place: Callable[[], str]) -> Path:
    """Return a folder that the platform has for this user. Raise PathError when their home is not known."""
    with suppress(RuntimeError, KeyError):
        path = Path(place())
        if path.is_absolute():
            return path
    raise PathError(f"your home folder is not known: set HOME or {FOLDER_VARIABLE}")


def data_folder() -> Path:
    """Return the folder of the store; make it if missing, closed to other users. Raise OSError and PathError."""
    return _made(_place(platformdirs.user_data_dir))


def state_folder() -> Path:
    """Return the folder of what the program remembers on this machine. It need not exist. Raise PathError.

    The variable for the data folder moves this one as well, unless its own variable names another.
    """
    if chosen := os.environ.get(STATE_VARIABLE):
        return expanded(chosen, STATE_VARIABLE)
    return _place(platformdirs.user_state_dir)


def log_file(name: str) -> Path:
    """Return the log of one command (`interface`, `serve`), in a folder that exists. Raise OSError and PathError.

    Unless moved, it is in the platform's folder for program state: XDG_STATE_HOME or ~/.local/state on Linux.
    """
    return _made(state_folder()) / f"{name}.log"


def _place(usual: Callable[..., str]) -> Path:
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return expanded(chosen, FOLDER_VARIABLE)
    return _own(lambda: usual(PROGRAM, appauthor=False))


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def config_file() -> Path:
    """Return the configuration file that is read when CONTACTS_TUI_CONFIG names no other. Raise PathError."""
    return _own(lambda: platformdirs.user_config_dir(PROGRAM, appauthor=False)) / "config.toml"


def default_store() -> Path:
    """Return the file of the store that is used when none is named. Opening it makes its folder. Raise PathError."""
    return _place(platformdirs.user_data_dir) / STORE_NAME


def files_folder(store: str) -> Path:
    """Return the folder, which need not exist, for copies of files of the server's store `store`. Raise PathError."""
    import hashlib  # Loads OpenSSL, for which a store in a file has no use.

    return _place(platformdirs.user_data_dir) / f"files-{hashlib.sha256(store.encode()).hexdigest()[:16]}"


def downloads_folder() -> Path:
    """Return where saved files go unless another place is named. It need not exist. Raise PathError."""
    return _own(platformdirs.user_downloads_dir)


def shipped_data() -> Path:
    """Return the demo's people, templates and conversations: in an installed package, else beside it in a checkout."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"
