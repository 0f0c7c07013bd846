"""What every resource of Twilio's API shares: credentials, faults, and the form of times."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from contacts_sandbox.core.connection import Dropped, Hanging
from contacts_sandbox.core.faults import BEFORE_RECORDING, Fault
from contacts_sandbox.core.intake import basic_credentials
from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.core.webhooks import Poster
from contacts_sandbox.graph.service import Graph
from contacts_sandbox.telegram.service import Telegram
from contacts_sandbox.twilio.customers import Customers
from contacts_sandbox.twilio.delivery import Delivery
from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.inbound import Inbound
from contacts_sandbox.twilio.records import Account


@dataclass
class Sandbox:
    """A running sandbox: what it remembers and what acts on it."""

    state: State
    """Its memory."""
    tasks: Tasks
    """Its background work."""
    inbound: Inbound
    """Messages from people."""
    customers: Customers
    """People who answer."""
    delivery: Delivery
    """Messages to people."""
    telegram: Telegram
    """Telegram's part."""
    graph: Graph
    """Messenger's part."""
    poster: Poster
    """Webhooks out."""
    closing: asyncio.Event
    """Set when it ends, so that hanging requests end."""


Handler = Callable[[Request, Sandbox, Account], Awaitable[Response]]
"""Answers a request of an account."""

Command = Callable[[Sandbox, object, Request], Awaitable[dict[str, Any]]]
"""Carries out a control request with a JSON body."""

Refusal = Callable[[str, float], Exception]
"""Returns the provider's error for a fault of this kind and of so many seconds."""


def resource(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that answers wrong credentials, or ones not of the path's account, with error 20003."""

    async def endpoint(request: Request) -> Response:
        sandbox: Sandbox = request.app.state.sandbox
        credentials = basic_credentials(request.headers.get("authorization", ""))
        account = sandbox.state.accounts.get(credentials[0]) if credentials else None
        if account is None or credentials is None:
            raise TwilioError(20003)
        right = hmac.compare_digest(credentials[1].encode(), account.auth_token.encode())
        if not right or request.path_params.get("account", account.sid) != account.sid:
            raise TwilioError(20003)
        return await handler(request, sandbox, account)

    return endpoint


def twilio_refusal(kind: str, seconds: float) -> Exception:
    """Return the error with which Twilio words a fault."""
    return TwilioError(20429, retry_after=seconds) if kind == "rate_limit" else TwilioError(20500)


def refuse_by_fault(sandbox: Sandbox, fault: Fault | None, refusal: Refusal = twilio_refusal) -> Response | None:
    """Apply a fault that leaves a request without effect: return or raise the answer. Return None for any other."""
    if fault is None or fault.kind not in BEFORE_RECORDING:
        return None
    sandbox.state.faults.use(fault)
    if fault.kind == "drop_before":
        return Dropped()
    raise refusal(fault.kind, fault.seconds)


async def answer_by_fault(
    sandbox: Sandbox, fault: Fault | None, answer: Response, refusal: Refusal = twilio_refusal
) -> Response:
    """Return the answer of a request that had its effect, or apply a fault to it: a delay, no answer, an error."""
    if fault is None:
        return answer
    sandbox.state.faults.use(fault)
    if fault.kind == "drop_after":
        return Dropped()
    if fault.kind == "hang":
        return Hanging(sandbox.closing)
    if fault.kind == "http_500_after":
        raise refusal(fault.kind, fault.seconds)
    await asyncio.sleep(fault.seconds)
    return answer


def rfc2822(at: datetime | None) -> str | None:
    """Return a time as the Messages API writes it; None for None."""
    return format_datetime(at) if at else None
