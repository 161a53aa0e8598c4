#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations with many entries, for the benchmarks of scale.

    scale.py isakmp N [CHANGED]        a crypto map of N entries, each with an access
                                       list of one ACE; entry CHANGED is another one
    scale.py manual N HERE THERE KEY   the same with keys by hand: N tunnels between two
                                       addresses; HERE is the lower one on one side
    scale.py xfrm N HERE THERE         as many outbound policies, lines for `ip -batch`
    scale.py hub N [CHANGED]           N entries with a peer each, 10.64.0.1 and so on
    scale.py swanctl N hub|far ACTION  the same for swanctl, at either end; ACTION is
                                       what to do with it at start

Entry I protects 10.1.0.0/24 to the Ith network of 24 bits in 11.0.0.0/8; the
other side's has it the other way round.
"""

import ipaddress
import sys

NEAR = ipaddress.ip_network("10.1.0.0/24")


def far(i):
    return ipaddress.ip_network((0x0b000000 + (i << 8), 24))


def wildcard(network):
    return f"{network.network_address} {network.hostmask}"


def entry(i, kind, local, remote, *lines):
    print(f"ip access-list extended E{i}",
          f" permit ip {wildcard(local)} {wildcard(remote)}",
          f"crypto map M {i} ipsec-{kind}", f" match address E{i}",
          *(f" {line}" for line in lines), sep="\n")


def isakmp(n, changed=0):
    print("crypto isakmp policy 10", " encryption aes", " authentication pre-share",
          " group 14", "crypto isakmp key none address 192.0.2.2",
          "crypto ipsec transform-set TS esp-gcm 128", sep="\n")
    for i in range(1, n + 1):
        entry(i, "isakmp", NEAR, far(i if i != changed else 0),
              "set peer 192.0.2.2", "set transform-set TS")
    print("interface wan", " crypto map M", sep="\n")


def manual(n, here, there, key):
    first = ipaddress.ip_address(here) < ipaddress.ip_address(there)
    print("crypto ipsec transform-set TS esp-gcm 128")
    for i in range(1, n + 1):
        spi = [0x10000 + i, 0x20000 + i]
        entry(i, "manual", *((NEAR, far(i)) if first else (far(i), NEAR)),
              f"set peer {there}", "set transform-set TS",
              f"set session-key inbound esp {spi[not first]} cipher {key}",
              f"set session-key outbound esp {spi[first]} cipher {key}")
    print("interface wan", " crypto map M", sep="\n")


def xfrm(n, here, there):
    for i in range(1, n + 1):
        print(f"xfrm policy add src {NEAR} dst {far(i)} dir out priority {i}",
              f"tmpl src {here} dst {there} proto esp mode tunnel")


def peer(i):
    return ipaddress.ip_address(0x0a400000 + i)


def hub(n, changed=0):
    print("crypto isakmp policy 10", " encryption aes 256", " hash sha256",
          " authentication pre-share", " group 19",
          "crypto isakmp key secret address 0.0.0.0",
          "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac", sep="\n")
    for i in range(1, n + 1):
        entry(i, "isakmp", NEAR, far(i if i != changed else 0),
              f"set peer {peer(i)}", "set transform-set TS")
    print("interface wan", " crypto map M", sep="\n")


def swanctl(n, end, action):
    print("secrets {", "ike { secret = secret }", "}", "connections {", sep="\n")
    for i in range(1, n + 1):
        here, there = ("192.0.2.1", NEAR), (peer(i), far(i))
        if end == "far":
            here, there = there, here
        print(f"peer{i} {{", "version = 1", "proposals = aes256-sha256-ecp256",
              f"local_addrs = {here[0]}", f"remote_addrs = {there[0]}",
              "local { auth = psk }", "remote { auth = psk }", f"children {{ net{i} {{",
              f"local_ts = {here[1]}", f"remote_ts = {there[1]}",
              "esp_proposals = aes256-sha256", f"start_action = {action}",
              "}", "}", "}", sep="\n")
    print("}")


match sys.argv[1:]:
    case ["isakmp", *numbers] if len(numbers) in (1, 2):
        isakmp(*map(int, numbers))
    case ["manual", n, here, there, key]:
        manual(int(n), here, there, key)
    case ["xfrm", n, here, there]:
        xfrm(int(n), here, there)
    case ["hub", *numbers] if len(numbers) in (1, 2):
        hub(*map(int, numbers))
    case ["swanctl", n, "hub" | "far" as end, action]:
        swanctl(int(n), end, action)
    case _:
        sys.exit(__doc__)
