#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Messages that do not come through. Both gateways start phase 1 at once, and of two ISAKMP
# SAs one is chosen; in the end also with a stock peer. The third message of a quick mode is
# lost while the next one goes on: ours, which is repeated, also to a stock peer that does not
# ask for it, and that of a stock peer, which never is. A quick mode is not answered while
# another SA carries traffic. The network loses every fifth packet while both gateways start
# ten quick modes each and renegotiate phase 1 and phase 2 under traffic; the DELETE of an
# ISAKMP SA that was replaced does not come through. In the end all is up, and of everything
# there is one. Then the other side is killed and starts phase 1 just after we did.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
#   10.1.0.2                    |                      10.2.0.2, 10.2.1.1-26
#                               +----- gw_c (stock) --- host_c
#                                                       10.3.0.2-5
. "$(dirname "$0")/lib.sh"
two_sites
third_site
for n in 3 4 5; do
	ip -n "$host_c" address add "10.3.0.$n/24" dev eth0
done
flows=26
for n in $(seq $flows); do
	ip -n "$host_b" address add "10.2.1.$n/32" dev eth0
done
ip -n "$gw_b" route add 10.2.1.0/24 via 10.2.0.2
start_charon "$gw_a" cryptomap "retransmit_timeout = 0.5"
start_charon "$gw_b" cryptomap "retransmit_timeout = 0.5"
start_charon "$gw_c" stock

first=10.2.1.1 unanswered=10.2.1.2 stuck=10.2.1.3 next=10.2.1.4
load "$gw_a" <<EOT
$(ios_phase1 198.51.100.2 secret)
crypto isakmp key secret address 203.0.113.3
$(ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' "host $first")
ip access-list extended VPN-ACL
$(seq -f ' permit ip 10.1.0.0 0.0.0.255 host 10.2.1.%g' 2 $flows)
ip access-list extended TO-C
$(seq -f ' permit ip 10.1.0.0 0.0.0.255 host 10.3.0.%g' 2 5)
$(ios_entry 20 203.0.113.3 TO-C)
EOT
load "$gw_b" <<EOT
$(ios_phase1 192.0.2.1 secret)
$(ios_map 192.0.2.1 "host $first" '10.1.0.0 0.0.0.255')
ip access-list extended VPN-ACL
$(seq -f ' permit ip host 10.2.1.%g 10.1.0.0 0.0.0.255' 2 $flows)
EOT
swanctl_load "$gw_c" <<EOT
$(stock_peer 203.0.113.3 192.0.2.1 secret 10.3.0.2/32 10.1.0.0/24 tunnel 'start_action = trap')
connections {
	peer {
		children {
			second {
				local_ts = 10.3.0.3/32
				remote_ts = 10.1.0.0/24
				esp_proposals = aes256-sha256
				start_action = trap
			}
			others {
				local_ts = 10.3.0.4/31
				remote_ts = 10.1.0.0/24
				esp_proposals = aes256-sha256
			}
		}
	}
}
EOT

# bring_up NAMESPACE SECONDS: ping for each line "SOURCE DESTINATION" until it is answered;
# prints how many were, in that time
bring_up() { on "$1" python3 "$top/selftests/helpers/bring_up.py" 100 "$2" | awk '{ print $2 }'; }
# to_b FROM TO, to_a FROM TO: of these flows
to_b() { seq -f '10.1.0.2 10.2.1.%g' "$1" "$2"; }
to_a() { seq -f '10.2.1.%g 10.1.0.2' "$1" "$2"; }

# hold WHAT: drop these messages and no others, by their header (RFC 2408 3.1)
hold() {
	on "$net" nft "add table ip hold; add chain ip hold f { type filter hook forward priority 0; };
		flush chain ip hold f; add rule ip hold f udp dport 500 $1 drop"
}
unhold() { on "$net" nft delete table ip hold; }
# all but first messages, which have no cookie of the responder
answers='@th,128,64 != 0'
quick_mode='@th,208,8 32' informational='@th,208,8 5'
# nothing but a hash is this long; 104 bytes with the headers before
one_third="$quick_mode @th,256,32 76 quota until 110 bytes"
# again NAMESPACE: how often it sent a message of quick mode again
again() { grep -c 'sending the last message of quick mode .* again' "$tmp/$1.charon.log"; }

# pairs NAMESPACE: how many flows have one SA in each direction, and where those lead that
# have not, with what they have
pairs() {
	on "$1" cryptomap show crypto ipsec sa --json | python3 -c '
import json, sys
flows = [(flow["local-ident"]["address"], flow["remote-ident"]["address"],
          *sorted(sa["direction"] for sa in flow["sas"])) for flow in json.load(sys.stdin)]
others = [flow for flow in flows if flow[2:] != ("in", "out")]
print(len(flows) - len(others), *others)'
}
isakmp_sas() { on "$1" cryptomap show crypto isakmp sa | grep -c ' ACTIVE$'; }
# settled: of everything there is one, while there is traffic. Where both sides have renewed
# a flow at once, each must see which SA the other one sends by.
settled() {
	to_b 1 $flows | bring_up "$host_a" 20 >/dev/null
	[ "$(pairs "$gw_a")" = "$((flows + 4))" ] && [ "$(pairs "$gw_b")" = "$flows" ] &&
		[ "$(isakmp_sas "$gw_a")" = 2 ] && [ "$(isakmp_sas "$gw_b")" = 1 ]
}

# a stock peer, meanwhile
hold "ip saddr 203.0.113.3 $one_third"
bring_up "$host_c" 60 >"$tmp/c.count" <<-EOT &
	10.3.0.2 10.1.0.2
	10.3.0.3 10.1.0.2
EOT
from_c=$!
established() { [ "$(grep -c 'CHILD_SA .* established with SPIs' "$tmp/$gw_c.charon.log")" = 2 ]; }
check "a stock peer does not repeat its third message" wait_for 30 established
unhold
hold "ip daddr 203.0.113.3 $one_third"
is "it does not get ours, goes on to the next quick mode, and asks for that one's only" \
	"$(printf '10.1.0.2 10.3.0.%s\n' 4 5 | bring_up "$host_a" 20)" 2
unhold

# send NAMESPACE FROM TO: again and again
send() {
	background "$1" "send-$1" python3 -c '
import socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 0))
while True:
    try:
        sock.sendto(b"", (sys.argv[2], 9))
    except OSError:
        pass    # an ICMP error of before
    time.sleep(0.5)' "$2" "$3"
	senders+=("$background_pid")
}
began() { on "$1" cryptomap show crypto isakmp sa | grep -q 'MM_NO_STATE .* ACTIVE$'; }
# chosen NAMESPACE: how often its log says that one of two ISAKMP SAs stays
chosen() { grep -c 'both sides started phase 1 .* at once' "$tmp/$1.charon.log"; }
chosen_once() { [ "$(chosen "$1")" = 1 ]; } # NAMESPACE

