#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# RSA signatures: certificates from files and from PKCS#12, in main and aggressive mode, whoever
# starts; beside pre-shared keys, each by the policy that is agreed. Who has no certificate of
# the trustpoint's CA, an expired one, one that is revoked by the CA's list or its responder, one
# that the profile does not match, or none of the identity that it tells, is refused.
#
#   host_a --- gw_a (ours) --- net --- gw_b (stock, then ours) --- host_b
. "$(dirname "$0")/lib.sh"
two_sites
certs=$top/build/certs

# by what charon gets lists and answers: Debian has it in a package that not every gateway has
fetcher=/usr/lib/ipsec/plugins/libstrongswan-curl.so
[ -e $fetcher ] || {
	cp "$top/build/fetcher$fetcher" $fetcher
	defer rm $fetcher
}
start_charon "$gw_a" cryptomap 'plugins { curl { load = yes } }'
start_charon "$gw_b" stock
log=$tmp/$gw_a.charon.log

policy() { # NUMBER METHOD [HASH]
	printf 'crypto isakmp policy %s\n encr aes 256\n hash %s\n group 14\n authentication %s\n' \
		"$1" "${3:-sha256}" "$2"
}

files() { # CERTIFICATE KEY [REVOCATION-CHECK [CA]]
	cat <<-EOT
	crypto pki trustpoint T
	 enrollment url http://192.0.2.99:80
	 certificate file $certs/$1.crt
	 key file $certs/$2.key
	 ca file $certs/${4:-root}.crt
	 revocation-check ${3:-none}
	EOT
}

config() { # LINE...: the trustpoint, and what else is on top
	printf '%s\n' "$@"
	policy 20 rsa-sig
	ios_map 198.51.100.2 '10.1.0.0 0.0.0.255' '10.2.0.0 0.0.0.255'
}

