"""Keeps typed texts in a file where the store can't take them."""

import os
import time
from collections.abc import Sequence

from contacts_tui import paths


def keep_typed(texts: Sequence[str]) -> str:
    """Writes texts into a new file in the data folder, for its owner alone. Returns a sentence that says where, or why
    not."""
    try:
        file = paths.data_folder() / f"typed-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
        with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write("\n\n".join(texts) + "\n")
    except OSError as error:
        return f"What you typed can't be saved to a file ({error.strerror}): copy it before you go on."
    return f"What you typed is kept in {file}."
