#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boot one VM, run a command in it, and look for trouble in the kernel log.
#
#   selftests/vm.sh COMMAND [ARGUMENT...]
#
# The VM sees this machine's file system read-only (with a throw-away layer
# over /usr, /etc, /tmp and the like) and the folder build/vm read-write. The
# command's output goes to stdout, what the console said to build/vm/console.
# Several run side by side when each has a name of its own.
# Exit status: the command's; 3 when the kernel reported trouble, 124 when the
# time ran out, 125 when the VM died before the command ended.
#
# VM_KERNEL   release of an installed kernel, or path of a bzImage
# VM_NAME     vm: what its folder in build/ is called
# VM_SHARED   one more folder that the VM may write
# VM_CPUS     2
# VM_MEMORY   2G
# VM_TIMEOUT  seconds, 4200
# VM_APPEND   more kernel parameters
# VM_QEMU     more options for QEMU
# VM_LOCK     lock file, for several work trees of a machine to take turns
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
kernel=${VM_KERNEL:-$("$top/packaging/kernel.sh")} || exit 1
dir=$top/build/${VM_NAME:-vm}
mkdir -p "$dir"
[ $# -gt 0 ] || { echo "usage: selftests/vm.sh COMMAND [ARGUMENT...]" >&2; exit 2; }

# /dev/kvm may exist, accept a VM and still not run it: the proof is a kernel
# that comes as far as to miss its root file system. Tried once.
kvm_works() {
	[ -w /dev/kvm ] || return 1
	[ -s "$dir/kvm" ] || {
		if (timeout 15 qemu-system-x86_64 -accel kvm -cpu host -m 512 -display none \
			-nodefaults -no-reboot -kernel "/boot/vmlinuz-$("$top/packaging/kernel.sh")" \
			-append panic=-1; exit $?) </dev/null >/dev/null 2>&1; then
			echo yes
		else
			echo no
		fi >"$dir/kvm"
	}
	[ "$(cat "$dir/kvm")" = yes ]
}

# one VM at a time in a folder
exec 9>"${VM_LOCK:-$dir.lock}"
flock 9

# the command goes into a file, since the kernel's command line is short
printf ': >%q\n{ %s; } 2>&1\necho $? >%q\n' "$dir/started" "$(printf '%q ' "$@")" \
	"$dir/status" >"$dir/command"

options=(-r "$kernel" --disable-microvm --verbose --cpus "${VM_CPUS:-2}"
	--memory "${VM_MEMORY:-2G}" --rwdir "$dir=$dir" --cwd "$top"
	--append "mitigations=off ${VM_APPEND:-}")
[ -z "${VM_SHARED:-}" ] || options+=(--rwdir "$VM_SHARED=$VM_SHARED")
[ -z "${VM_QEMU:-}" ] || options+=(--disable-kvm "--qemu-opts=$VM_QEMU")
[ -n "${VM_QEMU:-}" ] || kvm_works || options+=(--disable-kvm)

# QEMU opens its standard streams anew: pipes, so that it cannot truncate them.
# The console is read from stderr; the command has its own stderr on stdout.
boot() {
	rm -f "$dir/started" "$dir/status" "$dir/console"
	PATH=$top/selftests/helpers:$PATH timeout -k 10 "${VM_TIMEOUT:-4200}" \
		vng "${options[@]}" -- \
		"bash $(printf %q "$dir/command")" </dev/null 9>&- \
		2> >(exec cat >"$dir/console" 9>&-) > >(exec cat 9>&-) &
	vm_pid=$!
	# timeout has a process group of its own: whoever ends us has to be told to it
	trap 'kill "$vm_pid"; wait "$vm_pid"; exit 124' HUP INT TERM
	wait "$vm_pid"
	vm=$?
	trap - HUP INT TERM
}

# A kernel that patches its code while it boots dies of that at times, where QEMU runs
# several CPUs without KVM: nothing of ours is in it yet, so it boots once more.
for _ in 1 2 3; do
	boot
	[ ! -e "$dir/started" ] && [ "$vm" != 124 ] && [ "$vm" != 137 ] || break
	echo "# vm: died before the command began"
done

status=125
if [ "$vm" = 124 ] || [ "$vm" = 137 ]; then
	echo "# vm: no end after ${VM_TIMEOUT:-4200} seconds"
	status=124
elif [ -s "$dir/status" ]; then
	status=$(cat "$dir/status")
else
	echo "# vm: died before the command ended, the last words on its console:"
	tail -n 40 "$dir/console" | sed 's/^/#   /'
fi

if trouble=$("$top/selftests/splat.sh" "$dir/console"); then
	echo "# vm: the kernel reported trouble (${dir#"$top/"}/console):"
	printf '%s\n' "$trouble" | sed 's/^/#   /'
	[ "$status" != 0 ] || status=3
fi
exit "$status"
