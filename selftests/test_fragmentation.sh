#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# df-bit and fragmentation, globally, of the interface and of the entry: what goes
# before what, and what the wire shows. XFRM takes both kinds of fragments.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 20)

# settings GLOBAL INTERFACE ENTRY: a line each, or nothing
settings() {
	load "$gw_a" < <(
		echo "$1"
		ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' 4097 4098 \
			esp-gcm "cipher $key" "$3" |
			sed 's|^interface wan$|interface GigabitEthernet0/1\n netdev wan|'
		echo " $2") || fail "load"
}

on "$net" nft -f - <<EOT
table ip wire {
	counter whole { }
	counter df { }
	counter fragments { }
	chain c {
		type filter hook prerouting priority -500
		ip daddr != 198.51.100.2 accept
		ip protocol esp ip frag-off 0 counter name whole
		ip protocol esp ip frag-off 0x4000 counter name df
		ip protocol esp ip frag-off & 0x3fff != 0 counter name fragments
	}
}
EOT

# on_wire PING-OPTION...: what of one ping the wire shows: whole ESP packets without
# DF and with it, and fragments of ESP
on_wire() {
	local name
	on "$net" nft reset counters table ip wire >/dev/null
	pings "$host_a" 10.2.0.2 -c 1 "$@" >/dev/null || echo "no answer: "
	on "$net" nft list counters table ip wire >"$tmp/counters"
	for name in whole df fragments; do
		sed -n "/counter $name /,/}/s/.*packets \\([0-9]*\\).*/\\1/p" "$tmp/counters"
	done | paste -sd.
}

# XFRM's numbers start again as ours do, when the entry changes
peer() {
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128"
}

settings '' '' ''
peer
is "before encryption: one ESP packet for each fragment" "$(on_wire -M dont -s 1472)" 2.0.0
is "df-bit copy: of the packet" "$(on_wire -M do)" 0.1.0

settings 'crypto ipsec fragmentation after-encryption' '' ''
is "after encryption: ESP in fragments" "$(on_wire -M dont -s 1472)" 0.0.2
mtu=$(on "$gw_a" cryptomap show crypto ipsec sa | sed -n 's/.*plaintext mtu \([0-9]*\),.*/\1/p')
check "what fits with DF is the same" pings "$host_a" 10.2.0.2 -M do -s $((mtu - 28))
out=$(on "$host_a" ping -n -c 2 -i 0.2 -W 2 -M do -s $((mtu - 27)) 10.2.0.2 2>&1)
like "with DF one more does not, and the host is told" "$out" "mtu ?= ?$mtu"
on "$host_a" ip route flush cache

settings 'crypto ipsec fragmentation after-encryption' \
	'crypto ipsec fragmentation before-encryption' ''
is "that of the interface goes before" "$(on_wire -M dont -s 1472)" 2.0.0
settings 'crypto ipsec df-bit set' '' ''
is "df-bit of the namespace" "$(on_wire -M dont)" 0.1.0
settings 'crypto ipsec df-bit set' 'crypto ipsec df-bit clear' ''
is "that of the interface goes before" "$(on_wire -M do)" 1.0.0
is "and no packet is too large" "$(on_wire -M do -s 1400)" 1.0.0
is "which the outer one is fragmented for" "$(on_wire -M do -s 1472)" 0.0.2
settings 'crypto ipsec df-bit clear' 'crypto ipsec df-bit clear' \
	'set security-association dfbit set'
peer
is "that of the entry goes before both" "$(on_wire -M dont)" 0.1.0

settings 'crypto ipsec fragmentation after-encryption' 'crypto ipsec df-bit clear' ''
on "$gw_a" cryptomap show running-config >"$tmp/running"
is "running-config tells them" \
	"$(grep -c -e '^crypto ipsec fragmentation after-encryption$' \
		-e '^ crypto ipsec df-bit clear$' "$tmp/running")" 2
json=$(on "$gw_a" cryptomap show crypto map --json)
like "and show crypto map --json" "$(echo "$json" | tr -d ' \n')" \
	'"df-bit":"clear","fragmentation":"after-encryption"'
# a transaction that starts from the configuration in force
out=$(printf '%s\n' config-begin config-commit | ynl "$gw_a" session)
on "$gw_a" cryptomap show running-config >"$tmp/again"
check "a transaction that changes nothing keeps them" cmp "$tmp/running" "$tmp/again"
finish
