"""The channels on which a contact can be reached, and their providers."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a contact. The order is the order of the messaging section."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    MESSENGER = "messenger"

    @property
    def label(self) -> str:
        """The name an agent reads."""
        return _LABELS.get(self, self.value)

    @property
    def mark(self) -> str:
        """A short mark for narrow columns, unlike that of any other channel."""
        return _MARKS.get(self, self.value[:2].upper())

    @property
    def by_phone(self) -> bool:
        """Whether its addresses are phone numbers, which every inbox can reach (a chat id belongs to one inbox)."""
        return self in (Channel.SMS, Channel.WHATSAPP)


class Provider(StrEnum):
    """The company that carries a channel. Separate from the channel: WhatsApp may get a second provider."""

    TWILIO = "twilio"
    TELEGRAM = "telegram"
    META = "meta"


_LABELS = {
    Channel.SMS: "SMS",
    Channel.WHATSAPP: "WhatsApp",
    Channel.TELEGRAM: "Telegram",
    Channel.MESSENGER: "Messenger",
}
_MARKS = {Channel.SMS: "SMS", Channel.WHATSAPP: "WA", Channel.TELEGRAM: "TG", Channel.MESSENGER: "FB"}
