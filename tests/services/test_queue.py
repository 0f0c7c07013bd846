"""The queue: a person is one entry; who waits, is snoozed or closed; and every action can be undone."""

from datetime import timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.domain.urgency import AnswerTarget, QueueEntry, State
from contacts_tui.domain.working_hours import parse
from contacts_tui.services import merging, queue
from contacts_tui.services.errors import NotFound
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store import contacts, journal, messages
from tests.services.world import START, World

NOOR = "Noor"
CLOSE = Action(Kind.CLOSE)


def entry(world: World, contact_id: int) -> QueueEntry:
    found = world.store.call_read(queue.entry, contact_id)
    assert found is not None
    return found


def apply(world: World, action: Action, *ids: int, agent: str = NOOR) -> queue.Done:
    return world.store.call(queue.apply, agent, ids, action)


def test_a_person_never_spoken_to_is_not_in_the_queue(world: World) -> None:
    ann = world.person()
    assert world.store.call_read(queue.entry, ann) is None


def test_a_message_waits_since_the_first_one_and_by_the_providers_time(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "one")
    first = START
    world.clock.forward(minutes=5)
    world.hears(world.whatsapp, "two")
    found = entry(world, ann)
    assert (found.state, found.waiting_since) == (State.OPEN, first)
    assert found.deadline == first + timedelta(hours=1), "the answer's target ends before the window"
    assert len(world.store.call_read(queue.entries, [ann])) == 1


def test_the_window_is_the_deadline_where_it_ends_first(world: World) -> None:
    ann = world.person()
    world.store.call(queue.set_target, "Kim", world.whatsapp.id, AnswerTarget(None, parse("", "")))
    world.hears(world.whatsapp, "hello")
    assert entry(world, ann).deadline == START + timedelta(hours=24) - timedelta(minutes=2)


def test_working_hours_move_the_deadline(world: World) -> None:
    ann = world.person()
    hours = parse("wed 9-10", "UTC")
    world.store.call(queue.set_target, "Kim", world.shop.id, AnswerTarget(timedelta(minutes=30), hours))
    world.hears(world.shop, "hello")
    assert entry(world, ann).deadline == START.replace(day=18, hour=9, minute=30)
    assert world.store.call_read(queue.target, world.shop.id) == AnswerTarget(timedelta(minutes=30), hours)


