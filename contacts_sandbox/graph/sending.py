"""The Send API: Messenger's checks, then the message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contacts_sandbox.core.bodies import Body
from contacts_sandbox.graph import shapes
from contacts_sandbox.graph.errors import GraphError, parameter
from contacts_sandbox.graph.records import HUMAN_AGENT_WINDOW, GraphPerson, Page
from contacts_sandbox.graph.shapes import Content

if TYPE_CHECKING:
    from contacts_sandbox.twilio.api import Sandbox

LONGEST_TEXT = 2000
"""The most characters of a text."""

LONGEST_METADATA = 1000
"""The most characters of `metadata`."""

LARGEST_FILE = 25 * 1024 * 1024
"""The most bytes of an attachment."""

MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
"""What `messaging_type` can be."""

RETIRED_TAGS = frozenset({"CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"})
"""Tags that ended on 2026-04-27."""

HUMAN_AGENT = "HUMAN_AGENT"
"""The only tag that remains."""

ACTIONS = frozenset({"typing_on", "typing_off", "mark_seen"})
"""What `sender_action` can be."""

KINDS = frozenset({"image", "audio", "video", "file"})
"""Types of attachments that are files."""


@dataclass(frozen=True)
class Letter:
    """A message that passed every check."""

    person: GraphPerson
    """The recipient."""
    content: Content
    """What it says."""
    metadata: str | None
    """The client's own reference, repeated in the echo."""
    attachment_id: str | None
    """The id of its file, when a reusable attachment was asked for."""


def recipient(sandbox: Sandbox, page: Page, body: Body) -> GraphPerson:
    """Return the person whom a request names. Raise GraphError when none is named, or none is known at the page."""
    given = body.json("recipient")
    if not isinstance(given, dict):
        raise parameter("The parameter recipient is required")
    psid = str(given.get("id", ""))
    if not psid:
        raise parameter("Param recipient must have 'id': other ways to name a person aren't part of this sandbox")
    person = sandbox.state.graph.people.get((page.id, psid))
    if person is None:
        raise parameter("No matching user found", 2018001)
    return person


def letter(sandbox: Sandbox, page: Page, body: Body) -> Letter:
    """Read and check a message. Raise GraphError for what Messenger refuses."""
    person = recipient(sandbox, page, body)
    message = body.json("message")
    if not isinstance(message, dict):
        raise parameter("The parameter message is required")
    _check_window(sandbox, page, person, body)
    if person.unavailable:
        raise GraphError(551, "(#551) This person isn't available right now.", subcode=1545041)
    metadata = _bounded(message, "metadata", LONGEST_METADATA)
    text = _bounded(message, "text", LONGEST_TEXT) or ""
    attachment = message.get("attachment")
    if attachment is not None:
        if text:
            raise parameter("Cannot have both text and attachment in message")
        content, attachment_id = _attached(sandbox, attachment, body)
        return Letter(person, content, metadata, attachment_id)
    if not text.strip():
        raise parameter("Message cannot be empty, must provide valid attachment or text")
    return Letter(person, Content(text), metadata, None)


def kept(sandbox: Sandbox, body: Body) -> str:
    """Keep a file that is uploaded ahead of its message, and return its id. Raise GraphError when there is none."""
    message = body.json("message")
    if not isinstance(message, dict) or "attachment" not in message:
        raise parameter("The parameter message is required")
    _, attachment_id = _attached(sandbox, message["attachment"], body)
    if attachment_id is None:
        raise parameter("Upload attachment failure.", 2018047)
    return attachment_id


def _check_window(sandbox: Sandbox, page: Page, person: GraphPerson, body: Body) -> None:
    kind, tag = body.text("messaging_type"), body.text("tag")
    if not kind:
        raise parameter("The parameter messaging_type is required")
    if kind not in MESSAGING_TYPES:
        raise parameter(f"Param messaging_type must be one of {{{', '.join(MESSAGING_TYPES)}}}")
    if kind != "MESSAGE_TAG":
        if not sandbox.graph.window_open(page, person.psid):
            raise _outside()
        return
    if tag in RETIRED_TAGS:
        raise parameter(f"Param tag: {tag} is no longer supported")
    if tag != HUMAN_AGENT:
        raise parameter(f"Param tag must be one of {{{HUMAN_AGENT}}}")
    if not page.human_agent:
        # Which subcode comes, if any, isn't documented.
        raise GraphError(10, "(#10) The HUMAN_AGENT tag needs the Human Agent permission")
    if not sandbox.graph.window_open(page, person.psid, HUMAN_AGENT_WINDOW):
        raise _outside(2018065)


def _outside(subcode: int = 2018278) -> GraphError:
    """Return the out-of-window error. Which of Meta's two subcodes comes for HUMAN_AGENT isn't documented."""
    message = (
        "(#10) This message is sent outside of allowed window. Learn more about the new policy here: "
        "https://developers.facebook.com/docs/messenger-platform/policy-overview"
    )
    return GraphError(10, message, subcode=subcode)


def _bounded(message: dict[str, Any], name: str, limit: int) -> str | None:
    value = message.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise parameter(f"Param message[{name}] must be a string.")
    if len(value) > limit:
        raise parameter(f"Length of param message[{name}] must be less than or equal to {limit}")
    return value


def _attached(sandbox: Sandbox, attachment: object, body: Body) -> tuple[Content, str | None]:
    """Return an attachment (by address, by id or uploaded), and the id of its file if it is held and reusable."""
    kind = attachment.get("type") if isinstance(attachment, dict) else None
    payload = attachment.get("payload", {}) if isinstance(attachment, dict) else None
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(payload, dict):
        raise parameter(f"Param message[attachment][type] must be one of {{{', '.join(sorted(KINDS))}}}")
    graph, base_url = sandbox.state.graph, sandbox.state.base_url
    reusable = payload.get("is_reusable") is True
    upload = body.uploads.get("filedata")
    if upload:
        if len(upload.data) > LARGEST_FILE:
            raise parameter("Attachment size exceeds allowable limit", 2018047)
        file = graph.keep(upload.content_type, upload.filename, upload.data)
    elif "attachment_id" in payload:
        known = graph.files.get(str(payload["attachment_id"]))
        if known is None:
            raise parameter("Invalid attachment ID provided", 2018074)
        file = known
    else:
        url = payload.get("url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise parameter("Param message[attachment][payload][url] should be a valid URI")
        # Meta fetches the file; this sandbox doesn't, and passes the address on.
        return Content(attachments=(shapes.attachment(kind, url),)), None
    content = Content(attachments=(shapes.attachment(kind, shapes.file_url(base_url, file)),), media=(file,))
    return content, file.sid if reusable else None
