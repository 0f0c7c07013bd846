"""Control of Telegram: bots, people, and what people do."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.telegram import documents, reports
from contacts_sandbox.twilio.api import Command, Sandbox


async def put_bot(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create a bot, or give it another token, username or name."""
    return reports.bot(documents.bot(sandbox.state.telegram, document))


async def put_person(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Create or replace a person."""
    made = documents.person(sandbox.state.telegram, document)
    sandbox.telegram.meet(made)
    return reports.person(sandbox.state.telegram, made)


async def post_inbound(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Let a person write to a bot, or edit what they wrote."""
    state = sandbox.state.telegram
    fields = Fields(document, "an inbound message")
    bot, person = documents.known_bot(state, fields), documents.known_person(state, fields)
    group, at = documents.group(fields), fields.time("at")
    chat_id = group["id"] if group else person.chat_id
    edited = documents.edited(bot, chat_id, fields)
    content = documents.content(bot, fields)
    fields.done()
    if bot.id in person.blocked and not group:
        raise ControlError("They blocked this bot, and can't write to it until they unblock it.")
    if edited:
        sandbox.telegram.edit(bot, edited, content, at=at)
        number = edited["message_id"]
    else:
        record = sandbox.telegram.hear(bot, person, content, at=at, group=group)
        number = int(record.sid.rpartition(":")[2])
    return {"message_id": number, "provider_id": f"{chat_id}:{number}", "waiting": len(bot.updates)}


async def post_block(sandbox: Sandbox, document: object, request: Request) -> dict[str, Any]:
    """Let a person block a bot, or unblock it."""
    state = sandbox.state.telegram
    fields = Fields(document, "a block")
    bot, person = documents.known_bot(state, fields), documents.known_person(state, fields)
    blocked, at = fields.flag("blocked", True), fields.time("at")
    fields.done()
    sandbox.telegram.permit(bot, person, blocked=blocked, at=at)
    return reports.person(state, person)


SEEDS: dict[str, Command] = {"telegram_bots": put_bot, "telegram_people": put_person}
"""Lists of a seed, in the order they are read."""

COMMANDS: list[tuple[str, list[str], Command]] = [
    ("/telegram/bots", ["POST", "PUT"], put_bot),
    ("/telegram/people", ["POST", "PUT"], put_person),
    ("/telegram/inbound", ["POST"], post_inbound),
    ("/telegram/block", ["POST"], post_block),
]
"""Path under /control, methods and command."""
