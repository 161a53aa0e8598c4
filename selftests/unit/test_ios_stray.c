// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that are no commands where they stand: misspelt words, words that were forgotten, and
 * lines that were broken in two.
 */
#include "ios_diags.h"

/* First words of commands of IOS: none of them is taken for a slip in one of ours. */
static void test_near_misses(void)
{
	static const char *const words[] = {
		"aaa", "access-class", "access-expression", "access-group", "access-session", "alias",
		"alternate", "appfw", "archive", "arp", "async", "authentication", "auto",
		"bba-group", "boot", "bridge", "bridge-domain", "buffers", "call", "card", "cdp",
		"chassis", "class-map", "clock", "cns", "configuration", "control-plane", "controller",
		"cpd", "crypto-engine", "cryptochecksum", "cts", "default", "define", "device-sensor",
		"diagnostic", "dialer", "dialer-list", "dial-peer", "domain", "dot11", "dot1x", "enable",
		"encryption", "errdisable", "ethernet", "event", "exception", "facility-alarm", "file",
		"flow", "frame-relay", "gatekeeper", "gateway", "hostname", "hw-module", "identity",
		"interworking", "inherit", "internal", "isdn", "key", "l2tp-class", "l2vpn", "license",
		"line", "lldp", "logging", "login", "mac", "macro", "map-class", "memory-size", "menu",
		"mls", "monitor", "mpls", "multilink", "netconf", "netconf-yang", "network", "network-clock",
		"netbios", "ntp", "parameter-map", "parser", "platform", "policy-map",
		"power", "priority-list", "privilege", "process", "queue-list", "redundancy", "regexp",
		"rmon", "route-map", "router", "scheduler", "script", "security", "service", "sip-ua",
		"snmp-server", "spanning-tree", "standby", "subscriber", "switch", "tacacs-server",
		"template", "terminal", "tftp-server", "time-range", "track", "transceiver", "tunnel",
		"udld", "upgrade", "username", "vendor", "virtual-profile", "vlan", "voice", "voice-card",
		"voice-port", "vpdn", "vpdn-group", "vrf", "vtp", "x25", "xconnect", "zone", "zone-pair",
		"ip access-group", "ip accounting-list", "ip as-path", "ip address", "ip arp", "ip cef",
		"ip classless", "ip community-list", "ip dhcp", "ip domain", "ip explicit-path", "ip flow-export",
		"ip forward-protocol", "ip http", "ip inspect", "ip local", "ip multicast", "ip nat", "ip nbar",
		"ip prefix-list", "ip radius", "ip route", "ip routing", "ip scp", "ip sla", "ip ssh",
		"ip subnet-zero", "mac access-list", "arp access-list", "ipx access-list",
		"object-group security", "object-group fqdn", "ip tacacs", "ip tcp", "ip vrf", "ipv6 unicast-routing", "ipv6 access-class",
	};
	static const struct {
		const char *text, *part;
		unsigned int line;
	} slips[] = {
		{ "interfce eth0\n", "'interfce'; is interface meant?", 1 },
		{ "crytpo map M 1 ipsec-isakmp\n", "is crypto meant?", 1 },
		{ "no Cripto map M\n", "'Cripto'; is crypto meant?", 1 },
		{ "acess-list 101 permit ip any any\n", "is access-list meant?", 1 },
		{ "ip acess-list extended X\n", "'acess-list'; is access-list meant?", 1 },
		{ "interface eth0\n cypto map M\n", "is crypto meant?", 2 },
		{ "interface eth0\n ntedev eth1\n", "is netdev meant?", 2 },
		{ "interface eth0\n netdeveth1\n", "a blank is missing after netdev", 2 },
		{ "router ospf 1\n crytpo map M 1 ipsec-isakmp\n", "is crypto meant?", 2 },
		{ "crypto mpa M 1 ipsec-isakmp\n", "unexpected 'mpa'", 1 },
		{ "cryptomap M 1 ipsec-isakmp\n", "'cryptomap'; a blank is missing after crypto", 1 },
		{ "interface eth0\n cryptomap M\n", "a blank is missing after crypto", 2 },
		{ "access-list101 permit ip any any\n", "a blank is missing after access-list", 1 },
		{ "interface eth0\n crypto-map M\n", "'crypto-map'; a blank is missing after crypto", 2 },
		{ "interface eth0\n Crypto_Map M\n", "a blank is missing after crypto", 2 },
		{ "interface eth0\n ipv6 crypto.map M\n", "a blank is missing after crypto", 2 },
		{ "interface eth0\n ipv6-crypto map M\n", "a blank is missing after ipv6", 2 },
		{ "interface eth0\n ipsec map M\n", "unexpected 'ipsec'; expected crypto map", 2 },
		{ "interface eth0\n ip crypto map M\n", "unexpected 'ip'; expected crypto map", 2 },
		{ "interface eth0\n + crypto map M\n", "unexpected '+'; expected crypto map", 2 },
		{ "interface eth0\n crypto map M stateful\n", "unexpected 'stateful'; expected redundancy", 2 },
		{ "interface eth0\n map M\n", "'map' is no command here; is crypto map meant?", 2 },
		{ "crypto-isakmp policy 20\n", "a blank is missing after crypto", 1 },
		{ "no crypto-map M 10\n", "a blank is missing after crypto", 1 },
		{ "access-list-101 permit ip any any\n", "a blank is missing after access-list", 1 },
		{ "ip access-list-extended A\n", "a blank is missing after access-list", 1 },
		{ "ip-access-list extended A\n", "a blank is missing after ip", 1 },
		{ "crypto isakmp policy 1\n * encr aes\n", "unexpected '*'; expected authentication", 2 },
		{ "ip access-list extended A\n permit ip any any\n>permit tcp any any\n", "unexpected '>permit'", 3 },
		{ "ip access-list extended A\n permit ip any any\n12: permit tcp any any\n", "unexpected '12:'", 3 },
		{ "crypto isakmp policy 1\n encr aes256\n", "a blank is missing: aes 256", 2 },
		{ "crypto ipsec transform-set T esp-aes-gcm 256\n", "IOS has esp-gcm", 1 },
		{ "ipv access-list X\n", "'ipv'; is ip or ipv6 meant?", 1 },
		{ "i paccess-list extended X\n", "'i'; is ip or ipv6 meant?", 1 },
		{ "objet-group network X\n", "is object-group meant?", 1 },
		{ "object-group netwrok X\n", "unexpected 'netwrok'; expected network", 1 },
		{ "interface eth0\n crypto mpa M\n", "unexpected 'mpa'", 2 },
		{ "interface eth0\n ipv6 crytpo map M\n", "'crytpo'; is crypto meant?", 2 },
		{ "interface eth0\n ipv crypto map M\n", "unexpected 'ipv'; expected crypto map or ipv6", 2 },
		{ "interface eth0\n ipv6 x crypto map M\n", "unexpected 'x'; expected crypto map", 2 },
		{ "interface eth0\n ipv6 map M\n", "unexpected 'map'; expected crypto", 2 },
		{ "interface eth0\n ipv6 crypto mpa M\n", "unexpected 'mpa'; expected map", 2 },
		{ "interface eth0\n ipv6crypto map M\n", "a blank is missing after ipv6", 2 },
		{ "interface Fast Ethernet0/0\n", "unexpected 'Ethernet0/0'; expected the end", 1 },
		{ "object-group x network N\n", "unexpected 'x'; expected network, service", 1 },
		{ "object-groupnetwork N\n", "a blank is missing after object-group", 1 },
		{ "ip access-listextended A\n", "a blank is missing after access-list", 1 },
		{ "ipv6access-list A\n", "a blank is missing after ipv6", 1 },
		{ "ip extended A\n", "unexpected 'extended'; expected access-list", 1 },
		{ "ip ip access-list extended A\n", "unexpected 'ip'; expected access-list", 1 },
		{ "ipv6 ipv6 access-list A\n", "unexpected 'ipv6'; expected access-list", 1 },
		{ "ip access-list F\n", "unexpected 'F'; expected extended", 1 },
		{ "access-list x 101 permit ip any any\n", "unexpected 'x'; expected the number", 1 },
		{ "crypto isakmp key K adress 192.0.2.1\n", "'adress'; is address meant?", 1 },
		{ "crypto keyring R\n pre-shared-key hostnme h key K\n", "'hostnme'; is hostname", 2 },
		{ "crypto pki trustpint T\n", "'trustpint'; is trustpoint meant?", 1 },
		{ "crypto ipsec nat-transparency dp\n", "unexpected 'dp'; expected", 1 },
		/* the first line of a section without indentation */
		{ "crypto isakmp policy 1\nencrz aes\n", "'encrz'; is encr meant?", 2 },
		{ "crypto isakmp policy 1\nhsah sha256\n", "'hsah'; is hash meant?", 2 },
		{ "crypto map M 1 ipsec-isakmp\nste peer 192.0.2.1\n", "'ste'; is set meant?", 2 },
		{ "crypto map M 1 ipsec-isakmp\nsetpeer 192.0.2.1\n", "a blank is missing after set", 2 },
		{ "ip access-list extended A\npermti ip any any\n", "'permti'; is permit meant?", 2 },
		{ "ip access-list extended A\npermitip any any\n", "a blank is missing after permit", 2 },
		{ "crypto ipsec transform-set T esp-aes\nmdoe transport\n", "'mdoe'; is mode", 2 },
		{ "crypto keyring R\npre-shard-key address 192.0.2.1 key K\n", "is pre-shared-key", 2 },
	};
	static const char *const before[] = {
		"", "no ", "interface eth0\n ", "router x\n  ", "crypto isakmp policy 1\n",
		"crypto keyring K\n", "crypto isakmp profile P\n", "crypto isakmp peer address 192.0.2.1\n",
		"crypto ipsec transform-set T esp-aes esp-sha-hmac\n", "crypto map M 1 ipsec-isakmp\n",
		"ip access-list extended A\n", "object-group network N\n", "object-group service S\n",
		"crypto pki trustpoint T\n", "crypto pki certificate map M 1\n",
	};
	struct ios_config *cfg;
	size_t i, j, wrong = 0;
	char text[128];

	for (i = 0; i < sizeof(slips) / sizeof(*slips); i++)
		expect_error(slips[i].part, slips[i].text, slips[i].line, slips[i].part);
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		for (j = 0; j < sizeof(before) / sizeof(*before); j++) {
			snprintf(text, sizeof(text), "%s%s x y\n", before[j], words[i]);
			cfg = parse(text);
			if (j < 4 ? cfg->n_errors : any_diag(cfg, IOS_ERROR, "unknown word")) {
				show_diags(cfg);
				wrong++;
			}
			ios_free(cfg);
		}
	}
	tap_ok(!wrong, "no word of IOS is taken for a slip");
	ios_free(clean("a comment is none", "no ! access-list\nno # x\n"));
	ios_free(clean("what may follow the name of an interface",
		"interface Serial0/0.1 point-to-point\ninterface Serial0/0.2 multi\n"
		"interface Virtual-Template1 type tunnel\ninterface ATM0.1 mpls\n"
		"interface Gi0/0\n description crypto map to ipv6 crypto map\n"));
}

