"""The entry point: parse, load the configuration, run one command, turn failures into a sentence and a code."""

import os
import sys
from collections.abc import Sequence

from contacts_tui import garbage
from contacts_tui.cli.deadline import leave_in_time
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import VERSION_OPTIONS, complain, say, version_line
from contacts_tui.cli.streams import streams
from contacts_tui.paths import COMPLETION_VARIABLE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name (default: those of the process). Return its exit code."""
    streams.prepare()
    if arguments is not None:
        return streams.final_status(_ended(arguments))
    # Files that are made from here on, by whichever library, are for their owner alone.
    os.umask(0o077)
    garbage.pause()
    code = streams.final_status(_ended(sys.argv[1:]))
    leave_in_time(code)
    garbage.leave()
    return code


def _ended(given: Sequence[str]) -> int:
    try:
        if instruction := os.environ.get(COMPLETION_VARIABLE):
            from contacts_tui.cli.command_line import complete

            return complete(instruction)
        if not given:
            # The first frame doesn't wait for the parser of the command line.
            from contacts_tui.cli.interface import run
            from contacts_tui.config import load

            return run(load())
        # Help and version only print; a command declares whether it does.
        streams.only_tells = True
        if given[0] in VERSION_OPTIONS:
            say(version_line())
            return Exit.DONE
        from contacts_tui.cli.command_line import parse

        call = parse(given)
        streams.only_tells = call.only_tells
        garbage.resume("command")
        return call.run()
    except SystemExit as error:
        # The command line was wrong or asked for help, or a signal ended the demo.
        return error.code if isinstance(error.code, int) else Exit.DONE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:
        # Imported only now: the version is printed without them.
        from contacts_tui.config import ConfigError

        if isinstance(error, ConfigError):
            complain(error.sentence)
            return Exit.WRONG
        from contacts_tui.cli.failures import explain

        return explain(error)
