"""The report on what agents did in some days: see `domain.report`. Reads a lot: never on the interface's thread."""

from array import array
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import chain

from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.report import (
    AgentTotals,
    ChannelTotals,
    Period,
    Report,
    answer_times,
    days_between,
    hour_loads,
    last_days,
    quarter,
)
from contacts_tui.domain.roles import Right
from contacts_tui.domain.typed_day import past_day
from contacts_tui.domain.urgency import AnswerTarget
from contacts_tui.services import agents, rights
from contacts_tui.services.errors import BadInput
from contacts_tui.services.queue import Kind
from contacts_tui.store import answers, journal, queue


def of_days(session: Session, clock: Clock, agent: str, days: int, of: str = "") -> tuple[Report, Period]:
    """Return the report on the last days, today among them, of everybody or of one agent (`of`).

    The days are those of `agent`, who asks, in their time zone. Raise NotAllowed where they may not read it.
    """
    period = last_days(clock(), days, agents.zone(session, clock, agent))
    return of_period(session, clock, agent, period, of), period


def typed_period(session: Session, clock: Clock, agent: str, since: str, until: str) -> Period:
    """Return the days that an agent typed, in their time zone; today where nothing is typed.

    Raise BadInput for a text that isn't a day of the past.
    """
    now, zone = clock(), agents.zone(session, clock, agent)
    today = now.astimezone(zone).date()
    found = []
    for text in (since or "today", until or "today"):
        day = past_day(text, today)
        if day is None:
            raise BadInput(f"“{text}” isn't a day of the past: write for example yesterday, friday or 2026-03-30")
        found.append(day)
    try:
        return days_between(found[0], found[1], zone)
    except ValueError as error:
        raise BadInput(str(error)) from error


def of_period(session: Session, clock: Clock, agent: str, period: Period, of: str = "") -> Report:
    """Return the report on a period, of everybody or of one agent (`of`); `agent` is who asks.

    A person's waiting time counts from their first unanswered message to the answer, by the provider's time, in the
    working hours of the inbox's answer target. Raise NotAllowed for what others did, unless `agent` may read it.
    """
    if of != agent:
        rights.check(session, clock, agent, Right.JOURNAL)
    waits: dict[tuple[str, Channel], array[float]] = defaultdict(lambda: array("d"))
    answered: Counter[datetime] = Counter()
    targets: dict[int, AnswerTarget] = {}
    for answer in answers.between(session, period.since, period.until):
        if of and answer.agent != of:
            continue
        if answer.inbox_id not in targets:
            targets[answer.inbox_id] = queue.target(session, answer.inbox_id)
        waited = targets[answer.inbox_id].hours.between(answer.waiting_since, answer.reached_at)
        waits[answer.agent, answer.channel].append(waited / timedelta(seconds=1))
        answered[quarter(answer.at)] += 1
    done = journal.counted(session, period.since, period.until, (Kind.CLOSE.value, Kind.SNOOZE.value))
    done = {(who, what): count for (who, what), count in done.items() if not of or who == of}
    return Report(
        since=period.since,
        until=period.until,
        agent=of,
        answers=answer_times(chain.from_iterable(waits.values())),
        closed=sum(count for (_, what), count in done.items() if what == Kind.CLOSE),
        snoozed=sum(count for (_, what), count in done.items() if what == Kind.SNOOZE),
        waiting=answers.waiting_now(session, clock(), of),
        hours=hour_loads(period, clock(), answers.received(session, period.since, period.until), answered),
        channels=tuple(
            ChannelTotals(channel, answer_times(chain.from_iterable(found)))
            for channel in sorted({channel for _, channel in waits}, key=_place)
            if (found := [seconds for (_, on), seconds in waits.items() if on == channel])
        ),
        agents=tuple(
            AgentTotals(
                name,
                answer_times(chain.from_iterable(seconds for (who, _), seconds in waits.items() if who == name)),
                done.get((name, Kind.CLOSE.value), 0),
                done.get((name, Kind.SNOOZE.value), 0),
            )
            for name in sorted({who for who, _ in (*waits, *done)}, key=str.casefold)
        ),
    )


def _place(channel: Channel) -> tuple[int, str]:
    """Return a channel's place in the order of channels; one that only a newer version knows comes last."""
    known = list(Channel)
    return (known.index(channel) if channel in known else len(known), channel.value)
