"""A template as the person will read it."""

import re
from collections.abc import Iterator, Mapping

from textual.containers import VerticalScroll
from textual.content import Content

from contacts_tui.domain.template import Template, render
from contacts_tui.domain.text import clean, one_line
from contacts_tui.widgets.plain_text import Plain

_OPEN = re.compile(r"\{\{[^{}]*\}\}")
"""A variable that has no value yet."""


class TemplatePreview(VerticalScroll, can_focus=False):
    """Every part of the template with its values in place; what is still missing stands out."""

    DEFAULT_CSS = """
    TemplatePreview {
        border: round $border-blurred;
        border-title-color: $text-muted;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > Plain { height: auto; }
    }
    """

    def compose(self) -> Iterator[Plain]:
        """Yield the text, which is one widget."""
        yield Plain()

    def show(self, reader: str, template: Template | None, values: Mapping[str, str]) -> None:
        """Show a template with its values, or nothing; `reader` is the cleaned first name of who will read it."""
        self.border_title = Content(f"what {reader} will read")
        text = Content("") if template is None else Content("\n").join(_parts(template, values))
        self.query_one(Plain).show(text)


def _parts(template: Template, values: Mapping[str, str]) -> Iterator[Content]:
    preview = render(template, values)
    for address in preview.media:
        yield _marked(f"[File: {one_line(address)}]", "$text-muted")
    if preview.header:
        yield _marked(clean(preview.header), "bold")
    yield _marked(clean(preview.body), "")
    if preview.footer:
        yield _marked(clean(preview.footer), "$text-muted")
    for button in preview.buttons:
        where = f"  {one_line(button.value)}" if button.value and button.value != button.title else ""
        yield Content.assemble(_marked(f"[ {one_line(button.title)} ]", "$accent"), (where, "$text-muted"))


def _marked(text: str, style: str) -> Content:
    content = Content.styled(text, style) if style else Content(text)
    for found in _OPEN.finditer(text):
        content = content.stylize("bold $warning", found.start(), found.end())
    return content
