#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stock peer starts the successor of an ISAKMP SA, and then another one of the same,
# before that is deleted: the second one has none of its CHILD_SAs, which the peer would
# lose with the others when we delete those. So they are negotiated again with the second
# one, which is left alone then. Nothing is lost.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
tunnel_to_stock
background "$host_a" ping ping -n -i 0.2 10.2.0.2
ping_pid=$background_pid

log=$tmp/$gw_a.charon.log
established() { [ "$(grep -c 'IKE_SA .* established between' "$log")" -ge "$1" ]; }
# reauthenticate NUMBER-AT-THE-PEER COUNT: which makes that many in all
reauthenticate() {
	on "$gw_b" swanctl --rekey --ike-id "$1" && wait_for 5 established "$2"
}
isakmp_sas() { on "$gw_a" cryptomap show crypto isakmp sa | grep -c 'QM_IDLE .* ACTIVE$'; }
child_at_peer() { on "$gw_b" swanctl --list-sas | grep -q 'net: .*INSTALLED'; }
deleted() { [ "$(grep -c 'deleting IKE_SA' "$log")" -ge "$1" ]; }

check "a successor" reauthenticate 1 2
check "and one of that" reauthenticate 2 3
check "and another one of the first" reauthenticate 1 4
check "its CHILD_SA is negotiated again" wait_for 5 grep -q 'renewing VPN' "$log"
check "the first goes" wait_for 15 deleted 1
sleep 10
check "the peer's CHILD_SA stays" child_at_peer
one_left() { [ "$(isakmp_sas)" = 1 ]; }
check "and one ISAKMP SA is left" wait_for 15 one_left
check "the peer negotiates it again" on "$gw_b" swanctl --rekey --child net
check "the peer's CHILD_SA stays then, too" child_at_peer
kill -INT "$ping_pid"
wait "$ping_pid" 2>/dev/null
is "every ping was answered" "$(unanswered "$tmp/ping.log")" 0
check "a packet of the peer goes through" pings "$host_b" 10.1.0.2
finish
