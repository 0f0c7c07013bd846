"""An import while it runs: how far it is, the key that stops it, and what the agent is asked at its end."""

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from contacts_tui import paths, services
from contacts_tui.commands import Scope
from contacts_tui.domain.text import begun, counted
from contacts_tui.screens.base import AgentModal, sentence_of
from contacts_tui.screens.dialogs import Decision
from contacts_tui.screens.from_thread import from_thread
from contacts_tui.screens.people_import import words
from contacts_tui.screens.save_file import SaveFile
from contacts_tui.services.errors import BadInput
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.import_run import ImportTally, ImportWatch
from contacts_tui.services.import_source import Reading
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

_GO_ON, _KEEP, _TAKE_OUT = range(3)
_ANSWERS = ("Go on importing", "Stop, and keep who came in", "Stop, and take them out again")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    words: str
    """What it did, as a clause: "12 people imported"."""
    number: int | None
    """The number by which it can be undone; None when nothing was changed, or all of it was taken out again."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported, and how."""

    path: Path
    reading: Reading
    duplicates: Duplicates
    rows: int
    """Rows of the file; 0 when they weren't counted to the end."""


class ImportProgress(AgentModal[Imported]):
    """A dialog that imports, and whose result is what that did."""

    CSS_PATH = "people_import.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.IMPORTING,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.IMPORTING)

    def __init__(self, order: ImportOrder) -> None:
        super().__init__()
        self._order = order
        self._stop = threading.Event()
        self._takes_out = False
        self._unasked = asyncio.Event()
        """Set unless the question whether to stop is on the screen."""
        self._unasked.set()
        self._ended = asyncio.Event()
        """Set when nothing more will be written to the store."""
        self._rows = 0

    def compose(self) -> ComposeResult:
        """Yield a line for how far the import is, and the key that stops it."""
        with Vertical(id="box") as box:
            box.border_title = "Importing people"
            yield Plain("The import begins …", id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Begin the import."""
        self._import()

    async def on_unmount(self) -> None:
        """Stop the import, as the program ends; what was imported is kept."""
        self._stop.set()
        await super().on_unmount()

    async def before_quit(self) -> str | None:
        """Stop the import, and keep what was imported. Return after how many rows it stopped."""
        self._stop.set()
        self._unasked.set()
        await self._ended.wait()
        return f"The import was stopped after {counted(self._rows, 'row')}. Import the file again to finish it."

    @work(exit_on_error=False)
    async def _import(self) -> None:
        with tempfile.TemporaryFile("w+", encoding="utf-8-sig", errors="backslashreplace", newline="") as report:
            try:
                tally = await asyncio.to_thread(self._run, report, from_thread(self._show))
            except Exception as error:
                self._ended.set()
                self.dismiss(Imported(f"nothing was imported: {sentence_of(error)}", None))
                return
            self._rows = tally.rows
            await self._unasked.wait()
            taken_out = self._takes_out and tally.number is not None
            if taken_out:
                await self._take_out(tally)
            self._ended.set()
            if taken_out:
                self.dismiss(Imported("the import was stopped, and everybody taken out again", None))
                return
            if tally.problem_count:
                await self._offer_report(report, tally)
            self.dismiss(Imported(_told(tally), tally.number))

    def _run(self, report: IO[str], tell: Callable[[ImportTally], None]) -> ImportTally:
        """Store the rows, and return what that did; runs on a thread of its own."""
        order = self._order
        with services.import_source.ImportSource(order.path, str(order.path), order.reading.encoding) as source:
            file = source.people(order.reading)
            headings = [column.heading for column in file.header.columns]
            written = services.import_report.ImportReport(report, headings, file.header.delimiter or ",")
            watch = ImportWatch(written.add, tell, self._stop.is_set)
            return services.import_run.run(self.session.store, self.session.agent, file, order.duplicates, watch)

    def _show(self, tally: ImportTally) -> None:
        self._rows = tally.rows
        of = f" of {self._order.rows:,}" if self._order.rows > tally.rows else ""
        self.say(f"{tally.rows:,}{of} rows: {words.result(tally)}")

    async def _take_out(self, tally: ImportTally) -> None:
        await asyncio.to_thread(
            services.queue.undo_whole,
            self.session.store,
            self.session.agent,
            tally.number,
            from_thread(lambda people: self.say(f"{people:,} people taken out again")),
        )

    async def _offer_report(self, report: IO[str], tally: ImportTally) -> None:
        """Ask where to save what wasn't imported, until that works or the agent goes back."""
        what = f"{begun(words.result(tally))}. The rows and cells that didn't come in, with the reasons"
        begin = f"~/{self._order.path.stem}-left-out.csv"
        while (chosen := await self.app.push_screen_wait(SaveFile(what, begin))) is not None:
            begin = chosen
            with self.telling():
                await asyncio.to_thread(_save, report, chosen)
                return

    @work(exit_on_error=False)
    async def action_stop(self) -> None:
        """Ask whether to stop, and whether to keep the imported people; meanwhile the import goes on."""
        if not self._unasked.is_set():
            return
        self._unasked.clear()
        try:
            lines = [f"{counted(self._rows, 'row')} are done. It can be undone later as well."]
            answer = await self.app.push_screen_wait(Decision("Stop the import?", lines, _ANSWERS))
            if answer in (_KEEP, _TAKE_OUT):
                self._takes_out = answer == _TAKE_OUT
                self._stop.set()
        finally:
            self._unasked.set()


def _save(report: IO[str], chosen: str) -> None:
    """Copy the report into a new file for its owner alone. Raise PathError and BadInput."""
    path = paths.expanded(chosen, "the path")
    path = path / "left-out.csv" if path.is_dir() else path
    report.flush()
    report.seek(0)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as target:
            shutil.copyfileobj(report, target)
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _told(tally: ImportTally) -> str:
    parts = [words.result(tally)]
    if tally.is_stopped:
        parts.append(f"stopped after {counted(tally.rows, 'row')}")
    if tally.failure is not None:
        parts.append(f"{tally.failure.sentence}. Import the file again to finish it")
    return "; ".join(parts)
