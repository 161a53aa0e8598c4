#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Queueing sees what it needs of the packets inside: mark and priority in any case,
# the flows with qos pre-classify only.
#
#   host_a --- gw_a (ours) wan --- net --- gw_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)

entry() { # LINE
	load "$gw_a" < <(ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' \
		4097 4098 esp-gcm "cipher $key" "$1")
}

# classes 1:1 to 1:8 by flow hash, 1:9 for the rest, or by priority
classes() {
	on "$gw_a" tc qdisc del dev wan root 2>/dev/null
	on "$gw_a" tc qdisc add dev wan root handle 1: drr
	printf 'class add dev wan parent 1: classid 1:%s drr\n' 1 2 3 4 5 6 7 8 9 |
		on "$gw_a" tc -batch -
	on "$gw_a" tc filter add dev wan parent 1: protocol ip prio 1 handle 1 flow \
		hash keys rxhash divisor 8 baseclass 1:1
	on "$gw_a" tc filter add dev wan parent 1: protocol all prio 2 matchall classid 1:9
}

# a datagram each of 32 flows; how many went out by class, those that had any
flows() {
	classes || return
	on "$host_a" python3 -c '
import socket
for port in range(5000, 5032):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", port))
    sock.sendto(b"x", ("10.2.0.2", 9))'
	wait_for 20 all_sent
	sent
}
sent() {
	on "$gw_a" tc -s class show dev wan |
		sed -n '/^class/{s/^class drr \([0-9:]*\) .*/\1/;N;s/\n Sent [0-9]* bytes \([0-9]*\) pkt.*/ \1/;/ 0$/!p}'
}
all_sent() { [ "$(sent | grep -v '^1:9 ' | awk '{ n += $2 } END { print n }')" = 32 ]; }

# addresses of neighbours, and our route
entry '' || bail "load"
on "$gw_a" ping -n -q -c 1 -W 5 192.0.2.254 >/dev/null
is "without pre-classify: one flow" "$(flows | grep -vc '^1:9 ')" 1
entry 'qos pre-classify' || bail "load"
out=$(flows | grep -v '^1:9 ')
check "with pre-classify: those of the packets inside" [ "$(echo "$out" | wc -l)" -gt 1 ]
like "show crypto map tells it" "$(on "$gw_a" cryptomap show crypto map)" \
	'^.QOS pre-classification$'
is "and running-config" "$(on "$gw_a" cryptomap show running-config | grep -c '^ qos pre-classify$')" 1

entry '' || bail "load"
on "$gw_a" nft -f - <<'EOT'
table ip t {
	counter outer { }
	chain forward {
		type filter hook forward priority 0
		udp dport 9 meta mark set 7 meta priority set 1:9
	}
	chain output {
		type filter hook output priority 0
		ip protocol esp meta mark 7 meta priority 1:9 counter name outer
	}
}
EOT
all_sent() { sent | grep -q '^1:9 \(3[2-9]\|[4-9]\)'; }
like "a priority of the inner packet chooses the class" "$(flows)" '^1:9 3[2-9]$'
is "mark and priority are those of the outer packet, too" \
	"$(on "$gw_a" nft list counter ip t outer | sed -n 's/.*packets \([0-9]*\).*/\1/p')" 32
finish
