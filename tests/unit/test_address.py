"""Phone numbers: one spelling, alias keys, and how they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.address import (
    AddressError,
    alias_key,
    display_phone,
    is_user_id,
    is_valid_phone,
    last_digits,
    likeness_key,
    normalize_phone,
    stranger_name,
    time_zone_of,
)
from contacts_tui.domain.channel import Channel

numbers = st.from_regex(r"\+[1-9][0-9 ()-]{0,17}", fullmatch=True)
brazilian = st.from_regex(r"\+55[1-9]{2}9?[6-9][0-9]{7}", fullmatch=True)
mexican = st.from_regex(r"\+521?[2-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("+234 803 555 0142", None, "+2348035550142"),
        ("0803 555 0142", "NG", "+2348035550142"),
        ("00442079460000", "GB", "+442079460000"),
        ("(202) 555-0142", "US", "+12025550142"),
        ("+1 202 555 0142", "NG", "+12025550142"),
        ("+52 1 55 1234 5678", None, "+525512345678"),
        ("+39 06 1234 5678", None, "+390612345678"),
    ],
)
def test_numbers_as_people_write_them(typed: str, region: str | None, number: str) -> None:
    assert normalize_phone(typed, region) == number


@pytest.mark.parametrize(
    ("typed", "region", "says"),
    [
        ("", None, "empty"),
        ("  ", "US", "empty"),
        ("0803 555 0142", None, "no known country code"),
        ("+999 12345678", None, "no known country code"),
        ("call Amara", "US", "letters"),
        ("+1 202 555 0142 ext 5", None, "extension"),
        ("+1 202 555 0142 #5", None, "extension"),
        ("+1 202 555", None, "too few digits"),
        ("+1 202 555 0142 0142", None, "too many digits"),
        ("555 0142", "US", "area code"),
        ("+", None, "not a phone number"),
    ],
)
def test_what_is_no_number_says_why(typed: str, region: str | None, says: str) -> None:
    with pytest.raises(AddressError, match=says) as refusal:
        normalize_phone(typed, region)
    assert str(refusal.value).endswith(".")


@given(st.text(max_size=30), st.sampled_from([None, "US", "BR", "IT"]))
def test_any_text_gives_a_number_or_a_sentence(typed: str, region: str | None) -> None:
    try:
        number = normalize_phone(typed, region)
    except AddressError:
        return
    assert normalize_phone(number, None) == number
    assert is_valid_phone(number)


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("+12025550142", True),
        ("+5215512345678", True),
        ("+15550101", False),
        ("+12345", False),
        ("72345", False),
        ("AMAZON", False),
        ("", False),
    ],
)
def test_valid_is_a_whole_international_number(address: str, valid: bool) -> None:
    assert is_valid_phone(address) is valid


@pytest.mark.parametrize("old", ["+551181234567", "+55 11 7123-4567", "+5511981234567"])
def test_complaint_11_brazil_ninth_digit_makes_no_second_person(old: str) -> None:
    key = alias_key(Channel.WHATSAPP, old)
    assert len(key) == len("+5511987654321")
    assert key[:6] == "+55119"


def test_complaint_11_a_brazilian_landline_keeps_its_eight_digits() -> None:
    assert alias_key(Channel.SMS, "+551132345678") == "+551132345678"


@given(brazilian)
def test_complaint_11_both_spellings_of_a_brazilian_mobile_have_one_key(number: str) -> None:
    with_ninth = number if len(number) == 14 else number[:5] + "9" + number[5:]
    without = with_ninth[:5] + with_ninth[6:]
    assert alias_key(Channel.SMS, with_ninth) == alias_key(Channel.WHATSAPP, without)


@given(mexican)
def test_mexico_with_and_without_the_1_have_one_key(number: str) -> None:
    digits = number[-10:]
    assert alias_key(Channel.WHATSAPP, f"+521{digits}") == alias_key(Channel.SMS, f"+52{digits}") == f"+52{digits}"


@given(numbers | brazilian | mexican | st.text(max_size=20), st.sampled_from(Channel))
def test_an_alias_key_is_its_own_key(address: str, channel: Channel) -> None:
    key = alias_key(channel, address)
    assert alias_key(channel, key) == key


@given(numbers | st.text(max_size=20))
def test_sms_and_whatsapp_share_keys(address: str) -> None:
    # The case of an address that is no number matters on WhatsApp, whose user ids differ by it.
    assert alias_key(Channel.SMS, address) == alias_key(Channel.WHATSAPP, address).lower()


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM, Channel.MESSENGER])
def test_the_case_of_an_id_matters(channel: Channel) -> None:
    assert alias_key(channel, " US.AbC ") == "US.AbC" != alias_key(channel, "US.aBc")


@pytest.mark.parametrize(
    ("address", "is_id"),
    [
        ("US.13491208655302741918", True),
        ("BR.ENT.aZ9", True),
        ("US." + "a" * 128, True),
        ("US." + "a" * 129, False),
        ("us.abc", False),
        ("US.", False),
        ("US.a-b", False),
        ("+12025550142", False),
    ],
)
def test_user_ids(address: str, is_id: bool) -> None:
    assert is_user_id(address) is is_id
    if is_id:
        assert display_phone(address) == last_digits(address) == "no number shared"
        assert address not in stranger_name(address, "")
        assert stranger_name(address, "Sam") == "Sam"


def test_spelling_does_not_change_a_key() -> None:
    assert alias_key(Channel.SMS, " +1 (202) 555-0142 ") == alias_key(Channel.SMS, "+12025550142")


def test_what_is_no_number_is_its_own_key() -> None:
    assert alias_key(Channel.SMS, " AMAZON ") == "amazon"
    assert alias_key(Channel.SMS, "Amara +12025550142") == "amara +12025550142"
    assert alias_key(Channel.TELEGRAM, "+12025550142x") == "+12025550142x"


def test_a_row_of_leading_zeros_is_its_own_key() -> None:
    assert alias_key(Channel.SMS, "+310000000") == "+310000000"


def test_argentina_is_only_suggested() -> None:
    mobile, home = "+5491123456789", "+541123456789"
    assert alias_key(Channel.SMS, mobile) != alias_key(Channel.SMS, home)
    assert likeness_key(Channel.SMS, mobile) == likeness_key(Channel.WHATSAPP, home) == "541123456789"


def test_one_number_in_two_formats_is_alike() -> None:
    assert likeness_key(Channel.SMS, "+12025550142") == likeness_key(Channel.SMS, "12025550142") == "12025550142"


def test_what_names_nobody_is_like_nothing() -> None:
    assert likeness_key(Channel.SMS, "amazon") == likeness_key(Channel.SMS, "32665") == ""
    assert likeness_key(Channel.TELEGRAM, "12025550142") == ""


def test_numbers_are_shown_with_spaces_and_anything_else_as_it_is() -> None:
    assert display_phone("+2348035550142") == "+234 803 555 0142"
    assert display_phone("+15550101234") == "+1 555 010 1234"
    assert display_phone("AMAZON") == "AMAZON"


@pytest.mark.parametrize(
    ("address", "digits"),
    [("+234 803 555 0142", "…0142"), ("123", "123"), ("shop-99881", "…9881"), ("AMAZON", "…AZON"), ("", "")],
)
def test_last_digits(address: str, digits: str) -> None:
    assert last_digits(address) == digits


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        ("+2348035550142", "Africa/Lagos"),
        ("+12025550142", "America/New_York"),
        ("+79161234567", ""),
        ("+15550100142", ""),
        ("AMAZON", ""),
    ],
)
def test_a_time_zone_only_when_there_is_one(address: str, zone: str) -> None:
    assert time_zone_of(address) == zone
