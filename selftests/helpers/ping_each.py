#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ping each of the IPv4 addresses of standard input, all at once.

Each is asked up to three times. Prints how many answered.
"""

import select
import socket
import struct
import sys
import time

TRIES = 3
PATIENCE = 3.0  # seconds to wait for late answers
ECHO_REPLY, ECHO_REQUEST = 0, 8
ID = 4711


def echo_request():
    words = (ECHO_REQUEST << 8, 0, ID, 1)
    total = sum(words)
    return struct.pack("!4H", words[0], ~(total + (total >> 16)) & 0xffff, ID, 1)


def answers(sock, seconds):
    """Who answered in that time."""
    end = time.monotonic() + seconds
    while select.select([sock], [], [], max(0, end - time.monotonic()))[0]:
        packet, (address, _) = sock.recvfrom(65536)
        kind, _, _, ident = struct.unpack_from("!BBHH", packet, (packet[0] & 15) * 4)
        if kind == ECHO_REPLY and ident == ID:
            yield address


sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
missing = set(sys.stdin.read().split())
count = len(missing)
for _ in range(TRIES):
    for address in sorted(missing):
        sock.sendto(echo_request(), (address, 0))
        missing.difference_update(answers(sock, 0))
    missing.difference_update(answers(sock, PATIENCE))
print(count - len(missing))
