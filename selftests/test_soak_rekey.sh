#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Both ends renegotiate phase 1 and phase 2 again and again under traffic, REKEYS times
# each: the far end by lifetimes of seconds, we by volume and by the lifetime that it offers.
# We lose no packet, nothing is in clear, no SA is left, and charon does not grow. What the
# far end drops, its XFRM counts.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
rekeys=${REKEYS:-200}
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association lifetime kilobytes 2560')
stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24 tunnel \
	'start_action = trap' 'life_time = 40s' 'rekey_time = 15s' 'rand_time = 6s' |
	sed 's/version = 1/version = 1\nreauth_time = 20s\nover_time = 16s\nrand_time = 4s/' |
	swanctl_load "$gw_b"
check "the tunnel is up" comes_up "$host_a" 10.2.0.2

log=$tmp/$gw_a.charon.log
phase1() { grep -c 'IKE_SA .* established between' "$log"; }
phase2() { grep -c 'CHILD_SA .* established with SPIs' "$log"; }
memory() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$(charon_pid "$gw_a")/status"; }
sas() { on "$gw_a" cryptomap show crypto ipsec sa --json | python3 -c '
import json, sys
print(sum(len(flow["sas"]) for flow in json.load(sys.stdin)))'; }
isakmp_sas() { on "$gw_a" cryptomap show crypto isakmp sa | grep -c ' ACTIVE$'; }
dropped() { on "$gw_b" awk '{ n += $2 } END { print n }' /proc/net/xfrm_stat; }
renewed() { [ "$(phase1)" -gt "$1" ] && [ "$(phase2)" -gt "$1" ]; }
renewed_once() { [ "$(phase1)" -gt "$1" ]; }
none_left() { [ "$(sas)" = 0 ] && [ "$(isakmp_sas)" = 0 ]; }

background "$net" clear tcpdump -n -l -i to_b icmp
wait_for 20 grep -q 'listening on' "$tmp/clear.log" || bail "tcpdump"
before=$(dropped)
background "$host_a" flood ping -n -q -i 0.005 -s 1400 10.2.0.2
flood=$background_pid
for part in 1 2 3 4; do
	check "part $part" wait_for 3600 renewed $((rekeys * part / 4))
	used[part]=$(memory)
	echo "# $(phase1) ISAKMP SAs and $(phase2) pairs of SAs so far, $(isakmp_sas) and" \
		"$(sas) SAs now, ${used[part]} kB"
done
kill -INT "$flood"
wait "$flood"
lost=$(awk '/packets transmitted/ { print $1 - $4 }' "$tmp/flood.log")
dropped=$(($(dropped) - before))
check "of $dropped packets that the peer dropped $lost pings were lost" test "$lost" -le "$dropped"
is "nothing was dropped here" \
	"$(on "$gw_a" cryptomap show drops | awk 'NR > 1 && $2 > 0')" ""
is "nothing was in clear" "$(grep -c 'echo re' "$tmp/clear.log")" 0
for who in 'initiating Main Mode IKE_SA' 'is initiating a Main Mode IKE_SA' \
	'generating QUICK_MODE request .* SA' 'parsed QUICK_MODE request .* SA'; do
	check "roles: $who" grep -q "$who" "$log"
done
check "charon does not grow" test $((used[4] - used[1])) -lt 1024
# the far end says so of all that it has, but not while it renews phase 1, with which these are
# then; what was replaced goes when it was idle
check "phase 1 is renewed once more" wait_for 60 renewed_once "$(phase1)"
sleep 2
stop_charon "$gw_b"
check "nothing is left of SAs of before" wait_for 25 none_left
finish
