"""The form that connects or changes an inbox: every field is checked, then the provider is asked."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox, InboxField, InboxForm
from contacts_tui.domain.text import clean, one_line, sentence
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.form import FormScreen
from contacts_tui.screens.inboxes.inbox_fields import fields_of, to_form, to_values
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.form_field import FormField, values_of
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

_FIXED = ("channel", "address")
"""Fields that can't be changed once an inbox was connected: another address is another inbox."""


class InboxFormScreen(FormScreen[Inbox | None]):
    """Returns the inbox as it is stored, or None if nothing was."""

    SCOPES = (Scope.INBOX_FORM, Scope.FORM)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*SCOPES)

    def __init__(self, inbox: Inbox | None = None) -> None:
        """Change `inbox`, or connect it again if it is disconnected; None connects a new one."""
        super().__init__()
        self._inbox = inbox
        self._values = to_values(inbox.form if inbox is not None else InboxForm(Channel.SMS))
        self._problems: dict[str, str] = {}
        self._tried = False
        """Whether storing was tried: only then problems are marked on fields not touched yet."""
        self._touched: set[str] = set()
        self._denied = ""
        """Why the provider doesn't confirm the values; empty before it was asked, and after a change."""
        self._asking = False

    def compose(self) -> ComposeResult:
        """Yield the fields, a sentence about the one with the focus, what the provider says, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self.heading)
            yield VerticalScroll(id="fields", can_focus=False)
            yield Plain(id="about")
            yield Plain(id="said", classes="-empty")
            yield CommandFooter()

    @property
    def heading(self) -> str:
        """See the base class."""
        if self._inbox is None:
            return "Connect an inbox"
        verb = "Change" if self._inbox.is_connected else "Reconnect"
        return f"{verb} {one_line(self._inbox.name)}"

    async def on_mount(self) -> None:
        """Show the fields of the channel, and focus the first one that can be changed."""
        await self._show_fields()
        next(field for field in self._fields if not field.disabled).take_focus()

    # The fields.

    @property
    def _form(self) -> InboxForm:
        return to_form(self._values)

    async def _show_fields(self) -> None:
        """Show the fields of the channel and the provider that are chosen; keep what was entered in the others."""
        wanted = fields_of(self._form)
        kept = {field.field.id: field for field in self._fields if field.field in wanted}
        for field in self._fields:
            if field.field.id not in kept:
                await field.remove()
        before: FormField | None = None
        for each in wanted:
            if each.id in kept:
                before = kept[each.id]
                continue
            is_fixed = self._inbox is not None and (
                each.id in _FIXED or (each.id == "provider" and self._inbox.is_connected)
            )
            field = FormField(each, self._value(each), fixed=is_fixed)
            await self.query_one("#fields").mount(field, after=before)
            before = field
        self._judge()

    def _value(self, field: InboxField) -> str:
        """Return the value of a field; for one with choices the first choice, until another one is made."""
        value = self._values.get(field.id, "")
        return field.choices[0][0] if field.choices and value not in dict(field.choices) else value

    async def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Take the new value, show the fields that it needs, and drop what the provider said of the former ones."""
        field = event.field.field
        self._touched.add(field.id)
        self._values |= values_of(self._fields)
        self._say("")
        self._denied = ""
        if field.id in ("channel", "provider"):
            await self._show_fields()
        self._judge()

    def on_form_field_entered(self, event: FormField.Entered) -> None:
        """Show what the field with the focus is for, or what is wrong with it."""
        self._judge()

    def _judge(self) -> None:
        """Mark the fields that are wrong, and show what the one with the focus is for, or what is wrong with it."""
        self._problems = services.inbox_validation.problems(self._form)
        for field in self._fields:
            field.set_wrong(self._is_told(field) and field.field.id in self._problems)
        current = self._current
        about = self.query_one("#about", Plain)
        if current is not None:
            problem = self._problems.get(current.field.id, "") if self._is_told(current) else ""
            about.set_class(bool(problem), "-wrong")
            about.show(sentence(problem) if problem else current.field.about)
        self.refresh_bindings()

    def _is_told(self, field: FormField) -> bool:
        return (
            self._tried
            or (field.field.id in self._touched and not field.is_focused)
            or bool(field.field.id in self._touched and field.value)
        )

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        said = self.query_one("#said", Plain)
        said.set_class(not text, "-empty")
        said.set_class(is_wrong, "-wrong")
        said.show(clean(text))

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: saving anyway needs a refusal of the provider (asked by Textual)."""
        if action == "anyway":
            return bool(self._denied) and not self._asking
        if action == "done":
            return not self._asking
        return super().check_action(action, parameters)

    def action_done(self) -> None:
        """Check the fields, then ask the provider, and store the inbox if neither finds anything wrong."""
        self._tried = True
        self._judge()
        wrong = next((field for field in self._fields if field.field.id in self._problems), None)
        if wrong is not None:
            wrong.take_focus()
            self._judge()
        else:
            self._ask(self._form)

    def action_anyway(self) -> None:
        """Store the inbox although the provider doesn't confirm it."""
        self._store(self._form)

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def _ask(self, form: InboxForm) -> None:
        self._asking = True
        self._say("Asking the provider whether this is right …")
        self.refresh_bindings()
        try:
            found = await services.health.try_out(form)
        except Exception as error:
            self._deny(sentence_of(error))
        else:
            if found.ok:
                self._store(form)
            else:
                self._deny("\n".join(map(one_line, found.lines)))
        finally:
            self._asking = False
            self.refresh_bindings()

    def _deny(self, why: str) -> None:
        if self._form != to_form(self._values | values_of(self._fields)):
            return
        self._denied = why
        self._say(
            f"{why}\nNothing is stored yet: correct it, or press {keys_of('inbox_form.anyway')} to save it anyway.",
            is_wrong=True,
        )

    @work(exclusive=True, group="store", exit_on_error=False)
    async def _store(self, form: InboxForm) -> None:
        inbox = self._inbox
        try:
            if inbox is not None and inbox.is_connected:
                stored = await self.session.run(services.inboxes.change, self.session.agent, inbox.id, form)
            else:
                stored = await self.session.run(services.inboxes.connect, self.session.agent, form)
        except Exception as error:
            self._say(sentence(sentence_of(error)), is_wrong=True)
        else:
            self.dismiss(stored)
