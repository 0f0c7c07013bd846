"""Which right each writing service needs: each function that writes into the store is in one of these lists.

A function writes when it runs a statement that does, or calls or passes on a function that does: see `_reaching`.
"""

import ast
from functools import cache
from pathlib import Path

from contacts_tui.domain.roles import Right

ROOT = Path(__file__).parents[2] / "contacts_tui"
_SERVICES = "contacts_tui.services."
_CHECKS = {f"{_SERVICES}rights.check", f"{_SERVICES}rights.check_many"}
_STATEMENTS = {f"contacts_tui.store.sql.{name}" for name in ("write", "write_all", "write_each", "inserted")}

BY_RIGHT = {
    "agents.add": Right.AGENTS,
    "agents.disable": Right.AGENTS,
    "canned_replies.drop": Right.SHARED,
    "canned_replies.remove": Right.SHARED,
    "canned_replies.save": Right.SHARED,
    "forgetting.forget": Right.FORGET,
    "gaps.acknowledge": Right.ACKNOWLEDGE,
    "import_run.run": Right.EXCHANGE,
    "inboxes.change": Right.INBOXES,
    "inboxes.connect": Right.INBOXES,
    "inboxes.disconnect": Right.INBOXES,
    "inboxes.put_aside": Right.INBOXES,
    "media.renew_links": Right.SETTINGS,
    "merging.undo": Right.UNDO,
    "messaging.set_unread": Right.BULK,
    "privacy.configure": Right.SETTINGS,
    "queue.apply": Right.BULK,
    "queue.configure_target": Right.SETTINGS,
    "queue.set_target": Right.INBOXES,
    "queue.undo": Right.UNDO,
    "queue.undo_whole": Right.UNDO,
    "store_care.repair": Right.STORE,
    "store_care.restore": Right.STORE,
    "store_copy.copy": Right.STORE,
    "views.remove": Right.SHARED,
    "views.save": Right.SHARED,
}
"""Functions that need a right, at least where they touch what other agents did, or many people."""

READ_BY_RIGHT = {
    "contacts_import.begin": Right.EXCHANGE,
    "people_export.begin": Right.EXCHANGE,
    "people_export.pieces": Right.EXCHANGE,
    "people_export.read": Right.EXCHANGE,
    "people_export.write": Right.EXCHANGE,
    "person_archive.write": Right.EXCHANGE,
    "queue.affected": Right.BULK,
    "queue.written": Right.JOURNAL,
    "report.of_days": Right.JOURNAL,
    "report.of_period": Right.JOURNAL,
    "store_care.to_copy": Right.STORE,
}
"""Functions that need a right although they store nothing."""

EVERYBODYS = {
    "catch_up.CatchUp",
    "delivery.reconcile_by_agent",
    "delivery.reopen_unknown",
    "duplicates.dismiss",
    "duplicates.suggest_again",
    "gaps.asked",
    "health.check",
    "merging.merge",
    "merging.split",
    "messaging.acknowledge_stop",
    "messaging.arrived",
    "messaging.attach_to_draft",
    "messaging.choose_route",
    "messaging.mark_read",
    "messaging.mark_unread",
    "messaging.put_back_read",
    "messaging.retry",
    "messaging.save_draft",
    "messaging.send",
    "messaging.send_at_once",
    "messaging.take_back",
    "messaging.undo_arrived",
    "new_person.begin",
    "notes.add",
    "notes.edit",
    "notes.remove",
    "people_edit.change",
    "people_edit.create",
    "presence.leave",
    "presence.renew",
    "presence.show",
    "route_choice.put",
    "scheduled.cancel",
    "scheduled.change",
    "scheduled.schedule",
    "templates.sync",
}
"""Functions that any agent may call: to answer and to sort people, or only to ask a provider."""

NOBODYS = {
    "contacts_import.matched",
    "contacts_import.take",
    "contacts_import.take_all",
    "delivery.accepted_at",
    "delivery.record",
    "delivery.report",
    "delivery.reached",
    "delivery.still_unknown",
    "doctor.examine",
    "gaps.nobody_received",
    "gaps.provider_answered",
    "gaps.refused",
    "identities.find_or_add",
    "import_matching.People",
    "import_person.detailed",
    "import_person.updated",
    "import_preview.count",
    "inbound.apply",
    "inbox_problems.failed",
    "inbox_problems.worked",
    "inboxes.set_public_url",
    "media.outgoing",
    "person_fields.put",
    "privacy.forget_old",
    "privacy.take_back",
    "queue.record",
    "queue.wake",
    "scheduled.release",
    "vital_signs.write",
}
"""Functions for providers, workers, `serve` and the demo, and parts of the above: no agent calls one by itself."""


def test_each_function_that_writes_says_who_may() -> None:
    known = _functions()
    writers = {name.removeprefix(_SERVICES) for name in _reaching(known, _STATEMENTS) if _is_public(name)}
    lists = (set(BY_RIGHT), EVERYBODYS, NOBODYS)
    assert sum(map(len, lists)) == len(set.union(*lists)), "each is in one list"
    # The repairs are chosen from a table, to which no reference leads.
    assert writers | {"store_care.repair"} == set.union(*lists), (
        "put it where it belongs: docs/team.md, Roles and rights"
    )


def test_what_needs_a_right_asks_for_just_that_and_nothing_else_asks() -> None:
    known = _functions()
    asking = {name.removeprefix(_SERVICES) for name in _reaching(known, _CHECKS) if _is_public(name)}
    assert asking - {"rights.check_many"} == {*BY_RIGHT, *READ_BY_RIGHT}
    for name, right in (BY_RIGHT | READ_BY_RIGHT).items():
        wanted = {f"{_SERVICES}rights.check_many"} if right is Right.BULK else {f"Right.{right.name}"}
        assert f"{_SERVICES}{name}" in _reaching(known, wanted), name


def _is_public(name: str) -> bool:
    """Return whether a function is a service's, and public; workers act for no agent."""
    room = name.removeprefix(_SERVICES)
    return room != name and not room.startswith("workers.") and not room.rpartition(".")[2].startswith("_")


def _reaching(known: dict[str, set[str]], wanted: set[str]) -> set[str]:
    """Return the functions and classes that name one of `wanted`, or one that does, and so on."""
    found = set(wanted)
    while more := {name for name, named in known.items() if name not in found and named & found}:
        found |= more
    return found - wanted


@cache
def _functions() -> dict[str, set[str]]:
    """Return the names that each function and class of the services and the store uses."""
    found: dict[str, set[str]] = {}
    for room in ("services", "store"):
        for file in (ROOT / room).rglob("*.py"):
            module = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts)
            tree = ast.parse(file.read_text(encoding="utf-8"))
            names = {
                alias.asname or alias.name: f"{node.module}.{alias.name}"
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            }
            parts = {
                node.name: node
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            }
            names |= {name: f"{module}.{name}" for name in parts}
            found |= {names[name]: _named(node, names) for name, node in parts.items()}
    return found


def _named(node: ast.AST, names: dict[str, str]) -> set[str]:
    found = set()
    own = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    names = {name: meant for name, meant in names.items() if name not in own}
    for part in ast.walk(node):
        match part:
            case ast.Attribute(ast.Name("Right"), attribute):
                found.add(f"Right.{attribute}")
            case ast.Attribute(ast.Name(name), attribute) if name in names:
                found.add(f"{names[name]}.{attribute}")
            case ast.Name(name) if name in names:
                found.add(names[name])
    return found
