"""Reading the arguments of a call as strictly as Telegram does."""

from __future__ import annotations

import math
import re

from contacts_sandbox.core.bodies import Body
from contacts_sandbox.telegram.errors import TelegramError


def integer(body: Body, name: str, default: int) -> int:
    """Return a whole number; `default` when it is left out or anything else, as at Telegram."""
    text = body.text(name)
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else default


def degrees(body: Body, name: str, limit: float) -> float:
    """Return a coordinate between -`limit` and `limit`. Raise TelegramError 400 when it isn't one."""
    try:
        number = float(body.text(name))
    except ValueError:
        number = math.nan
    if not abs(number) <= limit:
        raise TelegramError(400, f"{name} is empty or wrong")
    return number


def needed(body: Body, name: str, what: str) -> str:
    """Return a text that must be given. Raise TelegramError 400 that calls it `what` when it is empty."""
    text = body.text(name)
    if not text:
        raise TelegramError(400, f"{what} is empty")
    return text


def flag(body: Body, name: str) -> bool:
    """Return whether a value is true, be it written as `true`, `1` or `yes`, in any case."""
    return body.text(name).lower() in ("true", "1", "yes")


def names(body: Body, name: str) -> frozenset[str] | None:
    """Return a list of names in JSON; None when it is left out or isn't a list."""
    value = body.json(name)
    if not isinstance(value, list):
        return None
    return frozenset(entry for entry in value if isinstance(entry, str))
