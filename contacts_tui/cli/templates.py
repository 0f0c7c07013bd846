"""`contacts-tui templates`: sync and list."""

from typing import Annotated

from contacts_tui.channels.registry import Adapters
from contacts_tui.cli import shutdown
from contacts_tui.cli.declare import Argument, Json, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import complain, say, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.template import placeholders, state_words
from contacts_tui.domain.text import counted
from contacts_tui.services import inboxes, templates
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store

Chosen = Annotated[str, Argument("only of this one (default: of every WhatsApp inbox)", "INBOX")]


@command("contacts-tui templates sync")
def sync(config: Config, inbox: Chosen = "", as_json: Json = False) -> Exit:
    """Fetch templates. Complain of an inbox whose provider can't be asked, and go on with the others."""
    with open_store(config) as store:
        return shutdown.run(_sync(store, _chosen(store, inbox), as_json=as_json))


async def _sync(store: Store, chosen: tuple[Inbox, ...], *, as_json: bool) -> Exit:
    from contacts_tui.channels.base import ChannelError

    adapters, end = Adapters(), Exit.DONE
    synced: list[dict[str, object]] = []
    try:
        for inbox in chosen:
            try:
                count = await templates.sync(store, adapters, inbox.id)
                synced.append({"inbox": inbox.name, "templates": count, "error": None})
                if not as_json:
                    say(f"{inbox.name}: {counted(count, 'template')}")
            except ChannelError as error:
                synced.append({"inbox": inbox.name, "templates": None, "error": error.sentence})
                complain(f"{inbox.name}: {error.sentence}")
                end = Exit.FAILED
    finally:
        await adapters.aclose()
    if as_json:
        say_json({"synced": synced})
    return end


@command("contacts-tui templates list", only_tells=True)
def list_templates(config: Config, inbox: Chosen = "", as_json: Json = False) -> Exit:
    """Print the templates that the last sync fetched."""
    with open_to_read(config) as store:
        found = [(one, store.call_read(templates.listed, one.id)) for one in _chosen(store, inbox)]
    if as_json:
        say_json([{"inbox": one.name, "templates": listed} for one, listed in found])
        return Exit.DONE
    for one, listed in found:
        say(
            f"{one.name}: {counted(len(listed), 'template')}"
            + ("" if listed else "; contacts-tui templates sync fetches them")
        )
        if listed:
            say_list(
                ("name", "language", "category", "variables", "state"),
                (
                    (each.name, each.language, each.category, " ".join(placeholders(each)) or "-", state_words(each))
                    for each in listed
                ),
            )
    return Exit.DONE


def _chosen(store: Store, name: str) -> tuple[Inbox, ...]:
    """Return the inbox of this name, or, without a name, every WhatsApp inbox. Raise NotFound and BadInput."""
    if name:
        inbox = store.call_read(inboxes.by_name, name)
        if inbox.channel is not Channel.WHATSAPP:
            raise BadInput(f"{inbox.name} is an {inbox.channel.label} inbox: only WhatsApp has templates")
        return (inbox,)
    found = tuple(inbox for inbox in store.call_read(inboxes.listed) if inbox.channel is Channel.WHATSAPP)
    if not found:
        raise BadInput("no WhatsApp inbox is connected: contacts-tui inbox add connects one")
    return found
