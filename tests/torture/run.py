"""One run from its seed to its report, in a folder that is kept when something is wrong."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from contacts_sandbox.database_server import Server, own_server
from tests.torture.drive import Driver
from tests.torture.plan import Plan
from tests.torture.report import Outcome, report
from tests.torture.world import World

ENGINES = ("sqlite", "postgresql")
"""The databases that the store can be on."""


def torture(
    plan: Plan, again: str, say: Callable[[str], None], folder: Path | None = None, *, engine: str = ENGINES[0]
) -> Outcome:
    """Run a plan, report what happened, and return the outcome.

    The folder, a temporary one unless given, is kept when there are complaints. `again` is the command that repeats the
    run; `engine` is one of ENGINES.
    """
    kept = folder or Path(tempfile.mkdtemp(prefix="contacts-tui-torture-"))
    kept.mkdir(parents=True, exist_ok=True)
    # What was committed is kept when the server is killed; a crash of the machine would end the run, too.
    with own_server("synchronous_commit=on") if engine == "postgresql" else nullcontext() as server:
        outcome = asyncio.run(_run(plan, say, kept, server))
        if outcome.complaints and server is not None:
            # The server may have been started by a thread of the run's, and ends with it.
            server.stop()
            server.start()
            (kept / "store.sql").write_bytes(server.run("pg_dump", "--dbname", server.address()))
    for line in report(outcome):
        say(line)
    if outcome.complaints:
        (kept / "complaints.txt").write_text("\n\n".join(outcome.complaints), encoding="utf-8")
        say(f"{len(outcome.complaints)} complaints with seed {plan.seed}; store, sandbox's record and logs: {kept}")
        say(f"again: {again}")
    elif folder is None:
        shutil.rmtree(kept)
    return outcome


async def _run(plan: Plan, say: Callable[[str], None], folder: Path, server: Server | None) -> Outcome:
    world = World(folder, plan.people, server)
    started = time.monotonic()

    def timed(line: str) -> None:
        seconds = int(time.monotonic() - started)
        say(f"{seconds // 60:3d}:{seconds % 60:02d}  {line}")

    driver: Driver | None = None
    try:
        timed(f"seed {plan.seed}: {len(plan.people)} people, {len(plan.steps)} steps; {folder}")
        await world.start()
        driver = Driver(plan, world, timed)
        return await driver.run()
    except Exception as error:
        return Outcome(complaints=[f"the run broke off: {error!r}", *(driver.complaints if driver else [])])
    finally:
        if driver is not None:
            driver.abandon()
        await world.close()
