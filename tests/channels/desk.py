"""The store and services behind an adapter, for the contract."""

from pathlib import Path

from contacts_tui.channels.base import Event, SendResult
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Attempt, Message, NewMessage
from contacts_tui.services import delivery, inbound, messaging
from contacts_tui.services.workers import outbox
from contacts_tui.services.workers.dispatch import Job
from contacts_tui.store import contacts, inboxes, messages
from contacts_tui.store.store import Store
from tests.channels.wire import NOW
from tests.services.world import MovableClock


class Desk:
    """A store with an agent and one person, at the time of NOW until the test moves it."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock(NOW)
        self.store = Store.open(f"sqlite:///{folder / 'store.db'}", self.clock)

    def connect(self, world: Inbox) -> Inbox:
        """Add the world's inbox to this store, and return it with its id there."""
        form = InboxForm(world.channel, world.name, world.address, world.account, world.secret)
        return self.store.call(inboxes.add, form, world.provider)

    def hears(self, inbox: Inbox, *events: Event) -> None:
        """Receive these events, in one request."""
        self.store.call(inbound.apply, inbox.id, events)

    def write(self, inbox: Inbox, text: str) -> Message:
        """Answer the only person as the agent, and return the message."""
        (identity,) = self.store.call_read(lambda session, _: contacts.identities(session, 1))
        uid = messaging.new_uid()
        return self.store.call(messaging.send, identity.id, inbox.id, NewMessage(uid=uid, author="Kim", body=text))

    def take(self, owner: str = "tests") -> tuple[Job, ...]:
        """Claim what is due now as the outbox of that name, and return the jobs."""
        return self.store.call(outbox.take, owner, 8)

    def begin(self, inbox: Inbox, text: str) -> tuple[Message, Attempt]:
        """Answer the only person as the agent, and begin to send; return the message and its attempt."""
        message = self.write(inbox, text)
        (job,) = self.take()
        return message, job.attempt

    def answer(self, message: Message, attempt: Attempt, result: SendResult) -> None:
        """Record the adapter's result of an attempt."""
        self.store.call(delivery.record, message.id, attempt, result)

    def status(self, message: Message) -> Delivery | None:
        """Return the present status of a message."""
        (found,) = self.store.call_read(lambda session, _: messages.by_ids(session, [message.id]))
        return found.status

    def thread(self) -> tuple[Message, ...]:
        """Return all messages with the only person."""
        return self.store.call_read(lambda session, _: messages.page(session, contact_id=1, limit=100))
