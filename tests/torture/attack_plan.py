"""The plan of an attack: people and agents write as usual, while processes, connections, disk and store are attacked.

Decided in advance, as the other plan is. The clock isn't moved.
"""

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from contacts_tui.channels.timeouts import READ_TIMEOUT
from contacts_tui.store.outbox import LEASE
from tests.torture.plan import MESSAGES_A_PERSON, Plan, people
from tests.torture.steps import (
    AGENTS,
    WORKERS,
    Besiege,
    Disturb,
    Fill,
    Kill,
    Line,
    Replace,
    Step,
    Stop,
    Way,
    messages_in,
)
from tests.torture.writer import Writer

KINDS: tuple[type, ...] = (Disturb, Kill, Stop, Fill, Besiege, Replace)
"""The kinds of attacks; a short form has one of them."""
WITHOUT_A_FILE: tuple[type, ...] = (Disturb, Kill, Stop, Besiege)
"""The attacks on a store on a server, of which we have neither the disk nor a file."""
MESSAGES_A_TURN = {Disturb: 4, Kill: 40, Stop: 60, Fill: 50, Besiege: 70, Replace: 250}
"""The number of messages after which an attack of each kind happens once more."""
FEWEST_EACH = 2
"""The fewest people on each channel, for a short run."""
STALLS = (0.5, 2.0, READ_TIMEOUT + 3.0)
"""Seconds for which a connection stands still: the last is longer than we wait for an answer."""
LIMITS = (0, 8 * 1024, 64 * 1024, 512 * 1024)
"""Sizes in bytes to which files can grow on a full disk: nothing can be written, or a part still fits."""


def make(seed: int, messages: int, kinds: Collection[type] = KINDS) -> Plan:
    """Return the plan of a seed: so many messages, these attacks, and the messages that replacements add."""
    chance = random.Random(f"attack {seed}")
    each = max(FEWEST_EACH, messages // 4 // MESSAGES_A_PERSON)
    everyone = tuple(replace(person, by_keys=False) for person in people(each))
    writer = Writer(chance, everyone)
    return Plan(seed, everyone, tuple(_attacked(chance, writer, writer.ordinary(messages), kinds)))


def _attacked(chance: random.Random, writer: Writer, steps: Sequence[Step], kinds: Collection[type]) -> Iterator[Step]:
    """Yield the steps and the attacks. Each kind begins in the middle of its turn, so that a short run has one."""
    turns = {kind: min(MESSAGES_A_TURN[kind], sum(map(messages_in, steps))) for kind in KINDS if kind in kinds}
    said = 0
    for step in steps:
        yield step
        before, said = said, said + messages_in(step)
        for kind, turn in turns.items():
            if (said + turn // 2) // turn > (before + turn // 2) // turn:
                yield MADE[kind](chance, writer)


def _disturb(chance: random.Random, writer: Writer) -> Step:
    line, way = chance.choice(tuple(Line)), chance.choice(tuple(Way))
    if chance.random() < 0.3:
        return Disturb(line, way, seconds=chance.choices(STALLS, (6, 3, 1))[0])
    return Disturb(line, way, share=chance.choice((0.0, 0.5, chance.random())))


def _stop(chance: random.Random, writer: Writer) -> Step:
    """Return a stop of a random program for longer than any lease lasts."""
    who = chance.choice((*WORKERS, *WORKERS, *AGENTS))
    return Stop(who, chance.uniform(0, 0.5), LEASE.total_seconds() + chance.uniform(1, 4))


def _replace(chance: random.Random, writer: Writer) -> Step:
    return Replace(writer.words(12), writer.words(12), chance.uniform(0, 0.5), chance.choice(("", *WORKERS)))


MADE: dict[type, Callable[[random.Random, Writer], Step]] = {
    Disturb: _disturb,
    Kill: lambda chance, _: Kill(chance.choice((*WORKERS, *WORKERS, *AGENTS)), chance.uniform(0, 0.5)),
    Stop: _stop,
    Fill: lambda chance, _: Fill(chance.choice(LIMITS), chance.uniform(1, 4)),
    Besiege: lambda chance, _: Besiege(chance.randint(20, 60), chance.randint(20, 40), chance.uniform(2, 6)),
    Replace: _replace,
}
