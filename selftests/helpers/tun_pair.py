#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A wire between two TUN devices, which have no link-layer header.

    tun_pair.py NAMESPACE1 DEVICE1 NAMESPACE2 DEVICE2

Says "ready" when both are there; they stay as long as it runs.
"""

import ctypes
import fcntl
import os
import select
import struct
import sys

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000


def tun(namespace, device):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{namespace}", "rb") as where:
        if libc.setns(where.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", device.encode(),
                                           IFF_TUN | IFF_NO_PI))
    return fd


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    one, two = tun(*sys.argv[1:3]), tun(*sys.argv[3:5])
    other = {one: two, two: one}
    print("ready", flush=True)
    while True:
        for fd in select.select([one, two], [], [])[0]:
            packet = os.read(fd, 65536)
            try:
                os.write(other[fd], packet)
            except OSError:
                pass  # the other one is down


main()
