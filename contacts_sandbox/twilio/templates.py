"""Content templates: filling them in, and whether WhatsApp would carry the result."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.records import Template

MAX_VARIABLES = 100
"""More values than this are refused (21656)."""

MAX_VALUE = 1600
"""The longest value of a variable, in characters (21658)."""

MAX_RENDERED = 1024
"""The longest text of a template on WhatsApp, in characters (63021)."""

SESSION_ONLY = frozenset({"twilio/list-picker", "twilio/location"})
"""Content types that can't start a WhatsApp conversation (63016)."""

ALWAYS_APPROVED = frozenset({"twilio/call-to-action", "whatsapp/card", "whatsapp/authentication"})
"""Content types that WhatsApp carries only when approved, inside the window too."""

STATUS_FAILURES = {"rejected": 63040, "paused": 63041, "disabled": 63042}
"""Approval status to the error of sending outside the window. A template with any other status but approved
counts as free text, hence 63016 (undocumented for `pending` and the rest: the nearest that Twilio describes)."""

PLAIN: list[str] = ["twilio/text", "twilio/media"]
"""Content types every channel carries, the plainest first."""

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_FORBIDDEN_IN_VALUE = re.compile(r"[\r\n\t]| {5,}")
_TEXT_KEYS = ("header_text", "title", "body", "subtitle", "footer", "label")


@dataclass(frozen=True)
class Rendered:
    """A template with its variables filled in."""

    content_type: str
    """The type chosen for the channel."""
    body: str
    """Its texts, one below the other."""
    media_urls: list[str]
    """Its media addresses."""


def read_values(text: str) -> dict[str, str]:
    """Return the values in ContentVariables. Raise TwilioError 21658 for too long ones, 21656 for other mistakes."""
    if not text:
        return {}
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise TwilioError(21656) from error
    if not isinstance(document, dict) or len(document) > MAX_VARIABLES:
        raise TwilioError(21656)
    values: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TwilioError(21656)
        values[name] = str(value)
        if len(values[name]) > MAX_VALUE:
            raise TwilioError(21658, f"ContentVariables {name}")
        if not values[name] or _FORBIDDEN_IN_VALUE.search(values[name]):
            raise TwilioError(21656)
    return values


def render(template: Template, values: Mapping[str, str], *, whatsapp: bool) -> Rendered:
    """Fill in and return a template for a channel; a variable that is left out takes its sample value.

    Raise TwilioError 21656 when a placeholder has neither value nor sample.
    """
    content_type = _type_for(template, whatsapp=whatsapp)
    definition = template.types[content_type]

    def fill(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: _value(template, values, found.group(1)), text)

    # Buttons and list items can hold placeholders too, so all texts are filled to find one without a value.
    for text in _texts(definition):
        fill(text)
    parts = [fill(definition[key]) for key in _TEXT_KEYS if isinstance(definition.get(key), str)]
    media = definition.get("media", [])
    addresses = [media] if isinstance(media, str) else [entry for entry in media if isinstance(entry, str)]
    return Rendered(content_type, "\n".join(part for part in parts if part), [fill(url) for url in addresses])


def failure(template: Template, rendered: Rendered, *, window_open: bool) -> int | None:
    """Return the error in which WhatsApp ends this message, or None when it delivers it."""
    if len(rendered.body) > MAX_RENDERED:
        return 63021
    approved = template.approval.status == "approved"
    if window_open:
        needs_approval = rendered.content_type in ALWAYS_APPROVED
        return None if approved or not needs_approval else STATUS_FAILURES.get(template.approval.status, 63016)
    if rendered.content_type in SESSION_ONLY:
        return 63016
    return None if approved else STATUS_FAILURES.get(template.approval.status, 63016)


def _type_for(template: Template, *, whatsapp: bool) -> str:
    """Return the content type for a channel: the richest on WhatsApp; elsewhere text, then media, then any other."""
    plain = [name for name in PLAIN if name in template.types]
    rich = [name for name in template.types if name not in plain]
    order = rich + plain if whatsapp else plain + rich
    return order[0]


def _value(template: Template, values: Mapping[str, str], name: str) -> str:
    value = values.get(name) or template.variables.get(name, "")
    if not value:
        raise TwilioError(21656)
    return value


def _texts(node: Any) -> Iterator[str]:
    """Yield every text inside a definition."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for entry in node.values():
            yield from _texts(entry)
    elif isinstance(node, list):
        for entry in node:
            yield from _texts(entry)
