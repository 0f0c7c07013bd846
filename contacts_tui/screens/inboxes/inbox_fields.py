"""The fields that an inbox of each channel needs, and how their values become a form and back."""

from collections.abc import Mapping
from dataclasses import replace

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import RECEIVE, InboxField, InboxForm
from contacts_tui.domain.text import begun

YES, NO = "yes", "no"

CHANNEL = InboxField(
    "channel",
    "Channel",
    "SMS and WhatsApp use Twilio, Messenger uses Meta. A number for both needs two inboxes. "
    f"{begun(keys_of('form.turn'))} picks the next.",
    tuple((channel.value, channel.label) for channel in Channel),
)
NAME = InboxField("name", "Name", "What the team calls this inbox, such as Shop. Customers don't see it.")
BASE_URL = InboxField("base_url", "Base URL", "Leave it empty. Only for a sandbox, or a server of your own.")


def fields_of(form: InboxForm) -> tuple[InboxField, ...]:
    """Return all fields of a form, in their order."""
    return (CHANNEL, NAME, *services.inbox_validation.fields_of(form), BASE_URL)


def to_values(form: InboxForm) -> dict[str, str]:
    """Return the values of a form, by the ids of the fields."""
    return {
        "channel": form.channel.value,
        "provider": "" if form.provider is None else form.provider.value,
        "name": form.name,
        "address": form.address,
        "account": form.account,
        "secret": form.secret,
        "base_url": form.base_url,
        "human_agent": YES if form.human_agent else NO,
        "receive": RECEIVE[0],
        **form.options,
    }


def to_form(values: Mapping[str, str]) -> InboxForm:
    """Return the form of these values, without those that only other channels or providers need."""
    bare = InboxForm(Channel(values["channel"]), provider=_provider(values))
    fields = fields_of(bare)
    asked = {field.id: values.get(field.id, "") for field in fields}
    return replace(
        bare,
        name=asked["name"],
        address=asked.get("address", ""),
        account=asked.get("account", ""),
        secret=asked.get("secret", ""),
        base_url=asked["base_url"],
        options={field.id: asked[field.id] for field in fields if field.is_option and asked[field.id]},
        human_agent=asked.get("human_agent") == YES,
    )


def _provider(values: Mapping[str, str]) -> Provider | None:
    """Return the provider that is chosen, if it carries the channel; else None."""
    carriers = dict(services.inbox_validation.carriers(Channel(values["channel"])))
    return carriers.get(values.get("provider", ""))
