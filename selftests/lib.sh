# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the VM tests share: test results, undoing, waiting, network namespaces,
# topologies, charon, and a watch on the wire. Sourced by test_*.sh, which
# run inside the VM only (selftests/vm.sh).
#
# A test lays its topology, makes its points with pass/check/is/like, and ends
# with `finish`. Whatever is made is undone when the script ends, in reverse.

set -u
. "$(dirname "${BASH_SOURCE[0]}")/guest.sh"
test_name=$(basename "$0" .sh)
test_name=${test_name#test_}

#
# Results, as TAP
#
tap_count=0
tap_failed=0

diag() { sed 's/^/# /'; }

# pass WHAT
pass() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

# fail WHAT [WHY]
fail() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	[ $# -lt 2 ] || printf '%s\n' "$2" | diag
}

# check WHAT COMMAND...: the command succeeds
check() {
	local what=$1 out
	shift
	if out=$("$@" 2>&1); then pass "$what"; else fail "$what" "$*: $out"; fi
}

# refuse WHAT PATTERN COMMAND...: the command fails and says why
refuse() {
	local what=$1 pattern=$2 out
	shift 2
	if out=$("$@" 2>&1); then
		fail "$what" "$* succeeded: $out"
	else
		like "$what" "$out" "$pattern"
	fi
}

# is WHAT GOT WANTED
is() {
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got '$2', wanted '$3'"; fi
}

# like WHAT TEXT PATTERN: a line of the text matches the extended regular expression
like() {
	if printf '%s\n' "$2" | grep -qE -e "$3"; then
		pass "$1"
	else
		fail "$1" "no line matches /$3/:"$'\n'"$2"
	fi
}

# bail WHY: the test cannot go on
bail() {
	fail "$1" "${2:-}"
	finish
}

# relay_points COMMAND...: a script makes points: lines "ok WHAT", "not ok WHAT" and
# "skip WHAT: WHY" are counted as ours, others are told. It has to end well.
relay_points() {
	local line
	while IFS= read -r line; do
		case $line in
		"ok "*) pass "${line#ok }" ;;
		"not ok "*) fail "${line#not ok }" ;;
		"skip "*)
			line=${line#skip }
			pass "${line%%: *} # SKIP ${line#*: }"
			;;
		*) printf '%s\n' "$line" | diag ;;
		esac
	done < <("$@" 2>&1 || echo "not ok the script ends well: exit status $?")
}

# finish: the plan, and the end of the script
finish() {
	echo "1..$tap_count"
	finished=1
	exit $((tap_failed > 0))
}

#
# Undoing
#
finished=
undo=()

# defer COMMAND...: run it when the script ends, last deferred first
defer() { undo+=("$(printf '%q ' "$@")"); }

