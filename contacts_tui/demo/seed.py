"""The demo's people, inboxes and past conversations, from the files in `data/` (see README.md there)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from contacts_tui.channels.telegram.content import FILE
from contacts_tui.demo import documents, history
from contacts_tui.demo.documents import ACCOUNT, read
from contacts_tui.demo.spans import span
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity, NewContact
from contacts_tui.domain.file_types import kind_of_name
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Media
from contacts_tui.domain.roles import SYSTEM
from contacts_tui.services import contacts_import, inboxes, people
from contacts_tui.services.errors import NotFound
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.store import contacts
from contacts_tui.text_source import open_text

_NAMELESS = ("image/", "audio/")
"""The files that have no name on Telegram: photos, stickers and voice messages."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One entry of conversations.json, found in the store."""

    identity: Identity
    inbox: Inbox
    lines: tuple[history.Line, ...]
    read: int
    """How many of the lines an agent has seen."""
    blocked_at: datetime | None
    """When the person blocked our bot; None when they didn't."""
    hangs: bool
    """Whether the provider takes the next message to them and never answers."""


def seed(
    session: Session, clock: Clock, folder: Path, *, agent: str, base_url: str, secrets: Path
) -> tuple[Conversation, ...]:
    """Put people and inboxes from `folder` into an empty store. Return the conversations for `replay` and the sandbox.

    `base_url` is the sandbox's URL, `secrets` the folder with the files of `documents.credentials`; `agent` is the
    author of messages that name none.
    """
    with open_text(folder / "people.csv") as text:
        contacts_import.take_all(session, clock, PeopleFile(text.lines, None))
    for entry in read(folder, "inboxes.json"):
        channel = Channel(entry["channel"])
        form = InboxForm(
            channel,
            name=entry["name"],
            address=entry["address"],
            account=entry.get("account", ACCOUNT),
            secret=f"file:{secrets / documents.secret_name(entry)}",
            base_url=base_url,
            options={"app_secret": f"file:{secrets / documents.APP}"} if channel is Channel.MESSENGER else {},
            human_agent=entry.get("human_agent", False),
        )
        inboxes.connect(session, clock, SYSTEM, form)
    now = clock()
    sids = {(entry["friendly_name"], entry["language"]): entry["sid"] for entry in read(folder, "templates.json")}
    return tuple(
        _conversation(session, clock, folder, entry, now, sids, agent) for entry in read(folder, "conversations.json")
    )


def replay(session: Session, clock: Clock, conversation: Conversation) -> None:
    """Store one conversation; only one a call, so that no other process waits long for the store."""
    identity, inbox = conversation.identity, conversation.inbox
    history.replay(session, identity, inbox, conversation.lines, conversation.read)
    if conversation.blocked_at is not None:
        history.block(session, identity, inbox, conversation.blocked_at)


def _conversation(
    session: Session,
    clock: Clock,
    folder: Path,
    entry: Mapping[str, Any],
    now: datetime,
    sids: Mapping[tuple[str, str], str],
    agent: str,
) -> Conversation:
    inbox = inboxes.by_name(session, clock, entry["inbox"])
    told = entry.get("messages") or _repeated(entry["repeat"])
    lines = tuple(
        _line(message, now, sids, agent, [_media(folder, inbox, entry, name) for name in message.get("files", ())])
        for message in told
    )
    return Conversation(
        identity=_in_chat(session, clock, entry, inbox)
        if "chat" in entry
        else _by_number(session, clock, entry, inbox),
        inbox=inbox,
        lines=lines,
        read=entry.get("read", len(lines)),
        blocked_at=now - span(entry["blocked"]) if "blocked" in entry else None,
        hangs=entry.get("hangs", False),
    )


def _by_number(session: Session, clock: Clock, entry: Mapping[str, Any], inbox: Inbox) -> Identity:
    contact = people.find(session, clock, entry.get("number", entry["with"]))
    wanted = "".join(entry.get("number", "").split())
    return next(
        identity
        for identity in contacts.identities(session, contact.id)
        if identity.channel is inbox.channel and wanted in ("", identity.address)
    )


def _in_chat(session: Session, clock: Clock, entry: Mapping[str, Any], inbox: Inbox) -> Identity:
    """Add a person's address at a bot or page and return it. Add a contact for one who is in no file of people."""
    name = entry["with"]
    try:
        contact = people.find(session, clock, name)
    except NotFound:
        contact = contacts.insert(session, clock, NewContact(name))
    return contacts.add_identity(session, clock, contact.id, inbox.channel, entry["chat"], inbox.id, name)


def _line(
    message: Mapping[str, Any],
    now: datetime,
    sids: Mapping[tuple[str, str], str],
    agent: str,
    media: Iterable[Media],
) -> history.Line:
    template = message.get("template", "")
    return history.Line(
        at=now - span(message["ago"]),
        inbound="in" in message,
        text=message["in"] if "in" in message else message["out"],
        author=message.get("by", agent),
        status=message.get("status", "delivered"),
        code=message.get("code", ""),
        media=tuple(media),
        template=template,
        template_sid=sids[template, message["language"]] if template else "",
        language=message.get("language", ""),
        variables=message.get("variables", {}),
    )


def _media(folder: Path, inbox: Inbox, entry: Mapping[str, Any], name: str) -> Media:
    """Return a file that the sandbox holds, named and addressed as its provider would."""
    held, kind = documents.file_id(entry, name), kind_of_name(name)
    shown = name
    match inbox.channel:
        case Channel.TELEGRAM:
            url = FILE + held
            if kind.startswith(_NAMELESS):
                shown = ""
        case Channel.MESSENGER:
            url = f"{inbox.base_url}/cdn/{held}/{quote(name)}"
        case _:
            url = f"{inbox.base_url}/2010-04-01/Accounts/{inbox.account}/Messages/MM{held}/Media/ME{held}"
    return Media(url, kind, shown, documents.file_path(folder, name).stat().st_size)


def _repeated(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the messages of a long thread, made of a few lines."""
    lines, count = entry["lines"], entry["count"]
    for place in range(count):
        ago = span(entry["ending"]) + (count - 1 - place) * span(entry["every"])
        line = lines[place % len(lines)]
        minutes = f"{ago // timedelta(minutes=1)}m"
        if line.startswith("> "):
            yield {"ago": minutes, "out": line.removeprefix("> "), "by": entry["by"]}
        else:
            yield {"ago": minutes, "in": line}
