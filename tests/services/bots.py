"""A bot of ours at the sandbox, and people who write to it."""

from typing import Any

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store.store import Store
from tests.sandbox.driver import Driver

BOT, BOT_TOKEN = "shop_support_bot", "7001:AAH-fQ_shop"
SAM, JO = 5_123_456_789, 42


class Bots:
    """The sandbox, with a bot that Sam and Jo have started."""

    def __init__(self, sandbox: Driver) -> None:
        self.sandbox = sandbox

    async def prepare(self) -> None:
        """Tell the sandbox of the bot, Sam and Jo."""
        people = [
            {"chat_id": SAM, "first_name": "Sam", "last_name": "Poe", "started": [BOT]},
            {"chat_id": JO, "first_name": "Jo", "started": [BOT]},
        ]
        bot = {"token": BOT_TOKEN, "username": BOT, "name": "Shop"}
        settings = {"small_talk": False}
        await self.sandbox.control("seed", {"telegram_bots": [bot], "telegram_people": people, "settings": settings})

    async def says(self, text: str, chat_id: int = SAM, **more: Any) -> str:
        """Write as a person, or with `edit` change what they wrote; return the message's id at Telegram."""
        document = {"bot": BOT, "chat_id": chat_id, "text": text, **more}
        return str((await self.sandbox.control("telegram/inbound", document))["provider_id"])

    async def blocks(self, blocked: bool = True) -> None:
        """Block the bot as Sam, or let it write again."""
        await self.sandbox.control("telegram/block", {"bot": BOT, "chat_id": SAM, "blocked": blocked})

    async def state(self) -> dict[str, Any]:
        """Return what the sandbox knows about the bot."""
        bots = (await self.sandbox.look("state"))["telegram_bots"]
        found: dict[str, Any] = next(bot for bot in bots if bot["username"] == BOT)
        return found

    async def acknowledged(self) -> bool:
        """Return whether the sandbox keeps no more updates for the bot."""
        return not (await self.state())["updates"]

    def connect(self, store: Store, name: str = "Shop bot", **changes: Any) -> Inbox:
        """Connect the bot as an inbox of this store."""
        given: dict[str, Any] = {
            "name": name,
            "channel": Channel.TELEGRAM,
            "address": BOT,
            "account": "",
            "secret": "env:BOT_TOKEN",
            "base_url": self.sandbox.base_url,
        }
        return store.call(inboxes.connect, "Kim", InboxForm(**given | changes))
