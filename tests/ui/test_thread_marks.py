"""Text of the thread under the mouse: what a drag selects, what is copied of it, and what a click then doesn't do."""

from pathlib import Path

import pytest
from textual.events import MouseMove
from textual.widget import Widget

from contacts_tui.domain.cells import text_width
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.services import messaging
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.people_list import PeopleList
from contacts_tui.widgets.plain_text import Plain
from tests.services.world import World
from tests.ui.stage import Stage, opened

LONG = "The order 4711 was sent on Monday, with the green one; the blue one follows as soon as it is there again."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def cell_of(stage: Stage, widget: Widget, words: str, *, last: bool = False) -> tuple[int, int]:
    """Return the cell of the first or the last character of these words, from the top left of the widget."""
    for y, line in enumerate(stage.text.split("\n")):
        x = line.find(words)
        if x >= 0 and widget.region.contains(text_width(line[:x]), y):
            cells = text_width(line[: x + len(words)]) - 1 if last else text_width(line[:x])
            return cells - widget.region.x, y - widget.region.y
    raise AssertionError(f"{words!r} is not in {widget}:\n{stage.text}")


async def drag(stage: Stage, widget: Widget, begin: tuple[int, int], end: tuple[int, int]) -> None:
    """Press the left button, move the mouse, and release the button."""
    await stage.pilot.mouse_down(widget, offset=begin)
    for place in ((begin[0] + 1, begin[1]), end):
        await stage.pilot._post_mouse_events([MouseMove], widget=widget, offset=place, button=1)
    await stage.pilot.mouse_up(widget, offset=end)


async def mark(stage: Stage, first: str, last: str) -> None:
    """Select in the thread from the first character of some words to the last of others, which may come before."""
    thread = stage.thread
    await drag(stage, thread, cell_of(stage, thread, first), cell_of(stage, thread, last, last=True))


async def copied(stage: Stage, first: str, last: str) -> str:
    """Drag from these words to those, and return what ctrl+c has copied."""
    await mark(stage, first, last)
    await stage.pilot.press("ctrl+c")
    await stage.until_shown("Copied: ")
    return stage.app.clipboard


@pytest.mark.parametrize(
    ("text", "first", "last", "wanted"),
    [
        ("Is the blue one back in stock?", "blue", "one", "blue one"),
        ("Is the blue one back in stock?", "stock", "the", "e blue one back in s"),
        (LONG, "4711", "follows", LONG[LONG.index("4711") : LONG.index("follows") + 7]),
        ("在庫はありますか、青いのが欲しいです", "庫", "青", "庫はありますか、青"),
        ("Family 👨‍👩‍👧‍👦 of four 🇩🇪 ok", "of", "🇩🇪", "of four 🇩🇪"),
        ("क्षत्रिय नमस्ते", "क्षत्रिय", "नमस्ते", "क्षत्रिय नमस्ते"),
        ("cafe\u0301 au lait", "cafe\u0301", "cafe\u0301", "cafe\u0301"),
        ("one\n\ntwo\tthree", "one", "three", "one\n\ntwo\tthree"),
        ("danger\u202egnp.exe", "danger", "exe", "danger\ufffdgnp.exe"),
    ],
)
async def test_words_are_copied_as_they_were_written(
    world: World, text: str, first: str, last: str, wanted: str
) -> None:
    ann = world.person()
    world.hears(world.whatsapp, text)
    async with opened(world, ann) as stage:
        await stage.until_shown(first)
        assert await copied(stage, first, last) == wanted


async def test_a_drag_over_bubbles_copies_the_words_of_both_people_and_nothing_else(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Is it there?\nThe green one")
    world.send(ann, world.whatsapp, LONG)
    world.hears(world.whatsapp, "Thank you")
    async with opened(world, ann) as stage:
        await stage.until_shown("Thank you")
        whole = f"green one\n{LONG}\nThank"
        assert await copied(stage, "green", "Thank") == whole
        assert await copied(stage, "Thank", "green one") == f"e\n{LONG}\nT"


async def test_a_mark_stays_with_its_words_when_others_come(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "The first words")
    async with opened(world, ann) as stage:
        await stage.until_shown("The first words")
        await mark(stage, "first", "words")
        for number in range(30):
            world.hears(world.whatsapp, f"more of it {number}")
        await stage.until_shown("more of it 29")
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: stage.app.clipboard == "first words")


