#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Switch on GRO, which veth devices have off.

    gro.py DEVICE
"""

import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL, ETHTOOL_SGRO = 0x8946, 0x2c  # linux/sockios.h, linux/ethtool.h


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    value = array.array("I", [ETHTOOL_SGRO, 1])
    request = struct.pack("16sP16x", sys.argv[1].encode(), value.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCETHTOOL, request)


main()
