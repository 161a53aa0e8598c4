#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A stock strongSwan behind a NAT: IKE and ESP on UDP 4500; the NAT changing the
# port, which IKE and all SAs follow, also those that carry nothing; charon
# killed under traffic, and the port changing after that.
#
#   host_a --- gw_a (ours) --- net (NAT) --- gw_b (stock) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
nat() { # PORT
	source_nat "oifname to_a udp sport 4500 masquerade to :$1" \
		'oifname to_a ip saddr 198.51.100.2 masquerade'
}
check "the NAT" nat 4001

# a second network there
ip -n "$host_b" address add 10.4.0.2/32 dev lo
ip -n "$gw_b" route add 10.4.0.0/24 via 10.2.0.2
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
load "$gw_a" < <(ios_phase1 192.0.2.254 secret
	ios_map 192.0.2.254 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
	echo 'ip access-list extended VPN-ACL'
	echo ' permit ip 10.1.0.0 0.0.0.255 10.4.0.0 0.0.0.255')
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24 |
	sed 's,^\(\t*\)children {,&\n\1other { mode = tunnel\nlocal_ts = 10.4.0.0/24\nremote_ts = 10.1.0.0/24\nesp_proposals = aes256-sha256 },')

watch_wire "$gw_a" wan
check "the peer negotiates" on "$gw_b" swanctl --initiate --child net --timeout 30
check "its other network" on "$gw_b" swanctl --initiate --child other --timeout 30
check "pings from the peer" pings "$host_b" 10.1.0.2
check "pings to the peer" pings "$host_a" 10.2.0.2
check "and its other network" pings "$host_a" 10.4.0.2
like "in UDP" "$(on "$gw_a" cryptomap show crypto ipsec sa)" 'in use settings =\{Tunnel UDP-Encaps'

sas_at() { # PORT: how many SAs send there
	ynl "$gw_a" dump sa-get | grep -c "\"encap-dport\": $1[,}]"
}
all_at() { [ "$(sas_at "$1")" = "$2" ]; }
is "four SAs know the port" "$(sas_at 4001)" 4

nat 4002
on "$host_b" ping -n -q -c 1 -W 1 10.1.0.2 >/dev/null
check "one packet of one SA, and all four follow" wait_for 20 all_at 4002 4
like "so does IKE" "$(cat "$tmp/$gw_a.charon.log")" 'remote endpoint changed from .*4001\] to .*4002\]'
check "pings to the peer" pings "$host_a" 10.2.0.2
check "and its other network" pings "$host_a" 10.4.0.2

# under traffic
on "$host_a" ping -n -q -i 0.05 -c 80 10.2.0.2 >"$tmp/ping-a.log" 2>&1 &
ping_a=$!
on "$host_b" ping -n -q -i 0.05 -c 80 10.1.0.2 >"$tmp/ping-b.log" 2>&1 &
ping_b=$!
sent() { [ "$(flow_count "$gw_a" encaps)" -gt "$1" ]; }
wait_for 20 sent $(($(flow_count "$gw_a" encaps) + 20))
stop_charon "$gw_a" KILL
wait "$ping_a" "$ping_b"
like "charon killed: no ping is lost that way" "$(cat "$tmp/ping-a.log")" ' 0% packet loss'
like "nor this way" "$(cat "$tmp/ping-b.log")" ' 0% packet loss'
is "there is no socket" "$(on "$gw_a" ss -Hlun 'sport = :4500' | wc -l)" 0

nat 4003
on "$host_b" ping -n -q -c 1 -W 1 10.1.0.2 >/dev/null
check "the pair that the peer uses follows" wait_for 20 all_at 4003 2
check "pings go on" pings "$host_a" 10.2.0.2
on "$host_b" ping -n -q -c 1 -W 1 -I 10.4.0.2 10.1.0.2 >/dev/null
check "so does the other, when it is used" wait_for 20 all_at 4003 4
check "and pings there" pings "$host_a" 10.4.0.2
wire_stop
is "nothing but UDP 500 and 4500, and ARP" "$(wire_count 'not udp port 500 and not udp dst port 4500 and
	not udp src port 4500 and not arp and not icmp and not ether proto 0x88b5 and not igmp')" 0
is "the peer was not told that the port is closed, but for IKE" "$(wire_count 'icmp[0] = 3 and icmp[1] = 3 and
	src 192.0.2.1 and icmp[36:4] != 0')" 0

start_charon "$gw_a" cryptomap
check "charon is back: pings go on" pings "$host_b" 10.1.0.2
finish
