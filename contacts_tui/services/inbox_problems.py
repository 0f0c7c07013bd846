"""The problems of an inbox itself, and when each is over. Every caller of a provider reports its result here."""

from collections.abc import Iterable

from sqlmodel import Session

from contacts_tui.channels import local_errors, registry
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.failure import Blame
from contacts_tui.domain.health import Source, Trouble
from contacts_tui.domain.inbox import Inbox
from contacts_tui.store import inbox_problems, inboxes


def failed(session: Session, clock: Clock, inbox_id: int, source: Source, code: str) -> None:
    """Note a failure of the inbox. It becomes a problem when the cause is on our side; else it is only the last error.

    While nothing can be received it is always a problem: people may be writing.
    """
    inbox = inboxes.get(session, inbox_id)
    if inbox is None or not inbox.is_connected:
        return
    inboxes.note_error(session, clock, inbox_id, code)
    if source is Source.RECEIVING or registry.explain(inbox.provider, code).blame is Blame.SENDER:
        inbox_problems.put(session, clock, inbox_id, source, code)


def code_of_receiving(provider: Provider, code: str) -> str:
    """Return the code to note when messages could not be fetched from a provider because of `code`.

    It is NOT_RECEIVED for every code that passes by itself, for the sentences of these speak of sending a message.
    """
    return local_errors.NOT_RECEIVED if registry.explain(provider, code).blame is Blame.PASSING else code


def worked(session: Session, clock: Clock, inbox_id: int, source: Source) -> None:
    """Note a success: the problem with this source is over, and so is every doubt about the credential.

    A check that finds nothing wrong ends all problems; one that persists is reported again by the next try.
    """
    found = inbox_problems.of_inbox(session, inbox_id)
    inbox = inboxes.get(session, inbox_id) if found else None
    if inbox is not None:
        inbox_problems.remove(session, clock, inbox_id, _over(inbox, found, source))


def current(session: Session, inbox: Inbox) -> tuple[Trouble, ...]:
    """Return the problems of an inbox now, the newest first."""
    return tuple(_in_words(inbox, entry) for entry in inbox_problems.of_inbox(session, inbox.id))


def has_problem(session: Session, clock: Clock, inbox_id: int, source: Source) -> bool:
    """Return whether an inbox has a problem that a success with this source would end."""
    inbox = inboxes.get(session, inbox_id)
    return inbox is not None and bool(_over(inbox, inbox_problems.of_inbox(session, inbox_id), source))


def last_error(session: Session, inbox: Inbox) -> Trouble | None:
    """Return the inbox's last failure, also when it is over; None without any."""
    found = inboxes.last_error(session, inbox.id)
    if found is None:
        return None
    provider, code, at = found
    failure = registry.explain(provider, code)
    return Trouble(None, failure.code, failure.happened, failure.remedy, at, failure.rejects_credential)


def rejected(session: Session, inbox: Inbox) -> str:
    """Return why nothing can be sent from an inbox now, as a clause; empty unless its credential is rejected."""
    return next((trouble.happened for trouble in current(session, inbox) if trouble.rejects_credential), "")


def _in_words(inbox: Inbox, entry: inbox_problems.Entry) -> Trouble:
    failure = registry.explain(inbox.provider, entry.code)
    return Trouble(entry.source, failure.code, failure.happened, failure.remedy, entry.at, failure.rejects_credential)


def _over(inbox: Inbox, found: Iterable[inbox_problems.Entry], succeeded: Source) -> tuple[Source, ...]:
    return tuple(entry.source for entry in found if _is_over(inbox.provider, entry, succeeded))


def _is_over(provider: Provider, entry: inbox_problems.Entry, succeeded: Source) -> bool:
    return (
        succeeded in (entry.source, Source.CHECK)
        or (entry.source is Source.CHECK and succeeded is Source.SENDING)
        or registry.explain(provider, entry.code).rejects_credential
    )
