"""The inboxes: what each line and its details tell, and the keys that connect, check, change and disconnect."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.health import Source
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.roles import Role
from contacts_tui.screens.dialogs import Question
from contacts_tui.screens.inboxes.inbox_form import InboxFormScreen
from contacts_tui.screens.inboxes.inboxes_screen import InboxesScreen
from contacts_tui.services import agents, inbox_problems, inboxes
from contacts_tui.services.agents import AgentForm
from contacts_tui.store import inboxes as rows
from contacts_tui.themes import DARK, LIGHT
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.form_field import FormField
from contacts_tui.widgets.plain_text import Plain
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver
from tests.services.bots import BOT, BOT_TOKEN, Bots
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened
from tests.ui.stage import app_over, in_utc, screen_text, until

Compare = Callable[..., bool]

SIZES = ((60, 20), (80, 24), (120, 40))


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    """Make UTC the local time."""
    with in_utc():
        yield


@pytest.fixture
def world(tmp_path: Any) -> Iterator[World]:
    """Yield a world with a number that works, a WhatsApp sender with a refused token, and a bot that is not polled."""
    made = World(tmp_path)
    made.hears(made.shop, "Hello")
    made.store.call(inbox_problems.failed, made.whatsapp.id, Source.TEMPLATES, "20003")
    bot(made)
    made.clock.forward(minutes=12)
    yield made
    made.store.close()


def bot(world: World, **changes: Any) -> Inbox:
    """Connect a bot."""
    given = {"address": BOT, "account": "", "secret": "env:BOT_TOKEN"} | changes
    return world.store.call(inboxes.connect, "Kim", InboxForm(name="Shop bot", channel=Channel.TELEGRAM, **given))


def stored(world: World) -> tuple[Inbox, ...]:
    """Return every inbox in the store."""
    return world.store.call_read(lambda session, _: rows.list_all(session))


@asynccontextmanager
async def opened(world: World, size: tuple[int, int] = (80, 24)) -> AsyncIterator[PeopleStage]:
    """Open the screen of inboxes, and yield it once it is read."""
    async with people_opened(world, size=size) as stage:
        # As if the session had been opened long ago: those who receive had time to begin.
        stage.app.session.opened_at = None
        await stage.press("i")
        await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
        await stage.until(lambda: "reading …" not in stage.text)
        yield stage


async def typed(stage: PeopleStage, text: str) -> None:
    """Type into the focused field."""
    await stage.press(*("space" if char == " " else char for char in text))


async def test_the_navigation_counts_the_inboxes_and_leads_to_them(nobody: World) -> None:
    async with people_opened(nobody) as stage:
        await stage.until_shown("✓ 2 connected")
        await stage.press("tab", "down", "down", "down", "down", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
        await stage.until_shown("2 connected")
        await stage.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, InboxesScreen))


async def test_people_tell_which_inbox_needs_care_and_how_to_see_it(world: World) -> None:
    async with people_opened(world, size=(80, 24)) as stage:
        await stage.until_shown("✗ Shop WhatsApp: Twilio ")
        await stage.until_shown("(i shows it)")
        await stage.until_shown("✗ 1 to check")


async def test_under_a_form_stand_the_keys_that_stood_there(world: World) -> None:
    async with opened(world, size=(120, 40)) as stage:
        footer = stage.app.screen.query_one(CommandFooter)
        before = str(footer.render())
        await stage.press("a")
        await stage.until(lambda: isinstance(stage.app.screen, InboxFormScreen) and stage.app.focused is not None)
        await stage.until_shown("check and save")
        assert str(footer.render()) == before and "acknowledge" not in before


@pytest.mark.parametrize("key", ["a", "e", "d"])
async def test_who_has_no_right_to_inboxes_is_told_who_has(world: World, key: str) -> None:
    world.store.call(agents.add, "Noor", AgentForm("Noor", role=Role.ADMINISTRATOR))
    async with opened(world) as stage:
        await stage.until_shown("3 connected")
        await stage.press(key)
        await stage.until(lambda: any("ask Noor (administrator)" in note.message for note in stage.app._notifications))
        assert isinstance(stage.app.screen, InboxesScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_every_inbox_says_how_it_is(world: World, size: tuple[int, int]) -> None:
    async with opened(world, size) as stage:
        for words in (
            "✓ Shop ",
            "✗ Shop WhatsApp",
            "! Shop bot",
            "live",
            "needs attention",
            "receives nothing",
            "12 m ago",
        ):
            await stage.until_shown(words)
        await stage.until_shown("✓ Live, no known problems.")
        await stage.until_shown("last message: 12 m ago")
        await stage.press("j")
        await stage.until_shown("✗ Needs attention: Twilio doesn't accept")
        await stage.press("j")
        await stage.until_shown("! Receives nothing: no process polls Telegram")


async def test_a_bot_that_is_refused_is_not_said_to_want_a_program(world: World) -> None:
    world.store.call(inbox_problems.failed, stored(world)[-1].id, Source.RECEIVING, "401")
    async with opened(world) as stage:
        await stage.press("j", "j")
        await stage.until_shown("✗ Needs attention: Telegram doesn't accept the bot's token")
        await stage.until_shown("polling, not running now")
        assert "receives nothing" not in stage.text.lower()


async def test_the_details_tell_everything(world: World) -> None:
    async with opened(world, (120, 40)) as stage:
        await stage.press("j")
        for words in (
            "Shop WhatsApp · WhatsApp · +1 202 555 0101",
            "Since 17 Nov 12:00,",
            "webhook https://desk.example/webhooks/2/inbound",
            "never, since it was connected",
            "0 waiting to be sent, 0 being sent, 0 unknown",
            "12 m ago, 20003: Twilio doesn't accept the inbox's credential",
            "env:TWILIO_TOKEN",
        ):
            await stage.until_shown(words)
        await stage.press("j")
        await stage.until_shown("polling, not running now; Telegram's webhook is off")


async def test_what_does_not_fit_is_brought_by_a_key(world: World) -> None:
    async with opened(world, (60, 14)) as stage:
        assert "env:TWILIO_TOKEN" not in stage.text
        await stage.until_shown("space more")
        await stage.press("space")
        await stage.until_shown("env:TWILIO_TOKEN")


async def test_trouble_that_comes_and_goes_is_seen(world: World) -> None:
    async with opened(world) as stage:
        await stage.until_shown("2 need attention")
        world.store.call(inbox_problems.worked, world.whatsapp.id, Source.TEMPLATES)
        await stage.until_shown("1 needs attention")
        world.hears(world.whatsapp, "Bonjour")
        await stage.until(lambda: "just now" in stage.line_of("Shop WhatsApp"))


@pytest.mark.parametrize("size", SIZES)
async def test_without_any_inbox_it_says_what_to_do(nobody: World, size: tuple[int, int]) -> None:
    nobody.store.call(lambda session, _: session.connection().exec_driver_sql("DELETE FROM inbox"))
    app = app_over(nobody)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: "no inbox connected: i connects one" in screen_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "Press a to connect the first one." in " ".join(screen_text(pilot).split()))


async def test_a_question_is_asked_before_an_inbox_is_put_aside(world: World) -> None:
    ben = world.person("Ben Baker", "+12025550143")
    world.send(ben, world.shop, "Still here")
    async with opened(world) as stage:
        await stage.press("d")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.until_shown("One waiting message")
        await stage.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
        assert stored(world)[0].is_connected
        await stage.press("d")
        await stage.until_shown("y disconnects Shop")
        await stage.press("y")
        await stage.until_shown("1 disconnected")
        assert not stored(world)[0].is_connected
        await stage.press("G")
        await stage.until_shown("– Disconnected")
        assert "d disconnect" not in stage.text.splitlines()[-1]


async def test_a_webhook_that_can_not_be_taken_away_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    inbox = stored(world)[2]
    away = replace(inbox.form, base_url="http://127.0.0.1:1", options={"receive": "webhook"})
    world.store.call(inboxes.change, "Kim", inbox.id, away)
    async with opened(world) as stage:
        await stage.press("G", "d")
        await stage.until_shown("y disconnects Shop bot")
        await stage.press("y")
        await stage.until_shown("1 disconnected")
        assert not stored(world)[2].is_connected
        await stage.until(lambda: bool(list(stage.app._notifications)))
        assert [note.message for note in stage.app._notifications] == [
            "Shop bot is disconnected. Its webhook is still set at Telegram: Telegram can't be reached from here. "
            "⏎ reconnects it."
        ]


async def test_a_disconnected_inbox_is_connected_again_from_its_line(
    world: World, empty: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bots = await ready(empty, monkeypatch)
    inbox = stored(world)[2]
    changed = type(inbox.form)(Channel.TELEGRAM, "Shop bot", BOT, "", "env:BOT_TOKEN", bots.sandbox.base_url)
    world.store.call(inboxes.change, "Kim", inbox.id, changed)
    world.store.call(inboxes.put_aside, "Kim", inbox.id)
    async with opened(world) as stage:
        await stage.press("G", "enter")
        await stage.until_shown("Reconnect Shop bot")
        await stage.press("ctrl+s")
        await stage.until_shown("Shop bot is connected.")
        assert stored(world)[2].is_connected


async def ready(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> Bots:
    """Return a sandbox that knows our bot."""
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    made = Bots(empty)
    await made.prepare()
    return made


async def test_a_bot_is_connected_checked_and_found_under_the_cursor(
    nobody: World, empty: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bots = await ready(empty, monkeypatch)
    async with opened(nobody) as stage:
        await stage.press("a")
        await stage.until(lambda: isinstance(stage.app.screen, InboxFormScreen) and stage.app.focused is not None)
        await stage.press("space", "space")
        await stage.until_shown("Bot's name")
        for text in ("Front desk", f"@{BOT}", "env:BOT_TOKEN"):
            await stage.press("tab")
            await typed(stage, text)
        await stage.press("tab", "tab")
        await typed(stage, bots.sandbox.base_url)
        await stage.press("ctrl+s")
        await stage.until_shown("Front desk is connected.")
        await stage.until(lambda: "▸" in stage.line_of("✓ Front desk"))
        inbox = stored(nobody)[-1]
        assert (inbox.name, inbox.address, inbox.secret) == ("Front desk", BOT, "env:BOT_TOKEN")
        await stage.press("c")
        await stage.until_shown(f"All is well. The bot @{BOT} accepts the token.")


async def test_what_the_provider_denies_is_stored_only_by_its_own_key(
    nobody: World, empty: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bots = await ready(empty, monkeypatch)
    monkeypatch.setenv("BOT_TOKEN", "7001:wrong")
    async with opened(nobody) as stage:
        await stage.press("a", "space", "space")
        await stage.until_shown("Bot's name")
        for text in ("Bot", BOT, "env:BOT_TOKEN"):
            await stage.press("tab")
            await typed(stage, text)
        await stage.press("down", "down")
        await typed(stage, bots.sandbox.base_url)
        assert "ctrl+o" not in stage.text
        await stage.press("ctrl+o", "ctrl+s")
        await stage.until_shown("Nothing is stored yet")
        await stage.until_shown("Telegram doesn't accept")
        assert len(stored(nobody)) == 2
        await stage.press("ctrl+o")
        await stage.until_shown("Bot is connected.")
        assert len(stored(nobody)) == 3


async def test_every_field_says_what_is_wrong_with_it(nobody: World) -> None:
    async with opened(nobody) as stage:
        await stage.press("a")
        await stage.until(lambda: isinstance(stage.app.screen, InboxFormScreen) and stage.app.focused is not None)
        await stage.press("ctrl+s")
        await stage.until_shown("The inbox needs a name, such as Shop: this one is empty")
        await typed(stage, "AgentSession")
        await stage.press("down")
        await stage.until_shown("The inbox's own address")
        await stage.press("down")
        await stage.until_shown("Twilio Account SID")
        await stage.press("down")
        await typed(stage, "0123456789abcdef0123456789abcdef")
        await stage.until_shown("The secret itself is never stored")
        await stage.press("down")
        await typed(stage, "http://api.example.com")
        await stage.until_shown("would carry the token in the clear")
        fields = stage.app.screen.query(FormField)
        marked = [field.field.id for field in fields if field.query_one(".mark", Plain).text == "!"]
        assert marked == ["address", "account", "secret", "base_url"]
        await stage.press("escape")
        await stage.until_shown("What you changed here is lost.")
        await stage.press("escape")
        await stage.until_shown("would carry the token in the clear")
        await stage.press("escape")
        await stage.until_shown("Leave without saving?")
        kept = stage.app.screen_stack[-2].typed()  # type: ignore[attr-defined]
        assert kept.startswith("Connect an inbox\n") and kept.endswith("Base URL: http://api.example.com")
        await stage.press("y")
        await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
        assert len(stored(nobody)) == 2


async def test_an_inbox_is_changed_with_its_address_kept(nobody: World) -> None:
    page = nobody.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(
            name="Page",
            channel=Channel.MESSENGER,
            address="102030405060708",
            account="",
            secret="env:NOT_SET",
            options={"app_secret": "env:APP_SECRET"},
        ),
    )
    async with opened(nobody) as stage:
        await stage.press("G")
        await stage.until_shown("not allowed: 24 hours only")
        await stage.press("enter")
        await stage.until_shown("Change Page")
        await stage.press("tab", "tab", "tab", "tab", "space")
        await stage.until_shown("yes: seven days")
        await stage.press("ctrl+s")
        await stage.until_shown("NOT_SET is not set")
        await stage.press("ctrl+o")
        await stage.until_shown("allowed, for seven days")
    after = stored(nobody)[-1]
    assert (after.human_agent, after.address, after.account) == (True, page.address, page.account)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_inboxes_look(world: World, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def shown(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "(i shows it)" in screen_text(pilot))
        pilot.app.session.opened_at = None  # type: ignore[attr-defined]
        await pilot.press("i")
        await until(pilot, lambda: "; last message: " in screen_text(pilot))
        await pilot.press("j")
        await until(pilot, lambda: "✗ Needs attention: Twilio" in screen_text(pilot))

    assert snap_compare(app_over(world, theme), terminal_size=size, run_before=shown)


@pytest.mark.parametrize("size", SIZES)
def test_the_form_looks(world: World, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def shown(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "(i shows it)" in screen_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "; last message: " in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "Account SID" in screen_text(pilot))
        await pilot.press("left", "ctrl+s")
        await until(pilot, lambda: "The inbox needs a name" in screen_text(pilot))

    assert snap_compare(app_over(world), terminal_size=size, run_before=shown)
