"""Ranges of addresses as somebody wrote them: how many of the internet's addresses they let in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

Network = IPv4Network | IPv6Network

WIDEST = {4: 16, 6: 32}
"""The shortest prefix of a public range that passes unasked, by IP version: what one organisation may hold."""

WIDEST_SUM = {4: 12, 6: 28}
"""What the ranges of one list may admit together, as the prefix of a range of that many addresses."""

_PRIVATE = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers, used inside networks: https://www.rfc-editor.org/rfc/rfc6598
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
IPV4 = 4

_MAPPED_BITS = 96
"""Length of `::ffff:0:0/96`, after which an IPv6 address is one of IPv4."""


def network(text: str) -> Network | None:
    """The range, whatever address inside it was written; None for a text that is no range.

    One of mapped IPv4 addresses is the range of IPv4.
    """
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    if isinstance(found, IPv6Network) and found.prefixlen >= _MAPPED_BITS:
        mapped = found.network_address.ipv4_mapped
        return IPv4Network((mapped, found.prefixlen - _MAPPED_BITS)) if mapped is not None else found
    return found


def within(inner: Network, outer: Network) -> bool:
    """Whether every address of `inner` is one of `outer`."""
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def public(found: Network) -> bool:
    """Whether the range has addresses of the internet."""
    return not any(within(found, private) for private in _PRIVATE)


def wide(found: Network) -> bool:
    """Whether a public range admits more than one organisation: wider than /16, of IPv6 wider than /32."""
    return public(found) and found.prefixlen < WIDEST[found.version]


def merged(networks: Iterable[Network]) -> Iterator[Network]:
    """The same addresses in as few ranges as possible: neighbours become one range."""
    all_of = list(networks)
    yield from collapse_addresses(one for one in all_of if isinstance(one, IPv4Network))
    yield from collapse_addresses(one for one in all_of if isinstance(one, IPv6Network))
