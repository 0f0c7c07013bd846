"""The SDK's requests: made over our own pool, once, with time-outs, and the outcome of each.

Imports the SDK and httpx at its top: import it late, and off the event loop.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import IO, Any, Final
from urllib.parse import quote, urlsplit

import httpx
from telegram import Bot
from telegram.request import BaseRequest, RequestData

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import ChannelError, NotSent, OutcomeUnknown, Refused
from contacts_tui.channels.fence import Fence, extensions
from contacts_tui.channels.telegram import errors
from contacts_tui.channels.transport import (
    BAD_REQUEST,
    LONGEST_WAIT,
    REQUEST_TIMEOUT,
    SERVER_ERRORS,
    TOO_MANY_REQUESTS,
    AnswerTooLong,
    BadText,
    Outcome,
    after_leaving,
    before_leaving,
    explanation,
    read_answer,
)
from contacts_tui.channels.untrusted import whole

VENDOR: Final = "https://api.telegram.org"

_OK, _REDIRECTS = 200, 300

_NO_UPDATES: Final = b'{"ok": true, "result": []}'
"""The answer that the SDK gets in the place of updates. It would make objects of them, drop what it doesn't know, and
log all of them on a shape that it doesn't expect; they are read from `Exchange.result` instead."""


def without_token(words: str, token: str) -> str:
    """Return a text of Telegram's without the bot's token, also where it is written as in an address."""
    return re.sub(re.escape(token).replace(":", "(?::|%3A)"), "…", words, flags=re.IGNORECASE)


class NoResult(Exception):
    """An answer without a result: an error, or not the Bot API's. Raised so that the SDK doesn't see and log it."""


class Exchange(BaseRequest):
    """The HTTP client of one operation of a bot. It keeps the last answer, as the SDK's errors leave most of it out."""

    def __init__(self, pool: httpx.AsyncClient, token: str, fence: Fence | None = None) -> None:
        """Take the pool, the fence, and the `token`, which is kept out of every explanation."""
        self._pool = pool
        self._fence = fence
        self._token = token
        self.status: int | None = None
        """HTTP status of the last answer; None before there is one."""
        self.body: bytes | None = None
        """The last answer's body; None before all of it was read."""
        self.failure: Exception | None = None
        """The error that ended the last request."""

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer; the SDK adds the time of a long poll."""
        return self._pool.timeout.read

    async def initialize(self) -> None:
        """Do nothing: the pool is the adapter's."""

    async def shutdown(self) -> None:
        """Do nothing: the pool is the adapter's."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request, without any retry. Of the time-outs only `read_timeout` counts: the pool has the others."""
        self.status, self.body, self.failure = None, None, None
        try:
            return await self._request(url, method, request_data, read_timeout)
        except Exception as error:
            self.failure = error
            raise

    async def _request(
        self, url: str, method: str, data: RequestData | None, read_timeout: object
    ) -> tuple[int, bytes]:
        times = self._pool.timeout
        if isinstance(read_timeout, (int, float)):
            times = httpx.Timeout(connect=times.connect, read=read_timeout, write=times.write, pool=times.pool)
        try:
            request = self._pool.build_request(
                method,
                url,
                data=data.json_parameters if data else None,
                files=_in_pieces(data) if data else None,
                timeout=times,
                extensions=extensions(self._fence),
            )
        except UnicodeEncodeError as error:
            raise BadText("the text holds half a surrogate pair") from error
        answer = await self._pool.send(request, stream=True)
        try:
            self.status = answer.status_code
            body = await read_answer(answer)
        finally:
            await answer.aclose()
        self.body = body
        if self.result() is None:
            raise NoResult(f"HTTP {self.status}")
        return answer.status_code, _NO_UPDATES if url.endswith("/getUpdates") else body

    def result(self) -> Any:
        """Return the result of a good answer; None for any other."""
        if self.status is None or not _OK <= self.status < _REDIRECTS:
            return None
        return self._answer().get("result")

    @property
    def was_too_long(self) -> bool:
        """Whether the last answer was longer than any that is read."""
        return isinstance(self.failure, AnswerTooLong)

    def outcome(self, error: Exception) -> Outcome:
        """Return the outcome of a send that returned no message. Never raise."""
        failure = self.failure or error
        if self.status is None and (unsent := before_leaving(failure)) is not None:
            return unsent
        if self.body is not None or (self.status or 0) >= BAD_REQUEST:
            # The status alone suffices for a refusal whose body was cut off.
            return self._refusal()
        return after_leaving(failure) or OutcomeUnknown(local_errors.DROPPED, f"no answer: {type(failure).__name__}")

    def trouble(self, error: Exception) -> ChannelError:
        """Return the failure of a query as an error with a sentence for the agent."""
        result = self.outcome(error)
        if isinstance(result, Refused) and result.code.startswith(str(BAD_REQUEST)):
            return ChannelError(f"Telegram refused: {result.detail}.", result.code)
        return local_errors.query_error(errors.PROVIDER, result, errors.explain)

    def description(self) -> str:
        """Return the last answer's own explanation; the HTTP status where it has none."""
        said = self._answer().get("description")
        words = said if isinstance(said, str) and said else f"HTTP {self.status}"
        return explanation(without_token(words, self._token))

    def _answer(self) -> Mapping[str, Any]:
        try:
            answer = json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def _refusal(self) -> Outcome:
        status, detail = self.status or 0, self.description()
        if status == TOO_MANY_REQUESTS:
            return NotSent(errors.RATE_LIMIT, detail, self._pause(), rate_limited=True)
        if status >= SERVER_ERRORS:
            return OutcomeUnknown(local_errors.SERVER_ERROR, f"HTTP {status}: {detail}")
        if status < BAD_REQUEST or status == REQUEST_TIMEOUT:
            # A redirect or a 408 comes from a server in between; an odd 2xx may well be a message that was accepted.
            return OutcomeUnknown(local_errors.UNREADABLE, detail)
        return Refused(errors.code_of(status, detail), detail)

    def _pause(self) -> timedelta | None:
        parameters = self._answer().get("parameters")
        wait = whole(parameters.get("retry_after")) if isinstance(parameters, dict) else None
        if wait is None or wait < 0:
            return None
        return min(timedelta(seconds=min(wait, 86_400)), LONGEST_WAIT)


