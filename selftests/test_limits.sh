#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lifetimes by packets and by seconds: at the soft limit a successor is asked for and
# the SA goes on working, at the hard limit it is gone, and the daemon is told of both.
# Pairs that others replaced go before.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)
load "$gw_a" < <(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
flow=$(first_flow "$gw_a")
ends='"local": "c0000201", "remote": "c6336402"'
netlink_open "$gw_a"

# sa DIR LIMITS: an SA with them, in JSON, in place of the one that was there
sa() {
	local spi=4098
	[ "$1" = out ] || spi=4097
	request sa-del "{\"spi\": $spi, \"dir\": \"$1\", $ends}"
	request sa-new "{\"spi\": $spi, \"dir\": \"$1\", $ends, \"flow-id\": $flow,
		\"mode\": \"tunnel\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\" $2}" ||
		fail "sa-new" "$answer"
}

peer() {
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128"
}

get() { request sa-get "{\"spi\": $([ "$1" = in ] && echo 4097 || echo 4098), \"dir\": \"$1\", $ends}"; }
expired_softly() { get "$1" && [[ $answer == *soft-expired* ]]; }
fresh() { get "$1" && [[ $answer != *soft-expired* ]]; }
is_gone() { ! get "$1" && [[ $answer == *"errno 2:"* ]]; }
# expiries since the last time, as direction and kind
told() {
	request events ''
	python3 -c 'import json, sys
print(*(event["dir"] + ":" + event["expire"]
        for event in json.loads(sys.argv[1]) if "expire" in event))' "${answer#*: }"
}
request listen '"ike"' || bail "listen" "$answer"

sa out ', "soft": {"packets": 3}, "hard": {"packets": 5}'
sa in ''
peer
check "two packets of five" pings "$host_a" 10.2.0.2 -c 2
check "leave the SA as it is" fresh out
check "the third" pings "$host_a" 10.2.0.2 -c 1
check "is the soft limit" wait_for 10 expired_softly out
check "which it survives" pings "$host_a" 10.2.0.2 -c 2
check "the sixth is not sent" no_ping "$host_a" 10.2.0.2 -c 1
is "but dropped" "$(drops "$gw_a" out-sa-expired)" 1
check "and the SA is gone" wait_for 10 is_gone out
is "the daemon was told" "$(told)" "out:soft out:hard"

sa out ''
sa in ', "soft": {"packets": 2}, "hard": {"packets": 3}'
peer
check "three packets in" pings "$host_a" 10.2.0.2 -c 3
check "are one more than the soft limit" wait_for 10 expired_softly in
check "the fourth is refused" no_ping "$host_a" 10.2.0.2 -c 1
is "as is counted" "$(drops "$gw_a" in-sa-expired)" 1
check "and the SA is gone" wait_for 10 is_gone in
is "the daemon was told" "$(told)" "in:soft in:hard"

sa out ', "soft": {"seconds": 1}, "hard": {"seconds": 10}'
sa in ', "hard": {"seconds": 10}'
peer
check "the soft limit in seconds" wait_for 10 expired_softly out
check "packets pass between the limits" pings "$host_a" 10.2.0.2
check "the hard one, without a packet" wait_for 20 is_gone out
check "of both" wait_for 10 is_gone in
out=$(told)
is "the daemon was told" "$(tr ' ' '\n' <<<"$out" | sort | paste -sd' ')" \
	"in:hard out:hard out:soft"

# what is replaced: each pair by the next one
pair() { # SPI-IN SPI-OUT
	local pair="$ends, \"flow-id\": $flow, \"mode\": \"tunnel\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\""
	request sa-new "{\"spi\": $1, \"dir\": \"in\", \"twin-spi\": $2, $pair}" &&
		request sa-new "{\"spi\": $2, \"dir\": \"out\", \"twin-spi\": $1, $pair}" ||
		fail "sa-new" "$answer"
}
has() { request sa-get "{\"spi\": $1, \"dir\": \"in\", $ends}"; }
has_not() { ! has "$1" && [[ $answer == *"errno 2:"* ]]; }
pair 5001 5002
pair 3001 3002
pair 4001 4002
start=$SECONDS
check "of replaced pairs that of lower SPIs goes when it is idle" wait_for 15 has_not 3001
check "after 10 seconds" [ $((SECONDS - start)) -ge 9 ]
check "not that of higher ones" has 5001
like "the daemon was told" "$(told)" '^(in:removed out:removed|out:removed in:removed)$'
check "which waits for the peer to remove the other one, and goes later" wait_for 15 has_not 5001
check "the last pair stays" has 4001
netlink_close
finish
