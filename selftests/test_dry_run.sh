#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# load --dry-run tells what a load then does, object by object and SA by SA, and does
# nothing itself; an answer may be long.
#
#   gw_a (ours), manual keys
. "$(dirname "$0")/lib.sh"
two_sites

# entry SEQ PEER SPI: two access lists of the same name cannot be, so each has its own
entry() {
	cat <<-EOT
	crypto map VPN $1 ipsec-manual
	 set peer $2
	 set session-key inbound esp $3 cipher $key
	 set session-key outbound esp $(($3 + 1)) cipher $key
	 set transform-set TS
	 match address ACL$1
	EOT
}
acl() { printf 'ip access-list extended ACL%s\n' "$1" && printf ' permit %s\n' "${@:2}"; }
key=$(random_key 20)
head=$'crypto ipsec transform-set TS esp-gcm 128\n'
tail=$'interface wan\n crypto map VPN\n'
{
	printf %s "$head"
	for i in 1 2 3 4 6; do
		acl ${i}0 "ip host 10.1.0.$i host 10.2.0.$i"
		entry ${i}0 198.51.100.2 $((4096 + 16 * i))
	done
	printf %s "$tail"
} >"$tmp/old.cfg"
{
	printf %s "$head"
	# 10 as before, another permit in 20, another peer in 30, no 40, a new 50, one more
	# permit in 60, which keys are for as it is the first one now
	acl 10 "ip host 10.1.0.1 host 10.2.0.1"
	entry 10 198.51.100.2 4112
	acl 20 "ip host 10.1.0.22 host 10.2.0.2"
	entry 20 198.51.100.2 4128
	acl 30 "ip host 10.1.0.3 host 10.2.0.3"
	entry 30 198.51.100.3 4144
	acl 50 "ip host 10.1.0.5 host 10.2.0.5"
	entry 50 198.51.100.2 4176
	acl 60 "ip host 10.1.0.66 host 10.2.0.6" "ip host 10.1.0.6 host 10.2.0.6"
	entry 60 198.51.100.2 4192
	printf %s "$tail"
} >"$tmp/new.cfg"
check "load" on "$gw_a" cryptomap load "$tmp/old.cfg"
sas() { on "$gw_a" cryptomap show crypto ipsec sa --json; }
config() { on "$gw_a" cryptomap show running-config; }
before=$(config; sas)

out=$(on "$gw_a" cryptomap load "$tmp/new.cfg" --dry-run)
like "an access list that changes" "$out" '^ip access-list ACL20: changed$'
like "one that goes" "$out" '^ip access-list ACL40: removed$'
like "one that comes" "$out" '^ip access-list ACL50: added$'
like "an entry that changes" "$out" '^crypto map VPN 30: changed$'
like "one that goes" "$out" '^crypto map VPN 40: removed$'
like "one that comes" "$out" '^crypto map VPN 50: added$'
like "why a flow goes: its permit" "$out" \
	'^flow on wan, crypto map VPN 20, access list ACL20 10: removed, its permit is not'
like "why a flow goes: its entry" "$out" \
	'^flow on wan, crypto map VPN 40, access list ACL40 10: removed, the crypto map entry is removed'
like "why a flow that stays loses SAs" "$out" \
	'^flow on wan, crypto map VPN 30, access list ACL30 10: loses SAs, the crypto map entry has not this peer any more'
like "or since its keys are for another one" "$out" \
	'^flow on wan, crypto map VPN 60, access list ACL60 10: loses SAs, the keys are for a permit before'
like "its traffic" "$out" '^ +10.1.0.3/255.255.255.255/0/0 -> 10.2.0.3/255.255.255.255/0/0$'
like "an SA that goes" "$out" '^ +outbound SA, spi 0x1031\(4145\), peer 198.51.100.2: removed$'
is "nothing about what stays" "$(grep -cE 'VPN 10|ACL10|0x101[01]' <<<"$out")" 0
like "flows, in numbers" "$out" '^flows: 3 kept, 3 added, 2 removed$'
like "SAs, in numbers" "$out" '^SAs: 8 removed$'
is "a dry run changes nothing" "$(config; sas)" "$before"

planned=$(on "$gw_a" cryptomap load "$tmp/new.cfg" --dry-run --json | python3 -c '
import json, sys
plan = json.load(sys.stdin)
spis = sorted(sa["spi"] for flow in plan["flows"] for sa in flow["sas"])
print(*spis)
assert len(spis) == plan["sas-removed"] and not plan["isakmp-changed"]')
# the SAs of before that are not there any more, by their number, since manual keys come again
ids() { python3 -c 'import json, sys
for flow in json.load(sys.stdin):
    for sa in flow["sas"]: print(sa["conn-id"], sa["spi"])' | sort; }
sas | ids >"$tmp/ids.old"
check "the load itself" on "$gw_a" cryptomap load "$tmp/new.cfg"
sas | ids >"$tmp/ids.new"
is "the SAs that went are those that were told" \
	"$(comm -23 "$tmp/ids.old" "$tmp/ids.new" | cut -d ' ' -f 2 | sort -n | xargs)" "$planned"
like "the same once more changes nothing" \
	"$(on "$gw_a" cryptomap load "$tmp/new.cfg" --dry-run | xargs)" \
	'^flows: 6 kept, 0 added, 0 removed SAs: 0 removed$'

# many flows, and a second transaction in between
out=$(ynl "$gw_a" session <<-EOT
config-begin {"replace": true}
config-try {}
EOT
)
like "the family alone" "$out" '^config-try: .*"flows-removed": 6, "sas-removed": 10'
n=4000
{
	printf 'crypto ipsec transform-set TS esp-gcm 128\nip access-list extended LONG\n'
	seq 0 $((n - 1)) | awk '{ print " permit ip host 10.1.0.2 host 10.64." int($1 / 250) "." $1 % 250 + 1 }'
	printf 'crypto map VPN 10 ipsec-isakmp\n set peer 198.51.100.2\n set transform-set TS\n'
	printf ' match address LONG\ninterface wan\n crypto map VPN\n'
} >"$tmp/long.cfg"
check "load $n flows" on "$gw_a" cryptomap load "$tmp/long.cfg"
out=$(on "$gw_a" cryptomap load - --dry-run <<<'!')
is "every flow that would go is told once" \
	"$(grep '^flow on wan, crypto map VPN 10, ' <<<"$out" | sort -u | wc -l)" "$n"
like "and counted" "$out" "^flows: 0 kept, 0 added, $n removed$"
finish
