"""Requests to the Graph API, and what its answers mean.

Imports httpx at its top: import it late, and off the event loop.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import Accepted, ChannelError, NotSent, OutcomeUnknown, Refused, SendResult
from contacts_tui.channels.fence import Fence, extensions
from contacts_tui.channels.meta import errors
from contacts_tui.channels.transport import (
    BAD_REQUEST,
    LONGEST_WAIT,
    REQUEST_TIMEOUT,
    SERVER_ERRORS,
    TOO_MANY_REQUESTS,
    BadAddress,
    Outcome,
    after_leaving,
    before_leaving,
    explanation,
    read_answer,
    retry_after,
)
from contacts_tui.domain.delivery import Delivery

VENDOR: Final = "https://graph.facebook.com"
VERSION: Final = "v26.0"
"""The version of the Graph API that is used unless an inbox has another."""

PAUSE: Final = timedelta(minutes=1)
"""The wait after a rate limit without one: Graph counts calls by the hour, and the count falls gradually."""

_USAGE = "x-business-use-case-usage"
"""The header with a page's use of its limits, and the minutes until it may call again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the Graph API, read as JSON."""

    status: int
    body: Mapping[str, Any]
    """Empty when the answer wasn't a JSON object."""
    pause: timedelta | None
    """How long the answer asks to wait."""
    secrets: tuple[str, ...] = field(repr=False)
    """Texts that are kept out of every explanation."""

    @property
    def error(self) -> Mapping[str, Any]:
        """The error object of the answer; empty when the answer isn't an error."""
        error = self.body.get("error")
        return error if isinstance(error, dict) and type(error.get("code")) is int else {}

    @property
    def code(self) -> str:
        """Graph's code, with its subcode where there is one; empty without an error."""
        code, subcode = self.error.get("code"), self.error.get("error_subcode")
        if code is None:
            return ""
        return f"{code}/{subcode}" if type(subcode) is int else str(code)

    @property
    def words(self) -> str:
        """Graph's own explanation, or the HTTP status."""
        message = self.error.get("message")
        return explanation(message if isinstance(message, str) and message else f"HTTP {self.status}", self.secrets)


class Graph:
    """The Graph API for one operation of one inbox."""

    def __init__(self, pool: httpx.AsyncClient, base_url: str, version: str, token: str, proof: str) -> None:
        """Take the inbox's settings and `proof`, the token's HMAC under the app's secret; empty without a secret."""
        self._pool = pool
        self._root = f"{(base_url or VENDOR).rstrip('/')}/{version or VERSION}"
        # In a header and not in the address, which logs and proxies keep.
        self._headers = {"authorization": f"Bearer {token}"}
        self._proof = {"appsecret_proof": proof} if proof else {}
        self._secrets = (token, proof)

    async def get(self, *path: str, **query: str) -> Answer:
        """Send a GET request. Raise BadAddress, AnswerTooLong, and what httpx raises."""
        return await self._request("GET", path, params={**query, **self._proof})

    async def post(self, *path: str, fence: Fence | None = None, **content: Any) -> Answer:
        """Send a POST request with `json=`, or `data=` and `files=`, once. Raise as `get` does, or as the fence."""
        return await self._request("POST", path, params=self._proof, extensions=extensions(fence), **content)

    async def _request(self, method: str, path: tuple[str, ...], **content: Any) -> Answer:
        try:
            base = urlsplit(self._root)
        except ValueError as error:
            raise BadAddress(f"the address can't be read: {error}") from error
        if base.scheme not in ("http", "https") or not base.hostname:
            raise BadAddress("the inbox's base URL isn't an http address")
        url = "/".join((self._root, *(quote(part, safe="") for part in path)))
        async with self._pool.stream(method, url, headers=self._headers, **content) as answer:
            body = await read_answer(answer)
        return Answer(answer.status_code, _object(body), _pause(answer.headers), self._secrets)


def of_answer(answer: Answer) -> SendResult:
    """Return the outcome of a send, by Graph's answer."""
    name = answer.body.get("message_id")
    if answer.status < BAD_REQUEST and isinstance(name, str) and name:
        return Accepted(name, Delivery.SENT)
    code, number = answer.code, answer.error.get("code")
    if number in errors.RATE_LIMITS or answer.status == TOO_MANY_REQUESTS:
        return NotSent(code or errors.RATE_LIMIT, answer.words, answer.pause or PAUSE, rate_limited=True)
    if number in errors.DOUBTFUL:
        return OutcomeUnknown(code, answer.words)
    has_failed = answer.status >= SERVER_ERRORS or answer.error.get("is_transient") is True
    if has_failed and not errors.is_known(code):
        # A code that is a refusal counts under any status; any other answer of a server that failed proves nothing.
        return OutcomeUnknown(local_errors.SERVER_ERROR, f"HTTP {answer.status} {answer.words}")
    if code:
        return Refused(errors.PROOF if "appsecret_proof" in answer.words else code, answer.words)
    if answer.status < BAD_REQUEST or answer.status == REQUEST_TIMEOUT:
        # A redirect or a 408 comes from a server in between; an odd 2xx may well be a message that was accepted.
        return OutcomeUnknown(local_errors.UNREADABLE, answer.words)
    return Refused(f"http_{answer.status}", answer.words)


def of_failure(error: Exception) -> Outcome:
    """Return the outcome of a request without a complete answer. Never raise."""
    return (
        before_leaving(error) or after_leaving(error) or OutcomeUnknown(local_errors.UNREADABLE, type(error).__name__)
    )


def trouble(result: SendResult) -> ChannelError:
    """Return the failure of a query as an error with a sentence for the agent."""
    return local_errors.query_error("Messenger", result, errors.explain)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pause(headers: httpx.Headers) -> timedelta | None:
    """Return the wait that an answer asks for by `Retry-After` or Graph's own header, LONGEST_WAIT at most, or None."""
    usual = retry_after(headers)
    if usual is not None:
        return usual
    minutes = [
        entry["estimated_time_to_regain_access"]
        for entries in _object(headers.get(_USAGE, "").encode()).values()
        if isinstance(entries, list)
        for entry in entries
        if isinstance(entry, dict) and type(entry.get("estimated_time_to_regain_access")) is int
    ]
    if not minutes or max(minutes) <= 0:
        return None
    return min(timedelta(minutes=min(max(minutes), 1_000_000)), LONGEST_WAIT)
