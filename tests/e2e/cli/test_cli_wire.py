"""What providers post to a real `serve`, correctly signed, and what `thread` and `people list` tell of it."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from contacts_tui.channels.telegram.updates import SECRET_HEADER, secret_token
from tests.e2e.cli.program import ACCOUNT, SHOP, TOKEN, Program

SMS, WHATSAPP, BOT, PAGE = 1, 2, 3, 4
PAGE_ID, APP_SECRET, BOT_TOKEN = "1234567890", "0f1e2d3c4b5a", "7001:AAH-fQ_shop"
NOWHERE = "http://127.0.0.1:1"
SAM = 5_123_456_789


class Providers:
    """Twilio, Telegram and Meta, which post to a receiver, and the commands that read back what it stored."""

    def __init__(self, program: Program, url: str) -> None:
        self._program = program
        self._url = url
        self._count = 0

    def twilio(self, inbox_id: int, **fields: str) -> None:
        """Post a message as Twilio does: a form, signed together with its address."""
        self._count += 1
        ours = f"whatsapp:{SHOP}" if inbox_id == WHATSAPP else SHOP
        form = {"MessageSid": f"SM{self._count:032d}", "AccountSid": ACCOUNT, "To": ours, "NumMedia": "0", **fields}
        url = f"{self._url}/webhooks/{inbox_id}/inbound"
        signature = RequestValidator(TOKEN).compute_signature(url, form)
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
        self._post(inbox_id, urlencode(form).encode(), headers)

    def telegram(self, **message: object) -> None:
        """Post a message of Sam's private chat as Telegram does."""
        self._count += 1
        chat = {"id": SAM, "type": "private", "first_name": "Sam"}
        about = {"message_id": self._count, "chat": chat, "date": int(time.time())}
        update = {"update_id": self._count, "message": {**about, **message}}
        headers = {"content-type": "application/json", SECRET_HEADER: secret_token(BOT_TOKEN, BOT)}
        self._post(BOT, json.dumps(update).encode(), headers)

    def messenger(self, **entry: object) -> None:
        """Post an entry of the page as Meta does, signed."""
        body = json.dumps({"object": "page", "entry": [{"id": PAGE_ID, "time": _now(), **entry}]}).encode()
        signature = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        self._post(PAGE, body, {"content-type": "application/json", "x-hub-signature-256": signature})

    def _post(self, inbox_id: int, body: bytes, headers: dict[str, str]) -> None:
        url = f"{self._url}/webhooks/{inbox_id}/inbound"
        answer = httpx.post(url, content=body, headers=headers, trust_env=False)
        assert answer.is_success, answer.text

    def threads(self) -> list[list[str]]:
        """Return the texts of each person's thread; the person who wrote first comes first."""
        people = self._program.json("people", "list", "--limit", "100")["people"]
        ids = sorted(person["contact_id"] for person in people)
        return [
            [shown["message"]["body"] for shown in self._program.json("thread", str(contact_id))["messages"]]
            for contact_id in ids
        ]

    def names(self) -> list[str]:
        """Return the name under which each person is listed; the person who wrote first comes first."""
        people = self._program.json("people", "list", "--limit", "100")["people"]
        return [person["name"] for person in sorted(people, key=lambda person: person["contact_id"])]

    def state(self, contact: str, channel: str) -> str:
        """Return how a person can be reached on a channel, in words."""
        channels = self._program.json("channels", contact)["channels"]
        return str(next(each["words"] for each in channels if each["channel"] == channel))

    def passed_over(self, inbox_id: int) -> dict[str, int]:
        """Return how many events of an inbox were passed over, by kind."""
        listed = self._program.json("inbox", "list")["inboxes"]
        health = next(each for each in listed if each["inbox"]["id"] == inbox_id)
        return {each["kind"]: each["count"] for each in health["passed_over"]}

    def list_of_inboxes(self) -> str:
        """Return the output of `inbox list`."""
        return self._program.ok("inbox", "list")

    def log(self) -> str:
        """Return the log of `serve`."""
        return (self._program.folder / "data" / "serve.log").read_text()


