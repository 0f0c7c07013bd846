"""Who may do what: checked by the services, whoever calls them."""

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.cli.interface import configure_store
from contacts_tui.config import Config
from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.roles import MANY, RIGHTS, SYSTEM, Right, Role
from contacts_tui.domain.view import View
from contacts_tui.services import (
    agents,
    canned_replies,
    contacts_import,
    forgetting,
    gaps,
    inboxes,
    media,
    merging,
    messaging,
    people_export,
    person_archive,
    privacy,
    queue,
    report,
    rights,
    store_care,
    store_copy,
    views,
)
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.errors import BadInput, NotAllowed
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store import contacts
from tests.services.world import World

PAGE = Path(__file__).parents[2] / "docs" / "team.md"


@pytest.fixture
def team(world: World) -> Iterator[World]:
    """Yield a world in which Kim is administrator, Lee lead and Amir agent; Sam is an agent whom nobody added."""
    for name, role in (("Kim", Role.ADMINISTRATOR), ("Lee", Role.LEAD), ("Amir", Role.AGENT)):
        world.store.call(agents.add, "Kim", AgentForm(name, role=role))
    yield world


def bot() -> InboxForm:
    return InboxForm(name="Shop bot", channel=Channel.TELEGRAM, address="shop_bot", account="", secret="env:BOT")


def somebody(world: World) -> int:
    return world.store.call(contacts.insert, NewContact("Somebody")).id


def act_of_kim(world: World) -> int:
    return world.store.call(queue.apply, "Kim", [somebody(world)], Action(Kind.TAG, "vip")).batch


def reply_of_all(world: World, text: str) -> CannedReply:
    return world.store.call(canned_replies.save, SYSTEM, CannedReply("ready", text))


def merge_of(world: World, author: str) -> int:
    return world.store.call(merging.merge, somebody(world), somebody(world), author=author).id


TOO_MANY = range(1, MANY + 2)
"""Ids of more people than an agent may change at once; most don't exist."""
DEEDS: dict[str, tuple[Right, Callable[[World, str, Path], object]]] = {
    "connect": (Right.INBOXES, lambda w, who, _: w.store.call(inboxes.connect, who, bot())),
    "change": (Right.INBOXES, lambda w, who, _: w.store.call(inboxes.change, who, w.shop.id, w.shop.form)),
    "disconnect": (Right.INBOXES, lambda w, who, _: asyncio.run(inboxes.disconnect(w.store, who, w.shop.id))),
    "answer target": (Right.INBOXES, lambda w, who, _: w.store.call(queue.set_target, who, w.shop.id, None)),
    "forget": (Right.FORGET, lambda w, who, _: forgetting.forget(w.store, who, somebody(w))),
    "add an agent": (Right.AGENTS, lambda w, who, _: w.store.call(agents.add, who, AgentForm("Noor"))),
    "disable an agent": (Right.AGENTS, lambda w, who, _: w.store.call(agents.disable, who, "Amir")),
    "acknowledge": (Right.ACKNOWLEDGE, lambda w, who, _: w.store.call(gaps.acknowledge, [w.shop], who)),
    "journal": (Right.JOURNAL, lambda w, who, _: w.store.call_read(queue.written, who, 10)),
    "undo": (Right.UNDO, lambda w, who, _: queue.undo_whole(w.store, who, act_of_kim(w))),
    "undo a merge": (Right.UNDO, lambda w, who, _: w.store.call(merging.undo, merge_of(w, "Kim"), author=who)),
    "report": (Right.JOURNAL, lambda w, who, _: w.store.call_read(report.of_days, who, 7)),
    "change many": (Right.BULK, lambda w, who, _: w.store.call(queue.apply, who, TOO_MANY, Action(Kind.CLOSE))),
    "mark many": (Right.BULK, lambda w, who, _: w.store.call(messaging.set_unread, who, TOO_MANY, unread=False)),
    "revoke links": (Right.SETTINGS, lambda w, who, _: w.store.call(media.renew_links, who)),
    "keep what came in": (Right.SETTINGS, lambda w, who, _: w.store.call(privacy.configure, who, "7", "")),
    "usual target": (Right.SETTINGS, lambda w, who, _: w.store.call(queue.configure_target, who, "5m", "", "")),
    "repair": (Right.STORE, lambda w, who, _: store_care.repair(w.location, who, (), w.clock)),
    "copy": (
        Right.STORE,
        lambda w, who, folder: store_copy.copy(
            w.location, f"sqlite:///{folder}.db", who, w.clock, lambda done, of: None
        ),
    ),
    "export": (Right.EXCHANGE, lambda w, who, _: w.store.call_read(people_export.read, who, [somebody(w)])),
    "archive": (Right.EXCHANGE, lambda w, who, folder: person_archive.write(w.store, who, somebody(w), folder)),
    "import": (
        Right.EXCHANGE,
        lambda w, who, _: w.store.call_read(
            contacts_import.begin, who, PeopleFile(lambda: iter(io.StringIO("name\n")), None, {}), Duplicates.SKIP
        ),
    ),
    "replace a view": (
        Right.SHARED,
        lambda w, who, _: (
            w.store.call(views.save, "Kim", View("Late", "waiting>1h", author="Kim")),
            w.store.call(views.save, who, View("late", "waiting>2h", author=who)),
        ),
    ),
    "remove a view": (
        Right.SHARED,
        lambda w, who, _: (
            w.store.call(views.save, "Kim", View("Late", "waiting>1h", author="Kim")),
            w.store.call(views.remove, who, "Late"),
        ),
    ),
    "replace a reply": (
        Right.SHARED,
        lambda w, who, _: (reply_of_all(w, "One"), w.store.call(canned_replies.save, who, CannedReply("ready", "Two"))),
    ),
    "remove a reply": (
        Right.SHARED,
        lambda w, who, _: (reply_of_all(w, "One"), w.store.call(canned_replies.remove, who, "ready")),
    ),
}
"""What not every agent may do, by what it is: the right it needs, and the call by which an agent does it."""


