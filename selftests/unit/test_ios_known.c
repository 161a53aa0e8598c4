/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tools/known.c: lines that are read with a part of a large configuration are taken or
 * refused, and make of it, what they do when they are read with all of it.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "configure.h"
#include "ios/print.h"
#include "known.h"
#include "left.h"
#include "tap.h"

#define ENTRIES 500
#define KEY "NobodySeesThis"

/* A map of so many entries on an interface, and one of each kind of what there may be besides. */
static char *large(unsigned int entries)
{
	unsigned int i;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fputs("crypto isakmp policy 10\n encr aes\n authentication pre-share\n group 14\n"
	      "crypto isakmp key " KEY " address 0.0.0.0\n"
	      "crypto ipsec transform-set T esp-aes esp-sha-hmac\n"
	      "crypto ipsec transform-set REQ esp-aes esp-sha-hmac\n mode transport require\n"
	      "crypto isakmp profile P\n match identity address 0.0.0.0\n"
	      "object-group network NETS\n 10.1.0.0 255.255.0.0\n"
	      "object-group service SERVICES\n tcp eq 25\n"
	      "crypto dynamic-map D 10\n set transform-set T\n match address DYN\n"
	      "interface eth0\n crypto map M\n ipv6 crypto map M6\n"
	      "ip access-list extended DYN\n permit ip 10.8.0.0 0.0.255.255 any\n"
	      "ip access-list extended SHARED\n permit ip 10.7.0.0 0.0.255.255 any\n"
	      "ip access-list extended BAD\n permit tcp any any range 1 100\n"
	      "ip access-list extended GROUPED\n permit ip object-group NETS any\n"
	      "ip access-list extended GROUPED2\n permit ip any object-group NETS\n"
	      "ip access-list extended FILTER\n permit ip any any\n"
	      "access-list 101 permit ip 10.6.0.0 0.0.255.255 any\n"
	      "ip access-list extended SERVED\n permit object-group SERVICES any any\n"
	      "ipv6 access-list SIXBAD\n permit tcp any any range 1 100\n"
	      "ipv6 access-list SIX\n permit ipv6 2001:db8:7::/48 2001:db8:9::/48\n"
	      "crypto map M 60001 ipsec-isakmp\n set peer 192.0.2.1\n set transform-set T\n match address SHARED\n"
	      "crypto map M 60002 ipsec-isakmp\n set peer 192.0.2.2\n set transform-set T\n match address SHARED\n"
	      " set ip access-group FILTER in\n"
	      "crypto map M 60003 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address GROUPED\n"
	      "crypto map M 60004 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address MISSING\n"
	      "crypto map M 60005 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T LATER\n match address 101\n"
	      "crypto map M 60006 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n set isakmp-profile P\n"
	      " match address SERVED\n"
	      "crypto map M 60007 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address GROUPED2\n"
	      "crypto map M 60008 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address GROUPED2\n"
	      "crypto map M 65535 ipsec-isakmp dynamic D\n"
	      "crypto map 7 7 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address BAD\n"
	      "crypto map 7 8 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address BAD\n"
	      "crypto map 7 9 ipsec-isakmp\n set peer 192.0.2.3\n set transform-set T\n match address BAD\n"
	      "crypto map ipv6 SEVEN 7 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set T\n match address SIX\n"
	      "crypto map ipv6 SEVEN 8 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set T\n match address SIX\n"
	      "crypto map ipv6 SEVEN 9 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set T\n match address SIXBAD\n"
	      "crypto map ipv6 M6 10 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set T\n match address SIX\n"
	      "crypto map ipv6 M6 20 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set T\n match address SIX\n"
	      "crypto map ipv6 M6 30 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set T\n match address SIX\n", f);
	for (i = 1; i <= entries; i++)
		fprintf(f, "ip access-list extended A%u\n permit ip 10.%u.%u.0 0.0.0.255 any\n"
			"crypto map M %u ipsec-isakmp\n set peer 198.18.%u.%u\n set transform-set T\n match address A%u\n",
			i, i >> 8, i & 255, i, i >> 8, i & 255, i);
	fclose(f);
	return text;
}

