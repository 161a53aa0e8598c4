// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/tuple.c and kmod/cond.c: packets against conditions. */

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/types.h>
#include <uapi/linux/crypto_map.h>

#include "cond.h"
#include "tap.h"
#include "tuple.h"

static union cmap_addr ip4(const char *text)
{
	union cmap_addr addr = {};

	inet_pton(AF_INET, text, &addr.ip4);
	return addr;
}

static union cmap_addr ip6(const char *text)
{
	union cmap_addr addr = {};

	inet_pton(AF_INET6, text, addr.ip6);
	return addr;
}

static struct cmap_match any(u16 family)
{
	struct cmap_match match;

	memset(&match, 0, sizeof(match));
	match.family = family;
	match.proto = CMAP_PROTO_ANY;
	match.icmp_type = CMAP_ICMP_ANY;
	match.icmp_code = CMAP_ICMP_ANY;
	return match;
}

static struct cmap_tuple tcp(const char *src, u16 sport, const char *dst,
			     u16 dport)
{
	return (struct cmap_tuple) {
		.src = ip4(src), .dst = ip4(dst), .sport = sport,
		.dport = dport, .family = AF_INET, .proto = IPPROTO_TCP,
		.flags = CMAP_TUPLE_PORTS,
	};
}

/* An address and its wildcard as a user writes them, bit by bit. */
static bool naive_addr(const u8 *addr, const u8 *want, const u8 *wildcard,
		       int bytes)
{
	int bit;

	for (bit = 0; bit < bytes * 8; bit++) {
		u8 one = 0x80 >> bit % 8;

		if (wildcard[bit / 8] & one)
			continue;
		if ((addr[bit / 8] & one) != (want[bit / 8] & one))
			return false;
	}
	return true;
}

static void random_bytes(void *to, int n)
{
	u8 *byte = to;

	while (n--)
		*byte++ = tap_random(256);
}

static void test_random_addresses(u16 family)
{
	int bytes = family == AF_INET ? 4 : 16, round, i, hits = 0, wrong = 0;

	for (round = 0; round < 20000; round++) {
		union cmap_addr want = {}, wildcard = {}, addr = {};
		struct cmap_match match = any(family);
		struct cmap_tuple tuple = { .family = family };
		bool expect;

		random_bytes(&want, bytes);
		random_bytes(&wildcard, bytes);
		random_bytes(&addr, bytes);
		/* mostly near misses: a packet that differs in few bits */
		for (i = 0; i < bytes; i++)
			((u8 *)&addr)[i] =
				(((u8 *)&addr)[i] & ((u8 *)&wildcard)[i]) |
				(((u8 *)&want)[i] & ~((u8 *)&wildcard)[i]);
		if (tap_random(2))
			((u8 *)&addr)[tap_random(bytes)] ^= 1 << tap_random(8);
		expect = naive_addr((u8 *)&addr, (u8 *)&want, (u8 *)&wildcard,
				    bytes);

		for (i = 0; i < bytes / 4; i++) {
			match.src_mask.ip6[i] = ~wildcard.ip6[i];
			match.src.ip6[i] = want.ip6[i] & ~wildcard.ip6[i];
		}
		tuple.src = addr;
		if (tap_random(2)) {	/* the same as a destination */
			match.dst = match.src;
			match.dst_mask = match.src_mask;
			memset(&match.src, 0, sizeof(match.src));
			memset(&match.src_mask, 0, sizeof(match.src_mask));
			tuple.dst = addr;
			random_bytes(&tuple.src, bytes);
		}
		hits += expect;
		wrong += (cmap_match_tuple(&match, &tuple) ==
			  CMAP_MATCH_YES) != expect;
	}
	tap_ok(!wrong && hits > 1000 && hits < 19000,
	       "IPv%d addresses with random wildcards: %d of 20000 match, %d wrong",
	       family == AF_INET ? 4 : 6, hits, wrong);
}

static bool naive_ports(const struct cmap_ports *ports, u16 port)
{
	bool listed = false;
	int i;

	for (i = 0; i < ports->n; i++)
		listed |= ports->port[i] == port;
	return ports->op == CRYPTO_MAP_PORT_OP_ANY ? true :
	       ports->op == CRYPTO_MAP_PORT_OP_EQ ? listed :
	       ports->op == CRYPTO_MAP_PORT_OP_NEQ ? !listed :
	       ports->op == CRYPTO_MAP_PORT_OP_LT ? port < ports->port[0] :
	       ports->op == CRYPTO_MAP_PORT_OP_GT ? port > ports->port[0] :
	       !(port < ports->port[0]) && !(port > ports->port[1]);
}

