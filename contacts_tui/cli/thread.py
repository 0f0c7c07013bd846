"""`contacts-tui thread`: the last messages with a person."""

from contacts_tui.cli.declare import Contact, Json, Limit, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_to_read
from contacts_tui.cli.output import local_time, say, say_json
from contacts_tui.config import Config
from contacts_tui.domain import delivery
from contacts_tui.domain.media import NO_TEXT, placeholder
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import clean, one_line
from contacts_tui.domain.views import MessageView
from contacts_tui.services import people, threads


@command("contacts-tui thread 'Amara Okafor' --limit 20", only_tells=True)
def run(config: Config, contact: Contact, limit: Limit = 50, as_json: Json = False) -> Exit:
    """The newest messages over all channels, oldest first."""
    with open_to_read(config) as store:
        found = store.call_read(people.find, contact)
        page = store.call_read(threads.timeline, found.id, limit=limit)
    if as_json:
        say_json({"contact_id": found.id, "messages": page.messages, "has_older": page.has_older})
        return Exit.DONE
    if page.has_older:
        shown = len(page.messages)
        say(f"the last {'message' if shown == 1 else f'{shown:,} messages'}; --limit N shows more")
    if not page.messages:
        say(f"no conversation with {one_line(found.name)} yet")
    for view in page.messages:
        say_message(view, found.name)
    return Exit.DONE


def say_message(view: MessageView, name: str) -> None:
    """One message: who and when, what became of it, and its text below."""
    message = view.message
    who = one_line(name if message.direction is Direction.IN else message.author or "we")
    where = f"{message.channel.label}, {one_line(view.inbox_name)}"
    became = f"  {delivery.mark(message.status)} {delivery.word(message.status)}" if message.status else ""
    say(f"{local_time(message.at)}  {who}  ({where}){became}")
    for media in message.media:
        say(f"    {placeholder(media)}  message {message.id}")
    body = clean(message.body) if one_line(message.body) else "" if message.media else NO_TEXT
    for line in body.split("\n") if body else ():
        say(f"    {line}")
    if view.failure is not None:
        say(f"    {view.failure.sentence}")
    if view.due_at is not None:
        say(f"    will be sent {local_time(view.due_at)}: contacts-tui scheduled change {message.id}, or cancel")
    if view.doubt is not None:
        say(f"    may or may not have been sent: contacts-tui message settle {message.id}")
