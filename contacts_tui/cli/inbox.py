"""`contacts-tui inbox`: add, set, list, check and disconnect."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from contacts_tui.channels import connectors
from contacts_tui.cli import shutdown
from contacts_tui.cli.declare import Argument, Json, Option, command, variable
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import say, say_done, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain import answer_target, working_hours
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.gap import Gap
from contacts_tui.domain.health import InboxHealth, Trouble, passed_over_words
from contacts_tui.domain.inbox import RECEIVE, Inbox, InboxForm
from contacts_tui.domain.urgency import AnswerTarget
from contacts_tui.services import health, inbox_validation, inboxes, queue
from contacts_tui.services.errors import BadInput

Name = Annotated[str, Argument("the inbox", "NAME")]


@command(
    "contacts-tui inbox add Shop --channel sms --address +12025550101 \\\n"
    "      --account AC0123456789abcdef0123456789abcdef --secret env:TWILIO_AUTH_TOKEN",
    "contacts-tui inbox add Bot --channel telegram --address shop_support_bot --secret env:BOT_TOKEN",
    "contacts-tui inbox add Page --channel messenger --address 102030405060708 \\\n"
    "      --secret env:PAGE_TOKEN --app-secret env:APP_SECRET",
)
def add(
    config: Config,
    name: Annotated[str, Argument("what the team calls it", "NAME")],
    *,
    channel: Annotated[Channel, Option("what it carries")],
    address: Annotated[
        str, Option("its number, MG… of a messaging service, the bot's user name or the page's id", "ADDRESS")
    ],
    account: Annotated[
        str, Option("at Twilio the Account SID, AC…; else the bot's or the app's id, which may be left out", "ID")
    ] = "",
    secret: Annotated[
        str, Option("where the token is: env:NAME, file:PATH or keyring:NAME; never the token itself", "REFERENCE")
    ],
    app_secret: Annotated[
        str | None, Option("Messenger: where the app's secret is, in the same form", "REFERENCE")
    ] = None,
    graph_version: Annotated[
        str | None, Option("Messenger: the version of the Graph API (default: v26.0)", "VERSION")
    ] = None,
    human_agent: Annotated[
        bool, Option("Messenger: Meta lets this page answer for seven days under the HUMAN_AGENT tag")
    ] = False,
    receive: Annotated[str | None, Option("Telegram: how the bot receives (default: polling)", choices=RECEIVE)] = None,
    provider: Annotated[
        str, Option("who carries it, where a channel has several (default: the first of them)", "NAME")
    ] = "",
    option: Annotated[
        tuple[tuple[str, str], ...],
        Option("what the provider needs besides; may be given several times", "KEY=VALUE", variable),
    ] = (),
    base_url: Annotated[str, Option("another host for the API, such as a sandbox", "URL")] = "",
    as_json: Json = False,
) -> Exit:
    """Connect an inbox, and print which addresses to enter at the provider."""
    options = {"app_secret": app_secret, "graph_version": graph_version, "receive": receive}
    with open_store(config) as store:
        form = InboxForm(
            channel,
            name=name,
            address=address,
            account=account,
            secret=secret,
            base_url=base_url,
            options={key: given for key, given in options.items() if given is not None} | dict(option),
            human_agent=human_agent,
            provider=inbox_validation.provider_named(channel, provider) if provider else None,
        )
        inbox = store.call(inboxes.connect, config.agent, form)
        inbound, status = store.call_read(inboxes.webhooks, inbox.id)
    if as_json:
        say_json({"inbox": inbox, "inbound_url": inbound, "status_url": status})
        return Exit.DONE
    say(f"{inbox.name} is connected: {inbox.channel.label} from {inbox.address}")
    for line in _how_it_receives(inbox, inbound, status):
        say(line)
    carrier = connectors.name_of(inbox.provider)
    say(f"`contacts-tui inbox check {shlex.quote(inbox.name)}` asks {carrier} whether the credentials are good.")
    return Exit.DONE


def _how_it_receives(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    """Yield sentences on what to do so that the inbox receives answers."""
    if inbox.is_polled:
        yield "It receives messages wherever the interface or `contacts-tui serve` runs."
        return
    provider = connectors.name_of(inbox.provider)
    if not inbound:
        yield f"To receive answers, run `contacts-tui serve --public-url URL` where {provider} reaches it."
    connector = connectors.of(inbox)
    if connector is not None:
        yield from connector.to_enter(inbox, inbound, status)


@command(
    "contacts-tui inbox set Page human-agent=yes",
    "contacts-tui inbox set Bot receive=webhook secret=file:/etc/bot-token",
    "contacts-tui inbox set Shop answer-target=30m answer-hours='mon-fri 9-18' answer-time-zone=Europe/Berlin",
)
def set_up(
    config: Config,
    name: Name,
    settings: Annotated[
        tuple[tuple[str, str], ...],
        Argument(
            "name, account, secret, base-url; human-agent=yes|no, app-secret and graph-version for Messenger; "
            "receive=polling|webhook for Telegram; answer-target=30m|none|usual, answer-hours, answer-time-zone",
            "KEY=VALUE",
            variable,
        ),
    ],
    as_json: Json = False,
) -> Exit:
    """Change the settings and the answer target of an inbox."""
    form = [(key, value) for key, value in settings if _target_part(key) is None]
    with open_store(config) as store:
        inbox = store.call_read(inboxes.by_name, name)
        target = _changed_target(store.call_read(queue.target, inbox.id), settings)
        if form:
            inbox = store.call(inboxes.change, config.agent, inbox.id, _changed(inbox.form, form))
        if len(form) < len(settings):
            store.call(queue.set_target, config.agent, inbox.id, target)
        described = _described(store.call_read(health.of, inbox.id))
    return say_done(
        {key: described[key] for key in ("inbox", "answer_target")},
        f"{inbox.name}: {', '.join(f'{key} is {value}' for key, value in settings)}",
        as_json=as_json,
    )


def _target_part(key: str) -> str | None:
    """Return which part of the answer target a key sets; None for another key."""
    return _TARGET_PARTS.get(key.replace("_", "-"))


def _changed_target(target: AnswerTarget, given: Sequence[tuple[str, str]]) -> AnswerTarget | None:
    """Return the target with these values; None when the usual target is asked for. Raise BadInput."""
    parts = {part: value for key, value in given if (part := _target_part(key)) is not None}
    if parts == {"within": answer_target.USUAL}:
        return None
    try:
        return answer_target.changed(target, **parts)
    except ValueError as error:
        raise BadInput(str(error)) from error


def _changed(form: InboxForm, given: Sequence[tuple[str, str]]) -> InboxForm:
    """Return the form with these values. Raise BadInput for a key or a value that can't be set."""
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
            case option if option in _options():
                form = replace(form, options={**form.options, option: value})
            case _:
                known = ("name", "account", "secret", "base-url", "human-agent", *_options(), *_TARGET_PARTS)
                raise BadInput(f"{key} can't be set: use one of {', '.join(each.replace('_', '-') for each in known)}")
    return form


