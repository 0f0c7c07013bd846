"""Reading the arguments of a call as strictly as Telegram does."""

from __future__ import annotations

import math
import re

from contacts_sandbox.core.bodies import Body
from contacts_sandbox.telegram.errors import TelegramError


def integer(body: Body, name: str, default: int) -> int:
    """A whole number; anything else counts as left out, as at Telegram."""
    text = body.text(name)
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else default


def degrees(body: Body, name: str, limit: float) -> float:
    """A coordinate between -limit and limit. Raises TelegramError 400."""
    try:
        number = float(body.text(name))
    except ValueError:
        number = math.nan
    if not abs(number) <= limit:
        raise TelegramError(400, f"{name} is empty or wrong")
    return number


def needed(body: Body, name: str, what: str) -> str:
    """A text that can't be blank. Raises TelegramError 400 that calls it `what`."""
    text = body.text(name)
    if not text:
        raise TelegramError(400, f"{what} is empty")
    return text


def flag(body: Body, name: str) -> bool:
    """True or false, however it is written."""
    return body.text(name).lower() in ("true", "1", "yes")


def names(body: Body, name: str) -> frozenset[str] | None:
    """A list of names in JSON; None when it is left out or isn't one."""
    value = body.json(name)
    if not isinstance(value, list):
        return None
    return frozenset(entry for entry in value if isinstance(entry, str))
