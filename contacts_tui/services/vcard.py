"""vCards, read and written: versions 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), as phones and mail programs export them."""

import quopri
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from contacts_tui.text_source import LONGEST_LINE

_LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;(?:\"[^\"]*\"|[^\":;])*)*):(?P<value>.*)", re.DOTALL
)
"""A property: perhaps a group such as `item1.`, its name, parameters, and its value."""
_PARAM = re.compile(r';((?:"[^"]*"|[^";])*)')
_CARETS = re.compile(r"\^([n'^])")
_BEHIND_CARET = {"n": "\n", "'": '"', "^": "^"}
"""How a parameter's value writes characters that it can't hold (RFC 6868)."""
_MOST_LINES = 20_000
"""Lines of one card; a photo takes some thousands."""
_WIDTH = 75
"""Bytes of a line; longer ones are folded."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a card. The value is decoded, and still escaped."""

    name: str
    """In capitals, without the group."""
    kinds: tuple[str, ...]
    """The values of its TYPE parameters, in lower case; in 2.1 also bare ones."""
    value: str
    params: Mapping[str, str] = field(default_factory=dict)
    """The other parameters by their names in capitals, such as AUTHOR-NAME and CREATED of a note (RFC 9554)."""

    @property
    def text(self) -> str:
        """The value as one text."""
        return unescaped(self.value)

    @property
    def parts(self) -> tuple[str, ...]:
        """The components of a structured value, such as a name's."""
        return tuple(map(unescaped, split(self.value, ";")))

    @property
    def values(self) -> tuple[str, ...]:
        """The values of a list, such as that of categories."""
        return tuple(map(unescaped, split(self.value, ",")))


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a file."""

    line: int
    """The line of the file in which it begins, from 1."""
    properties: tuple[Property, ...] = ()
    problem: str = ""
    """Why it can't be read, as a clause; empty when all is well."""

    def first(self, name: str) -> Property | None:
        """Return the first property of this name, or None."""
        return next((one for one in self.properties if one.name == name), None)


def cards(lines: Iterable[str]) -> Iterator[Card]:
    """Yield every card of a text. A broken one has a problem, and the next one is read."""
    found: list[str] | None = None
    begun = 0
    for number, line in _unfolded(lines):
        word = line.strip().upper()
        if word == "BEGIN:VCARD":
            if found is not None:
                yield Card(begun, problem="it has no END:VCARD: the next card begins before it ends")
            found, begun = [], number
        elif found is None:
            continue
        elif word == "END:VCARD":
            yield Card(begun, tuple(_properties(found)))
            found = None
        elif len(found) < _MOST_LINES:
            found.append(line)
    if found is not None:
        yield Card(begun, problem="it has no END:VCARD: the file ends before it does")


def split(value: str, mark: str) -> list[str]:
    """Split a value at a mark that isn't escaped."""
    return _split(value, mark) if "\\" in value else value.split(mark)


def unescaped(value: str) -> str:
    """Return a value without its escapes."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)


def escaped(text: str) -> str:
    """Return a text as a value writes it."""
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", r"\n")


def quoted(text: str) -> str:
    """Return a text as the value of a parameter (RFC 6868)."""
    for behind, char in (("^", "^"), ("'", '"'), ("n", "\n")):
        text = text.replace(char, f"^{behind}")
    return f'"{text}"'


def written(properties: Iterable[tuple[str, str]]) -> str:
    """Return a card of version 4.0 with these properties: each a name with its parameters, and an escaped value."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *(f"{name}:{value}" for name, value in properties), "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield every line with its number, joined with the lines that continue it."""
    whole, begun, soft = "", 0, False
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        if whole and soft and len(whole) < LONGEST_LINE:
            # Quoted-printable continues after a soft line break, with or without a space in front.
            whole = whole[:-1] + line.removeprefix(" ")
        elif line[:1] in (" ", "\t") and begun:
            if len(whole) < LONGEST_LINE:
                whole += line[1:]
        else:
            if begun:
                yield begun, whole
            whole, begun = line, number
        soft = whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper()
    if begun:
        yield begun, whole


def _properties(lines: Iterable[str]) -> Iterator[Property]:
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is not None:
            params, kinds = _read_params(match["params"])
            yield Property(match["name"].upper(), kinds, _decoded(match["value"], params), params)


def _read_params(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    params: dict[str, str] = {}
    kinds: list[str] = []
    for found in _PARAM.finditer(text):
        name, equals, value = found[1].partition("=")
        if not equals:
            bare = name.strip().upper()
            if bare in ("QUOTED-PRINTABLE", "BASE64"):
                params["ENCODING"] = bare
            kinds.append(name.strip().lower())
        elif name.strip().upper() == "TYPE":
            kinds += [kind.strip().lower() for kind in value.strip('"').split(",")]
        else:
            params[name.strip().upper()] = _CARETS.sub(lambda found: _BEHIND_CARET[found[1]], value.strip('"'))
    return params, tuple(kinds)


def _decoded(value: str, params: Mapping[str, str]) -> str:
    encoding = params.get("ENCODING", "").upper()
    if encoding == "QUOTED-PRINTABLE":
        content = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
    elif encoding in ("B", "BASE64") and "CHARSET" in params:
        try:
            content = b64decode(value)
        except ValueError:
            return value
    else:
        return value
    for charset in (params.get("CHARSET", "utf-8"), "utf-8", "cp1252"):
        try:
            # Quoted-printable text has line breaks of its own, which may be CRLF.
            return content.decode(charset).replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("latin-1")


def _split(value: str, mark: str) -> list[str]:
    parts, current, escape = [], "", False
    for char in value:
        if escape or char == "\\":
            escape = not escape
            current += char
        elif char == mark:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def _folded(line: str) -> str:
    """Return a line folded so that no piece has more bytes than allowed, and no character is split."""
    pieces, current, size = [], "", 0
    for char in line:
        width = len(char.encode("utf-8", "surrogatepass"))
        if size + width > _WIDTH:
            pieces.append(current)
            current, size = "", 1
        current += char
        size += width
    return "\r\n ".join([*pieces, current])
