"""The configuration file: read in whatever encoding it was saved, with a mistake for every key that isn't allowed."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from contacts_tui.settings import BY_PATH, KEYS, PIPES, SETTINGS, TABLES, WAS, Setting
from contacts_tui.toml_lines import line_at, lines_of


class UnusableFile(Exception):
    """The file can't be read, or is no TOML."""

    def __init__(self, sentence: str, *, is_missing: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong, to follow the file's name and a colon."""
        self.is_missing = is_missing


@dataclass(slots=True)
class Found:
    """What a file says."""

    values: dict[str, tuple[object, int, str]] = field(default_factory=dict)
    """Value, line, and name in the file; by setting, by `keys.` and a command's id, or by `pipes.` and a name."""
    mistakes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What goes on working, but belongs into a table now."""


def written_in(file: Path) -> Found:
    """Return what a file says. Raise UnusableFile."""
    text = _text(file)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnusableFile(f"not valid TOML: {error}") from error
    reader = _Reader(file, lines_of(text))
    for name, value in document.items():
        if isinstance(value, dict) and name in TABLES:
            reader.table(name, value)
        elif name in WAS and not isinstance(value, dict):
            reader.top(WAS[name], value)
        else:
            reader.unknown((name,))
    return reader.found


def _text(file: Path) -> str:
    """Return a file's text: in UTF-8 or UTF-16, in UTF-32 with a mark, else in Windows-1252. Raise UnusableFile."""
    # Only needed when there is a file.
    from contacts_tui.text_source import open_text

    try:
        with open_text(file) as source:
            text = "".join(source.lines())
    except FileNotFoundError:
        raise UnusableFile("no such file", is_missing=True) from None
    except OSError as error:
        raise UnusableFile(f"can't be read: {error.strerror}") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    broken = next((place for place, character in enumerate(text) if "\ud800" <= character <= "\udfff"), None)
    if broken is not None:
        line = text.count("\n", 0, broken) + 1
        raise UnusableFile(f"line {line}: not {source.encoding} text: save the file as UTF-8")
    if "\0" in text:
        raise UnusableFile("not text, for it holds NUL bytes: save it as UTF-8")
    return text


class _Reader:
    """Reads a document, table by table."""

    def __init__(self, file: Path, lines: Mapping[tuple[str, ...], int]) -> None:
        self.found = Found()
        self._file = file
        self._lines = lines

    def table(self, table: str, values: Mapping[str, object]) -> None:
        """Take over what a table says."""
        for name, value in values.items():
            if f"{table}.{name}" in BY_PATH:
                self._take(f"{table}.{name}", (table, name), value, f"“{name}” in [{table}]")
            elif table == PIPES:
                self._take(f"{PIPES}.{name}", (table, name), value, f"“{name}” in [{PIPES}]")
            elif table == KEYS:
                for path, keys in _flat(name, value):
                    self._take(f"{KEYS}.{'.'.join(path)}", (table, *path), keys, f"“{'.'.join(path)}” in [{KEYS}]")
            else:
                self.unknown((table, name))

    def top(self, setting: Setting, value: object) -> None:
        """Take over a key as it was written before there were tables, and remark where it belongs now."""
        self._take(setting.path, (setting.was,), value, f"“{setting.was}”")
        self.found.remarks.append(
            f"{self._place((setting.was,))}: “{setting.was}” stands in [{setting.table}] now, as {setting.name} = "
            f"{setting.example}; here it goes on working"
        )

    def unknown(self, path: tuple[str, ...]) -> None:
        """Report a key or table that doesn't exist, with the nearest one that does, and what is allowed."""
        *around, name = path
        place = f"{self._place(path)}: unknown key “{name}”"
        if around:
            allowed = [setting.name for setting in SETTINGS if setting.table == around[0]]
            elsewhere = next((each for each in SETTINGS if name in (each.name, each.was)), None)
            if elsewhere is not None:
                self.found.mistakes.append(f"{place} in [{around[0]}]: it stands in [{elsewhere.table}]")
                return
            said = f"{place} in [{around[0]}]{_near(name, allowed)} The keys there are {', '.join(allowed)}"
        else:
            near = get_close_matches(name, [*TABLES, *(each.name for each in SETTINGS)], 1)
            meant = next((f"“{each.name}” in [{each.table}]" for each in SETTINGS if near == [each.name]), "")
            meant = meant or (f"[{near[0]}]" if near else "")
            said = place + (f": did you mean {meant}?" if meant else ".") + f" The tables are {', '.join(TABLES)}"
        self.found.mistakes.append(said)

    def _take(self, setting: str, path: tuple[str, ...], value: object, name: str) -> None:
        if setting in self.found.values:
            other = self.found.values[setting][1]
            self.found.mistakes.append(f"{self._place(path)}: {name} stands there twice, on line {other} too: keep one")
        else:
            self.found.values[setting] = (value, line_at(self._lines, path), name)

    def _place(self, path: tuple[str, ...]) -> str:
        return f"{self._file}, line {line_at(self._lines, path)}"


def _near(name: str, allowed: list[str]) -> str:
    near = get_close_matches(name, allowed, 1)
    return f": did you mean “{near[0]}”?" if near else "."


def _flat(name: str, value: object) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield the keys given to commands, each by its id in parts: without quotes, `people.open` is a table in TOML."""
    if isinstance(value, dict):
        for inner, below in value.items():
            yield from (((name, *path), keys) for path, keys in _flat(inner, below))
    else:
        yield (name,), value
