#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send a captured ESP packet again, as it was or damaged.

    resend_esp.py CAPTURE DEVICE DESTINATION HOW

Takes the first ESP packet (IPv4, Ethernet) to DESTINATION in CAPTURE, a file of
tcpdump, and sends it out of DEVICE. HOW is

    same        as it was
    sequence    with a sequence number of its own, so that it does not verify
    zero        with the sequence number zero
    spi         with another SPI
    tampered    with a sequence number of its own and a bit of the payload flipped
    short       cut in the middle of its IV
"""

import socket
import struct
import sys

ETHERNET = 14
ESP = 50


def frames(path):
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def first_esp(path, destination):
    wanted = socket.inet_aton(destination)
    for frame in frames(path):
        ip = frame[ETHERNET:]
        if frame[12:14] == b"\x08\x00" and ip[9] == ESP and ip[16:20] == wanted:
            return bytearray(frame)
    sys.exit(f"no ESP to {destination} in {path}")


def checksum(header):
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def cut(frame, esp, size):
    """Leave size bytes of ESP, with an IP header that says so."""
    del frame[esp + size:]
    struct.pack_into(">H", frame, ETHERNET + 2, len(frame) - ETHERNET)
    struct.pack_into(">H", frame, ETHERNET + 10, 0)
    struct.pack_into(">H", frame, ETHERNET + 10, checksum(frame[ETHERNET:esp]))


def damage(frame, how):
    esp = ETHERNET + 4 * (frame[ETHERNET] & 15)
    spi, sequence = struct.unpack_from(">II", frame, esp)
    if how == "sequence":
        struct.pack_into(">I", frame, esp + 4, sequence + 1000)
    elif how == "zero":
        struct.pack_into(">I", frame, esp + 4, 0)
    elif how == "spi":
        struct.pack_into(">I", frame, esp, spi + 1)
    elif how == "tampered":
        struct.pack_into(">I", frame, esp + 4, sequence + 2000)
        frame[-20] ^= 1
    elif how == "short":
        struct.pack_into(">I", frame, esp + 4, sequence + 3000)
        cut(frame, esp, 12)
    elif how != "same":
        sys.exit(__doc__)


def main():
    path, device, destination, how = sys.argv[1:]
    frame = first_esp(path, destination)
    damage(frame, how)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((device, 0))
    sock.send(frame)


main()
