"""Two agents on one person: whether another agent answered since a text was begun."""

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Begun
from contacts_tui.domain.text import one_line
from contacts_tui.services.errors import AnsweredSince
from contacts_tui.store import contacts, drafts, messages

_SHOWN = 20
"""Answers that are shown at most: the newest."""


def begun_after(session: Session, clock: Clock, identity_id: int, inbox_id: int) -> int:
    """Return the id of the newest message when the draft was begun; without a draft, of the newest message now."""
    found = drafts.begun_after(session, identity_id, inbox_id)
    return messages.newest(session) if found is None else found


def check(session: Session, clock: Clock, identity_id: int, begun: Begun) -> None:
    """Raise AnsweredSince when the person was answered, on any channel, after a text to them was begun.

    A failed message is no answer, and neither is a note. A message that the agent sent from another terminal is one.
    """
    identity = contacts.identity(session, identity_id)
    if identity is None:
        return
    found = messages.answers_after(session, identity.contact_id, begun.after, _SHOWN)
    answers = tuple(answer for answer in found if answer.id not in begun.known)
    if answers:
        who = ", ".join(dict.fromkeys(one_line(answer.author) or "another program" for answer in answers))
        raise AnsweredSince(f"{who} answered since you began to write", answers)
