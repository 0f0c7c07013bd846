"""How a command ends."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes. Each member's docstring is its line in docs/commands.md."""

    DONE = 0
    """Done. For `send`: the provider has the message. A server that was told to stop (SIGTERM, SIGINT, SIGHUP)
    has ended in order."""
    FAILED = 1
    """It failed: the provider said no or can't be reached (a message stays queued), or the store can't be used."""
    WRONG = 2
    """Wrong use or bad input: unknown option, contact or inbox, bad configuration. Nothing was done."""
    REFUSED = 3
    """The contact can't be reached this way now, or your role doesn't allow it; the reason and the remedy are on
    stderr. Nothing was stored."""
    UNKNOWN = 4
    """The message may or may not have been sent. Don't repeat the command: decide with `message settle`."""
    PARTLY = 5
    """Not everything came in: `people import` stored what it could, and named each row and cell that it left out."""
    NOT_SHOWN = 74
    """A command that only prints something could not print it: full disk, closed output. A command that does
    something ends as it went, and says on stderr what it could not print."""
    CRASHED = 70
    """A bug in the program; the log file has the details. The interface gives the terminal back and keeps the
    draft."""
    INTERRUPTED = 130
    """Stopped by Ctrl+C (SIGINT)."""
    TERMINATED = 143
    """The interface or the demo: stopped by SIGTERM, or because the terminal was closed (SIGHUP). What was typed is
    kept."""
    PIPE_CLOSED = 141
    """The reader of the output went away."""
