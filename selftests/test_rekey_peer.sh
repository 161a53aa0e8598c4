#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stock peer rekeys the SAs several times under ping -f: nothing is lost. Both ends rekey
# at once: one pair of SAs is left.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
tunnel_to_stock "retransmit_timeout = 1"

watch_wire "$net" to_b
background "$host_a" flood ping -n -q -i 0.005 10.2.0.2
flood=$background_pid
for i in 1 2 3; do
	spi=$(outbound "$gw_a")
	check "rekey $i" on "$gw_b" swanctl --rekey --child net
	check "rekey $i: a new outbound SA carries traffic" wait_for 30 changed "$gw_a" "$spi"
done
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'

background "$host_a" slow ping -n -q -i 0.2 10.2.0.2
slow=$background_pid
both_rekey
check "of what both made one pair is left" wait_for 60 one_pair "$gw_a"
check "and at the peer" wait_for 20 one_child
kill -INT "$slow"
wait "$slow"
check "it carries traffic" pings "$host_a" 10.2.0.2
is "nothing was dropped here" \
	"$(on "$gw_a" cryptomap show drops | awk 'NR > 1 && $2 > 0')" ""
only_esp "nothing but ESP and IKE on the wire"
finish
