"""The packages keep to themselves: what each module imports is checked in a fresh interpreter."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "twilio", "httpx", "alembic", "starlette", "uvicorn", "phonenumbers", "keyring")
"""Packages that cost start-up time, or that a module must not know."""

ALLOWED = {
    "contacts_tui.domain.views": (),
    "contacts_tui.domain.address": (),
    "contacts_tui.commands": (),
    "contacts_tui.config": (),
    "contacts_tui.paths": (),
    "contacts_tui.channels.registry": (),
    "contacts_tui.channels.twilio.adapter": (),
    "contacts_tui.store.store": (),
    "contacts_tui.services.messaging": (),
    "contacts_tui.services.inbound": (),
    "contacts_tui.services.workers.outbox": (),
    "contacts_tui.services.people": (),
    "contacts_tui.receiver": ("starlette", "uvicorn"),
    "contacts_tui.widgets.people_list": ("textual",),
    "contacts_tui.screens.people.people_screen": ("textual",),
    "contacts_tui.screens.contact.contact_screen": ("textual",),
    "contacts_tui.app": ("textual",),
}


@pytest.mark.parametrize("module", ALLOWED)
def test_a_room_imports_only_what_it_needs(module: str) -> None:
    loaded = _loaded_after(f"import {module}")
    assert loaded - set(ALLOWED[module]) == set()


@pytest.mark.parametrize(
    "module",
    ["contacts_tui.app", "contacts_tui.screens.people.people_screen", "contacts_tui.screens.contact.contact_screen"],
)
def test_the_interface_paints_before_the_database_is_imported(module: str) -> None:
    assert not _loaded_after(f"import {module}", ("sqlalchemy", "sqlmodel", "pydantic"))


def _loaded_after(statement: str, packages: tuple[str, ...] = HEAVY) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*[name for name in {packages!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(result.stdout.split())
