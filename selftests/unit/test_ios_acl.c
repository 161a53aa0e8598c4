// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Access lists: grammar of IPv4 and IPv6, sequence numbers, options of entries, and
 * which entries can be selectors.
 */
#include "ios/print.h"
#include "ios_diags.h"

/* Entries that a list without use has lost are all told: the first by name, dozens by number. */
static void test_lost(void)
{
	char text[4096] = "ip access-list extended X\n permit ip any any\n";
	struct ios_config *cfg;
	size_t i;

	cfg = parse("ipv6 access-list S\n permit esp any any eq 5\n permit esp any any dest-option\n"
		    " permit tcp any any\n permit ipv6 any any routing\n");
	tap_ok(cfg->n_warnings == 3 && !cfg->n_errors && has_diag(cfg, IOS_WARNING, 2, "'eq'") &&
	       has_diag(cfg, IOS_WARNING, 3, "dest-option") &&
	       has_diag(cfg, IOS_WARNING, 5, "routing"), "each entry that an unused list has lost is told");
	ios_free(cfg);
	for (i = 0; i < 30; i++)
		strcat(text, " permit ip any any time-range T\n");
	cfg = parse(text);
	tap_ok(cfg->n_warnings == 9 && has_diag(cfg, IOS_WARNING, 3, "'time-range'") &&
	       has_diag(cfg, IOS_WARNING, 10, "'time-range'") &&
	       has_diag(cfg, IOS_WARNING, 11, "22 more entries from this line on are left out of access list X"),
	       "of dozens the first, and how many there are");
	ios_free(cfg);
	strcat(text, "crypto map M 1 ipsec-isakmp\n match address X\ninterface eth0\n crypto map M\n");
	cfg = parse(text);
	tap_ok(cfg->n_errors == 30 && !any_diag(cfg, IOS_WARNING, "more entries"),
	       "of a list in use each is an error");
	ios_free(cfg);
}

