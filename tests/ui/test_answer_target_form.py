"""The form that gives an inbox an answer target of its own."""

from datetime import timedelta

from contacts_tui.domain.urgency import DEFAULT_TARGET
from contacts_tui.screens.inboxes.answer_target_form import AnswerTargetForm
from contacts_tui.services import queue
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened


async def replace(stage: PeopleStage, text: str) -> None:
    """Type into the focused field, in place of its text."""
    await stage.press("ctrl+u", *("space" if char == " " else char for char in text))


async def test_an_answer_target_is_changed_says_what_is_wrong_and_is_undone(nobody: World) -> None:
    async with people_opened(nobody) as stage:
        await stage.press("i")
        await stage.until_shown("Answer target")
        await stage.press("t")
        await stage.until_shown("How soon Shop answers")
        await replace(stage, "soon")
        await stage.until_shown("isn't a time to answer in")
        await stage.press("ctrl+s")
        assert isinstance(stage.app.screen, AnswerTargetForm)
        await replace(stage, "30m")
        await stage.press("tab")
        await replace(stage, "mon-fri 9-18")
        await stage.press("tab")
        await replace(stage, "Europe/Berlin")
        await stage.press("ctrl+s")
        await stage.until_shown("30m in mon-fri 9-18, Europe/Berlin")
        await stage.until_shown("in People undoes it")
        own = nobody.store.call_read(queue.target, nobody.shop.id)
        assert (own.within, own.hours.time_zone) == (timedelta(minutes=30), "Europe/Berlin")
        await stage.app.session.undo_stack.undo("u")
        assert nobody.store.call_read(queue.target, nobody.shop.id) == DEFAULT_TARGET
        await stage.until_shown("1h (usual)")
