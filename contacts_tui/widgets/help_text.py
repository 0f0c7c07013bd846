"""Keys and marks in words, wrapped to the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from contacts_tui.commands import Scope, in_scopes, scopes_from
from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.person_filter import GUIDE
from contacts_tui.domain.text import searchable
from contacts_tui.widgets.line_view import Shade, Span, WrappedLines
from contacts_tui.widgets.person_line import DRAFT, POINTER, SELECTED

_KEYS = 18
"""Cells of the column of keys and marks."""
_LEAST = 20
"""Cells that the words beside it get at least."""

MARKS = (
    ("●", Shade.ACCENT, "messages that you have not read"),
    ("✓", Shade.SOFT, "went well: a message was sent, an inbox is live"),
    ("✓✓", Shade.SOFT, "the message was delivered, or read"),
    ("✗", Shade.DANGER, "went wrong: a message was not delivered, an inbox or a channel needs attention"),
    ("?", Shade.WARNING, "the message may or may not have been sent; never resent automatically"),
    ("·", Shade.SOFT, "the message waits to be sent; in plots: nothing"),
    ("◷", Shade.SOFT, "the message is scheduled: it is sent later"),
    ("→", Shade.SOFT, "the message is being sent"),
    ("!", Shade.WARNING, "take care: a window closes soon, they may have asked you to stop, messages may be missing"),
    (POINTER, Shade.ACCENT, "here: the person, the view or the channel that keys act on"),
    (SELECTED, Shade.ACCENT, "selected"),
    (DRAFT, Shade.PLAIN, "a draft: a text to them that was begun and not sent"),
    ("–", Shade.SOFT, "none: no conversation yet, a disconnected inbox"),
    ("◉ ○", Shade.SOFT, "taken, or left, where two contacts are merged"),
    ("target in 5 m", Shade.WARNING, "until when an answer is due; with a channel, when its window closes"),
    ("target \N{MINUS SIGN}5 m", Shade.DANGER, "that was due so long ago, and no window closes soon"),
    (" ".join(each.mark for each in Channel), Shade.SOFT, ", ".join(each.label for each in Channel)),
)
"""Every mark with its words: one mark has one meaning."""

_MORE = (
    "While you type, letters are text: the other keys of a command go on working. A click on a command runs it.",
    "More is in the folder docs of the program, and in: contacts-tui --help",
)


class HelpText(WrappedLines):
    """The help, scrolled by its screen."""

    DEFAULT_CSS = """
    HelpText { overflow-y: scroll; }
    """

    @dataclass
    class Chosen(Message):
        """A command was clicked."""

        command_id: str

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """Show the help of `scopes` first, then the marks, then all other scopes."""
        super().__init__()
        self._first = tuple(scope for scope in scopes_from(scopes) if scope in scopes)
        self._others = tuple(scope for scope in scopes_from(scopes) if scope not in scopes)
        self._wanted: tuple[str, ...] = ()
        """The words that are looked for."""
        self._commands: dict[int, str] = {}
        """The ids of the commands, by the indexes of the lines that are about them."""

    def search(self, words: str) -> None:
        """Show only what has all of these words, or parts of words; everything for none."""
        self._wanted = tuple(searchable(words).split())
        self.rewrap()

    def wrapped(self) -> Iterator[list[Span]]:
        """Yield the help for the present width, and remember which lines are about which command."""
        self._commands = {}
        for index, (command_id, spans) in enumerate(self._wrap()):
            if command_id:
                self._commands[index] = command_id
            yield spans

    def on_click(self, event: Click) -> None:
        """Tell the screen which command was clicked."""
        command_id = self._commands.get(event.y + self.scroll_offset.y)
        if command_id is not None:
            self.post_message(self.Chosen(command_id))

    def _wrap(self) -> Iterator[tuple[str, list[Span]]]:
        """Yield each line with the id of the command that it is about; empty for any other line."""
        parts = [*self._scopes(self._first), self._marks(), *self._scopes(self._others)]
        found = False
        for part in parts:
            lines = list(part)
            if len(lines) > 1:
                yield from lines
                yield "", []
                found = True
        if self._wanted:
            if not found:
                yield "", [(" Nothing here has these words.", Shade.PLAIN)]
            return
        for sentence in _MORE:
            for words in wrap(sentence, max(_LEAST, self.line_width - 2)):
                yield "", [(f" {words}", Shade.SOFT)]

    def _scopes(self, scopes: Sequence[Scope]) -> Iterator[Iterator[tuple[str, list[Span]]]]:
        """Yield the parts of some scopes; how filters are written follows the field that takes them."""
        for scope in scopes:
            yield self._keys(scope)
            if scope is Scope.FILTER:
                yield self._filters()

    def _filters(self) -> Iterator[tuple[str, list[Span]]]:
        yield "", [(" Filters, in the search field of People: all terms hold", Shade.ACCENT)]
        for example, words in GUIDE.items():
            if self._is_wanted("filters", example, words):
                yield from (("", spans) for spans in self._entry(example, Shade.STRONG, words))

    def _keys(self, scope: Scope) -> Iterator[tuple[str, list[Span]]]:
        """Yield a heading, and the commands of a scope that are looked for."""
        yield "", [(f" {scope.label}", Shade.ACCENT)]
        for command in in_scopes((scope,)):
            keys = "  ".join(command.key_words) or "in the palette"
            if self._is_wanted(scope.label, keys, command.label, command.help):
                yield from ((command.id, spans) for spans in self._entry(keys, Shade.STRONG, command.help))

    def _marks(self) -> Iterator[tuple[str, list[Span]]]:
        yield "", [(" Marks", Shade.ACCENT)]
        for mark, shade, words in MARKS:
            if self._is_wanted("marks", mark, words):
                yield from (("", spans) for spans in self._entry(mark, shade, words))

    def _is_wanted(self, *texts: str) -> bool:
        """Return whether each word that is looked for stands in one of these texts."""
        text = searchable(" ".join(texts))
        return all(wanted in text for wanted in self._wanted)

    def _entry(self, head: str, shade: Shade, words: str) -> Iterator[list[Span]]:
        if text_width(head) >= _KEYS:
            yield [(f"   {head}", shade)]
            head = ""
        for line in wrap(words, max(_LEAST, self.line_width - _KEYS - 4)):
            yield [("   " + fit(head, _KEYS), shade), (line, Shade.PLAIN)]
            head = ""
