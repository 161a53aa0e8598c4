#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A transaction that changes the configuration in force: until the commit nobody sees
# it, then what it did not touch is as before, SAs and counters included. What shares
# objects with it - the configuration in force, another transaction - stays as it is.
#
#   host_a --- gw_a (ours) --- net --- gw_b (XFRM) --- host_b
. "$(dirname "$0")/lib.sh"
manual_sites
check "pings go through" pings "$host_a" 10.2.0.2
config() { on "$gw_a" cryptomap show running-config; }
sas() { on "$gw_a" cryptomap show crypto ipsec sa | grep -E '#pkts encaps|^ *spi: 0x'; }
before=$(config)
sas=$(sas)

# acl N [ACTION]: an access list of one entry for 10.N.0.0/24, in JSON
acl() {
	printf '{"name": "E%d", "family": 2, "ace": [{"seq": 10, "action": "%s", "src": "0a010000", "src-wildcard": "000000ff", "dst": "0a%02x0000", "dst-wildcard": "000000ff"}]}' \
		"$1" "${2:-permit}" "$1"
}
entry() { # N
	printf '{"map": "VPN", "seq": %d, "kind": "isakmp", "acl": "E%d", "tset": ["TS"], "peer": ["c6336402"]}' \
		"$1" "$1"
}

netlink_open "$gw_a"
request config-begin {}
for n in {20..250}; do
	request acl-new "$(acl "$n")" && request entry-new "$(entry "$n")" || bail "$answer"
done
is "nobody sees what is not committed" "$(config)" "$before"

# another socket meanwhile, without a commit
out=$(ynl "$gw_a" session <<-EOT
config-begin {}
entry-del {"map": "VPN", "seq": 10}
acl-del {"name": "VPN-ACL", "family": 2}
tset-new {"name": "TS", "cipher": "aes-cbc", "key-bits": 128, "auth": "hmac-sha1-96"}
EOT
)
is "another transaction: no complaint" "$(grep -c errno <<<"$out")" 0
is "nor its changes" "$(config)" "$before"

request config-commit {}
like "flows: the one there was, and new ones" "$answer" '"flows-kept": 1, "flows-added": 231, '
is "the SAs are those that there were, with their counts" "$(sas | head -n 3)" "$(head -n 3 <<<"$sas")"
is "232 entries" "$(config | grep -c '^crypto map VPN [0-9]')" 232
check "pings go through" pings "$host_a" 10.2.0.2
grown=$(config)

request config-begin {}
for n in 30 50 70 250; do
	request entry-del "{\"map\": \"VPN\", \"seq\": $n}" || bail "$answer"
done
like "an entry that is gone is not deleted again" \
	"$(request entry-del '{"map": "VPN", "seq": 50}'; echo "$answer")" "errno 2: .*no entry 50"
request acl-new "$(acl 40 deny)"
request acl-del '{"name": "E60", "family": 2}'
like "nor a list" "$(request acl-del '{"name": "E60", "family": 2}'; echo "$answer")" \
	"errno 2: .*'E60' does not exist"
is "the configuration in force has them" "$(config)" "$grown"
request config-commit {}
# 4 entries, one that denies, one without its list
like "flows: so many less" "$answer" '"flows-kept": 226, "flows-added": 0, "flows-removed": 6'
is "entries 30, 50, 70 and 250 are gone, and only they" \
	"$(diff <(grep '^crypto map' <<<"$grown") <(config | grep '^crypto map') | grep -c '^<')" 4
is "the SAs are still those" "$(sas | grep -c 'spi: 0x')" 2
check "pings go through" pings "$host_a" 10.2.0.2

request config-begin {}
request config-begin {}
request config-commit {}
like "a transaction that changes nothing keeps all" "$answer" '"flows-kept": 226, "flows-added": 0, "flows-removed": 0'

