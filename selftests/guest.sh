# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The VM's own preparation, sourced by what runs inside it.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used where this is sourced
module=$top/build/root/lib/modules/$(uname -r)/updates/crypto_map.ko

# Debian's programs: another python in front of them may take seconds to start
PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin

grep -qs virtme /proc/cmdline || {
	echo "$0: runs inside the VM only (selftests/vm.sh COMMAND)" >&2
	exit 4
}

# Lay what a folder holds over the VM's file system. Not with cp: /lib is a link where
# an installed tree has a folder.
lay_folder() {
	(cd "$1" && tar -cf - ./*) | tar -C / --keep-directory-symlink --no-overwrite-dir -xf -
}

# Lay what `make install DESTDIR=build/root` made, and the charon of version CHARON in
# place of Debian's, if one is told.
lay_installed() {
	lay_folder "$top/build/root" || return
	[ -n "${CHARON:-}" ] || return 0
	rm -rf /usr/lib/ipsec /etc/strongswan.d /usr/sbin/charon-systemd
	lay_folder "$top/build/charon-$CHARON/root"
}

# modprobe would need depmod first, which takes long in the VM
load_module() {
	local d
	# what XFRM, the far end of many tests, would look for while packets wait
	modprobe -qa esp4 xfrm_user authenc echainiv seqiv cbc gcm sha256_generic
	for d in $(modinfo -F depends "$module" | tr , ' '); do
		modprobe "$d" || return 1
	done
	insmod "$module"
}
