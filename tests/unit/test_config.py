"""The configuration file: what is read, and the sentence for everything that can be wrong with it."""

from pathlib import Path

import pytest

from contacts_tui.cli.reference import config_table
from contacts_tui.config import Config, ConfigError, load

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration file that the environment names."""
    return tmp_path / "my.toml"


def read(file: Path, text: str, **environ: str) -> Config:
    """The configuration from a file with this text."""
    file.write_text(text, encoding="utf-8")
    return load({"CONTACTS_TUI_CONFIG": str(file), **environ}, database="/tmp/given.db")


def test_every_key_is_read(file: Path) -> None:
    config = read(file, 'agent = "Noor"\ntheme = "ansi-dark"\ndefault_region = "NG"\nlog_level = "debug"\n')
    assert config == Config("sqlite:////tmp/given.db", "Noor", "ansi-dark", "NG", "debug")


def test_an_empty_file_is_all_defaults(file: Path) -> None:
    config = read(file, "")
    assert config.agent != ""
    assert (config.theme, config.default_region, config.log_level) == ("", "", "info")


def test_the_store_is_the_nearest_one_named(file: Path) -> None:
    file.write_text('database = "/tmp/configured.db"')
    named = {"CONTACTS_TUI_CONFIG": str(file)}
    both = {**named, "CONTACTS_TUI_DATABASE_URL": "sqlite:////tmp/environment.db"}
    assert load(named).database == "sqlite:////tmp/configured.db"
    assert load(both).database == "sqlite:////tmp/environment.db"
    assert load(both, database="/tmp/given.db").database == "sqlite:////tmp/given.db"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('agnet = "Noor"', "unknown key “agnet”; the keys are database, agent, theme, default_region, log_level"),
        ("agent = 7", "“agent” must be text in quotes, not int"),
        ('log_level = "loud"', "“log_level” must be one of debug, info, warning, error"),
        ('default_region = "Nigeria"', "“default_region” must be a two-letter country code in capitals, such as NG"),
        ("agent = ", "not valid TOML"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(file: Path, text: str, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(file, text)
    assert raised.value.sentence.startswith(f"{file}: {what}")
    assert "\n" not in raised.value.sentence


def test_bytes_that_are_no_text_are_told(file: Path) -> None:
    file.write_bytes(b'agent = "\xff"')
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        load({"CONTACTS_TUI_CONFIG": str(file)})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_configuration(file: Path, encoding: str) -> None:
    file.write_text('agent = "Zoë"\n', encoding=encoding)
    assert load({"CONTACTS_TUI_CONFIG": str(file)}).agent == "Zoë"


def test_a_path_that_nobody_can_follow_names_where_it_was_written(file: Path) -> None:
    file.write_text('database = "~nobody-here/c.db"\n')
    named = {"CONTACTS_TUI_CONFIG": str(file)}
    for environ, database, where in (
        ({"CONTACTS_TUI_CONFIG": "~nobody-here/my.toml"}, "", "CONTACTS_TUI_CONFIG: "),
        ({**named, "CONTACTS_TUI_DATABASE_URL": "~nobody-here/c.db"}, "", "CONTACTS_TUI_DATABASE_URL: "),
        (named, "~nobody-here/c.db", "--database: "),
        (named, "", f"{file}: “database”: "),
    ):
        with pytest.raises(ConfigError) as raised:
            load(environ, database=database)
        assert raised.value.sentence.startswith(f"{where}there is no user “nobody-here” on this machine")


def test_a_named_file_has_to_exist_and_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load({"CONTACTS_TUI_CONFIG": str(tmp_path / "none.toml")})
    with pytest.raises(ConfigError, match="can't be read"):
        load({"CONTACTS_TUI_CONFIG": str(tmp_path)})


def test_the_documented_table_is_the_code() -> None:
    assert config_table() in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
