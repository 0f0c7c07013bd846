"""Commands over a store in which a newer version has written what this one doesn't know."""

import pytest

from tests.e2e.cli.program import Program
from tests.other_program import execute
from tests.services.test_unknown_values import ENUMS
from tests.services.test_unknown_values import world as world
from tests.services.world import World

COMMANDS = (
    ("people", "list"),
    ("people", "duplicates"),
    ("people", "merges"),
    ("inbox", "list"),
    ("thread", "Ann Lee"),
    ("templates", "list"),
    ("message", "show", "1"),
    ("message", "show", "2"),
    ("channels", "Ann Lee"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_reads_over_what_it_does_not_know(world: World, program: Program, command: tuple[str, ...]) -> None:
    for statement in ENUMS.values():
        execute(world.location, statement)
    for mode in ((), ("--json",)):
        result = program.run("--database", world.location, *command, *mode)
        assert "Traceback" not in result.stdout
        assert result.returncode not in (70, 1), result.stderr
