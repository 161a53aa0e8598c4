#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random packets, each traced and then sent: what happened is what was said.

    trace_random.py HOST NET COUNT SEED

Runs in the gateway's namespaces, where packets of HOST arrive on lan and those of
NET on wan. A table of nftables in HOST and NET counts what comes there in clear,
and lets nothing answer. Packets of one fate are sent together; then every
counter has to have moved by as many as were to move it, and no other.
"""

import collections
import json
import random
import socket
import struct
import subprocess
import sys
import time

from gateway import namespace

WATCH = """table ip watch {
	counter seen { }
	chain come {
		type filter hook prerouting priority -300;
		ip saddr %s counter name seen
		drop
	}
}"""
NUMBER = {"tcp": 6, "udp": 17, "icmp": 1}


class Packet:
    """One packet: the words that packet-tracer takes, and its bytes."""

    def __init__(self, rng, device):
        near = f"10.1.0.{rng.randint(2, 9)}"
        far = f"10.2.{rng.randint(0, 4)}.{rng.randint(1, 9)}"
        self.device = device
        self.source, self.target = (near, far) if device == "lan" else (far, "10.1.0.2")
        self.protocol = rng.choice(["tcp", "tcp", "udp", "udp", "icmp", "47"])
        self.ports = rng.choice([22, 80, 100, 150, 443]), rng.choice([22, 80, 150, 443])
        self.icmp = rng.choice([(8, 0), (0, 0), (13, 0)])

    def words(self):
        match self.protocol:
            case "icmp":
                rest = [self.source, *map(str, self.icmp), self.target]
            case "tcp" | "udp":
                rest = [self.source, str(self.ports[0]), self.target, str(self.ports[1])]
            case number:
                return ["rawip", self.source, number, self.target]
        return [self.protocol, *rest]

    def bytes(self):
        match self.protocol:
            case "icmp":
                data = struct.pack(">BBHHH", *self.icmp, 0, 1, 1)
            case "tcp":
                data = struct.pack(">HHIIBBHHH", *self.ports, 0, 0, 5 << 4, 2, 0, 0, 0)
            case "udp":
                data = struct.pack(">HHHH", *self.ports, 8, 0)
            case _:
                data = bytes(8)
        number = NUMBER.get(self.protocol) or int(self.protocol)
        return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, number, 0,
                           socket.inet_aton(self.source),
                           socket.inet_aton(self.target)) + data


def run(*words):
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)


def fate(packet):
    """What is to be counted for the packet."""
    said = run("cryptomap", "packet-tracer", "input", packet.device, *packet.words(), "--json")
    match said["result"]:
        case "protect":
            return "flow", said["flow"]["flow"]
        case "drop":
            return "drop", said["reason"]
        case "clear":
            return "clear", said["output-device"]
    return "unexpected", said["result"]


def clear(name):
    with namespace(name):
        found = run("nft", "-j", "list", "counters", "table", "ip", "watch")
    return next(it["counter"]["packets"] for it in found["nftables"] if "counter" in it)


def counters(host, net):
    found = {("drop", reason): n for reason, n in run("cryptomap", "show", "drops", "--json").items()}
    for flow in run("cryptomap", "show", "crypto", "ipsec", "sa", "--json"):
        found["flow", flow["flow"]] = flow["encaps"]
    found["clear", "wan"] = clear(net)
    found["clear", "lan"] = clear(host)
    return found


def moved(before, now):
    return {key: now[key] - before[key] for key in now if now[key] != before[key]}


def send(packets, where):
    for packet in packets:
        with namespace(where[packet.device]):
            with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
                sock.sendto(packet.bytes(), (packet.target, 0))


def main():
    _, host, net, count, seed = sys.argv
    rng = random.Random(int(seed))
    for name, network in (host, "10.2.0.0/16"), (net, "10.1.0.0/16"):
        with namespace(name):
            subprocess.run(["nft", WATCH % network], check=True)
    packets = [Packet(rng, rng.choice(["lan", "lan", "wan"])) for _ in range(int(count))]
    before = counters(host, net)
    groups = collections.defaultdict(list)
    for packet in packets:
        groups[fate(packet)].append(packet)
    print(f"{'ok' if moved(before, counters(host, net)) == {} else 'not ok'} "
          f"tracing {count} packets counts nothing (seed {seed})")
    for key, group in sorted(groups.items(), key=str):
        before = counters(host, net)
        send(group, {"lan": host, "wan": net})
        deadline = time.monotonic() + 5
        while moved(before, counters(host, net)) != {key: len(group)} and time.monotonic() < deadline:
            time.sleep(0.1)
        found = moved(before, counters(host, net))
        good = found == {key: len(group)}
        print(f"{'ok' if good else 'not ok'} {' '.join(map(str, key))}: {len(group)} packets")
        if not good:
            print(found, [(it.device, *it.words()) for it in group])
    kinds = {key[0] for key in groups}
    print(f"{'ok' if kinds == {'flow', 'drop', 'clear'} else 'not ok'} packets of each kind: {kinds}")


main()
