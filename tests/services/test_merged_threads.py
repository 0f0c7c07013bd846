"""The threads of two contacts that are merged: read together, answered each in its inbox, and parted again."""

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import messaging, threads
from contacts_tui.store import contacts
from tests.services.twins import AMARA_NUMBER, BO_NUMBER, Twins
from tests.services.world import World


def test_complaint_15_9264_merged_threads_are_read_as_one_answered_apart_and_part_again(world: World) -> None:
    twins = Twins(world)
    apart = {contact_id: [m.body for m in world.thread(contact_id)] for contact_id in (twins.amara, twins.bo)}
    entry = twins.merge(twins.amara, twins.bo)
    said = [view.message for view in world.store.call_read(threads.timeline, twins.amara).messages]
    assert sorted(message.body for message in said) == sorted(apart[twins.amara] + apart[twins.bo])
    assert [message.at for message in said] == sorted(message.at for message in said)
    by_sms = {
        i.address: i
        for i in world.store.call_read(lambda s, _: contacts.identities(s, twins.amara))
        if i.channel is Channel.SMS
    }
    world.clock.forward(minutes=1)
    for address, contact_id in ((AMARA_NUMBER, twins.amara), (BO_NUMBER, twins.bo)):
        new = NewMessage(messaging.new_uid(), f"to {address}", author="Kim")
        sent = world.store.call(messaging.send, by_sms[address].id, world.shop.id, new)
        thread = world.store.call_read(threads.page, sent.conversation_id).messages
        assert {view.message.body for view in thread} < {*apart[contact_id], sent.body}
        apart[contact_id].append(sent.body)
    twins.undo(entry)
    assert {contact_id: [m.body for m in world.thread(contact_id)] for contact_id in apart} == apart
