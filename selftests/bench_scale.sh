#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What many entries cost: to load, to change, in memory, to list, and each packet.
#
#   selftests/bench_scale.sh                builds, boots two VMs, runs itself there
#   selftests/bench_scale.sh --in-vm WHAT   the measurement proper: packets, whose
#                                           clock are the VM's instructions, or times,
#                                           of which seconds are seconds of this machine
#
# docs/benchmarks.md tells the method and the results.
set -u
. "$(dirname "$0")/bench_lib.sh"

if [ "${1:-}" != --in-vm ]; then
	cd "$(dirname "$0")/.." && bench_build || exit 1
	bench_run scale-times selftests/bench_scale.sh --in-vm times &&
		count_instructions &&
		bench_run scale-packets selftests/bench_scale.sh --in-vm packets
	exit
fi
what=$2
. "$(dirname "$0")/lib.sh"
bench_start
entries=${BENCH_ENTRIES:-65535}
tunnels=${BENCH_TUNNELS:-4000}
sas=${BENCH_SAS:-20000}
scale() { python3 "$top/selftests/helpers/scale.py" "$@"; }

# latency COMMAND...: the longest round trip through the gateways while it runs, in
# milliseconds
latency() {
	: >"$tmp/ping.log"
	background "$src" ping ping -q -i 0.01 10.2.0.2
	"$@" >/dev/null
	kill -INT "$background_pid"
	wait "$background_pid"
	sed -n 's:.*= [^/]*/[^/]*/\([^/]*\)/.*:\1:p' "$tmp/ping.log"
}

load_times() {
	local before after
	scale isakmp "$entries" | twins >"$tmp/many.cfg"
	scale isakmp "$entries" 1000 | twins >"$tmp/changed.cfg"
	on "$gw_a" cryptomap load - <<<'interface wan' 2>/dev/null
	figure "check of $entries entries" "$(seconds cryptomap check "$tmp/many.cfg")" s
	before=$(kernel_memory)
	figure "load of $entries entries" "$(seconds on "$gw_a" cryptomap load "$tmp/many.cfg")" s
	after=$(kernel_memory)
	figure "memory an entry with one ACE" $(((after - before) / entries)) bytes
	figure "load of the same, nothing changed" \
		"$(seconds on "$gw_a" cryptomap load "$tmp/many.cfg")" s
	figure "load of the same, one entry changed" \
		"$(seconds on "$gw_a" cryptomap load "$tmp/changed.cfg")" s
	netlink_open "$gw_a"
	figure "commit of an entry changed" "$(commits acl-new "$ace")" ms
	figure "commit of an entry changed that hides another" "$(commits acl-new "$ace" 200)" ms
	figure "commit of a lifetime that all inherit" \
		"$(commits globals-set '{"life-kilobytes": 10#}')" ms
	figure "commit of the transform set of all" "$(commits tset-new "$tset")" ms
	figure "commit of an entry gone" "$(commits entry-del '{"map": "M", "seq": #}')" ms
	figure "commit of an entry added" "$(commits entry-new "$entry")" ms
	netlink_close
}

# entries of which each hides the next one, which has its list
twins() {
	local n edit=''
	for ((n = 200; n < entries; n += entries / 20)); do
		edit+="s/^ match address E$((n + 1))\$/ match address E$n/;"
	done
	sed "$edit"
}

ace='{"name": "E#", "family": 2, "ace": [{"seq": 10, "action": "permit", "src": "0a020000", "src-wildcard": "000000ff", "dst": "@", "dst-wildcard": "00000000"}]}'
entry='{"map": "M", "seq": #, "kind": "isakmp", "acl": "E#", "tset": ["TS"], "peer": ["c0000202"]}'
tset='{"name": "TS", "cipher": "aes-gcm", "key-bits": %, "auth": "none", "mode": "tunnel"}'

