"""Control of Messenger: apps, pages, people, and what people and others at the page do."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request

from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.graph import documents, reports
from contacts_sandbox.graph.records import Event
from contacts_sandbox.twilio.api import Command, Sandbox
from contacts_sandbox.twilio.records import Post

INBOX_APP = "263902037430900"
"""The app id in echoes of what is written in Meta's own inbox."""


async def put_app(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace an app."""
    made = documents.app(document)
    sandbox.state.graph.apps[made.id] = made
    return reports.app(made)


async def put_page(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace a page."""
    made = documents.page(sandbox.state.graph, document)
    sandbox.state.graph.pages[made.id] = made
    return reports.page(made)


async def put_person(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace a person."""
    made = documents.person(sandbox.state.graph, document)
    sandbox.graph.meet(made)
    return reports.person(made)


async def put_window(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Set when a person last wrote to a page; null: never."""
    fields = Fields(document, "a window")
    page, person = documents.known_person(sandbox.state.graph, fields)
    at = fields.time("last_inbound_at")
    fields.done()
    if at is None:
        sandbox.state.graph.windows.pop((page.id, person.psid), None)
    else:
        sandbox.state.graph.windows[page.id, person.psid] = at
    return {"page": page.id, "psid": person.psid, "open": sandbox.graph.window_open(page, person.psid)}


def _happening(sandbox: Sandbox, document: object) -> Event:
    """Carry out what a person does, and return its event: a message, the edit of one, or a tap on a button."""
    state = sandbox.state.graph
    fields = Fields(document, "an inbound event")
    page, person = documents.known_person(state, fields)
    at = fields.time("at")
    if fields.given("postback"):
        inner = Fields(fields.json_object("postback"), "a postback")
        title, payload = inner.text("title"), inner.text("payload")
        inner.done()
        fields.done()
        return sandbox.graph.tap(page, person, title, payload, at=at)
    if fields.given("edit"):
        record = sandbox.state.messages.get(fields.text("edit"))
        text = fields.text("text")
        fields.done()
        if record is None or (record.account_sid, record.from_) != (page.id, person.psid):
            raise ControlError("There is no such message of theirs to edit.")
        return sandbox.graph.edit(page, person, record, text, at=at)
    mid, standby = fields.optional_text("mid"), fields.flag("standby", False)
    content = documents.content(state, sandbox.state.base_url, fields)
    fields.done()
    return sandbox.graph.hear(page, person, content, at=at, mid=mid, standby=standby)


async def post_inbound(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Let a person write, and report what the receiver answered to the webhook."""
    event = _happening(sandbox, document)
    return _told(event, await sandbox.graph.events.tell(event))


async def post_batch(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Post several such events in one request: `entries`, each a list of events of one page, all of one app."""
    fields = Fields(document, "a batch")
    entries = fields.each("entries", _list)
    fields.done()
    made = [[_happening(sandbox, event) for event in entry] for entry in entries]
    if not made or not all(made):
        raise ControlError("A batch has 'entries', each a list of at least one event.")
    if any(len({event.page.id for event in entry}) > 1 for entry in made):
        raise ControlError("An entry holds events of one page.")
    if len({event.page.app_id for entry in made for event in entry}) > 1:
        raise ControlError("A batch is of one app.")
    post = await sandbox.graph.events.batch(made)
    return {"events": [_told(event, post) for entry in made for event in entry]}


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ControlError("'entries' of a batch must be a list of lists.")
    return value


def _told(event: Event, post: Post | None) -> dict[str, Any]:
    return {
        "message_id": event.record.sid if event.record else None,
        "posted": post is not None,
        "receiver_status": post.answer if post else None,
        "error": post.error if post else None,
    }


async def post_outbound(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Write a message from the page as others do: in Meta's own inbox, or from another app."""
    fields = Fields(document, "an outbound message")
    page, person = documents.known_person(sandbox.state.graph, fields)
    at, metadata = fields.time("at"), fields.optional_text("metadata")
    app_id = fields.digits("app_id") if fields.given("app_id") else INBOX_APP
    content = documents.content(sandbox.state.graph, sandbox.state.base_url, fields)
    fields.done()
    _, echo = sandbox.graph.write(
        page, person.psid, content, direction="outbound", at=at, metadata=metadata, app_id=app_id
    )
    return _told(echo, await sandbox.graph.events.tell(echo))


async def post_watermark(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Report by hand that everything up to a moment was delivered, or read."""
    fields = Fields(document, "a watermark")
    page, person = documents.known_person(sandbox.state.graph, fields)
    kind, up_to = fields.text("event"), fields.time("up_to") or sandbox.state.clock()
    mids = fields.each("mids", str)
    fields.done()
    if kind not in ("delivery", "read"):
        raise ControlError("'event' of a watermark must be delivery or read.")
    event = sandbox.graph.seen(page, person.psid, kind, None, up_to, mids)
    return _told(event, await sandbox.graph.events.tell(event))


async def post_subscribe(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Verify a page's webhook address as Meta does when it is entered: the answer must be the challenge."""
    fields = Fields(document, "a subscription")
    page = documents.known_page(sandbox.state.graph, fields)
    fields.done()
    if page.webhook_url is None:
        raise ControlError(f"Page {page.id} has no 'webhook_url'.")
    challenge = str(secrets.randbelow(10**10))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": page.verify_token}
    status, text = await sandbox.poster.ask(page.webhook_url, query)
    return {"verified": status == 200 and text == challenge, "receiver_status": status, "answer": text[:200]}


SEEDS: dict[str, Command] = {
    "graph_apps": put_app,
    "graph_pages": put_page,
    "graph_people": put_person,
    "graph_windows": put_window,
}
"""Lists of a seed, in the order they are read."""

COMMANDS: list[tuple[str, list[str], Command]] = [
    ("/graph/apps", ["POST", "PUT"], put_app),
    ("/graph/pages", ["POST", "PUT"], put_page),
    ("/graph/people", ["POST", "PUT"], put_person),
    ("/graph/windows", ["POST", "PUT"], put_window),
    ("/graph/inbound", ["POST"], post_inbound),
    ("/graph/batch", ["POST"], post_batch),
    ("/graph/outbound", ["POST"], post_outbound),
    ("/graph/watermark", ["POST"], post_watermark),
    ("/graph/subscribe", ["POST"], post_subscribe),
]
"""Path under /control, methods and command."""
