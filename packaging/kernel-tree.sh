#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Print the folder of a kernel tree with its netlink tools (tools/net/ynl) and
# checkpatch, unpacking them of Debian's linux-source-6.12 into build/kernel-tree
# on first use.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
dir=$top/build/kernel-tree
if [ ! -d "$dir" ]; then
	tar=$(ls /usr/src/linux-source-6.*.tar.xz 2>/dev/null | sort -V | tail -n 1)
	[ -n "$tar" ] || { echo "kernel-tree.sh: package linux-source-6.12 is not installed (make deps)" >&2; exit 1; }
	rm -rf "$dir.tmp"
	mkdir -p "$dir.tmp"
	tar -C "$dir.tmp" --strip-components=1 --wildcards -xf "$tar" \
		'*/MAINTAINERS' '*/tools/net/ynl' '*/Documentation/netlink' \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch'
	mv "$dir.tmp" "$dir"
fi
echo "$dir"
