"""Files in the interface: chosen, kept with the draft, sent, taken off, and saved from the thread."""

from pathlib import Path

import pytest
from PIL import Image

from contacts_tui.channels.base import InboundMessage
from contacts_tui.domain.message import Direction, Media
from contacts_tui.screens.contact.attach import AttachFile
from contacts_tui.screens.contact.thread_pictures import LINES
from contacts_tui.screens.save_file import SaveFile
from contacts_tui.services import inbound, media
from contacts_tui.store import settings
from contacts_tui.widgets.search_field import SearchField
from tests.services.world import ANN, World
from tests.ui.stage import Stage, opened

PNG = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def ann(world: World) -> int:
    """Return Ann, who has just written on WhatsApp."""
    contact_id = world.person()
    world.hears(world.whatsapp, "Hello")
    return contact_id


def file(world: World, name: str = "photo.png", content: bytes = PNG) -> Path:
    """Write a file on this machine, in a folder of its own beside the store, and return its path."""
    path = Path(world.location.removeprefix("sqlite:///")).parent / "mine" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


async def put(stage: Stage, text: str) -> None:
    """Put a path into the field of the dialog that is about to open."""
    await stage.until(lambda: isinstance(stage.app.screen, (AttachFile, SaveFile)))
    field = stage.app.screen.query_one(SearchField)
    await stage.until_focused(field)
    field.value = text


async def attach(stage: Stage, path: Path) -> None:
    """Attach a file by the keys."""
    await stage.until_focused(stage.composer)
    await stage.pilot.press("ctrl+o")
    await put(stage, str(path)[:-2])
    await stage.until_shown(f"▸ {path.name}")
    await stage.pilot.press("enter")
    await stage.until_shown(f"{path.name}, ")


async def test_a_file_goes_with_its_text_and_survives_leaving(world: World, ann: int) -> None:
    path = file(world)
    async with opened(world, ann) as stage:
        await attach(stage, path)
        await stage.until_shown("ctrl+g removes it")
    async with opened(world, ann) as stage:
        await stage.until_shown("Photo: photo.png, 18 bytes")
        await stage.until_focused(stage.composer)
        await stage.type("Here")
        await stage.pilot.press("enter")
        await stage.until_shown("queued")
        await stage.until(lambda: "removes it" not in stage.text)
    (sent,) = [m for m in world.thread(ann) if m.direction is Direction.OUT]
    assert (sent.body, sent.media[0].name, sent.media[0].size) == ("Here", "photo.png", len(PNG))
    path.unlink()
    found = world.store.call_read(media.of_message, sent.id)
    assert found.paths[0] is not None
    assert found.paths[0].read_bytes() == PNG


async def test_a_file_goes_alone_and_is_taken_off_by_a_key(world: World, ann: int) -> None:
    async with opened(world, ann) as stage:
        await attach(stage, file(world))
        await stage.pilot.press("ctrl+g")
        await stage.until(lambda: "removes it" not in stage.text)
        await stage.pilot.press("enter")
        await attach(stage, file(world))
        await stage.pilot.press("enter")
        await stage.until_shown("queued")
    (sent,) = [m for m in world.thread(ann) if m.direction is Direction.OUT]
    assert (sent.body, len(sent.media)) == ("", 1)


async def test_where_no_text_goes_under_a_file_there_are_two_messages(world: World, ann: int) -> None:
    async with opened(world, ann, size=(120, 40)) as stage:
        await attach(stage, file(world, "order.pdf", b"%PDF-1.7"))
        await stage.type("Yours")
        await stage.until_shown("sent separately after the text")
        await stage.pilot.press("enter")
        await stage.until_shown("order.pdf, 8 bytes]")
    sent = [m for m in world.thread(ann) if m.direction is Direction.OUT]
    assert [(m.body, len(m.media)) for m in sent] == [("Yours", 0), ("", 1)]


async def test_what_the_channel_does_not_take_is_told_in_the_dialogue(world: World, ann: int) -> None:
    path = file(world, "a.zip", b"PK")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("ctrl+o")
        await put(stage, f"{path.parent}/")
        await stage.until_shown("a.zip")
        await stage.pilot.press("enter")
        await stage.until_shown("WhatsApp doesn't accept a.zip")
        await stage.pilot.press("escape")
        await stage.until_focused(stage.composer)
    assert world.thread(ann)[-1].direction is Direction.IN


