"""Pictures of the contact screens: a change of their looks is seen, and accepted with `--snapshot-update`."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from contacts_tui.app import ContactsApp
from contacts_tui.channels.base import Accepted, Refused, SendResult
from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.screens.session import AgentSession
from contacts_tui.services import delivery
from contacts_tui.store import attempts, contacts, templates
from contacts_tui.terminal.colors import Depth
from contacts_tui.themes import DARK, LIGHT, PALETTES
from tests.services.world import World
from tests.ui.stage import app_over, in_utc, open_contact, screen_text, until

SIZES = ((80, 24), (120, 40))


class Scene(World):
    """Amara, with whom many messages were exchanged; Ben, whose window is closed; Farid, who was never spoken to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._stock()
        self.amara = self.person("Amara Okafor", "+2348035550142")
        self.store.call(
            contacts.update,
            self.amara,
            ContactChange(
                company="Okafor & Daughters",
                emails=tuple(("amara@okafor.example",)),
                tags=tuple(("vip", "lagos")),
                note="collects on Fridays",
                owner="Kim",
            ),
        )
        self.ben = self.person("Ben Whitfield", "+12025550143")
        self.farid = self.person("Farid Haddad", "+12025550188")
        self._talk()

    def _stock(self) -> None:
        base = replace(
            self.template("Hi {{first_name}}, your order {{order}} is ready."),
            samples={"first_name": "Sam", "order": "4711"},
            footer="Open Mon-Sat 9-18.",
        )
        states = {"order_ready": "approved", "order_late": "approved", "survey": "paused", "pedido": "pending"}
        stock = [
            replace(base, sid=f"HX{number:032d}", name=name, approval=approval)
            for number, (name, approval) in enumerate(states.items())
        ]
        self.store.call(templates.replace_all, self.whatsapp.id, stock)

    def _talk(self) -> None:
        self.hears(self.whatsapp, "Hello?", "+12025550143")
        self.clock.forward(hours=20)
        self._sent(self.shop, "By SMS: your parcel left.", Refused("30003", "unreachable"))
        self.hears(self.whatsapp, "Is the blue one back in stock?", "+2348035550142")
        self.clock.forward(hours=6)
        self._sent(self.whatsapp, "It is! Shall I put one aside?", Accepted("SM" + "f" * 32, Delivery.SENT))
        self.reported(self.whatsapp, Delivery.READ, sid="SM" + "f" * 32)
        self.hears(self.whatsapp, "Yes please. 大きい方 👍🏽", "+2348035550142")
        self.clock.forward(minutes=2)

    def _sent(self, inbox: Inbox, text: str, result: SendResult) -> None:
        message = self.send(self.amara, inbox, text)
        self.store.call(delivery.record, message.id, self.store.call(attempts.begin, message.id), result)


Compare = Callable[..., bool]
Steps = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with in_utc():
        made = Scene(tmp_path)
        yield made
        made.store.close()


def shown(contact_id: int, words: str, *keys: str) -> Steps:
    """Return a function that opens a contact, presses keys, and waits for words."""

    async def run(pilot: Pilot[None]) -> None:
        await open_contact(pilot, contact_id)
        for key in keys:
            await pilot.press(key)
        await until(pilot, lambda: words in screen_text(pilot))
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES)
def test_a_conversation(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.amara, "Yes please")
    assert snap_compare(app_over(scene, DARK), terminal_size=size, run_before=steps)


def test_a_conversation_in_daylight(scene: Scene, snap_compare: Compare) -> None:
    steps = shown(scene.amara, "Yes please")
    assert snap_compare(app_over(scene, LIGHT), terminal_size=(120, 40), run_before=steps)


@pytest.mark.parametrize("size", SIZES)
def test_a_closed_window(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.ben, "Select Template")
    assert snap_compare(app_over(scene), terminal_size=size, run_before=steps)


@pytest.mark.parametrize("size", SIZES)
def test_a_person_never_spoken_to(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.farid, "No conversation with Farid yet")
    assert snap_compare(app_over(scene), terminal_size=size, run_before=steps)


@pytest.mark.parametrize("size", SIZES)
def test_the_template_picker(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.ben, "1 value to fill in", "enter")
    assert snap_compare(app_over(scene), terminal_size=size, run_before=steps)


@pytest.mark.parametrize("size", SIZES)
def test_the_timeline(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.amara, "not delivered", "f5")
    assert snap_compare(app_over(scene), terminal_size=size, run_before=steps)


@pytest.mark.parametrize("size", SIZES)
def test_the_details_of_a_failed_message(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.amara, "attempt 1", "f1", "escape", "enter")
    assert snap_compare(app_over(scene), terminal_size=size, run_before=steps)


@pytest.mark.parametrize("size", [(60, 20), (200, 50)])
def test_other_sizes(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = shown(scene.amara, "Yes please")
    assert snap_compare(app_over(scene), terminal_size=size, run_before=steps)


@pytest.mark.parametrize("depth", [Depth.PALETTE, Depth.SIXTEEN])
@pytest.mark.parametrize("theme", PALETTES)
def test_a_conversation_with_fewer_colours(scene: Scene, snap_compare: Compare, theme: str, depth: Depth) -> None:
    app = ContactsApp(AgentSession(scene.location, "Kim", scene.clock, EVERYBODY), theme=theme, depth=depth)
    assert snap_compare(app, terminal_size=(80, 24), run_before=shown(scene.amara, "Yes please"))
