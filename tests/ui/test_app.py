"""The app around the screens: start, end, help, palette, and what runs in the background."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet
from textual.widgets import Input

from contacts_tui.app import PARTING, ContactsApp
from contacts_tui.commands import Scope
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.failure import FailureScreen
from contacts_tui.screens.help import HelpScreen
from contacts_tui.screens.merging.candidate_picker import CandidatePicker
from contacts_tui.screens.session import AgentSession
from contacts_tui.services.workers.outbox import SHUTDOWN_WAIT
from contacts_tui.store.store import Store
from contacts_tui.themes import NAMES
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.help_text import HelpText
from tests.ui.people_stage import people_opened
from tests.ui.stage import screen_text, until
from tests.ui.town import Town


@pytest.mark.parametrize("key", ["x", "ctrl+q"])
async def test_a_store_that_does_not_open_says_why_and_ends_with_status_1(tmp_path: Path, key: str) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this was never a database, and is long enough to be looked at as one")
    app = ContactsApp(AgentSession(f"sqlite:///{broken}", "Kim"))
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, FailureScreen))
        await until(pilot, lambda: "nothing was changed" in screen_text(pilot))
        await pilot.press(key)
    assert app.return_code == 1


async def test_help_shows_the_keys_of_this_screen_first(town: Town) -> None:
    async with people_opened(town, size=(80, 24)) as stage:
        await stage.press("question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        await stage.until_shown("Open the chosen person.")
        assert stage.text.splitlines()[2].strip() == "People"
        await stage.press("G")
        await stage.until_shown("contacts-tui --help")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)


async def test_help_begins_with_what_has_the_focus(town: Town) -> None:
    async with people_opened(town, size=(80, 24)) as stage:
        for keys, heading in ((["tab", "question_mark"], Scope.NAVIGATION), (["slash", "f9"], Scope.FILTER)):
            await stage.press(*keys)
            await stage.until_shown("Keys and marks")
            assert stage.text.splitlines()[2].strip() == heading.label
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.screen)


async def test_help_finds_commands_keys_and_marks_by_words(town: Town) -> None:
    async with people_opened(town, size=(80, 24)) as stage:
        await stage.press("question_mark", "slash", *"draft")
        await stage.until_shown("that was begun and not sent")
        assert "Open the chosen person." not in stage.text
        await stage.press("escape")
        await stage.until_shown("Open the chosen person.")
        await stage.press("slash", *"zzz")
        await stage.until_shown("Nothing here has these words.")
        await stage.press("escape", "slash", *("space" if char == " " else char for char in "Chosen merge"), "enter")
        await stage.until_shown("Merge the chosen person with a duplicate.")
        assert "Open the chosen person." not in stage.text
        row = next(row for row, line in enumerate(stage.text.splitlines()) if "Merge the chosen" in line)
        await stage.pilot.click(offset=(30, row))
        await stage.until(lambda: stage.app.screen is not stage.screen and "Merge" in stage.text)


async def test_a_click_on_a_command_in_the_help_runs_it_where_the_help_was_opened(town: Town) -> None:
    async with people_opened(town, size=(100, 170)) as stage:
        for words, says in (("possible duplicates", "Possible duplicates"), ("Select a template", "can't be used")):
            await stage.press("question_mark")
            await stage.until_shown(words)
            row = next(row for row, line in enumerate(stage.text.splitlines()) if words in line)
            await stage.pilot.click(offset=(30, row))
            await stage.until_shown(says)
            if stage.app.screen is not stage.screen:
                await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.screen)


async def test_the_whole_help_can_be_read_in_a_small_terminal(town: Town) -> None:
    async with people_opened(town, size=(60, 20)) as stage:
        await stage.press("f9")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        text = stage.app.screen.query_one(HelpText)
        await stage.until(lambda: text.virtual_size.height > 20)
        lines = [text.line(index).text for index in range(text.virtual_size.height)]
        assert all("…" not in line for line in lines)
        assert "List people whose window closes" in "\n".join(lines)


async def test_help_and_palette_open_while_one_types(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("slash", "f9")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        await stage.press("q")
        await stage.press("ctrl+p")
        await stage.until_shown("Search for commands")


async def test_the_palette_runs_a_command_on_the_screen_below(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("colon", *"failed")
        await stage.until_shown("List people whose last message failed")
        await stage.press("enter")
        await stage.until(lambda: stage.people.current == town.contacts[3] and stage.people.count == 1)


async def test_the_palette_finds_what_has_only_a_letter_while_one_types(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("enter")
        await stage.until_shown("Send]")
        await stage.press("ctrl+p", *"link a chat")
        await stage.until_shown("Link a chat to a contact")
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, CandidatePicker))


async def test_the_palette_finds_a_person_from_a_contact_and_replaces_it(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))
        await stage.press("ctrl+p", *"dmitri")
        await stage.until_shown("Open this person.")
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen) and "Dmitri Volkov" in stage.text)
        assert len(stage.app.screen_stack) == 2


async def test_the_palette_changes_the_theme(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("colon", *"theme")
        await stage.until_shown("Change the colours")
        await stage.press("enter")
        await stage.until_shown("contacts-light")
        stage.app.screen.query_one(Input).value = "contacts-light"
        await stage.until(lambda: "nord" not in stage.text)
        await stage.press("enter")
        await stage.until(lambda: stage.app.theme == "contacts-light")
        await stage.until_shown("Amara Okafor")


async def test_the_footer_names_only_keys_that_work_now(town: Town) -> None:
    async with people_opened(town) as stage:
        assert "? more" in stage.text.splitlines()[-1] and "esc back" not in stage.text
        await stage.press("slash")
        await stage.until(lambda: " f9 " in stage.text.splitlines()[-1])
        assert "q quit" not in stage.text.splitlines()[-1]
        assert "esc back" in stage.text


async def test_a_footer_without_room_says_that_help_has_more(town: Town) -> None:
    async with people_opened(town, size=(40, 20)) as stage:
        await stage.until(lambda: "? more" in stage.text.splitlines()[-1])
        await stage.pilot.click(
            stage.screen.query_one(CommandFooter), offset=(stage.text.splitlines()[-1].index("? more"), 0)
        )
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))


async def test_a_click_on_the_footer_runs_the_command(town: Town) -> None:
    async with people_opened(town, size=(80, 24)) as stage:
        footer = stage.screen.query_one(CommandFooter)
        await stage.pilot.click(footer, offset=(stage.text.splitlines()[-1].index("/ find"), 0))
        await stage.until(lambda: isinstance(stage.app.focused, Input))


async def test_a_background_service_that_fails_is_told_and_the_screen_stays(town: Town) -> None:
    async def fails(store: Store, tell: Callable[[str], object]) -> None:
        raise RuntimeError("the [bold]outbox[/nope] broke")

    async with people_opened(town, background=[fails]) as stage:
        await stage.until_shown("A background service failed")
        await stage.press("j")
        assert stage.people.current == town.contacts[1]


async def test_background_services_get_the_store_and_end_before_it_closes(town: Town) -> None:
    seen: list[str] = []

    async def waits(store: Store, tell: Callable[[str], object]) -> None:
        seen.append("began")
        try:
            await asyncio.Event().wait()
        finally:
            await store.read(lambda session, clock: None)
            seen.append("ended")

    async with people_opened(town, background=[waits]) as stage:
        await stage.until(lambda: seen == ["began"])
    assert seen == ["began", "ended"]


def test_the_outbox_has_stored_its_last_answers_before_the_store_closes() -> None:
    assert SHUTDOWN_WAIT.total_seconds() * 2 <= PARTING


async def test_ctrl_c_leaves_only_when_it_is_pressed_twice(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("ctrl+c")
        await stage.until_shown("Press ctrl+c again to quit.")
        assert stage.app.is_running
        await stage.press("ctrl+c")
        await stage.until(lambda: not stage.app.is_running)


async def test_styles_are_parsed_again_only_for_another_theme(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[Stylesheet] = []
    reparse = Stylesheet.reparse

    def counted(sheet: Stylesheet) -> None:
        parsed.append(sheet)
        reparse(sheet)

    monkeypatch.setattr(Stylesheet, "reparse", counted)
    async with people_opened(town, size=(80, 24)) as stage:
        before = stage.app.screen.styles.background
        assert parsed == []
        light = next(name for name in NAMES if "light" in name)
        stage.app.theme = light
        await stage.until(lambda: stage.app.screen.styles.background != before)
        assert parsed == [stage.app.stylesheet]
        # A screen that is shown for the first time only now has the colours of the theme, too.
        await stage.press("question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        assert stage.app.screen.styles.background == stage.screen.styles.background
