"""A second provider for WhatsApp in the interface: the form asks who carries an inbox, and the list says it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.channels import connectors
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.screens.inboxes.inbox_form import InboxFormScreen
from contacts_tui.services import inboxes
from contacts_tui.widgets.form_field import FormField
from tests.channels.carrier import CARRIER, CONNECTOR
from tests.services.world import World
from tests.ui.people_stage import PeopleStage
from tests.ui.test_inboxes import opened, stored, typed


@pytest.fixture(autouse=True)
def added() -> Iterator[None]:
    """Add the carrier to the connectors for the time of a test."""
    with connectors.added(CONNECTOR):
        yield


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Yield a world with a number and a WhatsApp sender, both by the usual provider."""
    made = World(tmp_path)
    yield made
    made.store.close()


def asked(stage: PeopleStage) -> list[str]:
    """Return the ids of the fields that the form shows."""
    return [field.field.id for field in stage.app.screen.query(FormField)]


async def test_it_is_connected_by_the_form_with_fields_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARRIER", "a key")
    async with opened(world) as stage:
        await stage.press("a")
        await stage.until(lambda: isinstance(stage.app.screen, InboxFormScreen) and stage.app.focused is not None)
        await stage.until(lambda: asked(stage) == ["channel", "name", "address", "account", "secret", "base_url"])
        await stage.press("space")
        await stage.until(lambda: "provider" in asked(stage))
        await stage.press("down")
        await typed(stage, "Second")
        await stage.press("down")
        await stage.until_shown("Who carries this inbox")
        await stage.press("space")
        await stage.until_shown("The carrier")
        await stage.until(
            lambda: asked(stage) == ["channel", "name", "provider", "address", "secret", "region", "base_url"]
        )
        for value in ("+15551110009", "env:CARRIER", "west"):
            await stage.press("down")
            await typed(stage, value)
        await stage.until_shown("The carrier needs a region: north or south")
        await stage.press(*["backspace"] * 4)
        await typed(stage, "south")
        await stage.press("ctrl+s")
        await stage.until(lambda: len(stored(world)) == 3)
        await stage.until_shown("Second · WhatsApp by The carrier")
        await stage.until_shown("Region")
        await stage.until_shown("south")
    made = stored(world)[-1]
    assert (made.provider, made.options, made.secret) == (CARRIER, {"region": "south"}, "env:CARRIER")


async def test_the_usual_one_says_by_whom_too_once_there_is_a_choice(world: World) -> None:
    async with opened(world) as stage:
        await stage.press("j")
        await stage.until_shown("Shop WhatsApp · WhatsApp by Twilio")


async def test_connected_again_it_may_go_by_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARRIER", "a key")
    form = InboxForm(
        Channel.WHATSAPP, "Second", "+15551110009", secret="env:CARRIER", options={"region": "north"}, provider=CARRIER
    )
    second = world.store.call(inboxes.connect, "Kim", form)
    async with opened(world) as stage:
        await stage.press("G", "enter")
        await stage.until_shown("Change Second")
        fixed = [field.field.id for field in stage.app.screen.query(FormField) if field.disabled]
        assert fixed == ["channel", "provider", "address"]
        await stage.press("escape")
    world.store.call(inboxes.put_aside, "Kim", second.id)
    async with opened(world) as stage:
        await stage.press("G", "enter")
        await stage.until_shown("Reconnect Second")
        await stage.until_shown("The carrier")
        free = [field.field.id for field in stage.app.screen.query(FormField) if not field.disabled]
        assert "provider" in free
        assert Provider.TWILIO.value in [value for value, _ in stage.app.screen.query(FormField)[2].field.choices]
