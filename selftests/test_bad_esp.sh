#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ESP that was seen before, was tampered with, is too short, has sequence number
# zero or an unknown SPI is dropped, each for its own reason, and does no harm.
#
#   host_a --- gw_a (XFRM) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 32)
auth=$(random_key 32)
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')

# SAs as a daemon would install them: manual ones have no replay check
flow=$(ynl "$gw_b" dump flow-get | sed -n 's/.*"id": \([0-9]*\).*/\1/p')
sa='"local": "c6336402", "remote": "c0000201", "flow-id": '$flow', "mode": "tunnel",
	"cipher": "aes-cbc", "auth": "hmac-sha2-256-128", "replay-window": 64,
	"enc-key": "'$key'", "auth-key": "'$auth'"'
out=$(ynl "$gw_b" session <<EOT
sa-new {"spi": 4097, "dir": "in", ${sa//$'\n\t'/ }}
sa-new {"spi": 4098, "dir": "out", ${sa//$'\n\t'/ }}
EOT
)
is "SAs are installed" "$(grep -c errno <<<"$out")" 0
xfrm_peer "$gw_a" 192.0.2.1 198.51.100.2 10.1.0.0/24 10.2.0.0/24 tunnel 4098 4097 \
	"enc cbc(aes) 0x$key auth-trunc hmac(sha256) 0x$auth 128"
watch_wire "$net" to_b
check "pings go through" pings "$host_a" 10.2.0.2
wire_stop

background "$host_b" arrived tcpdump -n -l -i eth0 icmp
wait_for 20 grep -q 'listening on' "$tmp/arrived.log" || bail "tcpdump"
counted() { [ "$(drops "$gw_b" "$1")" = 1 ]; }
again() { # HOW REASON
	on "$net" python3 "$top/selftests/helpers/resend_esp.py" "$wire" to_b 198.51.100.2 "$1"
	check "$1: dropped as $2" wait_for 10 counted "$2"
}
again same replay
again sequence auth-failed
again zero zero-sequence
again spi invalid-spi
again short bad-length
on "$net" python3 "$top/selftests/helpers/resend_esp.py" "$wire" to_b 198.51.100.2 tampered
failed_twice() { [ "$(drops "$gw_b" auth-failed)" = 2 ]; }
check "tampered: dropped as auth-failed" wait_for 10 failed_twice
is "none of it arrived" "$(grep -c 'ICMP' "$tmp/arrived.log")" 0
check "pings still go through" pings "$host_a" 10.2.0.2
finish
