"""Notes by commands."""

import pytest

from tests.e2e.cli.program import PEOPLE, Program


@pytest.fixture
def people(program: Program) -> Program:
    program.ok("people", "import", "-", stdin=PEOPLE)
    return program


def test_a_note_is_written_changed_removed_and_brought_back(people: Program) -> None:
    assert "no notes on Ann Archer yet" in people.ok("people", "notes", "Ann Archer")
    assert people.ok("people", "note", "Ann Archer", "likes blue", "--agent", "Kim") == (
        "note on Ann Archer added (note 1)\n"
    )
    people.ok("people", "note", "Ann Archer", "-", "--edit", "1", stdin="likes green\n")
    (note,) = people.json("people", "notes", "Ann Archer")["notes"]
    assert (note["author"], note["text"]) == ("Kim", "likes green")
    assert people.ok("people", "notes", "Ann Archer").splitlines()[1].endswith("\tKim\tlikes green")
    done = people.json("people", "note", "Ann Archer", "--remove", "1")
    assert (done["note"], done["words"]) == (None, "note on Ann Archer removed")
    assert people.json("people", "notes", "Ann Archer") == {"notes": []}
    people.ok("people", "undo")
    assert people.json("people", "notes", "Ann Archer")["notes"] == [note]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Ann Archer",), "decide"),
        (("Ann Archer", "words", "--remove", "1"), "decide"),
        (("Ann Archer", "  "), "needs words"),
        (("Ann Archer", "words", "--edit", "7"), "no note with the number 7"),
        (("Ben Baker", "--remove", "1"), "is not one on Ben Baker"),
    ],
)
def test_mistakes_are_told(people: Program, arguments: tuple[str, ...], words: str) -> None:
    people.ok("people", "note", "Ann Archer", "likes blue")
    done = people.run("people", "note", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
