/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random configurations without a mistake in them, of every noun of the language. In
 * the text a keyword has a "|" after its shortest form: "per|mit". Lines of a section
 * begin with a blank.
 */
#ifndef UNIT_IOS_RANDOM_H
#define UNIT_IOS_RANDOM_H

#include <stdio.h>

#include "tap.h"

/* one of these texts */
#define ANY(...) any_of((const char *const[]){ __VA_ARGS__, NULL })
/* whether a thing happens that does so once in @n times */
#define ONCE_IN(n) (!tap_random(n))

static const char *any_of(const char *const *texts)
{
	unsigned int n = 0;

	while (texts[n])
		n++;
	return texts[tap_random(n)];
}

/* a number from @min to @max, its ends more often than others */
static unsigned int between(unsigned int min, unsigned int max)
{
	switch (tap_random(8)) {
	case 0:
		return min;
	case 1:
		return max;
	}
	return max - min == UINT32_MAX ? tap_random(UINT32_MAX) : min + tap_random(max - min + 1);
}

/* struct word - room for a value that is written where it is used */
struct word {
	char s[160];
};

__attribute__((format(printf, 1, 2)))
static struct word word(const char *fmt, ...)
{
	struct word word;
	va_list args;

	va_start(args, fmt);
	vsnprintf(word.s, sizeof(word.s), fmt, args);
	va_end(args);
	return word;
}

/* the name of the nth thing of a kind */
static struct word name_of(char kind, unsigned int n)
{
	static const char *const tails[] = { "", "-x", "/SHA/L2L", "->R5", "_a.b", ":DEF:1", "é" };

	return word("%c%u%s", kind, n, tails[n % 7]);
}

static const char *some_text(void)
{
	return ANY("a", "to the far end", "x  y", "permit ip any any", "exit",
		   "10.0.0.0/8 ! not a comment", "naïve");
}

static struct word host4(void)
{
	return word("%u.%u.%u.%u", 1 + tap_random(126), tap_random(256), tap_random(256),
		    1 + tap_random(254));
}

static struct word host6(void)
{
	return word("2001:db8:%x::%x", tap_random(65536), 1 + tap_random(65535));
}

/* ------------------------------------------------------------------------- phase 1 */

static void random_policies(FILE *f)
{
	unsigned int i;

	for (i = 0; i < tap_random(4); i++) {
		fprintf(f, "cr|ypto is|akmp po|licy %u\n", 1 + i + tap_random(9990));
		if (ONCE_IN(2))
			fprintf(f, " e|ncryption %s\n", ANY("3|des", "d|es", "a|es", "a|es 128|",
							    "a|es 192|", "a|es 256|"));
		if (ONCE_IN(2))
			fprintf(f, " h|ash %s\n", ANY("m|d5", "sha|", "sha2|56", "sha3|84", "sha5|12"));
		fprintf(f, " a|uthentication %s\n", ONCE_IN(5) ? ANY("rsa-s|ig", "rsa-e|ncr") : "p|re-share");
		if (ONCE_IN(2))
			fprintf(f, " g|roup %s\n", ANY("1", "2", "5", "14", "15", "16", "19", "20", "21", "24"));
		if (ONCE_IN(2))
			fprintf(f, " l|ifetime %u\n", between(60, 86400));
	}
}

/* the type may be left out where the key does not look like one */
static const char *secret(void)
{
	return ANY("SECRET", "0 SECRET", "0 0", "0 6", "!a", "0 #b", "//c", "address", "key%s\\n",
		   "pässword", "{\"'}");
}

