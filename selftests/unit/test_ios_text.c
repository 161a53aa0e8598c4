// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text around the commands: sections, prompts, banners, comments, names of
 * interfaces, and text that was damaged on purpose.
 */
#include "ios_diags.h"

/* ----------------------------------------------------------------------- the text */

static void test_sections(void)
{
	struct ios_config *cfg = clean("a whole running-config",
		"Building configuration...\n\nversion 15.2\nhostname R1\n!\n"
		"aaa new-model\nusername x secret 5 $1$abc\n"
		"line vty 0 4\n password cisco\n transport input ssh\n"
		"ip route 0.0.0.0 0.0.0.0 1.1.1.1\nip nat inside source list 1 interface e0 overload\n"
		"router ospf 1\n network 10.0.0.0 0.0.0.255 area 0\n"
		KEYS
		"interface FastEthernet0/0\n description x\n ip address 1.1.1.1 255.0.0.0\n"
		"route-map X permit 10\n match ip address 101\n set ip next-hop 1.1.1.1\nend\n");

	expect_warning("the text of two routers", "hostname R1\n!\nend\nhostname R2\n", 4,
		       "hostname R2 after hostname R1");
	ios_free(clean("the same one twice", "hostname R1\nend\nhostname R1\n"));
	tap_ok(cfg->n_skipped == 10 && cfg->policies && cfg->psks && !cfg->interfaces,
	       "other sections are skipped and counted (%zu)", cfg->n_skipped);
	ios_free(cfg);

	cfg = clean("CRLF, tabs, trailing blanks, no newline at the end",
		    "crypto isakmp policy 1\r\n\tauthentication pre-share \r\n"
		    "crypto map  M \t local-address\tlo  ");
	tap_ok(cfg->policies->auth == IOS_AUTH_PRE_SHARE && cfg->maps &&
	       !strcmp(cfg->maps->local_if, "lo"), "white space of any kind");
	ios_free(cfg);

	cfg = clean("flat text", KEYS TSET "access-list 101 permit ip any any\n"
		    "crypto map M 1 ipsec-isakmp\nset peer 1.1.1.1\nset transform-set TS\n"
		    "match address 101\n!\ninterface eth0\nip address 1.1.1.1 255.0.0.0\ncrypto map M\n");
	tap_ok(cfg->maps->entries->complete && cfg->interfaces && !strcmp(cfg->interfaces->map, "M"),
	       "sections without indentation");
	ios_free(cfg);

	cfg = clean("objects removed", KEYS "crypto isakmp policy 2\n authentication pre-share\n"
		    "no crypto isakmp policy 2\nno crypto isakmp key k address 0.0.0.0\n"
		    "crypto map M 1 ipsec-isakmp\nno crypto map M 1\n" TSET
		    "no crypto ipsec transform-set TS\naccess-list 101 permit ip any any\n"
		    "no access-list 101\ninterface eth0\n no crypto map\n");
	tap_ok(cfg->policies && !cfg->policies->next && !cfg->psks && !cfg->maps && !cfg->tsets &&
	       !cfg->acls, "no forms");
	ios_free(cfg);

	cfg = clean("default forms, and short forms of exit",
		    "no crypto isakmp enable\ndefault crypto isakmp enable\n"
		    "no crypto isakmp default policy\ndefault crypto isakmp default policy\n"
		    "default crypto ipsec nat-transparency udp-encapsulation\n"
		    "crypto isakmp aggressive-mode disable\ndefault crypto isakmp aggressive-mode disable\n"
		    "crypto ipsec security-association lifetime seconds 7200\n"
		    "default crypto ipsec security-association lifetime seconds\n"
		    KEYS TSET "crypto isakmp policy 2\n authentication pre-share\n encr aes 256\n group 14\n"
		    " default encr\n default group\n exi\n"
		    "ip access-list extended 101\n permit ip any any\n permit tcp any any\n"
		    " default permit tcp any any\n"
		    "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
		    " set pfs group14\n default set pfs\n description x\n default description\nex\n"
		    "interface Gi0/0\n netdev eth0\n crypto map M\n"
		    "interface GigabitEthernet0/1\n netdev eth1\n crypto map M\n default crypto map\n"
		    "default interface g0/0\n");
	tap_ok(!cfg->isakmp.disabled && !cfg->isakmp.no_default_policy && !cfg->isakmp.no_aggressive &&
	       cfg->ipsec.life_seconds == 3600 && cfg->policies->next->encr == IOS_ENCR_DES &&
	       cfg->policies->next->group == 1 && cfg->acls->n_aces == 1 &&
	       !cfg->maps->entries->pfs_group && !cfg->maps->entries->description &&
	       cfg->maps->entries->complete && !cfg->interfaces->next && !*cfg->interfaces->map &&
	       !strcmp(cfg->interfaces->netdev, "eth1"), "default forms");
	ios_free(cfg);

	cfg = parse("R1(config)#ip access-list extended A\nR1(config-ext-nacl)#do show access-lists\n"
		    "Extended IP access list B\n    10 permit ip any any\n"
		    "R1(config-ext-nacl)#20 permit ip host 1.1.1.1 any\nR1(config-ext-nacl)#do show run\n"
		    "crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\nend\n\n"
		    "R1(config-ext-nacl)#permit ip host 1.1.1.2 any\nR1(config-ext-nacl)#end\n");
	tap_ok(cfg->acls && !cfg->acls->next && cfg->acls->n_aces == 2 && !cfg->maps,
	       "what a command prints after do is no configuration");
	tap_ok(has_diag(cfg, IOS_WARNING, 6, "the configuration that a command after do printed") &&
	       !has_diag(cfg, IOS_WARNING, 2, "") && !cfg->n_errors, "which is told if it looks like one");
	ios_free(cfg);

	cfg = parse("crypto provisioning petitioner\ncrypto ipsec security-association multi-sn\n"
		    "crypto isakmp peer ip-address 192.0.2.1\n set aggressive-mode password X\n"
		    "crypto isakmp peer fqdn gw.example.org\n description x\n");
	tap_ok(!cfg->n_errors && has_diag(cfg, IOS_WARNING, 1, "provisioning is not supported") &&
	       has_diag(cfg, IOS_WARNING, 2, "multi-sn is not supported") &&
	       cfg->peers->peer.kind == IOS_ID_ADDRESS && cfg->peers->next->peer.kind == IOS_ID_FQDN,
	       "commands of other trains");
	ios_free(cfg);

	cfg = parse("crypto isakmp policy 1\n group 3\n lifetime 1\nbogus\n"
		    "crypto ipsec transform-set T bogus\n");
	tap_ok(cfg->n_errors == 3 && has_diag(cfg, IOS_ERROR, 2, "") && has_diag(cfg, IOS_ERROR, 3, "") &&
	       has_diag(cfg, IOS_ERROR, 5, "unexpected 'bogus'"), "several errors are collected");
	ios_free(cfg);

	cfg = parse("crypto map M\xc3\xa9 1 ipsec-isakmp\n description caf\xe9 caf\xc3\xa9\x01\t.\n");
	tap_ok(!cfg->n_errors && !strcmp(cfg->maps->name, "M\xc3\xa9") &&
	       !strcmp(cfg->maps->entries->description, "caf? caf\xc3\xa9? ."),
	       "UTF-8 is kept, other bytes of a description become '?'");
	ios_free(cfg);
	expect_error("a name that is not UTF-8", "crypto map M\xe9 1 ipsec-isakmp\n", 1, "UTF-8");
	expect_error("a key that is not UTF-8", "crypto isakmp key M\xe9 address 1.1.1.1\n", 1,
		     "the pre-shared key must be UTF-8");

	cfg = ios_parse("x", "crypto isakmp policy 1\n authentication pre-share\n", 49, IOS_PHASE1_ONLY);
	tap_ok(cfg && !cfg->diags && cfg->policies, "phase 1 alone");
	ios_free(cfg);
}

