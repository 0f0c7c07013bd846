"""Files are opened only by programs that show them, in a folder closed to others, and only where a display is."""

import asyncio
import shutil
from pathlib import Path

import pytest

from contacts_tui.channels.base import InboundMessage
from contacts_tui.domain.message import Media
from contacts_tui.services import inbound, media, open_files
from tests.patience import LIMIT
from tests.services.world import ANN, World


@pytest.fixture
def opener(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a display and an xdg-open that notes what it was given."""
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/opened"\n')
    program.chmod(0o755)
    return {"DISPLAY": ":0", "PATH": str(program.parent)}


def message_with(world: World, tmp_path: Path, content_type: str, name: str, content: bytes) -> int:
    """Receive a message of Ann with a file that is already in the store, and return its id."""
    source = tmp_path / "source.png"
    source.write_bytes(content)
    kept = media.kept(world.store.files, str(source), world.whatsapp)
    contact = world.person()
    file = Media(kept.url, content_type, name, len(content))
    world.store.call(
        inbound.apply, world.whatsapp.id, [InboundMessage("e", "e", ANN, "", (file,), "", world.clock(), {})]
    )
    return world.thread(contact)[-1].id


async def test_a_picture_is_handed_to_the_desktop(world: World, tmp_path: Path, opener: dict[str, str]) -> None:
    opened = await open_files.open_files(
        world.store, message_with(world, tmp_path, "image/png", "a", b"\x89PNG"), opener
    )
    (path,) = opened.paths
    async with asyncio.timeout(LIMIT):
        while not (tmp_path / "opened").exists() or not (tmp_path / "opened").read_text().endswith("\n"):
            await asyncio.sleep(0.01)
    assert opened.shown
    assert (tmp_path / "opened").read_text() == f"{path}\n"
    assert path.parent.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("name", ["a.desktop", "a.html", "a.svg", "a.exe", "a"])
async def test_what_may_hold_a_program_is_only_saved(
    world: World, tmp_path: Path, opener: dict[str, str], name: str
) -> None:
    message_id = message_with(world, tmp_path, "application/octet-stream", name, b"<script>")
    opened = await open_files.open_files(world.store, message_id, opener)
    assert (opened.shown, opened.why_not) == (False, "this kind of file is not opened from here")
    shutil.rmtree(opened.paths[0].parent)


async def test_without_a_display_it_says_where_it_was_saved(world: World, tmp_path: Path) -> None:
    message_id = message_with(world, tmp_path, "image/png", "a.png", b"\x89PNG")
    opened = await open_files.open_files(world.store, message_id, {"SSH_CONNECTION": "1 2 3 4"})
    assert (opened.shown, opened.why_not) == (False, "there is no display here over SSH")
    assert opened.paths[0].read_bytes() == b"\x89PNG"
    shutil.rmtree(opened.paths[0].parent)
