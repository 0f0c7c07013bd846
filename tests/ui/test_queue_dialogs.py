"""Until when a person is snoozed, and to whom they are assigned: by two keys, or by what is typed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.screens.queue.assign_dialog import AssignDialog, ask_whom, letters_of
from contacts_tui.screens.queue.snooze_dialog import SnoozeDialog, ask_until_when
from contacts_tui.services import agents
from contacts_tui.services.agents import AgentForm
from tests.services.world import START, World
from tests.ui.stage import Stage, opened

PENDING = object()


class Answer:
    """What a dialog returned; PENDING while it is open."""

    def __init__(self) -> None:
        self.value: object = PENDING

    async def take(self, value: object) -> None:
        self.value = value


@asynccontextmanager
async def snoozing(world: World, window: timedelta | None = None) -> AsyncIterator[tuple[Stage, Answer]]:
    async with opened(world, world.person()) as stage:
        answer = Answer()
        await ask_until_when(stage.screen, "Ann Archer", None if window is None else START + window, answer.take)
        await stage.until(lambda: isinstance(stage.app.screen, SnoozeDialog))
        await stage.until_shown("Snooze Ann Archer")
        yield stage, answer


@asynccontextmanager
async def assigning(world: World, *names: str, now: str = "") -> AsyncIterator[tuple[Stage, Answer]]:
    for name in names:
        world.store.call(agents.add, "Kim", AgentForm(name))
    async with opened(world, world.person()) as stage:
        answer = Answer()
        await ask_whom(stage.screen, "Ann Archer", now, answer.take)
        await stage.until(lambda: isinstance(stage.app.screen, AssignDialog))
        await stage.until_shown("Assign Ann Archer")
        yield stage, answer


async def pressed(stage: Stage, answer: Answer, *keys: str) -> object:
    await stage.pilot.press(*keys)
    await stage.until(lambda: answer.value is not PENDING)
    return answer.value


@pytest.mark.parametrize(
    ("key", "snooze"),
    [
        ("h", Snooze(Wake.AT, START + timedelta(hours=1))),
        ("t", Snooze(Wake.AT, datetime(2026, 11, 18, 9, tzinfo=UTC))),
        ("m", Snooze(Wake.AT, datetime(2026, 11, 23, 9, tzinfo=UTC))),
        ("w", Snooze(Wake.REPLY, None)),
        ("b", Snooze(Wake.WINDOW, START + timedelta(hours=4))),
    ],
)
async def test_one_letter_snoozes(world: World, key: str, snooze: Snooze) -> None:
    async with snoozing(world, window=timedelta(hours=5)) as (stage, answer):
        assert await pressed(stage, answer, key) == snooze


async def test_each_choice_shows_when_it_wakes_while_the_clock_goes_on(world: World) -> None:
    async with snoozing(world, window=timedelta(hours=5)) as (stage, _):
        for words in ("until 13:00", "until Wed 18 November 09:00", "until Mon 23 November 09:00", "until 16:00"):
            assert words in stage.text
        world.clock.forward(minutes=7)
        await stage.until_shown("until 13:07")


async def test_without_a_window_nothing_is_offered_before_it_closes(world: World) -> None:
    async with snoozing(world) as (stage, answer):
        assert "before the window closes" not in stage.text
        assert await pressed(stage, answer, "down", "enter") == Snooze(Wake.AT, datetime(2026, 11, 18, 9, tzinfo=UTC))


async def test_a_number_begins_a_time_and_its_meaning_is_shown_as_it_is_typed(world: World) -> None:
    async with snoozing(world) as (stage, answer):
        await stage.type("2 hou")
        await stage.until_shown("“2 hou” isn't a time")
        await stage.pilot.press("enter")
        await stage.type("rs")
        await stage.until_shown("Until 14:00")
        assert answer.value is PENDING, "what can't be read is never taken"
        assert await pressed(stage, answer, "enter") == Snooze(Wake.AT, START + timedelta(hours=2))


async def test_words_are_typed_after_the_key_for_them_in_the_agents_own_time_zone(world: World) -> None:
    world.store.call(agents.add, "Kim", AgentForm("Kim", time_zone="America/New_York"))
    async with snoozing(world) as (stage, answer):
        assert "America/New_York" in stage.text and "tab type another time" in stage.text
        await stage.pilot.press("tab")
        await stage.until(lambda: "type another time" not in stage.text)
        await stage.type("next friday 14:00")
        await stage.until_shown("Until Fri 20 November 14:00")
        assert await pressed(stage, answer, "enter") == Snooze(Wake.AT, datetime(2026, 11, 20, 19, tzinfo=UTC))


async def test_a_time_that_is_over_is_refused_in_words(world: World) -> None:
    async with snoozing(world) as (stage, answer):
        await stage.type("2025-01-01")
        await stage.until_shown("That time is over")
        await stage.pilot.press("enter")
        assert await pressed(stage, answer, "escape") is None


async def test_enter_assigns_to_me(world: World) -> None:
    async with assigning(world, "Noor", "Sam") as (stage, answer):
        assert await pressed(stage, answer, "enter") == "Kim"


@pytest.mark.parametrize(("letter", "name"), [("n", "Nadia"), ("o", "Noor"), ("s", "Sam"), ("k", "Kim"), ("b", "")])
async def test_the_letter_that_is_shown_and_enter_assign(world: World, letter: str, name: str) -> None:
    async with assigning(world, "Noor", "Nadia", "Sam") as (stage, answer):
        assert await pressed(stage, answer, letter, "enter") == name


async def test_agents_are_found_by_letters_in_their_order(world: World) -> None:
    async with assigning(world, "Noor Haddad", "Nadia Khan", now="Noor Haddad") as (stage, answer):
        assert "assigned now" in stage.text
        await stage.type("nkh")
        await stage.until(lambda: "Noor" not in stage.text)
        assert await pressed(stage, answer, "enter") == "Nadia Khan"


async def test_nobody_fits_says_so_and_back_assigns_to_nobody_else(world: World) -> None:
    async with assigning(world, "Noor") as (stage, answer):
        await stage.type("qq")
        await stage.until_shown("No agent matches “qq”. Type less.")
        await stage.pilot.press("enter")
        assert await pressed(stage, answer, "escape") is None


async def test_a_disabled_agent_is_not_offered(world: World) -> None:
    world.store.call(agents.add, "Kim", AgentForm("Zed"))
    world.store.call(agents.disable, "Kim", "Zed")
    async with assigning(world, "Noor") as (stage, _):
        assert "Noor" in stage.text
        assert "Zed" not in stage.text


def test_letters_are_those_that_words_begin_with_and_nobody_shares_one() -> None:
    assert letters_of(["Kim", "Noor", "Nadia Khan", "Sam", "nobody"]) == ["k", "n", "a", "s", "o"]
    many = letters_of([f"Agent {number}" for number in range(40)])
    assert len([letter for letter in many if letter]) == len({letter for letter in many if letter}) < 40
