"""`contacts-tui send`: sends one message, or a text and its file, and prints the outcome."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from contacts_tui.cli.declare import Contact, DespiteStop, Json, Option, Unreadable, command, variable
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store
from contacts_tui.cli.output import complain
from contacts_tui.cli.scheduled import moment, say_scheduled
from contacts_tui.cli.send_and_wait import exit_of, say_outcome, send_and_wait
from contacts_tui.cli.standard_input import text_of_stdin
from contacts_tui.config import Config
from contacts_tui.domain.address import alias_key, display_phone, last_digits
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact as Person
from contacts_tui.domain.file_types import HEAD, UNKNOWN, kind_of_bytes, safe_name
from contacts_tui.domain.message import Media, NewMessage
from contacts_tui.domain.template import Template, TemplateChoice, placeholders, state_words
from contacts_tui.domain.views import MessageView, Route
from contacts_tui.services import inboxes, media, messaging, people, reachability, scheduled, templates
from contacts_tui.services.errors import BadInput, Refused, ServiceError
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from contacts_tui.text_files import UnreadableText, decoded, standard_input


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise Unreadable(f"“{text}” is not a number of seconds between 0 and 86400")
    return seconds


@command(
    "contacts-tui send 'Amara Okafor' --channel sms --text 'Your order is ready.'",
    "contacts-tui send 12 --channel whatsapp --template order_ready --var name=Amara --var order=4711 --wait 30",
    "contacts-tui send 12 --channel telegram --file invoice.pdf --text 'Your invoice'",
    "contacts-tui send 12 --channel sms --text 'Your parcel comes today.' --at 'tomorrow 9:00'",
)
def run(
    config: Config,
    contact: Contact,
    *,
    channel: Annotated[Channel, Option("the channel to use")],
    text: Annotated[str | None, Option("the text; - reads it from stdin", "TEXT")] = None,
    template: Annotated[str, Option("the WhatsApp template to send, by its name or sid", "NAME")] = "",
    file: Annotated[
        str,
        Option(
            "a file to send, with the text under it or before it; without --text, alone; - reads it from stdin",
            "PATH",
            completes="file",
        ),
    ] = "",
    var: Annotated[tuple[tuple[str, str], ...], Option("a template variable; repeat it", "NAME=VALUE", variable)] = (),
    language: Annotated[str | None, Option("the template's language, when it has several", "CODE")] = None,
    inbox: Annotated[str, Option("the inbox to send from, when there are several", "INBOX", name="--from")] = "",
    to: Annotated[str, Option("the number to send to, when the person has several", "NUMBER")] = "",
    human_agent: Annotated[
        bool,
        Option(
            "Messenger: a person wrote this, and it may go under the HUMAN_AGENT tag once the 24 hours are over; "
            "not with --at, which sees to the tag itself"
        ),
    ] = False,
    despite_stop: DespiteStop = False,
    wait: Annotated[
        float | None,
        Option(
            "also wait for delivered, read or failed, which a running `contacts-tui serve` receives; "
            "when the time is up first, the message counts as sent",
            "SECONDS",
            _seconds,
        ),
    ] = None,
    at: Annotated[
        str,
        Option("when to send it, such as `2 hours` or `next friday 14:00`, in your time zone", "WHEN"),
    ] = "",
    as_json: Json = False,
) -> Exit:
    """Store a message, dispatch it, and print its outcome; or schedule it with `at`."""
    if text is not None and template:
        raise BadInput("--text or --template, not both: a template has its own words")
    if var and not template:
        raise BadInput("--var fills a template: give --template NAME with it")
    if template and channel is not Channel.WHATSAPP:
        raise BadInput("only WhatsApp has templates: give --text")
    if file and template:
        raise BadInput("a template can't carry a file: give --text with it, or the file alone")
    if at and wait is not None:
        raise BadInput("--at or --wait, not both: what leaves later can't be waited for here")
    if at and human_agent:
        raise BadInput(
            "--at or --human-agent, not both: a scheduled message carries the tag by itself where it needs it"
        )
    if text == "-" and file == "-":
        raise BadInput("both --text and --file read stdin: give one of them in another way")
    if not template and not file and text is None:
        raise BadInput("there is nothing to send: give --text, --file or --template")
    text = text_of_stdin() if text == "-" else text or ""
    with open_store(config) as store:
        person = store.call_read(people.find, contact)
        route = _route(store, person, channel, config.agent, inbox_name=inbox, address=to)
        files = _files(store, route, file)
        contents = [(text, files)] if template else messaging.parts_of(media.limits_of(route.inbox), text, files)
        chosen = _template(store, route, template, language) if template else None
        choice = None if chosen is None else TemplateChoice(chosen.id, _values(chosen, var))
        view: MessageView | None = None
        if despite_stop:
            store.call(messaging.acknowledge_stop, route.identity.id)
        if at:
            new = NewMessage(messaging.new_uid(), text, files, author=config.agent, due=moment(store, config.agent, at))
            message, done = store.call(scheduled.schedule, route.identity.id, route.inbox.id, new, template=choice)
            return say_scheduled(store, message.id, done, as_json=as_json)
        for body, with_it in contents:
            try:
                new = NewMessage(messaging.new_uid(), body, with_it, author=config.agent, human_agent=human_agent)
                message = store.call(messaging.send, route.identity.id, route.inbox.id, new, template=choice)
            except (ServiceError, StoreError) as error:
                if view is None:
                    raise
                say_outcome(view, _recipient(person, route), as_json=as_json)
                complain(f"the text was sent, its file was not: {error.sentence}")
                return Exit.FAILED
            view = send_and_wait(store, message.id, wait)
            if exit_of(view) is not Exit.DONE:
                # A file makes no sense without the text before it.
                break
    assert view is not None, "there is something to send"
    return say_outcome(view, _recipient(person, route), as_json=as_json)


def _route(store: Store, contact: Person, channel: Channel, agent: str, *, inbox_name: str, address: str) -> Route:
    """Return the route asked for, else that of a conversation, else the only one. Raise Refused and BadInput."""
    inbox = store.call_read(inboxes.by_name, inbox_name) if inbox_name else None
    if inbox and inbox.channel is not channel:
        raise BadInput(f"{inbox.name} is for {inbox.channel.label}, not for {channel.label}")
    found = store.call_read(messaging.routes_to, contact.id, channel, agent).routes
    if not found:
        raise Refused(
            next(state for state in store.call_read(reachability.channels, contact.id) if state.channel is channel)
        )
    key = alias_key(channel, address) if address else ""
    from_it = [route for route in found if inbox is None or route.inbox.id == inbox.id]
    to_it = [route for route in found if key in ("", route.identity.key)]
    offered = [route for route in found if route.inbox.is_connected] or found
    if not to_it:
        numbers = sorted({display_phone(route.identity.address) for route in offered})
        raise BadInput(f"{contact.name} has no such number: --to takes one of {', '.join(numbers)}")
    if not from_it:
        names = dict.fromkeys(route.inbox.name for route in offered)
        raise BadInput(f"{inbox_name} can't write to {contact.name}: --from takes one of {', '.join(names)}")
    fitting = [route for route in from_it if route in to_it]
    if not fitting:
        raise BadInput(f"--from and --to don't fit together: choose one: {_ways(offered)}")
    fitting = [route for route in fitting if route.inbox.is_connected] or fitting
    if len(fitting) > 1 and fitting[0].conversation_id is None:
        several = f"there are several ways to write to {contact.name} by {channel.label}"
        raise BadInput(f"{several}: choose one: {_ways(fitting)}")
    return fitting[0]


def _ways(routes: Sequence[Route]) -> str:
    return "; ".join(f"--from {route.inbox.name!r} --to {route.identity.address}" for route in routes)


def _files(store: Store, route: Route, path: str) -> tuple[Media, ...]:
    """Return the file to send, copied to where every attempt finds it; none for an empty path. Raise BadInput."""
    if not path:
        return ()
    if words := store.call_read(media.refusal, route.identity.id, route.inbox.id):
        raise BadInput(words)
    if path != "-":
        return (media.kept(store.files, path, route.inbox),)
    content = standard_input().read(media.LARGEST + 1)
    with TemporaryDirectory() as folder:
        # Standard input has no name, but providers go by the ending: name the file by its type.
        named = Path(folder) / safe_name("", kind_of_bytes(content[:HEAD]) or _text_type(content))
        named.write_bytes(content)
        return (media.kept(store.files, str(named), route.inbox),)


def _text_type(content: bytes) -> str:
    try:
        decoded(content)
    except UnreadableText:
        return UNKNOWN
    return "text/plain"


def _template(store: Store, route: Route, name: str, language: str | None) -> Template:
    """Return the template of this name or sid. Raise BadInput, which says what to write, for several or none."""
    listed = store.call_read(templates.listed, route.inbox.id)
    named = [template for template in listed if name in (template.name, template.sid)]
    fitting = [template for template in named if language is None or _same_language(language, template.language)]
    if len(fitting) == 1:
        return fitting[0]
    languages = list(dict.fromkeys(template.language for template in fitting))
    if len(languages) > 1:
        raise BadInput(f"{name} exists in several languages: choose one with --language: {', '.join(languages)}")
    if fitting:
        sids = ", ".join(f"{template.sid} ({state_words(template)})" for template in fitting)
        raise BadInput(f"{name} exists {len(fitting)} times in {languages[0]}: choose one by --template: {sids}")
    if named:
        others = dict.fromkeys(each.language for each in named)
        raise BadInput(f"{name} doesn't exist in {language}, only in {', '.join(others)}")
    raise BadInput(
        f"{route.inbox.name} has no template {name}: contacts-tui templates list shows them, sync fetches them"
    )


def _same_language(one: str, other: str) -> bool:
    """Return whether two codes mean one language: pt_BR is also written pt-br."""
    return one.replace("-", "_").casefold() == other.replace("-", "_").casefold()


def _values(template: Template, given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the values of --var by name. Raise BadInput for a name given twice, or one not in the template."""
    values: dict[str, str] = {}
    known = placeholders(template)
    for name, value in ((name.strip(), value) for name, value in given):
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it has none: leave --var out"
            raise BadInput(f"{template.name} has no variable “{name}”: {takes}")
        if name in values:
            raise BadInput(f"--var {name} is given twice: give it once")
        values[name] = value
    return values


def _recipient(contact: Person, route: Route) -> str:
    where = f"{route.identity.channel.label}, from {route.inbox.name}"
    return f"to {contact.name} {last_digits(route.identity.address)} by {where}"
