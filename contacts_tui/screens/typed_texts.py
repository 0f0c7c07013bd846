"""Keeps typed texts in a file when the store can't take them."""

import os
import time
from collections.abc import Sequence

from contacts_tui import paths


def keep_typed(texts: Sequence[str]) -> str:
    """Write texts to a new private file in the data folder. Return a sentence: where they are, or why not there."""
    try:
        file = paths.data_folder() / f"typed-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
        with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write("\n\n".join(texts) + "\n")
    except (OSError, paths.PathError) as error:
        why = error.sentence if isinstance(error, paths.PathError) else str(error.strerror)
        return f"What you typed can't be saved to a file ({why.rstrip('.')}): copy it before you go on."
    return f"What you typed is kept in {file}."
