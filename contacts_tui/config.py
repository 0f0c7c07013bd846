"""The configuration: options, environment, a small TOML file and defaults, with a sentence for every mistake."""

import getpass
import os
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from contacts_tui import chosen_theme, paths
from contacts_tui.settings import BY_PATH, KEYS, KEYS_VARIABLE, PIPES, SETTINGS, THEMES, BadValue, Setting, pipe
from contacts_tui.store import backends

CONFIG_VARIABLE = "CONTACTS_TUI_CONFIG"
"""Environment variable that names the configuration file. A file named here must exist."""


class ConfigError(Exception):
    """The configuration can't be used; `sentence` says where, what is wrong, and what is allowed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Config(NamedTuple):
    """Everything that can be configured; `settings` describes it. Where a value is empty, its user decides."""

    database: str = ""
    """The URL of the store."""
    agent: str = ""
    theme: str = THEMES[0]
    view: str = ""
    """The view that People begins with."""
    default_region: str = ""
    log_level: str = "info"
    raw_events_days: str = ""
    keep_taken_back: str = ""
    """`yes`, `no`, or empty."""
    notification_seconds: str = "5"
    signals: str = "bell title"
    """Names of `notification_rules.Signal` with spaces between, or `none`; `whose` likewise."""
    whose: str = "mine unassigned"
    quiet_hours: str = ""
    undo_send_seconds: str = "5"
    answer_target: str = ""
    answer_hours: str = ""
    answer_time_zone: str = ""
    preset: str = "default"
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """What is written for commands in `[keys]`, by their ids; keys as people write them."""
    pipes: Mapping[str, str] = MappingProxyType({})
    """The commands for the agent's shell in `[pipes]`, by their names."""


class From(StrEnum):
    """Where a value comes from; a later source takes precedence over an earlier one."""

    DEFAULT = "default"
    FILE = "file"
    CHOSEN = "chosen in the interface"
    ENVIRONMENT = "environment"
    OPTION = "option"


class Origin(NamedTuple):
    """Where the value of a setting comes from."""

    kind: From
    where: str = ""
    """The file, the variable or the option; empty for a default."""
    line: int = 0
    """The line of the file; 0 for any other source."""

    @property
    def words(self) -> str:
        """The origin in words, such as "/home/noor/.config/contacts-tui/config.toml, line 3"."""
        return ", ".join(filter(None, (self.where or self.kind.value, f"line {self.line}" if self.line else "")))


class Written(NamedTuple):
    """A value as it is written somewhere, and where."""

    path: str
    """The setting's name with its table, or `keys.` and a command's id, or `pipes.` and a name."""
    value: object
    origin: Origin
    name: str
    """What the agent who wrote it calls it, for a sentence: “theme.name”; the variable; the option."""


class Resolved:
    """The configuration in force, where each value comes from, and what is wrong."""

    def __init__(self, config: Config, file: Path | None) -> None:
        """Begin with `config`; `file` is the configuration file, existing or not, or None when the user has no home."""
        self.config = config
        self.origins: dict[str, Origin] = {}
        """Where each value comes from, by setting, by `keys.` and a command's id, and by `pipes.` and a name."""
        self.mistakes: list[str] = []
        """A sentence for each mistake, with its place."""
        self.remarks: list[str] = []
        """What works, but is written otherwise nowadays."""
        self.file = file


def load(environ: Mapping[str, str] = os.environ, database: str = "", agent: str = "") -> Config:
    """Return the configuration with its defaults filled in. `database` and `agent` are from the command line.

    An option takes precedence over the environment, that over what was chosen in the interface, that over the file.
    Raise ConfigError.
    """
    return checked(resolve(environ, database, agent))


def checked(resolved: Resolved) -> Config:
    """Return the configuration in force. Raise ConfigError with the first mistake, if there is any."""
    if resolved.mistakes:
        first, *others = resolved.mistakes
        more = f" (and {len(others)} more: see `contacts-tui config check`)" if others else ""
        raise ConfigError(first + more)
    return resolved.config


def resolve(environ: Mapping[str, str] = os.environ, database: str = "", agent: str = "") -> Resolved:
    """Return the configuration as far as it can be read, with where each value comes from, and every mistake."""
    resolved = Resolved(Config(), None)
    values: dict[str, str] = {}
    keys: dict[str, tuple[str, ...]] = {}
    pipes: dict[str, str] = {}
    for written in _written(resolved, environ, {"--database": database, "--agent": agent}):
        place = f"{written.origin.words}: " if written.origin.kind is From.FILE else ""
        try:
            if written.path in BY_PATH:
                values[written.path] = BY_PATH[written.path].read(written.value)
            elif written.path.startswith(f"{PIPES}."):
                pipes[written.path.removeprefix(f"{PIPES}.")] = pipe(written.value)
            else:
                keys[written.path.removeprefix(f"{KEYS}.")] = _keys(written.value)
            resolved.origins[written.path] = written.origin
        except BadValue as bad:
            resolved.mistakes.append(f"{place}{written.name} {bad.sentence}")
    named = {setting.field: values[setting.path] for setting in SETTINGS if values.get(setting.path)}
    resolved.mistakes += _database(named, resolved.origins)
    named.setdefault("agent", _login_name())
    if _is_remembered(resolved.origins) and (theme := chosen_theme.read(named["agent"])) in THEMES:
        named["theme"] = theme
        resolved.origins["theme.name"] = Origin(From.CHOSEN)
    resolved.config = Config(**named, keys=keys, pipes=pipes)
    if keys:
        resolved.mistakes += _key_mistakes(resolved)
    return resolved


