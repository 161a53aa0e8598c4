#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A deny leaves its entry and goes on with the next one; a packet that no entry
# permits passes in clear.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (XFRM) --- host_b
#                                  +-- gw_c (XFRM) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
route_in_clear
ip -n "$net" route add 10.3.0.0/24 via 203.0.113.3
echo_server "$host_b"
echo_server "$host_c"

key=$(random_key 20)
session_keys() { # SPI-IN SPI-OUT
	echo " set session-key inbound esp $1 cipher $key"
	echo " set session-key outbound esp $2 cipher $key"
}
check "configuration is accepted" load "$gw_a" <<EOT
crypto ipsec transform-set TS esp-gcm 128
ip access-list extended FIRST
 deny udp any any eq 7
 deny ip any 10.3.0.0 0.0.0.255
 permit ip 10.1.0.0 0.0.0.255 10.0.0.0 0.255.255.255
ip access-list extended SECOND
 deny udp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
 permit ip 10.1.0.0 0.0.0.255 10.3.0.0 0.0.0.255
crypto map VPN 10 ipsec-manual
 set peer 198.51.100.2
$(session_keys 4097 4098)
 set transform-set TS
 match address FIRST
crypto map VPN 20 ipsec-manual
 set peer 203.0.113.3
$(session_keys 5097 5098)
 set transform-set TS
 match address SECOND
interface wan
 crypto map VPN
EOT
is "the index has the permits, and knows what a packet may cost" \
	"$(on "$gw_a" cryptomap show crypto map --json | python3 -c '
import json, sys
it = json.load(sys.stdin)[0]["interfaces"][0]["classifier"]
print(it["rules"], it["indexed"], it["tables"], it["worst"])')" "5 2 1 5"
gcm="aead rfc4106(gcm(aes)) 0x$key 128"
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 "$gcm"
xfrm_peer "$gw_c" 203.0.113.3 192.0.2.1 10.3.0.0/24 10.1.0.0/24 tunnel 5098 5097 "$gcm"
# XFRM must let the denied datagrams pass in clear, too
ip -n "$gw_b" -batch - <<EOT
xfrm policy add src 10.2.0.0/24 dst 10.1.0.0/24 proto udp sport 7 dir out priority 1
xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 proto udp dport 7 dir fwd priority 1
EOT

watch_wire "$net" to_a
check "permit of the first entry" pings "$host_a" 10.2.0.2
check "denied by both: comes through in clear" echo_sizes "$host_a" 10.2.0.2 100
check "denied by the first entry: the second protects it" pings "$host_a" 10.3.0.2
check "denied by port by the first entry: likewise" echo_sizes "$host_a" 10.3.0.2 100
wire_stop
is "first entry: pings in ESP to its peer" \
	"$(wire_count 'esp and src 192.0.2.1 and dst 198.51.100.2')" 3
is "second entry: pings and datagram in ESP to its peer" \
	"$(wire_count 'esp and src 192.0.2.1 and dst 203.0.113.3')" 4
is "one datagram and its answer in clear" "$(wire_count udp)" 2
finish
