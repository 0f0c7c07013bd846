"""The values of JSON columns, read without ever failing: unknown fields and values of another shape are skipped."""

import json
from dataclasses import fields
from typing import Any, TypeVar

from contacts_tui.domain.message import Media, TemplateUse

Record = TypeVar("Record")

_MEDIA_TYPE = "application/octet-stream"


def load(text: str | bytes | None) -> Any:
    """Return the JSON value of a column's text; None for an empty or an invalid text."""
    try:
        return json.loads(text) if text else None
    except (ValueError, TypeError, RecursionError):
        return None


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list; none for any other value."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def numbers(value: Any) -> tuple[int, ...]:
    """Return the ids of a list; none for any other value."""
    return tuple(item for item in value if type(item) is int) if isinstance(value, list) else ()


def mapping(value: Any) -> dict[str, Any]:
    """Return an object as it is; an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def texts_by_name(value: Any) -> dict[str, str]:
    """Return the texts of an object, by their names; an empty dictionary for any other value."""
    return {name: text for name, text in mapping(value).items() if isinstance(text, str)}


def records(kind: type[Record], value: Any) -> tuple[Record, ...]:
    """Return the objects of a list as records of a kind whose fields are all texts, empty where missing."""
    found = value if isinstance(value, list) else ()
    return tuple(record for item in found if (record := _record(kind, item)) is not None)


def media(value: Any) -> tuple[Media, ...]:
    """Return the files of a message. A file without a content type gets the one for any file."""
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
    """Return the template that a message was made from; None when it was made from none."""
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
