#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Datagrams that the kernel cuts from one large one (UDP_SEGMENT).

    udp_segment.py ADDRESS [SOURCE]     to the echo server there

Exit status 1 when they do not all come back.
"""

import os
import socket
import sys

UDP_SEGMENT = 103  # linux/udp.h
SIZE, COUNT, LAST = 1000, 20, 123
PORT, TRIES, PATIENCE = 7, 3, 3.0


def echoed(sock):
    data = os.urandom(SIZE * COUNT + LAST)
    missing = {data[i:i + SIZE] for i in range(0, len(data), SIZE)}
    sock.send(data)
    try:
        while missing:
            missing.discard(sock.recv(65536))
    except socket.timeout:
        return False
    return True


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    address = sys.argv[1]
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                         socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_UDP, UDP_SEGMENT, SIZE)
    sock.settimeout(PATIENCE)
    if len(sys.argv) > 2:
        sock.bind((sys.argv[2], 0))
    sock.connect((address, PORT))
    if not any(echoed(sock) for _ in range(TRIES)):
        sys.exit("not all segments came back")


main()
