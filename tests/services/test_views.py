"""Views: who fits a filter, in which order, and what is saved."""

from datetime import timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.person_filter import Field
from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.domain.view import BUILT_IN, View
from contacts_tui.services import messaging, people_edit, queue, views
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store import contacts
from tests.services.world import World

NOOR = "Noor"


class Town:
    """Ann waits by SMS, Ben by WhatsApp for longer, Cleo was answered, Dan is snoozed, Eve was never spoken to."""

    def __init__(self, world: World) -> None:
        self.world = world
        names = ("Ann", "Ben", "Cleo", "Dan", "Eve")
        self.ids = {name: world.person(name, f"+120255501{place:02}") for place, name in enumerate(names)}
        world.hears(world.whatsapp, "the blue one", "+12025550101")
        world.clock.forward(minutes=40)
        world.hears(world.shop, "a red one", "+12025550100")
        world.hears(world.shop, "thanks", "+12025550102")
        world.send(self.ids["Cleo"], world.shop, "welcome")
        world.hears(world.shop, "later", "+12025550103")
        world.send(self.ids["Dan"], world.shop, "yes")
        self.act("Dan", Action(Kind.SNOOZE, snooze=Snooze(Wake.AT, world.clock() + timedelta(hours=3))))
        self.act("Ben", Action(Kind.ASSIGN, NOOR))
        self.act("Ann", Action(Kind.TAG, "VIP"))
        world.store.call(contacts.update, self.ids["Eve"], ContactChange(company="Okafor & Daughters"))
        world.store.call(people_edit.change, NOOR, self.ids["Eve"], PersonEdit(language="de-AT"), None)
        for name, city in (("Eve", "New York"), ("Dan", 'Old "York"')):
            edit = PersonEdit(attributes={"The City": city})
            world.store.call(people_edit.change, NOOR, self.ids[name], edit, None)

    def act(self, name: str, action: Action) -> None:
        self.world.store.call(queue.apply, NOOR, [self.ids[name]], action)

    def fit(self, line: str, agent: str = NOOR) -> list[str]:
        found = self.world.store.call_read(views.matching, line, agent, 50).ids
        names = {contact_id: name for name, contact_id in self.ids.items()}
        assert self.world.store.call_read(views.count, line, agent) == len(found)
        return [names[contact_id] for contact_id in found]


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("order:name", ["Ann", "Ben", "Cleo", "Dan", "Eve"]),
        ("is:waiting order:urgent", ["Ben", "Ann"]),
        ("is:waiting order:waiting", ["Ben", "Ann"]),
        ("waiting>30m", ["Ben"]),
        ("waiting<30m", ["Ann"]),
        ("assignee:me", ["Ben"]),
        ("assignee:noor", ["Ben"]),
        ("assignee:none is:waiting", ["Ann"]),
        ("-assignee:me is:waiting", ["Ann"]),
        ("tag:vip", ["Ann"]),
        ("-tag:vip is:waiting", ["Ben"]),
        ("channel:whatsapp", ["Ben"]),
        ('inbox:"shop whatsapp"', ["Ben"]),
        ("window<24h", ["Ben"]),
        ("window>23h", ["Ben"]),
        ("window<2h", []),
        ("state:snoozed order:snoozed", ["Dan"]),
        ("state:closed", ["Eve"]),
        ("state:open order:name", ["Ann", "Ben", "Cleo"]),
        ("is:unread order:name", ["Ann", "Ben"]),
        ("is:late", []),
        ("company:okafor", ["Eve"]),
        ("language:DE", ["Eve"]),
        ("language:de-at", ["Eve"]),
        ("language:d", []),
        ("-language:de is:waiting order:urgent", ["Ben", "Ann"]),
        ('attribute:"the city=new york"', ["Eve"]),
        ('attribute:"The City="new', []),
        ('attribute:"the city" order:name', ["Dan", "Eve"]),
        ('-attribute:"the city" order:name', ["Ann", "Ben", "Cleo"]),
        ('"the blue one"', ["Ben"]),
        ('"the blue one" -assignee:me', []),
        ("one order:name", ["Ann", "Ben"]),
        ("-ann is:waiting", ["Ben"]),
    ],
)
def test_who_fits_a_filter(town: Town, line: str, names: list[str]) -> None:
    assert town.fit(line) == names


def test_who_runs_out_of_time_is_late(town: Town) -> None:
    town.world.clock.forward(minutes=21)
    assert town.fit("is:late") == ["Ben"]


