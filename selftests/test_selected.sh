#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands that are about one of several: show and clear by crypto map, interface, peer,
# list and number concern that one and leave the others, and -n is about another network
# namespace. What is printed as JSON has the keys of docs/json.md.
#
#   host_a --- gw_a (ours) --- net +-- gw_b (stock) --- host_b
#                                  +-- gw_c (stock) --- host_c
. "$(dirname "$0")/lib.sh"
two_sites
third_site
start_charon "$gw_a" cryptomap
start_charon "$gw_b" stock
start_charon "$gw_c" stock
{
	ios_phase1 198.51.100.2 secret
	echo 'crypto isakmp key secret address 203.0.113.3'
	ios_map_two
	cat <<-EOT
	crypto isakmp profile P
	 match identity address 192.0.2.77 255.255.255.255
	ip access-list extended OTHERS
	 permit ip 10.1.0.0 0.0.0.255 10.9.0.0 0.0.0.255
	ipv6 access-list SIX
	 permit ipv6 any any
	ipv6 access-list SEVEN
	 permit ipv6 any any
	crypto dynamic-map D 10
	 set transform-set TS
	crypto dynamic-map E 10
	 set transform-set TS
	$(ios_entry 10 203.0.113.99 OTHERS | sed 's/VPN/OTHER/')
	interface lan
	 crypto map OTHER
	EOT
} | load "$gw_a"
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
swanctl_load "$gw_c" < <(stock_peer 203.0.113.3 192.0.2.1 secret 10.3.0.0/24 10.1.0.0/24)

crypto() { on "$gw_a" cryptomap "$@"; }
# named PATTERN SHOW-COMMAND...: all that is shown of it, each once
named() { crypto show "${@:2}" | grep -oE "$1" | sort -u | xargs; }
both_up() { pings "$host_a" 10.2.0.2 -W 2 && pings "$host_a" 10.3.0.2 -W 2; }

check "two tunnels" wait_for 40 both_up
peers='203\.0\.113\.[0-9]+|198\.51\.100\.2'
is "ipsec sa map" "$(named 'Crypto map tag: \w+' crypto ipsec sa map OTHER)" "Crypto map tag: OTHER"
is "ipsec sa interface" "$(named '^interface: \w+' crypto ipsec sa interface wan)" "interface: wan"
is "ipsec sa peer" "$(named "endpt\.: ($peers)\$" crypto ipsec sa peer 203.0.113.3)" \
	"endpt.: 203.0.113.3"
is "ipsec sa peer detail" "$(named "endpt\.: ($peers)\$" crypto ipsec sa peer 198.51.100.2 detail)" \
	"endpt.: 198.51.100.2"
