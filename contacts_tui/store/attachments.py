"""The files of outbound messages: copies beside the store, named by what is in them, so that every try sends the same.

They lie in a folder of the store's own name (`contacts.db-files`), closed to other users.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Engine
from sqlmodel import Session

PREFIX: Final = "attachment:"
"""What `Media.url` begins with for a file of ours; the digest of its content follows."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1024 * 1024


def folder_of(store: Path) -> Path:
    """Where the files of the store at this path lie."""
    return store.with_name(f"{store.name}-files")


def path_of(session: Session, url: str) -> Path | None:
    """The copy that a `Media.url` names, there or not; None when it names none of ours."""
    digest = url.removeprefix(PREFIX)
    if digest == url or not _DIGEST.fullmatch(digest):
        return None
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    assert engine.url.database is not None, "a store is a file"
    return folder_of(Path(engine.url.database)) / digest


def put(folder: Path, source: BinaryIO, limit: int) -> tuple[str, int]:
    """Copies a file, at most `limit` bytes of it, and returns its `Media.url` and size.

    The copy is on the disk before this returns. The same content is kept once. Raises OSError, and ValueError for a
    file over the limit; nothing is left then.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    made = Path(name)
    try:
        with open(descriptor, "wb") as copy:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise ValueError(size)
                digest.update(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        made.replace(folder / digest.hexdigest())
        _sync(folder)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return PREFIX + digest.hexdigest(), size


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
