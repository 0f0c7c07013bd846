"""The part of the comparison that asks whether we might write at all: to whom, until when, and under which tag."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from contacts_tui.channels import local_errors
from contacts_tui.domain import window
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import is_past
from contacts_tui.domain.opt_out import OptWord, opt_word
from tests.torture.books import Noted, Ours, Sent, Taken, Theirs, Try, Written

BACKWARDS = timedelta(seconds=150)
"""How far the clock is moved back at most, with a margin."""

WINDOWED = (Channel.WHATSAPP, Channel.MESSENGER)
BY_PHONE = (Channel.SMS, Channel.WHATSAPP)

_CONTRARY = {"blocked": ("allowed", "heard"), "allowed": ("blocked",)}
"""The events that show that a person has changed their mind since."""

Complaints = Iterator[str]


def name(sent: Sent) -> str:
    """Return how complaints name a message of ours."""
    return f"message {sent.id} ({sent.channel} to {sent.to}, {sent.uid}) {sent.body!r}"


def word_of(channel: str, text: str, opt_out: str) -> OptWord | None:
    """Return the opt-out word of a message, or None: by Twilio's own verdict, else, by SMS alone, by a keyword."""
    if opt_out:
        return OptWord(opt_out.lower())
    return opt_word(text) if channel == Channel.SMS else None


