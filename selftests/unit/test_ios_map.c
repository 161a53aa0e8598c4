// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Crypto maps and dynamic crypto maps: what their entries say, and what is wrong with
 * them.
 */
#include "ios_diags.h"

static void test_access_group(void)
{
#define FILTERED "crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n" \
		 " match address 101\n"
#define FILTERS "access-list 101 permit ip any host 10.0.0.1\naccess-list 102 permit ip any any\n"
	struct ios_config *cfg = clean("filters",
		TSET KEYS FILTERS FILTERED " set ip access-group 102 in\n"
		" set ip access-group 102 out\n no set ip access-group 102 out\n");
	const struct ios_entry *entry = cfg->maps->entries;

	tap_ok(!strcmp(entry->filter[IOS_FILTER_IN], "102") && !*entry->filter[IOS_FILTER_OUT],
	       "a filter, and one taken back");
	ios_free(cfg);
	expect_warning("a filter that is not defined",
		       TSET KEYS FILTERS FILTERED " set ip access-group X in\n", 11,
		       "access list X is not defined, so that set ip access-group permits all");
	expect_warning("a filter that a template names", FILTERS TSET KEYS "crypto dynamic-map D 5\n"
		       " set transform-set TS\n set ip access-group X in\n", 9,
		       "crypto dynamic-map D 5: access list X is not defined");
	expect_error("a filter that cannot be understood",
		     FILTERS "access-list 102 permit ip any any option any-options\n" TSET KEYS FILTERED
		     " set ip access-group 102 in\ninterface eth0\n crypto map M\n", 3,
		     "'option' is not supported");
	ios_free(clean("a standard list", "access-list 10 permit 10.0.0.0 0.0.0.255\n"
		       FILTERS TSET KEYS FILTERED " set ip access-group 10 in\ninterface eth0\n crypto map M\n"));
	expect_error("a direction", FILTERS TSET KEYS FILTERED " set ip access-group 102 both\n", 11,
		     "in or out");
	cfg = parse("ipv6 access-list F\n permit tcp any any established\n"
		    "crypto map ipv6 S 10 ipsec-isakmp\n set ip access-group F in\n"
		    "interface eth0\n ipv6 crypto map S\n");
	tap_ok(!cfg->n_errors && !strcmp(cfg->maps->entries->filter[IOS_FILTER_IN], "F") &&
	       !any_diag(cfg, IOS_WARNING, "access-group") &&
	       ios_acl_find(cfg, "F", AF_INET6)->used, "an IPv6 map has filters of IPv6");
	ios_free(cfg);
	expect_error("and no others",
		     FILTERS "crypto map ipv6 S 10 ipsec-isakmp\n set ip access-group 102 in\n"
		     "interface eth0\n ipv6 crypto map S\n", 4,
		     "access list 102 is of IPv4, crypto map S of IPv6");
#undef FILTERED
#undef FILTERS
}

