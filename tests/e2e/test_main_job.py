"""The main job, end to end: imported people, a sandbox, a receiver, and an agent, each a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.cli.program import ACCOUNT, PEOPLE, SHOP, TOKEN, Program, Server, seed
from tests.e2e.terminal import Terminal, contacts_tui

ANN = "+12025550142"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Server]:
    """Yield a sandbox in a process of its own. Ann answers every SMS; nobody else writes."""
    with Program(tmp_path).serving("sandbox") as server:
        server.control(
            "seed", {**seed(), "settings": {"small_talk": False, "delays": {"sent": 0.05, "delivered": 0.05}}}
        )
        rules = [{"when": "any", "reply": "Thank you: {body}", "after": 0.2}]
        server.control("people", {"address": ANN, "profile_name": "Ann A.", "script": rules})
        yield server


@pytest.fixture
def shop(tmp_path: Path, sandbox: Server) -> Iterator[Program]:
    """Yield a shop with imported people, two inboxes, a running receiver and synced templates: all by commands."""
    program = Program(tmp_path)
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    program.ok("people", "import", str(people))
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    program.add_inbox("Shop WhatsApp", "whatsapp", SHOP, sandbox.url)
    with program.serving("serve", "--public-url", "local") as receiver:
        for number, address in enumerate((SHOP, f"whatsapp:{SHOP}"), start=1):
            inbound = f"{receiver.url}/webhooks/{number}/inbound"
            sandbox.control("senders", {"account_sid": ACCOUNT, "address": address, "inbound_url": inbound})
        program.ok("templates", "sync", "Shop WhatsApp")
        yield program


def test_by_commands(shop: Program, sandbox: Server) -> None:
    states = {row["channel"]: row["words"] for row in shop.json("channels", "Ann Archer")["channels"]}
    assert states == {
        "sms": "open",
        "whatsapp": "template needed",
        "telegram": "no inbox connected",
        "messenger": "no inbox connected",
    }
    shop.ok("send", "Ann Archer", "--channel", "sms", "--text", "Your order is ready", "--wait", "20")
    refused = shop.run("send", "Ann Archer", "--channel", "whatsapp", "--text", "free text")
    assert refused.returncode == 3
    values = ("--var", "name=O'Brien", "--var", "order=4711")
    shop.ok("send", "Ann Archer", "--channel", "whatsapp", "--template", "order_ready", *values, "--wait", "20")
    sandbox.control("inbound", {"from": f"whatsapp:{ANN}", "to": f"whatsapp:{SHOP}", "body": "On my way"})
    shop.ok("send", "Ann Archer", "--channel", "whatsapp", "--text", "See you", "--wait", "20")
    record = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    taken = [entry["body"] for entry in record if entry["to"] in (ANN, f"whatsapp:{ANN}")]
    assert taken == ["Your order is ready", "Hi O'Brien, order 4711 is ready.", "See you"]


def test_what_was_written_last_leaves_when_the_program_is_quit_at_once(tmp_path: Path, sandbox: Server) -> None:
    program = Program(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    program.ok("people", "import", str(tmp_path / "people.csv"))
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    # Far longer than the test waits: quitting sends at once, as the message can't be taken back any more.
    surroundings = {"CONTACTS_TUI_UNDO_SEND_SECONDS": "30", "CONTACTS_TUI_DATA_FOLDER": str(tmp_path / "data")}
    with Terminal(contacts_tui(program.database), environment={"SHOP_TOKEN": TOKEN, **surroundings}) as terminal:
        terminal.wait_for("Ann Archer")
        terminal.type("/archer")
        terminal.wait_for("Matches for “archer”")
        terminal.press("enter")
        terminal.wait_for("← People")
        terminal.press("f1")
        terminal.wait_for("to Ann Archer …0142 · SMS · from Shop")
        terminal.type("See you on Friday")
        terminal.press("enter")
        terminal.wait_for("queued")
        assert sent_texts(sandbox) == []
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert sent_texts(sandbox) == ["See you on Friday"]


def sent_texts(sandbox: Server) -> list[str]:
    """Return the texts to Ann's number that the provider has."""
    record = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    return [entry["body"] for entry in record if entry["to"] == ANN]


def test_by_keyboard_at_80_by_24(shop: Program, sandbox: Server) -> None:
    tour(shop, 80, 24)


def test_by_keyboard_at_120_by_40(shop: Program, sandbox: Server) -> None:
    tour(shop, 120, 40)


def tour(shop: Program, columns: int, rows: int) -> None:
    """Find Ann, start an SMS, read her answer, then write on WhatsApp by template."""
    command = contacts_tui(shop.database)
    with Terminal(
        command,
        columns=columns,
        rows=rows,
        environment={"SHOP_TOKEN": TOKEN, "CONTACTS_TUI_DATA_FOLDER": str(shop.folder / "data")},
    ) as terminal:
        terminal.wait_for("Ann Archer")
        # In one piece, as over a slow connection: the letters belong to the search field.
        terminal.type("/archer")
        terminal.wait_for("Matches for “archer”")
        terminal.press("enter")
        terminal.wait_for("Conversation", "template needed")
        terminal.press("f1")
        terminal.wait_for("to Ann Archer …0142 · SMS · from Shop")
        terminal.type("Is Friday fine?")
        terminal.press("enter")
        terminal.wait_for("✓✓ delivered", "Thank you: Is Friday fine?")
        terminal.press("f2")
        terminal.wait_for("Select Template")
        terminal.press("enter")
        terminal.wait_for("1 approved of 1", "order_ready")
        # To the first value that the contact doesn't give.
        terminal.press("enter")
        terminal.type("4711")
        terminal.wait_for("order 4711 is ready.")
        terminal.press("ctrl+s")
        terminal.wait_for("template order_ready", "order 4711 is ready.")
        terminal.press("escape")
        terminal.wait_for("⏎ details")
        terminal.press("escape")
        terminal.wait_for("Matches for “archer”")
        terminal.press("escape")
        terminal.wait_for("2 people")
        terminal.press("q")
        terminal.wait_for("Quit the program?")
        terminal.press("y")
        assert terminal.wait_exit() == 0
