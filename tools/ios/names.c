// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What IOS writes as names: numbers in access lists (protocols, ports and ICMP
 * types; the first name of a number is the one that is written back), and the
 * algorithms of ISAKMP.
 */
#include <string.h>
#include <strings.h>

#include "parse.h"

struct name {
	const char *word;
	int number;
	int code;		/* ICMP only */
};

static const struct name protocols[] = {
	{ "ip", IOS_PROTO_ANY, 0 }, { "icmp", 1, 0 }, { "igmp", 2, 0 }, { "ipinip", 4, 0 },
	{ "tcp", 6, 0 }, { "udp", 17, 0 }, { "gre", 47, 0 }, { "esp", 50, 0 }, { "ahp", 51, 0 },
	{ "eigrp", 88, 0 }, { "ospf", 89, 0 }, { "nos", 94, 0 }, { "pim", 103, 0 },
	{ "pcp", 108, 0 }, { "sctp", 132, 0 },
};

static const struct name protocols6[] = {
	{ "ipv6", IOS_PROTO_ANY, 0 }, { "icmp", 58, 0 }, { "tcp", 6, 0 }, { "udp", 17, 0 },
	{ "esp", 50, 0 }, { "ahp", 51, 0 }, { "pcp", 108, 0 }, { "sctp", 132, 0 },
};

static const struct name tcp_ports[] = {
	{ "bgp", 179, 0 }, { "chargen", 19, 0 }, { "cmd", 514, 0 }, { "daytime", 13, 0 },
	{ "discard", 9, 0 }, { "domain", 53, 0 }, { "drip", 3949, 0 }, { "echo", 7, 0 },
	{ "exec", 512, 0 },
	{ "finger", 79, 0 }, { "ftp", 21, 0 }, { "ftp-data", 20, 0 }, { "gopher", 70, 0 },
	{ "hostname", 101, 0 }, { "ident", 113, 0 }, { "irc", 194, 0 }, { "klogin", 543, 0 },
	{ "kshell", 544, 0 }, { "login", 513, 0 }, { "lpd", 515, 0 }, { "msrpc", 135, 0 },
	{ "nntp", 119, 0 }, { "onep-plain", 15001, 0 }, { "onep-tls", 15002, 0 },
	{ "pim-auto-rp", 496, 0 }, { "pop2", 109, 0 }, { "pop3", 110, 0 },
	{ "smtp", 25, 0 }, { "sunrpc", 111, 0 }, { "tacacs", 49, 0 }, { "talk", 517, 0 },
	{ "telnet", 23, 0 }, { "time", 37, 0 }, { "uucp", 540, 0 }, { "whois", 43, 0 },
	{ "www", 80, 0 }, { "syslog", 514, 0 },
};

static const struct name udp_ports[] = {
	{ "biff", 512, 0 }, { "bootpc", 68, 0 }, { "bootps", 67, 0 }, { "discard", 9, 0 },
	{ "dnsix", 195, 0 }, { "domain", 53, 0 }, { "echo", 7, 0 }, { "isakmp", 500, 0 },
	{ "mobile-ip", 434, 0 }, { "nameserver", 42, 0 }, { "netbios-dgm", 138, 0 },
	{ "netbios-ns", 137, 0 }, { "netbios-ss", 139, 0 }, { "non500-isakmp", 4500, 0 },
	{ "ntp", 123, 0 }, { "pim-auto-rp", 496, 0 }, { "rip", 520, 0 }, { "ripv6", 521, 0 }, { "snmp", 161, 0 },
	{ "snmptrap", 162, 0 }, { "sunrpc", 111, 0 }, { "syslog", 514, 0 }, { "tacacs", 49, 0 },
	{ "talk", 517, 0 }, { "tftp", 69, 0 }, { "time", 37, 0 }, { "who", 513, 0 },
	{ "xdmcp", 177, 0 },
};

