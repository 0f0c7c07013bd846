"""Files of messages from before the sandbox began: they can be loaded, but no webhook is posted for them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.core.state import State
from contacts_sandbox.graph import documents as graph
from contacts_sandbox.graph.shapes import file_url
from contacts_sandbox.telegram import documents as telegram
from contacts_sandbox.twilio import documents
from contacts_sandbox.twilio.inbound import Letter, media_url, record

LONG_AGO = timedelta(days=365)
"""The age of the message of such a file in the list of messages."""

_ID = re.compile("[0-9a-f]{32}")


def keep(state: State, document: object) -> dict[str, Any]:
    """Store a file under an id that the caller chose. Return the `file_id` or `url` by which it is requested.

    It is stored at a `bot`, at a `page`, or as the only file of a message that a number `from` sent `to` a sender.
    Raise ControlError when one of these is unknown or the document is wrong.
    """
    fields = Fields(document, "a file")
    name = fields.text("id")
    if not _ID.fullmatch(name):
        raise ControlError("'id' of a file must be 32 hexadecimal digits in lower case.")
    if fields.given("bot"):
        bot = telegram.known_bot(state.telegram, fields)
        file = documents.media(fields.rest())
        held = bot.keep("documents", file.data, file.content_type, file.filename or "file", file_id=name)
        return {"file_id": held.file_id}
    if fields.given("page"):
        graph.known_page(state.graph, fields)
        file = replace(documents.media(fields.rest()), sid=name)
        state.graph.files[name] = file
        return {"url": file_url(state.base_url, file)}
    from_, to = fields.address("from"), fields.address("to")
    file = replace(documents.media(fields.rest()), sid=f"ME{name}")
    sender = state.senders.get(to)
    if sender is None:
        raise ControlError(f"There is no sender {to}.")
    letter = Letter(from_=from_, body="", media=[file], at=state.clock() - LONG_AGO)
    message = record(state, sender, letter, f"MM{name}")
    return {"url": media_url(state, message, file)}
