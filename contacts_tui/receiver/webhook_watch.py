"""Watching the answers to webhooks: how fast they are, and refusals, for providers that don't repeat a webhook."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime

from starlette.types import Scope

from contacts_tui.channels import connectors
from contacts_tui.domain.clock import Clock
from contacts_tui.services.workers.heartbeat import Attendance

OURS = 500
"""HTTP status from which an answer is our failure; so is no answer at all."""
REFUSED = 400
"""HTTP status from which an answer is a refusal."""
MEANT_SO = frozenset({404, 405})
"""Refusals of requests that can't be an inbox's webhook."""
CALM = 300.0
"""Seconds between two reports of an inbox's refused requests. Anyone can send such a request: a wrong signature may be
a stranger's, or Twilio's while our token or our public URL is wrong."""

CHANNEL = "contacts_tui.channel"
"""The key of a request's scope with the channel of the webhook's inbox."""

Answered = Callable[[str, int, float], None]
"""Called for each webhook with its channel (empty without an inbox), the answer's status, and the seconds it took."""

_WEBHOOK = re.compile(r"/webhooks/([0-9]{1,9})/[a-z]+")


class WebhookWatch:
    """Reports webhooks that were not accepted to the receiver's attendance, and each answer to the metrics."""

    def __init__(self, attendance: Attendance | None, answered: Answered | None, clock: Clock) -> None:
        self._answered = answered
        self._attendance = attendance
        self._clock = clock
        self._refused: dict[int, tuple[datetime, datetime]] = {}
        """The times of the first and the last refused request of each inbox that aren't reported yet."""
        self._calming: set[int] = set()
        """Inboxes whose refused requests were reported in the last CALM seconds."""

    def note(self, scope: Scope, status: int, began: datetime, seconds: float) -> None:
        """Record the answer to a POST that arrived at `began`: its status, and the seconds until it was answered."""
        if self._answered is None and (self._attendance is None or status < REFUSED):
            return
        place = _WEBHOOK.fullmatch(scope["path"])
        if place is None:
            return
        if self._answered is not None:
            self._answered(scope.get(CHANNEL, ""), status, seconds)
        if self._attendance is not None:
            self._judge(self._attendance, int(place[1]), status, began, scope)

    def _judge(self, attendance: Attendance, inbox_id: int, status: int, began: datetime, scope: Scope) -> None:
        if status >= OURS:
            attendance.refuse(inbox_id, began, self._clock())
        elif status >= REFUSED and status not in MEANT_SO and _is_signed(scope):
            first, _ = self._refused.get(inbox_id, (began, began))
            self._refused[inbox_id] = min(first, began), self._clock()
            if inbox_id not in self._calming:
                self._tell(attendance, inbox_id)

    def _tell(self, attendance: Attendance, inbox_id: int) -> None:
        self._calming.discard(inbox_id)
        if (span := self._refused.pop(inbox_id, None)) is not None:
            attendance.refuse(inbox_id, *span)
            self._calming.add(inbox_id)
            asyncio.get_running_loop().call_later(CALM, self._tell, attendance, inbox_id)


def _is_signed(scope: Scope) -> bool:
    """Return whether a refused request may be one of a provider that doesn't retry by itself."""
    signatures = {each.webhook.signature.encode() for each in connectors.every() if each.kept_for is None}
    return any(name in signatures for name, _ in scope["headers"])