static void random_keys(FILE *f)
{
	unsigned int i;

	for (i = 0; i < tap_random(5); i++) {
		fprintf(f, "cr|ypto is|akmp key| %s ", secret());
		switch (tap_random(5)) {
		case 0:
			fprintf(f, "ad|dress %s", host4().s);
			break;
		case 1:
			fprintf(f, "ad|dress %s %s", host4().s,
				ANY("255.255.255.255", "255.255.0.0", "0.0.0.0", "128.0.0.0"));
			break;
		case 2:
			fprintf(f, "ad|dress 0.0.0.0%s", ANY("", " 0.0.0.0"));
			break;
		case 3:
			fprintf(f, "ad|dress ipv6| %s%s", host6().s, ANY("", "/128", "/32", "/0"));
			break;
		case 4:
			fprintf(f, "ho|stname gw%u.example.org", i);
			break;
		}
		fprintf(f, "%s\n", ANY("", " no-x|auth"));
	}
	for (i = 0; i < tap_random(3); i++) {
		if (ONCE_IN(3))
			fprintf(f, "cr|ypto is|akmp pee|r h|ostname host%u\n", i);
		else if (ONCE_IN(2))
			fprintf(f, "cr|ypto is|akmp pee|r a|ddress ipv6| %s\n", host6().s);
		else
			fprintf(f, "cr|ypto is|akmp pee|r a|ddress %s\n", host4().s);
		if (ONCE_IN(2))
			fprintf(f, " des|cription %s\n", some_text());
		fprintf(f, " se|t a|ggressive-mode p|assword %s\n", secret());
		fprintf(f, " se|t a|ggressive-mode c|lient-endpoint %s\n",
			ANY("f|qdn a.example.org", "ipv4|-address 192.0.2.1", "u|ser-fqdn a@b",
			    "ipv6|-address 2001:db8::1"));
	}
}

static const char *random_local(void)
{
	return ANY("", " loc|al-address 192.0.2.1\n", " loc|al-address GigabitEthernet0/0\n", " loc|al-address eth1\n",
		   " loc|al-address Loopback7\n", " loc|al-address Loopback7 RED\n");
}

static void random_keyrings(FILE *f)
{
	unsigned int i;

	for (i = 0; i < tap_random(3); i++)
		fprintf(f, "cr|ypto keyr|ing R%u\n%s pre|-shared-key ad|dress %s k|ey %s\n", i,
			random_local(), host4().s, secret());
}

static void random_pki(FILE *f)
{
	unsigned int i, j;

	for (i = 0; i < tap_random(3); i++) {
		fprintf(f, "cr|ypto %s tr|ustpoint TP%u\n", ANY("pki|", "ca|"), i);
		if (ONCE_IN(2))
			fprintf(f, " cert|ificate f|ile /etc/tp%u.crt\n", i);
		if (ONCE_IN(2))
			fputs(" ca| f|ile /etc/ca.crt\n", f);
		if (ONCE_IN(2))
			fprintf(f, " %s f|ile /etc/tp%u pas|sword %s\n", ANY("key|", "pkc|s12"), i,
				secret());
		if (ONCE_IN(2))
			fprintf(f, " rev|ocation-check %s\n", ANY("c|rl", "o|csp n|one", "n|one", "c|rl o|csp n|one"));
	}
	for (i = 0; i < tap_random(3); i++) {
		fprintf(f, "cr|ypto %s cer|tificate cha|in TP%u\n", ANY("pki|", "ca|"), i);
		for (j = 0; j < tap_random(3); j++)
			fprintf(f, " cert|ificate %s%02X%s\n  3082%04X\n%s  quit\n", ANY("", "ca "), j,
				ANY("", " nvram:r1.cer"), tap_random(65536), ANY("", "  00 11223344\n"));
	}
	for (i = 0; i < tap_random(3); i++) {
		fprintf(f, "cr|ypto pki| cer|tificate m|ap M%u %u\n", i, between(1, 65535));
		for (j = 0; j < tap_random(4); j++)
			fprintf(f, " %s %s %s\n",
				ANY("sub|ject-name", "iss|uer-name", "alt|-subject-name", "ser|ial-number"),
				ANY("co", "nc", "eq", "ne"), some_text());
	}
	for (i = 0; i < tap_random(3); i++)
		fprintf(f, "cr|ypto is|akmp pr|ofile P%u\n ca| t|rust-point TP%u\n mat|ch c|ertificate M%u\n%s%s%s",
			i, i, i, ANY("", " self|-identity t|rustpoint\n"), random_local(),
			ANY("", " cli|ent authe|ntication list USERS\n", " cli|ent c|onfiguration address respond\n",
			    " isa|kmp a|uthorization list GROUPS\n"));
}

