"""What control shows of Telegram, without secrets."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contacts_sandbox.telegram.records import Bot, TelegramPerson, TelegramState


def bot(entry: Bot) -> dict[str, Any]:
    """Return a bot as JSON, with the updates that wait for it."""
    return {
        "id": entry.id,
        "username": entry.username,
        "name": entry.name,
        "webhook": entry.webhook.url if entry.webhook else None,
        "polling": entry.poll is not None,
        "updates": [update.document for update in entry.updates],
        "allowed_updates": sorted(entry.allowed) if entry.allowed else None,
    }


def person(state: TelegramState, entry: TelegramPerson) -> dict[str, Any]:
    """Return a person as JSON, with the number of messages that reached them from each bot."""

    def names(ids: set[int]) -> list[str]:
        return [one.username for one in state.bots.values() if one.id in ids]

    return {
        "chat_id": entry.chat_id,
        "first_name": entry.first_name,
        "last_name": entry.last_name,
        "username": entry.username,
        "deactivated": entry.deactivated,
        "started": names(entry.started),
        "blocked": names(entry.blocked),
        "permissions": [
            {
                "bot": one.bot,
                "blocked": one.blocked,
                "at": one.at.isoformat(),
                "posts": [asdict(post) | {"at": post.at.isoformat()} for post in one.posts],
            }
            for one in entry.permissions
        ],
        "script": None if entry.script is None else [asdict(rule) for rule in entry.script],
        "unprompted": asdict(entry.unprompted) if entry.unprompted else None,
        "received": entry.received,
    }
