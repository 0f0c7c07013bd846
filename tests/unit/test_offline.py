"""No test, and no program that a test starts, gets beyond this machine."""

import socket
import subprocess
import sys

import pytest

from tests.offline import REACHED

_ASKS = """
import socket
for ask in (
    lambda: socket.create_connection(("192.0.2.7", 443), 1),
    lambda: socket.getaddrinfo("nobody.example", 443),
    lambda: socket.create_connection(("2001:db8::7", 443), 1),
):
    try:
        ask()
    except OSError as error:
        print("nothing outside of this machine" in str(error))
listener = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listener.getsockname()).close()
print(bool(socket.getaddrinfo("localhost", 80)))
"""


def test_programs_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REACHED)  # What is asked for here on purpose isn't listed at the end of the suite.
    done = subprocess.run([sys.executable, "-c", _ASKS], capture_output=True, text=True)
    assert done.stdout.split() == ["True"] * 4, done.stderr


def test_so_does_this_process() -> None:
    with pytest.raises(OSError, match="nothing outside of this machine"):
        socket.getaddrinfo("nobody.example", 443)
