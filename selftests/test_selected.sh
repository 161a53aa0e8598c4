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
# lines of an entry
all=('description has all that may be set' 'set ip access-group ALL in' 'set ip access-group ALL out'
	'set isakmp-profile P' 'set pfs group14' 'qos pre-classify'
	'set security-association level per-host' 'set security-association dfbit clear'
	'set security-association idle-time 600 default' 'set reverse-route distance 9'
	'set reverse-route tag 7' 'set reverse-route gateway 203.0.113.254')
{
	ios_phase1 198.51.100.2 secret
	echo 'crypto isakmp key secret address 203.0.113.3'
	ios_map_two
	cat <<-EOT
	crypto isakmp profile P
	 match identity address 192.0.2.77 255.255.255.255
	 description of nobody
	 local-address wan
	ip access-list extended OTHERS
	 permit ip 10.1.0.0 0.0.0.255 10.9.0.0 0.0.0.255
	ipv6 access-list SIX
	 permit ipv6 any any
	 remark all of it
	ipv6 access-list SEVEN
	 permit ipv6 any any
	ip access-list extended TO-B
	 5 deny tcp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255 eq 22
	 6 remark nothing but ssh
	ip access-list extended ALL
	 deny udp any any eq discard
	 permit ip any any
	crypto map VPN 10
	 set ip access-group ALL in
	 set ip access-group ALL out
	crypto isakmp peer address 198.51.100.2
	 description the second site
	crypto dynamic-map D 10
	 set transform-set TS
	 match address OTHERS
	 $(printf '%s\n ' "${all[@]}")
	 reverse-route remote-peer 203.0.113.254
	crypto dynamic-map E 10
	 set transform-set TS
	$(ios_entry 10 203.0.113.99 OTHERS "${all[@]}" 'reverse-route static' \
		'reverse-route remote-peer 203.0.113.254' | sed 's/VPN/OTHER/')
	crypto map OTHER 20 ipsec-isakmp dynamic D
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

background "$gw_a" monitor cryptomap monitor --json
monitor_pid=$background_pid
check "two tunnels" wait_for 40 both_up
peers='203\.0\.113\.[0-9]+|198\.51\.100\.2'
is "ipsec sa map" "$(named 'Crypto map tag: \w+' crypto ipsec sa map OTHER)" "Crypto map tag: OTHER"
is "ipsec sa interface" "$(named '^interface: \w+' crypto ipsec sa interface wan)" "interface: wan"
is "ipsec sa peer" "$(named "endpt\.: ($peers)\$" crypto ipsec sa peer 203.0.113.3)" \
	"endpt.: 203.0.113.3"
is "ipsec sa peer detail" "$(named "endpt\.: ($peers)\$" crypto ipsec sa peer 198.51.100.2 detail)" \
	"endpt.: 198.51.100.2"
like "ipsec sa identity" "$(crypto show crypto ipsec sa identity)" '#pkts encaps: [1-9]'
like "ipsec sa identity detail" "$(crypto show crypto ipsec sa identity detail)" '#pkts no sa \(send\) 0,'
is "both without the SAs" "$(for detail in '' detail; do
	crypto show crypto ipsec sa identity $detail | grep -cE 'spi: 0x[1-9A-F]+\(|esp sas:'; done | xargs)" '0 0'
