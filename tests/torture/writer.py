"""Decides who says what to whom, and who doesn't want our messages any more for a while."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from contacts_tui.domain.channel import Channel
from tests.torture.steps import (
    AGENTS,
    DESKS,
    MOVES,
    SENDERS_EACH,
    Batch,
    Block,
    Break,
    Calm,
    Day,
    Edit,
    Hear,
    Move,
    Person,
    Send,
    Settle,
    Step,
    Type,
    Week,
    messages_in,
)

MESSAGES_A_KEYED = 50
"""One of so many messages is written by keys in a real interface."""
WEEK_MOVES = (-300.0, -60.0, 90.0)
"""Places of the clock around the end of the seven days of the tag, in seconds."""
MESSAGES_AN_EPISODE = 12
"""One of so many messages begins an episode of several steps."""
FIRST_EPISODES = 4
"""One of so many does, until there was one of each."""
LONGEST_EPISODE = 8
"""Messages of one episode at most."""

STOPS = ("STOP", "stop", "Unsubscribe", "END")
STARTS = ("START", "unstop", "Yes")
"""Whole messages by which a person refuses ours by SMS, and allows them again. On WhatsApp they are ordinary words."""

ALIKE = ("Thanks!", "One moment please", "👍")
"""Texts that are sent more than once to the same person, so that the text alone is no evidence."""

WORDS = (
    "about your order", "it left this morning", "mañana a las 3", "déjà payé", "parcel 📦 is here", "«quoted» <b>",
    "a second line\nof text", "O'Brien & sons", "the invoice {1}", "100 % sure", "مرحبا", "see you\tthen",
)  # fmt: skip

Episode = Callable[[], list[Step]]


class Writer:
    """Writes a plan, day by day."""

    def __init__(self, chance: random.Random, people: Sequence[Person]) -> None:
        self._chance = chance
        self._people = people
        self._count = 0
        self._happenings = 0
        self._refusing: set[str] = set()
        """Codes of the people who don't want our messages now."""
        self._by_twilio: set[str] = set()
        """Codes of the people for whose words Twilio says what they mean (Advanced Opt-Out), whatever the words are."""
        self._refusals: Counter[Channel] = Counter()
        self._said: dict[str, list[int]] = defaultdict(list)
        """The numbers of each person's messages that can be changed."""
        self._later: list[tuple[int, Episode]] = []
        """What follows from an episode, and after which turn of `_episode`."""
        self._episodes: tuple[Episode, ...] = (
            lambda: self._refuses(Channel.SMS),
            lambda: self._refuses(Channel.TELEGRAM),
            self._batch,
            lambda: self._changes(Channel.TELEGRAM),
            self._unknown_outcome,
            lambda: self._refuses(Channel.WHATSAPP),
            lambda: self._changes(Channel.MESSENGER),
        )
        self._first = list(self._episodes)

    def day(self, size: int) -> list[Step]:
        """Return a day: everyone writes at its beginning; then the clock moves around the end of their windows."""
        first: Sequence[Step] = [self._hear(person) for person in self._people if not self._is_blocking(person)][:size]
        rest = self._much(size - len(first), self._message)
        return [*first, Day(), *_among(rest, self._moves())]

    def ordinary(self, size: int) -> list[Step]:
        """Return steps in which everyone writes, and goes on to write. The clock isn't moved."""
        first = [self._hear(person) for person in self._people][:size]
        return [*first, *self._much(size - len(first), self._message)]

    def words(self, size: int) -> tuple[Hear, ...]:
        """Return messages of people who never refuse our messages, and that are never changed."""
        calm = [person for person in self._people if not person.fickle]
        return tuple(Hear(*self._said_to(self._chance.choice(calm))) for _ in range(size))

    def week(self, size: int) -> list[Step]:
        """Return a week: everyone on Messenger writes; seven days later, few of them do, but agents go on."""
        reached = self._on(Channel.MESSENGER)
        first: Sequence[Step] = [self._hear(person) for person in reached][: size // 3]
        answers: Sequence[Step] = [self._send(person, human=True) for person in reached][: size // 3]
        rest = self._much(size - len(first) - len(answers), self._late_message)
        moves: list[Step] = [Move(place + self._chance.uniform(-15, 15)) for place in WEEK_MOVES]
        return [*first, Week(), *answers, Calm(), *_among(rest, moves)]

    def _much(self, size: int, message: Callable[[], Step]) -> list[Step]:
        """Return steps with so many messages, episodes among them."""
        found: list[Step] = []
        left = size
        while left > 0:
            steps = (self._episode() if left > LONGEST_EPISODE else []) or [message()]
            found += steps
            left -= sum(map(messages_in, steps))
        return found

    def _episode(self) -> list[Step]:
        """Return the steps that follow now from an earlier episode, or of a new one, or none."""
        self._happenings += 1
        for due in self._later:
            if due[0] <= self._happenings:
                self._later.remove(due)
                return due[1]()
        if self._first and self._happenings % FIRST_EPISODES == 0:
            return self._first.pop(0)()
        if not self._first and self._chance.random() < 1 / MESSAGES_AN_EPISODE:
            return self._chance.choice(self._episodes)()
        return []

    def _moves(self) -> list[Step]:
        """Return moves of the clock: forward in the end, now and then back a little."""
        found: list[Step] = []
        for place in MOVES[1:]:
            at = place + self._chance.uniform(-15, 15)
            found.append(Move(at))
            if self._chance.random() < 0.3:
                found += [Move(at - self._chance.uniform(5, 120)), Move(at + 1)]
        return found

    # Single messages

    def _message(self) -> Step:
        person = self._chance.choice(self._people)
        if self._chance.random() < 0.42 and not self._is_blocking(person):
            return self._hear(person)
        by_keys = [one for one in self._people if one.by_keys]
        if by_keys and self._chance.random() < 1 / (MESSAGES_A_KEYED * 0.58):
            typed = self._chance.choice(by_keys)
            return Type(*self._said_to(typed, one_line=True), self._chance.randrange(len(DESKS)))
        return self._send(person, human=self._chance.random() < 0.5)

    def _late_message(self) -> Step:
        """Return a message, mostly to Messenger, where the tag is needed."""
        group = self._on(Channel.MESSENGER) if self._chance.random() < 0.75 else self._people
        person = self._chance.choice(group)
        if self._chance.random() < 0.12 and not self._is_blocking(person):
            return self._hear(person)
        return self._send(person, human=self._chance.random() < 0.85)

    def _send(self, person: Person, *, human: bool = False) -> Send:
        alike = person.channel in (Channel.SMS, Channel.WHATSAPP) and self._chance.random() < 0.04
        number, person, text = self._said_to(person)
        template = person.channel is Channel.WHATSAPP and self._chance.random() < 0.25
        if template:
            # The value of a variable can have neither line breaks nor tabs.
            text = text.partition(" ")[0]
        elif alike:
            text = self._chance.choice(ALIKE)
        human = human and person.channel is Channel.MESSENGER
        return Send(number, person, text, self._chance.randrange(len(AGENTS)), template, human)

    def _hear(self, person: Person) -> Hear:
        step = Hear(*self._said_to(person))
        if person.channel in (Channel.TELEGRAM, Channel.MESSENGER):
            self._said[person.code].append(step.number)
        return step

    def _said_to(self, person: Person, *, one_line: bool = False) -> tuple[int, Person, str]:
        self._count += 1
        words = self._chance.choice(WORDS)
        return self._count, person, f"#{self._count:06d} {'by keys' if one_line else words}"

    # Episodes

    def _refuses(self, channel: Channel) -> list[Step]:
        """Return an episode: a person refuses our messages while some wait for a pause to end; we still write."""
        able = [one for one in self._on(channel) if one.fickle and one.code not in self._refusing]
        if not able:
            return []
        person = self._chance.choice(able)
        self._refusing.add(person.code)
        self._refusals[channel] += 1
        # Two of three on WhatsApp, one of three by SMS.
        if channel.by_phone and (self._refusals[channel] % 3 == 0) == (channel is Channel.SMS):
            self._by_twilio.add(person.code)
        else:
            self._by_twilio.discard(person.code)
        self._later.append((self._happenings + self._chance.randint(4, 16), lambda: self._allows(person)))
        to = f"whatsapp:{person.address}" if channel is Channel.WHATSAPP else person.address
        when = "telegram" if channel is Channel.TELEGRAM else "send"
        pause = Break(when, "rate_limit", 2, round(self._chance.uniform(1, 2.5), 2), to)
        queued: list[Step] = [pause, self._send(person), self._send(person)]
        return [*(queued if self._chance.random() < 0.7 else []), self._no(person), self._send(person)]

    def _allows(self, person: Person) -> list[Step]:
        """Return an episode: a person allows our messages again, and is sent some a little later."""
        self._refusing.discard(person.code)
        self._later += [(self._happenings + more, lambda: [self._send(person)]) for more in (3, 5)]
        if person.channel is Channel.TELEGRAM:
            return [Block(person, blocked=False)]
        return [self._word(person, STARTS, "START")]

    def _no(self, person: Person) -> Step:
        if person.channel is Channel.TELEGRAM:
            return Block(person, blocked=True)
        return self._word(person, STOPS, "STOP")

    def _word(self, person: Person, words: Sequence[str], opt_out: str) -> Hear:
        """Return words whose meaning Twilio tells, whatever they are; or a keyword, which has no effect on WhatsApp."""
        if person.code in self._by_twilio:
            return Hear(*self._said_to(person), opt_out)
        self._count += 1
        return Hear(self._count, person, self._chance.choice(words))

    def _batch(self) -> list[Step]:
        """Return an episode: Meta posts messages to both pages at once, sometimes one of another app's conversation."""
        entries = []
        for sender in range(SENDERS_EACH):
            group = [person for person in self._on(Channel.MESSENGER) if person.sender == sender]
            entries.append(tuple(self._hear(self._chance.choice(group)) for _ in range(self._chance.randint(1, 3))))
        return [Batch(tuple(entries), standby=self._chance.random() < 0.5)]

    def _changes(self, channel: Channel) -> list[Step]:
        """Return an episode: a person changes a message just written, perhaps twice at once, or an older one."""
        person = self._chance.choice([one for one in self._on(channel) if one.code not in self._refusing])
        if self._chance.random() < 0.7:
            steps: list[Step] = [self._hear(person)]
            steps += [self._edit(person, self._said[person.code][-1]) for _ in range(self._chance.randint(1, 2))]
            return steps
        return [self._edit(person, self._chance.choice(self._said[person.code])), self._message()]

    def _edit(self, person: Person, number: int) -> Edit:
        return Edit(person, number, f"{self._said_to(person)[2]}, I mean")

    def _unknown_outcome(self) -> list[Step]:
        """Return an episode: Telegram accepts messages without answering; agents know that some of them arrived."""
        group = [one for one in self._on(Channel.TELEGRAM) if one.code not in self._refusing]
        steps: list[Step] = [Break("telegram", "drop_after", 3, 0.0)]
        steps += [self._send(self._chance.choice(group)) for _ in range(3)]
        return [*steps, *(Settle(self._chance.randrange(len(AGENTS))) for _ in range(2))]

    def _on(self, channel: Channel) -> list[Person]:
        return [person for person in self._people if person.channel is channel]

    def _is_blocking(self, person: Person) -> bool:
        return person.channel is Channel.TELEGRAM and person.code in self._refusing


def _among(steps: list[Step], moves: Sequence[Step]) -> list[Step]:
    """Return the steps with the moves of the clock at equal distances among them."""
    found = list(steps)
    for place, move in enumerate(moves):
        found.insert((len(found) * (place + 1)) // (len(moves) + 1) + place, move)
    return found