/* The map of interface eth0 is @wanted (empty for none), with this many errors. */
static void bound_is(const char *what, const char *text, const char *wanted, size_t errors)
{
	struct ios_config *cfg = parse(text);
	const struct ios_interface *ifc = ios_interface_find(cfg, "eth0");

	if (!tap_ok(cfg->n_errors == errors && !strcmp(ifc ? ifc->map : "", wanted), "%s", what))
		show_diags(cfg);
	ios_free(cfg);
}

/* "crypto map" and "crypto ipsec" are words of an interface and of the top level. */
static void test_interface_or_top(void)
{
#define MAP "crypto map M 1 ipsec-isakmp\n"
#define ETH0 "interface eth0\n ip address 1.1.1.1 255.0.0.0\n crypto map M\n"
#define FLAT "interface eth0\nip address 1.1.1.1 255.0.0.0\ncrypto map M\n"
	static const struct {
		const char *what, *text, *map;
		size_t errors;
	} cases[] = {
		{ "unbound", MAP ETH0 " no crypto map\n", "", 0 },
		{ "unbound by name", MAP ETH0 " no crypto map M\n", "", 0 },
		{ "unbound by name, tab", MAP ETH0 "\tno crypto map M\n", "", 0 },
		{ "unbound, flat", MAP FLAT "no crypto map M\n", "", 0 },
		{ "no map OLD at the top", "crypto map OLD 1 ipsec-isakmp\n" MAP ETH0 "no crypto map OLD\n",
		  "M", 0 },
		{ "no map OLD after !", MAP ETH0 "!\nno crypto map OLD\n", "M", 0 },
		{ "no map OLD, flat", MAP FLAT "no crypto map OLD\n", "M", 0 },
		{ "no map OLD, indented", MAP ETH0 " no crypto map OLD\n", "M", 0 },
		{ "no map M at the top: it is in use", MAP ETH0 "no crypto map M\n", "M", 1 },
		{ "no map M after !: it is in use", MAP FLAT "!\nno crypto map M\n", "M", 1 },
		{ "no map M of less indentation", MAP
		  "interface eth0\n   ip address 1.1.1.1 255.0.0.0\n   crypto map M\n no crypto map M\n",
		  "M", 1 },
		{ "no map without a name at the top", MAP ETH0 "no crypto map\n", "M", 1 },
		{ "no map M 1 at the top", MAP ETH0 "no crypto map M 1\n", "M", 0 },
		{ "bound with less indentation", MAP
		  "interface eth0\n  ip address 1.1.1.1 255.0.0.0\n crypto map M\n", "M", 0 },
		{ "bound after less indentation", MAP
		  "interface eth0\n\tnetdev eth0\n  ip address 1.1.1.1 255.0.0.0\n crypto map M\n", "M", 0 },
		{ "bound with redundancy", MAP "interface eth0\n crypto map M redundancy HA stateful\n",
		  "M", 0 },
		{ "redundancy of the map as a whole", MAP ETH0
		  "crypto map N redundancy replay-interval inbound 10 outbound 1000\n", "M", 0 },
		{ "the same inside, where it is no binding", MAP ETH0
		  " crypto map N redundancy replay-interval inbound 10 outbound 1000\n", "M", 0 },
		{ "redundancy without an interface", MAP ETH0 "exit\ncrypto map N redundancy HA\n", "M", 1 },
		{ "bound to nothing: after exit", ETH0 "exit\ncrypto map N\n", "M", 1 },
		{ "bound to nothing: after end", ETH0 "end\ncrypto map N\n", "M", 1 },
		{ "bound to nothing: after a command of the top", ETH0
		  "access-list 101 permit ip any any\ncrypto map N\n", "M", 1 },
		{ "bound to nothing: after another section", ETH0 "router ospf 1\ncrypto map N\n", "M", 1 },
		{ "bound to nothing: after another section, flat", FLAT "line vty 0 4\ncrypto map N\n",
		  "M", 1 },
		{ "bound to nothing: after an interface that was refused", ETH0
		  "interface range e0/0 - 1\ncrypto map N\n", "M", 1 },
		{ "bound to nothing: no interface at all", "crypto map N\n", "", 1 },
	};
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		bound_is(cases[i].what, cases[i].text, cases[i].map, cases[i].errors);

	cfg = parse("crypto map OLD 1 ipsec-isakmp\n" MAP ETH0 "no crypto map OLD\n");
	tap_ok(!ios_map_find(cfg, "OLD"), "no map OLD removes that map");
	ios_free(cfg);
	cfg = parse(ETH0 "crypto ipsec df-bit clear\n");
	tap_ok(cfg->ipsec.df == IOS_DF_CLEAR, "df-bit at the top, after an interface");
	ios_free(cfg);
	cfg = parse(FLAT "!\ncrypto ipsec df-bit clear\n");
	tap_ok(cfg->ipsec.df == IOS_DF_CLEAR, "df-bit after !, flat");
	ios_free(cfg);
	cfg = parse(ETH0 " crypto ipsec client ezvpn E outside\n crypto engine slot 2/0 inside\n"
		    " crypto connect vlan 5\n crypto ipsec df-bit clear\n no crypto map\n");
	tap_ok(!cfg->n_errors && cfg->ipsec.df == IOS_DF_COPY &&
	       has_diag(cfg, IOS_WARNING, 4, "the EzVPN client is not supported") &&
	       has_diag(cfg, IOS_WARNING, 5, "engine") && has_diag(cfg, IOS_WARNING, 6, "engine"),
	       "what is not supported on an interface does not end its section");
	ios_free(cfg);
	cfg = parse(ETH0 "crypto ipsec client ezvpn E\n connect auto\ncrypto engine slot 0\n");
	tap_ok(!cfg->n_errors && cfg->n_warnings == 3 && !strcmp(cfg->interfaces->map, "M"),
	       "the same at the top");
	ios_free(cfg);
	cfg = parse(ETH0 " crypto ipsec df-bit clear\n");
	tap_ok(cfg->ipsec.df == IOS_DF_COPY && cfg->interfaces->df == IOS_DF_CLEAR &&
	       cfg->interfaces->frag == IOS_FRAG_UNSET, "df-bit of an interface");
	ios_free(cfg);
	cfg = parse("crypto ipsec fragmentation after-encryption\n" ETH0
		    " crypto ipsec frag before\n crypto ipsec df-bit set\n no crypto ipsec df-bit set\n");
	tap_ok(cfg->ipsec.frag == IOS_FRAG_AFTER && cfg->interfaces->frag == IOS_FRAG_BEFORE &&
	       cfg->interfaces->df == IOS_DF_UNSET && *cfg->interfaces->map,
	       "fragmentation of an interface, and df-bit taken back");
	ios_free(cfg);
	cfg = parse(ETH0 " crypto ipsec fragmentation after-encryption\n!\n"
		    "no crypto ipsec fragmentation\n");
	tap_ok(cfg->ipsec.frag == IOS_FRAG_BEFORE && cfg->interfaces->frag == IOS_FRAG_AFTER,
	       "fragmentation at the top, after an interface");
	ios_free(cfg);
	expect_error("df-bit of an interface: no such word", ETH0 " crypto ipsec df-bit keep\n", 4,
		     "unexpected 'keep'; expected clear, copy or set");
}