/* Every port against an operator, as source and as destination port. */
static void test_port_op(const char *what, struct cmap_ports ports)
{
	struct cmap_match source = any(AF_INET), dest = any(AF_INET);
	int port, wrong = 0;

	source.proto = IPPROTO_TCP;
	source.sport = ports;
	dest.proto = IPPROTO_TCP;
	dest.dport = ports;
	for (port = 0; port <= 65535; port++) {
		struct cmap_tuple tuple = tcp("10.0.0.1", port, "10.0.0.2", 9);

		wrong += (cmap_match_tuple(&source, &tuple) ==
			  CMAP_MATCH_YES) != naive_ports(&ports, port);
		tuple.sport = 9;
		tuple.dport = port;
		wrong += (cmap_match_tuple(&dest, &tuple) ==
			  CMAP_MATCH_YES) != naive_ports(&ports, port);
	}
	tap_ok(!wrong, "ports %s: %d of 131072 wrong", what, wrong);
}

static void test_ports(void)
{
	struct cmap_match match = any(AF_INET);
	struct cmap_tuple tuple = tcp("10.0.0.1", 1000, "10.0.0.2", 80);

	test_port_op("any", (struct cmap_ports) { 0 });
	test_port_op("eq 80", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_EQ, 1, { 80 } });
	test_port_op("eq, ten of them", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_EQ, 10,
		       { 0, 1, 22, 80, 443, 500, 4500, 8080, 65534, 65535 } });
	test_port_op("neq 0 65535", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_NEQ, 2, { 0, 65535 } });
	test_port_op("lt 0", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_LT, 1, { 0 } });
	test_port_op("lt 1024", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_LT, 1, { 1024 } });
	test_port_op("gt 1023", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_GT, 1, { 1023 } });
	test_port_op("gt 65535", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_GT, 1, { 65535 } });
	test_port_op("range 1024 2048", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_RANGE, 2, { 1024, 2048 } });
	test_port_op("range 0 65535", (struct cmap_ports)
		     { CRYPTO_MAP_PORT_OP_RANGE, 2, { 0, 65535 } });

	match.proto = IPPROTO_TCP;
	match.sport = (struct cmap_ports)
		{ CRYPTO_MAP_PORT_OP_EQ, 1, { 1000 } };
	match.dport = (struct cmap_ports)
		{ CRYPTO_MAP_PORT_OP_EQ, 1, { 443 } };
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "both ports must match");
	match.dport.port[0] = 80;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "both ports match");
	tuple.proto = IPPROTO_UDP;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "equal ports of another protocol don't");
}

static void test_protocol(void)
{
	struct cmap_tuple tuple = tcp("10.0.0.1", 1, "10.0.0.2", 2);
	struct cmap_match match = any(AF_INET);

	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "any protocol matches TCP");
	match.proto = 0;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "protocol 0 is not any");
	match.proto = IPPROTO_TCP;
	tuple.family = AF_INET6;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "IPv6 packet, IPv4 condition");
}

static void test_icmp(void)
{
	struct cmap_match match = any(AF_INET);
	struct cmap_tuple tuple = {
		.src = ip4("10.0.0.1"), .dst = ip4("10.0.0.2"),
		.family = AF_INET, .proto = IPPROTO_ICMP, .icmp_type = 3,
		.icmp_code = 4, .flags = CMAP_TUPLE_ICMP,
	};

	match.proto = IPPROTO_ICMP;
	tap_ok(!cmap_match_needs_ports(&match), "ICMP of any type needs no header");
	match.icmp_type = 3;
	tap_ok(cmap_match_needs_ports(&match), "an ICMP type needs the header");
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "ICMP type, any code");
	match.icmp_code = 4;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "ICMP type and code");
	match.icmp_code = 0;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "another ICMP code, code 0 is not any");
	match.icmp_type = 0;
	tuple.icmp_code = 0;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "another ICMP type, type 0 is not any");
	tuple.flags = 0;
	tuple.icmp_type = 0;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "no type known: type 0 does not match by accident");
}

