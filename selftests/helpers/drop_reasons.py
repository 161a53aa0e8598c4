#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Provoke every drop reason of the spec, and look at all counters each time.

    drop_reasons.py LIBRARY FAR HOST

Runs in the network namespace of the gateway; FAR and HOST are namespaces, see
test_drop_reasons.sh, LIBRARY is the kernel tree's tools/net/ynl. Prints a line
for each point: "ok WHAT", "not ok WHAT: WHY" or "skip WHAT: WHY".

What a reason takes is a function with the name of the reason. It yields, as often
as it likes, what to expect of what it did since: Drops. Reasons without a
function must be in NOT_PROVOKED.
"""

import contextlib
import dataclasses
import fcntl
import glob
import os
import re
import socket
import struct
import subprocess
import sys
import time

import esp
from gateway import Family, namespace, read, say, write

TRACING = "/sys/kernel/tracing"
FAILSLAB = "/sys/kernel/debug/failslab"
CRYPTO_INSTANCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                               "crypto_instance.py")
# Linux numbers that Python has no names for
IP_MTU_DISCOVER, IP_PMTUDISC_DONT, IP_PMTUDISC_DO, IP_NODEFRAG = 10, 0, 2, 22
IPV6_HOPOPTS, ETH_P_ALL = 54, 3
SO_SNDBUFFORCE = 32
TUNSETIFF, IFF_TUN, IFF_NO_PI, IFF_VNET_HDR = 0x400454ca, 1, 0x1000, 0x4000

GATEWAY, PEER, LOST_PEER = "192.0.2.1", "192.0.2.2", "203.0.113.9"
INSIDE = "10.1.0.2"
NET, PORT, LOST, SLOW, GONE, BARE, DYNAMIC, PAIRS = (f"10.{n}.0.2"
                                                     for n in (2, 3, 5, 6, 7, 4, 8, 9))
NET6 = "fd02::"
KEY, GCM_KEY = bytes(range(32)), bytes(range(20))
UNKNOWN_SPI = 0xdead
HELD_MAX, HELD_IN_QUEUE, HELD_FEW = 4096, 128, 16
HELD_BYTES_MAX, LARGE = 16 << 20, 60000
PAIRS_OF_SOURCE = 1024
CRYPTD_QUEUE = 1000

LATE = "acquire-timeout"  # comes a minute later, among other rows on a slow kernel
NOT_PROVOKED = {
    "hooks-gone": "a race of microseconds between a packet and the last map's removal",
}


class Skip(Exception):
    """Not with this kernel."""


@dataclasses.dataclass
class Drops:
    """So many of the reason, in the namespace; of one flow and one SA, or of none."""

    packets: int
    flow: int = None
    sa: tuple = None
    what: str = ""
    trace: str = ""  # in every line of the trace
    also: dict = dataclasses.field(default_factory=dict)  # other reasons, likewise

    def counters(self, reason):
        """What changes: {(object, reason): packets}; the namespace is None."""
        return {(it, why): packets for it in (None, self.flow, self.sa)
                if it is None or it
                for why, packets in ({reason: self.packets} | self.also).items()
                if packets}


#
# Namespaces, packets
#

def raw_socket():
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


@contextlib.contextmanager
def setting(path, text):
    before = read(path)
    write(path, text)
    try:
        yield
    finally:
        write(path, before)


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def alone():
    """Nothing but this process, and what it causes at once, runs on CPU 0."""
    ksoftirqd = int(subprocess.run(["pgrep", "-x", "ksoftirqd/0"], check=True,
                                   capture_output=True).stdout)
    first, second = os.sched_param(50), os.sched_param(51)
    with contextlib.ExitStack() as undo:
        undo.enter_context(setting("/proc/sys/kernel/sched_rt_runtime_us", "-1"))
        for fair in glob.glob("/sys/kernel/debug/sched/fair_server/cpu0/runtime"):
            undo.enter_context(setting(fair, "0"))
        undo.callback(os.sched_setaffinity, 0, os.sched_getaffinity(0))
        os.sched_setaffinity(0, {0})
        undo.callback(os.sched_setscheduler, ksoftirqd, os.SCHED_OTHER,
                      os.sched_param(0))
        os.sched_setscheduler(ksoftirqd, os.SCHED_FIFO, second)
        undo.callback(os.sched_setscheduler, 0, os.SCHED_OTHER, os.sched_param(0))
        os.sched_setscheduler(0, os.SCHED_FIFO, first)
        yield


#
# The gateway
#

class Gateway(Family):
    def __init__(self, library, far, host):
        super().__init__(library)
        self.reasons = list(self.family.consts["drop-reason"].entries)
        self.spi = 0x1000
        self.wrapped = None, None, None
        with namespace(far):
            self.far_raw = raw_socket()
        with namespace(host):
            self.host_raw = raw_socket()
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.udp.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
        self.raw = raw_socket()

    # configuration

    def configure(self, without=(), many=0, filters=(), pairs=False):
        """The map, perhaps without some destinations, with so many more, with one that
        has SAs for each pair of hosts, or filtered."""
        self.do("config-begin", replace=True)
        self.do("tset-new", name="TS", cipher="null", auth="hmac-sha2-256-128",
                mode="tunnel")
        self.do("tset-new", name="GCM", cipher="aes-gcm", auth="none", key_bits=128,
                mode="tunnel")
        self.do("map-new", name="VPN", family=socket.AF_INET)
        self.do("map-new", name="BARE", family=socket.AF_INET)
        self.do("map-new", name="VPN6", family=socket.AF_INET6)
        for seq, remote in ((10, NET), (20, PORT), (30, LOST), (40, SLOW), (50, GONE)):
            if remote in without:
                continue
            ace = self.ace(10, remote)
            if remote == PORT:
                ace |= {"protocol": 17, "dst-port-op": "eq", "dst-port": [7]}
            self.entry("VPN", seq, [ace], LOST_PEER if remote == LOST else PEER,
                       **{f"filter_{direction}": "FILTER" for direction in filters})
        if many:
            self.entry("VPN", 60, [self.ace(n + 1, many_host(n), "00000000")
                                   for n in range(many)], PEER)
        if pairs:
            self.entry("VPN", 70, [self.ace(10, PAIRS, "0000ffff")], PEER, per_host=True)
        if DYNAMIC not in without:
            self.do("acl-new", name="DYNAMIC", ace=[self.ace(10, DYNAMIC)])
            self.do("map-new", name="VPN", family=socket.AF_INET, dynamic=True)
            self.do("entry-new", map="VPN", seq=10, kind="template", tset=["TS"],
                    acl="DYNAMIC")
            self.do("entry-new", map="VPN", seq=65535, kind="dynamic", dynamic="VPN")
            self.do("map-new", name="ANY", family=socket.AF_INET, dynamic=True)
            self.do("entry-new", map="ANY", seq=10, kind="template", tset=["TS"])
            self.do("entry-new", map="VPN", seq=5, kind="dynamic", dynamic="ANY")
        self.do("acl-new", name="FILTER", family=socket.AF_INET,
                ace=[{"seq": 10, "action": "deny", "tos": 0xb8, "tos-mask": 0xfc},
                     {"seq": 20, "action": "permit", "protocol": 1}])
        self.entry("BARE", 10, [self.ace(10, BARE)], PEER)
        self.entry("VPN6", 10, [{"seq": 10, "action": "permit",
                                 "dst": socket.inet_pton(socket.AF_INET6, NET6).hex(),
                                 "dst-wildcard": "00" * 8 + "ff" * 8}], PEER)
        self.do("attach-new", ifname="wan", map="VPN")
        self.do("attach-new", ifname="wan", map="VPN6")
        self.do("attach-new", ifname="bare", map="BARE")
        self.do("config-commit")
        self.flows = {flow["selector"]["remote"]: flow["id"]
                      for flow in self.dump("flow-get")}

    @staticmethod
    def ace(seq, remote, wildcard="000000ff"):
        network = socket.inet_aton(remote)
        if wildcard != "00000000":
            network = network[:3] + b"\0"
        return {"seq": seq, "action": "permit", "src": "0a010000",
                "src-wildcard": "000000ff", "dst": network.hex(),
                "dst-wildcard": wildcard}

    def entry(self, name, seq, aces, peer, **settings):
        acl = f"{name}-{seq}"
        more = {"kind": "isakmp", "tset": ["TS"]}
        if name == "BARE":
            keys = {"spi": 256, "enc-key": GCM_KEY.hex()}
            more = {"kind": "manual", "tset": ["GCM"], "manual-in": keys,
                    "manual-out": keys}
        self.do("acl-new", name=acl, ace=aces, family=socket.AF_INET6 if name == "VPN6"
                else socket.AF_INET)
        self.do("entry-new", map=name, seq=seq, acl=acl,
                peer=[socket.inet_aton(peer).hex()], **more, **settings)

    def flow(self, remote):
        """Id of the flow to an address."""
        return self.flows[remote if remote in self.flows else
                          remote.rpartition(".")[0] + ".0"]

    def listen(self):
        """Be a daemon that never answers."""
        self.do("daemon-set", daemon=1)

    def sa(self, direction, remote=NET, peer=PEER, gcm=False, **more):
        """Add an SA; (SPI, direction) names it in what follows."""
        self.spi += 1
        alg = {"cipher": "aes-gcm", "enc_key": GCM_KEY.hex()} if gcm else \
              {"cipher": "null", "auth": "hmac-sha2-256-128", "auth_key": KEY.hex()}
        self.do("sa-new", **{"spi": self.spi, "dir": direction, "mode": "tunnel",
                             "local": socket.inet_aton(GATEWAY).hex(),
                             "remote": socket.inet_aton(peer).hex(),
                             "flow_id": self.flow(remote)} | alg | more)
        return self.spi, direction

    def wait_removed(self):
        """The counters of an SA that dies of its drop go with it."""
        wait_for(lambda: not self.dump("sa-get"))

    # packets

    def send_out(self, remote, packets, size=20):
        """From the host behind the gateway."""
        for _ in range(packets):
            self.udp.sendto(bytes(size), (remote, 9))

    def send_esp(self, *packets, **fields):
        """From the peer."""
        for packet in packets:
            self.far_raw.sendto(esp.ipv4(PEER, GATEWAY, esp.IPPROTO_ESP, packet,
                                         **fields), (GATEWAY, 0))

    def send_inner(self, sa, *inner, next_header=socket.IPPROTO_IPIP, first=1, **fields):
        for number, packet in enumerate(inner, first):
            self.send_esp(esp.tunnel(sa[0], KEY, number, packet, next_header), **fields)

    # crypto

    def wrap(self, template, name, kind):
        """New transforms of that name are made of cryptd(...) or pcrypt(...)."""
        if self.wrapped[0] == template:
            return
        self.unwrap()
        self.sa("in", gcm=True)  # then both algorithms are in /proc/crypto
        self.sa("in")
        self.do("sa-flush")
        self.wrapped = template, kind, f"{template}({best_driver(name)})"
        subprocess.run([sys.executable, CRYPTO_INSTANCE, *self.wrapped[1:]], check=True)

    def unwrap(self):
        if self.wrapped[0]:
            wait_for(lambda: not subprocess.run(
                [sys.executable, CRYPTO_INSTANCE, "remove", *self.wrapped[1:]],
                check=False, capture_output=True).returncode)
        self.wrapped = None, None, None

    # counters

    def counters(self):
        """All: {(object, reason): packets}; the namespace is None."""
        found = {(None, reason): packets for reason, packets in self.drops().items()}
        for flow in self.dump("flow-get"):
            for drop in flow.get("drop", ()):
                found[flow["id"], drop["reason"]] = drop["packets"]
        for sa in self.dump("sa-get"):
            for drop in sa.get("drop", ()):
                found[(sa["spi"], sa["dir"]), drop["reason"]] = drop["packets"]
        return found


def best_driver(name):
    """What the kernel prefers for an algorithm so far."""
    best = (0, None)
    for text in read("/proc/crypto").split("\n\n"):
        alg = {key.strip(): value.strip() for key, _, value in
               (line.partition(":") for line in text.splitlines())}
        if alg.get("name") == name and not alg["driver"].startswith(("cryptd(", "pcrypt(")):
            best = max(best, (int(alg["priority"]), alg["driver"]))
    return best[1]


def many_host(number):
    return f"10.8.{number // 250}.{number % 250 + 1}"


ECHO = esp.echo_reply(NET, INSIDE)


#
# Outbound reasons. Those without an SA come first, since others leave packets that
# wait for none.
#

def no_daemon(gw):
    gw.send_out(NET, 2)
    yield Drops(2, gw.flow(NET))


def no_sa(gw):
    gw.listen()
    # for the end, a minute later
    gw.send_out(SLOW, 5)
    gw.slow_since = time.monotonic()
    gw.send_out(NET, HELD_IN_QUEUE + 3)
    yield Drops(3, gw.flow(NET))


def acquire_failed(gw):
    gw.do("flow-fail", id=gw.flow(NET), reason="no answer")
    yield Drops(HELD_IN_QUEUE, gw.flow(NET), what="held packets")
    gw.send_out(NET, 2)
    yield Drops(2, gw.flow(NET), what="packets that come soon after")


def no_sa_manual(gw):
    """The interface has no address, so there is no end point."""
    gw.send_out(BARE, 2)
    yield Drops(2, gw.flow(BARE), trace=" map=BARE entry=10 ace=10 ")


def no_sa_dynamic(gw):
    """What peers may negotiate, and nobody has, or not to the end."""
    gw.send_out(DYNAMIC, 2)
    yield Drops(2, what="within the access list of the dynamic map")

    def negotiate(seq, remote):
        ace = gw.ace(10, remote)
        return gw.do("flow-new", ifname="wan", map="VPN", entry_seq=seq, dynamic_seq=10,
                     remote=socket.inet_aton(PEER).hex(),
                     selector={"family": socket.AF_INET, "local": ace["src"],
                               "local-wildcard": ace["src-wildcard"],
                               "remote": ace["dst"],
                               "remote-wildcard": ace["dst-wildcard"]})["id"]

    flow = negotiate(65535, DYNAMIC)
    gw.send_out(DYNAMIC, 2)
    yield Drops(2, flow, trace=" map=VPN entry=65535 ", what="a flow without an SA")
    flow = negotiate(5, NET)
    gw.send_out(NET, 2)
    yield Drops(2, flow, trace=" map=VPN entry=5 ", what="before a static entry")
    gw.configure(without=(DYNAMIC,))
    gw.configure()


def flow_gone(gw):
    gw.send_out(GONE, 2)
    gw.configure(without=(GONE,))
    yield Drops(2)
    gw.configure()


def hold_full(gw):
    # the first ones do not take quite half of the room
    full = HELD_MAX // 2 // HELD_IN_QUEUE - 1
    flows = full + (HELD_MAX - full * HELD_IN_QUEUE) // HELD_FEW
    gw.configure(many=flows + 1)
    before = gw.do("stats-get")["held"]
    for number in range(full):
        gw.send_out(many_host(number), HELD_IN_QUEUE)
    for number in range(full, flows - 1):
        gw.send_out(many_host(number), HELD_FEW)
    for number in 0, full:
        gw.send_out(many_host(number), 2)
        yield Drops(0, gw.flow(many_host(number)), what="as many as a flow may have",
                    also={"no-sa": 2})
    gw.send_out(many_host(flows - 1), HELD_FEW)
    yield Drops(before, gw.flow(many_host(flows - 1)), what="the last flow")
    gw.send_out(many_host(flows), 3)
    yield Drops(3, gw.flow(many_host(flows)), what="a flow of its own")
    gw.configure()
    yield Drops(0, what="none waits any more", also={"flow-gone": HELD_MAX - before})
    gw.configure(many=flows + 1)
    # datagrams that are reassembled on the way: their memory is what counts
    held = gw.do("stats-get")["held"]
    lost = gw.drops()["hold-full"]
    for number in range(1, HELD_BYTES_MAX // LARGE // HELD_FEW + 2):
        gw.send_out(many_host(number), HELD_FEW, size=LARGE)
        wait_for(lambda sent=number * HELD_FEW: sent ==
                 gw.do("stats-get")["held"] - held + gw.drops()["hold-full"] - lost)
        kept = gw.do("stats-get")["held"] - held
        if kept < number * HELD_FEW:
            yield Drops(number * HELD_FEW - kept, gw.flow(many_host(number)),
                        what="large ones")
            break
    else:
        raise AssertionError(f"{kept} large ones are held")
    gw.configure()
    wait_for(lambda: gw.do("stats-get")["held"] == before)


def host_pair_limit(gw):
    """A packet to each of so many hosts, and to one more."""
    gw.configure(pairs=True)
    flows = gw.do("stats-get")["flows"]
    for number in range(PAIRS_OF_SOURCE):
        gw.send_out(f"10.9.{number >> 8}.{number & 255}", 1)
        # the queue of those that have no flow yet is short
        if not (number + 1) % 128:
            wait_for(lambda: gw.do("stats-get")["flows"] > flows + number)
    gw.send_out("10.9.255.1", 2)
    yield Drops(2, gw.flow(PAIRS), trace=" map=VPN entry=70 ace=10 ")
    gw.configure()


def no_route(gw):
    sa = gw.sa("out", LOST, LOST_PEER)
    gw.send_out(LOST, 2)
    yield Drops(2, gw.flow(LOST), sa)


def too_big(gw):
    sa = gw.sa("out")
    gw.udp.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
    gw.send_out(NET, 1, 1472)
    gw.udp.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
    yield Drops(1, gw.flow(NET), sa)
    # IPv6 whose headers alone fill the path: no fragment has room for anything
    sa = gw.sa("out", NET6)
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    options = bytes([0, 1400 // 8 - 1]) + (b"\x01\xff" + bytes(255)) * 5 + \
        b"\x01\x6f" + bytes(0x6f)
    sock.setsockopt(socket.IPPROTO_IPV6, IPV6_HOPOPTS, options)
    sock.sendto(bytes(20), (NET6 + "2", 9))
    yield Drops(1, gw.flow(NET6), sa, "no room for fragments")


def segment_failed(gw):
    """TCP whose header ends before it begins, of a virtual machine, say."""
    sa = gw.sa("out")
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"vm", IFF_TUN | IFF_NO_PI |
                                            IFF_VNET_HDR))
    subprocess.run(["ip", "link", "set", "vm", "up"], check=True)
    write("/proc/sys/net/ipv4/conf/vm/rp_filter", "0")
    needs_csum, gso_tcpv4 = 1, 1
    header = struct.pack("=BBHHHH", needs_csum, gso_tcpv4, 40, 500, 20, 16)
    tcp = struct.pack(">HHIIBBHHH", 1, 1, 0, 0, 0, 0x10, 0, 0, 0) + bytes(1200)
    os.write(tun, header + esp.ipv4(INSIDE, NET, socket.IPPROTO_TCP, tcp))
    yield Drops(1, gw.flow(NET), sa)
    os.close(tun)


def fragment_port(gw):
    fields = {"proto": socket.IPPROTO_UDP, "payload": bytes(16), "frag": 8}
    gw.far_raw.sendto(esp.ipv4(PORT, INSIDE, **fields), (INSIDE, 0))
    yield Drops(1, what="in clear")
    gw.raw.setsockopt(socket.IPPROTO_IP, IP_NODEFRAG, 1)
    gw.raw.sendto(esp.ipv4("10.1.0.1", PORT, **fields), (PORT, 0))
    yield Drops(1, what="out")


def transport_mismatch(gw):
    sa = gw.sa("out", mode="transport")
    gw.send_out(NET, 2)
    yield Drops(2, gw.flow(NET), sa)


def out_no_memory(gw):
    sa = gw.sa("out")
    with allocation_fails():
        gw.send_out(NET, 1)
    yield Drops(1, gw.flow(NET), sa)


def out_sa_expired(gw):
    gw.sa("out", hard={"packets": 2})
    gw.send_out(NET, 3)
    gw.wait_removed()
    yield Drops(1, gw.flow(NET))


def seq_exhausted(gw):
    gw.sa("out", seq=0xffffffff)
    gw.send_out(NET, 1)
    gw.wait_removed()
    yield Drops(1, gw.flow(NET))


def out_selector(gw):
    sa = gw.sa("out", selector={
        "local": "0a010000", "local-wildcard": "000000ff", "remote": "0a020010",
        "remote-wildcard": "0000000f", "family": socket.AF_INET})
    gw.send_out(NET, 2)
    yield Drops(2, gw.flow(NET), sa)


def icmp_quote(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, esp.echo_reply(NET, INSIDE, ttl=1))
    yield Drops(1)


def access_group_out(gw):
    gw.configure(filters=("out",))
    gw.send_out(NET, 2)
    yield Drops(2, gw.flow(NET))
    gw.configure()


def out_malformed(gw):
    gw.raw.sendto(esp.ipv4("10.1.0.1", NET, 253, b"", first=0x55), (NET, 0))
    yield Drops(1)


def output_loop(gw):
    sa = gw.sa("out")
    # NAT makes of ESP what the map protects
    subprocess.run(["nft", "-f", "-"], check=True, text=True, input=f"""
        table ip loop {{
            chain output {{
                type nat hook output priority -100
                ip protocol esp dnat to {NET}
            }}
            chain postrouting {{
                type nat hook postrouting priority 100
                ip protocol esp snat to 10.1.0.1
            }}
        }}""")
    gw.send_out(NET, 2)
    yield Drops(2, gw.flow(NET), sa)
    subprocess.run(["nft", "delete", "table", "ip", "loop"], check=True)


#
# Inbound reasons
#

def clear_text(gw):
    gw.far_raw.sendto(ECHO, (INSIDE, 0))
    gw.far_raw.sendto(ECHO, (INSIDE, 0))
    yield Drops(2, gw.flow(NET))


def invalid_spi(gw):
    gw.send_inner((UNKNOWN_SPI, "in"), ECHO, ECHO)
    yield Drops(2, trace=f" spi={UNKNOWN_SPI:#x} ")


def larval_full(gw):
    with other_socket(gw):
        spi = gw.do("spi-alloc", local=socket.inet_aton(GATEWAY).hex())["spi"]
        gw.send_inner((spi, "in"), *[ECHO] * (HELD_IN_QUEUE + 2))
        yield Drops(2, what="the queue is full", trace=f" spi={spi:#x} ")
    yield Drops(HELD_IN_QUEUE, what="keys never came")
    with other_socket(gw):
        spi = gw.do("spi-alloc", local=socket.inet_aton(GATEWAY).hex())["spi"]
        gw.send_inner((spi, "in"), *[ECHO] * HELD_IN_QUEUE)
        gw.spi = spi - 1
        gw.sa("in", replay_window=64)
        wait_for(lambda: [sa["used"]["packets"] for sa in gw.dump("sa-get")
                          if sa["spi"] == spi] == [HELD_IN_QUEUE])
    yield Drops(0, what="keys came")


def receive_queue(gw):
    """All that waited for keys goes on after its interface went down."""
    with other_socket(gw):
        spi = gw.do("spi-alloc", local=socket.inet_aton(GATEWAY).hex())["spi"]
        packet = esp.tunnel(spi, KEY, 1, ECHO)
        gw.host_raw.sendto(esp.ipv4(PEER, GATEWAY, esp.IPPROTO_ESP, packet), (GATEWAY, 0))
        subprocess.run(["ip", "link", "set", "lan", "down"], check=True)
        gw.spi = spi - 1
        sa = gw.sa("in")
        yield Drops(1, gw.flow(NET), sa)
        subprocess.run(["ip", "link", "set", "lan", "up"], check=True)


def bad_length(gw):
    sa = gw.sa("in")
    whole = esp.tunnel(sa[0], KEY, 1, ECHO)
    gw.send_esp(whole[:20], whole[:-1])
    yield Drops(2, gw.flow(NET), sa)


def replay(gw):
    sa = gw.sa("in", replay_window=64)
    gw.send_inner(sa, ECHO, first=100)
    gw.send_inner(sa, ECHO, first=100)
    yield Drops(1, gw.flow(NET), sa, "a number seen before",
                " map=VPN entry=10 ace=10 .* seq=100 top=100 window=64$")
    gw.send_inner(sa, ECHO, first=36)
    yield Drops(1, gw.flow(NET), sa, "a number left of the window",
                " seq=36 top=100 window=64$")
    sa = gw.sa("in", replay_window=64, flags=["esn"], seq=(5 << 32) + 100)
    gw.send_esp(esp.tunnel(sa[0], KEY, (5 << 32) + 99, ECHO, extended=True))
    yield Drops(1, gw.flow(NET), sa, "an extended number",
                f" seq={(5 << 32) + 99} top={(5 << 32) + 100} window=64$")


def zero_sequence(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, ECHO, first=0)
    yield Drops(1, gw.flow(NET), sa)


def auth_failed(gw):
    sa = gw.sa("in")
    packet = esp.tunnel(sa[0], KEY, 1, ECHO)
    gw.send_esp(packet[:-1] + bytes([packet[-1] ^ 1]), packet[:30] + b"!" + packet[31:])
    yield Drops(2, gw.flow(NET), sa)


def in_no_memory(gw):
    sa = gw.sa("in")
    # what somebody else looks at has to be copied
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as tap:
        tap.bind(("wan", ETH_P_ALL))
        with allocation_fails():
            gw.send_inner(sa, ECHO)
        yield Drops(1, gw.flow(NET), sa)


def bad_padding(gw):
    sa = gw.sa("in")
    wrong = bytes([1, 2, 9, 4, 5, 6, 6, socket.IPPROTO_IPIP])
    longer = bytes([1, 2, 255, socket.IPPROTO_IPIP])
    gw.send_esp(esp.seal(sa[0], KEY, 1, ECHO + wrong), esp.seal(sa[0], KEY, 2, longer))
    yield Drops(2, gw.flow(NET), sa)


def bad_next_header(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, ECHO, next_header=socket.IPPROTO_UDP)
    gw.send_inner(sa, ECHO, next_header=socket.IPPROTO_IPV6, first=2)
    yield Drops(2, gw.flow(NET), sa)


def dummy(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, ECHO, b"", next_header=esp.IPPROTO_NONE)
    yield Drops(2, gw.flow(NET), sa)


def bad_inner(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, *(esp.echo_reply(NET, INSIDE, **wrong) for wrong in (
        {"first": 0x55}, {"first": 0x44}, {"first": 0x4f}, {"length": 19},
        {"length": 100})), ECHO[:19], b"")
    yield Drops(7, gw.flow(NET), sa)


def selector_mismatch(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, esp.echo_reply("10.9.0.2", INSIDE), esp.echo_reply(NET, "10.9.0.2"))
    yield Drops(2, gw.flow(NET), sa, "outside of the selectors")
    sa = gw.sa("in", mode="transport")
    gw.far_raw.sendto(esp.ipv4(LOST_PEER, GATEWAY, esp.IPPROTO_ESP, esp.tunnel(
        sa[0], KEY, 1, b"", socket.IPPROTO_UDP)), (GATEWAY, 0))
    yield Drops(1, gw.flow(NET), sa, "transport mode, not of the peer")


def inner_fragment(gw):
    sa = gw.sa("in", PORT)
    gw.send_inner(sa, esp.ipv4(PORT, INSIDE, socket.IPPROTO_UDP, b"\0\7"))
    yield Drops(1, gw.flow(PORT), sa)


def access_group_in(gw):
    gw.configure(filters=("in",))
    sa = gw.sa("in")
    gw.send_inner(sa, esp.ipv4(NET, INSIDE, socket.IPPROTO_UDP, bytes(16)), ECHO)
    yield Drops(1, gw.flow(NET), sa)
    gw.configure()


def udp_checksum(gw):
    """Without a word about the SA: its SPI may be what is wrong."""
    sa = gw.sa("in", encap_sport=4500, encap_dport=4500)
    packet = esp.tunnel(sa[0], KEY, 1, ECHO)
    packet = struct.pack(">HHHH", 4500, 4500, 8 + len(packet), 4711) + packet
    gw.far_raw.sendto(esp.ipv4(PEER, GATEWAY, socket.IPPROTO_UDP, packet), (GATEWAY, 0))
    yield Drops(1)


def encap_mismatch(gw):
    sa = gw.sa("in", encap_sport=4500, encap_dport=4500)
    gw.send_inner(sa, ECHO, ECHO)
    yield Drops(2, gw.flow(NET), sa)


def in_sa_expired(gw):
    sa = gw.sa("in", hard={"packets": 2})
    gw.send_inner(sa, ECHO, ECHO, ECHO)
    gw.wait_removed()
    yield Drops(1, gw.flow(NET))


def ecn(gw):
    sa = gw.sa("in")
    gw.send_inner(sa, ECHO, tos=3)
    yield Drops(1, gw.flow(NET), sa)


#
# Crypto, with instances that stay where the kernel cannot remove them
#

def out_crypto_busy(gw):
    gw.wrap("cryptd", "hmac(sha256)", "hash")
    sa = gw.sa("out")
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("10.1.0.1", 0))
    sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 26)
    with alone():
        for _ in range(CRYPTD_QUEUE + 3):
            sock.sendto(bytes(20), (NET, 9))
    yield Drops(3, gw.flow(NET), sa, trace=" seq=100[1-3] ")


def in_crypto_busy(gw):
    gw.wrap("cryptd", "hmac(sha256)", "hash")
    sa = gw.sa("in")
    packets = [esp.ipv4(PEER, GATEWAY, esp.IPPROTO_ESP,
                        esp.tunnel(sa[0], KEY, number, ECHO))
               for number in range(1, CRYPTD_QUEUE + 4)]
    with alone():
        for packet in packets:
            gw.far_raw.sendto(packet, (GATEWAY, 0))
    yield Drops(3, gw.flow(NET), sa)
    # an SA that went before its packets would be the reason of the next drops
    wait_for(lambda: gw.dump("sa-get")[0]["used"]["packets"] == CRYPTD_QUEUE, 60)


def out_crypto_error(gw):
    gw.wrap("pcrypt", "rfc4106(gcm(aes))", "aead")
    sa = gw.sa("out", gcm=True)
    # with no CPU to work on it refuses whatever comes
    with setting("/sys/kernel/pcrypt/pencrypt/parallel_cpumask", "0"):
        gw.send_out(NET, 2)
        yield Drops(2, gw.flow(NET), sa, trace=" seq=[12] ")


def in_crypto_error(gw):
    gw.wrap("pcrypt", "rfc4106(gcm(aes))", "aead")
    sa = gw.sa("in", gcm=True)
    with setting("/sys/kernel/pcrypt/pdecrypt/parallel_cpumask", "0"):
        gw.send_esp(*(struct.pack(">II", sa[0], number) + bytes(60) for number in (1, 2)))
        yield Drops(2, gw.flow(NET), sa)


def acquire_timeout(gw):
    wait_for(lambda: gw.drops()["acquire-timeout"], 90)
    yield Drops(5, gw.flow(SLOW))


#
# What some of them need
#

@contextlib.contextmanager
def other_socket(gw):
    """Requests come from a socket that is closed at the end."""
    mine = gw.family.sock
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                       gw.family.nlproto.proto_num) as gw.family.sock:
        try:
            yield
        finally:
            gw.family.sock = mine


@contextlib.contextmanager
def allocation_fails():
    """The next allocation with a function of the module on the stack."""
    if not os.path.exists(FAILSLAB):
        raise Skip("the kernel has no failslab; make check-debug does it")
    line = next(text for text in read("/proc/modules").splitlines()
                if text.startswith("crypto_map "))
    size, start = int(line.split()[1]), int(line.split()[5], 16)
    with contextlib.ExitStack() as undo:
        for name, value in {"require-start": start, "require-end": start + size,
                            "stacktrace-depth": 32, "verbose": 0, "interval": 1,
                            "task-filter": "N", "ignore-gfp-wait": "N", "times": 1,
                            "probability": 100}.items():
            undo.enter_context(setting(f"{FAILSLAB}/{name}", str(value)))
        yield


#
# The points
#

def difference(after, before):
    found = {key: after[key] - before.get(key, 0) for key in after}
    return {key: packets for key, packets in found.items() if packets}


def traced(event):
    return [line for line in read(f"{TRACING}/trace").splitlines() if event in line]


def trace_trouble(reason, expected):
    """What is wrong with what the tracepoint told, or None."""
    lines = traced(f"cmap_drop: reason={reason} ")
    wanted = [expected.trace]
    if expected.flow:
        wanted.append(f" flow={expected.flow} ")
    if expected.sa:
        wanted.append(f" spi={expected.sa[0]:#x} ")
    if len(lines) != expected.packets:
        return f"{len(lines)} lines in the trace"
    return next((f"no '{text}' in the trace: {line.strip()}" for line in lines
                 for text in wanted if not re.search(text, line)), None)


def step(gw, reason, steps):
    """One more of the steps; StopIteration when there is none."""
    def counters():
        return {key: packets for key, packets in gw.counters().items()
                if key[1] != LATE or reason == LATE}

    write(f"{TRACING}/trace", "")
    before = {key: packets for key, packets in counters().items() if key[1] != LATE}
    expected = next(steps)
    wanted = expected.counters(reason)
    wait_for(lambda: difference(counters(), before) == wanted)
    found = difference(counters(), before)
    what = f"{reason}: {expected.packets}" + (expected.what and f", {expected.what}")
    trouble = reason != LATE and trace_trouble(reason, expected)
    if found != wanted:
        say(f"not ok {what}: {found} instead of {wanted}")
    elif trouble:
        say(f"not ok {what}: {trouble}")
    else:
        say("ok", what)


def provoke(gw, reason, function):
    start = time.monotonic()
    steps = function(gw)
    try:
        while True:
            step(gw, reason, steps)
    except StopIteration:
        pass
    except Skip as why:
        say(f"skip {reason}: {why}")
    except Exception as trouble:  # the other reasons have their turn all the same
        say(f"not ok {reason}: {trouble!r}")
    steps.close()
    gw.do("sa-flush")
    say(f"# {reason}: {time.monotonic() - start:.1f} seconds")


def other_events(gw):
    flow = gw.flow(NET)
    write(f"{TRACING}/trace", "")
    gw.send_out(NET, 1)
    gw.do("flow-fail", id=flow, reason="no answer")
    lines = traced("cmap_acquire: ")
    ok = len(lines) == 1 and f" flow={flow} map=VPN entry=10 ace=10" in lines[0]
    say("ok an acquire is traced" if ok else f"not ok an acquire is traced: {lines}")
    spi, _ = gw.sa("out", standby=True)
    gw.do("sa-flush")
    states = [line.partition(f" flow={flow} spi={spi:#x} dir=out state=")[2]
              for line in traced("cmap_sa: ")]
    ok = states == ["standby removed=0", "standby removed=1"]
    say("ok the life of an SA is traced" if ok else
        f"not ok the life of an SA is traced: {states}")


def main():
    library, far, host = sys.argv[1:]
    gw = Gateway(library, far, host)
    table = {name.replace("_", "-"): it for name, it in globals().items()}
    missing = [reason for reason in gw.reasons
               if reason not in table and reason not in NOT_PROVOKED]
    say(f"not ok each reason is in the table: {missing}" if missing else
        "ok each reason is in the table")
    gw.configure()
    for name, function in table.items():
        if name in gw.reasons:
            provoke(gw, name, function)
    gw.unwrap()
    other_events(gw)
    for reason, why in NOT_PROVOKED.items():
        say(f"skip {reason}: {why}")


main()
