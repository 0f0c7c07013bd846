"""What both sides have written down: our store, and the provider's own record. Read only when everything is at rest."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contacts_tui.channels import registry
from contacts_tui.channels.base import MESSAGE_PARAMETER
from contacts_tui.domain.channel import Provider
from contacts_tui.store.times import moment


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt of ours."""

    number: int
    outcome: str
    code: str
    detail: str
    provider_id: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours, as the store has it."""

    id: int
    uid: str
    channel: str
    sender: str
    """The inbox's address."""
    to: str
    body: str
    free: bool
    """Free text, as opposed to a template."""
    status: str
    code: str
    provider_id: str
    tries: tuple[Try, ...] = ()
    task: str = ""
    """What the outbox has still to do about it; empty for nothing."""
    sentence: str = ""
    """What an agent reads of its code; empty without one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person, as the store has it. In the order of their threads."""

    id: int
    channel: str
    sender: str
    """The inbox's address."""
    from_: str
    body: str
    provider_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A status that was written, in the order of the transactions."""

    message_id: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A message of ours that the provider took."""

    channel: str
    provider_id: str
    sender: str
    to: str
    body: str
    reference: str
    """Our name for the attempt, where the channel carries it."""
    free: bool
    at: datetime
    statuses: tuple[str, ...]
    """Everything that became of it, in its order."""
    told: frozenset[str] = frozenset()
    """Those of them that we said yes to: reports that were answered with 2xx. `echo` stands for an echo."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message of a person, as the provider has it. In the order in which they were written."""

    channel: str
    provider_id: str
    sender: str
    """The inbox's address."""
    from_: str
    body: str
    at: datetime
    acknowledged: bool
    """We said that we have it: a webhook answered with 2xx, or an update confirmed by the next offset."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The store."""

    sent: Sequence[Sent]
    heard: Sequence[Heard]
    moved: Sequence[Moved]


@dataclass(frozen=True, slots=True)
class Theirs:
    """The provider's record."""

    taken: Sequence[Taken]
    written: Sequence[Written]


@dataclass(slots=True)
class Asked:
    """What the driver asked for, and what it was answered."""

    stored: dict[str, str] = field(default_factory=dict)
    """Text by client id: the agent was told that it is stored."""
    typed: list[str] = field(default_factory=list)
    """Texts that stood in the thread after Enter."""
    again: dict[int, int] = field(default_factory=dict)
    """How often an agent sent a message once more, by its id."""


JOURNAL = """
CREATE TABLE torture_moved (place INTEGER PRIMARY KEY, message_id INTEGER, old TEXT, new TEXT);
CREATE TRIGGER torture_status AFTER UPDATE OF status ON message WHEN old.status <> new.status BEGIN
    INSERT INTO torture_moved (message_id, old, new) VALUES (new.id, old.status, new.status);
END;
"""
"""Notes every status in the transaction that writes it, whoever that is: nothing that was so for a moment is missed."""


def keep_journal(path: Path) -> None:
    """From now on every change of a status is noted in the store itself."""
    with closing(sqlite3.connect(path, timeout=10)) as store:
        store.executescript(JOURNAL)


def ours(path: Path) -> Ours:
    """What the store holds."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        return Ours(tuple(_sent(store)), tuple(_heard(store)), tuple(_moved(store)))


_MESSAGES = """
SELECT message.*, inbox.channel, inbox.address AS sender, identity.address AS person, inbox.provider,
       coalesce(outbox.task, '') AS task
