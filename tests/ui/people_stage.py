"""The people screen in a running app over a real store, and ways to wait for it and to read it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.pilot import Pilot

from contacts_tui.app import Background, ContactsApp
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.screens.session import AgentSession
from contacts_tui.themes import DARK
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.people_list import PeopleList
from tests.services.world import World
from tests.ui.stage import NOTICES, in_utc, screen_text, until


@dataclass
class PeopleStage:
    """The people screen under test."""

    world: World
    app: ContactsApp
    pilot: Pilot[None]

    @property
    def screen(self) -> PeopleScreen:
        """The screen at the bottom of the stack."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, PeopleScreen)
        return screen

    @property
    def people(self) -> PeopleList:
        """The list of people."""
        return self.screen.query_one(PeopleList)

    @property
    def text(self) -> str:
        """The text of the terminal."""
        return screen_text(self.pilot)

    @property
    def heading(self) -> str:
        """The line over the list."""
        return self.screen.query_one(Heading).line(0).text

    def line_of(self, name: str) -> str:
        """Return the line of the terminal that shows this name; empty when none does."""
        return next((line for line in self.text.splitlines() if name in line), "")

    def row_of(self, name: str) -> int:
        """Return the row of the terminal that shows this name, from the top; -1 when none does."""
        return next((row for row, line in enumerate(self.text.splitlines()) if name in line), -1)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition."""
        await until(self.pilot, condition)

    async def until_shown(self, words: str) -> None:
        """Wait for words on the terminal."""
        await self.until(lambda: words in self.text)

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)


@asynccontextmanager
async def people_opened(
    world: World,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = DARK,
    background: Sequence[Background] = (),
    view: str = EVERYBODY,
) -> AsyncIterator[PeopleStage]:
    """Open the app at this view of the first screen, and yield it with everything on it loaded."""
    session = AgentSession(world.location, "Kim", world.clock, view)
    app = ContactsApp(session, theme=theme, background=background, notices=NOTICES)
    with in_utc():
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            stage = PeopleStage(world, app, pilot)
            # When an inbox needs attention, there may be no room for the number of those that are live.
            told = ("inboxes live", "(i shows it)", "may be missing messages")
            await stage.until(lambda: any(words in stage.text for words in told))
            yield stage
