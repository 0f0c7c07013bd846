"""Twilio's webhooks: verifying that Twilio sent them, and reading them."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlparse, urlsplit

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import (
    CREDENTIALS,
    MESSAGE_PARAMETER,
    WRONG_TYPE,
    BadRequest,
    BadSignature,
    Event,
    InboundMessage,
    ResolveSecret,
    SecretError,
    StatusUpdate,
    WebhookKind,
    WebhookRequest,
)
from contacts_tui.channels.twilio import inbound_text, signed_form
from contacts_tui.channels.twilio.connectors import SIGNATURE
from contacts_tui.channels.twilio.signed_form import RCS, WHATSAPP, Form
from contacts_tui.channels.untrusted import media_type
from contacts_tui.domain.address import is_user_id, is_valid_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media
from contacts_tui.domain.opt_out import OptWord, opt_word

SIGNATURE_SETTINGS = "x-twilio-webhooks-signature-settings"
"""The header that names the signature's scheme; missing with the old one, HMAC-SHA1 under the auth token."""

_SIGNATURE_FORM = re.compile(r"[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=")
"""An HMAC in base64: of SHA-1 or of SHA-256."""
OPT_OUT_TYPES = {"STOP": OptWord.STOP, "START": OptWord.START, "HELP": None}
"""The values of Advanced Opt-Out's field, and what each asks for."""

FORM = "application/x-www-form-urlencoded"
LARGEST = 64 * 1024
"""The most bytes of a form. Twilio's have some kilobytes: 1600 characters of text, and the addresses of ten files."""

DELIVERIES = {
    "sent": Delivery.SENT,
    # Some of its parts or recipients were reached: more than sent, but `delivered` would claim too much.
    "partially_delivered": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}
"""Twilio's statuses that change a message's. accepted, scheduled, queued and sending say less than we know already."""


def delivery(word: str) -> Delivery | None:
    """Return the delivery status for Twilio's word; None for a word that changes nothing."""
    return DELIVERIES.get(word.strip().lower())


def keys(secret: str) -> tuple[str, ...]:
    """Return the lines of a credential: the auth token, then other keys that webhooks may be signed with.

    Those are the secrets of shared keys, and the other auth token while one is being replaced. Raise SecretError when
    there is no line.
    """
    lines = tuple(line.strip() for line in secret.splitlines() if line.strip())
    if not lines:
        raise SecretError("The credential is empty.", CREDENTIALS)
    return lines


def admit(headers: Mapping[str, str]) -> None:
    """Raise BadSignature or BadRequest when the headers show that a request can't be Twilio's."""
    if media_type(headers) != FORM:
        raise BadRequest("A Twilio webhook has to be a form.", WRONG_TYPE)
    if not headers.get(SIGNATURE):
        raise BadSignature("The request has no signature.")
    if not _SIGNATURE_FORM.fullmatch(headers[SIGNATURE].strip()):
        raise BadSignature("The request's signature isn't Twilio's.")


def events(inbox: Inbox, request: WebhookRequest, resolve: ResolveSecret) -> Sequence[Event]:
    """Verify and read one request. Raise BadSignature or BadRequest, nothing else."""
    admit(request.headers)
    form = signed_form.read(request.body)
    _verify(inbox, request, form, resolve)
    signed_form.check_meant_for(inbox, request.kind, form)
    if request.kind is WebhookKind.STATUS:
        return (_status(request, form),)
    return (_inbound(inbox, request, form),)


def _verify(inbox: Inbox, request: WebhookRequest, form: Form, resolve: ResolveSecret) -> None:
    from twilio.request_validator import RequestValidator, get_signature_algorithm

    given = request.headers[SIGNATURE].strip()
    try:
        signing_keys = keys(resolve(inbox.secret))
    except SecretError as error:
        raise BadSignature(error.sentence, error.code) from error
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS, ""))
    try:
        is_signed = any(
            # The validator's own `validate` isn't used: its comparison stops early at a different length.
            hmac.compare_digest(
                RequestValidator(key).compute_signature(url, form, algorithm).encode(),
                given.encode("utf-8", "replace"),
            )
            for key in signing_keys
            for url in _spellings(request.url)
        )
    except ValueError as error:
        raise BadSignature(f"The signature's scheme {algorithm!r} is not known.") from error
    if not is_signed:
        raise BadSignature(
            "The signature doesn't match: the public URL or the credential differs from what Twilio uses."
        )


def _spellings(url: str) -> Iterator[str]:
    """Yield the address as it is, with and without its port: Twilio doesn't sign the same one each time."""
    from twilio.request_validator import add_port, remove_port

    yield url
    parsed = urlparse(url)
    yield add_port(parsed)
    yield remove_port(parsed)


def _required(form: Form, *names: str) -> str:
    """Return the first of these fields that has a value. Raise BadRequest when none has."""
    for name in names:
        if value := form.get(name, "").strip():
            return value
    raise BadRequest(f"The field {names[0]} is missing.")


def _inbound(inbox: Inbox, request: WebhookRequest, form: Form) -> InboundMessage:
    sid = _required(form, "MessageSid", "SmsMessageSid", "SmsSid")
    _required(form, "From")
    return message(inbox, sid, form, tuple(_media(form)), request.received_at)


