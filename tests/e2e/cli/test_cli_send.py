"""`send`, `thread`, `channels` and `templates` against a sandbox: what was done, and the exit code that tells of it."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contacts_tui.channels.base import InboundMessage
from contacts_tui.cli.exit import Exit
from contacts_tui.services import inbound, inboxes
from contacts_tui.store.store import Store
from tests.e2e.cli.program import ACCOUNT, RETURNS, SHOP, Program, Server

ANN = "+12025550142"
SMS = ("send", "Ann Archer", "--channel", "sms")
WHATSAPP = ("send", "Ann Archer", "--channel", "whatsapp")


@pytest.fixture
def receiver(shop: Program, sandbox: Server) -> Iterator[Server]:
    """Yield a receiver to which the sandbox posts what happens at the SMS and the WhatsApp sender."""
    with shop.serving("serve", "--public-url", "local") as server:
        for number, address in enumerate((SHOP, f"whatsapp:{SHOP}"), start=1):
            url = f"{server.url}/webhooks/{number}/inbound"
            sandbox.control("senders", {"account_sid": ACCOUNT, "address": address, "inbound_url": url})
        yield server


def test_an_sms_is_with_the_provider_when_the_command_ends(shop: Program, sandbox: Server) -> None:
    assert "to Ann Archer …0142 by SMS, from Shop" in shop.ok(*SMS, "--text", "Your order is ready")
    (taken,) = _messages(sandbox)
    assert (taken["to"], taken["from"], taken["body"]) == (ANN, SHOP, "Your order is ready")


def test_text_is_read_from_stdin_and_keeps_its_lines(shop: Program, sandbox: Server) -> None:
    shop.ok(*SMS, "--text", "-", stdin="first line\nsecond — line\n")
    (taken,) = _messages(sandbox)
    assert taken["body"] == "first line\nsecond — line"


@pytest.mark.usefixtures("receiver")
def test_waiting_tells_of_the_delivery_and_the_thread_shows_the_answer(shop: Program) -> None:
    assert shop.ok(*SMS, "--text", "Is Friday fine?", "--wait", "20").startswith("delivered: ")
    deadline = time.monotonic() + 20
    while "Good question" not in shop.ok("thread", ANN):
        assert time.monotonic() < deadline
    thread = shop.json("thread", "ann@example.com")
    assert [view["message"]["direction"] for view in thread["messages"]] == ["out", "in"]
    assert thread["messages"][0]["message"]["status"] == "delivered"


@pytest.mark.usefixtures("receiver")
def test_a_message_that_fails_on_its_way_is_told_with_its_reason(shop: Program, sandbox: Server) -> None:
    sandbox.control("people", {"address": ANN, "traits": {"handset_off": True}})
    done = shop.run(*SMS, "--text", "Hello", "--wait", "20")
    assert done.returncode == Exit.FAILED
    assert done.stdout.startswith("not delivered: ")
    assert "handset" in done.stderr


def test_somebody_who_may_want_no_more_messages_is_written_to_on_purpose_only(shop: Program, sandbox: Server) -> None:
    with closing(Store.open(f"sqlite:///{shop.database}")) as store:
        shop_id = store.call_read(inboxes.by_name, "Shop").id
        said = InboundMessage("SM1", "SM1", ANN, "Please stop texting me", (), "", store.clock(), {})
        store.call(inbound.apply, shop_id, [said])
    assert "may want you to stop" in shop.ok("channels", "Ann Archer")
    refused = shop.run(*SMS, "--text", "Hello")
    assert refused.returncode == Exit.REFUSED
    assert "They may want you to stop" in refused.stderr
    assert "--despite-stop" in refused.stderr
    assert _messages(sandbox) == []
    shop.ok(*SMS, "--text", "Hello", "--despite-stop")
    shop.ok(*SMS, "--text", "Hello again")
    assert len(_messages(sandbox)) == 2


def test_a_refusal_by_the_provider_fails_at_once(shop: Program, sandbox: Server) -> None:
    sandbox.control("people", {"address": ANN, "traits": {"opted_out": True}})
    done = shop.run(*SMS, "--text", "Hello")
    assert done.returncode == Exit.FAILED
    assert "asked us to stop" in done.stderr
    again = shop.run(*SMS, "--text", "Hello again")
    assert again.returncode == Exit.REFUSED
    assert "They must send START" in again.stderr
    assert _messages(sandbox) == []


def test_an_answer_that_got_lost_is_unknown_and_not_sent_again(shop: Program, sandbox: Server) -> None:
    sandbox.control("faults", {"when": "send", "kind": "drop_after"})
    done = shop.run(*SMS, "--text", "Hello")
    assert done.returncode == Exit.UNKNOWN
    assert done.stdout.startswith("unknown: ")
    assert len(_messages(sandbox)) == 1


def test_whatsapp_begins_with_a_template(shop: Program, sandbox: Server) -> None:
    done = shop.run(*WHATSAPP, "--text", "Hello")
    assert done.returncode == Exit.REFUSED
    assert "template" in done.stderr
    assert shop.ok("templates", "sync") == "Shop WhatsApp: 1 template\n"
    assert "order_ready" in shop.ok("templates", "list")
    (listed,) = shop.json("templates", "list", "Shop WhatsApp")
    assert listed["templates"][0]["approval"] == "approved"
    missing = shop.run(*WHATSAPP, "--template", "order_ready", "--var", "name=Ann")
    assert missing.returncode == Exit.WRONG
    assert "order" in missing.stderr
    shop.ok(*WHATSAPP, "--template", "order_ready", "--var", "name=Ann", "--var", "order=O'Brien <4711>")
    (taken,) = _messages(sandbox)
    assert (taken["to"], taken["body"]) == (f"whatsapp:{ANN}", "Hi Ann, order O'Brien <4711> is ready.")


def test_what_was_synced_is_printed_as_json_with_what_failed(shop: Program) -> None:
    assert shop.json("templates", "sync") == {"synced": [{"inbox": "Shop WhatsApp", "templates": 1, "error": None}]}
    shop.ok("inbox", "set", "Shop WhatsApp", "base-url=http://127.0.0.1:1")
    done = shop.run("templates", "sync", "--json")
    assert done.returncode == Exit.FAILED
    (told,) = json.loads(done.stdout)["synced"]
    assert told["templates"] is None
    assert told["error"] in done.stderr


def test_templates_that_are_not_there_are_named(shop: Program) -> None:
    shop.ok("templates", "sync", "Shop WhatsApp")
    unknown = shop.run(*WHATSAPP, "--template", "nope")
    assert unknown.returncode == Exit.WRONG
    assert "no template nope" in unknown.stderr
    language = shop.run(*WHATSAPP, "--template", "order_ready", "--language", "fr")
    assert language.returncode == Exit.WRONG
    assert "doesn't exist in fr, only in en" in language.stderr


def test_every_value_is_one_that_the_template_asks_for_and_given_once(shop: Program, sandbox: Server) -> None:
    shop.ok("templates", "sync", "Shop WhatsApp")
    good = ("--var", "name=Ann", "--var", "order=4711")
    for more, words in (
        (("--var", "colour=red"), "order_ready has no variable “colour”: it takes name, order"),
        (("--var", "name=Bo"), "--var name is given twice"),
        (("--var", "Name=Bo"), "no variable “Name”"),
    ):
        done = shop.run(*WHATSAPP, "--template", "order_ready", *good, *more)
        assert done.returncode == Exit.WRONG
        assert words in done.stderr
    assert _messages(sandbox) == []


def test_two_templates_of_one_name_and_language_are_told_apart_by_sid(shop: Program, sandbox: Server) -> None:
    sids = [f"HX{number:032x}" for number in (7, 8)]
    account = _template_account(shop)
    for sid, status in zip(sids, ("approved", "paused"), strict=True):
        sandbox.control(
            "templates",
            {
                "account_sid": account,
                "sid": sid,
                "friendly_name": "greet",
                "types": {"twilio/text": {"body": f"Hi {{{{ 1 }}}}, from {sid[-1]}"}},
                "variables": {"1": "Sample"},
                "approval": {"status": status},
            },
        )
    shop.ok("templates", "sync", "Shop WhatsApp")
    for more in ((), ("--language", "en")):
        done = shop.run(*WHATSAPP, "--template", "greet", *more)
        assert done.returncode == Exit.WRONG
        assert f"{sids[0]} (approved)" in done.stderr
        assert f"{sids[1]} (paused by WhatsApp)" in done.stderr
    elsewhere = shop.run(*WHATSAPP, "--template", "greet", "--language", "fr")
    assert (elsewhere.returncode, elsewhere.stderr.strip().endswith("doesn't exist in fr, only in en")) == (
        Exit.WRONG,
        True,
    )
    missing = shop.run(*WHATSAPP, "--template", sids[0])
    assert (missing.returncode, "1: fill this in" in missing.stderr) == (Exit.WRONG, True)
    shop.ok(*WHATSAPP, "--template", sids[0], "--language", "EN", "--var", "1=Ann")
    (taken,) = _messages(sandbox)
    assert taken["body"] == "Hi Ann, from 7"


def _template_account(shop: Program) -> str:
    (inbox,) = [
        each["inbox"] for each in shop.json("inbox", "list")["inboxes"] if each["inbox"]["channel"] == "whatsapp"
    ]
    return str(inbox["account"])


def test_several_ways_have_to_be_chosen_from(shop: Program, sandbox: Server) -> None:
    shop.add_inbox("Returns", "sms", RETURNS, sandbox.url)
    asked = shop.run("send", "Ben Baker", "--channel", "sms", "--text", "Hello")
    assert asked.returncode == Exit.WRONG
    for way in ("'Shop' --to +447700900115", "'Returns' --to +447700900116"):
        assert way in asked.stderr
    number = ("--to", "+44 7700 900116")
    assert shop.run("send", "Ben Baker", "--channel", "sms", "--text", "Hello", *number).returncode == Exit.WRONG
    shop.ok("send", "Ben Baker", "--channel", "sms", "--text", "Hello", "--from", "returns", *number)
    (taken,) = _messages(sandbox)
    assert (taken["to"], taken["from"]) == ("+447700900116", RETURNS)
    shop.ok("send", "Ben Baker", "--channel", "sms", "--text", "The thread goes on where it is")
    assert _messages(sandbox)[-1]["to"] == "+447700900116"


def test_the_option_is_named_that_does_not_fit(shop: Program, sandbox: Server) -> None:
    shop.add_inbox("Returns", "sms", RETURNS, sandbox.url)
    ben = ("send", "Ben Baker", "--channel", "sms", "--text", "Hello")
    shop.ok(*ben, "--from", "Returns", "--to", "+44 7700 900116")
    shop.ok("inbox", "disconnect", "Returns")
    for arguments, words in (
        ((*SMS, "--text", "Hello", "--from", "Returns"), "Returns can't write to Ann Archer: --from takes one of Shop"),
        ((*ben, "--to", "+1 202 555 0199"), "--to takes one of +44 7700 900115, +44 7700 900116"),
        (
            (*ben, "--from", "Returns", "--to", "+44 7700 900115"),
            "--from and --to don't fit together: choose one: --from 'Shop' --to +447700900115; --from 'Shop' --to",
        ),
    ):
        done = shop.run(*arguments)
        assert (done.returncode, words in done.stderr) == (Exit.WRONG, True), done.stderr
    assert len(_messages(sandbox)) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("send", "Nobody", "--channel", "sms", "--text", "Hello"), "Nobody"),
        ((*SMS, "--text", "Hello", "--from", "Nowhere"), "Nowhere"),
        ((*SMS, "--text", "Hello", "--from", "Shop WhatsApp"), "is for WhatsApp, not for SMS"),
        ((*SMS, "--text", "Hello", "--to", "+12025550199"), "--to takes one of +1 202 555 0142"),
        ((*SMS, "--text", "  "), "nothing to send"),
        ((*SMS, "--text", "x" * 1601), "too long"),
        ((*SMS, "--text", "Hello", "--var", "a=b"), "--var fills a template"),
        ((*SMS, "--template", "order_ready"), "only WhatsApp has templates"),
        ((*SMS, "--text", "Hello", "--wait", "soon"), "“soon” is not a number of seconds"),
    ],
)
def test_wrong_use_sends_nothing(shop: Program, sandbox: Server, arguments: tuple[str, ...], sentence: str) -> None:
    done = shop.run(*arguments)
    assert done.returncode == Exit.WRONG
    assert sentence in done.stderr
    assert _messages(sandbox) == []


def test_a_rate_limit_is_waited_out(shop: Program, sandbox: Server) -> None:
    sandbox.control("faults", {"when": "send", "kind": "rate_limit", "seconds": 1})
    view = shop.json(*SMS, "--text", "Hello")
    assert view["message"]["status"] == "sent"
    assert len(_messages(sandbox)) == 1


def test_channels_say_why_and_what_would_change_it(shop: Program) -> None:
    text = shop.ok("channels", "Ann Archer")
    assert "SMS        open" in text
    assert "no inbox connected" in text
    assert text.endswith("the cheapest open channel is SMS: --channel sms\n")
    found = shop.json("channels", ANN)
    assert (found["cheapest_open"], found["usable"]) == ("sms", ["sms"])
    states = {state["channel"]: state for state in found["channels"]}
    assert list(states) == ["sms", "whatsapp", "telegram", "messenger"]
    assert states["telegram"]["reason"]
    assert states["telegram"]["remedy"]


def test_without_an_open_channel_the_ways_that_are_left_are_told(shop: Program) -> None:
    shop.ok("templates", "sync")
    shop.ok("inbox", "disconnect", "Shop")
    assert "no channel takes free text now: WhatsApp, template needed" in shop.ok("channels", "Ann Archer")
    found = shop.json("channels", "Ann Archer")
    assert (found["cheapest_open"], found["usable"]) == (None, ["whatsapp"])


def _messages(sandbox: Server) -> list[dict[str, str]]:
    found: list[dict[str, str]] = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    return [message for message in found if message["direction"] == "outbound-api"]


def test_complaint_10_the_tag_is_sent_on_the_agents_word_alone(program: Program, sandbox: Server) -> None:
    page, psid, secret = "102030405060708", "7766554433221100", "0f1e2d3c4b5a6978"
    program.env |= {"PAGE_TOKEN": "EAAGm0PX4ZCpsBA", "APP_SECRET": secret}
    options = (
        "--channel",
        "messenger",
        "--address",
        page,
        "--secret",
        "env:PAGE_TOKEN",
        "--app-secret",
        "env:APP_SECRET",
    )
    program.ok("inbox", "add", "Page", *options, "--base-url", sandbox.url, "--human-agent")
    sandbox.control("graph/apps", {"id": "99", "secret": secret, "require_proof": True})
    known = {"id": page, "app_id": "99", "access_token": "EAAGm0PX4ZCpsBA", "human_agent": True}
    sandbox.control("graph/pages", known)
    sandbox.control("graph/people", {"page": page, "psid": psid, "first_name": "Ann", "last_name": "Lee"})
    wrote = (datetime.now(UTC) - timedelta(hours=30)).isoformat()
    with program.serving("serve", "--public-url", "local") as server:
        sandbox.control("graph/pages", {**known, "webhook_url": f"{server.url}/webhooks/1/inbound"})
        sandbox.control("graph/inbound", {"page": page, "psid": psid, "text": "Is it back?", "at": wrote})
        deadline = time.monotonic() + 20
        while "Ann Lee" not in program.ok("people", "list"):
            assert time.monotonic() < deadline
    words = ("send", "Ann Lee", "--channel", "messenger", "--text", "It is")
    refused = program.run(*words)
    assert refused.returncode == Exit.REFUSED
    assert "7 days: 5 d 17 h left; a person must write it" in refused.stderr
    assert "--human-agent sends it so" in refused.stderr
    assert _messages(sandbox) == []
    program.ok(*words, "--human-agent")
    (taken,) = _messages(sandbox)
    assert "HUMAN_AGENT" in str(taken["form"])
    assert program.json("thread", "Ann Lee")["messages"][1]["message"]["human_agent"] is True


def test_a_doubt_is_shown_and_settled_and_goes_again_only_on_purpose(shop: Program, sandbox: Server) -> None:
    sandbox.control("faults", {"when": "send", "kind": "drop_before", "count": 2})
    first, second = (
        json.loads(shop.run(*SMS, "--text", text, "--json").stdout)["message"]["id"] for text in ("one", "two")
    )
    shown = shop.ok("message", "show", str(first))
    assert "May or may not have been sent" in shown
    assert "the connection broke while sending" in shown
    refused = shop.run("message", "retry", str(first))
    assert refused.returncode == Exit.WRONG
    assert "--arrived or --again" in refused.stderr
    assert shop.run("message", "settle", str(first)).returncode == Exit.WRONG
    assert shop.ok("message", "settle", str(first), "--arrived").startswith("sent: ")
    assert [event["status"] for event in shop.json("message", "show", str(first))["events"]] == ["arrived"]
    assert shop.run("message", "settle", str(first), "--arrived").returncode == Exit.WRONG
    assert _messages(sandbox) == []
    assert shop.ok("message", "settle", str(second), "--again").startswith("sent: ")
    assert [taken["body"] for taken in _messages(sandbox)] == ["two"]


def test_a_failed_message_is_shown_and_tried_again(shop: Program, sandbox: Server) -> None:
    sandbox.control("people", {"address": ANN, "traits": {"opted_out": True}})
    done = shop.run(*SMS, "--text", "Hello", "--json")
    assert done.returncode == Exit.FAILED
    message = str(json.loads(done.stdout)["message"]["id"])
    assert "refused" in shop.ok("message", "show", message)
    assert "asked us to stop" in shop.ok("message", "show", message)
    assert "no other channel is available: WhatsApp: " in shop.ok("message", "show", message)
    shop.ok("templates", "sync")
    assert "or: write on WhatsApp instead, template needed" in shop.ok("message", "show", message)
    (offer,) = shop.json("message", "show", message)["view"]["instead"]["offers"]
    assert (offer["channel"], offer["reach"], offer["refit"]["parts"]) == ("whatsapp", "template", ["Hello"])
    assert shop.run("message", "retry", message).returncode == Exit.REFUSED
    assert shop.run("message", "show", "999").returncode == Exit.WRONG
