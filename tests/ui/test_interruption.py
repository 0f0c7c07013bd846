"""The server of a store is gone for a while: what is shown stays, drafts are kept, and all goes on when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from contacts_sandbox.database_server import Server, own_server
from contacts_tui import paths
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.services.workers import reconnecting
from contacts_tui.widgets.composer import Composer
from tests.other_program import execute
from tests.postgresql import Databases
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened


@asynccontextmanager
async def writing_at_a_server() -> AsyncIterator[tuple[Server, World, PeopleStage]]:
    """Begin a text to Ann, stored on a server of the test's own; yield the server, the world and the stage."""
    with own_server() as server:
        world = World(Databases(server.address()).new())
        world.person()
        world.hears(world.shop, "is it ready?")
        async with people_opened(world) as stage:
            await stage.press("enter")
            await stage.until(lambda: isinstance(stage.app.focused, Composer))
            await stage.press(*"almost")
            await stage.until(lambda: drafts(world) == ["almost"])
            yield server, world, stage
        world.store.close()


async def test_what_is_shown_and_typed_stays_while_the_server_is_gone_and_goes_on_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(reconnecting, "PAUSE", 0.05)
    async with writing_at_a_server() as (server, world, stage):
        await asyncio.to_thread(server.stop)
        try:
            await stage.until(lambda: is_told(stage, "The store is out of reach"))
            await stage.press("y", "enter")
            await stage.until_shown("can't be reached")
            await stage.until_shown("almosty")
            assert "is it ready?" in stage.text
            # The first time, leaving says that the draft was not stored.
            await stage.press("escape", "escape")
            await stage.until_shown("The draft was not stored")
            await stage.press("escape")
            await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))
            assert "Ann" in stage.text
            await stage.press("/", *"zoe")
            await stage.until(lambda: not stage.line_of("Ann"))
            await stage.press("escape")
            await stage.until(lambda: bool(stage.line_of("Ann")))
            await stage.press("enter")
            await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))
        finally:
            # Started on this thread, since a server ends with the thread that started it.
            server.start()
        await stage.until(lambda: is_told(stage, reconnecting.BACK))
        assert not is_told(stage, "The store is out of reach")
        await stage.until(lambda: drafts(world) == ["almosty"])
        # The contact that was opened meanwhile is read by itself.
        await stage.until_shown("is it ready?")


async def test_what_cannot_be_stored_when_the_agent_quits_is_kept_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path))
    async with writing_at_a_server() as (server, _world, stage):
        await stage.press("ctrl+n", *"ask Bo", "escape")
        await asyncio.to_thread(server.stop)
        await stage.until(lambda: is_told(stage, "The store is out of reach"))
        await stage.press("y", "escape", "escape")
        await stage.until_shown("The draft was not stored")
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))
        await stage.press("ctrl+q")
        await stage.until(lambda: stage.app._exit)
    assert kept(tmp_path) == ["to Ann Lee …0142 · SMS · from Shop\nalmosty\n\nnote on Ann Lee\nask Bo\n"]


def is_told(stage: PeopleStage, words: str) -> bool:
    return any(notice.message.startswith(words) for notice in stage.app._notifications)


def drafts(world: World) -> list[str]:
    return [body for (body,) in execute(world.location, "SELECT body FROM draft")]


def kept(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in folder.glob("typed-*.txt")]
