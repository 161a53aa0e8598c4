#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Inside the VM: run the tests, each with a freshly loaded module, and look at
# the kernel log and at the unloading of the module after each. TAP on stdout.
#
#   selftests/run.sh NAME...     test_NAME.sh
#
# CLAIMS is a folder where VMs that share the tests note, by a folder for each, which
# of them one of them has taken.
#
# What `make install DESTDIR=build/root` made is laid over the VM's own file
# system first: the tests use the plugin and the CLI as installed. CHARON is the version
# of a charon to lay over that (packaging/charon.sh).
set -u
. "$(dirname "$0")/guest.sh"
cd "$top" || exit 1
count=0
failed=0

result() { # STATUS WHAT
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
}

# The results of one test, numbered on, with its name in front.
relay() { # NAME
	local line
	while IFS= read -r line; do
		case $line in
		"ok "*) result 0 "$1: ${line#* - }" ;;
		"not ok "*) result 1 "$1: ${line#* - }" ;;
		"1.."*) planned=1 ;;
		*) printf '%s\n' "$line" ;;
		esac
	done
}

# What a test that was killed could not undo.
remove_leftovers() {
	local ns
	for ns in $(ip netns list | cut -d ' ' -f 1); do
		ip netns pids "$ns" | xargs -r kill -9
		ip netns del "$ns"
	done
}

run_test() { # NAME
	local planned='' before=$failed start=$SECONDS status trouble
	echo "# $1"
	relay "$1" < <(timeout -k 10 "${TEST_TIMEOUT:-300}" "selftests/test_$1.sh" 2>&1
		echo $? >/run/test_status)
	status=$(cat /run/test_status)
	if [ -z "$planned" ]; then
		result 1 "$1: ended early, exit status $status"
	elif [ "$status" != 0 ] && [ "$failed" = "$before" ]; then
		result 1 "$1: exit status $status"
	fi

	remove_leftovers
	if grep -q '^crypto_map ' /proc/modules; then
		timeout 60 rmmod crypto_map
		result $? "$1: module unloads"
	fi
	if trouble=$(dmesg | selftests/splat.sh); then
		result 1 "$1: kernel log"
		printf '%s\n' "$trouble" | sed 's/^/# /'
	fi
	dmesg -C
	echo "# $1: $((SECONDS - start)) seconds"
}

# Memory that nothing points to any more, where the kernel looks for such.
kmemleak=/sys/kernel/debug/kmemleak
look_for_leaks() {
	local leaks
	# an object is told once two scans, with some seconds of age, agree
	echo scan >"$kmemleak" && sleep 6 && echo scan >"$kmemleak" || return
	leaks=$(cat "$kmemleak")
	result $((${#leaks} > 0)) "no leaked memory"
	[ -z "$leaks" ] || printf '%s\n' "$leaks" | head -n 100 | sed 's/^/# /'
}

lay_installed || exit 1
# Hooks that stay, outside of all test namespaces. The kernel patches its code when
# the first hook of a kind comes and the last one goes; under traffic QEMU without
# KVM may go on with the code of before, and its CPUs never come out of it.
nft -f - <<-EOT || exit 1
table inet keep {
	chain prerouting { type filter hook prerouting priority 0; }
	chain input { type filter hook input priority 0; }
	chain forward { type filter hook forward priority 0; }
	chain postrouting { type filter hook postrouting priority 0; }
}
EOT
# its own scans come at any time and take minutes: one at the end is enough
[ ! -w "$kmemleak" ] || { echo scan=off && echo clear; } >"$kmemleak" || kmemleak=
dmesg -C
for name in "$@"; do
	[ -z "${CLAIMS:-}" ] || mkdir "$CLAIMS/$name" 2>/dev/null || continue
	load_module || { result 1 "$name: module loads"; break; }
	run_test "$name"
done
[ ! -w "$kmemleak" ] || look_for_leaks
echo "1..$count"
exit $((failed > 0))