/* TOS, TTL and TCP flags: conditions on single packets. */
static void test_packet(void)
{
	int ttls, others;
	struct cmap_tuple tuple = tcp("10.0.0.1", 1, "10.0.0.2", 2);
	struct cmap_match match = any(AF_INET), other = match;

	tuple.tos = 0xb8;
	match.tos_mask = 0xfc;
	match.tos = 0xb8;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES &&
	       !cmap_match_needs_ports(&match), "DSCP ef");
	tuple.tos = 0xbb;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "DSCP ef, whatever the ECN bits are");
	tuple.tos = 0x28;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "another DSCP");
	tap_ok(cmap_match_contains(&other, &match) &&
	       !cmap_match_contains(&match, &other), "any TOS contains one");
	other.tos_mask = 0xe0;
	other.tos = 0xa0;
	tap_ok(cmap_match_contains(&other, &match) &&
	       !cmap_match_contains(&match, &other),
	       "a precedence contains a DSCP");

	/* all but 5; some, 5 among them */
	match = any(AF_INET);
	match.ttl = (struct cmap_ports) {
		.op = CRYPTO_MAP_PORT_OP_NEQ, .n = 1, .port = { 5 },
	};
	other = any(AF_INET);
	other.ttl = (struct cmap_ports) {
		.op = CRYPTO_MAP_PORT_OP_EQ, .n = 3, .port = { 250, 5, 0 },
	};
	for (tuple.ttl = 0, ttls = 0, others = 0; tuple.ttl < 255; tuple.ttl++) {
		ttls += cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES;
		others += cmap_match_tuple(&other, &tuple) == CMAP_MATCH_YES;
	}
	tap_ok(ttls == 254 && others == 3, "as many TTLs as match");
	tuple.ttl = 5;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO &&
	       cmap_match_tuple(&other, &tuple) == CMAP_MATCH_YES, "one TTL does not");
	tap_ok(!cmap_match_contains(&match, &other) && !cmap_match_contains(&other, &match),
	       "neither contains the other");
	other.ttl.port[1] = 6;
	tap_ok(cmap_match_contains(&match, &other) && !cmap_match_contains(&other, &match),
	       "all but one TTL contain three others");
	other = any(AF_INET);
	tap_ok(cmap_match_contains(&other, &match), "any TTL contains some");

	match = any(AF_INET);
	other = match;
	match.proto = IPPROTO_TCP;
	match.tcp_set = 0x14;
	tap_ok(cmap_match_needs_ports(&match), "TCP flags need the header");
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_UNKNOWN,
	       "a header that is cut off before the flags: unknown");
	tuple.flags |= CMAP_TUPLE_TCP;
	tuple.tcp_flags = 0x02;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "established: not with SYN");
	tuple.tcp_flags = 0x12;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "established: with SYN and ACK");
	match.tcp_all = 1;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "all of ACK and RST");
	match.tcp_set = 0x02;
	match.tcp_clear = 0x10;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "SYN without ACK: not with both");
	tuple.tcp_flags = 0x02;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "SYN without ACK");
	tap_ok(cmap_match_contains(&other, &match) &&
	       !cmap_match_contains(&match, &other) &&
	       cmap_match_contains(&match, &match), "any flags contain some");
}

static void test_opaque(void)
{
	struct cmap_tuple tuple = tcp("10.0.0.1", 0, "10.0.0.2", 0);
	struct cmap_match match = any(AF_INET);

	tuple.flags = CMAP_TUPLE_OPAQUE;
	match.proto = IPPROTO_TCP;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "fragment, condition without ports");
	match.dport = (struct cmap_ports)
		{ CRYPTO_MAP_PORT_OP_EQ, 1, { 80 } };
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_UNKNOWN,
	       "fragment, condition with ports: unknown");
	match.dst = ip4("10.0.0.3");
	memset(&match.dst_mask.ip4, 0xff, 4);
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "fragment to another address: no");
	match.dst_mask.ip4 = 0;
	match.dst.ip4 = 0;
	tuple.proto = IPPROTO_UDP;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "fragment of another protocol: no");
}

/* An IPv6 fragment with more extension headers behind: not even a protocol. */
static void test_no_protocol(void)
{
	struct cmap_match match = any(AF_INET6);
	struct cmap_tuple tuple = {
		.family = AF_INET6, .proto = 60,
		.flags = CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO,
	};

	tuple.src = ip6("2001:db8::1");
	tap_ok(!cmap_match_needs_whole(&match),
	       "a condition on addresses is decided on fragments");
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "no protocol shown, none asked for");
	match.proto = IPPROTO_TCP;
	tap_ok(cmap_match_needs_whole(&match),
	       "IPv6: a protocol may be hidden in a fragment");
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_UNKNOWN,
	       "no protocol shown, TCP asked for: unknown");
	match.src = ip6("2001:db8::2");
	memset(&match.src_mask, 0xff, sizeof(match.src_mask));
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
	       "no protocol shown, but another address: no");
}

