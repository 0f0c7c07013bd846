"""No credential leaves the process by its log or its output, whatever goes well or wrong, at the most talkative."""

import hashlib
import hmac
import time

import httpx

from contacts_tui.channels.meta.webhook import verify_token
from contacts_tui.channels.telegram.updates import secret_token
from tests.e2e.cli.program import SHOP, TIME_LIMIT, TOKEN, Program, Server

BOT_TOKEN = "700100:AAtoken-of-the-bot-0123456789abcdefghi"
REVOKED_TOKEN = "700200:AAtoken-that-was-revoked-0123456789abc"
PAGE_TOKEN = "EAAtoken-of-the-page"
EXPIRED_TOKEN = "EAAtoken-that-expired"
APP_SECRET = "secret-of-the-app"
SAM = 5001
ANN = "5550001112223334"
PAGE, OLD_PAGE = "900200", "900300"


def test_the_log_of_serve_holds_no_secret(program: Program, sandbox: Server) -> None:
    config = program.folder / "config.toml"
    config.write_text('log_level = "debug"\n')
    credentials = {
        "BOT": BOT_TOKEN,
        "REVOKED": REVOKED_TOKEN,
        "PAGE": PAGE_TOKEN,
        "EXPIRED": EXPIRED_TOKEN,
        "APP": APP_SECRET,
        "WRONG": "token-that-is-wrong",
    }
    program.env |= credentials | {"CONTACTS_TUI_CONFIG": str(config)}
    _arrange(sandbox)
    _connect(program, sandbox)
    with program.start("serve", "--port", "0", "--public-url", "local") as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        sandbox.control(
            "senders", {"account_sid": "AC" + "a" * 32, "address": SHOP, "inbound_url": f"{url}/webhooks/1/inbound"}
        )
        sandbox.control("graph/pages", _page(PAGE, PAGE_TOKEN) | {"webhook_url": f"{url}/webhooks/5/inbound"})
        sandbox.control("inbound", {"from": "+12025550142", "to": SHOP, "body": "Hello"})
        sandbox.control("telegram/inbound", {"bot": "shop_bot", "chat_id": SAM, "text": "Hello from Telegram"})
        sandbox.control("graph/inbound", {"page": PAGE, "psid": ANN, "text": "Hello from Messenger"})
        _post_what_is_not_signed(url)
        _wait_for_people(program, 3)
        # Messages to each person on each channel, many to people without an identity there; then a wrong token.
        for person in program.json("people", "list")["people"]:
            for channel in ("sms", "telegram", "messenger"):
                program.run("send", str(person["contact_id"]), "--channel", channel, "--text", "Hi", "--wait", "0")
        program.run("inbox", "check", "Wrong")
        process.terminate()
        output, errors = process.communicate(timeout=TIME_LIMIT)
    log = (program.folder / "data" / "serve.log").read_text()
    assert "refused" in log
    made = [
        verify_token(APP_SECRET, 5),
        secret_token(BOT_TOKEN, 3),
        hmac.new(APP_SECRET.encode(), PAGE_TOKEN.encode(), hashlib.sha256).hexdigest(),
    ]
    for secret in (*credentials.values(), TOKEN, *made):
        # The end of a secret must not appear either.
        for place in (log, output, errors):
            assert secret not in place
            assert secret[-12:] not in place


def _arrange(sandbox: Server) -> None:
    bots = [{"token": BOT_TOKEN, "username": "shop_bot", "name": "Shop"}]
    people = [{"chat_id": SAM, "first_name": "Sam", "started": ["shop_bot"]}]
    sandbox.control("seed", {"telegram_bots": bots, "telegram_people": people})
    sandbox.control("graph/apps", {"id": "900100", "secret": APP_SECRET, "require_proof": True})
    sandbox.control("graph/pages", _page(PAGE, PAGE_TOKEN))
    sandbox.control("graph/pages", _page(OLD_PAGE, EXPIRED_TOKEN) | {"token_expired": True})
    sandbox.control("graph/people", {"page": PAGE, "psid": ANN, "first_name": "Ann"})


def _page(page: str, token: str) -> dict[str, object]:
    return {"id": page, "app_id": "900100", "access_token": token, "name": "Shop"}


def _connect(program: Program, sandbox: Server) -> None:
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    base = ("--base-url", sandbox.url)
    twilio = ("--channel", "whatsapp", "--account", "AC" + "a" * 32, "--secret", "env:WRONG")
    program.ok("inbox", "add", "Wrong", *twilio, "--address", SHOP, *base)
    for name, address, secret in (("Bot", "shop_bot", "env:BOT"), ("Gone", "gone_bot", "env:REVOKED")):
        program.ok("inbox", "add", name, "--channel", "telegram", "--address", address, "--secret", secret, *base)
    for name, address, secret in (("Page", PAGE, "env:PAGE"), ("Old", OLD_PAGE, "env:EXPIRED")):
        meta = ("--channel", "messenger", "--address", address, "--secret", secret, "--app-secret", "env:APP")
        program.ok("inbox", "add", name, *meta, *base)


def _post_what_is_not_signed(url: str) -> None:
    """Make requests with the credentials where a careless caller might put them."""
    form = {"MessageSid": "SM1", "From": "+12025550142", "To": SHOP, "Body": "x"}
    with httpx.Client(base_url=url, trust_env=False) as client:
        client.post("/webhooks/1/inbound", params={"token": TOKEN}, data=form, headers={"X-Twilio-Signature": TOKEN})
        signed = {"X-Hub-Signature-256": f"sha256={APP_SECRET}"}
        client.post("/webhooks/5/inbound", json={"object": "page", "entry": []}, headers=signed)
        client.post("/webhooks/3/inbound", json={}, headers={"X-Telegram-Bot-Api-Secret-Token": BOT_TOKEN})
        wrong = {"hub.mode": "subscribe", "hub.verify_token": APP_SECRET, "hub.challenge": "1"}
        client.get("/webhooks/5/inbound", params=wrong)


def _wait_for_people(program: Program, count: int) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while len(program.json("people", "list")["people"]) < count:
        assert time.monotonic() < deadline, "the messages never came in"
        time.sleep(0.2)
