"""Content types of files by the extension or the first bytes, and names that are safe to write."""

from typing import Final

from contacts_tui.domain.media import media_word
from contacts_tui.domain.text import one_line

UNKNOWN: Final = "application/octet-stream"
"""The content type of a file of unknown kind."""

_OFFICE = "application/vnd.openxmlformats-officedocument"

_TYPES: Final = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "3gp": "video/3gpp",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "wav": "audio/wav",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "vcf": "text/vcard",
    "ics": "text/calendar",
    "csv": "text/csv",
    "txt": "text/plain",
    "rtf": "text/rtf",
    "html": "text/html",
    "zip": "application/zip",
    "tgs": "application/x-tgsticker",
}
"""File extensions, in lower case, and their content types. A table of our own: the system's differs between machines,
and a provider refuses a file whose type and bytes disagree."""

_ALIASES: Final = {"image/jpg": "image/jpeg", "audio/opus": "audio/ogg", "text/x-vcard": "text/vcard"}

_ENDINGS: Final = {kind: ending for ending, kind in reversed(_TYPES.items())}
"""Content types, and their usual extension: the first in the table."""

_BEGINNINGS: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
)
"""The offset of some bytes in a file, the bytes, and the file's content type; the first match counts."""

HEAD: Final = 16
"""The number of first bytes of a file that `kind_of_bytes` needs."""

_LONGEST_NAME: Final = 120
"""The most bytes of a name with its extension: some file systems allow 255, and a number may have to be added."""
_LONGEST_ENDING: Final = 10
_NOT_IN_NAMES: Final = frozenset('<>:"|?*~\ufffd')


def kind_of_name(name: str) -> str:
    """Return the content type of a file by its name's extension; UNKNOWN for any other."""
    return _TYPES.get(_ending(name), UNKNOWN)


def kind_of_bytes(head: bytes) -> str:
    """Return the content type of a file by its first HEAD bytes; empty when they aren't known."""
    return next((kind for at, piece, kind in _BEGINNINGS if head[at:].startswith(piece)), "")


def safe_name(name: str, content_type: str, head: bytes = b"") -> str:
    """Return a name from outside that is safe to write: not hidden or long, without folders or control characters.

    Its extension fits the content type; where that says little ("image/*"), the first bytes of the file decide.
    """
    kind = _plain_type(content_type)
    if kind not in _ENDINGS or kind == UNKNOWN:
        kind = kind_of_bytes(head) or kind
    last = one_line(name.replace("\\", "/").rpartition("/")[2])
    written = "".join("_" if char in _NOT_IN_NAMES else char for char in last).strip(". ")
    ending = _ENDINGS.get(kind, "")
    if ending and _TYPES.get(_ending(written)) != kind:
        written = f"{written or media_word(kind).lower().replace(' ', '-')}.{ending}"
    return _shortened(written or "file")


def _plain_type(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    return _ALIASES.get(kind, kind)


def _ending(name: str) -> str:
    """Return the extension after the last dot of a name, in lower case; empty without one or when it is too long."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if stem and dot and len(ending) <= _LONGEST_ENDING else ""


def _shortened(name: str) -> str:
    ending = _ending(name)
    stem = name[: -len(ending) - 1] if ending else name
    room = _LONGEST_NAME - len(f".{ending}".encode() if ending else b"")
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem}.{ending}" if ending else stem
