"""The keys with which people are merged, linked, and moved apart: the same on the list and on a contact."""

from typing import TYPE_CHECKING

from contacts_tui.screens.queue.queue_keys import QueueKeys

if TYPE_CHECKING:
    from contacts_tui.screens.merging.merging import Merging


class MergeKeys(QueueKeys):
    """A screen with somebody on it who may be merged."""

    @property
    def merge_subject(self) -> int | None:
        """The contact that the keys are about; None for nobody."""
        raise NotImplementedError

    def after_merge(self) -> None:
        """Something was merged or moved, and the keys are back with this screen."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing without a store or without somebody."""
        match action:
            case "merge" | "link" | "split":
                return self.session.is_open and self.merge_subject is not None
            case "merges" | "duplicates":
                return self.session.is_open
        return super().check_action(action, parameters)

    async def action_merge(self) -> None:
        """Asks with whom, and lays the two side by side."""
        if self.merge_subject is not None:
            await self._merging.merge(self.merge_subject)

    async def action_link(self) -> None:
        """Says who a chat's contact is."""
        if self.merge_subject is not None:
            await self._merging.link(self.merge_subject)

    async def action_split(self) -> None:
        """Moves an address away."""
        if self.merge_subject is not None:
            await self._merging.split(self.merge_subject)

    def action_merges(self) -> None:
        """Lists what was merged and moved."""
        self._merging.journal()

    def action_duplicates(self) -> None:
        """Lists who may be one person."""
        self._merging.duplicates()

    @property
    def _merging(self) -> "Merging":
        # Imported at the first key: the first frame has no use for it.
        from contacts_tui.screens.merging.merging import Merging

        return Merging(self, self.after_merge)
