"""How a command is declared, beside the function that runs it: its parameters are those of the function.

Knows nothing of the library that reads the command line, so that declaring costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from contacts_tui.cli.exit import Exit


class Unreadable(ValueError):
    """A word of the command line can't be read; the message says why and what to write."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a parameter of a command is called and means. Its type and its default are those of the function's.

    `bool` is a switch, an `Enum` takes one of its values, `tuple` takes several, `int` counts from 1.
    """

    help: str
    metavar: str = ""
    """What stands for its value. Left out for a switch and for an enum."""
    read: Callable[[str], object] | None = None
    """Make a value of the word given. Raise Unreadable."""
    choices: tuple[str, ...] | type[Enum] = ()
    """What may be given, where the type doesn't say it."""
    completes: str = ""
    """What a shell completes it with: `file` or `dir`."""


class Argument(Parameter):
    """A parameter that is known by its place. It may be left out when the function has a default for it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Option(Parameter):
    """A parameter that is known by its name: that of the function's, with dashes, unless `name` is another."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A command: what runs it, and what its help says beside its parameters."""

    function: Callable[..., Exit]
    """Takes the parameters by their names and, where it has one of that name, the `config`; or, as `resolved`, what is
    configured with everything that is wrong about it."""
    examples: tuple[str, ...]
    only_tells: bool
    """Whether it does nothing else: where its answer can't be written it has failed."""


def command(*examples: str, only_tells: bool = False) -> Callable[[Callable[..., Exit]], Declared]:
    """Declare the function below as a command. Its name and what it is for stand in `program.COMMANDS`."""
    return lambda function: Declared(function, examples, only_tells)


CONTACT_HELP = "an id, a number in any spelling, or a name that only one person has"

Contact = Annotated[str, Argument(CONTACT_HELP, "CONTACT")]
"""A person."""

Json = Annotated[bool, Option("print JSON", name="--json")]
"""For programs that read the answer."""

Limit = Annotated[int, Option("how many at most", "N")]
"""How much of a list."""

DryRun = Annotated[bool, Option("only show the result")]
"""Whether to do nothing."""

DespiteStop = Annotated[
    bool,
    Option(
        "send although they may have asked you to stop; needed once after each such message",
    ),
]
"""Whether a wish for no more messages was read and taken note of."""


LONGEST_NUMBER = 18
"""Digits of what a store can count."""


def count(text: str) -> int:
    """Return a number from 1 on that a store can count. Raise Unreadable."""
    if text.isdecimal() and len(text) > LONGEST_NUMBER:
        raise Unreadable(f"a number has at most {LONGEST_NUMBER} digits")
    if not text.isdecimal() or int(text) < 1:
        raise Unreadable(f"“{text}” is not a number of at least 1")
    return int(text)


def variable(text: str) -> tuple[str, str]:
    """Return NAME=VALUE as a pair. Raise Unreadable."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Unreadable(f"“{text}” is not NAME=VALUE")
    return name, value


def read_port(text: str) -> int:
    """Return a port; 0 stands for a free one. Raise Unreadable."""
    if not text.isdecimal() or int(text) > 65535:
        raise Unreadable(f"“{text}” is not a port: 0 to 65535")
    return int(text)


Host = Annotated[str, Option("where to listen", "HOST")]
Port = Annotated[int, Option("where to listen; 0 picks a free one", "PORT", read_port)]
ExitWithStdin = Annotated[bool, Option("also stop when stdin ends, so that it never outlives its parent")]
"""What `serve` and `sandbox` are told."""