static void test_maps(void)
{
	struct ios_config *cfg = clean("crypto map",
		KEYS TSET
		"access-list 101 permit ip host 1.1.1.1 any\n"
		"crypto map M local-address Loopback 0\n"
		"crypto map M 20 ipsec-isakmp\n"
		"\tset peer 2.2.2.2 default\n"
		"\tset peer 3.3.3.3\n"
		"\tset tr TS\n"
		"\tset pfs group14\n"
		"\tset sec life kil 2560\n"
		"\tset sec life sec 120\n"
		"\tset security-association replay disable\n"
		"\tset security-association dfbit set\n"
		"\tdescription   two words\n"
		"\tmatch add 101\n"
		"crypto map M 10 ipsec-isakmp\n"
		" set peer 4.4.4.4\n"
		" set transform-set TS\n"
		" set pfs\n"
		" match address 101\n"
		"crypto map M 20\n"
		" set pfs group2\n"
		"interface GigabitEthernet 0/1\n"
		" netdev eth1\n"
		" ip address 1.2.3.4 255.255.255.0\n"
		" crypto map M\n"
		"interface eth2\n"
		" crypto map M\n");
	const struct ios_map *map = ios_map_find(cfg, "M");
	const struct ios_entry *e = map->entries;
	const struct ios_interface *ifc = cfg->interfaces;

	tap_ok(map->n_entries == 2 && e->seq == 10 && e->next->seq == 20, "entries by number");
	tap_ok(!strcmp(map->local_if, "Loopback0"), "local-address");
	tap_ok(e->pfs_group == 1 && !e->life_seconds && e->life_kilobytes == IOS_KB_UNSET &&
	       e->replay == IOS_REPLAY_UNSET && e->df == IOS_DF_UNSET && e->complete,
	       "entry: what is not set is inherited, set pfs alone is group 1");
	e = e->next;
	tap_ok(e->n_peers == 2 && e->default_peer && e->peers[1].addr.v4.s_addr == ip("3.3.3.3").s_addr &&
	       e->n_tsets == 1 && e->pfs_group == 2 && e->life_kilobytes == 2560 &&
	       e->life_seconds == 120 && !e->replay && e->df == IOS_DF_SET &&
	       !strcmp(e->description, "two words") && !strcmp(e->acl, "101") && e->line == 7,
	       "entry: every setting, and an entry opened again");
	tap_ok(ifc && !strcmp(ifc->name, "GigabitEthernet0/1") && !strcmp(ifc->netdev, "eth1") &&
	       !strcmp(ifc->map, "M") && !strcmp(ios_interface_dev(ifc), "eth1"),
	       "interface with its device");
	ifc = ifc->next;
	tap_ok(ifc && !strcmp(ios_interface_dev(ifc), "eth2") && !ifc->next, "plain Linux name");
	ios_free(cfg);

	cfg = parse("crypto ipsec security-association idle-time 600\n"
		    "crypto map M 1 ipsec-isakmp\n set security-association idle-time 60 default\n"
		    "crypto map M 2 ipsec-isakmp\n set sec idle 86400\n"
		    "crypto map M 3 ipsec-isakmp\n set sec idle 60 def\n no set security-association idle-time\n");
	e = cfg->maps->entries;
	tap_ok(!cfg->n_errors && cfg->ipsec.idle == 600 && e->idle == 60 && e->idle_default &&
	       e->next->idle == 86400 && !e->next->idle_default && !e->next->next->idle &&
	       !e->next->next->idle_default, "idle times");
	ios_free(cfg);
	cfg = parse("crypto map M 1 ipsec-isakmp\n set sec level per\ncrypto map M 2 ipsec-isakmp\n"
		    " set security-association level per-host\n no set security-association level per-host\n"
		    "crypto dynamic-map D 1\n set security-association level per-host\n");
	tap_ok(!cfg->n_errors && cfg->maps->entries->per_host &&
	       !cfg->maps->entries->next->per_host, "level per-host");
	ios_free(cfg);
	cfg = parse("crypto map M 1 ipsec-isakmp\n qos pre-classify\ncrypto map M 2 ipsec-isakmp\n"
		    " qos pre\n no qos pre-classify\n");
	tap_ok(!cfg->n_errors && cfg->maps->entries->pre_classify &&
	       !cfg->maps->entries->next->pre_classify, "qos pre-classify");
	ios_free(cfg);
	cfg = parse("crypto map M 1 ipsec-isakmp\n rev st\n"
		    "crypto map M 2 ipsec-isakmp\n reverse-route remote 10.0.0.1 gate stat\n"
		    " set rev dis 255\n set rev tag 7\n set rev gate 10.0.0.2\n"
		    "crypto map M 3 ipsec-isakmp\n reverse-route static remote-peer 10.0.0.1\n"
		    " reverse-route\n set reverse-route tag 7\n no set reverse-route tag\n"
		    "crypto map M 4 ipsec-isakmp\n reverse-route remote-peer 10.0.0.1 static\n"
		    " no reverse-route remote-peer 10.0.0.1 static\n"
		    "crypto map ipv6 M6 1 ipsec-isakmp\n reverse-route remote-peer 2001:db8::1\n");
	e = cfg->maps->entries;
	tap_ok(!cfg->n_errors && e->route.line == 2 && e->route.is_static &&
	       !e->route.remote_peer.family, "reverse-route static");
	e = e->next;
	tap_ok(e->route.line && e->route.is_static && e->route.peer_gateway &&
	       e->route.remote_peer.v4.s_addr == ip("10.0.0.1").s_addr &&
	       e->route.distance == 255 && e->route.tag == 7 &&
	       e->route.gateway.v4.s_addr == ip("10.0.0.2").s_addr, "every setting of reverse-route");
	e = e->next;
	tap_ok(e->route.line && !e->route.is_static && !e->route.remote_peer.family &&
	       !e->route.tag && !e->route.set_line, "reverse-route again, and a tag taken back");
	tap_ok(!e->next->route.line && !e->next->route.is_static && !e->next->route.remote_peer.family,
	       "no reverse-route");
	tap_ok(cfg->maps->next->entries->route.remote_peer.family == AF_INET6, "reverse-route of IPv6");
	ios_free(cfg);
	expect_error("distance too long", "crypto map M 1 ipsec-isakmp\n set reverse-route distance 256\n",
		     2, "1-255");
	expect_error("tag of zero", "crypto map M 1 ipsec-isakmp\n set reverse-route tag 0\n", 2,
		     "1-4294967295");
	expect_error("gateway of another family",
		     "crypto map M 1 ipsec-isakmp\n set reverse-route gateway 2001:db8::1\n", 2,
		     "address family of crypto map M");
	expect_error("gateway that is none",
		     "crypto map M 1 ipsec-isakmp\n set reverse-route gateway 224.0.0.1\n", 2,
		     "cannot be the address of a gateway");
	expect_error("remote-peer with what is no address",
		     "crypto map M 1 ipsec-isakmp\n reverse-route remote-peer gateway\n", 2,
		     "the address of a gateway");
	cfg = parse("crypto map M 1 ipsec-isakmp\n reverse-route remote-peer static\n"
		    "crypto map M 2 ipsec-isakmp\n reverse-route tag 20 static\n"
		    "crypto map M 3 ipsec-isakmp\n reverse-route remote-peer\n");
	e = cfg->maps->entries;
	tap_ok(!cfg->n_errors && e->route.line && e->route.is_static && !e->route.remote_peer.family &&
	       has_diag(cfg, IOS_WARNING, 2, "the route to the peer itself") &&
	       e->next->route.line && e->next->route.is_static && e->next->route.tag == 20 &&
	       e->next->next->route.line && !e->next->next->route.is_static, "as older trains have it");
	ios_free(cfg);
	expect_error("remote-peer of another family than the peer",
		     KEYS "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n"
		     " reverse-route remote-peer 2001:db8::1\n", 6, "another address family than the peer");
	expect_warning("settings without routes",
		       "crypto map M 1 ipsec-isakmp\n set reverse-route tag 7\n", 2,
		       "without reverse-route makes no route");
	expect_warning("dialer pre-classify", "crypto map M 1 ipsec-isakmp\n dialer pre-classify\n", 2,
		       "dialer pre-classify is not supported");
	expect_error("idle time too short", "crypto ipsec security-association idle-time 59\n", 1,
		     "60-86400");
	expect_error("idle time too long", "crypto map M 1 ipsec-isakmp\n"
		     " set security-association idle-time 86401\n", 2, "60-86400");

	cfg = parse("crypto map M 1 ipsec-isakmp\n set security-association lifetime kilobytes 4294967295\n");
	tap_ok(!cfg->n_errors && cfg->maps->entries->life_kilobytes == UINT32_MAX,
	       "the longest volume lifetime of an entry");
	ios_free(cfg);
	expect_warning("incomplete entry", KEYS "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n", 4,
		       "incomplete and protects nothing: match address and a transform set missing");
	expect_warning("access list that is not defined",
		       KEYS TSET "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n"
		       " set transform-set TS\n match address NONE\n", 5, "access list NONE missing");
	expect_error("number of a standard list", KEYS TSET "access-list 10 permit any\n"
		     "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n"
		     " match address 10\ninterface eth0\n crypto map M\n", 9, "10 is a standard access list");
	expect_error("name of a standard list", KEYS TSET "ip access-list standard S\n permit any\n"
		     "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n"
		     " match address S\ninterface eth0\n crypto map M\n", 10, "S is a standard access list");
	expect_error("a number of no list of IPv4", KEYS TSET "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n"
		     " set transform-set TS\n match address 200\ninterface eth0\n crypto map M\n", 8,
		     "200 is no number of an access list of IPv4; crypto map M 1 needs an extended one");
	cfg = parse(KEYS TSET "access-list 10 permit any\nipv6 access-list SIX\n permit ipv6 any any\n"
		    "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 10\n"
		    "crypto map M 2 ipsec-isakmp\n set peer 1.1.1.2\n set transform-set TS\n match address SIX\n"
		    "interface eth0\n crypto map M\n");
	tap_ok(cfg->n_errors == 2 && !any_diag(cfg, IOS_WARNING, "missing") &&
	       !cfg->maps->entries->complete && !cfg->maps->entries->next->complete,
	       "a list of another kind is not missing");
	ios_free(cfg);
	expect_warning("standard list, on no interface", "crypto map M 1 ipsec-isakmp\n match address 1300\n",
		       2, "1300 is a standard access list");
	expect_error("no transform set that works",
		     KEYS "crypto ipsec transform-set D esp-des esp-md5-hmac\n"
		     "access-list 101 permit ip any any\n"
		     "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set D\n"
		     " match address 101\ninterface eth0\n crypto map M\n", 8,
		     "esp-des is not supported");
	expect_warning("no transform set that works, on no interface",
		       KEYS "crypto ipsec transform-set D esp-des esp-md5-hmac\n"
		       "access-list 101 permit ip any any\n"
		       "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set D\n"
		       " match address 101\n", 8, "esp-des is not supported");
	expect_warning("no transform set that works, incomplete anyway",
		       KEYS "crypto ipsec transform-set D esp-des esp-md5-hmac\n"
		       "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set D\n"
		       " match address 101\ninterface eth0\n crypto map M\n", 7,
		       "esp-des is not supported");
	expect_error("seven transform sets",
		     "crypto map M 1 ipsec-isakmp\n set transform-set a b c d e f g\n", 2, "at most 6");
	expect_error("word of an entry", "crypto map M 1 ipsec-isakmp\n set pear 1.1.1.1\n", 2,
		     "unexpected 'pear'; expected group");
	expect_error("a group with a blank", "crypto map M 1 ipsec-isakmp\n set pfs group 14\n", 2,
		     "a group of set pfs is one word: group14");
	expect_error("line of an entry", "crypto map M 1 ipsec-isakmp\n mach address 101\n", 2,
		     "unexpected 'mach'; expected description, match");
	expect_error("no and a word that is none", "crypto map M 1 ipsec-isakmp\n no math address 101\n", 2,
		     "unexpected 'math'; expected description, match");
	cfg = parse("crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\ndo show crypto map\n do show run\n"
		    " set pfs group14\n");
	tap_ok(!cfg->n_errors && !cfg->n_skipped && cfg->maps->entries->pfs_group == 14,
	       "do and a command changes nothing");
	ios_free(cfg);
	expect_error("sequence number", "crypto map M 65536 ipsec-isakmp\n set peer 1.1.1.1\n", 1,
		     "(1-65535)");
	expect_error("kind of an entry", "crypto map M 1 ipsec\n", 1,
		     "'ipsec' is ambiguous: ipsec-isakmp or ipsec-manual");
	expect_error("name that is too long",
		     "crypto map 1234567890123456789012345678901234567890123456789012345678901234 1 ipsec-isakmp\n",
		     1, "at most 63");
	expect_error("two interfaces on one device",
		     "crypto map M local-address lo\n"
		     "interface a\n netdev x\n crypto map M\ninterface b\n netdev x\n crypto map M\n",
		     4, "device x has a crypto map by interface b (line 7)");
	expect_error("interface name that Linux cannot have",
		     "crypto map M local-address lo\ninterface e0/0\n crypto map M\n", 3,
		     "no Linux device can be called e0/0");
	expect_error("local-address of a device that cannot be",
		     "crypto map M local-address GigabitEthernet0/1\ninterface eth0\n crypto map M\n", 1,
		     "interface GigabitEthernet0/1 needs a netdev line");
	expect_warning("the same of a map that is on no interface",
		       "crypto map M local-address GigabitEthernet0/1\n", 1,
		       "interface GigabitEthernet0/1 needs a netdev line");
	cfg = clean("a map of which nothing is left",
		    "crypto map A local-address lo\nno crypto map A local-address\n"
		    "crypto map B isakmp-profile P\nno crypto map B isakmp-profile\n"
		    "crypto map C local-address lo\ncrypto map C isakmp-profile P\n"
		    "no crypto map C local-address\n"
		    "crypto isakmp profile P\n match identity address 192.0.2.1\n keyring default\n");
	tap_ok(!ios_map_find(cfg, "A") && !ios_map_find(cfg, "B") && ios_map_find(cfg, "C"),
	       "is none");
	ios_free(cfg);
	ios_free(clean("local-address of an interface with a device",
		       "crypto map M local-address GigabitEthernet 0/1\n"
		       "interface GigabitEthernet0/1\n netdev eth0\n"));
	cfg = parse("crypto map M 1 ipsec-isakmp dynamic D discover\n");
	tap_ok(has_diag(cfg, IOS_WARNING, 1, "discovery is not supported") && !cfg->n_errors &&
	       cfg->maps && !strcmp(cfg->maps->entries->dynamic, "D"),
	       "tunnel endpoint discovery: the entry is there without it");
	ios_free(cfg);
	expect_warning("the EzVPN server", "crypto ipsec server send-update\n", 1, "not supported");
	expect_warning("a limit of selectors", "crypto dynamic-map D 1\n set security-policy limit 5\n", 2,
		       "set security-policy is not supported");
	expect_warning("IKEv2", "crypto ikev2 proposal P\n encryption aes-cbc-256\n", 1, "IKEv2");
	expect_error("crypto something", "crypto isakamp key\n", 1,
		     "unexpected 'isakamp'; expected dynamic-map, ipsec, isakmp, keyring, map or pki");
}

