#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# NAT and stateful firewalls on both gateways, around the crypto map and around
# XFRM: active FTP, where conntrack's helper rewrites an address to a longer one and
# expects a connection from outside; destination NAT of what was decrypted; the
# host's own rules see the outer packets.
#
#   host_a --- gw_a (ours, NAT) --- net --- gw_b (XFRM) --- host_b
#   10.1.0.2   10.100.100.0/24 to the other site
. "$(dirname "$0")/lib.sh"
two_sites
modprobe -qa nf_conntrack_ftp nf_nat_ftp
key=$(random_key 20)
check "a map" load "$gw_a" < <(ios_manual 198.51.100.2 '10.100.100.0 0.0.0.255' \
	'10.2.0.0 0.0.0.255' 4097 4098 'esp-gcm 128' "cipher $key")
xfrm_peer "$gw_b" 198.51.100.2 192.0.2.1 10.2.0.0/24 10.100.100.0/24 tunnel 4098 4097 \
	"aead rfc4106(gcm(aes)) 0x$key 128"
check "firewall and NAT" on "$gw_a" nft -f - <<'EOT'
table ip t {
	ct helper ftp {
		type "ftp" protocol tcp
	}
	counter outer_in { }
	counter outer_out { }
	counter refused { }
	chain prerouting {
		type filter hook prerouting priority filter
		tcp dport 21 ct helper set "ftp"
	}
	chain dstnat {
		type nat hook prerouting priority dstnat
		iifname wan ip daddr 10.100.100.80 dnat to 10.1.0.2
	}
	chain input {
		type filter hook input priority 0; policy drop
		iifname { lan, lo } accept
		meta l4proto esp counter name outer_in accept
	}
	chain forward {
		type filter hook forward priority 0; policy drop
		ct state established,related accept
		iifname lan accept
		ct status dnat udp dport 7 accept
		counter name refused
	}
	chain output {
		type filter hook output priority 0; policy drop
		meta l4proto esp counter name outer_out accept
	}
	chain srcnat {
		type nat hook postrouting priority srcnat
		ip saddr 10.1.0.0/24 ip daddr 10.2.0.0/24 snat to 10.100.100.100
	}
}
EOT
check "a firewall at the other end" on "$gw_b" nft -f - <<'EOT'
table ip t {
	ct helper ftp {
		type "ftp" protocol tcp
	}
	chain prerouting {
		type filter hook prerouting priority filter
		tcp dport 21 ct helper set "ftp"
	}
	chain forward {
		type filter hook forward priority 0; policy drop
		ct state established,related accept
		iifname wan tcp dport 21 accept
		iifname wan icmp type echo-request accept
		iifname lan udp dport { 7, 9 } accept
	}
}
EOT
background "$host_b" ftp python3 "$top/selftests/helpers/ftp_active.py" serve
wait_for 20 on "$host_b" sh -c "ss -Hltn 'sport = :21' | grep -q ." || bail "FTP server"
echo_server "$host_a"
counted() { on "$gw_a" nft list counter ip t "$1" | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

watch_wire "$net" to_b
check "pings, whose source is changed" pings "$host_a" 10.2.0.2
is "each in an ESP packet that the output chain saw" "$(counted outer_out)" 3
is "the answers in one that the input chain saw" "$(counted outer_in)" 3
check "active FTP, two files on one connection" timeout 100 nsenter --net="/run/netns/$host_a" \
	python3 "$top/selftests/helpers/ftp_active.py" fetch 10.2.0.2
check "destination NAT of what was decrypted" echo_sizes "$host_b" 10.100.100.80 1-4,1400,3000
is "so far nothing was refused" "$(counted refused)" 0
echo unwanted | on "$host_b" timeout 20 bash -c 'cat >/dev/udp/10.100.100.80/9'
refused() { [ "$(counted refused)" = 1 ]; }
check "another new connection is" wait_for 20 refused
only_esp "nothing but ESP on the wire"
finish
