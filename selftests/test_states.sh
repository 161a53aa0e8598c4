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

main_mode() {
	ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
}
aggressive_mode() {
	main_mode
	cat <<-EOT
	crypto isakmp peer address 198.51.100.2
	 set aggressive-mode password secret
	 set aggressive-mode client-endpoint ipv4-address 192.0.2.1
	EOT
}
peer() { # no|yes [PROPOSAL]: whether it starts in aggressive mode
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24 |
		sed "s/version = 1/version = 1\naggressive = $1/
		     s/^proposals = .*/proposals = ${2:-aes256-sha256-modp2048}/" |
		swanctl_load "$gw_b"
}
main_mode | load "$gw_a"
peer no

# hold MATCH...: drop messages from the peer that match, in place of what was held before:
# first payload (SA 1, key exchange 4, identification 5, hash 8) and exchange (quick mode
# 32) are in the header of ISAKMP (RFC 2408 3.1)
first_payload() { echo "@th,192,8 $1"; }
exchange() { echo "@th,208,8 $1"; }
hold() {
	on "$net" nft "add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
		flush chain ip hold f;
		$(printf 'add rule ip hold f ip saddr 198.51.100.2 udp dport 500 %s drop;' "$@")"
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
# row NUMBER, newest: an ISAKMP SA as it is shown, and the number of the last one
row() { on "$gw_a" cryptomap show crypto isakmp sa | tr -s ' ' | grep " $1 ACTIVE"; }
newest() { row '[0-9]*' | cut -d ' ' -f 4 | sort -n | tail -n 1; }

# went: the states that the ISAKMP SA which is in QM_IDLE now went through, by the log:
# charon goes from the one in which the peer is authenticated to QM_IDLE at once
went() {
	local id
	id=$(on "$gw_a" cryptomap show crypto isakmp sa | sed -n 's/.* QM_IDLE *\([0-9]*\) ACTIVE$/\1/p')
	sed -n "s/.*ISAKMP SA $id with .*: //p" "$tmp/$gw_a.charon.log" | xargs
}

# held_initiator STATE FIRST-PAYLOAD
held_initiator() {
	# phase 2 as well: that of before would come up before it is cleared
	check "initiator, $1: hold" hold "$(first_payload "$2")" "$(exchange 32)"
	clear_isakmp
	check "initiator: $1" wait_for 30 initiator "$1"
	check "initiator, $1: DOWN-NEGOTIATING" session DOWN-NEGOTIATING
}

# held_responder STATE FIRST-PAYLOAD
held_responder() {
	check "responder, $1: hold" hold "$(first_payload "$2")"
	background "$gw_b" initiate swanctl --initiate --child net --timeout 60
	check "responder: $1" wait_for 30 responder "$1"
	check "responder, $1: DOWN-NEGOTIATING" session DOWN-NEGOTIATING
	on "$gw_b" swanctl --terminate --ike peer --force --timeout 1 >/dev/null 2>&1
	kill "$background_pid" 2>/dev/null
	clear_isakmp
}

# idle_initiator: phase 1 comes up
idle_initiator() {
	check "hold phase 2" hold "$(exchange 32)"
	clear_isakmp
	check "initiator: QM_IDLE" wait_for 40 initiator QM_IDLE
	check "without SAs: UP-IDLE" session UP-IDLE
}

check "nothing was negotiated: DOWN" session DOWN
background "$host_a" ping ping -n -q -i 0.3 10.2.0.2
ping_pid=$background_pid
held_initiator MM_NO_STATE 1
held_initiator MM_SA_SETUP 4
held_initiator MM_KEY_EXCH 5
idle_initiator
is "initiator: states on the way" "$(went)" "MM_SA_SETUP MM_KEY_EXCH MM_KEY_AUTH QM_IDLE"
aggressive_mode | load "$gw_a"
peer yes
held_initiator AG_NO_STATE 1
idle_initiator
is "initiator: states of aggressive mode" "$(went)" "AG_NO_STATE AG_INIT_EXCH AG_AUTH QM_IDLE"
kill "$ping_pid"
like "those of before are deleted" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +(MM|AG)_NO_STATE +10[0-9]{2} ACTIVE \(deleted\)$'
clear_isakmp
check "DOWN" wait_for 10 session DOWN

peer no
held_responder MM_SA_SETUP 4
held_responder MM_KEY_EXCH 5
peer yes
held_responder AG_INIT_EXCH 8
on "$net" nft delete table ip hold
check "nothing is held" wait_for 60 on "$gw_b" swanctl --initiate --child net --timeout 20
check "responder: QM_IDLE" responder QM_IDLE
is "responder: states of aggressive mode" "$(went)" "AG_INIT_EXCH AG_AUTH QM_IDLE"
check "UP-ACTIVE" session UP-ACTIVE
on "$gw_b" swanctl --terminate --ike peer --timeout 5 >/dev/null 2>&1
peer yes aes128-sha1-modp2048
before=$(newest)
refuse "responder: no policy is like the peer's" 'received NO_PROPOSAL_CHOSEN' \
	on "$gw_b" swanctl --initiate --child net --timeout 20
is "responder: AG_NO_STATE, deleted" "$(row "$((before + 1))")" \
	"192.0.2.1 198.51.100.2 AG_NO_STATE $((before + 1)) ACTIVE (deleted)"
peer no
check "main mode again" wait_for 60 on "$gw_b" swanctl --initiate --child net --timeout 20
is "responder: states on the way" "$(went)" "MM_SA_SETUP MM_KEY_EXCH MM_KEY_AUTH QM_IDLE"
finish
