"""Parameters of a request, however they were written: query, form, multipart or JSON.

Telegram and Graph take any of these for every call.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import Message as Headers
from urllib.parse import parse_qsl

from starlette.requests import Request

from contacts_sandbox.core import strict_json

MAX_FIELDS = 1000
"""More fields or parts than this in one request are refused."""


class UnreadableBody(Exception):
    """The body isn't what its content type says."""


@dataclass(frozen=True)
class Upload:
    """A file that came as a part of a multipart body."""

    filename: str
    """Its name, as the client gave it."""
    content_type: str
    """Its MIME type, as the client gave it."""
    data: bytes
    """Its content."""


@dataclass
class Body:
    """The parameters of a request."""

    values: dict[str, object] = field(default_factory=dict)
    """Name to value: a text, or from a JSON body whatever JSON holds. The body has precedence over the query."""
    uploads: dict[str, Upload] = field(default_factory=dict)
    """Part name to file."""

    def text(self, name: str) -> str:
        """Return a value as text, numbers and objects as JSON; an empty text when it is left out or null."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def json(self, name: str) -> object:
        """Return a value that is JSON, or parsed from a text that holds JSON; None when left out or unreadable."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return strict_json.loads(value)
        except ValueError:
            return None

    def pairs(self, hidden: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """Return names and texts for the log: values of `hidden` names masked, files as name and size."""
        shown = [(name, "***" if name in hidden else self.text(name)) for name in self.values]
        return shown + [(name, f"<{one.filename}, {len(one.data)} bytes>") for name, one in self.uploads.items()]


def read(content_type: str, query: str, content: bytes) -> Body:
    """Return the parameters of a query and a body. Raise UnreadableBody when one can't be read."""
    body = Body()
    kind = content_type.partition(";")[0].strip().lower()
    try:
        body.values |= _pairs(query)
        if kind == "application/json":
            document = strict_json.loads(content.decode() or "{}")
            if not isinstance(document, dict):
                raise UnreadableBody("not an object")
            body.values |= document
        elif kind == "multipart/form-data":
            _read_parts(content_type, content, body)
        elif kind == "application/x-www-form-urlencoded":
            body.values |= _pairs(content.decode("utf-8", "replace"))
    except ValueError as error:
        raise UnreadableBody(str(error)) from error
    return body


async def read_request(request: Request) -> Body:
    """Return the parameters of a request. Raise UnreadableBody as `read` does."""
    query = request.scope["query_string"].decode("latin-1")
    return read(request.headers.get("content-type", ""), query, await request.body())


def _pairs(text: str) -> dict[str, object]:
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))


def _read_parts(content_type: str, content: bytes, body: Body) -> None:
    boundary = _parameter("Content-Type", content_type, "boundary")
    if not boundary:
        raise UnreadableBody("no boundary")
    delimiter = b"\r\n--" + boundary.encode("latin-1")
    # The first delimiter may stand at the very start, without a line break before it.
    _, *parts = (b"\r\n" + content).split(delimiter)
    if not parts or not parts[-1].startswith(b"--") or len(parts) > MAX_FIELDS:
        raise UnreadableBody("not closed, or too many parts")
    for part in parts[:-1]:
        head, blank, data = part.partition(b"\r\n\r\n")
        if not blank:
            raise UnreadableBody("a part without a head")
        lines = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n"))
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        disposition = headers.get("content-disposition", "")
        name = _parameter("Content-Disposition", disposition, "name")
        filename = _parameter("Content-Disposition", disposition, "filename")
        if filename is None:
            body.values[name or ""] = data.decode("utf-8", "replace")
        else:
            body.uploads[name or ""] = Upload(filename, headers.get("content-type", "application/octet-stream"), data)


def _parameter(header: str, value: str, name: str) -> str | None:
    """Return a parameter of a structured header, quoted, encoded (RFC 2231) or neither; None when it is missing."""
    message = Headers()
    # The parser refuses a header with a line break in it, with an error of its own.
    message[header] = re.sub(r"[\r\n]", " ", value)
    found = message.get_param(name, header=header)
    return found[2] if isinstance(found, tuple) else found