async def test_ctrl_c_never_empties_the_clipboard(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_shown("Hello")
        stage.app.copy_to_clipboard("kept")
        thread = stage.thread
        x, y = cell_of(stage, thread, "Hello")
        await drag(stage, thread, (x + 20, y + 1), (x + 30, y + 2))
        await stage.pilot.press("ctrl+c")
        await stage.until_shown("Press ctrl+c again")
        assert stage.app.clipboard == "kept"


async def test_a_drag_is_no_click_and_a_click_ends_the_mark(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello there")
    async with opened(world, ann) as stage:
        await stage.until_shown("Hello there")
        thread = stage.thread
        await stage.pilot.click(thread, offset=cell_of(stage, thread, "Hello"))
        await mark(stage, "Hello", "there")
        assert thread.marked_text == "Hello there"
        assert isinstance(stage.app.screen, ContactScreen)
        await stage.pilot.mouse_down(thread, offset=cell_of(stage, thread, "Hello"))
        assert thread.marked_text == ""


async def test_the_mouse_held_above_the_thread_scrolls_on(world: World) -> None:
    ann = world.person()
    for number in range(60):
        world.hears(world.whatsapp, f"message {number}")
    world.store.call(messaging.mark_read, world.thread(ann)[-1].conversation_id)
    async with opened(world, ann) as stage:
        await stage.until_shown("message 59")
        thread = stage.thread
        await stage.pilot.press("escape", "end")
        begin = cell_of(stage, thread, "message 59", last=True)
        await stage.pilot.mouse_down(thread, offset=begin)
        for place in ((begin[0] - 1, begin[1] + thread.region.y), (4, 0)):
            await stage.pilot._post_mouse_events([MouseMove], offset=place, button=1)
        await stage.until(lambda: "message 40" in thread.marked_text)
        await stage.pilot.mouse_up(offset=(4, 0))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: stage.app.clipboard.endswith("message 58\nmessage 59"))


async def test_a_key_copies_the_selected_message_alone(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "The first")
    world.hears(world.whatsapp, f"{LONG}\nBye")
    async with opened(world, ann) as stage:
        await stage.until_shown("Bye")
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("c")
        await stage.until(lambda: stage.app.clipboard == f"{LONG}\nBye")
        await stage.pilot.press("up", "c")
        await stage.until(lambda: stage.app.clipboard == "The first")


async def test_the_cards_addresses_are_marked_by_the_mouse_and_copied_by_a_key(world: World) -> None:
    ann = world.person("Ann Lee", "+12025550111", "+12025550122")
    world.hears(world.whatsapp, "Hello", "+12025550111")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_shown("Hello")
        who = stage.screen.query_one(ActivityCard).query_one("#who", Plain)
        begin = cell_of(stage, who, "+1 202 555 0111")
        await drag(stage, who, begin, (begin[0] + 15, begin[1]))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: stage.app.clipboard.strip() == "+1 202 555 0111")
        await stage.pilot.press("escape", "C")
        await stage.until_shown("Copy an address")
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.app.clipboard == "+1 202 555 0122")


async def test_a_drag_over_the_preview_card_marks_and_opens_nobody(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann, size=(200, 40)) as stage:
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: bool(stage.app.screen.query("ContactPreview #who")))
        await stage.until_shown("owner")
        who = stage.app.screen.query_one("ContactPreview #who", Plain)
        begin = cell_of(stage, who, "owner")
        await drag(stage, who, begin, (begin[0] + 8, begin[1]))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: stage.app.clipboard.startswith("owner"))
        assert stage.app.screen.query(PeopleList)
