"""Text that attacks: each in a place where people or providers can put it, and what would show that it got through."""

import re
from pathlib import Path

from sqlalchemy import text as statement

from contacts_tui.channels.base import InboundMessage, Refused, StatusUpdate
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Media
from contacts_tui.domain.template import Approval, Button, Template
from contacts_tui.services import delivery, inbound, messaging, people
from contacts_tui.store import attempts, templates
from tests.e2e.shop import NOWHERE, ago
from tests.services.world import World

ATTACKS = {
    "closing tag": "[/nope]",
    "broken tag": '[a="b]',
    "action": "[@click=app.quit]x[/]",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "clear": "\x1b[2J\x1b[1;1H",
    "eight bit": "\x9b2J\x9d0;owned\x9c",
    "device": "\x1bPq#0owned\x1b\\\x1b_owned\x1b\\",
    "order": "\u202eowned\u2066\u200f",
    "lines": "one\ntwo\r\nthree\u2028four\x85five",
    "controls": "\x00\x07\x08\x0b\x7f",
}
"""The attacks, by the word that stands before each wherever it is put."""

EVERYTHING = " ".join(ATTACKS.values())

_ACTIVE = {
    "an OSC string": re.compile(r"\x1b\](?!22;)"),  # The interface itself sets the mouse pointer's shape with 22.
    "a device control string": re.compile(r"\x1b[PX^_]"),
    "an eight-bit control": re.compile("[\x80-\x9f]"),
    "a clearing of the screen": re.compile(r"\x1b\[[0-3]?J"),
    "a bidi control": re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
    "a line separator": re.compile("[\u2028\u2029]"),
    "a control": re.compile("[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]"),
    "a bell": re.compile(r"(?<!\x1b\]22;default)(?<!\x1b\]22;pointer)(?<!\x1b\]22;text)\x07"),
}


def got_through(output: bytes) -> dict[str, str]:
    """Return which attacks reached the terminal in a form that works, with their surroundings; none is right.

    The output must be UTF-8 throughout: bytes that are not could be eight-bit controls.
    """
    text = output.decode()
    return {
        name: repr(text[max(0, found.start() - 40) : found.end() + 20])
        for name, pattern in _ACTIVE.items()
        if (found := pattern.search(text))
    }


def people_file(folder: Path) -> Path:
    """Write a CSV file with a person for each attack, in every column. (One with a NUL byte would be refused.)"""
    rows = ["name,phone,email,company,tags,note,owner"]
    for place, attack in enumerate(ATTACKS):
        hostile = ATTACKS[attack].replace('"', '""').replace("\0", "")
        name = f"Nils {attack} {hostile}"
        rows.append(
            f'"{name}",+1202555{3000 + place},"{place}{hostile}@example.com","Firm {hostile}","tag {hostile}",'
            f'"Note {hostile}","Owner {hostile}"'
        )
    file = folder / "people.csv"
    file.write_text("\n".join(rows), encoding="utf-8", newline="")
    return file


class HostileWorld(World):
    """A store with Olga, each of whose messages attacks, and with an inbox and templates whose names attack."""

    OLGA = "+12025552999"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, utc_now, NOWHERE)
        self.desk = self.inbox("Desk", Channel.WHATSAPP, "+12025550199")
        # Another program may store such a name; ours refuses it.
        rename = statement("UPDATE inbox SET name = :name WHERE id = :id")
        renamed = {"name": f"Desk {EVERYTHING}", "id": self.desk.id}
        self.store.call(lambda session, _: session.execute(rename, renamed))
        for place, (attack, text) in enumerate(ATTACKS.items()):
            self._writes(place, f"Olga writes {attack} {text}", Media("https://example.com", f"image/{text}", text))
        self.olga = self.store.call_read(people.find, self.OLGA).id
        self._fails()
        self._has_templates()
        identity = self.identity(self.olga, Channel.WHATSAPP)
        self.store.call(messaging.save_draft, identity.id, self.desk.id, f"Draft {EVERYTHING}")

    def _writes(self, place: int, text: str, media: Media) -> None:
        sid = f"SM{place:032d}"
        profile = f"Olga {EVERYTHING}"
        at = ago(minutes=60 - place)
        raw = {"Body": text, EVERYTHING: EVERYTHING}
        event = InboundMessage(sid, sid, self.OLGA, text, (media,), profile, at, raw)
        self.store.call(inbound.apply, self.desk.id, [event])

    def _fails(self) -> None:
        """Fail two messages with words that attack: in the report on one, and in the refusal of another."""
        sent = self.send(self.olga, self.desk, f"Sent {EVERYTHING}")
        sid = f"SM{EVERYTHING}"
        report = StatusUpdate(sid, sid, sent.uid + ".1", None, EVERYTHING, EVERYTHING, EVERYTHING, utc_now(), {})
        self.store.call(attempts.begin, sent.id)
        self.store.call(inbound.apply, self.desk.id, [report])
        failed = self.send(self.olga, self.desk, f"Failed {EVERYTHING}")
        attempt = self.store.call(attempts.begin, failed.id)
        self.store.call(delivery.record, failed.id, attempt, Refused(f"99999 {EVERYTHING}", f"Detail {EVERYTHING}"))
        assert self.message(failed.id).status is Delivery.FAILED

    def _has_templates(self) -> None:
        made = [
            Template(
                id=0,
                inbox_id=self.desk.id,
                sid=f"HX{place:032d}",
                name=f"tmpl {attack} {text}",
                language=f"en{text}",
                category=f"utility{text}",
                approval=Approval.APPROVED if place % 2 == 0 else text,
                rejection_reason=text,
                kind="twilio/text",
                header=f"Head {text}",
                body=f"Body {text} {{{{1}}}}",
                footer=f"Foot {text}",
                media=(),
                buttons=(Button("url", f"Push {text}", text),),
                samples={"1": text},
                synced_at=utc_now(),
            )
            for place, (attack, text) in enumerate(ATTACKS.items())
        ]
        self.store.call(templates.replace_all, self.desk.id, made)
