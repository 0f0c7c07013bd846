"""What the sandbox knows of the demo's people and inboxes, from the files in `data/`. Imports no store, to be quick."""

import csv
import json
import uuid
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.file_types import kind_of_name
from contacts_tui.domain.inbox import Inbox

if TYPE_CHECKING:
    from contacts_tui.demo.seed import Conversation

ACCOUNT = "AC" + "0" * 32
"""The Twilio account that the sandbox knows."""

TWILIO, APP = "token", "app-secret"
"""Names of the files with the Twilio account's token, and with the secret of the app at Meta."""

Entry = Mapping[str, Any]
"""An object of one of the files."""

_FILES = "files"
"""The folder with what people send: pictures, a voice message, documents."""
_IMAGE, _AUDIO = "image", "audio"
"""What the content types of pictures and voice messages begin with, and the names of both at Messenger."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that a person does of their own accord, as the sandbox's control takes it."""

    path: str
    """The path under /control."""
    document: Mapping[str, Any]
    edits: bool
    """Whether it edits the message before it, whose `message_id` has to be added to the document as `edit`."""
    once: bool
    """Whether it happens in the first round only."""


def secret_name(inbox: Entry) -> str:
    """Return the name of the file with an inbox's credential."""
    return f"token-{inbox['address']}" if "account" in inbox else TWILIO


def credentials(folder: Path, token: str) -> dict[str, str]:
    """Return every credential file's content by its name, made of `token`. The sandbox doesn't know a revoked one."""
    made = {TWILIO: token, APP: f"app{token}"}
    for inbox in read(folder, "inboxes.json"):
        if "account" in inbox:
            made[secret_name(inbox)] = _credential(inbox, "revoked" if inbox.get("revoked") else token)
    return made


def _credential(inbox: Entry, token: str) -> str:
    return f"{inbox['account']}:{token}" if inbox["channel"] == Channel.TELEGRAM else f"EAAG{token}"


def sandbox_document(folder: Path, token: str) -> dict[str, Any]:
    """Return the sandbox's seed: accounts, senders, templates, and how people answer. `wiring` returns the rest."""
    inboxes = read(folder, "inboxes.json")
    on = {channel: [inbox for inbox in inboxes if inbox["channel"] == channel] for channel in Channel}
    return {
        "accounts": [{"sid": ACCOUNT, "auth_token": token}],
        "senders": [
            {"account_sid": ACCOUNT, "address": _wire(channel, inbox["address"])}
            for channel in (Channel.SMS, Channel.WHATSAPP)
            for inbox in on[channel]
        ],
        "templates": [{"account_sid": ACCOUNT, **entry} for entry in read(folder, "templates.json")],
        "people": list(_by_phone(folder)),
        "telegram_bots": [
            {"token": _credential(inbox, token), "username": inbox["address"], "name": inbox["name"]}
            for inbox in on[Channel.TELEGRAM]
            if not inbox.get("revoked")
        ],
        "telegram_people": [_telegram_person(folder, person) for person in _in_chats(folder, Channel.TELEGRAM)],
        "graph_apps": [
            {"id": account, "secret": f"app{token}", "require_proof": True}
            for account in sorted({inbox["account"] for inbox in on[Channel.MESSENGER]})
        ],
        "graph_pages": [_page(inbox, token) for inbox in on[Channel.MESSENGER]],
        "graph_people": [_page_person(folder, person) for person in _in_chats(folder, Channel.MESSENGER)],
        "files": list(_files(folder)),
    }


