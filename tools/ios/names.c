// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers that IOS writes as names in access lists: protocols, ports and ICMP
 * types. The first name of a number is the one that is written back.
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
	{ "pcp", 108, 0 },
};

static const struct name tcp_ports[] = {
	{ "bgp", 179, 0 }, { "chargen", 19, 0 }, { "cmd", 514, 0 }, { "daytime", 13, 0 },
	{ "discard", 9, 0 }, { "domain", 53, 0 }, { "echo", 7, 0 }, { "exec", 512, 0 },
	{ "finger", 79, 0 }, { "ftp", 21, 0 }, { "ftp-data", 20, 0 }, { "gopher", 70, 0 },
	{ "hostname", 101, 0 }, { "ident", 113, 0 }, { "irc", 194, 0 }, { "klogin", 543, 0 },
	{ "kshell", 544, 0 }, { "login", 513, 0 }, { "lpd", 515, 0 }, { "msrpc", 135, 0 },
	{ "nntp", 119, 0 }, { "pim-auto-rp", 496, 0 }, { "pop2", 109, 0 }, { "pop3", 110, 0 },
	{ "smtp", 25, 0 }, { "sunrpc", 111, 0 }, { "tacacs", 49, 0 }, { "talk", 517, 0 },
	{ "telnet", 23, 0 }, { "time", 37, 0 }, { "uucp", 540, 0 }, { "whois", 43, 0 },
	{ "www", 80, 0 }, { "syslog", 514, 0 },
};

static const struct name udp_ports[] = {
	{ "biff", 512, 0 }, { "bootpc", 68, 0 }, { "bootps", 67, 0 }, { "discard", 9, 0 },
	{ "dnsix", 195, 0 }, { "domain", 53, 0 }, { "echo", 7, 0 }, { "isakmp", 500, 0 },
	{ "mobile-ip", 434, 0 }, { "nameserver", 42, 0 }, { "netbios-dgm", 138, 0 },
	{ "netbios-ns", 137, 0 }, { "netbios-ss", 139, 0 }, { "non500-isakmp", 4500, 0 },
	{ "ntp", 123, 0 }, { "pim-auto-rp", 496, 0 }, { "rip", 520, 0 }, { "snmp", 161, 0 },
	{ "snmptrap", 162, 0 }, { "sunrpc", 111, 0 }, { "syslog", 514, 0 }, { "tacacs", 49, 0 },
	{ "talk", 517, 0 }, { "tftp", 69, 0 }, { "time", 37, 0 }, { "who", 513, 0 },
	{ "xdmcp", 177, 0 },
};

/* A code of -1 is any code. */
static const struct name icmp_types[] = {
	{ "echo-reply", 0, 0 }, { "unreachable", 3, -1 }, { "net-unreachable", 3, 0 },
	{ "host-unreachable", 3, 1 }, { "protocol-unreachable", 3, 2 },
	{ "port-unreachable", 3, 3 }, { "packet-too-big", 3, 4 },
	{ "source-route-failed", 3, 5 }, { "network-unknown", 3, 6 }, { "host-unknown", 3, 7 },
	{ "host-isolated", 3, 8 }, { "dod-net-prohibited", 3, 9 },
	{ "dod-host-prohibited", 3, 10 }, { "net-tos-unreachable", 3, 11 },
	{ "host-tos-unreachable", 3, 12 }, { "administratively-prohibited", 3, 13 },
	{ "host-precedence-unreachable", 3, 14 }, { "precedence-unreachable", 3, 15 },
	{ "source-quench", 4, 0 }, { "redirect", 5, -1 }, { "net-redirect", 5, 0 },
	{ "host-redirect", 5, 1 }, { "net-tos-redirect", 5, 2 }, { "host-tos-redirect", 5, 3 },
	{ "alternate-address", 6, -1 }, { "echo", 8, 0 }, { "router-advertisement", 9, 0 },
	{ "router-solicitation", 10, 0 }, { "time-exceeded", 11, -1 }, { "ttl-exceeded", 11, 0 },
	{ "reassembly-timeout", 11, 1 }, { "parameter-problem", 12, -1 },
	{ "general-parameter-problem", 12, 0 }, { "option-missing", 12, 1 },
	{ "no-room-for-option", 12, 2 }, { "timestamp-request", 13, 0 },
	{ "timestamp-reply", 14, 0 }, { "information-request", 15, 0 },
	{ "information-reply", 16, 0 }, { "mask-request", 17, 0 }, { "mask-reply", 18, 0 },
	{ "traceroute", 30, -1 }, { "conversion-error", 31, -1 }, { "mobile-redirect", 32, -1 },
};

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

int protocol_number(const struct tok *t)
{
	const struct name *name;
	uint64_t number;

	if (tok_number(t, &number))
		return number <= 255 ? (number ? (int)number : IOS_PROTO_ANY) : -2;
	name = t ? by_word(protocols, ARRAY_SIZE(protocols), t, true) : NULL;
	return name ? name->number : -2;
}

const char *protocol_name(int proto)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].number == proto)
			return protocols[i].word;
	return NULL;
}

static const struct name *ports(int proto, size_t *n)
{
	*n = proto == IPPROTO_TCP ? ARRAY_SIZE(tcp_ports) : ARRAY_SIZE(udp_ports);
	return proto == IPPROTO_TCP ? tcp_ports : udp_ports;
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

/* Names of a type with one code only (echo) stand for the type with any code. */
static bool lone_code(const struct name *name)
{
	return !name->code && name->number != 3 && name->number != 5 && name->number != 11 &&
	       name->number != 12;
}

bool icmp_number(const struct tok *t, int *type, int *code)
{
	const struct name *name = by_word(icmp_types, ARRAY_SIZE(icmp_types), t, true);

	if (!name)
		return false;
	*type = name->number;
	*code = lone_code(name) ? IOS_ICMP_ANY : name->code;
	return true;
}

const char *icmp_name(int type, int code)
{
	const struct name *name;

	for (name = icmp_types; name < icmp_types + ARRAY_SIZE(icmp_types); name++)
		if (name->number == type &&
		    (lone_code(name) ? code == IOS_ICMP_ANY : name->code == code))
			return name->word;
	return NULL;
}
