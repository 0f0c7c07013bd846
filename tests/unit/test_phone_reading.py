"""Numbers as other programs write them: accepted when one reading is valid, else refused with what may be meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.address import is_valid_phone, normalize_phone
from contacts_tui.domain.phone_reading import PhoneReading, read_phones, reading_words

ANN, BEA = "+12025550142", "+12025550143"
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def one(cell: str, region: str | None = None) -> PhoneReading:
    (reading,) = read_phones(cell, region)
    return reading


@pytest.mark.parametrize(
    ("cell", "region", "number"),
    [
        ("+1 202 555 0142", None, ANN),
        ("(202) 555-0142", "US", ANN),
        ("202.555.0142", "US", ANN),
        ("12025550142", "US", ANN),
        ("011447911123459", "US", "+447911123459"),
        ("0803 555 0142", "NG", "+2348035550142"),
        ("447911123456", "NG", "+447911123456"),
        ("00447911123459", "NG", "+447911123459"),
        ("00447911123459", "DE", "+447911123459"),
        ("00447911123459", None, "+447911123459"),
        ("+44 (0)20 7946 0000", None, "+442079460000"),
        ("(+1) 202-555-0142", None, ANN),
        # In ranges that are reserved for films: with the country code typed there is nothing to guess.
        ("+44 7700 900115", None, "+447700900115"),
        ("0151/12345678", "DE", "+4915112345678"),
        ("030 / 1234567", "DE", "+49301234567"),
        ("tel:+1-202-555-0142", None, ANN),
        ("TEL:+1%20202%20555%200142", None, ANN),
        ("whatsapp:+12025550142", None, ANN),
        ("'+12025550142", None, ANN),
        ('="+12025550142"', None, ANN),
        ("447911123456.0", "GB", "+447911123456"),
        ("\u202a+1\u00a0202\u2011555\u20110142\u202c", None, ANN),
        ("\u200e+1 (202) 555\u20130142\u200f\ufeff", None, ANN),
        ("٠٨٠٣٥٥٥٠١٤٢", "NG", "+2348035550142"),
        ("۰۸۰۳۵۵۵۰۱۴۲", "NG", "+2348035550142"),
        ("+1(202)5550142".translate(FULL_WIDTH), None, ANN),
        ("०८०३५५५०१४२", "NG", "+2348035550142"),
    ],
)
def test_a_number_that_is_sure(cell: str, region: str | None, number: str) -> None:
    reading = one(cell, region)
    assert (reading.number, reading.problem) == (number, "")


def test_what_stands_behind_a_whole_number_costs_itself_alone() -> None:
    first, second = read_phones("+12025550142 / 121", None)
    assert (first.number, first.problem) == (ANN, "")
    assert (second.number, second.is_lost) == ("", True)
    assert [reading.number for reading in read_phones("+1 202-555-0142/3", "US")] == [ANN, ""]


@pytest.mark.parametrize(
    ("cell", "region", "says", "offered"),
    [
        ("447911123456", "DE", "two numbers", ("+49447911123456", "+447911123456")),
        ("447911123456", None, "no +", ("+447911123456",)),
        ("2025550142", None, "no country code", ()),
        ("0803 555 0142", None, "no country code", ()),
        ("07700 900115", "GB", "not a valid number in GB", ("+447700900115",)),
        ("0447911123456", "NG", "not a valid number in NG", ("+447911123456",)),
        ("555 0142", "US", "lacks its area code", ()),
        ("+1 202 555", None, "too few digits", ()),
        ("+999 12345678", None, "no known country code", ()),
        ("121", "NG", "too short", ()),
        ("32665", None, "too short", ()),
        ("4.47911E+11", "GB", "cut by a spreadsheet", ()),
        ("4,47911E+11", None, "cut by a spreadsheet", ()),
        ("1.202555E+10", "US", "cut by a spreadsheet", ()),
        ("4.47911123456E+11", "NG", "cut by a spreadsheet", ("+447911123456",)),
        ("call Ann", None, "letters", ()),
        ("1-800-FLOWERS", "US", "letters", ()),
        ("Mobile: +1 202 555 0142", None, "letters", (ANN,)),
        ("+1 202 555 0142 (home)", None, "letters", (ANN,)),
        ("030 1234567/89", "DE", "one number or several", ("+49301234567", "+4930123456789")),
    ],
)
def test_what_is_not_sure_is_refused_with_what_may_be_meant(
    cell: str, region: str | None, says: str, offered: tuple[str, ...]
) -> None:
    reading = one(cell, region)
    assert (reading.number, reading.offered, reading.is_lost) == ("", offered, True)
    assert says in reading_words(reading)
    assert reading_words(reading).endswith("?") == bool(offered)


def test_what_a_spreadsheet_cut_says_how_to_export_anew() -> None:
    words = reading_words(one("4.47911E+11"))
    assert words.startswith("“4.47911E+11” was cut by a spreadsheet")
    assert "format the column as text" in words
    assert words.endswith("export again")


@pytest.mark.parametrize(
    "cell", ["N/A", "n/a", "-", "--", "—", "none", "None", "NULL", "nan", "keine", "?", "0", "#N/A"]
)
def test_what_says_that_there_is_nothing_loses_nothing(cell: str) -> None:
    reading = one(cell, "US")
    assert (reading.number, reading.is_lost) == ("", False)
    assert "means no number" in reading_words(reading)


@pytest.mark.parametrize(
    "cell",
    [
        f"{ANN} ::: {BEA}",
        f"{ANN};{BEA}",
        f"{ANN} / {BEA}",
        f"{ANN}/{BEA}",
        f"{ANN}, {BEA}",
        f"{ANN}\n{BEA}",
        f"{ANN}\r\n{BEA}",
        f"{ANN} {BEA}",
        f"{ANN} & {BEA}",
        f"{ANN} | {BEA}",
        "(202) 555-0142, 202 555 0143",
        "1 202 555 0142 / 1 202 555 0143",
    ],
)
def test_two_numbers_in_a_cell_are_two(cell: str) -> None:
    assert [reading.number for reading in read_phones(cell, "US")] == [ANN, BEA]


def test_a_bad_number_beside_a_good_one_is_told_alone() -> None:
    good, bad = read_phones("+12025550142; 121", None)
    assert (good.number, good.problem) == (ANN, "")
    assert (bad.number, bad.typed) == ("", "121")


@pytest.mark.parametrize(
    ("cell", "extension"),
    [
        ("+1 202 555 0142 ext. 5", "5"),
        ("+1 202 555 0142 Ext 5", "5"),
        ("+12025550142x12", "12"),
        ("+1 202 555 0142 #34", "34"),
        ("+1 202 555 0142 extension 5", "5"),
        ("tel:+1-202-555-0142;ext=5", "5"),
        ("+1 202 555 0142 Durchwahl 12", "12"),
    ],
)
def test_an_extension_is_left_out_and_told(cell: str, extension: str) -> None:
    reading = one(cell)
    assert (reading.number, reading.is_lost) == (ANN, False)
    assert f"the extension {extension} can't receive messages" in reading_words(reading)


@given(st.text(max_size=40), st.sampled_from([None, "US", "DE", "NG", "BR"]))
def test_any_cell_gives_numbers_or_sentences(cell: str, region: str | None) -> None:
    for reading in read_phones(cell, region):
        assert reading.number or reading.problem
        assert not reading.number or is_valid_phone(reading.number)
        assert all(map(is_valid_phone, reading.offered))


@given(st.from_regex(r"\+[1-9][0-9]{9,12}", fullmatch=True), st.sampled_from([None, "US", "DE"]))
def test_a_number_with_its_code_is_read_as_everywhere(number: str, region: str | None) -> None:
    reading = one(number, region)
    if reading.number:
        assert reading.number == normalize_phone(number, None)
