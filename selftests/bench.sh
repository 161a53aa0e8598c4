#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a packet costs, beside XFRM: instructions of one CPU, counted by the VM.
#
#   selftests/bench.sh              builds, boots the VM, runs itself there
#   selftests/bench.sh --in-vm      the measurement proper
#
#   src eth0 --- lan gw_a wan --- wan gw_b lan --- eth0 dst
#   10.1.0.2     192.0.2.1         192.0.2.2       10.2.0.2
#
# QEMU counts instructions and makes 2 nanoseconds of each (-icount shift=1), so
# that time in the VM is a count, however busy the machine is. Both gateways are
# on that one CPU: a figure is what the whole way costs, less what the same way
# costs without IPsec. The CPU has AES-NI; not the fast string instructions, which
# would be counted a byte each. docs/benchmarks.md tells the method and the results.
set -u
ns_per_instruction=2

if [ "${1:-}" != --in-vm ]; then
	set -e
	cd "$(dirname "$0")/.."
	mkdir -p build
	echo "Building ..." >&2
	selftests/stage.sh >build/bench.log 2>&1 || { cat build/bench.log >&2; exit 1; }
	packaging/kernel-tree.sh >/dev/null
	rm -f build/vm/bench.json
	echo "Measuring with Linux $(packaging/kernel.sh) ..." >&2
	# time leaps while the VM waits for the host: udev is to have patience
	VM_CPUS=1 VM_APPEND=udev.event_timeout=100000 \
		VM_QEMU="-cpu max,-erms,-fsrm -icount shift=$((ns_per_instruction / 2)),sleep=off" \
		selftests/vm.sh selftests/bench.sh --in-vm "$@"
	cp build/vm/bench.json build/bench.json
	exit
fi
shift
. "$(dirname "$0")/lib.sh"
cd "$top" || exit 1
lay_installed && load_module || exit 1
modprobe -a pktgen || exit 1
# what udev loads on a machine with such a CPU
modprobe -qa aesni_intel ghash_clmulni_intel sha256_ssse3
results=$top/build/vm/bench.rows
: >"$results"

warm_up=500
packets=${BENCH_PACKETS:-5000}
megabytes=${BENCH_MEGABYTES:-64}

#
# The way, and what is measured on it
#
lay() {
	make_ns src gw_a gw_b dst
	link "$src" eth0 10.1.0.2/24 "$gw_a" lan 10.1.0.1/24
	link "$gw_a" wan 192.0.2.1/24 "$gw_b" wan 192.0.2.2/24
	link "$gw_b" lan 10.2.0.1/24 "$dst" eth0 10.2.0.2/24
	ip -n "$src" route add default via 10.1.0.1
	ip -n "$dst" route add default via 10.2.0.1
	ip -n "$gw_a" route add 10.2.0.0/24 via 192.0.2.2
	ip -n "$gw_b" route add 10.1.0.0/24 via 192.0.2.1
	forward "$gw_a" "$gw_b"
	check "the way is there" pings "$src" 10.2.0.2
	# packets are generated while nobody else wants the CPU, so none queue up
	pgrep kpktgend | xargs -n 1 chrt -i -p 0
}

# sink NAMESPACE DEVICE: count what arrives there, and drop it
sink() {
	on "$1" nft -f - <<-EOT
	table netdev sink {
		chain in {
			type filter hook ingress device $2 priority -500
			ip protocol { udp, esp } counter drop
		}
	}
	EOT
}

unsink() { on "$1" nft delete table netdev sink; }

sunk() { on "$1" nft list table netdev sink | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }

# generate COUNT SIZE: UDP packets with that payload, from src to dst; prints
# instructions
generate() {
	local mac
	mac=$(ip -n "$gw_a" -o link show dev lan | sed -n 's/.*link.ether \([^ ]*\).*/\1/p')
	on "$src" sh -c '
		cd /proc/net/pktgen
		printf "rem_device_all\n" >kpktgend_0
		printf "add_device eth0\n" >kpktgend_0
		for line in "count $1" "pkt_size $(($2 + 42))" "delay 0" "dst 10.2.0.2" \
			"src_min 10.1.0.2" "src_max 10.1.0.2" "dst_mac $3" \
			"udp_src_min 1024" "udp_src_max 1024" "udp_dst_min 9" "udp_dst_max 9"; do
			printf "%s\n" "$line" >eth0
		done
		printf "start\n" >pgctrl
		sed -n "s/.*OK: \([0-9]*\)(.*/\1/p" eth0' sh "$1" "$2" "$mac" |
		awk -v ns="$ns_per_instruction" '{ print $1 * 1000 / ns }'
}

# udp SIZE NAMESPACE DEVICE: instructions a packet, on the way to there
udp() {
	local size=$1 instructions arrived
	sink "$2" "$3"
	generate "$warm_up" "$size" >/dev/null
	unsink "$2"
	sink "$2" "$3"
	instructions=$(generate "$packets" "$size")
	arrived=$(sunk "$2")
	unsink "$2"
	[ "$arrived" = "$packets" ] || echo "bench: $arrived of $packets packets arrived" >&2
	awk -v all="$instructions" -v n="$packets" 'BEGIN { printf "%.0f\n", all / n }'
}

# tcp: instructions a kilobyte of bulk data, from src to dst
tcp() {
	on "$src" iperf3 --json -c 10.2.0.2 -n "${megabytes}M" |
		python3 -c '
import json, sys
end = json.load(sys.stdin)["end"]["sum_sent"]
print(round(end["seconds"] * 1e9 / int(sys.argv[1]) / (end["bytes"] / 1024)))' \
			"$ns_per_instruction"
}