/*
 * What is not supported and would leave traffic in clear is an error where the
 * map is on an interface, and left out elsewhere.
 */
/* "no" takes back what it names, and nothing else. */
static void test_taken_back(void)
{
	static const char head[] =
		"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n set isakmp-profile P\n"
		" set ip access-group F in\n match address A\n";
	static const struct {
		const char *line, *said, *gone;
	} cases[] = {
		{ "no match address B", "crypto map M 10 has no match address B", NULL },
		{ "no match address A", NULL, "match address A" },
		{ "no match address", NULL, "match address A" },
		{ "no set isakmp-profile Q", "crypto map M 10 has no set isakmp-profile Q", NULL },
		{ "no set isakmp-profile", NULL, "set isakmp-profile P" },
		{ "no set ip access-group G in", "has no set ip access-group G in", NULL },
		{ "no set ip access-group F out", "has no set ip access-group F out", NULL },
		{ "no set ip access-group F in", NULL, "set ip access-group F in" },
	};
	struct ios_config *cfg;
	char text[512], *printed;
	bool right;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(text, sizeof(text), "%s %s\n", head, cases[i].line);
		cfg = parse(text);
		printed = ios_print(cfg, IOS_PRINT_ALL, NULL);
		right = !cfg->n_errors &&
			(cases[i].said ? has_diag(cfg, IOS_WARNING, 6, cases[i].said) :
					 !any_diag(cfg, IOS_WARNING, "has no ")) &&
			!strstr(printed, "match address A") ==
				(cases[i].gone && !strcmp(cases[i].gone, "match address A")) &&
			!strstr(printed, "set isakmp-profile P") ==
				(cases[i].gone && !strcmp(cases[i].gone, "set isakmp-profile P")) &&
			!strstr(printed, "set ip access-group F in") ==
				(cases[i].gone && !strcmp(cases[i].gone, "set ip access-group F in"));
		if (!tap_ok(right, "taken back: %s", cases[i].line))
			show_diags(cfg);
		free(printed);
		ios_free(cfg);
	}

	cfg = parse("crypto map OLD 1 ipsec-isakmp\ncrypto map M 1 ipsec-isakmp\ninterface eth0\n crypto map M\n"
		    " no crypto map OLD\n no ipv6 crypto map OLD\n crypto ipsec df-bit clear\n");
	tap_ok(ios_map_find(cfg, "OLD") && has_diag(cfg, IOS_WARNING, 5, "OLD is not on interface eth0") &&
	       has_diag(cfg, IOS_WARNING, 6, "OLD is not on interface eth0") &&
	       cfg->interfaces->df == IOS_DF_CLEAR && *cfg->interfaces->map,
	       "an interface takes nothing off that is not on it, nor the map as a whole");
	ios_free(cfg);
	expect_error("a list of the other kind", "ip access-list standard S\n permit any\n"
		     "no ip access-list extended S\n", 3, "access list S is a standard one in line 1");
	expect_error("resequence", "ip access-list extended A\n permit ip any any\n"
		     "no ip access-list resequence A 5 5\n", 3, "cannot be taken back");
}

