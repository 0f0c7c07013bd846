"""Keeping tests and benchmarks, with all the programs that they start, on this machine."""

import os
import tempfile
from pathlib import Path

REACHED = "CONTACTS_TESTS_REACHED"
"""Environment variable with the file in which is noted who was asked for."""
_HERE = Path(__file__).parent


def stay_here() -> None:
    """Refuse to this process, and to whatever it starts, everything outside of this machine."""
    from tests.offline import sitecustomize  # noqa: F401  # It watches from its import on.

    if str(_HERE) not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_HERE), os.environ.get("PYTHONPATH"))))
        descriptor, os.environ[REACHED] = tempfile.mkstemp(prefix="contacts-tests-reached-")
        os.close(descriptor)


def reached() -> list[str]:
    """Who was asked for outside of this machine so far, by whom."""
    file = Path(os.environ.get(REACHED, os.devnull))
    return sorted(set(file.read_text(encoding="utf-8").splitlines())) if file.is_file() else []
