#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel tree's own ynl client dumps flows and SAs with nothing but the
# spec; keys are not among what it gets.
#
#   gw_a (ours)
. "$(dirname "$0")/lib.sh"
two_sites
key=$(random_key 16)
auth=$(random_key 20)
load "$gw_a" <<EOT
crypto ipsec transform-set TS esp-aes esp-sha-hmac
ip access-list extended VPN-ACL
 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
crypto map VPN 10 ipsec-manual
 set peer 198.51.100.2
 set session-key inbound esp 4097 cipher $key authenticator $auth
 set session-key outbound esp 4098 cipher $key authenticator $auth
 set transform-set TS
 match address VPN-ACL
interface wan
 crypto map VPN
EOT

tree=$("$top/packaging/kernel-tree.sh")/tools/net/ynl
client=$tree/cli.py
[ -f "$client" ] || client=$tree/pyynl/cli.py
dump() {
	on "$gw_a" python3 "$client" --spec "$top/uapi/specs/crypto_map.yaml" \
		--dump "$1" --output-json
}

flows=$(dump flow-get)
is "one flow, with its names and end points" "$(python3 -c '
import json, sys
print(*[(f["map"], f["entry-seq"], f["acl"], f["ifname"], f["local"], f["remote"], f["state"])
        for f in json.load(sys.stdin)])' <<<"$flows")" \
	"('VPN', 10, 'VPN-ACL', 'wan', '192.0.2.1', '198.51.100.2', 'up')"
sas=$(dump sa-get)
is "two SAs, with their SPIs and algorithms" "$(python3 -c '
import json, sys
print(*sorted((s["dir"], s["spi"], s["cipher"], s["key-bits"], s["auth"], s["mode"])
              for s in json.load(sys.stdin)))' <<<"$sas")" \
	"('in', 4097, 'aes-cbc', 128, 'hmac-sha1-96', 'tunnel') ('out', 4098, 'aes-cbc', 128, 'hmac-sha1-96', 'tunnel')"
is "no keys in any dump" "$({ echo "$flows$sas"; dump entry-get; } | grep -cE "$key|$auth")" 0
finish
