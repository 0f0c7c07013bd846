"""Numbers that are read with our table are read as `phonenumbers` reads them."""

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

from contacts_tui.domain.address import time_zone_of
from contacts_tui.domain.plain_numbers import read_plain

CODES = sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
WRITTEN = st.builds(
    lambda code, rest: f"+{code}{rest}", st.sampled_from(CODES), st.text("0123456789 ()-", min_size=3, max_size=16)
)


@settings(max_examples=2000)
@given(WRITTEN)
@example("+49 0151 2345678")
@example("+375 80 060956564")
@example("+86 1290 8259 6261")
@example("+39 06 1234 5678")
def test_what_is_read_is_what_the_library_reads(text: str) -> None:
    plain = read_plain(text)
    if plain is None:
        return
    number = phonenumbers.parse(text, None)
    assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == "+{}{}".format(*plain)
    assert (str(number.country_code), number.extension) == (plain[0], None)
    assert phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


@settings(max_examples=300)
@given(
    st.sampled_from(["+1202555", "+44", "+447", "+7", "+61", "+55", "+49", "+262", "+212", "+86"]),
    st.integers(0, 10**7),
)
def test_the_zone_of_a_number_is_the_librarys(begin: str, rest: int) -> None:
    plain = read_plain(f"{begin}{rest}")
    if plain is None:
        return
    of_country = {zone for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(plain[0]) for zone in zones}
    zones = timezone.time_zones_for_number(phonenumbers.parse(f"{begin}{rest}", None))
    named = zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else ""
    assert time_zone_of(f"{begin}{rest}") == (of_country.pop() if len(of_country) == 1 else named)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("+234 803 555 0142", ("234", "8035550142")),
        ("+1 (202) 555-0142", ("1", "2025550142")),
        ("+49151 2345678", ("49", "1512345678")),
        ("+49 0151 2345678", None),
        ("+52 1 55 1234 5678", None),
        ("+999 1234567", None),
        ("+1 202 555 014", None),
        ("+1 202 555 0142 ext. 3", None),
        ("+4915112345678.0", None),
        ("0803 555 0142", None),
        ("", None),
    ],
)
def test_what_is_plain(text: str, plain: tuple[str, str] | None) -> None:
    assert read_plain(text) == plain
