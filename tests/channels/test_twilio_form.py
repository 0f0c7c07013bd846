"""A signed form that means something else when its fields are divided otherwise, or that is meant for another inbox."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from contacts_tui.channels.base import BadRequest, InboundMessage, WebhookKind
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.domain.channel import Channel
from tests.channels.twilio_world import inbound, signed, status
from tests.channels.wire import inbox, resolve
from tests.sandbox.driver import ACCOUNT, ANN, SHOP

OTHER = "+12025550199"
SERVICE = "MG" + "5" * 32
ADAPTER = TwilioAdapter(resolve)
OURS = replace(inbox(""), address=SHOP, account=ACCOUNT)
WHATSAPP = replace(OURS, channel=Channel.WHATSAPP)


def refused(*pairs: tuple[str, str]) -> str:
    """Return why a form with the signature of another one is refused; the two have the same string to sign."""
    moved = "".join(name + value for name, value in sorted(pairs))
    assert moved == "".join(name + value for name, value in sorted(ORIGINAL.items())), "not the same string"
    request = signed(WebhookKind.INBOUND, ORIGINAL)
    with pytest.raises(BadRequest) as caught:
        ADAPTER.events(WHATSAPP, replace(request, body=urlencode(pairs).encode()))
    return caught.value.sentence


ORIGINAL = {
    "AccountSid": ACCOUNT,
    "Body": f"hiFromwhatsapp:{OTHER}",
    "From": f"whatsapp:{ANN}",
    "MessageSid": "SM1",
    "To": f"whatsapp:{SHOP}",
}


def test_the_original_is_taken() -> None:
    (event,) = ADAPTER.events(WHATSAPP, signed(WebhookKind.INBOUND, ORIGINAL))
    assert isinstance(event, InboundMessage)
    assert (event.sender, event.body) == (ANN, f"hiFromwhatsapp:{OTHER}")


def test_a_sender_taken_from_the_text_is_refused() -> None:
    rest = (("AccountSid", ACCOUNT), ("MessageSid", "SM1"), ("To", f"whatsapp:{SHOP}"))
    sender = ("Body", "hi"), ("From", f"whatsapp:{OTHER}")
    assert "more than one way" in refused(*rest, *sender, ("Fromwhatsapp", f":{ANN}"))
    assert "more than one way" in refused(*rest, *sender, ("Fromw", f"hatsapp:{ANN}"))
    assert "more than one way" in refused(*rest, *sender, (f"Fromwhatsapp:{ANN}", ""))
    assert "more than one way" in refused(*rest, ("Body", "hi"), ("From", f"whatsapp:{OTHER}Fromwhatsapp:{ANN}"))


SID, FORGED = "SM" + "a" * 32, "SM" + "c" * 32
WHOLE = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "Body": "hello",
    "From": f"whatsapp:{ANN}",
    "MessageSid": SID,
    "NumMedia": "0",
    "ProfileName": "Ann",
    "SmsStatus": "received",
    "To": f"whatsapp:{SHOP}",
}
"""The fields of a webhook on WhatsApp."""
LOST = f"Fromwhatsapp:{ANN}"


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        # The sender is taken from the text, and the true one is hidden in a field that the text names.
        ({"Body": f"hiFromwhatsapp:{OTHER}Gx"}, {"Body": "hi", "From": f"whatsapp:{OTHER}", "Gx": LOST}),
        ({"Body": f"hiFromwhatsapp:{OTHER}Gx"}, {"Body": "hi", "From": f"whatsapp:{OTHER}", f"Gx{LOST}": ""}),
        (
            {"Body": f"hiFromwhatsapp:{OTHER}MessageSid{FORGED}NumMedia"},
            {
                "Body": "hi",
                "From": f"whatsapp:{OTHER}",
                "MessageSid": FORGED,
                "NumMedia": f"{LOST}MessageSid{SID}NumMedia0",
            },
        ),
        # The same with the name that they gave themselves: all that comes before it is hidden in the text.
        (
            {"ProfileName": f"xFromwhatsapp:{OTHER}MessageSid{FORGED}ProfileNameBo"},
            {
                "Body": f"hello{LOST}MessageSid{SID}NumMedia0ProfileNamex",
                "From": f"whatsapp:{OTHER}",
                "MessageSid": FORGED,
                "ProfileName": "Bo",
                "NumMedia": None,
            },
        ),
        # A field that we need is lost, by a cut in its name or in another one's value or name.
        ({}, {"Body": None, "Bod": "yhello"}),
        ({}, {"Body": None, "B": "odyhello"}),
        ({}, {"Body": None, "ApiVersion": "2010-04-01Bodyhello"}),
        ({}, {"Body": None, "ApiVersion": None, "ApiVersion2010-04-01Body": "hello"}),
        ({}, {"AccountSid": None, "A": f"ccountSid{ACCOUNT}"}),
        ({}, {"To": None, "T": f"owhatsapp:{SHOP}"}),
        ({}, {"To": None, "SmsStatus": f"receivedTowhatsapp:{SHOP}"}),
        ({}, {"To": None, "SmsStatus": None, f"SmsStatusreceivedTowhatsapp:{SHOP}": ""}),
        # The end of the text becomes a field.
        ({"Body": "do not pay Carl"}, {"Body": "do not pay ", "Carl": ""}),
        ({"Body": "pay me Cash now"}, {"Body": "pay me ", "Cash": " now"}),
    ],
)
def test_no_border_between_fields_can_be_moved(written: dict[str, str], moved: dict[str, str | None]) -> None:
    original = WHOLE | written
    pairs = [(name, value) for name, value in (original | moved).items() if value is not None]
    assert "".join(map("".join, sorted(pairs))) == "".join(map("".join, sorted(original.items()))), (
        "not the same string"
    )
    request = signed(WebhookKind.INBOUND, original)
    with pytest.raises(BadRequest, match="more than one way"):
        ADAPTER.events(WHATSAPP, replace(request, body=urlencode(pairs).encode()))


def test_a_message_without_text_shows_fields_of_new_names_so_that_nothing_is_hidden_in_them() -> None:
    new = {"Body": "", "MessageType": "reaction", "Emoji": "👍"}
    (event,) = ADAPTER.events(WHATSAPP, signed(WebhookKind.INBOUND, WHOLE | new))
    assert isinstance(event, InboundMessage)
    assert event.body == "Emoji: 👍"


@pytest.mark.parametrize(
    "text", ["", "From here To there", "To: you, From: me", "Body and MessageSid", "From+12025550199", "AccountSid?"]
)
def test_texts_with_names_of_fields_are_taken(text: str) -> None:
    (event,) = ADAPTER.events(WHATSAPP, signed(WebhookKind.INBOUND, WHOLE | {"Body": text, "Forwarded": "true"}))
    assert isinstance(event, InboundMessage)
    assert event.sender == ANN


def test_a_service_can_not_be_hidden_in_an_id() -> None:
    service = "MG" + "6" * 32
    sms = {name: value.removeprefix("whatsapp:") for name, value in WHOLE.items() if name != "ProfileName"}
    original = sms | {"MessagingServiceSid": service}
    moved = [*sms.items()]
    moved[moved.index(("MessageSid", SID))] = ("MessageSid", f"{SID}MessagingServiceSid{service}")
    request = signed(WebhookKind.INBOUND, original)
    with pytest.raises(BadRequest, match="more than one way"):
        ADAPTER.events(replace(OURS, address=SERVICE), replace(request, body=urlencode(moved).encode()))


def test_a_field_that_stands_twice_is_refused() -> None:
    for name, value in (("From", OTHER), ("To", SHOP), ("MessageSid", "SM2"), ("Body", "b")):
        body = inbound().body + b"&" + urlencode({name: value}).encode()
        with pytest.raises(BadRequest):
            ADAPTER.events(OURS, replace(inbound(), body=body))


def test_a_user_id_is_neither_shortened_nor_given_twice() -> None:
    form = {"From": f"whatsapp:{ANN}", "To": f"whatsapp:{SHOP}", "ExternalUserId": "US.13491208655302741918"}
    request = inbound(**form)
    for moved in (
        request.body.replace(b"ExternalUserId=US.1349", b"ExternalUserIdUS=.1349"),
        request.body.replace(b"ExternalUserId=US.1349", b"ExternalUserIdUS.1349="),
        request.body + b"&ExternalUserId=US.2",
    ):
        assert moved != request.body
        with pytest.raises(BadRequest) as caught:
            ADAPTER.events(WHATSAPP, replace(request, body=moved))
        assert "more than one way" in caught.value.sentence
    # A longer name of Twilio's own is no reason to refuse.
    assert len(ADAPTER.events(WHATSAPP, inbound(**form, ExternalUserIdentifier="US.1", WaIdHash="x"))) == 1


def test_fields_that_twilio_may_add_are_no_reason() -> None:
    more = {"FromCity": "BERLIN", "FromAgentId": "7", "ToCountry": "DE", "BodyLanguage": "en", "Zebra": "1"}
    assert len(ADAPTER.events(OURS, inbound(**more))) == 1


@pytest.mark.parametrize(
    "fields",
    [{"To": OTHER}, {"To": f"whatsapp:{OTHER}"}, {"AccountSid": "AC" + "9" * 32}],
)
def test_a_message_to_somebody_else_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match="The request is for"):
        ADAPTER.events(OURS, inbound(**fields))


def test_a_report_about_a_message_of_another_sender_is_refused() -> None:
    with pytest.raises(BadRequest, match="The request is for"):
        ADAPTER.events(OURS, status(From=OTHER, To=ANN))
    assert len(ADAPTER.events(OURS, status(From=SHOP, To=OTHER))) == 1


def test_what_is_not_said_is_not_compared() -> None:
    pairs = {"MessageSid": "SM1", "From": ANN, "Body": "hi"}
    assert len(ADAPTER.events(OURS, signed(WebhookKind.INBOUND, pairs))) == 1


def test_a_messaging_service_has_many_numbers_and_one_id() -> None:
    service = replace(OURS, address=SERVICE)
    assert len(ADAPTER.events(service, inbound(To=OTHER, MessagingServiceSid=SERVICE))) == 1
    assert len(ADAPTER.events(service, inbound(To=OTHER))) == 1
    with pytest.raises(BadRequest, match="messaging service"):
        ADAPTER.events(service, inbound(To=OTHER, MessagingServiceSid="MG" + "6" * 32))
