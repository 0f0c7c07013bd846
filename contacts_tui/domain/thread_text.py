"""A thread as plain text: what `contacts-tui thread` prints, and what a command of the agent's own reads."""

from collections.abc import Iterable, Iterator

from contacts_tui.domain import delivery
from contacts_tui.domain.local_time import here
from contacts_tui.domain.media import NO_TEXT, placeholder
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import clean, one_line
from contacts_tui.domain.views import MessageView

LIMIT = 50
"""How many messages of a thread, the newest, are included by default."""


def thread_text(views: Iterable[MessageView], name: str) -> str:
    """Return messages with a person of this name as cleaned text, in the given order, a line end after each line."""
    return "".join(f"{line}\n" for view in views for line in message_lines(view, name))


def message_lines(view: MessageView, name: str) -> Iterator[str]:
    """Yield the cleaned lines of a message: when, who and its status; files, text, failure, and what can be done."""
    message = view.message
    who = one_line(name if message.direction is Direction.IN else message.author or "we")
    where = f"{message.channel.label}, {one_line(view.inbox_name)}"
    became = f"  {delivery.mark(message.status)} {delivery.word(message.status)}" if message.status else ""
    yield f"{here(message.at)}  {who}  ({where}){became}"
    for media in message.media:
        yield f"    {placeholder(media)}  message {message.id}"
    body = clean(message.body) if one_line(message.body) else "" if message.media else NO_TEXT
    yield from (f"    {line}" for line in (body.split("\n") if body else ()))
    if view.failure is not None:
        yield f"    {view.failure.sentence}"
    if view.due_at is not None:
        yield f"    will be sent {here(view.due_at)}: contacts-tui scheduled change {message.id}, or cancel"
    if view.unknown_outcome is not None:
        yield f"    may or may not have been sent: contacts-tui message settle {message.id}"
