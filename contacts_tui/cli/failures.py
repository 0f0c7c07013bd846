"""Turns an exception into a sentence and an exit code. Imported only after a failure, for it imports many packages."""

import logging

from contacts_tui.channels.base import ChannelError
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain
from contacts_tui.cli.send_and_wait import LostSight
from contacts_tui.domain.address import AddressError
from contacts_tui.domain.reachability import Reach
from contacts_tui.paths import PathError
from contacts_tui.receiver import CantListen
from contacts_tui.services.errors import Ambiguous, MayWantToStop, NotAllowed, Refused, ServiceError
from contacts_tui.store.errors import InboxExists, StoreError

_CANDIDATES_SHOWN = 10


def explain(error: Exception) -> Exit:
    """Print on stderr what went wrong, and return the exit code. Log an unexpected error with its traceback."""
    match error:
        case Refused():
            complain(error.sentence)
            if error.state.reach is Reach.TAGGED:
                complain("--human-agent sends it so")
            return Exit.REFUSED
        case MayWantToStop():
            complain(f"{error.sentence}. --despite-stop sends it anyway")
            return Exit.REFUSED
        case Ambiguous():
            complain(error.sentence)
            for contact in error.candidates[:_CANDIDATES_SHOWN]:
                complain(f"id {contact.id}  {contact.name}  {contact.company}".rstrip())
            return Exit.WRONG
        case NotAllowed():
            complain(error.sentence)
            return Exit.REFUSED
        case ServiceError() | InboxExists() | PathError():
            complain(error.sentence)
            return Exit.WRONG
        case AddressError():
            complain(str(error))
            return Exit.WRONG
        case LostSight():
            complain(error.sentence)
            return Exit.UNKNOWN
        case StoreError() | ChannelError() | CantListen():
            complain(error.sentence)
            return Exit.FAILED
        case OSError(filename=str(name)):
            complain(f"{name}: {error.strerror}")
            return Exit.FAILED
    return _crashed(error)


def _crashed(error: Exception) -> Exit:
    from contacts_tui.cli.logs import error_log

    error_log()
    logging.getLogger("contacts_tui").critical("a bug in the program", exc_info=error)
    return tell_mistake(error)


def tell_mistake(error: BaseException) -> Exit:
    """Print on stderr that the program has a bug, and which log has the details. Return the exit code."""
    from contacts_tui.cli.logs import error_log

    file = error_log()
    where = f"; the details are in {file}" if file else ""
    complain(f"a bug in the program, please report it: {type(error).__name__}: {error}{where}")
    return Exit.CRASHED
