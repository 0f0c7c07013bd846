"""Errors as Graph words them."""

from __future__ import annotations

import secrets

from starlette.responses import JSONResponse


class GraphError(Exception):
    """A request refused the way Graph refuses it."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool = False,
    ) -> None:
        """Make an error of HTTP status `status` and Graph's type `kind`; `transient`: a later try may succeed."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.status = status
        self.kind = kind
        self.transient = transient

    def response(self) -> JSONResponse:
        """Return the error as JSON."""
        error: dict[str, object] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        headers = {"facebook-api-version": "v26.0"}
        if self.code == 190:
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{self.message}"'
        return JSONResponse({"error": error}, self.status, headers)


def parameter(reason: str, subcode: int | None = None) -> GraphError:
    """Return the error of a missing or wrong parameter (100)."""
    return GraphError(100, f"(#100) {reason}", subcode=subcode)


def no_object(name: str) -> GraphError:
    """Return the error of an object that doesn't exist, or not for this token (100/33)."""
    message = (
        f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    return GraphError(100, message, subcode=33, kind="GraphMethodException")


def rate_limited() -> GraphError:
    """Return the error of too many sends from a page (613)."""
    return GraphError(613, "(#613) Calls to this api have exceeded the rate limit.")


def refusal(kind: str, seconds: float) -> Exception:
    """Return the error with which Graph words a fault."""
    if kind == "rate_limit":
        return rate_limited()
    if kind == "app_limit":
        return GraphError(4, "(#4) Application request limit reached", status=403, transient=True)
    if kind == "transient":
        return GraphError(2, "Service temporarily unavailable", status=503, transient=True)
    return GraphError(1, "An unknown error occurred", subcode=99, status=500)
