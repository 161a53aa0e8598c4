// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration takes as long to read as it has lines, and no square of that: for each
 * line that may be there many times, in any order, and for what takes it back.
 *
 * Nothing is timed. The language is compiled so that the start of each basic block counts a
 * step here, which is the same on every machine.
 */
#include <stdlib.h>
#include <string.h>

#include "ios/ios.h"
#include "tap.h"

#define FEW 500u
#define TIMES 8u
/* Eight times as many lines, and a logarithm; a square would be 64 times. */
#define MOST (TIMES * 3 / 2)

void __sanitizer_cov_trace_pc(void);

static uint64_t steps;

void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

/*
 * struct shape - lines that are repeated: "@" is an address, "~" one of IPv6, "#" a number, each another one
 * in every line
 * @head: what comes before all of them
 * @line: the lines
 * @undo: takes them back; NULL for "no" and the line, "" for nothing does
 * @tail: what comes behind
 */
struct shape {
	const char *head;
	const char *line;
	const char *undo;
	const char *tail;
};

#define USED "crypto ipsec transform-set T esp-aes esp-sha-hmac\n" \
	"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n set transform-set T\n match address A\n" \
	"interface eth0\n crypto map M\n"

static const struct shape shapes[] = {
	{ "", "crypto isakmp policy #\n" },
	{ "", "crypto isakmp key K address @\n" },
	{ "", "crypto isakmp key K hostname h#.example\n" },
	{ "", "crypto isakmp key K address ipv6 ~/128\n" },
	{ "", "crypto isakmp peer address @\n" },
	{ "", "crypto isakmp peer hostname h#.example\n" },
	{ "", "crypto isakmp profile P#\n" },
	{ "", "crypto keyring R#\n pre-shared-key address @ key K\n", "no crypto keyring R#\n" },
	{ "", "crypto keyring R#\ncrypto isakmp profile P#\n keyring R#\n match identity address @\n",
	  "no crypto isakmp profile P#\n" },
	{ "crypto keyring R\n", " pre-shared-key address @ key K\n" },
	{ "crypto keyring R\n", " pre-shared-key hostname h#.example key K\n" },
	{ "crypto isakmp profile P\n", " match identity address @\n" },
	{ "crypto isakmp profile P\n", " match identity address 192.0.2.1 V#\n" },
	{ "crypto isakmp profile P\n", " match identity address ipv6 ~/128\n" },
	{ "crypto isakmp profile P\n", " match identity host h#.example\n" },
	{ "crypto isakmp profile P\n", " match identity user u@h#.example\n" },
	{ "crypto isakmp profile P\n", " match identity group G#\n" },
	{ "crypto isakmp profile P\n", " client authentication list L#\n" },
	{ "", "crypto ipsec transform-set T# esp-aes\n", "no crypto ipsec transform-set T#\n" },
	{ "", "crypto pki trustpoint T#\n" },
	{ "crypto pki trustpoint T\ncrypto pki certificate chain T\n",
	  " certificate ca #\n  3082\n  quit\n", " no certificate ca #\n" },
	{ "", "crypto pki certificate map M #\n subject-name co x#\n",
	  "no crypto pki certificate map M #\n" },
	{ "", "crypto pki certificate map M# 10\n" },
	{ "crypto pki certificate map M 10\n", " subject-name co x#\n" },
	{ "", "crypto map M # ipsec-isakmp\n", "no crypto map M #\n",
	  "interface eth0\n crypto map M\n" },
	{ "", "interface Tunnel#\n crypto map N\n", "no crypto map M#\n" },
	{ "", "interface Tunnel#\n crypto map N\n", "crypto map M 1 ipsec-isakmp\nno crypto map M\n" },
	{ "", "interface Tunnel#\n crypto map N#\n crypto map M#\n", "no crypto map N#\n" },
	{ "crypto map M 10 ipsec-isakmp\n", " set identity I#\n" },
	{ "crypto map M 10 ipsec-isakmp\n set identity I\n", " no set identity X#\n", "" },
	{ "", "crypto map M # ipsec-isakmp\n set identity I\n",
	  "no crypto map M client authentication list L\n" },
	{ "", "crypto map M # ipsec-isakmp\n set peer @\n", "no crypto map M #\n" },
	{ "", "crypto map M# 10 ipsec-isakmp\n", "no crypto map M#\n" },
	{ "", "crypto map M# local-address eth0\n", "no crypto map M# local-address\n" },
	{ "", "crypto map M # gdoi\n", "no crypto map M #\n" },
	{ "", "crypto map M# client authentication list L\ninterface eth#\n crypto map M#\n",
	  "no crypto map M# client authentication list L\n" },
	{ "", "crypto map M # ipsec-isakmp dynamic D#\ncrypto dynamic-map D# 10\n",
	  "no crypto dynamic-map D#\n", "interface eth0\n crypto map M\n" },
	{ "", "crypto dynamic-map D #\n" },
	{ "", "interface Tunnel#\n crypto map M\n ip address @ 255.255.255.255\n",
	  "no interface Tunnel#\n", "crypto map M 10 ipsec-isakmp\n" },
	{ "interface eth0\n ip address 192.0.2.1 255.255.255.0\n",
	  " ip address @ 255.255.255.0 secondary\n" },
	{ "interface eth0\n", " ipv6 address ~/64\n" },
	{ "", "interface Gi0/#\n netdev eth#\n crypto map M\n", "default interface Gi0/#\n" },
	{ "", "ip access-list extended A#\n permit ip any host @\n", "no ip access-list extended A#\n" },
	{ "", "ipv6 access-list A#\n permit ipv6 any host ~\n", "no ipv6 access-list A#\n" },
	{ "ip access-list extended A\n", " permit ip host @ any\n" },
	{ "ip access-list extended A\n", " permit ip host @ any\n", "", USED },
	{ "ip access-list extended A\n", " # permit ip host @ any\n", " no #\n" },
	{ "ip access-list extended A\n", " permit ip host @ any\n", "ip access-list resequence A # 10\n" },
	{ "ip access-list extended A\n", " permit ip host @ any\nip access-list resequence A 10 10\n"
	  "ip access-list extended A\n", "" },
	{ "ip access-list extended A\n", " permit ip host @ any\n",
	  "ip access-list extended A\n no permit ip host 10.0.0.1 any\n permit ip host 10.0.0.1 any\n" },
	{ "ip access-list extended A\n", " permit ip host @ any\n",
	  "ip access-list extended A\n permit ip any host @\n no permit ip any host @\n" },
	{ "ip access-list extended A\n", " permit nonsense#\n", "", USED },
	{ "ip access-list extended A\n", " remark about #\n" },
	{ "ip access-list extended A\n", " remark about it\n", "" },
	{ "ipv6 access-list A\n", " sequence # permit ipv6 host ~ any\n", " no sequence #\n" },
	{ "", "access-list 101 permit ip host @ any\n", "" },
	{ "", "access-list 11 permit @\n", "" },
	{ "", "object-group network G#\n host @\n", "no object-group network G#\n" },
	{ "object-group service G\n", " tcp eq #\n", "" },
	{ "object-group network G\n", " host @\n" },
	{ "", "R1(config)#crypto isakmp key K address @\n", "" },
	{ "", "router bgp #\n", "" },
	{ "", "banner motd ^Ctext #^C\n", "" },
};

