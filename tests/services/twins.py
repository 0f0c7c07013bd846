"""Two contacts that are one person: threads on every channel, drafts, something waiting to be sent, and a stranger."""

import json
from typing import Any

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact, NewContact
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.merge import MergeEntry
from contacts_tui.services import inboxes, merging, messaging, notes, people, threads
from contacts_tui.store import contacts
from tests.other_program import execute, tables
from tests.services.world import World

AMARA_NUMBER, BO_NUMBER = "+12025550142", "+2348035550142"
CHAT, PSID = "5123456789", "9988776655"
_NOT_COMPARED = ("change", "merge", "sqlite_sequence")
"""Tables that an undo doesn't restore: feed and journal only grow, and SQLite never gives an id twice."""


class Twins:
    """Amara, and Bo who turns out to be her: each has a thread at the same inboxes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bot = self._connect("Shop bot", Channel.TELEGRAM, "shop_support_bot", {})
        self.page = self._connect("Shop page", Channel.MESSENGER, "102030405060708", {"app_secret": "env:APP_SECRET"})
        self.amara = self._insert(
            name="Amara Okafor",
            company="Okafor Ltd",
            emails=["amara@x.example"],
            tags=["vip"],
            note="collects on Fridays",
            attributes={"plan": "gold", "size": "42"},
        )
        self.bo = self._insert(
            name="A. Okafor", emails=["Amara@X.example", "bo@x.example"], tags=["VIP", "lagos"], owner="Sam",
            note="prefers mornings", time_zone="Africa/Lagos", language="en-NG",
            attributes={"plan": "silver", "member": "yes"},
        )  # fmt: skip
        for contact_id, number in ((self.amara, AMARA_NUMBER), (self.bo, BO_NUMBER)):
            for channel in (Channel.SMS, Channel.WHATSAPP):
                world.store.call(contacts.add_identity, contact_id, channel, number)
        world.store.call(contacts.add_identity, self.bo, Channel.TELEGRAM, CHAT, self.bot.id, "Amara O.")
        world.store.call(contacts.add_identity, self.bo, Channel.MESSENGER, PSID, self.page.id)
        world.store.call(notes.add, "Kim", self.amara, "likes blue")
        world.store.call(notes.add, "Lee", self.bo, "sings in a choir")
        self._talk()

    def _connect(self, name: str, channel: Channel, address: str, options: dict[str, str]) -> Inbox:
        return self.world.store.call(
            inboxes.connect,
            "Kim",
            InboxForm(name=name, channel=channel, address=address, account="", secret="env:TOKEN", options=options),
        )

    def _insert(self, **fields: Any) -> int:
        return self.world.store.call(contacts.insert, NewContact(**fields)).id

    def _talk(self) -> None:
        world = self.world
        said = [
            (world.shop, "amara by text", AMARA_NUMBER),
            (world.whatsapp, "amara on whatsapp", AMARA_NUMBER),
            (world.shop, "bo by text", BO_NUMBER),
            (world.whatsapp, "bo on whatsapp", BO_NUMBER),
            (self.bot, "bo in the bot", CHAT),
            (self.page, "bo on the page", PSID),
        ]
        for inbox, text, sender in said:
            world.clock.forward(minutes=1)
            world.hears(inbox, text, sender)
        world.clock.forward(minutes=1)
        world.send(self.amara, world.shop, "answered to amara")
        world.clock.forward(minutes=1)
        self.waiting = world.send(self.bo, self.bot, "waits for bo")
        for contact_id, inbox, text in (
            (self.amara, world.whatsapp, "draft to amara"),
            (self.bo, world.whatsapp, "draft to bo"),
            (self.bo, self.page, "draft to the page"),
        ):
            identity = world.identity(contact_id, inbox.channel)
            world.store.call(messaging.save_draft, identity.id, inbox.id, text)

    def merge(self, keep: int, other: int, **more: Any) -> MergeEntry:
        """Merge the two as Kim."""
        return self.world.store.call(merging.merge, keep, other, author="Kim", **more)

    def undo(self, entry: MergeEntry) -> MergeEntry:
        """Undo a merge as Lee."""
        return self.world.store.call(merging.undo, entry.id, author="Lee")

    def contact(self, contact_id: int) -> Contact | None:
        """Return the contact as it is stored now, or None."""
        return self.world.store.call_read(lambda session, _: contacts.get(session, contact_id))

    def texts(self, contact_id: int) -> list[str]:
        """Return the texts of the messages with a person, over all channels."""
        page = self.world.store.call_read(threads.timeline, contact_id)
        return [view.message.body for view in page.messages]

    def found(self, text: str) -> tuple[int, ...]:
        """Return the ids of the contacts that a search finds."""
        return self.world.store.call_read(people.search, text, 20).ids

    def dump(self) -> dict[str, list[str]]:
        """Return the rows of every table but the feed, the merge journal, the ids given and the search's tables."""
        return dump(self.world)


def dump(world: World) -> dict[str, list[str]]:
    """Return what `Twins.dump` does, for any world."""
    names = [name for name in tables(world.location) if name not in _NOT_COMPARED and "_search" not in name]
    return {name: sorted(map(_row, execute(world.location, f'SELECT * FROM "{name}"'))) for name in names}


def _row(row: tuple[object, ...]) -> str:
    return json.dumps(row, default=repr)
