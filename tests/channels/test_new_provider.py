"""A new provider is one file, its name, and one line in the registry: done to a copy of the package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import contacts_tui
from tests.channels import wire

PACKAGE = Path(contacts_tui.__file__).parent
HERE = Path(wire.__file__).parent
DOCS = PACKAGE.parent / "docs" / "adding-a-channel.md"
LINE = '    Provider.CARRIER: ("contacts_tui.channels.carrier", "CarrierAdapter", "contacts_tui.channels.carrier"),\n'
"""The registry's line, as the guide has it; explain stands in the same file here."""


def written_in(path: Path, behind: str, line: str) -> None:
    """Puts a line behind the one that begins so."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (place,) = [number for number, found in enumerate(lines) if found.startswith(behind)]
    lines.insert(place + 1, line)
    path.write_text("".join(lines), encoding="utf-8")


def test_a_provider_is_added_as_the_guide_says(tmp_path: Path) -> None:
    assert LINE.replace('carrier")', 'carrier_errors")') in DOCS.read_text(encoding="utf-8")
    copy = tmp_path / "copy" / "contacts_tui"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "carrier.py", copy / "channels")
    written_in(copy / "domain" / "channel.py", '    META = "meta"', '    CARRIER = "carrier"\n')
    written_in(copy / "channels" / "registry.py", "    Provider.META: ", LINE)
    path = os.pathsep.join((str(copy.parent), str(PACKAGE.parent)))
    program = (sys.executable, "-m", "tests.channels.carrier_desk", str(tmp_path))
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(
        program, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