static void test_open_ended(void)
{
#define HEAD KEYS TSET "access-list 101 permit ip any any\n"
#define M10 "crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
#define MAN "crypto map M 20 ipsec-manual\n"
#define BIND "interface eth0\n crypto map M\n"
	static const struct {
		const char *text, *undo, *part;
	} cases[] = {
		{ HEAD M10 MAN " set session-key inbound ah 256 00\n", " no set session-key inbound ah\n",
		  "AH is not supported" },
		{ HEAD M10 MAN " set session-key outbound ah 256 00\n", " no set session-key outbound\n",
		  "AH is not supported" },
		{ HEAD M10 "crypto map M 30 gdoi\n set group G\n", "no crypto map M 30\n", "GDOI" },
		{ HEAD M10 "crypto map M 30 ipsec-isakmp profile P\n", "no crypto map M 30\n",
		  "an entry with a profile" },
		{ HEAD M10 " set identity I\n", " no set identity I\n", "set identity" },
		{ HEAD M10 "crypto ipsec ipv4-deny drop\n", "no crypto ipsec ipv4-deny\n", "ipv4-deny drop" },
		{ HEAD M10 "crypto ipsec ipv4-deny clear\n", "crypto ipsec ipv4-deny jump\n",
		  "ipv4-deny clear" },
	};
	struct ios_config *cfg;
	char text[1024];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(text, sizeof(text), "%s%s", cases[i].text, BIND);
		cfg = parse(text);
		if (!tap_ok(cfg->n_errors == 1 && any_diag(cfg, IOS_ERROR, cases[i].part),
			    "on an interface: %s", cases[i].part))
			show_diags(cfg);
		ios_free(cfg);
		cfg = parse(cases[i].text);
		if (!tap_ok(!cfg->n_errors && any_diag(cfg, IOS_WARNING, cases[i].part), "on none: %s",
			    cases[i].part))
			show_diags(cfg);
		ios_free(cfg);
		snprintf(text, sizeof(text), "%s%s%s", cases[i].text, cases[i].undo, BIND);
		cfg = parse(text);
		if (!tap_ok(!cfg->n_errors, "taken back: %s", cases[i].part))
			show_diags(cfg);
		ios_free(cfg);
	}
}

/* A cause is told, and not what comes of it as well. */
static void told_once(const char *what, const char *text, const char *cause)
{
	struct ios_config *cfg = parse(text);

	if (!tap_ok(cfg->n_errors == 1 && !cfg->n_warnings && any_diag(cfg, IOS_ERROR, cause), "%s", what))
		show_diags(cfg);
	ios_free(cfg);
}

