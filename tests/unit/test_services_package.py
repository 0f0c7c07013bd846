"""The lazy package of services: every module of the folder can be reached through it, and stands alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from contacts_tui import services

MODULES = sorted(path.stem for path in Path(services.__file__).parent.glob("*.py") if path.stem != "__init__")


def test_the_package_lists_every_module_of_its_folder() -> None:
    assert sorted(services.__all__) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_service_is_reached_through_the_package_without_any_other(module: str) -> None:
    code = f"from contacts_tui import services\nprint(services.{module}.__name__)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.stdout.strip(), result.stderr) == (f"contacts_tui.services.{module}", "")