static void random_isakmp(FILE *f)
{
	if (ONCE_IN(9))
		fputs("no cr|ypto is|akmp en|able\n", f);
	if (ONCE_IN(2))
		fputs("cr|ypto is|akmp inv|alid-spi-recovery\n", f);
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto is|akmp keepa|live %u%s%s\n", between(10, 3600),
			ANY("", " 2", " 60"), ANY("", " p|eriodic", " o|n-demand"));
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto is|akmp na|t k|eepalive %u\n", between(5, 3600));
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto is|akmp id|entity %s\n", ANY("a|ddress", "h|ostname", "d|n"));
	if (ONCE_IN(3))
		fputs("cr|ypto is|akmp ag|gressive-mode d|isable\n", f);
}

/* ------------------------------------------------------------------- access lists */

static void random_groups(FILE *f, unsigned int n)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		fprintf(f, "obj|ect-group n|etwork %s\n", name_of('N', i).s);
		if (ONCE_IN(2))
			fprintf(f, " desc|ription %s\n", some_text());
		fprintf(f, " h|ost %s\n", host4().s);
		if (ONCE_IN(2))
			fputs(" ra|nge 10.2.0.3 10.2.0.8\n", f);
		if (ONCE_IN(2))
			fprintf(f, " %s %s\n", host4().s, ANY("255.255.0.0", "255.255.255.252"));
		if (i && ONCE_IN(2))
			fprintf(f, " group|-object %s\n", name_of('N', i - 1).s);
		fprintf(f, "obj|ect-group s|ervice %s\n", name_of('S', i).s);
		for (j = 0; j < 1 + tap_random(4); j++)
			fprintf(f, " %s\n", ANY("tcp so|urce g|t 1023 eq| www", "udp 53", "icmp echo", "gre", "99",
						"tcp-udp| eq| domain", "udp ra|nge 5000 5010", "esp", "icmp 3 9"));
		fprintf(f, "obj|ect-group v6-n|etwork %s\n", name_of('V', i).s);
		fprintf(f, " h|ost %s\n %s/48\n", host6().s, host6().s);
	}
}

static struct word network4(unsigned int n_groups)
{
	switch (tap_random(n_groups ? 5 : 4)) {
	case 0:
		return word("a|ny");
	case 1:
		return word("ho|st %s", host4().s);
	case 2:
	case 3:
		return word("%s %s", host4().s, ANY("0.0.0.255", "0.0.255.255", "0.0.0.0",
						     "255.255.255.255", "0.0.254.255", "0.255.0.3"));
	default:
		return word("ob|ject-group %s", name_of('N', tap_random(n_groups)).s);
	}
}

static struct word network6(unsigned int n_groups)
{
	switch (tap_random(n_groups ? 4 : 3)) {
	case 0:
		return word("a|ny");
	case 1:
		return word("ho|st %s", host6().s);
	case 2:
		return word("%s%s", host6().s, ANY("/32", "/64", "/128", "/1"));
	default:
		return word("ob|ject-group %s", name_of('V', tap_random(n_groups)).s);
	}
}

