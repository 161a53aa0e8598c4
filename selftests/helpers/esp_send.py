#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send ESP packets of any sequence numbers, in any order.

    esp_send.py [OPTION...] DESTINATION SPI KEY INNER-SOURCE INNER-DESTINATION NUMBERS...

ESP in tunnel mode without encryption and with HMAC-SHA2-256-128; KEY is
hexadecimal. In each packet is an ICMP echo reply, which nobody answers. NUMBERS
is a sequence number, a range FIRST-LAST, or ~FIRST-LAST, which is the range in
random order.

    -e          they are extended ones, of 64 bits (RFC 4303 2.2.1)
    -l LENGTH   so many bytes more in the inner packet
    -u PORT     in UDP (RFC 3948) from this port to 4500
    -c SUM      with this UDP checksum, right or wrong
    -g          all of them, after an IKE message of the same length, to the
                stack at once: a super-packet (UDP_SEGMENT)
"""

import getopt
import os
import random
import socket
import struct
import sys

import esp

NATT = 4500
UDP_SEGMENT = 103


def numbers(text):
    first, _, last = text.lstrip("~").partition("-")
    found = list(range(int(first, 0), int(last or first, 0) + 1))
    if text.startswith("~"):
        random.shuffle(found)
    return found


def send(packets, destination, options):
    family = socket.AF_INET6 if ":" in destination else socket.AF_INET
    source, target = int(options.get("-u", "0")), 0
    if "-c" in options:
        packets = [struct.pack(">HHHH", source, NATT, 8 + len(data), int(options["-c"])) + data
                   for data in packets]
        sock = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_UDP)
    elif source:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.bind(("", source))
        target = NATT
    else:
        sock = socket.socket(family, socket.SOCK_RAW, esp.IPPROTO_ESP)
    if "-g" in options:
        size = len(packets[0])
        sock.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, size)
        packets = [bytes(size) + b"".join(packets)]
    for data in packets:
        sock.sendto(data, (destination, target))


def main():
    options, words = getopt.getopt(sys.argv[1:], "el:u:c:g")
    options = dict(options)
    destination, spi, key, inner_source, inner_destination, *texts = words
    if not texts:
        sys.exit(__doc__)
    # packets of several CPUs overtake each other
    os.sched_setaffinity(0, {0})
    plain = esp.echo_reply(inner_source, inner_destination, more=int(options.get("-l", "0")))
    send([esp.tunnel(int(spi, 0), bytes.fromhex(key), number, plain, extended="-e" in options)
          for text in texts for number in numbers(text)], destination, options)


main()