#
# With what the packets are protected
#
plain() {
	local ns
	for ns in "$gw_a" "$gw_b"; do
		printf 'config-begin {"replace": true}\nconfig-commit {}\n' | ynl "$ns" session >/dev/null
		ip -n "$ns" xfrm state flush
		ip -n "$ns" xfrm policy flush
	done
}

# one SA pair between the gateways, as an administrator sets it up by hand
xfrm() { # ALGORITHM...
	plain
	xfrm_peer "$gw_a" 192.0.2.1 192.0.2.2 10.1.0.0/24 10.2.0.0/24 tunnel 4097 4098 "$@"
	xfrm_peer "$gw_b" 192.0.2.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$@"
}

# the same with a crypto map on the gateways' outer interfaces
ours() { # CIPHER KEY-BITS AUTH KEY AUTH-KEY
	plain
	map "$gw_a" c0000202 0a010000 0a020000 4097 4098 "$@" &&
		map "$gw_b" c0000201 0a020000 0a010000 4098 4097 "$@"
}

map() { # NAMESPACE PEER LOCAL-NET REMOTE-NET SPI-IN SPI-OUT CIPHER KEY-BITS AUTH KEY AUTH-KEY
	local ns=$1 keys flow sa local=c0000201
	[ "$2" != "$local" ] || local=c0000202
	ynl "$ns" session >"$tmp/map" <<-EOT
	config-begin {"replace": true}
	acl-new {"name": "A", "family": 2, "ace": [{"seq": 10, "action": "permit", "src": "$3", "src-wildcard": "000000ff", "dst": "$4", "dst-wildcard": "000000ff"}]}
	tset-new {"name": "TS", "cipher": "$7", "key-bits": $8, "auth": "$9", "mode": "tunnel"}
	entry-new {"map": "M", "seq": 10, "kind": "isakmp", "acl": "A", "tset": ["TS"], "peer": ["$2"]}
	attach-new {"ifname": "wan", "map": "M"}
	config-commit {}
	EOT
	keys='"enc-key": "'${10}'"'
	[ -z "${11:-}" ] || keys+=', "auth-key": "'${11}'"'
	flow=$(ynl "$ns" dump flow-get | sed -n 's/.*"id": \([0-9]*\).*/\1/p')
	sa='"local": "'$local'", "remote": "'$2'", "flow-id": '$flow', "mode": "tunnel", "cipher": "'$7'", "auth": "'$9'", "replay-window": 64, '$keys
	ynl "$ns" session >>"$tmp/map" <<-EOT
	sa-new {"spi": $5, "dir": "in", $sa}
	sa-new {"spi": $6, "dir": "out", $sa}
	EOT
	! grep errno "$tmp/map" >&2
}

# row NAME UNIT PLAIN XFRM OURS: a line of the table, and one for bench.json
row() {
	local ours=$(($5 - $3)) xfrm=$(($4 - $3)) ratio
	ratio=$(awk -v ours="$ours" -v xfrm="$xfrm" 'BEGIN { printf "%.3f", ours / xfrm }')
	printf '%-48s %7d %7d   %s   %s\n' "$1" "$ours" "$xfrm" "$ratio" "$2"
	printf '{"name": "%s", "ours": %d, "xfrm": %d, "ratio": %s, "unit": "%s"}\n' \
		"$1" "$ours" "$xfrm" "$ratio" "$2" >>"$results"
}

lay
tcp_server "$dst"

declare -A cost
# measure WHO: fills cost[WHO,...]
measure() {
	local size
	check "$1: the way is there" pings "$src" 10.2.0.2
	for size in 64 512 1400; do
		cost[$1,out,$size]=$(udp "$size" "$gw_b" wan)
		cost[$1,both,$size]=$(udp "$size" "$dst" eth0)
	done
	cost[$1,tcp]=$(tcp)
}

# compare TITLE XFRM-ALGORITHM -- CIPHER KEY-BITS AUTH KEY [AUTH-KEY]
compare() {
	local title=$1 size
	xfrm "$2"
	measure xfrm
	shift 3
	ours "$@" || bail "crypto map with $title"
	measure ours
	for size in 64 512 1400; do
		row "udp $size $title, encrypt" "instructions/packet" "${cost[plain,out,$size]}" \
			"${cost[xfrm,out,$size]}" "${cost[ours,out,$size]}"
		row "udp $size $title, encrypt and decrypt" "instructions/packet" \
			"${cost[plain,both,$size]}" "${cost[xfrm,both,$size]}" "${cost[ours,both,$size]}"
	done
	row "tcp bulk $title" "instructions/KiB" "${cost[plain,tcp]}" "${cost[xfrm,tcp]}" \
		"${cost[ours,tcp]}"
}

printf '# %-46s %7s %7s   %s\n' "cost, less that of clear text" ours xfrm ratio
measure plain
gcm=$(random_key 20)
enc=$(random_key 16)
auth=$(random_key 32)
compare "aes-gcm-128" "aead rfc4106(gcm(aes)) 0x$gcm 128" -- aes-gcm 128 none "$gcm"
compare "aes-cbc-128 sha2-256" "enc cbc(aes) 0x$enc auth-trunc hmac(sha256) 0x$auth 128" -- \
	aes-cbc 128 hmac-sha2-256-128 "$enc" "$auth"
compare "null sha2-256" "enc ecb(cipher_null) \"\" auth-trunc hmac(sha256) 0x$auth 128" -- \
	null 0 hmac-sha2-256-128 "" "$auth"
# one list of all rows
sed -e '1s/^/[/' -e '$!s/$/,/' -e '$s/$/]/' "$results" >"$top/build/vm/bench.json"
finish
