"""A line or block of text that is never read as markup."""

from textual.content import Content
from textual.widgets import Static

from contacts_tui.domain.text import clean


class Plain(Static):
    """Plain text. A string is cleaned here; a Content has been built of cleaned text and styles."""

    ALLOW_SELECT = True

    def __init__(
        self,
        text: str | Content = "",
        *,
        id: str | None = None,  # noqa: A002 (every widget of Textual calls it so)
        classes: str | None = None,
    ) -> None:
        self._shown = _content(text)
        super().__init__(self._shown, markup=False, id=id, classes=classes)

    def show(self, text: str | Content, *, layout: bool = True) -> None:
        """Show another text; the same text costs nothing. `layout=False` when the size can't change."""
        content = _content(text)
        if content.plain != self._shown.plain or content.spans != self._shown.spans:
            self._shown = content
            self.update(content, layout=layout)

    @property
    def text(self) -> str:
        """The text shown, without styles."""
        return self._shown.plain


def _content(text: str | Content) -> Content:
    return text if isinstance(text, Content) else Content(clean(text))
