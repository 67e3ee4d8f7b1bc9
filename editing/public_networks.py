"""Which IP addresses are those of the public net, whichever way they are written.

The lists are IANA's registries of special-purpose addresses (RFC 6890; iana-ipv4-special-registry and
iana-ipv6-special-registry, as of 2025) and of multicast. Python's `is_global` knows an older state of them, and takes an
IPv4 address within an IPv6 address for something else. The few addresses in these networks that IANA calls globally reachable
serve protocols, not web pages: they are closed, too.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_CLOSED_IPV4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host on this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # shared with the provider
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link local, among them the metadata of cloud servers
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, given up
        "192.168.0.0/16",  # private use
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
# Whatever lies outside is loopback, link local, unique local, site local, multicast, an older form of IPv4 or unassigned.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_CLOSED_IPV6 = [
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, among them Teredo, benchmarks and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: the machine behind the IPv4 address within
        "3fff::/20",  # documentation
    )
]
# Behind these lies the IPv4 address in the last 32 bits: mapped, and NAT64 (RFC 6052). The prefix of NAT64 for local use,
# 64:ff9b:1::/48, leads into the operator's own net.
_IPV4_BEHIND = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
# The lower half of an ISATAP address (RFC 5214): one of these, then the IPv4 address of a machine within the site.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def is_public(text: str) -> bool:
    """Return whether the IP address `text` is that of a machine everybody can reach. Raises ValueError."""
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return _is_public_ipv4(address)
    if any(address in network for network in _IPV4_BEHIND):
        return _is_public_ipv4(_last_32_bits(address))
    if address not in _GLOBAL_UNICAST or any(address in network for network in _CLOSED_IPV6):
        return False
    is_isatap = (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP
    return not is_isatap or _is_public_ipv4(_last_32_bits(address))


def _is_public_ipv4(address: IPv4Address) -> bool:
    return not any(address in network for network in _CLOSED_IPV4)


def _last_32_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)
