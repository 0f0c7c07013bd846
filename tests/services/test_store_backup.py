"""Backup, restore, check and info of a store that is in use, damaged, or without room."""

import os
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import media, messaging, store_care, vital_signs
from contacts_tui.services.workers import outbox as dispatch
from contacts_tui.store import attachments, leases
from contacts_tui.store.errors import StoreError, StoreLost
from contacts_tui.store.store import Store
from tests.services.twins import Twins, dump
from tests.services.world import World
from tests.store import frozen

WRITER = """
import sys
from contacts_tui.store.store import Store
from tests.store.test_store import count_up
store = Store.open(sys.argv[1])
while True:
    store.call(count_up)
    print("done", flush=True)
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    Twins(made)
    yield made
    made.store.close()


@pytest.fixture
def sent_file(world: World, tmp_path: Path) -> Path:
    """Return the path of the stored copy of a file that was sent with a message."""
    (tmp_path / "invoice.pdf").write_bytes(b"%PDF-1.4 an invoice" * 100)
    kept = media.kept(world.store.files, str(tmp_path / "invoice.pdf"), world.shop)
    person = world.person("Rosa", "+12025550177")
    address = world.identity(person, Channel.SMS)
    world.store.call(
        messaging.send,
        address.id,
        world.shop.id,
        NewMessage(uid=messaging.new_uid(), author="Kim", body="", media=(kept,)),
    )
    digest = attachments.digest_of(kept.url)
    assert digest is not None
    return world.store.files / digest


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_a_backup_holds_the_store_and_its_files_for_the_owner_alone(
    world: World, sent_file: Path, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    with umask(0):
        made = store_care.take_backup(
            world.location, tmp_path / "backup", world.clock, lambda done, of: told.append((done, of))
        )
    assert told[-1][0] == told[-1][1]
    found = modes(tmp_path / "backup")
    assert {mode for name, mode in found.items() if (tmp_path / "backup" / name).is_dir()} == {0o700}
    assert {mode for name, mode in found.items() if (tmp_path / "backup" / name).is_file()} == {0o600}
    assert (tmp_path / "backup" / "contacts.db-files" / sent_file.name).read_bytes() == sent_file.read_bytes()
    assert (made.files, made.missing, made.counts["contact"]) == (1, (), 3)
    content = frozen.content(tmp_path / "backup" / "contacts.db")
    assert content == frozen.content(tmp_path / "store.db")
    # The backup is a store that opens in its own place, too.
    again = Store.open(f"sqlite:///{tmp_path / 'backup' / 'contacts.db'}")
    again.close()


def test_a_backup_is_of_one_moment_while_others_write(world: World, tmp_path: Path) -> None:
    before = sum(row["kind"] == "setting" for row in frozen.content(tmp_path / "store.db")["change"])
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, world.location], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        for number in range(5):
            store_care.take_backup(world.location, tmp_path / f"backup-{number}", utc_now)
            with closing(sqlite3.connect(tmp_path / f"backup-{number}" / "contacts.db")) as connection:
                (count,) = connection.execute("SELECT value FROM setting WHERE key = 'count'").fetchone()
                (told,) = connection.execute("SELECT count(*) FROM change WHERE kind = 'setting'").fetchone()
            # Each count was told to the feed once, in the same transaction.
            assert told - int(count) == before
        assert [writer.poll() for writer in writers] == [None, None]
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def _is_there(world: World, folder: Path) -> Path:
    (folder / "taken").mkdir()
    return folder / "taken"


def _folder_is_missing(world: World, folder: Path) -> Path:
    return folder / "no" / "such" / "backup"


def _file_in_the_way(world: World, folder: Path) -> Path:
    (folder / "file").write_text("in the way")
    return folder / "file" / "backup"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (_is_there, "nothing is overwritten"),
        (_folder_is_missing, "can't be used"),
        (_file_in_the_way, "no backup can be written"),
    ],
)
def test_a_backup_that_can_not_be_written_there(
    world: World, tmp_path: Path, place: Callable[[World, Path], Path], sentence: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    target = place(world, tmp_path)
    with pytest.raises(StoreError, match=sentence):
        store_care.take_backup(world.location, target, world.clock)
    assert [path for path in sorted(tmp_path.rglob("*")) if "unfinished" in path.name] == []
    assert len(sorted(tmp_path.rglob("*"))) <= len(before) + 1


def test_a_full_disk_leaves_no_half_backup(world: World, tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, limits[1]))
    try:
        with pytest.raises(StoreError):
            store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []
    store_care.take_backup(world.location, tmp_path / "backup", world.clock)


def test_what_is_restored_is_what_was_backed_up_and_the_old_store_is_kept(
    world: World, sent_file: Path, tmp_path: Path
) -> None:
    content = sent_file.read_bytes()
    store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    world.hears(world.shop, "came after the backup")
    world.store.close()
    late = frozen.content(tmp_path / "store.db")["message"]
    sent_file.unlink()
    with umask(0):
        held, kept, doubtful, notice = store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
    assert notice == ""
    assert kept is not None
    assert frozen.content(kept)["message"] == late
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE((tmp_path / "store.db").stat().st_mode) == 0o600
    assert sent_file.read_bytes() == content
    assert stat.S_IMODE(sent_file.stat().st_mode) == 0o600
    restored = frozen.content(tmp_path / "store.db")
    assert len(restored["message"]) == held.counts["message"] == len(late) - 1
    assert doubtful == sum(row["status"] == "queued" for row in late)
    assert store_care.check(world.location) == ()


def test_what_waited_when_the_backup_was_taken_is_not_sent_on_a_guess(world: World, tmp_path: Path) -> None:
    message = world.send(world.person("Rosa", "+12025550177"), world.shop, "may have gone out since")
    store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    world.store.close()
    store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
    world.store = Store.open(world.location, world.clock)
    assert world.message(message.id).status is Delivery.UNKNOWN
    world.clock.forward(hours=1)
    assert all(job.reconciles for job in world.store.call(dispatch.take, "outbox", 50))
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert "may have been sent since" in ledger.attempts[-1].detail


def test_a_store_that_somebody_works_with_is_not_replaced(world: World, tmp_path: Path) -> None:
    store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    before = dump(world)
    with pytest.raises(StoreError, match=r"another program has the store .* open: stop it first"):
        store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
    world.store.call(leases.take, "receive", "desk-3/4711/ab", timedelta(seconds=12))
    with pytest.raises(StoreError, match=r"in use: process 4711 on desk-3 \(receive, until"):
        store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
    (holder,) = store_care.info(world.location, world.clock).holders
    assert (holder.process, holder.does) == ("desk-3/4711", "receive")
    world.store.close()
    with pytest.raises(StoreError, match="in use"):
        store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
    assert {name: rows for name, rows in dump(world).items() if name != "lease"} == {
        name: rows for name, rows in before.items() if name != "lease"
    }
    assert [path.name for path in tmp_path.iterdir() if "restore" in path.name] == []
    world.clock.forward(seconds=13)
    store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)


def _truncate(folder: Path) -> None:
    os.truncate(folder / "contacts.db", 8_192)


def _flip(folder: Path) -> None:
    content = bytearray((folder / "contacts.db").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "contacts.db").write_bytes(content)


def _lose_a_file(folder: Path) -> None:
    next((folder / "contacts.db-files").iterdir()).unlink()


def _spoil_a_file(folder: Path) -> None:
    next((folder / "contacts.db-files").iterdir()).write_bytes(b"something else")


def _lose_the_list(folder: Path) -> None:
    (folder / "backup.json").unlink()


@pytest.mark.parametrize("harm", [_truncate, _flip, _lose_a_file, _spoil_a_file, _lose_the_list])
def test_a_backup_that_is_not_whole_replaces_nothing(
    world: World, sent_file: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    harm(tmp_path / "backup")
    world.store.close()
    before = (tmp_path / "store.db").read_bytes()
    with pytest.raises(StoreError, match="backup"):
        store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
    assert (tmp_path / "store.db").read_bytes() == before


def test_a_destroyed_or_missing_store_is_restored(world: World, tmp_path: Path) -> None:
    store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    world.store.close()
    for harm in (lambda: (tmp_path / "store.db").write_bytes(b"\xff" * 50_000), (tmp_path / "store.db").unlink):
        harm()
        store_care.restore(world.location, "Kim", tmp_path / "backup", world.clock)
        assert store_care.check(world.location) == ()


def test_behind_a_link_lies_one_store(world: World, tmp_path: Path, sent_file: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    (links / "to.db").symlink_to(tmp_path / "store.db")
    location = f"sqlite:///{links / 'to.db'}"
    with closing(Store.open(location, world.clock)) as linked:
        assert linked.files == world.store.files
    assert store_care.take_backup(location, tmp_path / "backup", world.clock).files == 1
    assert store_care.check(location) == ()
    world.store.close()
    _, kept, *_ = store_care.restore(location, "Kim", tmp_path / "backup", world.clock)
    assert kept is not None
    assert kept.parent == tmp_path
    assert not kept.is_symlink()
    assert (links / "to.db").is_symlink()
    assert store_care.check(location) == store_care.check(world.location) == ()


def test_a_link_that_leads_elsewhere_now_is_noticed(world: World, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "store.db")
    with closing(Store.open(f"sqlite:///{link}", world.clock)) as linked:
        linked.call(vital_signs.write)
        Store.open(f"sqlite:///{tmp_path / 'other.db'}", world.clock).close()
        link.unlink()
        link.symlink_to(tmp_path / "other.db")
        with pytest.raises(StoreLost):
            linked.call(vital_signs.write)
