"""Private notes: they are shown in the thread and the timeline, undone by a key, and never sent."""

import pytest

from contacts_tui.domain.message import Direction
from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.screens.queue.note_dialog import NoteDialog
from contacts_tui.services import merging, notes, queue, threads
from contacts_tui.services.queue import Action, Kind
from contacts_tui.widgets.writing_area import WritingArea
from tests.services.world import World
from tests.ui.stage import Stage, opened

SECRET = "Owes us for two pots"


def kept(world: World, contact_id: int) -> list[str]:
    return [note.text for note in world.store.call_read(notes.of_person, contact_id)]


def sent(world: World, contact_id: int) -> list[str]:
    return [message.body for message in world.thread(contact_id) if message.direction is Direction.OUT]


async def note(stage: Stage, text: str, *keys: str) -> None:
    """Open the dialog for a note, type it, and press `keys`, or Enter without any."""
    await stage.pilot.press("ctrl+n")
    await stage.until(lambda: isinstance(stage.app.screen, NoteDialog))
    await stage.type(text)
    await stage.pilot.press(*keys or ("enter",))


async def test_a_note_stands_after_what_was_said_with_author_and_time_and_is_undone(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(minutes=5)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await note(stage, SECRET)
        await stage.until_shown("note · You · 12:05 · never sent")
        await stage.until_shown("Note kept. alt+u undoes it.")
        assert stage.text.index("Hello") < stage.text.index(SECRET)
        assert kept(world, ann) == [SECRET]
        world.clock.forward(minutes=1)
        world.hears(world.whatsapp, "Are you there?")
        await stage.until_shown("Are you there?")
        assert stage.text.index(SECRET) < stage.text.index("Are you there?")
        await stage.pilot.press("alt+u")
        await stage.until(lambda: SECRET not in stage.text)
        assert kept(world, ann) == []


@pytest.mark.parametrize("keys", [("enter",), ("ctrl+s",), ("escape",)])
async def test_no_key_of_the_note_sends_it_and_the_draft_below_stays(world: World, keys: tuple[str, ...]) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Dear Ann")
        await note(stage, SECRET, *keys)
        await stage.until(lambda: stage.app.screen is stage.screen)
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "Dear Ann"
        await stage.pilot.press("enter")
        await stage.until(lambda: sent(world, ann) != [])
        assert sent(world, ann) == ["Dear Ann"]
        await stage.pilot.press("enter", "ctrl+s", "f6", "escape")
        assert sent(world, ann) == ["Dear Ann"]
        assert kept(world, ann) == ([] if keys == ("escape",) else [SECRET])


async def test_what_was_begun_is_there_again_and_lines_break_by_their_keys(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        await note(stage, "first", "alt+enter")
        await stage.type("second")
        await stage.pilot.press("escape")
        await stage.until_shown("The note that you began is kept: ctrl+n goes on with it.")
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: isinstance(stage.app.screen, NoteDialog))
        assert stage.app.screen.query_one(WritingArea).text == "first\nsecond"
        await stage.pilot.press("enter")
        await stage.until(lambda: kept(world, ann) == ["first\nsecond"])


async def test_a_note_without_words_is_refused_in_words(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        await note(stage, "  ")
        await stage.until_shown("Write the note first.")
        assert kept(world, ann) == []


async def test_the_timeline_has_what_agents_did_and_the_conversation_only_notes(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.store.call(notes.add, "Noor", ann, SECRET)
    world.store.call(queue.apply, "Noor", [ann], Action(Kind.TAG, "vip"))
    done = world.store.call(queue.apply, "Sam", [ann], Action(Kind.ASSIGN, "Zed"))
    world.store.call(queue.undo, "Sam", done.batch)
    async with opened(world, ann) as stage:
        await stage.until_shown("note · Noor")
        assert "tagged vip" not in stage.text
        await stage.pilot.press("f5")
        await stage.until_shown("Noor: tagged vip")
        assert SECRET in stage.text
        assert "Zed" not in stage.text, "what was undone is not told"


def test_the_timeline_tells_of_each_kind_once_and_no_more_of_what_was_undone(world: World) -> None:
    ann, other = world.person(), world.person("Ann L.", "+12025550188")
    do = world.store.call
    for action in (
        Action(Kind.ASSIGN, "Noor"),
        Action(Kind.TAG, "vip"),
        Action(Kind.SNOOZE, snooze=Snooze(Wake.REPLY, None)),
        Action(Kind.CLOSE),
    ):
        do(queue.apply, "Noor", [ann], action)
    do(notes.add, "Noor", ann, SECRET)
    merge = do(merging.merge, ann, other, author="Noor")
    world.clock.forward(minutes=1)
    world.hears(world.shop, "STOP")
    told = world.store.call_read(threads.remarks, ann, with_deeds=True)
    for words in ("assigned to Noor", "tagged vip", "snoozed", "closed", SECRET, "Ann L. was merged into Ann Lee"):
        assert [remark.author for remark in told if words in remark.words] == ["Noor"], words
    assert [remark.words for remark in told if remark.author == "Ann Lee"] == ["opted out of SMS at +12025550142"]
    assert list(told) == sorted(told, key=lambda remark: remark.at)
    do(merging.undo, merge.id, author="Noor")
    assert not any("merged" in remark.words for remark in world.store.call_read(threads.remarks, ann, with_deeds=True))


async def test_notes_stand_where_nothing_was_said_and_hostile_words_are_cleaned(world: World) -> None:
    ann = world.person()
    world.store.call(notes.add, "No\x1b]0;or", ann, "[red]\x1b[2J[/]")
    async with opened(world, ann) as stage:
        await stage.until_shown("[red]\ufffd[2J[/]")
        await stage.until_shown("note · No\ufffd]0;or")
