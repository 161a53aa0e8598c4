#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stock peer rekeys the SAs several times under ping -f, then deletes the old ones, its
# DELETE after and before the third message of quick mode. Then both ends rekey at once.
# Nothing is lost, and one pair of SAs is left.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap "retransmit_timeout = 1"
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association lifetime kilobytes 2560')
swanctl_load "$gw_b" < <(
	stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "the tunnel is up" comes_up "$host_a" 10.2.0.2

outbound() { on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p'; }
changed() { [ "$(outbound)" != "$1" ]; }
log=$tmp/$gw_a.charon.log peer_log=$tmp/$gw_b.charon.log
# count LOG PATTERN, more LOG PATTERN COUNT
count() { grep -c "$2" "$1"; }
more() { [ "$(count "$1" "$2")" -gt "$3" ]; }

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

sed -i 's/^charon {/&\ndelete_rekeyed = yes/' "$tmp/$gw_b.strongswan.conf"
on "$gw_b" swanctl --reload-settings >/dev/null
background "$host_a" slow ping -n -q -i 0.02 10.2.0.2
slow=$background_pid
for order in after before; do
	if [ "$order" = before ]; then
		# what has the length of a third message goes slower
		on "$net" tc qdisc add dev to_a root handle 1: prio
		on "$net" tc qdisc add dev to_a parent 1:3 netem delay 150ms
		on "$net" tc filter add dev to_a parent 1: protocol ip u32 \
			match u8 0x20 0xff at 46 match u32 76 0xffffffff at 52 flowid 1:3
	fi
	spi=$(outbound)
	deletes=$(count "$log" 'parsed INFORMATIONAL_V1 request .* D ')
	check "rekey, with the DELETE $order the third message" on "$gw_b" swanctl --rekey --child net
	check "it comes" wait_for 10 more "$log" 'parsed INFORMATIONAL_V1 request .* D ' "$deletes"
	check "a new outbound SA carries traffic" wait_for 30 changed "$spi"
done
is "in that order" "$(grep -E 'parsed (INFORMATIONAL_V1 request .* D |QUICK_MODE request .* HASH \])' "$log" |
	tail -n 2 | grep -oE 'INFORM|QUICK' | paste -sd ' ')" "INFORM QUICK"
on "$net" tc qdisc del dev to_a root

ours='generating QUICK_MODE request .* SA '
n=$(count "$log" "$ours")
theirs=$(count "$peer_log" "$ours")
# quick mode is exchange type 32 (RFC 2409 5.5)
on "$net" nft 'add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
	add rule ip hold f udp dport 500 @th,208,8 32 drop'
background "$host_a" volume ping -n -q -i 0.005 -s 1400 10.2.0.2
volume=$background_pid
check "both rekey: we do" wait_for 30 more "$log" "$ours" "$n"
kill -INT "$volume"
background "$gw_b" rekey swanctl --rekey --child net
check "and the peer does" wait_for 10 more "$peer_log" "$ours" "$theirs"
n=$(count "$log" 'CHILD_SA .* established')
on "$net" nft delete table ip hold
check "both come through" wait_for 20 more "$log" 'CHILD_SA .* established' $((n + 1))

kill -INT "$slow"
wait "$slow"
like "every ping was answered" "$(cat "$tmp/slow.log")" ' 0% packet loss'
only_esp "nothing but ESP and IKE on the wire"
one_pair() { [ "$(ynl "$gw_a" dump sa-get | grep -c '"spi"')" = 2 ]; }
one_child() { [ "$(on "$gw_b" swanctl --list-sas | grep -c ESP:)" = 1 ]; }
check "one pair of SAs is left" wait_for 40 one_pair
check "and at the peer" wait_for 10 one_child
check "it carries traffic" pings "$host_a" 10.2.0.2
finish
