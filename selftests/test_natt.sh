#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ESP in UDP against XFRM behind a NAT, with no daemon and no socket on our side:
# both ways, TCP, keepalives, and the NAT changing the port again and again.
#
#   host_a --- gw_a (ours) --- net (NAT) --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)

# nat PORT: gw_b is seen from this port of 192.0.2.254
nat() { source_nat "oifname to_a ip saddr 198.51.100.2 udp sport 4500 masquerade to :$1"; }
check "the NAT" nat 4001

load "$gw_a" < <(ios_map 192.0.2.254 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
flow=$(first_flow "$gw_a")
netlink_open "$gw_a"
end_points='"local": "c0000201", "remote": "c00002fe"'
sa() { # SPI DIR TWIN
	check "SA $2" request sa-new "{\"spi\": $1, \"dir\": \"$2\", $end_points, \"flow-id\": $flow,
		\"mode\": \"tunnel\", \"cipher\": \"aes-gcm\", \"enc-key\": \"$key\", \"twin-spi\": $3,
		\"encap-sport\": 4500, \"encap-dport\": 4001, \"flags\": [ \"follow-port\" ]}"
}
sa 4097 in 4098
sa 4098 out 4097
port_is() { # PORT
	request sa-get "{\"spi\": 4098, \"dir\": \"out\", $end_points}" &&
		[[ $answer =~ \"encap-dport\":\ $1[,}] ]]
}

background "$gw_b" sink python3 "$top/selftests/helpers/udp_sink.py" encap
wait_for 20 grep -q ready "$tmp/sink.log" || bail "socket of XFRM"
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128 encap espinudp 4500 4500 0.0.0.0"

watch_wire "$gw_a" wan
check "pings from behind the NAT" pings "$host_b" 10.1.0.2
check "pings to there" pings "$host_a" 10.2.0.2
echo_server "$host_b"
check "1-1400 bytes" echo_sizes "$host_a" 10.2.0.2 1-32,1000-1010,1400
tcp_server "$host_b"
check "4 MB of TCP" on "$host_a" timeout 250 iperf3 -c 10.2.0.2 -n 4M
check "and back" on "$host_a" timeout 250 iperf3 -c 10.2.0.2 -n 4M -R

# the keepalive leaves from the socket's port
keepalive() {
	on "$gw_b" python3 - <<-'EOT'
	import socket
	sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
	sock.sendto(bytes.fromhex("11941194000900 00ff"), ("192.0.2.1", 0))
	EOT
}
keepalive
check "pings after a keepalive" pings "$host_a" 10.2.0.2

for port in 4002 4003; do
	nat $port
	# the answer may still go to the old port
	on "$host_b" ping -n -q -c 1 -W 1 10.1.0.2 >/dev/null
	check "followed to $port" wait_for 10 port_is $port
	check "we send" pings "$host_a" 10.2.0.2
done

# a path that takes less
path_mtu() { ynl "$gw_a" dump flow-get | sed -n 's/.*"mtu": \([0-9]*\).*/\1/p'; }
check "1400 bytes and DF" pings "$host_a" 10.2.0.2 -M do -s 1372
is "path MTU" "$(path_mtu)" 1500
ip -n "$net" link set to_b mtu 1400
ip -n "$gw_b" link set wan mtu 1400
on "$host_a" ping -n -q -c 1 -W 1 -M do -s 1372 10.2.0.2 >/dev/null
is "learned from the path" "$(path_mtu)" 1400
out=$(on "$host_a" ping -n -c 2 -i 0.2 -W 2 -M do -s 1372 10.2.0.2 2>&1)
like "the host is told what fits" "$out" "mtu ?[=:]? ?1338"
check "which does" pings "$host_a" 10.2.0.2 -M do -s 1310
wire_stop
is "the keepalive came" "$(wire_count 'udp src port 4001 and udp[4:2] = 9')" 1
is "nobody was told that the port is closed" "$(wire_count 'icmp and src 192.0.2.1')" 0
is "all in UDP" "$(wire_count 'esp')" 0
is "from three ports" "$(tcpdump -n -r "$wire" dst 192.0.2.1 and udp 2>/dev/null |
	sed -n 's/.*192\.0\.2\.254\.\([0-9]*\) >.*/\1/p' | sort -u | tr '\n' ' ')" "4001 4002 4003 "
netlink_close
finish
