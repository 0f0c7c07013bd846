"""The entry point: parse, load the configuration, run one command, turn failures into a sentence and a code."""

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain
from contacts_tui.config import Config, ConfigError, load

if TYPE_CHECKING:
    from argparse import Namespace

Handler = Callable[[Any, Config], Exit]
"""What runs a command: its parsed arguments (a Namespace; the interface has no use for any), and the configuration with
the store's location filled in."""

INTERFACE = "interface:run"
"""What no arguments at all mean; known without the parser, for which the first frame would have to wait."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Returns its exit code (argparse leaves by itself with 2, and after --help with 0)."""
    given = sys.argv[1:] if arguments is None else arguments
    args = _parsed(given) if given else None
    try:
        if args is None:
            return _handler(INTERFACE)(None, load())
        return _handler(args.handler)(args, load(database=args.database or ""))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # What is still in the buffer can't be written either: without this, leaving would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PIPE_CLOSED
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
