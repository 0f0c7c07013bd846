"""Importing people on the screen: the file, its preview, which can be changed, the import, and its undo."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contacts_tui.domain.contact import Contact
from contacts_tui.screens.people_import.preview import ImportScreen, ImportSettings
from contacts_tui.screens.people_import.progress import ImportProgress
from contacts_tui.screens.save_file import SaveFile
from contacts_tui.services import contacts_import, people, people_edit, views
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.widgets.search_field import PathField
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened
from tests.ui.test_merging import until_said

FILE = (
    "Name;Mobile;E-mail;Plan\n"
    "Zoë Ångström;+46 70 174 06 05;zoe@x.example;gold\n"
    "Zoë Ångström;+46 70 174 06 05;;silver\n"
    "Ben;070-174 06 06;;\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(FILE.encode("cp1252"))
    return path


def count(world: World) -> int:
    return world.store.call_read(views.count, "", "")


def person(world: World, text: str) -> Contact:
    return world.store.call_read(people.find, text)


async def preview(stage: PeopleStage, path: Path) -> ImportScreen:
    """Open the preview of a file by its path, and return the screen."""
    await stage.press("I")
    await stage.until_shown("Import people from a file")
    await enter_path(stage, path)
    await stage.until(lambda: isinstance(stage.app.screen, ImportScreen))
    await stage.until_shown(" new ")
    screen = stage.app.screen
    assert isinstance(screen, ImportScreen)
    return screen


async def enter_path(stage: PeopleStage, path: Path) -> None:
    """Put a path into the field that asks for one, and press Enter."""
    stage.app.screen.query_one(PathField).value = str(path)
    await stage.press("enter")


def key_of(char: str) -> str:
    return {"/": "slash", ".": "full_stop", "-": "minus", "_": "underscore", " ": "space"}.get(char, char)


async def until_told(stage: PeopleStage, words: str) -> None:
    """Wait for a notice with these words."""
    await stage.until(lambda: any(words in notice.message for notice in stage.app._notifications))


async def choose(stage: PeopleStage, line: str, letters: str) -> None:
    """Change the setting in a line of the preview to the option that has these letters."""
    settings = stage.app.screen.query_one(ImportSettings)
    place = next(place for place, choice in enumerate(settings.choices) if choice.columns[0] == line)
    await stage.press("home", *["down"] * place, "enter")
    await stage.until_shown("letters of it")
    await stage.press(*map(key_of, letters), "enter")
    await stage.until(lambda: isinstance(stage.app.screen, ImportScreen))


@contextmanager
def writing_held(world: World) -> Iterator[None]:
    """Hold the store's write lock for the time of the block, as another process would."""
    connection = sqlite3.connect(world.location.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_a_file_is_shown_imported_and_undone(
    nobody: World, file: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with people_opened(nobody, size=size) as stage:
        await preview(stage, file)
        await until_said(stage, "1 new · 0 already here · 1 twice in the file · 1 not readable")
        assert count(nobody) == 0
        await stage.press("ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, SaveFile))
        report = tmp_path / "left.csv"
        await enter_path(stage, report)
        await until_told(stage, "Import: 1 added, 1 unchanged, 1 row left out. u undoes it.")
        assert person(nobody, "zoe@x.example").name == "Zoë Ångström"
        assert "4;Mobile: “070-174 06 06” has no country code" in report.read_text(encoding="utf-8-sig")
        assert report.stat().st_mode & 0o077 == 0
        await stage.press("u")
        await until_told(stage, "Undone: ")
        assert count(nobody) == 0


async def test_what_is_changed_in_the_preview_is_imported(nobody: World, file: Path) -> None:
    async with people_opened(nobody) as stage:
        await preview(stage, file)
        await until_said(stage, "Left out: Plan")
        await choose(stage, "Plan", "attribute Plan")
        await stage.until_shown("Plan: gold")
        await choose(stage, "Country of numbers", "SE")
        await until_said(stage, "2 new · 0 already here · 1 twice in the file")
        await choose(stage, "E-mail", "left out")
        await until_said(stage, "Left out: E-mail")
        await stage.press("ctrl+s")
        await until_told(stage, "Import: 2 added, 1 unchanged. u undoes it.")
    zoe = person(nobody, "+46701740605")
    assert (zoe.emails, zoe.attributes) == ((), {"Plan": "gold"})
    assert person(nobody, "+46701740606").name == "Ben"


async def test_encoding_and_separator_are_chosen_and_a_choice_that_fails_is_told(nobody: World, file: Path) -> None:
    async with people_opened(nobody) as stage:
        await preview(stage, file)
        await choose(stage, "Encoding", "Mac Roman")
        await until_said(stage, "Zo" + b"\xeb".decode("mac_roman"))
        await choose(stage, "Encoding", "as the file")
        await until_said(stage, "Zoë Ångström")
        await choose(stage, "Cells separated by", "tabs")
        await until_said(stage, "No column is known")
        await choose(stage, "Cells separated by", "semi")
        await until_said(stage, "1 new · 0 already here")


async def test_enter_on_the_option_under_the_cursor_takes_that_one(nobody: World, file: Path) -> None:
    async with people_opened(nobody) as stage:
        await preview(stage, file)
        for words in ("get what the file", "stay as they are", "get what they lack"):
            await choose(stage, "People you have", words)
            await choose(stage, "People you have", "")
            settings = stage.app.screen.query_one(ImportSettings)
            assert words in next(line.columns[1] for line in settings.choices if line.columns[0] == "People you have")


@pytest.mark.parametrize(("choice", "company"), [("get what they lack", "Old Ltd"), ("get what the file", "New Ltd")])
async def test_what_becomes_of_people_who_are_here_is_chosen(
    nobody: World, tmp_path: Path, choice: str, company: str
) -> None:
    old = PersonEdit(name="Ann Lee", add_phones=("+12025550142",), company="Old Ltd")
    nobody.store.call(people_edit.create, "Noor", old, None)
    path = tmp_path / "list.csv"
    path.write_text("name,phone,company\nAnn Lee,+1 202 555 0142,New Ltd\n")
    async with people_opened(nobody) as stage:
        await preview(stage, path)
        await until_said(stage, "0 new · 1 already here")
        await choose(stage, "People you have", choice)
        await stage.press("ctrl+s")
        await until_told(stage, "0 added, 1 ")
        assert person(nobody, "Ann Lee").company == company


async def test_the_mouse_changes_a_column_and_imports(nobody: World, file: Path) -> None:
    async with people_opened(nobody) as stage:
        await preview(stage, file)
        rows = stage.text.splitlines()
        await stage.pilot.click(offset=(4, next(row for row, line in enumerate(rows) if line.startswith("  Plan"))))
        await stage.until_shown("letters of it")
        await stage.press("n", "o", "t", "e", "enter")
        await until_said(stage, "zoe@x.example · gold")
        await stage.pilot.click(offset=(2, stage.app.size.height - 1))
        await stage.until(lambda: isinstance(stage.app.screen, SaveFile))
        await stage.press("escape")
        await until_told(stage, "Import: 1 added")
        assert person(nobody, "zoe@x.example").note == "gold"


@pytest.mark.parametrize("keeps", [True, False])
async def test_an_import_is_stopped_and_what_came_in_is_kept_or_taken_out(
    nobody: World, tmp_path: Path, keeps: bool
) -> None:
    path = tmp_path / "many.csv"
    lines = (f"Person {place},+1202{2000000 + place}\n" for place in range(3 * contacts_import.BATCH))
    path.write_text("name,phone\n" + "".join(lines))
    async with people_opened(nobody) as stage:
        await preview(stage, path)
        await until_said(stage, "3,000 new")
        with writing_held(nobody):
            await stage.press("ctrl+s")
            await stage.until(lambda: isinstance(stage.app.screen, ImportProgress))
            await stage.press("escape")
            await stage.until_shown("Stop the import?")
            await stage.press("down", *([] if keeps else ["down"]), "enter")
            await stage.until(lambda: isinstance(stage.app.screen, ImportProgress))
        if keeps:
            await until_told(stage, "1,000 added; stopped after 1,000 rows. u undoes it.")
        else:
            await until_told(stage, "The import was stopped, and everybody taken out again.")
    assert count(nobody) == (contacts_import.BATCH if keeps else 0)


async def test_a_file_that_is_none_is_told_where_it_is_chosen(nobody: World, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04")
    async with people_opened(nobody) as stage:
        await stage.press("I")
        await stage.until_shown("Import people from a file")
        await enter_path(stage, path)
        await until_said(
            stage, "is a workbook or an archive, not a CSV: open it in a spreadsheet and save it as CSV UTF-8."
        )
        await stage.press("escape")
        await stage.until_shown("people")


async def test_a_file_without_a_column_that_is_known_can_be_left(nobody: World, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n")
    async with people_opened(nobody) as stage:
        await stage.press("I")
        await stage.until_shown("Import people from a file")
        await enter_path(stage, path)
        await until_said(stage, "No column is known")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
