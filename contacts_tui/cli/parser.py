"""What every command's arguments are made of: the parser, and the options that several commands have."""

import re
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter, _SubParsersAction
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from contacts_tui.cli.streams import streams

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

CHANNELS = ("sms", "whatsapp", "telegram", "messenger")
"""The names of the channels."""

CONTACT_HELP = "an id, a number in any spelling, or a name that only one person has"

Commands: TypeAlias = "_SubParsersAction[Parser]"
"""Where a command is added."""

_AGO = re.compile(r"([0-9]{1,5}) ?([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

_LONGEST_NUMBER = 18
"""Digits of what a store can count."""


class Parser(ArgumentParser):
    """A parser whose complaints can't command the terminal, whatever was pasted after the program's name."""

    def error(self, message: str) -> NoReturn:
        """Says the usage and what is wrong, and leaves with 2."""
        from contacts_tui.domain.text import one_line

        super().error(one_line(message))

    def print_help(self, file: "SupportsWrite[str] | None" = None) -> None:
        """Write the help to standard output as everything else is written; argparse itself hides that it can't be."""
        if file is None:
            streams.write(self.format_help())
        else:
            super().print_help(file)


def command(
    commands: Commands, name: str, handler: str, help_: str, example: str, *, only_tells: bool = False
) -> Parser:
    """A command that `handler` ("module:function" of `cli`) runs.

    One that `only_tells` does nothing else: where its answer can't be written it has failed.
    """
    parser = commands.add_parser(
        name,
        help=help_,
        description=f"{help_[0].upper()}{help_[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(handler=handler, only_tells=only_tells)
    # SUPPRESS, so that leaving it out here keeps what was given before the command.
    add_database(parser, default=SUPPRESS)
    return parser


def group(commands: Commands, name: str, help_: str) -> Commands:
    """A word in front of several commands."""
    parser = commands.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.", allow_abbrev=False)
    add_database(parser, default=SUPPRESS)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_database(parser: ArgumentParser, default: str | None) -> None:
    """Which store; `default` is what is known of it so far."""
    parser.add_argument(
        "--database",
        metavar="PATH",
        default=default,
        help="the store: a SQLite file or a sqlite:/// URL (default: CONTACTS_TUI_DATABASE_URL, else as configured)",
    )


def add_json(parser: ArgumentParser) -> None:
    """For programs that read the answer."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def count(text: str) -> int:
    """A number from 1 on that a store can count. Raises ArgumentTypeError."""
    if text.isdecimal() and len(text) > _LONGEST_NUMBER:
        raise ArgumentTypeError(f"a number has at most {_LONGEST_NUMBER} digits")
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is not a number of at least 1")
    return int(text)


def moment(text: str) -> datetime:
    """A time in the past: of a date, of a date and time, or some minutes, hours or days ago. Raises ArgumentTypeError.

    Without a zone it is local.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"“{text}” is not a time: write 2026-11-27, 2026-11-27 14:00, 90m, 2h or 3d") from error


def variable(text: str) -> tuple[str, str]:
    """NAME=VALUE as a pair. Raises ArgumentTypeError."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ArgumentTypeError(f"“{text}” is not NAME=VALUE")
    return name, value
