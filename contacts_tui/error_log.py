"""How what runs by itself logs what failed."""

import logging


def log_error(log: logging.Logger, what: str, error: Exception) -> None:
    """Log a failure: one that was foreseen (a server is away) by its sentence, any other by its traceback."""
    sentence = getattr(error, "sentence", "")
    if sentence:
        log.error("%s: %s", what, sentence)
    else:
        log.error("%s", what, exc_info=error)
