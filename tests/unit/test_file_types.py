"""Names from outside become names that can be written, and each channel accepts its kinds of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.attachments import goes_with_text, no_files_to, problem
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.file_types import kind_of_bytes, kind_of_name, safe_name
from contacts_tui.domain.limits import MEGABYTE
from tests.limits import limits_of


@pytest.mark.parametrize(
    ("name", "content_type", "head", "safe"),
    [
        ("receipt.jpg", "image/jpeg", b"", "receipt.jpg"),
        ("receipt.JPEG", "image/jpg", b"", "receipt.jpeg"),
        ("../../.ssh/authorized_keys", "text/plain", b"", "authorized_keys.txt"),
        ("..\\..\\evil.exe", "image/png", b"", "evil.exe.png"),
        (".bashrc", "application/octet-stream", b"", "bashrc"),
        ("/", "application/pdf", b"", "file.pdf"),
        ("", "image/*", b"\xff\xd8\xff\xe0", "photo.jpg"),
        ("", "application/octet-stream", b"", "file"),
        ("a\x1b[2Jb\u202egnp.txt", "image/png", b"", "a_[2Jb_gnp.txt.png"),
        ("order.pdf", "application/octet-stream", b"%PDF-1.7", "order.pdf"),
    ],
)
def test_a_name_from_outside_is_made_safe(name: str, content_type: str, head: bytes, safe: str) -> None:
    assert safe_name(name, content_type, head) == safe


@given(st.text(max_size=400), st.sampled_from(["image/png", "application/octet-stream", "", "x/y"]))
def test_no_name_leads_elsewhere(name: str, content_type: str) -> None:
    safe = safe_name(name, content_type)
    assert safe
    assert not safe.startswith(".")
    assert not set(safe) & set("/\\\0\n")
    assert len(safe.encode()) <= 130


def test_kinds_are_told_by_name_and_by_bytes() -> None:
    assert kind_of_name("a.PDF") == "application/pdf"
    assert kind_of_name("pdf") == kind_of_name("a.") == "application/octet-stream"
    assert kind_of_bytes(b"RIFF\0\0\0\0WEBPVP8") == "image/webp"
    assert kind_of_bytes(b"") == ""


@pytest.mark.parametrize(
    ("channel", "kind", "limit"),
    [
        (Channel.SMS, "image/png", 5 * MEGABYTE),
        (Channel.WHATSAPP, "image/png", 5 * MEGABYTE),
        (Channel.WHATSAPP, "application/pdf", 16 * MEGABYTE),
        (Channel.TELEGRAM, "application/zip", 50 * MEGABYTE),
        (Channel.MESSENGER, "video/mp4", 25 * MEGABYTE),
    ],
)
def test_each_channel_has_its_limit(channel: Channel, kind: str, limit: int) -> None:
    assert problem(limits_of(channel), channel.label, "it", kind, limit) == ""
    assert "send a smaller one" in problem(limits_of(channel), channel.label, "it", kind, limit + 1)


def test_a_kind_that_a_channel_does_not_take_is_told() -> None:
    for channel in (Channel.WHATSAPP, Channel.SMS):
        said = problem(limits_of(channel), channel.label, "a.zip", "application/zip", 5)
        assert f"{channel.label} doesn't accept a.zip" in said


def test_a_text_goes_under_a_file_where_the_channel_carries_it() -> None:
    assert goes_with_text(limits_of(Channel.TELEGRAM), "image/png", "x" * 1024)
    assert not goes_with_text(limits_of(Channel.TELEGRAM), "image/png", "x" * 1025)
    assert goes_with_text(limits_of(Channel.WHATSAPP), "image/png", "x")
    assert not goes_with_text(limits_of(Channel.WHATSAPP), "application/pdf", "x")
    assert not goes_with_text(limits_of(Channel.MESSENGER), "image/png", "x")


def test_files_go_by_sms_only_in_two_countries() -> None:
    def refusal(ours: str, theirs: str, channel: Channel = Channel.SMS) -> str:
        return no_files_to(limits_of(channel), channel.label, ours, theirs)

    assert refusal("+12025550101", "+14165550142") == ""
    assert refusal("MG" + "1" * 32, "+12025550142") == ""
    assert "to numbers in the United States" in refusal("+12025550101", "+4915112345678")
    assert "from numbers in the United States" in refusal("+4915112345678", "+12025550142")
    assert refusal("+4915112345678", "+4915112345679", Channel.WHATSAPP) == ""
