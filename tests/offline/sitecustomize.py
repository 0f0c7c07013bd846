"""Keeps a process, and the programs that it starts, on this machine. Python imports it where PYTHONPATH has its folder.

What asks for a name or an address elsewhere is refused as it would be on a machine without a network, and noted in the
file that CONTACTS_TESTS_REACHED names: no test and no benchmark may ask a true provider for anything.
"""

import errno
import os
import sys

_REACHED = "CONTACTS_TESTS_REACHED"
_NOBODY = (".invalid", ".example", ".test", "example.com", "example.org")
"""Names that belong to nobody, by which tests ask for what can't be found (RFC 2606)."""


def _watch(event: str, args: tuple[object, ...]) -> None:
    # Imported late: programs are started to be measured, and to see what they import.
    if event == "socket.getaddrinfo":
        import socket

        host = args[0]
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if isinstance(host, str) and not _is_number(host) and host.lower() not in ("", "localhost", *_ours()):
            _note(host)
            raise socket.gaierror(socket.EAI_NONAME, f"{host}: tests ask for nothing outside of this machine")
    elif event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            _note(str(address[0]))
            raise OSError(errno.ENETUNREACH, f"{address[0]}: tests ask for nothing outside of this machine")


def _ours() -> tuple[str, ...]:
    import socket

    return (socket.gethostname().lower(), "ip6-localhost")


def _is_number(host: str) -> bool:
    import socket

    try:
        socket.inet_aton(host)
    except (OSError, ValueError):
        return ":" in host
    return True


def _is_here(host: str) -> bool:
    import ipaddress

    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower() in ("", "localhost", *_ours())
    return address.is_loopback or address.is_unspecified


def _note(host: str) -> None:
    file = os.environ.get(_REACHED)
    if file and not host.lower().endswith(_NOBODY):
        with open(file, "a", encoding="utf-8", errors="replace") as stream:
            stream.write(f"{host} ({os.environ.get('PYTEST_CURRENT_TEST', sys.argv[:3])})\n")


sys.addaudithook(_watch)
