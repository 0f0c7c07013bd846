"""Phone numbers and other addresses: their canonical spelling, their alias key, and how they are shown.

`phonenumbers` is imported inside the functions: that takes some 50 ms, for which the first frame should not wait.
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
"""Anything like a user id, also a malformed one: it tells an agent nothing about the person."""
NAMELESS = "Someone on WhatsApp"
"""The name of a person of whom only a user id is known."""
NO_NUMBER = "no number shared"
"""Shown in the place of a number for a person whom WhatsApp identifies by a user id."""
_SHORTEST_NUMBER = 7
"""The fewest digits of a person's own number; shorter ones are senders' codes."""


class AddressError(ValueError):
    """An address that can't be used; its text says in one sentence what is wrong and what to do."""


def normalize_phone(text: str, default_region: str | None) -> str:
    """Return a phone number, as typed or imported, in E.164. Raise AddressError.

    `default_region` (ISO 3166, "NG") is that of numbers without a country code; None demands the code. Every number of
    a possible length is accepted, as numbering plans grow faster than any table of them: whether it exists, the
    provider says.
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
    """Return whether this is a whole international number of a possible length; it need not exist."""
    import phonenumbers

    number = _parse(address)
    return (
        number is not None
        and phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )


def is_in_its_plan(address: str) -> bool:
    """Return whether this is an international number that is valid in its country's numbering plan."""
    import phonenumbers

    number = _parse(address)
    return number is not None and phonenumbers.is_valid_number(number)


@lru_cache(maxsize=4096)
def alias_key(channel: Channel, address: str) -> str:
    """Return the alias key of an address, which is the same for all its spellings. Never raise.

    A phone number's key is its E.164 form, the same for SMS and WhatsApp, with two rules for numbers that
    networks write in two ways: Mexico's 521 is 52, and an eight-digit Brazilian mobile gets its ninth digit.
    Anything else (a user id, a chat id, a PSID, a number that can't be read) is its own key, trimmed: the case of an
    id matters. Only on SMS, as for the name of a sender, it is in lower case.
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
    """Return the E.164 form and the alias key of a number, as `normalize_phone` and `alias_key` do.

    None for a text that isn't a number in one of the usual spellings.
    """
    plain = read_plain(text)
    return None if plain is None else ("+{}{}".format(*plain), _key(*plain))


def _key(code: str, national: str) -> str:
    """Return the alias key of a number, from its country code and national number."""
    if code == _BRAZIL and _BRAZIL_OLD_MOBILE.fullmatch(national):
        return f"+{code}{national[:2]}9{national[2:]}"
    return f"+{code}{national}"


def is_user_id(address: str) -> bool:
    """Return whether this is a WhatsApp user id in a form that WhatsApp documents."""
    return _USER_ID.fullmatch(address) is not None


def is_of_inbox(channel: Channel, address: str) -> bool:
    """Return whether an address is valid at one inbox only: a chat id, a PSID, a WhatsApp user id."""
    return not channel.by_phone or (channel is Channel.WHATSAPP and _names_nobody(address))


def likeness_key(channel: Channel, key: str) -> str:
    """Return the digits that two alias keys share when they may be the same number; empty for any other address.

    Use it only to suggest a merge, as the other person may be a stranger: Argentina writes mobiles with a 9 after the
    country code abroad and without it at home, where the same digits can be another person's landline.
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
    """Return a number with its usual spaces, "+234 803 555 0142"; unchanged when it can't be read.

    A WhatsApp user id tells an agent nothing, so NO_NUMBER is shown instead.
    """
    if _names_nobody(address):
        return NO_NUMBER
    import phonenumbers

    number = _parse(address)
    if number is None:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")


def stranger_name(address: str, profile_name: str) -> str:
    """Return the name of a person of whom only an address and perhaps a profile name are known."""
    return name_or(profile_name, NAMELESS if _names_nobody(address) else display_phone(address))


def last_digits(address: str) -> str:
    """Return enough of an address to distinguish people with the same name: "…0142"; NO_NUMBER for a user id."""
    if _names_nobody(address):
        return NO_NUMBER
    digits = "".join(char for char in address if char.isdigit()) or address
    return f"…{digits[-4:]}" if len(digits) > 4 else digits


def time_zone_of(address: str) -> str:
    """Return the IANA time zone of a number; empty when its prefix is in none or in several."""
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
    """Return a number's time zone (or empty) where it doesn't depend on the kind of number; None where it does.

    The zone is that of the number's area, or of its country for a kind without an area.
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
    """Return the time zone of a country, by its code, if it has only one; else empty."""
    from phonenumbers.tzdata import TIMEZONE_DATA

    zones = {zone for prefix, found in TIMEZONE_DATA.items() if prefix.startswith(code) for zone in found}
    return zones.pop() if len(zones) == 1 else ""


def country_of(address: str) -> str:
    """Return the country of a number, as ISO 3166 ("US"); empty when it can't be read or belongs to none."""
    number = _parse(address)
    if number is None:
        return ""
    import phonenumbers

    return phonenumbers.region_code_for_number(number) or ""


def _names_nobody(address: str) -> bool:
    return _LIKE_USER_ID.match(address) is not None


@lru_cache(maxsize=64)
def _parse(address: str) -> "PhoneNumber | None":
    """Return an international number, or None. Refuse letters, as the library finds numbers in any sentence.

    Refuse also digits that give another number when the result is read again (several leading zeros lose one at
    each reading): a key must be stable.
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
        # A number that is already in this form is stable.
        stays = written_out == address or _e164(phonenumbers.parse(written_out, None)) == written_out
        return number if stays else None
    except phonenumbers.NumberParseException:
        return None


def _repaired(number: "PhoneNumber") -> "PhoneNumber":
    """Return a number as it is dialled: Mexico's mobiles no longer have the 1 after the code that some senders keep."""
    import phonenumbers

    national = _national(number)
    if number.country_code == _MEXICO and len(national) == 11 and national.startswith("1"):
        return phonenumbers.PhoneNumber(country_code=_MEXICO, national_number=int(national[1:]))
    return number


def _e164(number: "PhoneNumber") -> str:
    import phonenumbers

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _national(number: "PhoneNumber") -> str:
    """Return the national number with its leading zeros."""
    import phonenumbers

    return phonenumbers.national_significant_number(number)
