"""Whatever a program keeps on the disk is for its owner alone, whatever umask it was started with."""

import shlex
import stat
from pathlib import Path

import pytest

from tests.e2e.cli.program import PEOPLE, SHOP, Server, StartedProgram
from tests.store import frozen


class Careless(StartedProgram):
    """A program whose commands are started with a given umask."""

    def __init__(self, folder: Path, umask: str) -> None:
        super().__init__(folder)
        self._umask = umask
        self.database = folder / "own" / "stores" / "store.db"
        self.env |= {
            "CONTACTS_TUI_DATABASE_URL": str(self.database),
            "CONTACTS_TUI_DATA_FOLDER": str(folder / "own" / "data" / "here"),
        }

    def command(self, *arguments: str) -> list[str]:
        """Return the words that start the program with the umask."""
        return ["sh", "-c", f"umask {self._umask}; exec {shlex.join(super().command(*arguments))}"]

    def kept(self) -> set[str]:
        """Return the names of all files and folders that were written; assert that only their owner has access."""
        own = self.folder / "own"
        for path in (own, *own.rglob("*")):
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path
        return {path.name for path in own.rglob("*")}


@pytest.mark.parametrize("umask", ["0", "022", "0777"])
def test_store_log_attachments_and_backups(tmp_path: Path, sandbox: Server, umask: str) -> None:
    program = Careless(tmp_path, umask)
    program.ok("people", "import", "-", stdin=PEOPLE)
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n")
    with program.serving("serve", "--public-url", "local"):
        program.ok("send", "Ann Archer", "--channel", "sms", "--file", str(picture), "--text", "hello", "--wait", "20")
        names = program.kept()
        assert {"serve.log", "store.db", "store.db-wal", "store.db-shm", "store.db-files"} <= names
        assert any(len(name) == 64 for name in names), "the copy of the attachment"
        program.ok("store", "backup", str(tmp_path / "own" / "backup"))
        assert "backup.json" in program.kept()
    program.ok("store", "restore", str(tmp_path / "own" / "backup"))
    assert any("before-restore" in name for name in program.kept())
    assert program.run("message", "show", "99").returncode == 2
    program.kept()


@pytest.mark.parametrize("umask", ["0", "0777"])
def test_copies_made_before_a_migration(tmp_path: Path, umask: str) -> None:
    program = Careless(tmp_path, umask)
    program.database.parent.mkdir(parents=True)
    frozen.build("0001", program.database)
    for path in (tmp_path / "own", program.database.parent):
        path.chmod(0o700)
    program.database.chmod(0o600)
    assert program.run("people", "list").returncode == 0
    assert any(name.startswith("store.db-revision-0001-") for name in program.kept())


@pytest.mark.parametrize("umask", ["0", "0777"])
def test_the_target_of_a_link_that_leads_nowhere_yet(tmp_path: Path, umask: str) -> None:
    program = Careless(tmp_path, umask)
    program.env["CONTACTS_TUI_DATABASE_URL"] = str(tmp_path / "link.db")
    (tmp_path / "link.db").symlink_to(program.database)
    program.ok("people", "import", "-", stdin=PEOPLE)
    assert "store.db" in program.kept()