/* What may stand between the lines of a section without ending it, and what may not. */
static void test_cut_sections(void)
{
#define CUT(x) KEYS TSET "access-list 101 permit ip any any\ncrypto map M 10 ipsec-isakmp\n" \
	" set peer 1.1.1.1\n" x "\n set transform-set TS\n match address 101\n"
	static const char *const harmless[] = {
		CUT("*Mar  1 00:01:02.003: %SYS-5-CONFIG_I: Configured from console by console"),
		CUT("Nov 24 21:58:14: %LINK-3-UPDOWN: Interface e0, changed state to up"),
		CUT("                            ^"), CUT("% Invalid input detected at '^' marker."),
		CUT("# comment"), CUT("// comment"),
	};
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(harmless) / sizeof(*harmless); i++) {
		cfg = parse(harmless[i]);
		tap_ok(!cfg->n_errors && cfg->maps->entries->complete && !cfg->n_skipped,
		       "a line that ends no section: %zu", i);
		ios_free(cfg);
	}
	bound_is("a log line in an interface", ETH0 "*Mar  1 00:01:02: %SYS-5-CONFIG_I: x\n"
		 " crypto map N\n", "N", 0);

	expect_error("a section that is cut off: entry", CUT("hostname R1"), 9, "'set' is lost");
	expect_error("a section that is cut off: flat", TSET "crypto map M 10 ipsec-isakmp\nset peer 1.1.1.1\n"
		     "hostname R1\nset transform-set TS\n", 5, "'set' is lost");
	expect_error("a section that is not", TSET "crypto map M 10 ipsec-isakmp\nset peer 1.1.1.1\n"
		     "mach address 101\nset transform-set TS\n", 4, "'mach'; is match meant?");
	ios_free(clean("log lines", "crypto isakmp policy 1\n authentication pre-share\n"
		       "*Mar  1 00:01:02.003: %SYS-5-CONFIG_I: Configured from console by console\n"
		       "000123: Nov 24 21:58:14.123 UTC: %CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is ON\n encr aes\n group 14\n"));
	expect_error("a section that is cut off: access list",
		     "ip access-list extended X\n permit ip any any\nhostname R1\n 20 deny ip any any\n", 4,
		     "'20' is lost");
	expect_error("a section that is cut off: policy",
		     "crypto isakmp policy 1\n authentication pre-share\nhostname R1\n group 14\n", 4,
		     "'group' is lost");
	expect_error("behind a line of the top",
		     "crypto isakmp policy 1\n encr aes\n authentication pre-share\ncrypto isakmp invalid-spi-recovery\n group 14\n",
		     5, "'group' is lost: line 4 ended the section that it belongs to");
	expect_error("behind two", "ip access-list extended X\n permit ip any any\ncrypto isakmp keepalive 10\n"
		     "crypto isakmp enable\n deny ip any any\n", 5, "'deny' is lost: line 3");
	expect_error("behind exit", TSET "crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\n exit\n match address 101\n", 5,
		     "'match' is lost: line 4");
	expect_error("behind the end of the group that it may be of", "object-group service S\n tcp eq 80\n"
		     "no object-group service S\n tcp eq 81\n", 4, "'tcp' is lost: line 3");
	expect_error("netdev of an interface", "interface Gi0/1\n exit\n netdev eth0\n", 3, "'netdev' is lost: line 2");
	expect_error("a keyring's key", "crypto keyring K\n exit\n pre-shared-key address 1.1.1.1 key x\n", 3,
		     "'pre-shared-key' is lost: line 2");
	expect_error("a profile's identity", "crypto isakmp profile P\n keyring default\ncrypto isakmp enable\n"
		     " match identity address 1.1.1.1\n", 4, "'match' is lost: line 3");
	ios_free(clean("lines of other sections without a comment before them",
		       "crypto isakmp policy 10\n authentication pre-share\n encr aes\n group 14\ndot11 ssid X\n authentication open\n"
		       "crypto isakmp policy 10\nrouter eigrp N\n  authentication mode md5\n"
		       "object-group network N\n host 1.2.3.4\nredundancy\n  group 1\n"
		       "ip access-list extended X\n permit ip any any\nip community-list standard C\n permit 1:1\n"
		       "track 3 list boolean or\n object 1\npfr master\n border 10.1.1.1\n  interface Gi0/1 external\n"));
	ios_free(clean("of the top, with words of a section",
		       "crypto isakmp profile PR\n match identity address 1.1.1.1\n keyring default\n!\nvrf definition V\n rd 1:1\n"));
	ios_free(clean("lines of debug", "ip access-list extended X\n permit ip any any\n *Mar  1 00:00:01.003: ISAKMP:(0): deleting SA\n"
		       "000123: *Mar  1 00:00:01.003: ISAKMP:(0): deleting SA\nMar  1 00:00:01.003: ISAKMP:(0): SA\n permit tcp any any\n"));
	ios_free(clean("the same interface, in lower case", "interface ethernet0/0\n netdev eth0\ninterface ethernet0/0\n netdev eth0\n"));
	ios_free(clean("what is behind a comment is of something else",
		       "ip access-list extended X\n permit ip any any\ncrypto isakmp keepalive 10\n!\nfoo\n permit ip any any\n"));
	ios_free(clean("sections that look like ours",
		"ip access-list extended X\n permit ip any any\nmac access-list extended Y\n permit any any\n"
		"!\n" TSET KEYS "crypto isakmp policy 1\nkey chain K\n key 1\n"
		"access-list 101 permit ip any any\n"
		"crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
		"route-map R permit 10\n match ip address 101\n set ip next-hop 1.1.1.1\n"));

	cfg = clean("all but the first line indented", "hostname R1\n"
		    "  crypto isakmp policy 1\n    authentication pre-share\n  crypto isakmp key k address 0.0.0.0\n"
		    "  router ospf 1\n    network 10.0.0.0 0.0.0.255 area 0\n"
		    "  crypto ipsec transform-set TS esp-gcm\n  access-list 101 permit ip any any\n"
		    "  crypto map M 1 ipsec-isakmp\n    set peer 1.1.1.1\n    set transform-set TS\n"
		    "    match address 101\n  interface eth0\n    crypto map M\n  ip route 0.0.0.0 0.0.0.0 1.1.1.1\n");
	tap_ok(cfg->policies && cfg->psks && cfg->maps && cfg->maps->entries->complete &&
	       cfg->interfaces && *cfg->interfaces->map, "everything is found");
	ios_free(cfg);
	cfg = parse("interface Tunnel1\n crypto map M\ninterface Gi0/0.5\n crypto map M\ninterface vlan 7\n crypto map M\n"
		    "interface Loopback0\n crypto map M\ninterface Po1\n crypto map M\ninterface Gi0/1\n crypto map M\n"
		    "no interface Tu1\nno interface GigabitEthernet0/0.5\nno interface Vlan7\nno interface Lo 0\n"
		    "no interface Port-channel1\nno interface GigabitEthernet 0/1\n");
	tap_ok(cfg->interfaces && !cfg->interfaces->next && !strcmp(cfg->interfaces->map, "M") &&
	       has_diag(cfg, IOS_WARNING, 18, "interface GigabitEthernet0/1 is physical and stays as it is"),
	       "no interface removes what the configuration makes");
	ios_free(cfg);
	expect_warning("a range that is to lose its settings", "default interface range Gi0/0 - 3\n", 1,
		       "an interface range is not supported in this version: its interfaces stay as they are");
	expect_error("a binding in an interface range", "interface range e0/0 - 1\n ip address 1.1.1.1 255.0.0.0\n crypto map M\n",
		     3, "the crypto map of an interface range (line 1) is not supported");
	cfg = parse("interface range e0/0 - 1\n crypto map M redundancy R\n ipv6 crypto map S\nexit\ncrypto map M\n"
		    "interface range e0/0 - 1\naccess-list 101 permit ip any any\ncrypto map M\n");
	tap_ok(cfg->n_errors == 4 && has_diag(cfg, IOS_ERROR, 2, "range (line 1)") &&
	       has_diag(cfg, IOS_ERROR, 3, "range (line 1)") &&
	       has_diag(cfg, IOS_ERROR, 5, "incomplete command") &&
	       has_diag(cfg, IOS_ERROR, 8, "incomplete command"), "each of them, and none behind its section");
	ios_free(cfg);
	expect_error("a binding in a section about something else", "controller E1 0\n crypto map M\n",
		     2, "incomplete command");
	cfg = parse("crypto map M 1 ipsec-isakmp\ninterface range e0/0 - 1\n no crypto map M\n");
	tap_ok(cfg->maps && !cfg->n_errors, "unbound in a section that was refused");
	ios_free(cfg);
}

