"""People who answer, and people who write of their own accord."""

from __future__ import annotations

from typing import Any

from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN, WA_ANN, WA_SHOP, Driver, until
from tests.sandbox.receiver import Receiver


async def person(sandbox: Driver, script: list[dict[str, Any]]) -> None:
    """Give Ann a script without pauses."""
    await sandbox.control("people", {"address": ANN, "script": [{"after": 0} | rule for rule in script]})


def replies(receiver: Receiver) -> list[str]:
    """Return the texts that people wrote so far."""
    return [hook.form["Body"] for hook in receiver.inbound()]


async def test_the_first_fitting_rule_answers(sandbox: Driver, receiver: Receiver) -> None:
    await person(
        sandbox,
        [
            {"when": "nth", "nth": 2, "reply": "second"},
            {"when": r"order \d+", "reply": "You said: {body}"},
            {"when": "any", "reply": "once only", "once": True},
        ],
    )

    async def replies_after(body: str, count: int) -> list[str]:
        await sandbox.ends((await sandbox.sent(Body=body))["sid"], "delivered")
        await until(lambda: len(replies(receiver)) >= count)
        return replies(receiver)

    assert await replies_after("hello", 1) == ["once only"]
    assert await replies_after("hello", 2) == ["once only", "second"]
    assert (await replies_after("ORDER 12 {x}", 3))[2:] == ["You said: ORDER 12 {x}"]
    assert len(await replies_after("hello", 3)) == 3
    assert (await replies_after("order 13", 4))[3:] == ["You said: order 13"]
    assert receiver.hooks[0].form["From"] == ANN
    assert receiver.hooks[0].form["To"] == SHOP


async def test_an_answer_on_whatsapp_comes_on_whatsapp_after_reading(sandbox: Driver, receiver: Receiver) -> None:
    await person(sandbox, [{"when": "any", "reply": "seen", "read_after": 0}])
    await sandbox.control("inbound", {"from": WA_ANN, "to": WA_SHOP, "body": "hi"})
    await sandbox.sent(To=WA_ANN, From=WA_SHOP, StatusCallback=receiver.base_url)
    await until(lambda: replies(receiver) == ["hi", "seen"])
    await until(lambda: receiver.statuses() == ["sent", "delivered", "read"])
    assert receiver.inbound()[-1].form["From"] == WA_ANN


async def test_what_does_not_arrive_is_not_answered(sandbox: Driver, receiver: Receiver) -> None:
    await person(sandbox, [{"when": "any", "reply": "never"}])
    made = await sandbox.sent(To=WA_ANN, From=WA_SHOP)
    await sandbox.ends(made["sid"], "failed")
    await sandbox.sent()
    await until(lambda: replies(receiver) == ["never"])
    assert receiver.hooks[0].form["From"] == ANN


async def test_a_newcomer_makes_small_talk(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("settings", {"small_talk": True})
    await sandbox.sent(Body="Good morning")
    await until(lambda: replies(receiver) == ["Hello! Who is this?"])


async def test_an_empty_script_is_silence(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("settings", {"small_talk": True})
    await person(sandbox, [])
    await sandbox.control("people", {"address": "+15552229999", "script": [{"when": "any", "reply": "I", "after": 0}]})
    await sandbox.ends((await sandbox.sent())["sid"], "delivered")
    await sandbox.sent(To="+15552229999")
    await until(lambda: replies(receiver) == ["I"])


async def test_unprompted_lines_come_until_the_person_is_replaced(sandbox: Driver, receiver: Receiver) -> None:
    lines = ["Anyone there?", "Hello?"]
    plan = {"every": [0.01, 0.02], "lines": lines, "to": SHOP}
    await sandbox.control("people", {"address": ANN, "unprompted": plan})
    await until(lambda: len(replies(receiver)) >= 3)
    assert set(replies(receiver)) <= set(lines)
    await sandbox.control("people", {"address": ANN})
    count = len((await sandbox.look("messages"))["messages"])
    await sandbox.ends((await sandbox.sent())["sid"], "delivered")
    assert len((await sandbox.look("messages"))["messages"]) == count + 1


async def test_reset_silences_everyone(sandbox: Driver, receiver: Receiver) -> None:
    plan = {"every": [0.01, 0.01], "lines": ["Hello?"]}
    await sandbox.control("people", {"address": ANN, "unprompted": plan})
    await until(lambda: bool(replies(receiver)))
    await sandbox.control("reset")
    state = await sandbox.look("state")
    assert (state["accounts"], state["people"], state["messages"]) == ([], [], 0)
    quick = {"delays": {"sent": 0.05, "delivered": 0.05}, "small_talk": False}
    senders = [{"account_sid": ACCOUNT, "address": SHOP}]
    seed = {"accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}], "senders": senders, "settings": quick}
    await sandbox.control("seed", seed)
    await sandbox.ends((await sandbox.sent())["sid"], "delivered")
    assert len((await sandbox.look("messages"))["messages"]) == 1
