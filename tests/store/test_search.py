"""The search: which words find whom, by either plan, and that nothing typed is ever syntax."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.listing import SearchResult
from contacts_tui.domain.message import Direction, NewMessage
from contacts_tui.domain.text import searchable
from contacts_tui.store import bulk_import, contacts, conversations, messages, search, sql
from contacts_tui.store.store import Store
from tests.conftest import ENGINES
from tests.postgresql import Databases
from tests.services.world import START, World

CROWD = 6_000
"""More people than a search sorts: common words are found by walking."""


@pytest.fixture(scope="module", params=ENGINES)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> Iterator[World]:
    """Yield a world with three people and their messages, which tests only read."""
    is_file = request.param == "sqlite"
    made = World(tmp_path_factory.mktemp("search") if is_file else databases.store())
    amara = made.person("Amara Okafor", "+2348035550142")
    elodie = made.person("Élodie Marchand", "+33612345678")
    carla = made.person("Carla Núñez", "+12025550177")
    made.store.call(
        contacts.update, amara, ContactChange(company="Okafor & Daughters", emails=("amara@okafor.example",))
    )
    made.store.call(
        contacts.update,
        elodie,
        ContactChange(
            tags=(
                "vip",
                "100%",
            )
        ),
    )
    for contact_id, body, minute in (
        (carla, "¿Tienen la AZUL en la tienda?", 1),
        (amara, "Is the blue one back in stock?", 2),
        (carla, 'The blue one, please, as Okafor has. 5% off "now"', 3),
        (elodie, "Merci !", 4),
    ):
        say(made, contact_id, body, minute)
    yield made
    made.store.close()


def say(world: World, contact_id: int, body: str, minute: int) -> None:
    """Write an SMS as the person."""
    say_all(world, contact_id, [body], minute)


def say_all(world: World, contact_id: int, bodies: Sequence[str], minute: int) -> None:
    """Write several SMS at once as the person."""
    identity = world.identity(contact_id, Channel.SMS)

    def write(session: Session, clock: Clock) -> None:
        conversation = conversations.find_or_begin(session, identity.id, world.shop.id)
        at = START.replace(minute=minute)
        for body in bodies:
            new = NewMessage(uid=f"{body}{minute}", direction=Direction.IN, body=body, at=at)
            messages.insert(session, clock, conversation, world.shop, new)

    world.store.call(write)


def look(store: Store, text: str, limit: int = 10) -> SearchResult:
    return store.call_read(lambda session, _: search.search(session, text, limit))


AMARA, ELODIE, CARLA = 1, 2, 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amara", [AMARA]),
        ("AMARA OKA", [AMARA]),
        ("daughters amara", [AMARA]),
        ("elodie", [ELODIE]),
        ("Élodie", [ELODIE]),
        ("nunez", [CARLA]),
        ("mara@oka", [AMARA]),
        ("vip", [ELODIE]),
        ("am", [AMARA]),
        ("a", [ELODIE, CARLA, AMARA]),
        ("ca nu", [CARLA]),
        ("amara elodie", []),
        # Numbers, however they are typed.
        ("+234 803 555 0142", [AMARA]),
        ("(803) 555-0142", [AMARA]),
        ("0803 555 0142", [AMARA]),
        ("00234 803", [AMARA]),
        ("+33 (0)6 12 34 56 78", [ELODIE]),
        ("555 01", [CARLA, AMARA]),
        ("0142", [AMARA]),
        ("amara 803-555", [AMARA]),
        ("carla 803-555", []),
        # Words in messages: the whole phrase, in one message.
        ("blue one", [CARLA, AMARA]),
        ("back in stock", [AMARA]),
        ("one blue", []),
        ("azul en la", [CARLA]),
        ("merci", [ELODIE]),
        # In a name, and in a message of another person.
        ("okafor", [CARLA, AMARA]),
        # What is typed is text, nothing else.
        ("%", [ELODIE]),
        ("100%", [ELODIE]),
        ("5% off", [CARLA]),
        ('"now"', [CARLA]),
        ("_", []),
        ("a_a", []),
        ("am*", []),
        ("amara OR elodie", []),
        ("search_text:amara", []),
        ("NEAR(amara okafor)", []),
        ("", []),
        ("   ", []),
    ],
)
def test_what_finds_whom(world: World, text: str, expected: list[int]) -> None:
    result = look(world.store, text)
    assert (list(result.ids), result.more) == (expected, False)


def test_a_limit_keeps_the_latest_and_says_that_there_are_more(world: World) -> None:
    assert look(world.store, "a", 2) == SearchResult((ELODIE, CARLA), more=True)
    assert look(world.store, "blue one", 1) == SearchResult((CARLA,), more=True)
    assert look(world.store, "blue one", 2) == SearchResult((CARLA, AMARA), more=False)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=40) | st.text(alphabet="\"'*()+-:^{}% aAND\0\ud800", max_size=20))
def test_nothing_typed_is_an_error_or_a_wildcard(world: World, text: str) -> None:
    words = searchable(text).split()
    said = {CARLA: 'the blue one, please. 5% off "now" ¿tienen la azul en la tienda?', ELODIE: "merci !"}
    said[AMARA] = "is the blue one back in stock?"
    stored = world.store.call_read(fields)
    for contact_id in look(world.store, text).ids:
        in_fields = all(word in stored[contact_id] for word in words)
        in_words = " ".join(words) in said[contact_id]
        in_digits = search.digits("".join(words)).lstrip("0") in stored[contact_id]
        assert in_fields or in_words or in_digits


def fields(session: Session, clock: Clock) -> dict[int, str]:
    found = session.connection().exec_driver_sql("SELECT id, search_text FROM contact")
    return {contact_id: text for contact_id, text in found}


def test_a_message_shorter_than_a_trigram_is_stored(tmp_path: Path) -> None:
    world = World(tmp_path)
    contact = world.person()
    for minute, body in enumerate(["", "ok", "👍"]):
        say(world, contact, body, minute)
    assert look(world.store, "ok").ids == ()
    world.store.close()


def test_common_words_come_in_the_same_order_as_rare_ones(tmp_path: Path) -> None:
    world = World(tmp_path)
    crowd = [
        bulk_import.NewPerson(
            name=f"Person {number:04d} {'rare' if number % 100 == 0 else ''}",
            company="",
            emails=(),
            tags=(),
            note="",
            owner="",
            time_zone="",
            numbers=((Channel.SMS, f"+1202{number:07d}", f"+1202{number:07d}"),),
        )
        for number in range(CROWD)
    ]
    world.store.call(bulk_import.add_people, crowd)
    for minute, contact_id in enumerate((4201, 17, 2501)):
        say(world, contact_id, "hello", minute)
    assert look(world.store, "hello", 1) == SearchResult((2501,), more=True)
    newest = list(range(CROWD, 0, -1))
    expected = [2501, 17, 4201, *(number for number in newest if number not in (2501, 17, 4201))]
    for common in ("person", "pe", "1202", "p", "+1 202"):
        assert look(world.store, common, 50) == SearchResult(tuple(expected[:50]), more=True)
    rare = [number for number in expected if (number - 1) % 100 == 0]
    assert look(world.store, "rare", 100) == SearchResult(tuple(rare), more=False)
    assert look(world.store, "person rare", 5) == SearchResult(tuple(rare[:5]), more=True)
    assert look(world.store, "pe 4200", 5) == SearchResult((4201,), more=False)
    world.store.close()


def test_a_word_of_more_messages_than_are_read_at_once_finds_everybody_who_said_it(location: str) -> None:
    world = World(location)
    talker, *others = [world.person(f"Person {number}", f"+1202555{number:04d}") for number in range(6)]
    say_all(world, talker, [f"orchid {number}" for number in range(600)], 1)
    for minute, contact_id in enumerate(others, start=2):
        say(world, contact_id, f"an orchid, number {minute}", minute)
    say_all(world, talker, [f"orchid {number}" for number in range(700)], 30)
    assert look(world.store, "orchid", 50) == SearchResult((talker, *reversed(others)), more=False)
    assert look(world.store, "orchid 12", 50) == SearchResult((talker,), more=False)
    world.store.close()


def test_a_search_that_has_looked_at_as_many_messages_as_it_may_says_that_there_are_more(location: str) -> None:
    world = World(location)
    early, talker = (world.person(f"Person {number}", f"+1202555{number:04d}") for number in range(2))
    say(world, early, "the first orchid", 1)
    say_all(world, talker, [f"orchid {number}" for number in range(1_999)], 2)
    assert look(world.store, "orchid") == SearchResult((talker, early), more=False)
    say(world, talker, "one orchid more", 3)
    assert look(world.store, "orchid") == SearchResult((talker,), more=True)
    world.store.close()


@pytest.mark.engine("postgresql")
def test_a_server_plans_each_search_for_its_own_words(location: str) -> None:
    # A plan made once for all words walks every message for rare ones.
    world = World(location)
    carla = world.person("Carla Núñez", "+12025550177")
    say(world, carla, "The blue one, please", 1)
    for _ in range(30):
        assert look(world.store, "blue one", 10).ids == (carla,)

    def kept(session: Session, clock: Clock) -> list[str]:
        return [text for (text,) in sql.several(session, "SELECT statement FROM pg_prepared_statements")]

    prepared = world.store.call_read(kept)
    assert prepared
    assert not [text for text in prepared if " LIKE " in text]
    world.store.close()