def test_every_right_is_asked_for_somewhere() -> None:
    assert {right for right, _ in DEEDS.values()} == set(Right)


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("deed", DEEDS)
def test_a_service_does_what_the_role_allows_and_refuses_the_rest(team: World, tmp_path: Path, deed: str) -> None:
    right, act = DEEDS[deed]
    is_of_leads = right in RIGHTS[Role.LEAD]
    for name in ("Sam",) if is_of_leads else ("Sam", "Lee"):
        with pytest.raises(NotAllowed) as refused:
            act(team, name, tmp_path / "folder")
        who = "Kim, Lee (lead or administrator)" if is_of_leads else "Kim (administrator)"
        assert refused.value.sentence == f"{name} has no right to {right}: ask {who}"
        assert list(tmp_path.glob("folder*")) == []
    act(team, "Lee" if is_of_leads else "Kim", tmp_path / "folder")


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("deed", DEEDS)
def test_in_a_store_without_an_administrator_everybody_may_do_everything(
    world: World, tmp_path: Path, deed: str
) -> None:
    for name in ("Lee", "Amir"):
        world.store.call(agents.add, "Sam", AgentForm(name))
    DEEDS[deed][1](world, "Sam", tmp_path / "folder")


def test_what_is_an_agents_own_they_may_change_and_undo(team: World) -> None:
    team.store.call(views.save, "Amir", View("Late", "waiting>1h", author="Amir"))
    team.store.call(views.save, "Amir", View("Late", "waiting>2h", author="Amir"))
    team.store.call(views.remove, "Amir", "Late")
    for text in ("One", "Two"):
        team.store.call(canned_replies.save, "Amir", CannedReply("ready", text, "Amir"))
    team.store.call(canned_replies.remove, "Amir", "ready")
    ann = team.person()
    done = team.store.call(queue.apply, "Amir", [ann], Action(Kind.TAG, "late"))
    act_of_kim(team)
    assert [entry.agent for entry in team.store.call_read(queue.written_by, "Amir", 10)] == ["Amir"]
    assert [entry.agent for entry in team.store.call_read(queue.written, "Amir", 10, ann)] == ["Amir"]
    assert tuple(queue.undo_whole(team.store, "Amir", done.batch).contact_ids) == (ann,)


