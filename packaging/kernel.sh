#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Print the release of the kernel to build for and to test on when nobody says
# otherwise: the one that Debian's meta package of headers stands for, or else
# the newest one that has both headers and an image here.
set -eu

usable() { [ -e "/lib/modules/$1/build" ] && [ -e "/boot/vmlinuz-$1" ]; }

arch=$(dpkg --print-architecture 2>/dev/null || echo amd64)
meta=$(dpkg-query -W -f '${Depends}' "linux-headers-$arch" 2>/dev/null |
	sed -n 's/^linux-headers-\([^ ]*\).*/\1/p')
if [ -n "$meta" ] && usable "$meta"; then
	echo "$meta"
	exit
fi
for release in $(ls /lib/modules 2>/dev/null | sort -rV); do
	if usable "$release"; then
		echo "$release"
		exit
	fi
done
echo "kernel.sh: no kernel with both headers and an image is installed (make deps)" >&2
exit 1
