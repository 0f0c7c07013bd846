"""`inbox`: connected, listed, and checked with the provider; a secret is never taken."""

import hashlib
import hmac

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import ACCOUNT, SHOP, TOKEN, Program, Server

ADD = ("inbox", "add", "Shop", "--channel", "sms", "--address", "+1 202 555 0101", "--account", ACCOUNT)


def test_an_inbox_is_connected_and_tells_what_to_set_at_the_provider(program: Program) -> None:
    assert "no inbox is connected" in program.ok("inbox", "list")
    added = program.ok(*ADD, "--secret", "env:SHOP_TOKEN")
    assert "SMS from +12025550101" in added
    assert "contacts-tui serve --public-url URL" in added
    listed = program.json("inbox", "list")
    assert listed["inboxes"][0]["inbox"]["secret"] == "env:SHOP_TOKEN"
    assert "Shop" in program.ok("inbox", "list")
    again = program.run(*ADD, "--secret", "env:SHOP_TOKEN")
    assert again.returncode == Exit.WRONG
    assert "Shop already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*ADD, "--secret", TOKEN), "env:NAME, file:PATH or keyring:NAME"),
        ((*ADD[:-1], "AC1", "--secret", "env:SHOP_TOKEN"), "Account SID"),
        ((*ADD, "--secret", "env:SHOP_TOKEN", "--base-url", "localhost"), "base URL"),
        ((*ADD[:-3], "12", "--account", ACCOUNT, "--secret", "env:SHOP_TOKEN"), "own address"),
        (ADD, "--secret"),
    ],
)
def test_what_can_not_be_right_is_refused(program: Program, arguments: tuple[str, ...], sentence: str) -> None:
    done = program.run(*arguments)
    assert done.returncode == Exit.WRONG
    assert sentence in done.stderr
    assert TOKEN not in done.stderr
    assert program.json("inbox", "list")["inboxes"] == []


def test_a_check_asks_the_provider(shop: Program) -> None:
    assert shop.json("inbox", "check", "shop")["check"]["ok"] is True
    wrong = shop.run("inbox", "check", "Shop", env={"SHOP_TOKEN": "not-the-token"})
    assert wrong.returncode == Exit.FAILED
    assert "not-the-token" not in wrong.stdout + wrong.stderr
    unset = shop.run("inbox", "check", "Shop", env={"SHOP_TOKEN": ""})
    assert unset.returncode == Exit.FAILED
    assert "SHOP_TOKEN" in unset.stdout + unset.stderr
    assert shop.run("inbox", "check", "Nowhere").returncode == Exit.WRONG


def test_a_number_that_is_not_ours_fails_the_check(program: Program, sandbox: Server) -> None:
    program.add_inbox("Strange", "sms", "+12025550199", sandbox.url)
    done = program.run("inbox", "check", "Strange")
    assert done.returncode == Exit.FAILED
    assert done.stdout


def test_a_provider_out_of_reach_is_told(program: Program) -> None:
    program.add_inbox("Shop", "sms", SHOP, "http://127.0.0.1:9")
    done = program.run("inbox", "check", "Shop")
    assert done.returncode == Exit.FAILED
    assert "Twilio can't be reached from here" in done.stdout


PAGE = ("inbox", "add", "Page", "--channel", "messenger", "--address", "102030405060708", "--secret", "env:PAGE_TOKEN")


def test_a_page_tells_what_to_enter_at_meta(program: Program) -> None:
    added = program.run(*PAGE, "--app-secret", "env:APP_SECRET", env={"APP_SECRET": "0f1e2d3c"})
    assert added.returncode == Exit.DONE
    assert "callback URL  URL/webhooks/1/inbound" in added.stdout
    expected = hmac.new(b"0f1e2d3c", b"verify 1", hashlib.sha256).hexdigest()[:32]
    assert f"verify token  {expected}" in added.stdout
    assert "0f1e2d3c" not in added.stdout
    assert "Twilio" not in added.stdout
    (listed,) = program.json("inbox", "list")["inboxes"]
    assert listed["inbox"]["options"] == {"app_secret": "env:APP_SECRET"}
    assert listed["status_url"] == ""


def test_a_verify_token_that_can_not_be_made_here_says_why(program: Program) -> None:
    added = program.ok(*PAGE, "--app-secret", "env:NOT_SET", "--human-agent", "--graph-version", "v27.0")
    assert "The environment variable NOT_SET is not set." in added
    assert program.json("inbox", "list")["inboxes"][0]["inbox"]["human_agent"] is True


def test_a_page_without_its_apps_secret_is_refused(program: Program) -> None:
    done = program.run(*PAGE)
    assert done.returncode == Exit.WRONG
    assert "--app-secret" in done.stderr


def test_a_bot_hears_by_itself(program: Program) -> None:
    bot = ("inbox", "add", "Bot", "--channel", "telegram", "--address", "@shop_support_bot", "--secret", "env:BOT")
    assert "It receives messages" in program.ok(*bot)
    assert program.json("inbox", "list")["inboxes"][0]["inbox"]["address"] == "shop_support_bot"


