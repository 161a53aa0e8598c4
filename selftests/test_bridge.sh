#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A map on a bridge, with br_netfilter on: what the bridge sends and receives as
# IP is protected, what it only switches is none of the map's business, and clear
# text to the address of a port, which the bridge takes as well, is refused. So it is by
# a device over the bridge that has the map.
#
#   host_a --- lan gw_a (ours) wan=br0 [port1, port2] --- net, other --- gw_b (XFRM)
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
key=$(random_key 20)
make_ns other
link "$gw_a" port2 0.0.0.0 "$other" eth0 192.0.2.99/24
modprobe -q br_netfilter
ip -n "$gw_a" -batch - <<EOT || bail "bridge"
link set wan down
link set wan name port1
address flush dev port1
link add wan type bridge
link set port1 master wan
link set port2 master wan
link set port1 up
link set wan up
address add 192.0.2.1/24 dev wan
route add default via 192.0.2.254
EOT
on "$gw_a" sysctl -q net.bridge.bridge-nf-call-iptables=1
check "the bridge switches" pings "$other" 192.0.2.254
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "a map on the bridge" manual_map "$gw_a" wan 198.51.100.2 10.1.0.0/24 10.2.0.0/24 \
	tunnel 4097 4098 "$key"
watch_wire "$net" to_b
check "pings" pings "$host_a" 10.2.0.2
check "pings from the far end" pings "$host_b" 10.1.0.2
only_esp "nothing but ESP on the wire"
check "the bridge switches on" pings "$other" 192.0.2.254

# spoof MAC [VLAN]: clear text that the map wants protected, to this address; the one in
# IP is spoof_to, or that of host_a
spoof() {
	on "$other" env PYTHONPATH="$top/selftests/helpers" python3 - "${spoof_to:-10.1.0.2}" "$@" <<-'EOT'
	import socket
	import struct
	import sys
	import esp
	to, mac, *vlans = sys.argv[1:]
	frame = bytes.fromhex(mac.replace(":", "") + "020000000099")
	for vlan in vlans:
	    frame += struct.pack("!HH", 0x8100, int(vlan))
	frame += struct.pack("!H", 0x0800) + esp.echo_reply("10.2.0.2", to)
	with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
	    sock.bind(("eth0", 0))
	    for _ in range(3):
	        sock.send(frame)
	EOT
}
mac() { ip -n "$gw_a" -o link show dev "$1" | sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p'; }
counted() { [ "$(drops "$gw_a" clear-text)" = "$1" ]; }
background "$host_a" arrived tcpdump -n -l -i eth0 icmp
wait_for 20 grep -q 'listening on' "$tmp/arrived.log" || bail "tcpdump"
n=0
for port in wan port2 port1; do
	spoof "$(mac $port)"
	n=$((n + 3))
	check "clear text to the address of $port is refused" wait_for 10 counted $n
done
spoof ff:ff:ff:ff:ff:ff
n=$((n + 3))
check "clear text to all is refused" wait_for 10 counted $n

# a tag of VLAN 0 has a priority only
on "$gw_a" sysctl -q net.bridge.bridge-nf-filter-vlan-tagged=1
for to in "$(mac port1)" ff:ff:ff:ff:ff:ff; do
	spoof "$to" 0
	n=$((n + 3))
	check "clear text with a priority tag to $to is refused" wait_for 10 counted $n
done

# a VLAN on the bridge, which IP does not show to anybody again either
ip -n "$gw_a" link add link wan name vlan7 type vlan id 7
ip -n "$gw_a" link set vlan7 up
check "a map on a VLAN of the bridge" manual_map "$gw_a" vlan7 198.51.100.2 10.1.0.0/24 \
	10.2.0.0/24 tunnel 4097 4098 "$key"
n=$(drops "$gw_a" clear-text)
spoof "$(mac wan)" 7
n=$((n + 3))
check "clear text to its address is refused" wait_for 10 counted $n

# nor a macvlan, which has an address of its own
ip -n "$gw_a" link add link wan name mv0 type macvlan mode bridge
ip -n "$gw_a" address add 192.0.2.5/24 dev mv0
ip -n "$gw_a" link set mv0 up
check "a map on a macvlan over the bridge" manual_map "$gw_a" mv0 198.51.100.2 10.1.0.0/24 \
	10.2.0.0/24 tunnel 4097 4098 "$key"
n=$(drops "$gw_a" clear-text)
spoof "$(mac mv0)"
n=$((n + 3))
check "clear text to its address is refused" wait_for 10 counted $n
check "other clear text comes in by it" pings "$other" 192.0.2.5
ip -n "$gw_a" link del mv0

# an ipvlan takes what is for its IP addresses
ip -n "$gw_a" link add link wan name iv0 type ipvlan mode l2
ip -n "$gw_a" address add 10.1.5.5/32 dev iv0
ip -n "$gw_a" link set iv0 up
check "a map on an ipvlan over the bridge" manual_map "$gw_a" iv0 198.51.100.2 10.1.5.0/24 \
	10.2.0.0/24 tunnel 4097 4098 "$key"
n=$(drops "$gw_a" clear-text)
spoof_to=10.1.5.5 spoof "$(mac wan)"
n=$((n + 3))
check "clear text to its address is refused" wait_for 10 counted $n
is "none of it arrived" "$(grep -c ICMP "$tmp/arrived.log")" 0
finish
