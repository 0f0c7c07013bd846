"""The preview of an import: how the file is read, what each column means, and what importing it would do."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Container

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.text import counted, sentence
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.screens.from_thread import from_thread
from contacts_tui.screens.people_import import words
from contacts_tui.screens.people_import.option_picker import OptionPicker
from contacts_tui.screens.people_import.progress import Imported, ImportOrder, ImportProgress
from contacts_tui.services.import_header import Meaning
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.import_preview import Glimpse, ImportCounts
from contacts_tui.services.import_source import Reading
from contacts_tui.widgets.choice_list import ChoiceList
from contacts_tui.widgets.fact_sheet import Fact, FactSheet
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Shade
from contacts_tui.widgets.plain_text import Plain


class ImportSettings(ChoiceList, inherit_bindings=False):
    """The list of settings by which the file is read, and of the meanings of its columns."""

    BINDINGS = bindings(Scope.IMPORT)


class ImportScreen(AgentScreen[Imported | None]):
    """A screen whose result is what the import did, or None when nothing was imported."""

    CSS_PATH = "people_import.tcss"
    AUTO_FOCUS = "ImportSettings"
    SCOPES = (Scope.IMPORT,)

    def __init__(self, path: Path, region: str | None) -> None:
        """Preview the file at `path`; `region` is the country of numbers without a code, as configured."""
        super().__init__()
        self._path = path
        self._reading = Reading(region)
        self._duplicates = Duplicates.FILL
        self._glimpse: Glimpse | None = None
        self._counts = ImportCounts()
        self._stop = threading.Event()
        """Ends the counting that is under way."""

    def compose(self) -> ComposeResult:
        """Yield the settings and columns, what would be imported, and the keys."""
        yield Heading()
        with Container(id="body"):
            yield ImportSettings()
            yield FactSheet()
        yield Plain(id="line", classes="-empty")
        yield CommandFooter()

    def on_mount(self) -> None:
        """Read the file."""
        self._list, self._sheet = self.query_one(ImportSettings), self.query_one(FactSheet)
        self.query_one(Heading).show("Import people", self._path.name)
        self._read()

    async def on_unmount(self) -> None:
        """Stop counting: the counts are no longer needed."""
        self._stop.set()
        await super().on_unmount()

    @work(exclusive=True, group="read", exit_on_error=False)
    async def _read(self) -> None:
        """Show how the file begins, then count its rows, compared with the store."""
        self._stop.set()
        self._stop = stop = threading.Event()
        self._counts = ImportCounts()
        try:
            self._glimpse = await asyncio.to_thread(services.import_preview.look, self._path, self._reading)
            self.say("")
            self._draw()
            self._take_counts(
                await asyncio.to_thread(
                    self._count, from_thread(lambda counts: None if stop.is_set() else self._take_counts(counts)), stop
                )
            )
        except Exception as error:
            self._show_fault(sentence(sentence_of(error)))

    def _count(self, tell: Callable[[ImportCounts], None], stop: threading.Event) -> ImportCounts:
        """Read the whole file, and return its counts; runs on a thread of its own."""
        path, reading = self._path, self._reading
        with services.import_source.ImportSource(path, str(path), reading.encoding) as source:
            watch = services.import_preview.CountWatch(tell=tell, is_stopped=stop.is_set)
            file = source.people(reading)
            return services.import_preview.count(self.session.store, file, self._duplicates, watch)

    def _show_fault(self, words: str) -> None:
        """Show why the file can't be read in this way; the settings stay, as another one may help."""
        if self._glimpse is None:
            self._sheet.show([Fact("", words, Shade.WARNING)])
        else:
            self.say(words)

    def _take_counts(self, counts: ImportCounts) -> None:
        self._counts = counts
        self._show_facts()

    def _draw(self) -> None:
        if self._glimpse is None:
            return
        here = self._list.highlighted
        choices = list(words.settings(self._glimpse, self._reading, self._duplicates))
        keys = [choice.key for choice in choices]
        self._list.set_choices(choices, keys.index(here.key) if here and here.key in keys else 0, words.HEADINGS)
        self._show_facts()

    def _show_facts(self) -> None:
        if self._glimpse is not None:
            rows = counted(self._counts.rows, "row") if self._counts.rows else "reading …"
            self.query_one(Heading).show("Import people", f"{self._path.name} · {self._glimpse.header.form} · {rows}")
            self._sheet.show(list(words.facts(self._glimpse, self._counts)))

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: only a file that can be read is imported (asked by Textual)."""
        if action == "start":
            return self._glimpse is not None
        if action == "more":
            return self._sheet.has_more if self.is_mounted else False
        return True

    def action_more(self) -> None:
        """Scroll the facts on what would be imported."""
        self._sheet.more()

    def action_back(self) -> None:
        """Close without importing anything."""
        self.dismiss(None)

    @work(exit_on_error=False)
    async def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Ask for another value of the setting or column under the cursor."""
        glimpse = self._glimpse
        if glimpse is None:
            return
        match event.key:
            case words.ENCODING:
                if chosen := await self._pick("Encoding", words.encodings(), self._reading.encoding):
                    self._change(encoding=chosen.value)
            case words.SEPARATOR:
                if chosen := await self._pick("Cells separated by", words.separators(), self._reading.separator):
                    self._change(separator=chosen.value)
            case words.COUNTRY:
                if chosen := await self._pick("Country of numbers", words.countries(), self._reading.region):
                    self._change(region=chosen.value)
            case words.KNOWN:
                if chosen := await self._pick("People you already have", words.duplicates(), self._duplicates):
                    self._duplicates = Duplicates(str(chosen.value))
                    self._read()
            case place:
                column = glimpse.header.columns[place]
                now = (column.attribute, column.kind) if column.attribute else column.field
                if chosen := await self._pick(column.heading, words.meanings(column.heading), now):
                    meaning: Meaning = chosen.value  # type: ignore[assignment]  # what `meanings` offers
                    self._change(mapping={**self._reading.mapping, column.heading: meaning})

    async def _pick(self, title: str, options: Sequence[words.Option], now: object) -> words.Option | None:
        return await self.app.push_screen_wait(OptionPicker(title, options, now))

    def _change(self, **changed: Any) -> None:
        self._reading = replace(self._reading, **changed)
        self._read()

    @work(exit_on_error=False)
    async def action_start(self) -> None:
        """Import the file, and close with what that did."""
        self._stop.set()
        rows = self._counts.rows if self._counts.is_whole else 0
        order = ImportOrder(self._path, self._reading, self._duplicates, rows)
        done: Imported = await self.app.push_screen_wait(ImportProgress(order))
        self.dismiss(done)