is "map tag" "$(named 'Map \w+ "[^"]+"|Map "\w+"' crypto map tag OTHER)" 'Map IPv4 OTHER'
is "map interface" "$(named "Peer = ($peers)" crypto map interface lan)" "Peer = 203.0.113.99"
is "dynamic-map tag" "$(named '"[DE]"' crypto dynamic-map tag E)" E
is "access-lists" "$(named 'list [A-Z-]+' access-lists TO-C)" "list TO-C"
is "ipv6 access-list" "$(named 'list [A-Z-]+' ipv6 access-list SEVEN)" "list SEVEN"
is "session remote" "$(named "Peer: ($peers)" crypto session remote 203.0.113.3)" "Peer: 203.0.113.3"
is "the same as JSON" "$(named "$peers" crypto session remote 203.0.113.3 --json)" 203.0.113.3
is "of one that there is not" "$(named "$peers" crypto session remote 203.0.113.5)" ''

# what is printed as JSON while there is something of everything
printed=()
for command in 'crypto isakmp '{sa,policy,'default policy',key,profile,peers} \
	'crypto ipsec '{sa,transform-set,security-association} \
	'crypto '{map,dynamic-map,session,engine,ruleset} access-lists 'ip access-lists' \
	'ipv6 access-list' running-config version; do
	crypto show $command --json >"$tmp/${command// /-}.json"
	printed+=("show $command" "$tmp/${command// /-}.json")
done
check "the keys of JSON are those of the document" \
	python3 "$top/selftests/helpers/json_keys.py" "$top/docs/json.md" "${printed[@]}"

spi() { # PEER
	crypto show crypto ipsec sa peer "$1" | sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p'
}
id() { # PEER: number of the ISAKMP SA that is active
	crypto show crypto isakmp sa | awk -v peer="$1" '($1 == peer || $2 == peer) && $3 == "QM_IDLE" &&
		$5 == "ACTIVE" && NF == 5 { print $4 }'
}
# sas PEER: what is the same as long as nothing of it is cleared
sas() { echo "$(spi "$1") $(id "$1")"; }
b=$(sas 198.51.100.2) c=$(sas 203.0.113.3)
like "each has SAs" "$b, $c" '^0x[0-9A-F]+ [0-9]+, 0x[0-9A-F]+ [0-9]+$'
check "clear sa map: of the other one" crypto clear crypto sa map OTHER
is "nothing is gone" "$(sas 198.51.100.2), $(sas 203.0.113.3)" "$b, $c"
check "clear sa peer" crypto clear crypto sa peer 203.0.113.3
is "its IPsec SAs are gone, phase 1 is not" "$(sas 203.0.113.3)" "0x0 ${c#* }"
check "they come back" wait_for 20 both_up
c=$(sas 203.0.113.3)
check "clear sa entry" crypto clear crypto sa entry 203.0.113.3 esp "${c% *}"
is "its IPsec SAs are gone" "$(sas 203.0.113.3)" "0x0 ${c#* }"
check "clear isakmp of one number" crypto clear crypto isakmp "${c#* }"
no_id() { [ -z "$(id 203.0.113.3)" ]; }
check "that is gone" wait_for 10 no_id
check "they come back" wait_for 20 both_up
check "clear session remote" crypto clear crypto session remote 203.0.113.3
check "its ISAKMP SA is gone" wait_for 10 no_id
is "and the IPsec SAs" "$(spi 203.0.113.3)" 0x0
is "meanwhile nothing of the other peer was" "$(sas 198.51.100.2)" "$b"

check "they come back" wait_for 20 both_up
c=$(sas 203.0.113.3)
refuse "clear sa peer: a name that there is not" "peer gw-c.invalid cannot be resolved" \
	crypto clear crypto sa peer gw-c.invalid
cp /etc/hosts "$tmp/hosts"
echo '203.0.113.3 gw-c.example.org' >>"$tmp/hosts"
check "names come from a file" on "$gw_a" mount --bind "$tmp/hosts" /etc/hosts
check "clear sa peer by its name" crypto clear crypto sa peer gw-c.example.org
is "its IPsec SAs are gone" "$(sas 203.0.113.3)" "0x0 ${c#* }"
check "they come back" wait_for 20 both_up
c=$(sas 203.0.113.3)
check "clear session remote, of another port" crypto clear crypto session remote 203.0.113.3 port 4501
check "clear session local, of another address" crypto clear crypto session local 192.0.2.2
check "clear session fvrf, in which nothing is" crypto clear crypto session fvrf red
check "clear sa vrf, in which nothing is" crypto clear crypto sa vrf red
is "nothing is gone" "$(sas 198.51.100.2), $(sas 203.0.113.3)" "$b, $c"
check "clear session remote, of its port" crypto clear crypto session remote 203.0.113.3 port 500
check "its ISAKMP SA is gone" wait_for 10 no_id
is "and the IPsec SAs" "$(spi 203.0.113.3)" 0x0
is "nothing of the other peer is" "$(sas 198.51.100.2)" "$b"
check "they come back" wait_for 20 both_up
check "clear session local" crypto clear crypto session local 192.0.2.1
none() { [ "$(sas 198.51.100.2),$(sas 203.0.113.3)" = '0x0 ,0x0 ' ]; }
check "all are gone" wait_for 10 none

is "-n is about that namespace" "$(cryptomap -n "$gw_a" show crypto map | grep -c 'Peer = ')" 3
is "and about no other one" "$(cryptomap -n "$gw_b" show crypto map | grep -c 'Peer = ')" 0
refuse "one that there is not" "network namespace nowhere: No such file" cryptomap -n nowhere show crypto map
finish