/* An entry after its action. */
static void random_rule(FILE *f, bool six, unsigned int n_groups)
{
	const char *proto = six ? ANY("ipv6", "tcp", "udp", "icmp", "esp", "ahp", "47", "sctp") :
				  ANY("ip", "tcp", "udp", "icmp", "gre", "esp", "ahp", "ospf", "0", "254");
	bool ports = !strcmp(proto, "tcp") || !strcmp(proto, "udp");
	struct word src = six ? network6(n_groups) : network4(n_groups);
	struct word dst = six ? network6(n_groups) : network4(n_groups);

	if (!six && n_groups && ONCE_IN(6)) {
		fprintf(f, "ob|ject-group %s %s %s\n", name_of('S', tap_random(n_groups)).s, src.s, dst.s);
		return;
	}
	fprintf(f, "%s %s%s %s%s", proto, src.s,
		ports ? ANY("", " eq| 53", " ra|nge 1 65535", " g|t 1023", " lt| 9", " n|eq 5 6 7") : "",
		dst.s, ports ? ANY("", " eq| 7 80 443 4500", " ra|nge 5 9", " g|t 65534") : "");
	if (!strcmp(proto, "icmp"))
		fputs(six ? ANY("", " 3", " 129", " 4 2") : ANY("", " echo", " 3", " 3 4", " echo-reply"), f);
	if (!strcmp(proto, "tcp"))
		fputs(ANY("", " est|ablished", " sy|n", " match-al|l +syn -ack", " match-an|y +fin +rst"), f);
	fputs(ANY("", "", " dscp| ef", " dscp| 11"), f);
	if (!six)
		fputs(ANY("", "", " tt|l eq 5", " tt|l lt 2"), f);
	if (!ports && strcmp(proto, "icmp"))
		fputs(ANY("", "", " fr|agments"), f);
	fprintf(f, "%s\n", ANY("", "", " log|", " log-|input", " log| tag1", " log-i|nput Tag_2"));
}

static void random_action(FILE *f)
{
	fputs(ANY("per|mit ", "per|mit ", "de|ny "), f);
}

/* Lists of all kinds: what crypto maps protect, and what they filter by. */
static void random_acls(FILE *f, unsigned int n, unsigned int n_groups)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		fprintf(f, "ip acce|ss-list e|xtended %s\n", name_of('A', i).s);
		if (ONCE_IN(3))
			fprintf(f, " rem|ark %s\n", some_text());
		for (j = 0; j < 1 + tap_random(4); j++)
			fprintf(f, " per|mit %s 10.%u.%u.0 0.0.0.255 10.9.%u.0 0.0.0.255\n",
				ANY("ip", "gre", "tcp", "icmp"), i, j, j);
		fprintf(f, "ip acce|ss-list e|xtended %s\n", name_of('F', i).s);
		for (j = 0; j < tap_random(6); j++) {
			fputc(' ', f);
			if (ONCE_IN(3))
				fprintf(f, "%u ", (j + 1) * 1000 + tap_random(1000));
			if (ONCE_IN(9)) {
				fprintf(f, "rem|ark %s\n", some_text());
				continue;
			}
			random_action(f);
			random_rule(f, false, n_groups);
		}
		for (j = 0; j < tap_random(4); j++) {
			fprintf(f, "acce|ss-list %u ", 100 + i);
			random_action(f);
			random_rule(f, false, n_groups);
		}
		for (j = 0; j < tap_random(3); j++) {
			fprintf(f, "acce|ss-list %u ", i + 1);
			random_action(f);
			fprintf(f, "%s%s\n", ANY("a|ny", "ho|st 10.0.0.1", "10.0.0.7", "10.0.0.0 0.0.255.255"),
				ANY("", " log|", " log| tag"));
		}
		fprintf(f, "ip acce|ss-list s|tandard %s\n", name_of('B', i).s);
		for (j = 0; j < tap_random(3); j++)
			fprintf(f, " %s%s\n", ANY("per|mit ", "de|ny "), ANY("a|ny", "10.0.0.0 0.0.0.255"));
		fprintf(f, "ipv6 acce|ss-list %s\n per|mit ipv6 2001:db8:%u::/48 any\n",
			name_of('A', i).s, i);
		fprintf(f, "ipv6 acce|ss-list %s\n", name_of('F', i).s);
		for (j = 0; j < tap_random(5); j++) {
			fputc(' ', f);
			if (ONCE_IN(3))
				fprintf(f, "seq|uence %u ", (j + 1) * 100 + tap_random(100));
			random_action(f);
			random_rule(f, true, n_groups);
		}
	}
}

/* ----------------------------------------------------------- phase 2 and crypto maps */

