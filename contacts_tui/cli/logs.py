"""Logs go to files only: a stray line would corrupt the screen. No message text and no secret is logged."""

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from contacts_tui.paths import log_file

LOG_BYTES = 1_000_000
"""A log file is put aside when it has grown to this size."""

LOGS_KEPT = 3
"""How many files put aside are kept."""


class _PrivateFile(RotatingFileHandler):
    """A rotated log that other users can't read."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")


def log_to(name: str, level: str) -> Path | None:
    """Sends the program's log to the file of this name in the data folder; returns it.

    Where no file can be written the program goes on without a log, and None is returned. Of the libraries only
    warnings are kept: their talk holds addresses of people.
    """
    root = logging.getLogger()
    try:
        file = log_file(name)
        handler: logging.Handler = _PrivateFile(file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT)
    except OSError:
        root.addHandler(logging.NullHandler())
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("contacts_tui").setLevel(level.upper())
    return file
