"""The form of a person: added, edited field by field, checked as one types, undone by one key, and nothing lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.dialogs import Question
from contacts_tui.screens.merging.merge import MergeScreen
from contacts_tui.screens.person.person_form import PersonForm
from contacts_tui.services import notes, people, people_edit
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.widgets.form_field import FormField
from tests.services.world import ANN, World
from tests.ui.people_stage import PeopleStage, people_opened

BERLIN = "+4930901820"


def contact(world: World, contact_id: int) -> Contact:
    """Return the person as stored."""
    card = world.store.call_read(people.card, contact_id)
    assert card is not None
    return card.contact


def numbers(world: World, contact_id: int) -> set[tuple[Channel, str]]:
    """Return channel and address of each of the person's identities."""
    card = world.store.call_read(people.card, contact_id)
    assert card is not None
    return {(one.channel, one.address) for one in card.identities}


def field(stage: PeopleStage, name: str) -> FormField:
    """Return a field of the form."""
    return next(one for one in stage.app.screen.query(FormField) if one.field.id == name)


async def go_to(stage: PeopleStage, name: str) -> None:
    """Focus a field."""
    field(stage, name).take_focus()
    await stage.until(lambda: field(stage, name).is_focused)


async def fill(stage: PeopleStage, name: str, text: str) -> None:
    """Type into a field."""
    await go_to(stage, name)
    await stage.press(*("space" if char == " " else char for char in text))


async def clear(stage: PeopleStage, name: str) -> None:
    """Empty a field."""
    await go_to(stage, name)
    await stage.press("end", "ctrl+u")


