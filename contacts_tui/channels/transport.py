"""Requests to any provider, and the line between "nothing was sent" and "the outcome is unknown".

A message is retried automatically only on proof that nothing left. After the first byte of a request the message may
have been sent, and a second try could reach the person twice.

Imports httpx at its top: import it late, and off the event loop.
"""

import ssl
from collections.abc import Iterable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import NotSent, OutcomeUnknown, Refused
from contacts_tui.channels.fence import Held
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.channels.untrusted import text_of
from contacts_tui.domain import rate_limits

ANSWER_LIMIT: Final = 8 * 1024 * 1024
"""The longest answer that is read, in bytes: a page of templates has some hundred thousand."""

DETAIL_LIMIT: Final = 500
"""The longest explanation kept of an error, in characters."""

LONGEST_WAIT: Final = rate_limits.LONGEST_ASKED_WAIT
"""The longest wait that a provider can ask for; a longer one is cut to this."""

BAD_REQUEST: Final = 400
"""HTTP statuses from here on are refusals."""
REQUEST_TIMEOUT: Final = 408
TOO_MANY_REQUESTS: Final = 429
SERVER_ERRORS: Final = 500
"""HTTP statuses from here on are failures of the server."""

MOST_CONNECTIONS: Final = 20
"""The most connections that one adapter has at once."""

_BEFORE_THE_REQUEST = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""Raised while a connection is made or waited for: not one byte of the request has left."""

Outcome = Refused | NotSent | OutcomeUnknown
"""The possible outcomes of a request without a good answer."""


class BadAddress(ValueError):
    """A request would go to an address to which no credential may be sent."""


class BadText(ValueError):
    """The message can't be encoded, so nothing was sent."""


class AnswerTooLong(Exception):
    """The answer is over ANSWER_LIMIT."""


def new_pool(times: Timeouts, most_connections: int | None) -> httpx.AsyncClient:
    """Return the connection pool of one adapter, unlimited when `most_connections` is None.

    Every time-out is explicit, so that no wait is endless by default.
    """

    async def wait_for_the_line(request: httpx.Request) -> None:
        more = times.draining(int(request.headers.get("content-length", "0")))
        for name in ("write", "read"):
            request.extensions["timeout"][name] += more

    return httpx.AsyncClient(
        timeout=httpx.Timeout(connect=times.connect, read=times.read, write=times.write, pool=times.pool),
        event_hooks={"request": [wait_for_the_line]},
        # No connection is kept for a next request. A server may close an idle one just as a POST begins to leave,
        # and then it is unknown whether the message was sent. A new handshake costs less than that.
        limits=httpx.Limits(max_connections=most_connections, max_keepalive_connections=0),
        follow_redirects=False,
        # A sandbox on this machine is never behind the proxy that the environment may name.
        mounts={f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")},
    )


def retry_after(headers: httpx.Headers) -> timedelta | None:
    """Return the wait of `Retry-After` (seconds, or a date less the answer's `Date`), LONGEST_WAIT at most, or None."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        if text.isdecimal():
            wait = timedelta(seconds=int(text))
        else:
            wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return LONGEST_WAIT if text.isdecimal() else None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def explanation(words: str, secrets: Iterable[str] = ()) -> str:
    """Return a provider's explanation of an error as it is stored: without our secrets, which some repeat, and cut."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return text_of(words)[:DETAIL_LIMIT]


async def read_answer(answer: httpx.Response) -> bytes:
    """Return the body of a streamed answer. Raise AnswerTooLong."""
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise AnswerTooLong
    return bytes(body)


def before_leaving(error: Exception) -> Refused | NotSent | None:
    """Return the outcome of a failure that proves that nothing left; None for any other failure."""
    match error:
        case Held():
            return NotSent(local_errors.OVERTAKEN, str(error))
        case BadText():
            return Refused(local_errors.UNWRITABLE, str(error))
        case BadAddress() | httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Refused(local_errors.BASE_URL, str(error))
    if isinstance(error, _BEFORE_THE_REQUEST):
        return NotSent(local_errors.TLS if _is_tls(error) else local_errors.NO_CONNECTION, _words(error))
    return None


def after_leaving(error: Exception) -> OutcomeUnknown | None:
    """Return the outcome of a failure after the request began to leave; None when it isn't one of the connection."""
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return OutcomeUnknown(local_errors.TIMEOUT, _words(error))
    if isinstance(error, httpx.TransportError):
        return OutcomeUnknown(local_errors.DROPPED, _words(error))
    return None


def _is_tls(error: BaseException) -> bool:
    """Return whether a connection error was caused by a TLS failure."""
    below: BaseException | None = error if isinstance(error, httpx.ConnectError) else None
    while below is not None:
        # A handshake that waits for more bytes raises an SSLError too, without anything being unsafe.
        if isinstance(below, ssl.SSLError) and not isinstance(below, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
            return True
        below = below.__cause__ or below.__context__
    return False


def _words(error: Exception) -> str:
    """Return an error's text, or its type's name: many of httpx's time-outs have no text."""
    return str(error) or type(error).__name__
