"""`contacts-tui`: the interface, with the outbox and polling in the same process."""

import asyncio
import gc
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.logs import log_to
from contacts_tui.cli.output import complain
from contacts_tui.config import Config, ConfigError

if TYPE_CHECKING:
    from contacts_tui.app import Background, ContactsApp
    from contacts_tui.screens.desk import Desk
    from contacts_tui.store.store import Store


def run(_args: object, config: Config) -> Exit:
    """Opens the interface on the configured store."""
    if not at_terminal():
        complain(
            "the interface needs a terminal. Without one there are the commands people, inbox, channels, templates, "
            "send, thread, serve and sandbox, and the demo plays by itself: see `contacts-tui --help`"
        )
        return Exit.WRONG
    log_to("interface", config.log_level)
    from contacts_tui.screens.desk import Desk

    return show(Desk(config.database, config.agent), config, send_what_waits)


def at_terminal() -> bool:
    """Whether keys can be read and a screen drawn."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def show(desk: "Desk", config: Config, background: "Background") -> Exit:
    """Runs the interface at this desk, and what has to run beside it, until the agent leaves."""
    # Imports make no garbage: looking for some would take a tenth of the start. The app switches this back on.
    gc.disable()
    # An answer waits for the next frame. Only changed cells are written, so more frames cost next to nothing.
    os.environ.setdefault("TEXTUAL_FPS", "200")
    from textual.theme import BUILTIN_THEMES

    from contacts_tui.app import ContactsApp
    from contacts_tui.themes import DARK, THEMES

    names = sorted({*BUILTIN_THEMES, *(theme.name for theme in THEMES)})
    if config.theme and config.theme not in names:
        raise ConfigError(f"there is no theme “{config.theme}”; the themes are {', '.join(names)}")
    app = ContactsApp(desk, theme=config.theme or DARK.name, background=[background])
    asyncio.run(_attend(app))
    return Exit(app.return_code or Exit.DONE)


async def _attend(app: "ContactsApp") -> None:
    """Runs the app so that a signal ends it in order, with the terminal given back as it was."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, partial(app.exit, return_code=Exit.TERMINATED))
    await app.run_async()


async def send_what_waits(store: "Store") -> None:
    """The outbox and the polling of this process, until it is cancelled."""
    from contacts_tui.channels.registry import Adapters
    from contacts_tui.services.background import work

    adapters = Adapters()
    stop = asyncio.Event()
    working = asyncio.ensure_future(work(store, adapters, stop))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        stop.set()
        await working
        raise
    finally:
        await adapters.aclose()
