"""Every setting: its place in config.toml, its variable, its values. The check and the docs are made from these."""

import re
from collections.abc import Callable
from typing import NamedTuple

from contacts_tui.store import backends

LOG_LEVELS = ("debug", "info", "warning", "error")
"""The values of `log_level`, from the most verbose to the least."""

THEMES = ("contacts-dark", "contacts-light", "contacts-contrast", "ansi-dark", "ansi-light")
"""The themes on offer; the first one unless another is chosen."""

PRESETS = ("default", "vim")
"""The presets of keys."""

SIGNALS = ("bell", "title", "osc9", "osc777")
"""How a terminal tells of a new message."""

WHOSE = ("mine", "unassigned", "all")
"""Whose people an agent is notified of."""

NONE = "none"
"""Stands for an empty list, which differs from no list."""

KEYS = "keys"
"""The table that gives keys to commands, by their ids."""

KEYS_VARIABLE = "CONTACTS_TUI_KEYS"
"""Environment variable that gives keys to commands: `people.open=enter,l people.merge=`."""

PIPES = "pipes"
"""The table that names the agent's own shell commands, which read a thread."""

_SECONDS = (1, 3600)
_DAYS = (1, 9999)
_REGION = re.compile("[A-Z]{2}")
_YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


class BadValue(Exception):
    """A value is not allowed; `sentence` says what is, to follow the setting's name."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Setting(NamedTuple):
    """One setting."""

    table: str
    """Its table in the file."""
    name: str
    """Its key in the table."""
    field: str
    """Its field of `Config`."""
    variable: str
    """The environment variable that goes before the file."""
    about: str
    """What it does, for the docs and the file that `config init` writes."""
    default: str
    """What is meant where it is not set, in words."""
    example: str
    """A value as it is written in the file."""
    read: Callable[[object], str]
    """Return the value of the file or of the variable as text. Raise BadValue."""
    was: str = ""
    """The key at the top of the file that meant the same before there were tables; it goes on working."""
    option: str = ""
    """The option of the command line that goes before everything else."""

    @property
    def path(self) -> str:
        """Its name with its table: `general.agent`."""
        return f"{self.table}.{self.name}"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadValue(f"must be text in quotes, not {_kind(value)}")
    return value


def pipe(value: object) -> str:
    """Return a command for the agent's shell. Raise BadValue."""
    text = _text(value)
    if not text.strip() or "\0" in text:
        raise BadValue('must be a command for your shell, such as "wc -w"')
    return text


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")


def _agent(value: object) -> str:
    # Few agents set it, and the first frame mustn't wait for what reads text.
    from contacts_tui.domain.text import name_fault

    if fault := name_fault(text := _text(value)):
        raise BadValue(f"{fault}: write your name as the team knows it")
    return text


def _region(value: object) -> str:
    if not _REGION.fullmatch(text := _text(value)):
        raise BadValue(f"must be a two-letter country code in capitals, such as NG, not “{text}”")
    return text


def _one_of(names: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value)
        if text in names:
            return text
        from difflib import get_close_matches

        near = get_close_matches(text, names, 1)
        meant = f": did you mean “{near[0]}”?" if near else "."
        raise BadValue(f"can't be “{text}”{meant} Allowed are {', '.join(names)}")

    return read


