"""The configuration: a small TOML file, every key of it optional, every mistake in it told in one sentence."""

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from contacts_tui import paths
from contacts_tui.text_files import UnreadableText, decoded

CONFIG_VARIABLE = "CONTACTS_TUI_CONFIG"
"""Environment variable that names the configuration file. A file named here must exist."""

DATABASE_VARIABLE = "CONTACTS_TUI_DATABASE_URL"
"""Environment variable that names the store; it goes before the configuration and behind `--database`."""

LOG_LEVELS = ("debug", "info", "warning", "error")
"""What `log_level` may be, from talkative to terse."""

_DAYS = re.compile("[1-9][0-9]{0,3}")
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
    """The colours: `contacts-dark` (the default), `contacts-light`, `contacts-contrast`; `ansi-dark`, `ansi-light`."""

    default_region: str = ""
    """Two-letter country code, such as `NG`, by which numbers without a country code are read.
    Default: none, so that such numbers are reported."""

    log_level: str = "info"
    """What goes into the log files: `debug`, `info`, `warning` or `error`. Default: `info`."""

    raw_events_days: str = ""
    """For how many days the raw events of providers are kept, a number such as `30`. It is set for everyone on the
    store when `serve` or the interface starts with it. Default: what is set there, else 90."""

    keep_taken_back: str = ""
    """Whether the raw events keep the words of a message that its sender took back: `yes` or `no`. It is set for
    everyone on the store when `serve` or the interface starts with it. Default: what is set there, else `no`."""


def load(environ: Mapping[str, str] = os.environ, database: str = "") -> Config:
    """The configuration with its defaults filled in.

    The store is, in this order: `database` (the command line), CONTACTS_TUI_DATABASE_URL, the file, the default. Raises
    ConfigError.
    """
    chosen = environ.get(CONFIG_VARIABLE)
    try:
        file = paths.expanded(chosen, CONFIG_VARIABLE) if chosen else _usual_file()
        config = _read(file, must_exist=bool(chosen)) if file is not None else Config()
        named = ((database, "--database"), (environ.get(DATABASE_VARIABLE, ""), DATABASE_VARIABLE))
        for text, named_by in (*named, (config.database, f"{file}: “database”")):
            if text:
                location = paths.database_url(text, named_by)
                break
        else:
            location = paths.default_database()
    except paths.PathError as error:
        raise ConfigError(error.sentence) from error
    return replace(config, database=location, agent=config.agent or _login_name())


def _usual_file() -> Path | None:
    """The file of this user; None for a user without a home, who can have none."""
    try:
        return paths.config_file()
    except paths.PathError:
        return None


def _read(file: Path, *, must_exist: bool) -> Config:
    if not (must_exist or file.exists()):
        return Config()
    # Most have no file, and the first frame shall not wait for a parser of one.
    import tomllib

    try:
        values = tomllib.loads(decoded(file.read_bytes()))
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"{file}: no such file (named by {CONFIG_VARIABLE})") from None
        return Config()
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}") from error
    except UnreadableText as error:
        raise ConfigError(f"{file}: {error.sentence}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
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
    if config.keep_taken_back not in ("", "yes", "no"):
        raise ConfigError(f"{file}: “keep_taken_back” must be “yes” or “no”")
    if config.raw_events_days and not _DAYS.fullmatch(config.raw_events_days):
        raise ConfigError(f"{file}: “raw_events_days” must be a number of days from 1 to 9999, in quotes")
    if config.agent:
        # Few have it, and the first frame shall not wait for what reads text.
        from contacts_tui.domain.text import name_fault

        if fault := name_fault(config.agent):
            raise ConfigError(f"{file}: “agent” {fault}: write your name as the team knows it")
    if config.default_region and not _REGION.fullmatch(config.default_region):
        raise ConfigError(f"{file}: “default_region” must be a two-letter country code in capitals, such as NG")
    return config


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # No login name in the environment nor in the password database.
        return "agent"
