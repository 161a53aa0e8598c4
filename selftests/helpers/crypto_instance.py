#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make an instance of a crypto template, by the kernel's crypto_user interface.

    crypto_instance.py NAME    such as pcrypt(rfc4106(gcm(aes)))

It has the name of what it wraps and a higher priority, so that new transforms
are made of it.
"""

import os
import socket
import struct
import sys

NETLINK_CRYPTO = 21  # linux/netlink.h
CRYPTO_MSG_NEWALG = 0x10  # linux/cryptouser.h
CRYPTOCFGA_PRIORITY_VAL = 1
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
TYPE_AEAD, TYPE_MASK = 3, 0xf
PRIORITY = 5000


def request(name):
    alg = struct.pack("64s64s64sIIII", b"", name.encode(), b"", TYPE_AEAD,
                      TYPE_MASK, 0, 0)
    attribute = struct.pack("HHI", 8, CRYPTOCFGA_PRIORITY_VAL, PRIORITY)
    body = alg + attribute
    return struct.pack("IHHII", 16 + len(body), CRYPTO_MSG_NEWALG,
                       NLM_F_REQUEST | NLM_F_ACK, 1, 0) + body


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_CRYPTO)
    sock.send(request(sys.argv[1]))
    reply = sock.recv(4096)
    kind, = struct.unpack_from("H", reply, 4)
    error, = struct.unpack_from("i", reply, 16)
    if kind != NLMSG_ERROR or error:
        sys.exit(f"{sys.argv[1]}: {os.strerror(-error)}")


main()
