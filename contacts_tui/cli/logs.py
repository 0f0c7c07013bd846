"""Logs go to files only: a stray line would corrupt the screen. No message text and no secret is logged."""

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from contacts_tui.paths import PathError, log_file

LOG_BYTES = 1_000_000
"""The size in bytes at which a log file is rotated."""

LOGS_KEPT = 3
"""How many rotated files are kept."""


ERRORS = "errors"
"""The log of commands that have none of their own. It is made when there is something to log."""


class _PrivateFile(RotatingFileHandler):
    """A rotated log that other users can't read."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop a line that can't be written: logging would print the error on the screen."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")


def error_log() -> Path | None:
    """Log the errors of a command that has no log of its own, as `log_to` does. Return None where that raises."""
    try:
        return log_to(ERRORS, "error")
    except PathError:
        return None


def log_to(name: str, level: str) -> Path | None:
    """Send the program's log to the file of this name in the state folder, and return its path.

    A process has one log: a second call returns the path of the first one. Where no file can be written, the program
    goes on without a log, and None is returned. Libraries log only warnings and errors: their other messages hold
    addresses of people. Raise PathError.
    """
    root = logging.getLogger()
    for existing in root.handlers:
        if isinstance(existing, _PrivateFile):
            return Path(existing.baseFilename)
    try:
        file = log_file(name)
        handler: logging.Handler = _PrivateFile(file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, delay=name == ERRORS)
    except OSError:
        root.addHandler(logging.NullHandler())
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("contacts_tui").setLevel(level.upper())
    return file