profile() { # MATCH LINE...: a profile for the entry
	printf 'crypto isakmp profile P\n ca trust-point T\n match %s\n' "$1"
	shift
	[ $# -eq 0 ] || printf ' %s\n' "$@"
	printf 'crypto map VPN isakmp-profile P\n'
}

# beside the file that swanctl loads
mkdir -p "$tmp"/{x509,x509ca,private}
cp "$certs/b.key" "$tmp/private/"
peer() { # CERTIFICATE CA ID OUR-ID [LINE]
	cp "$certs/$1.crt" "$tmp/x509/b.crt"
	cp "$certs/root.crt" "$tmp/x509ca/root.crt"
	cp "$certs/$2.crt" "$tmp/x509ca/ca.crt"
	stock_peer 198.51.100.2 192.0.2.1 none 10.2.0.0/24 10.1.0.0/24 |
		sed "s/version = 1/version = 1\\n${5:-}/
		     s/local { auth = psk }/local { auth = pubkey\\ncerts = b.crt\\nid = $3 }/
		     s/remote { auth = psk }/remote { auth = pubkey\\nid = $4 }/
		     /secrets {/,\$d" | swanctl_load "$gw_b"
}
dn_a='"C=DE, O=Example, CN=gw-a"'
dn_b='"C=DE, O=Example, OU=Branch, CN=gw-b"'

starts() { on "$gw_b" swanctl --initiate --child net --timeout 30; }
sas() { on "$gw_b" swanctl --list-sas 2>/dev/null; }
no_sas() { ! sas | grep -q .; }
clear_all() {
	on "$gw_a" cryptomap clear crypto session
	on "$gw_b" swanctl --terminate --ike peer --force --timeout 1 >/dev/null 2>&1
	wait_for 20 no_sas || fail "the SAs of before are gone"
}
# from_here, told PATTERN: in the log, since then
from_here() { lines=$(wc -l <"$log"); }
in_log() { tail -n "+$((lines + 1))" "$log" | grep -q "$1"; }
told() { wait_for 20 in_log "$1"; }
# refused WHAT PATTERN: the peer starts and is refused, and our log says why
refused() {
	from_here
	background "$gw_b" initiate swanctl --initiate --child net --timeout 30
	check "$1: refused, and the log says why" told "$2"
	check "$1: there is no SA" eval '! sas | grep -qE "ESTABLISHED|INSTALLED"'
	kill "$background_pid" 2>/dev/null
	wait "$background_pid" 2>/dev/null
}
auth() { # METHOD: of the ISAKMP SA that is up
	on "$gw_a" cryptomap show crypto isakmp sa detail | grep -qE "^1[0-9]{3} .*ACTIVE .* $1 "
}

config "$(files a a)" | load "$gw_a"
peer b root "$dn_b" 192.0.2.1
check "initiator" comes_up "$host_a" 10.2.0.2
check "show crypto isakmp sa detail" auth rsig
like "show crypto isakmp policy" "$(on "$gw_a" cryptomap show crypto isakmp policy)" \
	'authentication method:.*Rivest-Shamir-Adleman Signature'
running=$(on "$gw_a" cryptomap show running-config)
printf '%s\n' "$running" | load "$gw_a"
is "show running-config loads back" "$(on "$gw_a" cryptomap show running-config)" "$running"
is "no key is in it" "$(grep -c contents <<<"$running")" 0
clear_all
check "responder" starts

certificate() { # NAME NUMBER...: as a router shows it
	printf 'certificate %s\n' "${*:2}"
	openssl x509 -in "$certs/$1.crt" -outform DER | od -An -v -tx1 -w32 |
		sed 's/ //g; s/......../& /g'
	echo quit
}
{
	printf 'configure terminal\ncrypto pki trustpoint T\nno certificate file\nno ca file\n'
	echo 'crypto pki certificate chain T'
	certificate root ca 01
	certificate a 02
	printf 'end\nexit\n'
} | on "$gw_a" cryptomap shell >"$tmp/typed" 2>&1
refuse "certificates that are typed" "" grep '^%' "$tmp/typed"
running=$(on "$gw_a" cryptomap show running-config)
like "are in the running configuration" "$running" '^ certificate 02$'
clear_all
check "and are this side's" comes_up "$host_a" 10.2.0.2
printf '%s\n' "$running" | load "$gw_a"
is "show running-config with them loads back" "$(on "$gw_a" cryptomap show running-config)" "$running"

clear_all
config "$(policy 10 pre-share)" "$(files a a)" \
	'crypto isakmp key other address 198.51.100.2' | load "$gw_a"
check "responder: a policy with a pre-shared key before it" starts
check "the method is that of the policy" auth rsig

clear_all
config 'crypto pki trustpoint T' " pkcs12 file $certs/a.p12 password p12-secret" \
	' revocation-check none' 'crypto isakmp identity dn' | load "$gw_a"
peer b root "$dn_b" "$dn_a"
check "PKCS#12, identity dn" comes_up "$host_a" 10.2.0.2
like "the password is in no log" "$(grep -c p12-secret "$log")" '^0$'
clear_all
check "responder: identity dn" starts
check "which carries packets" pings "$host_a" 10.2.0.2

clear_all
peer foreign-b foreign '"C=DE, O=Example, CN=foreign"' "$dn_a"
refused "a certificate of another CA" 'no trusted RSA public key found'
clear_all
peer expired root '"C=DE, O=Example, CN=expired"' "$dn_a"
refused "an expired one" 'subject certificate invalid'
like "a load with an expired one warns" "$(config "$(files expired b)" >"$tmp/expired.cfg"
	on "$gw_a" cryptomap load "$tmp/expired.cfg" 2>&1)" 'trustpoint T: its certificate has expired'
like "a load with a key of another one warns" "$(config "$(files a b)" >"$tmp/key.cfg"
	on "$gw_a" cryptomap load "$tmp/key.cfg" 2>&1)" 'trustpoint T: its private key is not that'
files a a none branches >"$tmp/branches.cfg"
like "a load with nothing but a CA that is by another one warns" \
	"$(on "$gw_a" cryptomap load "$tmp/branches.cfg" 2>&1)" 'trustpoint T: no certificate .* O=Example, CN=Branches'

