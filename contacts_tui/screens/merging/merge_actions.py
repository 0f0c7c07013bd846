"""The commands that merge, link and split people: the same on the list and on a contact."""

from typing import TYPE_CHECKING

from contacts_tui.screens.queue.queue_keys import QueueKeys

if TYPE_CHECKING:
    from contacts_tui.screens.merging.merging import Merging


class MergeKeys(QueueKeys):
    """A screen with a person who can be merged."""

    @property
    def merge_subject(self) -> int | None:
        """The id of the contact that the commands are about; None without one."""
        raise NotImplementedError

    def after_merge(self) -> None:
        """Go on after a merge or a split, once this screen is on top again; do nothing by default."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: it needs an open store, and mostly a person (asked by Textual)."""
        match action:
            case "merge" | "link" | "split":
                return self.session.is_open and self.merge_subject is not None
            case "merges" | "duplicates":
                return self.session.is_open
        return super().check_action(action, parameters)

    async def action_merge(self) -> None:
        """Ask for the other contact, and show the two side by side."""
        if self.merge_subject is not None:
            await self._merging.merge(self.merge_subject)

    async def action_link(self) -> None:
        """Ask who a person known by chat only is, or which chat is this person's, and show the two side by side."""
        if self.merge_subject is not None:
            await self._merging.link(self.merge_subject)

    async def action_split(self) -> None:
        """Ask which address is another person's, and move it to a contact of its own."""
        if self.merge_subject is not None:
            await self._merging.split(self.merge_subject)

    def action_merges(self) -> None:
        """List the merges and the moved addresses."""
        self._merging.journal()

    def action_duplicates(self) -> None:
        """List the contacts that may be one person."""
        self._merging.duplicates()

    @property
    def _merging(self) -> "Merging":
        # Imported at the first key press: the first frame doesn't need it.
        from contacts_tui.screens.merging.merging import Merging

        return Merging(self, self.after_merge)