@pytest.fixture
def providers(program: Program) -> Iterator[Providers]:
    """Yield the providers of a running `serve` with an inbox of every channel; nothing leaves this machine."""
    program.env |= {"BOT_TOKEN": BOT_TOKEN, "PAGE_TOKEN": "EAAGx", "APP_SECRET": APP_SECRET}
    program.add_inbox("Shop", "sms", SHOP, NOWHERE)
    program.add_inbox("Shop WhatsApp", "whatsapp", SHOP, NOWHERE)
    add = ("inbox", "add", "--base-url", NOWHERE, "--json")
    program.run(*add, "Bot", "--channel", "telegram", "--address", "shop_bot", "--secret", "env:BOT_TOKEN",
                "--receive", "webhook")  # fmt: skip
    program.run(*add, "Page", "--channel", "messenger", "--address", PAGE_ID, "--secret", "env:PAGE_TOKEN",
                "--app-secret", "env:APP_SECRET")  # fmt: skip
    with program.serving("serve", "--public-url", "local") as server:
        yield Providers(program, server.url)


def item(psid: str = "5461000000000001", at: object = None, **what: object) -> dict[str, Any]:
    """Return a webhook item of something that a person did on Messenger, now or at `at`."""
    when = _now() if at is None else at
    return {"sender": {"id": psid}, "recipient": {"id": PAGE_ID}, "timestamp": when, **what}


def _now() -> int:
    return int(time.time() * 1000)


def test_the_providers_word_on_opting_out_decides_and_a_button_or_a_chat_says_nothing(providers: Providers) -> None:
    ann = "+14155551060"
    for body, word, state in (
        ("BAJA", "STOP", "opted out"),
        ("hello?", "", "opted out"),
        ("ALTA", "START", "open"),
        ("STOP", "HELP", "open"),
    ):
        providers.twilio(SMS, From=ann, Body=body, OptOutType=word)
        assert providers.state(ann, "sms").startswith(state), body
    bea = "+14155551062"
    pressed = {"MessageType": "button", "ButtonText": "Cancel", "ButtonPayload": "cancel_appointment"}
    providers.twilio(WHATSAPP, From=f"whatsapp:{bea}", Body="Cancel", **pressed)
    providers.twilio(WHATSAPP, From=f"whatsapp:{bea}", Body="end")
    assert "left" in providers.state(bea, "whatsapp")
    providers.telegram(text="cancel")
    providers.telegram(text="END")
    assert "opted" not in providers.state("Sam", "telegram")
    providers.messenger(messaging=[
        item(postback={"mid": "m_1", "title": "Cancel", "payload": "CANCEL_ORDER"}),
        item(message={"mid": "m_2", "text": "Stop", "quick_reply": {"payload": "STOP"}}),
        item(message={"mid": "m_3", "text": "quit"}),
    ])  # fmt: skip
    assert "opted" not in providers.state("4", "messenger")


def test_nobody_is_doubled(providers: Providers) -> None:
    for fields in (
        {"From": "whatsapp:+14155551063", "ExternalUserId": "whatsapp:BR.9Z8Y7X6W5V"},
        {"From": "whatsapp:BR.9Z8Y7X6W5V"},
        {"From": "whatsapp:IN.1aB"},
        {"From": "whatsapp:+919876543210", "ExternalUserIdentifier": "IN.1aB"},
        {"From": "whatsapp:US.AbCdEfG1"},
        {"From": "whatsapp:US.aBcDeFg1"},
        {"From": "whatsapp:+14155557779"},
        {"From": "whatsapp:US.12345678901", "WaId": "14155557779"},
        {"From": "whatsapp:US.12345678901"},
        {"From": "whatsapp:DE.77", "WaId": "4915112345678"},
        {"From": "whatsapp:+4915112345678", "WaId": "4915112345678"},
        {"From": "whatsapp:4915112345678"},
    ):
        providers.twilio(WHATSAPP, Body=fields["From"].removeprefix("whatsapp:"), **fields)
    providers.twilio(SMS, From="+14155552002", Body="by SMS")
    providers.twilio(SMS, From="rcs:+14155552002", Body="by RCS")
    assert providers.threads() == [
        ["+14155551063", "BR.9Z8Y7X6W5V"],
        ["IN.1aB", "+919876543210"],
        ["US.AbCdEfG1"],
        ["US.aBcDeFg1"],
        ["+14155557779", "US.12345678901", "US.12345678901"],
        ["DE.77", "+4915112345678", "4915112345678"],
        ["by SMS", "by RCS"],
    ]
    assert providers.names()[4:6] == ["+1 415 555 7779", "+49 1511 2345678"]


