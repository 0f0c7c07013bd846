"""A plan is made of its seed alone, and has some of everything."""

from collections import Counter

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.opt_out import opt_word
from tests.torture.plan import SERVER_ENDS, make, on_a_server
from tests.torture.steps import (
    Batch,
    Block,
    Break,
    Cut,
    Day,
    Disturb,
    Edit,
    Ending,
    Hear,
    Kill,
    Look,
    Move,
    Restart,
    Send,
    Settle,
    Type,
    Week,
    messages_in,
)


def test_the_same_seed_makes_the_same_plan() -> None:
    assert make(7, 300) == make(7, 300)
    assert make(7, 300) != make(8, 300)


def test_a_plan_has_as_many_messages_as_asked_for_and_some_of_everything() -> None:
    steps = make(3, 3000).steps
    kinds = Counter(type(step) for step in steps)
    assert sum(map(messages_in, steps)) == 3000
    assert kinds[Day] == 2
    assert kinds[Week] == 1
    assert all(kinds[kind] >= 10 for kind in (Type, Edit, Block, Batch, Look, Settle, Break, Disturb, Kill, Move))
    channels = Counter((type(step), step.person.channel) for step in steps if isinstance(step, (Send, Hear)))
    assert all(channels[kind, channel] > 200 for kind in (Send, Hear) for channel in Channel)


def test_texts_that_are_searched_for_are_told_apart() -> None:
    said = [step.text for step in make(3, 3000).steps if isinstance(step, (Hear, Edit, Type))]
    texts = [text for text in said if not opt_word(text)]
    assert len(set(texts)) == len(texts)


def test_nothing_goes_wrong_before_everyone_has_written() -> None:
    steps = make(3, 300).steps
    first_day = next(place for place, step in enumerate(steps) if isinstance(step, Day))
    assert all(isinstance(step, Hear) for step in steps[:first_day])


def test_a_server_is_restarted_in_each_way_and_cuts_connections_among_everything_else() -> None:
    plan = make(3, 300)
    steps = on_a_server(plan).steps
    ends = [step for step in steps if isinstance(step, (Restart, Cut))]
    assert [step for step in steps if step not in ends] == list(plan.steps)
    assert Counter(map(type, ends)) == {Restart: SERVER_ENDS, Cut: SERVER_ENDS}
    assert {step.how for step in ends if isinstance(step, Restart)} == set(Ending)
    assert steps.index(ends[0]) > next(place for place, step in enumerate(steps) if isinstance(step, Day))
