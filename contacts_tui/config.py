"""The configuration: a small TOML file, every key of it optional, every mistake in it told in one sentence."""

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from contacts_tui import paths

CONFIG_VARIABLE = "CONTACTS_TUI_CONFIG"
"""Environment variable that names the configuration file. A file named here must exist."""

DATABASE_VARIABLE = "CONTACTS_TUI_DATABASE_URL"
"""Environment variable that names the store; it goes before the configuration and behind `--database`."""

LOG_LEVELS = ("debug", "info", "warning", "error")
"""What `log_level` may be, from talkative to terse."""

_REGION = re.compile("[A-Z]{2}")


class ConfigError(Exception):
    """The configuration can't be used; `sentence` names the file, the key, and what is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured. Each field is a key of the file, of the same name."""

    database: str = ""
    """The store: the path of a SQLite file, or a `sqlite:///` URL. Default: `contacts.db` in the data folder."""

    agent: str = ""
    """Your name as the team sees it beside the messages you write. Default: your login name."""

    theme: str = ""
    """The colours: the name of a theme in the palette's list. Default: the program's own dark theme."""

    default_region: str = ""
    """Two-letter country code, such as `NG`, by which numbers without a country code are read.
    Default: none, so that such numbers are reported."""

    log_level: str = "info"
    """What goes into the log files: `debug`, `info`, `warning` or `error`. Default: `info`."""


def load(environ: Mapping[str, str] = os.environ, database: str = "") -> Config:
    """The configuration with its defaults filled in.

    The store is, in this order: `database` (the command line), CONTACTS_TUI_DATABASE_URL, the file, the default. Raises
    ConfigError.
    """
    chosen = environ.get(CONFIG_VARIABLE)
    file = Path(chosen).expanduser() if chosen else paths.config_file()
    config = _read(file, must_exist=bool(chosen))
    location = database or environ.get(DATABASE_VARIABLE, "") or config.database
    try:
        location = paths.database_url(location) if location else paths.default_database()
    except OSError as error:
        raise ConfigError(f"the data folder can't be made: {error.strerror}: {error.filename}") from error
    return replace(config, database=location, agent=config.agent or _login_name())


def _read(file: Path, *, must_exist: bool) -> Config:
    if not (must_exist or file.exists()):
        return Config()
    # Most have no file, and the first frame shall not wait for a parser of one.
    import tomllib

    try:
        with file.open("rb") as stream:
            values = tomllib.load(stream)
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"{file}: no such file (named by {CONFIG_VARIABLE})") from None
        return Config()
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    return _checked(file, values)


def _checked(file: Path, values: dict[str, object]) -> Config:
    names = [field.name for field in fields(Config)]
    texts: dict[str, str] = {}
    for key, value in values.items():
        if key not in names:
            raise ConfigError(f"{file}: unknown key “{key}”; the keys are {', '.join(names)}")
        if not isinstance(value, str):
            raise ConfigError(f"{file}: “{key}” must be text in quotes, not {type(value).__name__}")
        texts[key] = value
    config = Config(**texts)
    if config.log_level not in LOG_LEVELS:
        raise ConfigError(f"{file}: “log_level” must be one of {', '.join(LOG_LEVELS)}")
    if config.default_region and not _REGION.fullmatch(config.default_region):
        raise ConfigError(f"{file}: “default_region” must be a two-letter country code in capitals, such as NG")
    return config


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # No login name in the environment nor in the password database.
        return "agent"
