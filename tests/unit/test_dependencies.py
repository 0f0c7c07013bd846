"""What is installed in the documented way is what the tests ran with."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = [Requirement(line) for line in PROJECT["optional-dependencies"]["pinned"]]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_constraints_are_plain_lines() -> None:
    assert [line for line in CONSTRAINTS if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.+!]+", line)] == []


def test_the_pinned_extra_is_the_runtime_part_of_the_constraints() -> None:
    versions = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in CONSTRAINTS)}
    assert {(each.name, str(each.specifier)) for each in PINNED} <= {
        (name, f"=={version}") for line in CONSTRAINTS for name, _, version in [line.partition("==")]
    }
    needed = _needed()
    here = {canonicalize_name(each.name) for each in PINNED if each.marker is None or each.marker.evaluate()}
    assert needed == here
    assert needed <= set(versions)


def _needed() -> set[str]:
    """Return the names of the packages that the program needs, and that those need in turn."""
    found: set[str] = set()
    waiting = [Requirement(line) for line in PROJECT["dependencies"]]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        for line in distribution(name).requires or []:
            inner = Requirement(line)
            if any(not inner.marker or inner.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                waiting.append(Requirement(line.partition(";")[0]))
    return found


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_each_dependency_has_a_bound_below_and_above(line: str) -> None:
    operators = {each.operator for each in Requirement(line).specifier}
    assert "==" in operators or ">=" in operators
    assert operators & {"==", "<"} or Requirement(line).name == "tzdata"


def test_the_list_says_when_each_was_taken_up() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\S+) \| .*? \| (\d{4}-\d{2}-\d{2}) \|$", page, re.MULTILINE)
    assert {f"{name}=={version}" for name, version, _ in rows} == {f"{each.name}{each.specifier}" for each in PINNED}
