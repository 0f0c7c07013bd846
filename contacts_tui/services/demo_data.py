"""What the sandbox is told of the demo's world, from the files in `data/`. Imports no store: it can wait."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox

if TYPE_CHECKING:
    from contacts_tui.services.demo import Conversation

ACCOUNT = "AC" + "0" * 32
"""The account that the sandbox knows."""


def sandbox_document(folder: Path, token: str) -> dict[str, Any]:
    """The sandbox's seed: account, senders, templates, and how people answer. `wiring` says the rest."""
    numbers = _numbers(folder)
    customers = []
    for entry in read(folder, "customers.json"):
        person = {key: value for key, value in entry.items() if key not in ("name", "number")}
        known = [entry["number"]] if "number" in entry else numbers[entry["name"]]
        customers += [{**person, "address": number, "profile_name": entry["name"]} for number in known]
    return {
        "accounts": [{"sid": ACCOUNT, "auth_token": token}],
        "senders": [
            {"account_sid": ACCOUNT, "address": _wire(Channel(entry["channel"]), entry["address"])}
            for entry in read(folder, "inboxes.json")
        ],
        "templates": [{"account_sid": ACCOUNT, **entry} for entry in read(folder, "templates.json")],
        "people": customers,
    }


def wiring(
    inboxes: Sequence[Inbox], conversations: "Sequence[Conversation]", inbound_urls: Mapping[int, str]
) -> dict[str, Any]:
    """What the sandbox must know once the store is filled: where each sender's webhooks go, and who wrote when."""
    windows = []
    for conversation in conversations:
        heard = [line.at for line in conversation.lines if line.inbound]
        if heard and conversation.inbox.channel is Channel.WHATSAPP:
            windows.append(
                {
                    "from": _wire(Channel.WHATSAPP, conversation.identity.address),
                    "to": _wire(Channel.WHATSAPP, conversation.inbox.address),
                    "last_inbound_at": max(heard).isoformat(),
                }
            )
    return {
        "senders": [
            {
                "account_sid": ACCOUNT,
                "address": _wire(inbox.channel, inbox.address),
                "inbound_url": inbound_urls[inbox.id],
            }
            for inbox in inboxes
        ],
        "windows": windows,
    }


def _numbers(folder: Path) -> dict[str, list[str]]:
    """Everyone's numbers, as the file writes them."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["name"]: [row[column] for column in ("phone", "phone2") if row[column]]
            for row in csv.DictReader(stream)
        }


def _wire(channel: Channel, address: str) -> str:
    return f"whatsapp:{address}" if channel is Channel.WHATSAPP else address


def read(folder: Path, name: str) -> Any:
    """One of the JSON files."""
    return json.loads((folder / name).read_text(encoding="utf-8"))
