"""A person forgotten and exported from the screen, and the people of a list written into a file."""

import json
from pathlib import Path

import pytest

from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.dialogs import Decision
from contacts_tui.screens.person.forget_dialog import ForgetDialog
from contacts_tui.screens.save_file import SaveFile
from contacts_tui.services import people
from contacts_tui.widgets.search_field import PathField
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened
from tests.ui.stage import opened


async def run(stage: PeopleStage, action: str) -> None:
    """Run a command as the palette does."""
    await stage.until(lambda: stage.people.current is not None)
    await stage.app.run_action(action, stage.screen)


async def asked(stage: PeopleStage) -> None:
    """Wait for the question where to save."""
    await stage.until(lambda: isinstance(stage.app.screen, SaveFile) and isinstance(stage.app.focused, PathField))


async def save_to(stage: PeopleStage, path: Path) -> None:
    """Answer the question where to save."""
    await asked(stage)
    stage.app.screen.query_one(PathField).value = str(path)
    await stage.press("enter")


async def test_forgetting_says_what_goes_asks_for_a_word_and_gives_a_receipt(world: World, tmp_path: Path) -> None:
    ann = world.person()
    world.hears(world.shop, "a secret")
    async with people_opened(world) as stage:
        await run(stage, "forget")
        await stage.until_shown("What goes: the contact, 1 message")
        assert isinstance(stage.app.screen, ForgetDialog) and "There is no undo" in stage.text
        await stage.press("enter")
        await stage.until_shown("Nothing is done yet")
        assert world.store.call_read(people.card, ann) is not None
        await stage.press(*"forget", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("save this as a receipt")
        assert world.store.call_read(people.card, ann) is None
        await stage.press("down", "enter")
        await save_to(stage, tmp_path / "receipt.json")
        await stage.until(lambda: (tmp_path / "receipt.json").is_file() and stage.app.screen is stage.screen)
        told = json.loads((tmp_path / "receipt.json").read_text())
        assert (told["forgotten_by"], told["gone"]["messages"], told["is_clean"]) == ("Kim", 1, True)


async def test_forgetting_from_the_contact_leaves_no_draft_behind_and_goes_back(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    async with opened(world, ann) as stage:
        await stage.type("half a secret")
        await stage.app.run_action("forget", stage.screen)
        await stage.until(lambda: isinstance(stage.app.screen, ForgetDialog))
        await stage.pilot.press(*"forget", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("enter")
        await stage.until(lambda: not isinstance(stage.app.screen, Decision | ContactScreen))
    path = Path(world.location.removeprefix("sqlite:///"))
    world.store.close()
    assert b"half a secret" not in b"".join(one.read_bytes() for one in path.parent.glob("store.db*"))


async def test_a_person_is_exported_into_a_new_folder(world: World, tmp_path: Path) -> None:
    world.person()
    world.hears(world.shop, "hello")
    async with people_opened(world) as stage:
        await run(stage, "export_person")
        await save_to(stage, tmp_path / "ann")
        await stage.until_shown("1 message, 0 notes")
        assert {"person.vcf", "messages.jsonl"} <= {path.name for path in (tmp_path / "ann").iterdir()}
        await run(stage, "export_person")
        await save_to(stage, tmp_path / "ann")
        await stage.until_shown("Not exported: ")
        assert "is there already" in " ".join(stage.text.split())


async def test_the_people_of_a_list_are_written_in_the_format_that_is_turned_to(world: World, tmp_path: Path) -> None:
    world.person("Ann Lee", "+12025550142")
    world.person("Ben Wu", "+12025550143")
    world.hears(world.shop, "STOP", "+12025550143")
    async with people_opened(world) as stage:
        await stage.press("slash", *"ben")
        await stage.until(lambda: stage.people.count == 1)
        await run(stage, "export")
        await asked(stage)
        await stage.until_shown("1 person as CSV")
        field = stage.app.screen.query_one(PathField)
        field.value = str(tmp_path / "some.csv")
        await stage.press("ctrl+t")
        await stage.until(lambda: field.value == str(tmp_path / "some.vcf"))
        await stage.press("enter")
        await stage.until_shown("1 person written. 1 of them is blocked or opted out")
        assert "FN:Ben Wu" in (tmp_path / "some.vcf").read_text()
        assert "Ann Lee" not in (tmp_path / "some.vcf").read_text()


async def test_a_folder_is_made_where_there_is_none_and_one_that_cannot_be_made_is_told(
    world: World, tmp_path: Path
) -> None:
    world.person()
    (tmp_path / "file").touch()
    async with people_opened(world) as stage:
        await run(stage, "export")
        await save_to(stage, tmp_path / "file" / "people.csv")
        await stage.until_shown("can't be made")
        await save_to(stage, tmp_path / "new" / "folder" / "people.csv")
        await stage.until(lambda: (tmp_path / "new" / "folder" / "people.csv").is_file())


async def test_a_path_is_completed_and_tells_its_choices(world: World, tmp_path: Path) -> None:
    for name in ("alpha-one", "alpha-two"):
        (tmp_path / name).mkdir()
    world.person()
    async with people_opened(world) as stage:
        await run(stage, "export")
        await asked(stage)
        field = stage.app.screen.query_one(PathField)
        field.value = f"{tmp_path}/al"
        await stage.press("tab")
        await stage.until(lambda: field.value == f"{tmp_path}/alpha-")
        await stage.until_shown("alpha-one/, alpha-two/")


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_question_fits_small_terminals(world: World, size: tuple[int, int]) -> None:
    world.person()
    async with people_opened(world, size=size) as stage:
        await run(stage, "forget")
        await stage.until_shown("There is no undo")
        assert "⏎ forget" in stage.text and "esc back" in stage.text
