"""The declaration of every command: it is there, programs can read its output, and it is documented in one way."""

import pytest

from contacts_tui.cli.command_line import Command, commands, parse
from contacts_tui.cli.program import COMMANDS, EVERYWHERE

GOES_ON = {"demo", "serve", "sandbox"}
"""Commands that run until they are stopped: they neither list nor do one thing."""
PRINTS_A_SCRIPT = {"completion"}
"""Commands whose output is for a shell."""

ALL = {str(each.name): each for each in commands()}


@pytest.mark.parametrize("name", sorted(ALL.keys() - GOES_ON - PRINTS_A_SCRIPT))
def test_whatever_lists_or_does_something_prints_json_when_asked(name: str) -> None:
    assert "--json" in _spellings(ALL[name])


@pytest.mark.parametrize("command", ALL.values(), ids=ALL)
def test_a_command_explains_each_of_its_parameters(command: Command) -> None:
    assert command.examples
    assert all(getattr(each, "help", None) for each in command.params)


@pytest.mark.parametrize("command", ALL.values(), ids=ALL)
def test_a_name_that_stands_everywhere_is_no_parameter_of_a_command(command: Command) -> None:
    own = {spelling for each in command.own_params for spelling in each.opts}
    assert not own & {"-h", "--help", *(f"--{name}" for name in EVERYWHERE)}


def test_what_is_listed_is_a_command_or_has_commands_below() -> None:
    for name, entry in COMMANDS.items():
        assert entry.target or any(other.startswith(f"{name} ") for other in COMMANDS)
        assert " " not in name or not COMMANDS[name.rpartition(" ")[0]].target
        assert not entry.help.endswith(".")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("peopel", "people"),
        ("people lst", "list"),
        ("people list --limt 3", "--limit"),
        ("inbox catchup", "catch-up"),
        ("store infos", "info"),
        ("send 12 --chanel sms", "--channel"),
    ],
)
def test_what_was_mistyped_is_told_with_what_is_meant(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(typed.split())
    told = capsys.readouterr().err
    assert "Did you mean" in told
    assert f"'{meant}'" in told.partition("Did you mean")[2]


def _spellings(command: Command) -> set[str]:
    return {spelling for each in command.params for spelling in each.opts}
