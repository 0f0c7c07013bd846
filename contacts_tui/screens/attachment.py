"""The file that goes with a draft: chosen, kept with it, shown above the text, and taken off again."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.attachments import Attachment
from contacts_tui.domain.media import media_word, size_words
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import Route
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.session import AgentSession
from contacts_tui.widgets.attachment_chip import AttachmentChip
from contacts_tui.widgets.composer import Composer

if TYPE_CHECKING:
    from contacts_tui.domain.message import Media

HOME = "~/"
"""Where files are looked for at first."""


class Attaching:
    """The attachment of the route that is open. Every refusal becomes a sentence."""

    def __init__(self, screen: Screen[None], session: AgentSession, say: Callable[[str], None]) -> None:
        """`say` shows a sentence to the agent."""
        self._screen = screen
        self._session = session
        self._say = say
        self._chip = screen.query_one(AttachmentChip)
        self._composer = screen.query_one(Composer)
        self._route: Route | None = None
        self._path = ""
        self._file: Attachment | None = None
        self._trouble = ""
        """Why the file of the draft can't go as it is."""
        self._begin = HOME

    @property
    def path(self) -> str:
        """Where the attached file lies; empty without one."""
        return self._path

    async def open(self, route: Route | None) -> None:
        """Another route, with the file of its draft; None for nowhere."""
        self._route = route
        path = (
            ""
            if route is None
            else await self._session.read(services.messaging.draft_file, route.identity.id, route.inbox.id)
        )
        await self._look_at(path)

    async def _look_at(self, path: str) -> None:
        self._path, self._file, self._trouble = path, None, ""
        if path and self._route is not None:
            try:
                self._file = await asyncio.to_thread(services.media.examine, path, self._route.inbox)
            except Exception as error:
                self._trouble = sentence_of(error)
        self.show()

    def show(self) -> None:
        """Brings the line above the text up to date: it stands where the text does."""
        words, note = "", ""
        if self._path and self._composer.display:
            words, note = self._trouble, ""
            if (file := self._file) is not None:
                kind, size = media_word(file.content_type), size_words(file.size)
                words, note = f"{kind}: {one_line(file.name)}, {size}", self._note(file)
        key = keys_of("contact.detach")
        self._chip.show_file(one_line(words), note, key, wrong=bool(self._trouble))
        self._composer.set_attached(bool(self._path))

    def _note(self, file: Attachment) -> str:
        text = self._composer.text.strip()
        if self._route is None or not text:
            return ""
        together = services.media.goes_with_text(self._route.inbox, file.content_type, text)
        return "" if together else "sent separately after the text"

    async def choose(self) -> None:
        """Asks for a file, where the channel takes one; else says why it doesn't."""
        route = self._route
        if route is None:
            return
        if not self._composer.display:
            self._say("A file can only be sent where free text can.")
            return
        why_not = await self._session.read(services.media.refusal, route.identity.id, route.inbox.id)
        if why_not:
            self._say(f"{why_not[:1].upper()}{why_not[1:]}.")
            return
        from contacts_tui.screens.attach import AttachFile

        self._say("")
        self._screen.app.push_screen(AttachFile(route.inbox, self._begin), self._chosen)

    async def _chosen(self, chosen: Attachment | None) -> None:
        if chosen is None:
            return
        self._begin = f"{Path(chosen.path).parent}/".replace("//", "/")
        await self._change(chosen.path)

    async def take_off(self) -> None:
        """Takes the file off; the text stays."""
        await self._change("")

    async def _change(self, path: str) -> None:
        route = self._route
        if route is None:
            return
        try:
            await self._session.run(services.messaging.attach_to_draft, route.identity.id, route.inbox.id, path)
        except Exception as error:
            self._say(f"The draft was not stored: {sentence_of(error)}")
        await self._look_at(path)
        self._screen.refresh_bindings()

    async def kept(self) -> "tuple[Media, ...]":
        """The file as the outbox will find it, whatever becomes of the original. Raises BadInput."""
        if not self._path or self._route is None:
            return ()
        return (await services.media.keep(self._session.store, self._path, self._route.inbox),)

    def sent(self) -> None:
        """It went with its message, whose service took it off the draft."""
        self._path, self._file, self._trouble = "", None, ""
        self.show()
