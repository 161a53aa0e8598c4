#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A program on the gateway decides on inner packets (netfilter queue), before and
# behind the crypto map: they are protected when they go on, and never leave in
# clear when what protects them has gone meanwhile.
#
#   host_a --- gw_a (ours, queue) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
route_in_clear
modprobe -qa nfnetlink_queue nft_queue
key=$(random_key 20)
# again where our numbers start over
far_end() {
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128"
}
far_end

map() { # REMOTE-NET
	load "$gw_a" < <(ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' "$1 0.0.0.255" \
		4097 4098 'esp-gcm 128' "cipher $key")
}
no_map() { load "$gw_a" <<<'interface wan'; }

mkfifo "$tmp/verdicts"
exec {verdicts}<>"$tmp/verdicts"
on "$gw_a" python3 "$top/selftests/helpers/nfqueue.py" 1 \
	<"$tmp/verdicts" >>"$tmp/queue.log" 2>&1 &
defer kill $!
said() { grep -q "^$1\$" "$tmp/queue.log"; }
wait_for 20 said ready || bail "queue"

queue_at() { # HOOK PRIORITY
	on "$gw_a" nft -f - <<-EOT
	table ip t
	delete table ip t
	table ip t {
		chain c {
			type filter hook $1 priority $2
			oifname wan ip daddr 10.2.0.0/24 queue num 1
		}
	}
	EOT
}
# three pings are on their way, and no further than the queue
hold() {
	: >"$tmp/queue.log"
	rm -f "$tmp/answered"
	{
		on "$host_a" ping -n -q -c 3 -i 0.2 -W "${1:-1}" 10.2.0.2
		echo $? >"$tmp/answered"
	} >"$tmp/ping" 2>&1 &
	wait_for 20 said 'holds 3'
}
# the queue lets them go, or pass for those to come as well; whether they are answered
let_go() {
	echo "${1:-go}" >&"$verdicts"
	wait_for 20 said 'released 3' && wait_for 30 test -s "$tmp/answered" &&
		[ "$(cat "$tmp/answered")" = 0 ]
}

check "a map" map 10.2.0.0
watch_wire "$net" to_b
while read -r place hook priority; do
	check "$place: a queue" queue_at "$hook" "$priority"
	check "$place: three packets wait" hold 20
	check "$place: they come through" let_go
done <<-EOT
	forward forward 0
	before-the-map postrouting 0
	behind-the-map postrouting 350
EOT

check "packets wait behind the map" hold
check "the SAs are cleared" on "$gw_a" cryptomap clear crypto sa
let_go
check "packets wait behind the map again" hold
check "the map wants something else" map 10.3.0.0
let_go
is "they are dropped" "$(drops "$gw_a" flow-gone)" 3
check "a map as before" map 10.2.0.0
check "packets wait once more" hold
check "the map goes" no_map
let_go
check "a map again" map 10.2.0.0
check "packets wait for the last time" hold
check "the module goes" timeout 60 rmmod crypto_map
let_go
only_esp "nothing but ESP on the wire"

check "the module comes" insmod "$module"
far_end
check "a queue without a map" queue_at forward 0
check "packets wait" hold 20
check "a map comes" map 10.2.0.0
watch_wire "$net" to_b
# hooks that are registered before a queue's make netfilter show it its packets again
check "they come through" let_go pass
tcp_server "$host_b"
check "a queue behind the map" queue_at postrouting 350
check "TCP, which the queue gets in super-packets" on "$host_a" timeout 60 iperf3 -c 10.2.0.2 -n 1M
only_esp "nothing but ESP on the wire"
finish
