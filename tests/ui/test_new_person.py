"""A new person from a search that found no one: a number is written to at once, anything else fills the form."""

from contacts_tui.app import ContactsApp
from contacts_tui.domain.channel import Channel
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.contact.route_picker import RoutePicker
from contacts_tui.screens.person.person_form import PersonForm
from contacts_tui.screens.session import UnstoredDraft
from contacts_tui.services import people
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.form_field import FormField
from tests.services.world import ANN, World
from tests.ui.people_stage import PeopleStage, people_opened

NUMBER = "+49 1512 3456789"
E164 = "+4915123456789"


def writing(stage: PeopleStage, contact_id: int) -> bool:
    """Return whether the focus is in the composer of this person."""
    screen = stage.app.screen
    return isinstance(screen, ContactScreen) and screen.shows(contact_id) and isinstance(stage.app.focused, Composer)


async def search(stage: PeopleStage, text: str) -> None:
    """Type into the search field."""
    await stage.press("slash", *("space" if char == " " else char for char in text))


async def test_a_number_that_is_not_known_becomes_a_person_to_write_to(world: World) -> None:
    async with people_opened(world) as stage:
        await search(stage, NUMBER)
        await stage.until_shown(f"{NUMBER} isn't known. ⏎ adds it and starts a conversation. esc clears the search.")
        await stage.press("enter")
        await stage.until(lambda: writing(stage, 1))
        assert stage.app.screen.query_one(Composer).channel is Channel.SMS
        await stage.until_shown(f"{NUMBER} added.")
        card = world.store.call_read(people.card, 1)
        assert card is not None
        assert {one.address for one in card.identities} == {E164}
        await stage.press(*"Hello", "enter")
        await stage.until(lambda: len(world.thread(1)) == 1)
        assert world.thread(1)[0].body == "Hello"


async def test_undoing_the_adding_of_a_person_goes_back_to_people(world: World) -> None:
    async with people_opened(world) as stage:
        await search(stage, NUMBER)
        await stage.press("enter")
        await stage.until(lambda: writing(stage, 1))
        await stage.until_shown(f"{NUMBER} added. alt+u undoes it.")
        await stage.press("alt+u")
        await stage.until(lambda: stage.app.screen is stage.screen)
        await stage.until_shown(f"Undone: {NUMBER} added.")
        assert world.store.call_read(people.card, 1) is None


async def test_text_that_is_typed_for_a_person_who_is_gone_stays_in_sight(world: World) -> None:
    async with people_opened(world) as stage:
        await search(stage, NUMBER)
        await stage.press("enter")
        await stage.until(lambda: writing(stage, 1))
        await stage.press(*"Hello", "alt+u")
        await stage.until_shown("This person is no longer in the store. esc goes back.")
        await stage.until_shown("Hello")
        await stage.press("!", "escape", "escape")
        await stage.until_shown("the address it was for is no longer in the store: copy the text")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)


async def test_enter_right_behind_a_number_that_the_search_missed_opens_whose_it_is(world: World) -> None:
    ann = world.person("Ann Lee", E164)
    async with people_opened(world) as stage:
        stage.app.session.region = "DE"
        await search(stage, "01512 3456789")
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen) and stage.app.screen.shows(ann))
        assert len(world.store.call_read(people.search, "3456789", 9).ids) == 1


async def test_with_several_senders_it_asks_from_which(world: World) -> None:
    world.inbox("Second shop", Channel.SMS, "+12025550199")
    async with people_opened(world) as stage:
        await search(stage, NUMBER)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, RoutePicker))
        await stage.press("enter")
        await stage.until(lambda: writing(stage, 1))


async def test_an_email_a_name_and_a_number_that_lacks_something_fill_the_form(world: World) -> None:
    for typed, of, said in (
        ("zoe@x.example", "emails:0", "⏎ adds a person with this address."),
        ("Zoe Quill", "name", "⏎ adds a person with this name."),
        ("030 901820", "phones:0", "⏎ adds a person with this number."),
    ):
        async with people_opened(world, size=(120, 40)) as stage:
            await search(stage, typed)
            await stage.until_shown(said)
            await stage.press("enter")
            await stage.until(lambda: isinstance(stage.app.screen, PersonForm))
            await stage.until(lambda: bool(stage.app.screen.query(FormField)) and stage.app.focused is not None)
            shown = next(one for one in stage.app.screen.query(FormField) if one.field.id == of)
            assert shown.value == typed
            assert shown.is_focused


async def test_the_palette_adds_a_number_too(world: World) -> None:
    world.person("Ben", ANN)
    async with people_opened(world) as stage:
        assert isinstance(stage.app, ContactsApp)
        await stage.press("colon")
        await stage.press(*NUMBER.replace(" ", ""))
        await stage.until_shown(f"Add {NUMBER}")
        await stage.press("enter", "enter")
        await stage.until(lambda: writing(stage, 2))


async def test_a_draft_to_an_address_that_is_gone_holds_up_no_other(world: World) -> None:
    world.person()
    world.hears(world.shop, "is it ready?")
    async with people_opened(world) as stage:
        session = stage.app.session
        session.unstored_drafts[99, world.shop.id] = UnstoredDraft("Hello", None, "to nobody")
        identity = world.identity(1, Channel.SMS)
        session.unstored_drafts[identity.id, world.shop.id] = UnstoredDraft("Almost", None, "to Ann")
        await stage.press("enter")
        await stage.until(lambda: writing(stage, 1))
        await stage.until(lambda: stage.app.screen.query_one(Composer).text == "Almost")
        assert list(session.unstored_drafts) == [(99, world.shop.id)]
