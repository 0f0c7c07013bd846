"""Files as other programs and people write them: who is imported with what, and what is said of the rest."""

from pathlib import Path

import pytest

from contacts_tui.services.errors import BadInput
from contacts_tui.services.import_preview import look
from contacts_tui.services.import_row import ImportRow
from contacts_tui.services.import_source import ImportSource, Reading

ANN = ("Zoë Lee", ("+46701740605",))
PLAIN = "Name,Phone\nZoë Lee,+46 70 174 06 05\n"
OLD_CARD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB =\r\nLee\r\n"
    "item1.TEL;CELL:+46701740605\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\nTEL;FAX:+46701740606\r\n"
    "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRg\r\n AAAA\r\n\r\nEND:VCARD\r\n"
)
CARD = "BEGIN:VCARD\nVERSION:4.0\nFN:Zoë Lee\nTEL;VALUE=uri:tel:+46-70-174-06-05\nEND:VCARD\n"


def rows_of(folder: Path, content: bytes, reading: Reading = Reading()) -> list[ImportRow]:  # noqa: B008 (frozen)
    path = folder / "people"
    path.write_bytes(content)
    with ImportSource(path, "people", reading.encoding) as source:
        return list(source.people(reading).rows())


def who(row: ImportRow) -> tuple[str, tuple[str, ...]]:
    """Return the name and the numbers of a row, each number once."""
    assert row.person is not None, row.problems
    return row.person.name, tuple(dict.fromkeys(number for _, number, _ in row.person.numbers))


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.encode("cp1252"),
        b"\xef\xbb\xbf\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        PLAIN.upper().replace("ZOË LEE", "Zoë Lee").encode(),
        CARD.encode(),
        CARD.encode("utf-16"),
        OLD_CARD.encode(),
        b"\xef\xbb\xbf\xef\xbb\xbf" + CARD.encode(),
    ],
)
def test_one_person_in_every_dress(tmp_path: Path, content: bytes) -> None:
    assert [who(row) for row in rows_of(tmp_path, content)] == [ANN]


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("Windows-1250", "cp1250"), ("Mac Roman", "mac_roman"), ("Shift JIS", "cp932"), ("GB 18030", "gb18030")],
)
def test_an_encoding_that_is_not_found_out_is_chosen(tmp_path: Path, encoding: str, codec: str) -> None:
    name = {"cp932": "山田 花子", "gb18030": "王小明"}.get(codec, "Zoë Lee")
    text = PLAIN.replace("Zoë Lee", name).encode(codec)
    assert [who(row) for row in rows_of(tmp_path, text, Reading(encoding=encoding))] == [(name, ANN[1])]


@pytest.mark.parametrize(
    ("cell", "region", "numbers", "told"),
    [
        ("+46701740605 ::: +46701740606", None, ("+46701740605", "+46701740606"), ""),
        ("+46701740605; 070-174 06 06", "SE", ("+46701740605", "+46701740606"), ""),
        ("'+46701740605", None, ("+46701740605",), ""),
        ("'0701740605", "SE", ("+46701740605",), ""),
        ("tel:+46-70-174-06-05", None, ("+46701740605",), ""),
        ("+44 20 7946 0123 x12", None, ("+442079460123",), "the extension 12 can't receive messages"),
        ("4.91512E+11", None, (), "was cut by a spreadsheet"),
        ("4,91512E+11", "DE", (), "was cut by a spreadsheet"),
        ("46701740605", None, (), "has no + before its country code"),
        ("46701740605", "NG", ("+46701740605",), ""),
    ],
)
def test_what_a_cell_of_numbers_gives(
    tmp_path: Path, cell: str, region: str | None, numbers: tuple[str, ...], told: str
) -> None:
    (row,) = rows_of(tmp_path, f'Name,Phone,E-mail\nZoë Lee,"{cell}",z@x.example\n'.encode(), Reading(region))
    assert who(row) == ("Zoë Lee", numbers)
    assert [told in problem.reason for problem in row.problems] == ([True] if told else [])


def test_ragged_rows_nul_and_huge_cells_cost_themselves_alone(tmp_path: Path) -> None:
    huge = "x" * 5_000_000
    rows = rows_of(
        tmp_path,
        f"Name,Phone,Notes\nAnn,+46701740601\nBen,+46701740602,a,b\nC\0y,+46701740603,\nDi,+46701740604,{huge}\n"
        f'Eve,+46701740605,"{huge}"\nFay,+46701740606,"a\nb"\n'.encode(),
    )
    assert [row.person.name if row.person else row.problems[0].reason.partition(":")[0] for row in rows] == [
        "Ann", "it has 4 cells under 3 headings", "Name has characters that can't be read",
        "a cell has more than 131,072 characters", "a cell has more than 131,072 characters", "Fay",
    ]  # fmt: skip


def test_ten_thousand_columns_and_headings_that_come_twice(tmp_path: Path) -> None:
    headings = ",".join(["Name", "Phone", "Phone", *(f"c{place}" for place in range(10_000))])
    (row,) = rows_of(tmp_path, f"{headings}\nZoë Lee,+46701740605,+46701740606\n".encode())
    assert who(row) == ("Zoë Lee", ("+46701740605", "+46701740606"))


def test_headings_without_rows_are_nobody_and_nothing_is_refused(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"Name,Phone\n") == []
    with pytest.raises(BadInput, match="the file is empty"):
        rows_of(tmp_path, b"")


def test_what_a_preview_shows_of_a_long_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    for name, piece in (("cards", CARD), ("lines", '{"name": "Zoë Lee", "phone": "+46701740605"}\n'), ("table", PLAIN)):
        path = tmp_path / name
        path.write_text(piece * 3_000, encoding="utf-8")
        glimpse = look(path, Reading())
        assert len(glimpse.rows) == 20
        assert who(glimpse.rows[0]) == ANN


def test_a_preview_names_photos_and_what_an_unknown_column_may_be(tmp_path: Path) -> None:
    path = tmp_path / "card.vcf"
    path.write_text(OLD_CARD)
    left = [column.heading for column in look(path, Reading()).header.columns if not column.is_read]
    assert left == ["fax", "PHOTO"]
    path.write_text("Name,Kontaktmöglichkeit 1\nZoë,+46 70 174 06 05\n")
    assert look(path, Reading()).suggestions == ("", "phone")


def test_the_file_of_the_demo_has_every_kind_of_trouble() -> None:
    path = Path(__file__).parents[2] / "data" / "moving-in.csv"
    with ImportSource(path, path.name) as source:
        rows = list(source.people(Reading()).rows())
    told = " ".join(problem.reason for row in rows for problem in row.problems)
    for words in (
        "no country code", "was cut by a spreadsheet", "one number or several", "not an email", "no name, no number",
        "means no number", "is not a time zone", "is not a language", "the extension 12", "under 11 headings",
        "has no + before", "opened and never closed",
    ):  # fmt: skip
        assert words in told, words
    assert rows[-1].person is not None, "the quote that is never closed costs its own row alone"
    assert {row.person is None for row in rows} == {True, False}
