"""The answers to requests that aren't accepted."""

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from contacts_tui.channels.base import CREDENTIALS, NO_CHALLENGE, WRONG_TYPE, BadRequest, BadSignature
from contacts_tui.receiver.body import CLOSE
from contacts_tui.receiver.refusal_log import RefusalLog
from contacts_tui.services.errors import NotFound
from contacts_tui.store.errors import StoreError

STATUSES = {WRONG_TYPE: 415, NO_CHALLENGE: 405}
"""HTTP status of a BadRequest by its code; 400 for every other."""

REFUSALS = (HTTPException, BadRequest, BadSignature, StoreError, NotFound)
"""The errors that `answer` answers. Any other error is a fault of this program."""


def unknown() -> HTTPException:
    """Return the error to raise for an address that no inbox has."""
    return HTTPException(404, "No inbox has its webhook here.", CLOSE)


def answer(log: RefusalLog, path: str, error: Exception) -> Response:
    """Return the answer to a request to `path` that ended with one of REFUSALS, and log what operators should know."""
    match error:
        case HTTPException():
            return PlainTextResponse(error.detail, error.status_code, error.headers)
        case BadRequest():
            log.add(path, error.sentence)
            headers = CLOSE | {"allow": "POST"} if error.code == NO_CHALLENGE else CLOSE
            return PlainTextResponse(error.sentence, STATUSES.get(error.code, 400), headers)
        case BadSignature():
            log.add(path, error.sentence)
            # Our missing credential isn't the caller's fault, so the answer is a temporary one.
            if error.code == CREDENTIALS:
                return PlainTextResponse("The signature can't be checked now.", 503, CLOSE)
            return PlainTextResponse(error.sentence, 403, CLOSE)
        case NotFound():
            # The inbox was disconnected while its request was being read.
            return answer(log, path, unknown())
    # A StoreError: nothing was stored, and the answer says so.
    log.add(path, f"it can't be stored: {error}")
    return PlainTextResponse("The message can't be stored now.", 503)
