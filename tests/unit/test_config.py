"""The configuration file: how it is read, and the sentence for everything that can be wrong with it."""

import tomllib
from pathlib import Path

import pytest

from contacts_tui import chosen_theme
from contacts_tui.cli.config import template
from contacts_tui.cli.config_page import settings_part
from contacts_tui.commands import keymap
from contacts_tui.config import Config, ConfigError, From, load, resolve
from contacts_tui.settings import PRESETS, SETTINGS, THEMES, Setting
from contacts_tui.themes import DARK, NAMES
from contacts_tui.toml_lines import lines_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each test's state in a folder of its own, so that nothing is remembered or changed outside of it."""
    monkeypatch.setenv("CONTACTS_TUI_STATE_FOLDER", str(tmp_path / "state"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a configuration file that the environment names."""
    return tmp_path / "my.toml"


def read(file: Path, text: str, **environ: str) -> Config:
    """Return the configuration from a file with this text."""
    file.write_text(text, encoding="utf-8")
    return load({"CONTACTS_TUI_CONFIG": str(file), **environ}, database="/tmp/given.db")


EVERYTHING = """
[general]
agent = "Noor"
default_region = "NG"
log_level = "debug"
[keys]
preset = "vim"
people.merge = "x"
"people.find" = ["/", "ctrl+f"]
"people.undo" = []
[theme]
name = "ansi-dark"
[notifications]
seconds = 10
signals = ["title", "osc9"]
whose = []
quiet_hours = "22:00-7:00"
[privacy]
raw_events_days = 30
keep_taken_back = true
[pipes]
words = "wc -w"
"in short" = "llm 'Summarise this' | cat"
"""


def test_every_key_is_read(file: Path) -> None:
    assert read(file, EVERYTHING) == Config(
        database="sqlite:////tmp/given.db",
        agent="Noor",
        theme="ansi-dark",
        default_region="NG",
        log_level="debug",
        raw_events_days="30",
        keep_taken_back="yes",
        notification_seconds="10",
        signals="title osc9",
        whose="none",
        quiet_hours="22:00-7:00",
        preset="vim",
        keys={"people.merge": ("x",), "people.find": ("/", "ctrl+f"), "people.undo": ()},
        pipes={"words": "wc -w", "in short": "llm 'Summarise this' | cat"},
    )


def test_an_empty_file_is_all_defaults(file: Path) -> None:
    config = read(file, "")
    assert config.agent != ""
    assert (config.theme, config.default_region, config.log_level) == (DARK, "", "info")


def test_keys_of_the_time_before_tables_go_on_working_and_their_new_place_is_named(file: Path) -> None:
    file.write_text("""agent = "Noor"
theme = "ansi-dark"
raw_events_days = "30"
keep_taken_back = "no"
""")
    resolved = resolve({"CONTACTS_TUI_CONFIG": str(file)})
    assert resolved.mistakes == []
    config = resolved.config
    assert (config.agent, config.theme, config.raw_events_days, config.keep_taken_back) == (
        "Noor",
        "ansi-dark",
        "30",
        "no",
    )
    assert resolved.remarks[1].startswith(f"{file}, line 2: “theme” stands in [theme] now, as name = ")
    assert len(resolved.remarks) == 4


def test_the_store_is_the_nearest_one_named(file: Path) -> None:
    file.write_text('[general]\ndatabase = "/tmp/configured.db"')
    named = {"CONTACTS_TUI_CONFIG": str(file)}
    both = {**named, "CONTACTS_TUI_DATABASE_URL": "sqlite:////tmp/environment.db"}
    assert load(named).database == "sqlite:////tmp/configured.db"
    assert load(both).database == "sqlite:////tmp/environment.db"
    assert load(both, database="/tmp/given.db").database == "sqlite:////tmp/given.db"
    assert load(both, database="sqlite:///~/c.db").database == f"sqlite:///{Path.home() / 'c.db'}"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_every_setting_has_a_variable_that_goes_before_the_file(file: Path, setting: Setting) -> None:
    file.write_text("")
    value = tomllib.loads(f"x = {setting.example}")["x"]
    text = " ".join(value) if isinstance(value, list) else str(value)
    environ = {"CONTACTS_TUI_CONFIG": str(file), setting.variable: text}
    resolved = resolve(environ)
    assert resolved.mistakes == []
    assert resolved.origins[setting.path].kind is From.ENVIRONMENT
    assert resolved.config != resolve({"CONTACTS_TUI_CONFIG": str(file)}).config


def test_keys_can_be_given_in_the_environment(file: Path) -> None:
    keys = "people.open=enter,l people.merge="
    config = read(file, '[keys]\n"people.open" = "x"\n"people.undo" = "y"', CONTACTS_TUI_KEYS=keys)
    assert config.keys == {"people.open": ("enter", "l"), "people.undo": ("y",), "people.merge": ()}
    with pytest.raises(ConfigError, match=r"CONTACTS_TUI_KEYS: “people\.open” gives no keys"):
        read(file, "", CONTACTS_TUI_KEYS="people.open")


def test_who_sits_here_is_said_by_option_variable_and_file(file: Path) -> None:
    file.write_text('[general]\nagent = "Noor"')
    environ = {"CONTACTS_TUI_CONFIG": str(file)}
    assert load(environ).agent == "Noor"
    assert load({**environ, "CONTACTS_TUI_AGENT": "Ife"}).agent == "Ife"
    assert load({**environ, "CONTACTS_TUI_AGENT": "Ife"}, agent="Zoë").agent == "Zoë"
    with pytest.raises(ConfigError, match=r"^--agent "):
        load(environ, agent="\x1b[2J")


def test_the_theme_chosen_in_the_interface_lasts_for_its_agent(file: Path) -> None:
    file.write_text('[general]\nagent = "Noor"\n[theme]\nname = "ansi-dark"')
    environ = {"CONTACTS_TUI_CONFIG": str(file)}
    kept = chosen_theme.keep("Noor", "contacts-light")
    assert load(environ).theme == "contacts-light"
    assert resolve(environ).origins["theme.name"].kind is From.CHOSEN
    assert load(environ, agent="Ife").theme == "ansi-dark"
    assert load({**environ, "CONTACTS_TUI_THEME": "contacts-contrast"}).theme == "contacts-contrast"
    chosen_theme.keep("Ife", "ansi-light")
    assert (load(environ).theme, load(environ, agent="Ife").theme) == ("contacts-light", "ansi-light")
    for broken in (b"", b"[1]", b"\xff", b'{"Noor": 3}', b'{"Noor": "gone-theme"}'):
        kept.write_bytes(broken)
        assert load(environ).theme == "ansi-dark"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[general]\n\nagnet = "Noor"', ", line 3: unknown key “agnet” in [general]: did you mean “agent”? The keys"),
        ('agnet = "Noor"', ", line 1: unknown key “agnet”: did you mean “agent” in [general]? The tables are general"),
        ("# words\n[genral]\nx = 1", ", line 2: unknown key “genral”: did you mean [general]? The tables are"),
        ('[general]\ntheme = "ansi-dark"', ", line 2: unknown key “theme” in [general]: it stands in [theme]"),
        ("[general]\nagent = 7", ", line 2: “agent” in [general] must be text in quotes, not a number"),
        ('[general]\nagent = """\n"""', ", line 2: “agent” in [general] "),
        ('[general]\nlog_level = "inof"', ", line 2: “log_level” in [general] can't be “inof”: did you mean “info”?"),
        ('[theme]\nname = "contacts-dork"', ", line 2: “name” in [theme] can't be “contacts-dork”: did you mean “co"),
        ('[general]\ndefault_region = "Nigeria"', ", line 2: “default_region” in [general] must be a two-letter"),
        ("[privacy]\nraw_events_days = 0", ", line 2: “raw_events_days” in [privacy] must be a number of days from 1"),
        ("[privacy]\nraw_events_days = true", ", line 2: “raw_events_days” in [privacy] must be a number of days"),
        ("[privacy]\nkeep_taken_back = 1", ", line 2: “keep_taken_back” in [privacy] must be true or false"),
        (
            '[notifications]\nsignals = ["bel"]',
            ", line 2: “signals” in [notifications] can't be “bel”: did you mean “bell",
        ),
        ("[notifications]\nwhose = 3", ", line 2: “whose” in [notifications] must be a list of names in quotes"),
        ('[notifications]\nquiet_hours = "night"', ", line 2: “quiet_hours” in [notifications] can't be read: “night”"),
        ("[notifications]\nseconds = 0.5", ", line 2: “seconds” in [notifications] must be a number of seconds"),
        (
            '[inboxes]\nanswer_target = "soon"',
            ", line 2: “answer_target” in [inboxes] can't be used: “soon” isn't a time",
        ),
        (
            '[inboxes]\nanswer_hours = "9-18"',
            ", line 2: “answer_hours” in [inboxes] can't be used: “9-18” has no hours",
        ),
        (
            '[inboxes]\nanswer_time_zone = "CET+1"',
            ", line 2: “answer_time_zone” in [inboxes] can't be used: “CET+1” isn't",
        ),
        ('[inboxes]\nanswer = "1h"', ", line 2: unknown key “answer” in [inboxes]: did you mean “answer_"),
        ("[pipes]\n\nwords = 3", ", line 3: “words” in [pipes] must be text in quotes, not a number"),
        ('[pipes]\nwords = " "', ", line 2: “words” in [pipes] must be a command for your shell, such as"),
        ('[pipes]\nmy.words = "wc"', ", line 2: “my” in [pipes] must be text in quotes, not a table"),
        ('[keys]\n\npeople.mrege = [\n"x"\n]', ", line 3: there is no command “people.mrege”: did you mean “people.m"),
        ('[keys]\n"people.open" = [\n"entre"\n]', ", line 2: “entre” is not a key: did you mean “enter”?"),
        ("[keys]\npeople.open = 3", ", line 2: “people.open” in [keys] must be a key such as"),
        ('[keys]\npreset = "vi"', ", line 2: “preset” in [keys] can't be “vi”: did you mean “vim”?"),
        (
            'agent = "A"\n[general]\nagent = "B"',
            ", line 3: “agent” in [general] stands there twice, on line 1 too: keep one",
        ),
        ("agent = ", ": not valid TOML"),
    ],
)
def test_a_mistake_names_the_file_the_line_and_what_is_allowed(file: Path, text: str, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(file, text)
    assert raised.value.sentence.startswith(f"{file}{what}")
    assert "\n" not in raised.value.sentence


def test_every_mistake_is_counted(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"\(and 2 more: see `contacts-tui config check`\)$"):
        read(file, "[general]\nx = 1\ny = 2\nz = 3")


def test_broken_bytes_are_told_with_their_line(file: Path) -> None:
    file.write_bytes('[general]\nagent = "Zoë "'.encode() + b"\xff")
    with pytest.raises(ConfigError, match="line 2: not UTF-8 text"):
        load({"CONTACTS_TUI_CONFIG": str(file)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_may_be_saved_in_any_encoding(file: Path, encoding: str, end: str) -> None:
    file.write_bytes(f'[general]{end}agent = "Zoë"{end}'.encode(encoding))
    assert load({"CONTACTS_TUI_CONFIG": str(file)}).agent == "Zoë"


def test_lines_are_those_of_the_statement() -> None:
    text = 'a = """\n[b]\nc = 1\n"""\n[b]\n# x\nc = [\n1,\n2]\n"d.e" = 1\nf.g = { h = 1 }\n[[i]]\nj = 1\n'
    found = {".".join(path): line for path, line in lines_of(text).items()}
    assert found == {"a": 1, "b": 5, "b.c": 7, "b.d.e": 10, "b.f": 11, "b.f.g": 11, "b.f.g.h": 11, "i": 12, "i.j": 13}


def test_a_path_that_nobody_can_follow_names_where_it_was_written(file: Path) -> None:
    file.write_text('database = "~nobody-here/c.db"\n')
    named = {"CONTACTS_TUI_CONFIG": str(file)}
    for environ, database, where in (
        ({"CONTACTS_TUI_CONFIG": "~nobody-here/my.toml"}, "", "CONTACTS_TUI_CONFIG: "),
        ({**named, "CONTACTS_TUI_DATABASE_URL": "~nobody-here/c.db"}, "", "CONTACTS_TUI_DATABASE_URL: "),
        (named, "~nobody-here/c.db", "--database: "),
        (named, "", f"{file}, line 1: “database”: "),
    ):
        with pytest.raises(ConfigError) as raised:
            load(environ, database=database)
        assert raised.value.sentence.startswith(f"{where}there is no user “nobody-here” on this machine")


def test_a_named_file_has_to_exist_and_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load({"CONTACTS_TUI_CONFIG": str(tmp_path / "none.toml")})
    with pytest.raises(ConfigError, match="can't be read"):
        load({"CONTACTS_TUI_CONFIG": str(tmp_path)})


def test_the_documented_tables_are_the_code() -> None:
    assert settings_part() in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_the_file_to_begin_with_sets_nothing_and_explains_everything(file: Path) -> None:
    assert read(file, template()) == read(file, "")
    examples = [line for line in template().splitlines() if line.startswith("# ") and " = " in line]
    assert len(examples) >= len(SETTINGS)
    uncommented = "\n".join(line.removeprefix("# ") if line in examples else line for line in template().splitlines())
    assert read(file, uncommented).agent == "Noor"


def test_what_is_allowed_is_what_there_is() -> None:
    assert THEMES == NAMES
    assert tuple(keymap.PRESETS) == PRESETS
