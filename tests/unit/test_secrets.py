"""Credentials by reference."""

from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from contacts_tui.channels.base import SecretError
from contacts_tui.channels.secrets import FILE_LIMIT, KEYRING_SERVICE, is_reference, resolve


@pytest.mark.parametrize("text", ["env:X", "file:/run/secret", "file:~/token", "keyring:shop"])
def test_references(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize("text", ["", "env:", "env: ", "a" * 32, "http://x", "ENV:X", "secret", ":x"])
def test_literals_are_no_references_and_are_never_repeated(text: str) -> None:
    assert not is_reference(text)
    with pytest.raises(SecretError) as caught:
        resolve(text)
    assert caught.value.code == "credentials"
    assert len(text) < 6 or text not in caught.value.sentence


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "hush")
    assert resolve("env:SHOP_TOKEN") == "hush"
    monkeypatch.setenv("SHOP_TOKEN", " ")
    with pytest.raises(SecretError):
        resolve("env:SHOP_TOKEN")
    monkeypatch.delenv("SHOP_TOKEN")
    with pytest.raises(SecretError) as caught:
        resolve("env:SHOP_TOKEN")
    assert "SHOP_TOKEN" in caught.value.sentence


def test_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("hush\r\n")
    assert resolve(f"file:{file}") == "hush"
    file.write_text("hush\nolder\n")
    assert resolve(f"file:{file}") == "hush\nolder"


@pytest.mark.parametrize("content", [b"", b"\n", b"hush\xff", b"h" * (FILE_LIMIT + 1)])
def test_a_file_that_holds_no_credential(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    with pytest.raises(SecretError) as caught:
        resolve(f"file:{file}")
    assert "hush" not in caught.value.sentence
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("path", ["missing", ".", "nul\0byte"])
def test_a_file_that_cannot_be_read(tmp_path: Path, path: str) -> None:
    with pytest.raises(SecretError):
        resolve(f"file:{tmp_path / path}")


class Ring(KeyringBackend):
    """A key ring with one entry."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        """Return the credential of the entry, or None; raise KeyringLocked for `locked`."""
        if username == "locked":
            raise KeyringLocked("hush")
        return "hush" if (service, username) == (KEYRING_SERVICE, "shop") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Raise NotImplementedError: credentials are only read."""
        raise NotImplementedError


def test_from_a_key_ring() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())  # type: ignore[no-untyped-call]  # the backend's constructor has no annotations
    try:
        assert resolve("keyring:shop") == "hush"
        for name in ("other", "locked"):
            with pytest.raises(SecretError) as caught:
                resolve(f"keyring:{name}")
            assert name in caught.value.sentence
            assert "hush" not in caught.value.sentence
    finally:
        keyring.set_keyring(before)