static void test_acls(void)
{
	struct ios_config *cfg = clean("access lists",
		"access-list 101 remark first\n"
		"access-list 101 permit tcp 10.0.0.7 0.0.0.255 eq www 443 any range ftp 22\n"
		"access-list 101 deny   icmp host 1.1.1.1 any echo log\n"
		"access-list 101 permit udp any neq isakmp any gt 1000\n"
		"ip access-list extended X\n"
		" permit 47 any any\n"
		" 15 permit ip any 10.0.0.0 0.255.0.255\n"
		" permit icmp any any 3 4\n"
		" deny ip any any\n"
		" no 10\n"
		"access-list 10 permit any\n");
	static const char *const foreign[] = {
		"evaluate BACK", "20 evaluate BACK", "dynamic D timeout 5 permit ip any any",
		"permit tcp any any reflect BACK", "permit tcp any any reflect BACK timeout 5",
	};
	const struct ios_acl *acl = ios_acl_find(cfg, "101", AF_INET);
	const struct ios_ace *ace = acl->aces;
	char text[256];
	size_t i;

	tap_ok(acl->numbered && acl->n_aces == 4 && ace->action == IOS_REMARK && ace->seq == 1 &&
	       !strcmp(ace->remark, "first"), "remark");
	ace = ace->next;
	tap_ok(ace->seq == 10 && ace->proto == 6 && ace->src.v4.s_addr == ip("10.0.0.0").s_addr &&
	       ace->sport.op == IOS_PORT_EQ && ace->sport.n == 2 && ace->sport.port[0] == 80 &&
	       ace->sport.port[1] == 443 && ace->dst_wild.v4.s_addr == UINT32_MAX &&
	       ace->dport.op == IOS_PORT_RANGE && ace->dport.port[0] == 21 &&
	       ace->dport.port[1] == 22, "ports by name and number, bits under the wildcard zero");
	ace = ace->next;
	tap_ok(ace->seq == 20 && ace->action == IOS_DENY && ace->icmp_type == 8 &&
	       ace->icmp_code == IOS_ICMP_ANY && ace->log && !ace->src_wild.v4.s_addr, "ICMP by name");
	ace = ace->next;
	tap_ok(ace->sport.op == IOS_PORT_NEQ && ace->sport.port[0] == 500 &&
	       ace->dport.op == IOS_PORT_GT, "neq and gt");
	acl = ios_acl_find(cfg, "X", AF_INET);
	tap_ok(acl && acl->n_aces == 3 && acl->aces->seq == 15 && acl->aces->next->seq == 25 &&
	       acl->aces->next->next->seq == 35, "sequence numbers, and one removed");
	tap_ok(acl->aces->next->icmp_type == 3 && acl->aces->next->icmp_code == 4, "ICMP by number");
	acl = ios_acl_find(cfg, "10", AF_INET);
	tap_ok(!cfg->n_skipped && acl && acl->standard && acl->numbered, "a standard list");
	ios_free(cfg);

	expect_warning("what a list holds that no map uses",
		       "access-list 101 permit tcp any any time-range T\n", 1,
		       "'time-range' is not supported");
	expect_error("the same in a list that a map uses",
		     "access-list 101 permit tcp any any time-range T\n"
		     "crypto map M 1 ipsec-isakmp\n match address 101\ninterface eth0\n crypto map M\n", 1,
		     "'time-range' is not supported");
	expect_warning("in a list of a map that is on no interface",
		       "access-list 101 permit tcp any any time-range T\n"
		       "crypto map M 1 ipsec-isakmp\n match address 101\n", 1,
		       "left out of access list 101");
	test_lost();
	ios_free(clean("in a list that is gone",
		       "access-list 101 permit tcp any any time-range T\nno access-list 101\n"
		       "access-list 101 permit tcp any any\n"));
	cfg = clean("entries removed by what they say",
		    "ip access-list extended X\n remark a\n permit tcp any host 1.1.1.1 eq 22 80\n"
		    " permit tcp any host 1.1.1.1 eq 22\n deny ip 10.0.0.9 0.0.0.255 any\n permit icmp any any 8\n"
		    " remark b\n no remark a\n no permit tcp any 1.1.1.1 0.0.0.0 eq 22\n"
		    " no deny ip 10.0.0.0 0.0.0.255 any\n no permit icmp any any echo\n");
	acl = ios_acl_find(cfg, "X", AF_INET);
	tap_ok(acl->n_aces == 2 && acl->aces->dport.n == 2 && !strcmp(acl->aces->next->remark, "b"),
	       "these entries, and no others");
	ios_free(cfg);
	cfg = parse("ip access-list extended X\n 10 permit tcp any any\n 20 permit udp any any\n"
		    " no 20 permit tcp any any\n no 20 permit udp any any\n");
	acl = ios_acl_find(cfg, "X", AF_INET);
	tap_ok(!cfg->n_errors && cfg->n_warnings == 1 && has_diag(cfg, IOS_WARNING, 4, "has no such entry") &&
	       acl->n_aces == 1 && acl->aces->seq == 10, "one that is removed by number and words has both");
	ios_free(cfg);
	expect_warning("a whole list that no takes away", "access-list 101 permit tcp any any\n"
		       "access-list 101 permit udp any any\nno access-list 101 permit tcp any any\n", 3,
		       "no access-list 101 takes the whole list away");
	cfg = parse("ip access-list extended X\n permit tcp any any eq 1 2\n permit tcp any any eq 1 3\n"
		    " 30 permit tcp any any eq 1 2 log\n 10 permit tcp any any eq 1 2\n deny tcp any any eq 1 2\n"
		    " no 10\n permit tcp any any eq 1 2\nip access-list extended Y\n permit tcp any any eq 1 3\n"
		    " remark r\n remark r\n");
	acl = ios_acl_find(cfg, "X", AF_INET);
	tap_ok(!cfg->n_errors && cfg->n_warnings == 2 && acl->n_aces == 3 &&
	       has_diag(cfg, IOS_WARNING, 4, "same entry in line 2") &&
	       has_diag(cfg, IOS_WARNING, 5, "same entry in line 2") &&
	       ios_acl_find(cfg, "Y", AF_INET)->n_aces == 3, "an entry that is there already is left out");
	ios_free(cfg);
	cfg = clean("access lists: short words, and log with a word",
		    "ip acce ext A\n perm tcp any any log cookie\n permit icmp any any echo-rep log-input\n"
		    " permit icmp any any packet\nacce 101 permit ip any any\n");
	ace = ios_acl_find(cfg, "A", AF_INET)->aces;
	tap_ok(ace->log == IOS_LOG && !strcmp(ace->tag, "cookie") && ace->next->log == IOS_LOG_INPUT &&
	       !ace->next->tag && ace->next->icmp_type == 0 &&
	       ace->next->next->icmp_type == 3 && ace->next->next->icmp_code == 4 &&
	       ios_acl_find(cfg, "101", AF_INET), "access lists: short words, values");
	ios_free(cfg);
	cfg = clean("a remark without text", "access-list 101 remark\naccess-list 101 permit ip any any\n"
		    "ip access-list extended X\n remark \n permit ip any any\n 15 remark\n");
	tap_ok(ios_acl_find(cfg, "101", AF_INET)->n_aces == 1 &&
	       ios_acl_find(cfg, "X", AF_INET)->n_aces == 1, "is none");
	ios_free(cfg);
	cfg = clean("a range of one port", KEYS TSET "access-list 101 permit tcp any range 80 www any\n"
		    "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
		    "interface eth0\n crypto map M\n");
	ace = ios_acl_find(cfg, "101", AF_INET)->aces;
	tap_ok(ace->sport.op == IOS_PORT_EQ && ace->sport.n == 1 && ace->sport.port[0] == 80,
	       "is that port, which IKE can name");
	ios_free(cfg);
	cfg = clean("ports of later releases",
		    "access-list 101 permit tcp any any eq drip onep-plain onep-tls\n"
		    "access-list 101 permit udp any any eq ripv6\n");
	ace = ios_acl_find(cfg, "101", AF_INET)->aces;
	tap_ok(ace->dport.n == 3 && ace->dport.port[0] == 3949 && ace->dport.port[1] == 15001 &&
	       ace->dport.port[2] == 15002 && ace->next->dport.port[0] == 521, "have names");
	ios_free(cfg);
	expect_warning("an option that a type begins with", "access-list 101 permit icmp any any ttl same\n",
		       1, "expected eq, gt, lt, neq or range");
	expect_warning("an option behind log", "access-list 101 permit tcp any any log time-range T\n", 1,
		       "'time-range' is not supported");
	expect_warning("a mask in place of a wildcard",
		       "access-list 101 permit ip 10.0.0.0 255.255.255.0 any\n", 1,
		       "'255.255.255.0' looks like a network mask");
	ios_free(clean("wildcards that look like none",
		       "access-list 101 permit ip 10.0.0.0 0.0.0.255 0.0.0.0 255.255.255.255\n"
		       "access-list 101 permit ip 10.0.0.0 0.255.0.255 1.1.1.1 0.0.0.0\n"));
	expect_warning("no entry that says this",
		       "ip access-list extended X\n permit tcp any any\n no permit udp any any\n", 3,
		       "access list X has no such entry");
	expect_warning("no entry of this number", "ip access-list extended X\n permit tcp any any\n no 20\n",
		       3, "access list X has no entry 20");
	cfg = clean("resequence",
		    "ip access-list extended X\n 3 permit tcp any any\n 1 permit udp any any\n remark r\n"
		    " 7 permit icmp any any\nip access-list resequence X 100 5\n"
		    "ip access-list extended X\n permit gre any any\n no 105\n"
		    "access-list 101 remark a\naccess-list 101 permit ip any any\naccess-list 101 remark b\n"
		    "ip access-list resequence 101 1 1\n");
	acl = ios_acl_find(cfg, "X", AF_INET);
	ace = acl->aces;
	tap_ok(acl->n_aces == 4 && ace->seq == 100 && ace->proto == 17 && ace->next->seq == 106 &&
	       ace->next->action == IOS_REMARK && ace->next->next->seq == 110 &&
	       ace->next->next->next->seq == 120, "start and step; remarks in between");
	ace = ios_acl_find(cfg, "101", AF_INET)->aces;
	tap_ok(ace->seq == 1 && ace->next->seq == 2 && ace->next->next->seq == 3,
	       "no room between the entries: remarks count as well");
	ios_free(cfg);
	cfg = clean("remarks with the numbers of entries",
		    "ip access-list extended X\n 10 remark a\n 10 remark b\n 10 permit tcp any any\n"
		    " 20 remark c\n 20 permit udp any any\n");
	acl = ios_acl_find(cfg, "X", AF_INET);
	ace = acl->aces;
	tap_ok(acl->n_aces == 5 && !strcmp(ace->remark, "a") && !strcmp(ace->next->remark, "b") &&
	       ace->next->next->seq == 10 && !strcmp(ace->next->next->next->remark, "c") &&
	       ace->next->next->next->next->seq == 20, "are before these");
	ios_free(cfg);
	expect_warning("no room before an entry", "ip access-list extended X\n 1 remark a\n 1 permit ip any any\n",
		       3, "access list X has an entry 1 in line 2 already; entries like this are left out of access list X, which no crypto map on an interface uses");
	expect_error("resequence: too many", "access-list 101 permit tcp any any\n"
		     "access-list 101 permit udp any any\nip access-list resequence 101 2 2147483647\n", 3,
		     "too many entries");
	expect_error("resequence: no number", "ip access-list resequence 101 0 1\n", 1,
		     "expected the first sequence number");
	expect_warning("resequence: no list", "ip access-list resequence 101 10 10\n", 1, "not defined");
	for (i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		snprintf(text, sizeof(text), "ip access-list extended X\n %s\n", foreign[i]);
		expect_warning(foreign[i], text, 2, "is not supported in this version; entries like this");
		strcat(text, "crypto map M 1 ipsec-isakmp\n match address X\ninterface eth0\n crypto map M\n");
		expect_error(foreign[i], text, 2, "is not supported in this version");
	}
	expect_warning("prefix length", "access-list 101 permit ip 10.0.0.0/8 any\n", 1,
		       "not a prefix length");
	expect_warning("sequence number twice",
		       "ip access-list extended X\n 10 permit ip any any\n 10 deny ip any any\n", 3,
		       "entry 10 in line 2");
}

