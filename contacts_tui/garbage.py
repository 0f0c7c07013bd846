"""When Python looks for garbage: neither while it imports, which makes none, nor ever in what was imported.

Of the 0.98 s of processor time that `people list` took, 0.1 s were spent on looking while it imported, and 0.25 s on
looking through all of it at the end.
"""

import gc
from functools import cache

# How many objects more than before make the interface look among the new ones. Python itself looks after 700, and
# through all that it holds after a hundred times as many: at two of three openings of a person, for some 70 ms in the
# way of the next key. So rarely, opening and leaving 20 people takes a quarter less processor time, and 5 MB more.
_NEW_ONES = 5_000


def pause() -> None:
    """Look for none until `resume`: what comes now are imports."""
    gc.disable()


def resume(imported: str) -> None:
    """Look for garbage again, but not in what is there by now. `imported` is what was waited for, such as `command`."""
    leave_out(imported)
    gc.enable()


def look_rarely() -> None:
    """Look for garbage as rarely as suits the interface, whose every screen makes many objects at once."""
    _, later, latest = gc.get_threshold()
    gc.set_threshold(_NEW_ONES, later, latest)


def leave() -> None:
    """Look for none at the end of the process: the system takes everything back at once."""
    gc.freeze()


@cache
def leave_out(what: str) -> None:
    """Leave what is there by the end of this, such as `contact`, out of each later search.

    Only once for each, for what has become garbage since would stay.
    """
    gc.freeze()
