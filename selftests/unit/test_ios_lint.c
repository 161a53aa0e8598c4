// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The advice of check and load: each warning with a text that has to have it
 * and one that must not, how entries relate, and lists as long as they may be.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "ios/model.h"
#include "ios_diags.h"
#include "resolve.h"

/* lines 1 to 7 of every text; the access list is line 8 and on */
#define HEAD \
	"crypto isakmp policy 1\n encr aes\n hash sha256\n authentication pre-share\n group 14\n" \
	"crypto isakmp key k address 0.0.0.0\n" \
	"crypto ipsec transform-set TS esp-aes esp-sha256-hmac\n"
#define ACL "ip access-list extended A\n"
#define ENTRY(seq, peer, acl) \
	"crypto map M " #seq " ipsec-isakmp\n set peer " peer "\n set transform-set TS\n" \
	" match address " acl "\n"
#define ON "interface eth9\n crypto map M\n"
#define M10 ENTRY(10, "192.0.2.9", "A")
#define A_TO_B " permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n"

static struct ios_config *advised(const char *text)
{
	return ios_parse("test", text, strlen(text), IOS_ADVICE);
}

static size_t count(const struct ios_config *cfg, unsigned int line, const char *part)
{
	const struct ios_diag *diag;
	size_t n = 0;

	for (diag = cfg->diags; diag; diag = diag->next)
		n += (!line || diag->line == line) && strstr(diag->text, part);
	return n;
}

/*
 * An interface gets its device from the command line: the text, what is said of it, and the
 * interface's section as it is printed.
 */
static void bound(const char *what, const char *text, const char *name, const char *dev,
		  unsigned int line, const char *part, const char *section)
{
	struct ios_binding binding = { 0 };
	struct ios_config *cfg, *again;
	char *printed;

	strcpy(binding.name, name);
	strcpy(binding.dev, dev);
	cfg = ios_parse_bound("test", text, strlen(text), IOS_ADVICE, &binding, 1);
	printed = ios_print(cfg, IOS_PRINT_ALL, NULL);
	if (!tap_ok(part ? cfg->diags && !cfg->diags->next && cfg->diags->line == line &&
		    strstr(cfg->diags->text, part) : !cfg->diags, "--interface: %s", what))
		show_diags(cfg);
	tap_ok(!section == (cfg->n_errors > 0), "%s: %s", what, section ? "no error" : "an error");
	if (section) {
		again = ios_parse("again", printed, strlen(printed), IOS_ADVICE);
		tap_ok(strstr(printed, section) && !again->n_errors && !again->n_warnings,
		       "%s: the running-config has it", what);
		ios_free(again);
	}
	ios_text_free(printed);
	ios_free(cfg);
}

static void test_bindings(void)
{
#define BOUND(ifc) HEAD ACL A_TO_B M10 "interface " ifc "\n"
#define SECTION "interface GigabitEthernet0/1\n netdev eth0\n crypto map M\n"
	bound("a name that Linux cannot have", BOUND("GigabitEthernet0/1") " crypto map M\n",
	      "GigabitEthernet0/1", "eth0", 0, NULL, SECTION);
	bound("abbreviated", BOUND("GigabitEthernet0/1") " crypto map M\n", "gi0/1", "eth0", 0, NULL,
	      SECTION);
	bound("abbreviated in the text", BOUND("Gi0/1") " crypto map M\n", "GigabitEthernet0/1",
	      "eth0", 0, NULL, "interface Gi0/1\n netdev eth0\n");
	bound("as the netdev line", BOUND("GigabitEthernet0/1") " netdev eth0\n crypto map M\n",
	      "Gi0/1", "eth0", 0, NULL, SECTION);
	bound("not as the netdev line", BOUND("GigabitEthernet0/1") " netdev eth9\n crypto map M\n",
	      "Gi0/1", "eth0", 14, "--interface makes it eth0, its netdev line, which does not count, eth9", SECTION);
	bound("another interface", BOUND("eth0") " crypto map M\n", "Gi0/2", "eth1", 0,
	      "--interface Gi0/2=eth1: there is no interface of this name in the text", NULL);
	bound("of a local-address", BOUND("Loopback0") "interface eth0\n crypto map M\n"
	      "crypto map M local-address Loopback0\n", "Lo0", "lo", 0, NULL,
	      "interface Loopback0\n netdev lo\n");
	bound("two on one device", BOUND("eth0") " crypto map M\ninterface Gi0/1\n crypto map M\n",
	      "Gi0/1", "eth0", 15, "device eth0 has a crypto map by interface Gi0/1 (line 17)", NULL);
}

/* struct warning - a text and its only diagnostic; without @part it has none */
struct warning {
	const char *what, *text;
	unsigned int line;
	const char *part;
};

/* The first, from @diag on, that is not of a map that is nowhere, as those of most texts here are. */
static const struct ios_diag *other(const struct ios_diag *diag)
{
	while (diag && (strstr(diag->text, " is on no interface and ") ||
			strstr(diag->text, " is in no crypto map and ")))
		diag = diag->next;
	return diag;
}

static void expect_one(const struct warning *w)
{
	struct ios_config *cfg = advised(w->text);
	const struct ios_diag *diag = other(cfg->diags);

	if (!tap_ok(w->part ? diag && !other(diag->next) && diag->severity == IOS_WARNING &&
		    diag->line == w->line && strstr(diag->text, w->part) : !diag, "%s", w->what))
		show_diags(cfg);
	ios_free(cfg);
}

