#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An entry with two peers, both gateways to the same network: the first does not
# answer, so the second one is used, until the SAs are idle: then the first is.
# That one dies under traffic, which dead peer detection finds. The entry is taken
# away and comes back: with its first peer.
# Then two others, of which the first is the default peer: idle traffic is
# watched periodically, and what is negotiated next is so with the default peer.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (stock) --- host_b
#                                  +-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
# what is behind the second is behind the first as well
ip -n "$host_c" address add 10.2.0.2/32 dev lo
ip -n "$gw_c" route add 10.2.0.2/32 via 10.3.0.2
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock

config() { # KEEPALIVE DEFAULT
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		echo 'crypto isakmp key secret address 203.0.113.3'
		echo "crypto isakmp keepalive $1"
		ios_map "198.51.100.2 $2" '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
			'set peer 203.0.113.3')
}
# both are to answer, whatever became of them before
answer() { # NAMESPACE ADDRESS
	swanctl_load "$1" < <(stock_peer "$2" 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
}
# a gateway that is away: nothing comes from it, nothing is told
away() { on "$net" nft "add table ip away; add chain ip away f { type filter hook forward priority 0; }; flush chain ip away f; add rule ip away f ip saddr $1 drop"; }
back() { on "$net" nft delete table ip away; }
peer() { on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*remote crypto endpt\.: \([0-9.]*\)$/\1/p'; }
with() { [ "$(peer)" = "$1" ]; }
# no outbound SA
down() { on "$gw_a" cryptomap show crypto ipsec sa | grep -q 'current outbound spi: 0x0('; }
up_with() { with "$1" && pings "$host_a" 10.2.0.2 -W 2; }

answer "$gw_b" 198.51.100.2
answer "$gw_c" 203.0.113.3
check "the first peer is away" away 198.51.100.2
config '10 2' '' || bail "configuration"
watch_wire "$net" to_a
background "$host_a" ping ping -n -q -i 0.5 10.2.0.2
ping=$background_pid
check "the second is tried: traffic goes there" wait_for 60 up_with 203.0.113.3
check "the first is back" back
idle_time 4 c6336402 cb007103 default
kill "$ping"
check "without packets the SAs go" wait_for 20 down
like "phase 1 with the second stays" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	'^203\.0\.113\.3 .*QM_IDLE.*ACTIVE$'
check "idle-time default: the next packet goes to the first" wait_for 30 up_with 198.51.100.2
config '10 2' '' || bail "configuration"
background "$host_a" ping ping -n -q -i 0.5 10.2.0.2
ping=$background_pid
check "the first goes away" away 198.51.100.2
check "dead peer detection finds it: traffic goes to the second" wait_for 60 up_with 203.0.113.3
like "it was found dead" "$(cat "$tmp/$gw_a.charon.log")" 'peer 198\.51\.100\.2 is dead'
is "none of its SAs is left" \
	"$(ynl "$gw_a" dump sa-get | grep -c 'c6336402')" 0
kill "$ping"
only_esp "nothing but ESP and IKE on the wire"

check "nobody is away" back
check "the entry is taken away" load "$gw_a" <<<'interface wan'
config '10 2' '' || bail "configuration"
check "it starts with its first peer" wait_for 30 up_with 198.51.100.2
answered() { grep -q 'parsed INFORMATIONAL_V1 request .*DPD_ACK' "$tmp/$gw_a.charon.log"; }
config '10 2 periodic' default || bail "configuration"
on "$gw_a" cryptomap clear crypto session >/dev/null
like "the first phase 1 with a peer says INITIAL-CONTACT" "$(cat "$tmp/$gw_c.charon.log")" \
	'parsed ID_PROT request .*N\(INITIAL_CONTACT\)'
check "with a default peer: traffic goes there" wait_for 30 up_with 198.51.100.2
check "a peer without traffic is probed, and answers" wait_for 30 answered
check "the default peer goes away, without traffic" away 198.51.100.2
check "it is found dead" wait_for 60 down
check "back before there is traffic" back
check "what comes next goes to the default peer" wait_for 30 up_with 198.51.100.2

on "$gw_a" cryptomap clear crypto session >/dev/null
check "the second peer starts" on "$gw_c" swanctl --initiate --child net --timeout 30
check "traffic goes there" up_with 203.0.113.3
check "it goes away" away 203.0.113.3
check "that it began phase 1 does not keep it from being found dead" wait_for 60 down
check "traffic goes to the default peer" wait_for 30 up_with 198.51.100.2
finish
