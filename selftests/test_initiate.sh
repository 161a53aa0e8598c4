#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test crypto map up and down: SAs of one entry without a packet, with what comes of each
# permit; who watches misses nothing, as the numbers of the events say.
#
#   host_a --- gw_a (ours) --- net --- gw_b (ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
config_a() {
	ios_phase1 198.51.100.2 secret
	cat <<-EOT
	crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
	ip access-list extended VPN-ACL
	 10 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
	 20 deny ip 10.1.1.0 0.0.0.255 any
	 30 permit ip 10.1.2.0 0.0.0.255 10.2.0.0 0.0.0.255
	crypto dynamic-map DYN 10
	 set transform-set TS
	$(ios_entry 10 198.51.100.2 VPN-ACL)
	crypto map VPN 20 ipsec-isakmp dynamic DYN
	interface wan
	 crypto map VPN
	EOT
}
initiate() { on "$gw_a" cryptomap test crypto map VPN "$@"; }
ours='^crypto map VPN 10, access list VPN-ACL'
permit='permit ip 10\.1\.0\.0/255\.255\.255\.0 10\.2\.0\.0/255\.255\.255\.0'

load "$gw_a" < <(config_a)
load "$gw_b" < <(ios_phase1 192.0.2.1 secret
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255')
refuse "without a daemon" 'there is no IKE daemon' initiate 10 up
refuse "an entry that there is not" 'crypto map VPN has no entry 11' initiate 11 up
refuse "a dynamic entry" 'only peers can begin what they negotiate by dynamic crypto map DYN' \
	initiate 20 up

background "$gw_a" watched cryptomap monitor --json
start_charon "$gw_a" cryptomap
start_charon "$gw_b" cryptomap
watch_wire "$net" to_b
out=$(initiate 10 up)
is "what the peer does not have is not up, so says the exit status" $? 1
like "a permit that the peer has is up" "$out" "$ours 10, interface wan, $permit: up\$"
like "a permit that it has not fails, with the reason" "$out" "$ours 30, interface wan, .*: failed: [^ ]+"
like "a deny has nothing to negotiate" "$out" "$ours 20: deny, nothing to negotiate\$"
is "each is told once" "$(grep -c "$ours" <<<"$out")" 3
like "the SAs are there" "$(on "$gw_b" cryptomap show crypto session)" '^Session status: UP-ACTIVE'
is "no packet was" "$(flow_count "$gw_a" encaps)" 0
check "and they serve packets" pings "$host_a" 10.2.0.2
like "what is up is not negotiated again" "$(initiate 10 up)" "$ours 10, .*: was up already\$"

out=$(initiate 10 down)
is "down deletes the pair of SAs" "$out" "2 IPsec SAs deleted"
is "and there are none" "$(initiate 10 down)" "0 IPsec SAs deleted"
like "up again" "$(initiate 10 up)" "$ours 10, .*: up\$"

# told WHAT GOT WANTED: the same JSON but for the numbers of flows, the words of reasons, and which
# outcome was known first
told() { is "$1" "$(numbers_aside "$2")" "$(numbers_aside "$3")"; }
numbers_aside() {
	python3 -c '
import json, sys
told = json.loads(sys.argv[1])
told.get("flows", []).sort(key=lambda flow: flow["ace"])
for flow in told.get("flows", []):
    flow.update((key, type(flow[key]).__name__) for key in ("flow", "reason") if key in flow)
print(json.dumps(told, sort_keys=True))' "$1" 2>&1
}
flow_json() { # ACE NETWORK RESULT [REASON]
	echo '{"interface": "wan", "device": "wan", "acl": "VPN-ACL", "ace": '"$1"', "flow": 1,
		"local-ident": {"address": "'"$2"'", "mask": "255.255.255.0"},
		"remote-ident": {"address": "10.2.0.0", "mask": "255.255.255.0"},
		"protocol": 0, "local-port": 0, "remote-port": 0, "result": "'"$3"'"'"${4:+, \"reason\": \"$4\"}"'}'
}
entry_json() { # RESULT: of the first permit
	echo '{"map": "VPN", "seq": 10, "denies": [{"acl": "VPN-ACL", "ace": 20}], "flows": [
		'"$(flow_json 10 10.1.0.0 "$1"), $(flow_json 30 10.1.2.0 failed "any")"']}'
}
out=$(initiate 10 up --json)
is "in JSON the exit status is the same" $? 1
told "and so is what comes of each permit" "$out" "$(entry_json was-up)"
told "down --json" "$(initiate 10 down --json)" '{"deleted": 2, "map": "VPN", "seq": 10}'
told "up --json" "$(initiate 10 up --json)" "$(entry_json up)"
only_esp "nothing but ESP and IKE on the wire"

wait_for 10 grep -q '"event":"flow"' "$tmp/watched.log"
is "who watches missed nothing" "$(grep -c '"lost"' "$tmp/watched.log")" 0
like "and was told of the failure" "$(cat "$tmp/watched.log")" '"event":"fail",.*"seq":10,.*"reason":"[^"]+"'

on "$gw_b" ip link set wan down
on "$gw_a" cryptomap clear crypto session >/dev/null 2>&1
config_a | sed 's/198\.51\.100\.2/198.51.100.7/' | load "$gw_a"
background "$gw_a" interrupted cryptomap test crypto map VPN 10 up
pid=$background_pid
negotiating() { on "$gw_a" cryptomap show crypto isakmp sa | grep -q '^198\.51\.100\.7 .*MM_'; }
check "a peer that does not answer is asked" wait_for 20 negotiating
kill -INT "$pid"
wait "$pid"
like "until control-C" "$(cat "$tmp/interrupted.log")" "$ours 10, .*: interrupted\$"
finish