/* struct slip - a line that is named, and taken for nothing else */
struct slip {
	const char *text;
	const char *part;
	unsigned int line;
};

static void named(const struct slip *slip, enum ios_severity severity)
{
	struct ios_config *cfg = parse(slip->text);

	if (!tap_ok(cfg->n_warnings + cfg->n_errors == 1 && has_diag(cfg, severity, slip->line, slip->part),
		    "forgotten: %.*s", (int)strcspn(slip->text, "\n"), slip->text))
		show_diags(cfg);
	ios_free(cfg);
}

static void test_forgotten_words(void)
{
	static const struct slip warnings[] = {
		{ "isakmp policy 10\n encr aes\n", "'isakmp' is no command here; is crypto isakmp meant?", 1 },
		{ "isak pol 10\n encr aes\n", "'isak' is no command here; is crypto isakmp meant?", 1 },
		{ "ipse trans T esp-aes\n", "is crypto ipsec meant?", 1 },
		{ "no isakmp key K address 192.0.2.1\n", "is crypto isakmp meant?", 1 },
		{ "router bgp 1\n isakmp key K address 192.0.2.1\n", "is crypto isakmp meant?", 2 },
		{ "ipsec transform-set T esp-aes\n mode transport\n", "is crypto ipsec meant?", 1 },
		{ "transform-set T esp-aes\n", "is crypto ipsec transform-set meant?", 1 },
		{ "dynamic-map D 10\n set transform-set T\n", "is crypto dynamic-map meant?", 1 },
		{ "pki certificate chain T\n", "is crypto pki meant?", 1 },
		{ "ip crypto map M 10 ipsec-isakmp\n", "'ip' is no command here; is crypto meant?", 1 },
		{ "set peer 192.0.2.1\n", "set peer belongs to an entry of a crypto map", 1 },
		{ "keyring R vrf V\n", "is crypto keyring meant?", 1 },
		{ "keyring R\n", "is crypto keyring meant?", 1 },
		{ "policy 20\n", "is crypto isakmp policy meant?", 1 },
		{ "key SECRET address 192.0.2.1\n", "'key' is no command here; is crypto isakmp key meant?", 1 },
		{ "pre-shared-key address 192.0.2.1 key K\npre-shared-key hostname h key K\n",
		  "pre-shared-key belongs to a keyring", 1 },
		{ "permit ip any any\n10 deny tcp host 10.0.0.1 any\n", "belong to an access list, and none is open", 1 },
		{ "crypto isakmp performance\n", "crypto isakmp performance is not supported", 1 },
		{ "crypto pki server S\n", "crypto pki server is not supported", 1 },
		{ "ip access-list extended A\n permit igmp any any host-report\n", "IGMP types are not supported", 2 },
	};
	/* without them packets would pass in clear */
	static const struct slip errors[] = {
		{ "map M 10 ipsec-isakmp\n set peer 192.0.2.1\n", "is crypto map meant?", 1 },
		{ "map M local-address eth0\n", "is crypto map meant?", 1 },
		{ "M 10 ipsec-isakmp\n set peer 192.0.2.1\n", "'M' is no command here; is crypto map meant?", 1 },
		{ "access-list 250 permit ip any any\n", "250 is not the number of an access list of IPv4", 1 },
		{ "access-list 250 deny 10.0.0.0 0.0.0.255\n", "250 is not the number of an access list of IPv4", 1 },
		{ "access-list extended X\n permit ip any any\n", "ip is missing before access-list extended", 1 },
		{ "access-list X extended permit ip any any\n", "access-list X extended is of the ASA", 1 },
		{ "access-list X permit tcp any any\n", "unexpected 'X'; expected the number of an access list", 1 },
		{ "access-list permit ip any any\n", "unexpected 'permit'; expected the number of an access list", 1 },
		{ "access-list 101permit ip any any\n", "unexpected '101permit'; expected the number", 1 },
		{ "access-list 1o1 permit ip any any\n", "unexpected '1o1'; expected the number", 1 },
		{ "access-list X line 1 extended permit ip any any\n", "unexpected 'X'; expected the number", 1 },
		{ "access-list # 101 permit ip any any\n", "the line ends where the number of an access list was expected", 1 },
		{ "access-listVPN permit ip any any\n", "'access-listVPN'; a blank is missing after access-list", 1 },
		{ "acl 101 permit ip any any\n", "unexpected 'acl'; expected access-list", 1 },
		{ "ess-list 101 deny tcp host 10.0.0.1 any\n", "unexpected 'ess-list'; expected access-list", 1 },
		{ "line 7: access-list 101 permit ip 10.0.0.0 0.0.0.255 any\n", "unexpected 'line'; expected access-list", 1 },
		{ "access-list resequence A 10 10\n", "ip is missing before access-list resequence", 1 },
		{ "access-list X\n", "is ip or ipv6 missing before it?", 1 },
	};
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(warnings) / sizeof(*warnings); i++)
		named(&warnings[i], IOS_WARNING);
	for (i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		named(&errors[i], IOS_ERROR);
	cfg = clean("what only looks like it",
		"access-list 200 permit 0x0404 0x0101\naccess-list 301 permit 1.300 0.0\n"
		"access-list 601 permit cable-range 1-5\naccess-list 702 permit 0000.0000.0000 ffff.ffff.ffff\n"
		"access-list 901 permit any\naccess-list compiled\naccess-list dynamic-extended\n"
		"access-list rate-limit 1 2\n"
		"route-map RM permit 10\n match ip address 101\n set ip next-hop 192.0.2.9\n"
		"route-map RM permit 20\n match ip address prefix-list P\n set peer-type internal\n"
		"class-map match-any C\n match protocol isakmp\n match protocol ipsec\n match access-group name VPN\n"
		"policy-map PM\n class C\n  set dscp ef\n  police 8000\n"
		"router bgp 65000\n neighbor 192.0.2.2 remote-as 65001\n address-family ipv4\n"
		"  neighbor 192.0.2.2 route-map RM in\n  network 10.0.0.0 mask 255.0.0.0\n"
		"ntp server 192.0.2.123\nntp access-group peer 10\n"
		"snmp-server enable traps isakmp policy add\nsnmp-server enable traps ipsec tunnel start\n"
		"aaa new-model\naaa authentication login default group tacacs+ local\n"
		"aaa authorization network VPN local\n"
		"voice service voip\n allow-connections sip to sip\n sip\n  bind all source-interface Gi0/0\n"
		"dial-peer voice 1 voip\n destination-pattern 1...\n session target ipv4:192.0.2.5\n"
		"alias exec sa show crypto ipsec sa\n"
		"privilege exec level 7 show crypto isakmp sa\n"
		"event manager applet A\n action 1.0 cli command \"crypto map M 10 ipsec-isakmp\"\n"
		"interface eth0\n description map M 10 ipsec-isakmp\n ip address 192.0.2.1 255.255.255.0\n"
		" ip access-group 101 in\n ip nat outside\n map-group G\n ip policy route-map RM\n"
		" zone-member security outside\n"
		"interface Serial0/0\n encapsulation frame-relay\n frame-relay map ip 192.0.2.3 100\n"
		"map-class frame-relay FR\n frame-relay cir 64000\n"
		"map-list L\n ip 192.0.2.4 class G\n"
		"router lisp\n ipv4 itr map-resolver 192.0.2.7\n ipv4 etr map-server 192.0.2.7 key S\n"
		"banner motd ^C\nisakmp policy 10\nmap M 10 ipsec-isakmp\naccess-list 250 permit ip any any\n^C\n"
		"line vty 0 4\n access-class 10 in\n transport input ssh\n"
		"ip nat inside source list NAT interface eth0 overload\nip route 0.0.0.0 0.0.0.0 192.0.2.2\n"
		"ip local policy route-map RM\nip prefix-list P seq 5 permit 10.0.0.0/8\n"
		"ip http server\nip ssh version 2\nlogging host 192.0.2.9\n");
	tap_ok(!cfg->maps && !cfg->policies, "and is nothing of ours");
	ios_free(cfg);
	cfg = parse("crypto ikev2 profile IKE2\n match address local 192.0.2.1\n pki trustpoint CA\n"
		    " keyring local K\ncrypto ikev2 keyring K\n peer A\n  address 192.0.2.2\n"
		    "  pre-shared-key S\n");
	tap_ok(cfg->n_warnings == 2 && !cfg->n_errors, "of IKEv2 only the heads of sections are told");
	ios_free(cfg);
}

