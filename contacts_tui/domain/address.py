"""Phone numbers and other addresses: their one spelling, their alias key, and how they are shown.

`phonenumbers` is imported inside the functions: it costs some 50 ms that the first frame should not wait for.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.plain_numbers import read_plain
from contacts_tui.domain.text import name_or

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_MEXICO, _BRAZIL = 52, "55"

_BRAZIL_OLD_MOBILE = re.compile(r"[1-9]{2}[6-9]\d{7}")
"""Area code (never with a 0) and eight digits of a mobile from before the ninth digit; landlines begin with 2
to 5."""


_ARGENTINE_MOBILE = re.compile(r"^\+549(\d{10})$")
"""An Argentine mobile as it is dialled from abroad."""
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
"""WhatsApp's business-scoped user ids; the second form is that of a parent company."""
_LIKE_USER_ID = re.compile(r"[A-Za-z]{2}\.\S")
"""What is meant for one, however it is made: it names nobody to whoever reads it."""
NAMELESS = "Someone on WhatsApp"
"""How a person is listed of whom only a user id is known."""
NO_NUMBER = "no number shared"
"""What stands where a number would, of a person whom WhatsApp names by a user id."""
_SHORTEST_NUMBER = 7
"""Digits from which a number is somebody's own; shorter ones are senders' codes."""


class AddressError(ValueError):
    """An address that can't be used; its text says in one sentence what is wrong and what to do."""


def normalize_phone(text: str, default_region: str | None) -> str:
    """A phone number as typed or imported, in E.164.

    `default_region` (ISO 3166, "NG") reads numbers without a country code; None demands the code. Accepted is
    every number of a possible length, for numbering plans grow faster than any table of them: whether it
    exists, the provider says. Raises AddressError.
    """
    typed = text.strip()
    if plain := read_plain(typed):
        return "+{}{}".format(*plain)
    import phonenumbers

    if not typed:
        raise AddressError("The number is empty: write it with its country code, such as +1 202 555 0142.")
    if any(char.isalpha() for char in typed):
        raise AddressError(f"“{typed}” has letters in it: write digits only, without an extension.")
    try:
        number = _repaired(phonenumbers.parse(typed, default_region))
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            what = f"“{typed}” has no known country code: begin with + and the code, such as +1 202 555 0142."
        else:
            what = f"“{typed}” is not a phone number: write it with its country code, such as +1 202 555 0142."
        raise AddressError(what) from error
    if number.extension:
        raise AddressError(f"“{typed}” has an extension, which can't receive messages: leave it out.")
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.IS_POSSIBLE:
            return _e164(number)
        case phonenumbers.ValidationResult.TOO_LONG:
            raise AddressError(f"“{typed}” has too many digits for its country: check it.")
        case phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise AddressError(f"“{typed}” lacks its area code: write the whole number.")
        case _:
            raise AddressError(f"“{typed}” has too few digits for its country: check it.")


@lru_cache(maxsize=4096)
def is_valid_phone(address: str) -> bool:
    """Whether this is a whole international number of a possible length; it need not exist."""
    import phonenumbers

    number = _parse(address)
    return (
        number is not None
        and phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )


def is_in_its_plan(address: str) -> bool:
    """Whether this is an international number of a kind that its country gives out."""
    import phonenumbers

    number = _parse(address)
    return number is not None and phonenumbers.is_valid_number(number)


@lru_cache(maxsize=4096)
def alias_key(channel: Channel, address: str) -> str:
    """The key under which two spellings of one address meet. Never raises.

    A phone number's key is its E.164 form, the same for SMS and WhatsApp, with two rules for numbers that
    networks write in two ways: Mexico's 521 is 52, and an eight-digit Brazilian mobile gets its ninth digit.
    Anything else (a user id, a chat id, a PSID, a number that can't be read) is its own key, trimmed: the case of an
    id matters. Only the name of an SMS sender is put in lower case.
    """
    number = None
    if channel.by_phone:
        if plain := plain_phone(address):
            return plain[1]
        number = _parse(address)
    if number is None:
        return address.strip().lower() if channel is Channel.SMS else address.strip()
    return _key(str(number.country_code), _national(number))


def plain_phone(text: str) -> tuple[str, str] | None:
    """The number of a text in E.164, and its alias key, as `normalize_phone` and `alias_key` say them.

    None for a text that isn't a number in one of the usual spellings.
    """
    plain = read_plain(text)
    return None if plain is None else ("+{}{}".format(*plain), _key(*plain))


def _key(code: str, national: str) -> str:
    """The alias key of a number, by its country's code and the rest."""
    if code == _BRAZIL and _BRAZIL_OLD_MOBILE.fullmatch(national):
        return f"+{code}{national[:2]}9{national[2:]}"
    return f"+{code}{national}"


def is_user_id(address: str) -> bool:
    """Whether this is a WhatsApp user id of a form that WhatsApp documents."""
    return _USER_ID.fullmatch(address) is not None