def _options() -> tuple[str, ...]:
    """Return the names of the options that inboxes can have."""
    return tuple(field.id for field in inbox_validation.options())


_SWITCH = {"yes": True, "no": False}
_TARGET_PARTS = {"answer-target": "within", "answer-hours": "hours", "answer-time-zone": "time_zone"}


@command("contacts-tui inbox disconnect Bot")
def disconnect(config: Config, name: Name, as_json: Json = False) -> Exit:
    """Disconnect an inbox; its threads stay."""
    with open_store(config) as store:
        inbox = store.call_read(inboxes.by_name, name)
        parted = shutdown.run(inboxes.disconnect(store, config.agent, inbox.id))
    if as_json:
        say_json({"inbox": inbox.name, "unsent": parted.unsent, "webhook_left": parted.webhook_left})
        return Exit.DONE
    say(f"{inbox.name} is disconnected: its threads stay readable, nothing more is sent or received.")
    if parted.unsent:
        say(f"{parted.unsent} waiting messages are marked as not sent.")
    if parted.webhook_left:
        say(parted.webhook_left)
    say("`contacts-tui inbox add` with the same channel and address reconnects it, with its threads.")
    return Exit.DONE


@command("contacts-tui inbox list", only_tells=True)
def list_inboxes(config: Config, as_json: Json = False) -> Exit:
    """Print every inbox with its health."""
    with open_to_read(config) as store:
        found, now = store.call_read(health.listed), store.clock()
        public_url = store.call_read(inboxes.public_url)
    if as_json:
        say_json({"public_url": public_url, "inboxes": [_described(each) for each in found]})
        return Exit.DONE
    if not found:
        say("no inbox is connected: contacts-tui inbox add connects one")
        return Exit.DONE
    say_list(
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
            "answer target",
            "receives via",
        ),
        (
            (
                str(each.inbox.id),
                each.inbox.name,
                each.inbox.channel.label,
                each.inbox.address,
                each.state.words,
                _ago(each.inbox.last_received_at, now),
                _ago(each.inbox.last_outbound_at, now),
                str(each.queue.waiting + each.queue.sending),
                str(each.queue.unknown),
                answer_target.words(each.answers),
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
        if each.passed_over:
            say(f"{each.inbox.name} ignored {passed_over_words(each.passed_over, now)}")
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
        "last_heard_at": found.inbox.last_received_at,
        "gaps": [_gap(gap) for gap in found.gaps],
        "queue": found.queue,
        "passed_over": found.passed_over,
        "answer_target": {
            "minutes": None if found.answers.within is None else found.answers.within // timedelta(minutes=1),
            "hours": working_hours.written(found.answers.hours),
            "time_zone": found.answers.hours.time_zone,
            "is_usual": not found.has_own_target,
        },
        "hearing": {
            "way": found.receiving.way,
            "holder": found.receiving.holder,
            "since": found.receiving.since,
            "deaf": found.receiving.obstacle,
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


@command("contacts-tui inbox check Shop")
def check(config: Config, name: Name, as_json: Json = False) -> Exit:
    """Ask the provider about an inbox, and store the answer. Exit with 1 when something is wrong."""
    with open_store(config) as store:
        inbox = store.call_read(inboxes.by_name, name)
        found = shutdown.run(health.check(store, inbox.id))
    if as_json:
        say_json({"inbox": inbox.name, "check": found})
        return Exit.DONE if found.ok else Exit.FAILED
    for line in found.lines:
        say(line)
    return Exit.DONE if found.ok else Exit.FAILED


def _ago(at: datetime | None, now: datetime) -> str:
    return ago_words(now - at) if at else "never"
