"""People: who has an address, what is wrong with their phone, and how they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Traits:
    """What keeps messages from a person. Each true one ends a message in its error."""

    not_on_whatsapp: bool = False
    """63024 on WhatsApp."""
    handset_off: bool = False
    """30003 by SMS; on WhatsApp the message stays `sent`."""
    landline: bool = False
    """30006 by SMS."""
    unknown_number: bool = False
    """30005 by SMS."""
    filtered: bool = False
    """30007 by SMS."""
    opted_out: bool = False
    """21610, at once, from every sender."""


@dataclass
class Rule:
    """How a person answers a message of some kind that reached them."""

    when: str
    """`any`; `nth`, with `nth` beside it; else a regular expression sought in the text, any case."""
    reply: str | None
    """What they answer, `{body}` standing for the message's text; None: nothing."""
    nth: int | None = None
    """With `when: nth`: which message from one sender, counted from 1."""
    after: float = 1.0
    """Seconds from delivery (or reading) to the answer."""
    typing: float = 0.0
    """Seconds more for each character of the answer."""
    read_after: float | None = None
    """WhatsApp: seconds from delivery to `read`; None: as the person does otherwise."""
    once: bool = False
    """Whether the rule is spent after one use with a sender."""

    def fits(self, body: str, count: int) -> bool:
        """Return whether the rule answers the `count`th message of a sender, with the text `body`."""
        if self.when == "any":
            return True
        if self.when == "nth":
            return self.nth == count
        return re.search(self.when, body, re.IGNORECASE) is not None


@dataclass
class Unprompted:
    """Messages a person writes of their own accord."""

    every: tuple[float, float]
    """The shortest and longest pause between two, in seconds."""
    lines: list[str]
    """What they may say."""
    to: str | None
    """Whom they write to: a sender's address, a bot's username, a page's id; None: the first there is for them."""


@dataclass(kw_only=True)
class Talker:
    """A person who answers by script, on any channel."""

    script: list[Rule] | None = None
    """The first fitting rule answers. None: small talk; empty: silence."""
    unprompted: Unprompted | None = None
    """What they write of their own accord; None: nothing."""
    received: dict[str, int] = field(default_factory=dict)
    """Sender's address to the messages that reached them from it."""
    spent: set[tuple[str, int]] = field(default_factory=set)
    """Sender's address and place of each `once` rule already used."""

    def rule_for(self, sender: str, body: str, *, small_talk: bool) -> Rule | None:
        """Return the first rule that fits a message that reached the person, now counted as used, or None.

        A person without a script follows SMALL_TALK, if `small_talk` allows it.
        """
        talk = SMALL_TALK if small_talk else []
        count = self.received.get(sender, 0) + 1
        self.received[sender] = count
        for place, rule in enumerate(talk if self.script is None else self.script):
            spent = (sender, place)
            if (rule.once and spent in self.spent) or not rule.fits(body, count):
                continue
            self.spent.add(spent)
            return rule
        return None


@dataclass
class Person(Talker):
    """A person at a number or a WhatsApp address."""

    address: str
    """`+1555…` (then also for WhatsApp) or `whatsapp:+1555…`."""
    profile_name: str | None = None
    """Their name at WhatsApp."""
    reads: bool = False
    """Whether WhatsApp messages to them become `read`."""
    traits: Traits = field(default_factory=Traits)
    """What keeps messages from them."""


SMALL_TALK = [
    Rule(r"\b(thanks|thank you|cheers)\b", "You're welcome!", after=2.0, read_after=1.0),
    Rule(r"\b(bye|goodbye|have a (nice|good|great))\b", "Bye, and thanks.", after=2.0, read_after=1.0),
    Rule(r"\b(hi|hello|hey|good (morning|afternoon|evening))\b", "Hello! Who is this?", after=2.0, once=True),
    Rule(r"\?\s*$", "Good question. Let me check and come back to you.", after=3.0, read_after=1.0),
    Rule("nth", "Got it, thank you.", nth=1, after=2.0, read_after=1.0),
    Rule("any", "OK.", after=2.5, read_after=1.0),
]
"""The rules of people without a script of their own."""
