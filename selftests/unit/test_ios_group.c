// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Object-groups: their lines, what access list entries with them stand for,
 * and what the checks make of that.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "ios/model.h"
#include "ios/print.h"
#include "ios_diags.h"

#define ACL "ip access-list extended A\n"
/* makes list A one that is in use; 6 lines */
#define USE \
	"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address A\n" \
	"interface eth0\n crypto map M\n"

/* What the rules of a list are, one a line. */
static char *rules(const struct ios_config *cfg, const char *name, int family)
{
	const struct ios_ace *rule;
	char text[IOS_ACE_TEXT], *buf;
	size_t len;
	FILE *f = open_memstream(&buf, &len);

	for (rule = ios_rule_first(ios_acl_find(cfg, name, family)); rule; rule = ios_rule_next(rule)) {
		ios_ace_text(text, sizeof(text), rule, true);
		fprintf(f, "%u %s\n", rule->seq, text);
	}
	fclose(f);
	return buf;
}

static void expect_rules(const char *what, const char *text, const char *wanted)
{
	struct ios_config *cfg = clean(what, text);
	char *got = rules(cfg, "A", ios_acl_find(cfg, "A", AF_INET) ? AF_INET : AF_INET6);

	if (!tap_ok(!strcmp(got, wanted), "%s: what it stands for", what))
		printf("# got:\n%s# wanted:\n%s", got, wanted);
	free(got);
	ios_free(cfg);
}

static void test_expansion(void)
{
	expect_rules("networks",
		     "object-group network N\n description both sites\n host 10.0.0.1\n"
		     " 10.1.0.0 /16\n 10.1.0.0 255.255.0.0\n range 10.2.0.3 10.2.0.8\n"
		     ACL " remark r\n permit ip object-group N any\n deny ip any object-group N\n",
		     "10 permit ip host 10.0.0.1 any\n"
		     "10 permit ip 10.1.0.0 0.0.255.255 any\n"
		     "10 permit ip host 10.2.0.3 any\n"
		     "10 permit ip 10.2.0.4 0.0.0.3 any\n"
		     "10 permit ip host 10.2.0.8 any\n"
		     "20 deny ip any host 10.0.0.1\n"
		     "20 deny ip any 10.1.0.0 0.0.255.255\n"
		     "20 deny ip any host 10.2.0.3\n"
		     "20 deny ip any 10.2.0.4 0.0.0.3\n"
		     "20 deny ip any host 10.2.0.8\n");
	expect_rules("a range that is everything", "object-group network N\n range 0.0.0.0 255.255.255.255\n"
		     ACL " permit tcp object-group N host 10.0.0.1 eq 22\n",
		     "10 permit tcp any host 10.0.0.1 eq 22\n");
	expect_rules("services",
		     "object-group service S\n tcp source gt 1023 eq www\n udp range 5000 5010\n"
		     " tcp-udp eq domain\n icmp echo\n icmp\n gre\n tcp 8080\n 89\n udp lt 10\n tcp neq 25\n"
		     ACL " permit object-group S host 10.0.0.1 host 10.0.0.2 log\n",
		     "10 permit tcp host 10.0.0.1 gt 1023 host 10.0.0.2 eq www log\n"
		     "10 permit udp host 10.0.0.1 host 10.0.0.2 range 5000 5010 log\n"
		     "10 permit tcp host 10.0.0.1 host 10.0.0.2 eq domain log\n"
		     "10 permit udp host 10.0.0.1 host 10.0.0.2 eq domain log\n"
		     "10 permit icmp host 10.0.0.1 host 10.0.0.2 echo log\n"
		     "10 permit icmp host 10.0.0.1 host 10.0.0.2 log\n"
		     "10 permit gre host 10.0.0.1 host 10.0.0.2 log\n"
		     "10 permit tcp host 10.0.0.1 host 10.0.0.2 eq 8080 log\n"
		     "10 permit ospf host 10.0.0.1 host 10.0.0.2 log\n"
		     "10 permit udp host 10.0.0.1 host 10.0.0.2 lt 10 log\n"
		     "10 permit tcp host 10.0.0.1 host 10.0.0.2 neq smtp log\n");
	expect_rules("all three, groups within groups and behind the list",
		     ACL " 7 permit object-group S object-group L object-group R\n"
		     "object-group service S\n group-object S2\n tcp eq 22\n"
		     "object-group service S2\n udp\n"
		     "object-group network L\n host 10.0.0.1\n group-object L2\n"
		     "object-group network L2\n host 10.0.0.2\n host 10.0.0.1\n"
		     "object-group network R\n host 10.9.0.1\n",
		     "7 permit udp host 10.0.0.1 host 10.9.0.1\n"
		     "7 permit udp host 10.0.0.2 host 10.9.0.1\n"
		     "7 permit tcp host 10.0.0.1 host 10.9.0.1 eq 22\n"
		     "7 permit tcp host 10.0.0.2 host 10.9.0.1 eq 22\n");
	expect_rules("inserted, taken out and numbered anew",
		     "object-group network N\n host 10.0.0.1\n host 10.0.0.2\n"
		     ACL " permit ip object-group N any\n permit ip any object-group N\n"
		     " 5 deny tcp object-group N any\n no permit ip any object-group N\n"
		     "ip access-list resequence A 100 10\n",
		     "100 deny tcp host 10.0.0.1 any\n100 deny tcp host 10.0.0.2 any\n"
		     "110 permit ip host 10.0.0.1 any\n110 permit ip host 10.0.0.2 any\n");
	expect_rules("IPv6", "object-group v6-network N\n 2001:db8::/32\n host 2001:db9::1\n"
		     "object-group v6-service S\n icmp echo-request\n"
		     "ipv6 access-list A\n permit object-group S object-group N any\n",
		     "10 permit icmp 2001:DB8::/32 any echo-request\n"
		     "10 permit icmp host 2001:DB9::1 any echo-request\n");
	expect_rules("without indentation, changed and removed",
		     "object-group network N\nhost 10.0.0.1\nhost 10.0.0.2\nno host 10.0.0.1\n"
		     "object-group network X\nhost 10.0.0.3\nno object-group network X\n"
		     "object-group network X\n10.4.0.0 255.255.0.0\nany\n"
		     "object-group service S\nip\nip access-list extended A\n"
		     "permit object-group S object-group N object-group X\n",
		     "10 permit ip host 10.0.0.2 10.4.0.0 0.0.255.255\n10 permit ip host 10.0.0.2 any\n");
}