def _whole(least: int, most: int, of: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not text.isdecimal() or not least <= int(text[:9]) <= most:
            raise BadValue(f"must be a number of {of} from {least} to {most}")
        return str(int(text))

    return read


def _as_target(part: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        # Few agents set it, and the first frame mustn't wait for what reads time zones.
        from contacts_tui.domain import answer_target
        from contacts_tui.domain.urgency import DEFAULT_TARGET

        text = _text(value)
        try:
            answer_target.changed(DEFAULT_TARGET, **{part: text})
        except ValueError as error:
            raise BadValue(f"can't be used: {error}") from error
        return text

    return read


def _some_of(names: tuple[str, ...]) -> Callable[[object], str]:
    one = _one_of(names)

    def read(value: object) -> str:
        words = value.split() if isinstance(value, str) else value
        if not isinstance(words, list):
            raise BadValue(f"must be a list of names in quotes, not {_kind(value)}")
        return NONE if words in ([], [NONE]) else " ".join(dict.fromkeys(map(one, words)))

    return read


def _quiet_hours(value: object) -> str:
    from contacts_tui.domain.notification_rules import quiet_hours

    try:
        quiet_hours(text := _text(value))
    except ValueError as error:
        raise BadValue(f"can't be read: {error}") from error
    return text


def _yes_no(value: object) -> str:
    if not isinstance(value, bool | str) or str(value).lower() not in _YES_NO:
        raise BadValue("must be true or false")
    return _YES_NO[str(value).lower()]


_FOR_EVERYONE = "It is set for everyone on the store when `serve` or the interface starts with it."

SETTINGS = (
    Setting(
        "general",
        "agent",
        "agent",
        "CONTACTS_TUI_AGENT",
        "Your name as the team sees it beside the messages you write.",
        "your login name",
        '"Noor"',
        _agent,
        was="agent",
        option="--agent",
    ),
    Setting(
        "general",
        "database",
        "database",
        "CONTACTS_TUI_DATABASE_URL",
        f"The store: {backends.FORMS}.",
        "`contacts.db` in the data folder",
        '"~/support/contacts.db"',
        _text,
        was="database",
        option="--database",
    ),
    Setting(
        "general",
        "view",
        "view",
        "CONTACTS_TUI_VIEW",
        "The view that People begins with, by its name: a built-in one or one that was saved.",
        "`Waiting`, or `All people` while nobody waits",
        '"Mine"',
        _text,
    ),
    Setting(
        "general",
        "default_region",
        "default_region",
        "CONTACTS_TUI_DEFAULT_REGION",
        "Two-letter country code by which numbers without a country code are read in an import.",
        "none: such numbers are reported",
        '"NG"',
        _region,
        was="default_region",
    ),
    Setting(
        "general",
        "log_level",
        "log_level",
        "CONTACTS_TUI_LOG_LEVEL",
        "What goes into the log files: `debug`, `info`, `warning` or `error`.",
        "`info`",
        '"warning"',
        _one_of(LOG_LEVELS),
        was="log_level",
    ),
    Setting(
        "general",
        "undo_send_seconds",
        "undo_send_seconds",
        "CONTACTS_TUI_UNDO_SEND_SECONDS",
        "For how many seconds you can undo sending a message in the interface, from 0 to 30. Until then it "
        "is stored here and doesn't leave; quitting the program sends it at once.",
        "5: long enough to see the wrong name, too short for anybody to notice",
        "0",
        _whole(0, 30, "seconds"),
    ),
    Setting(
        KEYS,
        "preset",
        "preset",
        "CONTACTS_TUI_KEYS_PRESET",
        "The keys to begin with: `default` or `vim`.",
        "`default`",
        '"vim"',
        _one_of(PRESETS),
    ),
    Setting(
        "theme",
        "name",
        "theme",
        "CONTACTS_TUI_THEME",
        f"The colours: {', '.join(f'`{name}`' for name in THEMES)}. A theme chosen in the interface is kept, and goes "
        "before this key.",
        f"`{THEMES[0]}`",
        '"contacts-light"',
        _one_of(THEMES),
        was="theme",
    ),
    Setting(
        "notifications",
        "seconds",
        "notification_seconds",
        "CONTACTS_TUI_NOTIFICATION_SECONDS",
        "For how many seconds a notice in the corner stays, from 1 to 3600. Important ones stay longer.",
        "5",
        "10",
        _whole(*_SECONDS, "seconds"),
    ),
    Setting(
        "notifications",
        "signals",
        "signals",
        "CONTACTS_TUI_SIGNALS",
        "How the terminal tells of a new message: `bell`, `title` (how many people wrote, in the terminal's title), "
        "`osc9` and `osc777` (a notice of the desktop, where the terminal has such). `[]` for none; the variable takes "
        "the names with spaces between.",
        "`bell` and `title`",
        '["title", "osc9"]',
        _some_of(SIGNALS),
    ),
    Setting(
        "notifications",
        "whose",
        "whose",
        "CONTACTS_TUI_NOTIFY_OF",
        "Whose people you are told of: `mine`, `unassigned` or `all`. `[]` for nobody's.",
        "`mine` and `unassigned`",
        '["mine"]',
        _some_of(WHOSE),
    ),
    Setting(
        "notifications",
        "quiet_hours",
        "quiet_hours",
        "CONTACTS_TUI_QUIET_HOURS",
        "Hours of every day in which nothing sounds and no notice of the desktop comes, in your time zone.",
        "none",
        '"22:00-7:00"',
        _quiet_hours,
    ),
    Setting(
        "inboxes",
        "answer_target",
        "answer_target",
        "CONTACTS_TUI_ANSWER_TARGET",
        f"How soon an inbox answers that has no target of its own: `30m`, `1h30m`, or `none`. {_FOR_EVERYONE} "
        "`inbox set NAME answer-target=30m` gives one inbox its own.",
        "what is set there, else `1h`",
        '"30m"',
        _as_target("within"),
    ),
    Setting(
        "inboxes",
        "answer_hours",
        "answer_hours",
        "CONTACTS_TUI_ANSWER_HOURS",
        f"The hours in which that time is counted: `mon-fri 9-18, sat 10-14`, or `always`. {_FOR_EVERYONE}",
        "what is set there, else `always`",
        '"mon-fri 9-18"',
        _as_target("hours"),
    ),
    Setting(
        "inboxes",
        "answer_time_zone",
        "answer_time_zone",
        "CONTACTS_TUI_ANSWER_TIME_ZONE",
        f"The time zone of these hours. {_FOR_EVERYONE}",
        "what is set there, else `UTC`",
        '"Europe/Berlin"',
        _as_target("time_zone"),
    ),
    Setting(
        "privacy",
        "raw_events_days",
        "raw_events_days",
        "CONTACTS_TUI_RAW_EVENTS_DAYS",
        f"For how many days the raw events of providers are kept, from 1 to 9999. {_FOR_EVERYONE}",
        "what is set there, else 90",
        "30",
        _whole(*_DAYS, "days"),
        was="raw_events_days",
    ),
    Setting(
        "privacy",
        "keep_taken_back",
        "keep_taken_back",
        "CONTACTS_TUI_KEEP_TAKEN_BACK",
        f"Whether the raw events keep the words of a message that its sender took back. {_FOR_EVERYONE}",
        "what is set there, else `false`",
        "true",
        _yes_no,
        was="keep_taken_back",
    ),
)
"""Every setting but the keys of commands, in the order of the docs."""

TABLES = (*dict.fromkeys(setting.table for setting in SETTINGS), PIPES)
"""The tables of the file."""

BY_PATH = {setting.path: setting for setting in SETTINGS}
WAS = {setting.was: setting for setting in SETTINGS if setting.was}
"""Settings by the key at the top of the file that meant the same before there were tables."""
