#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Both ends rekey at once under ping -f: nothing is lost. Then the peer deletes the old SAs
# as well, with its DELETE after and before the third message of quick mode: nothing is lost
# here. In the end one pair of SAs is left.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
tunnel_to_stock "retransmit_timeout = 1"
log=$tmp/$gw_a.charon.log

watch_wire "$net" to_b
background "$host_a" flood ping -n -q -i 0.005 10.2.0.2
flood=$background_pid
spi=$(outbound "$gw_a")
both_rekey
check "a new outbound SA carries traffic" wait_for 30 changed "$gw_a" "$spi"
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'

# With this option a stock charon has no old SA any more when it says so: it drops what
# was on the way then.
sed -i 's/^charon {/&\ndelete_rekeyed = yes/' "$tmp/$gw_b.strongswan.conf"
on "$gw_b" swanctl --reload-settings >/dev/null
dropped() { on "$gw_b" awk '{ n += $2 } END { print n }' /proc/net/xfrm_stat; }
delete='parsed INFORMATIONAL_V1 request .* D '
before=$(dropped)
background "$host_a" slow ping -n -i 0.02 10.2.0.2
slow=$background_pid
for order in after before; do
	if [ "$order" = before ]; then
		# what has the length of a third message goes slower
		on "$net" tc qdisc add dev to_a root handle 1: prio
		on "$net" tc qdisc add dev to_a parent 1:3 netem delay 150ms
		on "$net" tc filter add dev to_a parent 1: protocol ip u32 \
			match u8 0x20 0xff at 46 match u32 76 0xffffffff at 52 flowid 1:3
	fi
	spi=$(outbound "$gw_a")
	count=$(grep -c "$delete" "$log")
	check "rekey, with the DELETE $order the third message" on "$gw_b" swanctl --rekey --child net
	check "it comes" wait_for 10 more_lines "$log" "$delete" "$count"
	check "a new outbound SA carries traffic" wait_for 30 changed "$gw_a" "$spi"
done
like "in that order" "$(grep -E "$delete|parsed QUICK_MODE request .* HASH \]" "$log" |
	grep -oE 'INFORM|QUICK' | paste -sd ' ')" 'INFORM( QUICK)+$'
sleep 8 # what the peer sends when all has settled tells which pair it prefers
kill -INT "$slow"
wait "$slow"
lost=$(unanswered "$tmp/slow.log")
dropped=$(($(dropped) - before))
check "of $dropped packets that the peer dropped $lost pings were lost" test "$lost" -le "$dropped"
only_esp "nothing but ESP and IKE on the wire"
is "nothing was dropped here" \
	"$(on "$gw_a" cryptomap show drops | awk 'NR > 1 && $2 > 0')" ""
check "one pair of SAs is left" wait_for 60 one_pair "$gw_a"
check "and at the peer" wait_for 20 one_child
check "it carries traffic" pings "$host_a" 10.2.0.2
finish
