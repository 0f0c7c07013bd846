"""The program of tomorrow: this one, with one more revision. The program of today meets what it does to a store."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import contacts_tui
from contacts_tui.store.revision import HEAD

REVISION = "9001"

_MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision = "{REVISION}"
down_revision = "{HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("pronouns", sa.String(), nullable=False, server_default=""))
'''


class Tomorrow:
    """A copy of the package, run in processes of its own."""

    def __init__(self, folder: Path) -> None:
        package = folder / "contacts_tui"
        shutil.copytree(
            Path(contacts_tui.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "sandbox")
        )
        (package / "store" / "migrations" / "versions" / f"r{REVISION}_pronouns.py").write_text(_MIGRATION)
        known = package / "store" / "revision.py"
        known.write_text(known.read_text().replace(f'HEAD = "{HEAD}"', f'HEAD = "{REVISION}"'))
        self._folder = folder

    def start(self, store: Path, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command of it on a store."""
        return subprocess.Popen(
            [sys.executable, "-m", "contacts_tui", "--database", str(store), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env={**os.environ, "CONTACTS_TUI_DATA_FOLDER": str(self._folder / "data")},
        )

    def run(self, store: Path, *arguments: str) -> tuple[int, str, str]:
        """Run a command of it on a store; return its exit code, output and error output."""
        process = self.start(store, *arguments)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err
