#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send ESP packets of any sequence numbers, in any order.

    esp_send.py [-e] DESTINATION SPI KEY INNER-SOURCE INNER-DESTINATION NUMBERS...

ESP in tunnel mode without encryption and with HMAC-SHA2-256-128; KEY is
hexadecimal. In each packet is an ICMP echo reply, which nobody answers. NUMBERS
is a sequence number, a range FIRST-LAST, or ~FIRST-LAST, which is the range in
random order. With -e they are extended ones, of 64 bits (RFC 4303 2.2.1).
"""

import hmac
import os
import random
import socket
import struct
import sys

ESP = 50
IPIP = 4


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def inner(source, destination):
    icmp = struct.pack(">BBHHH", 0, 0, 0xfffe, 1, 0)
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 0, 0, 64, 1, 0,
                       socket.inet_aton(source), socket.inet_aton(destination))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + icmp


def packet(spi, key, number, extended, plain):
    body = struct.pack(">II", spi, number & 0xffffffff) + plain
    padding = -(len(plain) + 2) % 4
    body += bytes(range(1, padding + 1)) + bytes([padding, IPIP])
    high = struct.pack(">I", number >> 32) if extended else b""
    return body + hmac.digest(key, body + high, "sha256")[:16]


def numbers(text):
    first, _, last = text.lstrip("~").partition("-")
    found = list(range(int(first, 0), int(last or first, 0) + 1))
    if text.startswith("~"):
        random.shuffle(found)
    return found


def main():
    words = sys.argv[1:]
    extended = words[:1] == ["-e"]
    destination, spi, key, inner_source, inner_destination, *texts = words[extended:]
    if not texts:
        sys.exit(__doc__)
    # packets of several CPUs overtake each other
    os.sched_setaffinity(0, {0})
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, ESP)
    plain = inner(inner_source, inner_destination)
    for text in texts:
        for number in numbers(text):
            sock.sendto(packet(int(spi, 0), bytes.fromhex(key), number, extended, plain),
                        (destination, 0))


main()
