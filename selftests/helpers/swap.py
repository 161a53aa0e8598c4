#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two crypto maps on one interface, one after the other, many times.

    swap.py LIBRARY IFNAME PEER KEY COUNT entries|filters

entries: both have an ipsec-manual entry 5 for ICMP, and entries 10 and 20 for UDP
to the ports 7001 and 7002: to 10 and 20 in one of them, to 20 and 10 in the
other. A packet that met entries of both would be in neither.

filters: the first and the last of many entries are ipsec-manual ones for UDP to the
ports 7011 and 7012; what is to be encrypted is denied by the filter of either the
first or the last, and of all between them.

The SPIs are 256 and 257 times the number of the entry, KEY is of AES-GCM with its
salt, hexadecimal. All is committed by the ynl library in LIBRARY once; what the
last two commits took is sent again and again. Prints how many there were, and
seconds.
"""

import ipaddress
import socket
import struct
import sys
import time

import ynl

NLMSG_ERROR = 2
HEADER = struct.Struct("=IHHII")
PROTOCOLS = {"Z": 1, "X": 17, "Y": 17, "P": 17, "Q": 17, "M": 6}
PORTS = {"X": 7001, "Y": 7002, "P": 7011, "Q": 7012}
FIRST, LAST = 1, 1000
BATCH = 100


class Tap:
    """A socket that remembers what was sent last."""

    def __init__(self, sock):
        self.sock = sock
        self.sent = b""

    def send(self, data, flags=0):
        self.sent = data
        return self.sock.send(data, flags)

    def __getattr__(self, name):
        return getattr(self.sock, name)


def ace(name):
    rule = {"seq": 10, "action": "permit", "protocol": PROTOCOLS[name],
            "src": "0a010000", "src-wildcard": "000000ff",
            "dst": "0a020000", "dst-wildcard": "000000ff"}
    if name in PORTS:
        rule |= {"dst-port-op": "eq", "dst-port": [PORTS[name]]}
    return rule


def manual(seq, name, key):
    return {"seq": seq, "kind": "manual", "acl": name,
            "manual-in": {"spi": 256 * seq, "enc-key": key},
            "manual-out": {"spi": 257 * seq, "enc-key": key}}


def operations(ifname, peer, key, entries, lists=()):
    """A configuration from nothing."""
    yield "config-begin", {"replace": True}
    yield "tset-new", {"name": "TS", "cipher": "aes-gcm", "auth": "none",
                       "key-bits": (len(key) // 2 - 4) * 8, "mode": "tunnel"}
    for name in PROTOCOLS:
        yield "acl-new", {"name": name, "family": socket.AF_INET, "ace": [ace(name)]}
    yield from lists
    yield "map-new", {"name": "VPN", "family": socket.AF_INET}
    for entry in entries:
        yield "entry-new", {"map": "VPN", "tset": ["TS"],
                            "peer": [ipaddress.ip_address(peer).packed.hex()]} | entry
    yield "attach-new", {"ifname": ifname, "map": "VPN"}
    yield "config-commit", {}


def of_entries(ifname, peer, key):
    for entries in {5: "Z", 10: "Y", 20: "X"}, {5: "Z", 10: "X", 20: "Y"}:
        yield operations(ifname, peer, key, [manual(seq, name, key)
                                             for seq, name in entries.items()])


def filters(*actions):
    return [("acl-new", {"name": name, "family": socket.AF_INET,
                         "ace": [{"seq": 10, "action": action, "protocol": 17}]})
            for name, action in zip(("ONE", "OTHER"), actions)]


def of_filters(ifname, peer, key):
    entries = [manual(FIRST, "P", key) | {"filter-out": "ONE"}]
    entries += [{"seq": seq, "kind": "isakmp", "acl": "M", "filter-out": "ONE"}
                for seq in range(FIRST + 1, LAST)]
    entries += [manual(LAST, "Q", key) | {"filter-out": "OTHER"}]
    last = filters("deny", "permit")
    yield operations(ifname, peer, key, entries, last)
    for lists in filters("permit", "deny"), last:
        yield [("config-begin", {}), *lists, ("config-commit", {})]


def replay(sock, data, messages):
    """Send a transaction, and wait until each of its messages was acknowledged."""
    sock.send(data)
    while messages:
        answer = sock.recv(65536)
        kind = HEADER.unpack_from(answer)[1]
        if kind != NLMSG_ERROR:
            continue
        error, = struct.unpack_from("=i", answer, HEADER.size)
        if error:
            sys.exit(f"refused: {error}")
        messages -= 1


def main():
    library, ifname, peer, key, count, what = sys.argv[1:]
    family, _ = ynl.library(library)
    client = family(ynl.SPEC, "")
    client.sock = Tap(client.sock)
    recorded = []
    make = {"entries": of_entries, "filters": of_filters}[what]
    for transaction in make(ifname, peer, key):
        batch = [(name, values, []) for name, values in transaction]
        # answers wait in the socket's buffer until all is sent
        for i in range(0, len(batch), BATCH):
            client.do_multi(batch[i:i + BATCH])
        recorded.append((client.sock.sent, len(batch)))
    start = time.monotonic()
    for i in range(int(count)):
        replay(client.sock, *recorded[i % 2 - 2])
    print(count, round(time.monotonic() - start, 1), flush=True)


main()
