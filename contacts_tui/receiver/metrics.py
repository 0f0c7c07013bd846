"""`/metrics` for Prometheus, on a port of its own that only this machine reaches."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from contacts_tui.services import counts, vital_signs
from contacts_tui.services import health as inbox_health
from contacts_tui.services.supervision import Worker
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 13.0)
"""The buckets of the webhooks' histogram; a webhook is answered within 13 seconds."""


class Webhooks:
    """Counts webhooks as they are answered."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "contacts_tui_webhooks", "Webhooks answered.", ("channel", "code"), registry=self.registry
        )
        self._seconds = Histogram(
            "contacts_tui_webhook_seconds",
            "Seconds until a webhook was answered.",
            ("channel",),
            buckets=SECONDS,
            registry=self.registry,
        )

    def answered(self, channel: str, status: int, seconds: float) -> None:
        """Count an answered webhook. The channel is empty when no inbox has this webhook."""
        self._answers.labels(channel or "none", str(status)).inc()
        self._seconds.labels(channel or "none").observe(seconds)


def create_app(store: Store, webhooks: Webhooks) -> ASGIApp:
    """Return the application that serves the metrics."""
    registry = CollectorRegistry()
    gauge = _gauges(registry)

    async def metrics(request: Request) -> Response:
        gauge("store_readable", "Whether the store could be read just now.").set(1)
        try:
            signs, state = await store.read(vital_signs.read), await store.read(inbox_health.senders_together)
        except StoreError:
            gauge("store_readable", "").set(0)
        else:
            late = 0.0 if signs.oldest_due is None else (store.clock() - signs.oldest_due).total_seconds()
            gauge("queue_messages", "Messages waiting to be sent.").set(state.queue.waiting)
            gauge("queue_due_messages", "Messages that are due to be sent.").set(signs.due)
            gauge("queue_oldest_due_seconds", "Seconds that the oldest of these has been due.").set(max(0.0, late))
            gauge("unknown_messages", "Messages with an unknown outcome.").set(signs.unknown)
            gauge("gaps", "Spans of time in which messages may have been missed.").set(signs.gaps)
            gauge("inboxes", "Connected inboxes.").set(state.inboxes)
            gauge("inboxes_ailing", "Connected inboxes that need attention.").set(len(state.ailing))
        gauge("commits", "Transactions committed by this process.").set(store.commits)
        for outcome in ("answered", "failed"):
            gauge(f"polls_{outcome}", f"Polls for new messages that were {outcome}.").set(counts.polls[outcome])
        for worker in (each.name.lower() for each in Worker):
            gauge(f"restarts_{worker}", "Failures after which this restarted.").set(counts.restarts[worker])
        told = generate_latest(webhooks.registry) + generate_latest(registry)
        return PlainTextResponse(told, headers={"content-type": CONTENT_TYPE_LATEST})

    return Starlette(routes=[Route("/metrics", metrics, methods=["GET"])])


def _gauges(registry: CollectorRegistry) -> Callable[[str, str], Gauge]:
    """Return a function that returns the gauge of a name, and makes it at its first use."""
    made: dict[str, Gauge] = {}

    def gauge(name: str, help_: str) -> Gauge:
        if name not in made:
            made[name] = Gauge(f"contacts_tui_{name}", help_, registry=registry)
        return made[name]

    return gauge