FROM message
JOIN inbox ON inbox.id = message.inbox_id
JOIN conversation ON conversation.id = message.conversation_id
JOIN identity ON identity.id = conversation.identity_id
LEFT JOIN outbox ON outbox.message_id = message.id
WHERE message.direction = ? ORDER BY message.conversation_id, message.at, message.id
"""


def _sent(store: sqlite3.Connection) -> Iterator[Sent]:
    tries: dict[int, list[Try]] = {}
    for row in store.execute("SELECT * FROM attempt ORDER BY message_id, number"):
        made = Try(
            row["number"], row["outcome"], row["code"], row["detail"], row["provider_id"], moment(row["started_at"])
        )
        tries.setdefault(row["message_id"], []).append(made)
    for row in store.execute(_MESSAGES, ("out",)):
        code = row["error_code"]
        yield Sent(
            id=row["id"],
            uid=row["uid"],
            channel=row["channel"],
            sender=row["sender"],
            to=row["person"],
            body=row["body"],
            free=row["template"] in (None, "null"),
            status=row["status"],
            code=code,
            provider_id=row["provider_id"],
            tries=tuple(tries.get(row["id"], ())),
            task=row["task"],
            sentence=registry.explain(Provider(row["provider"]), code).sentence if code else "",
        )


def _heard(store: sqlite3.Connection) -> Iterator[Heard]:
    for row in store.execute(_MESSAGES, ("in",)):
        yield Heard(
            id=row["id"],
            channel=row["channel"],
            sender=row["sender"],
            from_=row["person"],
            body=row["body"],
            provider_id=row["provider_id"],
            at=moment(row["at"]),
        )


def _moved(store: sqlite3.Connection) -> Iterator[Moved]:
    for row in store.execute("SELECT message_id, old, new FROM torture_moved ORDER BY place"):
        yield Moved(row["message_id"], row["old"], row["new"])


def theirs(messages: Sequence[Mapping[str, Any]], state: Mapping[str, Any]) -> Theirs:
    """What the sandbox's control tells of its messages and its state."""
    waiting = {
        (bot["username"], f"{said['chat']['id']}:{said['message_id']}")
        for bot in state["telegram_bots"]
        for update in bot["updates"]
        if (said := update.get("message"))
    }
    polled = {bot["username"] for bot in state["telegram_bots"] if not bot["webhook"]}
    taken, written = [], []
    for entry in messages:
        if entry["direction"] == "inbound":
            key = (entry["to"], entry["provider_id"])
            acknowledged = key not in waiting if entry["to"] in polled else any(map(_is_yes, entry["posts"]))
            written.append(_written(entry, acknowledged))
        else:
            taken.append(_taken(entry))
    return Theirs(taken, written)


def _is_yes(post: Mapping[str, Any]) -> bool:
    return post["answer"] is not None and post["answer"] // 100 == 2


def _written(entry: Mapping[str, Any], acknowledged: bool) -> Written:
    return Written(
        channel=entry["channel"],
        provider_id=entry["provider_id"],
        sender=_bare(entry["to"]),
        from_=_bare(entry["from"]),
        body=entry["body"],
        at=datetime.fromisoformat(entry["created_at"]),
        acknowledged=acknowledged,
    )


def _taken(entry: Mapping[str, Any]) -> Taken:
    query = parse_qs(urlsplit(entry["status_callback"] or "").query)
    return Taken(
        channel=entry["channel"],
        provider_id=entry["provider_id"],
        sender=_bare(entry["from"]),
        to=_bare(entry["to"]),
        body=entry["body"],
        reference=entry["reference"] or query.get(MESSAGE_PARAMETER, [""])[0],
        free="ContentSid" not in dict(entry["form"]),
        at=datetime.fromisoformat(entry["created_at"]),
        statuses=tuple(step["status"] for step in entry["history"]),
        told=frozenset(word for post in entry["posts"] if _is_yes(post) for word in _reports(post["fields"])),
    )


def _reports(fields: Mapping[str, Any]) -> Iterator[str]:
    """What a post tells of a message of ours."""
    if "MessageStatus" in fields:
        yield fields["MessageStatus"]
    for item in (item for entry in fields.get("entry", ()) for item in entry.get("messaging", ())):
        for name, word in (("delivery", "delivered"), ("read", "read"), ("message", "echo")):
            if name in item:
                yield word


def _bare(address: str) -> str:
    return address.removeprefix("whatsapp:")
