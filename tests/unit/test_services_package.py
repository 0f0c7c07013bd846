"""The lazy package of services: every module of the folder can be reached through it, and works alone."""

import subprocess
import sys
from pathlib import Path

from contacts_tui import services

MODULES = sorted(path.stem for path in Path(services.__file__).parent.glob("*.py") if path.stem != "__init__")

EACH_ALONE = """if True:
    import os, sys, traceback

    # The packages of others are loaded once; of ours, each process has nothing but what its module brings along.
    import httpx, pydantic, rich.text, sqlmodel, telegram.ext, twilio.rest
    assert not [name for name in sys.modules if name.startswith("contacts_tui")]

    for module in sys.argv[1:]:
        child = os.fork()
        if not child:
            try:
                from contacts_tui import services
                assert getattr(services, module).__name__ == f"contacts_tui.services.{module}"
            except BaseException:
                print(f"{module} alone:", traceback.format_exc(), flush=True)
            os._exit(0)
        assert os.waitpid(child, 0) == (child, 0), module
    print(f"{len(sys.argv) - 1} modules")
"""


def test_the_package_lists_every_module_of_its_folder() -> None:
    assert sorted(services.__all__) == MODULES


def test_a_service_is_reached_through_the_package_without_any_other() -> None:
    result = subprocess.run([sys.executable, "-c", EACH_ALONE, *MODULES], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == (f"{len(MODULES)} modules\n", "")
