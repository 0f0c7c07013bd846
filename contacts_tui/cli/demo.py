"""`contacts-tui demo`: the program without an account, in the interface or, without a terminal, as a script."""

import asyncio
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

from contacts_tui.cli.declare import Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.interface import at_terminal, send_what_waits, show
from contacts_tui.cli.logs import log_to
from contacts_tui.config import From, Resolved, checked
from contacts_tui.paths import FOLDER_VARIABLE

if TYPE_CHECKING:
    from contacts_tui.demo.processes import Stage
    from contacts_tui.services.supervision import Tell
    from contacts_tui.store.store import Store


@command("contacts-tui demo", "contacts-tui demo --team")
def run(
    resolved: Resolved,
    folder: Annotated[
        str | None,
        Option(
            "keep the demo's store here; it is recreated each time (default: a temporary folder)",
            "DIR",
            completes="dir",
        ),
    ] = None,
    team: Annotated[
        bool,
        Option(
            "the store of a team, with a second agent at work: on a database server started for it, or in the empty "
            "database that --database names"
        ),
    ] = False,
) -> Exit:
    """Run the demo with child processes of its own, and end them whichever way it ends."""
    config = checked(resolved)
    # Never use the configured store: it holds real people.
    named = resolved.origins.get("general.database")
    database = config.database if named is not None and named.kind is From.OPTION else ""
    from contacts_tui.demo.processes import DemoSession, Stage

    # By default the signals would end the program before it ends its children.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(Exit.TERMINATED))
    stage = Stage(folder, config.agent)
    try:
        # Nothing of the demo is left in the user's own folder, the log included.
        os.environ[FOLDER_VARIABLE] = str(stage.folder)
        log_to("interface", config.log_level)
        if team:
            stage.begin_team(database)
        if at_terminal():
            return show(DemoSession(stage, config.agent, config.view), config, partial(_connect_and_send, stage))
        from contacts_tui.cli.demo_script import play

        return play(stage, config.agent)
    finally:
        stage.close()


async def _connect_and_send(stage: "Stage", store: "Store", tell: "Tell") -> None:
    """Connect sandbox and receiver, while the list is already shown; then send, receive and let people write."""
    await stage.connect(store)
    async with asyncio.TaskGroup() as group:
        group.create_task(send_what_waits(store, tell))
        group.create_task(stage.enliven())