static void test_is_hosts(void)
{
	struct cmap_match match = any(AF_INET);
	union cmap_addr a = ip4("192.0.2.1"), b = ip4("192.0.2.2");

	match.src = a;
	match.dst = b;
	match.src_mask.ip4 = 0xffffffff;
	match.dst_mask.ip4 = 0xffffffff;
	tap_ok(cmap_match_is_hosts(&match, AF_INET, &a, &b), "two hosts");
	tap_ok(!cmap_match_is_hosts(&match, AF_INET, &b, &a),
	       "two hosts, not the other way round");
	tap_ok(!cmap_match_is_hosts(&match, AF_INET6, &a, &b),
	       "two hosts of the other family");
	match.dst_mask.ip4 = htonl(0xfffffffe);
	tap_ok(!cmap_match_is_hosts(&match, AF_INET, &a, &b),
	       "a host and a network");
}

static void test_mirror(void)
{
	struct cmap_tuple tuple = tcp("10.0.0.1", 1000, "192.0.2.7", 80);
	struct cmap_tuple mirror, back;

	memset(&mirror, 0xff, sizeof(mirror));
	memset(&back, 0, sizeof(back));
	cmap_tuple_mirror(&mirror, &tuple);
	tap_ok(mirror.src.ip4 == tuple.dst.ip4 &&
	       mirror.dst.ip4 == tuple.src.ip4 && mirror.sport == 80 &&
	       mirror.dport == 1000 && mirror.family == AF_INET &&
	       mirror.proto == IPPROTO_TCP && mirror.flags == tuple.flags,
	       "mirror swaps addresses and ports, and keeps the rest");
	cmap_tuple_mirror(&back, &mirror);
	tap_ok(!memcmp(&back.src, &tuple.src, sizeof(back.src)) &&
	       !memcmp(&back.dst, &tuple.dst, sizeof(back.dst)) &&
	       back.sport == tuple.sport && back.dport == tuple.dport,
	       "the mirror's mirror is the packet");
}

static void test_ipv6_words(void)
{
	struct cmap_match match = any(AF_INET6);
	struct cmap_tuple tuple = { .family = AF_INET6 };
	int word;

	match.src = ip6("2001:db8:1:2:3:4:5:6");
	memset(&match.src_mask, 0xff, sizeof(match.src_mask));
	tuple.src = match.src;
	tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_YES,
	       "equal IPv6 address");
	for (word = 0; word < 4; word++) {
		tuple.src = match.src;
		tuple.src.ip6[word] ^= htonl(1);
		tap_ok(cmap_match_tuple(&match, &tuple) == CMAP_MATCH_NO,
		       "IPv6 address that differs in word %d", word);
	}
}

/* A condition over a universe small enough to try every packet of it. */
static struct cmap_match small_match(void)
{
	struct cmap_match match = any(AF_INET);
	struct cmap_ports *p;
	int i;

	match.src_mask.ip4 = htonl(tap_random(4));
	match.src.ip4 = htonl(tap_random(4)) & match.src_mask.ip4;
	match.dst_mask.ip4 = htonl(tap_random(4));
	match.dst.ip4 = htonl(tap_random(4)) & match.dst_mask.ip4;
	if (tap_random(2))
		match.proto = tap_random(2) ? IPPROTO_TCP : IPPROTO_UDP;
	for (i = 0; i < 2 && match.proto != CMAP_PROTO_ANY; i++) {
		p = i ? &match.dport : &match.sport;
		p->op = tap_random(CRYPTO_MAP_PORT_OP_RANGE + 1);
		p->n = p->op == CRYPTO_MAP_PORT_OP_RANGE ? 2 : 1;
		p->port[0] = tap_random(4);
		p->port[1] = p->op == CRYPTO_MAP_PORT_OP_RANGE ?
			     p->port[0] + tap_random(3) : 0;
		if (p->op == CRYPTO_MAP_PORT_OP_ANY)
			memset(p, 0, sizeof(*p));
	}
	return match;
}