# one entry among many: the rules of the others stay where they are
commit_of() { # REQUEST OBJECT...
	request config-begin {}
	while [ $# -gt 0 ]; do
		request "$1" "$2" || bail "$answer"
		shift 2
	done
	request config-commit {}
}
ace() { # SEQ ACTION ADDRESS WILDCARD, of the other site
	printf '{"seq": %d, "action": "%s", "src": "0a010000", "src-wildcard": "000000ff", "dst": "%s", "dst-wildcard": "%s"}' "$@"
}
commit_of acl-new "{\"name\": \"E5\", \"family\": 2, \"ace\": [$(ace 10 permit 0a020002 00000000)]}" \
	entry-new "$(entry 5)"
like "an entry before all others" "$answer" '"flows-kept": 226, "flows-added": 1, "flows-removed": 0'
check "takes its packets" no_ping "$host_a" 10.2.0.2
commit_of entry-del '{"map": "VPN", "seq": 5}'
like "goes again" "$answer" '"flows-kept": 226, "flows-added": 0, "flows-removed": 1'
check "and the packets are where they were" pings "$host_a" 10.2.0.2
commit_of acl-new "{\"name\": \"VPN-ACL\", \"family\": 2, \"ace\": [$(ace 5 deny 0a020002 00000000), $(ace 10 permit 0a020000 000000ff)]}"
like "a list that denies a host" "$answer" '"flows-kept": 226, "flows-added": 0, "flows-removed": 0'
check "has nothing from it" no_ping "$host_a" 10.2.0.2
commit_of acl-new "{\"name\": \"VPN-ACL\", \"family\": 2, \"ace\": [$(ace 5 deny 0a020003 00000000), $(ace 10 permit 0a020000 000000ff)]}"
check "one that denies another host does" pings "$host_a" 10.2.0.2
is "the SAs are those that there were" "$(sas | grep 'spi: 0x')" "$(grep 'spi: 0x' <<<"$sas")"
commit_of acl-new "$(acl 80 deny)" acl-del '{"name": "E90", "family": 2}'
like "lists that many others are beside" "$answer" '"flows-kept": 224, "flows-added": 0, "flows-removed": 2'
commit_of acl-new "$(acl 80)" acl-new "$(acl 90)"
like "come back" "$answer" '"flows-kept": 224, "flows-added": 2, "flows-removed": 0'
check "pings go through" pings "$host_a" 10.2.0.2

# keys by hand are for the first permit; 10.9.0.0/24 becomes it, and is not any more
permits() { # SEQ NETWORK SEQ NETWORK
	commit_of acl-new "{\"name\": \"VPN-ACL\", \"family\": 2, \"ace\": [$(ace "$1" permit "$2" 000000ff), $(ace "$3" permit "$4" 000000ff)]}"
}
# the network whose flow has an outbound SA of 4098
who() {
	on "$gw_a" cryptomap show crypto ipsec sa |
		sed -n 's/^ *remote ident.*(\([0-9.]*\).*/\1/p; s/^ *current outbound spi: 0x1002.*/here/pI' |
		grep -B 1 here | grep -v here
}
is "the keys are for 10.2.0.0/24" "$(who)" 10.2.0.0
permits 5 0a090000 10 0a020000
like "the first permit is another one: two SAs go" "$answer" '"sas-removed": 2'
is "its flow has the keys now" "$(who)" 10.9.0.0
check "the other one passes nothing" no_ping "$host_a" 10.2.0.2
permits 5 0a020000 10 0a090000
is "and back" "$(who)" 10.2.0.0

# what no rule knows of: a transform set, and what entries inherit
icv() { # BYTES
	commit_of tset-new '{"name": "TS", "cipher": "aes-gcm", "key-bits": 128, "icv-bytes": '"$1"', "auth": "none", "mode": "tunnel"}'
}
icvs() { ynl "$gw_a" dump sa-get | grep -o '"icv-bytes": [0-9]*' | paste -sd' '; }
icv 12
like "a transform set changes: other SAs for its keys" "$answer" \
	'"flows-added": 0, "flows-removed": 0, "sas-removed": 2'
is "of that" "$(icvs)" '"icv-bytes": 12 "icv-bytes": 12'
commit_of globals-set '{"life-seconds": 7200}'
like "lifetimes that all entries inherit: nothing goes" "$answer" \
	'"flows-added": 0, "flows-removed": 0, "sas-removed": 0'
is "they are told" "$(on "$gw_a" cryptomap show crypto map | grep -c '7200 seconds')" \
	"$(config | grep -c '^crypto map VPN [0-9]* ipsec-isakmp')"
icv 16
is "the transform set as it was" "$(icvs)" '"icv-bytes": 16 "icv-bytes": 16'

# lines that are typed change what they are about: the keys, which nobody can read back,
# stay where they are
ids() { on "$gw_a" cryptomap show crypto ipsec sa | grep -o 'conn id: [0-9]*'; }
before=$(ids)
typed=$(on "$gw_a" python3 -B "$top/selftests/helpers/terminal.py" cryptomap <<-EOT
	configure terminal
	ip access-list extended TYPED
	permit ip 10.1.0.0 0.0.0.255 10.77.0.0 0.0.0.255
	crypto ipsec transform-set TS1 esp-aes esp-sha-hmac
	crypto map VPN 300 ipsec-manual
	set peer 198.51.100.9
	set session-key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213
	set session-key outbound esp 301 cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213
	set transform-set TS1
	match address TYPED
	crypto map VPN 10
	description keys are not known
	no crypto map VPN 40
	end
EOT
)
like "typed: another entry, keys and all" "$(sas)" '[Ss][Pp][Ii]: 0x12C\(300\)'
like "typed: one that goes" "$(config | grep -c '^crypto map VPN 40 ')" '^0$'
like "typed: an entry whose keys are not known stays as it is" "$typed" \
	'^% crypto map VPN 10 has manual keys, which cannot be read back'
is "the SAs are those that there were" "$(ids | head -n 2)" "$before"
refuse "write memory: an entry whose keys nobody knows" \
	'^% crypto map VPN 10 has manual keys, which' on "$gw_a" cryptomap write memory

# keys of the file of before, if they are those in force, and those that are typed
keys() { # SPI, of the inbound SA
	echo "set session-key inbound esp $1 $key"
	echo "set session-key outbound esp $(($1 + 1)) $key"
}
key='cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213'
startup=/etc/cryptomap/cryptomap.conf
mkdir -p "${startup%/*}"
rm -f "$startup"
refuse "show startup-config: none" "startup-config is not present: there is no $startup\$" \
	on "$gw_a" cryptomap show startup-config
cp "$tmp/$gw_a.cfg" "$startup"
typed=$(on "$gw_a" python3 -B "$top/selftests/helpers/terminal.py" cryptomap <<-EOT
	configure terminal
	crypto map VPN 300 ipsec-manual
	no set session-key inbound
	no set session-key outbound
	$(keys 302)
	end
	copy run start
EOT
)
like "a shell knows what was typed" "$typed" '^\[OK\]$'
is "the file is for root alone" "$(stat -c %a "$startup")" 600
is "show startup-config" "$(on "$gw_a" cryptomap show startup-config)" "$(cat "$startup")"
is "as JSON" "$(on "$gw_a" cryptomap show startup-config --json |
	python3 -c 'import json, sys; print(json.load(sys.stdin)["text"])')" "$(cat "$startup")"
