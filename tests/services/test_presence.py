"""Who has a person open: told by each process, seen by the others, and over by itself."""

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from contacts_tui.domain.clock import SKEW, Clock
from contacts_tui.domain.presence import Presence
from contacts_tui.services import forgetting, presence
from contacts_tui.services.presence import LASTS
from contacts_tui.store import change_feed, deadline
from contacts_tui.store.errors import StoreBusy
from contacts_tui.store.process_tables import PresenceRow
from tests.other_program import locked
from tests.patience import LIMIT
from tests.services.world import World


def noor(contact_id: int, *, is_writing: bool = False) -> Presence:
    return Presence("noor's", "Noor", contact_id, is_writing)


def others(world: World) -> tuple[Presence, ...]:
    return world.store.call_read(presence.others, "kim's")


def rows(session: Session, _: Clock) -> int:
    return session.exec(select(func.count()).select_from(PresenceRow)).one()


def test_a_program_is_seen_by_the_others_until_it_leaves(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550143")
    for here in (noor(ann), noor(ann, is_writing=True), noor(ben)):
        world.store.call_lockless(presence.show, here)
        assert others(world) == (here,)
        assert world.store.call_read(presence.others, "noor's") == ()
    world.store.call_lockless(presence.leave, "noor's")
    assert others(world) == ()
    assert world.store.call_read(rows) == 0


def test_one_that_was_killed_runs_out_and_is_swept_by_the_next(world: World) -> None:
    ann = world.person()
    world.store.call_lockless(presence.show, noor(ann))
    world.clock.forward(seconds=LASTS.total_seconds() - 0.1)
    assert others(world) == (noor(ann),)
    world.clock.forward(seconds=0.1)
    assert others(world) == ()
    world.store.call_lockless(presence.show, Presence("kim's", "Kim", ann, is_writing=False))
    assert world.store.call_read(rows) == 1


def test_one_that_says_so_again_stays(world: World) -> None:
    ann = world.person()
    for tell in (presence.show, presence.renew, presence.renew):
        world.store.call_lockless(tell, noor(ann))
        world.clock.forward(seconds=LASTS.total_seconds() - 0.1)
    assert others(world) == (noor(ann),)


def test_a_clock_that_was_set_back_keeps_nobody_there(world: World) -> None:
    world.store.call_lockless(presence.show, noor(world.person()))
    world.clock.forward(seconds=-(SKEW.total_seconds() + 1))
    assert others(world) == ()


@pytest.mark.parametrize("is_writing", [False, True])
def test_it_never_stands_in_the_change_feed(world: World, is_writing: bool) -> None:
    ann = world.person()
    before = world.store.call_read(lambda session, _: change_feed.latest(session))
    world.store.call_lockless(presence.show, noor(ann, is_writing=is_writing))
    world.store.call_lockless(presence.leave, "noor's")
    assert world.store.call_read(lambda session, _: change_feed.latest(session)) == before


def test_who_is_forgotten_is_open_nowhere(world: World) -> None:
    ann = world.person()
    world.store.call_lockless(presence.show, noor(ann))
    forgetting.forget(world.store, "Kim", ann)
    assert world.store.call_read(rows) == 0


@pytest.mark.engine("postgresql")
def test_on_a_server_it_waits_for_nobody_who_writes(world: World) -> None:
    ann = world.person()
    world.store.call_lockless(presence.show, noor(ann))
    with locked(world.location), deadline.within(LIMIT):
        world.store.call_lockless(presence.show, noor(ann, is_writing=True))
        assert others(world) == (noor(ann, is_writing=True),)
        with deadline.within(0.1), pytest.raises(StoreBusy):
            world.store.call(presence.leave, "noor's")