/* A code of -1 is any code; types with one code only (echo) have it too. */
static const struct name icmp_types[] = {
	{ "echo-reply", 0, -1 }, { "unreachable", 3, -1 }, { "net-unreachable", 3, 0 },
	{ "host-unreachable", 3, 1 }, { "protocol-unreachable", 3, 2 },
	{ "port-unreachable", 3, 3 }, { "packet-too-big", 3, 4 },
	{ "source-route-failed", 3, 5 }, { "network-unknown", 3, 6 },
	{ "host-unknown", 3, 7 }, { "host-isolated", 3, 8 },
	{ "dod-net-prohibited", 3, 9 }, { "dod-host-prohibited", 3, 10 },
	{ "net-tos-unreachable", 3, 11 }, { "host-tos-unreachable", 3, 12 },
	{ "administratively-prohibited", 3, 13 }, { "host-precedence-unreachable", 3, 14 },
	{ "precedence-unreachable", 3, 15 }, { "source-quench", 4, -1 },
	{ "redirect", 5, -1 }, { "net-redirect", 5, 0 }, { "host-redirect", 5, 1 },
	{ "net-tos-redirect", 5, 2 }, { "host-tos-redirect", 5, 3 },
	{ "alternate-address", 6, -1 }, { "echo", 8, -1 },
	{ "router-advertisement", 9, -1 }, { "router-solicitation", 10, -1 },
	{ "time-exceeded", 11, -1 }, { "ttl-exceeded", 11, 0 },
	{ "reassembly-timeout", 11, 1 }, { "parameter-problem", 12, -1 },
	{ "general-parameter-problem", 12, 0 }, { "option-missing", 12, 1 },
	{ "no-room-for-option", 12, 2 }, { "timestamp-request", 13, -1 },
	{ "timestamp-reply", 14, -1 }, { "information-request", 15, -1 },
	{ "information-reply", 16, -1 }, { "mask-request", 17, -1 },
	{ "mask-reply", 18, -1 }, { "traceroute", 30, -1 }, { "conversion-error", 31, -1 },
	{ "mobile-redirect", 32, -1 },
};

static const struct name icmp6_types[] = {
	{ "beyond-scope", 1, 2 }, { "destination-unreachable", 1, 3 },
	{ "echo-reply", 129, -1 }, { "echo-request", 128, -1 }, { "header", 4, 0 },
	{ "hop-limit", 3, 0 }, { "mld-query", 130, -1 }, { "mld-reduction", 132, -1 },
	{ "mld-report", 131, -1 }, { "nd-na", 136, -1 }, { "nd-ns", 135, -1 },
	{ "next-header", 4, 1 }, { "no-admin", 1, 1 }, { "no-route", 1, 0 },
	{ "packet-too-big", 2, -1 }, { "parameter-option", 4, 2 },
	{ "parameter-problem", 4, -1 }, { "port-unreachable", 1, 4 },
	{ "reassembly-timeout", 3, 1 }, { "redirect", 137, -1 },
	{ "renum-command", 138, 0 }, { "renum-result", 138, 1 },
	{ "renum-seq-number", 138, 255 }, { "router-advertisement", 134, -1 },
	{ "router-renumbering", 138, -1 }, { "router-solicitation", 133, -1 },
	{ "time-exceeded", 3, -1 }, { "unreachable", 1, -1 },
};

/* The part of a table that is of this family. */
#define TABLE(family, v4, v6, n)						\
	(*(n) = (family) == AF_INET6 ? ARRAY_SIZE(v6) : ARRAY_SIZE(v4),		\
	 (family) == AF_INET6 ? (v6) : (v4))

static const struct name *by_word(const struct name *table, size_t n, const struct tok *t,
				  bool abbreviated)
{
	const struct name *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (tok_is(t, table[i].word))
			return &table[i];
		if (!abbreviated || t->len > strlen(table[i].word) ||
		    strncasecmp(t->s, table[i].word, t->len))
			continue;
		if (found)
			abbreviated = false;
		found = &table[i];
	}
	return abbreviated ? found : NULL;
}

int protocol_number(int family, const struct tok *t)
{
	const struct name *name;
	uint64_t number;
	size_t n;

	if (tok_number(t, &number))
		return number <= 255 ? (number ? (int)number : IOS_PROTO_ANY) : -2;
	name = TABLE(family, protocols, protocols6, &n);
	name = t ? by_word(name, n, t, true) : NULL;
	return name ? name->number : -2;
}

const char *protocol_name(int family, int proto)
{
	const struct name *name;
	size_t n;

	for (name = TABLE(family, protocols, protocols6, &n); n; n--, name++)
		if (name->number == proto)
			return name->word;
	return NULL;
}

