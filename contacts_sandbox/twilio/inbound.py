"""Messages from people: the record, the window, the STOP words and the webhook."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from contacts_sandbox.core.state import State
from contacts_sandbox.twilio.addresses import RCS, WHATSAPP, bare_number, channel_prefix, is_user_id
from contacts_sandbox.twilio.form_posts import FormPoster
from contacts_sandbox.twilio.records import API_VERSION, Media, Message, Post, Sender, StatusChange, new_sid
from contacts_sandbox.twilio.segments import count_segments

STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
"""Words that as a whole message opt its writer out of a sender (Twilio's default words)."""

START_WORDS = frozenset({"START", "UNSTOP", "YES"})
"""Words that as a whole message opt its writer in again."""

_SMS_ORIGIN = {f"{end}{part}": "" for end in ("From", "To") for part in ("Country", "State", "City", "Zip")}


@dataclass
class Button:
    """A tapped quick reply."""

    text: str
    """Its label."""
    payload: str
    """Its id in the template."""


@dataclass
class Choice:
    """What was chosen from a list."""

    id: str
    """Its id in the template."""
    title: str
    """Its title."""
    description: str = ""
    """The line below it."""


@dataclass
class Referral:
    """The ad or post that led to a message (click to WhatsApp)."""

    source_url: str
    """Its address."""
    headline: str = ""
    """Its headline."""
    body: str = ""
    """Its text."""
    source_type: str = "ad"
    """`ad` or `post`."""


OPT_OUT_TYPES = ("STOP", "START", "HELP")
"""The kinds of keywords that Advanced Opt-Out finds in a message."""


@dataclass
class Place:
    """A shared location."""

    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""
    label: str = ""
    """Its name."""
    address: str = ""
    """Its postal address."""


@dataclass
class Letter:
    """What a person sends."""

    from_: str
    """Their address."""
    body: str
    """The text."""
    profile_name: str | None = None
    """Their name at WhatsApp; None: the one this sandbox knows."""
    media: list[Media] = field(default_factory=list)
    """Files."""
    button: Button | None = None
    """The button they tapped."""
    place: Place | None = None
    """The place they shared."""
    choice: Choice | None = None
    """What they chose from a list."""
    referral: Referral | None = None
    """What led them here."""
    user_id: str | None = None
    """Their WhatsApp user id, given beside their number."""
    parent_user_id: str | None = None
    """The same at the parent company."""
    opt_out_type: str | None = None
    """What Advanced Opt-Out finds in it; None without that: Twilio's default words then count, by SMS and RCS."""
    at: datetime | None = None
    """When they wrote it; None: now."""


def record(state: State, sender: Sender, letter: Letter, sid: str = "") -> Message:
    """Record a message from a person and return it, without posting it; `sid` is fresh unless it is given."""
    at = letter.at or state.clock()
    message = Message(
        sid=sid or new_sid("MM" if letter.media else "SM"),
        channel="whatsapp" if letter.from_.startswith(WHATSAPP) else "sms",
        account_sid=sender.account_sid,
        direction="inbound",
        from_=letter.from_,
        to=sender.address,
        body=letter.body,
        status="received",
        created_at=at,
        updated_at=at,
        sent_at=at,
        num_segments=count_segments(letter.body),
        media=letter.media,
        messaging_service_sid=sender.messaging_service_sid,
        history=[StatusChange("received", at)],
    )
    state.messages[message.sid] = message
    return message


def media_url(state: State, message: Message, media: Media) -> str:
    """Return the address of a file of a message, from which it is loaded with the account's credentials."""
    return f"{state.base_url}/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}/Media/{media.sid}"


class Inbound:
    """Receives what people send to the senders of the sandbox."""

    def __init__(self, state: State, poster: FormPoster) -> None:
        """Post webhooks through `poster`."""
        self._state = state
        self._poster = poster

    async def receive(self, sender: Sender, letter: Letter) -> tuple[Message, Post | None]:
        """Record a message and post it to the sender's URL. Return the message, and the post: None without a URL."""
        message = record(self._state, sender, letter)
        self._note_keyword(sender, letter)
        names = [WHATSAPP + name for name in (letter.user_id, letter.parent_user_id) if name]
        for key in ((name, sender.address) for name in (letter.from_, *names)):
            last = self._state.windows.get(key)
            if last is None or last < message.created_at:
                self._state.windows[key] = message.created_at
        if sender.inbound_url is None:
            return message, None
        fields = self._fields(message, letter)
        message.form = list(fields.items())
        return message, await self._poster.post("inbound", message, sender.inbound_url, fields)

    def _note_keyword(self, sender: Sender, letter: Letter) -> None:
        """Opt the writer out or in: of this sender, and of all in its messaging service (21610).

        Advanced Opt-Out decides where the message has its type; else the default words count, by SMS and RCS.
        """
        word = letter.opt_out_type or ("" if letter.from_.startswith(WHATSAPP) else letter.body.strip().upper())
        pool = [sender]
        if sender.messaging_service_sid:
            pool = self._state.service_senders(sender.account_sid, sender.messaging_service_sid)
        pairs = {(letter.from_.removeprefix(RCS), member.address) for member in pool}
        if word in STOP_WORDS:
            self._state.opted_out |= pairs
        elif word in START_WORDS:
            self._state.opted_out -= pairs

    def _fields(self, message: Message, letter: Letter) -> dict[str, str]:
        fields = {
            "SmsMessageSid": message.sid,
            "NumMedia": str(len(message.media)),
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "Body": message.body,
            "To": message.to,
            "NumSegments": str(message.num_segments),
            "MessageSid": message.sid,
            "AccountSid": message.account_sid,
            "From": message.from_,
            "ApiVersion": API_VERSION,
        }
        if message.messaging_service_sid:
            fields["MessagingServiceSid"] = message.messaging_service_sid
        for index, media in enumerate(message.media):
            fields[f"MediaContentType{index}"] = media.content_type
            fields[f"MediaUrl{index}"] = media_url(self._state, message, media)
        if letter.opt_out_type:
            fields["OptOutType"] = letter.opt_out_type
        prefix = channel_prefix(message.from_)
        if not prefix:
            return fields | _SMS_ORIGIN
        fields |= {"MessageType": _message_type(letter)} | _said(letter)
        return fields | self._whatsapp_fields(message, letter) if prefix == WHATSAPP else fields

    def _whatsapp_fields(self, message: Message, letter: Letter) -> dict[str, str]:
        person = self._state.person(letter.from_)
        known = person.profile_name if person else None
        name = letter.profile_name if letter.profile_name is not None else known
        context = {"ProfileName": name or ""}
        # A person who shares no number has no WaId.
        if not is_user_id(bare_number(message.from_)):
            context["WaId"] = bare_number(message.from_).removeprefix("+")
        fields = context | {
            "ReferralNumMedia": "0",
            "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": context}}),
        }
        if letter.user_id:
            fields["ExternalUserId"] = WHATSAPP + letter.user_id
        if letter.parent_user_id:
            fields["ParentExternalUserId"] = WHATSAPP + letter.parent_user_id
        if letter.referral:
            fields |= {
                "ReferralSourceUrl": letter.referral.source_url,
                "ReferralSourceType": letter.referral.source_type,
                "ReferralHeadline": letter.referral.headline,
                "ReferralBody": letter.referral.body,
            }
        return fields


def _said(letter: Letter) -> dict[str, str]:
    """Return the fields of a pressed button, a choice from a list, or a shared location."""
    if letter.button:
        return {"ButtonText": letter.button.text, "ButtonPayload": letter.button.payload}
    if letter.choice:
        about = {"ListDescription": letter.choice.description} if letter.choice.description else {}
        return {"ListId": letter.choice.id, "ListTitle": letter.choice.title} | about
    if letter.place:
        return {
            "Latitude": str(letter.place.latitude),
            "Longitude": str(letter.place.longitude),
            "Label": letter.place.label,
            "Address": letter.place.address,
        }
    return {}


def _message_type(letter: Letter) -> str:
    """Return the name of the kind of message on WhatsApp and RCS."""
    if letter.button:
        return "button"
    if letter.choice:
        return "interactive"
    if letter.place:
        return "location"
    if not letter.media:
        return "text"
    kind = letter.media[0].content_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"