static void expect_all(const struct warning *w, size_t n)
{
	for (; n--; w++)
		expect_one(w);
}

#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof(*(cases)))

/* ----------------------------------------------------------------------- relations */

/* Whether @a has all of @b, and whether they have something in common; two lines of a list. */
static void relation(const char *a, const char *b, bool contains, bool overlaps)
{
	struct ios_config *cfg;
	const struct ios_ace *x, *y;
	char text[512];

	snprintf(text, sizeof(text), "ip access-list extended A\n permit %s\n permit %s\n", a, b);
	cfg = advised(text);
	x = cfg->acls->aces;
	y = x->next;
	if (!tap_ok(y && ios_ace_contains(x, y) == contains && ios_ace_overlaps(x, y) == overlaps &&
		    ios_ace_overlaps(y, x) == overlaps, "%s / %s", a, b))
		show_diags(cfg);
	ios_free(cfg);
}

static void test_relations(void)
{
	relation("ip any any", "tcp host 1.1.1.1 any eq 1", true, true);
	relation("ip 10.0.0.0 0.255.255.255 any", "ip 10.1.0.0 0.0.255.255 any", true, true);
	relation("ip 10.1.0.0 0.0.255.255 any", "ip 10.0.0.0 0.255.255.255 any", false, true);
	relation("ip 10.1.0.0 0.0.255.255 any", "ip 10.2.0.0 0.0.255.255 any", false, false);
	relation("ip host 10.1.0.1 any", "ip any host 10.2.0.1", false, true);
	relation("ip 10.0.0.1 0.255.255.0 any", "ip host 10.7.7.1 any", true, true);
	relation("ip 10.0.0.1 0.255.255.0 any", "ip host 10.7.7.2 any", false, false);
	relation("ip 10.0.0.1 0.255.0.0 any", "ip 10.7.0.0 0.0.0.255 any", false, true);
	relation("tcp any any", "udp any any", false, false);
	relation("tcp any any", "ip any any", false, true);
	relation("tcp any any eq 80", "tcp any any", false, true);
	relation("tcp any any eq 80 443", "tcp any any eq 443", true, true);
	relation("tcp any any eq 443", "tcp any any eq 80 443", false, true);
	relation("tcp any any eq 80", "tcp any any eq 81", false, false);
	relation("tcp any any range 10 20", "tcp any any range 12 20", true, true);
	relation("tcp any any range 10 20", "tcp any any range 20 30", false, true);
	relation("tcp any any range 10 20", "tcp any any eq 10 21", false, true);
	relation("tcp any any lt 10", "tcp any any gt 9", false, false);
	relation("tcp any any lt 10", "tcp any any lt 9", true, true);
	relation("tcp any any gt 9", "tcp any any range 10 20", true, true);
	relation("tcp any any neq 5", "tcp any any eq 5", false, false);
	relation("tcp any any neq 5", "tcp any any range 6 9", true, true);
	relation("tcp any any neq 5", "tcp any any lt 9", false, true);
	relation("tcp any any neq 5 6", "tcp any any range 5 6", false, false);
	relation("tcp any any neq 5", "tcp any any neq 6", false, true);
	relation("tcp any any neq 5", "tcp any any neq 5 6", true, true);
	relation("tcp any eq 1 any", "tcp any any eq 1", false, true);
	relation("icmp any any", "icmp any any echo", true, true);
	relation("icmp any any 3", "icmp any any 3 4", true, true);
	relation("icmp any any 3 4", "icmp any any 3", false, true);
	relation("icmp any any echo", "icmp any any echo-reply", false, false);
}

/* ------------------------------------------------------------------- access lists */

