"""Very long names, addresses and ids: both engines take or refuse them alike, though a server's indexes hold less."""

import random
import string
from dataclasses import replace

import pytest

from contacts_tui.channels.base import InboundMessage
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.kept_id import LONGEST, kept_id
from contacts_tui.services import contacts_import, inbound, people_edit, queue
from contacts_tui.services.errors import BadInput
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.services.queue import Action, Kind
from tests.other_program import execute
from tests.services.world import World

_RANDOM = random.Random(7)
LONG = "".join(_RANDOM.choices(string.ascii_letters, k=6000))
"""A text that can't be compressed."""


def test_a_providers_ids_are_kept_however_long_they_are_and_each_event_once(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    first = InboundMessage(f"{LONG}1", f"{LONG}2", f"{LONG}3", "hello", (), LONG, world.clock(), {})
    for event in (first, first, replace(first, event_key=f"{LONG}4", provider_id=f"{LONG}5")):
        world.store.call(inbound.apply, bot.id, [event])
    assert execute(world.location, "SELECT count(*), count(DISTINCT contact_id) FROM message") == [(2, 1)]
    assert kept_id("short") == "short"
    assert len({kept_id(f"{LONG}{number}") for number in range(3)}) == 3
    assert len(kept_id(LONG)) <= LONGEST


def test_who_types_too_long_a_name_or_address_is_told_the_limit(world: World) -> None:
    ann = world.person()
    with pytest.raises(BadInput, match="named so: has 6,000 characters, and the limit is 100"):
        world.store.call(queue.apply, "Kim", [ann], Action(Kind.ASSIGN, LONG))
    with pytest.raises(BadInput, match="too long for an email address: it has 6,012 characters of 254"):
        world.store.call(people_edit.change, "Kim", ann, PersonEdit(add_emails=(f"{LONG}@example.com",)), None)


def test_an_import_leaves_out_what_is_too_long_and_takes_the_person(world: World) -> None:
    lines = ["name,phone,owner,email\n", f"Ben,+12025550143,{LONG},{LONG}@example.com\n"]
    taken = world.store.call(contacts_import.take, tuple(PeopleFile(lambda: iter(lines), None, {}).rows()))
    told = [problem.reason for problem in taken.rows[0].problems]
    assert [words for words in told if "the limit is 100" in words]
    assert [words for words in told if "too long for an email address" in words]
    assert execute(world.location, "SELECT name, owner FROM contact") == [("Ben", "")]
