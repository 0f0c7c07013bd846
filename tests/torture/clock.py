"""A clock that several processes share, and that the driver moves: the machine's, plus an offset in a small file."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from contacts_tui.domain.clock import utc_now

_OFFSET = struct.Struct("<d")


class SharedClock:
    """The current time for all processes of one world. Every process maps the same file."""

    def __init__(self, file: Path) -> None:
        """Map `file`, which was made by `create`."""
        self._machine = utc_now
        with file.open("r+b") as stream:
            self._memory = mmap.mmap(stream.fileno(), _OFFSET.size)

    @classmethod
    def create(cls, file: Path) -> Self:
        """Make the file of a clock that shows the machine's time until it is moved."""
        file.write_bytes(_OFFSET.pack(0.0))
        return cls(file)

    def __call__(self) -> datetime:
        """Return the current time, aware and in UTC."""
        return self._machine() + timedelta(seconds=self.offset)

    @property
    def offset(self) -> float:
        """Seconds that this clock is ahead of the machine's."""
        seconds: float = _OFFSET.unpack_from(self._memory)[0]
        return seconds

    def move_to(self, offset: float) -> None:
        """Set the offset, in seconds, for every process at once."""
        _OFFSET.pack_into(self._memory, 0, offset)
