"""The country of numbers that are written without a country code."""

from typing import Annotated

from contacts_tui.cli.declare import Option
from contacts_tui.domain.address import AddressError

Region = Annotated[
    str, Option("country of numbers without a country code (default: default_region as configured)", "CC")
]


def read_region(name: str) -> str | None:
    """Return a country's code (ISO 3166) in upper case; None for an empty name. Raise AddressError if unknown."""
    if not name:
        return None
    import phonenumbers

    if name.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise AddressError(f"“{name}” is not a region: give a two-letter country code, such as NG")
    return name.upper()
