"""Select Template: all of an inbox's templates, what the person will read, and the values it needs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain import template as templating
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.limits import TemplateLimits
from contacts_tui.domain.template import Template, TemplateChoice
from contacts_tui.domain.text import first_name, one_line, searchable
from contacts_tui.domain.views import Route
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField
from contacts_tui.widgets.template_preview import TemplatePreview
from contacts_tui.widgets.variable_field import VariableField


@dataclass(frozen=True, slots=True)
class Picked:
    """A template that an agent chose, and when it is to be sent."""

    choice: TemplateChoice
    is_for_later: bool
    """Whether it is sent at a time that is still to be chosen, and not now."""


class TemplatePicker(AgentModal[Picked | None]):
    """Returns a template, or None. Only approved ones can be chosen; the others say in what state they are."""

    CSS_PATH = "template_picker.tcss"
    AUTO_FOCUS = "SearchField"
    SCOPES = (Scope.TEMPLATES, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TEMPLATES, Scope.PICKER)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it as an instance's)

    def __init__(
        self, contact: Contact, route: Route, templates: Sequence[Template], *, typed: str, begins: bool
    ) -> None:
        """Offer `templates`; `typed` is the text in the composer, `begins` says that the window is closed."""
        super().__init__()
        self._contact = contact
        self._route = route
        self._templates = {template.id: template for template in templates}
        self._typed = typed
        self._begins = begins
        self._limits = services.media.limits_of(route.inbox).template
        self._shown: Template | None = None
        self._values: dict[int, dict[str, str]] = {}
        self._checked = False
        """Whether sending was tried: only then problems are shown on empty fields."""

    def compose(self) -> ComposeResult:
        """Yield the search, and the list beside (or over) the preview with its fields."""
        with Vertical(id="box") as box:
            box.border_title = Content(
                f"Select Template · {self._route.inbox.channel.label} · {one_line(self._route.inbox.name)}"
            )
            with FieldLine(id="finder"):
                yield Plain("/", id="slash")
                yield SearchField("name, language, category or words")
                yield Plain(self._approved_words(), id="approved")
            with Horizontal(id="halves"):
                yield ChoiceList()
                with Vertical(id="right"):
                    yield TemplatePreview()
                    yield VerticalScroll(id="fields", can_focus=False)
            yield Plain(id="problem")
            yield CommandFooter()

    def on_mount(self) -> None:
        """List all templates; say how to fetch them if there are none."""
        self._list_matching("")
        if not self._templates:
            inbox = one_line(self._route.inbox.name)
            remedy = "Fetch them with:  contacts-tui templates sync"
            self.query_one("#problem", Plain).show(f"{inbox} has no template yet.\n{remedy}")

    # The list.

    def _approved_words(self) -> str:
        approved = sum(templating.is_sendable(template) for template in self._templates.values())
        return f"{approved} approved of {len(self._templates)}"

    def _list_matching(self, query: str) -> None:
        words = searchable(query).split()
        found = [t for t in self._templates.values() if all(word in _haystack(t) for word in words)]
        found.sort(key=lambda t: (not templating.is_sendable(t), not templating.is_in(t, self._contact.language)))
        named = Counter((t.name, t.language) for t in self._templates.values())
        choices = [
            Choice(
                t.id, _columns(t, self._limits, self._begins, named[t.name, t.language] > 1), enabled=self._usable(t)
            )
            for t in found
        ]
        self.query_one(ChoiceList).set_choices(choices, headings=_HEADINGS)
        if not choices:
            self._show(None)
            if words:
                self._say(f"No template matches “{one_line(query)}”. Clear the search to see all of them.")

    def _usable(self, template: Template) -> bool:
        return templating.can_start(template, self._limits) if self._begins else templating.is_sendable(template)

    def on_input_changed(self, event: Input.Changed) -> None:
        """List the templates that match what is typed."""
        self._list_matching(event.value)

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Show the template under the cursor."""
        self._show(self._templates[event.key])

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Go on to the values, or send a template without any; a click doesn't send that, but only shows it."""
        if self._fields or not event.by_click:
            self.action_choose()

    # The template that is shown.

    def _show(self, template: Template | None) -> None:
        if template is self._shown:
            return
        self._shown = template
        self._checked = False
        self.call_next(self._fill_fields)

    async def _fill_fields(self) -> None:
        template = self._shown
        fields = self.query_one("#fields", VerticalScroll)
        await fields.remove_children()
        if template is not None and self._usable(template):
            known = templating.prefill(template, self._contact, phone=self._route.identity.address)
            values = self._values.setdefault(template.id, dict(known))
            await fields.mount_all(
                VariableField(
                    name,
                    values.get(name, ""),
                    known=name in known and values.get(name) == known[name],
                    sample=templating.sample_of(template, name),
                )
                for name in templating.placeholders(template)
            )
        self._draw()

    def _draw(self) -> None:
        template = self._shown
        values = self._values.get(template.id, {}) if template is not None else {}
        reader = first_name(self._contact.name) or one_line(self._contact.name)
        self.query_one(TemplatePreview).show(reader, template, values)
        if template is None:
            return
        if not self._usable(template):
            state = _state(template, self._limits, self._begins)
            self._say(f"{one_line(template.name)}: {state}. Choose one that is approved.")
            return
        problems = templating.problems(template, values, self._limits)
        for field in self._fields:
            touched = self._checked or bool(field.value)
            field.set_problem(problems.get(field.variable, "") if touched else "")
        whole = problems.get("", "")
        missing = sum(name != "" for name in problems)
        if whole:
            self._say(whole)
        elif missing:
            self._say("1 value to fill in" if missing == 1 else f"{missing} values to fill in")
        else:
            self._say(f"Ready: {keys_of('templates.send' if self._fields else 'picker.choose')} sends it.")
        self.refresh_bindings()

    def _say(self, sentence: str) -> None:
        self.query_one("#problem", Plain).show(one_line(sentence))

    @property
    def _fields(self) -> list[VariableField]:
        return list(self.query(VariableField))

    @property
    def _current_field(self) -> VariableField | None:
        return next((field for field in self._fields if field.is_focused), None)

    def on_variable_field_changed(self, event: VariableField.Changed) -> None:
        """Show the text with the new value."""
        if self._shown is not None and event.field.is_attached:
            self._values[self._shown.id][event.field.variable] = event.value
            self._draw()

    def on_variable_field_done(self, event: VariableField.Done) -> None:
        """Go to the next field; from the last one, send."""
        fields = self._fields
        if event.field is fields[-1]:
            self.action_send()
        else:
            self.action_next_field()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether the shown template allows an action (asked by Textual)."""
        usable = self._shown is not None and self._usable(self._shown)
        if action in ("send", "choose"):
            return usable
        if action == "next_field":
            return bool(self._fields)
        if action == "typed_text":
            return bool(self._typed.strip()) and bool(self._fields)
        return True

    def action_move(self, by: int) -> None:
        """Go to another template; within the fields, to another field."""
        field, fields = self._current_field, self._fields
        if field is None:
            self.query_one(ChoiceList).action_move(by)
        else:
            index = fields.index(field) + by
            if 0 <= index < len(fields):
                fields[index].take_focus()

    def action_page(self, direction: int) -> None:
        """Go up (-1) or down (1) by a screenful of templates."""
        self.query_one(ChoiceList).action_page(direction)

    def action_edge(self, direction: int) -> None:
        """Go to the first (-1) or the last (1) template."""
        self.query_one(ChoiceList).action_edge(direction)

    def action_choose(self) -> None:
        """Go to the first value that is missing, or else to the first value; send a template without any."""
        fields = self._fields
        if fields:
            next((field for field in fields if not field.value), fields[0]).take_focus()
        else:
            self.action_send()

    def action_next_field(self) -> None:
        """Go to the next field; after the last one, to the search."""
        field, fields = self._current_field, self._fields
        index = 0 if field is None else fields.index(field) + 1
        if index < len(fields):
            fields[index].take_focus()
        else:
            self.query_one(SearchField).focus()

    def action_typed_text(self) -> None:
        """Put the composer's text into the field with the focus, or into the first empty one."""
        fields = self._fields
        target = self._current_field or next((field for field in fields if not field.value), fields[0])
        target.put(self._typed)
        target.take_focus()

    def action_send(self, later: bool = False) -> None:
        """Return the template, to be sent now or `later`, if nothing is wrong with it; else show what is."""
        template = self._shown
        if template is None or not self._usable(template):
            return
        values = {field.variable: field.value for field in self._fields}
        problems = templating.problems(template, values, self._limits)
        if not problems:
            self.dismiss(Picked(TemplateChoice(template.id, values), later))
            return
        self._checked = True
        self._draw()
        wrong = next((field for field in self._fields if field.variable in problems), None)
        if wrong is not None:
            wrong.take_focus()

    def action_back(self) -> None:
        """Go back to the contact; nothing typed there is lost."""
        self.dismiss(None)


def _haystack(template: Template) -> str:
    parts = (
        template.name,
        template.language,
        template.category,
        templating.state_words(template),
        template.body,
        template.sid,
    )
    return searchable(" ".join(parts))


_HEADINGS = ("Template", "Lang", "Type", "State")


def _columns(template: Template, limits: TemplateLimits, begins: bool, has_twin: bool) -> tuple[str, ...]:
    """Return the line of a template; the end of the sid tells apart two of the same name and language."""
    return (
        one_line(template.name) + (f" …{one_line(template.sid)[-6:]}" if has_twin else ""),
        one_line(template.language),
        one_line(template.category),
        _state(template, limits, begins),
    )


def _state(template: Template, limits: TemplateLimits, begins: bool) -> str:
    if begins and templating.is_sendable(template) and not templating.can_start(template, limits):
        return "can't begin a conversation"
    return one_line(templating.state_words(template))