hold ""
senders=()
send "$host_a" 10.1.0.2 $first
send "$host_b" $first 10.1.0.2
check "we start phase 1" wait_for 20 began "$gw_a"
check "and so does the other side" wait_for 20 began "$gw_b"
unhold
check "the flow comes up" wait_for 20 pings "$host_a" $first -W 2
kill "${senders[@]}"
check "one ISAKMP SA is chosen here" wait_for 10 chosen_once "$gw_a"
check "and there" wait_for 10 chosen_once "$gw_b"
check "the flow stays up" pings "$host_a" $first

hold "ip saddr 192.0.2.1 $one_third"
is "a third message is lost, and the next quick mode goes on" \
	"$(to_b 5 6 | bring_up "$host_a" 10)" 2
unhold
check "it was repeated" [ "$(again "$gw_a")" -gt 0 ]

background "$host_a" ping ping -n -q -i 0.1 $first
ping_pid=$background_pid
hold "$quick_mode"
check "a quick mode that is not answered" no_ping "$host_a" $unanswered
failed() { tail -n 200 "$tmp/$gw_a.charon.log" | grep -q 'giving up after .* retransmits'; }
check "is given up" wait_for 20 failed
unhold
check "and comes up later" wait_for 30 pings "$host_a" $unanswered
kill -INT "$ping_pid"
wait "$ping_pid" 2>/dev/null
like "meanwhile another flow lost nothing" "$(cat "$tmp/ping.log")" ' 0% packet loss'

hold "$quick_mode"
check "a quick mode that is not answered" no_ping "$host_a" $stuck -c 1
mid=$(sed -n 's/.*generating QUICK_MODE request \([0-9]*\) .* SA .*/\1/p' "$tmp/$gw_a.charon.log" | tail -n 1)
hold "@th,224,32 $mid"
check "does not keep others waiting" pings "$host_a" $next
check "and is tried again after them" wait_for 10 pings "$host_a" $stuck
unhold

on "$net" tc qdisc add dev to_a root netem loss 20%
on "$net" tc qdisc add dev to_b root netem loss 20%
to_a 17 26 | bring_up "$host_b" 60 >"$tmp/b.count" &
from_b=$!
is "under loss: ten quick modes of ours come through" "$(to_b 7 16 | bring_up "$host_a" 60)" 10
wait $from_b
is "and ten of the other side" "$(cat "$tmp/b.count")" 10

# Of seven messages in a row all are lost, or their answers, once in a thousand times: an
# ISAKMP SA has this setting of when it was made.
for ns in "$gw_a" "$gw_b"; do
	sed -i 's/retransmit_tries = .*/retransmit_tries = 6/' "$tmp/$ns.strongswan.conf"
	on "$ns" swanctl --reload-settings >/dev/null 2>&1
