"""The people list: each view in its order, rows in the order asked for, and a fixed number of queries."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.domain import window
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, Media, NewMessage
from contacts_tui.domain.urgency import DEFAULT_TARGET, AnswerTarget, State
from contacts_tui.domain.view import EVERYBODY, WAITING
from contacts_tui.store import contacts, conversations, drafts, messages, people_list, queue
from tests.services.world import START, World, people_in

HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Yield a world with a store and two inboxes."""
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
    """Store a message of or to a person, outbound when it has a status."""
    inbox = world.shop if channel is Channel.SMS else world.whatsapp
    identity = world.identity(contact_id, channel)

    def write(session: Session, clock: Clock) -> None:
        conversation = conversations.find_or_begin(session, identity.id, inbox.id)
        message = messages.insert(
            session,
            clock,
            conversation,
            inbox,
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
            conversations.received(session, clock, conversation, channel, at)
        elif code:
            messages.set_status(session, clock, message.id, status, code=code)

    world.store.call(write)


@pytest.fixture
def crowd(world: World) -> dict[str, int]:
    """Return five people: two with windows that close soon, one failed, one answered, one never written to."""
    names = ("amara", "ben", "carla", "dmitri", "farid")
    crowd = {name: person(world, name.title(), n) for n, name in enumerate(names)}
    talk(world, crowd["amara"], Channel.WHATSAPP, "first", START - 21 * HOUR)
    talk(world, crowd["carla"], Channel.WHATSAPP, "earlier", START - 23 * HOUR)
    talk(world, crowd["carla"], Channel.SMS, "later", START - 20 * HOUR)
    talk(world, crowd["dmitri"], Channel.SMS, "parcel", START - 2 * HOUR, status=Delivery.FAILED, code="30003")
    talk(world, crowd["ben"], Channel.SMS, "left", START - HOUR, status=Delivery.DELIVERED)
    return crowd


def in_view(world: World, view: str) -> list[int]:
    return people_in(world.store, view)


def test_each_view_holds_its_people_in_its_order(world: World, crowd: dict[str, int]) -> None:
    amara, ben, carla, dmitri, farid = (crowd[name] for name in crowd)
    assert in_view(world, EVERYBODY) == [ben, dmitri, carla, amara, farid]
    assert in_view(world, "Unread") == [carla, amara]
    assert in_view(world, "Closing soon") == [carla, amara]
    assert in_view(world, "Failed or unknown") == [dmitri]


def test_a_window_leaves_its_view_when_it_closes(world: World, crowd: dict[str, int]) -> None:
    world.clock.forward(hours=1)
    assert in_view(world, "Closing soon") == [crowd["amara"]]


def test_nobody_who_is_closed_runs_out_of_time(world: World, crowd: dict[str, int]) -> None:
    standing = world.store.call_read(lambda session, _clock: queue.standing(session, crowd["carla"]))
    assert standing is not None
    closed = replace(standing, state=State.CLOSED)
    world.store.call(lambda session, _clock: queue.stand(session, crowd["carla"], closed))
    assert in_view(world, "Closing soon") == [crowd["amara"]]


def test_the_first_at_the_start_are_those_of_their_views(world: World, crowd: dict[str, int]) -> None:
    def first(limit: int, *, waiting: bool, everybody: bool) -> tuple[list[int], bool]:
        found, are_waiting = people_list.first_page(
            world.location, limit, world.clock(), waiting=waiting, everybody=everybody
        )
        return [record.row.contact_id for record in found], are_waiting

    assert first(2, waiting=False, everybody=True) == (in_view(world, EVERYBODY)[:2], False)
    assert first(5, waiting=True, everybody=True) == (in_view(world, WAITING), True)
    assert in_view(world, WAITING) == [crowd["carla"], crowd["amara"]]


def queue_received(session: Session, clock: Clock, contact_id: int, inbox_id: int, at: datetime) -> None:
    queue.received(session, contact_id, inbox_id, at, clock())


def test_a_line_says_who_waits_until_when_and_whose_they_are(world: World, crowd: dict[str, int]) -> None:
    carla = crowd["carla"]
    world.store.call(contacts.update, carla, ContactChange(owner="Noor"))
    world.store.call(drafts.save, world.identity(carla, Channel.SMS).id, world.shop.id, "Dear Carla")
    line, farid = (record.row for record in _records(world, [carla, crowd["farid"]]))
    assert (line.state, line.waiting_since, line.assignee, line.has_draft) == ("open", START - 23 * HOUR, "Noor", True)
    assert (line.deadline, line.deadline_channel) == (START - 22 * HOUR, None), "the target of an hour"
    assert (farid.state, farid.waiting_since, farid.deadline, farid.has_draft) == ("closed", None, None, False)
    world.store.call(queue_target, world.shop.id)
    world.store.call(lambda session, clock: queue.answered(session, carla))
    world.store.call(queue_received, carla, world.shop.id, START)
    (line,) = (record.row for record in _records(world, [carla]))
    assert (line.deadline_channel, line.deadline) == (Channel.WHATSAPP, START + HOUR - window.SAFETY_MARGIN)


def queue_target(session: Session, clock: Clock, inbox_id: int) -> None:
    queue.set_target(session, inbox_id, AnswerTarget(None, DEFAULT_TARGET.hours))


def _records(world: World, ids: list[int]) -> tuple[people_list.PersonRecord, ...]:
    return world.store.call_read(lambda session, clock: people_list.rows(session, ids, clock()))


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