/*
 * In a text without indentation a line may belong to the section before it: one that is not
 * known there is named, also where it is the first one.
 */
static void test_flat_sections(void)
{
	static const char *const firsts[] = {
		"object-group service S\ntcpeq 80\ntcp eq 81\n", "object-group service S\nesq\nesp\n",
		"object-group network N\nrxnge 10.0.0.1 10.0.0.9\nhost 10.0.0.1\n",
		"object-group network N\n10.2.0.q 255.255.0.0\n",
		"object-group v6-network N\ndescriptionfoo\nhost 2001:db8::1\n",
		"crypto isakmp policy 1\nencraes 256\nhash md5\n",
		"crypto isakmp peer address 192.0.2.1\nsetaggressive-mode password K\n",
		"crypto keyring R\npre-shared-keyaddress 192.0.2.1 key K\n",
		"crypto isakmp profile P\nmatchidentity address 192.0.2.1\n",
		"crypto map M 1 ipsec-isakmp\nreverse-routestatic\n",
		"ip access-list extended A\nremarkfoo\n",
		"crypto pki trustpoint T\nsubject-namq CN=x\n",
		"crypto pki certificate map M 1\nnamq co x\nsubject-name co x\n",
	};
	static const struct {
		const char *text, *part;
		unsigned int line;
	} lost[] = {
		{ "object-group service S\ntcp eq 80\nx y\ntcp eq 81\n", "'tcp' is lost", 4 },
		{ "object-group service S\ntcp eq 80\nx y\ngroup-object H\n", "'group-object' is lost", 4 },
		{ "object-group network N\nhost 10.0.0.1\nx y\nhost 10.0.0.2\n", "'host' is lost", 4 },
		{ "object-group network N\nhost 10.0.0.1\nx y\n10.2.0.0 255.255.0.0\n", "is lost", 4 },
		{ "object-group network N\nhost 10.0.0.1\nx y\nrange 10.2.0.1 10.2.0.2\n", "'range' is lost", 4 },
		{ "object-group v6-network N\nhost 2001:db8::1\nx y\n2001:db8:1::/48\n", "is lost", 4 },
		{ "crypto isakmp profile P\nkeyring R\nx y\nmatch identity address 192.0.2.1\n",
		  "'match' is lost", 4 },
		{ "crypto pki certificate map M 1\nissuer-name co x\nx y\nsubject-name co x\n",
		  "'subject-name' is lost", 4 },
	};
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(firsts) / sizeof(*firsts); i++) {
		cfg = parse(firsts[i]);
		tap_ok(has_diag(cfg, IOS_WARNING, 2, "; skipped"), "named: %.*s",
		       (int)strcspn(firsts[i], "\n"), firsts[i]);
		ios_free(cfg);
	}
	for (i = 0; i < sizeof(lost) / sizeof(*lost); i++)
		expect_error(lost[i].part, lost[i].text, lost[i].line, lost[i].part);
	expect_error("a protocol", "object-group service S\ntpc eq 80\n", 2, "'tpc'; is tcp meant?");
	expect_error("its ports", "object-group service S\ntcp eq 1\nupd 500\n", 3, "'upd'; is udp meant?");
	ios_free(clean("an empty section of a text with indentation",
		       "interface eth0\n description x\nip access-list extended A\nlogging buffered\n"));
	ios_free(clean("no line of a group, behind one",
		       "object-group network N\n host 10.0.0.1\nlogging x\n host 10.0.0.1 vrf V\n"
		       "object-group service S\n tcp eq 1\nclass-map X\n description tcp\n"));
}

