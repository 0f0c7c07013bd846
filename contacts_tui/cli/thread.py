"""`contacts-tui thread`: the last messages with a person."""

from contacts_tui.cli.declare import Contact, Json, Limit, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_to_read
from contacts_tui.cli.output import say, say_json
from contacts_tui.config import Config
from contacts_tui.domain.text import one_line
from contacts_tui.domain.thread_text import LIMIT, message_lines
from contacts_tui.services import people, threads


@command("contacts-tui thread 'Amara Okafor' --limit 20", only_tells=True)
def run(config: Config, contact: Contact, limit: Limit = LIMIT, as_json: Json = False) -> Exit:
    """Print the newest messages with a person over all channels, oldest first."""
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
        for line in message_lines(view, found.name):
            say(line)
    return Exit.DONE
