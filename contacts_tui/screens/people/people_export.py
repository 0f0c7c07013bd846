"""Exports the people of the list into a file."""

import asyncio
from collections.abc import Sequence

from contacts_tui import paths, services
from contacts_tui.domain.text import counted
from contacts_tui.screens.people.people_views import PeopleViews

_ENDINGS = (".csv", ".vcf", ".jsonl")


class PeopleExport(PeopleViews):
    """Exports the selected people, or else all people of the list."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: an export needs a person in the list (asked by Textual)."""
        if action == "export":
            return self.session.is_open and bool(self._list.count)
        return super().check_action(action, parameters)

    async def action_export(self) -> None:
        """Ask for a file, whose ending says the format, and export who is selected, or else all people of the list."""
        from contacts_tui.screens.save_file import SaveFile

        ids: Sequence[int] = self._list.selected
        with self.telling():
            ids = ids or await self._everybody()
        if not ids:
            return

        def go(to: str | None) -> None:
            if to is not None:
                self.run_worker(self._export(ids, to), group="export", exit_on_error=False)

        who = counted(len(ids), "person", "people")
        question = f"{who} as CSV (.csv), vCard (.vcf) or JSON lines (.jsonl). The path of a new file:"
        self.app.push_screen(SaveFile(question, f"{paths.downloads_folder()}/people.csv", _ENDINGS), go)

    async def _everybody(self) -> Sequence[int]:
        """Return the ids of all people of the list, from the store: a list just opened holds only the first ones."""
        query = self._query
        if query.words:
            return await self._first(query)
        return await self.session.read(services.views.order, query.line, self.session.agent)

    async def _export(self, ids: Sequence[int], to: str) -> None:
        loop = asyncio.get_running_loop()

        def progress(done: int, of: int) -> None:
            loop.call_soon_threadsafe(self._tell_progress, done, of)

        with self.telling():
            path = paths.expanded(to, "the file")
            write, session = services.people_export.write, self.session
            barred = await asyncio.to_thread(write, session.store, session.agent, path, ids, progress)
            written = f"{counted(len(ids), 'person', 'people')} written"
            warning = services.people_export.barred_words(barred)
            # A long path may be cut: a warning comes before it.
            self.say(f"{written}. {warning}. The file: {path}" if warning else f"{written} to {path}.")