static void test_prompts(void)
{
	struct ios_config *cfg = clean("a session that was copied from a terminal",
		"R1>enable\nR1#\nR1#conf t\nR1(config)#\nR1(config)#crypto isakmp policy 1\n"
		"R1(config-isakmp)#authentication pre-share\nR1(config-isakmp)# encr aes\n"
		"R1(config-isakmp)#exit\nR1(config)# crypto isakmp key k> address 0.0.0.0\n"
		"R1(config)#crypto ipsec transform-set TS esp-aes esp-sha-hmac\nR1(cfg-crypto-trans)#mode transport\n"
		"R1(cfg-crypto-trans)#access-list 101 permit ip any any\n"
		"gw-1.lab(config)#crypto map M 1 ipsec-isakmp\ngw-1.lab(config-crypto-map)#set peer 1.1.1.1\n"
		"gw-1.lab(config-crypto-map)#set transform-set TS\ngw-1.lab(config-crypto-map)#match address 101\n"
		"R1(config-crypto-map)#interface eth0\nR1(config-if)#ip address 1.1.1.1 255.0.0.0\n"
		"R1(config-if)#crypto map M\nR1(config-if)#exit\nR1(config)#interface eth1\n"
		"R1(config-if)#crypto map M\nR1(config)#no crypto map OLD\nR1(config)#^Z\nR1#show run\nR1#\n");

	tap_ok(cfg->policies->key_bits == 128 && !strcmp((char *)cfg->psks->key, "k>") &&
	       cfg->tsets->transport && cfg->maps->entries->complete && cfg->interfaces &&
	       *cfg->interfaces->map && *cfg->interfaces->next->map, "prompts are no part of a line");
	ios_free(cfg);
	cfg = clean("what a command prints", "R1(config)#ip access-list extended X\n"
		    "R1(config-ext-nacl)#permit tcp any any\nR1(config-ext-nacl)#end\nR1#show access-lists\n"
		    "Extended IP access list X\n    10 permit tcp any any (3 matches)\nR1#\n");
	tap_ok(ios_acl_find(cfg, "X", AF_INET)->n_aces == 1, "what a command prints is no configuration");
	ios_free(cfg);
#define SHOWN "Crypto Map IPv4 \"M\" 10 ipsec-isakmp\n\tPeer = 192.0.2.1\n\naccess-list 101 permit ip any any\n"
	cfg = clean("nor is what it prints of crypto maps", "R1#show crypto map\n" SHOWN "R1>sh crypto map\n" SHOWN
		    "R1#sh run | begin crypto\ncrypto isakmp keepalive 10\nR1#show crypto map\n" SHOWN
		    "!\ncrypto isakmp nat keepalive 20\n");
	tap_ok(!cfg->maps && !cfg->acls && cfg->isakmp.keepalive == 10 && cfg->isakmp.nat_keepalive == 20,
	       "but for a configuration, and what stands behind a comment");
	ios_free(cfg);
	cfg = parse("R1(config)#crypto isakmp policy 1\nR1(config-isakmp)#?\nISAKMP commands:\n"
		    "  authentication  Set authentication method\n\nR1(config-isakmp)#encr ?\n"
		    "  aes  AES\nR1(config-isakmp)#encr aes\nR1(config-isakmp)#au?\nauthentication\n"
		    "R1(config-isakmp)#authentication pre-share\n"
		    "R1(config-isakmp)#crypto map M 1 ipsec-isakmp\nR1(config-crypto-map)#description why?\n");
	tap_ok(cfg->policies->encr == IOS_ENCR_AES && cfg->policies->auth == IOS_AUTH_PRE_SHARE &&
	       !strcmp(cfg->maps->entries->description, "why?") && !cfg->n_errors,
	       "what a question mark is answered with is none, and the section goes on");
	ios_free(cfg);
	ios_free(clean("commands of the top, flat", "crypto isakmp policy 1\nauthentication pre-share\n"
		       "ip route 0.0.0.0 0.0.0.0 192.0.2.1\naccess-list 101 permit ip any any\n"
		       "ip access-list extended X\npermit ip any any\nline vty 0 4\nlogin\n"));
	cfg = parse("R1#crypto map M 1 ipsec-isakmp\n> crypto map M 1 ipsec-isakmp\n");
	tap_ok(ios_config_empty(cfg) && cfg->n_skipped, "a text of which nothing is taken");
	ios_free(cfg);
	expect_error("no word of a section at the top", "R1(config)#crypto map M 1 ipsec-isakmp\n"
		     "R1(config-crypto-map)#set pear 1.1.1.1\n", 2, "unexpected 'pear'");

	cfg = parse("hostname R1\ncrypto logging session\n");
	tap_ok(ios_config_empty(cfg) && cfg->n_skipped == 1, "a text that has nothing for us");
	ios_free(cfg);
	cfg = parse("interface eth0\n netdev eth0\n");
	tap_ok(!ios_config_empty(cfg), "a text that has something");
	ios_free(cfg);
}

