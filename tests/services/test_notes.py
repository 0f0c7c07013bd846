"""Notes on people: who wrote what and when, edited, removed, and each of these undone."""

import pytest

from contacts_tui.domain.note import Note
from contacts_tui.services import merging, notes, queue
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import change_feed
from tests.services.world import START, World

KIM, NOOR = "Kim", "Noor"


def listed(world: World, contact_id: int) -> list[tuple[str, str]]:
    return [(note.author, note.text) for note in world.store.call_read(notes.of_person, contact_id)]


def added(world: World, contact_id: int, text: str, agent: str = KIM) -> Note:
    return world.store.call(notes.add, agent, contact_id, text)[0]


def test_a_note_has_its_author_its_time_and_its_place(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550177")
    first = added(world, ann, "  likes blue \n")
    world.clock.forward(hours=1)
    added(world, ann, "collects on Fridays", NOOR)
    assert (first.at, first.edited_at, first.text) == (START, None, "likes blue")
    assert listed(world, ann) == [(KIM, "likes blue"), (NOOR, "collects on Fridays")]
    assert listed(world, ben) == []


def test_an_edit_keeps_author_and_time_and_says_when(world: World) -> None:
    note = added(world, world.person(), "likes blue")
    world.clock.forward(hours=1)
    after, done = world.store.call(notes.edit, NOOR, note.id, "likes green")
    assert (after.author, after.at, after.edited_at) == (KIM, START, world.clock())
    assert done.words == "note on Ann Lee edited"
    again, nothing = world.store.call(notes.edit, NOOR, note.id, "likes green")
    assert (again, nothing.batch) == (after, 0)


def test_each_is_undone_in_turn(world: World) -> None:
    ann = world.person()
    note = added(world, ann, "likes blue")
    world.clock.forward(hours=1)
    edited, _ = world.store.call(notes.edit, KIM, note.id, "likes green")
    world.store.call(notes.remove, KIM, note.id)
    assert listed(world, ann) == []
    assert world.store.call(queue.undo, KIM).words == "undone: note on Ann Lee removed"
    assert world.store.call_read(notes.of_person, ann) == (edited,)
    world.store.call(queue.undo, KIM)
    assert world.store.call_read(notes.of_person, ann) == (note,)
    world.store.call(queue.undo, KIM)
    assert listed(world, ann) == []


def test_an_undo_leaves_a_note_that_somebody_changed_since(world: World) -> None:
    ann = world.person()
    note = added(world, ann, "likes blue")
    world.store.call(notes.edit, NOOR, note.id, "likes green")
    assert "changed since" in world.store.call(queue.undo, KIM).words
    assert listed(world, ann) == [(KIM, "likes green")]


def test_the_number_of_a_removed_note_is_not_given_again(world: World) -> None:
    ann = world.person()
    gone = added(world, ann, "one")
    world.store.call(notes.remove, KIM, gone.id)
    assert added(world, ann, "two").id != gone.id
    world.store.call(queue.undo, KIM)
    assert world.store.call(queue.undo, KIM).words == "undone: note on Ann Lee removed"
    assert listed(world, ann) == [(KIM, "one")]


def test_a_note_written_since_a_merge_stays_when_that_is_undone(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550177")
    added(world, ben, "of Ben")
    entry = world.store.call(merging.merge, ann, ben, author=KIM)
    added(world, ann, "of both")
    assert listed(world, ann) == [(KIM, "of Ben"), (KIM, "of both")]
    world.store.call(merging.undo, entry.id, author=KIM)
    assert (listed(world, ann), listed(world, ben)) == ([(KIM, "of both")], [(KIM, "of Ben")])


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * (notes.LONGEST + 1)])
def test_a_note_has_words_and_an_end(world: World, text: str) -> None:
    with pytest.raises(BadInput, match="a note"):
        added(world, world.person(), text)


def test_nobody_and_nothing_are_told(world: World) -> None:
    with pytest.raises(NotFound, match="no person"):
        added(world, 77, "words")
    with pytest.raises(NotFound, match="no note"):
        world.store.call(notes.remove, KIM, 77)


def test_whoever_follows_the_feed_is_told(world: World) -> None:
    ann = world.person()
    newest = world.store.call_read(lambda session, _: change_feed.latest(session))
    added(world, ann, "likes blue")
    told = world.store.call_read(lambda session, _: change_feed.since(session, newest, 100))
    assert [change.contact_id for change in told] == [ann]