static void test_shadowed_aces(void)
{
	static const struct warning cases[] = {
		{ "a permit within a permit", HEAD ACL A_TO_B
		  " permit ip 10.1.1.0 0.0.0.255 10.2.0.0 0.0.255.255\n" M10, 10,
		  "access list A: this permit is never reached, the permit of line 9 matches all of it" },
		{ "a permit within a deny", HEAD ACL " deny ip 10.1.1.0 0.0.0.255 any\n" A_TO_B
		  " permit tcp host 10.1.1.1 host 10.3.0.1 eq 22\n" M10, 11,
		  "this permit is never reached, the deny of line 9" },
		{ "a deny within a permit", HEAD ACL A_TO_B " deny icmp host 10.1.0.1 host 10.2.0.1\n" M10,
		  10, "this deny is never reached, the permit of line 9" },
		{ "by sequence number, not by line", HEAD ACL " 20 permit ip host 10.1.0.1 host 10.2.0.1\n"
		  " 10 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n" M10, 9, "permit of line 10" },
		{ "the earliest of two", HEAD ACL " deny udp any any\n deny ip any 10.2.0.0 0.0.255.255\n"
		  " permit udp host 10.1.0.1 host 10.2.0.1\n permit ip host 10.1.0.1 host 10.3.0.1\n" M10,
		  11, "deny of line 9" },
		{ "wildcards with holes", HEAD ACL " deny ip 10.0.0.1 0.255.255.0 any\n"
		  " permit ip host 10.1.0.1 host 10.2.0.1\n permit ip host 10.1.0.2 any\n" M10, 10,
		  "deny of line 9" },
		{ "of a list that two maps have, once", HEAD ACL A_TO_B
		  " permit ip host 10.1.0.1 host 10.2.0.1\n" M10 "crypto map N 1 ipsec-isakmp\n"
		  " set peer 192.0.2.9\n set transform-set TS\n match address A\n", 10, "never reached" },
		{ "TTLs", HEAD ACL " deny ip any any ttl lt 5\n deny udp any any ttl eq 4\n"
		  " deny udp any any ttl eq 5\n" A_TO_B M10, 10, "deny of line 9" },
		{ "of a filter, which is a standard list", HEAD "access-list 10 deny 10.2.0.0 0.0.255.255\n"
		  "access-list 10 permit 10.2.0.1\n" ACL A_TO_B M10 " set ip access-group 10 in\n", 9,
		  "access list 10: this permit is never reached, the deny of line 8" },
		{ "of a filter of a dynamic crypto map", HEAD ACL " deny ip any any\n permit udp any any\n"
		  "crypto dynamic-map D 1\n set transform-set TS\n set ip access-group A in\n", 10,
		  "access list A: this permit is never reached" },
		{ "IPv6", HEAD "crypto isakmp key k address ipv6 ::/0\nipv6 access-list A\n"
		  " permit ipv6 2001:DB8:1::/48 2001:DB8:2::/48\n"
		  " permit tcp host 2001:DB8:1::1 2001:DB8:2::/64\n"
		  "crypto map ipv6 M 10 ipsec-isakmp\n set peer 2001:DB8::9\n set transform-set TS\n"
		  " match address A\n", 11, "permit of line 10" },
		{ "a deny before what it cuts out of", HEAD ACL " deny ip host 10.1.0.1 any\n" A_TO_B M10,
		  0, NULL },
		{ "a part of it", HEAD ACL " permit ip host 10.1.0.1 10.2.0.0 0.0.255.255\n" A_TO_B M10, 0,
		  NULL },
		{ "other protocols and ports", HEAD ACL " deny tcp any any range 1 9\n deny udp any any\n"
		  " deny tcp any any range 9 10\n permit tcp host 10.1.0.1 host 10.2.0.1\n" M10, 0, NULL },
		{ "a remark", HEAD ACL A_TO_B " remark permit ip any any\n" M10, 0, NULL },
		{ "a list of something else", HEAD ACL A_TO_B M10 "ip access-list extended NAT\n"
		  " permit ip any any\n permit tcp any any\n", 0, NULL },
		{ "permit ip any any", HEAD ACL " permit ip any any\n" M10, 9,
		  "permit ip any any takes all packets of the interface" },
		{ "deny ip any any", HEAD ACL A_TO_B " deny ip any any\n" M10, 0, NULL },
		{ "permit icmp any any", HEAD ACL " permit icmp any any\n" M10, 0, NULL },
	};

	EXPECT_ALL(cases);
}

/* -------------------------------------------------------------------- crypto maps */

static void test_shadowed_entries(void)
{
#define B "ip access-list extended B\n"
#define C "ip access-list extended C\n"
#define M20 ENTRY(20, "192.0.2.8", "B")
#define DYNAMIC "crypto dynamic-map D 1\n set transform-set TS\n"
	static const struct warning cases[] = {
		{ "the same list twice", HEAD ACL A_TO_B M10 ENTRY(20, "192.0.2.8", "A"), 17,
		  "crypto map M 20 is never used: entry 10 (line 10) has the same access list" },
		{ "an entry within an earlier one", HEAD ACL A_TO_B
		  B " permit tcp 10.1.0.0 0.0.255.255 host 10.2.0.1\n permit udp any any eq 7\n"
		  " no permit udp any any eq 7\n" M10 M20, 18,
		  "crypto map M 20 is never used: entry 10 (line 14) takes all that its access list permits" },
		{ "within two earlier ones", HEAD ACL A_TO_B B " permit ip 10.1.0.0 0.0.255.255 host 10.3.0.1\n"
		  C " permit ip host 10.1.0.1 host 10.2.0.1\n permit ip host 10.1.0.1 host 10.3.0.1\n"
		  M10 M20 ENTRY(30, "192.0.2.7", "C"), 23, "entry 10 with others (line 15)" },
		{ "after a dynamic one", HEAD DYNAMIC "crypto map M 5 ipsec-isakmp dynamic D\n"
		  ACL A_TO_B M10, 10,
		  "crypto map M 5 should be the last entry: what peers negotiate by it goes before entry 10 (line 13)" },
		{ "before it", HEAD DYNAMIC "crypto map M 65535 ipsec-isakmp dynamic D\n" ACL A_TO_B M10,
		  0, NULL },
		{ "the same peer", HEAD ACL A_TO_B B " permit ip host 10.1.0.1 host 10.2.0.1\n"
		  M10 ENTRY(20, "192.0.2.9", "B"), 16, "crypto map M 20 is never used" },
		{ "the lower number is later in the text", HEAD ACL A_TO_B
		  B " permit ip host 10.1.0.1 host 10.2.0.1\n" M20 M10, 12, "crypto map M 20 is never used" },
		{ "what a deny leaves to it", HEAD ACL " deny ip host 10.1.0.1 any\n" A_TO_B
		  B " permit ip host 10.1.0.1 host 10.2.0.1\n" M10 M20, 0, NULL },
		{ "an entry that is not complete takes nothing", HEAD ACL A_TO_B
		  B " permit ip host 10.1.0.1 host 10.2.0.1\n"
		  "crypto map M 10 ipsec-isakmp\n set transform-set TS\n match address A\n" M20, 12,
		  "a peer missing" },
		{ "another map", HEAD ACL A_TO_B M10 "crypto map N 1 ipsec-isakmp\n set peer 192.0.2.8\n"
		  " set transform-set TS\n match address A\n", 0, NULL },
	};

	EXPECT_ALL(cases);
}