def test_a_check_is_remembered_until_the_next_one(shop: Program) -> None:
    shop.run("inbox", "check", "Shop", env={"SHOP_TOKEN": "not-the-token"})
    (ailing, _) = shop.json("inbox", "list")["inboxes"]
    assert (ailing["state"], ailing["troubles"][0]["code"]) == ("trouble", "20003")
    assert ailing["queue"] == {"waiting": 0, "sending": 0, "unknown": 0}
    assert "Shop needs attention: Twilio doesn't accept the inbox's credential" in shop.ok("inbox", "list")
    shop.ok("inbox", "check", "Shop")
    (well, _) = shop.json("inbox", "list")["inboxes"]
    assert (well["troubles"], well["last_error"]["code"]) == ([], "20003")


def test_without_a_public_url_it_is_told_that_nothing_comes_in(shop: Program) -> None:
    (first, _) = shop.json("inbox", "list")["inboxes"]
    assert (first["state"], first["hearing"]["way"]) == ("deaf", "webhook")
    assert "start contacts-tui serve --public-url URL" in first["care"]


def test_an_inbox_is_disconnected_and_comes_back_with_its_threads(shop: Program) -> None:
    shop.ok("inbox", "disconnect", "shop")
    assert "disconnected" in shop.ok("inbox", "list")
    again = shop.run("inbox", "disconnect", "Shop")
    assert (again.returncode, again.stderr.count("\n")) == (Exit.WRONG, 1)
    refused = shop.run("send", "Ann Archer", "--channel", "sms", "--text", "Hello")
    assert refused.returncode == Exit.REFUSED
    back = shop.json(*ADD, "--secret", "env:SHOP_TOKEN")
    assert (back["inbox"]["id"], back["inbox"]["disconnected_at"]) == (1, None)


def test_a_webhook_that_can_not_be_taken_away_is_told(program: Program) -> None:
    token = program.folder / "token"
    token.write_text("7001:AAH-fQ_shop")
    bot = ("inbox", "add", "Bot", "--channel", "telegram", "--address", "shop_bot", "--secret", f"file:{token}")
    away = (*bot, "--receive", "webhook", "--base-url", "http://127.0.0.1:9")
    left = "Its webhook is still set at Telegram: Telegram can't be reached from here."
    program.ok(*away)
    assert left in program.ok("inbox", "disconnect", "Bot").splitlines()
    program.ok(*away)
    assert program.json("inbox", "disconnect", "Bot") == {"inbox": "Bot", "unsent": 0, "webhook_left": left}


def test_an_inbox_is_changed_by_keys_and_values(program: Program) -> None:
    program.ok(*PAGE, "--app-secret", "env:APP_SECRET")
    said = program.ok("inbox", "set", "page", "human-agent=yes", "graph-version=v27.0", "secret=keyring:page")
    assert "human-agent is yes" in said
    (page,) = program.json("inbox", "list")["inboxes"]
    assert (page["inbox"]["human_agent"], page["inbox"]["secret"]) == (True, "keyring:page")
    assert page["inbox"]["options"] == {"app_secret": "env:APP_SECRET", "graph_version": "v27.0"}
    for wrong, words in (
        ("human-agent=perhaps", "yes or no"),
        ("receive=polling", "no option receive"),
        ("address=7", "can't be set"),
        ("secret=EAAGm0PX4ZCpsBA", "never stored"),
    ):
        done = program.run("inbox", "set", "Page", wrong)
        assert (done.returncode, done.stderr.count("\n")) == (Exit.WRONG, 1)
        assert words in done.stderr
        assert "EAAGm0PX4ZCpsBA" not in done.stderr


def test_an_inbox_has_the_usual_answer_target_or_its_own(shop: Program) -> None:
    usual = {"minutes": 60, "hours": "", "time_zone": "", "is_usual": True}
    assert shop.json("inbox", "list")["inboxes"][0]["answer_target"] == usual
    said = shop.json(
        "inbox", "set", "Shop", "answer-target=30m", "answer-hours=mon-fri 9-18", "answer-time-zone=Europe/Berlin"
    )
    own = {"minutes": 30, "hours": "mon-fri 9-18", "time_zone": "Europe/Berlin", "is_usual": False}
    assert said["answer_target"] == own
    assert "30m in mon-fri 9-18, Europe/Berlin" in shop.ok("inbox", "list")
    assert shop.json("inbox", "set", "Shop", "answer_target=none")["answer_target"] == own | {"minutes": None}
    done = shop.run("inbox", "set", "Shop", "answer-target=soon")
    assert (done.returncode, done.stderr.count("\n")) == (Exit.WRONG, 1)
    assert "write 30m, 2h, or none" in done.stderr
    shop.ok("inbox", "set", "Shop", "answer-target=usual")
    assert shop.json("inbox", "list")["inboxes"][0]["answer_target"] == usual
