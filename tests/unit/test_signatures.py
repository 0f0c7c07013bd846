"""Values that belong together are one object: no function takes a handful of loose values."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST = 7
"""Arguments of a function at most, `self` and `cls` not counted. More of them are a record of `domain`."""

DECLARED_ELSEWHERE = {"contacts_tui/channels/twilio/http.py: request"}
"""Methods whose arguments a library declares: Twilio's client calls this one."""


def too_long(source: str) -> Iterator[str]:
    """Yield the names of the functions of a module that take too many arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not _is_command(node):
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            if sum(argument.arg not in ("self", "cls") for argument in arguments) > MOST:
                yield getattr(node, "name", "lambda")


def _is_command(node: ast.AST) -> bool:
    """Return whether a function is declared as a command: its arguments are then what is typed."""
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Call) and ast.unparse(each.func) == "command" for each in decorators)


@pytest.mark.parametrize("package", ["contacts_tui", "contacts_sandbox"])
def test_no_function_takes_more_than_seven_arguments(package: str) -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in too_long(path.read_text())
    }
    assert found - DECLARED_ELSEWHERE == set()


def test_eight_arguments_are_found_wherever_they_stand() -> None:
    source = """
class Desk:
    def seven(self, a, b, c, d, *, e, f, g=None, **rest): ...
    async def eight(self, a, b, c, /, d, e, *more, f, g, h): ...
def outer():
    return lambda a, b, c, d, e, f, g, h: a
"""
    assert sorted(too_long(source)) == ["eight", "lambda"]
