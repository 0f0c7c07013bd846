"""The check of a page's token and webhook at the Graph API. Imports httpx: import it late."""

import asyncio
from collections.abc import Iterator
from typing import Any

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import InboxCheck, Refused
from contacts_tui.channels.meta import errors
from contacts_tui.channels.meta.content import id_of
from contacts_tui.channels.meta.graph import Answer, Graph, of_answer, of_failure, trouble
from contacts_tui.channels.transport import BAD_REQUEST
from contacts_tui.channels.untrusted import text_of

NEEDED = ("messages",)
"""Without these fields nothing is received."""
WANTED = ("message_echoes", "message_deliveries", "message_reads", "messaging_postbacks")
"""Without these fields unknown outcomes stay unknown, or receipts or pressed buttons are missing."""


async def check(graph: Graph, page: str, seconds: float) -> InboxCheck:
    """Check the page, then its webhook. Report what Graph denies in the result; raise any other failure."""
    found = await _asked(graph, seconds, page, fields="id,name")
    if _is_bad(found):
        result = of_answer(found)
        if isinstance(result, Refused):
            return InboxCheck(False, (f"Page {page}: {errors.explain(result.code).happened}.",), result.code)
        raise trouble(result)
    if id_of(found.body) != page:
        return InboxCheck(
            False, (f"The token belongs to {id_of(found.body)}, not to the page {page}.",), local_errors.UNCONFIRMED
        )
    line = f"The page {page} ({text_of(found.body.get('name'))}) accepts the token."
    is_subscribed, told = _webhook(await _asked(graph, seconds, page, "subscribed_apps", fields="subscribed_fields"))
    return InboxCheck(is_subscribed, (line, told), "" if is_subscribed else local_errors.NO_WEBHOOK)


async def _asked(graph: Graph, seconds: float, *path: str, fields: str) -> Answer:
    """Return Graph's answer, also when it is an error. Raise ChannelError without an answer."""
    try:
        async with asyncio.timeout(seconds):
            return await graph.get(*path, fields=fields)
    except Exception as error:
        raise trouble(of_failure(error)) from error


def _is_bad(answer: Answer) -> bool:
    return answer.status >= BAD_REQUEST or not answer.body or bool(answer.error)


def _webhook(answer: Answer) -> tuple[bool, str]:
    """Return whether messages are received, and a sentence. When Graph doesn't say, assume that they are."""
    if _is_bad(answer):
        return True, "Meta doesn't say which events the webhook receives: check the app's settings."
    fields = set(_fields(answer.body.get("data")))
    if missing := [name for name in NEEDED if name not in fields]:
        return False, f"Nothing is received for the page: subscribe the app to {', '.join(missing)}."
    if missing := [name for name in WANTED if name not in fields]:
        return True, f"Messages are received for the page; subscribe the app to {', '.join(missing)} as well."
    return True, "Messages, receipts and echoes are received for the page."


def _fields(apps: Any) -> Iterator[str]:
    for app in apps if isinstance(apps, list) else ():
        names = app.get("subscribed_fields") if isinstance(app, dict) else None
        yield from map(text_of, names if isinstance(names, list) else ())
