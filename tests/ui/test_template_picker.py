"""Select Template: what can be sent, what the person will read, and what is still missing."""

from dataclasses import replace
from pathlib import Path

import pytest

from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.message import Direction
from contacts_tui.domain.template import Button, Template
from contacts_tui.screens.contact.template_picker import TemplatePicker
from contacts_tui.store import contacts, templates
from contacts_tui.widgets.choice_list import ChoiceList
from contacts_tui.widgets.variable_field import VariableField
from tests.services.world import World
from tests.ui.stage import Stage, opened


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    base = world.template("Hi {{first_name}}, your order {{order}} is ready.")
    base = replace(base, samples={"first_name": "Sam", "order": "4711"})
    stock = [
        base,
        other(base, 2, "plain", "We are open again."),
        other(base, 3, "survey", "How was it?", category="marketing", approval="paused"),
        other(base, 4, "pedido", "Hola", language="es", approval="pending"),
        other(base, 5, "odd", "Odd", approval="under_review"),
        other(base, 6, "picker", "Pick one", kind="twilio/list-picker"),
        replace(
            other(base, 7, "tracked", "See {{order}}"),
            header="Order {{number}}",
            buttons=(Button("url", "Track", "https://example.com/{{code}}"),),
        ),
    ]
    world.store.call(templates.replace_all, world.whatsapp.id, stock)
    return world


def other(base: Template, number: int, name: str, body: str, **changes: str) -> Template:
    """Return a template that differs from another one."""
    return replace(base, sid=f"HX{number:032d}", name=name, body=body, samples={}, **changes)  # type: ignore[arg-type]


async def opened_picker(stage: Stage) -> TemplatePicker:
    """Open the picker from the notice of a closed window, and return it."""
    await stage.until_focused(stage.notice)
    await stage.pilot.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, TemplatePicker))
    picker = stage.app.screen
    assert isinstance(picker, TemplatePicker)
    await stage.until(lambda: picker.query_one(ChoiceList).highlighted is not None)
    return picker


async def test_two_of_one_name_and_language_are_told_apart(world: World) -> None:
    (base, *_) = world.store.call_read(lambda session, _: templates.listed(session, world.whatsapp.id))
    twins = [other(base, number, "greet", "Hi") for number in (700001, 700002)]
    world.store.call(templates.replace_all, world.whatsapp.id, [base, *twins])
    async with opened(world, closed(world)) as stage:
        picker = await opened_picker(stage)
        names = set()
        for _ in range(3):
            chosen = picker.query_one(ChoiceList).highlighted
            assert chosen is not None
            names.add(chosen.columns[0])
            await stage.pilot.press("down")
    assert sorted(names) == ["greet …700001", "greet …700002", "order_ready"]


async def test_what_is_in_their_language_comes_first_among_what_can_be_sent(world: World) -> None:
    (base, *_) = world.store.call_read(lambda session, _: templates.listed(session, world.whatsapp.id))
    german, asked = other(base, 1, "zusage", "Hallo", language="de_AT"), other(base, 2, "a", "A", language="de")
    world.store.call(templates.replace_all, world.whatsapp.id, [base, german, replace(asked, approval="pending")])
    ann = closed(world)
    world.store.call(contacts.update, ann, ContactChange(language="de-DE"))
    async with opened(world, ann) as stage:
        picker = await opened_picker(stage)
        keys = [choice.columns[0] for choice in picker.query_one(ChoiceList)._choices]
    assert keys == ["zusage", "order_ready", "a"]


def bodies(world: World, contact_id: int) -> list[str]:
    """Return the texts of what was stored to be sent."""
    return [m.body for m in world.thread(contact_id) if m.direction is Direction.OUT]


def closed(world: World) -> int:
    """Return a person whose window is closed."""
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=30)
    return ann


async def test_complaint_7_every_template_is_listed_with_its_state(world: World) -> None:
    ann = closed(world)
    for size in ((80, 24), (120, 40)):
        async with opened(world, ann, size=size) as stage:
            await opened_picker(stage)
            await stage.until_shown("4 approved of 7")
            for words in ("order_ready", "paused by WhatsApp", "pending", "state 'under_review'"):
                assert words in stage.text
            assert "can't begin a conversation" in stage.text


async def test_a_template_that_is_not_approved_cannot_be_taken(world: World) -> None:
    ann = closed(world)
    async with opened(world, ann) as stage:
        picker = await opened_picker(stage)
        await stage.type("survey")
        await stage.until_shown("survey: paused by WhatsApp. Choose one that is approved.")
        await stage.pilot.press("enter", "ctrl+s")
        await stage.pilot.pause()
        assert stage.app.screen is picker
        assert bodies(world, ann) == []


async def test_the_preview_is_what_the_person_will_read_and_values_are_demanded(world: World) -> None:
    ann = closed(world)
    async with opened(world, ann) as stage:
        await opened_picker(stage)
        await stage.type("order_ready")
        await stage.until_shown("Hi Ann, your order {{order}} is ready.")
        assert "from the contact" in stage.text
        assert "such as 4711" in stage.text
        await stage.pilot.press("enter", "enter")
        await stage.until_shown("fill this in, else they read “4711”")
        assert bodies(world, ann) == []
        await stage.type("O'B <5>")
        await stage.until_shown("your order O'B <5> is ready.")
        await stage.pilot.press("enter")
        await stage.until(lambda: bodies(world, ann) == ["Hi Ann, your order O'B <5> is ready."])
        await stage.until_shown("template order_ready")


async def test_complaint_8_variables_of_header_and_buttons_are_asked_for(world: World) -> None:
    ann = closed(world)
    async with opened(world, ann) as stage:
        picker = await opened_picker(stage)
        await stage.type("tracked")
        await stage.until(lambda: len(picker.query(VariableField)) == 3)
        assert {field.variable for field in picker.query(VariableField)} == {"order", "number", "code"}
        await stage.until_shown("https://example.com/{{code}}")


async def test_complaint_9_a_name_of_one_word_does_not_block(world: World) -> None:
    cher = world.person("Cher", "+12025550155")
    async with opened(world, cher) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("f2")
        await opened_picker(stage)
        await stage.type("order_ready")
        await stage.until_shown("Hi Cher, your order {{order}} is ready.")


async def test_escape_goes_back_and_the_text_is_kept(world: World) -> None:
    ann = closed(world)
    async with opened(world, ann) as stage:
        await opened_picker(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert bodies(world, ann) == []


async def test_a_search_without_a_match_says_so(world: World) -> None:
    ann = closed(world)
    async with opened(world, ann) as stage:
        await opened_picker(stage)
        await stage.type("zzz")
        await stage.until_shown("No template matches “zzz”. Clear the search to see all of them.")


async def test_values_stay_while_other_templates_are_looked_at(world: World) -> None:
    ann = closed(world)
    async with opened(world, ann) as stage:
        picker = await opened_picker(stage)
        await stage.type("order")
        await stage.until_shown("Hi Ann, your order {{order}} is ready.")
        await stage.pilot.press("enter")
        await stage.type("77")
        await stage.until_shown("your order 77 is ready.")
        picker.query_one(ChoiceList).action_move(1)
        await stage.until_shown("Order {{number}}")
        picker.query_one(ChoiceList).action_move(-1)
        await stage.until_shown("your order 77 is ready.")


async def test_no_templates_says_how_to_fetch_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("f6")
        await stage.until_shown("Shop WhatsApp has no template yet.")
        assert "contacts-tui templates sync" in stage.text
