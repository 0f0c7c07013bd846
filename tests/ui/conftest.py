"""Fixtures of the interface's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

from tests.services.world import World
from tests.ui.town import Town

_parse_rules = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}


def _parse_once(
    stylesheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    variables = frozenset(stylesheet._variables.items())
    key = (css, read_from, is_default_rules, tie_breaker, scope, variables)
    if key not in _parsed:
        _parsed[key] = _parse_rules(stylesheet, css, read_from, is_default_rules, tie_breaker, scope)
    return _parsed[key]


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """Parse each style sheet once in a process, and not in every app: a tenth of what these tests take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", _parse_once)
        yield


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Yield a town of sixty people."""
    made = Town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[World]:
    """Yield a world without people."""
    made = World(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def world(nobody: World) -> World:
    """Return a world without people, to which a test adds its own."""
    return nobody
