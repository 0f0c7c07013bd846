"""Thumbnails: small, in the right colours, and harmless whatever claims to be a picture."""

import asyncio
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Media, Message, NewMessage
from contacts_tui.services import media, messaging, thumbnails
from contacts_tui.services.errors import BadInput
from tests.services.world import World

RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(path: Path, width: int = 80, height: int = 40, name: str = "photo.png") -> Path:
    """Write a picture, red on the left and blue on the right, and return its path."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (width // 2, 0, width, height))
    made.save(path / name)
    return path / name


def sent(world: World, path: Path) -> Message:
    """Send a message with a picture, and return it."""
    ann = world.person()
    world.hears(world.whatsapp, "hello")
    identity = world.identity(ann, Channel.WHATSAPP)
    file: Media = asyncio.run(media.keep(world.store, str(path), world.whatsapp))
    new = NewMessage(uid=messaging.new_uid(), author="Kim", media=(file,))
    return world.store.call(messaging.send, identity.id, world.whatsapp.id, new)


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "photo.gif", "photo.webp"])
def test_a_picture_fits_into_its_cells_and_keeps_its_shape_and_colours(tmp_path: Path, name: str) -> None:
    found = thumbnails.made_of(picture(tmp_path, name=name), 20, 12)
    assert (len(found.rows), {len(row) for row in found.rows}) == (10, {20})
    for (red, green, blue), other in ((found.rows[2][2], RED), (found.rows[7][17], BLUE)):
        assert max(abs(red - other[0]), abs(green - other[1]), abs(blue - other[2])) < 16


def test_rows_come_in_pairs_and_what_is_clear_is_dark(tmp_path: Path) -> None:
    Image.new("RGBA", (3, 3), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    found = thumbnails.made_of(tmp_path / "clear.png", 20, 12)
    assert found.rows == (((0, 0, 0),) * 3,) * 4


def claiming(width: int, height: int) -> bytes:
    """Return a PNG whose header claims this size, and whose few bytes unpack to a million."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (claiming(60_000, 60_000), "too large"),
        (claiming(10_000, 10_000), "too large"),
        (claiming(5_000, 5_000), "too large"),
        (claiming(1_000, 1_000)[:400], "can't be read"),
        (b"\x89PNG\r\n\x1a\n and so on", "can't be read"),
        (b"", "can't be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "can't be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "can't be read"),
    ],
    ids=["3600 MP", "100 MP", "25 MP", "cut off", "no chunks", "empty", "PostScript", "SVG"],
)
def test_what_is_no_picture_or_too_large_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "photo.png").write_bytes(content)
    with pytest.raises(BadInput, match=words):
        thumbnails.made_of(tmp_path / "photo.png", 20, 12)


def test_the_picture_of_a_message_is_found_where_it_lies(world: World, tmp_path: Path) -> None:
    message = sent(world, picture(tmp_path))
    found = asyncio.run(thumbnails.of_message(world.store, message.id, 20, 12))
    assert found is not None
    assert len(found.rows) == 10