/* A line that was broken in two: what is left of it may be another command than was meant. */
static void test_wrapped(void)
{
#define LIST "access-list 101 deny tcp 10.0.0.0 0.0.0.255 192.168.1.0 0.0.0.255"
	static const struct {
		const char *text, *word;
		unsigned int line;
	} t[] = {
		{ LIST "\neq 443\n", "eq", 2 }, { LIST "\nrange 1024 65535\n", "range", 2 },
		{ LIST "\nestablished\n", "established", 2 }, { LIST "\n  log\n", "log", 2 },
		{ "access-list 101 permit ip any host\n10.0.0.1\n", "10.0.0.1", 2 },
		{ "ip access-list extended A\n permit tcp any any\neq 443\n", "eq", 3 },
		{ "ipv6 access-list A\n permit ipv6 any any\n2001:db8::/32\n", "2001:db8::/32", 3 },
		{ "crypto isakmp key K address 1.1.1.1\n255.255.255.0 no-xauth\n", "255.255.255.0", 2 },
		{ "crypto isakmp key K address 1.1.1.1\nno-xauth\n", "no-xauth", 2 },
		{ "crypto ipsec transform-set TS esp-gcm\n256\n", "256", 2 },
		{ "crypto ipsec transform-set TS esp-aes\nesp-sha-hmac\n", "esp-sha-hmac", 2 },
		{ "crypto ipsec security-association lifetime seconds 3600\nkilobytes 4000\n", "kilobytes", 2 },
	};
	struct ios_config *cfg;
	char said[80];
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		snprintf(said, sizeof(said), "'%s' is no command; is it the end of line %u?", t[i].word,
			 t[i].line - 1);
		cfg = parse(t[i].text);
		if (!tap_ok(has_diag(cfg, IOS_ERROR, t[i].line, said), "broken before %s", t[i].word))
			show_diags(cfg);
		ios_free(cfg);
	}
	ios_free(clean("of a list that is skipped", "ipv6 access-list role-based R\n sequence 100 permit tcp any any\n"
		       "crypto ipsec df-bit clear\n12\n"));
	ios_free(clean("of another section, or with a line between",
		       "access-list 101 permit ip any any\nlogging x\nrange 1 2\nvoice class x\n host a\n"
		       "access-list 101 permit icmp any any\n!\nlog x\naccess-list 101 permit udp any any\nlogging host 10.0.0.1\n"));
}

int main(void)
{
	test_near_misses();
	test_forgotten_words();
	test_wrapped();
	return tap_done();
}
