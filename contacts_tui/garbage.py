"""When Python collects garbage: not while it imports, which makes none, and never among what was imported.

Of the 0.98 s of processor time that `people list` took, collecting took 0.1 s during the imports, and 0.25 s at the
end, when it went through everything.
"""

import gc
from functools import cache

# How many additional objects make the interface collect among the new ones. Python's own number is 700, and after a
# hundred times as many it goes through all objects: at two of three openings of a person, holding up the next key for
# some 70 ms. With this number, opening and leaving 20 people takes a quarter less processor time, and 5 MB more memory.
_NEW_ONES = 5_000


def pause() -> None:
    """Collect no garbage until `resume`: what comes now is imports."""
    gc.disable()


def resume(imported: str) -> None:
    """Collect garbage again, but not among what there is by now; `imported` names that, as in `leave_out`."""
    leave_out(imported)
    gc.enable()


def collect_less_often() -> None:
    """Collect garbage as rarely as suits the interface, whose every screen makes many objects at once."""
    _, later, latest = gc.get_threshold()
    gc.set_threshold(_NEW_ONES, later, latest)


def leave() -> None:
    """Collect no garbage at the end of the process: the system takes back all memory at once."""
    gc.freeze()


@cache
def leave_out(what: str) -> None:
    """Leave what there is by now out of each later collection; `what` names the work that is done, such as `contact`.

    Do it only once for each name: what has become garbage since the last time would never be freed.
    """
    gc.freeze()
