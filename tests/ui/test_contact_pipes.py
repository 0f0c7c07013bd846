"""The thread given to a command of the agent's own: chosen or typed, seen first, then a draft or a note, or stopped."""

import os
from pathlib import Path

import pytest

from contacts_tui.domain.message import Direction
from contacts_tui.domain.thread_text import thread_text
from contacts_tui.screens.contact.pipe_dialog import PipeDialog
from contacts_tui.screens.contact.pipe_output import PipeOutput
from contacts_tui.screens.dialogs import Decision
from contacts_tui.services import notes, threads
from tests.services.world import World
from tests.ui.stage import Stage, opened


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands run in the plain shell."""
    monkeypatch.setenv("SHELL", "/bin/sh")


def prepared(world: World) -> int:
    ann = world.person()
    world.hears(world.whatsapp, "Where is my order?")
    return ann


def kept(world: World, contact_id: int) -> list[str]:
    return [note.text for note in world.store.call_read(notes.of_person, contact_id)]


def sent(world: World, contact_id: int) -> list[str]:
    return [message.body for message in world.thread(contact_id) if message.direction is Direction.OUT]


def group_in(file: Path) -> int:
    """Return the process group that a command wrote into this file; 0 until then."""
    text = file.read_text() if file.exists() else ""
    return int(text) if text.endswith("\n") else 0


def runs(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


async def choosing(stage: Stage, key: str = "alt+x") -> None:
    await stage.until_focused(stage.composer)
    await stage.pilot.press(key)
    await stage.until(lambda: isinstance(stage.app.screen, PipeDialog))


async def piped(stage: Stage, command: str) -> None:
    """Type a command that gets the thread, and wait for its output screen."""
    await choosing(stage)
    await stage.type(command)
    await stage.pilot.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, PipeOutput))


async def test_what_a_typed_command_makes_of_the_thread_becomes_a_draft_that_nobody_sent(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        views = world.store.call_read(threads.timeline, ann).messages
        assert "Where is my order?" in thread_text(views, "Ann Lee")
        await piped(stage, "tr a-z A-Z")
        await stage.until_shown("WHERE IS MY ORDER?")
        await stage.pilot.press("enter")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == thread_text(views, "Ann Lee").upper().rstrip("\n")
        await stage.until_shown("The text is in the composer")
        assert sent(world, ann) == []


async def test_a_draft_that_is_there_is_asked_about(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Dear Ann")
        await piped(stage, "echo 2 lines")
        await stage.until_shown("2 lines")
        await stage.pilot.press("d")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("enter")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "Dear Ann"
        await choosing(stage)
        await stage.until_shown("last used  echo 2 lines")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PipeOutput))
        await stage.until(lambda: "2 lines" in stage.text.replace("echo 2 lines", ""))
        await stage.pilot.press("d")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("down", "enter")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "Dear Ann\n\n2 lines"


async def test_a_named_command_is_found_by_its_begin_and_its_output_kept_as_a_note(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        stage.app.session.pipes = {"shout": "printf '\\033[2JLOUD [red]\\n'", "words": "wc -w"}
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("vertical_line")
        await stage.until_shown("words  wc -w")
        await stage.type("sho")
        await stage.until_shown("as typed  sho")
        await stage.pilot.press("enter")
        await stage.until_shown("\ufffd[2JLOUD [red]")
        await stage.pilot.press("n")
        await stage.until_shown("Note kept. alt+u undoes it.")
        assert kept(world, ann) == ["\ufffd[2JLOUD [red]"]
        assert stage.composer.text == ""
        await stage.pilot.press("u")
        await stage.until(lambda: kept(world, ann) == [])


async def test_escape_stops_the_command_and_the_screen_goes_on_meanwhile(world: World, tmp_path: Path) -> None:
    ann = prepared(world)
    group = tmp_path / "group"
    async with opened(world, ann) as stage:
        stage.app.session.pipes = {"slow": f"echo $$ > '{group}'; sleep 1000 & sleep 1000; true"}
        await piped(stage, "slow")
        await stage.until_shown("Running … esc stops it.")
        await stage.until(lambda: group_in(group) > 0)
        world.hears(world.whatsapp, "Hello?")
        await stage.until(lambda: len(stage.thread.message_ids) == 2)
        await stage.pilot.press("enter", "n", "escape")
        await stage.until_focused(stage.composer)
        await stage.until(lambda: not runs(group_in(group)))
        assert (kept(world, ann), stage.composer.text) == ([], "")


async def test_a_failure_is_said_and_another_command_is_one_key_away(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await piped(stage, "echo no key set >&2; false")
        await stage.until_shown("The command ended with status 1: no key set. c chooses another command.")
        await stage.pilot.press("n", "c")
        await stage.until(lambda: isinstance(stage.app.screen, PipeDialog))
        await stage.pilot.press("ctrl+e", "backspace", "backspace", "backspace", "backspace", "backspace")
        await stage.type("echo 42")
        await stage.until_shown("as typed  echo no key set >&2; echo 42")
        await stage.pilot.press("enter")
        await stage.until(lambda: "42" in stage.text.replace("echo 42", ""))
        await stage.pilot.press("escape")
        await stage.until_focused(stage.composer)
        assert (kept(world, ann), stage.composer.text) == ([], "")


async def test_where_nothing_can_be_written_the_output_can_be_a_note_that_is_not_too_long(world: World) -> None:
    ann = prepared(world)
    world.hears(world.shop, "STOP")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("alt+x")
        await stage.until(lambda: isinstance(stage.app.screen, PipeDialog))
        await stage.type("yes | head -c 20000")
        await stage.pilot.press("enter")
        await stage.until_shown("You can't write on this channel now: only a note can be kept.")
        await stage.pilot.press("enter", "n")
        await stage.until_shown("A note has at most 10,000 characters")
        await stage.pilot.press("escape")
        await stage.until_focused(stage.notice)
        assert kept(world, ann) == []


async def test_nothing_was_said_yet(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        await stage.pilot.press("alt+x")
        await stage.until(lambda: isinstance(stage.app.screen, PipeDialog))
        await stage.type("cat")
        await stage.pilot.press("enter")
        await stage.until_shown("There is nothing to give to a command: no conversation with Ann Lee yet.")
