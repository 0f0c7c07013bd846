"""The sandbox as one ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contacts_sandbox.core import control, dialects
from contacts_sandbox.core.fields import ControlError
from contacts_sandbox.core.intake import Intake
from contacts_sandbox.core.state import State
from contacts_sandbox.core.talk import Talk
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.core.webhooks import Poster
from contacts_sandbox.graph import endpoints as graph_endpoints
from contacts_sandbox.graph.errors import GraphError
from contacts_sandbox.graph.service import Graph
from contacts_sandbox.telegram import endpoints as telegram_endpoints
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.telegram.service import Telegram
from contacts_sandbox.twilio import accounts, content, messages
from contacts_sandbox.twilio.api import Handler, Sandbox, resource
from contacts_sandbox.twilio.callbacks import Lifecycle
from contacts_sandbox.twilio.customers import Customers
from contacts_sandbox.twilio.delivery import Delivery
from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.fetching import Fetcher
from contacts_sandbox.twilio.form_posts import FormPoster
from contacts_sandbox.twilio.inbound import Inbound
from contacts_sandbox.twilio.records import API_VERSION

_ACCOUNT = f"/{API_VERSION}/Accounts/{{account}}"

API: list[tuple[str, str, Handler]] = [
    ("GET", f"{_ACCOUNT}.json", accounts.fetch),
    ("GET", f"{_ACCOUNT}/IncomingPhoneNumbers.json", accounts.numbers),
    ("POST", f"{_ACCOUNT}/Messages.json", messages.create),
    ("GET", f"{_ACCOUNT}/Messages.json", messages.index),
    ("GET", f"{_ACCOUNT}/Messages/{{message}}.json", messages.fetch),
    ("GET", f"{_ACCOUNT}/Messages/{{message}}/Media.json", messages.media_list),
    ("GET", f"{_ACCOUNT}/Messages/{{message}}/Media/{{media}}", messages.media),
    ("GET", "/v1/Services/{service}/PhoneNumbers", accounts.service_numbers),
    ("GET", "/v1/ContentAndApprovals", content.index_with_approvals),
    ("GET", "/v1/Content", content.index),
    ("GET", "/v1/Content/{content}", content.fetch),
    ("GET", "/v1/Content/{content}/ApprovalRequests", content.approvals),
]
"""Method, path and handler of each request of Twilio's API that is supported."""


def build(base_url: str) -> Starlette:
    """Build the application of a sandbox. Its background work runs from the application's startup to its shutdown."""
    state = State(base_url)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # Webhooks usually go to loopback, so a proxy named in the environment must not be used for them.
        async with httpx.AsyncClient(trust_env=False) as client:
            sandbox = _assemble(state, client)
            app.state.sandbox = sandbox
            try:
                yield
            finally:
                sandbox.closing.set()
                await sandbox.tasks.stop()

    app = Starlette(
        routes=[
            *(Route(path, resource(handler), methods=[method]) for method, path, handler in API),
            *telegram_endpoints.routes(),
            *graph_endpoints.routes(),
            *control.routes(),
        ],
        middleware=[Middleware(Intake, state=state)],
        exception_handlers={
            TwilioError: _api_error,
            TelegramError: _api_error,
            GraphError: _api_error,
            ControlError: _api_error,
            HTTPException: _http_error,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _assemble(state: State, client: httpx.AsyncClient) -> Sandbox:
    tasks = Tasks()
    poster = Poster(state, client)
    forms = FormPoster(state, poster)
    talk = Talk(state, tasks)
    lifecycle = Lifecycle(state, forms, tasks)
    inbound = Inbound(state, forms)
    customers = Customers(state, talk, lifecycle, inbound)
    delivery = Delivery(state, tasks, lifecycle, customers, Fetcher(client))
    telegram = Telegram(state, tasks, poster, talk)
    graph = Graph(state, tasks, poster, talk)
    closing = asyncio.Event()
    return Sandbox(state, tasks, inbound, customers, delivery, telegram, graph, poster, closing)


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TwilioError | TelegramError | GraphError | ControlError)
    return error.response()


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer a path that doesn't exist, or doesn't support the method, with the error of the API that it belongs to."""
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if dialects.is_control(path):
        sentence = f"{request.method} {path} is not part of the control API."
        return ControlError(sentence, error.status_code).response(error.headers)
    return dialects.refused(path, error.status_code)
