"""The plan of an attack is made of its seed alone, and has some of everything; so have forgeries."""

import random
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from contacts_tui.channels.timeouts import READ_TIMEOUT
from contacts_tui.domain.channel import Channel
from contacts_tui.store.outbox import LEASE
from contacts_tui.store.store import Store
from tests.torture.attack_plan import KINDS, make
from tests.torture.forgeries import forgeries
from tests.torture.scene import Scene
from tests.torture.steps import (
    AGENTS,
    WORKERS,
    Day,
    Disturb,
    Hear,
    Line,
    Move,
    Replace,
    Send,
    Stop,
    Type,
    Way,
    Week,
    messages_in,
)


def test_the_same_seed_makes_the_same_plan() -> None:
    assert make(7, 300) == make(7, 300)
    assert make(7, 300) != make(8, 300)


def test_a_plan_has_some_of_everything_and_leaves_the_clock_alone() -> None:
    steps = make(3, 2000).steps
    kinds = Counter(type(step) for step in steps)
    assert all(kinds[kind] >= 6 for kind in KINDS)
    assert not kinds[Day] + kinds[Week] + kinds[Move] + kinds[Type]
    beside = sum(messages_in(step) for step in steps if isinstance(step, Replace))
    assert sum(map(messages_in, steps)) == 2000 + beside
    channels = Counter((type(step), step.person.channel) for step in steps if isinstance(step, (Send, Hear)))
    assert all(channels[kind, channel] > 100 for kind in (Send, Hear) for channel in Channel)


def test_connections_suffer_both_ways_at_both_ends_and_processes_stand_still_for_longer_than_a_lease() -> None:
    steps = make(3, 2000).steps
    disturbed = Counter((step.line, step.way, bool(step.seconds)) for step in steps if isinstance(step, Disturb))
    assert all(disturbed[line, way, held] >= 10 for line in Line for way in Way for held in (False, True))
    assert any(step.seconds > READ_TIMEOUT for step in steps if isinstance(step, Disturb))
    stopped = [step for step in steps if isinstance(step, Stop)]
    assert all(step.seconds > LEASE.total_seconds() for step in stopped)
    assert {*WORKERS, *AGENTS} == {step.who for step in stopped}
    assert {"", *WORKERS} == {step.stopped for step in steps if isinstance(step, Replace)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_plan_has_what_it_is_made_for_and_nothing_else_of_an_attack(kind: type) -> None:
    found = Counter(type(step) for step in make(1, 24, (kind,)).steps)
    assert {each for each in KINDS if found[each]} == {kind}


def test_no_two_forgeries_say_the_same_and_each_kind_comes_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path, ())
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    scene.connect(store, "http://127.0.0.1:1", "http://127.0.0.1:2")
    store.close()
    made = list(islice(forgeries(scene, "http://127.0.0.1:2", random.Random(1)), 200))
    kinds = Counter(one.kind for one in made)
    assert len(kinds) >= 14
    assert min(kinds.values()) > 5
    assert len({(one.path, one.content, tuple(one.headers.items())) for one in made if one.content}) == sum(
        bool(one.content) for one in made
    )