static void test_interface_names(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "GigabitEthernet0/1", "Gi0/1", true }, { "gigabitethernet0/1", "GI 0/1", true },
		{ "FastEthernet0/0", "f0/0", true }, { "Ethernet0/0.10", "e0/0.10", true },
		{ "Loopback0", "Lo0", true }, { "loopback0", "Loopback 0", true },
		{ "Serial1/0:15", "s 1/0:15", true }, { "Tunnel1", "Tu1", true },
		{ "Virtual-Template1", "Virtual-te1", true }, { "Vlan10", "vlan10", true },
		{ "GigabitEthernet0/1", "Gi0/10", false }, { "TenGigabitEthernet0/1", "T0/1", false },
		{ "FortyGigabitEthernet0/1", "f0/1", false },
		{ "eth0", "Ethernet0", false }, { "eth0", "Eth0", false }, { "lo0", "Loopback0", false },
		{ "lo", "Loopback0", false }, { "e0", "E0", false }, { "br0", "BRI0", false },
		{ "FastEthernet4", "f4", false }, { "Tunnel0", "tun0", false },
		{ "Ethernet", "e", false }, { "enp0s3", "Ethernet0", false }, { "Gi0/1x", "Gi0/1", false },
	};
	const struct ios_interface *ifc;
	struct ios_config *cfg;
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		snprintf(text, sizeof(text), "interface %s\n netdev x\ninterface %s\n netdev y\n", pairs[i].a,
			 pairs[i].b);
		cfg = parse(text);
		tap_ok(cfg->interfaces && !cfg->interfaces->next == pairs[i].same, "%s is %s%s", pairs[i].a,
		       pairs[i].same ? "" : "not ", pairs[i].b);
		ios_free(cfg);
	}
	expect_warning("what may be meant for another interface", "interface FastEthernet4\n netdev x\ninterface f4\n", 3,
		       "interface f4 is a Linux device here, and on IOS interface FastEthernet4 (line 1)");
	expect_warning("before it", "interface tun0\n netdev y\ninterface Tunnel0\n netdev x\n", 1,
		       "interface tun0 is a Linux device here, and on IOS interface Tunnel0 (line 3)");
	expect_error("with a crypto map", "interface FastEthernet4\n netdev x\nint f4\n crypto map M\n", 3,
		     "interface f4 is a Linux device here");
	cfg = clean("an interface with a colon, and an address", "crypto keyring K\n local-address Serial 1/0:15\n"
		    " pre-shared-key address 1.1.1.1 key k\ncrypto keyring L\n local-address fd00::1\n"
		    " pre-shared-key address ipv6 2001:db8::1/128 key k\ninterface Serial1/0:15\n netdev x\n");
	tap_ok(!strcmp(cfg->keyrings->local.ifname, "Serial1/0:15") &&
	       cfg->keyrings->next->local.addr.family == AF_INET6, "each is what it is");
	ios_free(cfg);
	cfg = clean("a VRF that is a number", "crypto keyring K\n local-address Gi 0/1 10\n pre-shared-key address 1.1.1.1 key k\n"
		    "interface Gi0/1\n netdev x\n");
	tap_ok(!strcmp(cfg->keyrings->local.ifname, "Gi0/1") && !strcmp(cfg->keyrings->local.vrf, "10"), "is no part of the name");
	ios_free(cfg);
	expect_warning("a local-address", "crypto keyring K\n local-address lo0\n pre-shared-key address 1.1.1.1 key k\n"
		       "interface Loopback0\n netdev lo\n", 2, "local-address lo0 is a Linux device here, and on IOS interface Loopback0");
	expect_warning("of a map", "interface Loopback0\n netdev lo\ncrypto map M local-address lo0\n", 3,
		       "local-address lo0 is a Linux device here");
	cfg = clean("local-address by a short name", "crypto map M local-address Lo0\n"
		    "interface Lo 0\n netdev dummy0\ninterface loopback0\n ip address 1.1.1.1 255.0.0.0\n"
		    "interface Loopback0\n ip address 1.1.1.1 255.0.0.0\n");
	ifc = ios_interface_find(cfg, "LOOPBACK0");
	tap_ok(ifc && !strcmp(ifc->name, "loopback0") && !strcmp(ifc->netdev, "dummy0") &&
	       !strcmp(cfg->maps->local_if, "loopback0"), "the first name in full is shown");
	ios_free(cfg);
}