def windows_are_honoured(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless all free text arrived in the provider's window, and was tried in ours, which ends a bit
    before.

    Under the HUMAN_AGENT tag the window is seven days long.
    """
    wrote: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for entry in theirs.written:
        wrote[entry.channel, entry.sender, entry.from_].append(entry.at)
    for taken in theirs.taken:
        if taken.channel not in WINDOWED or not taken.free or {"failed", "undelivered"} & set(taken.statuses):
            continue
        times = [at for at in wrote[taken.channel, taken.sender, taken.to] if at <= taken.at + BACKWARDS]
        if not any(taken.at - at < _length(taken) for at in times):
            yield f"free text arrived outside the window: {taken.channel} to {taken.to}: {taken.body!r}"
    told: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for heard in ours.heard:
        told[heard.channel, heard.sender, heard.from_].append(heard.at)
    for sent in ours.sent:
        if sent.channel not in WINDOWED or not sent.free:
            continue
        for one in sent.tries:
            times = [at for at in told[sent.channel, sent.sender, sent.to] if at <= one.started_at + BACKWARDS]
            is_open = any(window.is_open(at, one.started_at, length=_length(one)) for at in times)
            if not is_open and not _is_withheld(one):
                yield f"tried outside the window, at {one.started_at}: {name(sent)}, try {one.number}"


def tags_are_honoured(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless only pages with the tag used it, and only where plain text isn't allowed.

    Each attempt is judged by what the store knew then.
    """
    by_reference = {taken.reference: taken for taken in theirs.taken if taken.channel == Channel.MESSENGER}
    for taken in by_reference.values():
        if taken.tagged and taken.sender not in ours.tagging:
            yield f"tagged, and the page may not: {taken.sender} to {taken.to}: {taken.body!r}"
    sent_by_id = {sent.id: sent for sent in ours.sent}
    last: dict[tuple[str, str], datetime] = {}
    closed: dict[tuple[str, str], datetime] = {}
    for noted in ours.noted:
        if noted.what == "heard":
            last[noted.thread] = max(noted.at, last.get(noted.thread, noted.at))
        if noted.message_id not in sent_by_id or noted.what not in ("tried", "ended"):
            continue
        sent = sent_by_id[noted.message_id]
        one = next(one for one in sent.tries if one.number == noted.number)
        if noted.what == "ended" and one.says_closed:
            closed[noted.thread] = max(one.started_at, closed.get(noted.thread, one.started_at))
        if noted.what == "tried" and one.tagged and not _is_withheld(one):
            if sent.sender not in ours.tagging:
                yield f"tried under the tag, and the page may not: {name(sent)}, try {one.number}"
            if window.is_open(last.get(noted.thread), one.started_at, closed.get(noted.thread)):
                yield f"tried under the tag inside the 24 hours: {name(sent)}, try {one.number}"
        found = by_reference.get(f"{sent.uid}.{one.number}")
        if found is not None and found.tagged != one.tagged:
            how = "with" if one.tagged else "without"
            yield f"tried {how} the tag, and taken otherwise: {name(sent)}, try {one.number}"


def refusals_are_honoured(ours: Ours) -> Complaints:
    """Yield complaints unless people who want no messages got none, by a replay of the journal of each person.

    From the transaction that stored their word or their block, up to the one that stored that they allow messages
    again, every attempt is withheld; outside of that none is. Words of others, or said elsewhere, change nothing.
    """
    people: dict[tuple[str, str], _Person] = defaultdict(_Person)
    for noted in ours.noted:
        yield from people[noted.thread].note(noted)
    for thread in {*people, *ours.refusing}:
        refuses = people[thread].refuses if thread in people else False
        if refuses != (thread in ours.refusing):
            said = "refuses" if refuses else "allows"
            yield f"{thread[0]}: {thread[1]} {said} our messages, and the store has the opposite"


class _Person:
    """Whether a person wants our messages, as far as the store can know."""

    def __init__(self) -> None:
        self._opted_out_at: datetime | None = None
        """When they said a word like STOP by SMS, or one that Twilio calls so, and none like START since."""
        self._said: list[datetime] = []
        """When they said such words: a word that was missed may be fetched after a later one."""
        self._allowed_at: list[datetime] = []
        """When they said words that allow our messages."""
        self._blocked_at: datetime | None = None
        """Since when they block our bot."""
        self._told: dict[str, datetime] = {}
        """For each kind of event, the latest time of one, by the provider."""
        self._refused = 0
        self._allowed = 0
        self._tries: dict[tuple[int, int], tuple[bool, int, int, datetime]] = {}
        """For each attempt: whether they refused at its start, how often they had refused and allowed, and its time."""

    @property
    def refuses(self) -> bool:
        """Whether they want no messages."""
        return self._opted_out_at is not None or self._blocked_at is not None

    def note(self, noted: Noted) -> Complaints:
        """Apply the next event; yield complaints when an attempt ended that shouldn't have been made or withheld."""
        key = (noted.message_id, noted.number)
        match noted.what:
            case "heard":
                self._hear(noted)
            case "blocked" if not self._is_outdated(noted):
                self._block(noted.at)
            case "allowed" if not self._is_outdated(noted):
                self._unblock()
            case "tried":
                self._tries[key] = (self.refuses, self._refused, self._allowed, noted.at)
            case "ended":
                refused, refusals, allowances, began = self._tries[key]
                is_withheld = (noted.outcome, noted.code) == ("withheld", local_errors.OPTED_OUT)
                if refused and not is_withheld:
                    yield f"tried while {noted.thread} wants no messages, and {noted.outcome}: try {key}"
                if is_withheld and not refused and refusals == self._refused:
                    yield f"withheld, and {noted.thread} wants messages: try {key}"
                if noted.refuses:
                    self._refuse(noted, began, allowances)
        if noted.what in ("heard", *_CONTRARY):
            self._told[noted.what] = max(noted.at, self._told.get(noted.what, noted.at))

    def _is_outdated(self, noted: Noted) -> bool:
        return any(_is_later(self._told[what], noted.at) for what in _CONTRARY[noted.what] if what in self._told)

    def _hear(self, noted: Noted) -> None:
        word, now = word_of(noted.thread[0], noted.text, noted.opt_out), noted.stored_at or noted.at
        # A word that is dated ahead of the clock was said before the clock was set back.
        is_last = not any(noted.at < at and is_past(at, now) for at in self._said)
        if word is OptWord.STOP and is_last:
            self._opt_out(noted.at)
        elif word is OptWord.START and is_last and not _outlasts(self._opted_out_at, noted.at, now):
            self._opted_out_at = None
            self._allowed += 1
        if word is not None:
            self._said.append(noted.at)
        if word is OptWord.START:
            self._allowed_at.append(noted.at)
        if self._blocked_at is not None and (noted.at > self._blocked_at or not is_past(self._blocked_at, now)):
            # A person who blocks a bot can't write to it.
            self._unblock()

    def _refuse(self, noted: Noted, began: datetime, allowances: int) -> None:
        """Apply that the provider refused an attempt, begun then, when they had allowed our messages so many times.

        A word that allows our messages and was said since is the newer one. A word that is dated ahead of the clock was
        said before the clock was set back.
        """
        if noted.thread[0] in BY_PHONE:
            if not any(began <= at and is_past(at, noted.at) for at in self._allowed_at):
                known = self._opted_out_at
                self._opt_out(began if known is None or known < began or not is_past(known, noted.at) else known)
        elif allowances == self._allowed:
            self._block(noted.at)

    def _opt_out(self, at: datetime) -> None:
        self._opted_out_at = at
        self._refused += 1

    def _block(self, at: datetime) -> None:
        self._blocked_at = at
        self._refused += 1

    def _unblock(self) -> None:
        self._blocked_at = None
        self._allowed += 1


def _outlasts(refused_at: datetime | None, said_at: datetime, now: datetime) -> bool:
    """Return whether a refusal is later than a word that allows our messages."""
    return refused_at is not None and said_at < refused_at and is_past(refused_at, now)


def nothing_is_taken_after_a_word(theirs: Theirs) -> Complaints:
    """Yield complaints unless, by its record, the provider accepted nothing between a person's STOP and START."""
    refusing: set[tuple[str, str, str]] = set()
    record: list[Taken | Written] = [*theirs.taken, *theirs.written]
    for entry in sorted(record, key=lambda entry: entry.place):
        if isinstance(entry, Written):
            thread = entry.channel, entry.sender, entry.from_
            word = word_of(entry.channel, entry.body, entry.opt_out)
            if word is OptWord.STOP:
                refusing.add(thread)
            elif word is OptWord.START:
                refusing.discard(thread)
        elif (entry.channel, entry.sender, entry.to) in refusing:
            yield f"taken after their STOP: {entry.channel} to {entry.to}: {entry.body!r}"


def permissions_agree(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless the store knows in the end who blocks a bot, if we acknowledged the last change.

    Except when the provider's clock was moved back before that: by the times that it tells, another change was the
    last.
    """
    for last in theirs.permissions:
        thread = (Channel.TELEGRAM, last.from_)
        if not last.acknowledged or last.blocked == (thread in ours.refusing):
            continue
        contrary = _CONTRARY["blocked" if last.blocked else "allowed"]
        if any(
            noted.what in contrary and _is_later(noted.at, last.at) for noted in ours.noted if noted.thread == thread
        ):
            continue
        is_so = "blocks" if last.blocked else "doesn't block"
        yield f"{last.from_} {is_so} {last.sender}, which the store doesn't know"


def _is_later(at: datetime, than: datetime) -> bool:
    """Return whether `at` is later, in the whole seconds that Telegram tells."""
    return at.replace(microsecond=0) > than.replace(microsecond=0)


def _length(sent: Taken | Try) -> timedelta:
    return window.HUMAN_AGENT_LENGTH if sent.tagged else window.LENGTH


def _is_withheld(one: Try) -> bool:
    return one.outcome == "withheld" or (one.outcome == "refused" and one.detail.startswith("held back"))
