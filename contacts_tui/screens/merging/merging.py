"""Merging, linking and splitting from start to end: what the list of people and a contact have in common."""

from collections.abc import Callable

from contacts_tui import services
from contacts_tui.domain.duplicates import is_known_by_chat_only
from contacts_tui.domain.merge import MergeEntry
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import ContactCard
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.merging import merge_words as words
from contacts_tui.screens.merging.candidate_picker import CandidatePicker
from contacts_tui.screens.merging.duplicates import DuplicatesScreen
from contacts_tui.screens.merging.merge import MergeScreen
from contacts_tui.screens.merging.merges import MergesScreen
from contacts_tui.screens.merging.split_picker import SplitPicker


class Merging:
    """Opens the screens of a merge over another screen, and says there what was done."""

    def __init__(self, screen: AgentScreen[None], after: Callable[[], None] | None = None) -> None:
        """Call `after` once something was merged or moved, when `screen` is on top again."""
        self._screen = screen
        self._after = after

    async def merge(self, contact_id: int) -> None:
        """Ask for the other contact, and show the two side by side; this one stays, unless the agent swaps them."""
        with self._screen.telling():
            card = await self._card(contact_id)
            question = "Which other contact is the same person? Nothing is merged until you confirm."
            picker = CandidatePicker(contact_id, f"Merge {card.contact.name} with …", question)
            self._screen.app.push_screen(picker, lambda other: self.lay(contact_id, other))

    async def link(self, contact_id: int) -> None:
        """Ask who a person known by chat only is; for any other person, ask which of those known by chat only they are.

        Then show the two side by side: the one with the chat is merged into the other, unless the agent swaps them.
        """
        with self._screen.telling():
            card = await self._card(contact_id)
            name = one_line(card.contact.name)
            if is_known_by_chat_only(card.identities):
                question = f"Who is {name}? The chat goes to the contact you choose."
                picker = CandidatePicker(contact_id, f"{name} is …", question)
                self._screen.app.push_screen(picker, lambda other: self.lay(other, contact_id))
            else:
                question = f"Which of those who wrote by Telegram or Messenger is {name}?"
                picker = CandidatePicker(contact_id, f"Link a chat to {name}", question, chat_only=True)
                self._screen.app.push_screen(picker, lambda other: self.lay(contact_id, other))

    async def split(self, contact_id: int) -> None:
        """Ask which address is another person's, and move it to a contact of its own; say so if there is only one."""
        with self._screen.telling():
            card = await self._card(contact_id)
            addresses = await self._screen.session.read(services.merging.movable, contact_id)
            if not addresses:
                self._screen.notify(f"{one_line(card.contact.name)} has only one address: there is nothing to move.")
                return
            self._screen.app.push_screen(SplitPicker(card.contact.name, addresses, self._screen.undo_key), self._split)

    def journal(self) -> None:
        """List the merges and the moved addresses, and open the contact that is chosen."""
        self._screen.app.push_screen(MergesScreen(), self._open)

    def duplicates(self) -> None:
        """List the pairs that may be one person, and show one side by side; after each pair, list the others again."""
        self._screen.app.push_screen(DuplicatesScreen(), self._lay_pair)

    def _lay_pair(self, pair: tuple[int, int] | None) -> None:
        if pair is not None:
            self._screen.app.push_screen(MergeScreen(*pair, self._screen.undo_key), self._pair_done)

    def _pair_done(self, entry: MergeEntry | None) -> None:
        self._done(entry)
        self.duplicates()

    def lay(self, keep_id: int | None, other_id: int | None) -> None:
        """Show two people side by side, to be merged; do nothing if one of them is None."""
        if keep_id is not None and other_id is not None:
            self._screen.app.push_screen(MergeScreen(keep_id, other_id, self._screen.undo_key), self._done)

    async def _split(self, identity_id: int | None) -> None:
        if identity_id is None:
            return
        with self._screen.telling():
            author = self._screen.session.agent
            self._done(await self._screen.session.run(services.merging.split, identity_id, author=author))

    def _done(self, entry: MergeEntry | None) -> None:
        if entry is None:
            return
        session = self._screen.session

        async def undo() -> str:
            return words.undone(await session.run(services.merging.undo, entry.id, author=session.agent))

        session.undo_stack.push(entry.sentence, undo, of=words.undo_key(entry))
        self._screen.notify(words.done(entry, self._screen.undo_key))
        self._screen.refresh_bindings()
        if self._after is not None:
            self._after()

    def _open(self, contact_id: int | None) -> None:
        if contact_id is not None:
            self._screen.agent_app.open_contact(contact_id)

    async def _card(self, contact_id: int) -> ContactCard:
        card = await self._screen.session.read(services.people.card, contact_id)
        if card is None:
            raise services.errors.NotFound("this person is no longer in the store")
        return card
