"""A line of the card is edited in its place, by the rules of the form, and undone by one key."""

from contacts_tui.domain.contact import Contact
from contacts_tui.screens.person.person_line_form import PersonLineForm
from contacts_tui.services import people, people_edit
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.widgets.form_field import FormField
from contacts_tui.widgets.person_lines import PersonLines
from contacts_tui.widgets.plain_text import Plain
from tests.services.world import World
from tests.ui.stage import Stage, opened


def contact(world: World, contact_id: int) -> Contact:
    card = world.store.call_read(people.card, contact_id)
    assert card is not None
    return card.contact


async def edit_line(stage: Stage, field: str) -> None:
    """Move up to a line of the card, and open it for editing."""
    lines = stage.screen.query_one(PersonLines)
    await stage.pilot.press("f7", *["up"] * 2)
    await stage.until(lambda: lines.has_focus)
    for _ in range(20):
        if lines.current == field:
            break
        await stage.pilot.press("up")
    assert lines.current == field
    await stage.pilot.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, PersonLineForm) and bool(stage.app.screen.query(FormField)))


async def test_a_line_is_edited_where_it_stands_left_and_undone(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello")
    edit = PersonEdit(company="Lee Ltd", add_emails=("a@x.example", "b@x.example"), add_tags=("vip",))
    world.store.call(people_edit.change, "Kim", ann, edit, None)
    async with opened(world, ann, size=(120, 30)) as stage:
        await stage.until_focused(stage.composer)
        await stage.until_shown("Lee Ltd")
        lines = stage.screen.query_one(PersonLines)
        await edit_line(stage, "emails:1")
        y = stage.app.screen.query_one(FormField).region.y
        assert y == lines.region.y + lines.text.split("\n").index("b@x.example")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen and lines.has_focus)
        assert contact(world, ann).emails == ("a@x.example", "b@x.example")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PersonLineForm))
        await stage.until(lambda: bool(stage.app.screen.query(FormField)))
        await stage.pilot.press("end", "ctrl+u", *"nobody", "enter")
        about = stage.app.screen.query_one("#about", Plain)
        await stage.until(lambda: "is not an email address" in about.text)
        await stage.pilot.press("end", "ctrl+u", *"c@x.example", "enter")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert contact(world, ann).emails == ("a@x.example", "c@x.example")
        await stage.until(lambda: "c@x.example" in lines.text)
        await stage.pilot.press("alt+u")
        await stage.until(lambda: "b@x.example" in lines.text)
        assert contact(world, ann).emails == ("a@x.example", "b@x.example")
        await stage.until(lambda: lines.has_focus)
        await stage.pilot.press(*["down"] * 9)
        await stage.until(lambda: not lines.has_focus)


async def test_a_number_of_somebody_else_is_refused_by_the_words_of_the_form(world: World) -> None:
    ann = world.person("Ann Lee", "+12025550142", "+12025550143")
    world.person("Ben", "+4930901820")
    world.hears(world.shop, "Hello")
    async with opened(world, ann, size=(80, 24)) as stage:
        await stage.until_focused(stage.composer)
        await edit_line(stage, "phones:1")
        await stage.pilot.press("end", "ctrl+u", *"+4930901820", "enter")
        about = stage.app.screen.query_one("#about", Plain)
        await stage.until(lambda: "belongs to Ben" in about.text)
        assert isinstance(stage.app.screen, PersonLineForm)
