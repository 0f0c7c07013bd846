"""The Messages resource: send, fetch, list and media."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contacts_sandbox.core.forms import Form
from contacts_sandbox.twilio.api import Handler, Sandbox, answer_by_fault, refuse_by_fault, rfc2822
from contacts_sandbox.twilio.errors import FAILURES, TwilioError
from contacts_sandbox.twilio.records import API_VERSION, Account, Media, Message
from contacts_sandbox.twilio.sending import accept

DEFAULT_PAGE = 50
"""Messages on a page when the request names no number."""


async def create(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """POST Messages.json: send a message."""
    form = Form(await request.body())
    fault = sandbox.state.faults.find("send", form.first("To"), form.first("From"))
    refusal = refuse_by_fault(sandbox, fault)
    if refusal:
        return refusal
    settings = sandbox.state.settings
    wait = sandbox.state.take_slot(account.sid, settings.rate_requests, settings.rate_seconds)
    if wait is not None:
        raise TwilioError(20429, retry_after=wait)
    message = accept(sandbox.state, account, form)
    answer = JSONResponse(document(message), 201)
    sandbox.delivery.start(message)
    return await answer_by_fault(sandbox, fault, answer)


def _question(answer: Callable[[Request, Sandbox, Account], Response]) -> Handler:
    """Return a handler of a request that only reads, with the faults on `list` for the addresses in the query."""

    async def handle(request: Request, sandbox: Sandbox, account: Account) -> Response:
        query = Form(request.scope["query_string"])
        fault = sandbox.state.faults.find("list", query.first("To"), query.first("From"))
        refusal = refuse_by_fault(sandbox, fault)
        return refusal or await answer_by_fault(sandbox, fault, answer(request, sandbox, account))

    return handle


@_question
def fetch(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET Messages/{sid}.json: return a message."""
    return JSONResponse(document(_own(request, sandbox, account)))


@_question
def media_list(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET Messages/{sid}/Media.json: return the files of a message, all on one page."""
    message = _own(request, sandbox, account)
    uri = request.scope["path"]
    listing = {
        "media_list": [_media_document(message, entry) for entry in message.media],
        "page": 0,
        "page_size": DEFAULT_PAGE,
        "start": 0,
        "end": max(len(message.media) - 1, 0),
        "uri": uri,
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
    }
    return JSONResponse(listing)


async def media(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET Messages/{sid}/Media/{sid}: return the content of a file of a message."""
    for entry in _own(request, sandbox, account).media:
        if entry.sid == request.path_params["media"]:
            name = quote(entry.filename or entry.sid)
            headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
            return Response(entry.data, media_type=entry.content_type, headers=headers)
    raise TwilioError(20404, request.scope["path"])


@_question
def index(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET Messages.json: return a page of messages, filtered, the newest first."""
    query = Form(request.scope["query_string"])
    wanted = _filter(query)
    found = [
        message
        for message in reversed(sandbox.state.messages.values())
        if message.account_sid == account.sid and wanted(message)
    ]
    found.sort(key=lambda message: message.created_at, reverse=True)
    largest = sandbox.state.settings.messages_page
    size = min(query.number("PageSize", DEFAULT_PAGE, least=1), largest)
    page = query.number("Page", 0)
    token = query.first("PageToken").removeprefix("PA")
    # A token keeps its place while new messages come in; a bare page number can't.
    sids = [message.sid for message in found]
    start = sids.index(token) + 1 if token in sids else page * size
    shown = found[start : start + size]

    def uri(number: int, after: str = "") -> str:
        kept = [pair for pair in query.fields if pair[0] not in ("Page", "PageSize", "PageToken")]
        token_pair = [("PageToken", f"PA{after}")] if after else []
        pairs = [*kept, ("PageSize", str(size)), ("Page", str(number)), *token_pair]
        return f"{request.scope['path']}?{urlencode(pairs)}"

    more = start + size < len(found)
    listing = {
        "messages": [document(message) for message in shown],
        "page": page,
        "page_size": size,
        "start": start,
        "end": max(start + len(shown) - 1, 0),
        "uri": uri(page, token),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1, shown[-1].sid) if more else None,
        "previous_page_uri": uri(page - 1) if page else None,
    }
    return JSONResponse(listing)


def document(message: Message) -> dict[str, Any]:
    """Return a message as the Messages API writes it."""
    uri = f"/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    attached = message.media or message.media_urls
    return {
        "account_sid": message.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": FAILURES.get(message.error_code) if message.error_code else None,
        "from": message.from_,
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": str(len(attached)),
        "num_segments": str(message.num_segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def _media_document(message: Message, entry: Media) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}/Media/{entry.sid}"
    return {
        "account_sid": message.account_sid,
        "content_type": entry.content_type,
        "date_created": rfc2822(message.created_at),
        "date_updated": rfc2822(message.created_at),
        "parent_sid": message.sid,
        "sid": entry.sid,
        "uri": f"{uri}.json",
    }


def _own(request: Request, sandbox: Sandbox, account: Account) -> Message:
    message = sandbox.state.messages.get(request.path_params["message"])
    if message is None or message.account_sid != account.sid:
        raise TwilioError(20404, request.scope["path"])
    return message


def _filter(query: Form) -> Callable[[Message], bool]:
    """Return a filter by To, From and three DateSent parameters. A message never sent passes no date filter."""
    to, from_ = query.first("To"), query.first("From")
    spans = [_span(name, query.first(name)) for name in ("DateSent", "DateSent<", "DateSent>") if query.first(name)]

    def wanted(message: Message) -> bool:
        if (to and message.to != to) or (from_ and message.from_ != from_):
            return False
        sent = message.sent_at
        return all(sent is not None and first <= sent <= last for first, last in spans)

    return wanted


def _span(name: str, text: str) -> tuple[datetime, datetime]:
    """Return the first and last moment of a date filter; both count, as Twilio documents. Raise TwilioError 20001."""
    try:
        if len(text) == len("2026-01-31"):
            first = datetime.combine(date.fromisoformat(text), time(), UTC)
            last = first + timedelta(days=1) - timedelta(microseconds=1)
        else:
            first = datetime.fromisoformat(text)
            first = first.astimezone(UTC) if first.tzinfo else first.replace(tzinfo=UTC)
            # Records are written to the second, so a filter of a second takes in the whole of it.
            last = first + timedelta(seconds=1) - timedelta(microseconds=1)
    except (ValueError, OverflowError) as error:
        raise TwilioError(20001, f"{name} must be a date, YYYY-MM-DD, or a date and time") from error
    far_past, far_future = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if name == "DateSent":
        return first, last
    return (far_past, last) if name == "DateSent<" else (first, far_future)
