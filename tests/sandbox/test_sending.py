"""Messages that the API accepts and refuses, code by code."""

from __future__ import annotations

import re

import pytest

from tests.sandbox.driver import ACCOUNT, ANN, READY, SERVICE, SHOP, TOKEN, WA_ANN, WA_SHOP, Driver

GOOD = {"To": ANN, "From": SHOP, "Body": "hello"}
WHATSAPP = {"To": WA_ANN, "From": WA_SHOP}


async def test_an_accepted_message_has_every_field_of_twilios_answer(sandbox: Driver) -> None:
    made = await sandbox.sent(Body="hello")
    assert re.fullmatch("SM[0-9a-f]{32}", made["sid"])
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{made['sid']}"
    dates = {made.pop("date_created"), made.pop("date_updated")}
    assert all(re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", date) for date in dates)
    assert made == {
        "sid": made["sid"],
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": "hello",
        "date_sent": None,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": SHOP,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "status": "queued",
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": ANN,
        "uri": f"{path}.json",
    }


REFUSALS: list[tuple[int, dict[str, str | list[str]]]] = [
    (21604, {"To": ""}),
    (21603, {"From": ""}),
    (21602, {"Body": ""}),
    (21617, {"Body": "x" * 1601}),
    (21211, {"To": "5552220000"}),
    (21211, {"To": "+15005550001"}),
    (21211, {"To": "+1 555 CALL ME"}),
    (21212, {"From": "Shop"}),
    (21212, {"From": "+15005550001"}),
    (21606, {"From": "+15559990000"}),
    (21606, {"From": "+15005550000"}),
    (21606, {"From": "+15005550007"}),
    (21611, {"From": "+15005550008"}),
    (21612, {"To": "+15005550002"}),
    (21408, {"To": "+15005550003"}),
    (21610, {"To": "+15005550004"}),
    (21614, {"To": "+15005550009"}),
    (21266, {"To": SHOP}),
    (21910, {"To": WA_ANN}),
    (21910, {"From": WA_SHOP}),
    (63007, {"To": WA_ANN, "From": "whatsapp:+15559990000"}),
    (21609, {"StatusCallback": "not a url"}),
    (21609, {"StatusCallback": "ftp://example.org/x"}),
    (21609, {"StatusCallback": "https://my_host.example.org/x"}),
    (21609, {"StatusCallback": "https://[/x"}),
    (21609, {"StatusCallback": "https://example.org/" + "x" * 4000}),
    (21620, {"MediaUrl": "file:///etc/passwd"}),
    (21623, {"MediaUrl": [f"https://example.org/{n}.png" for n in range(11)]}),
    (21654, {"ContentVariables": "{}"}),
    (21655, {"Body": "", "ContentSid": "HX" + "9" * 32}),
    (21655, {"Body": "", "ContentSid": "nonsense"}),
    (21701, {"From": "", "MessagingServiceSid": "MG" + "9" * 32}),
    (21703, {"From": "", "To": WA_ANN, "MessagingServiceSid": SERVICE}),
    (20001, {**WHATSAPP, "ContentSid": READY}),
]


async def test_refused_messages_are_not_recorded(sandbox: Driver) -> None:
    found = [(await sandbox.refused(**(GOOD | form)), form) for _, form in REFUSALS]
    assert found == REFUSALS
    assert (await sandbox.look("messages"))["messages"] == []


BAD_VARIABLES = [
    (21656, "not json"),
    (21656, "[]"),
    (21656, '{"1": null}'),
    (21656, '{"1": ""}'),
    (21656, '{"1": {"a": 1}}'),
    (21656, '{"1": "a\\nb"}'),
    (21656, '{"1": "a\\tb"}'),
    (21656, '{"1": "a     b"}'),
    (21656, '{"1": "\\ud800"}'),
    (21656, "[" * 50_000),
    (21658, '{"1": "' + "x" * 1601 + '"}'),
]


async def test_bad_content_variables_are_refused(sandbox: Driver) -> None:
    for code, variables in BAD_VARIABLES:
        form = {**WHATSAPP, "ContentSid": READY, "ContentVariables": variables}
        assert await sandbox.refused(**form) == code, variables[:40]


async def test_limits_themselves_are_allowed(sandbox: Driver) -> None:
    callback = "http://127.0.0.1:9/cb"
    media: list[str] = [f"https://example.org/{n}.png" for n in range(10)]
    made = await sandbox.sent(Body="x" * 1600, MediaUrl=media, StatusCallback=callback)
    assert made["sid"].startswith("MM")
    assert made["num_media"] == "10"
    assert made["num_segments"] == "11"


async def test_usual_punctuation_in_a_number_is_taken(sandbox: Driver) -> None:
    assert (await sandbox.sent(To="+1 (555) 222-0000"))["to"] == ANN


async def test_unknown_fields_are_ignored_and_kept(sandbox: Driver) -> None:
    made = await sandbox.sent(Surprise="yes")
    assert ["Surprise", "yes"] in (await sandbox.record(made["sid"]))["form"]


async def test_a_number_that_cannot_send_is_refused(sandbox: Driver) -> None:
    await sandbox.control("senders", {"account_sid": ACCOUNT, "address": SHOP, "sms_capable": False})
    assert await sandbox.refused(**GOOD) == 21606


async def test_another_accounts_sender_and_template_are_unknown(sandbox: Driver) -> None:
    other = "AC" + "c" * 32
    await sandbox.control("accounts", {"sid": other, "auth_token": TOKEN})
    url = sandbox.messages_url.replace(ACCOUNT, other)
    answer = await sandbox.client.post(url, data=GOOD, auth=(other, TOKEN))
    assert answer.json()["code"] == 21606
    answer = await sandbox.client.get(f"{sandbox.base_url}/v1/Content/{READY}", auth=(other, TOKEN))
    assert answer.json()["code"] == 20404


async def test_a_messaging_service_chooses_its_sender(sandbox: Driver) -> None:
    made = await sandbox.sent(From="", MessagingServiceSid=SERVICE)
    assert (made["from"], made["status"], made["num_segments"]) == (SHOP, "accepted", "0")
    record = await sandbox.ends(made["sid"], "delivered")
    assert [step["status"] for step in record["history"]] == ["accepted", "queued", "sent", "delivered"]


@pytest.mark.parametrize(
    ("user", "password"), [(ACCOUNT, "wrong"), ("AC" + "f" * 32, TOKEN), ("", ""), (ACCOUNT, "wröng")]
)
async def test_wrong_credentials_get_20003(sandbox: Driver, user: str, password: str) -> None:
    for url in (sandbox.messages_url, f"{sandbox.base_url}/v1/ContentAndApprovals"):
        answer = await sandbox.client.get(url, auth=(user.encode(), password.encode()))
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_good_credentials_open_no_other_account(sandbox: Driver) -> None:
    other = "AC" + "c" * 32
    await sandbox.control("accounts", {"sid": other, "auth_token": "x"})
    answer = await sandbox.client.get(sandbox.messages_url, auth=(other, "x"))
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_no_or_broken_credentials_get_20003(sandbox: Driver) -> None:
    for header in (None, "Bearer x", "Basic", "Basic !!!", "Basic /////w==", "Basic YWJj"):
        headers = {"Authorization": header} if header else {}
        answer = await sandbox.client.get(sandbox.messages_url, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_unknown_paths_and_methods_speak_twilio(sandbox: Driver) -> None:
    answer = await sandbox.get(f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json")
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    answer = await sandbox.client.delete(sandbox.messages_url, auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)
    answer = await sandbox.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{'0' * 32}.json")
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_the_rate_limit_names_how_long_to_wait(sandbox: Driver) -> None:
    await sandbox.control("settings", {"rate_limit": {"requests": 2, "seconds": 30}})
    await sandbox.sent()
    await sandbox.sent()
    answer = await sandbox.send(**GOOD)
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert 25 <= int(answer.headers["Retry-After"]) <= 30
    assert len((await sandbox.look("messages"))["messages"]) == 2
    await sandbox.control("clock", {"offset_seconds": 31})
    await sandbox.sent()
    await sandbox.control("settings", {"rate_limit": None})
    for _ in range(3):
        await sandbox.sent()