/* The text of a banner is no configuration, whatever it looks like. */
static void test_banners(void)
{
#define TEXT "\n crytpo\ninterface eth0\n crypto map X\nno crypto isakmp policy 1\n"
#define TAIL "\ncrypto isakmp policy 1\n authentication pre-share\n"
	static const char *const banners[] = {
		"banner motd ^C" TEXT "^C" TAIL, "banner motd ^CC" TEXT "end^C" TAIL,
		"banner login #" TEXT "#" TAIL, "banner exec \x03" TEXT "\x03" TAIL,
		"banner ^" TEXT "^" TAIL, "banner motd z" TEXT "z" TAIL,
		"aaa authentication banner ^C" TEXT "^C" TAIL, "banner motd ^CCHIS IS ONE LINE ^C" TAIL,
		/* the first character is the delimiter, whatever it is */
		"banner motd THIS IS TEXT" TAIL, "banner motd 1 one 1" TAIL, "banner Z one Z and more" TAIL,
		/* what the router says is no text yet */
		"R1(config)#banner motd #\nEnter TEXT message.  End with the character '#'." TEXT "#" TAIL,
		"R1(config)#banner login z\nEnter TEXT message.  End with the character 'z'." TEXT "z" TAIL,
		"crypto isakmp policy 1\nbanner motd !" TEXT "! x" TAIL,
		"interface eth1\n banner motd %" TEXT "%" TAIL,
		"line con 0\n vacant-message ^C" TEXT "^C" TAIL, "line 1\n refuse-message #" TEXT "#" TAIL,
		"busy-message host1 ^C" TEXT "^C" TAIL, "menu M title ^C" TEXT "^C" TAIL,
		"menu M text 1 ^C" TAIL, "parameter-map type webauth global\n banner text ^C" TEXT "^C" TAIL,
		"parameter-map type webauth global\n banner title x" TAIL,
	};
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(banners) / sizeof(*banners); i++) {
		cfg = clean("banner", banners[i]);
		tap_ok(cfg->policies && cfg->policies->auth == IOS_AUTH_PRE_SHARE && !cfg->interfaces,
		       "banner %zu is skipped, and no more", i);
		ios_free(cfg);
	}
	expect_error("a banner without an end", "hostname x\nbanner motd #" TEXT, 2, "has no end");
	expect_error("a delimiter that is lost", "hostname x\nbanner motd THIS IS ONE LINE\n", 2, "has no end");
	expect_error("its case", "banner motd z" "\nZ\n", 1, "has no end");
	cfg = parse("banner motd EOT\ncrypto isakmp policy 1\n WE\ncrypto isakmp policy 2\nEOT\n");
	tap_ok(has_diag(cfg, IOS_WARNING, 1, "the text ends at the next 'E'") && cfg->policies &&
	       cfg->policies->priority == 2 && !cfg->policies->next, "a letter ends the text as any other");
	ios_free(cfg);
}

