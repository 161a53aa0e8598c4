#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may fragment what: DF of local sockets that only want to learn the path
# MTU is not final; a flow of one port is encrypted whole, since its later
# fragments would show no port to the far end; a transport set tunnels what is
# not between the two end points.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
echo_server "$host_b"
key=$(random_key 20)

# maps MODE ACE-OF-GW-A ACE-OF-GW-B
maps() {
	one_map "$1" "$2" 198.51.100.2 4097 4098 | load "$gw_a"
	one_map "$1" "$3" 192.0.2.1 4098 4097 | load "$gw_b"
}

# one_map MODE ACE PEER SPI-IN SPI-OUT
one_map() {
	cat <<-EOT
	crypto ipsec transform-set TS esp-gcm 128
	 mode $1
	ip access-list extended VPN-ACL
	 permit $2
	crypto map VPN 10 ipsec-manual
	 set peer $3
	 set session-key inbound esp $4 cipher $key
	 set session-key outbound esp $5 cipher $key
	 set transform-set TS
	 match address VPN-ACL
	interface wan
	 crypto map VPN
	EOT
}

maps tunnel 'ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255' \
	'ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255'
watch_wire "$net" to_b
for size in 1400 1430 1450 1472; do
	check "a local socket that would learn: $size bytes" \
		pings "$gw_a" 10.2.0.2 -I 10.1.0.1 -M want -s "$size"
done
only_esp "all of it in ESP"

maps tunnel 'udp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255 eq 7' \
	'udp 10.2.0.0 0.0.0.255 eq 7 10.1.0.0 0.0.0.255'
watch_wire "$net" to_b
check "datagrams of one port, 1-4000 bytes" echo_sizes "$host_a" 10.2.0.2 1,1400,1500,3000,4000
is "no fragment was refused" "$(drops "$gw_b" inner-fragment)" 0
only_esp "all of it in ESP, fragments included"

# a peer that fragments before it encrypts, as IOS does: its map asks for no port
maps tunnel 'udp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255' \
	'udp 10.2.0.0 0.0.0.255 eq 7 10.1.0.0 0.0.0.255'
check "fragments of one port that were encrypted one by one" \
	echo_sizes "$host_a" 10.2.0.2 1,1500,3000,4000
is "each was reassembled" "$(drops "$gw_b" inner-fragment)" 0

maps transport 'ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255' \
	'ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255'
check "a transport set tunnels other traffic" pings "$host_a" 10.2.0.2
like "and says so" "$(on "$gw_a" cryptomap show crypto ipsec sa)" 'in use settings =\{Tunnel,'
finish
