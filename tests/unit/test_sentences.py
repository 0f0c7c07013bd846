"""Everything that people read is plain, idiomatic English: no phrase that has to be read twice."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from contacts_tui.channels import registry
from contacts_tui.channels.meta import errors as meta
from contacts_tui.channels.telegram import errors as telegram
from contacts_tui.channels.twilio import errors as twilio
from contacts_tui.commands.command import Scope
from contacts_tui.commands.registry import COMMANDS
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.text import begun

PACKAGE = Path(__file__).parents[2] / "contacts_tui"

_FORBIDDEN = (
    r"(?i)\bsome(body|one's)\b",
    r"(?i)\bno(body| one) (knows|can|looks|asks)\b",
    r"(?i)\bwho(m|so)?ever\b",
    r"(?i)\b(heard|hears?|hearing)\b",
    r"(?i)\bneeds? care\b",
    r"(?i)\bcan't be had\b",
    r"(?i)\btaken (by|back|note)\b",
    r"(?i)\btakes? (it back|note|it off)\b",
    r"(?i)\byour word\b",
    r"(?i)\b(go|goes|gone|went) out\b",
    r"(?i)\b(is|are) (looked|waited|asked) for\b",
    r"(?i)\bhand(ed|s|ing)? on\b",
    r"(?i)\bthe ledger says\b",
    r"(?i)\b(anew|afresh|likewise|whence|thereof|therein|mended)\b",
    r"(?i)\ball the same\b",
    r"(?i)^(\W*a )?it arrived\b",
    r"(?i)\bwhat (became|came) of\b",
    r"(?i)\b(in doubt|the doubt)\b",
    r"(?i)\bnone of \w+'s\b",
    r"(?i)(?<!there) (is|are) no (?!longer)\w",
    r"(?i)\bof theirs\b",
    r"(?i)\bnothing (is wrong|left)\b",
    r"(?i)\b(lets|let) us write\b",
    r"(?i)\bstatuses to\b",
    r"(?i)\bbegins? again\b",
    r"(?i)\ba mistake\b",
    r"(?i)\bany more[.:;,)]",
)
"""Phrases that aren't idiomatic: archaic, riddling, or about us rather than about what happened."""

_NOT_READ = ("store/migrations/", "domain/stop_phrases.py", "services/import_columns.py")
"""Files whose texts are not sentences of ours: SQL, and words that people and their files use."""


def _docstrings(tree: ast.AST) -> set[int]:
    return {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    """Return a text of the source as it is written, with "{…}" for each value."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)


def _sentences() -> Iterator[tuple[str, str]]:
    """Yield every text of several words in the package that is no docstring, after its file and line."""
    for file in sorted(PACKAGE.rglob("*.py")):
        place = file.relative_to(PACKAGE).as_posix()
        if place.startswith(_NOT_READ):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        passed = _docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                passed |= {id(part) for part in ast.walk(node) if isinstance(part, ast.Constant)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in passed:
                text = _text(node).strip()
                if " " in text:
                    yield f"{place}:{node.lineno}", text


def test_no_sentence_has_a_turn_that_nobody_says() -> None:
    found = [
        f"{place}: {match[0]!r} in {text!r}"
        for place, text in _sentences()
        for turn in _FORBIDDEN
        if (match := re.search(turn, text))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "nobody knows whether it went out",
        "it is looked for",
        "a it arrived",
        "x is no page id: it is a number",
        "an address that is somebody else's",
        "Merges the chosen person with another contact of theirs.",
        "live: nothing is wrong",
        "the inbox needs care",
    ],
)
def test_the_turns_are_found(text: str) -> None:
    assert any(re.search(turn, text) for turn in _FORBIDDEN)


_KEYS = (
    r"(?i)\b(ctrl|alt|shift|super)\+",
    r"[⏎⌫↑↓]",
    r"(?i)\b(esc|escape|pgup|pgdn|f\d\d?)\b",
    r"(?i)\bpress(es)? (?!\{…\}|any key|twice|again)",
    r"\b(Enter|Return|Tab|Space)\b(?= (to|sends?|opens?|goes|chooses?|again|key)\b)",
    r"(?:^|· |\(|: )(?:[b-zB-Z?/:]|a(?= (?:mark|assign|attach|again)))(?= [a-z]+s?\b(?! [=<]))",
)
"""A key spelt out: a sentence asks the registry for it instead, and names the agent's own key."""

_KEY_NAMES = ("commands/key_names.py", "commands/keymap.py")
"""Modules that are about keys themselves."""

_SCREENS = ("screens/", "widgets/", "commands/", "services/", "domain/", "app.py")


def _spelt_key(text: str) -> str | None:
    return next((match[0] for key in _KEYS if (match := re.search(key, text))), None)


def test_no_sentence_spells_a_key() -> None:
    found = [
        f"{place}: {key!r} in {text!r}"
        for place, text in _sentences()
        if place.startswith(_SCREENS) and not place.startswith(_KEY_NAMES) and (key := _spelt_key(text))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "ctrl+s saves it",
        "⏎ send",
        "Press esc to go back",
        "Press y to copy the link",
        "must write first · y copies the link",
        "may have been sent (r resend)",
        "Nothing is written: Enter sends what is",
        "a mark as sent",
        "the card is on f7",
    ],
)
def test_a_spelt_key_is_found(text: str) -> None:
    assert _spelt_key(text)


def test_every_help_is_a_sentence_in_the_imperative() -> None:
    for command in COMMANDS:
        first = command.help.split()[0]
        assert command.help == begun(command.help), command.id
        assert command.help.endswith("."), command.id
        assert first == "Press" or not first.endswith("s"), f"{command.id}: {command.help}"
        assert command.label == command.label.strip(" ."), command.id
    assert all(scope.label == begun(scope.label) for scope in Scope)


@pytest.mark.parametrize(
    ("provider", "codes"),
    [(Provider.TWILIO, twilio.CODES), (Provider.TELEGRAM, telegram.CODES), (Provider.META, meta.CODES)],
)
def test_every_failure_is_two_clauses(provider: Provider, codes: Mapping[str, object]) -> None:
    for code in (*codes, "a code of tomorrow", ""):
        failure = registry.explain(provider, code)
        for clause in (failure.happened, failure.remedy):
            assert clause and not clause.endswith((".", ":", " ")), f"{code}: {clause}"
            assert ": " not in clause, f"{code}: {clause!r} would make two colons of one sentence"
