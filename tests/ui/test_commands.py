"""The registry: every command can be reached, none shadows another, and the docs list all."""

from collections import Counter
from pathlib import Path

import pytest

from contacts_tui.commands import COMMANDS, Scope, in_scopes, key_table, key_word, scopes_from

DOCS = Path(__file__).parents[2] / "docs" / "keys.md"


def test_the_docs_hold_the_key_table() -> None:
    assert DOCS.read_text(encoding="utf-8") == key_table()


def test_ids_are_unique_and_begin_with_their_scope() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1
    assert all(command.id.startswith(f"{command.scope}.") for command in COMMANDS)


@pytest.mark.parametrize("scope", Scope)
def test_no_key_means_two_things_in_one_scope(scope: Scope) -> None:
    keys = Counter(key for command in in_scopes((scope,)) for key in command.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_command_has_a_sentence_and_a_label() -> None:
    for command in COMMANDS:
        assert command.help.endswith("."), command.id
        assert 0 < len(command.label) <= 24, command.id


def test_no_key_is_one_that_terminals_take() -> None:
    taken = {"ctrl+h", "ctrl+enter", "alt+f", "alt+b", "ctrl+b", "ctrl+z"}
    for command in COMMANDS:
        assert not set(command.keys) <= taken or not command.keys, command.id


def test_help_begins_with_the_scopes_one_came_from_and_leaves_none_out() -> None:
    order = scopes_from((Scope.THREAD, Scope.CONTACT))
    assert order[:2] == (Scope.THREAD, Scope.CONTACT)
    assert set(order) == {command.scope for command in COMMANDS}


def test_keys_are_written_as_people_write_them() -> None:
    assert [key_word(key) for key in ("alt+enter", "question_mark", "ctrl+p", "G")] == ["alt+⏎", "?", "ctrl+p", "G"]
