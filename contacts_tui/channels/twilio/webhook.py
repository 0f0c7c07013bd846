"""Twilio's webhooks: is it Twilio who calls, and what does it say?"""

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
from contacts_tui.domain.address import is_user_id, is_valid_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media
from contacts_tui.domain.opt_out import OptWord, opt_word

SIGNATURE_SETTINGS = "x-twilio-webhooks-signature-settings"
"""Names the scheme; missing with the old one, HMAC-SHA1 under the auth token."""

_SIGNATURE_FORM = re.compile(r"[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=")
"""An HMAC in base64: of SHA-1 or of SHA-256."""
OPT_OUT_TYPES = {"STOP": OptWord.STOP, "START": OptWord.START, "HELP": None}
"""What Advanced Opt-Out says of a message, and what that means for further ones."""

FORM = "application/x-www-form-urlencoded"
LARGEST = 64 * 1024
"""Bytes of a form at most. Twilio's have some kilobytes: 1600 characters of text, and the addresses of ten files."""
MOST_MEDIA = 10
"""Files of one message, as Twilio documents."""

DELIVERIES = {
    "sent": Delivery.SENT,
    # Some of its parts or recipients got it: more than sent, but `delivered` would claim too much.
    "partially_delivered": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}
"""Twilio's words that move a message. accepted, scheduled, queued and sending say less than we know already."""


def delivery(word: str) -> Delivery | None:
    """Where a status word puts a message; None for a word that moves nothing."""
    return DELIVERIES.get(word.strip().lower())


def keys(secret: str) -> tuple[str, ...]:
    """The lines of a credential: the auth token, then other keys that webhooks may be signed with.

    Those are the secrets of shared keys, and the other auth token while one is being replaced.
    Raises SecretError when there is none.
    """
    lines = tuple(line.strip() for line in secret.splitlines() if line.strip())
    if not lines:
        raise SecretError("The credential is empty.", CREDENTIALS)
    return lines


def admit(headers: Mapping[str, str]) -> None:
    """Refuse by its headers what can't be Twilio's. Raises BadSignature or BadRequest."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise BadRequest("A Twilio webhook has to be a form.", WRONG_TYPE)
    if not headers.get(SIGNATURE):
        raise BadSignature("The request has no signature.")
    if not _SIGNATURE_FORM.fullmatch(headers[SIGNATURE].strip()):
        raise BadSignature("The request's signature isn't Twilio's.")


def events(inbox: Inbox, request: WebhookRequest, resolve: ResolveSecret) -> Sequence[Event]:
    """Verify and read one request. Raises BadSignature or BadRequest, nothing else."""
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
            # Not the validator's own `validate`: its comparison stops at a difference in length.
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
    """The address with and without its port: Twilio's signing side is not consistent in this."""
    from twilio.request_validator import add_port, remove_port

    yield url
    parsed = urlparse(url)
    yield add_port(parsed)
    yield remove_port(parsed)


def _required(form: Form, *names: str) -> str:
    """The first of these fields that has a value."""
    for name in names:
        if value := form.get(name, "").strip():
            return value
    raise BadRequest(f"The field {names[0]} is missing.")


def _inbound(inbox: Inbox, request: WebhookRequest, form: Form) -> InboundMessage:
    sid = _required(form, "MessageSid", "SmsMessageSid", "SmsSid")
    _required(form, "From")
    return message(inbox, sid, form, tuple(_media(form)), request.received_at)


def message(inbox: Inbox, sid: str, form: Mapping[str, str], media: tuple[Media, ...], at: datetime) -> InboundMessage:
    """What a person wrote, by the fields of a webhook or by those of them that Twilio's list knows.

    Raises BadRequest for a message of the other channel.
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
    """By what a message goes that has this address; empty for what the inbox's channel says."""
    return "RCS" if address.startswith(RCS) else ""


def sender(inbox: Inbox, address: str) -> str:
    """The raw address to answer to. A message of the other channel is refused: its sender is another identity.

    Raises BadRequest.
    """
    bare = address.removeprefix(WHATSAPP)
    is_whatsapp = bare != address
    if is_whatsapp and inbox.channel is not Channel.WHATSAPP:
        raise BadRequest(f"This address is for {inbox.channel.label}, but the message came by WhatsApp.")
    if inbox.channel is Channel.WHATSAPP and not is_whatsapp and address.startswith(("+", RCS)):
        raise BadRequest("This address is for WhatsApp, but the message came by SMS.")
    # A messaging service tries RCS first and SMS by itself: to whoever answers these are one number.
    bare = bare.removeprefix(RCS).strip()
    if not bare:
        raise BadRequest("The field From is missing.")
    # WhatsApp's own name for a number is its digits; a plus that a form didn't escape is a space.
    is_number = inbox.channel is Channel.WHATSAPP and bare.isascii() and bare.isdigit() and is_valid_phone(f"+{bare}")
    return f"+{bare}" if is_number else bare


def _user_ids(inbox: Inbox, form: Mapping[str, str]) -> tuple[str, ...]:
    """The WhatsApp user ids beside the address. One that is malformed is left out, and stays in the raw form."""
    if inbox.channel is not Channel.WHATSAPP:
        return ()
    given = (form.get(name, "").strip().removeprefix(WHATSAPP) for name in signed_form.USER_IDS)
    return tuple(dict.fromkeys(name for name in given if is_user_id(name)))


def _number_first(address: str, user_ids: tuple[str, ...], whatsapp_id: str) -> tuple[str, tuple[str, ...]]:
    """The address and its other names. A number is the address also where only WaId tells it, beside a user id."""
    number = f"+{whatsapp_id.strip().removeprefix('+')}"
    if not is_user_id(address) or not is_valid_phone(number):
        return address, user_ids
    return number, tuple(dict.fromkeys((address, *user_ids)))


def _opts(inbox: Inbox, form: Mapping[str, str], is_chosen: bool) -> OptWord | None:
    """What Twilio holds the message to say of further ones.

    Its own word decides, in any language. Without one it acts upon a keyword, on long codes and toll-free numbers
    (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out); on WhatsApp only by Advanced Opt-Out, which
    sends the word.
    """
    word = form.get("OptOutType", "").strip().upper()
    if word in OPT_OUT_TYPES:
        return OPT_OUT_TYPES[word]
    return opt_word(form.get("Body", "")) if inbox.channel is Channel.SMS and not is_chosen else None


def _media(form: Form) -> Iterator[Media]:
    """The files that are there; NumMedia is not believed."""
    for number in range(MOST_MEDIA):
        if url := form.get(f"MediaUrl{number}", "").strip():
            yield Media(url=url, content_type=form.get(f"MediaContentType{number}", "").strip())


def _status(request: WebhookRequest, form: Form) -> StatusUpdate:
    sid = _required(form, "MessageSid", "SmsSid")
    word = _required(form, "MessageStatus", "SmsStatus")
    status = delivery(word)
    code = form.get("ErrorCode", "").strip()
    if code == "0":
        code = ""
    if status is Delivery.FAILED and not code:
        code = local_errors.CANCELED if word == "canceled" else local_errors.NO_REASON
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
    """Twilio's words on a status, and by what the message went."""
    words = form.get("ErrorMessage", "") or form.get("ChannelStatusMessage", "")
    way = carrier(form.get("To", "")) or carrier(form.get("From", ""))
    return ", ".join(part for part in (words, f"by {way}" if way else "") if part)
