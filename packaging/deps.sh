#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Install what building and testing need on Debian 12 or 13, with apt only,
# and unpack the strongSwan sources of the installed version (their headers
# are what the plugin is built with) to build/strongswan, charon's plugin that
# gets what is at a URL to build/fetcher, and Libreswan, which
# cannot be installed beside strongSwan, to build/libreswan. Says nothing and
# takes no time when all is there. No service is started or restarted, and the
# machine's package sources stay as they are.
#
#   packaging/deps.sh
set -eu
. "$(dirname "$0")/apt.sh"

arch=$(dpkg --print-architecture)
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# what `make` needs
packages="build-essential kmod pkg-config libmnl-dev libjansson-dev libedit-dev
	linux-headers-$arch strongswan-libcharon"
# what `make check`, `make demo`, `make style` and `make regen` need
packages="$packages linux-image-$arch qemu-system-x86 virtme-ng busybox-static
	iproute2 iputils-ping tcpdump nftables iperf3 procps ike-scan vpnc
	python3-yaml python3-jsonschema python3-scapy python3-cryptography
	linux-source-6.12 xz-utils openssl curl
	zstd perl sparse clang libclang-rt-dev
	strongswan-swanctl libstrongswan-standard-plugins
	openssh-server openssh-client python3-netmiko python3-textfsm
	systemd udev man-db groff-base"

# a charon, where there is none: the packages of the two that Debian has exclude
# each other since Debian 13
[ -e /usr/lib/ipsec/charon ] || packages="$packages charon-systemd"

headers=$top/build/strongswan
fetcher=$top/build/fetcher

# libraries of Libreswan, which tests IKEv1 as the far end: that of Debian 12, the
# others leave IKEv1 out
libreswan=
if [ "$codename" = bookworm ]; then
	libreswan=$top/build/libreswan
	packages="$packages libaudit1 libcap-ng0 libcurl3-nss libevent-core-2.1-7
		libevent-pthreads-2.1-7 libldap-2.5-0 libldns3 libnspr4 libnss3 libnss3-tools libpam0g
		libselinux1 libsystemd0 libunbound8"
fi

missing() {
	for p in $packages; do
		s=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null) || s=
		[ "$s" = installed ] || echo "$p"
	done
}

# upstream version of the installed charon: 5.9.8 of 5.9.8-5+deb12u6
charon_version() {
	dpkg-query -W -f '${source:Upstream-Version}' strongswan-libcharon 2>/dev/null
}

# whether a folder is there, of the installed charon's version
fresh() { [ "$(cat "$1/.version" 2>/dev/null)" = "$(charon_version)" ]; }

libreswan_there() { [ -z "$libreswan" ] || [ -d "$libreswan" ]; }

need=$(missing)
if [ -z "$need" ] && fresh "$headers" && fresh "$fetcher" && libreswan_there; then exit 0; fi

# shellcheck disable=SC2086 # a list
begin ${need:-the strongSwan headers, its fetcher, or Libreswan}
policy=/usr/sbin/policy-rc.d
undo() {
	[ -e "$tmp/policy-set" ] || return 0
	rm -f "$policy"
	[ ! -e "$policy.saved" ] || mv "$policy.saved" "$policy"
}

# Debian starts strongSwan and sshd when they are installed, and a second IKE daemon
# beside one in use, or a service on a build machine, is not what anybody asked for.
hold_services() {
	# one that names the saved one is ours, left over of a run that was killed
	[ ! -e "$policy" ] || grep -q "$policy.saved" "$policy" ||
		mv "$policy" "$policy.saved"
	touch "$tmp/policy-set"
	cat >"$policy" <<-EOT
	#!/bin/sh
	case "\$1" in strongswan*|ipsec|charon*|ssh*) exit 101 ;; esac
	[ ! -x $policy.saved ] || exec $policy.saved "\$@"
	EOT
	chmod 755 "$policy"
}

# Debian 12 has no virtme-ng; the package of Debian 13 is for all architectures
# and needs nothing that Debian 12 lacks.
fetch_virtme() {
	uri=$(repositories | awk -v s="$codename" '$2 == s { print $1; exit }')
	[ -n "$uri" ] || die "no Debian repository for $codename among the package sources"
	echo "deb [signed-by=$(keyring)] $uri trixie main" >"$tmp/next.list"
	private_apt next update
	(cd "$tmp" && private_apt next download virtme-ng)
	ls "$tmp"/virtme-ng_*.deb
}

install_packages() {
	apt update
	apt --no-install-recommends install debian-archive-keyring
	if ! apt-cache show virtme-ng >/dev/null 2>&1; then
		case " $(echo $need) " in
		*" virtme-ng "*) need="$(echo "$need" | grep -vx virtme-ng) $(fetch_virtme)" ;;
		esac
	fi
	hold_services
	# shellcheck disable=SC2086 # a list
	apt --no-install-recommends install $need
}

# Unpack a package to a folder.
unpack_package() { # NAME FOLDER
	(cd "$tmp" && apt -o APT::Sandbox::User=root download "$1")
	rm -rf "$2" "$2.tmp"
	mkdir -p "$2.tmp"
	quietly dpkg -x "$tmp/$1"_*.deb "$2.tmp"
	mv "$2.tmp" "$2"
}

unpack_headers() {
	version=$(charon_version)
	[ -n "$version" ] || die "strongswan-libcharon is not installed"
	[ -n "$need" ] || apt update
	repositories >"$tmp/repositories"
	unpack_source "$version" "$headers" <"$tmp/repositories"
}

# Not installed: with the package come a dozen of other plugins, which every charon of the
# tests would load.
unpack_fetcher() {
	[ -n "$need" ] || apt update
	unpack_package libstrongswan-extra-plugins "$fetcher"
	charon_version >"$fetcher/.version"
}

unpack_libreswan() {
	[ -n "$need" ] || apt update
	unpack_package libreswan "$libreswan"
}

[ -z "$need" ] || install_packages
fresh "$headers" || unpack_headers
fresh "$fetcher" || unpack_fetcher
libreswan_there || unpack_libreswan