static void test_ipv6_acls(void)
{
	static const struct {
		const char *line, *part;
	} refused[] = {
		{ "permit ipv6 10.0.0.0 0.0.0.255 any", "expected a source: any, host, object-group or a prefix" },
		{ "permit ipv6 any 2001:DB8::/129", "expected a destination: any, host, object-group or a prefix" },
		{ "permit ipv6 any 2001:DB8::1", "expected a destination" },
		{ "permit ipv6 any host 1.1.1.1", "expected an address after host" },
		{ "permit gre any any", "expected a protocol: a number (0-255) or ipv6" },
		{ "permit ipv6 any any routing", "'routing' is not supported" },
		{ "permit ipv6 any any und", "'undetermined-transport' is not supported" },
		{ "permit icmp any any time-ra X", "'time-range' is not supported" },
		{ "permit icmp any any echo", "expected an ICMP type (0-255), sequence, dscp, " },
	};
	struct ios_config *cfg = clean("IPv6 access list",
		"ipv6 access-list V6\n remark the far end\n permit ipv6 2001:DB8:1::7/48 2001:db8:2::/48\n"
		" sequence 15 deny tcp any eq www host 2001:DB8::1 range 1 9\n permit icmp any any nd-ns log\n"
		" permit icmp any any 3 1\n permit 132 any ::/0 sequence 70\n permit ip any ff::/8\n"
		" permit udp any host ::1\n no sequence 15\n no permit udp any ::1/128\n"
		"ip access-list extended V6\n permit ip any any\n");
	const struct ios_acl *acl = ios_acl_find(cfg, "V6", AF_INET6);
	const struct ios_ace *ace = acl->aces;
	char text[256];
	size_t i;

	tap_ok(acl->family == AF_INET6 && !acl->numbered && acl->n_aces == 6 &&
	       ace->action == IOS_REMARK && ace->seq == 1, "IPv6 remark");
	ace = ace->next;
	tap_ok(ace->seq == 10 && ace->proto == IOS_PROTO_ANY && six(&ace->src, "2001:db8:1::") &&
	       ios_wild_prefix(&ace->src_wild) == 48 && six(&ace->dst, "2001:db8:2::"),
	       "IPv6 prefixes, bits behind them zero");
	ace = ace->next;
	tap_ok(ace->seq == 25 && ace->proto == 58 && ace->icmp_type == 135 && ace->log, "ICMPv6 by name");
	ace = ace->next;
	tap_ok(ace->seq == 35 && ace->icmp_type == 3 && ace->icmp_code == 1, "ICMPv6 by number");
	ace = ace->next;
	tap_ok(ace->seq == 70 && ace->proto == 132 && !ios_wild_prefix(&ace->dst_wild),
	       "a number at the end");
	tap_ok(ace->next->seq == 80 && ios_wild_prefix(&ace->next->dst_wild) == 8,
	       "ip for ipv6, and numbers go on");
	tap_ok(ios_acl_find(cfg, "V6", AF_INET)->n_aces == 1, "names of IPv4 and IPv6 are apart");
	ios_free(cfg);

	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		snprintf(text, sizeof(text), "ipv6 access-list A\n %s\n", refused[i].line);
		expect_warning(refused[i].line, text, 2, refused[i].part);
	}
	expect_error("sequence without a number", "ipv6 access-list A\n sequence permit ipv6 any any\n", 2,
		     "expected a sequence number");
	expect_error("sequence 0", "ipv6 access-list A\n sequence 0 permit ipv6 any any\n", 2,
		     "expected a sequence number");
	cfg = clean("an IPv6 list removed", "ip access-list extended A\n permit ip any any\n"
		    "ipv6 access-list A\n permit ipv6 any any\nno ipv6 access-list A\n");
	tap_ok(!ios_acl_find(cfg, "A", AF_INET6) && ios_acl_find(cfg, "A", AF_INET), "and no other");
	ios_free(cfg);
	expect_warning("the same entry of IPv6 twice",
		       "ipv6 access-list A\n permit ipv6 2001::/16 any\n permit ipv6 2001:1::/16 any\n", 3,
		       "same entry in line 2");
}