/* struct side - a session of one of the two */
struct side {
	struct configure at;
	struct known known;
	char *said;
};

/* A line, where the whole configuration is read with it if @all. Return: whether it is taken */
static bool types(struct side *s, const char *line, bool all)
{
	struct ios_config *cfg;
	size_t len;
	FILE *out;

	free(s->said);
	out = open_memstream(&s->said, &len);
	if (!all)
		known_warm(&s->known, s->at.head, line);
	cfg = configure_parse(&s->at, s->known.text, line, 4, out);
	fclose(out);
	if (cfg)
		known_change(&s->known, cfg);
	return cfg;
}

/* But for numbers of lines, which are others in a part. */
static bool same_said(const char *a, const char *b)
{
	while (*a && *b) {
		if (*a++ != *b++)
			return false;
		if (!strncmp(a, "line ", 5) && !strncmp(b, "line ", 5)) {
			a += 5 + strspn(a + 5, "0123456789");
			b += 5 + strspn(b + 5, "0123456789");
		}
	}
	return *a == *b;
}

static bool same(const struct side *a, const struct side *b)
{
	char *x = ios_print(a->known.cfg, IOS_PRINT_ALL, NULL);
	char *y = ios_print(b->known.cfg, IOS_PRINT_ALL, NULL);
	bool equal = !strcmp(x, y);

	ios_text_free(x);
	ios_text_free(y);
	return equal;
}

static void test_lines(const char *text, bool compare)
{
	static const char *const lines[] = {
		"crypto map M 77", "description one", "set peer 192.0.2.77", "match address BAD",
		"match address A76", "no match address", "match address A77", "set transform-set REQ",
		"ip access-list extended SHARED", "permit tcp any any range 5 10", "permit udp any any",
		"no permit udp any any", "no 10", "permit ip 10.7.0.0 0.0.255.255 any",
		"ip access-list extended A99", "deny ip any any", "permit tcp any any established",
		"ip access-list extended MISSING", "permit tcp any any range 5 10", "permit ip any any",
		"no ip access-list extended A100", "no ip access-list extended SHARED",
		"ip access-list extended SHARED", "permit ip any host 10.0.0.1",
		"access-list 00101 permit tcp any any eq 6", "no access-list 00102",
		"access-list 101 permit tcp any any lt 5", "access-list 101 permit tcp any any eq 5",
		"ip access-list resequence 101 100 5", "no access-list 101",
		"ip access-list extended GROUPED", "permit tcp object-group NETS any eq 5",
		"crypto map M 60007", "description its list is known, and not yet 60008",
		"object-group network NETS", "host 10.2.0.1", "no 10.1.0.0 255.255.0.0", "no host 10.2.0.1",
		"no object-group network NETS", "object-group network NEW", "host 10.2.0.1",
		"crypto ipsec transform-set LATER esp-aes 256 esp-sha-hmac", "mode transport require",
		"no crypto ipsec transform-set T", "crypto ipsec transform-set T esp-aes esp-sha-hmac",
		"no crypto ipsec transform-set REQ",
		"crypto dynamic-map D 20", "set transform-set LATER", "match address BAD", "match address A3",
		"no crypto dynamic-map D 10", "no crypto dynamic-map D",
		"crypto map ipv6 M6 10", "set peer 192.0.2.6", "no match address", "match address A4",
		"no crypto map ipv6 M6 10", "no crypto map ipv6 M6 20", "no crypto map ipv6 M6 30",
		"crypto map M 60002", "no set ip access-group FILTER in", "set ip access-group A5 out",
		"crypto map M 1000 ipsec-isakmp", "set peer 192.0.2.1", "crypto map M 1000 ipsec-manual",
		"no crypto map M 500", "no crypto map M 1", "no crypto map M 2", "crypto map ipv6 M 9 ipsec-isakmp",
		"hub(config)#crypto map M 88", "hub(config-crypto-map)#exit", "hub(config)#no crypto map M 89",
		"hub(config)#ip access-list extended A90", "permit udp any any", "no crypto\fmap M 91",
		"crypto isakmp profile P", "client authentication list L", "isakmp authorization list L",
		"interface eth1", "netdev eth7", "ipv6 crypto map SEVEN", "crypto map 7", "crypto map M", "no crypto map M",
		"no crypto map 7", "no crypto map 7 7", "no crypto map 7", "crypto map 7 8 ipsec-isakmp",
		"crypto map M local-address Loopback0", "crypto map M isakmp-profile P",
		"crypto isakmp policy 20", "authentication pre-share", "crypto isakmp key X address 192.0.2.9",
		"interface eth0", "no crypto map M", "no crypto map M 3", "no crypto map M", "crypto map M",
	};
	struct side part = { 0 }, whole = { 0 };
	size_t i, taken = 0;
	bool a, b;

	known_set(&part.known, ios_parse("t", text, strlen(text), 0));
	whole.known.cfg = ios_parse("t", text, strlen(text), 0);
	whole.known.text = ios_print(whole.known.cfg, IOS_PRINT_ALL, NULL);
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		a = types(&part, lines[i], false);
		b = types(&whole, lines[i], true);
		taken += a;
		if (compare)
			known_whole(&part.known);
		if (a == b && same_said(part.said, whole.said) && (!compare || same(&part, &whole)))
			continue;
		tap_ok(false, "%s: taken %d, with all of it %d", lines[i], a, b);
		printf("# said: %s# with all of it: %s", part.said, whole.said);
	}
	known_whole(&part.known);
	tap_ok(same(&part, &whole), "%zu lines taken, %zu refused: all as with the whole configuration%s",
	       taken, i - taken, compare ? ", each" : "");
	known_forget(&part.known);
	known_forget(&whole.known);
	free(part.said);
	free(whole.said);
}

