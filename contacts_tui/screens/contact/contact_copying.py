"""What an agent copies from a contact: text of the thread, its links, the person's addresses."""

import asyncio

from textual.widget import Widget

from contacts_tui import services
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.links import Link
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import ContactCard
from contacts_tui.screens.contact import contact_words as words
from contacts_tui.screens.contact.contact_scheduling import ContactScheduling
from contacts_tui.screens.dialogs import Decision
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.thread import requests


class ContactCopying(ContactScheduling):
    """The part of a contact's screen for the clipboard, and for links to open in the browser."""

    def on_mount(self) -> None:
        """Clear the marks in the thread whenever something else is marked: one thing is marked at a time."""
        self.watch(self, "selections", self._unmark_thread, init=False)

    def _unmark_thread(self, selections: dict[Widget, object]) -> None:
        if selections:
            self._thread.clear_marks()

    def marked_text(self) -> str:
        """Return the text that is marked in the thread, or else on the card; empty without any."""
        return self._thread.marked_text or super().marked_text()

    def on_thread_view_copy_wanted(self, event: requests.CopyWanted) -> None:
        """Copy the words of a message."""
        self.copy(event.words)

    async def on_thread_view_link_wanted(self, event: requests.LinkWanted) -> None:
        """Open the link that was chosen; ask first if its text doesn't tell where it leads."""
        if event.link.says_where:
            await self._open_link(event.link)
        else:
            self._ask_about((event.link,))

    def on_thread_view_links_wanted(self, event: requests.LinksWanted) -> None:
        """Show where the links of a message lead, and offer to copy or open them."""
        self._ask_about(event.links)

    def _ask_about(self, found: tuple[Link, ...]) -> None:
        lines = [line for link in found for line in _where(link)]
        answers = [f"{verb} {link.host if len(found) > 1 else ''}".rstrip() for link in found for verb in _VERBS]

        async def answered(answer: int | None) -> None:
            if answer is None:
                return
            link, does_open = found[answer // len(_VERBS)], bool(answer % len(_VERBS))
            if does_open:
                await self._open_link(link)
            else:
                self.copy(link.target)

        self.app.push_screen(Decision("Links" if len(found) > 1 else "Link", lines, answers), answered)

    async def _open_link(self, link: Link) -> None:
        why_not = await asyncio.to_thread(services.desktop.open_link, link.target)
        if why_not:
            self.app.copy_to_clipboard(link.target)
            self.say(f"Copied, not opened ({why_not}): {link.target}")
        else:
            self.say(f"Opened: {link.target}")

    def action_copy_address(self) -> None:
        """Copy the person's only address, or ask which one."""
        if self._card is None:
            return
        found = _addresses(self._card)
        if len(found) == 1:
            self.copy(found[0])
            return

        def answered(answer: int | None) -> None:
            if answer is not None:
                self.copy(found[answer])

        self.app.push_screen(Decision("Copy an address", (), found), answered)

    def action_copy_link(self) -> None:
        """Copy the link by which the person can write first, if there is one."""
        if link := self._link():
            self.copy(link)

    def _link(self) -> str:
        if self._card is None:
            return ""
        section, allowed = self.query_one(MessagingSection), self._state.allowed
        here = allowed.channel if allowed is not None else None
        return words.link(self._channels, section.cursor if section.has_focus else here)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: there has to be a link or an address to copy (asked by Textual)."""
        if action == "copy_link":
            return bool(self._link())
        if action == "copy_address":
            return self._card is not None and bool(_addresses(self._card))
        return super().check_action(action, parameters)


_VERBS = ("Copy", "Open")
"""What can be done with a link, the harmless one first."""


def _where(link: Link) -> tuple[str, ...]:
    """Return the text of a link, and in a second line where it leads, if that is not what the text says."""
    return (link.text,) if link.says_where else (link.text, f"  leads to {link.host}: {link.target}")


def _addresses(card: ContactCard) -> list[str]:
    """Return every address of a person once, as it is shown; e-mail addresses come last."""
    ways = [one_line(display_phone(one.address) if one.channel.by_phone else one.address) for one in card.identities]
    return list(dict.fromkeys([*ways, *map(one_line, card.contact.emails)]))
