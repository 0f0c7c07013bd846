"""Files of messages from before: each provider serves them as its own, and no webhook is posted."""

from __future__ import annotations

import pytest

from tests.sandbox import graph_driver, telegram_driver
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN, WA_ANN, WA_SHOP, Driver
from tests.sandbox.graph_driver import GraphDriver
from tests.sandbox.receiver import Receiver
from tests.sandbox.telegram_driver import TelegramDriver

ID = "0123456789abcdef" * 2
NOTE = {"id": ID, "content_type": "text/plain", "filename": "a note.txt", "text": "hello"}


@pytest.mark.parametrize(("person", "sender"), [(ANN, SHOP), (WA_ANN, WA_SHOP)])
async def test_twilio_gives_it_out_with_credentials(
    sandbox: Driver, receiver: Receiver, person: str, sender: str
) -> None:
    made = await sandbox.control("files", NOTE | {"from": person, "to": sender})
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{ID}/Media/ME{ID}"
    assert made == {"url": sandbox.base_url + path}
    answer = await sandbox.client.get(made["url"], auth=(ACCOUNT, TOKEN))
    assert (answer.text, answer.headers["content-type"].partition(";")[0]) == ("hello", "text/plain")
    assert (await sandbox.client.get(made["url"])).status_code == 401
    assert receiver.hooks == []
    assert (await sandbox.look("state"))["windows"] == []


async def test_telegram_gives_it_out_to_its_bot(telegram: TelegramDriver) -> None:
    assert await telegram.control("files", NOTE | {"bot": telegram_driver.BOT}) == {"file_id": ID}
    found = await telegram.result("getFile", file_id=ID)
    address = f"{telegram.base_url}/file/bot{telegram_driver.TOKEN}/{found['file_path']}"
    assert (await telegram.client.get(address)).text == "hello"
    assert await telegram.result("getUpdates") == []


async def test_messenger_gives_it_out_by_its_address(graph: GraphDriver, receiver: Receiver) -> None:
    made = await graph.control("files", NOTE | {"page": graph_driver.PAGE})
    assert made == {"url": f"{graph.base_url}/cdn/{ID}/a%20note.txt"}
    assert (await graph.client.get(made["url"])).text == "hello"
    assert receiver.hooks == []