refuse "that of the host is not of a namespace" "$startup is the host's" \
	cryptomap -n "$gw_a" show startup-config
like "it is the configuration in force, with its keys" \
	"$(on "$gw_a" cryptomap load "$startup" --dry-run)" '^SAs: 0 removed$'
sed -i 's/^\( set session-key inbound esp 302 cipher \)00/\1ff/' "$startup"
refuse "keys of the file that are not those in force" '^% crypto map VPN 300 has manual keys' \
	on "$gw_a" cryptomap write memory

# a list that nobody refers to is that in force, too
commit_of acl-new '{"name": "SPARE", "family": 2, "ace": ['"$(ace 10 permit 0a030000 000000ff)"']}'
before=$(config)
request config-begin {}
request acl-new '{"name": "SPARE", "family": 2, "append": true, "ace": ['"$(ace 20 deny 0a040000 000000ff)"']}' || bail "$answer"
is "what is appended in a transaction is not in force before its commit" "$(config)" "$before"
request config-begin {}
is "nor when there is none" "$(config)" "$before"

# counters that scrapers keep: nothing is lost when flows go, nor when it is cleared
totals() { on "$gw_a" cryptomap metrics | grep -E '^cryptomap_[a-z_]*_total'; }
before=$(totals)
like "metrics: packets were counted" "$before" '^cryptomap_transmit_packets_total\{.*\} [1-9][0-9]'
like "metrics: drops as well" "$before" '^cryptomap_dropped_packets_total\{reason="no-daemon"\} [1-9]'
on "$gw_a" cryptomap clear crypto sa counters
is "metrics: what was cleared stays counted" "$(totals)" "$before"
is "it was cleared" "$(on "$gw_a" cryptomap show crypto ipsec sa | grep -c 'encaps: [1-9]')" 0
commit_of acl-del '{"name": "VPN-ACL", "family": 2}'
like "its flows go" "$answer" '"flows-removed": 2'
is "metrics: what it carried stays counted" "$(totals)" "$before"
netlink_close
finish
