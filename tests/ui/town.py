"""Sixty people with something to show in every column, made through the services."""

from pathlib import Path

from sqlmodel import Session

from contacts_tui.channels.base import Accepted, OutcomeUnknown, Refused, SendResult
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.delivery import Delivery
from contacts_tui.services import delivery
from contacts_tui.store import attempts, contacts
from tests.services.world import World

NAMES = ("Amara Okafor", "Ben Whitfield", "Carla Núñez", "Dmitri Volkov", "Élodie Marchand", "Farid Haddad")
"""The first six people. Farid was never spoken to."""

PEOPLE = 60
"""The number of people unless a test asks for another."""


def number(place: int) -> str:
    """Return the phone number of the person at this place, from 0."""
    return f"+1202555{1000 + place:04d}"


def name(place: int) -> str:
    """Return the name of the person at this place, from 0."""
    return NAMES[place] if place < len(NAMES) else f"Person {place:03d}"


class Town(World):
    """A world of people, of whom those of `NAMES` have a history; the clock is two minutes after its end."""

    def __init__(self, folder: Path, people: int = PEOPLE) -> None:
        super().__init__(folder)
        self.contacts = self.store.call(_settle, people)
        for place in (7, 6):
            self.clock.forward(minutes=30)
            self.hears(self.shop, f"Is order {place} on its way?", number(place))
        self.hears(self.whatsapp, "Merci !", number(4))
        self.clock.forward(hours=2)
        failed = self.send(self.contacts[3], self.shop, "Your refund has left us.")
        self._answer(failed.id, Refused("30003", "unreachable"))
        self.clock.forward(hours=18, minutes=30)
        self.hears(self.whatsapp, "Foto", number(2))
        self.hears(self.whatsapp, "Is this the one you mean?", number(2))
        self.clock.forward(minutes=17)
        sent = self.send(self.contacts[1], self.shop, "Your parcel left this morning.")
        self._answer(sent.id, Accepted("SM" + "b" * 32, Delivery.SENT))
        self.reported(self.shop, Delivery.DELIVERED, sid="SM" + "b" * 32)
        self.clock.forward(minutes=12)
        self.hears(self.whatsapp, "Is the blue one back in stock?", number(0))
        self.clock.forward(minutes=2)

    def doubtful(self, place: int) -> None:
        """Send a message with an unknown outcome to the person at this place."""
        message = self.send(self.contacts[place], self.shop, "Did you get this?")
        self._answer(message.id, OutcomeUnknown("read_timeout", "no answer"))

    def _answer(self, message_id: int, result: SendResult) -> None:
        """Record this result of an attempt to send the message, as the outbox does."""
        attempt = self.store.call(attempts.begin, message_id)
        self.store.call(delivery.record, message_id, attempt, result)


def _settle(session: Session, clock: Clock, people: int) -> list[int]:
    found = []
    for place in range(people):
        contact = contacts.insert(session, clock, NewContact(name=name(place)))
        for channel in (Channel.SMS, Channel.WHATSAPP):
            contacts.add_identity(session, clock, contact.id, channel, number(place))
        found.append(contact.id)
    return found