/* What IKEv1 cannot say is refused where it would be needed, and only there. */
static void test_selectors(void)
{
	static const struct {
		const char *ace, *part;
	} refused[] = {
		{ "permit tcp any any range 1 2", "one port" },
		{ "permit tcp any any eq 1 2", "one port" },
		{ "permit udp any gt 5 any", "one port" },
		{ "permit ip 10.0.0.0 0.255.0.255 any", "holes" },
		{ "permit icmp any any echo", "ICMP type" },
	};
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		snprintf(text, sizeof(text), KEYS TSET "ip access-list extended X\n %s\n"
			 "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n"
			 " match address X\n", refused[i].ace);
		expect_warning(refused[i].ace, text, 6, refused[i].part);
		strcat(text, "interface eth0\n crypto map M\n");
		expect_error(refused[i].ace, text, 6, refused[i].part);
	}
	/* the entry with the lower number is incomplete, and looked at first or last */
	expect_error("a list that is shared", KEYS TSET "access-list 101 permit icmp any any echo\n"
		     "crypto map M 1 ipsec-isakmp\n match address 101\n"
		     "crypto map M 2 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n"
		     " match address 101\ncrypto map M 3 ipsec-isakmp\n match address 101\n"
		     "interface eth0\n crypto map M\n", 5, "ICMP type");
	ios_free(clean("a deny of the same is fine", KEYS TSET
		"ip access-list extended X\n deny tcp any any range 1 2\n permit ip any any\n"
		"crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n"
		" match address X\n"));
}

