"""What is imported before the interface can paint, and before a command does its work."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "sqlalchemy",
    "pydantic",
    "alembic",
    "httpx",
    "phonenumbers",
    "twilio",
    "starlette",
    "uvicorn",
    "keyring",
    "click",
    "_ssl",
    "_lzma",
    "textual.widgets._tree",
    "contacts_tui.domain.presence",
    "contacts_tui.screens.interruption",
    "contacts_tui.screens.typed_texts",
)
"""Modules that are imported after the first frame, or never."""

BEFORE_THE_FIRST_FRAME = (
    "contacts_tui.cli.main",
    "contacts_tui.cli.interface",
    "contacts_tui.cli.logs",
    "contacts_tui.cli.demo",
    "contacts_tui.demo.processes",
    "contacts_tui.app",
)


def test_the_first_frame_waits_for_nothing_heavy() -> None:
    assert _loaded_after(BEFORE_THE_FIRST_FRAME) & set(HEAVY) == set()


def test_the_command_line_alone_knows_no_terminal() -> None:
    assert "textual" not in _loaded_after(
        ("contacts_tui.cli.main", "contacts_tui.cli.failures", "contacts_tui.cli.send")
    )


def test_the_version_is_told_without_the_configuration(tmp_path: Path) -> None:
    loaded, looked = _run("--version", tmp_path)
    assert looked == "never"
    assert loaded & {"contacts_tui.config", "contacts_tui.domain.text", "asyncio", "click", "hashlib", *HEAVY} == {
        "contacts_tui.domain.text"
    }


def test_a_command_imports_nothing_that_it_has_no_use_for(tmp_path: Path) -> None:
    _run("people list --json", tmp_path)
    loaded, looked = _run("people list --json", tmp_path)
    others = {*HEAVY, "textual", "rich", "telegram", "requests", "psycopg", "sqlalchemy.dialects.postgresql"}
    assert loaded & others == {"sqlalchemy", "pydantic", "click"}
    # The garbage collector never looked through its imports, and won't at the end.
    assert looked == "never"


_RUN = """
import gc, sys
from contacts_tui.cli import main
looked = []
gc.callbacks.append(lambda _, about: looked.append(about["generation"]))
begin = len(gc.get_objects())
main.main()
looked = "in between" if 2 in looked else "at the end" if len(gc.get_objects()) > begin else "never"
print(f"{looked}:", *sys.modules, file=sys.stderr)
"""


def _run(line: str, folder: Path) -> tuple[set[str], str]:
    """Run a command on a store in a folder; return what it imported, and when the garbage collector looked at that."""
    environ = os.environ | {"HOME": str(folder), "CONTACTS_TUI_DATABASE_URL": f"sqlite:///{folder}/store.db"}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *line.split()], capture_output=True, text=True, check=True, env=environ
    )
    looked, _, loaded = done.stderr.partition(":")
    return set(loaded.split()), looked


def _loaded_after(modules: tuple[str, ...]) -> set[str]:
    code = f"import {', '.join(modules)}, sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())