done
renewed=10.2.1.7 log=$tmp/$gw_a.charon.log
# child_of NAMESPACE: charon's name of that flow
child_of() {
	on "$1" swanctl --list-sas 2>/dev/null | awk -v net="$renewed/32" '
		/: #[0-9]+, reqid / { name = $1 }
		$2 == net { sub(/:$/, "", name); print name; exit }'
}
child_a=$(child_of "$gw_a") child_b=$(child_of "$gw_b")
# comes_through PATTERN COMMAND...: it succeeds, and there is one more line like that
comes_through() {
	local pattern=$1 count
	shift
	count=$(grep -c "$pattern" "$log")
	"$@" && wait_for 60 more "$pattern" "$count"
}
more() { [ "$(grep -c "$1" "$log")" -gt "$2" ]; } # PATTERN COUNT
renew() { # WHO NAMESPACE PEER CHILD
	check "under loss: $1 renew phase 1" comes_through 'IKE_SA .* established between' \
		on "$2" swanctl --rekey --ike "$3"
	check "under loss: $1 renew phase 2" \
		comes_through "CHILD_SA $child_a{.* established with SPIs" \
		on "$2" swanctl --rekey --child "$4"
}
background "$host_a" lossy ping -n -q -i 0.1 $renewed
ping_pid=$background_pid
renew we "$gw_a" 198.51.100.2 "$child_a"
# charon has the side that did not start it delete the old one after ten seconds
deleted() { grep -c "deleting IKE_SA .* between 192.0.2.1.*198.51.100.2" "$log"; }
deletes=$(deleted)
hold "ip saddr 192.0.2.1 $informational"
renew they "$gw_b" 192.0.2.1 "$child_b"
told() { [ "$(deleted)" -gt "$deletes" ]; }
check "under loss: we delete the old ISAKMP SA, but they do not learn that" wait_for 30 told
unhold
kill -INT "$ping_pid"
wait "$ping_pid" 2>/dev/null
# four of five come through each way
lost=$(sed -n 's/.* \([0-9]*\)[0-9.]*% packet loss.*/\1/p' "$tmp/lossy.log")
check "under loss: $lost% of the pings were lost, no more than the network loses" \
	test "${lost:-100}" -lt 50

on "$net" tc qdisc del dev to_a root
on "$net" tc qdisc del dev to_b root
echo "# $(again "$gw_a") and $(again "$gw_b") messages were repeated"
is "all carry traffic" "$(to_b 1 $flows | bring_up "$host_a" 20)" $flows

wait $from_c
is "the stock peer is told, and negotiates again" "$(cat "$tmp/c.count")" 2
check "there is one of everything" wait_for 60 settled
settled || echo "# flows here $(pairs "$gw_a"), there $(pairs "$gw_b"); ISAKMP SAs here" \
	"$(isakmp_sas "$gw_a"), there $(isakmp_sas "$gw_b")"

on "$gw_a" cryptomap clear crypto session >/dev/null
hold "$answers"
senders=()
send "$host_a" 10.1.0.2 10.3.0.2
send "$host_c" 10.3.0.2 10.1.0.2
both_began() {
	began "$gw_a" &&
		[ "$(on "$gw_c" swanctl --list-sas 2>/dev/null | grep -c ' CONNECTING, IKEv1')" = 2 ]
}
check "we start phase 1 with the stock peer, and so does that" wait_for 20 both_began
unhold
check "the flow comes up" wait_for 20 pings "$host_a" 10.3.0.2 -W 2
kill "${senders[@]}"
check "both are seen" wait_for 20 grep -q 'both sides started phase 1 with 203.0.113.3 at once' "$log"
chosen_there() {
	[ "$(isakmp_sas "$gw_a")" = 1 ] &&
		[ "$(on "$gw_c" swanctl --list-sas 2>/dev/null | grep -c ', IKEv1,')" = 1 ]
}
check "and is the only one, here and there" wait_for 40 chosen_there
check "the flow stays up" pings "$host_a" 10.3.0.2

check "we start phase 1 with ours again" pings "$host_a" $first
n=$(chosen "$gw_a")
{ stop_charon "$gw_b" KILL && wait "$(charon_pid "$gw_b")"; } 2>/dev/null
on "$gw_b" sh -c 'rm -f /run/charon.*ctl'
start_charon "$gw_b" cryptomap "retransmit_timeout = 0.5"
is "a peer that was killed starts phase 1" "$(to_a 2 2 | bring_up "$host_b" 20)" 1
is "it is not taken for one that did so with us" "$(chosen "$gw_a")" "$n"
is "we go on with what the peer started" "$(to_b 3 3 | bring_up "$host_a" 10)" 1
finish