static void test_overlaps(void)
{
	static const struct warning cases[] = {
		{ "the first is more special", HEAD ACL " permit ip host 10.1.0.1 10.2.0.0 0.0.255.255\n"
		  B A_TO_B M10 M20, 11,
		  "what line 9 permits as well goes to peer 192.0.2.9 (crypto map M 10), not to peer 192.0.2.8 (20)" },
		{ "once for a pair", HEAD ACL " permit ip host 10.1.0.1 10.2.0.0 0.0.255.255\n"
		  " permit ip host 10.1.0.2 10.2.0.0 0.0.255.255\n" B A_TO_B M10 M20, 12,
		  "permits as well goes to peer" },
		{ "crosswise", HEAD ACL " permit ip host 10.1.0.1 10.2.0.0 0.0.255.255\n"
		  B " permit ip 10.1.0.0 0.0.255.255 host 10.2.0.1\n" M10 M20, 11, "what line 9 permits" },
		{ "a part of what is covered", HEAD ACL A_TO_B B " permit ip host 10.1.0.1 host 10.2.0.1\n"
		  " permit ip host 10.1.0.1 host 10.3.0.1\n" M10 M20, 11, "what line 9 permits" },
		{ "the same peer", HEAD ACL " permit ip host 10.1.0.1 10.2.0.0 0.0.255.255\n"
		  B A_TO_B M10 ENTRY(20, "192.0.2.9", "B"), 0, NULL },
		{ "the earlier list denies it", HEAD ACL " deny ip any host 10.2.0.1\n" A_TO_B
		  B " permit ip host 10.1.0.1 host 10.2.0.1\n permit ip host 10.1.0.1 host 10.3.0.1\n"
		  M10 M20, 0, NULL },
		{ "the later list denies it", HEAD ACL " permit ip host 10.1.0.1 10.2.0.0 0.0.255.255\n"
		  B " deny ip host 10.1.0.1 any\n" A_TO_B M10 M20, 0, NULL },
		{ "other protocols", HEAD ACL " permit tcp any 10.2.0.0 0.0.255.255\n"
		  B " permit udp any 10.2.0.0 0.0.255.255\n" M10 M20, 0, NULL },
		{ "other ports", HEAD ACL " permit tcp any 10.2.0.0 0.0.255.255 eq 1\n"
		  B " permit tcp any 10.2.0.0 0.0.255.255 eq 2\n" M10 M20, 0, NULL },
		{ "other networks", HEAD ACL A_TO_B B " permit ip 10.1.0.0 0.0.255.255 10.3.0.0 0.0.255.255\n"
		  M10 M20, 0, NULL },
	};
	struct ios_config *cfg;
	char text[8192];
	size_t at, i;

	EXPECT_ALL(cases);

	at = sprintf(text, HEAD);
	for (i = 1; i <= 20; i++)
		at += sprintf(text + at, "access-list %zu permit ip host 10.1.0.%zu 10.2.0.0 0.0.255.255\n"
			      "crypto map M %zu ipsec-isakmp\n set peer 192.0.2.%zu\n set transform-set TS\n"
			      " match address %zu\n", i + 100, i, i, i, i + 100);
	sprintf(text + at, "access-list 150 permit ip any 10.2.0.0 0.0.255.255\n" ENTRY(99, "192.0.2.99", "150") ON);
	cfg = advised(text);
	tap_ok(count(cfg, 0, "permits as well goes to peer") == 10 &&
	       count(cfg, 9, "more entries of crypto map M overlap") == 1 &&
	       cfg->n_warnings == 11, "ten pairs, and that there are more");
	ios_free(cfg);
}

/* ------------------------------------------------------------------------ both ends */

