"""The provider's record: what the sandbox's control shows. Read only when everything is at rest."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contacts_tui.channels.base import MESSAGE_PARAMETER
from contacts_tui.domain.channel import Channel
from tests.torture.books import Answered, Permission, Taken, Theirs, Written


def theirs(messages: Sequence[Mapping[str, Any]], state: Mapping[str, Any]) -> Theirs:
    """Return the record of the provider from the sandbox's messages and its state."""
    polled = {bot["username"] for bot in state["telegram_bots"] if not bot["webhook"]}
    waiting = {bot["username"]: bot["updates"] for bot in state["telegram_bots"]}
    taken, written = [], []
    for place, entry in enumerate(messages):
        if entry["direction"] != "inbound":
            taken.append(_taken(entry, place))
        elif entry["to"] in polled:
            left = {_content(update, entry["provider_id"]) for update in waiting[entry["to"]]}
            written.append(_written(entry, place, _Unless(left)))
        else:
            yes = {one for post in entry["posts"] if _is_yes(post) for one in _contents(post, entry["provider_id"])}
            written.append(_written(entry, place, yes))
    posts = [
        Answered(f"{entry['channel']} {entry['provider_id']}", post["answer"])
        for entry in messages
        for post in entry["posts"]
    ]
    return Theirs(taken, written, tuple(_permissions(state, polled)), posts)


class _Unless:
    """Everything but what is left."""

    def __init__(self, left: set[tuple[str, str]]) -> None:
        self._left = left

    def __contains__(self, one: object) -> bool:
        return one not in self._left


def _contents(post: Mapping[str, Any], provider_id: str) -> Iterator[tuple[str, str]]:
    """Yield what a webhook tells of a person's message: ("new", "") that it was written, ("edit", text) its change."""
    fields = post["fields"]
    if "MessageSid" in fields:
        yield "new", ""
    yield _content(fields, provider_id)
    for entry in fields.get("entry", ()):
        for item in (*entry.get("messaging", ()), *entry.get("standby", ())):
            if item.get("message", {}).get("mid") == provider_id:
                yield "new", ""
            elif item.get("message_edit", {}).get("mid") == provider_id:
                yield "edit", item["message_edit"]["text"]


def _content(update: Mapping[str, Any], provider_id: str) -> tuple[str, str]:
    """Return what a Telegram update tells of this message, as `_contents` does; empty texts for another message."""
    for name, kind in (("message", "new"), ("edited_message", "edit")):
        said = update.get(name)
        if said and f"{said['chat']['id']}:{said['message_id']}" == provider_id:
            return kind, said["text"] if kind == "edit" else ""
    return "", ""


def _permissions(state: Mapping[str, Any], polled: set[str]) -> Iterator[Permission]:
    """Yield the last change of each person's permission, bot by bot."""
    waiting = {
        (bot["username"], update["my_chat_member"]["chat"]["id"])
        for bot in state["telegram_bots"]
        for update in bot["updates"]
        if "my_chat_member" in update
    }
    for person in state["telegram_people"]:
        for bot, last in {one["bot"]: one for one in person["permissions"]}.items():
            told = (bot, person["chat_id"]) not in waiting if bot in polled else any(map(_is_yes, last["posts"]))
            yield Permission(bot, str(person["chat_id"]), last["blocked"], datetime.fromisoformat(last["at"]), told)


def _is_yes(post: Mapping[str, Any]) -> bool:
    return post["answer"] is not None and post["answer"] // 100 == 2


def _written(entry: Mapping[str, Any], place: int, told: Container[tuple[str, str]]) -> Written:
    """Return the record of a person's message; `told` is what we acknowledged: the message, and changes of it."""
    versions = entry["versions"] or [{"body": entry["body"], "at": entry["created_at"]}]
    precise = "milliseconds" if entry["channel"] == Channel.MESSENGER else "seconds"

    def order(change: tuple[int, Mapping[str, Any]]) -> tuple[str, int]:
        return datetime.fromisoformat(change[1]["at"]).isoformat(timespec=precise), change[0]

    # In the order of the provider's time, as it tells it; of two changes at the same time the later one counts.
    changes = [change for _, change in sorted(enumerate(versions[1:]), key=order)]
    known = [place for place, change in enumerate(changes) if ("edit", change["body"]) in told]
    last = known[-1] if known else -1
    return Written(
        channel=entry["channel"],
        provider_id=entry["provider_id"],
        sender=_bare(entry["to"]),
        from_=_bare(entry["from"]),
        body=changes[last]["body"] if known else versions[0]["body"],
        at=datetime.fromisoformat(entry["created_at"]),
        acknowledged=("new", "") in told,
        place=place,
        edited=bool(known),
        opt_out=dict(entry["form"]).get("OptOutType", ""),
        perhaps=frozenset(change["body"] for change in changes[last + 1 :]),
    )


def _taken(entry: Mapping[str, Any], place: int) -> Taken:
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
        tagged=dict(entry["form"]).get("tag") == "HUMAN_AGENT",
        place=place,
    )


def _reports(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the statuses that a webhook tells of a message of ours."""
    if "MessageStatus" in fields:
        yield fields["MessageStatus"]
    for item in (item for entry in fields.get("entry", ()) for item in entry.get("messaging", ())):
        for name, word in (("delivery", "delivered"), ("read", "read"), ("message", "echo")):
            if name in item:
                yield word


def _bare(address: str) -> str:
    return address.removeprefix("whatsapp:")
