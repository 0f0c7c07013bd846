"""One run from its seed to its report, in a folder that stays behind when something is wrong."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.torture.drive import Driver
from tests.torture.plan import Plan
from tests.torture.report import Outcome, report
from tests.torture.world import World


def torture(plan: Plan, again: str, say: Callable[[str], None], folder: Path | None = None) -> Outcome:
    """Runs a plan. The folder, a temporary one unless given, is kept when there are complaints.

    `again` is the command that runs it once more.
    """
    kept = folder or Path(tempfile.mkdtemp(prefix="contacts-tui-torture-"))
    kept.mkdir(parents=True, exist_ok=True)
    outcome = asyncio.run(_run(plan, say, kept))
    for line in report(outcome):
        say(line)
    if outcome.complaints:
        (kept / "complaints.txt").write_text("\n\n".join(outcome.complaints), encoding="utf-8")
        say(f"{len(outcome.complaints)} complaints with seed {plan.seed}; store, sandbox's record and logs: {kept}")
        say(f"again: {again}")
    elif folder is None:
        shutil.rmtree(kept)
    return outcome


async def _run(plan: Plan, say: Callable[[str], None], folder: Path) -> Outcome:
    world = World(folder, plan.people)
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
