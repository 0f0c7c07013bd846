"""The views of People in the largest store: their counts, their first people, and all people in order."""

from collections.abc import Callable
from contextlib import closing
from statistics import median
from time import perf_counter

from benchmarks.figures import Figure
from benchmarks.town import AGENT
from contacts_tui.domain.view import BUILT_IN
from contacts_tui.screens.people.people_query import FIRST
from contacts_tui.services import views
from contacts_tui.store.store import Store

REPEATS = 5
COUNTS_MS, FIRST_MS, ORDER_MS = 100, 50, 250


def figures(location: str) -> list[Figure]:
    """Measure each view's three figures; the targets are for all counts together, and the slowest of the others."""
    with closing(Store.open(location)) as store:

        def took(function: Callable[..., object], *values: object) -> float:
            def once() -> float:
                began = perf_counter()
                store.call_read(function, *values)
                return (perf_counter() - began) * 1000

            return median(once() for _ in range(REPEATS))

        lines = [view.filter for view in BUILT_IN]
        firsts = {view.name: took(views.matching, view.filter, AGENT, FIRST) for view in BUILT_IN}
        orders = {view.name: took(views.order, view.filter, AGENT) for view in BUILT_IN}
        counts = {view.name: took(views.count, view.filter, AGENT) for view in BUILT_IN}
        together = took(views.counts, lines, AGENT)
    found = []
    for view in BUILT_IN:
        found.append(Figure(f"{view.name}: count", counts[view.name], "ms"))
        found.append(Figure(f"{view.name}: first {FIRST}", firsts[view.name], "ms"))
        found.append(Figure(f"{view.name}: everybody in order", orders[view.name], "ms"))
    return [
        *found,
        Figure("the counts of all views together", together, "ms", COUNTS_MS),
        Figure(f"the slowest view, first {FIRST}", max(firsts.values()), "ms", FIRST_MS),
        Figure("the slowest view, everybody in order", max(orders.values()), "ms", ORDER_MS),
    ]