def _in_pieces(data: RequestData) -> dict[str, tuple[str, IO[bytes], str]]:
    """Return a request's files as streams: httpx writes them in pieces, and the time-out is that of each piece."""
    return {
        part: (name, BytesIO(content) if isinstance(content, bytes) else content, kind)
        for part, (name, content, kind) in data.multipart_data.items()
    }


class Line:
    """The Bot API of one bot."""

    def __init__(self, pool: httpx.AsyncClient, base_url: str, token: str) -> None:
        """Take the inbox's `base_url`; empty for Telegram's own. Raise ChannelError when it isn't a web address."""
        self.pool = pool
        self.token = token
        self._root = (base_url or VENDOR).rstrip("/")
        try:
            parts = urlsplit(self._root)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_good = False
        if not is_good:
            raise ChannelError("The inbox's base URL is not valid.", local_errors.BASE_URL)
        self.host = parts.netloc
        """Host and port of the Bot API."""

    def begin(self, fence: Fence | None = None) -> tuple[Bot, Exchange]:
        """Return the SDK's bot for one operation, and the exchange with its result. Cheap: both only keep arguments."""
        exchange = Exchange(self.pool, self.token, fence)
        bot = Bot(
            self.token,
            # Functions, not texts: the SDK would take braces in a text for placeholders.
            base_url=lambda known: f"{self._root}/bot{known}",
            base_file_url=lambda known: f"{self._root}/file/bot{known}",
            request=exchange,
            get_updates_request=exchange,
        )
        return bot, exchange

    async def ask(
        self, question: Callable[[Bot], Awaitable[object]], seconds: float, fence: Fence | None = None
    ) -> Any:
        """Return the result of a query, as Telegram gave it. Raise ChannelError."""
        bot, exchange = self.begin(fence)
        error: Exception = ValueError("no result")
        try:
            async with asyncio.timeout(seconds):
                await question(bot)
        except Exception as failure:
            # A good answer that the SDK can't read is still a good answer.
            error = failure
        result = exchange.result()
        if result is None:
            raise exchange.trouble(error) from error
        return result

    def file_url(self, path: str) -> str:
        """Return the address from which a file is downloaded; it contains the token."""
        return f"{self._root}/file/bot{self.token}/{quote(path, safe='/')}"
