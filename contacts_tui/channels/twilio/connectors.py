"""Twilio's connectors: SMS and WhatsApp."""

from collections.abc import Iterator

from contacts_tui.channels.base import WebhookKind
from contacts_tui.channels.connector import PLACE, Ability, BadField, Connector, Reply, Setting, Webhook, reference
from contacts_tui.domain import address as addresses
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox, InboxField, InboxForm
from contacts_tui.domain.limits import MEGABYTE, FileRule, Limits, TemplateLimits
from contacts_tui.domain.unknown_outcome import Evidence

SIGNATURE = "x-twilio-signature"

NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that sends nothing back: Twilio would send the text of a plain answer as an SMS."""


_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
)
_SOUNDS = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac")

_SMS = Limits(
    text=1600,  # Error 21617.
    # Twilio accepts requests as fast as they come and sends them at the number's own rate (a US long code one a second,
    # a short code a hundred), with a queue of ten hours: a higher rate than a short code's would only fill that queue.
    # https://support.twilio.com/hc/en-us/articles/115002943027
    rate=100,
    # https://www.twilio.com/docs/messaging/guides/accepted-mime-types: 5 MB. Carriers accept less, except for pictures.
    files=(
        FileRule(("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"), 5 * MEGABYTE, carries_text=True),
        FileRule(_SOUNDS, 5 * MEGABYTE, carries_text=True),
        FileRule(("video/mp4", "video/quicktime", "video/webm", "video/3gpp"), 5 * MEGABYTE, carries_text=True),
        FileRule((*_DOCUMENTS, "text/vcard", "text/csv", "text/rtf", "text/calendar"), 5 * MEGABYTE, carries_text=True),
    ),
    files_in_words="pictures, audio, video, PDF, office files, contact cards and CSV",
    caption=None,
    # Where Twilio carries files with an SMS: https://www.twilio.com/docs/messaging/guides/accepted-mime-types. It does
    # so in a few more countries for numbers of these countries [?].
    file_countries=("US", "CA"),
    file_countries_in_words="in the United States and Canada",
)
_WHATSAPP = Limits(
    text=1600,  # Errors 21617 and 21658; WhatsApp itself takes more.
    # A sender: https://www.twilio.com/docs/whatsapp/best-practices-and-faqs
    rate=80,
    # https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages: 16 MB, pictures 5 MB, no captions under
    # documents; WEBP is for stickers only. That audio and contact cards lose their text is WhatsApp's own rule [?], and
    # so is the length of a caption: Twilio's pages name none.
    files=(
        FileRule(("image/jpeg", "image/png"), 5 * MEGABYTE, carries_text=True),
        FileRule(("video/mp4",), 16 * MEGABYTE, carries_text=True),
        FileRule((*_SOUNDS, "audio/3gpp"), 16 * MEGABYTE),
        FileRule((*_DOCUMENTS, "text/vcard"), 16 * MEGABYTE),
    ),
    files_in_words="JPEG and PNG pictures, MP4 video, audio, PDF, office files and contact cards",
    template=TemplateLimits(
        text=1024,  # Error 63021.
        variables=100,  # The Content API.
        value=1600,  # The Content API.
        only_inside_window=frozenset({"twilio/list-picker", "twilio/location"}),
    ),
)


def _account(form: InboxForm) -> str:
    account = form.account.strip()
    if not account.startswith("AC") or len(account) != 34:
        raise BadField(
            f"{account!r} is not a Twilio Account SID: it is AC and 32 letters and digits, on the console's first page"
        )
    return account


def _address(form: InboxForm) -> str:
    bare = form.address.strip().removeprefix("whatsapp:")
    if bare.startswith("MG") and len(bare) == 34:
        return bare
    try:
        return addresses.normalize_phone(bare, None)
    except addresses.AddressError as error:
        raise BadField(f"the inbox's own address: {error}") from error


def _to_enter(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    if inbound:
        yield "At Twilio, set for this sender:"
        yield f"  when a message comes in  {inbound}"
        yield f"  status callback          {status}"
    else:
        yield f"Then set these at Twilio: URL/webhooks/{inbox.id}/inbound and URL/webhooks/{inbox.id}/status"


def _connector(channel: Channel, limits: Limits, abilities: frozenset[Ability]) -> Connector:
    return Connector(
        provider=Provider.TWILIO,
        channel=channel,
        name="Twilio",
        adapter="contacts_tui.channels.twilio.adapter:TwilioAdapter",
        errors="contacts_tui.channels.twilio.errors",
        limits=limits,
        settings=(
            Setting(
                InboxField(
                    "address",
                    "Number",
                    "Your number with its country code, such as +12025550101, or MG… of a messaging service.",
                ),
                _address,
            ),
            Setting(
                InboxField(
                    "account", "Account SID", "AC and 32 letters and digits, on the first page of Twilio's console."
                ),
                _account,
            ),
            Setting(
                InboxField(
                    "secret",
                    "Auth token at",
                    f"Where the account's auth token is; the token itself is never stored. {PLACE}",
                ),
                reference,
            ),
        ),
        evidence=Evidence(
            may_be_told="Twilio's reports or its list may still tell: still checking",
            never_told="Twilio doesn't list this message yet, which proves nothing: its list may lag",
        ),
        abilities=abilities | {Ability.FETCHES_FILES},
        webhook=Webhook(
            kinds=(WebhookKind.INBOUND, WebhookKind.STATUS),
            replies={
                WebhookKind.INBOUND: Reply(body=NO_REPLY, media_type="text/xml"),
                WebhookKind.STATUS: Reply(status=204),
            },
            signature=SIGNATURE,
        ),
        to_enter=_to_enter,
    )


SMS = _connector(Channel.SMS, _SMS, frozenset())
WHATSAPP = _connector(Channel.WHATSAPP, _WHATSAPP, frozenset({Ability.TEMPLATES}))
