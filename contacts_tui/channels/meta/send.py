"""Sending one message through Messenger, which accepts a text or a file.

A file is uploaded first. An upload reaches no person, so any failure in it is proof that nothing was sent.

Imports httpx: import it late, and off the event loop.
"""

import asyncio
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Final

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import NotSent, OutcomeUnknown, Outgoing, OutgoingFile, Refused, SendResult
from contacts_tui.channels.fence import Fence
from contacts_tui.channels.files import apart
from contacts_tui.channels.meta import errors
from contacts_tui.channels.meta.connector import MESSENGER
from contacts_tui.channels.meta.graph import Graph, of_answer, of_failure
from contacts_tui.channels.transport import BAD_REQUEST

FILE_LIMIT: Final = 25 * 1024 * 1024
"""The largest file that Messenger accepts, in bytes."""

_KINDS = ("image", "audio", "video")
"""Kinds that Messenger shows in the conversation; anything else is a `file` to download."""

_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)

Content = Mapping[str, Any]
"""A part of a request, in Messenger's terms."""


class _NotPrepared(Exception):
    """The content of a message can't be prepared; nothing of it was sent."""

    def __init__(self, result: Refused | NotSent) -> None:
        super().__init__(result.code)
        self.result = result


async def send(graph: Graph, page: str, outgoing: Outgoing, seconds: float, fence: Fence | None = None) -> SendResult:
    """Send a message once, within `seconds`, its file included, and return the outcome. Never raise."""
    deadline = asyncio.get_running_loop().time() + seconds
    try:
        async with asyncio.timeout_at(deadline):
            content = await _content(graph, page, outgoing)
    except _NotPrepared as error:
        return error.result
    except Exception as error:
        return _unsent(of_failure(error))
    try:
        async with asyncio.timeout_at(deadline):
            return of_answer(await graph.post(page, "messages", fence=fence, json=_request(outgoing, content)))
    except Exception as error:
        return of_failure(error)


async def _content(graph: Graph, page: str, outgoing: Outgoing) -> Content:
    """Return the request's part with the text, or with the file after uploading it. Raise _NotPrepared."""
    if (refused := apart(outgoing, MESSENGER.limits)) is not None:
        raise _NotPrepared(refused)
    for file in outgoing.files:
        return {"attachment": await _uploaded(graph, page, file)}
    if not outgoing.body:
        raise _NotPrepared(Refused(errors.BAD_PARAMETER, "neither text nor file"))
    try:
        outgoing.body.encode()
    except UnicodeEncodeError as error:
        raise _NotPrepared(Refused(local_errors.UNWRITABLE, "the text holds half a surrogate pair")) from error
    return {"text": outgoing.body}


async def _uploaded(graph: Graph, page: str, file: OutgoingFile) -> Content:
    try:
        handle = await asyncio.to_thread(file.path.open, "rb")
    except (OSError, ValueError) as error:
        raise _NotPrepared(Refused(local_errors.FILE, type(error).__name__)) from error
    with handle:
        size = os.fstat(handle.fileno()).st_size
        if size > FILE_LIMIT:
            raise _NotPrepared(Refused(errors.TOO_LARGE, f"{size} bytes"))
        main = file.content_type.partition("/")[0].lower()
        kind = main if main in _KINDS else "file"
        name = file.name.encode("utf-8", "replace").decode() or "file"
        content_type = file.content_type if _CONTENT_TYPE.fullmatch(file.content_type) else "application/octet-stream"
        answer = await graph.post(
            page,
            "message_attachments",
            data={"message": json.dumps({"attachment": {"type": kind, "payload": {"is_reusable": True}}})},
            files={"filedata": (name, handle, content_type)},
        )
    there = answer.body.get("attachment_id")
    if answer.status < BAD_REQUEST and isinstance(there, str) and there:
        return {"type": kind, "payload": {"attachment_id": there}}
    raise _NotPrepared(_unsent(of_answer(answer)))


def _request(outgoing: Outgoing, content: Content) -> Content:
    allowed = (
        {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        if outgoing.human_agent
        else {"messaging_type": "RESPONSE"}
    )
    return {"recipient": {"id": outgoing.to}, **allowed, "message": {**content, "metadata": outgoing.uid}}


def _unsent(result: SendResult) -> Refused | NotSent:
    """Return the outcome of a failed upload: also an unknown one is not sent, as an upload reaches no person."""
    if isinstance(result, (Refused, NotSent)):
        return result
    return NotSent(errors.UPLOAD, result.detail if isinstance(result, OutcomeUnknown) else "no attachment id")
