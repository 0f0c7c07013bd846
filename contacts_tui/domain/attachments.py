"""What may go with a message: which files each channel takes, how large, and whether a text goes under them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contacts_tui.domain.address import country_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.media import size_words

MEGABYTE: Final = 1024 * 1024

CAPTION_LIMIT: Final = 1024
"""Characters of a text under a file. Telegram's documented limit, and WhatsApp's own [?]: Twilio's pages name none."""

MMS_COUNTRIES: Final = ("US", "CA")
"""Where Twilio carries files with an SMS: https://www.twilio.com/docs/messaging/guides/accepted-mime-types. It has
them in a few more countries for numbers of these countries [?]."""


@dataclass(frozen=True, slots=True)
class FileRule:
    """Some kinds of files, and how large they may be."""

    kinds: tuple[str, ...]
    """Content types, or main types with a slash ("audio/"); none: every kind."""
    limit: int
    """Bytes."""
    carries_text: bool = False
    """Whether a text goes with such a file in one message."""

    def fits(self, content_type: str) -> bool:
        """Whether it speaks of this kind."""
        return not self.kinds or any(
            content_type.startswith(kind) if kind.endswith("/") else content_type == kind for kind in self.kinds
        )


_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
)

RULES: Mapping[Channel, tuple[FileRule, ...]] = {
    # https://www.twilio.com/docs/messaging/guides/accepted-mime-types: 5 MB. Carriers take less of what is no picture.
    Channel.SMS: (
        FileRule(("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"), 5 * MEGABYTE, carries_text=True),
        FileRule(("audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac"), 5 * MEGABYTE, carries_text=True),
        FileRule(("video/mp4", "video/quicktime", "video/webm", "video/3gpp"), 5 * MEGABYTE, carries_text=True),
        FileRule((*_DOCUMENTS, "text/vcard", "text/csv", "text/rtf", "text/calendar"), 5 * MEGABYTE, carries_text=True),
    ),
    # https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages: 16 MB, pictures 5 MB, no captions under
    # documents; WEBP is for stickers only. That audio and contact cards lose their text is WhatsApp's own rule [?].
    Channel.WHATSAPP: (
        FileRule(("image/jpeg", "image/png"), 5 * MEGABYTE, carries_text=True),
        FileRule(("video/mp4",), 16 * MEGABYTE, carries_text=True),
        FileRule(("audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac", "audio/3gpp"), 16 * MEGABYTE),
        FileRule((*_DOCUMENTS, "text/vcard"), 16 * MEGABYTE),
    ),
    # https://core.telegram.org/bots/api#sending-files: 10 MB as a photo, which a larger one isn't sent as, else 50 MB.
    Channel.TELEGRAM: (FileRule((), 50 * MEGABYTE, carries_text=True),),
    # https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets: 25 MB. Less for pictures [?].
    Channel.MESSENGER: (FileRule((), 25 * MEGABYTE),),
}
"""What each channel takes; the first rule that fits a file's kind holds."""

_TAKEN: Mapping[Channel, str] = {
    Channel.SMS: "pictures, audio, video, PDF, office files, contact cards and CSV",
    Channel.WHATSAPP: "JPEG and PNG pictures, MP4 video, audio, PDF, office files and contact cards",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was chosen to go with a message that is not written to its end yet."""

    path: str
    """Where it lies, absolute."""
    name: str
    content_type: str
    size: int
    """Bytes."""


def problem(channel: Channel, name: str, content_type: str, size: int) -> str:
    """Why a channel doesn't take a file, as a clause that says what to do; empty when it does."""
    rule = _rule(channel, content_type)
    if rule is None:
        return f"{channel.label} doesn't accept {name}: it accepts {_TAKEN[channel]}"
    if size > rule.limit:
        most = f"{rule.limit // MEGABYTE} MB"
        return f"{name} has {size_words(size)} and {channel.label} accepts {most}: send a smaller one, or a link to it"
    return ""


def is_too_large(channel: Channel, content_type: str, size: int) -> bool:
    """Whether the size alone is what the channel doesn't take."""
    rule = _rule(channel, content_type)
    return rule is not None and size > rule.limit


def goes_with_text(channel: Channel, content_type: str, text: str) -> bool:
    """Whether the text goes under the file; otherwise they are two messages, the text first."""
    rule = _rule(channel, content_type)
    return rule is not None and rule.carries_text and (channel is Channel.SMS or len(text) <= CAPTION_LIMIT)


def no_files_to(channel: Channel, ours: str, theirs: str) -> str:
    """Why no file can go from our address to theirs, as a clause with what to do; empty when one can."""
    if channel is not Channel.SMS:
        return ""
    where = "in the United States and Canada"
    if country_of(theirs) not in MMS_COUNTRIES:
        return f"an SMS can carry a file only to numbers {where}: use another channel, or send a link"
    if ours.startswith("+") and country_of(ours) not in MMS_COUNTRIES:
        return f"an SMS can carry a file only from numbers {where}: use another inbox or channel, or send a link"
    return ""


def _rule(channel: Channel, content_type: str) -> FileRule | None:
    return next((rule for rule in RULES[channel] if rule.fits(content_type)), None)
