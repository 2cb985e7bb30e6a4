"""Where requests may go: which URLs, which ports, which addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpx

from recognition_service.worker.errors import TargetBlockedError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024
_LONGEST_URL = 2048
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_LOWEST_32_BITS = 0xFFFF_FFFF
_SPECIAL = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays to 2002::/16
        "2001::/23",  # protocol assignments, addresses with one of IPv4 inside
        "2001:db8::/32",  # documentation
        "2002::/16",  # an address of IPv4 inside
        "3fff::/20",  # documentation
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a URL says about where a request goes.

    Attributes:
        scheme: "http" or "https".
        host: A name in ASCII without its closing dot, or an address without brackets.
        address: The address, if the URL names one; None: `host` is a name.
        path: Path and query as they are sent.
        authority: Host and port as the header `Host` spells them.
    """

    scheme: str
    host: str
    address: Address | None
    port: int
    path: bytes
    authority: str


def read_target(url: str) -> Target:
    """Return where a URL leads, if its text does not forbid to go there.

    Addresses in other spellings than the usual one (`2130706433`, `0x7f.1`, `127.1`)
    are refused: programs differ in how they read them.

    Raises:
        TargetBlockedError: The URL cannot be read, is neither http nor https, holds a
            user or password, or names a port of another protocol.

    Source: WHATWG URL section 3.5 (a host that ends in a number is an address).
    """
    parsed = _parsed(url)
    if parsed.scheme not in _PORTS:
        raise TargetBlockedError("scheme", "Only https is asked.")
    if parsed.userinfo:
        raise TargetBlockedError("userinfo", "The URL holds a user or a password.")
    port = parsed.port if parsed.port is not None else _PORTS[parsed.scheme]
    if port not in _PORTS.values() and not _FIRST_FREE_PORT <= port < 1 << 16:
        raise TargetBlockedError("port", f"Port {port} is not one of the web.")
    host = parsed.raw_host.decode("ascii").removesuffix(".")
    address = _address(host)
    shown = f"[{host}]" if address is not None and address.version == 6 else host  # noqa: PLR2004  # IPv6
    authority = shown if port == _PORTS[parsed.scheme] else f"{shown}:{port}"
    return Target(parsed.scheme, host, address, port, parsed.raw_path, authority)


def check_addresses(
    target: Target, addresses: Sequence[Address], allowed: Sequence[Network]
) -> None:
    """Refuse a target of which one address is not public, or public without TLS.

    In the ranges that the operator allows anything goes.

    Raises:
        TargetBlockedError: The request must not go there.
    """
    for address in map(_meant, addresses):
        if any(address in network for network in allowed):
            continue
        if not _is_public(address):
            raise TargetBlockedError(
                "address", "The host lies in a network that is not public."
            )
        if target.scheme != "https":
            raise TargetBlockedError("scheme", "Only https is asked.")


def _parsed(url: str) -> httpx.URL:
    if len(url) > _LONGEST_URL:
        raise TargetBlockedError(
            "unreadable", f"The URL is longer than {_LONGEST_URL} characters."
        )
    try:
        parsed = httpx.URL(url)
        parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise TargetBlockedError("unreadable", "The URL cannot be read.") from error
    return parsed


def _address(host: str) -> Address | None:
    """Return the address that a host is; None: it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        if not _NAME.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise TargetBlockedError(
                "unreadable", "The host is neither a name nor an address."
            ) from None
        return None


def _meant(address: Address) -> Address:
    """Return the address of IPv4 that one of IPv6 stands for, or the address itself.

    Source: RFC 4291 section 2.5.5.2 (mapped); RFC 6052 section 2.1 (translated).
    """
    match address:
        case IPv6Address(ipv4_mapped=IPv4Address() as mapped):
            return mapped
        case IPv6Address() if address in _TRANSLATED:
            return IPv4Address(int(address) & _LOWEST_32_BITS)
        case _:
            return address


def _is_public(address: Address) -> bool:
    """Tell whether everybody can reach an address, and everybody the same host.

    Source: IANA special-purpose address registries for IPv4 and IPv6.
    """
    if any(address in network for network in _SPECIAL):
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
