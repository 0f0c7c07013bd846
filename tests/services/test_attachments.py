"""Copies of files: how long they stay, on a real disk beside a real store."""

import contextlib
import io
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Media, Message, NewMessage
from contacts_tui.services import media, messaging
from contacts_tui.services.errors import BadInput
from contacts_tui.store import attachments, messages
from contacts_tui.store.store import Store
from tests.services.world import MovableClock, World

OLD = attachments.GRACE + timedelta(seconds=1)
PDF = b"%PDF-1.7 an invoice"


@pytest.fixture
def ann(world: World) -> int:
    """Return a person who can be written to, a month after the store began."""
    world.clock.forward(days=30)
    return world.person()


def copy(world: World, content: bytes = PDF, age: timedelta = OLD) -> Media:
    """Return a copy of this content that was made that long ago."""
    url, size = attachments.put(world.store.files, io.BytesIO(content), media.LARGEST)
    aged(path_of(world, url), world.clock() - age)
    return Media(url, "application/pdf", "invoice.pdf", size)


def aged(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def path_of(world: World, url: str) -> Path:
    return world.store.files / url.removeprefix(attachments.PREFIX)


def send(world: World, contact: int, file: Media) -> Message:
    identity = world.identity(contact, Channel.SMS)
    return world.store.call(
        messaging.send, identity.id, world.shop.id, NewMessage(uid=messaging.new_uid(), author="Kim", media=(file,))
    )


def test_a_copy_that_no_message_names_goes_after_the_time_of_grace(world: World, ann: int) -> None:
    left = copy(world)
    young = copy(world, b"young", attachments.GRACE - timedelta(seconds=1))
    assert world.store.call(attachments.prune) == 1
    assert not path_of(world, left.url).exists()
    assert path_of(world, young.url).read_bytes() == b"young"
    world.clock.forward(seconds=2)
    assert world.store.call(attachments.prune) == 1
    assert list(world.store.files.iterdir()) == []


def test_a_copy_just_made_and_not_yet_named_stays(world: World, ann: int) -> None:
    url, _ = attachments.put(world.store.files, io.BytesIO(PDF), media.LARGEST)
    aged(path_of(world, url), world.clock())
    assert world.store.call(attachments.prune) == 0
    assert path_of(world, url).exists()


@pytest.mark.parametrize("status", Delivery)
def test_a_copy_that_a_message_names_stays_whatever_became_of_it(world: World, ann: int, status: Delivery) -> None:
    file = copy(world)
    message = send(world, ann, file)
    world.store.call(messages.set_status, message.id, status)
    world.clock.forward(days=3000)
    assert world.store.call(attachments.prune) == 0
    found = world.store.call_read(media.of_message, message.id)
    assert found.paths[0] is not None
    assert found.paths[0].read_bytes() == PDF


def test_a_copy_that_two_messages_share_and_one_that_none_has(world: World, ann: int) -> None:
    first, second = send(world, ann, copy(world)), send(world, ann, copy(world))
    left = copy(world, b"never sent")
    assert world.store.call(attachments.prune) == 1
    assert not path_of(world, left.url).exists()
    assert first.media[0].url == second.media[0].url
    assert path_of(world, first.media[0].url).exists()


def test_what_was_copied_halfway_goes_and_what_is_not_ours_stays(world: World, ann: int) -> None:
    copy(world)
    half, young, foreign = (world.store.files / name for name in (".new-half", ".new-young", "notes.txt"))
    for path in (half, foreign):
        path.write_bytes(b"x")
        aged(path, world.clock() - OLD)
    young.write_bytes(b"x")
    aged(young, world.clock())
    assert world.store.call(attachments.prune) == 2
    assert {path.name for path in world.store.files.iterdir()} == {young.name, foreign.name}


def test_copies_older_than_the_store_belong_to_another_that_was_put_aside(world: World, ann: int) -> None:
    left = copy(world, age=timedelta(days=31))
    assert world.store.call(attachments.prune) == 0
    assert path_of(world, left.url).exists()


def test_without_a_folder_there_is_nothing_to_do(world: World, ann: int) -> None:
    assert world.store.call(attachments.prune) == 0
    assert not world.store.files.exists()


def test_a_message_about_a_copy_that_went_is_refused_and_not_stored(world: World, ann: int) -> None:
    file = copy(world)
    world.store.call(attachments.prune)
    with pytest.raises(BadInput, match="attach it again"):
        send(world, ann, file)
    assert world.thread(ann) == ()


def test_the_same_content_attached_again_is_never_taken_away_by_another_process(tmp_path: Path) -> None:
    """An old copy is removed through one store while it is made anew for another on the same file, over and over."""
    # Files get the time of the machine, so this clock is set to it, too.
    clock = MovableClock(utc_now() - timedelta(days=30))
    world = World(tmp_path, clock)
    identity = world.identity(world.person(), Channel.SMS)
    clock.now = utc_now()
    other = Store.open(world.location, clock)
    stop, failures, removed = threading.Event(), list[BaseException](), list[int]()

    def tidy() -> None:
        try:
            while not stop.is_set():
                removed.append(other.call(attachments.prune))
        except BaseException as error:
            failures.append(error)

    file = copy(world)
    tidying = threading.Thread(target=tidy)
    tidying.start()
    try:
        for _ in range(300):
            with contextlib.suppress(FileNotFoundError):  # The copy may be gone already.
                aged(path_of(world, file.url), clock.now - OLD)
            attachments.put(world.store.files, io.BytesIO(PDF), media.LARGEST)
            world.store.call(media.check, identity.id, world.shop.id, [file])
    finally:
        stop.set()
        tidying.join()
        other.close()
        world.store.close()
    assert failures == []
    assert sum(removed) > 0