static void test_consequences(void)
{
#define L101 "access-list 101 permit ip 10.0.0.0 0.0.0.255 any\n"
	told_once("a map that has nothing but what is not supported", KEYS TSET
		  "crypto map M 10 gdoi\n set group G\n" BIND, "an entry of GDOI");
	expect_warning("a map that is not there", KEYS BIND, 5, "crypto map M is not defined");
	expect_error("where another one waits", KEYS TSET L101 M10 "interface eth0\n crypto map m\n", 11,
		     "crypto map m is not defined; is M (line 6) meant?");
	expect_warning("where it has its interface", KEYS TSET L101 M10 BIND "interface eth1\n crypto map X\n", 13,
		       "crypto map X is not defined");
	expect_warning("a second match address", KEYS TSET L101 M10 " match address OTHER\n", 10,
		       "match address OTHER takes the place of 101 (line 9): an entry has one");
	told_once("a list whose only entry is not understood", KEYS TSET
		  "access-list 101 permit ip any any reflect R\n" M10 BIND, "'reflect' is not supported");
}

/* What a name says about an entry's peer. */
static bool by_name(const struct ios_entry *e, size_t i, const char *name, bool dynamic)
{
	return i < e->n_peers && e->peers[i].name && !strcmp(e->peers[i].name, name) &&
	       e->peers[i].dynamic == dynamic && !e->peers[i].addr.family;
}

static void test_named_peers(void)
{
	const struct ios_entry *e;
	struct ios_config *cfg;
	struct ios_addr addr = { .family = AF_INET, .v4 = ip("9.9.9.9") };

	cfg = clean("peers by name", HEAD "crypto map M 10 ipsec-isakmp\n"
		    " set peer gw.example.org dynamic default\n set peer 1.1.1.1\n set peer gw2\n"
		    " set peer GW3 dyn\n set transform-set TS\n match address 101\n" BIND);
	e = cfg->maps->entries;
	tap_ok(e->complete && e->n_peers == 4 && e->default_peer &&
	       by_name(e, 0, "gw.example.org", true) && e->peers[1].addr.v4.s_addr == ip("1.1.1.1").s_addr &&
	       by_name(e, 2, "gw2", false) && by_name(e, 3, "GW3", true), "peers by name: values");
	ios_peer_resolved(&cfg->maps->entries->peers[2], &addr);
	tap_ok(!e->peers[2].name && e->peers[2].addr.v4.s_addr == ip("9.9.9.9").s_addr,
	       "a name that is resolved");
	ios_free(cfg);
	cfg = clean("names taken back", HEAD M10 " set peer gw dynamic\n set peer b\n no set peer GW\n no set peer b dynamic\n" BIND);
	tap_ok(cfg->maps->entries->n_peers == 1, "names taken back: one is left");
	ios_free(cfg);
	cfg = clean("all taken back", HEAD M10 " set peer gw dynamic\n no set peer\n set peer h dynamic\n" BIND);
	tap_ok(by_name(cfg->maps->entries, 0, "h", true), "all taken back: another one");
	ios_free(cfg);
	cfg = clean("a name twice", HEAD M10 " set peer gw\n set peer gw dynamic\n" BIND);
	tap_ok(cfg->maps->entries->n_peers == 2 && by_name(cfg->maps->entries, 1, "gw", true) &&
	       cfg->maps->entries->peers[1].line == 11,
	       "a name twice: the last word counts");
	ios_free(cfg);
	expect_error("too many names", HEAD M10 " set peer a\n set peer b\n set peer c\n set peer d\n set peer e\n" BIND,
		     14, "at most 4 peers by name");
	expect_error("no name", HEAD M10 " set peer a$b dynamic\n" BIND, 10, "expected a host name");
	expect_error("a dynamic peer with keys", HEAD MAN " set peer gw dynamic\n", 7,
		     "an ipsec-manual entry cannot be dynamic");
	expect_error("nor one that was not before", HEAD MAN " set peer gw\n set peer gw dynamic\n", 8,
		     "an ipsec-manual entry cannot be dynamic");
	expect_error("the second cannot be the default", HEAD M10 " set peer gw dynamic default\n" BIND, 10,
		     "only the first peer");
	expect_error("words behind a name", HEAD M10 " set peer gw often\n" BIND, 10,
		     "expected dynamic, default or the end");
	ios_free(clean("an address needs no dynamic resolution", HEAD M10 " set peer 2.2.2.2 dynamic\n" BIND));
}

/* ----------------------------------------------------------------------------- IPv6 */

