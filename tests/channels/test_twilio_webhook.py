"""Twilio's webhooks in detail: fields, signature schemes, and arbitrary posts."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from contacts_tui.channels.base import (
    BadRequest,
    BadSignature,
    InboundMessage,
    SecretError,
    StatusUpdate,
    WebhookKind,
    WebhookRequest,
)
from contacts_tui.channels.registry import explain
from contacts_tui.channels.twilio import webhook
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Media
from contacts_tui.domain.opt_out import OptWord
from tests.channels.twilio_world import inbound, signed, status
from tests.channels.wire import NOW, inbox, resolve
from tests.sandbox.driver import ANN, TOKEN

SMS = inbox("")
WHATSAPP = inbox("", channel=Channel.WHATSAPP)


def read(request: WebhookRequest, *, of: object = SMS, secret: str = TOKEN) -> InboundMessage | StatusUpdate:
    """Return the only event of a request."""
    (event,) = webhook.events(WHATSAPP if of is WHATSAPP else SMS, request, lambda reference: secret)
    assert isinstance(event, (InboundMessage, StatusUpdate))
    return event


def message(request: WebhookRequest, *, of: object = SMS) -> InboundMessage:
    """Return the only message of a request."""
    event = read(request, of=of)
    assert isinstance(event, InboundMessage)
    return event


def test_an_sms() -> None:
    event = message(inbound(Body="Hi"))
    assert (event.sender, event.body, event.media, event.profile_name) == (ANN, "Hi", (), "")
    assert event.event_key == event.provider_id == "SM" + "1" * 32
    assert event.raw["FromCity"] == ""


def test_a_whatsapp_message_loses_its_prefix_only() -> None:
    event = message(inbound(From=f"whatsapp:{ANN}", ProfileName="Amara  O."), of=WHATSAPP)
    assert (event.sender, event.profile_name) == (ANN, "Amara  O.")


@pytest.mark.parametrize("address", ["whatsapp:US.13491208655302741918", "US.13491208655302741918"])
def test_a_person_without_a_number_keeps_the_raw_address(address: str) -> None:
    assert message(inbound(From=address), of=WHATSAPP).sender == "US.13491208655302741918"


@pytest.mark.parametrize(("of", "sender"), [(SMS, f"whatsapp:{ANN}"), (WHATSAPP, ANN), (WHATSAPP, "whatsapp:")])
def test_a_message_of_the_other_channel_is_refused(of: object, sender: str) -> None:
    with pytest.raises(BadRequest):
        message(inbound(From=sender), of=of)


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_what_no_message_can_be_without(missing: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read(inbound(**{missing: ""}))
    assert missing in caught.value.sentence


def test_media_without_words() -> None:
    event = message(
        inbound(Body="", NumMedia="2", MediaUrl0="https://a/1", MediaContentType0="image/png", MediaUrl1="https://a/2")
    )
    assert event.body == ""
    assert event.media == (Media("https://a/1", "image/png"), Media("https://a/2", ""))


def test_no_more_than_ten_files_are_believed() -> None:
    files = {f"MediaUrl{number}": "https://a/1" for number in range(30)}
    assert len(message(inbound(NumMedia="99999999", **files)).media) == 10


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (
            {"Body": "", "Latitude": "6.45", "Longitude": "3.39", "Label": "Shop", "Address": "1 Marina"},
            "Location: Shop, 1 Marina (6.45, 3.39)",
        ),
        ({"Body": "here", "Latitude": "6.45", "Longitude": "3.39"}, "here\nLocation: 6.45, 3.39"),
        ({"Body": "", "ButtonText": "Yes please", "ButtonPayload": "y1"}, "Yes please"),
        ({"Body": "Yes please", "ButtonText": "Yes please"}, "Yes please"),
        ({"Body": "", "MessageType": "order"}, "A message of the type order, which can't be shown here"),
        ({"Body": "", "MessageType": "text"}, "(no text)"),
        ({"Body": " \u200b\n"}, "(no text)"),
        ({"Body": "", "NumMedia": "1"}, "(a file that didn't arrive)"),
        (
            {"Body": "see", "NumMedia": " 3 ", "MediaUrl0": "https://a/1", "MediaUrl2": " "},
            "see\n(2 files that didn't arrive)",
        ),
        ({"Body": "", "NumMedia": "-4"}, "(no text)"),
        ({"Body": "", "NumMedia": "many"}, "(no text)"),
        ({"Body": "", "NumMedia": "9" * 5000}, "(no text)"),
        ({"Body": "", "NumMedia": "99999999"}, "(10 files that didn't arrive)"),
        ({"Body": "", "NumMedia": "1", "MediaUrl0": "https://a/1"}, ""),
        ({"Body": "Cancel", "ButtonText": "Cancel my order"}, "Cancel\nCancel my order"),
        ({"Body": "", "MessageType": "button", "ButtonPayload": "p1"}, "A button was pressed: p1"),
        (
            {"Body": "", "MessageType": "interactive", "ListId": "item_2", "ListTitle": "Blue shoes"},
            "Blue shoes (chosen from a list)",
        ),
        (
            {"Body": "", "ListId": "i", "ListTitle": "Blue shoes", "ListDescription": "Size 9"},
            "Blue shoes: Size 9 (chosen from a list)",
        ),
        ({"Body": "Blue shoes", "ListId": "i", "ListTitle": "Blue shoes"}, "Blue shoes\n(chosen from a list)"),
        ({"Body": "", "ListId": "item_2"}, "item_2 (chosen from a list)"),
        ({"Body": "", "Label": "Shop", "Address": "1 Marina"}, "Location: Shop, 1 Marina"),
        ({"Body": "Hi", "ReferralNumMedia": "0"}, "Hi"),
        ({"Body": "", "ReferralNumMedia": "0"}, "(no text)"),
        (
            {"Body": "", "ReferralHeadline": "Shoes", "ReferralSourceUrl": "https://fb.me/x", "ReferralNumMedia": "0"},
            "From an ad: Shoes https://fb.me/x",
        ),
        (
            {
                "Body": "Hi",
                "ReferralBody": "New in",
                "ReferralSourceType": "post",
                "ReferralSourceUrl": "https://fb.me/x",
            },
            "Hi\nFrom a post: New in https://fb.me/x",
        ),
        (
            {"Body": "", "MessageType": "interactive", "FlowData": '{"day": 1}'},
            'A form was filled in: {"day": 1}',
        ),
    ],
)
def test_what_is_not_plain_text_is_named(fields: dict[str, str], body: str) -> None:
    assert message(inbound(From=f"whatsapp:{ANN}", **fields), of=WHATSAPP).body == body


STOP, START = OptWord.STOP, OptWord.START


@pytest.mark.parametrize(
    ("of", "fields", "opts"),
    [
        (SMS, {"Body": "ARRET", "OptOutType": "STOP"}, STOP),
        (SMS, {"Body": "JOIN", "OptOutType": "START"}, START),
        (WHATSAPP, {"Body": "ALTO", "OptOutType": " stop "}, STOP),
        (WHATSAPP, {"Body": "hola", "OptOutType": "Start"}, START),
        (SMS, {"Body": "STOP", "OptOutType": "HELP"}, None),
        (SMS, {"Body": "hello", "OptOutType": "PAUSE"}, None),
        (SMS, {"Body": " stop\n", "OptOutType": ""}, STOP),
        (SMS, {"Body": "Yes"}, START),
        (SMS, {"Body": "STOP."}, None),
        (WHATSAPP, {"Body": "STOP"}, None),
        (WHATSAPP, {"Body": "START"}, None),
        (WHATSAPP, {"Body": "Cancel", "MessageType": "button", "ButtonText": "Cancel", "ButtonPayload": "c"}, None),
        (WHATSAPP, {"Body": "Stop", "MessageType": "interactive", "ListId": "s", "ListTitle": "Stop"}, None),
        (SMS, {"Body": "Cancel", "ButtonPayload": "c"}, None),
        (SMS, {"Body": "Stop", "MessageType": "Button"}, None),
    ],
)
def test_only_twilio_s_word_or_keyword_is_an_opt_out(of: object, fields: dict[str, str], opts: OptWord | None) -> None:
    sender = f"whatsapp:{ANN}" if of is WHATSAPP else ANN
    assert message(inbound(From=sender, **fields), of=of).opts is opts


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"ExternalUserId": "whatsapp:BR.9Z8Y7X6W5V"}, ("BR.9Z8Y7X6W5V",)),
        ({"ExternalUserIdentifier": "US.aBc1"}, ("US.aBc1",)),
        ({"ExternalUserId": "US.aBc1", "ParentExternalUserId": "US.ENT.Xy2"}, ("US.aBc1", "US.ENT.Xy2")),
        ({"ExternalUserId": "US.aBc1", "ExternalUserIdentifier": "whatsapp:US.aBc1"}, ("US.aBc1",)),
        ({"ExternalUserId": "US." + "a" * 128}, ("US." + "a" * 128,)),
        ({"ExternalUserId": "US." + "a" * 129}, ()),
        ({"ExternalUserId": "us.abc"}, ()),
        ({"ExternalUserId": "US.a b"}, ()),
        ({"ExternalUserId": "+14155551063"}, ()),
        ({"ExternalUserId": " "}, ()),
    ],
)
def test_user_ids_beside_a_number(fields: dict[str, str], names: tuple[str, ...]) -> None:
    event = message(inbound(From=f"whatsapp:{ANN}", **fields), of=WHATSAPP)
    assert (event.sender, event.other_names) == (ANN, names)
    assert message(inbound(**fields)).other_names == ()


def test_rcs_is_a_number_of_sms() -> None:
    event = message(inbound(From=f"rcs:{ANN}"))
    assert (event.sender, event.carrier) == (ANN, "RCS")
    with pytest.raises(BadRequest):
        message(inbound(From=f"rcs:{ANN}"), of=WHATSAPP)
    report = read(status(From="rcs:shop_agent", To=f"rcs:{ANN}", MessageStatus="delivered"))
    assert isinstance(report, StatusUpdate)
    assert report.detail == "by RCS"


@pytest.mark.parametrize(
    ("word", "moved"),
    [
        ("accepted", None),
        ("scheduled", None),
        ("queued", None),
        ("sending", None),
        ("sent", Delivery.SENT),
        ("partially_delivered", Delivery.SENT),
        ("delivered", Delivery.DELIVERED),
        ("read", Delivery.READ),
        ("undelivered", Delivery.FAILED),
        ("failed", Delivery.FAILED),
        ("canceled", Delivery.FAILED),
        ("teleported", None),
    ],
)
def test_every_status_word(word: str, moved: Delivery | None) -> None:
    event = read(status(MessageStatus=word))
    assert isinstance(event, StatusUpdate)
    assert (event.word, event.status) == (word, moved)
    assert bool(event.code) == (moved is Delivery.FAILED)
    assert not event.code or "isn't known" not in explain(Provider.TWILIO, event.code).happened


def test_a_failure_with_its_code() -> None:
    event = read(status(MessageStatus="failed", ErrorCode="63016", ErrorMessage="outside"))
    assert isinstance(event, StatusUpdate)
    assert (event.code, event.detail) == ("63016", "outside")
    assert event.event_key.endswith(":failed:63016")


def test_a_status_without_its_word_is_refused() -> None:
    with pytest.raises(BadRequest):
        read(status(MessageStatus=""))


@pytest.mark.parametrize("changed", ["?message=forged", "/"])
def test_the_signature_covers_the_whole_address(changed: str) -> None:
    request = inbound()
    for url in (request.url + changed, request.url.replace("desk", "evil")):
        with pytest.raises(BadSignature):
            read(replace(request, url=url))


def test_a_port_in_the_address_may_or_may_not_be_signed() -> None:
    request = signed(WebhookKind.INBOUND, {"MessageSid": "SM1", "From": ANN}, public_url="https://desk.example")
    assert read(replace(request, url=request.url.replace("desk.example", "desk.example:443")))
    with_port = signed(WebhookKind.INBOUND, {"MessageSid": "SM1", "From": ANN}, public_url="https://desk.example:443")
    assert read(replace(with_port, url=request.url))


def test_sha256_and_further_keys() -> None:
    request = inbound()
    form = {name: value for name, value in message(request).raw.items()}
    signature = RequestValidator("shared").compute_signature(request.url, form, "HMAC_SHA256")
    headers = {
        **request.headers,
        "x-twilio-signature": signature,
        "x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
    }
    shared = replace(request, headers=headers)
    assert read(shared, secret=f"{TOKEN}\nshared\n")
    with pytest.raises(BadSignature):
        read(shared, secret=TOKEN)
    unknown = {**headers, "x-twilio-webhooks-signature-settings": "algorithm=HMAC_MD5"}
    with pytest.raises(BadSignature):
        read(replace(request, headers=unknown), secret="shared")


def test_a_repeated_field_is_covered_by_the_signature() -> None:
    request = inbound()
    with pytest.raises(BadSignature):
        read(replace(request, body=request.body + b"&NumMedia=1"))


def test_a_credential_that_cannot_be_read_says_so() -> None:
    def nothing(reference: str) -> str:
        raise SecretError("Not there.", "credentials")

    with pytest.raises(BadSignature) as caught:
        webhook.events(SMS, inbound(), nothing)
    assert caught.value.code == "credentials"


@pytest.mark.parametrize("body", [b"Body=%ff%fe", b"\xff\xfe", "Body=ü".encode(), b"&".join([b"a=1"] * 600)])
def test_a_form_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(replace(inbound(), body=body))


header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)


@given(
    body=st.one_of(
        st.binary(max_size=400),
        st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=12).map(
            lambda pairs: urlencode(pairs, errors="replace").encode()
        ),
    ),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "x-twilio-signature", "x-twilio-webhooks-signature-settings"]), header_text
    ),
    is_form=st.booleans(),
    kind=st.sampled_from(WebhookKind),
    query=header_text,
)
def test_anything_posted_is_an_event_or_turned_away(
    body: bytes, headers: dict[str, str], is_form: bool, kind: WebhookKind, query: str
) -> None:
    if is_form:
        headers = {**headers, "content-type": "application/x-www-form-urlencoded"}
    url = f"https://desk.example/webhooks/7/{kind.value}?{query}"
    with pytest.raises((BadSignature, BadRequest)):
        webhook.events(SMS, WebhookRequest(kind, url, headers, body, NOW), resolve)


@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                *("MessageSid", "From", "Body", "NumMedia", "MediaUrl0", "Latitude", "Longitude", "Label"),
                *("MessageStatus", "ErrorCode", "ErrorMessage", "ButtonText", "MessageType", "SmsSid", "Unknown"),
            ]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    ),
    kind=st.sampled_from(WebhookKind),
    of=st.sampled_from([SMS, WHATSAPP]),
)
def test_any_signed_form_is_an_event_or_a_bad_request(fields: dict[str, str], kind: WebhookKind, of: object) -> None:
    try:
        event = read(signed(kind, fields), of=of)
    except BadRequest:
        return
    assert dict(event.raw) == fields
