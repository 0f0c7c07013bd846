"""Twilio's content templates, each read into the parts of a Template.

Shapes: https://www.twilio.com/docs/content/content-types-overview. They come from outside, and new ones appear
unannounced, so nothing here trusts a type, and nothing raises.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contacts_tui.domain.template import Approval, Button, Template, names_in

if TYPE_CHECKING:
    from twilio.rest.content.v1.content_and_approvals import ContentAndApprovalsInstance

PLAIN = "twilio/text"
"""The type with the least content: where a template has several types, another one says more of what WhatsApp shows."""

KNOWN = frozenset(
    {
        PLAIN,
        "twilio/media",
        "twilio/quick-reply",
        "twilio/call-to-action",
        "twilio/card",
        "twilio/list-picker",
        "twilio/location",
        "twilio/carousel",
        "whatsapp/card",
    }
)
"""Types whose text is shown as the customer will read it."""


def to_template(record: "ContentAndApprovalsInstance", inbox_id: int, now: datetime) -> Template | None:
    """Return a record as a template; None for one without an id, which could never be sent."""
    sid = _text(record.sid)
    if not sid:
        return None
    approval = _approval(record.approval_requests)
    types = _mapping(record.types)
    kind = _kind(types, _text(approval.get("content_type")))
    definition = _mapping(types.get(kind))
    is_known = kind in KNOWN
    header, body, footer = _words(kind, definition) if is_known else (f"[{kind or 'an empty template'}]", "", "")
    media = tuple(_texts(definition.get("media")))
    buttons = tuple(_buttons(kind, definition))
    return Template(
        id=0,
        inbox_id=inbox_id,
        sid=sid,
        name=_text(record.friendly_name) or _text(approval.get("name")) or sid,
        language=_text(record.language),
        category=_text(approval.get("category")).lower(),
        approval=_text(approval.get("status")) or Approval.UNSUBMITTED,
        rejection_reason=_text(approval.get("rejection_reason")),
        kind=kind,
        header=header,
        body=body,
        footer=footer,
        media=media,
        buttons=buttons + _rest(definition, (header, body, footer, *media), buttons),
        samples={str(name): _text(value) for name, value in _mapping(record.variables).items()},
        synced_at=now,
    )


def _approval(found: object) -> Mapping[str, Any]:
    """Return WhatsApp's approval: the value itself, its `whatsapp`, or one of a list, as Twilio's pages show it."""
    if isinstance(found, list):
        found = next((_mapping(item) for item in found if _mapping(item).get("status")), {})
    approval = _mapping(found)
    return _mapping(approval.get("whatsapp")) or approval


def _kind(types: Mapping[str, Any], approved: str) -> str:
    """Return the type that WhatsApp shows: the approved one, else one with more than plain text, a known one first."""
    if approved in types:
        return approved
    richer = [kind for kind in types if kind != PLAIN]
    return next((kind for kind in richer if kind in KNOWN), None) or next(iter([*richer, *types]), "")


def _words(kind: str, definition: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return header, body and footer."""
    body = _text(definition.get("body"))
    match kind:
        case "whatsapp/card":
            return _text(definition.get("header_text")), body, _text(definition.get("footer"))
        case "twilio/card":
            # A card's title is what WhatsApp shows as its text, and the subtitle is the footer.
            title = _text(definition.get("title"))
            return (title if body else ""), body or title, _text(definition.get("subtitle"))
        case "twilio/location":
            place = [_text(definition.get(name)) for name in ("label", "address")]
            point = f"({_text(definition.get('latitude'))}, {_text(definition.get('longitude'))})"
            return "", "Location: " + ", ".join(part for part in place if part) + f" {point}", ""
        case _:
            return "", body, ""


def _buttons(kind: str, definition: Mapping[str, Any]) -> Iterator[Button]:
    for action in _mappings(definition.get("actions")):
        named = _text(action.get("type")).lower() or "quick_reply"
        value = next((_text(action[name]) for name in ("url", "phone", "code", "id") if action.get(name)), "")
        yield Button(named, _text(action.get("title")) or _text(action.get("copy_code_text")), value)
    if kind == "twilio/list-picker":
        yield Button("list", _text(definition.get("button")), "")
        for item in _mappings(definition.get("items")):
            yield Button("list_item", _text(item.get("item")), _text(item.get("description")))
    for card in _mappings(definition.get("cards")):
        words = [_text(card.get(name)) for name in ("title", "body")]
        yield Button("card", ": ".join(word for word in words if word), " ".join(_texts(card.get("media"))))
        yield from _buttons(kind, card)


def _rest(definition: Mapping[str, Any], parts: tuple[str, ...], buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """Return a button with the variables that are found in no other part, so that they are asked for; none without any.

    Twilio sends a missing variable with its sample value, which the person would read.
    """
    shown = " ".join((*parts, *(f"{button.title} {button.value}" for button in buttons)))
    try:
        everything = json.dumps(definition, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return ()
    hidden = [name for name in dict.fromkeys(names_in(everything)) if name not in names_in(shown)]
    return (Button("other", "a part not shown here", " ".join(f"{{{{{name}}}}}" for name in hidden)),) if hidden else ()


def _text(value: object) -> str:
    """Return a text, or a number as text (coordinates and samples may be numbers); empty for anything else."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _texts(value: object) -> list[str]:
    """Return the texts of a list, or of one text alone."""
    values = value if isinstance(value, list) else [value]
    return [text for item in values if (text := _text(item))]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
