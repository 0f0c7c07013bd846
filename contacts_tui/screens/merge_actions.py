"""The keys with which people are merged, linked, moved apart and put back: the same on the list and on a contact."""

from typing import TYPE_CHECKING

from contacts_tui.screens.base import AgentScreen

if TYPE_CHECKING:
    from contacts_tui.screens.merging import Merging


class MergeKeys(AgentScreen[None]):
    """A screen with somebody on it who may be merged."""

    @property
    def merge_subject(self) -> int | None:
        """The contact that the keys are about; None for nobody."""
        raise NotImplementedError

    def after_merge(self) -> None:
        """Something was merged or moved, and the keys are back with this screen."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing without a store or without somebody; undo only what this agent did here."""
        match action:
            case "merge" | "link" | "split":
                return self.session.is_open and self.merge_subject is not None
            case "merges" | "duplicates":
                return self.session.is_open
            case "undo":
                return self.session.last_move is not None or self.session.last_reconciled is not None
        return True

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

    async def action_undo(self) -> None:
        """Takes back what this agent did last."""
        settled = self.session.last_reconciled
        if settled is None:
            await self._merging.undo()
            return
        # Imported at the first key: the first frame has no use for it.
        from contacts_tui.screens.retry import RetryActions

        await RetryActions(self, self.session, self.notify).undo_arrived(settled)
        self.refresh_bindings()

    def action_merges(self) -> None:
        """Lists what was merged and moved."""
        self._merging.journal()

    def action_duplicates(self) -> None:
        """Lists who may be one person."""
        self._merging.duplicates()

    @property
    def _merging(self) -> "Merging":
        # Imported at the first key: the first frame has no use for it.
        from contacts_tui.screens.merging import Merging

        return Merging(self, self.after_merge)
