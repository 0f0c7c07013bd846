"""The control API, by which a test or the demo sets the sandbox up and sees what happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contacts_sandbox.core.fields import ControlError, Fields, read_json
from contacts_sandbox.core.settings import change
from contacts_sandbox.graph import control as graph
from contacts_sandbox.telegram import control as telegram
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.twilio import documents, earlier, reports
from contacts_sandbox.twilio.api import Command, Sandbox

STATUSES = ("queued", "sending", "sent", "delivered", "undelivered", "failed", "read", "canceled")
"""The statuses that a message can be put into by hand."""

LONGEST_OFFSET = 10 * 365 * 86400.0
"""How far the clock can be moved, in seconds."""


def _command(run: Command) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        document = read_json(await request.body())
        return JSONResponse(await run(request.app.state.sandbox, document, request))

    return endpoint


async def put_account(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace an account."""
    made = documents.account(sandbox.state, document)
    sandbox.state.accounts[made.sid] = made
    return {"sid": made.sid}


async def put_sender(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace a sender."""
    made = documents.sender(sandbox.state, document)
    sandbox.state.senders[made.address] = made
    return reports.sender(made)


async def put_template(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace a template."""
    made = documents.template(sandbox.state, document)
    sandbox.state.templates[made.sid] = made
    return reports.template(made)


async def put_approval(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Change the approval of a template: pause it, reject it, approve it."""
    template = sandbox.state.templates.get(request.path_params["template"])
    if template is None:
        raise ControlError("There is no such template.", 404)
    known = asdict(template.approval)
    if not isinstance(document, dict):
        raise ControlError("An approval must be a JSON object.")
    template.approval = documents.approval(known | document, template.friendly_name)
    template.updated_at = sandbox.state.clock()
    return reports.template(template)


async def put_window(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Set when a person last wrote to a sender; null: never."""
    fields = Fields(document, "a window")
    key = (fields.address("from"), fields.address("to"))
    at = fields.time("last_inbound_at")
    fields.done()
    if at is None:
        sandbox.state.windows.pop(key, None)
    else:
        sandbox.state.windows[key] = at
    return {"from": key[0], "to": key[1], "open": sandbox.state.window_open(*key)}


async def put_person(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace a person."""
    made = documents.person(document)
    sandbox.customers.meet(made)
    return reports.person(made)


async def post_inbound(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Let a person write, and report what the receiver answered to the webhook."""
    sender, letter = documents.letter(sandbox.state, document)
    message, post = await sandbox.inbound.receive(sender, letter)
    return {
        "message_sid": message.sid,
        "posted": post is not None,
        "receiver_status": post.answer if post else None,
        "error": post.error if post else None,
    }


async def put_file(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Store a file of an earlier message, and return the file id or URL by which it is requested."""
    return earlier.keep(sandbox.state, document)


async def put_status(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Put a message of SMS or WhatsApp into a status, and post its status callback."""
    message = sandbox.state.messages.get(request.path_params["message"])
    if message is None or message.channel not in ("sms", "whatsapp"):
        raise ControlError("There is no such message.", 404)
    fields = Fields(document, "a status change")
    status = fields.text("status")
    code = fields.count("error_code", None)
    fields.done()
    if status not in STATUSES:
        raise ControlError(f"'status' must be one of {', '.join(STATUSES)}.")
    sandbox.delivery.force(message, status, code)
    return reports.message(message)


async def put_fault(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Plan a fault."""
    return reports.fault(documents.fault(sandbox.state, document))


async def clear_faults(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Remove all faults."""
    sandbox.state.faults.clear()
    return {"faults": []}


async def put_settings(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Change settings; what is left out stays."""
    change(sandbox.state.settings, document)
    return reports.settings(sandbox.state.settings)


async def put_clock(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Set the clock to the machine's time plus `offset_seconds`."""
    fields = Fields(document, "a clock")
    offset = fields.optional_number("offset_seconds")
    fields.done()
    if offset is None or abs(offset) > LONGEST_OFFSET:
        raise ControlError("A clock needs 'offset_seconds', a number of at most ten years.")
    sandbox.state.clock.offset = timedelta(seconds=offset)
    return {"offset_seconds": offset, "now": sandbox.state.clock().isoformat()}


SEEDS: dict[str, Command] = {
    "accounts": put_account,
    "senders": put_sender,
    "templates": put_template,
    "windows": put_window,
    "people": put_person,
    **telegram.SEEDS,
    **graph.SEEDS,
    "files": put_file,
    "faults": put_fault,
}
"""The lists of a seed, in the order they are read: senders need their account, people and files their bot or page."""


async def seed(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create everything in one document. On a mistake, what was created before it stays."""
    fields = Fields(document, "a seed")
    lists = {name: fields.each(name, lambda entry: entry) for name in SEEDS}
    settings = fields.one("settings", lambda entry: entry)
    fields.done()
    if settings is not None:
        await put_settings(sandbox, settings, request)
    for name, put in SEEDS.items():
        for entry in lists[name]:
            await put(sandbox, entry, request)
    return {name: len(entries) for name, entries in lists.items()}


async def reset(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Forget everything, and stop the work in the background and the waiting polls."""
    await sandbox.tasks.stop()
    for bot in sandbox.state.telegram.bots.values():
        if bot.poll:
            bot.poll.end(TelegramError(401, "Unauthorized"))
    sandbox.state.reset()
    return {"reset": True}


async def show_faults(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Return the faults that can still strike."""
    return {"faults": reports.faults(sandbox.state.faults)}


async def show_messages(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Return every message, the oldest first."""
    return {"messages": [reports.message(entry) for entry in sandbox.state.messages.values()]}


async def show_requests(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Return every API request in the log, the oldest first."""
    return {"requests": [reports.request(entry) for entry in sandbox.state.requests]}


async def show_state(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Return everything that control set up, the opt-outs, the faults, and the number of messages."""
    return reports.state(sandbox.state)


async def health(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Return the time, and in `busy` how many background tasks haven't ended."""
    return {"ok": True, "now": sandbox.state.clock().isoformat(), "busy": sandbox.tasks.busy}


def routes() -> list[Route]:
    """Return every route under /control."""
    write = ["POST", "PUT"]
    table: list[tuple[str, list[str], Command]] = [
        ("/accounts", write, put_account),
        ("/senders", write, put_sender),
        ("/templates", write, put_template),
        ("/windows", write, put_window),
        ("/people", write, put_person),
        *telegram.COMMANDS,
        *graph.COMMANDS,
        ("/templates/{template}/approval", write, put_approval),
        ("/messages/{message}/status", write, put_status),
        ("/inbound", ["POST"], post_inbound),
        ("/files", write, put_file),
        ("/faults", write, put_fault),
        ("/faults", ["DELETE"], clear_faults),
        ("/faults", ["GET"], show_faults),
        ("/settings", write, put_settings),
        ("/clock", write, put_clock),
        ("/seed", ["POST"], seed),
        ("/reset", ["POST"], reset),
        ("/messages", ["GET"], show_messages),
        ("/requests", ["GET"], show_requests),
        ("/state", ["GET"], show_state),
        ("/health", ["GET"], health),
    ]
    return [Route("/control" + path, _command(run), methods=methods) for path, methods, run in table]
