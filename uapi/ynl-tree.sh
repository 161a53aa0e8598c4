#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Print the folder of a kernel tree that has tools/net/ynl, unpacking what is
# needed of Debian's linux-source-6.12 into build/ynl on first use.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
dir=$top/build/ynl
if [ ! -d "$dir/tools/net/ynl" ]; then
	tar=$(ls /usr/src/linux-source-6.*.tar.xz 2>/dev/null | sort -V | tail -n 1)
	[ -n "$tar" ] || { echo "ynl-tree.sh: package linux-source-6.12 is not installed (make deps)" >&2; exit 1; }
	mkdir -p "$dir.tmp"
	tar -C "$dir.tmp" --strip-components=1 --wildcards -xf "$tar" \
		'*/MAINTAINERS' '*/tools/net/ynl' '*/Documentation/netlink'
	rm -rf "$dir"
	mv "$dir.tmp" "$dir"
fi
echo "$dir"
