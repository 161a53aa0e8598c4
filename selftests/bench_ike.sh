#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What it costs to bring up many tunnels, beside stock charon and its kernel-netlink
# plugin, and what many entries cost a charon that does nothing.
#
#   selftests/bench_ike.sh            builds, boots the VM, runs itself there
#   selftests/bench_ike.sh --in-vm    the measurement proper
#
#   src --- gw_a, the hub: ours or stock --- gw_b, which is all the peers: stock
#
# Each tunnel has a peer, phase 1 and a network of its own. docs/benchmarks.md tells the
# method and the results.
set -u
. "$(dirname "$0")/bench_lib.sh"

if [ "${1:-}" != --in-vm ]; then
	cd "$(dirname "$0")/.." && bench_build || exit 1
	count_instructions
	bench_run ike env ${BENCH_TUNNELS:+"BENCH_TUNNELS=$BENCH_TUNNELS"} \
		${BENCH_ENTRIES:+"BENCH_ENTRIES=$BENCH_ENTRIES"} selftests/bench_ike.sh --in-vm
	exit
fi
. "$(dirname "$0")/lib.sh"
bench_start
tunnels=${BENCH_TUNNELS:-1000}
entries=${BENCH_ENTRIES:-65535}
at_once=20
idle=60
declare -A cost
scale() { python3 "$top/selftests/helpers/scale.py" "$@"; }

# Ours sets these itself. Stock charon without them goes over all IKE_SAs for each message.
table=('ikesa_table_size = 4096' 'ikesa_table_segments = 16')

# hub ours|stock: its charon, with the same plugins and no log
hub() {
	local quiet='filelog { main { default = -1
		knl = -1
		ike = -1
		cfg = -1 } }'
	if [ "$1" = ours ]; then
		start_charon "$gw_a" cryptomap "$quiet"
	else
		start_charon "$gw_a" stock "$quiet" "${table[@]}" 'load_modular = yes' \
			'plugins { include /etc/strongswan.d/charon/*.conf' \
			'kernel-cryptomap { load = no } }'
	fi
}

# far ACTION: the peers, whose charon takes any number of negotiations with one address
far() {
	start_charon "$gw_b" stock "${table[@]}" 'block_threshold = 0' 'filelog { main { default = -1
		knl = -1
		ike = -1
		cfg = -1 } }'
	swanctl_load "$gw_b" < <(scale swanctl "$tunnels" far "$1")
}

# rss NAMESPACE: memory of its charon, in bytes
rss() { awk '/^VmRSS:/ { print $2 * 1024 }' "/proc/$(charon_pid "$1")/status"; }

# ticks NAMESPACE: CPU time of its charon, in hundredths of a second
ticks() { awk '{ print $14 + $15 }' "/proc/$(charon_pid "$1")/stat"; }

# pairs ROLE: who pings whom
pairs() {
	local i
	for ((i = 1; i <= tunnels; i++)); do
		case $1 in
		initiator) echo "10.1.0.2 $(of_entry "$i")" ;;
		responder) echo "$(of_entry "$i") 10.1.0.2" ;;
		esac
	done
}

# cpu NAMESPACE COMMAND...: CPU time of its charon meanwhile and just after, in ms
cpu() {
	local ns=$1 before
	shift
	before=$(ticks "$ns")
	"$@" >/dev/null
	sleep 5
	echo $((($(ticks "$ns") - before) * 10))
}

# sas: that the kernel has
sas() { on "$gw_a" cryptomap show crypto engine --json | sed -n 's/.*"sas": \([0-9]*\).*/\1/p'; }

# change [ENTRY]: load the same, but for that entry
# shellcheck disable=SC2317 # called by name
change() { scale hub "$tunnels" "$@" | load "$gw_a"; }

# in_use: what commands cost while all tunnels of ours are up
in_use() {
	local what before
	for what in "isakmp sa" session "ipsec sa"; do
		# shellcheck disable=SC2086 # words
		figure "$tunnels tunnels: show crypto $what" \
			"$(seconds on "$gw_a" cryptomap show crypto $what)" s
	done
	before=$(sas)
	figure "$tunnels tunnels: CPU time of charon for a load, one entry changed" \
		"$(cpu "$gw_a" change $((tunnels / 2)))" ms
	is "it takes the SAs of that one" $((before - $(sas))) 2
	figure "$tunnels tunnels: a load, one entry changed" "$(seconds change)" s
}

