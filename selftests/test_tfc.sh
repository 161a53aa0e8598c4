#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Traffic flow confidentiality: packets are padded to a size, or to what fits the
# path. XFRM takes ours, and we take what XFRM pads, of IPv4 and of IPv6.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/ipv6.sh"
key=$(random_key 20)
load "$gw_a" < <(phase1 198.51.100.2 "$peer_b"
	map4 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
	map6 "$peer_b" fd01::/64 fd02::/64)
# 1000 bytes in ESP with AES-GCM: 1056 with IPv4 outside, 1076 with IPv6
on "$net" nft -f - <<'EOT'
table inet wire {
	counter total { }
	counter padded { }
	counter full { }
	chain c {
		type filter hook prerouting priority -500
		iifname != "to_a" accept
		meta l4proto esp counter name total
		meta l4proto esp meta length { 1056, 1076 } counter name padded
		meta l4proto esp meta length 1500 counter name full
	}
}
EOT

netlink_open "$gw_a"
flow_id() { # LOCAL-IDENT
	on "$gw_a" cryptomap show crypto ipsec sa --json | python3 -c 'import json, sys
print(next(flow["flow"] for flow in json.load(sys.stdin)
           if flow["local-ident"]["address"].lower() == sys.argv[1]))' "$1"
}

# pair FLOW END-POINTS TFC: our SAs, of which the outbound one pads
pair() {
	local dir spi
	for dir in in out; do
		spi=$([ $dir = in ] && echo 4097 || echo 4098)
		request sa-del "{\"spi\": $spi, \"dir\": \"$dir\", $2}"
		request sa-new "{\"spi\": $spi, \"dir\": \"$dir\", $2, \"flow-id\": $1,
			\"mode\": \"tunnel\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\"
			$([ $dir = in ] || echo ", \"tfc-pad\": $3")}" || fail "sa-new" "$answer"
	done
}

# on_wire COUNTER: whether all that was sent since the last time counts there
on_wire() {
	local name all some
	on "$net" nft reset counters table inet wire >"$tmp/counters"
	for name in total "$1"; do
		some=$(sed -n "/counter $name /,/}/s/.*packets \([0-9]*\).*/\1/p" "$tmp/counters")
		[ "$name" = total ] && all=$some
	done
	echo "$some of $all"
	[ "$some" = "$all" ] && [ "$all" -gt 0 ]
}

# padding WHAT FLOW END-POINTS HOST OURS PEER LOCAL REMOTE
padding() {
	local what=$1 host=$4
	pair "$2" "$3" 1000
	xfrm_peer "$gw_b" "$6" "$5" "$8" "$7" tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128 tfcpad 1000"
	check "$what: packets of 84 bytes or so" pings "$host_a" "$host"
	check "$what: of 628" pings "$host_a" "$host" -s 600
	check "$what: ESP has one size" on_wire padded
	check "$what: larger packets come through" pings "$host_a" "$host" -s 1200
	refuse "$what: as large as they are" '^0 of 3$' on_wire padded
	pair "$2" "$3" 4294967295
	xfrm_peer "$gw_b" "$6" "$5" "$8" "$7" tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128 tfcpad 1400"
	# with IPv6 both hosts have to learn what fits
	on "$host_a" ping -n -q -c 2 -i 0.5 -W 1 -s 3000 -M dont "$host" >/dev/null
	check "$what: as much as fits the path" pings "$host_a" "$host"
	check "$what: and fragments likewise" pings "$host_a" "$host" -s 3000 -M dont
	check "$what: ESP is as large as the path takes" on_wire full
}

ends4='"local": "c0000201", "remote": "c6336402"'
ends6='"local": "20010db8000a00000000000000000001", "remote": "20010db8000b00000000000000000002"'
padding IPv4 "$(flow_id 10.1.0.0)" "$ends4" 10.2.0.2 192.0.2.1 198.51.100.2 \
	10.1.0.0/24 10.2.0.0/24
padding IPv6 "$(flow_id fd01::)" "$ends6" fd02::2 "$peer_a" "$peer_b" fd01::/64 fd02::/64
like "show crypto ipsec sa --json tells it" "$(on "$gw_a" cryptomap show crypto ipsec sa --json)" \
	'"tfc-pad": ?4294967295'
request sa-new "{\"spi\": 4099, \"dir\": \"in\", $ends4, \"flow-id\": $(flow_id 10.1.0.0),
	\"mode\": \"tunnel\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\", \"tfc-pad\": 100}"
like "not of inbound SAs" "$answer" 'errno 22: padding is of outbound SAs in tunnel mode'
request sa-new "{\"spi\": 4099, \"dir\": \"out\", $ends4, \"flow-id\": $(flow_id 10.1.0.0),
	\"mode\": \"transport\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\", \"tfc-pad\": 100}"
like "nor in transport mode" "$answer" 'errno 22: padding is of outbound SAs in tunnel mode'
netlink_close
finish
