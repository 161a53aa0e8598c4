# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Two of our gateways, each as initiator and as responder. Sourced by tests that
# set mode (tunnel|transport).
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$top/selftests/ssh.sh"
two_sites
if [ "$mode" = tunnel ]; then
	net_a='10.1.0.0 0.0.0.255' net_b='10.2.0.0 0.0.0.255'
	from_a=$host_a from_b=$host_b to_a=10.1.0.2 to_b=10.2.0.2 shown=Tunnel
else
	net_a='host 192.0.2.1' net_b='host 198.51.100.2'
	from_a=$gw_a from_b=$gw_b to_a=192.0.2.1 to_b=198.51.100.2 shown=Transport
fi
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
config_a() {
	ios_phase1 198.51.100.2 secret
	ios_map 198.51.100.2 "$net_a" "$net_b" "$mode"
}
# shell: lines for the shell of gw_a, which is on a terminal
shell() { on "$gw_a" python3 -B "$top/selftests/helpers/terminal.py" cryptomap; }
if [ "$mode" = tunnel ]; then
	# as a file, and line by line: it is the same
	load "$gw_a" < <(config_a) || bail "gw_a takes its configuration"
	loaded=$(on "$gw_a" cryptomap show running-config)
	load "$gw_a" </dev/null
	typed=$({ echo configure terminal; config_a; echo end; } | shell)
	is "what is typed into the shell is the configuration" \
		"$(on "$gw_a" cryptomap show running-config)" "$loaded"
	like "the prompt tells the section" "$typed" '^[^ ]+\(config-crypto-map\)# *set peer'
else
	check "gw_a takes its configuration" load "$gw_a" < <(config_a)
fi
check "gw_b takes its configuration" load "$gw_b" < <(
	ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 "$net_b" "$net_a" "$mode")

watch_wire "$net" to_b
check "gw_a initiates: pings are answered" pings "$from_a" "$to_b" -W 30
like "gw_a: it was the initiator" "$(on "$gw_a" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +1001 ACTIVE$'
like "gw_b: it was the responder" "$(on "$gw_b" cryptomap show crypto isakmp sa)" \
	'^198\.51\.100\.2 +192\.0\.2\.1 +QM_IDLE +1001 ACTIVE$'
like "gw_a: the session is up" "$(on "$gw_a" cryptomap show crypto session)" \
	'^Session status: UP-ACTIVE'
like "gw_b: the session is up" "$(on "$gw_b" cryptomap show crypto session)" \
	'^Session status: UP-ACTIVE'
like "the mode is $mode" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
	"in use settings =\{$shown,"
is "both SAs tell of the replay window" \
	"$(on "$gw_a" cryptomap show crypto ipsec sa | grep -c 'replay detection support: Y')" 2
