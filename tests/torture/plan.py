"""What will happen, decided before it does: the same seed and size make the same plan."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts_tui.domain.channel import Channel

DAY = 24 * 3600.0
"""Seconds."""

WINDOWED = (Channel.WHATSAPP, Channel.MESSENGER)
"""Channels with a window in which free text may be sent."""

SENDERS_EACH = 2
"""Inboxes of each channel."""

WORKERS = ("worker 1", "worker 2")
AGENTS = ("agent 1", "agent 2")
DESKS = ("desk 1", "desk 2")
"""Who can be killed: `serve` processes, agents without a screen, interfaces in terminals."""

MESSAGES_A_DAY = 1500
"""After about so many messages the clock is brought to the next end of the windows."""
MESSAGES_A_KILL = 200
MESSAGES_A_FAULT = 12
MESSAGES_A_KEYED = 50
"""One of so many messages is written by keys in a real interface."""
MESSAGES_A_PERSON = 40
HANGS = 400
"""One of so many messages is taken and never answered. Each holds a place of an outbox for its whole time-out."""

MOVES = (-600.0, -420.0, -200.0, -130.0, -60.0, 20.0, 90.0, 300.0, 600.0)
"""Where the clock stands about the end of the windows, in seconds; the margin of ours is between two of them."""

ALIKE = ("Thanks!", "One moment please", "👍")
"""Texts that are sent more than once to the same person, so that the text alone is no evidence."""

WORDS = (
    "about your order", "it left this morning", "mañana a las 3", "déjà payé", "parcel 📦 is here", "«quoted» <b>",
    "a second line\nof text", "O'Brien & sons", "the invoice {1}", "100 % sure", "مرحبا", "see you\tthen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with one address on one channel."""

    code: str
    """Their name, one word, by which they are found in the interface."""
    channel: Channel
    address: str
    sender: int
    """Which of our inboxes of their channel they talk with, from 0."""


@dataclass(frozen=True, slots=True)
class Send:
    """An agent writes."""

    number: int
    person: Person
    text: str
    agent: int
    template: bool


@dataclass(frozen=True, slots=True)
class Type:
    """An agent finds somebody and writes by keys."""

    number: int
    person: Person
    text: str
    desk: int


@dataclass(frozen=True, slots=True)
class Hear:
    """A person writes."""

    number: int
    person: Person
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """An agent reads a conversation."""

    person: Person
    agent: int


@dataclass(frozen=True, slots=True)
class Again:
    """An agent sends something that failed, or whose outcome is unknown, once more."""

    agent: int


@dataclass(frozen=True, slots=True)
class Break:
    """The provider misbehaves: a fault of the sandbox."""

    when: str
    kind: str
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A provider's connection to the receiver breaks when the answer is on its way."""


@dataclass(frozen=True, slots=True)
class Kill:
    """kill -9, after so many seconds; a new one is started at once."""

    who: str
    after: float


@dataclass(frozen=True, slots=True)
class Move:
    """The clock is set to so many seconds from the end of the windows of this day."""

    place: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day goes by: everyone who wrote at its beginning has a window that is about to end."""


Step = Send | Type | Hear | Look | Again | Break | Cut | Kill | Move | Day


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run."""

    seed: int
    people: tuple[Person, ...]
    steps: tuple[Step, ...]


def make(seed: int, messages: int) -> Plan:
    """The plan of a seed, with so many messages in both directions."""
    chance = random.Random(seed)
    people = tuple(_people(max(4, messages // 4 // MESSAGES_A_PERSON)))
    writer = _Writer(chance, people)
    steps: list[Step] = []
    days = max(1, round(messages / MESSAGES_A_DAY))
    for day in range(days):
        size = messages // days + (messages % days if day == 0 else 0)
        steps += writer.day(size)
    return Plan(seed, people, tuple(_troubled(chance, steps)))


def _people(each: int) -> Iterator[Person]:
    for number in range(each):
        sender = number % SENDERS_EACH
        yield Person(f"smith{number:03d}", Channel.SMS, f"+1202555{1000 + number:04d}", sender)
        yield Person(f"waters{number:03d}", Channel.WHATSAPP, f"+1202555{5000 + number:04d}", sender)
        yield Person(f"tudor{number:03d}", Channel.TELEGRAM, str(5_000_000_000 + number), sender)
        yield Person(f"mason{number:03d}", Channel.MESSENGER, str(7_000_000_000_000_000 + number), sender)


class _Writer:
    """Decides who says what to whom."""

    def __init__(self, chance: random.Random, people: Sequence[Person]) -> None:
        self._chance = chance
        self._people = people
        self._count = 0

    def day(self, size: int) -> list[Step]:
        """Everyone says a word at its beginning; then the clock moves about the end of their windows."""
        first: list[Step] = [self._hear(person) for person in self._people][:size]
        rest: list[Step] = [self._message() for _ in range(size - len(first))]
        moves = self._moves()
        for place, move in enumerate(moves):
            rest.insert((len(rest) * (place + 1)) // (len(moves) + 1) + place, move)
        return [*first, Day(), *rest]

    def _moves(self) -> list[Step]:
        """Forward in the end, now and then back a little."""
        found: list[Step] = []
        for place in MOVES[1:]:
            at = place + self._chance.uniform(-15, 15)
            found.append(Move(at))
            if self._chance.random() < 0.3:
                found += [Move(at - self._chance.uniform(5, 120)), Move(at + 1)]
        return found

    def _message(self) -> Step:
        person = self._chance.choice(self._people)
        if self._chance.random() < 0.42:
            return self._hear(person)
        if self._chance.random() < 1 / (MESSAGES_A_KEYED * 0.58):
            known = [one for one in self._people if one.channel in (Channel.SMS, Channel.TELEGRAM)]
            return Type(*self._said(self._chance.choice(known), one_line=True), self._chance.randrange(len(DESKS)))
        alike = person.channel in (Channel.SMS, Channel.WHATSAPP) and self._chance.random() < 0.04
        number, person, text = self._said(person)
        template = person.channel is Channel.WHATSAPP and self._chance.random() < 0.25
        if template:
            # A variable takes neither line breaks nor tabs.
            text = text.partition(" ")[0]
        elif alike:
            text = self._chance.choice(ALIKE)
        return Send(number, person, text, self._chance.randrange(len(AGENTS)), template)

    def _hear(self, person: Person) -> Step:
        return Hear(*self._said(person))

    def _said(self, person: Person, *, one_line: bool = False) -> tuple[int, Person, str]:
        self._count += 1
        words = self._chance.choice(WORDS)
        return self._count, person, f"#{self._count:06d} {'by keys' if one_line else words}"


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
"""What goes wrong at the sandbox; a kind that stands twice comes twice as often."""


def _troubled(chance: random.Random, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps with everything that goes wrong among them, from the first day's end on."""
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
            yield Cut()
        if chance.random() < 0.04:
            yield Again(chance.randrange(len(AGENTS)))
        if chance.random() < 0.03 and isinstance(step, (Send, Hear)):
            yield Look(step.person, chance.randrange(len(AGENTS)))


def _kills(chance: random.Random) -> Iterator[Kill]:
    """First each kind once, then whom chance chooses, and workers most."""
    for group in (WORKERS, DESKS, AGENTS):
        yield Kill(chance.choice(group), chance.uniform(0, 0.5))
    while True:
        yield Kill(chance.choice((*WORKERS, *WORKERS, *DESKS, *AGENTS)), chance.uniform(0, 0.5))
