"""How the people screen and the help look. `pytest --snapshot-update` after looking at what changed."""

from collections.abc import Callable, Iterator

import pytest
from textual.pilot import Pilot

from contacts_tui.app import ContactsApp
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.screens.session import AgentSession
from contacts_tui.terminal.colors import Depth
from contacts_tui.themes import CONTRAST, DARK, LIGHT
from tests.ui.stage import app_over, in_utc, screen_text, until
from tests.ui.town import Town

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    """Make UTC the local time."""
    with in_utc():
        yield


async def loaded(pilot: Pilot[None]) -> None:
    """Wait until the list and the health of the inboxes are shown."""
    await until(pilot, lambda: "inboxes live" in screen_text(pilot) and "Amara" in screen_text(pilot))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_people(town: Town, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    town.doubtful(7)
    app: ContactsApp = app_over(town, theme)
    assert snap_compare(app, terminal_size=size, run_before=loaded)


def test_people_in_the_colours_of_the_terminal(town: Town, snap_compare: Compare) -> None:
    assert snap_compare(app_over(town, "ansi-dark"), terminal_size=(80, 24), run_before=loaded)


def test_people_folded(town: Town, snap_compare: Compare) -> None:
    async def with_places(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: "Closing soon" in screen_text(pilot))

    assert snap_compare(app_over(town), terminal_size=(60, 20), run_before=with_places)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_help(town: Town, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def helped(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: "Open the chosen person." in screen_text(pilot))

    assert snap_compare(app_over(town), terminal_size=size, run_before=helped)


@pytest.mark.parametrize("depth", [Depth.PALETTE, Depth.SIXTEEN])
@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST])
def test_people_with_fewer_colours(town: Town, snap_compare: Compare, theme: str, depth: Depth) -> None:
    app = ContactsApp(AgentSession(town.location, "Kim", town.clock, EVERYBODY), theme=theme, depth=depth)
    assert snap_compare(app, terminal_size=(80, 24), run_before=loaded)
