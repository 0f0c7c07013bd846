"""What happens between pages and people."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from contacts_sandbox.core.state import State
from contacts_sandbox.core.talk import Talk
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.core.webhooks import Poster
from contacts_sandbox.graph import shapes
from contacts_sandbox.graph.events import Events
from contacts_sandbox.graph.records import WINDOW, Event, GraphPerson, Page
from contacts_sandbox.graph.shapes import Content
from contacts_sandbox.twilio.records import Message, StatusChange


class Graph:
    """Carries messages between pages and people."""

    def __init__(self, state: State, tasks: Tasks, poster: Poster, talk: Talk) -> None:
        """Post events through `poster`, and let people answer through `talk`."""
        self._state = state
        self._tasks = tasks
        self._talk = talk
        self.events = Events(state, tasks, poster)

    def meet(self, person: GraphPerson) -> None:
        """Add a person, in the place of the person who had that PSID."""
        self._state.graph.people[person.page_id, person.psid] = person

        async def write(page_id: str | None, text: str) -> None:
            page = self._state.graph.pages.get(page_id or person.page_id)
            if page:
                await self.events.tell(self.hear(page, person, Content(text)))

        self._talk.meet(f"messenger:{person.page_id}:{person.psid}", person, write)

    def window_open(self, page: Page, psid: str, span: timedelta = WINDOW) -> bool:
        """Return whether the person wrote to the page within `span`."""
        last = self._state.graph.windows.get((page.id, psid))
        return last is not None and self._state.clock() - last < span

    def hear(
        self,
        page: Page,
        person: GraphPerson,
        content: Content,
        *,
        at: datetime | None = None,
        mid: str | None = None,
        standby: bool = False,
    ) -> Event:
        """Record a person's message to a page, and return its event. A known `mid` is the same message again."""
        when = at or self._state.clock()
        name = mid or shapes.new_mid()
        record = self._state.messages.get(name) or self._record(
            page, "inbound", person.psid, page.id, content, when, mid=name
        )
        self._note(page, person, when)
        payload = shapes.inbound(page, person.psid, when, message=content.message(name))
        return Event(page, "standby" if standby else "messages", payload, person.psid, True, record)

    def tap(self, page: Page, person: GraphPerson, title: str, postback: str, *, at: datetime | None = None) -> Event:
        """Record a person's tap on a button, and return its event. It opens the window as a message does."""
        when = at or self._state.clock()
        record = self._record(page, "inbound", person.psid, page.id, Content(title), when)
        self._note(page, person, when)
        what = {"mid": record.sid, "title": title, "payload": postback}
        payload = shapes.inbound(page, person.psid, when, postback=what)
        return Event(page, "messaging_postbacks", payload, person.psid, True, record)

    def edit(self, page: Page, person: GraphPerson, record: Message, text: str, *, at: datetime | None = None) -> Event:
        """Record that a person edited a message of theirs, and return the event."""
        when = at or self._state.clock()
        record.rewrite(text, when)
        record.updated_at = when
        record.history.append(StatusChange("edited", when))
        edits = sum(step.status == "edited" for step in record.history)
        what = {"mid": record.sid, "text": text, "num_edit": edits}
        payload = shapes.inbound(page, person.psid, when, message_edit=what)
        return Event(page, "message_edits", payload, person.psid, True, record)

    def write(
        self,
        page: Page,
        psid: str,
        content: Content,
        *,
        direction: str = "outbound-api",
        at: datetime | None = None,
        metadata: str | None = None,
        app_id: str | None = None,
    ) -> tuple[Message, Event]:
        """Record a message from the page. Return the record, and its echo."""
        when = at or self._state.clock()
        record = self._record(page, direction, page.id, psid, content, when)
        record.reference = metadata
        echo = content.message(record.sid) | {"is_echo": True}
        if app_id:
            echo["app_id"] = int(app_id)
        if metadata is not None:
            echo["metadata"] = metadata
        payload = shapes.outbound(page, psid, when, message=echo)
        return record, Event(page, "message_echoes", payload, psid, False, record)

    def seen(self, page: Page, psid: str, kind: str, record: Message | None, up_to: datetime, mids: list[str]) -> Event:
        """Return the event that says that what was sent up to a moment was delivered (`delivery`), or read (`read`)."""
        what: dict[str, Any] = {"watermark": shapes.millis(up_to)}
        if kind == "delivery":
            what["mids"] = mids
        field = "message_deliveries" if kind == "delivery" else "message_reads"
        payload = shapes.inbound(page, psid, self._state.clock(), **{kind: what})
        return Event(page, field, payload, psid, False, record)

    def carry(self, page: Page, person: GraphPerson, record: Message, echo: Event | None) -> None:
        """Start a message on its way: post `echo` if it is given, deliver it, read it, and let the person answer."""
        self._tasks.start(self._carry(page, person, record, echo))

    async def _carry(self, page: Page, person: GraphPerson, record: Message, echo: Event | None) -> None:
        settings = self._state.settings
        await asyncio.sleep(settings.sent_delay)
        if echo:
            await self.events.tell(echo)
        await asyncio.sleep(settings.delivered_delay)
        self._move(record, "delivered")
        # The watermark is the message's own time: everything up to it was delivered.
        await self.events.tell(self.seen(page, person.psid, "delivery", record, record.created_at, [record.sid]))
        rule = self._talk.rule_for(person, page.id, record.body)
        pause = rule.read_after if rule else None
        if pause is None and person.reads:
            pause = settings.read_delay
        if pause is not None:
            await asyncio.sleep(pause)
            self._move(record, "read")
            await self.events.tell(self.seen(page, person.psid, "read", record, record.created_at, []))

        async def say(text: str) -> None:
            await self.events.tell(self.hear(page, person, Content(text)))

        await self._talk.answer(rule, record.body, say)

    def _note(self, page: Page, person: GraphPerson, when: datetime) -> None:
        key = (page.id, person.psid)
        last = self._state.graph.windows.get(key)
        if last is None or last < when:
            self._state.graph.windows[key] = when

    def _move(self, record: Message, status: str) -> None:
        now = self._state.clock()
        record.status = status
        record.updated_at = now
        record.history.append(StatusChange(status, now))

    def _record(
        self, page: Page, direction: str, from_: str, to: str, content: Content, when: datetime, *, mid: str = ""
    ) -> Message:
        status = "received" if direction == "inbound" else "sent"
        made = Message(
            sid=mid or shapes.new_mid(),
            channel="messenger",
            account_sid=page.id,
            direction=direction,
            from_=from_,
            to=to,
            body=content.text,
            status=status,
            created_at=when,
            updated_at=when,
            sent_at=when,
            media=list(content.media),
            history=[StatusChange(status, when)],
        )
        self._state.messages[made.sid] = made
        return made
