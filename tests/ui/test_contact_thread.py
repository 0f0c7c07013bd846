"""The thread of a contact: live, paged, and true to what became of each message."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlmodel import Session
from textual import events

from contacts_tui.channels.base import Accepted, OutcomeUnknown, Refused, SendResult
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Message
from contacts_tui.screens.contact.message_details import MessageDetails
from contacts_tui.screens.contact.reading import DWELL
from contacts_tui.services import delivery, messaging
from contacts_tui.store import attempts, conversations, messages
from contacts_tui.widgets.thread.window import KEPT
from tests.services.world import World
from tests.ui.stage import opened

SID = "SM" + "e" * 32


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def sent(world: World, contact_id: int, inbox: Inbox, text: str, result: SendResult) -> Message:
    """Send a message, record this result of its attempt as the outbox does, and return the message."""
    message = world.send(contact_id, inbox, text)
    attempt = world.store.call(attempts.begin, message.id)
    world.store.call(delivery.record, message.id, attempt, result)
    return message


def talk(world: World, count: int) -> None:
    """Receive so many messages, a minute apart."""
    for number in range(count):
        world.clock.forward(minutes=1)
        world.hears(world.whatsapp, f"Number {number}.")


def unread(world: World, contact_id: int) -> int:
    """Return the number of messages of a person that no agent has read yet."""
    found = world.store.call_read(lambda session, _: conversations.of_contact(session, contact_id))
    return sum(conversation.unread for conversation in found)


async def test_a_new_message_appears_without_a_key_and_is_marked_read(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    async with opened(world, ann) as stage:
        await stage.until_shown("First")
        world.hears(world.whatsapp, "Second")
        await stage.until_shown("Second")
        await stage.until(lambda: unread(world, ann) == 0)


async def test_the_new_line_stays_for_the_visit_and_goes_with_the_next(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    async with opened(world, ann) as stage:
        await stage.until_shown(" new ")
        world.hears(world.whatsapp, "Second")
        await stage.until_shown("Second")
        assert " new " in stage.text
        await stage.pilot.press("f5")
        await stage.until(lambda: " new " not in stage.text)
        await stage.pilot.press("f5")
        await stage.until_shown(" new ")
        await stage.until(lambda: unread(world, ann) == 0)
        assert " new " in stage.text
    async with opened(world, ann) as stage:
        await stage.until_shown("Second")
        assert " new " not in stage.text


async def test_ticks_follow_the_reports_with_words(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    sent(world, ann, world.whatsapp, "Hi", Accepted(SID, Delivery.SENT))
    async with opened(world, ann) as stage:
        await stage.until_shown("You · 12:00 ✓ sent")
        world.reported(world.whatsapp, Delivery.DELIVERED, sid=SID)
        await stage.until_shown("You · 12:00 ✓✓ delivered")
        world.reported(world.whatsapp, Delivery.READ, sid=SID)
        await stage.until_shown("You · 12:00 ✓✓ read")
        world.reported(world.whatsapp, Delivery.SENT, sid=SID)
        await stage.pilot.pause()
        assert "✓✓ read" in stage.text


async def test_complaint_1_a_retry_is_a_new_attempt_and_says_how_it_went(world: World) -> None:
    ann = world.person()
    failed = sent(world, ann, world.shop, "Your refund has left us.", Refused("30003", "unreachable"))
    async with opened(world, ann) as stage:
        await stage.until_shown("✗ not delivered")
        await stage.until_shown("the handset is off")
        assert "r retry" in stage.text
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "r")
        await stage.until_shown("· queued")
        assert world.message(failed.id).status is Delivery.QUEUED
        attempt = world.store.call(attempts.begin, failed.id)
        assert attempt.number == 2
        world.store.call(delivery.record, failed.id, attempt, Accepted(SID, Delivery.SENT))
        await stage.until_shown("✓ sent")
        assert "r retry" not in stage.text


async def test_the_details_of_a_message_tell_every_try(world: World) -> None:
    ann = world.person()
    failed = sent(world, ann, world.shop, "Your refund has left us.", Refused("30003", "[/b] unreachable"))
    async with opened(world, ann) as stage:
        await stage.until_shown("✗ not delivered")
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, MessageDetails))
        await stage.until_shown("attempt 1  refused  30003  [/b] unreachable")
        assert "Message to Ann Lee …0142 · SMS" in stage.text
        assert "Now: try again when the phone is likely on" in stage.text
        await stage.pilot.press("r")
        await stage.until_shown("· queued")
        attempt = world.store.call(attempts.begin, failed.id)
        world.store.call(delivery.record, failed.id, attempt, OutcomeUnknown("timeout", "no answer"))
        await stage.until_shown("attempt 2  may or may not have been sent")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)


async def test_the_timeline_shows_all_channels_with_their_marks(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "by SMS")
    world.clock.forward(minutes=1)
    world.hears(world.whatsapp, "on WhatsApp")
    async with opened(world, ann) as stage:
        await stage.until_shown("on WhatsApp")
        await stage.pilot.press("f5")
        await stage.until_shown("by SMS")
        assert "Ann Lee · 12:00 · SMS Shop" in stage.text
        assert "Ann Lee · 12:01 · Shop WhatsApp" in stage.text


async def test_a_long_thread_is_read_by_pages_and_the_reader_keeps_their_place(world: World) -> None:
    ann = world.person()
    talk(world, 130)
    world.store.call(messaging.mark_read, world.thread(ann)[-1].conversation_id)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.until(lambda: len(stage.thread.message_ids) > 0)
        assert len(stage.thread.message_ids) == 50
        await stage.pilot.press("escape", "end", "home")
        await stage.until(lambda: len(stage.thread.message_ids) == 100)
        await stage.pilot.press("home")
        await stage.until(lambda: len(stage.thread.message_ids) == 130)
        await stage.pilot.press("home")
        await stage.until_shown("Number 0.")
        await stage.pilot.press("end")
        await stage.until_shown("Number 129.")


async def test_no_more_than_a_stretch_is_held_and_the_end_comes_back(world: World) -> None:
    ann = world.person()
    talk(world, KEPT + 60)
    world.store.call(messaging.mark_read, world.thread(ann)[-1].conversation_id)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape")
        oldest = world.store.call_read(lambda session, _: messages.page(session, contact_id=ann, limit=1000))[0].id
        for _ in range(10):
            await stage.pilot.press("home")
        await stage.until(lambda: oldest in stage.thread.message_ids)
        assert len(stage.thread.message_ids) == KEPT
        await stage.pilot.press("end")
        await stage.until_shown(f"Number {KEPT + 59}.")
        assert len(stage.thread.message_ids) <= KEPT


async def test_new_messages_do_not_pull_a_reader_away(world: World) -> None:
    ann = world.person()
    talk(world, 40)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "home")
        await stage.until_shown("Number 0.")
        world.hears(world.whatsapp, "Are you there?")
        await stage.until_shown("1 new below, end jumps there")
        assert "Number 0." in stage.text
        await stage.pilot.press("end")
        await stage.until_shown("Are you there?")
        assert "new below" not in stage.text


async def test_at_the_end_new_messages_pull_the_thread_along(world: World) -> None:
    ann = world.person()
    talk(world, 40)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "end")
        await stage.until_shown("Number 39.")
        world.hears(world.whatsapp, "Are you there?")
        await stage.until_shown("Are you there?")


async def test_page_keys_scroll_the_thread_while_writing(world: World) -> None:
    ann = world.person()
    talk(world, 40)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        before = stage.thread.scroll_offset.y
        await stage.pilot.press("pagedown")
        await stage.until(lambda: stage.thread.scroll_offset.y > before)
        await stage.pilot.press("pageup")
        await stage.until(lambda: stage.thread.scroll_offset.y == before)
        assert stage.composer.has_focus


async def test_hostile_text_is_drawn_as_text(world: World) -> None:
    ann = world.person("[/nope] \x1b[2JAnn")
    world.hears(world.whatsapp, "[@click=app.quit]click[/] \x1b]52;c;eA==\x07 \u202eback")
    async with opened(world, ann) as stage:
        await stage.until_shown("[@click=app.quit]click[/]")
        assert "[/nope]" in stage.text
        assert not {"\x1b", "\x07", "\u202e"} & set(stage.text)


async def test_a_message_that_comes_late_takes_its_place(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Early")
    world.clock.forward(minutes=10)
    world.hears(world.whatsapp, "Late")
    async with opened(world, ann) as stage:
        await stage.until_shown("Late")
        world.hears(world.whatsapp, "Between", at=world.clock().replace(minute=5))
        await stage.until_shown("Between")
        lines = stage.text
        assert lines.index("Early") < lines.index("Between") < lines.index("Late")


async def test_a_message_that_was_seen_is_read_though_the_screen_was_left_at_once(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    held, go = threading.Event(), threading.Event()
    async with opened(world, ann) as stage:
        await stage.until_shown("First")
        conversation = world.thread(ann)[0].conversation_id

        def unread() -> int:
            known = world.store.call_read(lambda session, _: conversations.get(session, conversation))
            assert known is not None
            return known.unread

        def hold(session: Session, clock: Clock) -> None:
            held.set()
            go.wait(30)

        await stage.until(lambda: unread() == 0)
        stage.app.post_message(events.AppBlur())
        await stage.until(lambda: not stage.app.app_focus)
        world.hears(world.whatsapp, "Second")
        await stage.until_shown("Second")
        # The screen's own write has to wait for this one, and the screen is gone before it begins.
        holding = asyncio.ensure_future(stage.app.session.run(hold))
        await asyncio.to_thread(held.wait, 30)
        stage.app.post_message(events.AppFocus())
        dwelt: list[bool] = []
        stage.app.set_timer(3 * DWELL, lambda: dwelt.append(True))
        await stage.until(lambda: bool(dwelt))
        await stage.app.pop_screen()
        assert unread() == 1
        go.set()
        await holding
        await stage.until(lambda: unread() == 0)
