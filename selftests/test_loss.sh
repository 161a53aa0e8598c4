#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Messages that do not come through. Both gateways start phase 1 at once, and of two ISAKMP
# SAs one is chosen. Then a quick mode is never answered while another SA carries traffic.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
#   10.1.0.2                                           10.2.0.2, 10.2.1.1-2
. "$(dirname "$0")/lib.sh"
two_sites
first=10.2.1.1 last=10.2.1.2
ip -n "$host_b" address add $first/32 dev eth0
ip -n "$host_b" address add $last/32 dev eth0
ip -n "$gw_b" route add 10.2.1.0/24 via 10.2.0.2
start_charon "$gw_a" cryptomap "retransmit_timeout = 0.5"
start_charon "$gw_b" cryptomap "retransmit_timeout = 0.5"

load "$gw_a" < <(ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' "host $first" |
		sed "/permit/ a\\ permit ip 10.1.0.0 0.0.0.255 host $last")
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 "host $first" '10.1.0.0 0.0.0.255' |
		sed "/permit/ a\\ permit ip host $last 10.1.0.0 0.0.0.255")

# send NAMESPACE FROM TO: again and again
send() {
	background "$1" "send-$1" python3 -c '
import socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 0))
while True:
    try:
        sock.sendto(b"", (sys.argv[2], 9))
    except OSError:
        pass    # an ICMP error of before
    time.sleep(0.5)' "$2" "$3"
	senders+=("$background_pid")
}

# hold WHAT: drop these messages, by their header (RFC 2408 3.1)
hold() {
	on "$net" nft "add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
		add rule ip hold f udp dport 500 $1 drop"
}
unhold() { on "$net" nft delete table ip hold; }
began() { on "$1" cryptomap show crypto isakmp sa | grep -q 'MM_NO_STATE .* ACTIVE$'; }
# chosen NAMESPACE: how often its log says that one of two ISAKMP SAs stays
chosen() { grep -c 'both sides started phase 1 .* at once' "$tmp/$1.charon.log"; }

hold ""
senders=()
send "$host_a" 10.1.0.2 $first
send "$host_b" $first 10.1.0.2
check "we start phase 1" wait_for 20 began "$gw_a"
check "and so does the other side" wait_for 20 began "$gw_b"
unhold
check "the flow comes up" wait_for 20 pings "$host_a" $first -W 2
kill "${senders[@]}"
is "one ISAKMP SA is chosen here" "$(chosen "$gw_a")" 1
is "and there" "$(chosen "$gw_b")" 1
check "the flow stays up" pings "$host_a" $first

background "$host_a" ping ping -n -q -i 0.1 $first
ping_pid=$background_pid
hold "@th,208,8 32"
check "a quick mode that is not answered" no_ping "$host_a" $last
failed() { tail -n 200 "$tmp/$gw_a.charon.log" | grep -q 'giving up after .* retransmits'; }
check "is given up" wait_for 20 failed
unhold
check "and comes up later" wait_for 30 pings "$host_a" $last
kill -INT "$ping_pid"
wait "$ping_pid" 2>/dev/null
like "meanwhile another flow lost nothing" "$(cat "$tmp/ping.log")" ' 0% packet loss'
finish
