"""The people list: each place in its order, lines in the order asked, and a fixed number of queries."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.domain import window
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.listing import Place, PlaceCounts
from contacts_tui.domain.message import Direction, Media, NewMessage
from contacts_tui.store import contacts, conversations, messages, people_list, places
from tests.services.world import START, World

HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A store with two inboxes."""
    made = World(tmp_path)
    yield made
    made.store.close()


def person(world: World, name: str, number: int) -> int:
    return world.person(name, f"+120255501{number:02d}")


def talk(
    world: World,
    contact_id: int,
    channel: Channel,
    body: str,
    at: datetime,
    *,
    status: Delivery | None = None,
    code: str = "",
    media: tuple[Media, ...] = (),
) -> None:
    """A message in either direction (outbound when it has a status)."""
    inbox = world.shop if channel is Channel.SMS else world.whatsapp
    identity = world.identity(contact_id, channel)

    def write(session: Session, clock: Clock) -> None:
        conversation = conversations.find_or_begin(session, identity.id, inbox.id)
        message = messages.insert(
            session,
            clock,
            conversation,
            NewMessage(
                uid=f"{contact_id}-{body}-{at}",
                direction=Direction.IN if status is None else Direction.OUT,
                body=body,
                at=at,
                status=status,
                media=media,
            ),
        )
        if status is None:
            conversations.heard(session, clock, conversation, channel, at)
        elif code:
            messages.set_status(session, clock, message.id, status, code=code)

    world.store.call(write)


@pytest.fixture
def crowd(world: World) -> dict[str, int]:
    """Five people: two with windows that close soon, one failed, one answered, one never spoken to."""
    names = ("amara", "ben", "carla", "dmitri", "farid")
    crowd = {name: person(world, name.title(), n) for n, name in enumerate(names)}
    talk(world, crowd["amara"], Channel.WHATSAPP, "first", START - 21 * HOUR)
    talk(world, crowd["carla"], Channel.WHATSAPP, "earlier", START - 23 * HOUR)
    talk(world, crowd["carla"], Channel.SMS, "later", START - 20 * HOUR)
    talk(world, crowd["dmitri"], Channel.SMS, "parcel", START - 2 * HOUR, status=Delivery.FAILED, code="30003")
    talk(world, crowd["ben"], Channel.SMS, "left", START - HOUR, status=Delivery.DELIVERED)
    return crowd


def order(world: World, place: Place) -> list[int]:
    return list(world.store.call_read(lambda session, clock: places.order(session, place, clock())))


def test_each_place_holds_its_people_in_its_order(world: World, crowd: dict[str, int]) -> None:
    amara, ben, carla, dmitri, farid = (crowd[name] for name in crowd)
    assert order(world, Place.ALL) == [ben, dmitri, carla, amara, farid]
    assert order(world, Place.UNREAD) == [carla, amara]
    assert order(world, Place.CLOSING) == [carla, amara]
    assert order(world, Place.FAILED) == [dmitri]


@pytest.mark.parametrize("place", Place)
def test_the_first_are_those_of_the_order(world: World, crowd: dict[str, int], place: Place) -> None:
    first = world.store.call_read(lambda session, clock: places.first(session, place, clock(), 2))
    assert list(first) == order(world, place)[:2]


def test_counts_are_those_of_the_orders_and_move_with_time(world: World, crowd: dict[str, int]) -> None:
    def counts() -> PlaceCounts:
        return world.store.call_read(lambda session, clock: places.counts(session, clock()))

    assert counts() == PlaceCounts(everyone=5, unread=2, closing=2, failed=1)
    world.clock.forward(hours=1)
    assert counts() == PlaceCounts(everyone=5, unread=2, closing=1, failed=1)
    assert len(order(world, Place.CLOSING)) == 1


def test_empty_places(world: World) -> None:
    for place in Place:
        assert order(world, place) == []


def test_lines_show_the_last_message_and_the_window_that_closes_first(world: World, crowd: dict[str, int]) -> None:
    file = Media("https://host/file", "image/jpeg")
    talk(world, crowd["amara"], Channel.WHATSAPP, "", START, media=(file,))
    ids = [crowd["farid"], crowd["carla"], 999, crowd["amara"], crowd["dmitri"]]
    farid, carla, amara, dmitri = world.store.call_read(lambda session, clock: people_list.rows(session, ids, clock()))
    assert [record.row.contact_id for record in (farid, carla, amara, dmitri)] == [*ids[:2], *ids[3:]]
    assert (farid.row.channels, farid.row.last_at, farid.row.last_text) == ((), None, "")
    assert (farid.provider, farid.error_code, farid.row.window_until) == (None, "", None)
    assert carla.row.channels == (Channel.SMS, Channel.WHATSAPP)
    assert (carla.row.last_text, carla.row.unread) == ("later", 2)
    assert carla.row.window_channel is Channel.WHATSAPP
    assert carla.row.window_until == START + HOUR - window.SAFETY_MARGIN
    assert (amara.row.last_direction, amara.row.last_media) == (Direction.IN, "image/jpeg")
    assert (dmitri.row.last_status, dmitri.error_code) == (Delivery.FAILED, "30003")
    assert dmitri.provider is Provider.TWILIO


def test_a_closed_window_is_not_shown(world: World, crowd: dict[str, int]) -> None:
    world.clock.forward(hours=30)
    (carla,) = world.store.call_read(lambda session, clock: people_list.rows(session, [crowd["carla"]], clock()))
    assert (carla.row.window_channel, carla.row.window_until) == (None, None)


def test_the_number_of_queries_does_not_grow_with_the_ids(world: World, crowd: dict[str, int]) -> None:
    def queries(session: Session, clock: Clock, ids: list[int]) -> int:
        asked: list[str] = []
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        connection.set_trace_callback(asked.append)
        people_list.rows(session, ids, clock())
        connection.set_trace_callback(None)
        return len(asked)

    assert world.store.call_read(queries, [crowd["ben"]]) == 2
    assert world.store.call_read(queries, [*crowd.values(), *range(1000, 50_000)]) == 2


def test_one_without_a_name_in_the_list_is_left_out(world: World) -> None:
    assert world.store.call_read(lambda session, clock: people_list.rows(session, [1, 2], clock())) == ()
    assert world.store.call_read(lambda session, _: contacts.get(session, 1)) is None
