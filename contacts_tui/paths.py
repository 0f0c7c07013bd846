"""Where things lie on this machine: the data folder, the log, the configuration, and what ships with the program."""

import os
from pathlib import Path

import platformdirs

PROGRAM = "contacts-tui"
"""The program's name, which its folders carry."""

FOLDER_VARIABLE = "CONTACTS_TUI_DATA_FOLDER"
"""Environment variable that moves the data folder."""

STORE_NAME = "contacts.db"
"""File name of the default store."""

_PACKAGE = Path(__file__).parent


def data_folder() -> Path:
    """The folder of the store and the logs, made when missing, closed to other users. Raises OSError."""
    folder = _place()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _place() -> Path:
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir(PROGRAM, appauthor=False))


def log_file(name: str) -> Path:
    """The log of one command (`interface`, `serve`), in the data folder. Raises OSError."""
    return data_folder() / f"{name}.log"


def config_file() -> Path:
    """Where the configuration is looked for when CONTACTS_TUI_CONFIG names no other file."""
    return Path(platformdirs.user_config_dir(PROGRAM, appauthor=False)) / "config.toml"


def database_url(text: str) -> str:
    """A store's location as a URL: a URL stays as it is, anything else is the path of a SQLite file."""
    if "://" in text:
        return text
    return f"sqlite:///{Path(text).expanduser().absolute()}"


def default_database() -> str:
    """The URL of the store that is used when none is named. Its folder is made when it is opened."""
    return database_url(str(_place() / STORE_NAME))


def downloads_folder() -> Path:
    """Where saved files go unless another place is named. It need not be there."""
    return Path(platformdirs.user_downloads_dir())


def shipped_data() -> Path:
    """The demo's people, templates and conversations: inside an installed package, else beside it in a checkout."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"
