"""`contacts-tui inbox`: add, list and check."""

import asyncio
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from contacts_tui.channels import messenger_webhook
from contacts_tui.channels.base import SecretError
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.secrets import resolve
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import say, say_json, say_table
from contacts_tui.config import Config
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.inbox import OPTIONS, Inbox
from contacts_tui.services import inboxes
from contacts_tui.store.store import Store


def add(args: Namespace, config: Config) -> Exit:
    """Connects a sender, and says which addresses to enter at the provider."""
    with closing(Store.open(config.database)) as store:
        inbox = store.call(
            inboxes.add,
            name=args.name,
            channel=Channel(args.channel),
            address=args.address,
            account=args.account,
            secret=args.secret,
            base_url=args.base_url,
            options={name: given for name in OPTIONS if (given := getattr(args, name)) is not None},
            human_agent=args.human_agent,
        )
        inbound, status = store.call_read(inboxes.webhooks, inbox.id)
    if args.json:
        say_json({"inbox": inbox, "inbound_url": inbound, "status_url": status})
        return Exit.DONE
    say(f"{inbox.name} is connected: {inbox.channel.label} from {inbox.address}")
    for line in _how_it_hears(inbox, inbound, status):
        say(line)
    provider = _PROVIDERS[inbox.provider]
    say(f"`contacts-tui inbox check {inbox.name}` asks {provider} whether the credentials are good.")
    return Exit.DONE


_PROVIDERS = {Provider.TWILIO: "Twilio", Provider.TELEGRAM: "Telegram", Provider.META: "Meta"}


def _how_it_hears(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    """What is to be done so that answers come in."""
    if inbox.is_polled:
        yield "It hears by itself wherever the interface or `contacts-tui serve` runs."
        return
    provider = _PROVIDERS[inbox.provider]
    if not inbound:
        yield f"To hear answers, run `contacts-tui serve --public-url URL` where {provider} reaches it."
    if inbox.provider is Provider.TWILIO:
        if inbound:
            yield "At Twilio, set for this sender:"
            yield f"  when a message comes in  {inbound}"
            yield f"  status callback          {status}"
        else:
            yield f"Then set these at Twilio: URL/webhooks/{inbox.id}/inbound and URL/webhooks/{inbox.id}/status"
    elif inbox.provider is Provider.META:
        yield "At Meta, set for the app's webhook of the kind Page:"
        yield f"  callback URL  {inbound or f'URL/webhooks/{inbox.id}/inbound'}"
        yield f"  verify token  {_verify_token(inbox)}"


def _verify_token(inbox: Inbox) -> str:
    """What Meta is to be told, made of the app's secret; in its place, why it can't be made here."""
    try:
        return messenger_webhook.verify_token(messenger_webhook.app_secrets(inbox, resolve)[0], inbox.id)
    except SecretError as error:
        return f"not known here: {error.sentence}"


def list_inboxes(args: Namespace, config: Config) -> Exit:
    """Every sender, with when it was last used and heard."""
    with closing(Store.open(config.database)) as store:
        found, now = store.call_read(inboxes.listed), store.clock()
        public_url = store.call_read(inboxes.public_url)
        addresses = {inbox.id: store.call_read(inboxes.webhooks, inbox.id) for inbox in found}
    if args.json:
        described = [
            {"inbox": inbox, "inbound_url": addresses[inbox.id][0], "status_url": addresses[inbox.id][1]}
            for inbox in found
        ]
        say_json({"public_url": public_url, "inboxes": described})
        return Exit.DONE
    if not found:
        say("no inbox is connected: contacts-tui inbox add connects one")
        return Exit.DONE
    say_table(
        ("id", "name", "channel", "address", "last heard", "last sent", "webhook"),
        (
            (
                str(inbox.id),
                inbox.name,
                inbox.channel.label,
                inbox.address,
                _ago(inbox.last_inbound_at, now),
                _ago(inbox.last_outbound_at, now),
                "polled" if inbox.is_polled else addresses[inbox.id][0] or "no public URL yet",
            )
            for inbox in found
        ),
    )
    return Exit.DONE


def check(args: Namespace, config: Config) -> Exit:
    """Asks the provider about one sender."""
    with closing(Store.open(config.database)) as store:
        inbox = store.call_read(inboxes.by_name, args.name)
    return asyncio.run(_check(inbox, as_json=args.json))


async def _check(inbox: Inbox, *, as_json: bool) -> Exit:
    adapters = Adapters()
    try:
        found = await adapters.get(inbox.provider).check(inbox)
    finally:
        await adapters.aclose()
    if as_json:
        say_json({"inbox": inbox.name, "check": found})
    else:
        for line in found.lines:
            say(line)
    return Exit.DONE if found.ok else Exit.FAILED


def _ago(at: datetime | None, now: datetime) -> str:
    return ago_words(now - at) if at else "never"
