#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# set ip access-group: what a crypto map entry encrypts and decrypts is held
# against access lists, which have conditions that no selector has. Object-groups
# stand for several entries and are shown as one.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
echo_server "$host_a"
echo_server "$host_b"
tcp_server "$host_b"
tcp_server "$host_a"

key=$(random_key 20)
config() { # ENTRY-LINE...
	cat <<-EOT
	object-group network SITES
	 description the far ones
	 10.2.0.0 255.255.255.0
	 range 10.2.0.7 10.2.0.9
	object-group service WEB
	 tcp-udp eq echo
	 tcp eq 5201
	crypto ipsec transform-set TS esp-gcm 128
	ip access-list extended CRYPTO
	 10 permit ip 10.1.0.0 0.0.0.255 object-group SITES
	ip access-list extended IN
	 10 permit icmp any any echo-reply
	 20 permit tcp any any established
	 30 deny   udp any any dscp ef
	 35 deny   udp any any ttl eq 5 9
	 40 permit udp any eq echo any
	ip access-list extended OUT
	 10 deny   udp any any eq 9
	 20 permit object-group WEB any object-group SITES
	 30 permit icmp any any
	crypto map VPN 10 ipsec-manual
	 set peer 198.51.100.2
	 set session-key inbound esp 4097 cipher $key
	 set session-key outbound esp 4098 cipher $key
	$(printf ' %s\n' "$@")
	 set transform-set TS
	 match address CRYPTO
	interface wan
	 crypto map VPN
	EOT
}
hits() { # ACL SEQ
	on "$gw_a" cryptomap show access-lists --json | python3 -c '
import json, sys
lists = {it["name"]: it["entries"] for it in json.load(sys.stdin)}
print(*(ace["matches"] for ace in lists[sys.argv[1]] if ace["seq"] == int(sys.argv[2])))' "$@"
}
connects() { # FROM ADDRESS
	on "$1" timeout 3 bash -c "exec 3<>/dev/tcp/$2/5201"
}
udp() { # FROM ADDRESS PORT [TOS [TTL]]
	on "$1" python3 -c '
import errno, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, int(sys.argv[3]))
s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, int(sys.argv[4]))
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(3)
s.send(b"x")
try:
    s.recv(9)
except OSError as error:
    sys.exit(errno.errorcode.get(error.errno, type(error).__name__))' "$2" "$3" "${4:-0}" "${5:-64}" 2>&1
}

check "a filter that is not defined permits all" load "$gw_a" < <(config 'set ip access-group NONE in')
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
is "an object-group of one network, and what is within it, is one flow" \
	"$(on "$gw_a" cryptomap show crypto ipsec sa | grep -c 'local  ident')" 1
check "the peer reaches us" pings "$host_b" 10.1.0.2
check "and connects" connects "$host_b" 10.1.0.2

check "filters of both directions" load "$gw_a" \
	< <(config 'set ip access-group IN in' 'set ip access-group OUT out')
on "$gw_a" cryptomap show running-config >"$tmp/running"
for line in 'object-group network SITES' ' description the far ones' ' range 10.2.0.7 10.2.0.9' \
	' tcp-udp eq echo' ' permit object-group WEB any object-group SITES' \
	' permit ip 10.1.0.0 0.0.0.255 object-group SITES' ' set ip access-group OUT out' \
	' 30 deny   udp any any dscp ef' ' 35 deny   udp any any ttl eq 5 9'; do
	check "the running configuration has '$line'" grep -Fqx -- "$line" "$tmp/running"
done
check "and can be read again" on "$gw_a" cryptomap check "$tmp/running"

check "out: a ping passes" pings "$host_a" 10.2.0.2
check "out: a connection passes, and what comes back is established" connects "$host_a" 10.2.0.2
check "out: a datagram passes, and the answer" udp "$host_a" 10.2.0.2 7
is "out: the sender of what is denied is told" "$(udp "$host_a" 10.2.0.2 9)" EHOSTUNREACH
is "in: not with this DSCP" "$(udp "$host_b" 10.1.0.2 7 184)" TimeoutError
# the gateway there takes one
for ttl in 10 11; do udp "$host_b" 10.1.0.2 9 0 $ttl >"$tmp/udp"; done
check "in: no request is let in" no_ping "$host_b" 10.1.0.2
refuse "in: no new connection" "" connects "$host_b" 10.1.0.2

is "pings and their answers" "$(hits OUT 30) $(hits IN 10)" "3 3"
is "what the object-groups stand for is counted together" "$(($(hits OUT 20) > 3))" 1
is "denied on the way out" "$(hits OUT 10) $(drops "$gw_a" access-group-out)" "1 1"
is "denied by its DSCP" "$(hits IN 30)" 1
is "denied by its TTL, as it comes out of the tunnel" "$(hits IN 35)" 1
is "denied on the way in, by an entry or by none" \
	"$(($(drops "$gw_a" access-group-in) >= 5))" 1

{
	config 'set ip access-group 10 in'
	printf 'access-list 10 deny host 10.2.0.2\naccess-list 10 permit 10.2.0.0 0.0.0.255\n'
} >"$tmp/standard"
check "a standard list" load "$gw_a" <"$tmp/standard"
check "in: not from the host that it denies" no_ping "$host_b" 10.1.0.2
check "in: from another one" pings "$gw_b" 10.1.0.2 -I 10.2.0.1
is "each is counted" "$(hits 10 10) $(hits 10 20)" "3 3"
like "it is shown as a standard list" "$(on "$gw_a" cryptomap show access-lists)" \
	'^    20 permit 10\.2\.0\.0, wildcard bits 0\.0\.0\.255 \(3 matches\)$'
check "without filters again" load "$gw_a" < <(config)
check "the peer reaches us again" pings "$host_b" 10.1.0.2

two_sites_ipv6
check "an IPv6 map and its filter" load "$gw_a" <<-EOT
	crypto ipsec transform-set TS esp-gcm 128
	ipv6 access-list CRYPTO
	 permit ipv6 fd01::/64 fd02::/64
	ipv6 access-list IN
	 permit icmp any any echo-reply
	crypto map ipv6 VPN 10 ipsec-manual
	 set peer 2001:db8:b::2
	 set session-key inbound esp 4097 cipher $key
	 set session-key outbound esp 4098 cipher $key
	 set ip access-group IN in
	 set transform-set TS
	 match address CRYPTO
	interface wan
	 ipv6 crypto map VPN
	EOT
xfrm_peer "$gw_b" 2001:db8:b::2 2001:db8:a::1 fd02::/64 fd01::/64 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "IPv6: a ping passes" pings "$host_a" fd02::2
check "IPv6: no request is let in" no_ping "$host_b" fd01::2
is "IPv6: answers that it permitted" "$(hits IN 10)" 3
finish
