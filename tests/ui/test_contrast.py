"""Text can be read: the contrast of the styles that are really drawn, in every theme and colour depth."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.pilot import Pilot

from contacts_tui.app import ContactsApp
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.screens.session import AgentSession
from contacts_tui.terminal.colors import PALETTE, READABLE, SIXTEEN, Depth, Rgb, contrast, in_depth
from contacts_tui.themes import CONTRAST, PALETTES, themes_for
from tests.ui.stage import in_utc, open_contact, screen_text, until
from tests.ui.test_contact_snapshots import Scene

XTERM: tuple[Rgb, ...] = (
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)),
    *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255)),
    *((0, 255, 255), (255, 255, 255)),
)
"""The first sixteen colours of xterm, which differ from those of the console of Linux."""

MARKS = frozenset("✓✗?!●◉○▸→·⏎…")
"""Signs that are read like a word."""


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with in_utc():
        made = Scene(tmp_path)
        yield made
        made.store.close()


def is_read(text: str) -> bool:
    """Return whether a piece of the screen holds words, numbers or marks, and not just lines."""
    return any(char.isalnum() or char in MARKS for char in text)


def color(style: Style, depth: Depth, first: tuple[Rgb, ...]) -> tuple[Rgb, Rgb]:
    """Return the colours of text and ground in a terminal that has `first` for its first sixteen."""
    shown = in_depth(style, depth)
    found: list[Rgb] = []
    for one in (shown.color, shown.bgcolor):
        assert one is not None, style
        assert not one.is_default, f"the terminal's own colour: {style}"
        number = one.number
        found.append(one.get_truecolor() if number is None else (first + PALETTE[16:])[number])
    letters, ground = reversed(found) if shown.reverse else found
    return letters, ground


def unreadable(app: ContactsApp, depth: Depth, least: float) -> set[str]:
    """Return what is shown with too little contrast; of a dialog, what is in its box."""
    screen = app.screen
    strips = screen._compositor.render_strips()
    boxes = screen.query("#box, #--container")
    region = boxes.first().region if boxes else screen.region
    found = set()
    for strip in strips[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            found |= _unreadable(segment, depth, least)
    return found


def _unreadable(segment: Segment, depth: Depth, least: float) -> set[str]:
    text, style, _ = segment
    if not is_read(text) or style is None:
        return set()
    palettes = (SIXTEEN, XTERM) if depth is Depth.SIXTEEN else (SIXTEEN,)
    values = [contrast(*color(style, depth, first)) for first in palettes]
    if min(values) >= least and not style.dim:
        return set()
    return {f"{text.strip()!r}: {min(values):.2f} ({style})"}


class Viewer:
    """A viewer of screens in every theme of ours and every colour depth."""

    def __init__(self, app: ContactsApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.bad: list[str] = []
        self._kinds = [(name, depth) for name in PALETTES for depth in Depth]
        for depth in Depth:
            for theme in themes_for(depth):
                app.register_theme(replace(theme, name=f"{theme.name} {depth.name}"))

    async def look(self, where: str) -> None:
        """Note what can't be read; `where` names the screen."""
        await self.pilot.pause()
        for name, depth in self._kinds:
            self.app.theme = f"{name} {depth.name}"
            await self.pilot.pause()
            least = 7.0 if name == CONTRAST and depth is not Depth.SIXTEEN else READABLE
            self.bad += [f"{where}, {self.app.theme}: {what}" for what in sorted(unreadable(self.app, depth, least))]

    async def shown(self, *words: str) -> None:
        """Wait for words."""
        await until(self.pilot, lambda: all(word in screen_text(self.pilot) for word in words))


async def test_all_that_is_to_be_read_has_contrast(scene: Scene) -> None:
    app = ContactsApp(AgentSession(scene.location, "Kim", scene.clock, EVERYBODY))
    async with app.run_test(size=(170, 40), notifications=True, tooltips=True) as pilot:
        viewer = Viewer(app, pilot)
        await people(viewer)
        await contacts(viewer, scene)
        await dialogs(viewer, scene)
        assert not viewer.bad, "\n".join(viewer.bad)


async def people(viewer: Viewer) -> None:
    """Look at the list, and at what a search in it finds."""
    await viewer.shown("nothing waiting", "Amara")
    await viewer.look("people")
    await viewer.pilot.press("j", "slash", *"amar")
    await viewer.shown("Matches for")
    await viewer.look("searching")
    await viewer.pilot.press("escape")


async def contacts(viewer: Viewer, scene: Scene) -> None:
    """Look at an open window, a closed one, and a person never spoken to; at the card and the thread."""
    press = viewer.pilot.press
    for contact, words in ((scene.amara, "Yes please"), (scene.ben, "Select Template"), (scene.farid, "Farid")):
        await open_contact(viewer.pilot, contact)
        await viewer.shown(words)
        await viewer.look(words)
        await press("f7")
        await viewer.look(f"{words}, the card")
        await press("f7")
    await open_contact(viewer.pilot, scene.amara)
    await viewer.shown("Yes please")
    await press("f1")
    await viewer.shown("not delivered")
    await press("escape", "up")
    await viewer.look("the thread")


async def dialogs(viewer: Viewer, scene: Scene) -> None:
    """Look at what opens over the screens."""
    press = viewer.pilot.press
    await press("enter")
    await viewer.shown("attempt 1")
    await viewer.look("details")
    await press("escape", "question_mark")
    await viewer.shown("Keys and marks")
    await viewer.look("help")
    await press("escape")
    await open_contact(viewer.pilot, scene.ben)
    await viewer.shown("Select Template")
    await press("enter")
    await viewer.shown("order_ready", "Open Mon-Sat")
    await viewer.look("templates")
    await press("escape")
    viewer.app.notify("Something happened.", severity="error")
    await viewer.shown("Something happened.")
    await viewer.look("a notice")
    await press("f8")
    await viewer.shown("Ben Whitfield")
    await viewer.look("whom to merge")
    await press("escape", "ctrl+p")
    await viewer.look("the palette")
