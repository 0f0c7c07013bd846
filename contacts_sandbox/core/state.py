"""What the sandbox remembers, all of it in memory and read or written by one event loop only."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

from contacts_sandbox.core.faults import FaultBook
from contacts_sandbox.core.settings import Settings
from contacts_sandbox.graph.records import GraphState
from contacts_sandbox.telegram.records import TelegramState
from contacts_sandbox.twilio.addresses import bare_number
from contacts_sandbox.twilio.people import Person
from contacts_sandbox.twilio.records import Account, Message, Request, Sender, Template

WINDOW = timedelta(hours=24)
"""How long WhatsApp takes free text after the person's last message (Twilio, error 63016)."""

REQUESTS_KEPT = 10_000
"""How many API requests the log holds; older ones are forgotten."""


class SandboxClock:
    """The sandbox's own time: the machine's clock plus an offset that control can move."""

    def __init__(self) -> None:
        """Start with the machine's time."""
        self.offset = timedelta()

    def __call__(self) -> datetime:
        """Return the present time, UTC and aware."""
        return datetime.now(UTC) + self.offset


class State:
    """Everything of one sandbox."""

    def __init__(self, base_url: str) -> None:
        """Start empty. `base_url` is where this sandbox is reached; it outlives a reset."""
        self.base_url = base_url
        self.reset()

    def reset(self) -> None:
        """Forget everything but the base URL."""
        self.clock = SandboxClock()
        self.settings = Settings()
        self.faults = FaultBook()
        self.telegram = TelegramState()
        self.graph = GraphState()
        self.accounts: dict[str, Account] = {}
        self.senders: dict[str, Sender] = {}
        self.templates: dict[str, Template] = {}
        self.people: dict[str, Person] = {}
        self.messages: dict[str, Message] = {}
        self.requests: deque[Request] = deque(maxlen=REQUESTS_KEPT)
        self.windows: dict[tuple[str, str], datetime] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.send_times: dict[str, deque[datetime]] = {}

    def person(self, address: str) -> Person | None:
        """Return the person at an address, or None; a person with a plain number is found for WhatsApp too."""
        return self.people.get(address) or self.people.get(bare_number(address))

    def window_open(self, person: str, sender: str) -> bool:
        """Return whether WhatsApp takes free text from `sender` to `person` now."""
        last = self.windows.get((person, sender))
        return last is not None and self.clock() - last < WINDOW

    def service_senders(self, account_sid: str, service_sid: str) -> list[Sender]:
        """Return the senders of an account that are in a messaging service."""
        return [
            sender
            for sender in self.senders.values()
            if sender.account_sid == account_sid and sender.messaging_service_sid == service_sid
        ]

    def take_slot(self, key: str, allowed: int | None, seconds: float = 1.0) -> float | None:
        """Count a send of `key` against a limit of `allowed` sends in `seconds`.

        Return None when it may go, or when `allowed` is None: no limit; else the seconds to wait.
        """
        if allowed is None:
            return None
        now = self.clock()
        span = timedelta(seconds=seconds)
        times = self.send_times.setdefault(key, deque())
        while times and now - times[0] >= span:
            times.popleft()
        if len(times) >= allowed:
            oldest = times[0] if times else now
            return max((oldest + span - now).total_seconds(), 0.0)
        times.append(now)
        return None
