"""How a command is declared, beside the function that runs it: its parameters are those of the function.

Doesn't import the library that parses the command line, so that declaring costs nothing.
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
    """The name and the meaning of a command's parameter. Type and default are those of the function's parameter.

    `bool` is a switch, an `Enum` takes one of its values, `tuple` takes several, `int` counts from 1.
    """

    help: str
    metavar: str = ""
    """The placeholder of its value in the help. Left out for a switch and for an enum."""
    read: Callable[[str], object] | None = None
    """The function that returns the value of a word, or raises Unreadable."""
    choices: tuple[str, ...] | type[Enum] = ()
    """The values that may be given, where the type doesn't say it."""
    completes: str = ""
    """What a shell completes it with: `file` or `dir`."""


class Argument(Parameter):
    """A parameter that is given by its position. It may be left out when the function has a default for it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Option(Parameter):
    """A parameter that is given by its name: that of the function's, with dashes, unless `name` says another."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A command: the function that runs it, and what its help shows besides the parameters."""

    function: Callable[..., Exit]
    """Takes the parameters by their names. One that is called `config` gets the configuration, one that is called
    `resolved` the configuration with everything that is wrong in it."""
    examples: tuple[str, ...]
    only_tells: bool
    """Whether it only prints something: when that can't be written, the command has failed."""


def command(*examples: str, only_tells: bool = False) -> Callable[[Callable[..., Exit]], Declared]:
    """Return a decorator that declares a function as a command. Its name and help stand in `program.COMMANDS`."""
    return lambda function: Declared(function, examples, only_tells)


CONTACT_HELP = "an id, a number in any spelling, or a name that only one person has"

Contact = Annotated[str, Argument(CONTACT_HELP, "CONTACT")]
"""A person."""

Json = Annotated[bool, Option("print JSON", name="--json")]
"""For programs that read the answer."""

Limit = Annotated[int, Option("how many at most", "N")]
"""How many entries of a list."""

DryRun = Annotated[bool, Option("only show the result")]
"""Whether to show the result and change nothing."""

DespiteStop = Annotated[
    bool,
    Option(
        "send although they may have asked you to stop; needed once after each such message",
    ),
]
"""Whether the agent has read the message in which the person may ask for no more messages."""


LONGEST_NUMBER = 18
"""The most digits of a number that a store can hold."""


def count(text: str) -> int:
    """Return a whole number of at least 1 that a store can hold. Raise Unreadable."""
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
    """Return a port, 0 to 65535; 0 stands for a free one. Raise Unreadable."""
    if not text.isdecimal() or int(text) > 65535:
        raise Unreadable(f"“{text}” is not a port: 0 to 65535")
    return int(text)


Host = Annotated[str, Option("where to listen", "HOST")]
Port = Annotated[int, Option("where to listen; 0 picks a free one", "PORT", read_port)]
ExitWithStdin = Annotated[bool, Option("also stop when stdin ends, so that it never outlives its parent")]
"""The options that `serve` and `sandbox` share: HOST, PORT and this one."""
