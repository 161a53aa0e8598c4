#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Maps on a VLAN, on a device without a link-layer header (TUN), and on a bond that
# changes its link: out, in, and clear text refused.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
modprobe -qa 8021q tun bonding
key=$(random_key 20)
echo_server "$host_b"
far_end() {
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128"
}

# between DEVICE DEVICE: the link between gw_a and the middle is this now
between() {
	ip -n "$gw_a" -batch - <<-EOT && ip -n "$net" -batch - <<-EOT2
	address flush to 192.0.2.1
	address add 192.0.2.1/24 dev $1
	link set $1 up
	route add default via 192.0.2.254 dev $1
	EOT
	address flush to 192.0.2.254
	address add 192.0.2.254/24 dev $2
	link set $2 up
	route add 10.1.0.0/24 via 192.0.2.1
	route replace 10.2.0.0/24 via 198.51.100.2
	EOT2
}
try() { # DEVICE
	local before
	check "$1: a map" load "$gw_a" < <(ios_manual_on "$1" 198.51.100.2 '10.1.0.0 0.0.0.255' \
		'10.2.0.0 0.0.0.255' 4097 4098 'esp-gcm 128' "cipher $key")
	far_end
	watch_wire "$net" to_b
	check "$1: pings" pings "$host_a" 10.2.0.2
	check "$1: pings from the far end" pings "$host_b" 10.1.0.2
	check "$1: datagrams" echo_sizes "$host_a" 10.2.0.2 1-4,1400,3000
	only_esp "$1: nothing but ESP on the wire"
	on "$gw_b" ip xfrm policy flush
	on "$gw_b" ip xfrm state flush
	before=$(drops "$gw_a" clear-text)
	check "$1: clear text gets no answer" no_ping "$host_b" 10.1.0.2
	is "$1: and is counted" $(($(drops "$gw_a" clear-text) - before)) 3
}

ip -n "$gw_a" link add link wan name vlan7 type vlan id 7
ip -n "$net" link add link to_a name to_vlan7 type vlan id 7
check "a VLAN" between vlan7 to_vlan7
try vlan7

python3 "$top/selftests/helpers/tun_pair.py" "$gw_a" tun0 "$net" to_tun0 >"$tmp/tun.log" 2>&1 &
defer kill $!
wait_for 20 grep -q ready "$tmp/tun.log" || bail "TUN devices"
check "TUN devices" between tun0 to_tun0
try tun0

link "$gw_a" wan2 169.254.1.1/32 "$net" to_a2 169.254.1.2/32
ip -n "$gw_a" -batch - <<EOT
link set wan down
link set wan2 down
link add bond0 type bond mode active-backup miimon 20
link set wan master bond0
link set wan2 master bond0
EOT
ip -n "$net" -batch - <<EOT
link add to_bond type bridge
link set to_a master to_bond
link set to_a2 master to_bond
EOT
check "a bond" between bond0 to_bond
wait_for 20 pings "$gw_a" 192.0.2.254
try bond0
far_end
check "its first link goes" ip -n "$net" link set to_a down
check "pings by the other one" wait_for 20 pings "$host_a" 10.2.0.2
check "the first link comes back, the other one goes" \
	sh -c "ip -n $net link set to_a up && ip -n $net link set to_a2 down"
check "pings by the first one" wait_for 20 pings "$host_a" 10.2.0.2
finish
