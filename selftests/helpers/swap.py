#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two crypto maps on one interface, one after the other, many times.

    swap.py LIBRARY IFNAME PEER KEY COUNT

Both have an ipsec-manual entry 5 for ICMP, and entries 10 and 20 for UDP to the
ports 7001 and 7002: to 10 and 20 in one of them, to 20 and 10 in the other. A
packet that met entries of both would be in neither. The SPIs are 256 and
257 times the number of the entry, KEY is of AES-GCM with its salt, hexadecimal.

Each is committed by the ynl library in LIBRARY once; what that sent is sent
again and again. Prints how many commits there were, and seconds.
"""

import ipaddress
import socket
import struct
import sys
import time

import ynl

NLMSG_ERROR = 2
HEADER = struct.Struct("=IHHII")
PROTOCOLS = {"Z": 1, "X": 17, "Y": 17}
PORTS = {"X": 7001, "Y": 7002}


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


def operations(ifname, peer, key, entries):
    yield "config-begin", {"replace": True}
    yield "tset-new", {"name": "TS", "cipher": "aes-gcm", "auth": "none",
                       "key-bits": (len(key) // 2 - 4) * 8, "mode": "tunnel"}
    for name in PROTOCOLS:
        yield "acl-new", {"name": name, "family": socket.AF_INET, "ace": [ace(name)]}
    yield "map-new", {"name": "VPN", "family": socket.AF_INET}
    for seq, name in entries.items():
        yield "entry-new", {"map": "VPN", "seq": seq, "kind": "manual", "acl": name,
                            "tset": ["TS"],
                            "peer": [ipaddress.ip_address(peer).packed.hex()],
                            "manual-in": {"spi": 256 * seq, "enc-key": key},
                            "manual-out": {"spi": 257 * seq, "enc-key": key}}
    yield "attach-new", {"ifname": ifname, "map": "VPN"}
    yield "config-commit", {}


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
    library, ifname, peer, key, count = sys.argv[1:]
    family, _ = ynl.library(library)
    client = family(ynl.SPEC, "")
    client.sock = Tap(client.sock)
    recorded = []
    for entries in {5: "Z", 10: "Y", 20: "X"}, {5: "Z", 10: "X", 20: "Y"}:
        batch = [(name, values, []) for name, values
                 in operations(ifname, peer, key, entries)]
        client.do_multi(batch)
        recorded.append((client.sock.sent, len(batch)))
    start = time.monotonic()
    for i in range(int(count)):
        replay(client.sock, *recorded[i % 2])
    print(count, round(time.monotonic() - start, 1), flush=True)


main()
