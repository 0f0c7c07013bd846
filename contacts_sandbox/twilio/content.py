"""The Content API: templates and their approvals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contacts_sandbox.core.forms import Form
from contacts_sandbox.twilio.api import Handler, Sandbox, answer_by_fault, refuse_by_fault
from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.records import Account, Template


def content_handler(answer: Callable[[Request, Sandbox, Account], Response]) -> Handler:
    """Return a handler of the Content API, with the faults planned for it."""

    async def handle(request: Request, sandbox: Sandbox, account: Account) -> Response:
        fault = sandbox.state.faults.find("content")
        refusal = refuse_by_fault(sandbox, fault)
        return refusal or await answer_by_fault(sandbox, fault, answer(request, sandbox, account))

    return handle


@content_handler
def fetch(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET /v1/Content/{sid}."""
    template = _own(request, sandbox, account)
    return JSONResponse(_document(template) | _links(sandbox, template))


@content_handler
def approvals(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET /v1/Content/{sid}/ApprovalRequests."""
    template = _own(request, sandbox, account)
    extra = {"allow_category_change": True, "type": "whatsapp", "flows": None}
    document = {
        "sid": template.sid,
        "account_sid": template.account_sid,
        "url": f"{sandbox.state.base_url}/v1/Content/{template.sid}/ApprovalRequests",
        "whatsapp": _approval(template) | extra,
    }
    return JSONResponse(document)


@content_handler
def index(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET /v1/Content."""
    return _listing(request, sandbox, account, lambda one: _document(one) | _links(sandbox, one))


@content_handler
def index_with_approvals(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET /v1/ContentAndApprovals."""
    return _listing(request, sandbox, account, lambda one: _document(one) | {"approval_requests": _approval(one)})


def _own(request: Request, sandbox: Sandbox, account: Account) -> Template:
    template = sandbox.state.templates.get(request.path_params["content"])
    if template is None or template.account_sid != account.sid:
        raise TwilioError(20404, request.scope["path"])
    return template


def _listing(
    request: Request, sandbox: Sandbox, account: Account, document: Callable[[Template], dict[str, Any]]
) -> Response:
    """Return a page of templates, the oldest first. Pages are small, so that clients have to follow them."""
    query = Form(request.scope["query_string"])
    largest = sandbox.state.settings.content_page
    size = min(query.number("PageSize", largest, least=1), largest)
    page = query.number("Page", 0)
    found = [one for one in sandbox.state.templates.values() if one.account_sid == account.sid]
    shown = found[page * size : (page + 1) * size]

    def url(number: int) -> str:
        return f"{sandbox.state.base_url}{request.scope['path']}?{urlencode({'PageSize': size, 'Page': number})}"

    meta = {
        "page": page,
        "page_size": size,
        "first_page_url": url(0),
        "previous_page_url": url(page - 1) if page else None,
        "url": url(page),
        "next_page_url": url(page + 1) if (page + 1) * size < len(found) else None,
        "key": "contents",
    }
    return JSONResponse({"meta": meta, "contents": [document(one) for one in shown]})


def _document(template: Template) -> dict[str, Any]:
    return {
        "sid": template.sid,
        "account_sid": template.account_sid,
        "friendly_name": template.friendly_name,
        "language": template.language,
        "variables": template.variables,
        "types": template.types,
        "date_created": _iso(template.created_at),
        "date_updated": _iso(template.updated_at),
    }


def _approval(template: Template) -> dict[str, Any]:
    approval = template.approval
    return {
        "name": approval.name,
        "category": approval.category,
        "content_type": next(iter(template.types)),
        "status": approval.status,
        "rejection_reason": approval.rejection_reason,
    }


def _links(sandbox: Sandbox, template: Template) -> dict[str, Any]:
    url = f"{sandbox.state.base_url}/v1/Content/{template.sid}"
    fetch_url = f"{url}/ApprovalRequests"
    return {"url": url, "links": {"approval_fetch": fetch_url, "approval_create": f"{fetch_url}/whatsapp"}}


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
