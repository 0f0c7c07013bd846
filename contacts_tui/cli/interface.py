"""`contacts-tui`: the interface, with the outbox and polling in the same process."""

import asyncio
import logging
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from contacts_tui import chosen_theme, garbage
from contacts_tui.cli import shutdown
from contacts_tui.cli.deadline import END_LIMIT, Deadline
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.logs import log_to
from contacts_tui.cli.output import complain
from contacts_tui.cli.shutdown import heed_signals, ignore_signals
from contacts_tui.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from contacts_tui.app import Background, ContactsApp
    from contacts_tui.domain.notification_rules import Rules
    from contacts_tui.screens.session import AgentSession
    from contacts_tui.services.supervision import Tell
    from contacts_tui.store.store import Store
    from contacts_tui.terminal.driver import TerminalDriver

_log = logging.getLogger(__name__)


def run(config: Config) -> Exit:
    """Run the interface on the configured store; start it anew if that is replaced. Return WRONG without a terminal."""
    if not at_terminal():
        complain(
            "the interface needs a terminal. Without one there are the commands people, inbox, channels, templates, "
            "send, thread, serve and sandbox, and the demo runs by itself: see `contacts-tui --help`"
        )
        return Exit.WRONG
    log_to("interface", config.log_level)
    from contacts_tui.screens.session import AgentSession

    session = AgentSession(config.database, config.agent, view=config.view)
    end = show(session, config, partial(_begin, config))
    if session.is_to_reopen:
        # Start the program anew with the same command line: nothing of the replaced store may stay in memory.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return end


def at_terminal() -> bool:
    """Return whether keys can be read and a screen drawn: standard input and output are terminals."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def show(session: "AgentSession", config: Config, background: "Background") -> Exit:
    """Run the interface of this session, and what has to run beside it, until the agent quits. Return the exit code."""
    # The app resumes garbage collection when the store is open.
    garbage.pause()
    garbage.collect_less_often()
    # The response to a key waits for the next frame. Only changed cells are written, so more frames cost little.
    os.environ.setdefault("TEXTUAL_FPS", "200")
    from contacts_tui.app import ContactsApp
    from contacts_tui.screens.notices import Notices

    session.region = config.default_region.upper() or None
    session.pipes = config.pipes
    session.hold = timedelta(seconds=int(config.undo_send_seconds))
    return run_app(
        lambda on_ending: ContactsApp(
            session,
            theme=config.theme,
            background=[background],
            on_ending=on_ending,
            keep_theme=partial(chosen_theme.keep, config.agent),
            notices=Notices(
                float(config.notification_seconds),
                _give_keys(config),
                partial(_rules, config),
            ),
        )
    )


def _rules(config: Config) -> "Rules":
    from contacts_tui.domain.notification_rules import rules

    return rules(config.signals, config.whose, config.quiet_hours)


def _give_keys(config: Config) -> str:
    """Give the commands the configured keys. Return a sentence for the agent when keys clash, else an empty text."""
    if config.preset == "default" and not config.keys:
        return ""
    from contacts_tui.commands import keymap
    from contacts_tui.widgets.keys import take_live_keys

    clashes = keymap.install(config.preset, config.keys)
    take_live_keys()
    if not clashes:
        return ""
    return f"Your keys are not in force: {'; '.join(clashes)}. Change [keys], then start again."


def run_app(make: "Callable[[Callable[[], None]], ContactsApp]") -> Exit:
    """Run the app that `make` returns for a function to call at its end. Log an error; return the exit code."""
    deadline = Deadline(lambda: _code(app), lambda: _give_back(app))

    def ending() -> None:
        deadline.begin()
        if (driver := _driver(app)) is not None:
            driver.end_within(END_LIMIT / 2)

    app = make(ending)
    try:
        shutdown.run(_attend(app, ending))
    except BaseException as error:
        _log.critical("the interface ended by an error", exc_info=error)
        raise
    finally:
        if not app.session.is_to_reopen:
            # A program that is started anew would inherit the ignored signals.
            ignore_signals()
    if app.crash is not None:
        from contacts_tui.cli.failures import tell_mistake

        return tell_mistake(app.crash)
    return Exit(_code(app))


def _code(app: "ContactsApp") -> int:
    return Exit.CRASHED if app.crash is not None else app.return_code or Exit.DONE


def _driver(app: "ContactsApp") -> "TerminalDriver | None":
    from contacts_tui.terminal.driver import TerminalDriver

    return app._driver if isinstance(app._driver, TerminalDriver) else None


def _give_back(app: "ContactsApp") -> None:
    if (driver := _driver(app)) is not None:
        driver.give_back()


async def _attend(app: "ContactsApp", ending: "Callable[[], None]") -> None:
    """Run the app so that a signal ends it in order, with the terminal given back as it was."""
    asyncio.get_running_loop().set_exception_handler(app.loop_failed)

    def end(number: signal.Signals) -> None:
        app.exit(return_code=Exit.INTERRUPTED if number is signal.SIGINT else Exit.TERMINATED)

    heed_signals(ending, end)
    await app.run_async()


async def _begin(config: Config, store: "Store", tell: "Tell") -> None:
    """Store what the configuration sets for the whole store, then do the background work of this process."""
    if said := await configure_store(config, store):
        tell(said)
    await send_what_waits(store, tell)


async def configure_store(config: Config, store: "Store") -> str:
    """Store the settings of an agent's configuration that count for everybody on the store.

    Return a sentence when the agent has no right to change them, else an empty text.
    """
    from contacts_tui.services import privacy, queue
    from contacts_tui.services.errors import NotAllowed

    try:
        if config.raw_events_days or config.keep_taken_back:
            await store.run(privacy.configure, config.agent, config.raw_events_days, config.keep_taken_back)
        if any(answers := (config.answer_target, config.answer_hours, config.answer_time_zone)):
            await store.run(queue.configure_target, config.agent, *answers)
    except NotAllowed as error:
        return f"Your configuration is not used for the whole store: {error.sentence}."
    return ""


async def send_what_waits(store: "Store", tell: "Tell") -> None:
    """Run outbox, polling and the other background work of this process until cancelled; then let them finish."""
    from contacts_tui.channels.registry import Adapters
    from contacts_tui.services.workers.background import work

    adapters = Adapters()
    stop = asyncio.Event()
    working = asyncio.ensure_future(work(store, adapters, stop, tell))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        stop.set()
        await working
        raise
    finally:
        await adapters.aclose()