is "gw_a encapsulated three" "$(flow_count "$gw_a" encaps)" 3
is "gw_b decapsulated three" "$(flow_count "$gw_b" decaps)" 3
if [ "$mode" = transport ]; then
	prom=/run/cryptomap.prom
	metrics=$(on "$gw_a" cryptomap metrics detail)
	is "metrics: the format" "$("$top/selftests/helpers/prometheus.py" <<<"$metrics")" ''
	like "metrics: ISAKMP SAs" "$metrics" '^cryptomap_isakmp_sas\{state="QM_IDLE"\} 1$'
	like "metrics: sessions" "$metrics" '^cryptomap_sessions\{status="UP-ACTIVE"\} 1$'
	like "metrics: packets of an interface" "$metrics" \
		'^cryptomap_transmit_packets_total\{interface="wan",map="VPN"\} 3$'
	like "metrics: packets of a flow" "$metrics" \
		'^cryptomap_flow_receive_packets_total\{.*entry="10",.*peer="198\.51\.100\.2"\} 3$'
	check "metrics: into a file" on "$gw_a" cryptomap metrics --textfile "$prom"
	is "metrics: that others may read" "$(on "$gw_a" stat -c %a "$prom")" 644
	# as the socket unit has it
	unit=$top/packaging/cryptomap-metrics
	address=$(sed -n 's/^ListenStream=//p' "$unit.socket")
	read -ra command < <(sed -n 's/^ExecStart=-//p' "$unit@.service")
	background "$gw_a" http systemd-socket-activate --accept --inetd -l "$address" "${command[@]}"
	scrape() { on "$gw_a" python3 -c 'import sys, urllib.request as u
print(u.urlopen(sys.argv[1]).read().decode())' "http://$address/metrics" >"$tmp/scraped" 2>&1; }
	check "metrics: by HTTP" wait_for 20 scrape
	like "metrics: they are all there" "$(cat "$tmp/scraped")" '^cryptomap_ike_daemon_up 1$'
fi

if [ "$mode" = tunnel ]; then
	mkdir -p /etc/cryptomap
	out=$(shell <<-EOT
	conf t
	crypto map VPN 10
	description typed
	<set sec\tlif\t?sec\t
	1800
	set nonsense
	do show crypto session brief
	no crypto map VPN 11
	interface wan
	crypto map NOPE
	crypto map VPN 10
	set transform-set NOPE
	ip access-list extended GONE
	permit ip any host 10.99.0.1
	crypto map VPN 12 ipsec-isakmp
	set peer 198.51.100.2
	set transform-set TS
	match address GONE
	description garçon
	do show running-config | include gar
	no match address
	match address GONE
	ip access-list extended GONE
	no 10
	crypto map VPN 12
	crypto map VPN 2O ipsec-isakmp
	match address VPN-ACL
	no crypto map VPN 12
	no ip access-list extended GONE
	crypto map VPN 10
	<set security-association lifetime kilobytes 5000000\z
	! not in the configuration any more
	configure terminal
	end
	sh cry isa sa det
	sh cry sess det
	sh cry ips sa peer 198.51.100.2 detail | include no sa|local  ident
	sh cry ips sa peer 198.51.100.3 | count ident
	show crypto engine | include aes-gcm
	show crypto isakmp key
	show crypto isakmp peers
	write memory
	EOT
	)
	like "shell: what is unknown is pointed at" "$out" "nonsense"
	like "shell: a map that there is not takes none off" "$out" \
		'^ERROR: Crypto Map with tag "NOPE" does not exist\.$'
	like "shell: nor a set another one" "$out" '^ERROR: transform set with tag "NOPE" does not exist\.$'
	like "shell: an entry that protects nothing any more is told" "$out" \
		'^% crypto map VPN 12 is incomplete now and protects nothing$'
	like "shell: as is one whose list permits nothing any more" "$out" \
		'^% crypto map VPN 12 has no permit now and protects nothing$'
	like "shell: what is behind a head that is refused is not of the section before" "$out" \
		'^[^ ]+\(config\)# *match address VPN-ACL$'
	like "shell: control-Z takes the line, too" "$(cat /etc/cryptomap/cryptomap.conf)" \
		'^ set security-association lifetime kilobytes 5000000$'
	like "shell: letters of UTF-8 stay" "$out" '^ description garçon$'
	like "shell: what may follow" "$out" '^  kilobytes  lifetime in kilobytes$'
	like "shell: words are completed" "$(cat /etc/cryptomap/cryptomap.conf)" \
		'^ set security-association lifetime seconds 1800$'
	like "shell: session brief" "$out" '^198\.51\.100\.2 +wan +198\.51\.100\.2 +[0-9:]+ UA$'
	like "shell: isakmp sa detail" "$out" \
		'^1001 +192\.0\.2\.1 +198\.51\.100\.2 +ACTIVE aes +sha256 +psk +14 [0-9:]+ '
	like "shell: session detail" "$out" \
		"^        Outbound: #pkts enc'ed 3 drop 0 life \(KB/Sec\) [1-9][0-9]*/[1-9][0-9]*$"
	like "shell: drops by kind, through a filter" "$out" '^    #pkts no sa \(send\) 0,'
	like "shell: no flow with another peer" "$out" '^Number of lines which match regexp = 0$'
	like "shell: the engine's self-test" "$out" '^.*gcm.* cipher +256 .* passed'
	like "shell: the key is not shown" "$out" '^default +198\.51\.100\.2 +\(not shown\)$'
	like "shell: peers" "$out" '^Peer: 198\.51\.100\.2 Port: 500 Local: 192\.0\.2\.1$'
	is "shell: write memory" "$(cat /etc/cryptomap/cryptomap.conf)" \
		"$(on "$gw_a" cryptomap show running-config)"
	like "shell: the line is in the configuration" "$(cat /etc/cryptomap/cryptomap.conf)" \
		'^ description typed$'
	refuse "a script that is cut off: its last line is left out" 'has no end and is left out' \
		on "$gw_a" sh -c 'printf "configure terminal\r\ncrypto map VPN 10\r\nno match address" | cryptomap shell'
	is "and changes nothing" "$(on "$gw_a" cryptomap show running-config | grep -c 'match address')" 1
	refuse "a script with a line that is refused says so in its status" "^% Invalid input: unexpected 'bogus'" \
		on "$gw_a" sh -c 'printf "conf t\ncrypto map VPN 10\nbogus\ndescription behind\nend\n" | cryptomap shell'
	like "and what is behind the line is taken" "$(on "$gw_a" cryptomap show running-config)" '^ description behind$'
	refuse "so does one with a command that there is not" '^% Invalid input' \
		on "$gw_a" sh -c 'printf "show bogus\nshow version\n" | cryptomap shell'
	check "lines that end with carriage returns" \
		on "$gw_a" sh -c 'printf "show version\r\nconfigure terminal\r\nend\r\nexit\r\n" | cryptomap shell'
	ssh_server "$gw_a"
	relay_points on "$gw_a" /usr/bin/python3 -B "$top/selftests/helpers/router_script.py" \
		"$tmp/ssh/user"
	like "write memory of a script" "$(cat /etc/cryptomap/cryptomap.conf)" \
		'^ description by a script$'
	like "a command of ssh" "$(by_ssh "$gw_a" operator 'show crypto map | include Peer')" \
		'^[[:blank:]]*Peer = 198\.51\.100\.2$'
	like "lines that come without a terminal" \
		"$(printf 'sh cry isa sa\nexit\n' | by_ssh "$gw_a" operator)" 'QM_IDLE'
	like "a user without privileges: no shell" "$(by_ssh "$gw_a" visitor 2>&1 </dev/null)" \
		'^cryptomap: the shell needs CAP_NET_ADMIN'
	like "a user without privileges: no command" \
		"$(by_ssh "$gw_a" visitor 'show crypto map' 2>&1)" 'not permitted'
	is "and the SAs are those that there were" "$(flow_count "$gw_a" encaps)" 3
	spi=$(on "$gw_a" cryptomap show crypto ipsec sa |
		sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p')
	refuse "clear crypto sa entry: another SPI" 'there is no SA to' \
		on "$gw_a" cryptomap clear crypto sa entry 198.51.100.2 esp 0x101
	check "clear crypto sa entry" on "$gw_a" cryptomap clear crypto sa entry 198.51.100.2 esp "$spi"
	check "it is gone" test "$(on "$gw_a" cryptomap show crypto ipsec sa '|' count "spi: $spi")" = \
		'Number of lines which match regexp = 0'
	check "another takes its place" pings "$from_a" "$to_b" -W 30
fi

on "$gw_a" cryptomap clear crypto session ||
	{ on "$gw_a" cryptomap clear crypto sa && on "$gw_a" cryptomap clear crypto isakmp; }
no_sas() { ! on "$1" cryptomap show crypto ipsec sa | grep -q 'spi: 0x[1-9A-F]'; }
check "gw_a: cleared" wait_for 20 no_sas "$gw_a"
check "gw_b: told of it" wait_for 20 no_sas "$gw_b"
check "gw_b initiates: pings are answered" pings "$from_b" "$to_a" -W 30
like "gw_b: it was the initiator" "$(on "$gw_b" cryptomap show crypto isakmp sa)" \
	'^192\.0\.2\.1 +198\.51\.100\.2 +QM_IDLE +100[0-9] ACTIVE$'
only_esp "nothing but ESP and IKE on the wire"
finish
