"""The commands that export and forget a person: the same on the list and on a contact."""

import asyncio
from typing import TYPE_CHECKING

from contacts_tui import paths, services
from contacts_tui.domain.file_types import safe_name
from contacts_tui.domain.text import begun, one_line, sentence
from contacts_tui.screens.person.person_keys import PersonKeys

if TYPE_CHECKING:
    from contacts_tui.services.forgetting import Receipt

_RECEIPT_ANSWERS = ("done", "save this as a receipt")


class PersonFiles(PersonKeys):
    """A screen with a person who can be exported and forgotten."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: both need an open store and a person (asked by Textual)."""
        if action in ("export_person", "forget"):
            return self.session.is_open and self.merge_subject is not None
        return super().check_action(action, parameters)

    async def action_export_person(self) -> None:
        """Ask for a new folder, and write all that is known of the person into it."""
        from contacts_tui.screens.save_file import SaveFile

        if (contact_id := self.merge_subject) is None:
            return
        with self.telling():
            known = await self.session.read(services.people_edit.editable, contact_id)
            assert known.contact is not None, "asked for by an id"
            name = one_line(known.contact.name)

            def go(to: str | None) -> None:
                if to is not None:
                    self.run_worker(self._export_person(contact_id, name, to), group="export", exit_on_error=False)

            question = f"All about {name}: messages, notes, journal and files. The path of a new folder:"
            self.app.push_screen(SaveFile(question, f"{paths.downloads_folder()}/{safe_name(name, '')}"), go)

    async def _export_person(self, contact_id: int, name: str, to: str) -> None:
        with self.telling("Not exported: "):
            folder = paths.expanded(to, "the folder")
            self.say(f"Exporting {name} …")
            write, session = services.person_archive.write, self.session
            written = await asyncio.to_thread(write, session.store, session.agent, contact_id, folder)
            missing = ", ".join(written.missing)
            left_out = f" Not copied, for they are not in the store: {missing}." if missing else ""
            self.say(f"{begun(written.words)} written to {folder}.{left_out}")

    async def action_forget(self) -> None:
        """Say what goes and what remains, ask for a word, and remove the person from the store for good."""
        from contacts_tui.screens.person.forget_dialog import ForgetDialog

        if (contact_id := self.merge_subject) is None:
            return

        async def answered(forgets: bool | None) -> None:
            if forgets:
                await self._forget(contact_id)

        with self.telling():
            await self.before_forgetting()
            known = await self.session.read(services.people_edit.editable, contact_id)
            going = await self.session.read(services.forgetting.preview, contact_id)
            assert known.contact is not None, "asked for by an id"
            self.app.push_screen(ForgetDialog(known.contact.name, going.goes, going.remains), answered)

    async def _forget(self, contact_id: int) -> None:
        session = self.session
        with self.telling("Not forgotten: "):
            receipt = await asyncio.to_thread(services.forgetting.forget, session.store, session.agent, contact_id)
            session.begun_notes.pop(contact_id, None)
            self._show_receipt(receipt)

    def _show_receipt(self, receipt: "Receipt") -> None:
        from contacts_tui.screens.dialogs import Decision

        at, who = receipt.forgotten_at.astimezone(), receipt.gone.contact_id
        lines = [
            f"{at:%Y-%m-%d %H:%M:%S}, by {receipt.forgotten_by}: person {who}.",
            f"What is gone: {receipt.gone.goes}.",
            f"What remains: {receipt.gone.remains}.",
            *([sentence(receipt.caution)] if receipt.caution else []),
        ]

        async def answered(answer: int | None) -> None:
            if answer == 1:
                self._ask_for_receipt(receipt)
            else:
                await self.after_forgetting()

        self.app.push_screen(Decision("Forgotten", lines, _RECEIPT_ANSWERS), answered)

    def _ask_for_receipt(self, receipt: "Receipt") -> None:
        from contacts_tui.screens.save_file import SaveFile

        async def write(to: str | None) -> None:
            if to is not None:
                try:
                    path = paths.expanded(to, "the receipt")
                    await asyncio.to_thread(receipt.write, path)
                    self.app.notify(f"The receipt is saved as {path}.")
                except (OSError, paths.PathError) as error:
                    self.app.notify(f"The receipt can't be saved ({error}).", severity="error")
                    self._ask_for_receipt(receipt)
                    return
            await self.after_forgetting()

        begin = f"{paths.downloads_folder()}/forgotten-{receipt.gone.contact_id}.json"
        self.app.push_screen(SaveFile("The receipt, which names no one. The path of a new file:", begin), write)

    async def before_forgetting(self) -> None:
        """Store what is typed for the person, so that it is forgotten with them; do nothing by default."""

    async def after_forgetting(self) -> None:
        """Leave the person, who is no longer in the store, once this screen is on top again; do nothing by default."""
