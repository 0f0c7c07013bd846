"""Keys and marks in words, wrapped to the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from contacts_tui.commands import Scope, in_scopes, scopes_from
from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.domain.channel import Channel
from contacts_tui.widgets.line_view import Lines, Shade, Span
from contacts_tui.widgets.person_line import DRAFT, POINTER, SELECTED

_KEYS = 18
"""Cells of the column of keys and marks."""
_LEAST = 20
"""Cells that the words beside it get at least."""

_MARKS = (
    ("●", Shade.ACCENT, "messages that you have not read"),
    ("✗", Shade.DANGER, "not delivered"),
    ("?", Shade.WARNING, "may or may not have been sent; never resent automatically"),
    ("·  →", Shade.SOFT, "waiting to be sent, being sent"),
    ("✓  ✓✓", Shade.SOFT, "sent, delivered or read"),
    (f"{POINTER}  {SELECTED}", Shade.ACCENT, "under the cursor, selected"),
    (DRAFT, Shade.PLAIN, "a text to them was begun and not sent"),
    ("target in 5 m", Shade.WARNING, "until when an answer is due; with a channel, when its window closes"),
    ("target \N{MINUS SIGN}5 m", Shade.DANGER, "that was due so long ago"),
    ("!", Shade.WARNING, "the window closes soon: after that only a template may be sent"),
    (" ".join(each.mark for each in Channel), Shade.SOFT, ", ".join(each.label for each in Channel)),
)
"""Every mark with its words."""

_MORE = (
    "While you type, letters are text: the other keys of a command go on working. A click on a command runs it.",
    "More is in the folder docs of the program, and in: contacts-tui --help",
)


class HelpText(Lines, can_focus=False):
    """The help, scrolled by its screen."""

    @dataclass
    class Chosen(Message):
        """A command was clicked."""

        command_id: str

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """`scopes` come first, all others after them."""
        super().__init__()
        self._scopes = scopes_from(scopes)
        self._wrapped: list[list[Span]] = []
        self._commands: dict[int, str] = {}
        """The ids of the commands, by the indexes of the lines that tell of them."""

    def on_resize(self, event: Resize) -> None:
        """Wraps anew."""
        self._commands = {}
        self._wrapped = []
        for command_id, spans in self._wrap():
            if command_id:
                self._commands[len(self._wrapped)] = command_id
            self._wrapped.append(spans)
        self.set_height(len(self._wrapped))
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Tells which command was clicked."""
        command_id = self._commands.get(event.y + self.scroll_offset.y)
        if command_id is not None:
            self.post_message(self.Chosen(command_id))

    def line(self, index: int) -> Strip:
        """One line of the help."""
        return self.strip(self._wrapped[index] if index < len(self._wrapped) else [])

    def _wrap(self) -> Iterator[tuple[str, list[Span]]]:
        """Yield each line with the id of the command that it tells of; empty for any other line."""
        for scope in self._scopes:
            yield "", [(f" {scope.label}", Shade.ACCENT)]
            for command in in_scopes((scope,)):
                keys = "  ".join(command.key_words) or "in the palette"
                yield from ((command.id, spans) for spans in self._entry(keys, Shade.STRONG, command.help))
            yield "", []
        yield "", [(" Marks", Shade.ACCENT)]
        for mark, shade, words in _MARKS:
            yield from (("", spans) for spans in self._entry(mark, shade, words))
        yield "", []
        for sentence in _MORE:
            for words in wrap(sentence, max(_LEAST, self.line_width - 2)):
                yield "", [(f" {words}", Shade.SOFT)]

    def _entry(self, head: str, shade: Shade, words: str) -> Iterator[list[Span]]:
        if text_width(head) >= _KEYS:
            yield [(f"   {head}", shade)]
            head = ""
        for line in wrap(words, max(_LEAST, self.line_width - _KEYS - 4)):
            yield [("   " + fit(head, _KEYS), shade), (line, Shade.PLAIN)]
            head = ""
