"""Addresses inside our own network, in whatever form they are written."""

import pytest

from contacts_tui.channels.public_address import is_public


@pytest.mark.parametrize(
    "number", ["11.0.0.1", "2a00:1450:4001:81b::200e", "64:ff9b::b00:1", "2002:b00:1::1", "::ffff:11.0.0.1"]
)
def test_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fd00::1",
        "fe80::1%eth0",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::7f00:1",
        "::10.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::b00:1",
        "2002:7f00:1::",
        "2002:c0a8:1::1",
        "2002:a9fe:a9fe::1",
        "2001:0:b00:1:0:0:f5ff:fffe",
        "fec0::1",
        "feff::1",
        "5f00::1",
        "2a00:1450::5efe:10.0.0.1",
        "2a00:1450::200:5efe:192.168.1.1",
        "2001:db8::1",
        "100::1",
        "3fff::1",
        "192.88.99.1",
        "::ffff:7f00:1",
        "0:0:0:0:0:ffff:a9fe:a9fe",
        "64:ff9b:1:abcd::a00:1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)
def test_not_public(number: str) -> None:
    assert not is_public(number)