async def test_a_file_that_vanished_is_told_and_the_text_is_kept(world: World, ann: int) -> None:
    path = file(world)
    async with opened(world, ann) as stage:
        await attach(stage, path)
        await stage.type("Here")
        path.unlink()
        await stage.pilot.press("enter")
        await stage.until_shown("Not sent, your text is kept. There is no file")
        assert stage.composer.text == "Here"


async def test_without_a_public_url_the_key_says_what_is_missing(world: World, ann: int) -> None:
    world.store.call(settings.put, "public_url", "")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("ctrl+o")
        await stage.until_shown("No public URL is set")


async def test_tab_completes_and_goes_into_folders(world: World, ann: int) -> None:
    path = file(world, "photo of a dog.png")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("ctrl+o")
        await put(stage, str(path.parent)[:-1])
        await stage.until_shown("mine/")
        await stage.pilot.press("tab")
        await stage.until_shown("photo of a dog.png")
        await stage.pilot.press("tab")
        field = stage.app.screen.query_one(SearchField)
        await stage.until(lambda: field.value == str(path))


async def test_a_file_that_is_typed_to_its_end_is_taken_before_a_folder_that_begins_like_it(
    world: World, ann: int
) -> None:
    path = file(world)
    (path.parent / f"{path.name}-old").mkdir()
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("ctrl+o")
        await put(stage, str(path))
        await stage.until_shown("-old/")
        await stage.pilot.press("enter")
        await stage.until_shown(f"{path.name}, ")


async def test_a_file_of_the_thread_is_saved_where_the_agent_says(world: World, ann: int, tmp_path: Path) -> None:
    kept = media.kept(world.store.files, str(file(world)), world.whatsapp)
    picture = Media(kept.url, "image/png", "../their photo", kept.size)
    event = InboundMessage("e", "e", ANN, "", (picture,), "", world.clock(), {})
    world.store.call(inbound.apply, world.whatsapp.id, [event])
    target = tmp_path / "saved"
    target.mkdir()
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape")
        await stage.until_shown("s save file")
        for name in ("their photo.png", "their photo (1).png"):
            await stage.pilot.press("s")
            await put(stage, f"{target}/")
            await stage.pilot.press("enter")
            await stage.until((target / name).exists)
            await stage.until_shown("Saved:")
    assert (target / "their photo.png").read_bytes() == PNG


@pytest.mark.parametrize(("content", "words"), [(b"", "▀▀▀▀"), (PNG, "The picture can't be read.")])
async def test_a_picture_is_shown_small_with_its_message_and_a_broken_one_says_so(
    world: World, ann: int, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    path = file(world, content=content)
    if not content:
        Image.new("RGB", (60, 30), (200, 30, 30)).save(path)
    async with opened(world, ann, size=(100, 40)) as stage:
        await attach(stage, path)
        await stage.pilot.press("enter")
        await stage.until(lambda: any(view.message.media for view in stage.thread.views))
        await stage.pilot.press("escape", "end", "enter")
        await stage.until_shown(words)


@pytest.mark.parametrize("has_colors", [True, False])
async def test_a_picture_stands_small_in_the_thread_where_the_terminal_has_colours(
    world: World, ann: int, has_colors: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    if not has_colors:
        monkeypatch.setenv("NO_COLOR", "1")
    path = file(world, content=b"")
    Image.new("RGB", (300, 400), (200, 30, 30)).save(path)
    async with opened(world, ann, size=(100, 40)) as stage:
        await attach(stage, path)
        await stage.pilot.press("enter")
        await stage.until(lambda: any(view.message.media for view in stage.thread.views))
        await stage.until_shown("[Photo")
        if not has_colors:
            await stage.pilot.pause()
            assert not stage.app.session.thumbnails
            return
        await stage.until_shown("▀▀▀▀")
        assert 0 < sum("▀" in line for line in stage.text.splitlines()) <= LINES
        await stage.pilot.press("escape", "escape", "enter")
        await stage.until_shown("▀▀▀▀")
        assert len(stage.app.session.thumbnails) == 1
