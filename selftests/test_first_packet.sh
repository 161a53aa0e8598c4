#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The packet that finds no SA waits for the negotiation that it starts, and is
# delivered; with nobody to negotiate it is dropped, and the drop has a name. Packets that
# wait, for an SA or for its keys, are let go in their order, under traffic, of which
# nothing is lost, or comes twice.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours, then XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
check "no daemon: no answer" no_ping "$host_a" 10.2.0.2
is "no daemon: counted so" "$(drops "$gw_a" no-daemon)" 3

start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
watch_wire "$net" to_b
check "the very first packet is answered" on "$host_a" ping -n -c 1 -W 30 10.2.0.2
is "one encapsulated" "$(flow_count "$gw_a" encaps)" 1
is "one decapsulated" "$(flow_count "$gw_a" decaps)" 1
only_esp "nothing but ESP and IKE on the wire"

stop_charon "$gw_a"
stop_charon "$gw_b"
load "$gw_b" <<<'interface wan'
key=$(random_key 20)
flow=$(first_flow "$gw_a")
ends='"local": "c0000201", "remote": "c6336402"'
netlink_open "$gw_a"
# sa DIR SPI: it gets its keys, and the sender goes on, at the same time
sa() {
	printf 'sa-new {"spi": %s, "dir": "%s", %s, "flow-id": %s, "mode": "tunnel", %s}\n' \
		"$2" "$1" "$ends" "$flow" \
		"\"cipher\": \"aes-gcm\", \"enc-key\": \"$key\", \"replay-window\": 64" \
		>&"${client[1]}"
	echo >&"$go"
	read -r answer <&"${client[0]}"
	[[ $answer != *errno* ]]
}
held() { request stats-get '' && grep -q "\"held\": $1\(,\|}\)" <<<"$answer"; } # PACKETS
received() { on "$gw_a" awk '$1 == "wan:" { print $3 }' /proc/net/dev; } # packets, on wan
came() { [ "$(received)" -ge "$1" ]; } # PACKETS

# numbered FROM TO ADDRESS: of 1,000 packets the first 60 are sent
numbered() {
	local helper=$top/selftests/helpers/numbered.py
	rm -f "$tmp/received.log" "$tmp/go"
	mkfifo "$tmp/go"
	background "$2" received python3 "$helper" receive 60 1000
	receiver=$background_pid
	wait_for 30 grep -q ready "$tmp/received.log" || bail "receiver"
	on "$1" python3 "$helper" send "$3" 60 1000 <"$tmp/go" &
	exec {go}>"$tmp/go"
}
# all_came WHAT: after the line that the sender waits for
all_came() {
	wait "$receiver"
	exec {go}>&-
	is "$1" "$(tail -n 1 "$tmp/received.log")" "lost 0, twice 0, late 0"
}

for i in 1 2; do
	spi=$((4096 + i))
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel $((spi + 16)) $spi \
		"aead rfc4106(gcm(aes)) 0x$key 128"
	request daemon-set '{"daemon": 1}'
	numbered "$host_a" "$host_b" 10.2.0.2
	check "$i: packets wait for an SA" wait_for 20 held 60
	check "$i: it comes" sa out $((spi + 16))
	all_came "$i: they are let go in their order, and all that comes meanwhile gets there"
	check "$i: none waits any more" held 0

	check "$i: an SPI without keys" request spi-alloc \
		"{\"local\": \"c0000201\", \"spi-min\": $spi, \"spi-max\": $spi}"
	before=$(received)
	numbered "$host_b" "$host_a" 10.1.0.2
	check "$i: packets wait for keys" wait_for 20 came $((before + 60))
	check "$i: they come" sa in $spi
	all_came "$i: likewise"
	request sa-del "{\"spi\": $((spi + 16)), \"dir\": \"out\", $ends}"
	request sa-del "{\"spi\": $spi, \"dir\": \"in\", $ends}"
done
netlink_close
is "nothing was dropped" "$(on "$gw_a" cryptomap show drops | awk 'NR > 1 && $2 > 0 { print $1, $2 }')" \
	"no-daemon 3"
finish
