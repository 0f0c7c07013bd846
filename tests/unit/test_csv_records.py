"""The structure of a CSV text: wrong quotes in one record lose no other, and each record has its line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.services.csv_records import Record, read_records
from contacts_tui.text_source import LONGEST_LINE


def read(text: str, delimiter: str = ",") -> list[Record]:
    return list(read_records(io.StringIO(text, newline=""), delimiter))


def told(text: str) -> list[tuple[int, list[str], str]]:
    return [(one.line, one.cells, one.problem.partition(":")[0]) for one in read(text)]


UNCLOSED = 'a quote (") is opened and never closed'
MISPLACED = 'a quote (") is inside a cell'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file(end: str) -> None:
    text = end.join(["name,phone", "", '"Two', 'Lines",+1', "", "Bea,+2", ""])
    assert [(one.line, one.cells[1], one.problem) for one in read(text)] == [
        (1, "phone", ""),
        (3, "+1", ""),
        (6, "+2", ""),
    ]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ('name,phone\n"Ann,+1\nBea,+2\nCy,+3\n', [(3, ["Bea", "+2"], ""), (4, ["Cy", "+3"], "")]),
        ('name,phone\n"Ann,+1\nBea,+2\n"Cy",+3\n', [(3, ["Bea", "+2"], ""), (4, ["Cy", "+3"], "")]),
        ('name,phone\n"Ann,+1\nBea,"+2"\n', [(3, ["Bea", "+2"], "")]),
        ('name,phone\n"Ann,+1\n"Bea, B.\nsecond",+2\n', [(3, ["Bea, B.\nsecond", "+2"], "")]),
        ('name,phone\n"Ann,+1\n', []),
        ('name,phone\n"Ann,+1', []),
    ],
)
def test_a_quote_that_is_never_closed_costs_its_own_row(text: str, rest: list[object]) -> None:
    assert told(text)[1:] == [(2, ["Ann", "+1"], UNCLOSED), *rest]


def test_several_open_quotes_are_each_told() -> None:
    found = told('name,phone\n"Ann,+1\nBea,+2\n"Cy,+3\nDan,+4\n"Eve,+5\n')
    assert [(line, problem) for line, _, problem in found[1:]] == [
        (2, UNCLOSED),
        (3, ""),
        (4, UNCLOSED),
        (5, ""),
        (6, UNCLOSED),
    ]


def test_the_rest_of_an_open_cell_makes_nobody() -> None:
    found = told('name,phone,note\nAnn,+1,"likes tea\nand cake\nBea,+2,x\n')
    assert [(line, problem) for line, _, problem in found[1:]] == [
        (2, UNCLOSED),
        (3, "it may belong to the cell whose quote line 2 opens"),
        (4, ""),
    ]


def test_a_quote_within_a_cell_is_told_and_nothing_else_is_lost() -> None:
    found = told('name,phone\n"Ann" x,+1\n"Two\nLines" x,+2\n5" pipe,+3\nBea "B" B,+4\n')
    assert [(line, problem) for line, _, problem in found[1:]] == [(2, MISPLACED), (3, MISPLACED), (5, ""), (6, "")]


@pytest.mark.parametrize(
    "cell", ["x" * 200_000, '"' + "x" * 200_000 + '"', '"' + "x" * 200_000, "x" * (3 * LONGEST_LINE)]
)
def test_a_cell_that_is_too_long_costs_its_own_row(cell: str) -> None:
    found = told(f"name,phone\n{cell},+1\nBea,+2\n")
    assert [(line, problem) for line, _, problem in found[1:]] == [
        (2, "a cell has more than 131,072 characters"),
        (3, ""),
    ]


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), min_size=1, max_size=6))
def test_what_csv_writes_is_read_as_it_was(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert [(one.cells, one.problem) for one in read(stream.getvalue())] == [(row, "") for row in filled]


@given(st.text(st.sampled_from('a,"\n\r;'), max_size=60))
def test_any_text_is_read_to_its_end(text: str) -> None:
    lines = [one.line for one in read(text)]
    assert lines == sorted(lines)
