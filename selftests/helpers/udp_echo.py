#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""UDP echo, to send datagrams of many sizes both ways.

    udp_echo.py serve               answer every datagram to port 7
    udp_echo.py ask ADDRESS SIZES   send one of each size, wait for its answer
    udp_echo.py ask ADDRESS SIZES hop|destination
                                    likewise, with that IPv6 options header
    udp_echo.py session             for each line "ADDRESS SIZES": "good", or what is not

SIZES is a list such as 1-32,100,1400-1472. A datagram is asked for again twice
when no answer comes. Exit status 1 when one does not come back as it was sent.
"""

import os
import socket
import sys

# linux/in.h and linux/in6.h; the socket module has no names for them
IP_MTU_DISCOVER = 10
IPV6_MTU_DISCOVER = 23
PMTUDISC_DONT = 0
OPTIONS = {"hop": socket.IPV6_HOPOPTS, "destination": socket.IPV6_DSTOPTS}
NO_OPTIONS = bytes([0, 0, 1, 4, 0, 0, 0, 0])  # padding only
PORT = 7
TRIES = 3
PATIENCE = 3.0  # seconds to wait for an answer


def udp_socket(family):
    sock = socket.socket(family, socket.SOCK_DGRAM)
    # no DF: what does not fit is fragmented, not refused
    sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_DONT)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_DONT)
    return sock


def serve():
    sock = udp_socket(socket.AF_INET6)
    sock.bind(("::", PORT))  # IPv4 as well
    while True:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)


def sizes(text):
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def answered(sock, data):
    for _ in range(TRIES):
        sock.send(data)
        try:
            while True:
                if sock.recv(65536) == data:
                    return True
        except socket.timeout:
            continue
    return False


def ask(address, text, options=None):
    sock = udp_socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    if options:
        sock.setsockopt(socket.IPPROTO_IPV6, OPTIONS[options], NO_OPTIONS)
    sock.settimeout(PATIENCE)
    sock.connect((address, PORT))
    for size in sizes(text):
        if not answered(sock, os.urandom(size)):
            return f"no answer to {size} bytes"
    return None


def session():
    for line in sys.stdin:
        print(ask(*line.split()) or "good", flush=True)


def main():
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["ask", address, text, *options] if len(options) <= 1:
            sys.exit(ask(address, text, *options))
        case ["session"]:
            session()
        case _:
            sys.exit(__doc__)


main()
