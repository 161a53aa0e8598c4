#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A negotiation is held where it is, by dropping one message of it: what show crypto
# isakmp sa and show crypto session say then, as initiator and as responder.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)

# hold MATCH...: drop messages from the peer that match, in place of what was held before:
# first payload (SA 1, key exchange 4, identification 5) and exchange (quick mode 32)
# are in the header of ISAKMP (RFC 2408 3.1)
first_payload() { echo "@th,192,8 $1"; }
exchange() { echo "@th,208,8 $1"; }
hold() {
	on "$net" nft "add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
		flush chain ip hold f; add rule ip hold f ip saddr 198.51.100.2 udp dport 500 $* drop"
}

# state DST SRC STATE: what show crypto isakmp sa says, of a pair of addresses
state() {
	on "$gw_a" cryptomap show crypto isakmp sa |
		grep -qE "^${1//./\\.} +${2//./\\.} +$3 +10[0-9]{2} ACTIVE$"
}
initiator() { state 198.51.100.2 192.0.2.1 "$1"; }
responder() { state 192.0.2.1 198.51.100.2 "$1"; }
session() { on "$gw_a" cryptomap show crypto session | grep -qE "^Session status: $1 *$"; }
clear_isakmp() { on "$gw_a" cryptomap clear crypto isakmp >/dev/null; }

check "nothing was negotiated: DOWN" session DOWN
background "$host_a" ping ping -n -q -i 0.3 10.2.0.2
while read -r state first; do
	check "initiator, $state: hold" hold "$(first_payload "$first")"
	check "initiator: $state" wait_for 30 initiator "$state"
	check "initiator, $state: DOWN-NEGOTIATING" session DOWN-NEGOTIATING
	clear_isakmp
done <<-EOT
	MM_NO_STATE 1
	MM_SA_SETUP 4
	MM_KEY_EXCH 5
EOT
check "hold phase 2" hold "$(exchange 32)"
check "initiator: QM_IDLE" wait_for 40 initiator QM_IDLE
check "without SAs: UP-IDLE" session UP-IDLE
kill "$background_pid"
like "those of before are deleted" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +MM_NO_STATE +10[0-9]{2} ACTIVE \(deleted\)$'
clear_isakmp
check "DOWN" wait_for 10 session DOWN

while read -r state first; do
	check "responder, $state: hold" hold "$(first_payload "$first")"
	background "$gw_b" initiate swanctl --initiate --child net --timeout 60
	check "responder: $state" wait_for 30 responder "$state"
	check "responder, $state: DOWN-NEGOTIATING" session DOWN-NEGOTIATING
	on "$gw_b" swanctl --terminate --ike peer --force --timeout 1 >/dev/null 2>&1
	kill "$background_pid" 2>/dev/null
	clear_isakmp
done <<-EOT
	MM_SA_SETUP 4
	MM_KEY_EXCH 5
EOT
on "$net" nft delete table ip hold
check "nothing is held" wait_for 60 on "$gw_b" swanctl --initiate --child net --timeout 20
check "responder: QM_IDLE" responder QM_IDLE
check "UP-ACTIVE" session UP-ACTIVE
finish
