#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two gateways and an IPsec VPN between them, shown step by step in one VM; the
# exit status tells whether all of it worked.
#
#   selftests/demo.sh              builds, boots the VM, runs itself there
#   selftests/demo.sh --in-vm      the demonstration proper
#
#   host_a --- lan gw_a wan --- net --- wan gw_b lan --- host_b
#   10.1.0.2        192.0.2.1         198.51.100.2       10.2.0.2
if [ "${1:-}" != --in-vm ]; then
	set -e
	cd "$(dirname "$0")/.."
	start=$SECONDS
	mkdir -p build
	echo "Building ..."
	selftests/stage.sh >build/demo.log 2>&1 || { cat build/demo.log >&2; exit 1; }
	echo "Booting a VM with Linux $(packaging/kernel.sh) ..."
	VM_TIMEOUT=${VM_TIMEOUT:-600} selftests/vm.sh selftests/demo.sh --in-vm
	echo "Done in $((SECONDS - start)) seconds."
	exit
fi

. "$(dirname "$0")/lib.sh"
lay_installed && load_module || exit 1
cd "$top" || exit 1

step() { printf '\n==> %s\n' "$1"; }
show() { # NAMESPACE TITLE COMMAND...
	local ns=$1 title=$2
	shift 2
	printf '%s# %s\n' "$title" "$*"
	on "$ns" "$@"
}
broken() {
	echo "demo: $1" >&2
	tap_failed=1
	exit 1
}

step "Two sites, 10.1.0.0/24 and 10.2.0.0/24, a gateway each, a network between that routes neither"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
watch_wire "$net" to_b

step "Load the configurations"
for site in a b; do
	ns=gw_$site
	show "${!ns}" "gw-$site" cryptomap load docs/examples/gw-$site.cfg ||
		broken "gw-$site refused its configuration"
done

step "Ping from host-a to host-b: the first packet starts the negotiation and waits for it"
show "$host_a" host-a ping -n -c 5 -i 0.3 -W 20 10.2.0.2 || broken "no answer"

step "What the network between saw"
wire_stop
tcpdump -n -r "$wire" ip and not igmp 2>/dev/null
[ "$(wire_count esp)" -ge 10 ] || broken "no ESP on the wire"
[ "$(wire_count icmp)" = 0 ] || broken "clear text on the wire"

step "What the gateways say"
for site in a b; do
	ns=gw_$site
	show "${!ns}" "gw-$site" cryptomap show crypto isakmp sa
	show "${!ns}" "gw-$site" cryptomap show crypto session
	show "${!ns}" "gw-$site" cryptomap show crypto ipsec sa
done
on "$gw_a" cryptomap show crypto session | grep -q UP-ACTIVE || broken "the session of gw-a is not up"
on "$gw_b" cryptomap show crypto session | grep -q UP-ACTIVE || broken "the session of gw-b is not up"

step "Encapsulated at one end, decapsulated at the other"
a_out=$(flow_count "$gw_a" encaps) a_in=$(flow_count "$gw_a" decaps)
b_out=$(flow_count "$gw_b" encaps) b_in=$(flow_count "$gw_b" decaps)
echo "gw-a encaps $a_out, gw-b decaps $b_in; gw-b encaps $b_out, gw-a decaps $a_in"
[ "$a_out" -gt 0 ] && [ "$a_out" = "$b_in" ] && [ "$b_out" = "$a_in" ] || broken "the counters differ"
finished=1
exit 0
