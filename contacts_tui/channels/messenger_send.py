"""Handing one message to Messenger, which takes a text or a file at a time.

A message of several parts stays one promise:

- Its files are uploaded first. That reaches nobody, so whatever goes wrong there is proof that nothing was sent.
- Then the text goes, and each file. Only the last part carries our plain reference, so that its echo is what settles
  the message; the echoes of the others say which part they are, and are no messages of their own.
- A later part that is refused makes the message a failure that says so; one that nobody knows about makes it unknown.

Imports httpx: import it late, and off the event loop.
"""

import asyncio
import json
import logging
import os
import re
from collections.abc import Mapping
from typing import Any, Final

from contacts_tui.channels import codes
from contacts_tui.channels import messenger_errors as errors
from contacts_tui.channels.base import Accepted, NotSent, Outgoing, OutgoingFile, Refused, SendResult, Unsettled
from contacts_tui.channels.messenger_graph import Graph, of_answer, of_failure
from contacts_tui.channels.messenger_webhook import part_reference
from contacts_tui.channels.transport import BAD_REQUEST
from contacts_tui.domain.delivery import Delivery

FILE_LIMIT: Final = 25 * 1024 * 1024
"""The largest file that Messenger takes, in bytes."""

_KINDS = ("image", "audio", "video")
"""What Messenger shows in place; anything else is a `file` to load."""

_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)

_LOG = logging.getLogger(__name__)

Content = Mapping[str, Any]
"""One part of a message, in Messenger's words."""


class _NotPrepared(Exception):
    """A message can't be put together; nothing of it was sent."""

    def __init__(self, result: Refused | NotSent) -> None:
        super().__init__(result.code)
        self.result = result


async def send(graph: Graph, page: str, outgoing: Outgoing, seconds: float) -> SendResult:
    """One try of the whole message within `seconds`. Never raises."""
    deadline = asyncio.get_running_loop().time() + seconds
    try:
        async with asyncio.timeout_at(deadline):
            contents = await _contents(graph, page, outgoing)
    except _NotPrepared as error:
        return error.result
    except Exception as error:
        return _unsent(of_failure(error))
    accepted: Accepted | None = None
    for number, content in enumerate(contents, 1):
        reference = outgoing.uid if number == len(contents) else part_reference(outgoing.uid, number)
        result: SendResult
        try:
            async with asyncio.timeout_at(deadline):
                result = of_answer(await graph.post(page, "messages", json=_request(outgoing, content, reference)))
        except Exception as error:
            result = of_failure(error)
        if not isinstance(result, Accepted):
            return result if accepted is None else _incomplete(result, accepted, number, len(contents))
        accepted = result
    assert accepted is not None, "a message has a part"
    return accepted


async def _contents(graph: Graph, page: str, outgoing: Outgoing) -> list[Content]:
    """The parts in their order, with every file uploaded. Raises _NotPrepared."""
    contents: list[Content] = []
    if outgoing.body:
        try:
            outgoing.body.encode()
        except UnicodeEncodeError as error:
            refused = Refused(codes.UNWRITABLE, "the text holds half a surrogate pair")
            raise _NotPrepared(refused) from error
        contents.append({"text": outgoing.body})
    for file in outgoing.files:
        contents.append({"attachment": await _uploaded(graph, page, file)})
    if not contents:
        raise _NotPrepared(Refused(errors.BAD_PARAMETER, "neither text nor file"))
    return contents


async def _uploaded(graph: Graph, page: str, file: OutgoingFile) -> Content:
    try:
        handle = await asyncio.to_thread(file.path.open, "rb")
    except (OSError, ValueError) as error:
        raise _NotPrepared(Refused(codes.FILE, type(error).__name__)) from error
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


def _request(outgoing: Outgoing, content: Content, reference: str) -> Content:
    allowed = (
        {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        if outgoing.human_agent
        else {"messaging_type": "RESPONSE"}
    )
    return {"recipient": {"id": outgoing.to}, **allowed, "message": {**content, "metadata": reference}}


def _unsent(result: SendResult) -> Refused | NotSent:
    """The failure of an upload: whatever nobody knows of it, it brought nothing to the person."""
    if isinstance(result, (Refused, NotSent)):
        return result
    return NotSent(errors.UPLOAD, result.detail if isinstance(result, Unsettled) else "no attachment id")


def _incomplete(result: SendResult, accepted: Accepted, number: int, count: int) -> SendResult:
    """What the whole message is, of which part `number` was not taken for sure."""
    if isinstance(result, Unsettled):
        return Unsettled(result.code, f"part {number} of {count}: {result.detail}")
    _LOG.warning("part %d of %d was not sent: %s", number, count, result)
    return Accepted(accepted.provider_id, Delivery.FAILED, errors.PARTLY)
