#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The volume lifetime of the SAs passes several times under a flood of pings:
# our gateways rekey and nothing is lost, nor left. A new phase 1 leaves the SAs as they are.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association lifetime kilobytes 2560')
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
check "the tunnel is up" pings "$host_a" 10.2.0.2 -W 30

watch_wire "$net" to_b
background "$host_a" flood ping -n -q -i 0.005 -s 1400 10.2.0.2
flood=$background_pid
for i in 1 2; do
	spi=$(outbound "$gw_a")
	check "volume $i: a new outbound SA carries traffic" wait_for 90 changed "$gw_a" "$spi"
done
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'
only_esp "nothing but ESP and IKE on the wire"
check "of those that were replaced none is left" wait_for 40 one_pair "$gw_a"
check "nor at the peer" wait_for 10 one_pair "$gw_b"
closed() { grep -c 'closing CHILD_SA' "$tmp/$1.charon.log"; }
check "charon closed them" [ "$(closed "$gw_a")" -ge 2 ]
check "and at the peer" [ "$(closed "$gw_b")" -ge 2 ]
check "what is left carries traffic" pings "$host_a" 10.2.0.2

on "$gw_a" cryptomap clear crypto session >/dev/null
check "cleared, it comes up again" pings "$host_a" 10.2.0.2 -W 30
like "and says INITIAL-CONTACT: nothing is remembered of the SAs that were rekeyed" \
	"$(grep 'parsed ID_PROT request .* HASH' "$tmp/$gw_b.charon.log" | tail -n 1)" 'N\(INITIAL_CONTACT\)'

# a peer that may lose them with its old ISAKMP SA would have them negotiated again
log=$tmp/$gw_a.charon.log
isakmp_sa() { on "$gw_b" swanctl --list-sas | sed -n 's/.*: #\([0-9]*\), ESTABLISHED.*/\1/p'; }
closed_phase1() { [ "$(grep -c 'deleting IKE_SA' "$log")" -gt "$1" ]; }
spi=$(outbound "$gw_a")
count=$(grep -c 'deleting IKE_SA' "$log")
check "the peer renews phase 1" on "$gw_b" swanctl --rekey --reauth --ike-id "$(isakmp_sa)"
check "that of before goes" wait_for 20 closed_phase1 "$count"
is "the SAs stay" "$(outbound "$gw_a")" "$spi"
is "none is renewed for it" "$(grep -c 'renewing VPN' "$log")" 0
check "they carry traffic" pings "$host_a" 10.2.0.2
finish
