"""The plan of a run, decided in advance: the same seed and size make the same plan."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contacts_tui.domain.channel import Channel
from tests.torture.steps import (
    AGENTS,
    DESKS,
    SENDERS_EACH,
    WORKERS,
    Again,
    Break,
    Cut,
    Day,
    Disturb,
    Ending,
    Hear,
    Kill,
    Line,
    Look,
    Person,
    Restart,
    Send,
    Step,
    Type,
    Way,
)
from tests.torture.writer import Writer

MESSAGES_A_DAY = 1500
"""The number of messages after which the clock is brought to the next end of the windows."""
MESSAGES_A_KILL = 200
MESSAGES_A_FAULT = 12
MESSAGES_A_PERSON = 40
HANGS = 400
"""One of so many messages is accepted and never answered. Each blocks a place of an outbox for its whole time-out."""
A_WEEK_LATER = 6
"""One of so many messages is written around the end of the seven days in which a page may write under a tag."""


SERVER_ENDS = 5
"""How often a database server is restarted in a run, and how often it cuts connections."""
LONGEST_AWAY = 3.0
"""Seconds for which the server is away at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run."""

    seed: int
    people: tuple[Person, ...]
    steps: tuple[Step, ...]


def make(seed: int, messages: int) -> Plan:
    """Return the plan of a seed, with so many messages in both directions."""
    chance = random.Random(seed)
    everyone = tuple(people(max(4, messages // 4 // MESSAGES_A_PERSON)))
    writer = Writer(chance, everyone)
    steps: list[Step] = []
    days = max(1, round(messages / MESSAGES_A_DAY))
    later = messages // A_WEEK_LATER
    for day in range(days):
        size = (messages - later) // days + ((messages - later) % days if day == 0 else 0)
        steps += writer.day(size)
    steps += writer.week(later)
    return Plan(seed, everyone, tuple(_troubled(chance, steps)))


def on_a_server(plan: Plan, times: int = SERVER_ENDS) -> Plan:
    """Return the plan with `times` restarts of its database server, each way in turn, and as many cut connections."""
    chance = random.Random(f"server {plan.seed}")
    begin = next(place for place, step in enumerate(plan.steps) if isinstance(step, Day)) + 1
    steps = list(plan.steps)
    for number in reversed(range(2 * times)):
        at = begin + int((number + chance.random()) / (2 * times) * (len(plan.steps) - begin))
        after = chance.uniform(0, 0.5)
        if number % 2:
            steps.insert(at, Cut(chance.choice((0.4, 1.0)), after))
        else:
            steps.insert(at, Restart(tuple(Ending)[number // 2 % len(Ending)], after, chance.uniform(0, LONGEST_AWAY)))
    return replace(plan, steps=tuple(steps))


def people(each: int) -> Iterator[Person]:
    """Yield `each` people on each channel.

    Every other number is on SMS and WhatsApp: what its owner says on one must not count for the other.
    """
    for number in range(each):
        sender, place, twin = number % SENDERS_EACH, number % 4, number % 2 == 1
        on_sms, on_whatsapp = 1000 + number, 1000 + number if twin else 5000 + number
        chat, psid = 5_000_000_000 + number, 7_000_000_000_000_000 + number
        calm = place in (0, 3)
        yield Person(f"smith{number:03d}", Channel.SMS, f"+1202555{on_sms:04d}", sender, place == 1, not twin)
        yield Person(f"waters{number:03d}", Channel.WHATSAPP, f"+1202555{on_whatsapp:04d}", sender, place in (2, 3))
        yield Person(f"tudor{number:03d}", Channel.TELEGRAM, str(chat), sender, not calm, calm)
        yield Person(f"mason{number:03d}", Channel.MESSENGER, str(psid), sender)


REQUEST_FAULTS = ("drop_before", "drop_after", "drop_after", "http_500", "http_500_after", "rate_limit", "delay")
POST_FAULTS = ("delay", "double", "double", "shuffle", "lose")
FAULTS = {
    "send": REQUEST_FAULTS,
    "telegram": REQUEST_FAULTS,
    "graph": (*REQUEST_FAULTS, "app_limit", "transient"),
    "telegram_poll": ("drop_before", "drop_after", "http_500", "http_500_after", "delay"),
    "callback": POST_FAULTS,
    "inbound": POST_FAULTS,
    "graph_event": POST_FAULTS,
    "telegram_update": ("delay", "double", "lose"),
}
"""The faults of the sandbox by where they occur; a kind that is listed twice is twice as frequent."""


def _troubled(chance: random.Random, steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps with everything that goes wrong among them, from the first day's end on."""
    kills = _kills(chance)
    messages = 0
    started = False
    for step in steps:
        yield step
        started = started or isinstance(step, Day)
        if not started or not isinstance(step, (Send, Hear, Type)):
            continue
        messages += 1
        # At the beginning, so that a short run has some of each.
        if messages % MESSAGES_A_KILL in (10, 30, 50):
            yield next(kills)
        if chance.random() < 1 / MESSAGES_A_FAULT:
            when = chance.choice(tuple(FAULTS))
            yield Break(when, chance.choice(FAULTS[when]), chance.randint(1, 3), round(chance.uniform(0.3, 2.5), 2))
        if messages % HANGS == 200:
            yield Break(chance.choice(("send", "telegram", "graph")), "hang", 1, 0.0)
        if chance.random() < 0.04:
            yield Disturb(Line.RECEIVER, Way.ANSWER)
        if chance.random() < 0.04:
            yield Again(chance.randrange(len(AGENTS)))
        if chance.random() < 0.03 and isinstance(step, (Send, Hear)):
            yield Look(step.person, chance.randrange(len(AGENTS)))


def _kills(chance: random.Random) -> Iterator[Kill]:
    """Yield kills: first one of each kind, then at random, workers most."""
    for group in (WORKERS, DESKS, AGENTS):
        yield Kill(chance.choice(group), chance.uniform(0, 0.5))
    while True:
        yield Kill(chance.choice((*WORKERS, *WORKERS, *DESKS, *AGENTS)), chance.uniform(0, 0.5))
