#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two stock clients behind one NAT, so with one address, each an entry of its own:
# each gets what is for it, at its port, also when that of one changes. When one says
# INITIAL-CONTACT that is about its SAs, not about those of the other; what is negotiated
# again for one is negotiated with it, and told is the one that it is about.
#
#   host_a --- gw_a (ours) --- net (NAT) --- gw_b (stock) --- host_b
#                                        \-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
nat() { # PORT-B PORT-C
	source_nat "oifname to_a ip saddr 198.51.100.2 udp sport 4500 masquerade to :$1" \
		"oifname to_a ip saddr 203.0.113.3 udp sport 4500 masquerade to :$2" \
		'oifname to_a masquerade'
}
check "the NAT" nat 4001 4002

start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock
load "$gw_a" < <(ios_phase1 192.0.2.254 secret
	ios_map 192.0.2.254 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
		'set security-association lifetime kilobytes 2560'
	cat <<-EOT
	ip access-list extended ANOTHER
	 permit ip 10.1.0.0 0.0.0.255 10.3.0.0 0.0.0.255
	$(ios_entry 20 192.0.2.254 ANOTHER)
	EOT
)
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
# says INITIAL-CONTACT, as the identity of the peer is configured
config_c() {
	swanctl_load "$gw_c" < <(
		stock_peer 203.0.113.3 192.0.2.1 secret 10.3.0.0/24 10.1.0.0/24 |
			sed 's/remote { auth = psk }/remote {\nauth = psk\nid = 192.0.2.1\n}/')
}
config_c
check "the first one negotiates" on "$gw_b" swanctl --initiate --child net --timeout 30
check "its pings" pings "$host_b" 10.1.0.2
check "the second one negotiates" on "$gw_c" swanctl --initiate --child net --timeout 30
check "pings of the second" pings "$host_c" 10.1.0.2
check "pings of the first still" pings "$host_b" 10.1.0.2
check "pings to the first" pings "$host_a" 10.2.0.2
check "pings to the second" pings "$host_a" 10.3.0.2

sas_at() { ynl "$gw_a" dump sa-get | grep -c "\"encap-dport\": $1[,}]"; }
all_at() { [ "$(sas_at "$1")" = "$2" ]; }
is "each has its port" "$(sas_at 4001).$(sas_at 4002)" 2.2
nat 4001 4003
on "$host_c" ping -n -q -c 1 -W 1 10.1.0.2 >/dev/null
check "the port of the second changes" wait_for 10 all_at 4003 2
check "pings of the first, whose port is the same" pings "$host_b" 10.1.0.2
is "its SAs stay there" "$(sas_at 4001)" 2
check "pings to the first" pings "$host_a" 10.2.0.2
check "pings to the second" pings "$host_a" 10.3.0.2

# SAs that no daemon here knows, and the second client has forgotten its own
spis() { ynl "$gw_a" dump sa-get | grep "\"encap-dport\": $1[,}]" | grep -o '"spi": [0-9]*' | sort; }
{ stop_charon "$gw_a" KILL && wait "$(charon_pid "$gw_a")"; } 2>/dev/null
{ stop_charon "$gw_c" KILL && wait "$(charon_pid "$gw_c")"; } 2>/dev/null
on "$gw_a" sh -c 'rm -f /run/charon.*ctl'
on "$gw_c" sh -c 'rm -f /run/charon.*'
ip -n "$gw_c" xfrm state flush
ip -n "$gw_c" xfrm policy flush
first=$(spis 4001)
second=$(spis 4003)
start_charon "$gw_a" cryptomap
start_charon "$gw_c" stock
config_c
check "the second negotiates with nothing of before" \
	on "$gw_c" swanctl --initiate --child net --timeout 30
none_kept() { [ -z "$(comm -12 <(printf '%s\n' "$second") <(spis 4003))" ]; }
check "its SAs of before go" wait_for 10 none_kept
is "those of the first stay" "$(spis 4001)" "$first"
check "its pings" pings "$host_b" 10.1.0.2

# the last ISAKMP SA with this address is that of the second
check "much traffic to the first" \
	on "$host_a" ping -f -q -c 2000 -s 1400 -W 1 10.2.0.2
new_of_first() { [ -n "$(comm -13 <(printf '%s\n' "$first") <(spis 4001))" ]; }
check "its SAs get successors where it is" wait_for 30 new_of_first
check "they carry traffic" pings "$host_a" 10.2.0.2
is "the second was not asked for them" "$(grep -c '10\.2\.0\.0/24' "$tmp/$gw_c.charon.log")" 0

nat 4001 4005
on "$host_c" ping -n -q -c 1 -W 1 10.1.0.2 >/dev/null
check "the port of the second changes again" wait_for 10 all_at 4005 2
check "pings of the first again" pings "$host_b" 10.1.0.2

# no SA says which of the two a flow is for
clear_sas() { on "$gw_a" cryptomap clear crypto sa && wait_for 10 no_sas; }
no_sas() { on "$gw_a" sh -c '! cryptomap show crypto ipsec sa | grep -q transform:'; }
check "all SAs are cleared" clear_sas
check "pings to the first" comes_up "$host_a" 10.2.0.2
check "pings to the second" comes_up "$host_a" 10.3.0.2
is "each was asked for its own" "$(grep -c '10\.2\.0\.0/24' "$tmp/$gw_c.charon.log").$(
	grep -c '10\.3\.0\.0/24' "$tmp/$gw_b.charon.log")" 0.0

# the second does not hear that its SAs are gone; the last ISAKMP SA is that of the first
on "$net" nft add table ip deaf
on "$net" nft 'add chain ip deaf forward { type filter hook forward priority 0; }'
on "$net" nft add rule ip deaf forward ip daddr 203.0.113.3 drop
check "all SAs are cleared again" clear_sas
on "$net" nft delete table ip deaf
told() {
	on "$host_c" ping -n -q -c 1 -W 1 10.1.0.2
	on "$gw_c" sh -c '! swanctl --list-sas | grep -q INSTALLED'
}
check "the second is told when it uses one of them" wait_for 20 told
finish
