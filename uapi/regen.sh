#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Regenerate what comes of uapi/specs/crypto_map.yaml with the generator of a
# kernel tree: the uapi header, the kernel's policy and operation tables, and the
# names that its tracepoints print.
#
#   uapi/regen.sh [--check] [KERNEL_TREE]
#
# --check writes nothing and fails when a committed file is not what the
# generator makes of the spec. KERNEL_TREE (6.12) defaults to what Debian's
# linux-source-6.12 holds, unpacked under build/.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
check=
if [ "${1:-}" = --check ]; then check=1; shift; fi
tree=${1:-$("$top/packaging/kernel-tree.sh")}
gen=$tree/tools/net/ynl/ynl-gen-c.py
[ -f "$gen" ] || gen=$tree/tools/net/ynl/pyynl/ynl_gen_c.py
[ -f "$gen" ] || { echo "regen.sh: no ynl generator in $tree" >&2; exit 1; }

cd "$top"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
stale=0
# settle FILE: the new one, of the same name in $tmp, is it or takes its place
settle() {
	cmp -s "$tmp/$(basename "$1")" "$1" && return
	if [ -n "$check" ]; then
		echo "$1 is not what the spec says; run make regen" >&2
		stale=1
	else
		cp "$tmp/$(basename "$1")" "$1"
	fi
}
# What is generated names the path of the spec and, in a source, its own header.
one() {
	/usr/bin/python3 "$gen" --spec uapi/specs/crypto_map.yaml --mode "$1" "--$2" \
		-o "$tmp/$(basename "$3")"
	settle "$3"
}
one uapi header uapi/linux/crypto_map.h
one kernel header kmod/netlink-gen.h
one kernel source kmod/netlink-gen.c
awk -f uapi/trace.awk "$tmp/crypto_map.h" >"$tmp/trace-gen.h"
settle kmod/trace-gen.h
exit $stale