static void write_line(FILE *f, const char *line, unsigned int i)
{
	for (; *line; line++) {
		switch (*line) {
		case '@':
			fprintf(f, "10.0.%u.%u", i >> 8, i & 255);
			break;
		case '~':
			fprintf(f, "2001:db8::%x:1", i);
			break;
		case '#':
			/* one that a prompt ends with is none */
			if (line[1] == 'c' && line[2] == 'r')
				fputc(*line, f);
			else
				fprintf(f, "%u", i);
			break;
		default:
			fputc(*line, f);
		}
	}
}

enum order { FORWARD, BACKWARD, MIXED, ORDERS };

/* The i-th of @n, from 1; 1009 is a prime. */
static unsigned int pick(enum order order, unsigned int i, unsigned int n)
{
	if (order == FORWARD)
		return i + 1;
	return order == BACKWARD ? n - i : i * 1009 % n + 1;
}

static uint64_t count(const struct shape *shape, unsigned int n, enum order order, bool undo)
{
	const char *line;
	char *text;
	unsigned int i;
	size_t len;
	FILE *f;

	f = open_memstream(&text, &len);
	fputs(shape->head, f);
	for (i = 0; i < n; i++)
		write_line(f, shape->line, pick(undo ? FORWARD : order, i, n));
	for (i = 0; undo && i < n; i++) {
		line = shape->undo ? shape->undo : shape->line + (*shape->line == ' ');
		if (!shape->undo)
			fputs("no ", f);
		write_line(f, line, pick(order, i, n));
	}
	if (shape->tail)
		fputs(shape->tail, f);
	fclose(f);
	steps = 0;
	ios_free(ios_parse("t", text, len, IOS_ADVICE));
	free(text);
	return steps;
}

static void test_shape(const struct shape *shape, bool undo)
{
	static const char *const names[] = { "forward", "backward", "mixed" };
	enum order order;
	uint64_t few, many;

	for (order = FORWARD; order < ORDERS; order++) {
		few = count(shape, FEW, order, undo);
		many = count(shape, FEW * TIMES, order, undo);
		if (few && many < MOST * few)
			continue;
		printf("# %s: %llu, %llu steps\n", names[order], (unsigned long long)few,
		       (unsigned long long)many);
		break;
	}
	tap_ok(order == ORDERS, "as many steps as lines: %s%.*s", undo ? "taken back: " : "",
	       (int)strcspn(shape->line, "\n"), shape->line);
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		test_shape(&shapes[i], false);
		if (!shapes[i].undo || *shapes[i].undo)
			test_shape(&shapes[i], true);
	}
	return tap_done();
}
