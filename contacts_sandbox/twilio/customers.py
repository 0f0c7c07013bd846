"""People behind numbers and WhatsApp addresses, who answer by script or write of their own accord."""

from __future__ import annotations

import asyncio

from contacts_sandbox.core.state import State
from contacts_sandbox.core.talk import Talk
from contacts_sandbox.twilio.addresses import channel_prefix
from contacts_sandbox.twilio.callbacks import Lifecycle
from contacts_sandbox.twilio.inbound import Inbound, Letter
from contacts_sandbox.twilio.people import Person
from contacts_sandbox.twilio.records import Message


class Customers:
    """Plays the part of the people."""

    def __init__(self, state: State, talk: Talk, lifecycle: Lifecycle, inbound: Inbound) -> None:
        """Let people answer through `talk`, read through `lifecycle` and write through `inbound`."""
        self._state = state
        self._talk = talk
        self._lifecycle = lifecycle
        self._inbound = inbound

    def meet(self, person: Person) -> None:
        """Add a person, in the place of the person who had that address."""
        self._state.people[person.address] = person

        async def write(sender: str | None, text: str) -> None:
            await self._say(person.address, sender or self._first_sender(person.address), text)

        self._talk.meet(person.address, person, write)

    async def reached(self, message: Message) -> None:
        """Let the recipient of a delivered message read and answer it, as scripted."""
        person = self._state.person(message.to)
        if person is None:
            # An unknown person is remembered, or they would answer each message as if it were their first.
            person = Person(message.to)
            self._state.people[person.address] = person
        rule = self._talk.rule_for(person, message.from_, message.body)
        pause = rule.read_after if rule else None
        if pause is None and person.reads:
            pause = self._state.settings.read_delay
        if pause is not None and message.whatsapp:
            await asyncio.sleep(pause)
            if message.status == "delivered":
                self._lifecycle.move(message, "read")

        async def say(text: str) -> None:
            await self._say(message.to, message.from_, text)

        await self._talk.answer(rule, message.body, say)

    def _first_sender(self, person: str) -> str | None:
        channel = channel_prefix(person)
        return next((one for one in self._state.senders if channel_prefix(one) == channel), None)

    async def _say(self, person: str, sender_address: str | None, text: str) -> None:
        sender = self._state.senders.get(sender_address or "")
        if sender:
            await self._inbound.receive(sender, Letter(person, text))
