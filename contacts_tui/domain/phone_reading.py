"""Phone numbers as other programs write them into a cell: reading them when they are unambiguous, and saying why not.

A number is accepted when exactly one reading of it is valid. A text that may be two numbers is refused, and both are
offered, since a wrong guess would be a stranger's number.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from contacts_tui.domain.address import AddressError, display_phone, is_in_its_plan, normalize_phone, plain_phone

_NOTHING = (
    "n/a na n.a. none null nil nan unknown unbekannt keine kein k.a. k/a aucun aucune inconnu ninguno ninguna "
    "nenhum nenhuma nessuno nessuna #n/a #null! undefined tbd tba - -- --- . .. ? x 0 00 000"
)
_PLACEHOLDERS = frozenset(_NOTHING.split())
"""What people and programs write into a cell without a value, in lower case."""

_SCHEME = re.compile(r"(tel|sms|phone|whatsapp|callto):(//)?", re.IGNORECASE)
_FORMULA = re.compile(r'="(.*)"')
"""A formula by which some programs keep a spreadsheet from treating a number as an amount."""
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?\s*E\s*\+?(\d{1,2})", re.IGNORECASE)
_FRACTION = re.compile(r"(\+?\d{7,})[.,]0+")
_EXTENSION = re.compile(
    r"(?<=\d)[\s,;)-]*(?:;ext=|extension|ext\b\.?|extn\b\.?|x|\#|durchwahl|dw\b\.?|poste|int\b\.?|anexo|ramal)[\s.:=]*(\d{1,7})\s*",
    re.IGNORECASE,
)
_HARD = re.compile(r":::|;(?!\s*ext=)|[\n\r|&]|(?<=\d)[\s-]*(?=\+)", re.IGNORECASE)
"""What always ends a number: Google's separator of values, a line end, the plus of the next number."""
_SOFT = re.compile(r"[,/]")
"""What may end a number or be within it: German area codes end with a slash."""
_SHORTEST = 7
"""The fewest digits of a person's own number; shorter ones are senders' codes."""
_SHORT_PART = 4
"""The most digits after a slash that are an alternative ending of the number before it."""


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """The reading of one number in a cell."""

    typed: str
    """The text in the cell, without invisible characters."""
    number: str = ""
    """The number in E.164; empty when it is uncertain."""
    problem: str = ""
    """Why it isn't accepted, or not all of it, as a clause; empty when all is well."""
    offered: tuple[str, ...] = ()
    """Numbers in E.164 that may be meant, for a person to choose from."""
    is_lost: bool = False
    """Whether the cell had something that isn't accepted; not for a dash, which means that there is nothing."""


def read_phones(cell: str, default_region: str | None) -> tuple[PhoneReading, ...]:
    """Return a reading of each number in a cell. `default_region` (ISO 3166, "NG") is for numbers without a code."""
    text = visible(cell)
    if plain := plain_phone(text):
        return (PhoneReading(text, plain[0]),)
    found: list[PhoneReading] = []
    for piece in filter(None, (part.strip(" \t-") or part.strip() for part in _HARD.split(text))):
        found += _read_piece(piece, default_region)
    return tuple(found)


def visible(text: str) -> str:
    """Return a text without invisible characters, with one kind of space and dash, and any script's digits as 0-9."""
    if text.isascii():
        return text.strip()
    plain = unicodedata.normalize("NFKC", text)
    kept = (_plain_character(char) for char in plain if unicodedata.category(char) != "Cf")
    return "".join(kept).strip()


def is_placeholder(text: str) -> bool:
    """Return whether a visible text means that there is nothing."""
    return text.casefold() in _PLACEHOLDERS or not any(map(str.isalnum, text))


