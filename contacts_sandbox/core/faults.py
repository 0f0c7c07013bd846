"""Faults: what control asks to go wrong, where, for whom and how often."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

REQUEST_KINDS = frozenset({"hang", "drop_before", "drop_after", "http_500", "http_500_after", "rate_limit", "delay"})
"""What can happen to an API request."""

POST_KINDS = frozenset({"delay", "double", "shuffle", "lose"})
"""What can happen to a webhook."""

GRAPH_KINDS = REQUEST_KINDS | {"app_limit", "transient"}
"""What can happen to a request of Graph: also its two other errors after which a client tries again later."""

KINDS = {
    "send": REQUEST_KINDS,
    "content": REQUEST_KINDS,
    "list": REQUEST_KINDS,
    "callback": POST_KINDS,
    "inbound": POST_KINDS,
    "telegram": REQUEST_KINDS,
    "telegram_poll": REQUEST_KINDS,
    "telegram_ask": REQUEST_KINDS,
    # Telegram posts the updates of a bot one after the other: they never change places.
    "telegram_update": POST_KINDS - {"shuffle"},
    "graph": GRAPH_KINDS,
    "graph_ask": GRAPH_KINDS,
    "graph_event": POST_KINDS,
}
"""Occasion to the kinds of faults that it can have."""

BEFORE_RECORDING = frozenset({"drop_before", "http_500", "rate_limit", "app_limit", "transient"})
"""Kinds that keep a request from having any effect."""

DEFAULT_SECONDS = {"delay": 1.0, "shuffle": 2.0, "rate_limit": 1.0}
"""How long a kind lasts when control doesn't say: the delay, the longest hold, the Retry-After."""


@dataclass
class Fault:
    """One instruction to misbehave."""

    id: int
    """Counted from 1 since the last reset."""
    when: str
    """One of the occasions in KINDS."""
    kind: str
    """One of the kinds of that occasion."""
    left: int | None
    """How often it still strikes; None: until cleared."""
    seconds: float
    """Its length, where the kind has one."""
    to: str | None
    """Only messages to this address; None: any."""
    from_: str | None
    """Only messages from this address; None: any."""
    skip: int = 0
    """How many occasions still pass before it strikes for the first time."""


class FaultBook:
    """The faults still waiting to strike, in the order they were given."""

    def __init__(self) -> None:
        """Start without faults."""
        self._faults: list[Fault] = []
        self._ids = count(1)

    def add(
        self,
        when: str,
        kind: str,
        *,
        times: int | None,
        seconds: float | None,
        to: str | None,
        from_: str | None,
        skip: int = 0,
    ) -> Fault:
        """Plan a fault and return it; `seconds` None takes the default of the kind."""
        length = DEFAULT_SECONDS.get(kind, 0.0) if seconds is None else seconds
        fault = Fault(next(self._ids), when, kind, times, length, to, from_, skip)
        self._faults.append(fault)
        return fault

    def find(self, when: str, to: str = "", from_: str = "") -> Fault | None:
        """Return the first fault that strikes here, or None. Call it once for each occasion: it counts skips."""
        for fault in self._faults:
            if fault.when == when and fault.to in (None, to) and fault.from_ in (None, from_):
                if not fault.skip:
                    return fault
                fault.skip -= 1
        return None

    def use(self, fault: Fault) -> None:
        """Use up one strike of a fault that was found, and remove the fault when it was the last."""
        if fault.left is None:
            return
        fault.left -= 1
        if fault.left <= 0 and fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def waiting(self) -> list[Fault]:
        """Return the faults that can still strike, the oldest first."""
        return list(self._faults)
