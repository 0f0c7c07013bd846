"""Logging of what fails in the background."""

import logging


def log_error(log: logging.Logger, what: str, error: Exception) -> None:
    """Log a failure: an expected one (a server is away) by its sentence, any other with its traceback."""
    sentence = getattr(error, "sentence", "")
    if sentence:
        log.error("%s: %s", what, sentence)
    else:
        log.error("%s", what, exc_info=error)