static void test_faults(void)
{
	struct ios_config *cfg;

	expect_error("a group that is not defined", ACL " permit ip object-group N any\n" TSET KEYS USE, 2,
		     "object-group N is not defined");
	expect_warning("the same in a list that no map uses", ACL " permit ip object-group N any\n", 2,
		       "left out of access list A");
	expect_error("an empty group", "object-group network N\n" ACL " permit ip object-group N any\n"
		     TSET KEYS USE, 3, "object-group N cannot be used: object-group N has no members (line 1)");
	expect_error("a service as a source",
		     "object-group service N\n tcp\n" ACL " permit ip object-group N any\n" TSET KEYS USE, 4,
		     "object-group N is of services; one of networks belongs here");
	expect_error("a network as a service",
		     "object-group network N\n any\n" ACL " permit object-group N any any\n" TSET KEYS USE, 4,
		     "object-group N is of networks; one of services belongs here");
	expect_error("of the other family",
		     "object-group v6-network N\n any\n" ACL " permit ip object-group N any\n" TSET KEYS USE,
		     4, "object-group N is of IPv6");
	expect_error("a line that cannot be understood",
		     "object-group network N\n host gw.example.org\n" ACL
		     " permit ip object-group N any\n" TSET KEYS USE, 4, "'gw.example.org'");
	expect_warning("the same in a group that is not used",
		       "object-group network N\n host gw.example.org\n", 2, "object-group N is left out");
	expect_warning("a group in one that is left out",
		       "object-group network N\n group-object X\n any\n", 2, "object-group X is not defined");
	expect_error("a cycle", "object-group network A\n host 1.1.1.1\n group-object B\n"
		     "object-group network B\n group-object A\n", 3, "object-group B contains itself");
	expect_error("a group of itself", "object-group service A\n tcp\n group-object A\n", 3,
		     "object-group A contains itself");
	expect_error("one name for two kinds", "object-group network A\n any\nobject-group service A\n tcp\n",
		     3, "of another kind in line 1");
	expect_warning("a range from the end", "object-group network N\n range 10.0.0.2 10.0.0.1\n", 2,
		       "must not be above the last");
	expect_warning("a mask with holes", "object-group network N\n 10.0.0.0 255.0.255.0\n", 2,
		       "must be contiguous");
	expect_error("what cannot be negotiated, told once",
		     "object-group service S\n tcp range 1 2\n udp gt 5\n"
		     ACL " permit object-group S host 10.0.0.1 host 10.0.0.2\n" TSET KEYS USE, 5,
		     "IKE can name one port");
	cfg = parse("object-group security S\n security-group name X\nobject-group network N\n any\n");
	tap_ok(cfg->n_skipped == 1 && !cfg->diags && cfg->groups && !cfg->groups->next,
	       "groups of other things are skipped");
	ios_free(cfg);
}

/* @n hosts in group @name */
static void hosts(FILE *f, const char *name, unsigned int n)
{
	unsigned int i;

	fprintf(f, "object-group network %s\n", name);
	for (i = 0; i < n; i++)
		fprintf(f, " host 10.%u.%u.1\n", i / 200, i % 200);
}

