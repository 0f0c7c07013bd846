"""Twilio, in a process of its own: `python -m benchmarks.sender URL PATH FIRST COUNT SENDERS CONNECTIONS`.

All requests are written and signed before the clock starts, and HTTP is kept to its minimum: the machine's time should
be the receiver's.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from benchmarks.serving import ACCOUNT, ADDRESS, PUBLIC_URL, TOKEN


def form(place: int, senders: int) -> dict[str, str]:
    """Return the fields of the webhook of message number `place`, from one of so many people."""
    return {
        "AccountSid": ACCOUNT,
        "MessageSid": f"SM{place:032x}",
        "From": f"+1202{5_551_000 + place % senders}",
        "To": ADDRESS,
        "Body": f"Is order {place} on its way? I have been waiting for it since last week.",
        "NumMedia": "0",
    }


def signature(path: str, fields: Mapping[str, str]) -> str:
    """Return Twilio's signature of a form."""
    return str(RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, fields))


def request(path: str, place: int, senders: int) -> bytes:
    """Return the webhook of message number `place`, as the bytes of an HTTP request."""
    fields = form(place, senders)
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: support.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature(path, fields)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def send(url: str, waiting: Iterator[bytes], connections: int) -> float:
    """Send the requests. Return the seconds until each was answered with 200; raise ValueError for another answer."""
    place = urlsplit(url)
    opened = [await asyncio.open_connection(place.hostname, place.port) for _ in range(connections)]
    began = perf_counter()
    await asyncio.gather(*(_work(reader, writer, waiting) for reader, writer in opened))
    taken = perf_counter() - began
    for _, writer in opened:
        writer.close()
    return taken


async def _work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: Iterator[bytes]) -> None:
    for each in waiting:
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise ValueError(f"the receiver answered {head!r}")
        _, _, length = head.lower().partition(b"content-length:")
        await reader.readexactly(int(length.partition(b"\r\n")[0]))


def main(url: str, path: str, first: str, count: str, senders: str, connections: str) -> None:
    """Send the webhooks, and print the seconds that they took, as JSON."""
    places = range(int(first), int(first) + int(count))
    requests = [request(path, place, int(senders)) for place in places]
    seconds = asyncio.run(send(url, iter(requests), int(connections)))
    sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