cleanup() {
	local i
	# fail may still report; nothing below is a point of the test
	[ -n "$finished" ] || [ "$tap_failed" = 0 ] || echo "1..$tap_count"
	[ "$tap_failed" = 0 ] || show_logs
	for ((i = ${#undo[@]} - 1; i >= 0; i--)); do
		eval "${undo[i]}" >/dev/null 2>&1
	done
}

tmp=$(mktemp -d "/tmp/$test_name.XXXXXX")
defer rm -rf "$tmp"
# namespaces are kept by files here, which a shared mount does not take
mount --bind "$tmp" "$tmp"
mount --make-private "$tmp"
defer umount "$tmp"
trap cleanup EXIT
trap 'exit 130' INT TERM

# end of what a daemon or a capture said, for whoever has to find a failure
show_logs() {
	local log
	for log in "$tmp"/*.log; do
		[ -s "$log" ] || continue
		echo "# --- $(basename "$log")"
		tail -n 60 "$log" | diag
	done
}

#
# Waiting
#

# by how much longer to wait, for the benchmarks: there time leaps while the VM waits
# for its host
patience=1

# nothing comes from here: a tenth of a second, without a program that takes two to start
exec {never}<> <(:)
a_moment() { read -rt 0.1 -u "$never" || true; }

# wait_for SECONDS COMMAND...: until the command succeeds
wait_for() {
	local end=$((SECONDS + $1 * patience))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		a_moment
	done
}

#
# Network namespaces
#

# make_ns VARIABLE...: a network namespace each, with a mount namespace that has
# a /run of its own; its name is left in the variable. There ping has datagram
# sockets, which get its own answers only: a flood of other answers overflows a
# raw one, and a ping is lost that came back.
make_ns() {
	local var ns names=() out
	for var in "$@"; do
		ns=$var-$$
		ns=${ns//_/-}
		names+=("$ns")
		printf -v "$var" %s "$ns"
	done
	defer remove_ns "${names[@]}"
	out=$("$top/build/make_ns" "$tmp" "${names[@]}" 2>&1) ||
		bail "make namespaces ${names[*]}" "$out"
}

remove_ns() {
	local pids mounts=("${@/#/"$tmp/"}")
	pids=$(printf 'netns pids %s\n' "$@" | ip -force -batch -)
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill -9 $pids
	umount "${mounts[@]/%/.mnt}"
	printf 'netns del %s\n' "$@" | ip -force -batch -
}

# on NAMESPACE COMMAND...: run it there
on() {
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" --mount="$tmp/$ns.mnt" --wd="$PWD" -- "$@"
}

# background NAMESPACE LOG COMMAND...: start it there with its output in
# $tmp/LOG.log; its process id is left in $background_pid
background() {
	local ns=$1 log=$tmp/$2.log
	shift 2
	nsenter --net="/run/netns/$ns" --mount="$tmp/$ns.mnt" -- "$@" \
		</dev/null >>"$log" 2>&1 &
	background_pid=$!
}

# link NS1 DEV1 ADDRESS1 NS2 DEV2 ADDRESS2: a veth pair, both ends up
link() {
	ip link add "$2" netns "$1" type veth peer name "$5" netns "$4"
	ip -n "$1" -batch - <<-EOT
	address add $3 dev $2
	link set dev $2 up
	EOT
	ip -n "$4" -batch - <<-EOT
	address add $6 dev $5
	link set dev $5 up
	EOT
}

# veth_pair NS1 DEV1 NS2 DEV2: for ip -batch, a veth pair
veth_pair() { echo "link add $2 netns $1 type veth peer name $4 netns $3"; }

# lay_ns NAMESPACE ROUTER|'' DEVICE ADDRESS...: its devices are up with these addresses,
# and the router is the default one
lay_ns() {
	local ns=$1 router=$2
	shift 2
	{
		while [ $# -gt 0 ]; do
			printf '%s\n' "address add $2 dev $1" "link set dev $1 up"
			shift 2
		done
		[ -z "$router" ] || echo "route add default via $router"
	} | ip -n "$ns" -batch -
}

# forward NAMESPACE...
forward() {
	local ns
	for ns in "$@"; do
		nsenter --net="/run/netns/$ns" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	done
}

# two_sites: lays
#
#   host_a --- lan gw_a wan -- to_a net to_b -- wan gw_b lan --- host_b
#   10.1.0.2  10.1.0.1  192.0.2.1     198.51.100.2  10.2.0.1   10.2.0.2
#
# The gateways route the other site's network to the middle, which knows
# no network but its own two: what is in clear does not come through.
two_sites() {
	make_ns host_a gw_a net gw_b host_b
	{
		veth_pair "$host_a" eth0 "$gw_a" lan
		veth_pair "$gw_a" wan "$net" to_a
		veth_pair "$net" to_b "$gw_b" wan
		veth_pair "$gw_b" lan "$host_b" eth0
	} | ip -batch -
	lay_ns "$host_a" 10.1.0.1 eth0 10.1.0.2/24
	lay_ns "$gw_a" 192.0.2.254 lan 10.1.0.1/24 wan 192.0.2.1/24
	lay_ns "$net" '' to_a 192.0.2.254/24 to_b 198.51.100.254/24
	lay_ns "$gw_b" 198.51.100.254 wan 198.51.100.2/24 lan 10.2.0.1/24
	lay_ns "$host_b" 10.2.0.1 eth0 10.2.0.2/24
	forward "$gw_a" "$net" "$gw_b"
}

# two_sites_ipv6: adds IPv6 to two_sites, with the same shape
#
#   host_a --- lan gw_a wan -- to_a net to_b -- wan gw_b lan --- host_b
#   fd01::2  fd01::1  2001:db8:a::1     2001:db8:b::2  fd02::1  fd02::2
two_sites_ipv6() {
	local ns
	for ns in "$host_a" "$gw_a" "$net" "$gw_b" "$host_b"; do
		nsenter --net="/run/netns/$ns" sh -c '
			echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
			echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad
			for dev in /proc/sys/net/ipv6/conf/*; do
				echo 0 >$dev/disable_ipv6
				echo 0 >$dev/accept_dad
			done
			echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	done
	lay_ns "$host_a" fd01::1 eth0 'fd01::2/64 nodad'
	lay_ns "$gw_a" 2001:db8:a::ff lan 'fd01::1/64 nodad' wan '2001:db8:a::1/64 nodad'
	lay_ns "$net" '' to_a '2001:db8:a::ff/64 nodad' to_b '2001:db8:b::ff/64 nodad'
	lay_ns "$gw_b" 2001:db8:b::ff wan '2001:db8:b::2/64 nodad' lan 'fd02::1/64 nodad'
	lay_ns "$host_b" fd02::1 eth0 'fd02::2/64 nodad'
}

# third_site: adds, after two_sites,
#
#   net to_c -- wan gw_c lan --- host_c
#       203.0.113.3   10.3.0.1   10.3.0.2
third_site() {
	make_ns gw_c host_c
	{
		veth_pair "$net" to_c "$gw_c" wan
		veth_pair "$gw_c" lan "$host_c" eth0
	} | ip -batch -
	lay_ns "$net" '' to_c 203.0.113.254/24
	lay_ns "$gw_c" 203.0.113.254 wan 203.0.113.3/24 lan 10.3.0.1/24
	lay_ns "$host_c" 10.3.0.1 eth0 10.3.0.2/24
	forward "$gw_c"
}

# route_in_clear: the middle learns where the sites are, so that clear text
# would come through if a gateway let it
route_in_clear() {
	ip -n "$net" route add 10.1.0.0/24 via 192.0.2.1
	ip -n "$net" route add 10.2.0.0/24 via 198.51.100.2
}

# route_in_clear_ipv6: likewise, after two_sites_ipv6
route_in_clear_ipv6() {
	ip -n "$net" route add fd01::/64 via 2001:db8:a::1
	ip -n "$net" route add fd02::/64 via 2001:db8:b::2
}

# source_nat RULE...: what the middle does to packets that go through it, in place of what
# it did before; connections so far are forgotten
source_nat() {
	{
		printf 'table ip nat\ndelete table ip nat\ntable ip nat {\nchain post {\n'
		echo 'type nat hook postrouting priority srcnat;'
		printf '%s\n' "$@"
		printf '}\n}\n'
	} | on "$net" nft -f - &&
		on "$net" python3 "$top/selftests/helpers/conntrack_flush.py"
}

# pings NAMESPACE ADDRESS [OPTION...]: every one of some pings is answered
pings() {
	local ns=$1 to=$2 out
	shift 2
	out=$(on "$ns" ping -n -q -c 3 -i 0.2 -W 5 "$@" "$to" 2>&1)
	case $out in
	*" 0% packet loss"*) return 0 ;;
	esac
	printf '%s\n' "$out"
	return 1
}

# comes_up NAMESPACE ADDRESS: pings are answered, soon. For a peer with XFRM, which
# has its inbound SA only after the last message of the negotiation: what we held
# may be there before, and is lost.
comes_up() { wait_for 40 pings "$1" "$2" -W 2; }

# unanswered LOG: how many pings had no answer, of a ping -n that was ended; the last one
# may have been under way then
unanswered() {
	awk '/bytes from/ { n++; split($5, seq, "="); last = seq[2] }
		/packets transmitted/ { print $1 - n - ($1 > last) }' "$1"
}

# no_ping NAMESPACE ADDRESS [OPTION...]: none is answered
no_ping() {
	local ns=$1 to=$2 out
	shift 2
	out=$(on "$ns" ping -n -q -c 3 -i 0.2 -W 1 "$@" "$to" 2>&1)
	case $out in
	*" 100% packet loss"*) return 0 ;;
	esac
	printf '%s\n' "$out"
	return 1
}

# echo_server NAMESPACE: answers every UDP datagram to port 7 with itself
echo_server() {
	background "$1" "echo-$1" python3 "$top/selftests/helpers/udp_echo.py" serve
	wait_for 60 on "$1" sh -c "ss -Hlun 'sport = :7' | grep -q ." ||
		bail "echo server in $1"
}

# tcp_server NAMESPACE: takes what `iperf3 -c` sends
tcp_server() {
	background "$1" "iperf-$1" iperf3 -s
	wait_for 60 on "$1" sh -c "ss -Hltn 'sport = :5201' | grep -q ." || bail "iperf3 in $1"
}

# echo_sizes NAMESPACE ADDRESS SIZES [hop|destination]: datagrams of these sizes
# (1-32,100) come back; with an IPv6 options header, if it is told
echo_sizes() {
	local ns=$1
	shift
	on "$ns" python3 "$top/selftests/helpers/udp_echo.py" ask "$@"
}

# echo_open NAMESPACE: one that goes on asking, for many of `echo_again`
echo_open() {
	mkfifo "$tmp/echo-asked" "$tmp/echo-told"
	on "$1" python3 "$top/selftests/helpers/udp_echo.py" session \
		<"$tmp/echo-asked" >"$tmp/echo-told" &
	disown	# the shell would tell that it was killed with its namespace
	exec {echo_asked}>"$tmp/echo-asked" {echo_told}<"$tmp/echo-told"
}

# echo_again ADDRESS SIZES: as echo_sizes, from there
echo_again() {
	local told=
	echo "$*" >&"$echo_asked"
	read -r told <&"$echo_told"
	[ "$told" = good ] || { echo "${told:-it ended}"; return 1; }
}

#
# The wire
#

# watch_wire NAMESPACE DEVICE: capture every frame there until wire_stop
watch_wire() {
	wire=$tmp/wire-$1-$2
	wire_at=("$1" "$2")
	# what an earlier capture there said would pass for a sign of this one
	rm -f "$wire" "$tmp/tcpdump-$1-$2.log"
	background "$1" "tcpdump-$1-$2" tcpdump -n -U -B 16384 -i "$2" -w "$wire"
	wire_pid=$background_pid
	wait_for 20 grep -q 'listening on' "$tmp/tcpdump-$1-$2.log" || bail "tcpdump on $2"
}

# wire_stop: end the capture once a frame of our own, sent last, is in it
wire_stop() {
	on "${wire_at[0]}" "$top/build/last_frame" "${wire_at[1]}"
	wait_for 20 wire_ended || bail "the capture on ${wire_at[1]} does not end"
	kill -INT "$wire_pid"
	wait "$wire_pid" 2>/dev/null
}

wire_ended() { LC_ALL=C grep -qaP '\xff{6}\x02\x00{5}\x88\xb5' "$wire"; }

# wire_count FILTER...: packets of the capture that match
wire_count() { tcpdump -n -r "$wire" "$@" 2>/dev/null | wc -l; }

# only_esp WHAT: the capture has ESP, and nothing but ESP (whole or in fragments),
# IKE, ICMP errors that quote ESP, IGMP of the gateways (charon's forecast plugin),
# and what a link needs: ARP, neighbour and multicast listener discovery
only_esp() {
	local esp clear nd='icmp6 and ip6[40] >= 133 and ip6[40] <= 137'
	[ ! -d "/proc/$wire_pid" ] || wire_stop
	esp=$(wire_count esp or udp port 4500)
	clear=$(tcpdump -n -r "$wire" not esp and not arp and not igmp and not udp port 500 \
		and not udp port 4500 and not ether proto 0x88b5 \
		and not '(icmp[0] = 3 and icmp[17] = 50)' \
		and not '(ip6[6] = 44 and ip6[40] = 50)' \
		and not "($nd)" and not '(ip6[6] = 0 and ip6[40] = 58)' \
		and not '(icmp6 and ip6[40] < 128 and ip6[54] = 50)' 2>/dev/null)
	if [ "$esp" -gt 0 ] && [ -z "$clear" ]; then
		pass "$1"
	else
		fail "$1" "$esp ESP packets, in clear: $(printf '%s\n' "$clear" | head -n 5)"
	fi
}

#
# cryptomap and its charon
#

# load NAMESPACE: the IOS configuration on standard input becomes the running one;
# what is said of it is told only when that fails
load() {
	local out
	cat >"$tmp/$1.cfg"
	out=$(on "$1" cryptomap load "$tmp/$1.cfg" 2>&1) && return
	printf '%s\n' "$out"
	return 1
}

# ios_phase1 PEER KEY: ISAKMP policy and pre-shared key of most tests
ios_phase1() {
	cat <<-EOT
	crypto isakmp policy 10
	 encr aes 256
	 hash sha256
	 authentication pre-share
	 group 14
	crypto isakmp key $2 address $1
	EOT
}

# ios_entry NUMBER PEER ACL [LINE...]: of the map, with transform set TS
ios_entry() {
	printf 'crypto map VPN %s ipsec-isakmp\n set peer %s\n' "$1" "$2"
	printf ' set transform-set TS\n match address %s\n' "$3"
	[ $# -eq 3 ] || printf ' %s\n' "${@:4}"
}

# ios_map PEER LOCAL-NET REMOTE-NET [MODE [LINE...]]: one transform set, one access
# list, one entry of a map on the wan interface; lines go into the entry
ios_map() {
	local peer=$1 local=$2 remote=$3 mode=${4:-tunnel}
	shift $(($# < 4 ? $# : 4))
	cat <<-EOT
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	 mode $mode
	ip access-list extended VPN-ACL
	 permit ip $local $remote
	EOT
	ios_entry 10 "$peer" VPN-ACL "$@"
	printf 'interface wan\n crypto map VPN\n'
}

# ios_map_two: on gw_a of three sites, an entry for each of the others
ios_map_two() {
	cat <<-EOT
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	ip access-list extended TO-B
	 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
	ip access-list extended TO-C
	 permit ip 10.1.0.0 0.0.0.255 10.3.0.0 0.0.0.255
	$(ios_entry 10 198.51.100.2 TO-B)
	$(ios_entry 20 203.0.113.3 TO-C)
	interface wan
	 crypto map VPN
	EOT
}

# ios_manual_on DEVICE PEER LOCAL-NET REMOTE-NET SPI-IN SPI-OUT TRANSFORMS KEYS [LINE...]:
# one ipsec-manual entry of a map on the device; the keys are what is written behind each
# SPI; lines go into the entry
ios_manual_on() {
	local dev=$1 peer=$2 local=$3 remote=$4 in=$5 out=$6 transforms=$7 keys=$8
	shift 8
	cat <<-EOT
	crypto ipsec transform-set TS $transforms
	ip access-list extended VPN-ACL
	 permit ip $local $remote
	crypto map VPN 10 ipsec-manual
	 set peer $peer
	 set session-key inbound esp $in $keys
	 set session-key outbound esp $out $keys
	 set transform-set TS
	 match address VPN-ACL
	EOT
	[ $# -eq 0 ] || printf ' %s\n' "$@"
	printf 'interface %s\n crypto map VPN\n' "$dev"
}

# ios_manual PEER...: the same on the wan interface
ios_manual() { ios_manual_on wan "$@"; }

# the daemon proper, of either of Debian's packages
charon=/usr/sbin/charon-systemd
[ -x "$charon" ] || charon=/usr/lib/ipsec/charon

# start_charon NAMESPACE cryptomap|stock [LINE...]: a charon with a /run of its own.
# cryptomap: Debian's own configuration with our plugin, as installed; stock:
# XFRM and swanctl. Lines are further options of charon.
start_charon() {
	local ns=$1 kind=$2 conf=$tmp/$1.strongswan.conf
	shift 2
	{
		echo "charon {"
		if [ "$kind" = cryptomap ]; then
			echo "	load_modular = yes"
			echo "	plugins { include /etc/strongswan.d/charon/*.conf }"
		else
			echo "	load = random nonce aes des sha1 sha2 hmac kdf gmp openssl pem pkcs1 pubkey x509 kernel-netlink socket-default vici updown"
		fi
		cat <<-EOT
			install_routes = no
			filelog {
				main {
					path = $tmp/$ns.charon.log
					flush_line = yes
					time_format = %H:%M:%S
					default = 1
					ike = 2
					knl = 2
					cfg = 2
				}
			}
			retransmit_timeout = 2
			retransmit_tries = 3
			$([ "$kind" = cryptomap ] ||
				echo "i_dont_care_about_security_and_use_aggressive_mode_psk = yes")
			$(printf '%s\n' "$@")
		}
		EOT
	} >"$conf"
	background "$ns" "$ns.charon-start" env STRONGSWAN_CONF="$conf" "$charon"
	printf -v "charon_pid_${ns//-/_}" %s "$background_pid"
	case $kind in
	cryptomap) wait_for 30 test -S "/proc/$background_pid/root/run/charon.cryptomap.ctl" ;;
	stock)
		warm_up_xfrm "$ns" &&
			wait_for 30 test -S "/proc/$background_pid/root/run/charon.vici"
		;;
	esac || bail "charon ($kind) in $ns" "$(cat "$tmp/$ns.charon-start.log" "$tmp/$ns.charon.log")"
}

# For the first SA of XFRM the kernel loads modules and tests algorithms, which takes seconds
# in an emulated machine: more than our first packet waits for the peer's SA.
warm_up_xfrm() { # NAMESPACE
	local addr key=0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
	for addr in 192.0.2.255 2001:db8::ffff; do
		printf 'xfrm state add src %s dst %s proto esp spi 1 mode tunnel %s\n' $addr $addr \
			"enc cbc(aes) $key auth-trunc hmac(sha256) $key 128"
		printf 'xfrm state delete src %s dst %s proto esp spi 1\n' $addr $addr
	done | ip -n "$1" -batch -
}

charon_pid() {
	local var=charon_pid_${1//-/_}
	echo "${!var}"
}

# stop_charon NAMESPACE [SIGNAL]
stop_charon() {
	local pid
	pid=$(charon_pid "$1")
	kill "-${2:-TERM}" "$pid"
	wait_for 30 gone "$pid"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# swanctl_load NAMESPACE: the swanctl.conf on standard input
swanctl_load() {
	cat >"$tmp/$1.swanctl"
	on "$1" swanctl --load-all --noprompt --file "$tmp/$1.swanctl" \
		>"$tmp/$1.swanctl.log" 2>&1 || bail "swanctl in $1" "$(cat "$tmp/$1.swanctl.log")"
}

# stock_peer LOCAL REMOTE KEY LOCAL-TS REMOTE-TS [MODE [LINE...]]: a swanctl.conf that
# suits ios_phase1 and ios_map at the other end; lines go into the child
stock_peer() {
	local here=$1 there=$2 key=$3 local_ts=$4 remote_ts=$5 mode=${6:-tunnel}
	shift $(($# < 6 ? $# : 6))
	cat <<-EOT
	connections {
		peer {
			version = 1
			local_addrs = $here
			remote_addrs = $there
			proposals = aes256-sha256-modp2048
			local { auth = psk }
			remote { auth = psk }
			children {
				net {
					mode = $mode
					local_ts = $local_ts
					remote_ts = $remote_ts
					esp_proposals = aes256-sha256
					$(printf '%s\n' "$@")
				}
			}
		}
	}
	secrets {
		ike {
			id-1 = $here
			id-2 = $there
			secret = "$key"
		}
	}
	EOT
}

# tunnel_to_stock [CHARON-SETTING...]: two_sites, gw_b with a stock charon, and the tunnel
tunnel_to_stock() {
	two_sites
	start_charon "$gw_a" cryptomap "$@"
	start_charon "$gw_b" stock "$@"
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255')
	swanctl_load "$gw_b" < <(
		stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24)
	check "the tunnel is up" comes_up "$host_a" 10.2.0.2
}

# outbound NAMESPACE: SPI of the outbound SA in use, of each flow
outbound() {
	on "$1" cryptomap show crypto ipsec sa |
		sed -n 's/.*current outbound spi: \(0x[0-9A-F]*\).*/\1/p'
}

# changed NAMESPACE SPI: it is another one
changed() { [ "$(outbound "$1")" != "$2" ]; }

# more_lines LOG PATTERN COUNT: there are more such lines in it
more_lines() { [ "$(grep -c "$2" "$1")" -gt "$3" ]; }

# both_rekey: after tunnel_to_stock, each end has begun to replace the SAs before it hears of
# the other one, and both come through
both_rekey() {
	local log=$tmp/$gw_a.charon.log peer_log=$tmp/$gw_b.charon.log
	local ours='generating QUICK_MODE request .* SA ' count peer_count child
	count=$(grep -c "$ours" "$log")
	peer_count=$(grep -c "$ours" "$peer_log")
	child=$(sed -n 's/.*CHILD_SA \(VPN[^{]*\){.* established.*/\1/p' "$log" | tail -n 1)
	# quick mode is exchange type 32 (RFC 2409 5.5)
	on "$net" nft 'add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
		add rule ip hold f udp dport 500 @th,208,8 32 drop'
	background "$gw_a" rekey swanctl --rekey --child "$child"
	background "$gw_b" peer-rekey swanctl --rekey --child net
	check "both ends rekey: we do" wait_for 10 more_lines "$log" "$ours" "$count"
	check "and the peer does" wait_for 10 more_lines "$peer_log" "$ours" "$peer_count"
	count=$(grep -c 'CHILD_SA .* established' "$log")
	on "$net" nft delete table ip hold
	check "both come through" wait_for 20 more_lines "$log" 'CHILD_SA .* established' $((count + 1))
}

# one_pair NAMESPACE: there is one SA in each direction
one_pair() { [ "$(ynl "$1" dump sa-get | grep -c '"spi"')" = 2 ]; }
# one_child: and the stock charon in gw_b has one CHILD_SA
one_child() { [ "$(on "$gw_b" swanctl --list-sas 2>/dev/null | grep -c ESP:)" = 1 ]; }

# flow_count NAMESPACE encaps|decaps: sum over all flows of show crypto ipsec sa
flow_count() {
	on "$1" cryptomap show crypto ipsec sa | awk -v key="#pkts $2: " \
		'at = index($0, key) { n += substr($0, at + length(key)) } END { print n + 0 }'
}

# drops NAMESPACE REASON: packets dropped for a reason of the spec
drops() { on "$1" cryptomap show drops | awk -v reason="$2" '$1 == reason { print $2 }'; }

#
# Manual keys, with XFRM at the far end
#

# random_key BYTES: in hexadecimal
random_key() {
	local hex=''
	while [ ${#hex} -lt $(($1 * 2)) ]; do
		printf -v hex '%s%08x' "$hex" "$SRANDOM"
	done
	echo "${hex:0:$1 * 2}"
}

# xfrm_peer NAMESPACE HERE THERE LOCAL-NET REMOTE-NET MODE SPI-IN SPI-OUT ALGORITHM...: SAs
# and policies of XFRM in place of those that were there; both directions use
# the same keys
xfrm_peer() {
	local ns=$1 here=$2 there=$3 local=$4 remote=$5 mode=$6 in=$7 out=$8 dir
	shift 8
	{
		echo "xfrm state flush"
		echo "xfrm policy flush"
		printf 'xfrm state add src %s dst %s proto esp spi %s mode %s replay-window 64 %s\n' \
			"$there" "$here" "$in" "$mode" "$*" "$here" "$there" "$out" "$mode" "$*"
		echo "xfrm policy add src $local dst $remote dir out priority 100" \
			"tmpl src $here dst $there proto esp mode $mode"
		for dir in in fwd; do
			echo "xfrm policy add src $remote dst $local dir $dir priority 100" \
				"tmpl src $there dst $here proto esp mode $mode"
		done
	} | ip -n "$ns" -batch -
}

# manual_sites: two_sites with ESP between them by manual keys, our crypto map in gw_a
# and XFRM in gw_b
manual_sites() {
	two_sites
	local key
	key=$(random_key 20)
	load "$gw_a" < <(ios_manual 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' \
		4097 4098 'esp-gcm 128' "cipher $key")
	xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.1.0.0/24 tunnel 4098 4097 \
		"aead rfc4106(gcm(aes)) 0x$key 128"
}

# manual_map NAMESPACE ARGUMENT...: the map of helpers/manual_map.py becomes the
# configuration there
manual_map() {
	local ns=$1 out
	shift
	out=$(python3 "$top/selftests/helpers/manual_map.py" "$@" | ynl "$ns" session)
	! printf '%s\n' "$out" | grep -E ': errno' && [ -n "$out" ]
}

#
# The netlink family by itself
#

# first_flow NAMESPACE: number of the first flow there
first_flow() {
	on "$1" cryptomap show crypto ipsec sa --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["flow"])'
}

# netlink_open NAMESPACE: a client that stays, for `request`: it takes seconds to start
netlink_open() { coproc client { ynl "$1" session; }; }

# request OPERATION JSON: of that client; the answer is left in $answer. Fails if it
# was refused.
request() {
	echo "$1 ${2//$'\n'/}" >&"${client[1]}"
	read -r answer <&"${client[0]}"
	[[ $answer != *errno* ]]
}

netlink_close() {
	eval "exec ${client[1]}>&-"
	wait "$client_PID"
}

# idle_time SECONDS PEER... [default]: that of gw_a's entry of ios_map is changed, with its
# peers in hexadecimal. The shortest that IOS knows is a minute, the kernel takes less.
idle_time() {
	local seconds=$1 peer peers='' default=''
	shift
	for peer in "$@"; do
		if [ "$peer" = default ]; then
			default=', "idle-default": true'
		else
			peers+="${peers:+, }\"$peer\""
		fi
	done
	like "idle time of $seconds seconds" "$(ynl "$gw_a" session <<-EOT
		config-begin
		entry-new {"map": "VPN", "seq": 10, "kind": "isakmp", "acl": "VPN-ACL", "tset": ["TS"], "peer": [$peers], "idle-time": $seconds$default}
		config-commit
	EOT
	)" 'config-commit: .*"sas-removed": 0'
}

# ynl NAMESPACE COMMAND...: helpers/ynl.py there
ynl() {
	local ns=$1
	shift
	on "$ns" python3 "$top/selftests/helpers/ynl.py" \
		"$("$top/packaging/kernel-tree.sh")/tools/net/ynl" "$@"
}