def _written(resolved: Resolved, environ: Mapping[str, str], options: Mapping[str, str]) -> Iterator[Written]:
    """Yield every value that is written somewhere, the file's first: a later one takes precedence."""
    yield from _of_file(resolved, environ)
    for setting in SETTINGS:
        for kind, name, text in (
            (From.ENVIRONMENT, setting.variable, environ.get(setting.variable, "")),
            (From.OPTION, setting.option, options.get(setting.option, "")),
        ):
            if text:
                yield Written(setting.path, text, Origin(kind, name), name)
    for pair in environ.get(KEYS_VARIABLE, "").split():
        command, equals, given = pair.partition("=")
        origin = Origin(From.ENVIRONMENT, KEYS_VARIABLE)
        if equals:
            keys = [key for key in given.split(",") if key]
            yield Written(f"{KEYS}.{command}", keys, origin, KEYS_VARIABLE)
        else:
            resolved.mistakes.append(f"{KEYS_VARIABLE}: “{pair}” gives no keys: write people.open=enter,l")


def _of_file(resolved: Resolved, environ: Mapping[str, str]) -> Iterator[Written]:
    chosen = environ.get(CONFIG_VARIABLE, "")
    try:
        resolved.file = paths.expanded(chosen, CONFIG_VARIABLE) if chosen else paths.config_file()
    except paths.PathError as error:
        if chosen:
            resolved.mistakes.append(error.sentence)
        return
    if not (chosen or resolved.file.exists()):
        return
    # Most agents have no file, and the first frame mustn't wait for what reads one.
    from contacts_tui.config_file import UnusableFile, written_in

    try:
        found = written_in(resolved.file)
    except UnusableFile as error:
        named = f" (named by {CONFIG_VARIABLE})" if chosen and error.is_missing else ""
        resolved.mistakes.append(f"{resolved.file}: {error.sentence}{named}")
        return
    resolved.mistakes += found.mistakes
    resolved.remarks += found.remarks
    for path, (value, line, name) in found.values.items():
        yield Written(path, value, Origin(From.FILE, str(resolved.file), line), name)


def _keys(value: object) -> tuple[str, ...]:
    """Return one key, several or none, as they are written. Raise BadValue."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return tuple(value)
    raise BadValue('must be a key such as "x", several such as ["x", "f5"], or [] for none')


def _key_mistakes(resolved: Resolved) -> Iterator[str]:
    from contacts_tui.commands.keymap import keys_for

    _, mistakes = keys_for("default", resolved.config.keys)
    for mistake in mistakes:
        yield f"{resolved.origins[f'{KEYS}.{mistake.id}'].words}: {mistake.sentence}"


def database_url(text: str, named_by: str = "") -> str:
    """Return a store's location as a URL: a URL stays as it is, anything else is the path of a file.

    A `~` is expanded in a path, and in the URL of a file. Raise PathError, whose sentence begins with `named_by`.
    """
    if text.startswith(f"{backends.FILE}~"):
        text = text.removeprefix(backends.FILE)
    is_url = "://" in text or text.startswith(backends.NO_FILES)
    return text if is_url else backends.location_of(paths.expanded(text, named_by))


def _database(named: dict[str, str], origins: Mapping[str, Origin]) -> Sequence[str]:
    """Set the store's URL, of the configured store or else of the default one. Return what is wrong with it."""
    setting = BY_PATH["general.database"]
    origin = origins.get(setting.path)
    try:
        if origin is None or setting.field not in named:
            named[setting.field] = backends.location_of(paths.default_store())
        else:
            by = f"{origin.words}: “database”" if origin.kind is From.FILE else origin.words
            named[setting.field] = database_url(named[setting.field], by)
    except paths.PathError as error:
        named.pop(setting.field, None)
        return [error.sentence]
    return []


def _is_remembered(origins: Mapping[str, Origin]) -> bool:
    """Return whether the theme chosen in the interface counts: only a variable takes precedence over it."""
    origin = origins.get("theme.name")
    return origin is None or origin.kind is From.FILE


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # No login name in the environment nor in the password database.
        return "agent"


def shown(setting: Setting, config: Config) -> str:
    """Return the value of a setting as text, without a password, or what applies where none is set."""
    value = str(getattr(config, setting.field)) or setting.default.replace("`", "")
    return backends.shown(value) if setting.field == "database" else value
