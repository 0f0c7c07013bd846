"""The paths of Graph, in any version: the Send API, pages, people; and the content network."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contacts_sandbox.core.bodies import Body, UnreadableBody, read_request
from contacts_sandbox.graph.errors import GraphError, no_object, parameter, rate_limited, refusal
from contacts_sandbox.graph.records import FIELDS, Page
from contacts_sandbox.graph.sending import ACTIONS, kept, letter, recipient
from contacts_sandbox.twilio.api import Sandbox, answer_by_fault, refuse_by_fault


class _Version(Convertor[str]):
    """The version: the first part of a path of Graph."""

    regex = r"v[0-9]+\.[0-9]+"

    def convert(self, value: str) -> str:
        """Return the version as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the version as it is."""
        return value


register_url_convertor("graph_version", _Version())

_NODE = "/{version:graph_version}/{node}"

Handler = Callable[[Request, Sandbox, Page, Body], Awaitable[Response]]
"""Answers a request made with the token of a page."""


def routes() -> list[Route]:
    """Return every route of Graph."""
    return [
        Route(f"{_NODE}/messages", _authorised(send), methods=["POST"]),
        Route(f"{_NODE}/message_attachments", _authorised(_asked(upload)), methods=["POST"]),
        Route(f"{_NODE}/subscribed_apps", _authorised(_asked(subscribe)), methods=["POST"]),
        Route(f"{_NODE}/subscribed_apps", _authorised(_asked(subscriptions)), methods=["GET"]),
        Route(_NODE, _authorised(_asked(node)), methods=["GET"]),
        Route("/cdn/{key}/{name}", load, methods=["GET"]),
    ]


def _authorised(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that requires a page's token, and the proof of it where one is needed or given."""

    async def endpoint(request: Request) -> Response:
        sandbox: Sandbox = request.app.state.sandbox
        try:
            body = await read_request(request)
        except UnreadableBody as error:
            raise parameter("The request can't be read") from error
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        token = credential.strip() if scheme.lower() in ("bearer", "oauth") else ""
        page = _page(sandbox, token or body.text("access_token"), body.text("appsecret_proof"))
        return await handler(request, sandbox, page, body)

    return endpoint


def _asked(handler: Handler) -> Handler:
    """Return a handler of requests that send no message, with the faults planned for `graph_ask`."""

    async def answer(request: Request, sandbox: Sandbox, page: Page, body: Body) -> Response:
        fault = sandbox.state.faults.find("graph_ask", request.path_params["node"], page.id)
        refused = refuse_by_fault(sandbox, fault, refusal)
        if refused:
            return refused
        return await answer_by_fault(sandbox, fault, await handler(request, sandbox, page, body), refusal)

    return answer


