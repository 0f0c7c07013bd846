"""The entry point: parse, load the configuration, run one command, turn failures into a sentence and a code."""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain
from contacts_tui.cli.shutdown import leave_in_time
from contacts_tui.cli.streams import streams
from contacts_tui.config import Config, ConfigError, load

if TYPE_CHECKING:
    from argparse import Namespace

Handler = Callable[[Any, Config], Exit]
"""What runs a command: its parsed arguments (a Namespace; the interface has no use for any), and the configuration with
the store's location filled in."""

INTERFACE = "interface:run"
"""What no arguments at all mean; known without the parser, for which the first frame would have to wait."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Returns its exit code."""
    streams.prepare()
    if arguments is not None:
        return streams.settle(_ended(arguments))
    code = streams.settle(_ended(sys.argv[1:]))
    leave_in_time(code)
    return code


def _ended(given: Sequence[str]) -> int:
    try:
        if not given:
            return _handler(INTERFACE)(None, load())
        # Help and version only tell; a command says so itself.
        streams.only_tells = True
        args = _parsed(given)
        streams.only_tells = args.only_tells or getattr(args, "dry_run", False)
        return _handler(args.handler)(args, load(database=args.database or ""))
    except SystemExit as error:
        # argparse leaves by itself: with 2, and after --help with 0.
        return error.code if isinstance(error.code, int) else Exit.DONE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except ConfigError as error:
        complain(error.sentence)
        return Exit.WRONG
    except Exception as error:
        from contacts_tui.cli.failures import explain

        return explain(error)


def _parsed(given: Sequence[str]) -> "Namespace":
    from contacts_tui.cli.arguments import build_parser

    return build_parser().parse_args(given)


def _handler(name: str) -> Handler:
    """The function named `module:function`, in a module that is imported only now: each command pays for itself."""
    module, _, function = name.partition(":")
    handler: Handler = getattr(importlib.import_module(f"contacts_tui.cli.{module}"), function)
    return handler
