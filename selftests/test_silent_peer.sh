#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A peer does not answer a quick mode, so that no probe of dead peer detection is sent
# meanwhile. If packets come from it its SAs go on without the ISAKMP SA; if nothing comes
# it is dead, and they go. So do, when nothing comes and phase 1 is not answered, those that
# a charon left which was killed. A keepalive that is configured while SAs are up is theirs,
# too.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock) --- host_b
#                                                       10.2, 10.4.0.2
. "$(dirname "$0")/lib.sh"
two_sites
ip -n "$gw_b" address add 10.4.0.1/24 dev lan
ip -n "$host_b" address add 10.4.0.2/24 dev eth0
start_charon "$gw_a" cryptomap "retransmit_timeout = 1"
start_charon "$gw_b" stock
config() { # [LINE]
	load "$gw_a" < <(ios_phase1 198.51.100.2 secret
		printf '%s\n' "$@"
		ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
		printf '%s\n' 'ip access-list extended VPN-ACL' \
			' permit ip 10.1.0.0 0.0.0.255 10.4.0.0 0.0.0.255')
}
config 'crypto isakmp keepalive 10 2'
swanctl_load "$gw_b" < <(stock_peer 198.51.100.2 192.0.2.1 secret 10.2.0.0/24 10.1.0.0/24 |
	sed 's/^\( *\)net {/\1other {\n local_ts = 10.4.0.0\/24\n remote_ts = 10.1.0.0\/24\n\
 esp_proposals = aes256-sha256\n}\n&/')
log=$tmp/$gw_a.charon.log
given_up() { [ "$(grep -c 'giving up after' "$log")" -ge "$1" ]; }
sas() { on "$gw_a" cryptomap show crypto ipsec sa --json | python3 -c '
import json, sys
print(sum(len(flow["sas"]) for flow in json.load(sys.stdin)))'; }
sas_are() { [ "$(sas)" = "$1" ]; }
net_forwards() { on "$net" sh -c "echo $1 >/proc/sys/net/ipv4/ip_forward"; } # 0|1

# its daemon stands still, its kernel does not
check "the tunnel is up" comes_up "$host_a" 10.2.0.2
kill -STOP "$(charon_pid "$gw_b")"
background "$host_a" ping-2 ping -n -q -i 0.2 10.2.0.2
ping=$background_pid
background "$host_a" ping-4 ping -n -q -c 1 -W 1 10.4.0.2
check "charon gives the peer up" wait_for 40 given_up 1
is "its SAs go on" "$(sas)" 2
check "they carry traffic" pings "$host_a" 10.2.0.2
kill -INT "$ping"
kill -CONT "$(charon_pid "$gw_b")"
on "$gw_a" cryptomap clear crypto session >/dev/null

# nothing comes from it any more
check "the tunnel is up again" comes_up "$host_a" 10.2.0.2
count=$(grep -c 'giving up after' "$log")
net_forwards 0
background "$host_a" ping-4b ping -n -q -c 1 -W 1 10.4.0.2
check "charon gives the peer up" wait_for 40 given_up $((count + 1))
check "it is dead" wait_for 5 grep -q 'is dead: an exchange is not answered' "$log"
check "its SAs go" wait_for 5 sas_are 0
net_forwards 1
check "the tunnel comes up with the next packet" comes_up "$host_a" 10.2.0.2

# SAs that its daemon left, and nothing comes by them; another flow has phase 1 begin, which
# is given up after more than the 30 seconds that are silence enough
{ stop_charon "$gw_a" KILL && wait "$(charon_pid "$gw_a")"; } 2>/dev/null
on "$gw_a" sh -c 'rm -f /run/charon.*ctl'
net_forwards 0
start_charon "$gw_a" cryptomap "retransmit_timeout = 3"
is "a killed charon leaves its SAs" "$(sas)" 2
background "$host_a" ping-4c ping -n -q -i 1 10.4.0.2
ping=$background_pid
check "the peer does not answer, and sends nothing: they go" wait_for 90 sas_are 0
kill -INT "$ping"
net_forwards 1
check "the tunnel comes up with the next packet" comes_up "$host_a" 10.2.0.2

# an ISAKMP SA that was made without keepalive
config
on "$gw_a" cryptomap clear crypto session >/dev/null
check "the tunnel is up without keepalive" comes_up "$host_a" 10.2.0.2
spi=$(outbound "$gw_a")
answers() { grep -c 'parsed INFORMATIONAL_V1 request .*DPD_ACK' "$log"; }
before=$(answers)
answered() { [ "$(answers)" -gt "$before" ]; }
config 'crypto isakmp keepalive 10 2 periodic'
check "then there is one: the peer is probed, and answers" wait_for 60 answered
is "with the SAs of before" "$(outbound "$gw_a")" "$spi"
finish