def is_of_inbox(channel: Channel, address: str) -> bool:
    """Whether an address means a person at one inbox only: a chat id, a PSID, a WhatsApp user id."""
    return not channel.by_phone or (channel is Channel.WHATSAPP and _names_nobody(address))


def likeness_key(channel: Channel, key: str) -> str:
    """What is the same for two alias keys that may be one number, the digits alone; empty when it says nothing.

    Only suggest a merge by it, for the other may be a stranger: Argentina writes mobiles with a 9 after the country
    code abroad and without it at home, where the same digits can be somebody else's landline.
    """
    if not channel.by_phone:
        return ""
    digits = _ARGENTINE_MOBILE.sub(r"+54\1", key).removeprefix("+")
    if not digits.isdigit():
        if any(char.isalpha() for char in key):
            return ""
        digits = "".join(char for char in digits if char.isdigit())
    return digits if len(digits) >= _SHORTEST_NUMBER else ""


def display_phone(address: str) -> str:
    """A number with its usual spaces, "+234 803 555 0142"; as it came when it can't be read.

    A WhatsApp user id says nothing to a reader: that no number was shared stands in its place.
    """
    if _names_nobody(address):
        return NO_NUMBER
    import phonenumbers

    number = _parse(address)
    if number is None:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")


def stranger_name(address: str, profile_name: str) -> str:
    """How somebody is listed of whom only an address is known, and perhaps the name they go by there."""
    return name_or(profile_name, NAMELESS if _names_nobody(address) else display_phone(address))


def last_digits(address: str) -> str:
    """Enough of an address to tell people of one name apart: "…0142"; that there is no number where there is none."""
    if _names_nobody(address):
        return NO_NUMBER
    digits = "".join(char for char in address if char.isdigit()) or address
    return f"…{digits[-4:]}" if len(digits) > 4 else digits


def time_zone_of(address: str) -> str:
    """The IANA time zone of a number; empty when its prefix lies in none or in several."""
    plain = read_plain(address)
    if plain and (sure := _sure_zone(*plain)) is not None:
        return sure
    number = _parse(address)
    if number is None:
        return ""
    from phonenumbers import timezone

    zones = timezone.time_zones_for_number(number)
    return zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else ""


def _sure_zone(code: str, national: str) -> str | None:
    """The time zone of a number that has the same whatever kind of number it is, or empty; None where the kind counts.

    The zone is that of its area, or of its country for a kind that has no area.
    """
    from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

    if only := _only_zone(code):
        return only
    digits = code + national
    area = next(filter(None, (TIMEZONE_DATA.get(digits[:size]) for size in range(TIMEZONE_LONGEST_PREFIX, 0, -1))), ())
    country = TIMEZONE_DATA.get(code, ())
    return "" if len(area) > 1 and len(country) > 1 else None


@cache
def _only_zone(code: str) -> str:
    """The time zone of a country, by its code, where it has one alone; else empty."""
    from phonenumbers.tzdata import TIMEZONE_DATA

    zones = {zone for prefix, found in TIMEZONE_DATA.items() if prefix.startswith(code) for zone in found}
    return zones.pop() if len(zones) == 1 else ""


def country_of(address: str) -> str:
    """The country of a number, as ISO 3166 ("US"); empty when it can't be read or belongs to none."""
    number = _parse(address)
    if number is None:
        return ""
    import phonenumbers

    return phonenumbers.region_code_for_number(number) or ""


def _names_nobody(address: str) -> bool:
    return _LIKE_USER_ID.match(address) is not None


@lru_cache(maxsize=64)
def _parse(address: str) -> "PhoneNumber | None":
    """An international number, or None. Letters are refused: the library finds numbers in any sentence.

    So are digits that read as another number once they are written out (a row of leading zeros loses one at
    each reading): a key has to stay what it is.
    """
    import phonenumbers

    if plain := read_plain(address):
        code, national = map(int, plain)
        return phonenumbers.PhoneNumber(country_code=code, national_number=national)
    if not address.strip().startswith("+") or any(char.isalpha() for char in address):
        return None
    try:
        number = _repaired(phonenumbers.parse(address.strip(), None))
        written_out = _e164(number)
        # What is written out already reads as itself.
        stays = written_out == address or _e164(phonenumbers.parse(written_out, None)) == written_out
        return number if stays else None
    except phonenumbers.NumberParseException:
        return None


def _repaired(number: "PhoneNumber") -> "PhoneNumber":
    """The number as it is dialled: Mexico's mobiles lost the 1 after the code, and some senders keep it."""
    import phonenumbers

    national = _national(number)
    if number.country_code == _MEXICO and len(national) == 11 and national.startswith("1"):
        return phonenumbers.PhoneNumber(country_code=_MEXICO, national_number=int(national[1:]))
    return number


def _e164(number: "PhoneNumber") -> str:
    import phonenumbers

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _national(number: "PhoneNumber") -> str:
    """The national number with its leading zeros."""
    import phonenumbers

    return phonenumbers.national_significant_number(number)