/* What access list entries may end with. */
static void test_options(void)
{
	struct ios_config *cfg = clean("options of entries",
		"ip access-list extended X\n permit tcp any any established log\n"
		" permit tcp any any ack\n permit tcp any any syn fin\n"
		" deny tcp any any match-all +syn -ack dscp ef\n"
		" permit ip any any precedence critical tos min-delay\n"
		" permit ip any any dscp 11 fragments\n permit tcp any any match-any +rst -urg\n");
	const struct ios_ace *ace = ios_acl_find(cfg, "X", AF_INET)->aces;

	tap_ok(ace->tcp_set == 0x14 && !ace->tcp_clear && !ace->tcp_all && ace->log, "established");
	ace = ace->next;
	tap_ok(ace->tcp_set == 0x10 && !ace->tcp_all, "a TCP flag");
	ace = ace->next;
	tap_ok(ace->tcp_set == 0x03 && !ace->tcp_all, "TCP flags, of which one is enough");
	ace = ace->next;
	tap_ok(ace->tcp_set == 0x02 && ace->tcp_clear == 0x10 && ace->tcp_all && ace->tos == 0xb8 &&
	       ace->tos_mask == 0xfc, "all of the TCP flags, and a DSCP");
	ace = ace->next;
	tap_ok(ace->tos == 0xb0 && ace->tos_mask == 0xfe, "precedence and tos");
	ace = ace->next;
	tap_ok(ace->tos == 0x2c && ace->fragments, "fragments, and a DSCP by number");
	ace = ace->next;
	tap_ok(ace->tcp_set == 0x04 && ace->tcp_clear == 0x20 && !ace->tcp_all, "match-any");
	ios_free(cfg);

	expect_warning("flags of UDP", "access-list 101 permit udp any any established\n", 1,
		       "'established' is of tcp");
	expect_warning("match-all with nothing", "access-list 101 permit tcp any any match-all log\n", 1,
		       "expected TCP flags");
	expect_warning("match-all with other flags", "access-list 101 permit tcp any any ack match-all +syn\n",
		       1, "does not go with");
	expect_warning("a flag that does not exist", "access-list 101 permit tcp any any match-any +ecn\n",
		       1, "unexpected '+ecn'");
	expect_warning("dscp and precedence", "access-list 101 permit ip any any dscp ef precedence 5\n", 1,
		       "the same bits");
	expect_warning("a DSCP too large", "access-list 101 permit ip any any dscp 64\n", 1,
		       "expected a DSCP (0-63");
	expect_warning("fragments with ports", "access-list 101 permit tcp any any eq 80 fragments\n", 1,
		       "show neither ports");
	expect_warning("fragments with flags", "access-list 101 permit tcp any any fragments ack\n", 1,
		       "show no TCP flags");
	expect_error("what IKE cannot name",
		     "access-list 101 deny tcp any any established\n"
		     "access-list 101 permit tcp any any dscp ef\n" TSET KEYS
		     "crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n"
		     " match address 101\ninterface eth0\n crypto map M\n", 2,
		     "IKE cannot name TCP flags, a TOS, a TTL or fragments");
}

