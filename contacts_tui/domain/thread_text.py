"""A thread as plain text: what `contacts-tui thread` prints, and what a command of the agent's own reads."""

from collections.abc import Iterable, Iterator

from contacts_tui.domain import delivery
from contacts_tui.domain.local_time import here
from contacts_tui.domain.media import NO_TEXT, placeholder
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import clean, one_line
from contacts_tui.domain.views import MessageView

LIMIT = 50
"""Messages of a thread that are told unless more are asked for, the newest."""


def thread_text(views: Iterable[MessageView], name: str) -> str:
    """Return messages with a person of that name, in the given order, a line end after each line; cleaned."""
    return "".join(f"{line}\n" for view in views for line in message_lines(view, name))


def message_lines(view: MessageView, name: str) -> Iterator[str]:
    """One message: who and when, what became of it, and its text below."""
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
