"""A host of the open internet, simulated on loopback: reached by its public number, over TLS, through a proxy.

Nothing on loopback itself can stand in for it, because files are never loaded from inside our own network.
"""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.channels.wire import http

NUMBER = "11.0.0.1"
"""A public address. No packet reaches it: the proxy answers instead."""
FILE = b"a stranger's file"


@dataclass
class Stranger:
    """The host, with the requests it received."""

    url: str = f"https://{NUMBER}/elsewhere.png"
    """The address of its file."""
    heads: list[str] = field(default_factory=list)
    """The head of each request, up to the blank line."""


@contextlib.asynccontextmanager
async def stranger(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """Yield the host, reached by connections opened from now on. Its certificate is written into `folder`."""
    made, answering = Stranger(), _certified(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "stranger.pem"))

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await reader.readuntil(b"\r\n\r\n")
            assert asked.startswith(f"CONNECT {NUMBER}:443 ".encode())
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.start_tls(answering)
            made.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            writer.write(http(200, FILE))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(tunnel, "127.0.0.1", 0)
    proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        for spelling in (name, name.upper()):
            monkeypatch.delenv(spelling, raising=False)
    monkeypatch.setenv("https_proxy", proxy)
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()


def _certified(folder: Path) -> ssl.SSLContext:
    """Return the host's side of TLS; its certificate is written where a client can be told to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stranger")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(NUMBER))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "stranger.pem", folder / "stranger.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context
