"""Reading control documents strictly: every mistake is answered with a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from starlette.responses import JSONResponse

from contacts_sandbox.core import strict_json
from contacts_sandbox.twilio.addresses import normalised

T = TypeVar("T")


class ControlError(Exception):
    """A control request that can't be carried out. The text is a sentence for the client."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        """Make an error that is answered with the HTTP status `status`."""
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        """Return the answer of the control API."""
        return JSONResponse({"error": self.sentence}, self.status, headers)


def read_json(body: bytes) -> object:
    """Parse and return the body of a control request; an empty one is an empty object. Raise ControlError."""
    try:
        return strict_json.loads(body or b"{}")
    except ValueError as error:
        raise ControlError(f"The body can't be read as JSON: {error}.") from error


class Fields:
    """A JSON object whose fields are read once each. A wrong field, or one unread at `done`, raises ControlError."""

    def __init__(self, document: object, what: str) -> None:
        """Read `document`, which sentences call `what`: `a sender`. Raise ControlError when it isn't an object."""
        if not isinstance(document, dict):
            raise ControlError(f"{what.capitalize()} must be a JSON object.")
        self._left: dict[str, Any] = dict(document)
        self._what = what

    def text(self, name: str) -> str:
        """Return a text that must be given and not be empty."""
        value = self.optional_text(name)
        if not value:
            raise ControlError(f"{self._what.capitalize()} needs {name!r}, a text.")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None when it is left out or null."""
        value = self._take(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def address(self, name: str) -> str:
        """Return an address that must be given, with its number in international form or its WhatsApp user id."""
        text = self.text(name)
        address = normalised(text)
        if address is None:
            raise self._wrong(name, "a number like +15551234567, or whatsapp: and such a number or a user id")
        return address

    def sid(self, name: str, prefix: str) -> str:
        """Return an identifier of Twilio's that must be given: `prefix` and 32 hexadecimal digits."""
        value = self.text(name)
        if not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
            raise self._wrong(name, f"{prefix} and 32 hexadecimal digits")
        return value

    def optional_url(self, name: str) -> str | None:
        """Return an http or https URL, or None when it is left out or null."""
        value = self.optional_text(name)
        if value is not None and not value.startswith(("http://", "https://")):
            raise self._wrong(name, "an http or https URL")
        return value

    def number(self, name: str, default: float) -> float:
        """Return a number that isn't negative; `default` when it is left out or null."""
        value = self.optional_number(name)
        if value is not None and value < 0:
            raise self._wrong(name, "a number that isn't negative")
        return default if value is None else value

    def optional_number(self, name: str) -> float | None:
        """Return any finite number, or None when it is left out or null."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(name, "a number")
        return float(value)

    def count(self, name: str, default: int | None, *, least: int = 1) -> int | None:
        """Return a whole number from `least` on; None for null, `default` when it is left out."""
        if name not in self._left:
            return default
        value = self._take(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            raise self._wrong(name, f"a whole number of at least {least}, or null")
        return value

    def whole(self, name: str) -> int:
        """Return a whole number, negative or not, that must be given."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, "a whole number")
        return value

    def digits(self, name: str) -> str:
        """Return a text of at most 32 digits that must be given: an id too long for a number in some clients."""
        value = self.text(name)
        if not (value.isascii() and value.isdigit() and len(value) <= 32):
            raise self._wrong(name, "a text of digits")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return a boolean; `default` when it is left out or null."""
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return default if value is None else value

    def time(self, name: str) -> datetime | None:
        """Return an ISO 8601 time with its zone, as UTC; None when it is left out or null."""
        text = self.optional_text(name)
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                raise ValueError("no zone")
            return at.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self._wrong(name, "an ISO 8601 time with its zone") from error

    def each(self, name: str, read: Callable[[object], T]) -> list[T]:
        """Return a list with each entry read by `read`; empty when it is left out or null."""
        value = self._take(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return [read(entry) for entry in value]

    def json_object(self, name: str) -> dict[str, Any]:
        """Return an object as it is; empty when it is left out or null."""
        value = self._take(name)
        if value is not None and not isinstance(value, dict):
            raise self._wrong(name, "an object")
        return value or {}

    def one(self, name: str, read: Callable[[object], T]) -> T | None:
        """Return a value read by `read`; None when it is left out or null."""
        value = self._take(name)
        return None if value is None else read(value)

    def has(self, name: str) -> bool:
        """Return whether a field is given, null or not, and not yet read."""
        return name in self._left

    def given(self, name: str) -> bool:
        """Return whether a field is given, not null and not yet read."""
        return self._left.get(name) is not None

    def rest(self) -> dict[str, Any]:
        """Take and return all fields that are left, to be read as something else."""
        left, self._left = self._left, {}
        return left

    def done(self) -> None:
        """Raise ControlError when there are fields that were not read: mostly misspellings."""
        if self._left:
            names = ", ".join(repr(name) for name in sorted(self._left))
            raise ControlError(f"{self._what.capitalize()} has no {names}.")

    def _take(self, name: str) -> Any:
        return self._left.pop(name, None)

    def _wrong(self, name: str, wanted: str) -> ControlError:
        return ControlError(f"{name!r} of {self._what} must be {wanted}.")
