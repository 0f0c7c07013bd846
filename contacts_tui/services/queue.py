"""What agents do with people in the queue: assign, snooze, close, open, tag. Each action is journaled and undoable."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from contacts_tui.domain import answer_target
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.id_set import IdSet
from contacts_tui.domain.roles import Right
from contacts_tui.domain.snooze import Snooze
from contacts_tui.domain.text import counted, done_with, name_fault
from contacts_tui.domain.urgency import AnswerTarget, QueueEntry, State
from contacts_tui.services import agents, person_fields, rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import change_feed, contacts, journal, people_removal, queue
from contacts_tui.store.journal import Fields, JournalEntry, Step
from contacts_tui.store.queue import Standing
from contacts_tui.store.store import Store


class Kind(StrEnum):
    """A kind of action on a person."""

    ASSIGN = "assign"
    SNOOZE = "snooze"
    CLOSE = "close"
    OPEN = "open"
    TAG = "tag"
    UNTAG = "untag"


@dataclass(frozen=True, slots=True)
class Action:
    """One action, on one person or on many."""

    kind: Kind
    value: str = ""
    """The assignee (empty: unassigned) or the tag."""
    snooze: Snooze | None = None

    @property
    def words(self) -> str:
        """What is done, in words: "assigned to Noor"."""
        return {
            Kind.ASSIGN: f"assigned to {self.value}" if self.value else "unassigned",
            Kind.SNOOZE: "snoozed",
            Kind.CLOSE: "closed",
            Kind.OPEN: "opened",
            Kind.TAG: f"tagged {self.value}",
            Kind.UNTAG: f"tag {self.value} removed",
        }[self.kind]

    def result(self, agent: str) -> str:
        """Return the state after the action, in words for the agent of this name: "assigned to you"."""
        if self.kind is Kind.ASSIGN and self.value == agent:
            return "assigned to you"
        return {Kind.OPEN: "open", Kind.UNTAG: f"without the tag {self.value}"}.get(self.kind, self.words)


@dataclass(frozen=True, slots=True)
class Done:
    """The result of an action or of an undo."""

    batch: int
    """The action's number in the journal; 0 when it changed nothing."""
    contact_ids: Sequence[int]
    """The people who were changed."""
    words: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would do."""

    contact_ids: tuple[int, ...]
    """The people who would change."""
    waiting: tuple[int, ...]
    """Those whom closing would leave without an answer."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A change of one person that was made already, with the fields that an undo restores."""

    action: str
    words: str
    """What was done, in words: "note added"."""
    contact_id: int
    before: Fields
    after: Fields


@dataclass(frozen=True, slots=True)
class Affected:
    """How many people an action would affect badly."""

    waiting: int
    """People whom closing would leave without an answer."""
    of_others: int
    """People who would be taken from another agent."""


FORGET = "forget"
"""The journal's action that can't be undone."""
_OF_ACTIONS = ("owner", "tags", "state", "wake", "wake_at")
"""The fields that actions change."""
_AFTER_YOU = 0.002
"""Seconds between two transactions of a long undo, in which other writers get the lock."""
UNDONE_AT_ONCE = 200
"""Steps that one transaction of an undo takes back: few, so that it holds up no other writer for long."""
_MOST_WOKEN = 200
"""People woken in one transaction."""


def entries(session: Session, clock: Clock, ids: Iterable[int]) -> dict[int, QueueEntry]:
    """Return the queue entries of these people; a person without a conversation has none."""
    return queue.entries(session, ids)


def entry(session: Session, clock: Clock, contact_id: int) -> QueueEntry | None:
    """Return a person's queue entry; None for one without a conversation."""
    return queue.entry(session, contact_id)


def preview(session: Session, clock: Clock, contact_ids: Iterable[int], action: Action) -> Preview:
    """Return what an action would change, without doing it. Raise NotFound for the only person, if unknown."""
    steps = _steps(session, contact_ids, action)
    found = queue.entries(session, [step.contact_id for step in steps])
    waiting = [key for key, one in found.items() if one.waiting_since is not None]
    return Preview(tuple(step.contact_id for step in steps), tuple(waiting) if action.kind is Kind.CLOSE else ())


def affected(session: Session, clock: Clock, contact_ids: Iterable[int], action: Action, agent: str) -> Affected:
    """Return how many people an action would affect badly, however many they are.

    `agent` is who acts. Raise NotAllowed for more people than they may change at once.
    """
    ids = list(contact_ids)
    rights.check_many(session, clock, agent, len(ids))
    return Affected(
        waiting=queue.waiting(session, ids) if action.kind is Kind.CLOSE else 0,
        of_others=queue.assigned_to_others(session, ids, agent) if action.kind is Kind.ASSIGN else 0,
    )


