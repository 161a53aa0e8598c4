#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random packets, each traced and then sent: what happened is what was said.

    trace_random.py LIBRARY HOST NET COUNT SEED

LIBRARY is the folder tools/net/ynl of a kernel tree. Runs in the gateway, where packets of HOST arrive on lan and those of
NET on wan. A table of nftables in HOST and NET counts what comes there in clear,
and lets nothing answer. Packets of one fate are sent together; then every
counter has to have moved by as many as were to move it, and no other. `cryptomap
packet-tracer` is asked about some of them as well, and has to say the same.
"""

import collections
import json
import random
import socket
import struct
import subprocess
import sys
import time

from gateway import Family, namespace, say

WATCH = """table inet watch {
	counter seen { }
	chain come {
		type filter hook prerouting priority -300;
		ip saddr %s jump count
		ip6 saddr %s jump count
	}
	chain count {
		counter name seen
		drop
	}
}"""
HOSTS = "10.1.0.0/16", "fd01::/16"
FAR = "10.2.0.0/16", "fd02::/16"
# the gateway and its peer
ENDS = {4: ("192.0.2.1", "198.51.100.2"), 6: ("2001:db8:a::1", "2001:db8:b::2")}
# one of so many is asked of the command, which takes a tenth of a second to start
COMMAND_EVERY = 12


class Packet:
    """One packet, in words and in bytes."""

    def __init__(self, rng, device):
        self.version = rng.choice([4, 4, 6])
        host, subnet, other = rng.randint(2, 9), rng.randint(0, 4), rng.randint(1, 9)
        if self.version == 4:
            near, far, at_home = f"10.1.0.{host}", f"10.2.{subnet}.{other}", "10.1.0.2"
        else:
            near, far, at_home = f"fd01::{host}", f"fd02:0:0:{subnet}::{other}", "fd01::2"
        self.device = device
        self.source, self.target = (near, far) if device == "lan" else (far, at_home)
        self.protocol = rng.choice(["tcp", "tcp", "udp", "udp", "icmp", "esp", "47"])
        self.ports = rng.choice([22, 80, 100, 150, 443]), rng.choice([22, 80, 150, 443])
        self.icmp = rng.choice([(8, 0), (0, 0), (13, 0)] if self.version == 4
                               else [(128, 0), (129, 0)])
        # of no SA; with what is of one nothing is decrypted when it is traced
        self.spi = rng.randint(5000, 5009)
        if self.protocol == "esp" and device == "wan":
            self.target, self.source = ENDS[self.version]

    def __str__(self):
        values = {"icmp": self.icmp, "esp": self.spi}
        return " ".join(map(str, (self.device, self.protocol, self.source, self.target,
                                  values.get(self.protocol, self.ports))))

    def words(self):
        """As packet-tracer takes it."""
        match self.protocol:
            case "icmp":
                return "icmp", self.source, *map(str, self.icmp), self.target
            case "tcp" | "udp":
                source, target = map(str, self.ports)
                return self.protocol, self.source, source, self.target, target
            case "esp":
                return "esp", self.source, str(self.spi), self.target
        return "rawip", self.source, self.protocol, self.target

    def bytes(self):
        match self.protocol:
            case "icmp":
                data = struct.pack(">BBHHH", *self.icmp, 0, 1, 1)
                number = 1 if self.version == 4 else 58
            case "tcp":
                data = struct.pack(">HHIIBBHHH", *self.ports, 0, 0, 5 << 4, 2, 0, 0, 0)
                number = 6
            case "udp":
                data = struct.pack(">HHHH", *self.ports, 8, 0)
                number = 17
            case "esp":
                data = struct.pack(">II", self.spi, 1) + bytes(40)
                number = 50
            case _:
                data = bytes(8)
                number = int(self.protocol)
        family = socket.AF_INET if self.version == 4 else socket.AF_INET6
        ends = b"".join(socket.inet_pton(family, end) for end in (self.source, self.target))
        if self.version == 4:
            return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), 0, 0, 64, number, 0) + ends + data
        return struct.pack(">IHBB", 6 << 28, len(data), number, 64) + ends + data


class Gateway(Family):
    """What the module says, and what it has counted."""

    def __init__(self, library, host, net):
        super().__init__(library)
        self.clear = {"lan": host, "wan": net}

    def trace(self, packet):
        """What is to be counted for the packet, and what decided that."""
        said = self.do("trace", ifname=packet.device, packet=packet.bytes())
        return (fate(said, said.get("out-ifname"), "id"),
                (said.get("entry-seq"), said.get("acl"), said.get("ace-seq")),
                [(deny["entry-seq"], deny["acl"], deny["ace-seq"]) for deny in said.get("deny", ())])

    def counters(self):
        found = {("drop", reason): n for reason, n in self.drops().items()}
        for flow in self.dump("flow-get"):
            found["flow", flow["id"]] = flow["counters"]["out-packets"]
        for device, name in self.clear.items():
            found["clear", device] = seen(name)
        return found


def fate(said, out, flow):
    """The counter that is to move; flow is the key of its number."""
    match said["result"]:
        case "protect":
            return "flow", said["flow"][flow]
        case "drop":
            return "drop", said["reason"]
        case "clear":
            return "clear", out
    return "unexpected", said["result"]


def by_command(packet):
    """The same as Gateway.trace(), of cryptomap packet-tracer."""
    said = json.loads(subprocess.run(["cryptomap", "--json", "packet-tracer", "input", packet.device,
                                      *packet.words()], check=True, capture_output=True).stdout)
    return (fate(said, said.get("output-device"), "flow"),
            (said.get("seq"), said.get("acl"), said.get("ace")),
            [(deny["seq"], deny["acl"], deny["ace"]) for deny in said["denies"]])


def seen(name):
    with namespace(name):
        listed = json.loads(subprocess.run(["nft", "-j", "list", "counters", "table", "inet", "watch"],
                                           check=True, capture_output=True).stdout)
    return next(it["counter"]["packets"] for it in listed["nftables"] if "counter" in it)


def moved(before, now):
    return {key: now[key] - before[key] for key in now if now[key] != before[key]}


def point(good, what):
    say("ok" if good else "not ok", what)
    return good


def send(packets, where):
    for packet in packets:
        with namespace(where[packet.device]):
            family = socket.AF_INET if packet.version == 4 else socket.AF_INET6
            with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
                sock.sendto(packet.bytes(), (packet.target, 0))


def main():
    _, library, host, net, count, seed = sys.argv
    rng = random.Random(int(seed))
    for name, networks in (host, FAR), (net, HOSTS):
        with namespace(name):
            subprocess.run(["nft", WATCH % networks], check=True)
    gateway = Gateway(library, host, net)
    packets = [Packet(rng, rng.choice(["lan", "lan", "wan"])) for _ in range(int(count))]
    before = gateway.counters()
    groups = collections.defaultdict(list)
    others = []
    for i, packet in enumerate(packets):
        traced = gateway.trace(packet)
        groups[traced[0]].append(packet)
        if i % COMMAND_EVERY == 0 and by_command(packet) != traced:
            others.append((str(packet), traced, by_command(packet)))
    point(moved(before, gateway.counters()) == {},
          f"tracing {count} packets counts nothing (seed {seed})")
    if not point(not others, "the command says the same of them"):
        say(*others)
    for key, group in sorted(groups.items(), key=str):
        before = gateway.counters()
        send(group, {"lan": host, "wan": net})
        deadline = time.monotonic() + 5
        found = moved(before, gateway.counters())
        while found != {key: len(group)} and time.monotonic() < deadline:
            time.sleep(0.1)
            found = moved(before, gateway.counters())
        if not point(found == {key: len(group)}, f"{key[0]} {key[1]}: {len(group)} packets"):
            say(found, *map(str, group))
    kinds = {key[0] for key in groups}
    point(kinds == {"flow", "drop", "clear"}, f"packets of each kind: {kinds}")


main()
