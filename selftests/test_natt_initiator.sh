#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# We are behind a NAT and initiate, transport mode: the stock responder sees
# another address. IKE and ESP on UDP 4500, keepalives, TCP both ways, and charon
# killed under traffic.
#
#   gw_a (ours) --- net (NAT) --- gw_b (stock)
. "$(dirname "$0")/lib.sh"
two_sites
check "the NAT" source_nat 'oifname to_b udp sport 4500 masquerade to :4001' \
	'oifname to_b masquerade'
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	echo 'crypto isakmp nat keepalive 5'
	ios_map 198.51.100.2 'host 192.0.2.1' 'host 198.51.100.2' transport)
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 %any secret 198.51.100.2/32 dynamic transport)
tcp_server "$gw_b"

watch_wire "$gw_a" wan
check "the first ping starts the negotiation" comes_up "$gw_a" 198.51.100.2
like "in UDP" "$(on "$gw_a" cryptomap show crypto ipsec sa)" 'in use settings =\{Transport UDP-Encaps'
check "1 MB of TCP" on "$gw_a" timeout 250 iperf3 -c 198.51.100.2 -n 1M
check "and back" on "$gw_a" timeout 250 iperf3 -c 198.51.100.2 -n 1M -R
is "our port of the responder is not followed: it is behind no NAT" \
	"$(ynl "$gw_a" dump sa-get | grep -c follow-port)" 0

# one byte
keepalives() { wire_count 'src 192.0.2.1 and udp dst port 4500 and udp[4:2] = 9'; }
kept() { [ "$(keepalives)" -gt "$1" ]; }
check "without traffic keepalives come as often as configured" wait_for 14 kept "$(($(keepalives) + 1))"

before=$(flow_count "$gw_a" encaps)
on "$gw_a" ping -n -q -i 0.05 -c 60 198.51.100.2 >"$tmp/ping.log" 2>&1 &
ping=$!
sent() { [ "$(flow_count "$gw_a" encaps)" -gt $((before + 10)) ]; }
wait_for 20 sent
stop_charon "$gw_a" KILL
wait "$ping"
like "charon killed: no ping is lost" "$(cat "$tmp/ping.log")" ' 0% packet loss'
wire_stop
is "only UDP left" "$(wire_count 'ip src 192.0.2.1 and not udp and not igmp')" 0
is "and nobody was told that the port is closed" "$(wire_count 'icmp[0] = 3 and src 192.0.2.1')" 0
finish
