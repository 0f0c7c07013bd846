"""Keys by name, keys that agents change, presets and clashes."""

import string
from collections.abc import Iterator

import pytest
from textual.keys import _character_to_key

from contacts_tui.commands import BY_ID, keys_of, typing_key_of
from contacts_tui.commands.command import set_live_keys
from contacts_tui.commands.key_names import KeyFault, key_named, key_word
from contacts_tui.commands.keymap import PRESETS, clashes, install, keys_for


@pytest.fixture(autouse=True)
def usual_keys() -> Iterator[None]:
    """Restore the usual keys after each test."""
    yield
    set_live_keys({})


@pytest.mark.parametrize("character", [*string.ascii_letters, *string.digits, *string.punctuation, "é", "ß", "я"])
def test_a_character_is_the_key_that_textual_calls_so(character: str) -> None:
    assert key_named(character) == _character_to_key(character)
    assert key_word(key_named(character)) == character


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ctrl+s", "ctrl+s"),
        ("Ctrl+S", "ctrl+s"),
        ("shift+ctrl+s", "ctrl+shift+s"),
        ("alt+⏎", "alt+enter"),
        ("esc", "escape"),
        ("PgDn", "pagedown"),
        ("↑", "up"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        (",", "comma"),
        ("shift+a", "A"),
        ("shift+tab", "shift+tab"),
        ("question_mark", "question_mark"),
        (" f5 ", "f5"),
    ],
)
def test_a_key_is_read_as_people_write_it(written: str, key: str) -> None:
    assert key_named(written) == key


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("crtl+s", "“crtl+s” is not a key: did you mean “ctrl+s”?"),
        ("escpae", "“escpae” is not a key: did you mean “escape”?"),
        ("", "“” is not a key: "),
        ("ctrl+", "“ctrl+” is not a key: "),
        ("f99", "“f99” is not a key: "),
        ("two words", "“two words” is not a key: "),
        ("\x1b", "“\x1b” is not a key: "),
        ("ctrl+i", "a terminal sends the same for ctrl+i and tab: write “tab”"),
        ("ctrl+M", "a terminal sends the same for ctrl+m and enter: write “enter”"),
        ("ctrl+[", "a terminal sends the same for ctrl+[ and escape: write “escape”"),
        ("ctrl+space", "not every terminal can send ctrl+space"),
        ("shift+1", "“shift+1” is not a key: write the character that it types"),
    ],
)
def test_what_is_no_key_says_what_to_write(written: str, sentence: str) -> None:
    with pytest.raises(KeyFault) as raised:
        key_named(written)
    assert raised.value.sentence.startswith(sentence)


def test_a_command_takes_one_key_several_or_none() -> None:
    assert install("default", {"people.merge": ["h"], "people.find": ["ctrl+f", "/"], "people.undo": []}) == []
    assert keys_of("people.merge") == "h"
    assert BY_ID["people.find"].keys == ("ctrl+f", "slash")
    assert BY_ID["people.undo"].keys == ()
    assert BY_ID["people.quit"].keys == ("q",)


def test_a_command_without_a_key_is_named_by_what_to_type_in_the_palette() -> None:
    install("default", {"people.undo": [], "question.yes": []})
    assert keys_of("people.undo") == "ctrl+p undo"
    assert typing_key_of("people.undo") == "ctrl+p undo"
    assert keys_of("question.yes") == "“yes” (no key)"
    install("default", {"people.undo": [], "app.palette": []})
    assert keys_of("people.undo") == "“undo” (no key)"


def test_a_movement_is_rebound_on_every_screen_and_a_command_before_it() -> None:
    keys, mistakes = keys_for("default", {"move.down": ["ctrl+n", "e"], "thread.down": ["z"], "people.down": []})
    assert mistakes == []
    assert (keys["picker.down"], keys["thread.down"], keys["people.down"]) == (("ctrl+n", "e"), ("z",), ())
    assert keys["attach.down"] == ("ctrl+n",), "letters are typed there"
    only_letters, _ = keys_for("default", {"move.down": ["e"]})
    assert "attach.down" not in only_letters
    of_vim, _ = keys_for("vim", {"move.page_down": ["e"]})
    assert of_vim["picker.page_down"] == ("e",)
    assert of_vim["attach.page_down"] == ("pagedown", "ctrl+d"), "without a key that fits, the preset's"


def test_what_cannot_be_followed_is_named() -> None:
    keys, mistakes = keys_for(
        "default",
        {"people.mrege": ["x"], "composer.send": ["s", "ctrl+s"], "people.open": ["entre"], "form.turn": ["space"]},
    )
    assert {(mistake.id, mistake.sentence.partition("?")[0]) for mistake in mistakes} == {
        ("people.mrege", "there is no command “people.mrege”: did you mean “people.merge”"),
        (
            "composer.send",
            "“s” is text where composer.send works: write a key that types nothing, such as ctrl+s",
        ),
        ("people.open", "“entre” is not a key: did you mean “enter”"),
    }
    assert keys["composer.send"] == ("ctrl+s",)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"people.merge": ["/"]}, ["/", "people.merge", "people.find"]),
        ({"contact.unread": ["r"]}, ["r", "contact.unread", "thread.retry"]),
        ({"navigation.choose": ["u"]}, ["u", "navigation.choose", "people.undo"]),
        ({"merges.undo": ["esc"]}, ["esc", "merges.undo", "picker.back"]),
        ({"app.help": ["m"]}, ["m", "app.help", "people.merge"]),
        ({"help.close": ["ctrl+q"]}, ["ctrl+q", "help.close", "app.quit"]),
        ({"question.yes": ["1"], "question.no": ["2", "1"]}, ["1", "question.yes", "question.no"]),
        ({"people.all": ["pgup"]}, ["pgup", "people.all", "people.page_up"]),
    ],
)
def test_two_commands_that_work_together_cannot_share_a_key_and_nothing_changes(
    wanted: dict[str, list[str]], names: list[str]
) -> None:
    told = install("default", {**wanted, "people.order": ["z"]})
    assert any(all(name in sentence for name in names) for sentence in told), told
    assert all(command.keys == command.usual_keys for command in BY_ID.values())


@pytest.mark.parametrize(
    "wanted",
    [
        {"people.merge": ["/"], "people.find": ["ctrl+f"]},
        {"people.unread": ["f"], "people.failed": ["r"]},
        {"thread.retry": ["B"], "people.merge": ["B"], "details.retry": ["B"]},
        {"navigation.down": ["h"], "people.down": ["h"]},
        {"composer.send": ["ctrl+y"], "composer.line": ["enter"]},
        {"help.close": ["ctrl+p"]},
    ],
)
def test_keys_that_never_work_together_may_be_equal(wanted: dict[str, list[str]]) -> None:
    assert install("default", wanted) == []


def test_a_clash_leaves_the_preset_as_it_is() -> None:
    assert install("vim", {"people.merge": ["/"]}) != []
    assert (keys_of("people.merge"), BY_ID["people.open"].keys) == ("m", ("enter", "l"))


def test_somebody_can_always_leave() -> None:
    assert install("default", {"app.quit": [], "app.interrupt": []}) == [
        "no key would leave the program: give one to app.quit"
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_commands_and_has_no_clash(preset: str) -> None:
    assert keys_for("default", {name: keys.split(",") for name, keys in PRESETS[preset].items()})[1] == []
    assert clashes(keys_for(preset, {})[0]) == []


def test_the_usual_keys_have_no_clash() -> None:
    assert clashes({}) == []
