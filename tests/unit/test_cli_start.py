"""What the interface waits for before it can paint."""

import subprocess
import sys

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
)
"""Packages that are imported after the first frame, or never."""

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


def _loaded_after(modules: tuple[str, ...]) -> set[str]:
    code = f"import {', '.join(modules)}, sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())
