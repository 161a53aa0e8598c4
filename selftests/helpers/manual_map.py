#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A crypto map of one ipsec-manual entry, for `ynl.py session`.

    manual_map.py IFNAME PEER LOCAL REMOTE MODE SPI-IN SPI-OUT KEY [PROTO [PORT]]

LOCAL and REMOTE are networks of one address family, PEER an address of any.
KEY is hexadecimal, of AES-GCM with its salt. PROTO is a number, PORT that of
the remote side, or that of the local one when "local:" is in front.
"""

import ipaddress
import json
import socket
import sys


def ace(local, remote, proto, port):
    local, remote = ipaddress.ip_network(local), ipaddress.ip_network(remote)
    entry = {"seq": 10, "action": "permit",
             "src": local.network_address.packed.hex(),
             "src-wildcard": local.hostmask.packed.hex(),
             "dst": remote.network_address.packed.hex(),
             "dst-wildcard": remote.hostmask.packed.hex()}
    if proto:
        entry["protocol"] = int(proto)
    if port:
        side, _, number = port.rpartition(":")
        side = "src" if side == "local" else "dst"
        entry |= {f"{side}-port-op": "eq", f"{side}-port": [int(number)]}
    return entry, socket.AF_INET if local.version == 4 else socket.AF_INET6


def operations(ifname, peer, local, remote, mode, spi_in, spi_out, key,
               proto=None, port=None):
    entry, family = ace(local, remote, proto, port)
    yield "config-begin", {"replace": True}
    yield "acl-new", {"name": "VPN-ACL", "family": family, "ace": [entry]}
    yield "tset-new", {"name": "TS", "cipher": "aes-gcm", "auth": "none",
                       "key-bits": (len(key) // 2 - 4) * 8, "mode": mode}
    yield "map-new", {"name": "VPN", "family": family}
    yield "entry-new", {"map": "VPN", "seq": 10, "kind": "manual",
                        "acl": "VPN-ACL", "tset": ["TS"],
                        "peer": [ipaddress.ip_address(peer).packed.hex()],
                        "manual-in": {"spi": int(spi_in), "enc-key": key},
                        "manual-out": {"spi": int(spi_out), "enc-key": key}}
    yield "attach-new", {"ifname": ifname, "map": "VPN"}
    yield "config-commit", {}


if not 8 <= len(sys.argv) - 1 <= 10:
    sys.exit(__doc__)
for name, arguments in operations(*sys.argv[1:]):
    print(name, json.dumps(arguments))
