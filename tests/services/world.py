"""A store on a real file with two inboxes, people, and a clock that the test moves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from contacts_tui.channels.base import InboundMessage, StatusUpdate
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity, NewContact
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.domain.opt_out import opt_word
from contacts_tui.domain.template import Approval, Template, names_in
from contacts_tui.domain.view import BUILT_IN, EVERYBODY
from contacts_tui.services import identities, inbound, inboxes, messaging, views
from contacts_tui.store import contacts, messages, templates
from contacts_tui.store.store import Store
from tests.new_store import open_store

ACCOUNT = "AC" + "a" * 32
START = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
ANN = "+12025550142"


def people_in(store: Store, view: str = EVERYBODY) -> list[int]:
    """Return the people of a built-in view of the agent Kim, in its order."""
    line = next(known.filter for known in BUILT_IN if known.name == view)
    return list(store.call_read(views.order, line, "Kim"))


class MovableClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        """Move the clock on, by the keywords of `timedelta`."""
        self.now += timedelta(**delta)


class World:
    """What a service test works with."""

    def __init__(self, place: Path | str, clock: Clock | None = None, base_url: str = "") -> None:
        """Open the store at `place`, its location or a folder for its file.

        Without a clock the world has one that stands still; `base_url` is that of the provider of its inboxes.
        """
        self.clock = MovableClock()
        self._base_url = base_url
        self.location = place if isinstance(place, str) else f"sqlite:///{place / 'store.db'}"
        self.store = open_store(self.location, clock or self.clock)
        self.shop = self.inbox("Shop", Channel.SMS, "+12025550101")
        self.whatsapp = self.inbox("Shop WhatsApp", Channel.WHATSAPP, "+12025550101")
        self._events = 0
        self.store.call(inboxes.set_public_url, "https://desk.example")

    def inbox(
        self,
        name: str,
        channel: Channel,
        address: str,
        base_url: str = "",
        options: Mapping[str, str] = MappingProxyType({}),
    ) -> Inbox:
        """Connect an inbox."""
        return self.store.call(
            inboxes.connect,
            "Kim",
            InboxForm(
                name=name,
                channel=channel,
                address=address,
                account=ACCOUNT if channel.by_phone else "",
                secret="env:TWILIO_TOKEN",
                base_url=base_url or self._base_url,
                options=options,
            ),
        )

    def person(self, name: str = "Ann Lee", *numbers: str) -> int:
        """Add a contact with these numbers (without any: ANN) on SMS and WhatsApp, and return its id."""
        contact = self.store.call(contacts.insert, NewContact(name=name))
        for number in numbers or (ANN,):
            for channel in (Channel.SMS, Channel.WHATSAPP):
                self.store.call(contacts.add_identity, contact.id, channel, number)
        return contact.id

    def identity(self, contact_id: int, channel: Channel) -> Identity:
        """Return the person's first identity on a channel."""
        known = self.store.call_read(lambda session, _: contacts.identities(session, contact_id))
        return next(identity for identity in known if identity.channel is channel)

    def send(self, contact_id: int, inbox: Inbox, text: str, uid: str | None = None) -> Message:
        """Send free text as the agent Kim."""
        identity = self.identity(contact_id, inbox.channel)
        return self.store.call(
            messaging.send, identity.id, inbox.id, NewMessage(uid=uid or messaging.new_uid(), author="Kim", body=text)
        )

    def hears(
        self,
        inbox: Inbox,
        body: str,
        sender: str = ANN,
        *,
        sid: str = "",
        profile: str = "",
        at: datetime | None = None,
        **given: Any,
    ) -> None:
        """Receive a text from a person; by SMS, Twilio heeds its keywords. `given` are further fields of the event."""
        self._events += 1
        sid = sid or f"SM{self._events:032d}"
        if inbox.channel is Channel.SMS:
            given.setdefault("opts", opt_word(body))
        event = InboundMessage(sid, sid, sender, body, (), profile, at or self.clock(), {"Body": body}, **given)
        self.store.call(inbound.apply, inbox.id, [event])

    def owner(self, inbox: Inbox, address: str = ANN) -> int:
        """Return the id of the contact who has this address at an inbox."""
        found = self.store.call_read(lambda s, _: identities.known(s, inbox, address))
        assert found is not None
        return found.contact_id

    def reported(
        self,
        inbox: Inbox,
        status: Delivery | None,
        *,
        sid: str = "",
        reference: str = "",
        code: str = "",
        word: str = "",
    ) -> None:
        """Receive a provider's report on a message of ours."""
        word = word or (status.value if status else "queued")
        event = StatusUpdate(f"{sid}:{word}:{code}", sid, reference, status, word, code, "", self.clock(), {})
        self.store.call(inbound.apply, inbox.id, [event])

    def message(self, message_id: int) -> Message:
        """Return the message as it is stored now."""
        found = self.store.call_read(lambda session, _: messages.get(session, message_id))
        assert found is not None
        return found

    def thread(self, contact_id: int) -> tuple[Message, ...]:
        """Return the messages with a person, at most 1000, in thread order."""
        return self.store.call_read(lambda session, _: messages.page(session, contact_id=contact_id, limit=1000))

    def template(self, body: str = "Hi {{1}}, order {{2}} is ready.", approval: str = Approval.APPROVED) -> Template:
        """Store a template of the WhatsApp inbox as if it were synced, and return it."""
        made = Template(
            id=0,
            inbox_id=self.whatsapp.id,
            sid="HX" + "1" * 32,
            name="order_ready",
            language="en",
            category="utility",
            approval=approval,
            rejection_reason="",
            kind="twilio/text",
            header="",
            body=body,
            footer="",
            media=(),
            buttons=(),
            samples={name: sample for name, sample in {"1": "Sam", "2": "4711"}.items() if name in names_in(body)},
            synced_at=self.clock(),
        )
        self.store.call(templates.replace_all, self.whatsapp.id, [made])
        return self.store.call_read(lambda session, _: templates.listed(session, self.whatsapp.id))[0]


VALUES: Mapping[str, str] = {"1": "O'Brien <3", "2": "4711"}