def test_an_inbox_without_a_target_of_its_own_has_the_one_that_is_configured(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550177")
    world.store.call(queue.set_target, "Kim", world.whatsapp.id, AnswerTarget(None, parse("", "")))
    world.store.call(queue.configure_target, "Kim", "30m", "", "")
    world.store.call(queue.configure_target, "Kim", "", "wed 9-10", "")
    world.store.call(queue.configure_target, "Kim", "", "", "Europe/Berlin")
    world.hears(world.shop, "hello")
    assert entry(world, ann).deadline == START.replace(day=18, hour=8, minute=30)
    assert world.store.call_read(queue.target, world.whatsapp.id).within is None
    world.store.call(queue.configure_target, "Kim", "", "always", "")
    assert entry(world, ann).deadline == START.replace(day=18, hour=8, minute=30), (
        "who waits already is measured as before"
    )
    world.store.call(queue.set_target, "Kim", world.whatsapp.id, None)
    world.hears(world.whatsapp, "hello", sender="+12025550177")
    assert entry(world, ben).deadline == START + timedelta(minutes=30)


def test_an_answer_ends_waiting_and_a_failed_one_does_not(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    sent = world.send(ann, world.shop, "hi")
    assert entry(world, ann).waiting_since is None
    assert entry(world, ann).state is State.OPEN
    world.store.call(messages.set_status, sent.id, Delivery.FAILED, code="30003")
    assert entry(world, ann).waiting_since == START


def test_a_new_message_opens_who_was_closed_and_wakes_who_slept(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    world.send(ann, world.shop, "hi")
    for action in (CLOSE, Action(Kind.SNOOZE, snooze=Snooze(Wake.REPLY, None))):
        apply(world, action, ann)
        assert entry(world, ann).state is not State.OPEN
        world.clock.forward(minutes=1)
        world.hears(world.shop, "again")
        found = entry(world, ann)
        assert (found.state, found.wake, found.waiting_since) == (State.OPEN, None, world.clock())
        world.send(ann, world.shop, "yes")


def test_closing_somebody_who_waits_is_told_before(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    assert world.store.call_read(queue.preview, [ann], CLOSE).waiting == (ann,)
    world.send(ann, world.shop, "hi")
    assert world.store.call_read(queue.preview, [ann], CLOSE).waiting == ()


def test_a_snooze_ends_at_its_time_once(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    until = START + timedelta(hours=1)
    apply(world, Action(Kind.SNOOZE, snooze=Snooze(Wake.AT, until)), ann)
    assert entry(world, ann).wake_at == until
    assert world.store.call(queue.wake) == ()
    world.clock.forward(hours=1)
    assert world.store.call(queue.wake) == (ann,)
    assert entry(world, ann).state is State.OPEN
    assert world.store.call(queue.wake) == ()


def test_a_snooze_of_a_clock_that_was_set_back_is_over(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    apply(world, Action(Kind.SNOOZE, snooze=Snooze(Wake.AT, START + timedelta(days=300))), ann)
    world.clock.forward(days=-200)
    assert world.store.call(queue.wake) == (ann,)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action(Kind.ASSIGN, "Noor"), "assigned to Noor"),
        (Action(Kind.TAG, "vip"), "tagged vip"),
        (CLOSE, "closed"),
        (Action(Kind.SNOOZE, snooze=Snooze(Wake.AT, START + timedelta(hours=1))), "snoozed"),
    ],
)
def test_every_action_is_written_down_and_can_be_undone(world: World, action: Action, words: str) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    before = (entry(world, ann), _contact(world, ann))
    done = apply(world, action, ann)
    assert done.words == f"Ann Lee {words}"
    assert (entry(world, ann), _contact(world, ann)) != before
    undone = world.store.call(queue.undo, NOOR)
    assert undone.words == f"undone: Ann Lee {words}"
    assert (entry(world, ann), _contact(world, ann)) == before
    (written,) = world.store.call_read(lambda session, _: journal.latest(session, 10))
    assert (written.agent, written.action, written.contact_id) == (NOOR, action.kind, ann)
    assert (written.at, written.undone_by) == (START, NOOR)
    with pytest.raises(NotFound, match="nothing to undo"):
        world.store.call(queue.undo, NOOR)


def test_what_is_so_already_is_no_step(world: World) -> None:
    ann = world.person()
    apply(world, Action(Kind.TAG, "VIP"), ann)
    assert apply(world, Action(Kind.TAG, "vip"), ann).contact_ids == ()
    assert world.store.call(queue.undo, NOOR).words == "undone: Ann Lee tagged VIP"
    for action, words in (
        (Action(Kind.UNTAG, "vip"), "without the tag vip already"),
        (Action(Kind.ASSIGN), "unassigned already"),
        (CLOSE, "closed already"),
    ):
        assert apply(world, action, ann).words == f"nothing to do: {words}"
    apply(world, Action(Kind.ASSIGN, NOOR), ann)
    assert apply(world, Action(Kind.ASSIGN, NOOR), ann).words == "nothing to do: assigned to you already"


def test_one_undo_takes_back_a_whole_batch_but_what_changed_since(world: World) -> None:
    people = [world.person(f"Person {place}", f"+1202555{place:04}") for place in range(5)]
    done = apply(world, Action(Kind.ASSIGN, "Noor"), *people)
    assert done.words == "5 people assigned to Noor"
    apply(world, Action(Kind.ASSIGN, "Kim"), people[0], agent="Kim")
    undone = world.store.call(queue.undo, NOOR, done.batch)
    assert undone.words == "undone: 4 people assigned to Noor; 1 person has changed since and stayed as they are"
    assert [_contact(world, each).owner for each in people] == ["Kim", "", "", "", ""]


def test_several_steps_are_undone_one_by_one_and_only_ones_own(world: World) -> None:
    ann = world.person()
    for tag in ("a", "b"):
        apply(world, Action(Kind.TAG, tag), ann)
    apply(world, Action(Kind.ASSIGN, "Kim"), ann, agent="Kim")
    world.store.call(queue.undo, NOOR)
    assert _contact(world, ann).tags == ("a",)
    world.store.call(queue.undo, NOOR)
    assert (_contact(world, ann).tags, _contact(world, ann).owner) == ((), "Kim")


def test_merging_joins_states_and_an_undo_parts_them(world: World) -> None:
    ann, anne = world.person(), world.person("Anne", "+12025550143")
    world.hears(world.shop, "hello", "+12025550143")
    world.clock.forward(minutes=10)
    world.hears(world.shop, "me too")
    apply(world, CLOSE, ann)
    before = (entry(world, ann), entry(world, anne))
    merged = world.store.call(merging.merge, ann, anne, author=NOOR)
    joined = entry(world, ann)
    assert (joined.state, joined.waiting_since) == (State.OPEN, START), "open wins, the earliest waiting counts"
    assert world.store.call_read(queue.entry, anne) is None
    world.store.call(merging.undo, merged.id, author=NOOR)
    assert (entry(world, ann), entry(world, anne)) == before


def test_a_split_leaves_each_with_what_waits_for_them(world: World) -> None:
    ann = world.person()
    page = world.inbox("Page", Channel.MESSENGER, "102030405060708", options={"app_secret": "env:APP_SECRET"})
    identity = world.store.call(contacts.add_identity, ann, Channel.MESSENGER, "5461000000000001", page.id)
    world.hears(world.shop, "by sms")
    world.clock.forward(minutes=1)
    world.hears(page, "by messenger", "5461000000000001")
    moved = world.store.call(merging.split, identity.id, author=NOOR)
    assert entry(world, ann).waiting_since == START
    assert entry(world, moved.other_id).waiting_since == world.clock()
    world.store.call(merging.undo, moved.id, author=NOOR)
    assert entry(world, ann).waiting_since == START


def test_an_unknown_person_is_said(world: World) -> None:
    with pytest.raises(NotFound, match="id 99"):
        apply(world, CLOSE, 99)


def _contact(world: World, contact_id: int) -> Contact:
    found = world.store.call_read(lambda session, _: contacts.get(session, contact_id))
    assert found is not None
    return found


def test_an_action_on_very_many_is_undone_as_a_whole(world: World) -> None:
    crowd = [world.person(f"P {place}", f"+1202556{place:04d}") for place in range(queue.UNDONE_AT_ONCE + 5)]
    for at_once in (True, False):
        apply(world, Action(Kind.TAG, "vip"), *crowd)
        done = world.store.call(queue.undo, NOOR) if at_once else queue.undo_whole(world.store, NOOR)
        assert done.words == f"undone: {len(crowd)} people tagged vip"
        tags = world.store.call_read(lambda session, _: contacts.by_ids(session, crowd))
        assert not any(contact.tags for contact in tags.values())


def test_a_long_action_goes_on_in_steps_and_one_undo_is_for_all(world: World) -> None:
    ids = [world.person(f"Person {place}", f"+1202555{1000 + place}") for place in range(5)]
    mine = Action(Kind.ASSIGN, "Kim")
    first = apply(world, mine, *ids[:2])
    second = world.store.call(queue.apply, NOOR, ids[2:], mine, first.batch)
    assert second.batch == first.batch
    assert {step.batch for step in world.store.call_read(queue.written, "Kim", 9)} == {first.batch}
    assert list(world.store.call(queue.undo, NOOR).contact_ids) == ids


def test_of_several_people_those_who_are_gone_are_left_out(world: World) -> None:
    ann = world.person()
    assert apply(world, Action(Kind.TAG, "vip"), ann, 999).contact_ids == (ann,)
    with pytest.raises(NotFound):
        apply(world, Action(Kind.TAG, "vip"), 999)


def test_what_an_action_hurts_is_known_before(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550143")
    world.hears(world.shop, "hello")
    apply(world, Action(Kind.ASSIGN, "Sam"), ann)

    def affected(action: Action, agent: str) -> tuple[int, int]:
        found = world.store.call_read(queue.affected, [ann, ben], action, agent)
        return found.waiting, found.of_others

    assert affected(CLOSE, NOOR) == (1, 0)
    assert affected(Action(Kind.ASSIGN, NOOR), NOOR) == (0, 1)
    assert affected(Action(Kind.ASSIGN, "Sam"), "Sam") == (0, 0)