static void test_ends(void)
{
#define GATEWAY "interface eth0\n ip address 198.51.100.1 255.255.255.0\n crypto map M\n" \
	"interface eth1\n ip address 10.1.0.1 255.255.0.0\n"
	static const struct warning cases[] = {
		{ "a peer that is our own address", HEAD ACL A_TO_B ENTRY(10, "198.51.100.1", "A") GATEWAY, 10,
		  "crypto map M 10: peer 198.51.100.1 is this side's own address, of interface eth0 (line 15)" },
		{ "a secondary address", HEAD ACL A_TO_B M10 GATEWAY
		  "interface eth2\n ip address 192.0.2.1 255.255.255.0\n"
		  " ip address 192.0.2.9 255.255.255.0 secondary\n", 10, "of interface eth2 (line 21)" },
		{ "an IPv6 address", HEAD "crypto isakmp key k address ipv6 ::/0\nipv6 access-list A\n"
		  " permit ipv6 2001:DB8:1::/48 2001:DB8:2::/48\n"
		  "crypto map ipv6 M 10 ipsec-isakmp\n set peer 2001:DB8::1\n set transform-set TS\n"
		  " match address A\ninterface lo\n ipv6 address 2001:DB8::1/64\n", 11,
		  "peer 2001:DB8::1 is this side's own address, of interface lo (line 16)" },
		{ "an address of another interface section", HEAD ACL A_TO_B M10
		  "interface Loopback0\n ip address 192.0.2.9 255.255.255.255\n", 10,
		  "of interface Loopback0 (line 15)" },
		{ "an address that was taken back", HEAD ACL A_TO_B M10 "interface eth2\n"
		  " ip address 192.0.2.9 255.255.255.0 secondary\n no ip address 192.0.2.9 255.255.255.0 secondary\n"
		  "interface eth3\n ip address 192.0.2.9 255.255.255.0\n no ip address\n"
		  "interface eth4\n ip address 192.0.2.9 255.255.255.0\n ip address 192.0.2.7 255.255.255.0\n"
		  "interface eth5\n ip address dhcp\n ipv6 address autoconfig\n", 0, NULL },
		{ "a list that is right", HEAD ACL A_TO_B M10 GATEWAY, 0, NULL },
		{ "the list of the other end", HEAD ACL
		  " permit ip 10.2.0.0 0.0.255.255 10.1.0.0 0.0.255.255\n" M10 GATEWAY, 9,
		  "looks like that of the other end: the destination of this permit has 10.1.0.1, the address of interface eth1 (line 18)" },
		{ "the peer in the source", HEAD ACL " permit ip 192.0.2.0 0.0.0.255 198.51.100.0 0.0.0.255\n"
		  M10, 9, "the source of this permit has peer 192.0.2.9" },
		{ "the peer in the destination", HEAD ACL
		  " permit ip 198.51.100.0 0.0.0.255 192.0.2.0 0.0.0.255\n" M10, 0, NULL },
		{ "a source of everything", HEAD ACL " permit ip any 10.2.0.0 0.0.255.255\n" M10 GATEWAY, 0,
		  NULL },
		{ "a destination of everything", HEAD ACL " permit ip 10.1.0.0 0.0.255.255 any\n" M10 GATEWAY, 0,
		  NULL },
		{ "a source that has the destination", HEAD ACL
		  " permit ip 10.0.0.0 0.255.255.255 10.2.0.0 0.0.255.255\n" ENTRY(10, "10.9.9.9", "A"), 0,
		  NULL },
		{ "a source that has us and the peer", HEAD ACL
		  " permit ip 10.0.0.0 0.127.255.255 10.200.0.0 0.0.255.255\n" ENTRY(10, "10.9.9.9", "A")
		  GATEWAY, 0, NULL },
		{ "the gateways in it", HEAD ACL " permit ip 198.51.100.0 0.0.0.255 192.0.2.0 0.0.0.255\n"
		  M10 GATEWAY, 9, "is for the gateways themselves, too" },
		{ "the gateways spared", HEAD ACL " deny ip host 198.51.100.1 host 192.0.2.9\n"
		  " permit ip 198.51.100.0 0.0.0.255 192.0.2.0 0.0.0.255\n" M10 GATEWAY, 0, NULL },
		{ "another host spared", HEAD ACL " deny ip host 198.51.100.7 host 192.0.2.9\n"
		  " permit ip 198.51.100.0 0.0.0.255 192.0.2.0 0.0.0.255\n" M10 GATEWAY, 10,
		  "is for the gateways themselves, too" },
		{ "the gateways in any", HEAD ACL " permit ip 198.51.100.0 0.0.0.255 any\n" M10 GATEWAY, 9,
		  "goes to peer 192.0.2.9 in the tunnel" },
		{ "the peer in a network with a reverse route", HEAD ACL
		  " permit ip 10.1.0.0 0.0.255.255 192.0.2.0 0.0.0.255\n" M10
		  "crypto map M 10\n reverse-route\n", 9, "no reverse route is made to this network, which has peer 192.0.2.9" },
		{ "and a route of its own", HEAD ACL
		  " permit ip 10.1.0.0 0.0.255.255 192.0.2.0 0.0.0.255\n" M10
		  "crypto map M 10\n reverse-route remote-peer 198.51.100.254\n", 0, NULL },
		{ "a reverse route elsewhere", HEAD ACL A_TO_B M10 "crypto map M 10\n reverse-route\n", 0,
		  NULL },
		{ "no gateway in it", HEAD ACL " permit ip 10.1.0.0 0.0.255.255 192.0.2.0 0.0.0.255\n" M10
		  GATEWAY, 0, NULL },
		{ "TCP between gateways", HEAD ACL " permit tcp 198.51.100.0 0.0.0.255 192.0.2.0 0.0.0.255\n"
		  M10 GATEWAY, 0, NULL },
		{ "the two gateways alone", HEAD ACL " permit ip host 198.51.100.1 host 192.0.2.9\n" M10
		  GATEWAY, 0, NULL },
		{ "transport mode", HEAD " mode transport\n" ACL
		  " permit ip 198.51.100.0 0.0.0.255 192.0.2.0 0.0.0.255\n" M10 GATEWAY, 0, NULL },
		{ "local-address of nothing", HEAD ACL A_TO_B M10 "crypto map M local-address Loopback0\n", 14,
		  "there is no interface Loopback0 in this text" },
		{ "local-address without netdev", HEAD ACL A_TO_B M10 "crypto map M local-address Loopback0\n"
		  "interface Loopback0\n ip address 1.1.1.1 255.255.255.255\n", 14,
		  "interface Loopback0 has no netdev line" },
		{ "local-address with netdev", HEAD ACL A_TO_B M10 "crypto map M local-address Loopback0\n"
		  "interface Loopback0\n netdev lo\n", 0, NULL },
		{ "local-address of a Linux device", HEAD ACL A_TO_B M10 "crypto map M local-address lo\n", 0,
		  NULL },
		{ "an access list that there is not", HEAD ENTRY(10, "192.0.2.9", "A"), 8,
		  "access list A missing" },
	};

	EXPECT_ALL(cases);
}

