# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets that only somebody with the keys can make, hostile inside.

Each is a whole IP packet from the peer to the gateway of test_hostile.sh: ESP for
one of its SAs that verifies, plain or in UDP, or an ICMP error about its ESP.
"""

import random
import socket
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import esp

GATEWAY, PEER = "192.0.2.1", "192.0.2.2"
GATEWAY6, PEER6 = "2001:db8:a::1", "2001:db8:a::2"
INSIDE, FAR = "10.1.0.2", "10.2.0.2"
INSIDE6, FAR6 = "fd01::2", "fd02::2"
KEY, GCM_KEY = bytes(range(32)), bytes(range(20))
ESN_START = 5 << 32

# inbound SAs: SPI by what is special about them
SPI = {"net": 0x1001, "window": 0x1002, "port": 0x1003, "transport": 0x1004,
       "nested": 0x1005, "udp": 0x1006, "esn": 0x1007, "gcm": 0x1008, "net6": 0x2001,
       "transport6": 0x2002}
# outbound ones
SPI_OUT = {"net": 0x1101, "net6": 0x2101}

ADDRESSES = (FAR, INSIDE, "10.1.0.1", "10.1.0.255", GATEWAY, PEER, "127.0.0.1",
             "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.1.2.3")
ADDRESSES6 = (FAR6, INSIDE6, "fd01::1", GATEWAY6, PEER6, "::1", "::", "ff02::1",
              "fe80::1", "::ffff:10.1.0.2")
PROTOCOLS = (0, 1, 2, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 89, 132, 253)


def ipv6(source, destination, proto, payload, length=None, first=0x60, hops=64):
    return struct.pack(">IHBB16s16s", first << 24,
                       len(payload) if length is None else length, proto, hops,
                       socket.inet_pton(socket.AF_INET6, source),
                       socket.inet_pton(socket.AF_INET6, destination)) + payload


class Corpus:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = 0

    def bytes(self, limit):
        return self.random.randbytes(self.random.randrange(limit))

    def payload(self):
        """Of a transport protocol: (protocol, bytes)."""
        rnd = self.random
        ports = struct.pack(">HH", rnd.choice((7, 53, 500, 4500, 65535)),
                            rnd.choice((7, 22, 500, 4500, 0)))
        return rnd.choice((
            lambda: (socket.IPPROTO_ICMP, struct.pack(">BBHHH", 0, 0, 0xfffe, 1, 0)),
            lambda: (socket.IPPROTO_ICMP, bytes([rnd.randrange(20), rnd.randrange(6)]) +
                     self.bytes(80)),
            lambda: (socket.IPPROTO_UDP, ports + struct.pack(
                ">HH", rnd.choice((0, 7, 8, 60, 65535)), 0) + self.bytes(60)),
            lambda: (socket.IPPROTO_TCP, ports + rnd.randbytes(8) + bytes(
                [rnd.choice((0, 4, 5, 15)) << 4, rnd.randrange(64)]) + self.bytes(60)),
            lambda: (rnd.choice(PROTOCOLS), self.bytes(200)),
        ))()

    def address(self, usual, others):
        return usual if self.random.randrange(5) else self.random.choice(others)

    def inner4(self, source=FAR, destination=INSIDE):
        rnd = self.random
        proto, payload = self.payload()
        fields = {}
        for name, values in (("first", range(256)), ("length", (0, 19, 20, 21, 100, 65535)),
                             ("frag", (0x2000, 0x2001, 0x0002, 0x4000, 0x1fff, 0x3fff)),
                             ("ttl", (0, 1, 255)), ("tos", range(256))):
            if not rnd.randrange(6):
                fields[name] = rnd.choice(values)
        return esp.ipv4(self.address(source, ADDRESSES),
                        self.address(destination, ADDRESSES), proto, payload, **fields)

    def inner6(self, source=FAR6, destination=INSIDE6):
        rnd = self.random
        proto, payload = self.payload()
        if proto == socket.IPPROTO_ICMP:
            proto, payload = 58, b"\x81" + payload[1:]
        for _ in range(rnd.choice((0, 0, 1, 3, 20))):
            header = rnd.choice((0, 43, 44, 60))
            rest = struct.pack(">HI", rnd.choice((0, 1, 8, 9, 0xfff8)), 7) \
                if header == 44 else b"\x01\x04" + bytes(4)
            payload = bytes([proto, 0]) + rest + payload
            proto = header
        fields = {}
        for name, values in (("first", range(256)), ("length", (0, 1, 7, 100, 65535)),
                             ("hops", (0, 1, 255))):
            if not rnd.randrange(6):
                fields[name] = rnd.choice(values)
        return ipv6(self.address(source, ADDRESSES6),
                    self.address(destination, ADDRESSES6), proto, payload, **fields)

    def text(self, plain, next_header):
        """With a trailer, which may be wrong."""
        rnd = self.random
        match rnd.randrange(12):
            case 0:
                next_header = rnd.choice((esp.IPPROTO_NONE, rnd.randrange(256)))
            case 1:
                plain = self.bytes(80)
            case 2:
                return plain[:len(plain) // 4 * 4] + rnd.randbytes(4)
            case 3:
                return bytes([0, next_header])
        return esp.padded(plain, next_header)

    def seal(self, name, text):
        self.number += 1
        extended = name == "esn"
        number = ESN_START + self.number if extended else self.number
        if name == "gcm":
            text += bytes(-len(text) % 4)
            iv = struct.pack(">Q", number)
            head = struct.pack(">II", SPI[name], number)
            return head + iv + AESGCM(GCM_KEY[:16]).encrypt(GCM_KEY[16:] + iv, text, head)
        return esp.seal(SPI[name], KEY, number, text, extended)

    def outer4(self, packet, proto=esp.IPPROTO_ESP):
        return esp.ipv4(PEER, GATEWAY, proto, packet, tos=self.random.choice((0, 1, 3)))

    def tunnel4(self):
        name = self.random.choice(("net", "net", "net", "window", "esn", "gcm"))
        return self.outer4(self.seal(name, self.text(self.inner4(), 4)))

    def port(self):
        inner = self.inner4()
        if self.random.randrange(2):
            whole = esp.ipv4(FAR, INSIDE, 17, struct.pack(">HHHH", 7, 7, 40, 0) + bytes(32),
                             frag=self.random.choice((0x2000, 1, 2, 3, 0x2001)))
            inner = whole
        return self.outer4(self.seal("port", self.text(inner, 4)))

    def transport(self):
        proto, payload = self.payload()
        return self.outer4(self.seal("transport", self.text(payload, proto)))

    def nested(self):
        """ESP in ESP in ESP, and so on, for the gateway itself."""
        packet = self.tunnel4() if self.random.randrange(2) else self.outer4(self.bytes(40))
        for _ in range(self.random.choice((1, 2, 3, 8))):
            packet = self.outer4(self.seal("nested", esp.padded(packet, 4)))
        return packet

    def udp(self):
        rnd = self.random
        content = rnd.choice((
            lambda: self.seal("udp", self.text(self.inner4(), 4)),
            lambda: self.seal("udp", self.text(self.inner4(), 4)),
            lambda: b"\xff", lambda: b"", lambda: bytes(4) + self.bytes(60),
            lambda: struct.pack(">I", SPI["udp"]) + self.bytes(60), lambda: self.bytes(12)))()
        length = 8 + len(content) if rnd.randrange(6) else rnd.choice((0, 7, 8, 9, 65535))
        return self.outer4(struct.pack(">HHHH", rnd.choice((4500, 4500, 1000)), 4500, length,
                                       0) + content, socket.IPPROTO_UDP)

    def icmp(self):
        """An error about ESP that the gateway sent, or did not."""
        rnd = self.random
        quoted = esp.ipv4(GATEWAY, PEER, esp.IPPROTO_ESP, struct.pack(
            ">II", rnd.choice((SPI_OUT["net"], SPI_OUT["net"], rnd.randrange(1 << 32))), 1))
        body = struct.pack(">BBHHH", *rnd.choice(((3, 4), (3, 4), (3, 3), (5, 0), (11, 0),
                                                   (12, 0))), 0, 0, rnd.choice(
            (0, 68, 575, 576, 1000, 1499, 65535))) + quoted[:rnd.choice((20, 24, 28))]
        return self.outer4(body[:2] + struct.pack(">H", esp.checksum(body)) + body[4:],
                           socket.IPPROTO_ICMP)

    def tunnel6(self):
        return ipv6(PEER6, GATEWAY6, esp.IPPROTO_ESP,
                    self.seal("net6", self.text(self.inner6(), 41)))

    def transport6(self):
        proto, payload = self.payload()
        return ipv6(PEER6, GATEWAY6, esp.IPPROTO_ESP,
                    self.seal("transport6", self.text(payload, proto)))

    def packets(self, count):
        kinds = (self.tunnel4, self.tunnel4, self.tunnel4, self.port, self.transport,
                 self.nested, self.udp, self.icmp, self.tunnel6, self.tunnel6,
                 self.transport6)
        return [kinds[n % len(kinds)]() for n in range(count)]


def write(path, seed, count):
    with open(path, "wb") as file:
        for packet in Corpus(seed).packets(count):
            file.write(struct.pack(">H", len(packet)) + packet)
