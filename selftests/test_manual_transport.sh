#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Transport mode between the two gateways themselves, against XFRM, with manual
# keys: AES-CBC and AES-GCM.
#
#   gw_a (ours) --- net --- gw_b (XFRM)
. "$(dirname "$0")/lib.sh"
two_sites
echo_server "$gw_b"
watch_wire "$net" to_b

# try TRANSFORMS KEY-BYTES AUTH-BYTES ALGORITHM
try() {
	local key auth keys algorithm
	key=$(random_key "$2")
	auth=$(random_key "$3")
	keys=" cipher $key${auth:+ authenticator $auth}"
	load "$gw_a" <<-EOT
	crypto ipsec transform-set TS $1
	 mode transport
	ip access-list extended VPN-ACL
	 permit ip host 192.0.2.1 host 198.51.100.2
	crypto map VPN 10 ipsec-manual
	 set peer 198.51.100.2
	 set session-key inbound esp 4097$keys
	 set session-key outbound esp 4098$keys
	 set transform-set TS
	 match address VPN-ACL
	interface wan
	 crypto map VPN
	EOT
	algorithm=${4//KEY/0x$key}
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 198.51.100.2/32 192.0.2.1/32 transport 4098 4097 \
		"${algorithm//AUTH/0x$auth}"
	check "$1: 1-1400 bytes both ways" echo_sizes "$gw_a" 198.51.100.2 1-1400
	check "$1: ping from the far end" pings "$gw_b" 192.0.2.1
}

try "esp-aes 256 esp-sha256-hmac" 32 32 \
	"enc cbc(aes) KEY auth-trunc hmac(sha256) AUTH 128"
try "esp-gcm 128" 20 0 "aead rfc4106(gcm(aes)) KEY 128"

# a hook behind the map leaves headers longer than the packet
check "a firewall that spoils headers" on "$gw_a" nft -f - <<'EOT'
table ip t {
	chain c {
		type filter hook postrouting priority 350
		ip daddr 198.51.100.2 udp dport 9 ip hdrlength set 15
	}
}
EOT
on "$gw_a" python3 -c '
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for size in range(20):
    sock.sendto(bytes(size), ("198.51.100.2", 9))'
is "they are dropped" "$(drops "$gw_a" out-malformed)" 20
only_esp "nothing but ESP on the wire"
finish
