#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stock peer rekeys the SAs several times under ping -f: nothing is lost.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
swanctl_load "$gw_b" < <(
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "the tunnel is up" comes_up "$host_a" 10.2.0.2

outbound() { on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p'; }
changed() { [ "$(outbound)" != "$1" ]; }

watch_wire "$net" to_b
background "$host_a" flood ping -n -q -i 0.005 10.2.0.2
flood=$background_pid
for i in 1 2 3; do
	spi=$(outbound)
	check "rekey $i" on "$gw_b" swanctl --rekey --child net
	check "rekey $i: a new outbound SA carries traffic" wait_for 30 changed "$spi"
done
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'
only_esp "nothing but ESP and IKE on the wire"
finish