def wiring(
    folder: Path,
    token: str,
    inboxes: Sequence[Inbox],
    conversations: "Sequence[Conversation]",
    inbound_urls: Mapping[int, str],
) -> dict[str, Any]:
    """Return what the sandbox needs once the store is filled: the webhooks' URLs, who wrote when, and what fails."""
    urls = {(inbox.channel, inbox.address): inbound_urls[inbox.id] for inbox in inboxes}
    windows: dict[Channel, list[dict[str, str]]] = {channel: [] for channel in Channel}
    for conversation in conversations:
        received = [line.at for line in conversation.lines if line.inbound]
        if received:
            window = _window(conversation.inbox, conversation.identity.address)
            windows[conversation.inbox.channel].append({**window, "last_inbound_at": max(received).isoformat()})
    return {
        "senders": [
            {
                "account_sid": ACCOUNT,
                "address": _wire(channel, address),
                "inbound_url": url,
            }
            for (channel, address), url in urls.items()
            if channel.by_phone
        ],
        "windows": windows[Channel.WHATSAPP],
        "graph_pages": [
            _page(entry, token) | {"webhook_url": urls[Channel.MESSENGER, entry["address"]]}
            for entry in read(folder, "inboxes.json")
            if entry["channel"] == Channel.MESSENGER
        ],
        "graph_windows": windows[Channel.MESSENGER],
        "faults": [
            {"when": "telegram", "kind": "hang", "match": {"to": conversation.identity.address}}
            for conversation in conversations
            if conversation.hangs
        ],
    }


def happenings(folder: Path) -> tuple[Happening, ...]:
    """Return what people do of their own accord, in the order of the file."""
    inboxes = {entry["name"]: entry for entry in read(folder, "inboxes.json")}
    chats = {(person["with"], person["inbox"]): person["chat"] for person in _chatting(folder)}
    numbers = _numbers(folder)
    return tuple(
        _happening(folder, entry, inboxes[entry["inbox"]], chats, numbers)
        for entry in read(folder, "unprompted.json")["events"]
    )


def file_path(folder: Path, name: str) -> Path:
    """Return the path of a file that people send."""
    return folder / _FILES / name


def file_id(conversation: Entry, name: str) -> str:
    """Return the sandbox's id of a file in a past conversation: 32 hexadecimal digits, the same each time."""
    at = (conversation[key] for key in ("inbox", "with", "number", "chat") if key in conversation)
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join((*at, name))).hex


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the files of past conversations, each for the provider that holds it."""
    inboxes = {entry["name"]: entry for entry in read(folder, "inboxes.json")}
    numbers = _numbers(folder)
    for entry in read(folder, "conversations.json"):
        inbox = inboxes[entry["inbox"]]
        held: dict[str, str]
        match channel := Channel(inbox["channel"]):
            case Channel.TELEGRAM:
                held = {"bot": inbox["address"]}
            case Channel.MESSENGER:
                held = {"page": inbox["address"]}
            case _:
                number = entry.get("number") or numbers[entry["with"]][0]
                held = {"from": _wire(channel, number), "to": _wire(channel, inbox["address"])}
        for message in entry.get("messages", ()):
            for name in message.get("files", ()):
                yield {**held, "id": file_id(entry, name), **_media(folder, name)}


def _media(folder: Path, name: str) -> dict[str, str]:
    """Return a file as the sandbox's control takes it."""
    content = b64encode(file_path(folder, name).read_bytes()).decode()
    return {"content_type": kind_of_name(name), "filename": name, "base64": content}


def _happening(
    folder: Path,
    entry: Entry,
    inbox: Entry,
    chats: Mapping[tuple[str, str], str],
    numbers: Mapping[str, list[str]],
) -> Happening:
    said = {name: value for name, value in entry.items() if name not in ("by", "inbox", "edits", "once", "file")}
    file = _media(folder, entry["file"]) if "file" in entry else {}
    kind = file["content_type"].partition("/")[0] if file else ""
    channel, name = Channel(inbox["channel"]), entry["by"]
    document: dict[str, Any]
    match channel:
        case Channel.TELEGRAM:
            path, document = "telegram/inbound", {"bot": inbox["address"], "chat_id": int(chats[name, inbox["name"]])}
            if file:
                sort = {_IMAGE: "photo", _AUDIO: "voice"}.get(kind, "document")
                said = {sort: file, "caption": said.get("text", "")}
        case Channel.MESSENGER:
            path, document = "graph/inbound", {"page": inbox["address"], "psid": chats[name, inbox["name"]]}
            if file:
                said["attachments"] = [{"type": kind if kind in (_IMAGE, _AUDIO) else "file", **file}]
        case _:
            path, document = (
                "inbound",
                {"from": _wire(channel, numbers[name][0]), "to": _wire(channel, inbox["address"])},
            )
            said = {"body": said.get("text", ""), "profile_name": name}
            if file:
                said["media"] = [file]
    return Happening(path, document | said, entry.get("edits", False), entry.get("once", False))


