"""Errors as the Bot API words them."""

from __future__ import annotations

import math

from starlette.responses import JSONResponse

PREFIXES = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}
"""What the description of an error with this code begins with."""


class TelegramError(Exception):
    """A call refused the way Telegram refuses it."""

    def __init__(self, code: int, reason: str, *, retry_after: float | None = None) -> None:
        """Make an error. `code` is the HTTP status too; `retry_after` is in seconds, given out whole."""
        super().__init__(reason)
        self.code = code
        self.description = PREFIXES.get(code, "") + reason
        self.retry_after = retry_after

    def response(self) -> JSONResponse:
        """Return the error as JSON."""
        document: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        headers: dict[str, str] = {}
        if self.retry_after is not None:
            document["parameters"] = {"retry_after": whole_seconds(self.retry_after)}
            headers["Retry-After"] = str(whole_seconds(self.retry_after))
        return JSONResponse(document, self.code, headers)


def whole_seconds(seconds: float) -> int:
    """Return seconds to wait as Telegram gives them: whole, at least one."""
    return max(1, math.ceil(seconds))


def too_many(seconds: float) -> TelegramError:
    """Return the error of a rate limit."""
    return TelegramError(429, f"Too Many Requests: retry after {whole_seconds(seconds)}", retry_after=seconds)


def refusal(kind: str, seconds: float) -> Exception:
    """Return the error with which Telegram words a fault."""
    return too_many(seconds) if kind == "rate_limit" else TelegramError(500, "Internal Server Error")