def apply(
    session: Session, clock: Clock, agent: str, contact_ids: Iterable[int], action: Action, batch: int = 0
) -> Done:
    """Do an action on these people, as one step that can be undone. People who are so already stay untouched.

    `batch` continues an action that was begun: however many people it has, each transaction is short, and one undo
    takes back all. Of several people, those who no longer exist are left out; raise NotFound for the only one, BadInput
    for an assignee who is disabled, and NotAllowed for more people than an agent may change at once.
    """
    wanted = tuple(dict.fromkeys(contact_ids))
    rights.check_many(session, clock, agent, len(wanted) + (journal.size(session, batch) if batch else 0))
    if action.kind is Kind.ASSIGN and action.value:
        if fault := name_fault(action.value):
            raise BadInput(f"an agent can't be named so: {fault}")
        found = agents.named(session, clock, action.value)
        if found is not None and found.disabled_at is not None:
            raise BadInput(f"{action.value} is disabled: choose another agent, or enable them by `agents add`")
    steps = _steps(session, wanted, action)
    if not steps:
        return Done(batch, (), f"nothing to do: {action.result(agent)} already")
    number, now = batch or journal.next_batch(session), clock()
    journal.add(session, number, now, agent, action.kind.value, action.words, steps)
    for step in steps:
        person_fields.put(session, clock, step.contact_id, step.after)
    return Done(number, tuple(step.contact_id for step in steps), _sentence(session, steps, action.words))


def record(session: Session, clock: Clock, agent: str, deed: Deed, batch: int = 0) -> Done:
    """Write a change of a person that was made already into the journal, as one step that can be undone.

    `batch` is the action that it is a part of; 0 for an action of its own.
    """
    batch = batch or journal.next_batch(session)
    step = Step(0, deed.contact_id, deed.words, deed.before, deed.after)
    journal.add(session, batch, clock(), agent, deed.action, deed.words, [step])
    return Done(batch, (deed.contact_id,), _sentence(session, [step], deed.words))


def undo(session: Session, clock: Clock, agent: str, batch: int | None = None) -> Done:
    """Undo an action: the one with this number, or the agent's last. People who were changed since stay as they are.

    For an action on very many, such as an import, see `undo_whole`. Raise NotFound when there is nothing to undo,
    NotAllowed for what another agent did, and BadInput for what can't be undone.
    """
    return _undone(session, clock, _whole(lambda after: _undo_some(session, clock, agent, batch, after)))


def undo_whole(
    store: Store, agent: str, batch: int | None = None, tell: Callable[[int], None] = lambda _: None
) -> Done:
    """Undo an action as `undo` does, in short transactions that hold up no other writer; may take long.

    `tell` gets how many people were looked at so far, after each transaction that was full.
    """

    def undo_some(after: _Undone | None) -> _Undone:
        part = store.call(_undo_some, agent, batch, after)
        # The lock between the writers of a process is not fair: a waiting writer gets it in this time.
        time.sleep(_AFTER_YOU)
        return part

    return store.call_read(_undone, _whole(undo_some, tell))


def _whole(undo_some: "Callable[[_Undone | None], _Undone]", tell: Callable[[int], None] = lambda _: None) -> "_Undone":
    """Undo part after part, each following the one before it, and return all of them together."""
    part = whole = undo_some(None)
    while part.is_full:
        tell(len(whole.undone) + len(whole.left))
        try:
            part = undo_some(part)
        except NotFound:
            break
        whole.undone.add(part.undone.ids)
        whole.left.add(part.left.ids)
    return whole


@dataclass(frozen=True, slots=True)
class _Undone:
    """The part of an action that was undone."""

    number: int
    undone: IdSet
    """The people whose change was undone; one action may have changed a person twice."""
    left: IdSet
    words: str
    is_full: bool
    """Whether there may be more."""
    name: str
    """The name of the only person, who may no longer exist; empty for several."""
    lowest: int
    """The journal entry that was looked at last; the remaining ones have lower ids."""


def _undo_some(session: Session, clock: Clock, agent: str, batch: int | None, after: _Undone | None) -> _Undone:
    if after is not None:
        number: int | None = after.number
        steps = journal.steps(session, after.number, UNDONE_AT_ONCE, after.lowest)
    else:
        number = journal.last_batch(session, agent) if batch is None else batch
        steps = () if number is None else journal.steps(session, number, UNDONE_AT_ONCE)
    if number is None or not steps:
        raise NotFound("there is nothing to undo" if batch is None else f"action {batch} is undone already, or unknown")
    if journal.author(session, number) != agent:
        rights.check(session, clock, agent, Right.UNDO)
    if not any(step.after for step in steps):
        raise BadInput(f"action {number} can't be undone: {steps[0].words} is for good")
    undone, left = IdSet(), IdSet()
    # A person whom the action added and then changed is as they were added once that change is undone.
    added = {step.contact_id: step.after["digest"] for step in steps if step.after.get("exists")}
    for step in steps:
        if step.after.get("exists"):
            continue
        now = person_fields.read(session, step.contact_id, step.after)
        if now is not None and all(now[name] == value for name, value in step.after.items()):
            person_fields.put(session, clock, step.contact_id, step.before)
            undone.add([step.contact_id])
        else:
            left.add([step.contact_id])
    gone = person_fields.as_added(session, added)
    undone.add(gone)
    left.add(added.keys() - set(gone))
    only = contacts.get(session, undone.ids[0]) if len(undone) == 1 else None
    people_removal.take_away(session, clock, gone)
    journal.mark_undone(session, steps, clock(), agent)
    is_full = len(steps) == UNDONE_AT_ONCE
    return _Undone(number, undone, left, steps[-1].words, is_full, only.name if only else "", steps[-1].id)


