# SPDX-License-Identifier: GPL-2.0-or-later
"""IP and ESP packets of any content, for the far end of a test.

ESP has no encryption and HMAC-SHA2-256-128: what the peer of a gateway could
send, with an integrity check that holds whatever is inside.
"""

import hmac
import socket
import struct

IPPROTO_ESP = 50
IPPROTO_NONE = 59


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def ipv4(source, destination, proto, payload, tos=0, ttl=64, frag=0, first=0x45,
         length=None):
    """frag is the whole field: flags and offset; first is version and length."""
    head = struct.pack(">BBHHHBBH4s4s", first, tos,
                       20 + len(payload) if length is None else length, 1, frag, ttl,
                       proto, 0, socket.inet_aton(source), socket.inet_aton(destination))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def echo_reply(source, destination, more=0, **fields):
    """A packet that nobody answers, with so many zeros, which sum up to nothing."""
    body = struct.pack(">BBHHH", 0, 0, 0xfffe, 1, 0) + bytes(more)
    return ipv4(source, destination, socket.IPPROTO_ICMP, body, **fields)


def padded(plain, next_header):
    padding = -(len(plain) + 2) % 4
    return plain + bytes(range(1, padding + 1)) + bytes([padding, next_header])


def seal(spi, key, number, text, extended=False):
    """text: what would be encrypted, with trailer; number: 64 bits if extended."""
    body = struct.pack(">II", spi, number & 0xffffffff) + text
    high = struct.pack(">I", number >> 32) if extended else b""
    return body + hmac.digest(key, body + high, "sha256")[:16]


def tunnel(spi, key, number, inner, next_header=socket.IPPROTO_IPIP, extended=False):
    return seal(spi, key, number, padded(inner, next_header), extended)