# bring_up WHO ROLE: of the hub; fills cost[WHO,ROLE,...]
bring_up() {
	local who=$1 role=$2 from near_action=none far_action=none kernel memory before took count
	if [ "$role" = initiator ]; then
		from=$src near_action=trap
	else
		from=$gw_b far_action=trap
	fi
	hub "$who"
	kernel=$(kernel_memory) memory=$(rss "$gw_a")
	if [ "$who" = ours ]; then
		load "$gw_a" < <(scale hub "$tunnels")
	else
		swanctl_load "$gw_a" < <(scale swanctl "$tunnels" hub "$near_action")
	fi
	cost[$who,$role,configured]=$((($(rss "$gw_a") - memory) / tunnels))
	far "$far_action"
	before=$(ticks "$gw_a")
	read -r took count < <(pairs "$role" |
		on "$from" python3 "$top/selftests/helpers/bring_up.py" "$at_once" 3000)
	is "$who, $role: tunnels that carry packets" "$count" "$tunnels"
	cost[$who,$role,time]=$(per_tunnel "$took" 1000000000)
	cost[$who,$role,cpu]=$(per_tunnel $(($(ticks "$gw_a") - before)) 10000000)
	cost[$who,$role,memory]=$((($(rss "$gw_a") - memory) / tunnels))
	echo "# $who, $role: $(awk -v n="$count" -v s="$took" 'BEGIN { print n / s }') tunnels a second"
	[ "$who,$role" != ours,responder ] || in_use
	# what is left in the kernel is the hub's
	stop_charon "$gw_b" KILL
	ip -n "$gw_b" xfrm state flush
	ip -n "$gw_b" xfrm policy flush
	cost[$who,$role,kernel]=$((($(kernel_memory) - kernel) / tunnels))
	stop_charon "$gw_a"
	no_protection
}

# per_tunnel TIME NANOSECONDS: instructions, of a time in units of so many nanoseconds
per_tunnel() {
	awk -v t="$1" -v ns="$2" -v per="$ns_per_instruction" -v n="$tunnels" \
		'BEGIN { printf "%.0f\n", t * ns / per / n }'
}

# idle_costs ENTRIES: of a charon that was just started
idle_costs() {
	local before
	sleep 5
	before=$(ticks "$gw_a")
	figure "charon with $1 entries: CPU time of its start" $((before * 10)) ms
	sleep "$idle"
	figure "charon with $1 entries: CPU time in $idle idle seconds" \
		$((($(ticks "$gw_a") - before) * 10)) ms
	figure "charon with $1 entries: memory" "$(rss "$gw_a")" bytes
}

idle_entries() {
	hub ours
	idle_costs 0
	scale isakmp "$entries" | load "$gw_a"
	figure "charon after a load of $entries entries: memory" "$(rss "$gw_a")" bytes
	stop_charon "$gw_a"
	hub ours
	idle_costs "$entries"
	stop_charon "$gw_a"
}

lay
scale swanctl "$tunnels" far none |
	sed -n 's:^local_addrs = \(.*\):address add \1/32 dev lo:p' | ip -n "$gw_b" -batch -
ip -n "$gw_a" route add 11.0.0.0/8 via 192.0.2.2
ip -n "$gw_a" route add 10.64.0.0/16 via 192.0.2.2
on "$gw_b" ip route add local 11.0.0.0/8 dev lo
for role in initiator responder; do
	for who in stock ours; do
		bring_up "$who" "$role"
	done
	while IFS=: read -r what unit name; do
		row "$tunnels tunnels, $role: $name" "$unit" 0 \
			"${cost[stock,$role,$what]}" "${cost[ours,$role,$what]}"
	done <<-EOT
		time:instructions/tunnel:all of it
		cpu:instructions/tunnel:the hub's charon
		configured:bytes/tunnel:charon, configured
		memory:bytes/tunnel:charon, up
		kernel:bytes/tunnel:kernel
	EOT
done
idle_entries
finish