/* Standard lists: what their entries are read as, and written. */
static void test_standard(void)
{
	struct ios_config *cfg = clean("standard lists",
		"access-list 10 remark of nobody\naccess-list 10 permit 10.1.0.9\n"
		"access-list 10 deny 10.1.0.0 0.0.0.255 log\n"
		"ip access-list standard S\n 20 permit any\n 5 deny host 10.0.0.1\n no 20\n");
	const struct ios_acl *acl = ios_acl_find(cfg, "10", AF_INET);
	const struct ios_ace *ace = acl->aces->next;
	char text[IOS_ACE_TEXT];

	tap_ok(acl->standard && ace->proto == IOS_PROTO_ANY && !ace->src_wild.v4.s_addr &&
	       ace->dst_wild.v4.s_addr == UINT32_MAX, "a host, to any destination");
	ios_ace_text(text, sizeof(text), ace, false);
	tap_ok(!strcmp(text, "permit 10.1.0.9"), "a host is written without a word");
	ios_ace_text(text, sizeof(text), ace->next, false);
	tap_ok(!strcmp(text, "deny   10.1.0.0 0.0.0.255 log"), "a network, as configured");
	ios_ace_text(text, sizeof(text), ace->next, true);
	tap_ok(!strcmp(text, "deny   10.1.0.0, wildcard bits 0.0.0.255 log"), "as shown");
	acl = ios_acl_find(cfg, "S", AF_INET);
	tap_ok(acl->standard && acl->n_aces == 1 && acl->aces->seq == 5, "a named one, numbers");
	ios_free(cfg);

	expect_warning("a standard list has no protocol", "access-list 10 permit ip any any\n", 1,
		       "expected a source");
	expect_warning("nor a destination", "access-list 1300 permit any any\n", 1, "unexpected 'any'");
	expect_warning("nor object-groups", "access-list 10 permit object-group G\n", 1,
		       "no object-groups");
	expect_error("one name for two kinds",
		     "ip access-list standard X\n permit any\nip access-list extended X\n", 3,
		     "access list X is a standard one in line 1");
	expect_error("a number of the other kind", "ip access-list standard 100\n", 1,
		     "100 is not the number of a standard access list (1-99, 1300-1999)");
}