def test_every_bubble_of_twilio_says_something(providers: Providers) -> None:
    for fields in (
        {"Body": ""},
        {"Body": "\u200b"},
        {"Body": "", "NumMedia": "1"},
        {"Body": "", "ReferralHeadline": "Shoes", "ReferralSourceUrl": "https://fb.me/x"},
        {"Body": "", "ReferralSourceId": "123", "ReferralCtwaClid": "abc"},
        {"Body": "Hi", "ReferralSourceType": "post", "ReferralSourceId": "123"},
        {"Body": "", "MessageType": "interactive", "ListId": "item_2", "ListTitle": "Blue shoes"},
        {"Body": "", "MessageType": "button", "ButtonText": "Yes"},
    ):
        providers.twilio(WHATSAPP, From="whatsapp:+14155550007", **fields)
    assert providers.threads() == [[
        "(no text)",
        "(no text)",
        "(a file that didn't arrive)",
        "From an ad: Shoes https://fb.me/x",
        "From an ad",
        "Hi\nFrom a post",
        "Blue shoes (chosen from a list)",
        "Yes",
    ]]  # fmt: skip


def test_messenger_is_heard_whole_and_what_is_passed_over_is_counted_and_logged(providers: Providers) -> None:
    product = {"product": {"elements": [{"id": "1", "retailer_id": "sku1", "title": "Red shoes", "subtitle": "$10"}]}}
    order = {"products": [{"retailer_id": "sku9", "unit_price": 5, "currency": "USD", "quantity": 2}]}
    seconds = int(time.time())
    providers.messenger(messaging=[
        item(message={"mid": "m_1", "text": "seconds"}, at=seconds),
        item(message={"mid": "m_2", "text": "digits"}, at=str(seconds)),
        item(message={"mid": "m_3", "attachments": [{"type": "template", "payload": product}]}),
        item(message={"mid": "m_4", "order": order}),
        item(game_play={"game_id": "1"}),
    ])  # fmt: skip
    postback = {"mid": "m_6", "title": "TITLE", "payload": "P"}
    value = {"sender": {"user_ref": "USER-REF-ID"}, "recipient": {"id": PAGE_ID}, "timestamp": "1527459824"}
    providers.messenger(changes=[{"field": "messaging_postbacks", "value": {**value, "postback": postback}}])
    providers.messenger(messaging=item(message={"mid": "m_7", "text": "no list around it"}))
    providers.messenger(messaging_handovers=[{"x": 1}], messaging=[7])
    said = ["seconds", "digits", "Red shoes, $10", "Order: sku9, 2 ×, 5 USD", "no list around it"]
    assert [sorted(thread) for thread in providers.threads()] == [sorted(said)]
    passed = {"game_play": 1, "postback": 1, "messaging_handovers": 1, "item": 1}
    assert providers.passed_over(PAGE) == passed
    assert "Page ignored 1 × " in providers.list_of_inboxes()
    assert [kind for kind in passed if f"inbox {PAGE}: passed over '{kind}'" not in providers.log()] == []


def test_telegram_says_what_it_says(providers: Providers) -> None:
    providers.telegram(poll={"question": "When?", "options": [{"text": "Mon", "voter_count": 0}, {"text": "Tue"}]})
    providers.telegram(web_app_data={"data": "bob,32", "button_text": "Register"})
    providers.telegram(rich_message={"blocks": [{"type": "paragraph", "text": "Hello rich"}]})
    providers.telegram(text="\u2800")
    for chat_id, name in ((9, "\u3164"), (10, "\u202e\u200f")):
        chat = {"id": chat_id, "type": "private", "first_name": name, "username": f"u{chat_id}"}
        providers.telegram(text="who am I?", chat=chat)
    first = ["Poll: When?\n- Mon\n- Tue", "Register: bob,32", "Hello rich", "(no text)"]
    assert providers.threads() == [first, ["who am I?"], ["who am I?"]]
    assert providers.names() == ["Sam", "@u9", "@u10"]
