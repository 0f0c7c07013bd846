"""The Twilio SDK's requests: made over httpx, once, with time-outs, and to another host when an inbox says so.

The only module that imports the SDK's client and httpx at its top: import it late, and off the event loop.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from json import loads
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from contacts_tui.channels.fence import Fence, extensions
from contacts_tui.channels.transport import (
    DETAIL_LIMIT,
    BadAddress,
    BadText,
    read_answer,
    retry_after,
)
from contacts_tui.channels.untrusted import text_of

VENDOR_DOMAIN: Final = "twilio.com"
"""Credentials are sent to hosts under this domain, or to an inbox's base URL, and nowhere else."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProviderError:
    """Twilio's code and explanation in an answer that is an error."""

    code: str
    """Twilio's code; empty when the answer names none."""
    message: str


class Exchange(AsyncHttpClient):
    """The HTTP client of one operation. It keeps the last answer, as the SDK's errors leave most of it out."""

    def __init__(self, pool: httpx.AsyncClient, base_url: str, fence: Fence | None = None) -> None:
        """Replace every host of the vendor by `base_url`; an empty one leaves them as they are."""
        super().__init__(_LOG, True)
        self._pool = pool
        self._fence = fence
        self._base = base_url.rstrip("/")
        self.status: int | None = None
        """HTTP status of the last answer; None before there is one."""
        self.text = ""
        """Body of the last answer."""
        self.retry_after: timedelta | None = None
        """How long the last answer asked to wait."""

    async def request(  # type: ignore[override]  # the SDK's own async client overrides a sync method the same way
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the SDK's signature
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request, without any retry. The pool sets time-outs and redirects, not the SDK's arguments."""
        target = self._target(uri)
        try:
            query = urlencode(params or {}, doseq=True)
            content = urlencode(data, doseq=True).encode("ascii") if data else None
        except UnicodeEncodeError as error:
            raise BadText("the text holds half a surrogate pair") from error
        if query:
            target += ("&" if urlsplit(target).query else "?") + query
        self.status, self.text, self.retry_after = None, "", None
        async with self._pool.stream(
            method,
            target,
            content=content,
            headers=headers,
            auth=auth or httpx.USE_CLIENT_DEFAULT,
            extensions=extensions(self._fence),
        ) as answer:
            self.status = answer.status_code
            self.retry_after = retry_after(answer.headers)
            body = await read_answer(answer)
        self.text = body.decode("utf-8", "replace")
        return Response(answer.status_code, self.text, dict(answer.headers))

    def error(self) -> ProviderError:
        """Return the last answer read as an error.

        The SDK's exceptions aren't used: those of pages have no code, those for RFC 9457 answers take even the HTTP
        status from the body, and odd JSON raises other ones.
        """
        try:
            answer = loads(self.text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            return ProviderError("", f"HTTP {self.status}")
        code = answer.get("code")
        is_code = type(code) is int or (isinstance(code, str) and code.isdecimal())
        words = [answer.get(name) for name in ("message", "title", "detail")]
        message = ": ".join(filter(None, map(text_of, words)))
        return ProviderError(
            str(code)[:DETAIL_LIMIT] if is_code else "", message[:DETAIL_LIMIT] or f"HTTP {self.status}"
        )

    def _target(self, uri: str) -> str:
        try:
            parts, base = urlsplit(uri), urlsplit(self._base)
            host, base_host = (parts.hostname or "").lower(), base.hostname
        except ValueError as error:
            raise BadAddress(f"the address can't be read: {error}") from error
        is_vendor = host == VENDOR_DOMAIN or host.endswith(f".{VENDOR_DOMAIN}")
        if self._base:
            if base.scheme not in ("http", "https") or not base_host:
                raise BadAddress("the inbox's base URL isn't an http address")
            if is_vendor:
                return urlunsplit((base.scheme, base.netloc, base.path + parts.path, parts.query, ""))
            if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
                return uri
        elif is_vendor and parts.scheme == "https":
            return uri
        raise BadAddress("the next page is at a foreign address")


def new_client(account: str, token: str, exchange: Exchange) -> Client:
    """Return the SDK's client for one exchange. Cheap: it only stores its arguments."""
    return Client(account, token, http_client=exchange)
