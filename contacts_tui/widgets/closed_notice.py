"""What stands in the composer's place while free text is not allowed: why, and the way on."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.link import way_out
from contacts_tui.widgets.plain import Plain


class ClosedNotice(Horizontal):
    """The reason, the remedy, a button for templates where one helps, and the channels that are open instead."""

    DEFAULT_CSS = """
    ClosedNotice {
        height: auto;
        min-height: 3;
        border: round $warning;
        border-title-color: $foreground;
        padding: 0 1;
        & > Button { display: none; margin-right: 2; }
        &.-template > Button { display: block; }
        & > Plain { width: 1fr; height: auto; color: $text-muted; }
        &:focus { border: round $accent; }
    }
    """

    @dataclass
    class TemplateWanted(Message):
        """The button was pressed."""

        notice: "ClosedNotice"

        @property
        def control(self) -> "ClosedNotice":
            """The notice."""
            return self.notice

    def compose(self) -> ComposeResult:
        """The button and the words."""
        button = Button(Content("⏎ Select Template"), compact=True, id="select-template")
        button.active_effect_duration = 0
        yield button
        yield Plain(id="why")

    def set_state(self, state: ChannelState, others: Iterable[ChannelState]) -> None:
        """What is closed, and the states of the other channels, of which the open ones are offered."""
        by_template = state.reach is Reach.TEMPLATE
        self.set_class(by_template, "-template")
        self.can_focus = not by_template
        title = one_line(state.reason) if by_template else one_line(state.words)
        self.border_title = Content(f"{state.channel.label} · {title}")
        if by_template:
            parts = ["free text only after they write"]
        else:
            parts = [part for part in (one_line(state.reason), way_out(state)) if part]
        parts += [_instead(other) for other in others if other.reach is Reach.OPEN]
        self.query_one("#why", Plain).show(" · ".join(parts))

    def take_focus(self) -> None:
        """Focuses the button, or the notice itself where there is none."""
        target = self.query_one(Button) if self.has_class("-template") else self
        target.focus()

    @property
    def is_focused(self) -> bool:
        """Whether the notice or its button has the focus."""
        return self.has_focus or self.query_one(Button).has_focus

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Asks for a template."""
        event.stop()
        self.post_message(self.TemplateWanted(self))


def _instead(state: ChannelState) -> str:
    key = list(Channel).index(state.channel) + 1
    article = "an" if state.channel is Channel.SMS else "a"
    return f"{key} send {article} {state.channel.label} instead"
