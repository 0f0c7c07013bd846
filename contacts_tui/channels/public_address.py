"""Which internet addresses are public: the others may be inside our own network, and nothing is fetched from there."""

import ipaddress
from collections.abc import Iterator

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator, RFC 6052."""
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
"""The same for a network's own use, RFC 8215."""
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""IPv4 in the last 32 bits, deprecated by RFC 4291."""
_V4_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
"""IPv4 in the last 32 bits, RFC 2765."""
_INNER: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = (
    _LOCAL_NAT64,
    ipaddress.IPv6Network("fec0::/10"),  # Site-local, RFC 3879.
    ipaddress.IPv6Network("5f00::/16"),  # Segment routing, RFC 9602.
    ipaddress.IPv6Network("100::/64"),  # Discarded, RFC 6666.
    ipaddress.IPv6Network("3fff::/20"),  # Documentation, RFC 9637.
    ipaddress.IPv4Network("192.88.99.0/24"),  # Relays of 6to4, RFC 7526.
)
_ISATAP = (0x00005EFE, 0x02005EFE)
"""The 32 bits before the IPv4 address in an interface identifier, RFC 5214."""
_LAST = 0xFFFFFFFF


def is_public(number: str) -> bool:
    """Return whether an address (a scope after `%` is ignored) and each address that it carries are public.

    An IPv6 address may carry an IPv4 address to which a translator or tunnel leads: NAT64, 6to4, Teredo, ISATAP, and
    the mapped, translated and compatible forms.
    """
    address = ipaddress.ip_address(number.partition("%")[0])
    return all(each.is_global and not each.is_multicast and not _is_inner(each) for each in _meant(address))


def _is_inner(address: _Address) -> bool:
    return any(address in network for network in _INNER)


def _meant(address: _Address) -> Iterator[_Address]:
    """Yield the address and each address that it carries; of a mapped one only the IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    number = int(address)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if any(address in network for network in (_NAT64, _V4_COMPATIBLE, _V4_TRANSLATED)):
        yield ipaddress.IPv4Address(number & _LAST)
    if number >> 32 & _LAST in _ISATAP:
        yield ipaddress.IPv4Address(number & _LAST)
