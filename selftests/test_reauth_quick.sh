#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# While we renew the ISAKMP SA the peer knows the old one only: a quick mode that it
# starts with that is answered, and its SAs carry traffic.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 198.51.100.2 secret | sed '/group 14/a\ lifetime 60'
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret \
	10.2.0.0/24 10.1.0.0/24 tunnel)
log=$tmp/$gw_a.charon.log
said() { grep -q "$1" "$log"; }
established() { [ "$(grep -c 'IKE_SA .* established between' "$log")" -ge "$1" ]; }

check "the tunnel is up" comes_up "$host_a" 10.2.0.2
background "$host_a" ping ping -n -i 0.2 10.2.0.2
ping=$background_pid
# phase 1 begins, and does not get on
on "$net" nft 'add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
	add rule ip hold f udp dport 500 @th,208,8 2 drop'
check "the ISAKMP SA is to be renewed" wait_for 70 said 'reauthenticating IKE_SA'
spi=$(outbound "$gw_a")
on "$gw_b" swanctl --rekey --child net >/dev/null
check "the peer renews the IPsec SAs with the old one" wait_for 10 changed "$gw_a" "$spi"
is "that is all there is" "$(grep -c 'IKE_SA .* established between' "$log")" 1
check "they carry traffic" pings "$host_a" 10.2.0.2
on "$net" nft delete table ip hold
check "the new ISAKMP SA comes up" wait_for 40 established 2
check "the SAs carry traffic" pings "$host_a" 10.2.0.2
check "from the peer, too" pings "$host_b" 10.1.0.2
kill -INT "$ping"
wait "$ping"
is "meanwhile every ping was answered" "$(unanswered "$tmp/ping.log")" 0
finish
