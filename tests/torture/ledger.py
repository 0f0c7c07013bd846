"""The comparison of the two records. Pure: each difference comes back as a sentence, none when everything agrees."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import FINAL, Delivery, advance
from tests.torture import consent
from tests.torture.books import Asked, Heard, Key, Moved, Ours, Sent, Taken, Theirs, Written
from tests.torture.consent import BACKWARDS, Complaints, name

BY_TWILIO = (Channel.SMS, Channel.WHATSAPP)

PRECISION = {Channel.TELEGRAM: timedelta(seconds=1), Channel.MESSENGER: timedelta(milliseconds=1)}
"""How exactly the provider tells when a person wrote. Twilio's webhooks tell no time at all."""

_NOT_GONE = ("not_sent", "refused", "withheld")
"""Outcomes that say that the provider doesn't have the message."""
_REPORTED = {
    "sent": Delivery.SENT,
    "echo": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "failed": Delivery.FAILED,
    "undelivered": Delivery.FAILED,
}


def compare(ours: Ours, theirs: Theirs, asked: Asked) -> list[str]:
    """Return complaints about all that is lost, doubled, unexplained, untrue, backwards, disordered or too late."""
    rules: tuple[Callable[[], Complaints], ...] = (
        lambda: nothing_asked_is_lost(ours, asked),
        lambda: everything_has_ended(ours, asked),
        lambda: nothing_is_sent_twice(ours, theirs, asked),
        lambda: nothing_taken_is_denied(ours, theirs),
        lambda: unknown_outcomes_are_settled_by_evidence(ours, theirs),
        lambda: statuses_are_true(ours, theirs),
        lambda: statuses_go_forward(ours, asked),
        lambda: everything_heard_is_there_once(ours, theirs),
        lambda: threads_are_in_order(ours, theirs),
        lambda: consent.windows_are_honoured(ours, theirs),
        lambda: consent.tags_are_honoured(ours, theirs),
        lambda: consent.refusals_are_honoured(ours),
        lambda: consent.nothing_is_taken_after_a_word(theirs),
        lambda: consent.permissions_agree(ours, theirs),
    )
    return [complaint for rule in rules for complaint in rule()]


def nothing_asked_is_lost(ours: Ours, asked: Asked) -> Complaints:
    """Yield complaints unless each message that an agent was told is stored is there, each typed one just once."""
    by_uid = {sent.uid: sent for sent in ours.sent}
    for uid, text in asked.stored.items():
        if uid not in by_uid:
            yield f"lost: {text!r} was stored, as the agent was told, and is not in the store"
        elif text not in by_uid[uid].body:
            yield f"changed: {text!r} became {by_uid[uid].body!r}"
    bodies = Counter(sent.body for sent in ours.sent)
    for text in asked.typed:
        if bodies[text] != 1:
            yield f"typed once, and {bodies[text]} times in the store: {text!r}"


def everything_has_ended(ours: Ours, asked: Asked) -> Complaints:
    """Yield complaints unless no message is left on its way, and each that wasn't sent for sure says why."""
    for sent in ours.sent:
        last = sent.tries[-1] if sent.tries else None
        if sent.status in (Delivery.QUEUED, Delivery.SENDING) or sent.task or (last and last.outcome == "sending"):
            yield f"left on its way: {name(sent)} is {sent.status}, task {sent.task or 'none'}, last try {last}"
        elif sent.status == Delivery.FAILED and not sent.sentence:
            yield f"failed without a reason: {name(sent)}"
        elif sent.status == Delivery.UNKNOWN and not (
            last and last.outcome == "unknown" and last.code and last.detail and sent.sentence
        ):
            yield f"unknown and unexplained: {name(sent)}, last try {last}"
        elif sent.status in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ) and not (
            (last and last.outcome == "accepted") or (sent.status == Delivery.SENT and sent.id in asked.arrived)
        ):
            yield f"{sent.status} without an accepted try: {name(sent)}, last try {last}"


def nothing_is_sent_twice(ours: Ours, theirs: Theirs, asked: Asked) -> Complaints:
    """Yield complaints unless each attempt was accepted once at most, and repeated only on proof or an agent's key."""
    found = _Matches(ours, theirs)
    for taken in found.strangers:
        yield f"the provider took what we never sent: {taken.channel} to {taken.to}: {taken.body!r}"
    for sent in ours.sent:
        may_have_left = [one for one in sent.tries if one.outcome != "not_sent"]
        if len(may_have_left) > 1 + asked.again.get(sent.id, 0):
            yield (
                f"tried {len(may_have_left)} times, and the agent asked {asked.again.get(sent.id, 0)} times for "
                f"another: {name(sent)}, tries {may_have_left}"
            )
        gone = sum(one.outcome not in _NOT_GONE for one in sent.tries)
        if len(found.of(sent)) > gone:
            yield f"doubled: the provider took {len(found.of(sent))} of {gone} tries of {name(sent)}"
        for number, count in Counter(taken.reference for taken in found.of(sent) if taken.reference).items():
            if count > 1:
                yield f"doubled: the provider took the try {number} {count} times: {name(sent)}"


