"""Form bodies and query strings, as lists of names and values in the order they came."""

from urllib.parse import parse_qsl

from contacts_sandbox.core.bodies import MAX_FIELDS
from contacts_sandbox.twilio.errors import TwilioError


class Form:
    """The fields that a client sent. As at Twilio, a blank value counts as not sent."""

    def __init__(self, encoded: bytes) -> None:
        """Read a urlencoded text. Any other text yields fields whose names are never asked for.

        Raise TwilioError 20001 when it holds too many fields.
        """
        try:
            text = encoded.decode("utf-8", "replace")
            self.fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError as error:
            raise TwilioError(20001, "too many fields") from error

    def first(self, name: str) -> str:
        """Return the first value of a field, or an empty text."""
        return next((value for key, value in self.fields if key == name), "")

    def every(self, name: str) -> list[str]:
        """Return all values of a field that aren't empty."""
        return [value for key, value in self.fields if key == name and value]

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """Return a field as a whole number, or `default` when it is empty.

        Raise TwilioError 20001 when it isn't a whole number of at most nine digits, or is below `least`.
        """
        text = self.first(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
            raise TwilioError(20001, f"{name} must be a whole number of at least {least}")
        return int(text)
