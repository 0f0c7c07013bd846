"""Keys and marks in words, wrapped to the terminal."""

from collections.abc import Iterator, Sequence

from textual.events import Resize
from textual.strip import Strip

from contacts_tui.commands import Scope, in_scopes, scopes_from
from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.domain.channel import Channel
from contacts_tui.widgets.line_view import Lines, Shade, Span

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
    ("!", Shade.WARNING, "the window closes soon: after that only a template may be sent"),
    (" ".join(each.mark for each in Channel), Shade.SOFT, ", ".join(each.label for each in Channel)),
)
"""Every mark with its words."""

_MORE = (
    "While you type, letters are text: the other keys of a command go on working.",
    "More is in the folder docs of the program, and in: contacts-tui --help",
)


class HelpText(Lines, can_focus=False):
    """The help, scrolled by its screen."""

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """`scopes` come first, all others after them."""
        super().__init__()
        self._scopes = scopes_from(scopes)
        self._wrapped: list[list[Span]] = []

    def on_resize(self, event: Resize) -> None:
        """Wraps anew."""
        self._wrapped = list(self._wrap())
        self.set_height(len(self._wrapped))
        self.refresh()

    def line(self, index: int) -> Strip:
        """One line of the help."""
        return self.strip(self._wrapped[index] if index < len(self._wrapped) else [])

    def _wrap(self) -> Iterator[list[Span]]:
        for scope in self._scopes:
            yield [(f" {scope.label}", Shade.ACCENT)]
            for command in in_scopes((scope,)):
                keys = "  ".join(command.key_words) or "in the palette"
                yield from self._entry(keys, Shade.STRONG, command.help)
            yield []
        yield [(" Marks", Shade.ACCENT)]
        for mark, shade, words in _MARKS:
            yield from self._entry(mark, shade, words)
        yield []
        for sentence in _MORE:
            for words in wrap(sentence, max(_LEAST, self.line_width - 2)):
                yield [(f" {words}", Shade.SOFT)]

    def _entry(self, head: str, shade: Shade, words: str) -> Iterator[list[Span]]:
        if text_width(head) >= _KEYS:
            yield [(f"   {head}", shade)]
            head = ""
        for line in wrap(words, max(_LEAST, self.line_width - _KEYS - 4)):
            yield [("   " + fit(head, _KEYS), shade), (line, Shade.PLAIN)]
            head = ""