/* A comment may stand behind every command; free text and keys may look like one. */
static void test_comments(void)
{
	struct ios_config *cfg = clean("comments at the end of lines",
		"crypto isakmp policy 1 ! one\n authentication pre-share # two\n encr aes // three\n"
		"crypto isakmp key !k address 0.0.0.0 # four\n"
		"crypto isakmp keepalive 10 // five\n"
		"crypto ipsec transform-set T2 esp-gcm # 256\n"
		"crypto ipsec transform-set TS esp-aes esp-sha-hmac // 256\n mode transport # require\n"
		"access-list 101 permit tcp any any eq 1 # 2\n"
		"ip access-list extended 101 // six\n remark ! not # a comment\n permit tcp any any // eq 2\n"
		"crypto map M 10 ipsec-isakmp # seven\n description # text\n set peer 1.1.1.1 # default\n"
		" set transform-set TS // TS2\n set pfs ! group2\n match address 101 # eight\n"
		"crypto map M local-address lo // nine\n");
	const struct ios_entry *e = cfg->maps->entries;
	const struct ios_ace *ace;

	tap_ok(cfg->policies->key_bits == 128 && !strcmp((char *)cfg->psks->key, "!k") &&
	       cfg->isakmp.keepalive == 10 && cfg->tsets->key_bits == 128 &&
	       cfg->tsets->next->transport && !cfg->tsets->next->require,
	       "what is behind has no effect: phase 1, transform sets");
	tap_ok(e->complete && !e->default_peer && e->n_tsets == 1 && e->pfs_group == 1 &&
	       !strcmp(e->description, "# text") && !strcmp(cfg->maps->local_if, "lo"),
	       "what is behind has no effect: crypto map");
	ace = ios_acl_find(cfg, "101", AF_INET)->aces;
	tap_ok(ace->dport.n == 1 && !strcmp(ace->next->remark, "! not # a comment") &&
	       ace->next->next->dport.op == IOS_PORT_ANY,
	       "what is behind has no effect: access list");
	ios_free(cfg);
	cfg = clean("lines that are comments",
		    "crypto map M 10 ipsec-isakmp\n# text\n set peer 1.1.1.1\n// text\n"
		    " set transform-set TS\n!text\n  #text\n match address 101\n" KEYS TSET
		    "access-list 101 permit ip any any\n");
	tap_ok(cfg->maps->entries->complete && !cfg->n_skipped, "they do not end a section");
	ios_free(cfg);
	expect_error("a comment in place of a value", "crypto isakmp policy 1\n lifetime # 60\n", 2,
		     "ends where a lifetime in seconds was expected (60-86400)");
	expect_warning("no before a comment takes nothing back",
		       "crypto keyring R\npre-shared-key address 0.0.0.0 key k\nno ! x\n", 3,
		       "'no' is neither description");
}

/* Damage a text that has everything, again and again: no crash, no leak, no overrun. */
static void test_damage(void)
{
	static const char good[] = KEYS TSET
		"crypto isakmp key k address 1.1.1.1 255.0.0.0\ncrypto isakmp key h hostname a.b\n"
		"ip access-list extended X\n 10 permit tcp any eq 1 2 3 host 1.1.1.1 range 1 2 log\n"
		" remark text\n no 10\naccess-list 101 deny icmp any any 3 4\n"
		"crypto map M 1 ipsec-manual\n set peer 1.1.1.1\n set transform-set TS\n"
		" set session-key inbound esp 256 cipher 00ff authenticator 00\n match address X\n"
		"crypto map M local-address Loopback 0\ninterface Serial 0/1\n netdev e\n crypto map M\n"
		" ip address 1.1.1.1 255.0.0.0\n ipv6 address 2001:DB8::1/64\n no ip address\n";
	size_t len, i, round, at;
	struct ios_config *cfg;
	char *text;

	for (round = 0; round < 3000; round++) {
		len = sizeof(good) - 1;
		text = malloc(len + 64);
		memcpy(text, good, len);
		for (i = 0; i < 1 + round % 8; i++) {
			at = tap_random(len);
			switch (tap_random(4)) {
			case 0:
				text[at] = tap_random(256);
				break;
			case 1:
				memmove(text + at, text + at + 1, len - at - 1);
				len--;
				break;
			case 2:
				len -= tap_random(len / 2);
				break;
			case 3:
				text[at] = " \t\n!0/"[tap_random(6)];
				break;
			}
		}
		/* exactly as long as it is said to be, for the sanitizer to see an overrun */
		text = realloc(text, len ? len : 1);
		cfg = ios_parse("damage", text, len, round & 1 ? IOS_ADVICE : 0);
		if (!cfg)
			break;
		ios_free(cfg);
		free(text);
	}
	tap_ok(round == 3000, "damaged text");
}

static void test_size(void)
{
	size_t size = 1 << 20, at = 0, n = 0;
	char *text = malloc(size + 256);
	struct ios_config *cfg;

	while (at < size) {
		n++;
		at += sprintf(text + at, "crypto map M %zu ipsec-isakmp\n set peer 10.%zu.%zu.1\n"
			      " match address A%zu\nip access-list extended A%zu\n permit ip any any\n",
			      65536 - n, n >> 8 & 255, n & 255, n, n);
	}
	cfg = ios_parse("big", text, at, 0);
	tap_ok(cfg && cfg->maps->n_entries == n && cfg->maps->entries->seq == 65536 - n,
	       "a megabyte: %zu entries", n);
	ios_free(cfg);

	/* a line of one word, and one of many */
	memset(text, 'x', size);
	cfg = ios_parse("big", text, size, 0);
	ios_free(cfg);
	memcpy(text, "crypto map ", 11);
	for (at = 11; at < size; at++)
		text[at] = at & 1 ? ' ' : '1';
	cfg = ios_parse("big", text, size, 0);
	tap_ok(cfg && cfg->n_errors == 1, "a line of a megabyte");
	ios_free(cfg);
	free(text);
}

int main(void)
{
	tap_random_init();
	test_sections();
	test_interface_or_top();
	test_cut_sections();
	test_flat_sections();
	test_prompts();
	test_interface_names();
	test_banners();
	test_comments();
	test_damage();
	test_size();
	return tap_done();
}