static void test_ipv6_maps(void)
{
#define POLICY "crypto isakmp policy 1\n authentication pre-share\n"
#define KEYS6 POLICY "crypto isakmp key k address ipv6 2001:DB8::/32\n"
#define ACL6 "ipv6 access-list V6\n permit ipv6 any 2001:DB8:2::/48\n"
#define M6 "crypto map ipv6 M6 10 ipsec-isakmp\n set transform-set TS\n match address V6\n"
#define BIND6 "interface eth0\n ipv6 crypto map M6\n"
	static const struct {
		const char *what, *text, *part;
		unsigned int line;
	} errors[] = {
		{ "one name for maps of both families",
		  "crypto map M 1 ipsec-isakmp\ncrypto map ipv6 M 2 ipsec-isakmp\n",
		  "crypto map ipv6 M has the name of crypto map M in line 1", 2 },
		{ "an IPv6 map as an IPv4 one",
		  "crypto map ipv6 M local-address lo\ninterface eth0\n crypto map M\n",
		  "crypto map M is of IPv6: \"ipv6 crypto map M\" puts it on an interface", 3 },
		{ "an IPv4 map as an IPv6 one",
		  "crypto map M local-address lo\ninterface eth0\n ipv6 crypto map M\n",
		  "crypto map M is of IPv4: \"crypto map M\" puts it on an interface", 3 },
		{ "an IPv6 map that is in use removed",
		  "crypto map ipv6 M local-address lo\ninterface eth0\n ipv6 crypto map M\nno crypto map ipv6 M\n",
		  "crypto map M is on interface eth0 (line 3)", 4 },
		{ "an IPv4 list of an IPv6 map",
		  "ip access-list extended V6\n permit ip any any\n" TSET
		  "crypto map ipv6 M6 1 ipsec-isakmp\n match address V6\n" BIND6,
		  "access list V6 is of IPv4, crypto map M6 of IPv6", 5 },
		{ "a list of an IPv6 map that is not whole",
		  "ipv6 access-list V6\n permit ipv6 any 2001:DB8:2::\n" M6 BIND6,
		  "expected a destination", 2 },
		{ "peers of both families",
		  "crypto map ipv6 M 1 ipsec-isakmp\n set peer 2001:DB8::1\n set peer 1.1.1.1\n",
		  "the peers of an entry must be of one address family", 3 },
		{ "no peer: multicast", "crypto map ipv6 M 1 ipsec-isakmp\n set peer FF02::1\n",
		  "cannot be the address of a peer", 2 },
		{ "no peer: link local", "crypto map ipv6 M 1 ipsec-isakmp\n set peer FE80::1\n",
		  "cannot be the address of a peer", 2 },
		{ "no peer: none", "crypto map ipv6 M 1 ipsec-isakmp\n set peer ::\n",
		  "cannot be the address of a peer", 2 },
		{ "no peer: a slip", "crypto map ipv6 M 1 ipsec-isakmp\n set peer 2001:DB8:1\n",
		  "expected the IPv6 address of a peer", 2 },
		{ "a peer of the other family without tunnel mode",
		  KEYS TSET " mode transport require\n" ACL6 M6 " set peer 1.1.1.1\n" BIND6,
		  "needs tunnel mode", 9 },
		{ "an IPv6 map outside of an interface", "ipv6 crypto map M\n", "belongs to an interface", 1 },
	};
	struct ios_config *cfg = clean("IPv6 map", KEYS6 TSET ACL6 M6
		" set peer 2001:DB8::1 default\n set peer 2001:DB8::2\n set peer 2001:DB8::3\n"
		" no set peer 2001:db8:0::2\ncrypto map ipv6 M6 local-address lo\n"
		"interface lo\n netdev lo\n" BIND6);
	const struct ios_map *map = cfg->maps;
	const struct ios_entry *e = map->entries;
	const struct ios_interface *ifc = ios_interface_find(cfg, "eth0");
	size_t i;

	tap_ok(map->family == AF_INET6 && map->bound && !strcmp(map->local_if, "lo") && e->complete &&
	       e->n_peers == 2 && e->default_peer && six(&e->peers[0].addr, "2001:db8::1") &&
	       six(&e->peers[1].addr, "2001:db8::3"), "IPv6 map: values");
	tap_ok(ios_acl_find(cfg, "V6", AF_INET6)->used && !strcmp(ifc->map6, "M6") && !*ifc->map &&
	       ios_interface_has(ifc, "M6"), "IPv6 map: on the interface");
	ios_free(cfg);
	cfg = clean("maps of both families on one interface",
		    KEYS6 "crypto isakmp key k address 1.1.1.1\n" TSET ACL6 M6 " set peer 2001:DB8::1\n"
		    "access-list 101 permit ip any any\ncrypto map A 1 ipsec-isakmp\n set peer 1.1.1.1\n"
		    " set transform-set TS\n match address 101\n" BIND6 " crypto map A\n");
	tap_ok(!strcmp(cfg->maps->name, "A") && !strcmp(cfg->maps->next->name, "M6") &&
	       !strcmp(cfg->interfaces->map, "A") && !strcmp(cfg->interfaces->map6, "M6"),
	       "both are there, IPv4 first");
	ios_free(cfg);
	cfg = parse(BIND6 " crypto map A\n no ipv6 crypto map X\n no ipv6 crypto map\n");
	tap_ok(!*cfg->interfaces->map6 && !strcmp(cfg->interfaces->map, "A"), "taken off");
	ios_free(cfg);
	for (i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		expect_error(errors[i].what, errors[i].text, errors[i].line, errors[i].part);
	expect_warning("a peer of the other family", KEYS TSET ACL6 M6 " set peer 1.1.1.1\n" BIND6, 10,
		       "other address family than crypto map M6: IPv6 in IPv4");
#define KEYLESS(seq) "crypto map M " seq " ipsec-isakmp\n set peer 1.1.1.1\n" \
		     " set transform-set TS\n match address 101\n"
	expect_warning("one that no key is for, once however many entries have it",
		       TSET "access-list 101 permit ip any host 10.0.0.1\n"
		       KEYLESS("1") KEYLESS("2") KEYLESS("3"), 3,
		       "crypto map M 1: no pre-shared key for peer 1.1.1.1, nor in 2 more entries");
#undef KEYLESS
	expect_warning("no key for an IPv6 peer", KEYS TSET ACL6 M6 " set peer 2001:DB8::1\n" BIND6, 7,
		       "no pre-shared key for peer 2001:DB8::1");
#define RSA_ONLY "crypto isakmp policy 1\n encr aes\n group 14\n" TSET "access-list 101 permit ip any host 10.0.0.1\n" M10
	cfg = parse(RSA_ONLY);
	tap_ok(any_diag(cfg, IOS_WARNING, "no crypto isakmp policy that can be used") &&
	       !any_diag(cfg, IOS_WARNING, "no pre-shared key"), "a key would not help without a policy that has one");
	ios_free(cfg);
#undef RSA_ONLY
}

/* What is taken back, and never was there, may be a slip, and so may two of what there is one of. */
static void test_slips(void)
{
	struct ios_config *cfg;

	expect_warning("a peer", KEYS M10 " set peer 192.0.2.1\n no set peer 192.0.2.2\n", 9,
		       "crypto map M 10 has no peer 192.0.2.2");
	expect_warning("a peer by name", KEYS M10 " set peer gw dynamic\n no set peer gv\n", 9,
		       "crypto map M 10 has no peer gv");
	expect_warning("a pre-shared key", KEYS "no crypto isakmp key k address 192.0.2.1\n", 4,
		       "there is no such pre-shared key");
	expect_warning("one of a host", KEYS "no crypto isakmp key k hostname h\n", 4,
		       "there is no such pre-shared key");
	expect_warning("one of a keyring", "crypto keyring R\n pre-shared-key address 192.0.2.1 key k\n"
		       " no pre-shared-key address 192.0.2.2\n", 3, "there is no such pre-shared key");
	expect_warning("an identity", "crypto isakmp profile P\n match identity address 192.0.2.1\n"
		       " no match identity address 192.0.2.2\n", 3, "isakmp profile P has no such match identity");
	expect_warning("a map that another one takes the place of", M10 "crypto map N 10 ipsec-isakmp\n"
		       "interface eth0\n crypto map M\n crypto map N\n", 8,
		       "crypto map N takes the place of M (line 7): an interface has one");
	expect_warning("one of IPv6", "interface eth0\n ipv6 crypto map M\n ipv6 crypto map N\n", 3,
		       "crypto map N takes the place of M (line 2): an interface has one");
	expect_warning("a host name that is an address", "crypto isakmp key k hostname 192.0.2.1\n", 1,
		       "is address meant?");
	expect_warning("in a keyring", "crypto keyring R\n pre-shared-key hostname 192.0.2.1 key k\n", 2,
		       "is address meant?");
	cfg = parse(M10 "interface eth0\n crypto map M\n crypto map M\n no crypto map\n crypto map M\n"
		    "interface eth0\n crypto map N\n");
	tap_ok(!any_diag(cfg, IOS_WARNING, "takes the place") && !strcmp(cfg->interfaces->map, "N"),
	       "not the same one, nor in another section");
	ios_free(cfg);
}

static void test_level(void)
{
#define HOLES KEYS TSET "access-list 101 permit ip 10.0.0.1 0.0.255.0 any\n" M10
#define LEVEL " set security-association level per-host\n"
	struct ios_config *cfg = parse(HOLES LEVEL BIND);

	tap_ok(!cfg->n_errors && cfg->maps->entries->complete,
	       "level per-host: a wildcard with holes has hosts, which IKE can name");
	ios_free(cfg);
	cfg = parse(HOLES BIND);
	tap_ok(cfg->n_errors == 1, "but no network");
	ios_free(cfg);
	expect_warning("level per-host of manual keys", MAN LEVEL, 1,
		       "crypto map M 20: level per-host has no effect on manual keys");
#undef LEVEL
#undef HOLES
}

static void test_manual(void)
{
#define ENTRY TSET "access-list 101 permit tcp any any range 1 2\n" \
	"crypto map M 1 ipsec-manual\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
#define CIPHER "00112233445566778899aabbccddeeff"
#define AUTH "000102030405060708090A0B0C0D0E0F10111213"
	struct ios_config *cfg = clean("manual keys", ENTRY
		" set session-key inbound esp 256 cipher " CIPHER " authenticator " AUTH "\n"
		" set session-key outbound esp 4294967295 cipher 0x" CIPHER " auth " AUTH "\n");
	const struct ios_entry *e = cfg->maps->entries;

	tap_ok(e->kind == IOS_KIND_MANUAL && e->complete && e->in.spi == 256 &&
	       e->in.enc_len == 16 && e->in.enc[1] == 0x11 && e->in.auth_len == 20 &&
	       e->in.auth[19] == 0x13 && e->out.spi == UINT32_MAX && e->out.enc[15] == 0xff,
	       "manual keys: values; port ranges need no IKE");
	ios_free(cfg);

	expect_error("manual key of a wrong length", ENTRY
		     " set session-key inbound esp 256 cipher 0011 authenticator " AUTH "\n"
		     " set session-key outbound esp 256 cipher " CIPHER " authenticator " AUTH "\n"
		     "interface eth0\n crypto map M\n", 7,
		     "needs a cipher key of 16 bytes; this one has 2");
	cfg = parse(ENTRY " set session-key inbound esp 256 cipher 0011 authenticator " AUTH "\n"
		    " set session-key outbound esp 256 cipher " CIPHER " authenticator " AUTH "\n");
	tap_ok(!cfg->n_errors && has_diag(cfg, IOS_WARNING, 7, "16 bytes") &&
	       !cfg->maps->entries->complete, "the same on no interface: not complete, not sent");
	ios_free(cfg);
	cfg = parse(ENTRY " set peer 2.2.2.2\n set session-key inbound esp 256 cipher " CIPHER
		    " authenticator " AUTH "\n set session-key outbound esp 256 cipher " CIPHER
		    " authenticator " AUTH "\n");
	tap_ok(!cfg->n_errors && !cfg->maps->entries->complete, "two peers of manual keys, likewise");
	ios_free(cfg);
	expect_error("manual key that is not hexadecimal", ENTRY
		     " set session-key inbound esp 256 cipher 00zz authenticator " AUTH "\n", 7,
		     "must be hexadecimal");
	expect_error("SPI out of range", ENTRY
		     " set session-key inbound esp 255 cipher 00 authenticator " AUTH "\n", 7,
		     "expected an SPI (256-4294967295)");
	cfg = parse("crypto map M 1 ipsec-manual\n set session-key inbound esp " CIPHER "\n"
		    " set session-key inbound esp 256 cipher " CIPHER " " AUTH "\n");
	tap_ok(cfg->n_errors == 2 && !has_diag(cfg, IOS_ERROR, 2, "0011") &&
	       !has_diag(cfg, IOS_ERROR, 3, "0001"), "errors never show a manual key");
	ios_free(cfg);
	expect_warning("manual entry without keys", ENTRY, 3, "session keys of both directions missing");
	expect_error("session key of an isakmp entry",
		     "crypto map M 1 ipsec-isakmp\n set session-key inbound esp 256 cipher 00\n", 2,
		     "belongs to an ipsec-manual entry");
}

/* A dynamic crypto map of an IPv6 one, which says so after it. */
static void test_dynamic6(void)
{
#define D6 "crypto dynamic-map D 10\n set transform-set TS\n"
#define USE6 "crypto map ipv6 M6 10 ipsec-isakmp dynamic D\n"
	struct ios_config *cfg;

	cfg = clean("an IPv6 map with a dynamic one",
		    POLICY "crypto isakmp key k address ipv6 ::/0\n" TSET D6
		    " set peer 2001:DB8::1\n match address V6\n set ip access-group V6 in\n"
		    " reverse-route\n set reverse-route gateway 2001:DB8::2\n"
		    ACL6 USE6 "interface eth0\n ipv6 crypto map M6\n");
	tap_ok(cfg->dynamics->family == AF_INET6 && cfg->dynamics->bound &&
	       cfg->maps->entries->complete && ios_acl_find(cfg, "V6", AF_INET6)->used,
	       "which is of IPv6");
	ios_free(cfg);
	expect_error("maps of both families with one dynamic map", KEYS TSET D6
		     "crypto map M 1 ipsec-isakmp dynamic D\n" USE6, 8,
		     "crypto dynamic-map D serves crypto map M in line 7 already");
	expect_warning("a peer of the other family in it", KEYS TSET D6 " set peer 1.1.1.1\n" USE6, 7,
		       "other address family than crypto dynamic-map D: IPv6 in IPv4");
	expect_error("a gateway of the other family in it", KEYS TSET D6
		     " reverse-route\n set reverse-route gateway 1.1.1.1\n" USE6, 8,
		     "the gateway must be of the address family of crypto dynamic-map D");
	expect_warning("no key for all", KEYS TSET D6 USE6, 5, "address ipv6 ::/0 is for all");
#undef D6
#undef USE6
}

static void test_dynamic(void)
{
	static const char template[] =
		KEYS TSET "crypto dynamic-map D 10\n set transform-set TS\n set peer 192.0.2.9\n"
		" set pfs group14\n match address A\n"
		"crypto dynamic-map D 20\n set transform-set TS\n"
		"access-list 101 permit ip any any\nip access-list extended A\n permit ip any any\n";
	char text[2048];
	struct ios_config *cfg;
	struct ios_map *map;

	snprintf(text, sizeof(text), "%scrypto map D 65535 ipsec-isakmp dynamic D \n"
		 "interface eth0\n crypto map D\n", template);
	cfg = clean("a crypto map and a dynamic one of the same name", text);
	map = ios_dynamic_find(cfg, "D");
	tap_ok(map && map->n_entries == 2 && map->entries->kind == IOS_KIND_TEMPLATE &&
	       map->entries->n_peers == 1 && map->entries->pfs_group == 14 &&
	       !strcmp(map->entries->acl, "A") && map->bound, "what its entries say");
	tap_ok(map && map->entries->next->complete, "a transform set suffices");
	map = ios_map_find(cfg, "D");
	tap_ok(map && map->entries->kind == IOS_KIND_DYNAMIC && map->entries->complete &&
	       !strcmp(map->entries->dynamic, "D"), "the entry that refers to it");
	ios_free(cfg);

	snprintf(text, sizeof(text), "%sno crypto dynamic-map D 10\ncrypto map M 1 ipsec-isakmp dynamic X\n"
		 "crypto map M 1 ipsec-isakmp dynamic D\n", template);
	cfg = clean("an entry taken back, and a reference changed", text);
	map = ios_dynamic_find(cfg, "D");
	tap_ok(map && map->n_entries == 1 && map->entries->seq == 20, "the other entry stays");
	ios_free(cfg);

	snprintf(text, sizeof(text), "%sno crypto dynamic-map D\n", template);
	cfg = clean("all of it taken back", text);
	tap_ok(!cfg->dynamics, "nothing is left");
	ios_free(cfg);

	expect_warning("nothing to refer to", KEYS "crypto map M 1 ipsec-isakmp dynamic D\n", 4,
		       "is incomplete and protects nothing: crypto dynamic-map D missing");
	expect_warning("no complete entry", KEYS "crypto dynamic-map D 1\n"
		       "crypto map M 1 ipsec-isakmp dynamic D\n", 5, "D has no complete entry");
	expect_warning("no transform set", KEYS "crypto dynamic-map D 1\n", 4,
		       "crypto dynamic-map D 1 is incomplete and protects nothing: a transform set missing");
	expect_warning("an access list that is not there", KEYS TSET
		       "crypto dynamic-map D 1\n set transform-set TS\n match address A\n", 5,
		       "access list A missing");
	expect_warning("no key for peers that nobody names",
		       "crypto isakmp policy 1\n authentication pre-share\ncrypto isakmp key k address 1.1.1.1\n"
		       TSET "crypto dynamic-map D 1\n set transform-set TS\n", 5, "address 0.0.0.0 is for all");
	expect_error("a command of the entry that refers", KEYS "crypto map M 1 ipsec-isakmp dynamic D\n"
		     " set peer 1.1.1.1\n", 5, "has no commands of its own");
	expect_error("another kind", "crypto map M 1 ipsec-isakmp\ncrypto map M 1 ipsec-isakmp dynamic D\n",
		     2, "is of another kind in line 1");
	expect_error("manual keys", "crypto dynamic-map D 1\n set session-key inbound esp 256 cipher 00\n",
		     2, "belongs to an ipsec-manual entry");
	expect_error("words behind the number", "crypto dynamic-map D 1 ipsec-isakmp\n", 1,
		     "expected the end");
	cfg = clean("a template's peer by name", KEYS TSET
		    "crypto dynamic-map D 1\n set transform-set TS\n set peer gw dynamic\n"
		    "crypto map M 1 ipsec-isakmp dynamic D\ninterface eth0\n crypto map M\n");
	tap_ok(by_name(cfg->dynamics->entries, 0, "gw", true), "a template's peer by name: value");
	ios_free(cfg);
	test_dynamic6();
}

int main(void)
{
	test_maps();
	test_taken_back();
	test_open_ended();
	test_consequences();
	test_named_peers();
	test_ipv6_maps();
	test_slips();
	test_level();
	test_manual();
	test_access_group();
	test_dynamic();
	return tap_done();
}
