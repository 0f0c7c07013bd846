"""How the interface ends when something fails in it: logged, the terminal given back, and nothing of Textual's printed.

Textual 8.2.8 prints a traceback with all local variables over the shell, logs nothing, and a panic of its own leaves
with 0.
"""

import io
import logging
from typing import Any

from rich.console import Console, RenderableType
from textual.app import App
from textual.worker import WorkerFailed

_log = logging.getLogger("contacts_tui.terminal")


class Panic(Exception):
    """Textual gave up. The message holds what it would have printed."""


class LoggedCrashes(App[None]):
    """An app whose failures end it in order, once, and stand in the log."""

    crash: BaseException | None = None
    """What ended the app; None as long as nothing failed."""

    def crashed(self, error: BaseException) -> None:
        """Log what failed, and end the app. Only the first failure counts: others follow from it."""
        _log.critical("the interface failed", exc_info=error)
        self.crash = self.crash or error
        self.ending()
        self._close_messages_no_wait()

    def ending(self) -> None:
        """Do nothing: a subclass learns here that the app is told to end, or fails; perhaps more than once."""

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Exit as in Textual, but once: of several reasons to end, the first one counts."""
        if not self._exit:
            self.ending()
            super().exit(result, return_code, message)

    def panic(self, *renderables: RenderableType) -> None:
        """Log what Textual would print when it gives up, and end the app."""
        console = Console(file=io.StringIO(), width=120, color_system=None)
        for renderable in renderables:
            console.print(renderable)
        assert isinstance(console.file, io.StringIO)
        self.crashed(Panic(console.file.getvalue().strip()))

    def _handle_exception(self, error: Exception) -> None:
        """Log what a handler, a worker or a frame raised, and end the app."""
        if self._exception is None:
            # Textual's test harness raises it.
            self._exception = error
            self._exception_event.set()
        self.crashed(error.error if isinstance(error, WorkerFailed) else error)

    def _fatal_error(self) -> None:
        """End the app without printing the exception that is being handled, which Textual would do."""
        self._close_messages_no_wait()

    def loop_failed(self, _loop: object, context: dict[str, Any]) -> None:
        """Log and show an error that asyncio reports from where no task waits for it; the interface goes on."""
        error = context.get("exception")
        _log.error("in the background: %s", context.get("message"), exc_info=error)
        self.notify(
            f"Something went wrong in the background ({type(error).__name__}). The log has the details.",
            severity="error",
            markup=False,
        )
