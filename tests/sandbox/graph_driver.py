"""Drives the Messenger of a sandbox."""

from __future__ import annotations

from typing import Any

import httpx

from tests.sandbox.driver import Driver

APP = "900100"
SECRET = "secret-of-the-app"
PAGE = "900200"
TOKEN = "EAAtoken-of-the-page"
ANN = "5550001112223334"
"""The PSID of Ann, who wrote just now."""
BEN = "5550001112223335"
"""The PSID of Ben, who never wrote."""


class GraphDriver(Driver):
    """A client of one sandbox with one page."""

    @property
    def messages(self) -> str:
        """The address that messages are posted to."""
        return f"{self.base_url}/v26.0/me/messages"

    async def post(self, document: dict[str, Any], token: str = TOKEN) -> httpx.Response:
        """POST a message with exactly these members."""
        return await self.client.post(self.messages, params={"access_token": token}, json=document)

    async def write(self, text: str = "hello", **more: Any) -> dict[str, Any]:
        """Send a text to Ann that has to be accepted, and return the answer."""
        answer = await self.post(letter(text) | more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def error(self, document: dict[str, Any], token: str = TOKEN) -> tuple[int, int | None]:
        """POST a message that has to be refused, and return its code and subcode, or None."""
        answer = await self.post(document, token)
        error = answer.json()["error"]
        assert answer.status_code >= 400
        assert error["message"] and error["type"] and error["fbtrace_id"]
        return error["code"], error.get("error_subcode")

    async def says(self, text: str = "hello", **more: Any) -> dict[str, Any]:
        """Let Ann write."""
        return await self.control("graph/inbound", {"page": PAGE, "psid": ANN, "text": text} | more)


def letter(text: str = "hello", to: str = ANN) -> dict[str, Any]:
    """Return a text in answer to a person, Ann by default."""
    return {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": {"text": text}}
