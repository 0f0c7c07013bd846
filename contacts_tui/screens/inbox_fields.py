"""What is asked for to connect an inbox of each channel, and how a form becomes what is stored."""

from collections.abc import Mapping

from contacts_tui.commands import keys_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import OPTIONS, RECEIVE, InboxForm
from contacts_tui.domain.text import begun
from contacts_tui.widgets.form_field import Field

YES, NO = "yes", "no"

_PLACE = "Write env:NAME for an environment variable, file:PATH for a file, or keyring:NAME for the key ring."

CHANNEL = Field(
    "channel",
    "Channel",
    "SMS and WhatsApp use Twilio, Messenger uses Meta. A number for both needs two inboxes. "
    f"{begun(keys_of('form.turn'))} picks the next.",
    tuple((channel.value, channel.label) for channel in Channel),
)
NAME = Field("name", "Name", "What the team calls this inbox, such as Shop. Customers don't see it.")
BASE_URL = Field("base_url", "Base URL", "Leave it empty. Only for a sandbox, or a server of your own.")
_TWILIO = (
    Field(
        "address", "Number", "Your number with its country code, such as +12025550101, or MG… of a messaging service."
    ),
    Field("account", "Account SID", "AC and 32 letters and digits, on the first page of Twilio's console."),
    Field("secret", "Auth token at", f"Where the account's auth token is; the token itself is never stored. {_PLACE}"),
)
_ADDRESSED: Mapping[Channel, tuple[Field, ...]] = {
    Channel.SMS: _TWILIO,
    Channel.WHATSAPP: _TWILIO,
    Channel.TELEGRAM: (
        Field("address", "Bot's name", "The bot's user name, such as shop_support_bot; @BotFather makes bots."),
        Field("secret", "Token at", f"Where the bot's token is; the token itself is never stored. {_PLACE}"),
        Field(
            "receive",
            "Receives via",
            "Polling: this program asks Telegram, and needs no public address. "
            "Webhook: Telegram calls contacts-tui serve. A bot uses one or the other.",
            tuple((way, way) for way in RECEIVE),
        ),
    ),
    Channel.MESSENGER: (
        Field("address", "Page id", "A number; on the page under About, Page transparency."),
        Field("secret", "Page token at", f"Where the page's access token is; it is never stored. {_PLACE}"),
        Field("app_secret", "App secret at", f"Where the app's secret is, with which Meta signs. {_PLACE}"),
        Field("account", "App id", "The app's number at Meta; may be left empty."),
        Field(
            "human_agent",
            "Human agent",
            "Whether Meta gave the page the Human Agent permission: a person may then answer for seven days.",
            ((NO, "no: 24 hours only"), (YES, "yes: seven days, for what a person writes")),
        ),
        Field("graph_version", "Graph API", "Its version, such as v26.0; may be left empty."),
    ),
}


def fields_of(channel: Channel) -> tuple[Field, ...]:
    """Everything that is asked for."""
    return (CHANNEL, NAME, *_ADDRESSED[channel], BASE_URL)


def to_values(form: InboxForm) -> dict[str, str]:
    """What stands in the fields."""
    return {
        "channel": form.channel.value,
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
    channel = Channel(values["channel"])
    asked = {field.id: values.get(field.id, "") for field in fields_of(channel)}
    return InboxForm(
        channel=channel,
        name=asked["name"],
        address=asked["address"],
        account=asked.get("account", ""),
        secret=asked["secret"],
        base_url=asked["base_url"],
        options={name: value for name, value in asked.items() if name in OPTIONS and value},
        human_agent=asked.get("human_agent") == YES,
    )
