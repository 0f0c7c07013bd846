"""The steps that one key undoes, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from contacts_tui.screens.undo_stack import MOST, UndoStack
from contacts_tui.services.errors import BadInput
from contacts_tui.store.errors import StoreError

KEY = "alt+u"


def step(sentence: str, done: list[str]) -> Callable[[], Awaitable[str]]:
    """Return a call that undoes something and notes that in `done`."""

    async def call() -> str:
        done.append(sentence)
        return f"Undone: {sentence}."

    return call


def refused(error: Exception) -> Callable[[], Awaitable[str]]:
    """Return a call that can't undo something, and raises this error."""

    async def call() -> str:
        raise error

    return call


def test_steps_are_taken_back_in_turn_and_what_comes_next_is_told() -> None:
    stack, done = UndoStack(), list[str]()
    stack.push("Ben closed", step("Ben closed", done))
    stack.push("Ann tagged vip", step("Ann tagged vip", done))
    assert asyncio.run(stack.undo(KEY)) == f"Undone: Ann tagged vip. {KEY} undoes next: Ben closed."
    assert asyncio.run(stack.undo(KEY)) == "Undone: Ben closed."
    assert done == ["Ann tagged vip", "Ben closed"]
    assert not stack
    assert asyncio.run(stack.undo(KEY)) == "There is nothing to undo."


def test_a_refused_step_says_why_and_gives_way_to_the_one_before() -> None:
    stack, done = UndoStack(), list[str]()
    stack.push("Ben closed", step("Ben closed", done))
    stack.push("Ann merged", refused(BadInput("Ann was changed since")))
    assert asyncio.run(stack.undo(KEY)).startswith("Not undone (Ann merged): Ann was changed since. ")
    assert asyncio.run(stack.undo(KEY)) == "Undone: Ben closed."


def test_a_step_stays_when_the_store_could_not_be_asked() -> None:
    stack = UndoStack()
    stack.push("Ben closed", refused(StoreError("the store is locked")))
    with pytest.raises(StoreError):
        asyncio.run(stack.undo(KEY))
    assert stack


def test_what_was_taken_back_elsewhere_is_forgotten_and_the_oldest_go() -> None:
    stack, done = UndoStack(), list[str]()
    for place in range(MOST + 5):
        stack.push(f"step {place}", step(f"step {place}", done), of=place)
    stack.forget(MOST + 4)
    while stack:
        asyncio.run(stack.undo(KEY))
    assert (done[0], done[-1], len(done)) == (f"step {MOST + 3}", "step 5", MOST - 1)