def test_many_people_are_many_however_few_come_at_a_time(team: World) -> None:
    begun = team.store.call(queue.apply, "Amir", [team.person()], Action(Kind.TAG, "late"))
    for agent in ("Amir", "Lee"):
        with refusal(agent == "Amir"):
            team.store.call(queue.apply, agent, TOO_MANY[:-1], Action(Kind.TAG, "late"), begun.batch)
        with refusal(agent == "Amir"):
            team.store.call_read(queue.affected, TOO_MANY, Action(Kind.CLOSE), agent)


def refusal(is_refused: bool) -> AbstractContextManager[object]:
    return pytest.raises(NotAllowed) if is_refused else nullcontext()


def test_an_agents_own_report_and_merges_are_theirs(team: World) -> None:
    assert team.store.call_read(report.of_days, "Amir", 7, "Amir")[0].agent == "Amir"
    team.store.call(merging.undo, merge_of(team, "Amir"), author="Amir")


async def test_a_configuration_is_used_for_the_whole_store_by_who_may_set_it(team: World) -> None:
    for agent, said in (
        ("Amir", "Your configuration is not used for the whole store: Amir has no right to change settings"),
        ("Kim", ""),
        ("Amir", ""),
    ):
        for config in (Config(agent=agent, keep_taken_back="yes"), Config(agent=agent, answer_target="5m")):
            assert (await configure_store(config, team.store))[: len(said) or None] == said
    assert team.store.call_read(queue.target, team.shop.id).within == timedelta(minutes=5)


@pytest.mark.engine("sqlite")
def test_restoring_is_an_administrators_as_long_as_the_store_can_be_asked(team: World, tmp_path: Path) -> None:
    store_care.take_backup(team.location, tmp_path / "backup", team.clock)
    with pytest.raises(NotAllowed, match="Lee has no right to restore"):
        store_care.restore(team.location, "Lee", tmp_path / "backup", team.clock)
    team.store.close()
    Path(team.location.removeprefix("sqlite:///")).write_bytes(b"damaged" * 1000)
    store_care.restore(team.location, "Lee", tmp_path / "backup", team.clock)
    with pytest.raises(NotAllowed, match="Lee has no right to restore"):
        store_care.restore(team.location, "Lee", tmp_path / "backup", team.clock)


def test_the_last_administrator_is_neither_disabled_nor_lowered(team: World) -> None:
    for lowered in (Role.AGENT, Role.LEAD):
        with pytest.raises(BadInput, match="Kim is the last administrator"):
            team.store.call(agents.add, "Kim", AgentForm("Kim", role=lowered))
    with pytest.raises(BadInput, match="Kim is the last administrator"):
        team.store.call(agents.disable, "Kim", "kim")
    team.store.call(agents.add, "Kim", AgentForm("Lee", role=Role.ADMINISTRATOR))
    team.store.call(agents.disable, "Lee", "Kim")
    assert team.store.call_read(lambda session, _: rights.administrators(session)) == ("Lee",)


def test_who_is_changed_keeps_the_role_and_who_is_disabled_loses_it(team: World) -> None:
    form = AgentForm("Lee", "lee@example.com", "mon-fri 9-18", "Asia/Beirut")
    assert team.store.call(agents.add, "Kim", form).role is Role.LEAD
    changed = team.store.call(agents.add, "Kim", AgentForm("Lee", role=Role.LEAD))
    assert (changed.address, changed.hours, changed.time_zone) == ("lee@example.com", changed.hours, "Asia/Beirut")
    assert changed.hours is not None
    team.store.call(agents.disable, "Kim", "Lee")
    role = team.store.call_read(rights.role_of, "Lee")
    assert role is Role.AGENT


def test_the_page_shows_the_same_rights() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.removesuffix("|").split("|")][1:] for row in rows]
    shown = {each[0]: each[1:] for each in cells}
    for right in Right:
        assert shown[right] == ["yes" if right in RIGHTS[role] else "" for role in Role], right
