"""Accepting a message: Twilio's checks in Twilio's order, then the record and its fate."""

from __future__ import annotations

from urllib.parse import urlsplit

from contacts_sandbox.core.forms import Form
from contacts_sandbox.core.state import State
from contacts_sandbox.twilio import templates
from contacts_sandbox.twilio.addresses import WHATSAPP, channel_prefix, normalised
from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.records import Account, Message, Sender, StatusChange, Template, new_sid
from contacts_sandbox.twilio.segments import count_segments

MAX_BODY = 1600
"""The longest Body, in characters (21617)."""

MAX_MEDIA = 10
"""The most MediaUrls of a message (21623)."""

MAX_CALLBACK_URL = 4000
"""The longest StatusCallback, in characters (21609)."""

MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""Recipients that Twilio's test credentials refuse; here they do so for any account."""

MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
"""Senders that Twilio's test credentials refuse."""


def accept(state: State, account: Account, form: Form) -> Message:
    """Check a send, and record and return its message. Raise TwilioError, and record nothing, if it is refused."""
    to = _recipient(form)
    sender = _sender(state, account, form, to)
    if not any(form.first(name) for name in ("Body", "MediaUrl", "ContentSid")):
        raise TwilioError(21602)
    _check_opt_out(state, to, sender)
    callback = _callback(form)
    whatsapp = to.startswith(WHATSAPP)
    template, rendered = _content(state, account, form, whatsapp=whatsapp)
    body = rendered.body if rendered else form.first("Body")
    media_urls = rendered.media_urls if rendered else _media_urls(form)

    now = state.clock()
    service = form.first("MessagingServiceSid") or None
    status = "accepted" if service else "queued"
    message = Message(
        sid=new_sid("MM" if media_urls else "SM"),
        channel="whatsapp" if whatsapp else "sms",
        account_sid=account.sid,
        direction="outbound-api",
        from_=sender.address,
        to=to,
        body=body,
        status=status,
        created_at=now,
        updated_at=now,
        num_segments=0 if service else count_segments(body),
        media_urls=media_urls,
        messaging_service_sid=service,
        status_callback=callback,
        form=list(form.fields),
        history=[StatusChange(status, now)],
    )
    message.fate = _fate(state, message, template, rendered)
    state.messages[message.sid] = message
    return message


def _recipient(form: Form) -> str:
    raw = form.first("To")
    if not raw:
        raise TwilioError(21604)
    to = normalised(raw)
    if to is None:
        raise TwilioError(21211, raw)
    if to in MAGIC_TO:
        raise TwilioError(MAGIC_TO[to], raw)
    return to


def _sender(state: State, account: Account, form: Form, to: str) -> Sender:
    raw, service = form.first("From"), form.first("MessagingServiceSid")
    if not raw and not service:
        raise TwilioError(21603)
    if not raw:
        return _service_sender(state, account, service, to)
    address = normalised(raw)
    if address is None:
        raise TwilioError(21212, raw)
    if address in MAGIC_FROM:
        raise TwilioError(MAGIC_FROM[address], raw)
    if channel_prefix(address) != channel_prefix(to):
        raise TwilioError(21910)
    if address == to:
        raise TwilioError(21266, raw)
    sender = state.senders.get(address)
    if sender is None or sender.account_sid != account.sid:
        raise TwilioError(63007) if channel_prefix(address) else TwilioError(21606, raw)
    if not sender.sms_capable and not channel_prefix(address):
        raise TwilioError(21606, raw)
    return sender


def _service_sender(state: State, account: Account, service: str, to: str) -> Sender:
    pool = state.service_senders(account.sid, service)
    if not pool:
        raise TwilioError(21701)
    for sender in pool:
        if channel_prefix(sender.address) == channel_prefix(to):
            return sender
    raise TwilioError(21703)


def _check_opt_out(state: State, to: str, sender: Sender) -> None:
    person = state.person(to)
    if (to, sender.address) in state.opted_out or (person and person.traits.opted_out):
        raise TwilioError(21610)


def _callback(form: Form) -> str | None:
    url = form.first("StatusCallback")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise TwilioError(21609, url) from error
    bad_host = not host or "_" in host or any(char.isspace() for char in url)
    if parts.scheme not in ("http", "https") or bad_host or len(url) > MAX_CALLBACK_URL:
        raise TwilioError(21609, url)
    return url


def _media_urls(form: Form) -> list[str]:
    urls = form.every("MediaUrl")
    if len(urls) > MAX_MEDIA:
        raise TwilioError(21623)
    if not all(url.startswith(("http://", "https://")) for url in urls):
        raise TwilioError(21620)
    return urls


def _content(
    state: State, account: Account, form: Form, *, whatsapp: bool
) -> tuple[Template | None, templates.Rendered | None]:
    if len(form.first("Body")) > MAX_BODY:
        raise TwilioError(21617)
    sid = form.first("ContentSid")
    if not sid:
        if form.first("ContentVariables"):
            raise TwilioError(21654)
        return None, None
    if whatsapp and (form.first("Body") or form.first("MediaUrl")):
        # Which code comes isn't documented: Twilio's pages only say to leave both out beside ContentSid.
        raise TwilioError(20001, "Body and MediaUrl can't go with ContentSid")
    template = state.templates.get(sid)
    if template is None or template.account_sid != account.sid:
        raise TwilioError(21655)
    values = templates.read_values(form.first("ContentVariables"))
    return template, templates.render(template, values, whatsapp=whatsapp)


def _fate(state: State, message: Message, template: Template | None, rendered: templates.Rendered | None) -> int | None:
    """Return the error in which the message will end, or None. As at Twilio, the state at acceptance decides."""
    person = state.person(message.to)
    traits = person.traits if person else None
    if message.whatsapp:
        if traits and traits.not_on_whatsapp:
            return 63024
        window_open = state.window_open(message.to, message.from_)
        if template and rendered:
            return templates.failure(template, rendered, window_open=window_open)
        return None if window_open else 63016
    if traits is None:
        return None
    causes = (
        (traits.unknown_number, 30005),
        (traits.landline, 30006),
        (traits.handset_off, 30003),
        (traits.filtered, 30007),
    )
    return next((code for holds, code in causes if holds), None)