static void test_bounds(void)
{
	struct ios_config *cfg;
	unsigned int i;
	size_t len;
	char *text;
	FILE *f;

	f = open_memstream(&text, &len);
	hosts(f, "A", 65);
	hosts(f, "B", 64);
	fputs(ACL " permit ip object-group A object-group B\n" USE, f);
	fclose(f);
	cfg = parse(text);
	if (!tap_ok(has_diag(cfg, IOS_ERROR, 133, "stands for 4160 (1 services, 65 sources, 64 destinations)"),
		    "an entry that stands for too many"))
		show_diags(cfg);
	ios_free(cfg);
	free(text);

	/* the last one is looked at first */
	f = open_memstream(&text, &len);
	fputs("object-group network G0\n any\n", f);
	for (i = 1; i < 40; i++)
		fprintf(f, "object-group network G%u\n group-object G%u\n", i, i - 1);
	fputs(ACL " permit ip object-group G39 any\n" USE, f);
	fclose(f);
	cfg = parse(text);
	tap_ok(any_diag(cfg, IOS_WARNING, "object-groups within each other") &&
	       any_diag(cfg, IOS_ERROR, "object-group G39 cannot be used"), "groups too deep in each other");
	ios_free(cfg);
	free(text);

	f = open_memstream(&text, &len);
	hosts(f, "A", 4096);
	hosts(f, "B", 1);
	fputs(ACL, f);
	for (i = 0; i < 17; i++)
		fprintf(f, " permit ip object-group A host 10.0.0.%u\n", i);
	fputs(USE, f);
	fclose(f);
	cfg = parse(text);
	tap_ok(any_diag(cfg, IOS_ERROR, "access list A stands for more than 65536 entries"),
	       "a list that stands for too many");
	ios_free(cfg);
	free(text);

	/* expanded last: what others take leaves it enough */
	f = open_memstream(&text, &len);
	hosts(f, "SMALL", 1);
	for (i = 0; i < 9; i++) {
		char name[8];

		snprintf(name, sizeof(name), "L%u", i);
		hosts(f, name, 4000);
	}
	fputs(ACL " permit ip object-group SMALL any\n" USE, f);
	fclose(f);
	cfg = parse(text);
	tap_ok(!cfg->n_errors && !any_diag(cfg, IOS_WARNING, "too many"), "a small group beside long ones");
	ios_free(cfg);
	free(text);

	f = open_memstream(&text, &len);
	hosts(f, "A", 64);
	hosts(f, "B", 64);
	for (i = 0; i < 33; i++)
		fprintf(f, "ip access-list extended L%u\n permit ip object-group A object-group B\n", i);
	fclose(f);
	cfg = parse(text);
	tap_ok(any_diag(cfg, IOS_WARNING, "stands for 4096 (1 services, 64 sources, 64 destinations), "
			"and with those before it for more than 131072"),
	       "lists that stand for too many together");
	ios_free(cfg);
	free(text);
}

static void test_lint(void)
{
	static const char head[] = TSET KEYS USE "object-group network N\n host 10.0.0.1\n host 10.0.0.2\n" ACL;
	static const char *const lists[] = {
		" permit ip 10.0.0.0 0.0.0.255 any\n permit tcp object-group N any\n",
		" permit ip host 10.0.0.1 any\n permit ip host 10.0.0.2 any\n permit tcp object-group N any\n",
		" permit ip host 10.0.0.1 any\n permit tcp object-group N any\n",
		" permit ip object-group N any\n permit ip host 10.0.0.2 host 10.9.9.9\n",
	};
	static const char *const said[] = {
		"this permit is never reached, the permit of line 15 matches all of it",
		"this permit is never reached, the permit of line 15 and others match all of it",
		NULL,
		"this permit is never reached, the permit of line 15 matches all of it",
	};
	struct ios_config *cfg;
	char text[2048];
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		snprintf(text, sizeof(text), "%s%s", head, lists[i]);
		cfg = ios_parse("test", text, strlen(text), IOS_ADVICE);
		if (!tap_ok(said[i] ? any_diag(cfg, IOS_WARNING, said[i]) :
				      !any_diag(cfg, IOS_WARNING, "never reached"),
			    "entries that are never reached, %zu", i))
			show_diags(cfg);
		ios_free(cfg);
	}
}

static void test_short_words(void)
{
	ios_free(clean("the shortest forms of words",
		       "obj n N\n h 10.0.0.1\nobj s S\n tcp so g 1023 eq www\n"
		       "ip acce e A\n per ob S ob N a\n per tcp a n 5 a ra 1 9\n"));
}

int main(void)
{
	test_short_words();
	test_expansion();
	test_faults();
	test_bounds();
	test_lint();
	return tap_done();
}