/* Operators of ttl, each with what is left of it. */
static void test_ttl(void)
{
	static const struct {
		const char *words;
		enum ios_port_op op;
		unsigned int n;
		const char *printed;
	} ttls[] = {
		{ "eq 5", IOS_PORT_EQ, 1, "eq 5" }, { "neq 5", IOS_PORT_NEQ, 1, "neq 5" },
		{ "eq 1 80 255", IOS_PORT_EQ, 3, "eq 1 80 255" },
		{ "neq 0 1 2 3 4 5 6 7 8 9 log", IOS_PORT_NEQ, 10, "neq 0 1 2 3 4 5 6 7 8 9 log" },
		{ "lt 5", IOS_PORT_LT, 1, "lt 5" }, { "gt 254", IOS_PORT_GT, 1, "gt 254" },
		{ "range 9 3", IOS_PORT_RANGE, 2, "range 3 9" },
	};
	char text[96], want[96];
	struct ios_config *cfg;
	struct ios_ace *ace;
	size_t i;

	for (i = 0; i < sizeof(ttls) / sizeof(*ttls); i++) {
		snprintf(text, sizeof(text), "access-list 101 permit ip any any ttl %s\n", ttls[i].words);
		cfg = parse(text);
		ace = cfg->acls->aces;
		ios_ace_text(text, sizeof(text), ace, true);
		snprintf(want, sizeof(want), "permit ip any any ttl %s", ttls[i].printed);
		tap_ok(!cfg->n_warnings && ace->ttl.op == ttls[i].op && ace->ttl.n == ttls[i].n &&
		       !strcmp(text, want), "ttl %s", ttls[i].words);
		ios_free(cfg);
	}
	expect_warning("no TTL", "access-list 101 permit ip any any ttl lt 0\n", 1, "no TTL is lt 0");
	expect_warning("TTLs too large", "access-list 101 permit ip any any ttl range 0 256\n", 1,
		       "a TTL");
	expect_warning("too many TTLs", "access-list 101 permit ip any any ttl eq 1 2 3 4 5 6 7 8 9 10 11\n",
		       1, "at most 10 TTLs are possible");
	expect_warning("a list after lt", "access-list 101 permit ip any any ttl lt 5 6\n", 1,
		       "unexpected '6'");
	expect_warning("two options", "access-list 101 permit ip any any ttl lt 5 ttl eq 6\n", 1,
		       "one ttl is possible");
	expect_warning("IPv6 lists have none", "ipv6 access-list X\n permit ipv6 any any ttl eq 1\n", 2,
		       "unexpected 'ttl'");
}

/* Entries are found by a hash: the first two have one, as TTLs alone had once. */
static void test_alike(void)
{
	static const char *const one = "permit tcp any host 10.0.4.198 eq 1057\n";
	static const char *const other = "permit tcp any host 10.0.23.21 eq 1008\n";
	struct ios_config *cfg;
	char text[1024];

	snprintf(text, sizeof(text),
		 "ip access-list extended X\n %s %s 70 %s 80 %s no 10\n 90 %s no 20\n %s 30 %s 100 %s",
		 one, other, one, other, other, other, one, other);
	cfg = parse(text);
	tap_ok(has_diag(cfg, IOS_WARNING, 4, "same entry in line 2") &&
	       has_diag(cfg, IOS_WARNING, 5, "same entry in line 3") &&
	       has_diag(cfg, IOS_WARNING, 7, "same entry in line 3") &&
	       !has_diag(cfg, IOS_WARNING, 9, "same") && !has_diag(cfg, IOS_WARNING, 10, "same") &&
	       has_diag(cfg, IOS_WARNING, 11, "same entry in line 9") &&
	       ios_acl_find(cfg, "X", AF_INET)->n_aces == 2, "entries with the same hash");
	ios_free(cfg);
	cfg = parse("ip access-list extended X\n 35 deny udp any any ttl eq 5 9\n"
		    " 70 deny udp any any ttl eq 2 9\n 17 deny udp any any ttl eq 2 9\n");
	tap_ok(has_diag(cfg, IOS_WARNING, 4, "same entry in line 3") &&
	       ios_acl_find(cfg, "X", AF_INET)->n_aces == 2, "entries that differ in TTLs");
	ios_free(cfg);
}