/* ------------------------------------------------------------------- without effect */

/* A text as it is: the line of its only warning, 0 for none. */
static void without_effect(const char *what, const char *text, unsigned int line, const char *part)
{
	struct ios_config *cfg = advised(text);
	const struct ios_diag *diag = cfg->diags;

	if (!tap_ok(line ? diag && !diag->next && diag->severity == IOS_WARNING && diag->line == line &&
		    strstr(diag->text, part) : !diag, "without effect: %s", what))
		show_diags(cfg);
	ios_free(cfg);
}

static void test_without_effect(void)
{
#define MAP_M HEAD ACL A_TO_B M10
#define DYNAMIC_D HEAD "crypto dynamic-map D 10\n set transform-set TS\n"
#define SAME "crypto isakmp policy 2\n encr aes\n hash sha256\n authentication pre-share\n group 14\n"
#define PROFILE(name, lines) "crypto isakmp profile " name "\n keyring default\n" lines
	without_effect("a map on no interface", MAP_M, 10,
		       "crypto map M is on no interface and protects nothing");
	without_effect("a map on one", MAP_M "interface eth0\n crypto map M\n", 0, NULL);
	without_effect("a dynamic map in no map", DYNAMIC_D, 8,
		       "crypto dynamic-map D is in no crypto map and protects nothing");
	without_effect("a dynamic map in one on no interface",
		       DYNAMIC_D "crypto map M 10 ipsec-isakmp dynamic D\n", 10,
		       "crypto map M is on no interface and protects nothing");
	without_effect("a repeated policy", HEAD SAME, 8,
		       "crypto isakmp policy 2 is never agreed: policy 1 (line 1) is the same and goes before it");
	without_effect("with another lifetime", HEAD SAME " lifetime 3600\n", 8, "is never agreed");
	without_effect("with another hash", HEAD SAME " hash sha512\n", 0, NULL);
	without_effect("with other bits", HEAD SAME " encr aes 256\n", 0, NULL);
	without_effect("with another group", HEAD SAME " group 19\n", 0, NULL);
	without_effect("an address of two profiles",
		       PROFILE("P", " match identity address 192.0.2.9\n")
		       PROFILE("Q", " match identity address 192.0.2.9 255.255.255.255\n"), 4,
		       "isakmp profile Q: match identity 192.0.2.9/32 is of isakmp profile P, too (line 1)");
	without_effect("addresses that are not the same",
		       PROFILE("P", " match identity address 192.0.2.9\n match identity address 192.0.2.8\n")
		       PROFILE("Q", " match identity address 192.0.2.0 255.255.255.0\n"), 0, NULL);
	without_effect("at two addresses of this side",
		       PROFILE("P", " match identity address 192.0.2.9\n local-address 198.51.100.7\n")
		       PROFILE("Q", " match identity address 192.0.2.9\n local-address 198.51.100.8\n"), 0, NULL);
	without_effect("a host, whose name has no case", PROFILE("P", " match identity host gw.example.org\n")
		       PROFILE("Q", " match identity host GW.example.org\n"), 4, "match identity GW.example.org");
	without_effect("a host and the hosts of a domain", PROFILE("P", " match identity host example.org\n")
		       PROFILE("Q", " match identity host domain example.org\n"), 0, NULL);
	without_effect("groups, whose case counts", PROFILE("P", " match identity group a\n")
		       PROFILE("Q", " match identity group A\n"), 0, NULL);
}

/* ---------------------------------------------------------------------- algorithms */

static void test_algorithms(void)
{
#define POLICY(lines) "crypto isakmp policy 1\n authentication pre-share\n" lines
	static const struct warning cases[] = {
		{ "IOS's defaults", POLICY(""), 1,
		  "crypto isakmp policy 1: encr des and group 1 are weak and refused by current IOS XE" },
		{ "3DES", POLICY(" encr 3des\n group 14\n"), 1, "policy 1: encr 3des is weak" },
		{ "MD5", POLICY(" encr aes\n hash md5\n group 14\n"), 1, "policy 1: hash md5 is weak" },
		{ "group 2", POLICY(" encr aes\n group 2\n"), 1, "policy 1: group 2 is weak" },
		{ "group 5", POLICY(" encr aes\n group 5\n"), 1, "policy 1: group 5 is weak" },
		{ "all of it", POLICY(" hash md5\n"), 1, "policy 1: encr des, hash md5 and group 1 are weak" },
		{ "of RSA signatures", "crypto isakmp policy 1\n encr 3des\n group 14\n"
		  "crypto pki trustpoint T\n pkcs12 file /t/p12\n", 1, "policy 1: encr 3des is weak" },
		{ "nothing of it", POLICY(" encr aes\n group 14\n"), 0, NULL },
		{ "pfs", HEAD ACL A_TO_B M10 " set pfs group5\n", 10, "set pfs group5 is weak" },
		{ "pfs that is not", HEAD ACL A_TO_B M10 " set pfs group19\n", 0, NULL },
		{ "esp-null", "crypto ipsec transform-set N esp-null esp-sha256-hmac\n", 1,
		  "transform set N: esp-null does not encrypt" },
		{ "esp-gcm", "crypto ipsec transform-set N esp-gcm 256\n", 0, NULL },
		{ "esp-3des", "crypto ipsec transform-set N esp-3des esp-sha256-hmac\n", 1,
		  "esp-3des is weak and refused by current IOS XE" },
	};
	const char *text = POLICY("") HEAD ACL " permit ip any any\n" M10;
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);

	tap_ok(!cfg->diags, "only where it is asked for");
	ios_free(cfg);
	EXPECT_ALL(cases);
}

