"""What is asked for to connect an inbox of each channel, and how a form becomes what is stored."""

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
    """Return everything that is asked for."""
    return (CHANNEL, NAME, *services.inbox_validation.fields_of(form), BASE_URL)


def to_values(form: InboxForm) -> dict[str, str]:
    """What stands in the fields."""
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
    """What the fields say; those of other channels are left out."""
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
    """Return who was chosen, if that is somebody who carries the channel."""
    carriers = dict(services.inbox_validation.carriers(Channel(values["channel"])))
    return carriers.get(values.get("provider", ""))
