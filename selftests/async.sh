# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Crypto that completes later: traffic comes through, and whatever its packets
# need may go while they are away: SAs, the map, the interface, the namespace, the
# module. Sourced by tests that set
#
#   template	of the crypto API that makes it so: pcrypt, cryptd
#   algorithm	that it is put around, as the crypto API knows it
#   transforms	that ask for this algorithm
#   keys()	prints random ones, as in a crypto map
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
modprobe -qa "$template" crypto_user algif_aead
two_sites
route_in_clear

site() { # NAMESPACE PEER LOCAL-NET REMOTE-NET SPI-IN SPI-OUT
	load "$1" < <(ios_manual "$2" "$3 0.0.0.255" "$4 0.0.0.255" "$5" "$6" "$transforms" "$key")
}
site_a() { site "$gw_a" 198.51.100.2 10.1.0.0 10.2.0.0 4097 4098; }
site_b() { site "$gw_b" 192.0.2.1 10.2.0.0 10.1.0.0 4098 4097; }
no_site() { load "$1" <<<'interface wan'; }
encaps() { flow_count "$gw_a" encaps; }
traffic() { # WHAT: more than a handful of packets, from now on
	local before
	before=$(encaps)
	more() { [ "$(encaps)" -gt $((before + 100)) ]; }
	check "$1" wait_for 60 more
}
# the implementation that the kernel prefers, but for instances of templates
driver() {
	awk -v wanted="$algorithm" '/^name/ { name = $3 } /^driver/ { driver = $3 }
		/^priority/ && name == wanted && driver !~ /^(pcrypt|cryptd)/ && $3 > best {
			best = $3; it = driver
		}
		END { print it }' /proc/crypto
}
# references of the instance beyond the one of its own: transforms made of it
users() {
	awk -v driver="$template(" '/^driver/ { mine = index($3, driver) == 1 }
		/^refcnt/ && mine { print $3 - 1 }' /proc/crypto
}
unused() { [ "$(users)" = 0 ]; }

key=$(keys)
check "a map, so that there is the cipher" site_a
check "$template around it" python3 "$top/selftests/helpers/crypto_instance.py" aead \
	"$template($(driver))"
is "nothing uses it yet" "$(users)" 0
key=$(keys)
check "maps with other keys" site_a
check "at both ends" site_b
is "their SAs use it" "$(users)" 4
check "pings" pings "$host_a" 10.2.0.2
# as much as there is time for
background "$host_a" flood-a nice -n 19 ping -n -q -f -s 1400 10.2.0.2
background "$host_b" flood-b nice -n 19 ping -n -q -f 10.1.0.2
traffic "traffic"
check "the map is taken off" no_site "$gw_a"
check "and comes again" site_a
traffic "traffic again"
check "the SAs are cleared" on "$gw_b" cryptomap clear crypto sa
check "configured again" site_b
traffic "and again"
check "the module goes" timeout 60 rmmod crypto_map
check "and comes again" insmod "$module"
check "configured" site_a
check "at both ends" site_b
traffic "and once more"
check "the interface goes" ip -n "$gw_a" link del wan
umount "$tmp/$gw_b.mnt"
check "the other namespace goes" ip netns del "$gw_b"
check "the map goes" no_site "$gw_a"
check "nothing uses $template any more" wait_for 60 unused
# where it is a module and not in use elsewhere
! grep -q "^$template " /proc/modules || modprobe -qr "$template"
finish
