"""The file that is sent with a draft: chosen, stored with the draft, shown above the text, and removed again."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.attachments import Attachment
from contacts_tui.domain.media import media_word, size_words
from contacts_tui.domain.text import one_line, sentence
from contacts_tui.domain.views import Route
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.widgets.attachment_chip import AttachmentChip
from contacts_tui.widgets.composer import Composer

if TYPE_CHECKING:
    from contacts_tui.domain.message import Media

HOME = "~/"
"""The path that the file dialog begins with."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """The file of a draft."""

    path: str = ""
    """The path of the file; empty without one."""
    file: Attachment | None = None
    """What the file is; None without one, and when it can't be sent as it is."""
    trouble: str = ""
    """Why the file can't be sent as it is; empty when it can."""


class Attaching:
    """The file of the draft on the route that is open."""

    def __init__(self, screen: AgentScreen[Any], state: ContactState) -> None:
        self._screen = screen
        self._session = screen.session
        self._chip = screen.query_one(AttachmentChip)
        self._composer = screen.query_one(Composer)
        self._state = state
        self._held = DraftFile()
        self._begin = HOME

    @property
    def path(self) -> str:
        """The path of the attached file; empty without one."""
        return self._held.path

    async def read(self, route: Route | None) -> DraftFile:
        """Return the file of the draft on a route; an empty DraftFile without a file, and for None."""
        if route is None:
            return DraftFile()
        path = await self._session.read(services.messaging.draft_file, route.identity.id, route.inbox.id)
        return await _examined(path, route)

    def open(self, state: ContactState, held: DraftFile) -> None:
        """Show `held`, the file of the draft on the route of `state`."""
        self._held = held
        self.show(state)

    def show(self, state: ContactState) -> None:
        """Update the line about the file; it stands above the text, and is shown only while the composer is."""
        self._state = state
        words, note = "", ""
        if self._held.path and self._composer.display:
            words, note = self._held.trouble, ""
            if (file := self._held.file) is not None:
                kind, size = media_word(file.content_type), size_words(file.size)
                words, note = f"{kind}: {one_line(file.name)}, {size}", self._note(file)
        key = keys_of("contact.detach")
        self._chip.show_file(one_line(words), note, key, wrong=bool(self._held.trouble))
        self._composer.set_attached(bool(self._held.path))

    def _note(self, file: Attachment) -> str:
        text = self._composer.text.strip()
        if self._state.route is None or not text:
            return ""
        together = services.media.goes_with_text(self._state.route.inbox, file.content_type, text)
        return "" if together else "sent separately after the text"

    async def choose(self) -> None:
        """Ask for a file, if the channel takes one; else say why not. Raise what the service raises."""
        route = self._state.route
        if route is None:
            return
        if not self._composer.display:
            self._screen.say("A file can only be sent where free text can.")
            return
        why_not = await self._session.read(services.media.refusal, route.identity.id, route.inbox.id)
        if why_not:
            self._screen.say(sentence(why_not))
            return
        from contacts_tui.screens.contact.attach import AttachFile

        self._screen.say("")
        self._screen.app.push_screen(AttachFile(route.inbox, self._begin), self._chosen)

    async def _chosen(self, chosen: Attachment | None) -> None:
        if chosen is None:
            return
        self._begin = f"{Path(chosen.path).parent}/".replace("//", "/")
        await self._change(chosen.path)

    async def take_off(self) -> None:
        """Remove the file from the draft; the text stays."""
        await self._change("")

    async def _change(self, path: str) -> None:
        route = self._state.route
        if route is None:
            return
        with self._screen.telling("the draft was not stored: "):
            await self._session.run(services.messaging.attach_to_draft, route.identity.id, route.inbox.id, path)
            self.open(self._state, await _examined(path, route))
            self._screen.refresh_bindings()

    async def kept(self) -> "tuple[Media, ...]":
        """Return a stored copy of the file: the outbox sends it, whatever happens to the original. Raise BadInput."""
        route = self._state.route
        if not self.path or route is None:
            return ()
        return (await services.media.keep(self._session.store, self.path, route.inbox),)

    def sent(self) -> None:
        """Show no file any more: it was sent with its message, and the service removed it from the draft."""
        self.open(self._state, DraftFile())


async def _examined(path: str, route: Route) -> DraftFile:
    """Return what the file at `path` is, or why it can't be sent on the route; an empty DraftFile for no path."""
    if not path:
        return DraftFile()
    try:
        return DraftFile(path, await asyncio.to_thread(services.media.examine, path, route.inbox))
    except Exception as error:
        return DraftFile(path, trouble=sentence_of(error))
