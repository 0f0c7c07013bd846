"""The outcome of one request to Twilio: from its answer, or from a failure of the connection (see `transport`)."""

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import ChannelError, NotSent, OutcomeUnknown, Refused
from contacts_tui.channels.transport import (
    BAD_REQUEST,
    REQUEST_TIMEOUT,
    SERVER_ERRORS,
    TOO_MANY_REQUESTS,
    Outcome,
    after_leaving,
    before_leaving,
)
from contacts_tui.channels.twilio import errors
from contacts_tui.channels.twilio.http import Exchange

UNAUTHORIZED = 401


def of_failure(exchange: Exchange, error: Exception) -> Outcome:
    """Return the outcome of a send that failed. Never raise."""
    if (unsent := before_leaving(error)) is not None:
        return unsent
    if exchange.status is not None and (exchange.text or exchange.status >= BAD_REQUEST):
        # The status alone suffices for a refusal whose body was cut off.
        return _of_answer(exchange, error)
    return after_leaving(error) or _of_answer(exchange, error)


def as_channel_error(exchange: Exchange, error: Exception) -> ChannelError:
    """Return the failure of a query (templates, evidence, a check) as an error with a sentence for the agent."""
    return local_errors.query_error("Twilio", of_failure(exchange, error), errors.explain)


def _of_answer(exchange: Exchange, error: Exception) -> Outcome:
    status, said = exchange.status, exchange.error()
    detail = f"{said.code} {said.message}".strip()
    if status is None:
        return OutcomeUnknown(local_errors.DROPPED, f"no answer: {type(error).__name__}")
    if status == TOO_MANY_REQUESTS or (said.code == errors.RATE_LIMIT and status >= BAD_REQUEST):
        return NotSent(said.code or errors.RATE_LIMIT, said.message, exchange.retry_after, rate_limited=True)
    if status >= SERVER_ERRORS:
        # Even a 503 proves nothing: the part of Twilio that answered need not be the part that took the message.
        code = said.code if said.code in errors.DOUBTFUL else local_errors.SERVER_ERROR
        return OutcomeUnknown(code, f"HTTP {status} {detail}".strip())
    if status < BAD_REQUEST or status == REQUEST_TIMEOUT:
        # A redirect or a 408 comes from a server in between; an odd 2xx may well be a message that was accepted.
        return OutcomeUnknown(local_errors.UNREADABLE, f"HTTP {status} {detail}".strip())
    if said.code:
        return Refused(said.code, said.message)
    return Refused("20003" if status == UNAUTHORIZED else f"http_{status}", said.message)
