#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A gateway whose interfaces are in a VRF: the route to the peer is the VRF's,
# decrypted packets come in by the interface that has the map, and clear text is
# refused there. Path MTUs are learned in the VRF, and it is shown of SAs and sessions.
# charon, whose sockets are in no VRF, negotiates by it.
#
#   host_a --- lan [vrf gw_a] wan --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
modprobe -q vrf
key=$(random_key 20)
ip -n "$gw_a" route flush table main
ip -n "$gw_a" -batch - <<EOT || bail "VRF"
link add red type vrf table 100
link set red up
link set lan master red
link set wan master red
route add default via 192.0.2.254 table 100
EOT
check "without a map the VRF forwards" pings "$host_a" 10.2.0.2
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "a map on the interface" manual_map "$gw_a" wan 198.51.100.2 10.1.0.0/24 10.2.0.0/24 \
	tunnel 4097 4098 "$key"
watch_wire "$net" to_b
check "pings" pings "$host_a" 10.2.0.2
check "pings from the far end" pings "$host_b" 10.1.0.2
only_esp "nothing but ESP on the wire"

ip -n "$net" link set to_b mtu 1400
ip -n "$gw_b" link set wan mtu 1400
on "$host_a" ping -n -q -c 1 -W 1 -M do -s 1418 10.2.0.2 >/dev/null
like "a path MTU is learned" "$(ynl "$gw_a" dump flow-get)" '"mtu": 1400'

# vrf_is WHAT NAME: that of the flow, of the session, and in JSON, if it is in one
vrf_is() {
	like "show crypto ipsec sa: $1" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
		"^   protected vrf: $2\$"
	like "show crypto session detail: $1" "$(on "$gw_a" cryptomap show crypto session detail)" \
		"fvrf: $2 ivrf: $2\$"
	like "show crypto session brief: $1" "$(on "$gw_a" cryptomap show crypto session brief)" \
		"^ivrf = $2\$"
	for what in 'ipsec sa' session; do
		like "$what --json: $1" "$(on "$gw_a" cryptomap show crypto $what --json |
			python3 -c 'import json, sys; print(json.load(sys.stdin)[0].get("vrf", "(none)"))')" \
			"^$2\$"
	done
}
vrf_is "in the VRF" red
ip -n "$gw_a" link set wan nomaster
vrf_is "taken out of it" '\(none\)'
ip -n "$gw_a" link set wan master red
ip -n "$gw_a" route add default via 192.0.2.254 table 100

on "$gw_b" ip xfrm policy flush
on "$gw_b" ip xfrm state flush
check "clear text gets no answer" no_ping "$host_b" 10.1.0.2
is "and is counted" "$(drops "$gw_a" clear-text)" 3

# what the gateway sends by the VRF itself passes the VRF as a device, too
check "a map on the VRF" manual_map "$gw_a" red 198.51.100.2 192.0.2.0/24 192.0.2.0/24 \
	tunnel 4097 4098 "$key"
watch_wire "$net" to_a
for to in 192.0.2.254 192.0.2.255; do
	on "$gw_a" python3 -c '
import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"red")
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sock.sendto(b"", (sys.argv[1], 9))' "$to"
done
wire_stop
is "what it sends to hosts and to all does not leave" "$(wire_count udp port 9)" 0
is "without an address on the VRF there is no SA" "$(drops "$gw_a" no-sa-manual)" 2

# what comes by the VRF is for these sockets, too, and the main table leads there
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
echo 1 | on "$gw_a" tee /proc/sys/net/ipv4/udp_l3mdev_accept >/dev/null
ip -n "$gw_a" route add 198.51.100.2 via 192.0.2.254 dev wan
load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
check "negotiated: pings" comes_up "$host_a" 10.2.0.2
vrf_is "negotiated" red
like "it is up" "$(on "$gw_a" cryptomap show crypto session)" '^Session status: UP-ACTIVE'
like "with its ISAKMP SA" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +10[0-9]{2} ACTIVE$'
like "which has the VRF" "$(on "$gw_a" cryptomap show crypto isakmp sa detail)" \
	'^10[0-9]{2}  192\.0\.2\.1 +198\.51\.100\.2    red    ACTIVE aes '
is "in JSON, too" "$(on "$gw_a" cryptomap show crypto isakmp sa --json |
	python3 -c 'import json, sys; print(json.load(sys.stdin)[0].get("ivrf"))')" red
spi() { on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p' | tail -1; }
phase1() { on "$gw_a" cryptomap show crypto isakmp sa | grep -c 'QM_IDLE .* ACTIVE$'; }
up=$(spi)
check "clear crypto sa vrf: another one" on "$gw_a" cryptomap clear crypto sa vrf blue
is "nothing is gone" "$(spi)" "$up"
check "clear crypto sa vrf" on "$gw_a" cryptomap clear crypto sa vrf red
is "the IPsec SAs are gone, phase 1 is not" "$(spi) $(phase1)" "0x0 1"
check "they come back" comes_up "$host_a" 10.2.0.2
check "clear crypto session ivrf: another one" on "$gw_a" cryptomap clear crypto session ivrf blue
is "phase 1 is there" "$(phase1)" 1
check "clear crypto session ivrf" on "$gw_a" cryptomap clear crypto session ivrf red
no_session() { [ "$(spi) $(phase1)" = "0x0 0" ]; }
check "all are gone" wait_for 10 no_session
finish
