"""Thumbnails of pictures in messages. Pictures come from outside and may be hostile.

A picture is opened only when an agent looks at its message. Its size is checked before anything is unpacked, and it
is unpacked off the event loop.
"""

import asyncio
import tempfile
import warnings
from pathlib import Path
from typing import Final

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.limits import MEGABYTE
from contacts_tui.domain.thumbnail import KINDS, Rgb, Thumbnail
from contacts_tui.services import media
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store

LARGEST: Final = 5 * MEGABYTE
"""Bytes of the largest file that is fetched for a thumbnail."""
MOST_PIXELS: Final = 24_000_000
"""Pixels of the largest picture that is unpacked: that of a phone's camera. Takes a second and some 100 MB."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_BLACK = (0, 0, 0)


async def of_message(store: Store, message_id: int, columns: int, lines: int) -> Thumbnail | None:
    """Return the first picture of a message, scaled into so many cells; None for a message without a picture.

    Raise BadInput for a picture that can't be shown, NotFound and ChannelError.
    """
    wanted = await store.read(media.of_message, message_id)
    number = next((place for place, file in enumerate(wanted.message.media) if file.content_type in KINDS), None)
    if number is None:
        return None
    file, here = wanted.message.media[number], wanted.paths[number]
    if file.size is not None and file.size > LARGEST:
        raise BadInput("the picture is too large to be shown here")
    if here is not None:
        return await asyncio.to_thread(made_of, here, columns, lines)
    with tempfile.TemporaryDirectory() as folder:
        fetched = Path(folder) / "picture"
        adapters = Adapters()
        try:
            await adapters.get(wanted.inbox.provider).fetch(wanted.inbox, file, fetched, LARGEST)
        finally:
            await adapters.aclose()
        return await asyncio.to_thread(made_of, fetched, columns, lines)


def made_of(path: Path, columns: int, lines: int) -> Thumbnail:
    """Return a picture scaled into so many cells. Raise BadInput for a broken one, and one too large to be unpacked."""
    from PIL import Image

    # Between its own limit and twice that, Pillow only warns.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput("the picture is too large to be shown here")
            # A JPEG is unpacked no larger than needed.
            picture.draft("RGB", (columns * 2, lines * 4))
            small = picture.convert("RGBA")
            small.thumbnail((columns, lines * 2))
            ground = Image.new("RGBA", (small.width, small.height + small.height % 2), (*_BLACK, 255))
            ground.alpha_composite(small)
            pixels = ground.convert("RGB").tobytes()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadInput("the picture is too large to be shown here") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadInput("the picture can't be read") from error
    return Thumbnail(_rows(pixels, ground.width))


def _rows(pixels: bytes, width: int) -> tuple[tuple[Rgb, ...], ...]:
    colors = [(pixels[at], pixels[at + 1], pixels[at + 2]) for at in range(0, len(pixels), 3)]
    return tuple(tuple(colors[at : at + width]) for at in range(0, len(colors), width))
