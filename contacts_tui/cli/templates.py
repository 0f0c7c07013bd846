"""`contacts-tui templates`: sync and list."""

from argparse import Namespace

from contacts_tui.channels.registry import Adapters
from contacts_tui.cli import shutdown
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import complain, say, say_json, say_table
from contacts_tui.config import Config
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.template import placeholders, state_words
from contacts_tui.domain.text import counted
from contacts_tui.services import inboxes, templates
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store


def sync(args: Namespace, config: Config) -> Exit:
    """Fetches templates; an inbox whose provider can't be asked is told, the others are done all the same."""
    with open_store(config) as store:
        return shutdown.run(_sync(store, _chosen(store, args.inbox)))


async def _sync(store: Store, chosen: tuple[Inbox, ...]) -> Exit:
    from contacts_tui.channels.base import ChannelError

    adapters, end = Adapters(), Exit.DONE
    try:
        for inbox in chosen:
            try:
                count = await templates.sync(store, adapters, inbox.id)
                say(f"{inbox.name}: {counted(count, 'template')}")
            except ChannelError as error:
                complain(f"{inbox.name}: {error.sentence}")
                end = Exit.FAILED
    finally:
        await adapters.aclose()
    return end


def list_templates(args: Namespace, config: Config) -> Exit:
    """What the last sync brought."""
    with open_to_read(config) as store:
        chosen = _chosen(store, args.inbox)
        found = [(inbox, store.call_read(templates.listed, inbox.id)) for inbox in chosen]
    if args.json:
        say_json([{"inbox": inbox.name, "templates": listed} for inbox, listed in found])
        return Exit.DONE
    for inbox, listed in found:
        say(
            f"{inbox.name}: {counted(len(listed), 'template')}"
            + ("" if listed else "; contacts-tui templates sync fetches them")
        )
        if listed:
            say_table(
                ("name", "language", "category", "variables", "state"),
                (
                    (each.name, each.language, each.category, " ".join(placeholders(each)) or "-", state_words(each))
                    for each in listed
                ),
            )
    return Exit.DONE


def _chosen(store: Store, name: str | None) -> tuple[Inbox, ...]:
    """The named inbox, or every WhatsApp inbox. Raises NotFound or BadInput."""
    if name:
        inbox = store.call_read(inboxes.by_name, name)
        if inbox.channel is not Channel.WHATSAPP:
            raise BadInput(f"{inbox.name} is an {inbox.channel.label} inbox: only WhatsApp has templates")
        return (inbox,)
    found = tuple(inbox for inbox in store.call_read(inboxes.listed) if inbox.channel is Channel.WHATSAPP)
    if not found:
        raise BadInput("no WhatsApp inbox is connected: contacts-tui inbox add connects one")
    return found
