"""The form that gives an inbox an answer target of its own, or the usual one again."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain import answer_target, working_hours
from contacts_tui.domain.health import InboxHealth
from contacts_tui.domain.inbox import InboxField
from contacts_tui.domain.text import one_line, sentence
from contacts_tui.domain.urgency import DEFAULT_TARGET, AnswerTarget
from contacts_tui.screens.form import FormScreen
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.form_field import FormField, values_of
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

_FIELDS = (
    InboxField(
        "within",
        "Answer within",
        f"How soon they get an answer: 30m, 2h, {answer_target.NONE} for no target, or {answer_target.USUAL} for that "
        "of all inboxes that have none of their own.",
    ),
    InboxField(
        "hours", "In hours", f"When you answer: mon-fri 9-18, or {answer_target.ALWAYS}. Only these hours count."
    ),
    InboxField("time_zone", "Time zone", "Where these hours are, such as Europe/Berlin; empty for this machine's."),
)


class AnswerTargetForm(FormScreen[tuple[AnswerTarget | None] | None]):
    """Returns the target in a tuple, in which None stands for the usual one; None if nothing was chosen."""

    SCOPES = (Scope.TARGET_FORM, Scope.FORM)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*SCOPES)

    def __init__(self, health: InboxHealth) -> None:
        """Begin with the target that the inbox of `health` has now."""
        super().__init__()
        self._health = health
        hours = health.answers.hours
        self._values = {
            "within": answer_target.write_within(health.answers.within)
            if health.has_own_target
            else answer_target.USUAL,
            "hours": working_hours.written(hours) or answer_target.ALWAYS,
            "time_zone": hours.time_zone,
        }

    def compose(self) -> ComposeResult:
        """Yield the fields, a sentence about the one with the focus, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self.heading)
            with VerticalScroll(id="fields", can_focus=False):
                for field in _FIELDS:
                    yield FormField(field, self._values[field.id])
            yield Plain(id="about")
            yield CommandFooter()

    @property
    def heading(self) -> str:
        """See the base class."""
        return f"How soon {one_line(self._health.inbox.name)} answers"

    def on_mount(self) -> None:
        """Focus the first field: the time."""
        self._fields[0].take_focus()

    def on_form_field_changed(self) -> None:
        """Show at once what is wrong."""
        self._judge()

    def on_form_field_entered(self) -> None:
        """Show what the field with the focus is for, or what is wrong."""
        self._judge()

    def _judge(self) -> None:
        current, problem = self._current, ""
        try:
            self._chosen()
        except ValueError as error:
            problem = str(error)
        about = self.query_one("#about", Plain)
        about.set_class(bool(problem), "-wrong")
        about.show(sentence(problem) if problem else "" if current is None else current.field.about)

    def _chosen(self) -> AnswerTarget | None:
        """Return the target that is entered, None for the usual one. Raise ValueError, which says what is wrong."""
        values = {name: value.strip() for name, value in values_of(self._fields).items()}
        within, hours = values["within"].lower(), values["hours"] or answer_target.ALWAYS
        if within == answer_target.USUAL:
            return None
        if not within:
            raise ValueError(f"the time is missing: write 30m, 2h, {answer_target.NONE} or {answer_target.USUAL}")
        return answer_target.changed(DEFAULT_TARGET, within=within, hours=hours, time_zone=values["time_zone"])

    def action_done(self) -> None:
        """Return the target; if it can't be read, show what is wrong."""
        try:
            self.dismiss((self._chosen(),))
        except ValueError:
            self._judge()
