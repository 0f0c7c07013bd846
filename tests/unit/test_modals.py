"""Every dialog looks like one: Textual's style sheets know a class by the first base of each, up to the root."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from contacts_tui import screens
from contacts_tui.screens.base import AgentModal


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_no_mixin_hides_from_the_style_sheets_that_a_dialog_is_one() -> None:
    for each in pkgutil.walk_packages(screens.__path__, f"{screens.__name__}."):
        importlib.import_module(each.name)
    dialogs = set(_below(AgentModal))
    assert len(dialogs) > 20
    assert [one.__name__ for one in dialogs if "AgentModal" not in one._css_type_names] == []
