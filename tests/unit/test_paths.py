"""Where things lie."""

from pathlib import Path

import pytest

from contacts_tui import paths


def test_a_path_becomes_a_url_and_a_url_stays() -> None:
    assert paths.database_url("/srv/shop.db") == "sqlite:////srv/shop.db"
    assert paths.database_url("shop.db") == f"sqlite:///{Path.cwd()}/shop.db"
    assert paths.database_url("~/shop.db") == f"sqlite:///{Path.home()}/shop.db"
    assert paths.database_url("sqlite:////srv/shop.db") == "sqlite:////srv/shop.db"


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path / "deep" / "data"))
    folder = paths.data_folder()
    assert folder == tmp_path / "deep" / "data"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert paths.default_database() == f"sqlite:///{folder}/contacts.db"
    assert paths.log_file("serve") == folder / "serve.log"


def test_the_shipped_data_is_there() -> None:
    names = {file.name for file in paths.shipped_data().iterdir()}
    assert {"people.csv", "inboxes.json", "templates.json", "customers.json", "conversations.json"} <= names