is "map tag" "$(named 'Map \w+ "[^"]+"|Map "\w+"' crypto map tag OTHER)" 'Map IPv4 OTHER'
is "map interface" "$(named "Peer = ($peers)" crypto map interface lan)" "Peer = 203.0.113.99"
is "dynamic-map tag" "$(named '"[DE]"' crypto dynamic-map tag E)" E
is "access-lists" "$(named 'list [A-Z-]+' access-lists TO-C)" "list TO-C"
is "ip access-lists" "$(named 'list [A-Z-]+' ip access-lists)" \
	"list ALL list OTHERS list TO-B list TO-C"
is "ipv6 access-lists" "$(named 'list [A-Z-]+' ipv6 access-list)" "list SEVEN list SIX"
is "ipv6 access-list" "$(named 'list [A-Z-]+' ipv6 access-list SEVEN)" "list SEVEN"
is "session remote" "$(named "Peer: ($peers)" crypto session remote 203.0.113.3)" "Peer: 203.0.113.3"
is "the same as JSON" "$(named "$peers" crypto session remote 203.0.113.3 --json)" 203.0.113.3
is "of one that there is not" "$(named "$peers" crypto session remote 203.0.113.5)" ''

# what is printed as JSON while there is something of everything; what only shows elsewhere is
# left out below
printed=()
json() { # SECTION COMMAND...
	local file=$tmp/printed.${#printed[@]}
	crypto "${@:2}" --json >"$file"
	printed+=("$1" "$file")
}
startup=/etc/cryptomap/cryptomap.conf
mkdir -p "${startup%/*}"
defer rm -f "$startup"
cp "$tmp/$gw_a.cfg" "$startup"
json "test crypto map" test crypto map VPN 20 down
# who watches sees that a packet asks for SAs
check "they come back" wait_for 20 both_up
json "test crypto map" test crypto map VPN 20 up
for command in 'crypto isakmp '{sa,policy,'default policy',key,profile,peers} \
	'crypto ipsec '{sa,transform-set,security-association} \
	'crypto '{map,dynamic-map,session,engine,ruleset} access-lists 'ip access-lists' \
	'ipv6 access-list' drops {running,startup}-config version 'archive config rollback timer'; do
	# shellcheck disable=SC2086 # words
	json "show $command" show $command
done
json packet-tracer packet-tracer input lan tcp 10.1.0.2 1 10.2.0.2 22
json packet-tracer packet-tracer input lan tcp 10.1.0.2 1 10.2.0.2 80 size 3000
json packet-tracer packet-tracer input wan tcp 10.2.0.2 1 10.1.0.2 80
json "load --dry-run" load - --dry-run <<<'!'
crypto load "$startup" --confirm-within 5m >/dev/null
json "show archive config rollback timer" show archive config rollback timer
check "it is confirmed" crypto confirm
on "$host_a" bash -c 'echo >/dev/udp/10.2.0.2/9'
check "monitor tells of a drop" wait_for 10 grep -q '"event":"drop"' "$tmp/monitor.log"
kill "$monitor_pid"
wait "$monitor_pid"
printed+=(monitor "$tmp/monitor.log")
check "the keys of JSON are those of the document" \
	python3 "$top/selftests/helpers/json_keys.py" "$top/docs/json.md" "${printed[@]}" <<-EOT
	show crypto isakmp sa: psk rsig ivrf
	show crypto isakmp profile: default
	show crypto ipsec sa: acquiring active dynamic-map dynamic-seq idle in larval out peer-name
	show crypto ipsec sa: permit-flow retiring standby tfc-pad transport tunnel up vrf
	show crypto ipsec transform-set: default
	show crypto map, show crypto dynamic-map: dynamic dynamic-seq flow ipsec-isakmp ipsec-manual
	show crypto map, show crypto dynamic-map: local-ident local-port protocol remote-ident
	show crypto map, show crypto dynamic-map: remote-port template temporary
	show crypto dynamic-map: classifier current-peer device dynamic-map family fragmentation interfaces
	show crypto session: dynamic-map peer-name vrf
	show crypto engine: absent authenticator cipher failed passed
	monitor: acquire config drop events expire fail gone hard idle invalid-spi lost mapping missed
	monitor: number peer-port removed sa seen soft up
	packet-tracer: after-encryption before-encryption clear decrypt deliver drop dynamic-seq hold
	packet-tracer: larval null protect unroutable xfrm
	test crypto map: down failed interrupted not-asked per-host reason timeout up was-up
	load --dry-run: globals access-list object-group transform-set entry dynamic-map added removed
	load --dry-run: changed detached entry-gone entry-incomplete ace-gone level-changed peer-gone
	load --dry-run: keys-changed keys-moved
	EOT

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
