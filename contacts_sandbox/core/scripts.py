"""Control documents of scripts and unprompted lines, the same for people of every channel."""

from __future__ import annotations

import re
from functools import partial

from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.twilio.people import Rule, Unprompted


def talk(fields: Fields, *, numbered: bool) -> tuple[list[Rule] | None, Unprompted | None]:
    """Read the `script` (None when it is left out) and `unprompted` of a person. Raise ControlError when one is wrong.

    `numbered`: the person writes to a number; otherwise to the name or id of a sender.
    """
    scripted = fields.given("script")
    script = fields.each("script", rule)
    unprompted = fields.one("unprompted", partial(_unprompted, numbered=numbered))
    return (script if scripted else None), unprompted


def rule(document: object) -> Rule:
    """Read a rule of a script. Raise ControlError when it is wrong."""
    fields = Fields(document, "a rule")
    made = Rule(
        when=fields.text("when"),
        reply=fields.optional_text("reply"),
        nth=fields.count("nth", None),
        after=fields.number("after", 1.0),
        typing=fields.number("typing", 0.0),
        read_after=fields.number("read_after", 0.0) if fields.given("read_after") else None,
        once=fields.flag("once", False),
    )
    fields.done()
    if (made.when == "nth") != (made.nth is not None):
        raise ControlError("A rule has 'nth', a number, exactly when its 'when' is \"nth\".")
    try:
        re.compile(made.when)
    except (re.error, RecursionError, OverflowError) as error:
        raise ControlError(f"'when' of a rule is no regular expression: {error}.") from error
    return made


def _unprompted(document: object, *, numbered: bool) -> Unprompted:
    fields = Fields(document, "unprompted")
    every = fields.each("every", _seconds)
    to = fields.address("to") if numbered and fields.given("to") else fields.optional_text("to")
    lines = fields.each("lines", _line)
    fields.done()
    if len(every) != 2 or not 0 < every[0] <= every[1]:
        raise ControlError("'every' of unprompted must be two numbers of seconds, the smaller first.")
    if not lines:
        raise ControlError("'lines' of unprompted must hold at least one text.")
    return Unprompted((every[0], every[1]), lines, to)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError("'every' of unprompted must hold numbers.")
    return float(value)


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise ControlError("'lines' of unprompted must hold texts.")
    return value