clear_all
config "$(files a a crl)" | load "$gw_a"
peer b root "$dn_b" 192.0.2.1
refused "one that cannot be checked, where that is wanted" \
	"can't be checked that its certificate is not revoked"

# what the CA says of its certificates, where they tell
background "$net" http python3 -m http.server --directory "$certs" 8000
background "$net" ocsp openssl ocsp -port 8001 -index "$certs/index.txt" -CA "$certs/root.crt" \
	-rsigner "$certs/root.crt" -rkey "$certs/ca.key" -nmin 60
wait_for 20 on "$net" sh -c "[ \$(ss -Hltn '( sport = :8000 or sport = :8001 )' | wc -l) = 2 ]" ||
	bail "the CA's servers"
# the list comes late: aggressive mode waits with the peer's message, which is not verified yet
clear_all
on "$net" nft 'add table ip late; add chain ip late f { type filter hook input priority 0; };
	add rule ip late f tcp dport 8000 drop'
{
	config "$(files a a crl)" 'crypto pki certificate map L 10' ' subject-name co cn = crl'
	profile 'certificate L' 'initiate mode aggressive'
} | load "$gw_a"
peer crl root '"C=DE, O=Example, CN=crl"' 192.0.2.1 'aggressive = yes'
on "$host_a" ping -n -q -c 1 -W 1 10.2.0.2 >/dev/null
fetching() {
	on "$gw_a" cryptomap show crypto isakmp sa |
		grep -qE '^198\.51\.100\.2 +192\.0\.2\.1 +AG_INIT_EXCH +10[0-9]{2} ACTIVE$'
}
check "revocation-check crl: while the list is fetched it is AG_INIT_EXCH" wait_for 20 fetching
on "$net" nft delete table ip late
check "and comes up then" comes_up "$host_a" 10.2.0.2

revoked() { # WAY REASON
	clear_all
	config "$(files a a "$1")" | load "$gw_a"
	peer "$1" root "\"C=DE, O=Example, CN=$1\"" 192.0.2.1
	check "revocation-check $1: one that is good" starts
	clear_all
	peer "$1-revoked" root "\"C=DE, O=Example, CN=$1-revoked\"" 192.0.2.1
	refused "revocation-check $1: one that is revoked" \
		"certificate was revoked on .*, reason: $2"
}
revoked crl 'key compromise'
revoked ocsp superseded

certificate_map() { # UNIT
	printf 'crypto pki certificate map M 10\n subject-name co ou = %s\n' "$1"
}
{
	config "$(files a a)" "$(certificate_map branch)"
	profile 'certificate M' 'self-identity trustpoint' 'initiate mode aggressive'
} | load "$gw_a"
peer b root gw-b.example.org "$dn_a" 'aggressive = yes'
check "match certificate, aggressive mode: initiator" comes_up "$host_a" 10.2.0.2
clear_all
check "responder" starts
{
	config "$(files a a)" "$(certificate_map head)"
	profile 'certificate M'
} | load "$gw_a"
clear_all
peer b root gw-b.example.org 192.0.2.1
refused "one that does not match" 'isakmp profile P .* has no match identity'

# now ours at both ends: what is offered first is not what is agreed
stop_charon "$gw_b"
rm -f "$tmp/$gw_b.charon.log"
start_charon "$gw_b" cryptomap
config "$(policy 10 pre-share sha512)" "$(files a a)" \
	'crypto isakmp key other address 198.51.100.2' | load "$gw_a"
far_end() { # LINE...: whose address is not in its certificate
	files b b
	printf '%s\n' "$@"
	policy 20 rsa-sig
	ios_map 192.0.2.1 '10.2.0.0 0.0.0.255' '10.1.0.0 0.0.0.255'
}
far_end | load "$gw_b"
check "initiator: the second policy is agreed, with its method" comes_up "$host_a" 10.2.0.2
check "which is RSA signatures" auth rsig
on "$gw_b" cryptomap clear crypto session
far_end 'crypto isakmp identity hostname' | load "$gw_b"
from_here
refuse "a name that is not in its certificate" "" pings "$host_b" 10.1.0.2 -W 3
check "the log says so" told 'what it calls itself is not in its certificate'
finish
