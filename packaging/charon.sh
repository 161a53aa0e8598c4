#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Build another release of strongSwan than the installed one, and our plugin for it, to be
# laid over the file system of a VM: build/charon-VERSION/root. Of strongSwan it has what
# tests need. Its libcharon without IKEv1 is built in build/charon-VERSION/without.
#
#   packaging/charon.sh VERSION     6.0.1 (Debian 13) or 6.1.0 (Debian unstable)
set -eu
. "$(dirname "$0")/apt.sh"
version=$1
dir=$top/build/charon-$version
src=$dir/src

# what strongSwan needs beside `make deps`
packages="libgmp-dev libcurl4-openssl-dev"

# later releases than the machine's own, of the repositories that it uses
later_repositories() {
	repositories | while read -r uri suite; do
		case $suite in
		*-security) echo "$uri trixie-security" ;;
		*) printf '%s trixie\n%s sid\n' "$uri" "$uri" ;;
		esac
	done | sort -u
}

configure() { # FOLDER OPTION
	rm -rf "$1"
	mkdir "$1"
	(
		cd "$1"
		quietly "$src/configure" --prefix=/usr --sysconfdir=/etc --libdir=/usr/lib \
			--libexecdir=/usr/lib --with-piddir=/run --disable-static --disable-defaults \
			--enable-charon --enable-swanctl --enable-vici --enable-kernel-netlink \
			--enable-socket-default --enable-updown --enable-random --enable-nonce \
			--enable-aes --enable-des --enable-md5 --enable-sha1 --enable-sha2 \
			--enable-hmac --enable-kdf --enable-gmp --enable-pem --enable-pkcs1 \
			--enable-pubkey --enable-x509 --enable-pkcs7 --enable-pkcs8 --enable-pkcs12 \
			--enable-revocation --enable-curl "$2"
	)
}

build_strongswan() {
	begin "strongSwan $version"
	apt update
	apt --no-install-recommends install $packages
	later_repositories >"$tmp/repositories"
	mkdir -p "$dir"
	unpack_source "$version" "$src" <"$tmp/repositories"
	configure "$dir/with" --enable-ikev1
	quietly make -C "$dir/with" -j"$(nproc)"
	rm -rf "$dir/root"
	quietly make -C "$dir/with" install DESTDIR="$dir/root"
	configure "$dir/without" --disable-ikev1
	for lib in strongswan charon; do
		quietly make -C "$dir/without/src/lib$lib" -j"$(nproc)" "lib$lib.la"
	done
	touch "$dir/.built"
}

[ -e "$dir/.built" ] || build_strongswan
make -C "$top/tools"
make -C "$top/plugin" install O="$dir/plugin" DESTDIR="$dir/root" \
	STRONGSWAN_SRC="$src" LIBCHARON="$dir/root/usr/lib/ipsec/libcharon.so.0"
