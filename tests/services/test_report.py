"""The report: who was answered after how long, by whom and where; what was closed; and what it costs to know."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.report import Report
from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.domain.urgency import AnswerTarget
from contacts_tui.domain.working_hours import parse
from contacts_tui.services import agents, merging, queue, report
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.errors import BadInput
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store import answers, messages
from tests.services.world import ANN, START, World

BEN = "+12025550143"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


def told(world: World, agent: str = "", days: int = 1) -> Report:
    _, period = world.store.call_read(report.of_days, "Kim", days)
    return world.store.call_read(report.of_period, "Kim", period, agent)


def test_a_person_is_answered_once_from_their_first_unanswered_message_on(world: World) -> None:
    ann, ben = world.person(), world.person("Ben Baker", BEN)
    world.hears(world.shop, "one")
    world.clock.forward(minutes=4)
    world.hears(world.whatsapp, "two")
    world.clock.forward(minutes=6)
    world.send(ann, world.whatsapp, "hi")
    world.send(ann, world.whatsapp, "and bye")
    world.send(ben, world.shop, "nobody asked")
    found = told(world)
    assert (found.answers.count, found.answers.median, found.answers.longest) == (1, 10 * MINUTE, 10 * MINUTE)
    assert [(one.channel, one.answers.count) for one in found.channels] == [(Channel.WHATSAPP, 1)]
    assert [(one.agent, one.answers.count) for one in found.agents] == [("Kim", 1)]
    assert found.words == "1 answered, 0 closed, 0 snoozed; median wait 10 m, longest 10 m"
    (hour,) = [hour for hour in found.hours if hour.received or hour.answered]
    assert (hour.begins, hour.received, hour.answered) == (START, 2, 1)


def test_each_answer_looks_back_to_the_one_before_it(world: World) -> None:
    ann = world.person()
    for minutes in (3, 7, 2):
        world.hears(world.shop, "hello")
        world.clock.forward(minutes=minutes)
        world.send(ann, world.shop, "hi")
        world.clock.forward(minutes=1)
    times = told(world).answers
    assert (times.count, times.median, times.longest) == (3, 3 * MINUTE, 7 * MINUTE)
    world.clock.forward(days=1)
    assert told(world).answers.count == 0


def test_what_failed_is_no_answer_and_the_provider_says_when_it_had_one(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    world.clock.forward(minutes=5)
    failed = world.send(ann, world.shop, "hi")
    world.store.call(messages.set_status, failed.id, Delivery.FAILED, code="30003")
    assert told(world).answers.count == 0
    world.clock.forward(minutes=5)
    sent = world.send(ann, world.shop, "hi again")
    assert told(world).answers.longest == 10 * MINUTE
    world.store.call(lambda s, _: messages.provider_had(s, sent.id, START + 11 * MINUTE))
    assert told(world).answers.longest == 11 * MINUTE


def test_only_the_hours_count_in_which_the_inbox_answers(world: World) -> None:
    ann = world.person()
    hours = parse("tue 9-12:30, wed 9-17", "UTC")
    world.store.call(queue.set_target, "Kim", world.shop.id, AnswerTarget(timedelta(hours=1), hours))
    world.hears(world.shop, "hello")
    world.clock.forward(hours=22)
    world.send(ann, world.shop, "good morning")
    assert told(world, days=2).answers.longest == timedelta(minutes=90)


def test_days_are_those_of_the_agent_and_what_came_before_them_still_waits(world: World) -> None:
    # Auckland is thirteen hours ahead: the day there began at 11:00 UTC.
    world.store.call(agents.add, "Kim", AgentForm("Kim", time_zone="Pacific/Auckland"))
    ann = world.person()
    world.clock.forward(hours=-2)
    world.hears(world.shop, "before their midnight")
    world.clock.forward(hours=2)
    world.send(ann, world.shop, "after it")
    found, period = world.store.call_read(report.of_days, "Kim", 1)
    assert period.since == START - timedelta(hours=1)
    assert (found.answers.longest, sum(hour.received for hour in found.hours)) == (timedelta(hours=2), 0)
    typed = world.store.call_read(report.typed_period, "Kim", "yesterday", "yesterday")
    assert (typed.since, typed.until) == (START - timedelta(hours=25), START - timedelta(hours=1))
    assert sum(hour.received for hour in world.store.call_read(report.of_period, "Kim", typed).hours) == 1
    for since, until in (("soon", ""), ("", "yesterday")):
        with pytest.raises(BadInput):
            world.store.call_read(report.typed_period, "Kim", since, until)


def test_what_is_closed_and_snoozed_is_counted_until_it_is_undone(world: World) -> None:
    ann, ben = world.person(), world.person("Ben Baker", BEN)
    for number in (ANN, BEN):
        world.hears(world.shop, "hello", number)
    world.store.call(queue.apply, "Noor", [ann], Action(Kind.ASSIGN, "Noor"))
    world.clock.forward(days=1)
    world.store.call(queue.apply, "Noor", [ann, ben], Action(Kind.CLOSE))
    snoozed = world.store.call(queue.apply, "Kim", [ben], Action(Kind.SNOOZE, snooze=Snooze(Wake.REPLY, None)))
    found = told(world)
    assert (found.closed, found.snoozed) == (2, 1)
    assert [(one.agent, one.closed, one.snoozed) for one in found.agents] == [("Kim", 0, 1), ("Noor", 2, 0)]
    assert (told(world, "Noor").closed, told(world, "Noor").snoozed) == (2, 0)
    world.store.call(queue.undo, "Kim", snoozed.batch)
    world.clock.forward(days=1)
    assert (told(world, days=2).closed, told(world, days=2).snoozed) == (2, 0)
    assert told(world).closed == 0


def test_who_waits_now_is_told_with_who_is_late(world: World) -> None:
    assert told(world).waiting.longest is None
    ann, ben = world.person(), world.person("Ben Baker", BEN)
    world.hears(world.shop, "hello")
    world.clock.forward(minutes=61)
    world.hears(world.shop, "hello", BEN)
    found = told(world).waiting
    assert (found.people, found.late, found.longest) == (2, 1, 61 * MINUTE)
    world.store.call(queue.apply, "Kim", [ben], Action(Kind.ASSIGN, "Kim"))
    assert told(world, "Kim").waiting.people == 1
    world.store.call(queue.apply, "Kim", [ann], Action(Kind.CLOSE))
    assert told(world).waiting.people == 1


def test_a_merge_leaves_what_was_answered(world: World) -> None:
    ann, ben = world.person(), world.person("Ben Baker", BEN)
    world.hears(world.shop, "hello")
    world.clock.forward(minutes=5)
    world.send(ann, world.shop, "hi")
    world.store.call(merging.merge, ben, ann, author="Kim")
    assert told(world).answers.median == 5 * MINUTE


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("statement", [answers._ANSWERS, answers._RECEIVED])
def test_messages_of_other_days_are_not_looked_at(world: World, statement: object) -> None:
    def plan(session: Session, _: Clock) -> list[str]:
        connection = session.connection()
        text = statement.compiled(connection.dialect).text  # type: ignore[attr-defined]
        driver = connection.connection.driver_connection
        assert driver is not None
        return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", [0] * text.count("?"))]

    steps = [step for step in world.store.call_read(plan) if "SCAN" in step or "SEARCH" in step]
    assert "ix_message_timeline (contact_id=? AND at>? AND at<?)" in steps[0]
    assert "ix_contact_activity (activity_at>?)" in steps[1]
    assert not [step for step in steps if step.startswith("SCAN")]