/* When it is done makes no difference. */
static void test_resequence(void)
{
#define LIST "ip access-list extended A\n permit ip host 10.0.0.1 any\n permit ip host 10.0.0.2 any\n" \
	" permit ip host 10.0.0.3 any\n"
	static const struct {
		const char *text;
		uint32_t seq[5];
	} cases[] = {
		{ LIST "ip access-list resequence A 5 5\nip access-list resequence A 100 20\n",
		  { 100, 120, 140 } },
		{ LIST "ip access-list resequence A 100 20\nip access-list extended A\n no 120\n",
		  { 100, 140 } },
		{ LIST "ip access-list resequence A 100 20\nip access-list extended A\n permit ip any any\n",
		  { 100, 120, 140, 150 } },
		{ LIST "ip access-list resequence A 100 20\nip access-list extended A\n 110 permit ip any any\n"
		  "ip access-list resequence A 10 10\n", { 10, 20, 30, 40 } },
		{ LIST " no 20\nip access-list resequence A 10 10\n", { 10, 20 } },
		{ LIST " no 30\n permit ip host 10.0.0.9 any\nip access-list resequence A 10 10\n", { 10, 20, 30 } },
		{ LIST " 15 remark r\nip access-list resequence A 10 10\n", { 10, 11, 20, 30 } },
		{ LIST "ip access-list resequence A 100 20\nip access-list extended A\n"
		  " no permit ip host 10.0.0.1 any\nip access-list resequence A 2147483647 1\n", { 120, 140 } },
		{ LIST "ip access-list resequence A 100 20\nno ip access-list extended A\n" LIST, { 10, 20, 30 } },
	};
	const struct ios_ace *ace;
	struct ios_config *cfg;
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cfg = parse(cases[i].text);
		ace = cfg->acls ? cfg->acls->aces : NULL;
		for (n = 0; ace && ace->seq == cases[i].seq[n]; ace = ace->next)
			n++;
		if (!tap_ok(n && !ace && !cases[i].seq[n], "numbered anew: %zu", i))
			show_diags(cfg);
		ios_free(cfg);
	}
}

/* Each time for an entry that follows: a text of a few thousand lines numbers billions. */
static void test_resequence_many(void)
{
	unsigned int i, entries = 20000, times = 1000, line;
	const struct ios_diag *diag;
	struct ios_config *cfg;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fputs("ip access-list extended A\n", f);
	for (i = 0; i < entries; i++)
		fprintf(f, " permit ip host 10.0.%u.%u any\n", i >> 8, i & 255);
	for (i = 0; i < times; i++)
		fprintf(f, "ip access-list resequence A %u 10\nip access-list extended A\n no 5\n", 10 + i % 2);
	fclose(f);
	cfg = parse(text);
	/* the first one changes nothing */
	line = 1 + entries + 3 * (1 + (4u << 20) / entries + 1) + 1;
	for (diag = cfg->diags; diag && diag->severity != IOS_ERROR;)
		diag = diag->next;
	if (!tap_ok(cfg->n_errors == 1 && diag->line == line && strstr(diag->text, "numbered anew too often"),
		    "numbered anew %u times: told once, and not done", times))
		show_diags(cfg);
	ios_free(cfg);
	free(text);
}

int main(void)
{
	test_acls();
	test_alike();
	test_ipv6_acls();
	test_selectors();
	test_options();
	test_standard();
	test_ttl();
	test_resequence();
	test_resequence_many();
	return tap_done();
}
