"""How long the demo's people and agents pause: at random, but the same each time."""

import random
from collections.abc import Callable

Span = tuple[float, float]
"""Seconds, at least and at most."""

_SEED = 7


def pauses() -> Callable[[Span], float]:
    """Return what draws the next pause, in seconds, from a span."""
    chance = random.Random(_SEED)
    return lambda span: chance.uniform(*span)