static const struct name *ports(int proto, size_t *n)
{
	/* those of UDP that "tcp-udp" has as well are names of TCP, too */
	*n = proto == IPPROTO_UDP ? ARRAY_SIZE(udp_ports) : ARRAY_SIZE(tcp_ports);
	return proto == IPPROTO_UDP ? udp_ports : tcp_ports;
}

int port_number(int proto, const struct tok *t, bool abbreviated)
{
	const struct name *name;
	uint64_t number;
	size_t n;

	if (!t)
		return -1;
	if (tok_number(t, &number))
		return number <= 65535 ? (int)number : -1;
	name = ports(proto, &n);
	name = by_word(name, n, t, abbreviated);
	return name ? name->number : -1;
}

const char *port_name(int proto, uint16_t port)
{
	const struct name *name;
	size_t i, n;

	name = ports(proto, &n);
	for (i = 0; i < n; i++)
		if (name[i].number == port)
			return name[i].word;
	return NULL;
}

int icmp_protocol(int family)
{
	return family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

bool icmp_number(int family, const struct tok *t, int *type, int *code)
{
	const struct name *name;
	size_t n;

	name = TABLE(family, icmp_types, icmp6_types, &n);
	name = by_word(name, n, t, true);
	if (!name)
		return false;
	*type = name->number;
	*code = name->code;
	return true;
}

const char *icmp_name(int family, int type, int code)
{
	const struct name *name;
	size_t n;

	for (name = TABLE(family, icmp_types, icmp6_types, &n); n; n--, name++)
		if (name->number == type && name->code == code)
			return name->word;
	return NULL;
}

/* A word that is no number. */
static struct tok word_tok(const char *word)
{
	uint64_t number;
	struct tok t = { .s = word, .len = strlen(word) };

	return tok_number(&t, &number) ? (struct tok){ .s = "", .len = 0 } : t;
}

int ios_protocol_word(int family, const char *word)
{
	const struct tok t = word_tok(word);
	int proto = t.len ? protocol_number(family, &t) : -1;

	/* "ip" is every protocol, and none of a packet */
	return proto < 0 ? -1 : proto;
}

int ios_port_word(int proto, const char *word)
{
	const struct tok t = word_tok(word);

	return t.len ? port_number(proto, &t, true) : -1;
}

int ios_icmp_word(int family, const char *word, int *code)
{
	const struct tok t = word_tok(word);
	int type;

	return t.len && icmp_number(family, &t, &type, code) ? type : -1;
}

static const struct name tcp_flags[] = {
	{ "fin", 0x01, 0 }, { "syn", 0x02, 0 }, { "rst", 0x04, 0 }, { "psh", 0x08, 0 },
	{ "ack", 0x10, 0 }, { "urg", 0x20, 0 },
};

uint8_t tcp_flag(const struct tok *t)
{
	const struct name *name = by_word(tcp_flags, ARRAY_SIZE(tcp_flags), t, false);

	return name ? name->number : 0;
}

const char *tcp_flag_name(uint8_t flags)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tcp_flags); i++)
		if (tcp_flags[i].number == flags)
			return tcp_flags[i].word;
	return NULL;
}

static const struct name dscps[] = {
	{ "default", 0, 0 }, { "cs1", 8, 0 }, { "af11", 10, 0 }, { "af12", 12, 0 },
	{ "af13", 14, 0 }, { "cs2", 16, 0 }, { "af21", 18, 0 }, { "af22", 20, 0 },
	{ "af23", 22, 0 }, { "cs3", 24, 0 }, { "af31", 26, 0 }, { "af32", 28, 0 },
	{ "af33", 30, 0 }, { "cs4", 32, 0 }, { "af41", 34, 0 }, { "af42", 36, 0 },
	{ "af43", 38, 0 }, { "cs5", 40, 0 }, { "ef", 46, 0 }, { "cs6", 48, 0 },
	{ "cs7", 56, 0 },
};

static const struct name precedences[] = {
	{ "routine", 0, 0 }, { "priority", 1, 0 }, { "immediate", 2, 0 }, { "flash", 3, 0 },
	{ "flash-override", 4, 0 }, { "critical", 5, 0 }, { "internet", 6, 0 },
	{ "network", 7, 0 },
};

