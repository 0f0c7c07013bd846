"""What is on the disk can be read by its owner alone, and is removed when it has served its purpose."""

import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.channels.base import Event, InboundMessage, MessageEdited
from contacts_tui.channels.secrets import exposed
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.gap import Gap, MissedMessage, Reason
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Media
from contacts_tui.services import health, inbound, inboxes, open_files, privacy
from contacts_tui.services.errors import BadInput
from contacts_tui.services.workers import maintenance
from contacts_tui.store import gaps
from tests.other_program import execute, tables
from tests.services.world import World

Order = Callable[[World], Iterable[Event]]
SECRET = "the words that were taken back"
OPENS = """
import asyncio, sys
from pathlib import Path
from contacts_tui.services import open_files
folder = open_files._own_folder()
(folder / "photo.jpg").write_bytes(b"a photo")
print(folder, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def page(world: World) -> Inbox:
    return world.inbox("Page", Channel.MESSENGER, "102030405060708", options={"app_secret": "env:APP_SECRET"})


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a new folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    open_files._own_folder.cache_clear()


def came(world: World, body: str = SECRET) -> InboundMessage:
    file = Media(f"https://cdn.example/{body}.jpg", "image/jpeg", f"{body}.jpg", 9)
    return InboundMessage("m1", "m1", "4455667788", body, (file,), "", world.clock(), {"text": body})


def edited(world: World, body: str) -> MessageEdited:
    return MessageEdited(f"m1:edit:{len(body)}", "m1", body, None, world.clock(), {"text": body})


def unsent(world: World) -> MessageEdited:
    at = world.clock() + timedelta(seconds=5)
    return MessageEdited(
        "m1:unsent", "m1", "(deleted by the sender)", (), at, {"mid": "m1", "old": SECRET}, taken_back=True
    )


def found(world: World, inbox: Inbox, *names: str) -> Gap:
    """Return a gap whose missed messages, of these names, were found in the provider's list and not received yet."""

    def keep(session: Session, clock: Clock) -> Gap:
        now = clock()
        gap = gaps.note(session, clock, inbox.id, Reason.STOPPED, now, now, is_lost=False)
        listed = [MissedMessage(name, now, 0, {"Body": f"{name}: found"}) for name in names]
        assert gaps.keep_found(session, gap, listed, [inbox.id], "")
        return gap

    return world.store.call(keep)


def everything(world: World) -> str:
    """Return all that the tables and the search hold, as text."""
    found: list[object] = []
    for name in tables(world.location):
        if name not in ("message_search", "contact_search") or not world.location.startswith("sqlite"):
            found += execute(world.location, f'SELECT * FROM "{name}"')
    return repr(found)


def keys(world: World) -> list[str]:
    return [key for (key,) in execute(world.location, "SELECT event_key FROM provider_event ORDER BY event_key")]


def _in_order(world: World) -> Iterable[Event]:
    return came(world), edited(world, f"{SECRET}, changed"), unsent(world)


def _before_its_message(world: World) -> Iterable[Event]:
    return unsent(world), came(world)


def _after_a_change_that_came_first(world: World) -> Iterable[Event]:
    return edited(world, f"{SECRET}, changed"), unsent(world), came(world)


@pytest.mark.parametrize("order", [_in_order, _before_its_message, _after_a_change_that_came_first])
@pytest.mark.parametrize("keeps", ["", "no", "yes"])
def test_what_was_taken_back_is_blanked_everywhere_unless_the_configuration_keeps_it(
    world: World, page: Inbox, order: Order, keeps: str
) -> None:
    world.store.call(privacy.configure, "Kim", "", keeps)
    found = list(order(world))
    for event in found:
        world.store.call(inbound.apply, page.id, [event])
    (message,) = world.thread(world.owner(page, "4455667788"))
    assert (message.body, message.media) == ("(deleted by the sender)", ())
    assert (SECRET in everything(world)) == (keeps == "yes")
    # Receiving the same webhooks once more changes nothing.
    before = everything(world)
    for event in found:
        world.store.call(inbound.apply, page.id, [event])
    assert world.thread(world.owner(page, "4455667788")) == (message,)
    assert len(keys(world)) == len(found)
    assert (SECRET in everything(world)) == (SECRET in before)


@pytest.mark.parametrize("keeps", ["", "yes"])
def test_what_was_taken_back_before_it_was_taken_in_is_blanked_too(world: World, page: Inbox, keeps: str) -> None:
    world.store.call(privacy.configure, "Kim", "", keeps)
    found(world, page, "m1", "m2")
    world.store.call(inbound.apply, page.id, [unsent(world)])
    left = everything(world)
    assert ("m1: found" in left) == (keeps == "yes")
    assert "m2: found" in left


