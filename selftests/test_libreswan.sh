#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Libreswan's pluto on XFRM at the far end: main and aggressive mode, each started by
# either end, PFS, phase 2 rekeyed by either end under traffic, and deleted by either
# end, by which the SAs of the other one go, too.
#
#   host_a --- gw_a (ours) --- net --- gw_b (pluto) --- host_b
. "$(dirname "$0")/lib.sh"
unpacked=$top/build/libreswan/usr/libexec/ipsec
libexec=/usr/libexec/ipsec
if [ ! -x "$unpacked/pluto" ]; then
	pass "Libreswan # SKIP Debian 12 has one with IKEv1"
	finish
fi
two_sites

whack() { on "$gw_b" "$libexec/whack" "$@"; }

# write_conn [LINE...]: what pluto shall know of our gateway
write_conn() {
	cat >"$tmp/ipsec.conf" <<-EOT
	config setup
	 ikev1-policy=accept
	conn net
	 ikev2=no
	 authby=secret
	 left=198.51.100.2
	 leftsubnet=10.2.0.0/24
	 leftupdown=%disabled
	 right=192.0.2.1
	 rightsubnet=10.1.0.0/24
	 ike=aes256-sha2_256;modp2048
	 esp=aes256-sha2_256;modp2048
	$([ $# = 0 ] || printf ' %s\n' "$@")
	EOT
}

# conn [LINE...]: it learns that in place of what it knew
conn() {
	write_conn "$@"
	on "$gw_b" "$libexec/addconn" --config "$tmp/ipsec.conf" net
}

# start_pluto: with its own programs where it looks for them
start_pluto() {
	mkdir -p "$libexec"
	on "$gw_b" mount --bind "$unpacked" "$libexec"
	mkdir "$tmp/nss"
	certutil -N -d "sql:$tmp/nss" --empty-password
	echo ': PSK "secret"' >"$tmp/ipsec.secrets"
	write_conn
	background "$gw_b" pluto "$libexec/pluto" --nofork --stderrlog --config "$tmp/ipsec.conf" \
		--secretsfile "$tmp/ipsec.secrets" --ipsecdir "$tmp" --nssdir "$tmp/nss" --no-dnssec
	wait_for 60 whack --status || bail "pluto" "$(cat "$tmp/pluto.log")"
}

# ours [LINE...]: our end, with further lines at the top
ours() {
	load "$gw_a" < <(printf '%s\n' "$@"
		ios_phase1 198.51.100.2 secret
		ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255' tunnel \
			'set pfs group14' 'set security-association lifetime kilobytes 2560')
}

without() { [ "$(outbound "$gw_a")" = 0x0 ]; }
peer_without() { [ -z "$(on "$gw_b" ip xfrm state list proto esp)" ]; }
initiate() { timeout 40 nsenter --net="/run/netns/$gw_b" --mount="$tmp/$gw_b.mnt" "$libexec/whack" --initiate --name net; }
modes() { # of phase 1 on the wire
	tcpdump -n -r "$wire" udp port 500 2>/dev/null |
		grep -oE 'phase 1 [IR]? ?(ident|agg)' | awk '{ print $NF }' | sort -u | xargs
}

start_charon "$gw_a" cryptomap
ours
start_pluto
check "pluto takes the connection" conn

watch_wire "$net" to_b
check "initiator, main mode: comes up" comes_up "$host_a" 10.2.0.2
like "with the group of set pfs" "$(on "$gw_a" cryptomap show crypto ipsec sa)" \
	'PFS \(Y/N\): Y, DH group: group14'
check "pings from the peer" pings "$host_b" 10.1.0.2

background "$host_a" flood ping -n -q -i 0.005 -s 1400 10.2.0.2
flood=$background_pid
spi=$(outbound "$gw_a")
check "we rekey" wait_for 60 changed "$gw_a" "$spi"
spi=$(outbound "$gw_a")
check "the peer rekeys" whack --rekey-ipsec --name net
check "whose SAs we use" wait_for 20 changed "$gw_a" "$spi"
kill -INT "$flood"
wait "$flood"
like "every ping was answered" "$(cat "$tmp/flood.log")" ' 0% packet loss'

on "$gw_a" cryptomap clear crypto session
check "we delete: the SAs of the peer go" wait_for 20 peer_without
check "responder, main mode: comes up" initiate
check "pings" pings "$host_a" 10.2.0.2
check "the peer deletes" whack --terminate --name net
check "ours go" wait_for 20 without
wire_stop
is "main mode only" "$(modes)" ident
only_esp "nothing but ESP and IKE on the wire"

ours 'crypto isakmp peer address 198.51.100.2' ' set aggressive-mode password secret' \
	' set aggressive-mode client-endpoint fqdn spoke.example.org'
check "pluto takes aggressive mode" conn aggressive=yes rightid=@spoke.example.org
watch_wire "$net" to_b
check "initiator, aggressive mode: comes up" comes_up "$host_a" 10.2.0.2
on "$gw_a" cryptomap clear crypto session
wait_for 20 peer_without
check "responder, aggressive mode: comes up" initiate
check "pings from us" pings "$host_a" 10.2.0.2
check "pings from the peer again" pings "$host_b" 10.1.0.2
wire_stop
is "aggressive mode only" "$(modes)" agg
only_esp "nothing but ESP and IKE on the wire in aggressive mode"
whack --shutdown >/dev/null
finish
