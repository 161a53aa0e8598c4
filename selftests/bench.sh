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
# Both gateways are on the one CPU. docs/benchmarks.md tells the method and the results.
set -u
. "$(dirname "$0")/bench_lib.sh"

if [ "${1:-}" != --in-vm ]; then
	cd "$(dirname "$0")/.." && bench_build || exit 1
	count_instructions
	bench_run packets selftests/bench.sh --in-vm "$@"
	exit
fi
shift
. "$(dirname "$0")/lib.sh"
bench_start
megabytes=${BENCH_MEGABYTES:-64}

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
# one SA pair between the gateways, as an administrator sets it up by hand
xfrm() { # ALGORITHM...
	no_protection
	xfrm_peer "$gw_a" 192.0.2.1 192.0.2.2 10.1.0.0/24 10.2.0.0/24 tunnel 4097 4098 "$@"
	xfrm_peer "$gw_b" 192.0.2.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$@"
}

# the same with a crypto map on the gateways' outer interfaces
ours() { # CIPHER KEY-BITS AUTH KEY AUTH-KEY
	no_protection
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
finish