def _undone(session: Session, clock: Clock, part: _Undone) -> Done:
    ids = part.undone.ids[::-1]
    told = done_with(part.name, part.words) if part.name and len(ids) == 1 else _told(session, ids, part.words)
    sentence = f"undone: {told}" if ids else "nothing was undone"
    if left := len(part.left):
        sentence += f"; {counted(left, 'person has', 'people have')} changed since and stayed as they are"
    return Done(part.number, ids, sentence)


def is_wake_due(session: Session, clock: Clock) -> bool:
    """Return whether any person's snooze is over."""
    return bool(queue.due_to_wake(session, clock(), 1))


def wake(session: Session, clock: Clock) -> tuple[int, ...]:
    """Open the people whose snooze is over, up to _MOST_WOKEN of them, and return their ids."""
    woken = queue.due_to_wake(session, clock(), _MOST_WOKEN)
    for contact_id in woken:
        queue.stand(session, contact_id, Standing(State.OPEN, None, None))
        change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    return woken


def written_by(session: Session, clock: Clock, agent: str, limit: int) -> tuple[JournalEntry, ...]:
    """Return the journal's entries of an agent, newest first."""
    return journal.of_agent(session, agent, limit)


def written(
    session: Session, clock: Clock, agent: str, limit: int, contact_id: int | None = None
) -> tuple[JournalEntry, ...]:
    """Return the journal's entries, newest first: of one person, for any agent, or of all. Raise NotAllowed."""
    if contact_id is None:
        rights.check(session, clock, agent, Right.JOURNAL)
    return journal.latest(session, limit, contact_id)


def target(session: Session, clock: Clock, inbox_id: int) -> AnswerTarget:
    """Return the answer target of an inbox."""
    return queue.target(session, inbox_id)


def set_target(session: Session, clock: Clock, agent: str, inbox_id: int, chosen: AnswerTarget | None) -> None:
    """Set the answer target of an inbox; None for the usual one. It applies to messages from now on.

    Raise NotAllowed.
    """
    rights.check(session, clock, agent, Right.INBOXES)
    queue.set_target(session, inbox_id, chosen)
    change_feed.record(session, clock, ChangeKind.INBOX)


def configure_target(session: Session, clock: Clock, agent: str, within: str, hours: str, time_zone: str) -> None:
    """Set the usual target to what an agent's configuration names; empty values name nothing.

    Raise ValueError, and NotAllowed where that would change the target.
    """
    usual = queue.usual_target(session)
    chosen = answer_target.changed(usual, within=within, hours=hours, time_zone=time_zone)
    if chosen != usual:
        rights.check(session, clock, agent, Right.SETTINGS)
        queue.set_usual_target(session, clock, chosen)


def _steps(session: Session, contact_ids: Iterable[int], action: Action) -> list[Step]:
    steps = []
    wanted = dict.fromkeys(contact_ids)
    for contact_id in wanted:
        before = person_fields.read(session, contact_id, _OF_ACTIONS)
        if before is None:
            if len(wanted) == 1:
                raise NotFound(f"there is no person with the id {contact_id}")
            continue
        after = _after(before, action)
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            steps.append(
                Step(
                    0,
                    contact_id,
                    action.words,
                    {name: before[name] for name in changed},
                    {name: after[name] for name in changed},
                )
            )
    return steps


def _after(before: dict[str, Any], action: Action) -> dict[str, Any]:
    standing = None
    match action.kind:
        case Kind.ASSIGN:
            return {"owner": action.value}
        case Kind.TAG:
            known = [tag.casefold() for tag in before["tags"]]
            return {"tags": before["tags"] if action.value.casefold() in known else [*before["tags"], action.value]}
        case Kind.UNTAG:
            return {"tags": [tag for tag in before["tags"] if tag.casefold() != action.value.casefold()]}
        case Kind.SNOOZE:
            if action.snooze is None:
                raise BadInput("say until when")
            standing = Standing(State.SNOOZED, action.snooze.wake, action.snooze.until)
        case Kind.CLOSE:
            standing = Standing(State.CLOSED, None, None)
        case Kind.OPEN:
            standing = Standing(State.OPEN, None, None)
    return queue.as_fields(standing) or {}


def _sentence(session: Session, steps: Sequence[Step], words: str) -> str:
    return _told(session, [step.contact_id for step in steps], words)


def _told(session: Session, contact_ids: Sequence[int], words: str) -> str:
    if len(contact_ids) != 1:
        return f"{counted(len(contact_ids), 'person', 'people')} {words}"
    contact = contacts.get(session, contact_ids[0])
    return done_with(contact.name if contact is not None else "somebody", words)
