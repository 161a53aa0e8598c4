# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Two gateways with IPv6, and their configuration. Sourced by tests of IKE with IPv6.
#
#   host_a --- gw_a (ours) --- net --- gw_b --- host_b
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
two_sites
two_sites_ipv6
peer_a=2001:db8:a::1 peer_b=2001:db8:b::2

# phase1 PEER...: policy, and a key for each
phase1() {
	local peer
	ios_phase1 192.0.2.250 unused
	for peer in "$@"; do
		case $peer in
		*:*) echo "crypto isakmp key secret address ipv6 $peer/128" ;;
		*) echo "crypto isakmp key secret address $peer" ;;
		esac
	done
	printf 'crypto ipsec transform-set %s esp-aes 256 esp-sha256-hmac\n mode %s\n' \
		TUNNEL tunnel TRANSPORT transport
}

# map6 PEER LOCAL REMOTE [SET]: an IPv6 map on wan
map6() {
	cat <<-EOT
	ipv6 access-list ACL6
	 permit ipv6 $2 $3
	crypto map ipv6 VPN6 10 ipsec-isakmp
	 set peer $1
	 set transform-set ${4:-TUNNEL}
	 match address ACL6
	interface wan
	 ipv6 crypto map VPN6
	EOT
}

# map4 PEER LOCAL REMOTE: an IPv4 map on wan
map4() {
	cat <<-EOT
	ip access-list extended ACL4
	 permit ip $2 $3
	crypto map VPN4 10 ipsec-isakmp
	 set peer $1
	 set transform-set TUNNEL
	 match address ACL4
	interface wan
	 crypto map VPN4
	EOT
}

clear_all() {
	local ns
	for ns in "$@"; do
		on "$ns" cryptomap clear crypto sa
		on "$ns" cryptomap clear crypto isakmp
	done
}

show() { on "$1" cryptomap show crypto "${@:2}"; }

# one_ike NAMESPACE DST SRC: an IPv6 ISAKMP SA that is up has these ends
one_ike() {
	show "$1" isakmp sa | grep -q "^$2  *$3  *QM_IDLE  *10[0-9][0-9] ACTIVE\$"
}
