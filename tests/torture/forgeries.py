"""Requests to the receiver that must be refused: unsigned, badly signed, or signed and meant for another inbox.

Their texts occur nowhere else, so that any that were accepted are found in the store.
"""

import hashlib
import hmac
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from contacts_sandbox.telegram.queue import SECRET_HEADER
from contacts_sandbox.twilio.signature import HEADER, sign
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox
from tests.torture.scene import ACCOUNT, Scene

HUB_HEADER = "X-Hub-Signature-256"
STRANGER = "+12025559999"


@dataclass(frozen=True, slots=True)
class Forgery:
    """A request that must be refused."""

    kind: str
    """What is wrong with the request."""
    path: str
    content: bytes = b""
    """Empty for a GET."""
    headers: dict[str, str] = field(default_factory=dict)


def forgeries(scene: Scene, public_url: str, chance: random.Random) -> Iterator[Forgery]:
    """Yield requests of each kind in turn, without end."""
    while True:
        twilio = [scene.inboxes[channel, number] for channel in (Channel.SMS, Channel.WHATSAPP) for number in range(2)]
        ours, other = chance.sample(twilio, 2)
        yield from _by_twilio(scene, public_url, ours, other, f"forged {chance.getrandbits(40):x}")
        page, bot = scene.inboxes[Channel.MESSENGER, 0], scene.inboxes[Channel.TELEGRAM, 1]
        yield from _by_meta(page, f"forged {chance.getrandbits(40):x}")
        yield from _by_telegram(bot, chance.getrandbits(40))
        yield Forgery("link to a file", f"/media/{chance.getrandbits(128):x}")


def _by_twilio(scene: Scene, public_url: str, ours: Inbox, other: Inbox, text: str) -> Iterator[Forgery]:
    path = f"/webhooks/{ours.id}/inbound"
    kind = "whatsapp:" if ours.channel is Channel.WHATSAPP else ""
    form = {
        "AccountSid": ACCOUNT,
        "MessageSid": f"SM{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}",
        "From": kind + STRANGER,
        "To": kind + ours.address,
        "Body": text,
        "NumMedia": "0",
    }
    token = scene.token("twilio")
    fit = sign(token, public_url + path, form)
    status = {name: form[name] for name in ("AccountSid", "MessageSid", "To", "From")} | {"MessageStatus": "failed"}

    def posted(what: str, signature: str, fields: dict[str, str], path: str = path) -> Forgery:
        headers = {"Content-Type": "application/x-www-form-urlencoded", HEADER: signature}
        if not signature:
            del headers[HEADER]
        return Forgery(f"Twilio, {what}", path, urlencode(fields).encode(), headers)

    yield posted("unsigned", "", form)
    yield posted("signed at random", f"{'A' * 27}=", form)
    yield posted("signed by another", sign(f"{token}x", public_url + path, form), form)
    yield posted("changed after it was signed", fit, form | {"Body": f"{text} changed"})
    yield posted("signed for another address", sign(token, f"{public_url}/webhooks/{other.id}/inbound", form), form)
    foreign = form | {"AccountSid": "AC" + "b" * 32}
    yield posted("of another account", sign(token, public_url + path, foreign), foreign)
    yield posted("a status, signed at random", f"{'B' * 27}=", status, f"/webhooks/{ours.id}/status")


def _by_meta(page: Inbox, text: str) -> Iterator[Forgery]:
    path = f"/webhooks/{page.id}/inbound"
    said = {"sender": {"id": "999"}, "recipient": {"id": page.address}, "timestamp": 1_800_000_000_000}
    entry = {
        "id": page.address,
        "time": 1_800_000_000_000,
        "messaging": [said | {"message": {"mid": text, "text": text}}],
    }
    content = json.dumps({"object": "page", "entry": [entry]}).encode()
    strange = hmac.new(b"another secret", content, hashlib.sha256).hexdigest()
    for what, signature in (("unsigned", ""), ("signed by another", f"sha256={strange}"), ("half signed", "sha256=00")):
        headers = {"Content-Type": "application/json"} | ({HUB_HEADER: signature} if signature else {})
        yield Forgery(f"Meta, {what}", path, content, headers)
    question = urlencode({"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "another"})
    yield Forgery("Meta, a question with another token", f"{path}?{question}")


def _by_telegram(bot: Inbox, number: int) -> Iterator[Forgery]:
    chat = {"id": 999, "type": "private", "first_name": "Stranger"}
    said = {
        "message_id": 1,
        "date": 1_800_000_000,
        "chat": chat,
        "from": chat | {"is_bot": False},
        "text": f"forged {number}",
    }
    content = json.dumps({"update_id": number, "message": said}).encode()
    for what, secret in (("unsigned", ""), ("with another secret", "another")):
        headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: secret} if secret else {})
        yield Forgery(f"Telegram, {what}", f"/webhooks/{bot.id}/inbound", content, headers)
