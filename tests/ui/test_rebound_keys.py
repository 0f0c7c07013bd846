"""Rebound keys apply to what is loaded already, text fields give way to them, and scopes are those of the screens."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.widget import Widget

from contacts_tui import screens
from contacts_tui.commands import BY_ID, Scope
from contacts_tui.commands.command import ACTIVE_TOGETHER, set_live_keys
from contacts_tui.commands.keymap import install
from contacts_tui.domain.clock import utc_now
from contacts_tui.screens.base import AgentScreen
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.keys import take_live_keys
from contacts_tui.widgets.search_field import SearchField
from contacts_tui.widgets.thread.view import ThreadView


@pytest.fixture(autouse=True)
def usual_keys() -> Iterator[None]:
    """Give the classes their usual keys again after a test."""
    yield
    set_live_keys({})
    take_live_keys()


def bound(widget: Widget) -> dict[str, str]:
    """Return the ids of our commands, or the names of the field's own actions, by key."""
    return {key: each[0].id or each[0].action for key, each in widget._bindings.key_to_bindings.items()}


def test_classes_loaded_before_have_the_keys_of_now() -> None:
    assert bound(ThreadView(utc_now, "Noor"))["r"] == "thread.retry"
    install("default", {"thread.retry": ["ctrl+r", "f10"], "thread.save": []})
    take_live_keys()
    keys = bound(ThreadView(utc_now, "Noor"))
    assert (keys["ctrl+r"], keys["f10"]) == ("thread.retry", "thread.retry")
    assert "r" not in keys
    assert "s" not in keys
    assert keys["<thread.save>"] == "thread.save", "the palette finds where it runs"


@pytest.mark.parametrize(
    ("field", "key", "own", "command"),
    [
        (Composer, "ctrl+k", "delete_to_end_of_line_or_delete_line", "contact.template"),
        (Composer, "ctrl+e", "cursor_line_end", "app.palette"),
        (lambda: SearchField(""), "ctrl+u", "delete_left_all", "people.views"),
    ],
)
def test_a_text_field_gives_way_to_a_key_that_somebody_chose(
    field: type[Widget], key: str, own: str, command: str
) -> None:
    assert bound(field())[key] == own
    install("default", {command: [key]})
    take_live_keys()
    assert key not in bound(field())


def test_a_text_field_keeps_its_cursor_and_its_copying() -> None:
    keys = bound(Composer())
    assert {"left", "right", "up", "down", "home", "end", "ctrl+c", "ctrl+v", "backspace"} <= keys.keys()
    assert {"f6", "f7", "pageup"} & keys.keys() == {"pageup"}
    assert keys["pageup"] == "composer.page_up"
    assert "enter" not in bound(SearchField(""))


def test_every_screen_has_scopes_that_are_known_to_work_together() -> None:
    for module in pkgutil.walk_packages(screens.__path__, f"{screens.__name__}."):
        importlib.import_module(module.name)
    seen = set()
    for screen in _below(AgentScreen):
        outer = screen.SCOPES[-1:] if len(screen.SCOPES) == 2 else ()
        for scope in screen.SCOPES:
            seen.add(scope)
            assert any(scope in chain for chain in ACTIVE_TOGETHER), scope
            assert not outer or any({scope, *outer} <= set(chain) for chain in ACTIVE_TOGETHER), screen
    assert seen | {Scope.APP} == {command.scope for command in BY_ID.values()}


def _below(kind: type[AgentScreen[object]]) -> Iterator[type[AgentScreen[object]]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)
