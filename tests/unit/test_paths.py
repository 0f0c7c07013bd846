"""Where files are kept."""

import pwd
from pathlib import Path

import pytest

from contacts_tui import config, paths
from contacts_tui.screens.typed_texts import keep_typed


def test_a_path_becomes_a_url_and_a_url_stays() -> None:
    assert config.database_url("/srv/shop.db") == "sqlite:////srv/shop.db"
    assert config.database_url("shop.db") == f"sqlite:///{Path.cwd()}/shop.db"
    assert config.database_url("~/shop.db") == f"sqlite:///{Path.home()}/shop.db"
    assert config.database_url("sqlite:////srv/shop.db") == "sqlite:////srv/shop.db"


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path / "deep" / "data"))
    folder = paths.data_folder()
    assert folder == tmp_path / "deep" / "data"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert paths.default_store() == Path(folder) / "contacts.db"
    assert paths.log_file("serve") == folder / "serve.log"


def test_the_logs_lie_in_the_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "data" / "contacts-tui" / "serve.log"
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier version\n")
    monkeypatch.delenv(paths.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    log = paths.log_file("serve")
    assert log == tmp_path / "state" / "contacts-tui" / "serve.log"
    assert log.parent.stat().st_mode & 0o777 == 0o700
    assert not log.exists()
    assert paths.data_folder() == old.parent
    assert old.read_text() == "of an earlier version\n"


def test_the_shipped_data_is_there() -> None:
    names = {file.name for file in paths.shipped_data().iterdir()}
    assert {"people.csv", "inboxes.json", "templates.json", "customers.json", "conversations.json"} <= names


@pytest.mark.parametrize("text", ["~nobody-here/c.db", "~nobody-here", "~/c.db", "~", "nul\0byte"])
def test_a_path_that_nobody_can_follow_is_a_sentence(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "")
    with pytest.raises(paths.PathError) as raised:
        paths.expanded(text, "--database")
    assert raised.value.sentence.startswith("--database: ")
    with pytest.raises(paths.PathError):
        config.database_url(text)
    if "\0" not in text:
        monkeypatch.setenv(paths.FOLDER_VARIABLE, text)
        for place in (paths.data_folder, paths.default_store, lambda: paths.log_file("serve")):
            with pytest.raises(paths.PathError, match=paths.FOLDER_VARIABLE):
                place()


def test_a_tilde_that_names_no_home_is_a_letter() -> None:
    assert paths.expanded("./~drafts") == Path.cwd() / "~drafts"
    assert paths.expanded("shop/~x") == Path.cwd() / "shop/~x"


def test_no_folder_of_the_platforms_is_made_where_no_home_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_HOME", "STATE_HOME", "CONFIG_HOME", "DOWNLOAD_DIR"):
        monkeypatch.delenv(f"XDG_{name}", raising=False)
    for name in ("HOME", paths.FOLDER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    for place in (paths.default_store, paths.config_file, paths.downloads_folder, lambda: paths.log_file("serve")):
        with pytest.raises(paths.PathError, match="set HOME"):
            place()


def test_typed_texts_that_have_no_folder_to_be_kept_in_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", paths.FOLDER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    told = keep_typed(["almost"])
    assert told.startswith("What you typed can't be saved to a file (") and "set HOME" in told