/* Whether some packet matches a condition and does, or does not, match another. */
static bool some_packet(const struct cmap_match *matches,
			const struct cmap_match *other, bool both)
{
	struct cmap_tuple t = { .family = AF_INET, .flags = CMAP_TUPLE_PORTS };
	int n;

	for (n = 0; n < 4 * 4 * 8 * 8 * 2; n++) {
		t.src.ip4 = htonl(n & 3);
		t.dst.ip4 = htonl(n >> 2 & 3);
		t.sport = n >> 4 & 7;
		t.dport = n >> 7 & 7;
		t.proto = n >> 10 ? IPPROTO_TCP : IPPROTO_UDP;
		if (cmap_match_tuple(matches, &t) == CMAP_MATCH_YES &&
		    (cmap_match_tuple(other, &t) == CMAP_MATCH_YES) == both)
			return true;
	}
	return false;
}

static void test_contains(void)
{
	int i, yes = 0, wrong = 0, missed = 0;

	for (i = 0; i < 20000; i++) {
		struct cmap_match outer = small_match();
		struct cmap_match inner = tap_random(4) ? small_match() : outer;

		if (cmap_match_contains(&outer, &inner)) {
			yes++;
			wrong += some_packet(&inner, &outer, false);
		} else {
			missed += !memcmp(&outer, &inner, sizeof(outer));
		}
	}
	tap_ok(!wrong && yes > 1000,
	       "%d conditions within another: %d let out a packet", yes, wrong);
	tap_ok(!missed, "every condition is within itself");
}

static void test_overlaps(void)
{
	int i, no = 0, wrong = 0, missed = 0;

	for (i = 0; i < 20000; i++) {
		struct cmap_match a = small_match();
		struct cmap_match b = small_match();

		if (cmap_match_overlaps(&a, &b)) {
			/* of what a selector can say nothing is left open */
			missed += a.sport.op <= CRYPTO_MAP_PORT_OP_EQ &&
				  a.dport.op <= CRYPTO_MAP_PORT_OP_EQ &&
				  b.sport.op <= CRYPTO_MAP_PORT_OP_EQ &&
				  b.dport.op <= CRYPTO_MAP_PORT_OP_EQ &&
				  !some_packet(&a, &b, true);
		} else {
			no++;
			wrong += some_packet(&a, &b, true);
		}
	}
	tap_ok(!wrong && no > 1000,
	       "%d pairs of conditions apart: %d share a packet", no, wrong);
	tap_ok(!missed, "what overlaps has a packet in common");
}

/*
 * A condition comes back as it was kept, matches the same packets, and takes memory
 * of its own only if it is about more than IPv4 addresses and a protocol.
 */
static void test_kept(void)
{
	static const u8 shown[] = {
		CMAP_TUPLE_PORTS, CMAP_TUPLE_PORTS, CMAP_TUPLE_OPAQUE,
		CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO,
	};
	int i, n, wrong = 0, wide = 0;

	for (i = 0; i < 20000; i++) {
		struct cmap_match match = small_match(), room;
		bool plain = true;
		struct cmap_cond cond;

		if (!tap_random(8))
			match.family = AF_INET6;
		if (!tap_random(8))
			match.tos_mask = 0xff;
		if (!tap_random(8))
			match.later = true;
		plain = match.family == AF_INET && !match.tos_mask &&
			!match.later && !cmap_match_needs_ports(&match);
		wrong += cmap_cond_set(&cond, &match) || cond.wide == plain ||
			 memcmp(cmap_cond_get(&cond, &room), &match,
				sizeof(match));
		wide += cond.wide;
		for (n = 0; n < 16; n++) {
			struct cmap_tuple t = {
				.family = tap_random(8) ? AF_INET : AF_INET6,
				.proto = tap_random(2) ? IPPROTO_TCP : IPPROTO_UDP,
				.src.ip4 = htonl(tap_random(4)),
				.dst.ip4 = htonl(tap_random(4)),
				.sport = tap_random(8),
				.dport = tap_random(8),
				.flags = shown[tap_random(4)],
			};

			wrong += cmap_cond_tuple(&cond, &t) !=
				 cmap_match_tuple(&match, &t);
		}
		cmap_cond_clear(&cond);
	}
	tap_ok(!wrong && wide > 1000 && wide < 19000,
	       "kept conditions are the same, %d of 20000 wide", wide);
}

#define PORTS(operator, ...) (struct cmap_ports){		\
	.op = CRYPTO_MAP_PORT_OP_##operator,			\
	.n = sizeof((u16[]){ __VA_ARGS__ }) / sizeof(u16),	\
	.port = { __VA_ARGS__ },				\
}

