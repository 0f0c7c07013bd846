"""`contacts-tui store` as an administrator uses it."""

import sqlite3
from contextlib import closing

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import Program, Server


def test_a_store_is_backed_up_spoilt_and_restored(shop: Program) -> None:
    made = shop.json("store", "backup", str(shop.folder / "backup"))
    assert (made["path"], made["files"], made["missing"]) == (str(shop.folder / "backup"), 0, [])
    again = shop.run("store", "backup", str(shop.folder / "backup"))
    assert again.returncode == 1
    assert "nothing is overwritten" in again.stderr
    people = shop.json("people", "list")
    shop.database.write_bytes(b"\xff" * 20_000)
    broken = shop.run("people", "list")
    assert broken.returncode == 1
    assert "contacts-tui store restore" in broken.stderr
    told = shop.ok("store", "restore", str(shop.folder / "backup"))
    assert "2 people" in told
    assert "the previous store is kept: " in told
    assert shop.json("people", "list") == people
    assert shop.json("store", "check") == {"found": [], "left": []}


def test_a_receiver_that_runs_is_named_and_nothing_is_replaced(shop: Program, sandbox: Server) -> None:
    shop.ok("store", "backup", str(shop.folder / "backup"))
    with shop.serving("serve", "--public-url", "local") as serving:
        refused = shop.run("store", "restore", str(shop.folder / "backup"))
        assert refused.returncode == 1
        assert f"process {serving.process.pid} on " in refused.stderr or "open: stop it first" in refused.stderr
        assert serving.process.poll() is None
        assert shop.json("store", "info")["revision"]
    shop.ok("store", "restore", str(shop.folder / "backup"))


def test_check_finds_and_repairs_and_its_exit_status_tells(shop: Program) -> None:
    assert shop.ok("store", "check").startswith("all is well")
    with closing(sqlite3.connect(shop.database)) as connection, connection:
        connection.execute("UPDATE contact SET unread = 4")
        connection.execute("INSERT INTO contact_search (contact_search) VALUES ('delete-all')")
    found = shop.run("store", "check")
    assert found.returncode == 1
    assert "unread count or failure mark is wrong: 1, 2" in found.stdout
    assert "--repair" in found.stdout
    assert "is correct now" in shop.ok("store", "check", "--repair")
    assert "Ann Archer" in shop.ok("people", "list", "--search", "archer")


def test_a_store_is_copied_to_another_place_where_nothing_is_yet(shop: Program) -> None:
    shop.ok("send", "Ann Archer", "--channel", "sms", "--text", "Your parcel comes today.", "--at", "tomorrow 9:00")
    people = shop.json("people", "list")
    house = shop.folder / "house.db"
    made = shop.json("store", "copy", str(shop.database), str(house))
    assert (made["source"], made["target"], made["counts"]["contact"]) == (str(shop.database), str(house), 2)
    assert (made["missing"], made["is_behind"]) == ([], False)
    again = shop.run("store", "copy", str(shop.database), str(house))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == f"contacts-tui: {house} already exists, and nothing is overwritten: choose another path\n"
    told = shop.run("store", "copy", str(house), f"sqlite:///{shop.folder / 'third.db'}")
    assert (told.returncode, "holds 2 people, 1 message and 0 files" in told.stdout) == (0, True)
    assert "(1) are now in both stores" in told.stderr
    assert shop.json("--database", str(shop.folder / "third.db"), "people", "list") == people


def test_what_is_no_store_is_told_in_a_sentence(program: Program) -> None:
    for command in (("info",), ("check",), ("backup", str(program.folder / "backup"))):
        done = program.run("store", *command)
        assert done.returncode == 1
        assert done.stderr == f"contacts-tui: there is no store at {program.database}: name it by --database\n"
    done = program.run("store", "restore", str(program.folder / "nowhere"))
    assert done.returncode == 1
    assert "is not a backup made by `contacts-tui store backup`" in done.stderr
    assert not program.database.exists()


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(program: Program) -> None:
    address = "postgresql://kim:hunter2@127.0.0.1:1/desk"
    done = program.run("people", "list", env={"CONTACTS_TUI_DATABASE_URL": address})
    assert (done.returncode, done.stdout) == (Exit.FAILED, "")
    name = address.replace(":hunter2", "")
    said = f"the store {name} can't be reached (Connection refused): check its address, and that its server runs"
    assert done.stderr == f"contacts-tui: {said}\n"
    done = program.run("config", "show", env={"CONTACTS_TUI_DATABASE_URL": address})
    assert name in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
