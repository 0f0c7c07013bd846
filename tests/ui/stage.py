"""A contact screen in a running app over a real store, and ways to wait for it and to read it."""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from textual.pilot import Pilot
from textual.widget import Widget

from contacts_tui.app import ContactsApp
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.notices import Notices
from contacts_tui.screens.session import AgentSession
from contacts_tui.themes import DARK
from contacts_tui.widgets.closed_notice import ClosedNotice
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.thread.view import ThreadView
from tests.patience import LIMIT
from tests.services.world import World

PATIENCE = LIMIT
"""Seconds after which a condition counts as never met."""
NOTICES = Notices(seconds=LIMIT)
"""Notices that stay until a test looks for them, however slow the machine is."""


@contextmanager
def in_utc() -> Iterator[None]:
    """Make UTC the local time for the time of the block, whatever the zone of the machine."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def app_over(world: World, theme: str = DARK) -> ContactsApp:
    """Return the app for the agent Kim, at the world's time."""
    return ContactsApp(AgentSession(world.location, "Kim", world.clock, EVERYBODY), theme=theme, notices=NOTICES)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it is not met in time."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"never came:\n{screen_text(pilot)}"
        await pilot.pause()


def screen_text(pilot: Pilot[None]) -> str:
    """Return the screen as text, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


@dataclass
class Stage:
    """A contact screen under test."""

    world: World
    app: ContactsApp
    pilot: Pilot[None]
    screen: ContactScreen

    @property
    def composer(self) -> Composer:
        """The composer."""
        return self.screen.query_one(Composer)

    @property
    def notice(self) -> ClosedNotice:
        """What is shown in the composer's place while text is not allowed."""
        return self.screen.query_one(ClosedNotice)

    @property
    def thread(self) -> ThreadView:
        """The thread."""
        return self.screen.query_one(ThreadView)

    @property
    def section(self) -> MessagingSection:
        """The messaging section."""
        return self.screen.query_one(MessagingSection)

    @property
    def text(self) -> str:
        """The text of the whole screen."""
        return screen_text(self.pilot)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition."""
        await until(self.pilot, condition)

    async def until_shown(self, words: str) -> None:
        """Wait for words on the screen."""
        await self.until(lambda: words in self.text)

    async def until_focused(self, widget: Widget) -> None:
        """Wait until a widget, or one inside it, has the focus."""
        await self.until(lambda: self.app.focused is not None and widget in self.app.focused.ancestors_with_self)

    async def type(self, text: str) -> None:
        """Type into the focused widget."""
        await self.pilot.press(*("space" if char == " " else char for char in text))


async def open_contact(pilot: Pilot[None], contact_id: int) -> ContactScreen:
    """Open a contact in a running app, wait until a widget of its screen has the focus, and return the screen."""
    app = pilot.app
    assert isinstance(app, ContactsApp)
    await until(pilot, lambda: app.session.is_open)
    app.open_contact(contact_id)
    await until(pilot, lambda: isinstance(app.screen, ContactScreen) and app.focused is not None)
    screen = app.screen
    assert isinstance(screen, ContactScreen)
    return screen


@asynccontextmanager
async def opened(
    world: World, contact_id: int, *, size: tuple[int, int] = (80, 24), theme: str = DARK
) -> AsyncIterator[Stage]:
    """Open the app with a contact, and yield it once a widget of the contact screen has the focus."""
    app = app_over(world, theme)
    with in_utc():
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            screen = await open_contact(pilot, contact_id)
            yield Stage(world, app, pilot, screen)