static void random_ipsec(FILE *f, unsigned int n)
{
	unsigned int i;

	if (ONCE_IN(2))
		fprintf(f, "cr|ypto ips|ec s|ecurity-association li|fetime k|ilobytes %s\n",
			ANY("2560", "4294967295", "d|isable"));
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto ips|ec s|ecurity-association li|fetime s|econds %u\n", between(120, 86400));
	if (ONCE_IN(3))
		fputs("cr|ypto ips|ec s|ecurity-association li|fetime d|ays 1\n", f);
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto ips|ec s|ecurity-association id|le-time %u\n", between(60, 86400));
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto ips|ec s|ecurity-association r|eplay %s\n",
			ANY("d|isable", "w|indow-size 64", "w|indow-size 1024"));
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto ips|ec d|f-bit %s\n", ANY("cl|ear", "co|py", "s|et"));
	if (ONCE_IN(2))
		fprintf(f, "cr|ypto ips|ec f|ragmentation %s\n", ANY("a|fter-encryption", "b|efore-encryption"));
	for (i = 0; i < n; i++) {
		fprintf(f, "cr|ypto ips|ec t|ransform-set %s %s\n", name_of('T', i).s,
			ANY("esp-a|es esp-sha-|hmac", "esp-sha256|-hmac esp-a|es 256|", "esp-gc|m", "esp-gc|m 256|",
			    "esp-gm|ac 192|", "esp-3|des esp-m|d5-hmac", "esp-n|ull esp-sha512|-hmac",
			    "esp-a|es 192| esp-sha384|-hmac"));
		if (ONCE_IN(2))
			fprintf(f, " m|ode %s\n", ANY("tu|nnel", "tr|ansport", "tr|ansport r|equire"));
		if (ONCE_IN(4))
			fputs(" es|n\n", f);
	}
}

/* What all kinds of entries have but for peers, of @n transform sets and access lists. */
static void random_settings(FILE *f, unsigned int n, bool six)
{
	unsigned int i;

	if (ONCE_IN(2))
		fprintf(f, " des|cription %s\n", some_text());
	if (ONCE_IN(3))
		fprintf(f, " set| sec|urity-association li|fetime k|ilobytes %s\n", ANY("2560", "d|isable"));
	if (ONCE_IN(3))
		fprintf(f, " set| sec|urity-association li|fetime s|econds %u\n", between(120, 2592000));
	if (ONCE_IN(3))
		fprintf(f, " set| sec|urity-association id|le-time %u%s\n", between(60, 86400),
			ANY("", " d|efault"));
	if (ONCE_IN(3))
		fprintf(f, " set| sec|urity-association r|eplay %s\n", ANY("d|isable", "w|indow-size 128"));
	if (ONCE_IN(3))
		fprintf(f, " set| sec|urity-association df|bit %s\n", ANY("cl|ear", "co|py", "s|et"));
	if (ONCE_IN(4))
		fputs(" set| sec|urity-association le|vel p|er-host\n", f);
	for (i = 0; !six && i < 2; i++)
		if (ONCE_IN(3))
			fprintf(f, " set| ip| a|ccess-group %s %s\n",
				(ONCE_IN(2) ? name_of('F', tap_random(n)) : name_of('A', tap_random(n))).s,
				ANY("i|n", "o|ut"));
	fputs(" set| t|ransform-set", f);
	for (i = 0; i < 1 + tap_random(n < 6 ? n : 6); i++)
		fprintf(f, " %s", name_of('T', i).s);
	fputc('\n', f);
	if (ONCE_IN(3))
		fprintf(f, " set| pf|s%s\n", ANY("", " group1|", " group2|", " group5|", " group14|", " group19|"));
	if (ONCE_IN(4))
		fprintf(f, " set| r|everse-route %s\n", ANY("d|istance 7", "t|ag 4294967295"));
	if (ONCE_IN(3))
		fprintf(f, " r|everse-route%s\n", ANY("", " s|tatic"));
	if (ONCE_IN(4))
		fputs(" q|os p|re-classify\n", f);
}

