"""Asks before a text is sent to a person who was answered since the text was begun."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.media import NO_TEXT, media_word
from contacts_tui.domain.text import one_line, sentence
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.dialogs import Decision

if TYPE_CHECKING:
    from contacts_tui.domain.message import Message
    from contacts_tui.services.errors import AnsweredSince

_KEEP, _SEND = "don't send it", "send it anyway"
_DISCARD = "discard the text"


def ask_about_answers(
    screen: AgentScreen[Any],
    error: "AnsweredSince",
    again: Callable[[], Awaitable[None]],
    discard: Callable[[], Awaitable[bool]] | None,
) -> None:
    """Show the answers, and ask. If the agent sends anyway, remember that they know these answers, and call `again`.

    `discard` gives up what was written, and returns whether that is stored; None where not sending loses nothing.
    """
    session = screen.session

    async def answered(answer: int | None) -> None:
        if answer == 1:
            session.known_answers.update(each.id for each in error.answers)
            await again()
        elif answer == 2 and discard is not None:
            with screen.telling():
                if await discard():
                    screen.say("Not sent: the text is discarded.")
        else:
            screen.say("Not sent: your text is kept." if discard is not None else "Not sent.")

    answers = (_KEEP, _SEND) if discard is None else (_KEEP, _SEND, _DISCARD)
    lines = [line for each in reversed(error.answers) for line in _lines(each, screen)]
    title = "Send it? They were answered since you began"
    screen.app.push_screen(Decision(title, (sentence(error.sentence), "", *lines[:-1]), answers), answered)


def _lines(answer: "Message", screen: AgentScreen[Any]) -> tuple[str, ...]:
    who = one_line(answer.author) or "Another program"
    if answer.author == screen.session.agent:
        who = "You, in another terminal"
    said = answer.body or ", ".join(media_word(file.content_type) for file in answer.media) or NO_TEXT
    return f"{who}, {ago_words(screen.session.clock() - answer.at)}, by {answer.channel.label}:", said, ""
