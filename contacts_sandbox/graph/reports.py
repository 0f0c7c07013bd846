"""What control shows of Messenger, without secrets."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contacts_sandbox.graph.records import App, GraphPerson, Page


def app(entry: App) -> dict[str, Any]:
    """Return an app as JSON."""
    return {"id": entry.id, "require_proof": entry.require_proof}


def page(entry: Page) -> dict[str, Any]:
    """Return a page as JSON."""
    return {
        "id": entry.id,
        "app_id": entry.app_id,
        "name": entry.name,
        "webhook_url": entry.webhook_url,
        "human_agent": entry.human_agent,
        "token_expired": entry.token_expired,
        "fields": sorted(entry.fields),
    }


def person(entry: GraphPerson) -> dict[str, Any]:
    """Return a person as JSON, with the number of messages that reached them."""
    return {
        "page": entry.page_id,
        "psid": entry.psid,
        "first_name": entry.first_name,
        "last_name": entry.last_name,
        "reads": entry.reads,
        "unavailable": entry.unavailable,
        "script": None if entry.script is None else [asdict(rule) for rule in entry.script],
        "unprompted": asdict(entry.unprompted) if entry.unprompted else None,
        "received": entry.received,
    }