# commits REQUEST OBJECT [FIRST]: how long a commit of one request takes, about entries all
# over the map, # in the object, from the FIRST on, the mean in milliseconds with the way
# from the client to the kernel and back; % is another size of keys each time
commits() {
	local n object from took=0 times=0
	for ((n = ${3:-100}; n < entries; n += entries / 20)); do
		object=${2//\#/$n}
		object=${object//%/$((times & 1 ? 128 : 256))}
		object=${object//@/$(printf '%08x' "$n")}
		request config-begin {} && request "$1" "$object" || bail "$answer"
		from=${EPOCHREALTIME/./}
		request config-commit {} || bail "$answer"
		((took += ${EPOCHREALTIME/./} - from, times++))
	done
	awk -v us="$took" -v n="$times" 'BEGIN { printf "%.1f\n", us / n / 1000 }'
}

list_times() {
	figure "round trip at most, in quiet" "$(latency sleep 10)" ms
	figure "list of $entries flows" \
		"$(seconds on "$gw_a" cryptomap show crypto ipsec sa --json)" s
	figure "round trip at most, meanwhile" \
		"$(latency on "$gw_a" cryptomap show crypto ipsec sa --json)" ms
}

# by_hand NAMESPACE N HERE THERE
by_hand() { on "$1" cryptomap load - < <(scale manual "$2" "$3" "$4" "$key"); }

tunnel_times() {
	local n
	key=$(random_key 20)
	figure "load of $((sas / 2)) entries with keys, $sas SAs" \
		"$(seconds by_hand "$gw_a" $((sas / 2)) 192.0.2.1 192.0.2.2)" s
	figure "list of $sas SAs" "$(seconds on "$gw_a" cryptomap show crypto ipsec sa --json)" s
	figure "round trip at most, meanwhile" \
		"$(latency on "$gw_a" cryptomap show crypto ipsec sa --json)" ms
	by_hand "$gw_a" "$tunnels" 192.0.2.1 192.0.2.2 && by_hand "$gw_b" "$tunnels" 192.0.2.2 192.0.2.1
	ip -n "$gw_a" route add 11.0.0.0/8 via 192.0.2.2
	on "$gw_b" ip route add local 11.0.0.0/8 dev lo
	for n in $(seq "$tunnels"); do echo "10.1.0.2 $(of_entry "$n")"; done >"$tmp/pairs"
	read -r _ n < <(on "$src" python3 "$top/selftests/helpers/bring_up.py" 100 60 <"$tmp/pairs")
	is "$tunnels tunnels at once: answers" "$n" "$tunnels"
	is "tunnels that carried packets" "$(on "$gw_a" cryptomap show crypto ipsec sa |
		grep -c '#pkts decaps: [1-9]')" "$tunnels"
}

# sa_of FLOW: outbound SA for the entry of a flow
sa_of() {
	request sa-new '{"spi": '$((256 + $1))', "dir": "out", "local": "c0000201", "remote": "c0000202", "flow-id": '"$1"', "mode": "tunnel", "cipher": "aes-gcm", "auth": "none", "replay-window": 64, "enc-key": "'"$key"'"}'
}

packet_costs() {
	local at=(1 1000 10000 "$entries") i flow plain
	declare -A cost
	key=$(random_key 20)
	ip -n "$gw_a" route add 11.0.0.0/8 via 192.0.2.2
	# what else begins with the VM must not be counted
	for i in 1 2 3; do udp 512 "$gw_b" wan "$(of_entry 1)"; done >"$tmp/plain"
	plain=$(sort -n "$tmp/plain" | head -n 1)

	scale isakmp "$entries" >"$tmp/many.cfg"
	on "$gw_a" cryptomap load "$tmp/many.cfg" || bail "load"
	netlink_open "$gw_a"
	for i in "${at[@]}"; do
		# numbered in order of the entries, after those of the dry run
		flow=$((entries + i))
		request flow-get '{"id": '"$flow"'}' && [[ $answer == *"\"entry-seq\": $i,"* ]] ||
			bail "flow of entry $i: $answer"
		sa_of "$flow" || bail "SA for entry $i: $answer"
		cost[ours,$i]=$(udp 512 "$gw_b" wan "$(of_entry "$i")")
	done
	netlink_close
	no_protection

	ip -n "$gw_a" xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 256 mode tunnel \
		aead "rfc4106(gcm(aes))" "0x$key" 128
	scale xfrm "$entries" 192.0.2.1 192.0.2.2 | ip -n "$gw_a" -batch -
	for i in "${at[@]}"; do
		cost[xfrm,$i]=$(udp 512 "$gw_b" wan "$(of_entry "$i")")
	done
	for i in "${at[@]}"; do
		row "udp 512 aes-gcm-128 of entry $i of $entries" instructions/packet \
			"$plain" "${cost[xfrm,$i]}" "${cost[ours,$i]}"
	done
}

lay
case $what in
times)
	load_times
	list_times
	tunnel_times
	;;
packets)
	packet_costs
	;;
esac
finish