static void random_peers(FILE *f, bool six)
{
	unsigned int i, n = 1 + tap_random(3);

	for (i = 0; i < n; i++)
		if (ONCE_IN(4))
			fprintf(f, " set| pe|er gw%u.example.org%s%s\n", i, ANY("", " dy|namic"),
				i ? "" : ANY("", " de|fault"));
		else
			fprintf(f, " set| pe|er %s%s\n", (six ? host6() : host4()).s,
				i ? "" : ANY("", " de|fault"));
}

/* @n of each; entries of a map go on with other access lists, each of which protects its own. */
static void random_maps(FILE *f, unsigned int n)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < 1 + tap_random(2); j++) {
			fprintf(f, "cr|ypto dy|namic-map %s %u\n", name_of('D', i).s, 10 + j);
			random_settings(f, n, false);
			if (ONCE_IN(2))
				fprintf(f, " mat|ch a|ddress %s\n", name_of('A', j % n).s);
		}
		if (ONCE_IN(3))
			fprintf(f, "cr|ypto ma|p %s lo|cal-address Loopback0\n", name_of('M', i).s);
		for (j = 0; j < n; j++) {
			fprintf(f, "cr|ypto ma|p %s %u ipsec-i|sakmp\n", name_of('M', i).s,
				1 + j * 100 + tap_random(100));
			random_peers(f, false);
			random_settings(f, n, false);
			fprintf(f, " mat|ch a|ddress %s\n", name_of('A', j).s);
		}
		if (ONCE_IN(2))
			fprintf(f, "cr|ypto ma|p %s 65535 ipsec-i|sakmp dy|namic %s\n", name_of('M', i).s,
				name_of('D', i).s);
		fprintf(f, "cr|ypto ma|p ipv6| %s 10 ipsec-i|sakmp\n", name_of('W', i).s);
		random_peers(f, true);
		random_settings(f, n, true);
		fprintf(f, " mat|ch a|ddress %s\n", name_of('A', i).s);
		fprintf(f, "cr|ypto ma|p %s 10 ipsec-m|anual\n set| pe|er %s\n", name_of('X', i).s, host4().s);
		fprintf(f, " mat|ch a|ddress %s\n", name_of('A', i).s);
		fprintf(f, " set| ses|sion-key i|nbound e|sp %u c|ipher %032x a|uthenticator %040x\n",
			between(256, UINT32_MAX), tap_random(99), tap_random(99));
		fprintf(f, " set| ses|sion-key o|utbound e|sp %u c|ipher %032X a|uthenticator %040X\n",
			between(256, UINT32_MAX), tap_random(99), tap_random(99));
		fprintf(f, " set| t|ransform-set MANUAL\n");
	}
	fputs("cr|ypto ips|ec t|ransform-set MANUAL esp-a|es esp-sha-|hmac\n", f);
}

static void random_interfaces(FILE *f, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		fprintf(f, "int|erface GigabitEthernet0/%u\n netdev| eth%u\n", i, i);
		if (ONCE_IN(2))
			fprintf(f, " ipv6| cr|ypto ma|p %s\n", name_of('W', i).s);
		if (ONCE_IN(2))
			fprintf(f, " cr|ypto ma|p %s\n", name_of(ONCE_IN(3) ? 'X' : 'M', i).s);
		if (ONCE_IN(3))
			fprintf(f, " cr|ypto ips|ec d|f-bit %s\n", ANY("cl|ear", "co|py", "s|et"));
		if (ONCE_IN(3))
			fprintf(f, " cr|ypto ips|ec f|ragmentation %s\n", ANY("a|fter-encryption", "b|efore-encryption"));
	}
}

/* A whole configuration, for free(). */
static char *random_config(void)
{
	unsigned int n = 1 + tap_random(4), n_groups = tap_random(3);
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	random_policies(f);
	random_keys(f);
	random_keyrings(f);
	random_isakmp(f);
	random_pki(f);
	random_groups(f, n_groups);
	random_ipsec(f, n);
	random_maps(f, n);
	random_interfaces(f, n);
	random_acls(f, n, n_groups);
	fclose(f);
	return text;
}

#endif