static void test_between(void)
{
	union cmap_addr a = ip4("10.1.0.2"), b = ip4("10.2.0.2");
	struct cmap_match net = any(AF_INET), hosts, copy, six = any(AF_INET6);
	union cmap_addr a6 = ip6("fd01::2"), b6 = ip6("fd02::2");
	struct cmap_packets p;

	net.src = ip4("10.1.0.0");
	net.src_mask = ip4("255.255.255.0");
	/* with holes: the last octet is even */
	net.dst = ip4("10.2.0.0");
	net.dst_mask = ip4("255.255.0.1");
	tap_ok(!cmap_match_between(&hosts, &net, &b, &a),
	       "a permit says nothing about hosts outside");
	tap_ok(cmap_match_between(&hosts, &net, &a, &b) &&
	       cmap_match_is_hosts(&hosts, AF_INET, &a, &b) &&
	       cmap_match_contains(&net, &hosts),
	       "what it says about two hosts is between them, and within it");
	tap_ok(cmap_match_between(&copy, &hosts, &a, &b) &&
	       !memcmp(&copy, &hosts, sizeof(copy)),
	       "and the same when it is said again");
	cmap_packets_of(&p, &hosts, NULL);
	tap_ok(cmap_match_tuple(&hosts, &p.tuple) == CMAP_MATCH_YES &&
	       cmap_match_tuple(&net, &p.tuple) == CMAP_MATCH_YES,
	       "all their packets match");
	copy = net;
	copy.proto = IPPROTO_TCP;
	tap_ok(cmap_match_tuple(&copy, &p.tuple) == CMAP_MATCH_UNKNOWN,
	       "some do a condition on one protocol");
	copy = net;
	copy.tos_mask = 0xfc;
	tap_ok(cmap_match_tuple(&copy, &p.tuple) == CMAP_MATCH_UNKNOWN,
	       "or on the TOS that most have");
	copy = net;
	copy.ttl = PORTS(EQ, 64);
	tap_ok(cmap_match_tuple(&copy, &p.tuple) == CMAP_MATCH_UNKNOWN,
	       "or on the TTL");
	copy.dst = ip4("10.2.0.1");
	tap_ok(cmap_match_tuple(&copy, &p.tuple) == CMAP_MATCH_NO,
	       "none one on other hosts");

	net.proto = IPPROTO_TCP;
	net.dport = PORTS(RANGE, 80, 90);
	cmap_match_between(&hosts, &net, &a, &b);
	cmap_packets_of(&p, &hosts, NULL);
	tap_ok(hosts.proto == IPPROTO_TCP && hosts.dport.port[1] == 90 &&
	       p.tuple.flags & CMAP_TUPLE_OPAQUE,
	       "protocol and ports are those of the permit, which are not one");
	tap_ok(cmap_match_tuple(&net, &p.tuple) == CMAP_MATCH_YES,
	       "all of them match it");
	copy = net;
	copy.dport = PORTS(EQ, 85);
	tap_ok(cmap_match_tuple(&copy, &p.tuple) == CMAP_MATCH_UNKNOWN,
	       "some do one of the ports");
	hosts.dport = PORTS(EQ, 80);
	hosts.sport = PORTS(EQ, 7);
	cmap_packets_of(&p, &hosts, NULL);
	tap_ok(p.tuple.flags == (CMAP_TUPLE_MANY | CMAP_TUPLE_PORTS) &&
	       p.tuple.sport == 7 && p.tuple.dport == 80 &&
	       cmap_match_tuple(&copy, &p.tuple) == CMAP_MATCH_NO,
	       "ports that are the same for all are shown");

	tap_ok(cmap_match_between(&hosts, &six, &a6, &b6) &&
	       cmap_match_is_hosts(&hosts, AF_INET6, &a6, &b6),
	       "hosts with IPv6 addresses");
	cmap_packets_of(&p, &hosts, NULL);
	tap_ok(cmap_match_tuple(&hosts, &p.tuple) == CMAP_MATCH_YES,
	       "and their packets");
}

int main(void)
{
	tap_random_init();
	test_random_addresses(AF_INET);
	test_random_addresses(AF_INET6);
	test_ipv6_words();
	test_protocol();
	test_ports();
	test_icmp();
	test_packet();
	test_opaque();
	test_no_protocol();
	test_is_hosts();
	test_between();
	test_mirror();
	test_contains();
	test_kept();
	test_overlaps();
	return tap_done();
}
