"""A signed form that says something else when its borders are moved, or that is meant for another inbox."""

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
    """Why a form with the signature of another one is refused; the two have the same string to sign."""
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


def test_a_field_that_stands_twice_is_refused() -> None:
    for name, value in (("From", OTHER), ("To", SHOP), ("MessageSid", "SM2"), ("Body", "b")):
        body = inbound().body + b"&" + urlencode({name: value}).encode()
        with pytest.raises(BadRequest):
            ADAPTER.events(OURS, replace(inbound(), body=body))


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