def _page(sandbox: Sandbox, token: str, proof: str) -> Page:
    if not token:
        raise GraphError(104, "An access token is required to request this resource.")
    page = sandbox.state.graph.page_of(token)
    if page is None:
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
    app = sandbox.state.graph.apps[page.app_id]
    if not proof and app.require_proof:
        reason = "API calls from the server require an appsecret_proof argument"
        raise GraphError(100, reason, kind="GraphMethodException")
    right = hmac.new(app.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof and not hmac.compare_digest(proof.encode(), right.encode()):
        reason = "Invalid appsecret_proof provided in the API argument"
        raise GraphError(100, reason, kind="GraphMethodException")
    if page.token_expired:
        raise GraphError(190, "Error validating access token: Session has expired.", subcode=463)
    return page


def _check_own(request: Request, page: Page) -> None:
    name = request.path_params["node"]
    if name not in ("me", page.id):
        raise no_object(name)


async def send(request: Request, sandbox: Sandbox, page: Page, body: Body) -> Response:
    """POST /{page}/messages: send a message, or accept a sender action."""
    _check_own(request, page)
    given = body.json("recipient")
    psid = str(given.get("id", "")) if isinstance(given, dict) else ""
    fault = sandbox.state.faults.find("graph", psid, page.id)
    refused = refuse_by_fault(sandbox, fault, refusal)
    if refused:
        return refused
    action = body.text("sender_action")
    if action:
        if action not in ACTIONS:
            raise parameter(f"Param sender_action must be one of {{{', '.join(sorted(ACTIONS))}}}")
        return JSONResponse({"recipient_id": recipient(sandbox, page, body).psid})
    if sandbox.state.take_slot(f"graph:{page.id}", sandbox.state.settings.page_rate) is not None:
        raise rate_limited()
    made = letter(sandbox, page, body)
    record, echo = sandbox.graph.write(page, made.person.psid, made.content, metadata=made.metadata, app_id=page.app_id)
    record.form = body.pairs(frozenset({"access_token", "appsecret_proof"}))
    early = sandbox.state.settings.echo_first
    if early:
        await sandbox.graph.events.tell(echo)
    sandbox.graph.carry(page, made.person, record, None if early else echo)
    document = {"recipient_id": made.person.psid, "message_id": record.sid}
    if made.attachment_id:
        document["attachment_id"] = made.attachment_id
    return await answer_by_fault(sandbox, fault, JSONResponse(document), refusal)


async def upload(request: Request, sandbox: Sandbox, page: Page, body: Body) -> Response:
    """POST /{page}/message_attachments: keep a file for later messages. Nothing is sent yet."""
    _check_own(request, page)
    return JSONResponse({"attachment_id": kept(sandbox, body)})


async def node(request: Request, sandbox: Sandbox, page: Page, body: Body) -> Response:
    """GET /{page} or /{psid}: return the `fields` that are asked for, or the usual ones; the id always."""
    name = request.path_params["node"]
    known: dict[str, Any]
    if name in ("me", page.id):
        known = {"name": page.name, "id": page.id, "category": "Shop", "link": f"https://www.facebook.com/{page.id}"}
        usual = ["name", "id"]
    else:
        person = sandbox.state.graph.people.get((page.id, name))
        if person is None:
            raise no_object(name)
        if (page.id, name) not in sandbox.state.graph.windows:
            raise parameter("No profile available for this user.", 2018218)
        known = {"first_name": person.first_name, "last_name": person.last_name, "id": person.psid}
        known["name"] = f"{person.first_name} {person.last_name}".strip()
        usual = ["first_name", "last_name", "id"]
    asked = [field.strip() for field in body.text("fields").split(",") if field.strip()] or usual
    unknown = next((field for field in asked if field not in known), None)
    if unknown:
        raise parameter(f"Tried accessing nonexisting field ({unknown})")
    return JSONResponse({field: known[field] for field in [*asked, "id"]})


async def subscriptions(request: Request, sandbox: Sandbox, page: Page, body: Body) -> Response:
    """GET /{page}/subscribed_apps: return the app and the fields that it is subscribed to."""
    _check_own(request, page)
    apps = [{"id": page.app_id, "name": "Sandbox", "subscribed_fields": sorted(page.fields)}] if page.fields else []
    return JSONResponse({"data": apps})


async def subscribe(request: Request, sandbox: Sandbox, page: Page, body: Body) -> Response:
    """POST /{page}/subscribed_apps: subscribe the app to these fields, and to no others."""
    _check_own(request, page)
    listed = body.json("subscribed_fields")
    names = listed if isinstance(listed, list) else body.text("subscribed_fields").split(",")
    fields = {name.strip() for name in names if isinstance(name, str) and name.strip()}
    if not fields or not fields <= FIELDS:
        raise parameter(f"Param subscribed_fields must be some of {{{', '.join(sorted(FIELDS))}}}")
    page.fields = frozenset(fields)
    return JSONResponse({"success": True})


async def load(request: Request) -> Response:
    """GET /cdn/{key}/{name}: return the content of a file. No credentials are needed."""
    sandbox: Sandbox = request.app.state.sandbox
    fault = sandbox.state.faults.find("graph_ask")
    refused = refuse_by_fault(sandbox, fault, refusal)
    if refused:
        return refused
    file = sandbox.state.graph.files.get(request.path_params["key"])
    if file is None:
        return Response("URL signature mismatch", 404)
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(file.filename or 'file')}"}
    answer = Response(file.data, media_type=file.content_type, headers=headers)
    return await answer_by_fault(sandbox, fault, answer, refusal)
