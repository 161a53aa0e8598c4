#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Gateways with different pre-shared keys do not get past MM_KEY_EXCH, and
# nothing leaves in clear. Nor is one with a key of its own taken for another one.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
load "$gw_b" < <(ios_phase1 192.0.2.1 another
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')

state() { # NAMESPACE STATE: an IKE SA is in it
	on "$1" cryptomap show crypto isakmp sa |
		grep -qE "^198\.51\.100\.2 +192\.0\.2\.1 +$2 +10[0-9]{2} ACTIVE"
}

background "$net" clear tcpdump -n -l -i to_a icmp
wait_for 20 grep -q 'listening on' "$tmp/clear.log" || bail "tcpdump"
background "$host_a" ping ping -n -i 0.5 -w 20 10.2.0.2
check "initiator: MM_KEY_EXCH" wait_for 20 state "$gw_a" MM_KEY_EXCH
check "responder: MM_KEY_EXCH" wait_for 20 state "$gw_b" MM_KEY_EXCH
wait "$background_pid"
is "initiator: no session came up" \
	"$(on "$gw_a" cryptomap show crypto session | grep -c UP-ACTIVE)" 0
like "no ping was answered" "$(cat "$tmp/ping.log")" ' 0 received'
is "nothing left in clear" "$(grep -c 'echo request' "$tmp/clear.log")" 0

# from message 5 on, which is encrypted, it has the address of another peer
load "$gw_a" < <(ios_phase1 198.51.100.2 own
	echo crypto isakmp key secret address 198.51.100.9
	ios_map 198.51.100.9 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set peer 198.51.100.2')
load "$gw_b" < <(ios_phase1 192.0.2.1 own
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
on "$net" nft -f - <<-EOT
	table ip spoof {
		chain forward {
			type filter hook forward priority 0
			ip saddr 198.51.100.2 udp dport 500 @th,216,8 & 1 == 1 ip saddr set 198.51.100.9
		}
	}
EOT
background "$host_b" ping_b ping -n -i 0.5 -w 20 10.1.0.2
refused() { grep -q 'peer 198.51.100.9 is refused: phase 1 began with another address' "$tmp/$gw_a.charon.log"; }
check "one that goes on with another peer's address is refused" wait_for 20 refused
is "and is not taken for it" "$(on "$gw_a" cryptomap show crypto isakmp sa | grep -c QM_IDLE)" 0
kill "$background_pid"
finish