@asynccontextmanager
async def form(world: World, key: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[PeopleStage]:
    """Open the form over the list of people by this key, and yield it."""
    async with people_opened(world, size=size) as stage:
        await stage.until(lambda: key == "n" or stage.people.current is not None)
        await stage.press(key)
        await stage.until(lambda: isinstance(stage.app.screen, PersonForm) and bool(stage.app.screen.query(FormField)))
        await stage.until(lambda: stage.app.focused is not None)
        yield stage


async def test_somebody_is_added_with_all_that_is_known_and_opened_and_gone_by_one_undo(nobody: World) -> None:
    async with form(nobody, "n") as stage:
        await stage.press(*"Amara", "space", *"Okafor")
        for name, text in (
            ("phones:0", "+49 30 901820"),
            ("phones:1", "+49 30 901821"),
            ("emails:0", "amara@okafor.example"),
            ("company", "Okafor"),
            ("tags", "vip, lagos"),
            ("language", "EN_ng"),
            ("new_attribute:0", "plan=gold"),
            ("new_attribute:1", "seats:number=4"),
            ("note", "on Fridays"),
            ("add_note", "shy"),
        ):
            await fill(stage, name, text)
        await go_to(stage, "owner")
        await stage.press("right")
        await stage.press("ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))
        await stage.until_shown("Amara Okafor added.")
        made = contact(nobody, 1)
        assert (made.name, made.company, made.language, made.owner) == ("Amara Okafor", "Okafor", "en-NG", "Kim")
        assert (made.emails, made.tags, made.note) == (("amara@okafor.example",), ("vip", "lagos"), "on Fridays")
        assert made.attributes == {"plan": "gold", "seats": "4"}
        assert {address for _, address in numbers(nobody, 1)} == {BERLIN, "+4930901821"}
        assert [note.text for note in nobody.store.call_read(notes.of_person, 1)] == ["shy"]
        await stage.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        await stage.press("u")
        await stage.until_shown("Undone: ")
        assert nobody.store.call_read(people.card, 1) is None


async def test_what_is_changed_is_saved_as_one_step_and_the_rest_stays(world: World) -> None:
    edit = PersonEdit(
        name="Ann Lee",
        add_phones=(ANN,),
        add_emails=("a@x.example", "b@x.example"),
        add_tags=("vip", "late"),
        attributes={"plan": "gold", "seats:number": "4", "member:yes/no": "no"},
        note="two\nlines",
    )
    ann = world.store.call(people_edit.create, "Noor", edit, None).contact.id
    world.store.call(notes.add, "Noor", ann, "old words")
    before = contact(world, ann)
    async with form(world, "E", (120, 40)) as stage:
        assert "Noor 17 Nov" in stage.text
        await clear(stage, "emails:0")
        await clear(stage, "tags")
        await fill(stage, "tags", "LATE, new")
        await clear(stage, "attributes:plan")
        await go_to(stage, "attributes:member")
        await stage.press("left")
        await go_to(stage, "notes:1")
        await stage.press("ctrl+u", *"new", "alt+enter", *"words")
        await go_to(stage, "blocked")
        assert "What blocked people write is kept" in stage.text
        await stage.press("right", "ctrl+s")
        await stage.until(lambda: stage.app.screen is stage.screen)
        after = contact(world, ann)
        assert (after.emails, after.tags) == (("b@x.example",), ("late", "new"))
        assert after.attributes == {"seats": "4", "member": "yes"}
        assert after.note == "two\nlines"
        assert after.blocked_at is not None
        assert [note.text for note in world.store.call_read(notes.of_person, ann)] == ["new\nwords"]
        await stage.press("u")
        await stage.until_shown("Undone: ")
        assert contact(world, ann) == before
        assert [note.text for note in world.store.call_read(notes.of_person, ann)] == ["old words"]


async def test_what_is_wrong_is_told_at_the_field_and_nothing_is_saved(world: World) -> None:
    ann = world.person()
    async with form(world, "E", (60, 20)) as stage:
        await fill(stage, "language", "gibberish!")
        await stage.until_shown("is not a language")
        await go_to(stage, "name")
        await stage.until(lambda: "is not a language" not in stage.text)
        await stage.press("ctrl+s")
        await stage.until_shown("is not a language")
        assert field(stage, "language").is_focused
        assert contact(world, ann).language == ""
        await clear(stage, "language")
        await fill(stage, "language", "de")
        await fill(stage, "new_attribute:0", "plan")
        await stage.until_shown("Write NAME=VALUE")
        await fill(stage, "new_attribute:0", "=gold")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert (contact(world, ann).language, contact(world, ann).attributes) == ("de", {"plan": "gold"})


async def test_a_number_of_somebody_else_is_never_doubled_and_leads_to_them(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", BERLIN)
    async with form(world, "n") as stage:
        await fill(stage, "phones:0", "+1 202 555 0142")
        await stage.until_shown("belongs to Ann Lee")
        assert "Open them" in stage.text
        assert "Merge with them" not in stage.text
        await stage.press("ctrl+s")
        await stage.until(lambda: field(stage, "phones:0").is_focused)
        assert isinstance(stage.app.screen, PersonForm)
        await stage.press("ctrl+o")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen) and stage.app.screen.shows(ann))
        await stage.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        await stage.until(lambda: stage.people.current is not None)
        await stage.press("g" if stage.row_of("Ben") < stage.row_of("Ann Lee") else "G")
        await stage.until(lambda: stage.people.current == ben)
        await stage.press("E")
        await stage.until(lambda: isinstance(stage.app.screen, PersonForm) and bool(stage.app.screen.query(FormField)))
        await fill(stage, "phones:1", "+1 202 555 0142")
        await stage.until_shown("Merge with them")
        await stage.pilot.click("#buttons CommandButton:last-of-type")
        await stage.until(lambda: isinstance(stage.app.screen, MergeScreen))
        assert len(world.store.call_read(people.search, "202555", 9).ids) == 1


async def test_going_back_asks_before_something_is_lost(world: World) -> None:
    ann = world.person()
    async with form(world, "E") as stage:
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        await stage.press("E")
        await stage.until(lambda: isinstance(stage.app.screen, PersonForm))
        await fill(stage, "company", "Lee Ltd")
        assert stage.app.screen.typed() == "Edit Ann Lee\nCompany: Lee Ltd"  # type: ignore[attr-defined]
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, PersonForm))
        assert field(stage, "company").value == "Lee Ltd"
        await stage.press("ctrl+q")
        await stage.until_shown("Not saved yet")
        await stage.press("escape", "y")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert contact(world, ann).company == ""


async def test_an_email_that_somebody_else_has_is_told_and_saved(world: World) -> None:
    world.store.call(people_edit.create, "Noor", PersonEdit(name="Ann", add_emails=("family@x.example",)), None)
    async with form(world, "n") as stage:
        await fill(stage, "emails:0", "family@x.example")
        await stage.until_shown("is also an email of Ann")
        await stage.press("ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen) and stage.app.screen.shows(2))
        added = "family@x.example added. alt+u undoes it. family@x.example is also an email of Ann (id 1)."
        await stage.until(lambda: added in " ".join(stage.text.split()))


async def test_a_click_goes_to_a_field_and_a_click_saves(world: World) -> None:
    ann = world.person()
    async with form(world, "E") as stage:
        await stage.pilot.click(field(stage, "company").query_one(".label"))
        await stage.until(lambda: field(stage, "company").is_focused)
        await stage.press(*"Lee")
        await stage.pilot.click("#buttons CommandButton:first-of-type")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert contact(world, ann).company == "Lee"


async def test_in_a_low_terminal_the_fields_scroll_and_the_way_out_stays_in_sight(nobody: World) -> None:
    nobody.person("Ann Lee")
    async with form(nobody, "E", size=(60, 20)) as stage:
        assert "ctrl+s save" in stage.text and "esc back" in stage.text
        last = stage.app.screen.query(FormField).last()
        assert last.field.label not in stage.text
        last.take_focus()
        await stage.until_shown(last.field.label)
        assert "ctrl+s save" in stage.text
