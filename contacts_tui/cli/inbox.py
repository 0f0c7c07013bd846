"""`contacts-tui inbox`: add, set, list, check and disconnect."""

import shlex
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from contacts_tui.channels.base import SecretError
from contacts_tui.channels.meta import webhook
from contacts_tui.channels.secrets import resolve
from contacts_tui.cli import shutdown
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import say, say_json, say_table
from contacts_tui.config import Config
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.gap import Gap
from contacts_tui.domain.health import InboxHealth, Trouble
from contacts_tui.domain.inbox import OPTIONS, Inbox, InboxForm
from contacts_tui.services import health, inboxes
from contacts_tui.services.errors import BadInput


def add(args: Namespace, config: Config) -> Exit:
    """Connects a sender, and says which addresses to enter at the provider."""
    with open_store(config) as store:
        form = InboxForm(
            Channel(args.channel),
            name=args.name,
            address=args.address,
            account=args.account,
            secret=args.secret,
            base_url=args.base_url,
            options={name: given for name in OPTIONS if (given := getattr(args, name)) is not None},
            human_agent=args.human_agent,
        )
        inbox = store.call(inboxes.connect, form)
        inbound, status = store.call_read(inboxes.webhooks, inbox.id)
    if args.json:
        say_json({"inbox": inbox, "inbound_url": inbound, "status_url": status})
        return Exit.DONE
    say(f"{inbox.name} is connected: {inbox.channel.label} from {inbox.address}")
    for line in _how_it_receives(inbox, inbound, status):
        say(line)
    provider = _PROVIDERS.get(inbox.provider, inbox.provider.value)
    say(f"`contacts-tui inbox check {shlex.quote(inbox.name)}` asks {provider} whether the credentials are good.")
    return Exit.DONE


_PROVIDERS = {Provider.TWILIO: "Twilio", Provider.TELEGRAM: "Telegram", Provider.META: "Meta"}


