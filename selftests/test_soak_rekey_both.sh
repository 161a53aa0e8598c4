#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Both ends rekey at once under ping -f: nothing is lost. Then the peer deletes the old SAs
# as well, with its DELETE after and before the third message of quick mode: nothing is lost
# here. In the end one pair of SAs is left.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
tunnel_to_stock "retransmit_timeout = 1"

one_pair() { [ "$(ynl "$gw_a" dump sa-get | grep -c '"spi"')" = 2 ]; }
one_child() { [ "$(on "$gw_b" swanctl --list-sas | grep -c ESP:)" = 1 ]; }
log=$tmp/$gw_a.charon.log peer_log=$tmp/$gw_b.charon.log
# more LOG PATTERN COUNT: there are more such lines
more() { [ "$(grep -c "$2" "$1")" -gt "$3" ]; }

watch_wire "$net" to_b
background "$host_a" flood ping -n -q -i 0.005 10.2.0.2
flood=$background_pid
ours='generating QUICK_MODE request .* SA '
spi=$(outbound "$gw_a")
count=$(grep -c "$ours" "$log")
peer_count=$(grep -c "$ours" "$peer_log")
child=$(sed -n 's/.*CHILD_SA \(VPN[^{]*\){.* established.*/\1/p' "$log" | tail -n 1)
# quick mode is exchange type 32 (RFC 2409 5.5)
on "$net" nft 'add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
	add rule ip hold f udp dport 500 @th,208,8 32 drop'
background "$gw_a" rekey swanctl --rekey --child "$child"
background "$gw_b" peer-rekey swanctl --rekey --child net
check "both ends rekey: we do" wait_for 10 more "$log" "$ours" "$count"
check "and the peer does" wait_for 10 more "$peer_log" "$ours" "$peer_count"
count=$(grep -c 'CHILD_SA .* established' "$log")
on "$net" nft delete table ip hold
check "both come through" wait_for 20 more "$log" 'CHILD_SA .* established' $((count + 1))
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
	check "it comes" wait_for 10 more "$log" "$delete" "$count"
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
check "one pair of SAs is left" wait_for 60 one_pair
check "and at the peer" wait_for 20 one_child
check "it carries traffic" pings "$host_a" 10.2.0.2
finish
