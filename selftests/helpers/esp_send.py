#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send ESP packets of any sequence numbers, in any order.

    esp_send.py [-e] DESTINATION SPI KEY INNER-SOURCE INNER-DESTINATION NUMBERS...

ESP in tunnel mode without encryption and with HMAC-SHA2-256-128; KEY is
hexadecimal. In each packet is an ICMP echo reply, which nobody answers. NUMBERS
is a sequence number, a range FIRST-LAST, or ~FIRST-LAST, which is the range in
random order. With -e they are extended ones, of 64 bits (RFC 4303 2.2.1).
"""

import os
import random
import socket
import sys

import esp


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
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, esp.IPPROTO_ESP)
    plain = esp.echo_reply(inner_source, inner_destination)
    for text in texts:
        for number in numbers(text):
            sock.sendto(esp.tunnel(int(spi, 0), bytes.fromhex(key), number, plain,
                                   extended=extended), (destination, 0))


main()