@pytest.mark.parametrize("days", [3, privacy.RAW_DAYS])
async def test_what_was_found_at_the_provider_goes_at_its_age_and_is_looked_for_anew(
    world: World, page: Inbox, days: int
) -> None:
    world.store.call(privacy.configure, "Kim", str(days), "")
    gap = found(world, page, "m1", "m2")
    world.clock.forward(days=days)
    assert await privacy.forget_old(world.store) == 0
    world.clock.forward(seconds=1)
    found(world, page, "m3")
    await maintenance.tidy(world.store)
    left = everything(world)
    assert [f"m{number}: found" in left for number in (1, 2, 3)] == [False, False, True]
    (again,) = world.store.call_read(lambda session, _: gaps.open_gaps(session, page.id))
    assert (again.id, again.is_listed, again.cursor) == (gap.id, False, "")


async def test_raw_events_go_at_their_age_and_nothing_else(world: World, page: Inbox) -> None:
    world.store.call(inbound.apply, page.id, [came(world, "hello"), edited(world, "hello there")])
    sent = world.send(world.person(), world.shop, "a doubt")
    world.reported(world.shop, Delivery.DELIVERED, sid="SM-early")
    never = MessageEdited("x:edit", "x", "of a message that never came", None, world.clock(), {"a": 1})
    world.store.call(inbound.apply, page.id, [never])
    before = keys(world)
    world.clock.forward(days=privacy.RAW_DAYS - 1)
    assert await privacy.forget_old(world.store) == 0
    world.clock.forward(days=2)
    await maintenance.tidy(world.store)
    left = everything(world)
    assert '{"text"' not in left
    assert "of a message that never came" not in left
    assert keys(world) == before
    (message,) = world.thread(world.owner(page, "4455667788"))
    assert message.body == "hello there"
    # A report that waits for its message is still applied to it.
    assert sent.provider_id == ""
    world.reported(world.shop, Delivery.DELIVERED, sid="SM-early")
    assert keys(world) == before
    assert await privacy.forget_old(world.store) == 0


async def test_the_age_is_a_setting(world: World, page: Inbox) -> None:
    world.store.call(privacy.configure, "Kim", "3", "")
    for number in range(1200):
        event = InboundMessage(f"e{number}", f"e{number}", "4455667788", "hi", (), "", world.clock(), {"n": number})
        world.store.call(inbound.apply, page.id, [event])
    world.clock.forward(days=3, seconds=1)
    assert await privacy.forget_old(world.store) == 1200


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_credential_that_others_can_read_is_named(tmp_path: Path, mode: int, is_told: bool) -> None:
    file = tmp_path / "token"
    file.write_text("secret-token")
    file.chmod(mode)
    sentence = exposed(f"file:{file}")
    assert bool(sentence) == is_told
    assert "secret-token" not in sentence
    assert exposed("env:HOME") == exposed("keyring:x") == exposed(f"file:{tmp_path / 'none'}") == exposed("file:") == ""


def test_every_credential_of_an_inbox_is_looked_at(world: World, tmp_path: Path) -> None:
    for name in ("token", "secret"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o644)
    page = world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(
            name="Page",
            channel=Channel.MESSENGER,
            address="102030405060708",
            account="",
            secret=f"file:{tmp_path / 'token'}",
            options={"app_secret": f"file:{tmp_path / 'secret'}"},
        ),
    )
    told = health.exposed_secrets([page])
    assert [str(tmp_path / name) in line for line, name in zip(told, ("secret", "token"), strict=True)] == [True] * 2


@pytest.mark.parametrize(
    "url", ["https://kim:hunter2@api.example.com", "https://hunter2@api.example.com/", "http://:hunter2@127.0.0.1:8081"]
)
def test_an_address_with_a_password_in_it_is_refused_and_not_repeated(world: World, url: str) -> None:
    with pytest.raises(BadInput, match="a user or a password in the base URL") as refused:
        world.inbox("Other", Channel.SMS, "+12025550199", base_url=url)
    with pytest.raises(BadInput, match="a user or a password in the public URL") as again:
        world.store.call(inboxes.set_public_url, url)
    assert "hunter2" not in refused.value.sentence + again.value.sentence


def test_files_that_were_opened_go_with_the_program_that_opened_them(temporary: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPENS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    folders = []
    for process in started:
        assert process.stdout is not None
        folders.append(Path(process.stdout.readline().strip()))
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3
    stranger = temporary / "contacts-tui-demo-of-somebody"
    stranger.mkdir()
    ended, killed, running = started
    ended.communicate("\n", timeout=30)
    assert not folders[0].exists()
    killed.kill()
    killed.wait()
    assert folders[1].exists()
    open_files.sweep()
    assert [folder.exists() for folder in folders] == [False, False, True]
    assert stranger.exists()
    running.communicate("\n", timeout=30)
