"""What happens between bots and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contacts_sandbox.core.state import State
from contacts_sandbox.core.talk import Talk
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.core.webhooks import Poster
from contacts_sandbox.telegram import shapes
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.telegram.queue import Updates
from contacts_sandbox.telegram.records import Bot, Permission, TelegramPerson
from contacts_sandbox.telegram.shapes import Content
from contacts_sandbox.twilio.records import Media, Message, StatusChange


class Telegram:
    """Carries messages between bots and people."""

    def __init__(self, state: State, tasks: Tasks, poster: Poster, talk: Talk) -> None:
        """Post updates through `poster`, and let people answer through `talk`."""
        self._state = state
        self._tasks = tasks
        self._talk = talk
        self.updates = Updates(state, tasks, poster)

    def meet(self, person: TelegramPerson) -> None:
        """Add a person, in the place of the person who had that id."""
        people = self._state.telegram
        people.people[person.chat_id] = person

        async def write(username: str | None, text: str) -> None:
            bot = people.bot(username) if username else next(iter(people.bots.values()), None)
            if bot and bot.id not in person.blocked:
                self.hear(bot, person, shapes.text(text))

        self._talk.meet(f"telegram:{person.chat_id}", person, write)

    def hear(
        self,
        bot: Bot,
        person: TelegramPerson,
        content: Content,
        *,
        at: datetime | None = None,
        group: dict[str, Any] | None = None,
    ) -> Message:
        """Record and return a message to a bot, in `group` or in private, which starts the bot. Add its update."""
        when = at or self._state.clock()
        number = next(bot.message_ids)
        chat = group or shapes.private_chat(person)
        if group:
            bot.groups[group["id"]] = group
        else:
            person.started.add(bot.id)
        document = shapes.message(number, when, shapes.person_user(person), chat, content)
        bot.documents[chat["id"], number] = document
        record = self._record(bot, document, "inbound", str(person.chat_id), bot.username, content, when)
        self.updates.add(bot, "message", document, chat["id"], record.posts)
        return record

    def edit(self, bot: Bot, document: dict[str, Any], content: Content, *, at: datetime | None = None) -> None:
        """Record that a person edited a message, and add the update; `document` is the message as last given out."""
        when = at or self._state.clock()
        changed = document | content.fields | {"edit_date": shapes.unix(when)}
        chat_id, number = document["chat"]["id"], document["message_id"]
        bot.documents[chat_id, number] = changed
        record = self._state.messages[_key(bot, chat_id, number)]
        record.rewrite(content.text, when)
        self.updates.add(bot, "edited_message", changed, chat_id, record.posts)

    def permit(self, bot: Bot, person: TelegramPerson, *, blocked: bool, at: datetime | None = None) -> None:
        """Record that a person blocks a bot, or lets it write again, and add the update."""
        (person.blocked.add if blocked else person.blocked.discard)(bot.id)
        person.started.add(bot.id)
        made = Permission(bot.username, blocked, at or self._state.clock())
        person.permissions.append(made)
        member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
        before, after = (member, kicked) if blocked else (kicked, member)
        user = shapes.bot_user(bot)
        payload = {
            "chat": shapes.private_chat(person),
            "from": shapes.person_user(person),
            "date": shapes.unix(made.at),
            "old_chat_member": {"user": user, **before},
            "new_chat_member": {"user": user, **after},
        }
        self.updates.add(bot, "my_chat_member", payload, person.chat_id, made.posts)

    def recipient(self, bot: Bot, chat_id: str) -> dict[str, Any]:
        """Return the chat that a bot names. Raise TelegramError 400 if unknown, 403 if the bot may not write to it."""
        if not chat_id:
            raise TelegramError(400, "chat_id is empty")
        number = int(chat_id) if chat_id.removeprefix("-").isdigit() and chat_id.isascii() and len(chat_id) < 20 else 0
        if number in bot.groups:
            return bot.groups[number]
        person = self._state.telegram.people.get(number)
        if person is None:
            raise TelegramError(400, "chat not found")
        if person.deactivated:
            raise TelegramError(403, "user is deactivated")
        if bot.id in person.blocked:
            raise TelegramError(403, "bot was blocked by the user")
        if bot.id not in person.started:
            raise TelegramError(403, "bot can't initiate conversation with a user")
        return shapes.private_chat(person)

    def send(
        self, bot: Bot, chat: dict[str, Any], content: Content, form: list[tuple[str, str]]
    ) -> tuple[dict[str, Any], Message]:
        """Record a message from a bot, and let the person answer. Return the message object, and the record."""
        now = self._state.clock()
        document = shapes.message(next(bot.message_ids), now, shapes.bot_user(bot), chat, content)
        record = self._record(bot, document, "outbound-api", bot.username, str(chat["id"]), content, now)
        record.form = form
        person = self._state.telegram.people.get(chat["id"])
        if person:
            self._tasks.start(self._reached(bot, person, record))
        return document, record

    async def _reached(self, bot: Bot, person: TelegramPerson, message: Message) -> None:
        rule = self._talk.rule_for(person, bot.username, message.body)

        async def say(text: str) -> None:
            if bot.id not in person.blocked:
                self.hear(bot, person, shapes.text(text))

        await self._talk.answer(rule, message.body, say)

    def _record(
        self, bot: Bot, document: dict[str, Any], direction: str, from_: str, to: str, content: Content, at: datetime
    ) -> Message:
        chat_id, number = document["chat"]["id"], document["message_id"]
        status = "received" if direction == "inbound" else "sent"
        media = [Media(file.file_id, file.content_type, file.filename, file.data) for file in content.files]
        made = Message(
            sid=f"{chat_id}:{number}",
            channel="telegram",
            account_sid=str(bot.id),
            direction=direction,
            from_=from_,
            to=to,
            body=content.text,
            status=status,
            created_at=at,
            updated_at=at,
            sent_at=at,
            media=media,
            history=[StatusChange(status, at)],
        )
        self._state.messages[_key(bot, chat_id, number)] = made
        return made


def _key(bot: Bot, chat_id: int, number: int) -> str:
    """Return the key of a message in the state: two bots may give the same chat and number to two messages."""
    return f"telegram:{bot.id}:{chat_id}:{number}"