/* ------------------------------------------------------------------- at random */

/* A network of few, so that they meet often, to the end of a text. */
static size_t random_net(char *text)
{
	static const char *const wilds[] = { "0.0.0.0", "0.0.0.1", "0.0.0.3", "0.0.0.2", "0.0.1.255" };

	return sprintf(text, " 10.0.%u.%u %s", tap_random(2), tap_random(4),
		       wilds[tap_random(sizeof(wilds) / sizeof(*wilds))]);
}

static size_t random_aces(char *text, unsigned int n, bool denies)
{
	static const char *const ports[] = { "", " eq 1", " eq 2", " eq 1 2", " range 1 2", " gt 1", " neq 2" };
	static const char *const protos[] = { "ip", "tcp", "udp" };
	unsigned int proto;
	size_t at = 0;

	while (n--) {
		proto = tap_random(3);
		at += sprintf(text + at, " %s %s", denies && tap_random(3) == 0 ? "deny" : "permit",
			      protos[proto]);
		at += random_net(text + at);
		at += sprintf(text + at, "%s", proto ? ports[tap_random(7)] : "");
		at += random_net(text + at);
		at += sprintf(text + at, "%s\n", proto ? ports[tap_random(7)] : "");
	}
	return at;
}

/* Whether the warnings of a list are what comparing all with all finds. */
static bool right_order(const struct ios_config *cfg, const struct ios_acl *acl)
{
	const struct ios_ace *ace, *earlier;

	for (ace = acl->aces; ace; ace = ace->next) {
		for (earlier = acl->aces; earlier != ace; earlier = earlier->next)
			if (ios_ace_contains(earlier, ace))
				break;
		if (count(cfg, ace->line, "is never reached") != (earlier != ace))
			return false;
	}
	return true;
}

static bool lists_overlap(const struct ios_acl *a, const struct ios_acl *b)
{
	const struct ios_ace *x, *y;

	for (x = a->aces; x; x = x->next)
		for (y = b->aces; y; y = y->next)
			if (ios_ace_overlaps(x, y))
				return true;
	return false;
}

/* The joins over hashes find what comparing all with all does. */
static void test_random(void)
{
	unsigned int round, orders = 0, overlaps = 0, met = 0;
	struct ios_config *cfg;
	char text[8192];
	bool found;
	size_t at;

	for (round = 0; round < 400; round++) {
		at = sprintf(text, HEAD ACL);
		at += random_aces(text + at, 20, true);
		sprintf(text + at, M10);
		cfg = advised(text);
		orders += right_order(cfg, cfg->acls);
		ios_free(cfg);

		at = sprintf(text, HEAD ACL);
		at += random_aces(text + at, 2, false);
		at += sprintf(text + at, "ip access-list extended B\n");
		at += random_aces(text + at, 2, false);
		sprintf(text + at, M10 ENTRY(20, "192.0.2.8", "B"));
		cfg = advised(text);
		found = count(cfg, 0, "permits as well") || count(cfg, 0, "is never used");
		met += found;
		overlaps += found == lists_overlap(cfg->acls, cfg->acls->next);
		ios_free(cfg);
	}
	tap_ok(orders == round, "entries that are never reached, at random: %u of %u", orders, round);
	tap_ok(overlaps == round && met > round / 8 && met < round - round / 8,
	       "entries that overlap, at random: %u of %u (%u do)", overlaps, round, met);
}

/* ---------------------------------------------------------------------------- size */

/* A map of so many entries with a list of one line each, by @format and two bytes of the number. */
static struct ios_config *many_entries(size_t n, const char *format)
{
	char *text = malloc(n * 256 + 1024);
	size_t at = sprintf(text, HEAD), i;
	struct ios_config *cfg;

	for (i = 1; i <= n; i++) {
		at += sprintf(text + at, "ip access-list extended A%zu\n", i);
		at += sprintf(text + at, format, i >> 8, i & 255);
		at += sprintf(text + at, "crypto map M %zu ipsec-isakmp\n set peer 20.1.%zu.%zu\n"
			      " set transform-set TS\n match address A%zu\n", i, i >> 8, i & 255, i);
	}
	at += sprintf(text + at, ON);
	cfg = ios_parse("many", text, at, IOS_ADVICE);
	free(text);
	return cfg;
}

