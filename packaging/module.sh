#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Build, check or install the module for the kernel whose build tree is KDIR.
#
#   packaging/module.sh build KDIR              in build/linux-RELEASE, from copies
#                                               of the sources; the result is left in
#                                               kmod/crypto_map.ko as well
#   packaging/module.sh sparse KDIR             fails on whatever sparse, or the compiler
#                                               with W=1, reports
#   packaging/module.sh install KDIR [DESTDIR]  where modprobe finds it
set -eu
cd "$(dirname "$0")/.."
verb=$1
kdir=$2
header=$kdir/include/generated/utsrelease.h
[ -f "$header" ] || {
	echo "module.sh: '$kdir' is no kernel build tree (make deps, or KDIR=)" >&2
	exit 1
}
# include/config/kernel.release is not the release on Debian
release=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"/\1/p' "$header")

# copy_sources FOLDER: with their times, so that make sees what changed
copy_sources() {
	mkdir -p "$1"
	# shellcheck disable=SC2046 # a list of files
	cp -pu --parents -t "$1" VERSION $(find Kbuild kmod uapi/linux \
		\( -name '*.[ch]' -o -name Kbuild \) ! -name '*.mod.c')
	(cd "$1" && find kmod uapi -name '*.[ch]' ! -name '*.mod.c') | while read -r f; do
		[ -e "$f" ] || rm "$1/$f"
	done
}

# kbuild TARGET...: with all CPUs; the job server of a make around it does not reach here
kbuild() {
	env -u MAKEFLAGS make -j"$(nproc)" -C "$kdir" M="$dir" "$@"
}

dir=$PWD/build/linux-$release
case $verb in
build)
	copy_sources "$dir"
	kbuild -s modules
	cmp -s "$dir/kmod/crypto_map.ko" kmod/crypto_map.ko ||
		cp "$dir/kmod/crypto_map.ko" kmod/crypto_map.ko
	;;
sparse)
	dir=$dir-sparse
	copy_sources "$dir"
	kbuild W=1 KCFLAGS=-Werror C=2 CF=-D__CHECK_ENDIAN__ modules >"$dir/log" 2>&1 || {
		cat "$dir/log" >&2
		exit 1
	}
	# Debian's headers of 7.2 lack a script for it, and leave it out without a word
	grep -q '^  CHECK ' "$dir/log" || {
		echo "module.sh: the build tree '$kdir' cannot run sparse" >&2
		exit 1
	}
	! grep -E "^$dir/.*(warning|error):" "$dir/log" >&2
	;;
install)
	to=${3:-}/lib/modules/$release/updates
	install -D -m 644 -t "$to" "$dir/kmod/crypto_map.ko"
	strip --strip-debug "$to/crypto_map.ko"
	[ -n "${3:-}" ] || depmod "$release"
	;;
esac