static const struct name toses[] = {
	{ "normal", 0, 0 }, { "min-monetary-cost", 1, 0 }, { "max-reliability", 2, 0 },
	{ "max-throughput", 4, 0 }, { "min-delay", 8, 0 },
};

/* struct field - bits of the TOS byte from @shift up, @max when all are one */
static const struct field {
	const struct name *names;
	size_t n;
	unsigned int shift, max;
	const char *expected;
} fields[] = {
	[TOS_DSCP] = { dscps, ARRAY_SIZE(dscps), 2, 63, "a DSCP (0-63, af11, ef, ...)" },
	[TOS_PRECEDENCE] = { precedences, ARRAY_SIZE(precedences), 5, 7,
			     "a precedence (0-7, critical, flash, ...)" },
	[TOS_TOS] = { toses, ARRAY_SIZE(toses), 1, 15, "a type of service (0-15, min-delay, ...)" },
};

uint8_t tos_mask(enum tos_field field)
{
	return fields[field].max << fields[field].shift;
}

const char *tos_expected(enum tos_field field)
{
	return fields[field].expected;
}

int tos_number(enum tos_field field, const struct tok *t)
{
	const struct field *f = &fields[field];
	const struct name *name;
	uint64_t number;

	if (!t)
		return -1;
	if (tok_number(t, &number))
		return number <= f->max ? (int)(number << f->shift) : -1;
	name = by_word(f->names, f->n, t, true);
	return name ? name->number << f->shift : -1;
}

const char *tos_name(enum tos_field field, uint8_t tos, unsigned int *number)
{
	const struct field *f = &fields[field];
	size_t i;

	*number = tos >> f->shift & f->max;
	for (i = 0; i < f->n; i++)
		if (f->names[i].number == (int)*number)
			return f->names[i].word;
	return NULL;
}

static void offer_names(struct parser *p, const struct name *table, size_t n, const char *what)
{
	for (; n; n--, table++)
		tell(p, IOS_WORD_KEYWORD, table->word, "%s %d", what, table->number);
}

void offer_protocols(struct parser *p, int family)
{
	const struct name *table;
	size_t n;

	table = TABLE(family, protocols, protocols6, &n);
	/* that of any protocol is no number */
	tell(p, IOS_WORD_KEYWORD, table->word, "any protocol");
	offer_names(p, table + 1, n - 1, "protocol");
	offer_number(p, 0, 255, "a protocol");
}

void offer_ports(struct parser *p, int proto)
{
	const struct name *table;
	size_t n;

	table = ports(proto, &n);
	offer_names(p, table, n, "port");
	offer_number(p, 0, 65535, "a port");
}

void offer_icmp(struct parser *p, int family)
{
	const struct name *table;
	size_t n;

	table = TABLE(family, icmp_types, icmp6_types, &n);
	offer_names(p, table, n, "ICMP type");
	offer_number(p, 0, 255, "an ICMP type");
}

void offer_tos(struct parser *p, enum tos_field field)
{
	static const char *const what[] = {
		[TOS_DSCP] = "DSCP", [TOS_PRECEDENCE] = "precedence", [TOS_TOS] = "type of service",
	};

	offer_names(p, fields[field].names, fields[field].n, what[field]);
	offer_number(p, 0, fields[field].max, what[field]);
}

const char *ios_encr_word(enum ios_encr encr)
{
	static const char *const word[] = { "des", "3des", "aes" };

	return word[encr];
}

const char *ios_hash_word(enum ios_hash hash)
{
	static const char *const word[] = { "md5", "sha", "sha256", "sha384", "sha512" };

	return word[hash];
}

const char *ios_auth_word(enum ios_auth auth)
{
	static const char *const word[] = { "rsa-sig", "rsa-encr", "pre-share", "ecdsa-sig" };

	return word[auth];
}

const char *ios_df_word(enum ios_df df)
{
	return df == IOS_DF_SET ? "set" : df == IOS_DF_CLEAR ? "clear" : "copy";
}

const char *ios_frag_word(enum ios_frag frag)
{
	return frag == IOS_FRAG_AFTER ? "after-encryption" : "before-encryption";
}