def _plain_character(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    match unicodedata.category(char):
        case "Zs":
            return " "
        case "Pd":
            return "-"
    return "-" if char == "\N{MINUS SIGN}" else char


def _read_piece(piece: str, region: str | None) -> Iterator[PhoneReading]:
    """Yield the readings of a piece in which only commas and slashes may separate numbers."""
    parts = [part.strip() for part in _SOFT.split(piece)]
    whole = _read(piece, region)
    if len(parts) == 1 or is_placeholder(piece) or _SCIENTIFIC.fullmatch(_bare(piece)):
        yield whole
        return
    each = [_read(part, region) for part in parts if part]
    if all(reading.number for reading in each):
        yield from each
    elif whole.number and _is_area_code(parts[0]) and len(parts) == 2:
        yield whole
    elif any(reading.number for reading in each) and all(len(_digits(part)) > _SHORT_PART for part in parts):
        yield from each
    elif each and each[0].number and not whole.number:
        # The rest is another ending of the number, or a code: in either case, the number before it is valid.
        yield each[0]
        yield from (replace(reading, is_lost=True) for reading in each[1:] if not reading.number)
        yield from (reading for reading in each[1:] if reading.number)
    else:
        offered = tuple(dict.fromkeys(number for reading in (*each, whole) for number in _meant(reading)))
        yield PhoneReading(piece, "", "may be one number or several", offered, is_lost=True)


def _meant(reading: PhoneReading) -> tuple[str, ...]:
    return (reading.number,) if reading.number else reading.offered


def _is_area_code(part: str) -> bool:
    """Return whether a part can only be the beginning of a number that continues after the slash."""
    digits = _digits(part)
    return len(digits) < _SHORTEST and (part.startswith(("0", "+", "(")))


def _bare(text: str) -> str:
    text = text.strip()
    if formula := _FORMULA.fullmatch(text):
        text = formula[1]
    text = text.lstrip("'’`").strip()
    if scheme := _SCHEME.match(text):
        text = unquote(text[scheme.end() :])
    if fraction := _FRACTION.fullmatch(text):
        text = fraction[1]
    return text.strip()


def _read(typed: str, region: str | None) -> PhoneReading:
    if is_placeholder(typed):
        return PhoneReading(typed, problem="means no number")
    text = _bare(typed)
    if scientific := _SCIENTIFIC.fullmatch(text):
        return _cut_by_spreadsheet(typed, scientific, region)
    extension = ""
    if found := _EXTENSION.search(text):
        if found.end() != len(text):
            return _refused(typed, "is not a phone number")
        text, extension = text[: found.start()].strip(), found[1]
    if any(char.isalpha() for char in text):
        return _with_letters(typed, text, region)
    if (plus := text.find("+")) > 0 and not _digits(text[:plus]):
        text = text[plus:]
    if len(_digits(text)) < _SHORTEST and not text.startswith("+"):
        return _refused(typed, "is too short for a number that can receive messages")
    reading = _sure(typed, text, region)
    if reading.number and extension:
        return PhoneReading(typed, reading.number, f"the extension {extension} can't receive messages")
    return reading


def _sure(typed: str, text: str, region: str | None) -> PhoneReading:
    """Return the reading of a text without letters: its number when exactly one is valid, else the problem."""
    if text.startswith("+"):
        try:
            # With a country code there is only one reading; whether the number exists, the provider says.
            return PhoneReading(typed, normalize_phone(text, None))
        except AddressError as error:
            return _refused(typed, _clause(error, text))
    digits = _digits(text)
    international = digits.removeprefix("00")
    # No country code begins with a zero.
    abroad = _valid(f"+{international}", None) if len(digits) >= _SHORTEST and international[:1] != "0" else ""
    at_home = _valid(text, region) if region else ""
    readings = tuple(dict.fromkeys(filter(None, (at_home, abroad))))
    if len(readings) == 1 and (region or digits.startswith("00")):
        return PhoneReading(typed, readings[0])
    if len(readings) > 1:
        return _refused(typed, "can be read as two numbers", readings)
    if readings:
        return _refused(typed, "has no + before its country code, and no country is given (--region)", readings)
    if region is None:
        return _refused(typed, "has no country code: write it with + and the code, or give its country (--region)")
    try:
        possible = normalize_phone(text, region)
    except AddressError as error:
        return _refused(typed, _clause(error, text))
    # One zero too many before the country code is common; a valid number is the better offer.
    return _refused(typed, f"is not a valid number in {region}", (_valid(f"+{digits.lstrip('0')}", None) or possible,))


def _with_letters(typed: str, text: str, region: str | None) -> PhoneReading:
    """Return the refusal of a text with letters, with the numbers in it as offers."""
    runs = re.findall(r"\+?\d[\d\s().-]+\d", text)
    readings = [_sure(run, run, region) for run in runs if len(_digits(run)) >= _SHORTEST]
    offered = tuple(dict.fromkeys(number for reading in readings for number in _meant(reading)))
    return _refused(typed, "has letters in it", offered)


def _cut_by_spreadsheet(typed: str, found: "re.Match[str]", region: str | None) -> PhoneReading:
    first, rest, power = found.groups(default="")
    digits = first + rest
    # A mantissa with every digit still gives the number, unless that ended in zeros: a person has to confirm it.
    offered = _meant(_sure(typed, digits, region)) if len(digits) == int(power) + 1 else ()
    return _refused(
        typed,
        "was cut by a spreadsheet, which treats numbers as amounts: format the column as text there, enter the number "
        "again or copy it from its source, and export again",
        offered,
    )


def _refused(typed: str, problem: str, offered: tuple[str, ...] = ()) -> PhoneReading:
    return PhoneReading(typed, problem=problem, offered=offered, is_lost=True)


def _clause(error: AddressError, text: str) -> str:
    """Return an error's sentence as a clause that can follow the number."""
    return str(error).replace(f"“{text}” ", "").removesuffix(".")


def _valid(text: str, region: str | None) -> str:
    """Return a number in E.164 when it is valid in its country's numbering plan; else empty."""
    try:
        number = normalize_phone(text, region)
    except AddressError:
        return ""
    return number if is_in_its_plan(number) else ""


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def reading_words(reading: PhoneReading) -> str:
    """Return a clause about a number that isn't accepted, or only in part, with the number at its beginning."""
    offered = " or ".join(display_phone(number) for number in reading.offered)
    return f"“{reading.typed}” {reading.problem}" + (f": {offered}?" if offered else "")
