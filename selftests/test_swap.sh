#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two configurations are swapped under traffic, many times: every packet meets one of
# them and never a mixture of both, which would let it pass in clear; a flow that is in
# both loses nothing, and keeps its SAs. So with filters of flows that stay: when one is
# of the new configuration, all are.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
#
# SWAPS= how many (1000)
. "$(dirname "$0")/lib.sh"
swaps=${SWAPS:-1000}
two_sites
route_in_clear
key=$(random_key 36)
aead="aead rfc4106(gcm(aes)) 0x$key 128"
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 1285 1280 "$aead"
# SAs of entries 10 and 20 are made anew with each swap, and begin with number 1 again
for spi in 257 2570 5140 257000; do
	ip -n "$gw_b" -batch - <<<"xfrm state add src 192.0.2.1 dst 198.51.100.2 proto esp spi $spi \
		mode tunnel replay-window 0 $aead"
done
# exact whatever the load, which a capture is not
on "$net" nft -f - <<-EOT
table ip watch {
	counter clear { }
	counter entry_10 { }
	counter entry_20 { }
	chain pre {
		type filter hook prerouting priority -500;
		ip saddr { 10.1.0.0/24, 10.2.0.0/24 } counter name clear
		esp spi 2570 counter name entry_10
		esp spi 5140 counter name entry_20
	}
}
EOT
counted() { on "$net" nft list counter ip watch "$1" | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }
swap() {
	python3 "$top/selftests/helpers/swap.py" "$("$top/packaging/kernel-tree.sh")/tools/net/ynl" \
		wan 198.51.100.2 "$key" "$@"
}
export -f swap
export top key

check "the first configuration" on "$gw_a" bash -c 'swap 0 entries'
check "its tunnel is up" pings "$host_a" 10.2.0.2
sa() {
	on "$gw_a" cryptomap show crypto ipsec sa --json | python3 -c '
import json, sys
print([sa["conn-id"] for flow in json.load(sys.stdin) if flow["seq"] == 5 for sa in flow["sas"]])'
}
before=$(sa)

background "$host_a" both ping -n -q -i 0.01 10.2.0.2
ping_pid=$background_pid
background "$host_a" turns python3 -c '
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    for port in 7001, 7002:
        sock.sendto(b"x" * 32, ("10.2.0.2", port))
    time.sleep(0.0001)'
turns_pid=$background_pid
on "$host_a" bash -c 'echo >/dev/udp/10.2.0.2/7003'
is "what is in clear is counted" "$(counted clear)" 1
seen() { [ "$(counted entry_10)" -gt 0 ] && [ "$(counted entry_20)" -gt 0 ]; }
check "packets of both kinds flow" wait_for 20 seen
out=$(on "$gw_a" bash -c "swap $swaps entries" 2>&1)
like "$swaps swaps under traffic" "$out" "^$swaps [0-9.]+$"
diag <<<"swaps and seconds: $out"
kill -INT "$ping_pid"
wait_for 10 grep -q 'packet loss' "$tmp/both.log"
like "the flow that is in both lost nothing" "$(cat "$tmp/both.log")" ' 0% packet loss'
is "and kept its SAs" "$(sa)" "$before"
is "nothing else in clear" "$(counted clear)" 1
is "nothing was dropped but for flows that went" "$(on "$gw_a" cryptomap show drops |
	awk '$2 ~ /^[0-9]+$/ && $2 > 0 { print $1 }' |
	grep -vxE 'flow-gone|no-sa-manual|out-sa-expired' | xargs)" ""

kill "$turns_pid"
check "a map of many entries with filters" on "$gw_a" bash -c 'swap 0 filters'
# which filter was in force when each datagram was sent, by whether it arrived
background "$host_b" came python3 -c '
import select, socket, sys
socks = []
for port in 7011, 7012:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
    sock.bind(("", port))
    socks.append(sock)
print("bound", file=sys.stderr, flush=True)
came, last = set(), 0
while last >= 0:
    for sock in select.select(socks, [], [])[0]:
        last = int(sock.recv(16))
        came.add(last)
came.discard(-1)
first = [(n in came) == (n % 2 == 0) for n in range(max(came) + 1)]
print(len(came), sum(a != b for a, b in zip(first, first[1:])), flush=True)'
wait_for 10 grep -q bound "$tmp/came.log"
background "$host_a" numbers python3 -c '
import os, signal, socket, time
# on one processor packets stay in order
os.sched_setaffinity(0, {0})
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
n, end = 0, []
signal.signal(signal.SIGINT, lambda *_: end.append(True))
while not end:
    sock.sendto(b"%d" % n, ("10.2.0.2", 7011 + n % 2))
    n += 1
    time.sleep(0.0003)
for port in 7011, 7012:
    sock.sendto(b"-1", ("10.2.0.2", port))'
numbers_pid=$background_pid
swapped=$((swaps / 20))
like "$swapped swaps of filters under traffic" \
	"$(on "$gw_a" bash -c "swap $swapped filters" 2>&1)" "^$swapped [0-9.]+$"
kill -INT "$numbers_pid"
wait_for 20 grep -qE '^[0-9]+ ' "$tmp/came.log"
read -r came changes < <(tail -n 1 "$tmp/came.log")
diag <<<"$came datagrams arrived, the filters changed $changes times"
# each of the two is committed once before it is swapped
is "the datagrams saw filters change, with each commit once at most" \
	"$((changes > swapped / 2 && changes <= swapped + 2))" 1
finish