def test_who_is_snoozed_or_closed_neither_waits_nor_is_late(town: Town) -> None:
    town.world.clock.forward(hours=2)
    lines = ("is:waiting order:name", "waiting>1h order:name", "is:late order:name")
    assert [town.fit(line) for line in lines] == [["Ann", "Ben"]] * 3
    town.act("Ben", Action(Kind.SNOOZE, snooze=Snooze(Wake.REPLY, None)))
    assert [town.fit(line) for line in lines] == [["Ann"]] * 3
    town.act("Ann", Action(Kind.CLOSE))
    assert [town.fit(line) for line in lines] == [[]] * 3
    others = ("-is:waiting order:name", "-waiting>1h order:name", "-is:late order:name")
    assert [town.fit(line) for line in others] == [["Ann", "Ben", "Cleo", "Dan", "Eve"]] * 3
    town.act("Ben", Action(Kind.OPEN))
    assert [town.fit(line) for line in lines] == [["Ben"]] * 3


def test_drafts_are_found(town: Town) -> None:
    identity = town.world.identity(town.ids["Cleo"], Channel.SMS)
    town.world.store.call(messaging.save_draft, identity.id, town.world.shop.id, "half a sentence")
    assert town.fit("is:draft") == ["Cleo"]


def test_every_built_in_view_can_be_asked(town: Town) -> None:
    counts = {view.name: len(town.fit(view.filter)) for view in BUILT_IN}
    assert counts == {
        "Waiting": 2,
        "Closing soon": 0,
        "Mine": 1,
        "Unassigned": 2,
        "Unread": 2,
        "Snoozed": 1,
        "Failed or unknown": 0,
        "Closed": 1,
        "All people": 5,
    }


def test_there_are_more_than_were_asked_for(town: Town) -> None:
    found = town.world.store.call_read(views.matching, "order:name", NOOR, 2)
    assert (len(found.ids), found.more) == (2, True)


def test_a_view_is_saved_replaced_found_and_removed(world: World) -> None:
    store = world.store
    store.call(views.save, "Kim", View("VIP, late", "tag:vip  waiting>30m", author=NOOR))
    saved = store.call(views.save, "Kim", View("VIP, late", 'tag:vip waiting>1h "x y"', author="Kim"))
    assert store.call_read(views.listed) == (*BUILT_IN, saved)
    assert store.call_read(views.named, "vip, LATE") == View("VIP, late", 'tag:vip waiting>1h "x y"', "", "Kim")
    assert store.call(views.remove, "Kim", "vip, late") == saved
    assert store.call_read(views.listed) == BUILT_IN
    with pytest.raises(NotFound, match="views list"):
        store.call(views.remove, "Kim", "VIP, late")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View("waiting", "is:unread"), "built-in"),
        (View(" ", "is:unread"), "can't be named so"),
        (View("Late", "tag:vip waitin>1h"), "at character 9 of the filter"),
    ],
)
def test_what_is_no_view_is_said(world: World, view: View, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        world.store.call(views.save, "Kim", view)
    with pytest.raises(BadInput, match="built-in"):
        world.store.call(views.remove, "Kim", "Waiting")


def test_the_whole_order_is_that_of_the_first_ones_and_counts_agree(town: Town) -> None:
    read = town.world.store.call_read
    lines = [*(view.filter for view in BUILT_IN), "waiting>30m", "waiting<50m order:waiting", "one tag:vip", "one"]
    counts = read(views.counts, lines, NOOR)
    for line, count in zip(lines, counts, strict=True):
        everybody = list(read(views.order, line, NOOR))
        assert tuple(everybody) == read(views.matching, line, NOOR, 50).ids
        assert len(everybody) == count


def test_what_can_be_completed_is_what_there_is(town: Town) -> None:
    names = town.world.store.call_read(views.names)
    assert names[Field.TAG] == ("VIP",)
    assert names[Field.COMPANY] == ("Okafor & Daughters",)
    assert NOOR in names[Field.ASSIGNEE]
    assert (names[Field.LANGUAGE], names[Field.ATTRIBUTE]) == (("de-AT",), ("The City=",))
    assert set(names[Field.INBOX]) == {town.world.shop.name, town.world.whatsapp.name}


def test_an_attribute_that_there_is_not_is_named(town: Town) -> None:
    with pytest.raises(BadInput, match="no person has an attribute “town”: there are The City"):
        town.fit("attribute:town=Berlin")


def test_a_tag_that_is_part_of_another_finds_only_those_who_have_it(town: Town) -> None:
    town.act("Ben", Action(Kind.TAG, "VIPER"))
    assert town.fit("tag:vip") == ["Ann"]
    assert town.fit("-tag:viper is:waiting order:name") == ["Ann"]
