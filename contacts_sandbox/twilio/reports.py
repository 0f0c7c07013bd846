"""What control shows: the sandbox's own objects as JSON, without secrets."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contacts_sandbox.core.faults import Fault, FaultBook
from contacts_sandbox.core.settings import Settings
from contacts_sandbox.core.state import State
from contacts_sandbox.graph import reports as graph
from contacts_sandbox.telegram import reports as telegram
from contacts_sandbox.twilio.people import Person
from contacts_sandbox.twilio.records import Message, Request, Sender, Template


def sender(entry: Sender) -> dict[str, Any]:
    """Return a sender as JSON."""
    return {
        "sid": entry.sid,
        "account_sid": entry.account_sid,
        "address": entry.address,
        "inbound_url": entry.inbound_url,
        "messaging_service_sid": entry.messaging_service_sid,
        "sms_capable": entry.sms_capable,
    }


def template(entry: Template) -> dict[str, Any]:
    """Return a template as JSON, with its approval."""
    return {
        "sid": entry.sid,
        "account_sid": entry.account_sid,
        "friendly_name": entry.friendly_name,
        "language": entry.language,
        "types": entry.types,
        "variables": entry.variables,
        "approval": asdict(entry.approval),
    }


def person(entry: Person) -> dict[str, Any]:
    """Return a person as JSON, with the number of messages that reached them from each sender."""
    return {
        "address": entry.address,
        "profile_name": entry.profile_name,
        "reads": entry.reads,
        "traits": asdict(entry.traits),
        "script": None if entry.script is None else [asdict(rule) for rule in entry.script],
        "unprompted": asdict(entry.unprompted) if entry.unprompted else None,
        "received": entry.received,
    }


def message(entry: Message) -> dict[str, Any]:
    """Return a message as JSON, with every status, and every post and its answer."""
    return {
        "sid": entry.sid,
        "provider_id": entry.sid,
        "channel": entry.channel,
        "reference": entry.reference,
        "account_sid": entry.account_sid,
        "direction": entry.direction,
        "from": entry.from_,
        "to": entry.to,
        "body": entry.body,
        "status": entry.status,
        "error_code": entry.error_code,
        "created_at": entry.created_at.isoformat(),
        "num_segments": entry.num_segments,
        "media_urls": entry.media_urls,
        "media": [
            {"sid": one.sid, "content_type": one.content_type, "filename": one.filename, "size": len(one.data)}
            for one in entry.media
        ],
        "messaging_service_sid": entry.messaging_service_sid,
        "status_callback": entry.status_callback,
        "form": entry.form,
        "versions": [{"body": one.body, "at": one.at.isoformat()} for one in entry.versions],
        "history": [{"status": step.status, "at": step.at.isoformat()} for step in entry.history],
        "posts": [asdict(post) | {"at": post.at.isoformat()} for post in entry.posts],
    }


def fault(entry: Fault) -> dict[str, Any]:
    """Return a fault in the form in which control takes it, with its identifier."""
    return {
        "id": entry.id,
        "when": entry.when,
        "kind": entry.kind,
        "count": entry.left,
        "seconds": entry.seconds,
        "skip": entry.skip,
        "match": {"to": entry.to, "from": entry.from_},
    }


def faults(book: FaultBook) -> list[dict[str, Any]]:
    """Return the faults that can still strike."""
    return [fault(entry) for entry in book.waiting()]


def request(entry: Request) -> dict[str, Any]:
    """Return an API request as JSON."""
    return asdict(entry) | {"at": entry.at.isoformat()}


def settings(entry: Settings) -> dict[str, Any]:
    """Return the settings in the form in which control takes them."""
    limit = {"requests": entry.rate_requests, "seconds": entry.rate_seconds}
    return {
        "delays": {
            "sent": entry.sent_delay,
            "delivered": entry.delivered_delay,
            "read": entry.read_delay,
        },
        "page_size": {"content": entry.content_page, "messages": entry.messages_page},
        "rate_limit": limit if entry.rate_requests else None,
        "retry": {"first": entry.retry_first, "longest": entry.retry_longest},
        "telegram_rate": {"chat": entry.chat_rate, "bot": entry.bot_rate},
        "graph_rate": entry.page_rate,
        "echo_first": entry.echo_first,
        "small_talk": entry.small_talk,
        "seed": entry.seed,
    }


def state(entry: State) -> dict[str, Any]:
    """Return everything that control set up, the opt-outs, the faults, and the number of messages."""
    windows = [
        {
            "from": key[0],
            "to": key[1],
            "last_inbound_at": at.isoformat(),
            "open": entry.window_open(*key),
        }
        for key, at in entry.windows.items()
    ]
    return {
        "base_url": entry.base_url,
        "now": entry.clock().isoformat(),
        "offset_seconds": entry.clock.offset.total_seconds(),
        "settings": settings(entry.settings),
        "accounts": list(entry.accounts),
        "senders": [sender(one) for one in entry.senders.values()],
        "templates": [template(one) for one in entry.templates.values()],
        "people": [person(one) for one in entry.people.values()],
        "windows": windows,
        "opted_out": [{"from": pair[0], "to": pair[1]} for pair in sorted(entry.opted_out)],
        "telegram_bots": [telegram.bot(one) for one in entry.telegram.bots.values()],
        "telegram_people": [telegram.person(entry.telegram, one) for one in entry.telegram.people.values()],
        "graph_apps": [graph.app(one) for one in entry.graph.apps.values()],
        "graph_pages": [graph.page(one) for one in entry.graph.pages.values()],
        "graph_people": [graph.person(one) for one in entry.graph.people.values()],
        "graph_windows": [
            {"page": key[0], "psid": key[1], "last_inbound_at": at.isoformat()}
            for key, at in entry.graph.windows.items()
        ],
        "faults": faults(entry.faults),
        "messages": len(entry.messages),
    }