def nothing_taken_is_denied(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless store and provider agree on each attempt: accepted under that id, or not at all."""
    found = _Matches(ours, theirs)
    for sent in ours.sent:
        theirs_ids = {taken.provider_id for taken in found.of(sent)}
        for one in sent.tries:
            if one.outcome == "accepted" and one.provider_id not in theirs_ids:
                yield f"the provider knows nothing of the accepted try {one.number} of {name(sent)}"
            if one.outcome in _NOT_GONE and found.by_reference.get(f"{sent.uid}.{one.number}"):
                yield f"the provider took the try {one.number} of {name(sent)}, which counts as {one.outcome}"
        for taken in found.of(sent):
            if (taken.sender, taken.to) != (sent.sender, sent.to) or (sent.free and taken.body != sent.body):
                yield f"the provider took something else than {name(sent)}: to {taken.to}: {taken.body!r}"


def unknown_outcomes_are_settled_by_evidence(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints about outcomes that stayed unknown though a provider other than Telegram gave evidence."""
    found = _Matches(ours, theirs)
    alike = Counter((taken.channel, taken.sender, taken.to, taken.body) for taken in theirs.taken)
    # A text that we sent twice is no evidence where it isn't known which of the two was accepted.
    ours_alike = Counter((sent.channel, sent.sender, sent.to, sent.body) for sent in ours.sent)
    for sent in ours.sent:
        if sent.status != Delivery.UNKNOWN or sent.channel == Channel.TELEGRAM or not sent.tries:
            continue
        for taken in found.by_reference.get(f"{sent.uid}.{sent.tries[-1].number}", ()):
            text = taken.channel, taken.sender, taken.to, taken.body
            listed = sent.channel in BY_TWILIO and alike[text] == 1 and ours_alike[text] <= 1
            if _names_it(taken) or listed:
                yield (
                    f"evidence was there ({', '.join(sorted(taken.told)) or 'its text, in the list'}), and "
                    f"the outcome stayed unknown: {name(sent)}, try {sent.tries[-1]}"
                )


def _names_it(taken: Taken) -> bool:
    """Return whether a report that we acknowledged names our message: Messenger's receipts know only its own ids."""
    return "echo" in taken.told if taken.channel == Channel.MESSENGER else bool(taken.told)


def _can_be_applied(taken: Taken, sent: Sent) -> bool:
    """Return whether a report that we acknowledged can be matched to its message.

    A Messenger receipt that names no message tells a time. To know that it is about this message, an echo or a delivery
    by its id must have told when the provider had it.
    """
    if _names_it(taken):
        return True
    return bool(sent.provider_id) and (taken.channel != Channel.MESSENGER or "delivered" in taken.told)


def statuses_are_true(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless a status claims no more than the provider did, and no less than we acknowledged."""
    found = _Matches(ours, theirs)
    for sent in ours.sent:
        taken = found.last_of(sent)
        if taken is None:
            continue
        became = {_REPORTED[word] for word in taken.statuses if word in _REPORTED}
        status = Delivery(sent.status)
        if status in (Delivery.DELIVERED, Delivery.READ) and not any(
            word in became for word in (status, Delivery.READ)
        ):
            yield f"{status}, which the provider never said: {name(sent)} is {taken.statuses}"
        if status is Delivery.FAILED and sent.tries[-1].outcome == "accepted" and Delivery.FAILED not in became:
            yield f"failed, which the provider never said: {name(sent)} is {taken.statuses}"
        for word in taken.told if _can_be_applied(taken, sent) else ():
            told = _REPORTED.get(word)
            if told is not None and advance(status, told) is not status:
                yield f"we said yes to {word}, and it is {status}: {name(sent)}"


def statuses_go_forward(ours: Ours, asked: Asked) -> Complaints:
    """Yield complaints unless each status that was written followed from the one before it, up to the present one."""
    moves: dict[int, list[Moved]] = defaultdict(list)
    for moved in ours.moved:
        moves[moved.message_id].append(moved)
    for sent in ours.sent:
        steps = moves[sent.id]
        stood = Delivery.QUEUED.value
        for moved in steps:
            if moved.old != stood:
                yield f"the journal has a hole: {name(sent)} was {stood}, then {moved.old}"
            stood = moved.new
        if stood != sent.status:
            yield f"the journal ends at {stood}: {name(sent)} is {sent.status}"
        back = Counter((moved.old, moved.new) for moved in steps if not _is_forward(moved))
        proofs, wishes = sum(one.outcome == "not_sent" for one in sent.tries), asked.again.get(sent.id, 0)
        allowed = {
            ("sending", "queued"): proofs,
            ("failed", "queued"): wishes,
            # The proof may come after another worker took the outbox that waited for it for dead.
            ("unknown", "queued"): proofs + wishes,
        }
        for step, count in back.items():
            if count > allowed.get(step, 0):
                yield f"backwards: {' → '.join(step)} {count} times: {name(sent)}, tries {sent.tries}"
        if sent.channel == Channel.TELEGRAM:
            yield from _settled_by_asking(sent, steps, asked)


def _settled_by_asking(sent: Sent, steps: Sequence[Moved], asked: Asked) -> Complaints:
    """Yield a complaint when doubt on Telegram was reconciled by anything but the late answer or an agent."""
    settled = sum((moved.old, moved.new) == ("unknown", "sent") for moved in steps)
    answers, words = sum(one.outcome == "accepted" for one in sent.tries), int(sent.id in asked.arrived)
    if settled > answers + words:
        yield f"settled {settled} times, by {answers} answers and {words} words of an agent: {name(sent)}"


def _is_forward(moved: Moved) -> bool:
    old, new = Delivery(moved.old), Delivery(moved.new)
    return advance(old, new) is new and not (old in FINAL and new is Delivery.QUEUED)


def everything_heard_is_there_once(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless what we acknowledged is stored, nothing twice, and nothing that no person wrote."""
    written = {entry.key: entry for entry in theirs.written}
    stored: dict[Key, list[Heard]] = defaultdict(list)
    for heard in ours.heard:
        stored[heard.key].append(heard)
    for key, entry in written.items():
        if entry.acknowledged and not stored[key]:
            yield f"lost: {entry.body!r} of {entry.from_} ({entry.channel}), to which we said yes"
    for key, entries in stored.items():
        if len(entries) > 1:
            yield f"stored {len(entries)} times: {entries[0].body!r} of {entries[0].from_} ({entries[0].channel})"
        for heard in entries:
            source = written.get(key)
            if source is None:
                yield f"nobody wrote this: {heard.body!r} of {heard.from_} ({heard.channel})"
            elif source.from_ != heard.from_ or heard.body not in (source.body, *source.perhaps):
                yield f"changed: {source.body!r} of {source.from_} became {heard.body!r} of {heard.from_}"
            elif heard.edited != (source.edited or heard.body in source.perhaps):
                yield f"shown as {'edited' if heard.edited else 'never edited'}: {heard.body!r} of {heard.from_}"


def threads_are_in_order(ours: Ours, theirs: Theirs) -> Complaints:
    """Yield complaints unless inbound messages are where the provider's time puts them, in whatever order they came."""
    written = {entry.key: entry for entry in theirs.written}
    before: dict[tuple[str, str, str], Written] = {}
    for heard in ours.heard:
        source, precision = written.get(heard.key), PRECISION.get(Channel(heard.channel))
        if source is None or precision is None:
            continue
        # Dated ahead of our clock, which was moved back meanwhile: the message counts as written when it came.
        if heard.at < source.at - precision:
            if source.at - heard.at > BACKWARDS:
                yield f"dated {heard.at}, and written at {source.at}: {heard.body!r} ({heard.channel})"
            continue
        if heard.at > source.at:
            yield f"dated {heard.at}, and written at {source.at}: {heard.body!r} ({heard.channel})"
        thread = (heard.channel, heard.sender, heard.from_)
        last = before.get(thread)
        if last is not None and last.at - source.at >= precision:
            yield f"out of order: {source.body!r} stands after {last.body!r} ({heard.channel})"
        before[thread] = source


class _Matches:
    """Which message of ours each message at the provider is."""

    def __init__(self, ours: Ours, theirs: Theirs) -> None:
        uids = {sent.uid: sent for sent in ours.sent}
        texts = {(sent.sender, sent.to, sent.body): sent for sent in ours.sent if sent.channel == Channel.TELEGRAM}
        self.by_reference: Mapping[str, list[Taken]] = defaultdict(list)
        self.strangers: list[Taken] = []
        self._found: dict[int, list[Taken]] = defaultdict(list)
        for taken in theirs.taken:
            if taken.channel == Channel.TELEGRAM:
                sent = texts.get((taken.sender, taken.to, taken.body))
            else:
                sent = uids.get(taken.reference.rpartition(".")[0])
                self.by_reference[taken.reference].append(taken)
            if sent is None:
                self.strangers.append(taken)
            else:
                self._found[sent.id].append(taken)

    def of(self, sent: Sent) -> list[Taken]:
        """Return what the provider accepted of a message of ours, at most one entry for each attempt."""
        return self._found.get(sent.id, [])

    def last_of(self, sent: Sent) -> Taken | None:
        """Return what the provider accepted of the message's last attempt, or None where that can't be known."""
        if not sent.tries:
            return None
        if sent.tries[-1].provider_id:
            return next((one for one in self.of(sent) if one.provider_id == sent.tries[-1].provider_id), None)
        return next(iter(self.by_reference.get(f"{sent.uid}.{sent.tries[-1].number}", ())), None)
