"""Links in messages: opened by a click where the text is the address, after a question elsewhere, and copied."""

from pathlib import Path

import pytest

from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.dialogs import Decision
from tests.services.world import World
from tests.ui.stage import Stage, opened
from tests.ui.test_thread_marks import cell_of

EVIL = "https://bank.example@evil.example/login"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a desktop whose browser notes what it was given, and return the file of its notes."""
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$#" "$1" >> "{tmp_path}/opened"\n')
    program.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return tmp_path / "opened"


async def click(stage: Stage, words: str) -> None:
    await stage.until_shown(words)
    await stage.pilot.click(stage.thread, offset=cell_of(stage, stage.thread, words))


def is_unopened(browser: Path) -> bool:
    return not browser.exists()


async def was_opened(stage: Stage, browser: Path, target: str) -> None:
    await stage.until(lambda: browser.exists() and browser.read_text() == f"1 {target}\n")


@pytest.mark.parametrize(
    ("text", "place", "target"),
    [
        ("Look: https://shop.example/x?a=1&b=2, please", "shop.example", "https://shop.example/x?a=1&b=2"),
        ("It is www.shop.example.", "www", "https://www.shop.example"),
        ("Ask a.b@shop.example", "b@shop", "mailto:a.b@shop.example"),
        (f"{'word ' * 9} https://shop.example/{'long/' * 12}end", "end", f"https://shop.example/{'long/' * 12}end"),
    ],
)
async def test_a_click_opens_a_link_that_says_where_it_leads(
    world: World, browser: Path, text: str, place: str, target: str
) -> None:
    ann = world.person()
    world.hears(world.whatsapp, text)
    async with opened(world, ann) as stage:
        await click(stage, place)
        await was_opened(stage, browser, target)
        await stage.until_shown("Opened:")
        assert isinstance(stage.app.screen, ContactScreen)


async def test_a_link_that_leads_elsewhere_is_shown_first(world: World, browser: Path) -> None:
    ann = world.person()
    world.hears(world.whatsapp, f"Pay here: {EVIL}")
    async with opened(world, ann) as stage:
        await click(stage, "bank.example")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("leads to evil.example")
        assert is_unopened(browser)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.clipboard == EVIL)
        await click(stage, "bank.example")
        await stage.until_shown("leads to evil.example")
        await stage.pilot.press("down", "enter")
        await was_opened(stage, browser, EVIL)


async def test_a_key_shows_the_links_of_the_selected_message(world: World, browser: Path) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "https://a.example/1 and https://b.example/2")
    world.hears(world.whatsapp, "None here: file:///etc/passwd")
    async with opened(world, ann) as stage:
        await stage.until_shown("None here")
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("l")
        assert stage.thread.check_action("links", ()) is False
        await stage.pilot.press("up", "l")
        await stage.until_shown("Copy b.example")
        await stage.pilot.press("down", "down", "enter")
        await stage.until(lambda: stage.app.clipboard == "https://b.example/2")
        assert is_unopened(browser)


async def test_without_a_display_a_link_is_copied_and_that_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    ann = world.person()
    world.hears(world.whatsapp, "https://shop.example/1")
    async with opened(world, ann) as stage:
        await click(stage, "shop.example")
        await stage.until_shown("Copied, not opened (there is no display here")
        assert stage.app.clipboard == "https://shop.example/1"