static void test_size(void)
{
	size_t n = 65535, at, i;
	struct ios_config *cfg;
	char *text;

	cfg = many_entries(n, " permit ip 10.1.0.0 0.0.255.255 host 10.2.%zu.%zu\n");
	if (!tap_ok(cfg->maps->n_entries == n && !cfg->diags, "%zu entries with nothing in common", n))
		show_diags(cfg);
	ios_free(cfg);
	cfg = many_entries(n, " permit ip 10.1.0.0 0.0.255.255 10.2.%zu.%zu 0.0.0.1\n");
	tap_ok(count(cfg, 0, "is never used") == 999, "%zu entries, every other one within another", n);
	ios_free(cfg);
	cfg = many_entries(n, " permit udp host 10.1.%zu.%zu any\n permit tcp any host 10.2.0.1\n");
	tap_ok(count(cfg, 0, "more entries of crypto map M overlap") == 1 && cfg->n_warnings == 11,
	       "%zu entries that overlap", n);
	ios_free(cfg);

	text = malloc(n * 128 + 1024);
	at = sprintf(text, HEAD ACL);
	for (i = 1; i <= n; i++)
		at += sprintf(text + at, " deny tcp host 10.1.0.1 any neq %zu\n", i);
	at += sprintf(text + at, A_TO_B M10 ON);
	cfg = ios_parse("list", text, at, IOS_ADVICE);
	tap_ok(cfg->acls->n_aces == n + 1 && cfg->n_warnings == 1 && count(cfg, 8, "too much to compare"),
	       "a list that takes too long to compare says so");
	ios_free(cfg);

	at = sprintf(text, HEAD ACL);
	for (i = 1; i <= n; i++)
		at += sprintf(text + at, " deny tcp 10.1.0.0 0.0.255.255 any eq %zu\n", i);
	at += sprintf(text + at, A_TO_B " permit tcp host 10.1.0.1 host 10.2.0.1 eq 65535\n" M10 ON);
	cfg = ios_parse("list", text, at, IOS_ADVICE);
	tap_ok(cfg->n_warnings == 1 && count(cfg, n + 10, "the deny of line 65543 matches all of it"),
	       "a list of %zu ports", n);
	ios_free(cfg);
	free(text);
}

/* -------------------------------------------------------------------------- strict */

static int run(const char *text, bool strict)
{
	char name[] = "/tmp/test_ios_lint.XXXXXX", *word[] = { "check", name };
	const struct command check = { .words = "check FILE" };
	struct args args = { .command = &check, .word = word, .strict = strict };
	int fd = mkstemp(name), ret = -1;

	if (fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text))
		ret = run_check(&args);
	close(fd);
	unlink(name);
	return ret;
}

static void test_strict(void)
{
	const char *good = HEAD ACL A_TO_B M10 ON, *weak = HEAD ACL A_TO_B M10 " set pfs group2\n" ON;
	char key[] = "/tmp/test_ios_lint.XXXXXX", text[2048];
	int fd = mkstemp(key);

	tap_ok(run(good, false) == DONE && run(good, true) == DONE, "--strict: nothing to say");
	tap_ok(run(weak, false) == DONE, "a warning is no error");
	tap_ok(run(weak, true) == REFUSED, "--strict: it is one");
	if (!tap_ok(fd >= 0 && write(fd, "KEY", 3) == 3, "a key file"))
		return;
	snprintf(text, sizeof(text), HEAD ACL A_TO_B M10 ON "crypto pki trustpoint T\n key file %s\n", key);
	tap_ok(run(text, true) == DONE, "--strict: a private key that others cannot read");
	fchmod(fd, 0604);
	tap_ok(run(text, false) == DONE && run(text, true) == REFUSED, "--strict: one that they can");
	close(fd);
	unlink(key);
	tap_ok(run(text, false) == REFUSED, "one that is not there");
}

/* What is resolved as it is loaded. */
static void test_names(void)
{
	static const char text[] =
		HEAD ACL A_TO_B ENTRY(10, "127.0.0.1\n set peer localhost\n set peer gw dynamic", "A")
		"crypto map M 20 ipsec-isakmp\n set peer no.such.invalid\n set transform-set NONE NEITHER\n"
		" match address A\ninterface eth0\n crypto map M\n";
	struct ios_config *cfg = advised(text), *again = advised(text);
	const struct ios_diag *diag, *same;
	const struct ios_entry *entry;

	if (!tap_ok(!resolve_peers(cfg) && !cfg->n_errors &&
		    has_diag(cfg, IOS_WARNING, 17, "peer no.such.invalid cannot be resolved"),
		    "a name that is none is warned of"))
		show_diags(cfg);
	tap_ok(cfg->maps->entries->next->peers[0].dynamic, "and resolved later");
	entry = cfg->maps->entries;
	tap_ok(entry->n_peers == 2 && !entry->peers[0].name && entry->peers[1].dynamic,
	       "names of an address that is a peer already are left out, dynamic ones stay");
	for (diag = cfg->diags, same = again->diags; diag && same; diag = diag->next)
		if (!strcmp(diag->text, same->text))
			same = same->next;
	if (!tap_ok(again->diags && again->diags->next && !same, "other messages stay in their order"))
		show_diags(cfg);
	ios_free(cfg);
	ios_free(again);
}

int main(void)
{
	tap_random_init();
	test_names();
	test_relations();
	test_shadowed_aces();
	test_shadowed_entries();
	test_overlaps();
	test_ends();
	test_without_effect();
	test_algorithms();
	test_random();
	test_size();
	test_bindings();
	test_strict();
	return tap_done();
}
