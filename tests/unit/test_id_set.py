"""Ids of very many people: in their order, each once, in little memory."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.id_set import IdSet


@given(st.lists(st.lists(st.integers(1, 3000) | st.integers(1, 2**62))))
def test_each_is_kept_once_in_its_order(added: list[list[int]]) -> None:
    ids = IdSet()
    for some in added:
        ids.add(some)
    expected = list(dict.fromkeys(each for some in added for each in some))
    assert (list(ids.ids), len(ids)) == (expected, len(expected))


def test_many_take_little_memory() -> None:
    tracemalloc.start()
    ids = IdSet.of(range(10**6, 10**6 + 20_000))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(ids) < 12, "bytes for each"