def _by_phone(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the people with a script who have a number, once for each number."""
    numbers = _numbers(folder)
    for entry in read(folder, "customers.json"):
        person = {key: value for key, value in entry.items() if key not in ("name", "number")}
        known = [entry["number"]] if "number" in entry else numbers.get(entry["name"], [])
        for number in known:
            yield {**person, "address": number, "profile_name": entry["name"]}


def _chatting(folder: Path) -> Iterator[Entry]:
    """Yield everyone at a bot or page: those with a past conversation, and those who will begin one."""
    yield from (entry for entry in read(folder, "conversations.json") if "chat" in entry)
    for person in read(folder, "unprompted.json")["people"]:
        yield {**person, "with": person["name"]}


def _in_chats(folder: Path, channel: Channel) -> Iterator[Entry]:
    """Yield the people at the bots or pages that the sandbox knows, each with the inbox's address as `at`."""
    inboxes = {entry["name"]: entry for entry in read(folder, "inboxes.json")}
    for person in _chatting(folder):
        inbox = inboxes[person["inbox"]]
        if inbox["channel"] == channel and not inbox.get("revoked"):
            yield {**person, "at": inbox["address"]}


def _telegram_person(folder: Path, person: Entry) -> dict[str, Any]:
    has_written, has_blocked = "messages" in person, "blocked" in person
    return {
        "chat_id": int(person["chat"]),
        "started": [person["at"]] if has_written else [],
        "blocked": [person["at"]] if has_blocked else [],
        **_names(person["with"]),
        **_talk(folder, person["with"], "script"),
    }


def _page_person(folder: Path, person: Entry) -> dict[str, Any]:
    return {
        "page": person["at"],
        "psid": person["chat"],
        **_names(person["with"]),
        **_talk(folder, person["with"], "script", "reads"),
    }


def _names(name: str) -> dict[str, str]:
    first, _, last = name.partition(" ")
    return {"first_name": first} | ({"last_name": last} if last else {})


def _talk(folder: Path, name: str, *parts: str) -> dict[str, Any]:
    """Return these parts of how a person answers, as far as there are any."""
    known: Entry = next((entry for entry in read(folder, "customers.json") if entry["name"] == name), {})
    return {part: known[part] for part in parts if part in known}


def _page(inbox: Entry, token: str) -> dict[str, Any]:
    return {
        "id": inbox["address"],
        "app_id": inbox["account"],
        "access_token": _credential(inbox, token),
        "name": inbox["name"],
        "human_agent": inbox.get("human_agent", False),
    }


def _window(inbox: Inbox, person: str) -> dict[str, str]:
    if inbox.channel is Channel.MESSENGER:
        return {"page": inbox.address, "psid": person}
    return {"from": _wire(inbox.channel, person), "to": _wire(inbox.channel, inbox.address)}


def _numbers(folder: Path) -> dict[str, list[str]]:
    """Return everyone's numbers by name, as the file writes them."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["name"]: [row[column] for column in ("phone", "phone2") if row[column]]
            for row in csv.DictReader(stream)
        }


def _wire(channel: Channel, address: str) -> str:
    return f"whatsapp:{address}" if channel is Channel.WHATSAPP else address


def name_beside(folder: Path, agent: str) -> str:
    """Return the name of the second agent in the demo for a team, which isn't `agent`."""
    names = read(folder, "second_agent.json")["agents"]
    return next(str(name) for name in names if name.casefold() != agent.casefold())


def read(folder: Path, name: str) -> Any:
    """Return the content of a JSON file."""
    return json.loads((folder / name).read_text(encoding="utf-8"))
