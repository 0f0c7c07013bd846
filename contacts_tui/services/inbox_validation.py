"""The values that an inbox's connector needs, checked field by field before they are stored, and normalized."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from contacts_tui.channels import connectors
from contacts_tui.channels.connector import Ability, BadField, Connector, Rule
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import InboxField, InboxForm
from contacts_tui.domain.text import name_fault
from contacts_tui.services.errors import BadInput

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

NO_CREDENTIALS = (
    "a user or a password in the {what} would be stored and shown in the clear: leave out what is before the @; "
    "credentials are only given by reference"
)
"""Why an address with credentials in it is refused; the address is not repeated."""


def problems(form: InboxForm) -> dict[str, str]:
    """Return what is wrong and what to do, by field and in the fields' order; empty when all is right."""
    try:
        rules = _rules(connector_of(form))
    except BadInput as error:
        return {"provider": error.sentence}
    found = {}
    for field, rule in rules.items():
        try:
            rule(form)
        except (BadInput, BadField) as error:
            found[field] = error.sentence
    return found | _superfluous(form)


def validated(form: InboxForm) -> InboxForm:
    """Return the form as it is stored, with each value normalized. Raise BadInput with the first problem."""
    for sentence in problems(form).values():
        raise BadInput(sentence)
    connector = connector_of(form)
    rules = _rules(connector)
    return replace(
        form,
        provider=connector.provider,
        name=rules["name"](form),
        address=rules["address"](form),
        account=rules["account"](form) if "account" in rules else "",
        secret=rules["secret"](form),
        base_url=rules["base_url"](form),
        options={name: rules[name](form) for name, given in form.options.items() if given},
    )


def connector_of(form: InboxForm) -> Connector:
    """Return the connector of a form's inbox. Raise BadInput for a provider that doesn't carry the channel."""
    there = connectors.of_channel(form.channel)
    found = next((each for each in there if form.provider in (None, each.provider)), None)
    if found is None:
        raise BadInput(f"{form.channel.label} isn't carried by {form.provider} here: {_choose(form.channel)}")
    return found


def carriers(channel: Channel) -> tuple[tuple[str, Provider], ...]:
    """Return the name and the provider of each connector of a channel, the usual one first."""
    return tuple((each.provider.value, each.provider) for each in connectors.of_channel(channel))


def provider_named(channel: Channel, name: str) -> Provider:
    """Return the provider of this name. Raise BadInput for one that doesn't carry the channel."""
    found = dict(carriers(channel)).get(name)
    if found is None:
        raise BadInput(f"{channel.label} isn't carried by {name} here: {_choose(channel)}")
    return found


def fields_of(form: InboxForm) -> tuple[InboxField, ...]:
    """Return a form's fields besides name and base URL: the provider, where there are several, and its settings."""
    there = connectors.of_channel(form.channel)
    choices = tuple((each.provider.value, each.name) for each in there)
    about = "Who carries this inbox. Connected again through another one, it keeps its threads."
    by_whom = (InboxField("provider", "Provider", about, choices),) if len(choices) > 1 else ()
    chosen = next((each for each in there if each.provider == form.provider), there[0])
    return (*by_whom, *(each.field for each in chosen.settings if each.is_asked))


def options() -> tuple[InboxField, ...]:
    """Return the options that inboxes of any connector can have, each once."""
    found = (each.field for connector in connectors.every() for each in connector.settings)
    return tuple({field.id: field for field in found if field.is_option}.values())


def _choose(channel: Channel) -> str:
    return f"choose {' or '.join(dict(carriers(channel)))}"


def _rules(connector: Connector) -> Mapping[str, Rule]:
    """Return the rule of each field, which checks and normalizes its value."""
    return {"name": _name, "secret": _any, "base_url": _base_url} | {
        each.field.id: each.rule for each in connector.settings
    }


def _superfluous(form: InboxForm) -> dict[str, str]:
    label, connector = form.channel.label, connector_of(form)
    known = {each.field.id for each in connector.settings if each.field.is_option}
    found = {
        name: f"an inbox of {label} has no option {name}: leave it out" for name in form.options if name not in known
    }
    if form.human_agent and not connector.can(Ability.TAGS):
        found["human_agent"] = f"HUMAN_AGENT is a permission of Facebook pages: leave it out for {label}"
    return found


def _name(form: InboxForm) -> str:
    name = form.name.strip()
    if fault := name_fault(name):
        raise BadInput(f"the inbox needs a name, such as Shop: this one {fault}")
    return name


def _any(form: InboxForm) -> str:
    return form.secret.strip()


def _base_url(form: InboxForm) -> str:
    url = form.base_url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadInput(f"{url!r} is not a base URL: it looks like https://api.example.com") from None
    if parts.username is not None or parts.password is not None:
        raise BadInput(NO_CREDENTIALS.format(what="base URL"))
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadInput(f"{url!r} is not a base URL: it begins with http:// or https://")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise BadInput(f"{url} would carry the token in the clear: use https, or an address of this machine")
    return url.rstrip("/")
