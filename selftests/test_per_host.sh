#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Level per-host: each pair of hosts has SAs of its own, made by its first packet or by
# the peer. They go with their last SA, and with a load that gives their packets to
# another permit or to none. How many there are is bounded.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (ours) --- host_b
#                                  +-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
ip -n "$host_a" address add 10.1.0.3/24 dev eth0
ip -n "$host_b" address add 10.2.0.3/24 dev eth0

per_host='set security-association level per-host'
# config_a LEVEL [ACE...]: LEVEL is a line of the first entry; access list entries go
# before its permit
config_a() {
	local level=$1
	shift
	ios_phase1 198.51.100.2 secret
	echo "crypto isakmp key secret address 203.0.113.3"
	cat <<-EOT
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	ip access-list extended VPN-ACL
	EOT
	[ $# -eq 0 ] || printf ' %s\n' "$@"
	cat <<-EOT
	 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.255.255
	ip access-list extended TO-C
	 permit ip 10.1.0.0 0.0.0.255 10.3.0.0 0.0.0.255
	$(ios_entry 10 198.51.100.2 VPN-ACL "$level")
	$(ios_entry 20 203.0.113.3 TO-C "$per_host")
	interface wan
	 crypto map VPN
	EOT
}

# pairs NAMESPACE: hosts and outbound SPI of each flow of a pair
pairs() {
	on "$1" cryptomap show crypto ipsec sa | awk '
		/ ident / { split($NF, part, /[(\/]/); host = part[3] == "255.255.255.255" }
		/local  ident/ { local = part[2]; is_host = host }
		/remote ident/ { remote = part[2]; is_host = is_host && host }
		/current outbound spi/ { if (is_host) print local, remote, $4 }' | sort
}
n_pairs() { [ "$(pairs "$1" | wc -l)" = "$2" ]; }
spis() { pairs "$1" | cut -d ' ' -f 3 | sort -u | wc -l; }

start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
start_charon "$gw_c" stock
check "gw_a takes its configuration" load "$gw_a" < <(config_a "$per_host")
check "gw_b takes its configuration" load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.255.255' '10.1.0.0 0.0.0.255' tunnel "$per_host")
netlink_open "$gw_a"
swanctl_load "$gw_c" < <(stock_peer 203.0.113.3 192.0.2.1 secret 10.3.0.2/32 10.1.0.2/32)
like "show crypto map tells it" "$(on "$gw_a" cryptomap show crypto map)" \
	'^.Security association level: per-host$'
is "running-config too" "$(on "$gw_b" cryptomap show running-config | grep -c "^ $per_host\$")" 1
trace() { on "$gw_a" cryptomap packet-tracer input lan icmp 10.1.0.2 8 0 10.2.0.2; }
like "a packet would wait for a flow of its hosts" "$(trace)" \
	'the packet waits for one, of a flow of its two hosts'

watch_wire "$net" to_a
check "the first packet of a pair brings it up" pings "$host_a" 10.2.0.2 -I 10.1.0.2
check "of another one" pings "$host_a" 10.2.0.3 -I 10.1.0.2
check "and of one that the other side begins" pings "$host_b" 10.1.0.3 -I 10.2.0.2
only_esp "nothing but ESP and IKE on the wire"
is "each pair has a flow" "$(pairs "$gw_a" | cut -d ' ' -f 1,2)" "10.1.0.2 10.2.0.2
10.1.0.2 10.2.0.3
10.1.0.3 10.2.0.2"
is "and SAs of its own" "$(spis "$gw_a") $(spis "$gw_b")" "3 3"
like "a block of the pair" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
	'local  ident .*\(10\.1\.0\.3/255\.255\.255\.255/0/0\)'
is "JSON says what they are of" "$(on "$gw_b" cryptomap show crypto ipsec sa --json |
	grep -o '"permit-flow"' | wc -l)" 3
like "a packet of it is protected" "$(trace)" 'flow of two hosts: permit ip host 10\.1\.0\.2 host 10\.2\.0\.2'
check "the stock peer begins with a pair" on "$gw_c" swanctl --initiate --child net --timeout 30
check "which carries traffic" comes_up "$host_c" 10.1.0.2
is "without another negotiation" "$(pairs "$gw_a" | grep -c 10.3.0.2)" 1

before=$(pairs "$gw_a")
check "the same configuration again" load "$gw_a" < <(config_a "$per_host")
is "all stay" "$(pairs "$gw_a")" "$before"
check "a deny before that has some of their packets" load "$gw_a" < <(config_a "$per_host" 'deny ip any any ttl eq 64')
is "takes none away" "$(pairs "$gw_a")" "$before"
config_a "$per_host" 'deny ip host 10.1.0.3 any' >"$tmp/deny.cfg"
like "a deny before would take one away" "$(on "$gw_a" cryptomap load "$tmp/deny.cfg" --dry-run)" \
	'its permit is not in the access list, or not about it'
is "but does not yet" "$(pairs "$gw_a")" "$before"
load "$gw_a" <"$tmp/deny.cfg"
is "it takes exactly that one" "$(pairs "$gw_a")" "$(grep -v '^10\.1\.0\.3' <<<"$before")"
check "the peer's goes with it" wait_for 10 n_pairs "$gw_b" 2
check "others carry traffic" pings "$host_a" 10.2.0.3 -I 10.1.0.2
on "$gw_a" cryptomap clear crypto sa map VPN >/dev/null
check "without SAs there are no pairs" wait_for 10 n_pairs "$gw_a" 0
check "the next packet makes one again" comes_up "$host_a" 10.2.0.2

config_a 'set security-association idle-time 86400' >"$tmp/wide.cfg"
like "without the level its SAs would go" \
	"$(on "$gw_a" cryptomap load "$tmp/wide.cfg" --dry-run)" 'SAs of another level'
load "$gw_a" <"$tmp/wide.cfg"
is "they do" "$(pairs "$gw_a" | grep -c 10.2.0)" 0
check "the peer with the level takes SAs of the whole permit" comes_up "$host_a" 10.2.0.2
check "and uses them" wait_for 10 n_pairs "$gw_b" 0
load "$gw_a" < <(config_a "$per_host")
check "with the level again" comes_up "$host_a" 10.2.0.2
request config-begin ''
request entry-new '{"map": "VPN", "seq": 10, "kind": "isakmp", "acl": "VPN-ACL", "tset": ["TS"], "peer": ["c6336402"], "idle-time": 2, "per-host": true}'
request config-commit ''
like "idle time of 2 seconds" "$answer" '"sas-removed": 0'
check "an idle pair goes" wait_for 20 n_pairs "$gw_a" 0

# narrow PEER LOCAL LOCAL-PORT REMOTE REMOTE-PORT DF-BIT: permits of one port and of one
# protocol
narrow() {
	ios_phase1 "$1" secret
	cat <<-EOT
	crypto ipsec df-bit $6
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	ip access-list extended VPN-ACL
	 permit udp $2 $3 $4 $5
	 permit icmp $2 $4
	$(ios_entry 10 "$1" VPN-ACL "$per_host" 'set pfs group14')
	interface wan
	 crypto map VPN
	EOT
}
narrow_a() { load "$gw_a" < <(narrow 198.51.100.2 '10.1.0.0 0.0.0.255' '' '10.2.0.0 0.0.255.255' 'eq 7' "$1"); }
check "permits of a port and a protocol" narrow_a set
check "gw_b has them, too" load "$gw_b" < <(narrow 192.0.2.1 '10.2.0.0 0.0.255.255' 'eq 7' \
	'10.1.0.0 0.0.0.255' '' copy)
echo_server "$host_b"
check "UDP to the port" echo_sizes "$host_a" 10.2.0.2 100
# the DF bit of ESP, told apart by the DSCP
watch_wire "$net" to_a
check "ICMP, DF is set" pings "$host_a" 10.2.0.2 -W 30 -M dont -Q 0x20
check "and copied" narrow_a copy
check "from a packet with it" pings "$host_a" 10.2.0.2 -M do -Q 0x40
check "and from one without" pings "$host_a" 10.2.0.2 -M dont -Q 0x60
check "and cleared" narrow_a clear
check "from a packet with it" pings "$host_a" 10.2.0.2 -M do -Q 0x80
only_esp "nothing but ESP and IKE on the wire"
df() { wire_count "src 192.0.2.1 and esp and ip[1] = $1 and ip[6] & 0x40 != 0"; }
is "so it is on the wire" "$(df 0x20) $(df 0x40) $(df 0x60) $(df 0x80)" "3 3 0 0"
out=$(on "$gw_a" cryptomap show crypto ipsec sa)
like "a pair of one port" "$out" 'remote ident .*\(10\.2\.0\.2/255\.255\.255\.255/17/7\)'
like "and one of ICMP" "$out" 'remote ident .*\(10\.2\.0\.2/255\.255\.255\.255/1/0\)'
is "with SAs of their own, which stay with each load" "$(spis "$gw_a")" 2
is "and perfect forward secrecy" "$(grep -c 'PFS (Y/N): Y, DH group: group14' <<<"$out")" 2

# scan SOURCE N: a packet to each of so many hosts
scan() {
	on "$host_a" python3 -c '
import socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 0))
for i in range(int(sys.argv[2])):
    sock.sendto(b"", (f"10.2.{i >> 8}.{i & 255}", 9))
    if not i % 32:
        time.sleep(0.02)' "$1" "$2"
}
check "all IP again" load "$gw_a" < <(config_a "$per_host")
is "the pairs of narrower permits are gone" "$(pairs "$gw_a" | wc -l)" 0
stop_charon "$gw_a" KILL
tracing=/sys/kernel/tracing
echo >$tracing/trace
echo 1 >$tracing/events/crypto_map/cmap_acquire/enable
defer sh -c "echo 0 >$tracing/events/crypto_map/cmap_acquire/enable"
asks() { grep -c cmap_acquire: $tracing/trace; }
asked() { [ "$(asks)" -ge "$1" ]; }
request daemon-set '{"daemon": 1}'
scan 10.1.0.2 1200
limited() { [ "$(drops "$gw_a" host-pair-limit)" -gt 0 ]; }
check "who sends to very many hosts is stopped" wait_for 10 limited
is "at 1,024" "$(pairs "$gw_a" | wc -l)" 1024
check "each is asked for" wait_for 10 asked 1024
scan 10.1.0.3 1
check "and leaves room for others" wait_for 10 n_pairs "$gw_a" 1025
# after the others, so that its turn to be asked for again comes after theirs
scan 10.1.0.3 1
check "one with another packet is asked for again" wait_for 10 asked 1026
is "no other one is" "$(asks)" 1026
scan 10.1.0.2 1024
check "all have more packets: some are asked for again" wait_for 10 asked 1100
sleep 2
check "not all at once" test "$(asks)" -lt 1500
netlink_close
check "all go with their crypto map" load "$gw_a" </dev/null
is "and none is left" "$(pairs "$gw_a" | wc -l)" 0
finish
