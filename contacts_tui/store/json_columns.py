"""What JSON columns hold, read without ever failing: fields that this version doesn't know are passed over, and so is
what has another shape."""

import json
from dataclasses import fields
from typing import Any, TypeVar

from contacts_tui.domain.message import Media, TemplateUse

Record = TypeVar("Record")

_MEDIA_TYPE = "application/octet-stream"


def load(text: str | bytes | None) -> Any:
    """A column's text as JSON; None for what is none."""
    try:
        return json.loads(text) if text else None
    except (ValueError, TypeError, RecursionError):
        return None


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def numbers(value: Any) -> tuple[int, ...]:
    """A list of ids."""
    return tuple(item for item in value if type(item) is int) if isinstance(value, list) else ()


def mapping(value: Any) -> dict[str, Any]:
    """An object."""
    return value if isinstance(value, dict) else {}


def texts_by_name(value: Any) -> dict[str, str]:
    """An object of texts."""
    return {name: text for name, text in mapping(value).items() if isinstance(text, str)}


def records(kind: type[Record], value: Any) -> tuple[Record, ...]:
    """A list of objects as records of a kind whose fields are all texts or may be left out; others are passed over."""
    found = value if isinstance(value, list) else ()
    return tuple(record for item in found if (record := _record(kind, item)) is not None)


def media(value: Any) -> tuple[Media, ...]:
    """The files of a message. One that can't be told what it is stays a file."""
    found = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return tuple(
        Media(
            url=_text(item.get("url")),
            content_type=_text(item.get("content_type")) or _MEDIA_TYPE,
            name=_text(item.get("name")),
            size=item["size"] if type(item.get("size")) is int else None,
        )
        for item in found
    )


def template_use(value: Any) -> TemplateUse | None:
    """The template that a message was made of; None when it was made of none."""
    if not isinstance(value, dict):
        return None
    return TemplateUse(
        sid=_text(value.get("sid")),
        name=_text(value.get("name")),
        language=_text(value.get("language")),
        variables=texts_by_name(value.get("variables")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _record(kind: type[Record], item: Any) -> Record | None:
    known = {field.name: _text(mapping(item).get(field.name)) for field in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    return kind(**known) if isinstance(item, dict) else None