def _how_it_receives(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    """What is to be done so that answers come in."""
    if inbox.is_polled:
        yield "It receives messages wherever the interface or `contacts-tui serve` runs."
        return
    provider = _PROVIDERS.get(inbox.provider, inbox.provider.value)
    if not inbound:
        yield f"To receive answers, run `contacts-tui serve --public-url URL` where {provider} reaches it."
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
        return webhook.verify_token(webhook.app_secrets(inbox, resolve)[0], inbox.id)
    except SecretError as error:
        return f"not known here: {error.sentence}"


def set_up(args: Namespace, config: Config) -> Exit:
    """Changes how a sender is set up."""
    with open_store(config) as store:
        inbox = store.call_read(inboxes.by_name, args.name)
        inbox = store.call(inboxes.change, inbox.id, _changed(inbox.form, args.settings))
    if args.json:
        say_json({"inbox": inbox})
    else:
        say(f"{inbox.name}: {', '.join(f'{key} is {value}' for key, value in args.settings)}")
    return Exit.DONE


def _changed(form: InboxForm, given: Sequence[tuple[str, str]]) -> InboxForm:
    """The form with other values. Raises BadInput."""
    for key, value in given:
        match key.replace("-", "_"):
            case "human_agent":
                if value not in _SWITCH:
                    raise BadInput(f"human-agent is yes or no, not {value!r}")
                form = replace(form, human_agent=_SWITCH[value])
            case "name":
                form = replace(form, name=value)
            case "account":
                form = replace(form, account=value)
            case "secret":
                form = replace(form, secret=value)
            case "base_url":
                form = replace(form, base_url=value)
            case option if option in OPTIONS:
                form = replace(form, options={**form.options, option: value})
            case _:
                known = ("name", "account", "secret", "base-url", "human-agent", *OPTIONS)
                raise BadInput(f"{key} can't be set: use one of {', '.join(each.replace('_', '-') for each in known)}")
    return form


_SWITCH = {"yes": True, "no": False}


def disconnect(args: Namespace, config: Config) -> Exit:
    """Puts a sender aside; its threads stay."""
    with open_store(config) as store:
        inbox = store.call_read(inboxes.by_name, args.name)
        parted = shutdown.run(inboxes.disconnect(store, inbox.id))
    if args.json:
        say_json({"inbox": inbox.name, "unsent": parted.unsent, "webhook_left": parted.webhook_left})
        return Exit.DONE
    say(f"{inbox.name} is disconnected: its threads stay readable, nothing more is sent or received.")
    if parted.unsent:
        say(f"{parted.unsent} waiting messages are marked as not sent.")
    if parted.webhook_left:
        say(parted.webhook_left)
    say("`contacts-tui inbox add` with the same channel and address reconnects it, with its threads.")
    return Exit.DONE


def list_inboxes(args: Namespace, config: Config) -> Exit:
    """Every sender, with how it is."""
    with open_to_read(config) as store:
        found, now = store.call_read(health.listed), store.clock()
        public_url = store.call_read(inboxes.public_url)
    if args.json:
        say_json({"public_url": public_url, "inboxes": [_described(each) for each in found]})
        return Exit.DONE
    if not found:
        say("no inbox is connected: contacts-tui inbox add connects one")
        return Exit.DONE
    say_table(
        (
            "id",
            "name",
            "channel",
            "address",
            "state",
            "last received",
            "last sent",
            "waiting",
            "unknown",
            "receives via",
        ),
        (
            (
                str(each.inbox.id),
                each.inbox.name,
                each.inbox.channel.label,
                each.inbox.address,
                each.state.words,
                _ago(each.inbox.last_heard_at, now),
                _ago(each.inbox.last_outbound_at, now),
                str(each.queue.waiting + each.queue.sending),
                str(each.queue.unknown),
                "polling" if each.inbox.is_polled else each.receiving.inbound_url or "no public URL yet",
            )
            for each in found
        ),
    )
    for each in found:
        if each.care and each.care != each.missing:
            say(f"{each.inbox.name} {each.state.words}: {each.care}")
        for gap in each.gaps:
            say(f"{each.inbox.name} {gap.sentence(now)} ({gap.reason.words})")
    return Exit.DONE


def _described(found: InboxHealth) -> dict[str, object]:
    return {
        "inbox": found.inbox,
        "inbound_url": found.receiving.inbound_url,
        "status_url": found.receiving.status_url,
        "state": found.state,
        "care": found.care,
        "troubles": [_trouble(trouble) for trouble in found.troubles],
        "last_error": None if found.last_error is None else _trouble(found.last_error),
        "last_heard_at": found.inbox.last_heard_at,
        "gaps": [_gap(gap) for gap in found.gaps],
        "queue": found.queue,
        "passed_over": found.passed_over,
        "hearing": {
            "way": found.receiving.way,
            "holder": found.receiving.holder,
            "since": found.receiving.since,
            "deaf": found.receiving.deaf,
        },
    }


def _gap(gap: Gap) -> dict[str, object]:
    return {
        "since": gap.since,
        "until": gap.until,
        "reason": gap.reason,
        "why": gap.reason.words,
        "lost": gap.is_lost,
        "taken": gap.taken,
        "code": gap.code,
    }


def _trouble(trouble: Trouble) -> dict[str, object]:
    return {"source": trouble.source, "code": trouble.code, "sentence": trouble.sentence, "at": trouble.at}


def check(args: Namespace, config: Config) -> Exit:
    """Asks the provider about one sender, and remembers what it says."""
    with open_store(config) as store:
        inbox = store.call_read(inboxes.by_name, args.name)
        found = shutdown.run(health.check(store, inbox.id))
    if args.json:
        say_json({"inbox": inbox.name, "check": found})
        return Exit.DONE if found.ok else Exit.FAILED
    for line in found.lines:
        say(line)
    return Exit.DONE if found.ok else Exit.FAILED


def _ago(at: datetime | None, now: datetime) -> str:
    return ago_words(now - at) if at else "never"