def message(inbox: Inbox, sid: str, form: Mapping[str, str], media: tuple[Media, ...], at: datetime) -> InboundMessage:
    """Return the inbound message of these fields: those of a webhook, or the ones of them that Twilio's list has.

    Raise BadRequest for a message of the other channel.
    """
    origin = form.get("From", "").strip()
    is_chosen = inbound_text.is_chosen(form)
    address, other_names = _number_first(sender(inbox, origin), _user_ids(inbox, form), form.get("WaId", ""))
    return InboundMessage(
        event_key=sid,
        provider_id=sid,
        sender=address,
        body=inbound_text.text(form, len(media)),
        media=media,
        profile_name=form.get("ProfileName", ""),
        at=at,
        raw=dict(form),
        other_names=other_names,
        opts=_opts(inbox, form, is_chosen),
        is_chosen=is_chosen,
        carrier=carrier(origin),
    )


def carrier(address: str) -> str:
    """Return "RCS" for an address of RCS; empty for an address of the inbox's own channel."""
    return "RCS" if address.startswith(RCS) else ""


def sender(inbox: Inbox, address: str) -> str:
    """Return the raw address to answer to.

    Raise BadRequest without one, and for a message of the other channel, whose sender is another identity.
    """
    bare = address.removeprefix(WHATSAPP)
    is_whatsapp = bare != address
    if is_whatsapp and inbox.channel is not Channel.WHATSAPP:
        raise BadRequest(f"This address is for {inbox.channel.label}, but the message came by WhatsApp.")
    if inbox.channel is Channel.WHATSAPP and not is_whatsapp and address.startswith(("+", RCS)):
        raise BadRequest("This address is for WhatsApp, but the message came by SMS.")
    # A messaging service tries RCS first and then SMS by itself: for an answer, both are the same number.
    bare = bare.removeprefix(RCS).strip()
    if not bare:
        raise BadRequest("The field From is missing.")
    # WhatsApp's own spelling of a number is its digits; a plus that a form didn't escape arrives as a space.
    is_number = inbox.channel is Channel.WHATSAPP and bare.isascii() and bare.isdigit() and is_valid_phone(f"+{bare}")
    return f"+{bare}" if is_number else bare


def _user_ids(inbox: Inbox, form: Mapping[str, str]) -> tuple[str, ...]:
    """Return the WhatsApp user ids in a form, each once. Leave out malformed ones, which stay in the raw form."""
    if inbox.channel is not Channel.WHATSAPP:
        return ()
    given = (form.get(name, "").strip().removeprefix(WHATSAPP) for name in signed_form.USER_IDS)
    return tuple(dict.fromkeys(name for name in given if is_user_id(name)))


def _number_first(address: str, user_ids: tuple[str, ...], whatsapp_id: str) -> tuple[str, tuple[str, ...]]:
    """Return the address and its other names. A phone number is the address, also when only WaId has it."""
    number = f"+{whatsapp_id.strip().removeprefix('+')}"
    if not is_user_id(address) or not is_valid_phone(number):
        return address, user_ids
    return number, tuple(dict.fromkeys((address, *user_ids)))


def _opts(inbox: Inbox, form: Mapping[str, str], is_chosen: bool) -> OptWord | None:
    """Return whether Twilio takes the message as an opt-out or opt-in; None for neither.

    Its own field decides, in any language. Without that field it acts on a keyword, on long codes and toll-free numbers
    (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out); on WhatsApp only by Advanced Opt-Out, which
    sends the field.
    """
    word = form.get("OptOutType", "").strip().upper()
    if word in OPT_OUT_TYPES:
        return OPT_OUT_TYPES[word]
    return opt_word(form.get("Body", "")) if inbox.channel is Channel.SMS and not is_chosen else None


def _media(form: Form) -> Iterator[Media]:
    """Yield the files whose addresses the form has, whatever NumMedia says."""
    for number in range(inbound_text.MOST_MEDIA):
        if url := form.get(f"MediaUrl{number}", "").strip():
            yield Media(url=url, content_type=form.get(f"MediaContentType{number}", "").strip())


def code_of(word: str, code: str) -> str:
    """Return the error code of a message in the state `word`; one of ours if it failed and Twilio names none."""
    if code == "0":
        code = ""
    if not code and delivery(word) is Delivery.FAILED:
        return local_errors.CANCELED if word == "canceled" else local_errors.NO_REASON
    return code


def _status(request: WebhookRequest, form: Form) -> StatusUpdate:
    sid = _required(form, "MessageSid", "SmsSid")
    word = _required(form, "MessageStatus", "SmsStatus")
    status = delivery(word)
    code = code_of(word, form.get("ErrorCode", "").strip())
    return StatusUpdate(
        event_key=f"{sid}:{word}:{code}",
        provider_id=sid,
        uid=parse_qs(urlsplit(request.url).query).get(MESSAGE_PARAMETER, [""])[0],
        status=status,
        word=word,
        code=code,
        detail=_detail(form),
        at=request.received_at,
        raw=dict(form),
    )


def _detail(form: Form) -> str:
    """Return Twilio's explanation of a status, and the carrier of the message where that isn't the channel."""
    words = form.get("ErrorMessage", "") or form.get("ChannelStatusMessage", "")
    way = carrier(form.get("To", "")) or carrier(form.get("From", ""))
    return ", ".join(part for part in (words, f"by {way}" if way else "") if part)
