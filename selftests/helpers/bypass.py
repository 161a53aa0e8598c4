#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send a datagram as an IKE daemon does, by a socket with XFRM policies of its own.

    bypass.py ADDRESS PORT
"""

import socket
import struct
import sys

# Linux numbers that Python has no names for
IP_XFRM_POLICY, XFRM_POLICY_IN, XFRM_POLICY_OUT = 17, 0, 1


def policy(direction):
    """struct xfrm_userpolicy_info: all IPv4, without limits, to be let through."""
    selector = struct.pack("=40xH14x", socket.AF_INET)
    limits = struct.pack("=8Q", *[2**64 - 1] * 4, *[0] * 4)
    return selector + limits + struct.pack("=32xIIBBBB4x", 0, 0, direction, 0, 0, 0)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for each in XFRM_POLICY_IN, XFRM_POLICY_OUT:
    sock.setsockopt(socket.IPPROTO_IP, IP_XFRM_POLICY, policy(each))
sock.sendto(bytes(28), (sys.argv[1], int(sys.argv[2])))
