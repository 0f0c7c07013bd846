"""The inboxes and people of a run: our senders on the four channels, and the people, on both sides."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store import contacts
from contacts_tui.store.store import Store
from tests.torture.steps import SENDERS_EACH, Person

ACCOUNT = "AC" + "a" * 32
APP = "900100"
TEMPLATE = "HX" + "1" * 32
TAGGING = 1
"""Number of the page that may write under the HUMAN_AGENT tag."""


class Scene:
    """The same senders and people for our store and for the sandbox. Credentials are in files of the run's folder."""

    def __init__(self, folder: Path, people: Sequence[Person]) -> None:
        self.inboxes: dict[tuple[Channel, int], Inbox] = {}
        """By channel and number."""
        self.folder = folder
        self.people = people
        self._tokens = {name: secrets.token_hex(16) for name in ("twilio", "app", "bot 0", "bot 1", "page 0", "page 1")}

    def connect(self, store: Store, sandbox_url: str, public_url: str) -> None:
        """Connect our senders at the sandbox, and add the people whom only we know."""
        store.call(inboxes.set_public_url, public_url)
        for number in range(SENDERS_EACH):
            phone = f"+1202555010{number}"
            twilio = {"account": ACCOUNT, "secret": self._secret("twilio")}
            self._tokens[f"bot {number}"] = f"700{number}:{self._tokens[f'bot {number}']}"
            given: dict[Channel, dict[str, Any]] = {
                Channel.SMS: {"address": phone, **twilio},
                Channel.WHATSAPP: {"address": phone, **twilio},
                Channel.TELEGRAM: {
                    "address": f"shop{number}_bot",
                    "account": "",
                    "secret": self._secret(f"bot {number}"),
                    "options": {"receive": ("polling", "webhook")[number % 2]},
                },
                Channel.MESSENGER: {
                    "address": f"90020{number}",
                    "account": APP,
                    "secret": self._secret(f"page {number}"),
                    "options": {"app_secret": self._secret("app")},
                    "human_agent": number == TAGGING,
                },
            }
            for channel, fields in given.items():
                name = f"{channel.label} {number + 1}"
                made = store.call(
                    inboxes.connect, "Kim", InboxForm(name=name, channel=channel, base_url=sandbox_url, **fields)
                )
                self.inboxes[channel, number] = made
        for person in self.people:
            if person.channel is Channel.SMS:
                store.call(_add, person)

    def seed(self, public_url: str) -> dict[str, Any]:
        """Return the same senders and people for the sandbox, which calls webhooks at this public address of ours."""

        def webhook(channel: Channel, number: int) -> str:
            return f"{public_url}/webhooks/{self.inboxes[channel, number].id}/inbound"

        def ours(person: Person) -> str:
            return self.inboxes[person.channel, person.sender].address

        return {
            "accounts": [{"sid": ACCOUNT, "auth_token": self._tokens["twilio"]}],
            "senders": [
                {
                    "account_sid": ACCOUNT,
                    "address": kind + self.inboxes[channel, number].address,
                    "inbound_url": webhook(channel, number),
                }
                for channel, kind in ((Channel.SMS, ""), (Channel.WHATSAPP, "whatsapp:"))
                for number in range(SENDERS_EACH)
            ],
            "templates": [
                {
                    "account_sid": ACCOUNT,
                    "sid": TEMPLATE,
                    "friendly_name": "news",
                    "language": "en",
                    "types": {"twilio/text": {"body": "News {{1}} for you, {{2}}."}},
                    "variables": {"1": "4711", "2": "Jane"},
                    "approval": {"status": "approved"},
                }
            ],
            "people": [
                {
                    "address": f"whatsapp:{person.address}",
                    "profile_name": person.code,
                    "reads": place % 2 == 0,
                    "script": [],
                }
                for place, person in enumerate(self._on(Channel.WHATSAPP))
            ],
            "telegram_bots": [
                {"token": self._tokens[f"bot {number}"], "username": self.inboxes[Channel.TELEGRAM, number].address}
                for number in range(SENDERS_EACH)
            ],
            "telegram_people": [
                {"chat_id": int(person.address), "first_name": person.code, "started": [ours(person)], "script": []}
                for person in self._on(Channel.TELEGRAM)
            ],
            "graph_apps": [{"id": APP, "secret": self._tokens["app"], "require_proof": True}],
            "graph_pages": [
                {
                    "id": self.inboxes[Channel.MESSENGER, number].address,
                    "app_id": APP,
                    "access_token": self._tokens[f"page {number}"],
                    # An app has one webhook for all its pages.
                    "webhook_url": webhook(Channel.MESSENGER, 0),
                    "human_agent": number == TAGGING,
                }
                for number in range(SENDERS_EACH)
            ],
            "graph_people": [
                {"page": ours(person), "psid": person.address, "first_name": person.code, "reads": place % 2 == 0}
                for place, person in enumerate(self._on(Channel.MESSENGER))
            ],
            "settings": {
                "small_talk": False,
                "delays": {"sent": 0.05, "delivered": 0.2, "read": 0.4},
                "retry": {"first": 0.2, "longest": 2.0},
            },
        }

    def token(self, name: str) -> str:
        """Return a credential: of `twilio`, of the Meta `app`, or of a `bot` or `page` with its number."""
        return self._tokens[name]

    def _secret(self, name: str) -> str:
        file = self.folder / f"secret {name}"
        file.write_text(self._tokens[name], encoding="utf-8")
        return f"file:{file}"

    def _on(self, channel: Channel) -> list[Person]:
        return [person for person in self.people if person.channel is channel]


def _add(session: Session, clock: Clock, person: Person) -> None:
    contact = contacts.insert(session, clock, NewContact(name=person.code))
    contacts.add_identity(session, clock, contact.id, person.channel, person.address)