/* A section that is still open when another session has changed something. */
static void test_open_group(const char *text)
{
	static const char head[] = "object-group service SERVICES\n";
	struct known known = { 0 };

	known_set(&known, ios_parse("t", text, strlen(text), 0));
	tap_ok(!ios_acl_find(known.cfg, "SERVED", AF_INET), "a list of an object-group stays aside");
	left_begin(KEY);
	known_warm(&known, head, "ip");
	tap_ok(!left_end(), "no keys are left in memory where it is made known");
	tap_ok(ios_acl_find(known.cfg, "SERVED", AF_INET), "not with a member that begins as a list does");
	known_forget(&known);
}

static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

/* As a ratio, since the sanitizers cost as much in both. */
static void test_time(void)
{
	static const char *const lines[] = {
		"crypto map M 3500", "set pfs group14", "description x", "ip access-list extended A3000",
		"permit udp any any", "crypto ipsec security-association lifetime seconds 7200",
		"object-group network NETS", "host 10.2.0.1", "crypto map M local-address Loopback0",
		"crypto pki certificate chain C",
	};
	double whole, start, ms, worst = 0;
	const char *at = lines[0];
	char *text = large(4000);
	struct side part = { 0 };
	size_t i;

	start = cpu_ms();
	known_set(&part.known, ios_parse("t", text, strlen(text), 0));
	whole = cpu_ms() - start;
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		start = cpu_ms();
		types(&part, lines[i], false);
		ms = cpu_ms() - start;
		at = ms > worst ? lines[i] : at;
		worst = ms > worst ? ms : worst;
	}
	if (!tap_ok(worst < whole / 5, "a line costs a fraction of the configuration"))
		printf("# %s: %.1f of %.1f ms\n", at, worst, whole);
	known_forget(&part.known);
	free(part.said);
	free(text);
}

int main(void)
{
	char *text = large(ENTRIES);

	test_lines(text, true);
	test_lines(text, false);
	test_open_group(text);
	test_time();
	free(text);
	return tap_done();
}
