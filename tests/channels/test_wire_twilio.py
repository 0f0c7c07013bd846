"""Webhooks of Twilio's, posted to a running receiver and read back as an agent reads them."""

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.services import messaging, people, threads
from tests.channels.test_receiver import Desk
from tests.channels.test_receiver import desk as desk
from tests.channels.twilio_world import inbound
from tests.sandbox.driver import ANN
from tests.services.world import people_in

SMS, WHATSAPP = 1, 2


class Wire:
    """Posts forms and reads threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._sent = 0

    async def post(self, inbox_id: int, **fields: str) -> None:
        """Post one webhook with an id of its own."""
        self._sent += 1
        ours = "" if inbox_id == SMS else "whatsapp:"
        form = {"MessageSid": f"SM{self._sent:032d}", "To": ours + self.desk.world.shop.address} | fields
        answer = await self.desk.post(inbound(inbox_id, **form))
        assert answer.status_code == 200

    def people(self) -> list[int]:
        """Return the ids of all people, in the order in which they first wrote."""
        return sorted(people_in(self.desk.world.store))

    def thread(self, contact_id: int) -> list[str]:
        """Return the texts of the messages with a person."""
        page = self.desk.world.store.call_read(threads.timeline, contact_id, limit=50)
        return [view.message.body for view in page.messages]

    def is_opted_out(self, contact_id: int, channel: Channel) -> bool:
        """Return whether a person refused messages on a channel."""
        return self.desk.world.identity(contact_id, channel).opted_out_at is not None


@pytest.fixture
def wire(desk: Desk) -> Wire:
    """Return a wire to a receiver."""
    return Wire(desk)


async def test_opting_out_in_any_language(wire: Wire) -> None:
    for word, kind, is_out in (
        ("ARRET", "STOP", True),
        ("hm", "", True),
        ("JOIN", "START", False),
        ("?", "HELP", False),
    ):
        await wire.post(SMS, Body=word, OptOutType=kind)
        assert wire.is_opted_out(1, Channel.SMS) is is_out


async def test_a_pressed_button_and_a_list_reply_are_no_opt_out(wire: Wire) -> None:
    whatsapp = {"From": f"whatsapp:{ANN}"}
    pressed = {"MessageType": "button", "ButtonText": "Cancel", "ButtonPayload": "cancel_appointment"}
    await wire.post(WHATSAPP, Body="Cancel", **whatsapp, **pressed)
    await wire.post(WHATSAPP, Body="", MessageType="interactive", ListId="i2", ListTitle="Stop", **whatsapp)
    await wire.post(WHATSAPP, Body="STOP", **whatsapp)
    assert wire.thread(1) == ["Cancel", "Stop (chosen from a list)", "STOP"]
    assert not wire.is_opted_out(1, Channel.WHATSAPP)


async def test_a_number_and_a_user_id_are_one_person(wire: Wire) -> None:
    await wire.post(WHATSAPP, From="whatsapp:+14155551063", Body="1", ExternalUserId="whatsapp:BR.9Z8Y7X6W5V")
    await wire.post(WHATSAPP, From="whatsapp:BR.9Z8Y7X6W5V", Body="2")
    await wire.post(WHATSAPP, From="whatsapp:US.AbCdEfG1", Body="3")
    await wire.post(WHATSAPP, From="whatsapp:US.aBcDeFg1", Body="4")
    await wire.post(WHATSAPP, From="whatsapp:+14155551064", Body="5", ExternalUserId="US." + "a" * 200)
    assert [wire.thread(contact_id) for contact_id in wire.people()] == [["1", "2"], ["3"], ["4"], ["5"]]


async def test_rcs_and_sms_are_one_number(wire: Wire) -> None:
    await wire.post(SMS, From="+14155552002", Body="1")
    await wire.post(SMS, From="rcs:+14155552002", Body="2", MessageType="text")
    assert wire.thread(1) == ["1", "2"]
    card = wire.desk.world.store.call_read(people.card, 1)
    assert card is not None
    assert [state.words for state in card.channels if state.channel is Channel.SMS] == ["open"]
    message = wire.desk.world.thread(1)[-1]
    ledger = wire.desk.world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert [event.detail for event in ledger.events] == ["by RCS"]


async def test_a_bubble_is_never_empty(wire: Wire) -> None:
    await wire.post(SMS, Body="", NumMedia="0")
    await wire.post(SMS, Body="", NumMedia="1")
    await wire.post(
        WHATSAPP, From=f"whatsapp:{ANN}", Body="", ReferralHeadline="Shoes", ReferralSourceUrl="https://fb.me/x"
    )
    said = ["(no text)", "(a file that didn't arrive)", "From an ad: Shoes https://fb.me/x"]
    assert wire.thread(1) == said
