#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# IPv4 and IPv6 in tunnels over IPv4 and IPv6, against XFRM, with manual keys:
# datagrams of all sizes both ways, and packets that do not fit.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
two_sites_ipv6
echo_server "$host_b"
key=$(random_key 20)

# the parties by the family of their addresses
gw_a_4=192.0.2.1 gw_b_4=198.51.100.2 site_a_4=10.1.0.0/24 site_b_4=10.2.0.0/24
gw_a_6=2001:db8:a::1 gw_b_6=2001:db8:b::2 site_a_6=fd01::/64 site_b_6=fd02::/64
host_a_4=10.1.0.2 host_b_4=10.2.0.2 host_a_6=fd01::2 host_b_6=fd02::2

# try INNER OUTER MTU: MTU is the largest packet that fits, by the formula of
# RFC 4303 and AES-GCM on a path of 1500
try() {
	local inner=$1 outer=$2 mtu=$3 name="IPv$1 over IPv$2" a b gw_x gw_y hx hy out
	local headers=$((inner == 4 ? 28 : 48))
	gw_x=gw_a_$outer gw_y=gw_b_$outer a=site_a_$inner b=site_b_$inner
	hx=host_a_$inner hy=host_b_$inner
	check "$name: configuration" manual_map "$gw_a" wan "${!gw_y}" "${!a}" "${!b}" tunnel \
		4097 4098 "$key"
	xfrm_peer "$gw_b" "${!gw_y}" "${!gw_x}" "${!b}" "${!a}" tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128 flag af-unspec"
	watch_wire "$net" to_b
	check "$name: datagrams of many sizes" echo_sizes "$host_a" "${!hy}" 1-64,1000,1280,1370-1400
	check "$name: datagrams in fragments" echo_sizes "$host_a" "${!hy}" 1452,1473,2000,4000
	check "$name: from the far end" pings "$host_b" "${!hx}"
	check "$name: a packet that fits exactly" \
		pings "$host_a" "${!hy}" -M do -s $((mtu - headers))
	out=$(on "$host_a" ping -n -c 2 -i 0.2 -W 2 -M do -s $((mtu - headers + 1)) "${!hy}" 2>&1)
	like "$name: one byte more does not, and the host is told" "$out" "mtu ?[=:]? ?$mtu"
	only_esp "$name: nothing but ESP on the wire"
	ip -n "$host_a" route flush cache
	ip -n "$host_a" -6 route flush cache
}

try 4 4 1446
try 6 6 1426
try 6 4 1446
try 4 6 1426
finish
