#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A gateway under hostile packets: set it up, send them, add up what was counted.

    hostile.py LIBRARY FAR SENDER COUNT SEED

Runs in the network namespace of the gateway of test_hostile.sh; FAR is that of the
peer, SENDER the program that helpers/hostile.c makes, LIBRARY the kernel tree's
tools/net/ynl. A tenth of the packets goes first, so that caches are filled when
memory is looked at. Prints a line for each point, as drop_reasons.py does.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time

import hostile_corpus as corpus
from gateway import Family, namespace, read, say

CORPUS_PACKETS = 3000
# drops before a packet counts as received on its SA
EARLY = ("bad-length", "replay", "zero-sequence", "auth-failed", "in-crypto-error",
         "in-crypto-busy", "encap-mismatch", "in-sa-expired")
GROWTH_MAX = 16 << 10  # kB


def packed(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address).hex()


def host_or_net(side, address):
    """An ACE's address: a /24 or /64 when it is written with its length."""
    address, _, bits = address.partition("/")
    length = 128 if ":" in address else 32
    wildcard = (1 << length - int(bits or length)) - 1
    return {side: packed(address),
            f"{side}-wildcard": wildcard.to_bytes(length // 8, "big").hex()}


class Gateway(Family):
    def ace(self, local, remote, **more):
        return [{"seq": 10, "action": "permit"} | host_or_net("src", local) |
                host_or_net("dst", remote) | more]

    def crypto_map(self, name, peer, *aces):
        family = socket.AF_INET6 if ":" in peer else socket.AF_INET
        self.do("map-new", name=name, family=family)
        for seq, ace in enumerate(aces, 1):
            self.do("acl-new", name=f"{name}-{seq}", family=family, ace=ace)
            self.do("entry-new", map=name, seq=seq, kind="isakmp", acl=f"{name}-{seq}",
                    peer=[packed(peer)], tset=["TS"])
        self.do("attach-new", ifname="wan", map=name)

    def configure(self):
        self.do("config-begin", replace=True)
        self.do("tset-new", name="TS", cipher="null", auth="hmac-sha2-256-128",
                mode="tunnel")
        self.crypto_map("VPN", corpus.PEER, self.ace("10.1.0.0/24", "10.2.0.0/24"),
                        self.ace("10.1.0.0/24", "10.2.0.0/24", **{
                            "protocol": 17, "dst-port-op": "eq", "dst-port": [7]}),
                        self.ace(corpus.GATEWAY, corpus.PEER))
        self.crypto_map("VPN6", corpus.PEER6, self.ace("fd01::/64", "fd02::/64"),
                        self.ace(corpus.GATEWAY6, corpus.PEER6))
        self.do("config-commit")
        flows = {(flow["map"], flow["entry-seq"]): flow["id"]
                 for flow in self.dump("flow-get")}
        spi = corpus.SPI
        for name in ("net", "window", "udp", "esn", "gcm"):
            self.sa(spi[name], "in", flows["VPN", 1], name)
        self.sa(spi["port"], "in", flows["VPN", 2])
        self.sa(spi["transport"], "in", flows["VPN", 3], mode="transport")
        self.sa(spi["nested"], "in", flows["VPN", 3])
        self.sa(spi["net6"], "in", flows["VPN6", 1])
        self.sa(spi["transport6"], "in", flows["VPN6", 2], mode="transport")
        self.sa(corpus.SPI_OUT["net"], "out", flows["VPN", 1])
        self.sa(corpus.SPI_OUT["net6"], "out", flows["VPN6", 1])

    def sa(self, spi, direction, flow, name="", **more):
        ipv6 = spi & 0x2000
        values = {"spi": spi, "dir": direction, "flow-id": flow, "mode": "tunnel",
                  "local": packed(corpus.GATEWAY6 if ipv6 else corpus.GATEWAY),
                  "remote": packed(corpus.PEER6 if ipv6 else corpus.PEER),
                  "cipher": "null", "auth": "hmac-sha2-256-128",
                  "auth-key": corpus.KEY.hex(), "replay-window": 0}
        match name:
            case "window":
                values["replay-window"] = 64
            case "udp":
                values |= {"encap-sport": 4500, "encap-dport": 4500}
            case "esn":
                values |= {"flags": ["esn"], "seq": corpus.ESN_START, "replay-window": 64}
            case "gcm":
                del values["auth"], values["auth-key"]
                values |= {"cipher": "aes-gcm", "enc-key": corpus.GCM_KEY.hex()}
        self.do("sa-new", **values | more)

    # what was counted

    def counted(self):
        """ESP that was taken or refused, but for what came in UDP."""
        total = self.drops()["invalid-spi"]
        for sa in self.dump("sa-get"):
            if sa["dir"] != "in":
                continue
            drops = {drop["reason"]: drop["packets"] for drop in sa.get("drop", ())}
            if sa["spi"] == corpus.SPI["udp"]:
                total += drops.get("encap-mismatch", 0)
            else:
                total += sa["used"].get("packets", 0) + sum(drops.get(reason, 0)
                                                            for reason in EARLY)
        return total


def firewall():
    """Counts what comes to ESP: what is too short to have a number is left to XFRM."""
    rules = """
        table inet count {
            chain in {
                type filter hook input priority 300
                ip protocol esp esp sequence >= 0 counter
                ip6 nexthdr esp esp sequence >= 0 counter
                ip6 nexthdr != { esp, icmpv6 } counter
            }
        }"""
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


def seen():
    """ESP in IPv4, ESP in IPv6, and IPv6 that may have ESP behind other headers."""
    out = subprocess.run(["nft", "-j", "list", "chain", "inet", "count", "in"], check=True,
                         capture_output=True).stdout
    return [expr["counter"]["packets"] for item in json.loads(out)["nftables"]
            if "rule" in item for expr in item["rule"]["expr"] if "counter" in expr]


def address_of(device):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((device, 0))
        return sock.getsockname()[4].hex(":")


def kernel_memory():
    """kB of the kernel's own that nothing can reclaim."""
    return next(int(line.split()[1]) for line in read("/proc/meminfo").splitlines()
                if line.startswith("SUnreclaim"))


def settled():
    """Softirqs have done what the sender left; the number does not change."""
    before, now = None, seen()
    while now != before:
        time.sleep(0.2)
        before, now = now, seen()


def main():
    library, far, sender, count, seed = sys.argv[1:]
    count, seed = int(count), int(seed)
    gw = Gateway(library)
    gw.configure()
    firewall()
    mac = address_of("wan")
    with tempfile.NamedTemporaryFile() as file:
        corpus.write(file.name, seed, CORPUS_PACKETS)

        def send(packets, seed):
            start = time.monotonic()
            with namespace(far):
                out = subprocess.run([sender, "wan", mac, str(packets), str(seed),
                                      file.name], check=True, capture_output=True,
                                     text=True).stdout.strip()
            spent = time.monotonic() - start
            settled()
            say(f"# {out}; {packets / spent:.0f} a second")

        send(count // 10, seed)
        memory = kernel_memory()
        send(count - count // 10, seed + 1)
        grown = kernel_memory() - memory

    esp4, esp6, other6 = seen()
    counted = gw.counted()
    say("#", {reason: packets for reason, packets in gw.drops().items() if packets})
    say(f"# ESP: {esp4} IPv4, {esp6} IPv6, at most {other6} more; counted {counted}")
    ok = esp4 + esp6 <= counted <= esp4 + esp6 + other6
    say("ok" if ok else "not ok", "every ESP packet was counted once")
    say("ok" if grown < GROWTH_MAX else "not ok",
        f"memory of the kernel did not grow: {grown} kB")


main()
