/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crypto maps and packets for the test and the measurement of kmod/classify.c:
 * maps of many shapes, also such as somebody would write who wants to make it
 * slow, and packets that are near to what a map matches.
 */
#ifndef _UNIT_CLASSIFY_SETS_H
#define _UNIT_CLASSIFY_SETS_H

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/kernel.h>
#include <linux/types.h>
#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "classify.h"
#include "tap.h"
#include "tuple.h"

#define SET_ENTRIES_MAX	70000

/**
 * struct set - a crypto map
 * @family: AF_INET or AF_INET6
 * @acl: list of each entry; the same one may be there several times
 * @n_entry: entries
 * @rule: rules, as a commit lays them out
 * @n_rule: rules
 * @index: their index
 */
struct set {
	u16 family;
	struct cmap_acl *acl[SET_ENTRIES_MAX];
	u32 n_entry;
	struct cmap_rule *rule;
	u32 n_rule;
	struct cmap_index *index;
};

/* Flows are opaque to the classifier: it only tells NULL from not NULL. */
static char set_flow_tag;
#define SET_FLOW ((struct cmap_flow *)&set_flow_tag)

static void set_clear(struct set *s)
{
	u32 e, i;

	for (e = 0; e < s->n_entry; e++) {
		struct cmap_acl *acl = s->acl[e];

		if (--acl->refs.refs)
			continue;
		cmap_denies_destroy(acl->denies);
		for (i = 0; i < acl->n; i++)
			cmap_cond_clear(&acl->ace[i].cond);
		free(acl);
	}
	free(s->rule);
	cmap_index_destroy(s->index);
	memset(s, 0, sizeof(*s));
}

/*
 * A new entry with a list of @n ACEs, which permit everything. Until set_compile()
 * all conditions are wide, and may be changed.
 */
static struct cmap_acl *set_entry(struct set *s, u32 n)
{
	struct cmap_acl *acl = calloc(1, sizeof(*acl) + n * sizeof(acl->ace[0]));
	u32 i;

	acl->refs.refs = 1;
	acl->family = s->family;
	acl->n = n;
	for (i = 0; i < n; i++) {
		struct cmap_match *m = calloc(1, sizeof(*m));

		acl->ace[i].action = CRYPTO_MAP_ACE_ACTION_PERMIT;
		acl->ace[i].cond.wide = true;
		acl->ace[i].cond.match = m;
		m->family = s->family;
		m->proto = CMAP_PROTO_ANY;
		m->icmp_type = CMAP_ICMP_ANY;
		m->icmp_code = CMAP_ICMP_ANY;
	}
	s->acl[s->n_entry++] = acl;
	return acl;
}

/* Keep the conditions of a list as a transaction does. */
static void set_conds(struct cmap_acl *acl)
{
	struct cmap_match *match;
	u32 i;

	for (i = 0; i < acl->n; i++) {
		if (!acl->ace[i].cond.wide)
			continue;
		match = acl->ace[i].cond.match;
		if (cmap_cond_set(&acl->ace[i].cond, match))
			abort();
		free(match);
	}
}

/* Lay the rules out as a commit does. */
static void set_compile(struct set *s)
{
	u32 e, i, end;

	s->n_rule = 0;
	for (e = 0; e < s->n_entry; e++)
		for (i = 0; i < s->acl[e]->n; i++)
			s->n_rule += s->acl[e]->ace[i].action !=
				     CRYPTO_MAP_ACE_ACTION_REMARK;
	s->rule = calloc(s->n_rule, sizeof(*s->rule));
	s->n_rule = 0;
	for (e = 0; e < s->n_entry; e++) {
		struct cmap_acl *acl = s->acl[e];
		u32 first = s->n_rule;

		set_conds(acl);
		cmap_denies_make(acl);
		for (i = 0; i < acl->n; i++) {
			struct cmap_ace *ace = &acl->ace[i];

			if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
				continue;
			s->rule[s->n_rule].acl = acl;
			s->rule[s->n_rule].ace = ace;
			if (ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT)
				s->rule[s->n_rule].flow = SET_FLOW;
			s->n_rule++;
		}
		end = s->n_rule;
		while (first < end)
			s->rule[first++].next = end;
	}
	if (s->n_rule && cmap_classify_index(s->rule, s->n_rule, s->family,
					     NULL, &s->index))
		abort();
}

/* Numbers of the parts that maps are made of. */

static inline u32 one_of(u32 n, const u32 *of)
{
	return of[tap_random(n)];
}
#define ONE_OF(...) \
	one_of(sizeof((u32[]){ __VA_ARGS__ }) / sizeof(u32), (u32[]){ __VA_ARGS__ })

static inline u32 any32(void)
{
	return tap_random(1 << 16) << 16 | tap_random(1 << 16);
}

/* A prefix; an IPv6 one has the IPv4 one in the middle. */
static void set_prefix(struct set *s, union cmap_addr *addr,
		       union cmap_addr *mask, u32 value, u32 len)
{
	u32 bits = len ? htonl(~0U << (32 - len)) : 0;

	memset(addr, 0, sizeof(*addr));
	memset(mask, 0, sizeof(*mask));
	if (s->family == AF_INET) {
		mask->ip4 = bits;
		addr->ip4 = htonl(value) & bits;
	} else if (len) {
		mask->ip6[0] = ~0U;
		mask->ip6[1] = bits;
		addr->ip6[0] = htonl(0x20010db8);
		addr->ip6[1] = htonl(value) & bits;
		if (len == 32) {
			mask->ip6[2] = ~0U;
			mask->ip6[3] = ~0U;
			addr->ip6[3] = htonl(1);
		}
	}
}

static void set_net(struct set *s, struct cmap_match *m, u32 src, u32 src_len,
		    u32 dst, u32 dst_len)
{
	set_prefix(s, &m->src, &m->src_mask, src, src_len);
	set_prefix(s, &m->dst, &m->dst_mask, dst, dst_len);
}

static void set_ports(struct cmap_ports *p, u8 op, u8 n, u16 a, u16 b)
{
	p->op = op;
	p->n = n;
	p->port[0] = a;
	p->port[1] = n > 1 ? b : 0;
}

static void set_some_ports(struct cmap_ports *p)
{
	u32 i, a = tap_random(65536), b = tap_random(65536);

	switch (tap_random(8)) {
	case 0:
	case 1:
		break;
	case 2:
	case 3:
		set_ports(p, CRYPTO_MAP_PORT_OP_EQ, 1,
			  ONE_OF(22, 25, 53, 80, 123, 443, 8080, a), 0);
		break;
	case 4:
		set_ports(p, CRYPTO_MAP_PORT_OP_RANGE, 2, min(a, b), a > b ? a : b);
		break;
	case 5:
		set_ports(p, CRYPTO_MAP_PORT_OP_GT, 1, ONE_OF(1023, a, 65535), 0);
		break;
	case 6:
		set_ports(p, CRYPTO_MAP_PORT_OP_LT, 1, ONE_OF(0, 1024, a), 0);
		break;
	case 7:
		set_ports(p, tap_random(2) ? CRYPTO_MAP_PORT_OP_EQ :
					     CRYPTO_MAP_PORT_OP_NEQ,
			  1 + tap_random(CMAP_PORT_LIST_MAX), 0, 0);
		for (i = 0; i < p->n; i++)
			p->port[i] = ONE_OF(0, 21, 22, 80, 443, 65535,
					    tap_random(65536));
		break;
	}
}

static void set_some_proto(struct set *s, struct cmap_match *m)
{
	bool v4 = s->family == AF_INET;

	m->proto = ONE_OF(IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_GRE,
			  v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6, CMAP_PROTO_ANY,
			  CMAP_PROTO_ANY);
	if (m->proto == IPPROTO_TCP || m->proto == IPPROTO_UDP) {
		set_some_ports(&m->sport);
		set_some_ports(&m->dport);
	} else if (m->proto == IPPROTO_ICMP || m->proto == IPPROTO_ICMPV6) {
		if (tap_random(2))
			m->icmp_type = ONE_OF(0, 3, 8, 11, tap_random(256));
		if (m->icmp_type >= 0 && tap_random(2))
			m->icmp_code = tap_random(4);
	}
}

static void set_some_denies(struct cmap_acl *acl, u32 percent)
{
	u32 i;

	for (i = 0; i < acl->n; i++)
		if (tap_random(100) < percent)
			acl->ace[i].action = CRYPTO_MAP_ACE_ACTION_DENY;
}

/* Divide about @n rules over entries of 1 to @most. */
static u32 set_portion(u32 n, u32 most)
{
	u32 k = 1 + tap_random(most);

	return k < n ? k : n;
}

/*
 * Maps of about @n rules.
 */

static void make_nets(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		set_net(s, set_entry(s, 1)->ace[0].cond.match, 0x0a000000, 16,
			0x0b000000 + (i << 8), 24);
}

static void make_hosts(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		set_net(s, set_entry(s, 1)->ace[0].cond.match, 0x0a000001 + i % 200,
			32, 0xc0a80000 + i, 32);
}

static void make_one_list(struct set *s, u32 n)
{
	struct cmap_acl *acl = set_entry(s, n);
	u32 i;

	for (i = 0; i < n; i++)
		set_net(s, acl->ace[i].cond.match, 0x0a000000 + (i % 256 << 8), 24,
			0xac100000 + (i / 256 << 8), 24);
}

/* As filters of real networks are: prefixes of many lengths, some services. */
static void make_mixture(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 12), i;
		struct cmap_acl *acl = set_entry(s, k);

		for (i = 0; i < k; i++) {
			struct cmap_match *m = acl->ace[i].cond.match;

			set_net(s, m, 0x0a000000 | any32() >> 12,
				ONE_OF(0, 8, 14, 16, 20, 23, 24, 24, 24, 28, 30,
				       32, 32),
				0xac000000 | any32() >> 10,
				ONE_OF(0, 8, 12, 16, 16, 22, 24, 24, 27, 29, 32,
				       32, 32));
			if (!m->src_mask.ip4 && !m->dst_mask.ip4 &&
			    !m->src_mask.ip6[1] && tap_random(50))
				set_net(s, m, 0x0a000000, 8, any32(), 24);
			if (tap_random(2))
				set_some_proto(s, m);
		}
		set_some_denies(acl, 20);
		n -= k;
	}
}

/* Few denies, then a permit of everything that they leave. */
static void make_cascade(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 4), i;
		struct cmap_acl *acl = set_entry(s, k);

		for (i = 0; i < k; i++) {
			set_net(s, acl->ace[i].cond.match, 0x0a000000 | any32() >> 24,
				ONE_OF(0, 8, 32), 0x0b000000 | any32() >> 24,
				ONE_OF(0, 8, 32, 32));
			acl->ace[i].action = CRYPTO_MAP_ACE_ACTION_DENY;
			if (!tap_random(4))
				set_some_proto(s, acl->ace[i].cond.match);
		}
		acl->ace[k - 1].action = CRYPTO_MAP_ACE_ACTION_PERMIT;
		n -= k;
	}
}

/* Long lists of denies with permits between them. */
static void make_deny_lists(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 1000), i;
		struct cmap_acl *acl = set_entry(s, k);

		for (i = 0; i < k; i++) {
			set_net(s, acl->ace[i].cond.match, 0x0a000000 | any32() >> 16,
				ONE_OF(8, 24, 32), 0x0b000000 | any32() >> 22,
				ONE_OF(0, 26, 32, 32));
			if (tap_random(2))
				set_some_proto(s, acl->ace[i].cond.match);
		}
		set_some_denies(acl, 90);
		n -= k;
	}
}

/* Services of few pairs of networks. */
static void make_services(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 200), i;
		struct cmap_acl *acl = set_entry(s, k);

		for (i = 0; i < k; i++) {
			set_net(s, acl->ace[i].cond.match, 0x0a000000 + tap_random(2), 32,
				0x0b000000 + (tap_random(3) << 8),
				ONE_OF(8, 24, 24));
			set_some_proto(s, acl->ace[i].cond.match);
		}
		set_some_denies(acl, 10);
		n -= k;
	}
}

/* Two hosts, another port each time; and half of them by the source port. */
static void make_ports(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		struct cmap_match *m = set_entry(s, 1)->ace[0].cond.match;

		set_net(s, m, 0x0a000001, 32, 0x0b000001, 32);
		m->proto = IPPROTO_TCP;
		set_ports(i & 1 ? &m->sport : &m->dport, CRYPTO_MAP_PORT_OP_EQ,
			  1, i * 40503, 0);
	}
}

/*
 * Two hosts, every kind of condition on ports. A deny before each permit keeps
 * one from leaving out others.
 */
static void make_operators(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 3), i;
		struct cmap_acl *acl = set_entry(s, k);

		for (i = 0; i < k; i++) {
			struct cmap_match *m = acl->ace[i].cond.match;

			set_net(s, m, 0x0a000001, 32, 0x0b000001, 32);
			m->proto = ONE_OF(IPPROTO_TCP, IPPROTO_UDP);
			set_some_ports(&m->dport);
			if (!tap_random(4) || m->dport.op == CRYPTO_MAP_PORT_OP_ANY)
				set_ports(&m->sport, CRYPTO_MAP_PORT_OP_EQ, 1,
					  tap_random(65536), 0);
		}
		if (k > 1) {
			acl->ace[0].action = CRYPTO_MAP_ACE_ACTION_DENY;
			set_ports(&acl->ace[0].cond.match->dport,
				  CRYPTO_MAP_PORT_OP_EQ, 1, tap_random(65536), 0);
		}
		n -= k;
	}
}

/*
 * Two hosts and one protocol after the other, so that for a fragment the first
 * conditions do not matter.
 */
static void make_protocols(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 100), i;
		struct cmap_acl *acl = set_entry(s, k);
		bool deny = tap_random(2);

		for (i = 0; i < k; i++) {
			struct cmap_match *m = acl->ace[i].cond.match;

			set_net(s, m, 0x0a000001, 32, 0x0b000001, 32);
			acl->ace[i].action = deny ? CRYPTO_MAP_ACE_ACTION_DENY :
						    CRYPTO_MAP_ACE_ACTION_PERMIT;
			if (i < k / 2) {
				m->proto = s->family == AF_INET ?
					   IPPROTO_ICMP : IPPROTO_ICMPV6;
				m->icmp_type = tap_random(256);
				m->icmp_code = tap_random(256);
			} else {
				m->proto = ONE_OF(IPPROTO_TCP, IPPROTO_UDP);
				set_ports(&m->dport, CRYPTO_MAP_PORT_OP_EQ, 1,
					  tap_random(65536), 0);
			}
		}
		acl->ace[k - 1].action = CRYPTO_MAP_ACE_ACTION_PERMIT;
		if (deny && tap_random(2)) {
			acl->ace[k - 1].cond.match->proto = CMAP_PROTO_ANY;
			acl->ace[k - 1].cond.match->icmp_type = CMAP_ICMP_ANY;
			acl->ace[k - 1].cond.match->icmp_code = CMAP_ICMP_ANY;
			set_ports(&acl->ace[k - 1].cond.match->dport,
				  CRYPTO_MAP_PORT_OP_ANY, 0, 0, 0);
		}
		n -= k;
	}
}

/* Ranges within ranges: every one matches the ports in the middle. */
static void make_nested(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		struct cmap_match *m = set_entry(s, 1)->ace[0].cond.match;
		u32 at = (n - i) * 32000ULL / n;

		set_net(s, m, 0x0a000001, 32, 0x0b000001, 32);
		m->proto = IPPROTO_UDP;
		set_ports(&m->dport, CRYPTO_MAP_PORT_OP_RANGE, 2, at, 65535 - at);
	}
}

/* Wildcards with holes. */
static void make_wildcards(struct set *s, u32 n)
{
	u32 i, k;

	for (i = 0; i < n; i++) {
		struct cmap_match *m = set_entry(s, 1)->ace[0].cond.match;

		for (k = 0; k < (s->family == AF_INET ? 1 : 4); k++) {
			m->src_mask.ip6[k] = any32() | any32();
			m->dst_mask.ip6[k] = htonl(ONE_OF(0xff00ff00, 0xffff00ff,
							  0xff, 0xffffff01));
			m->src.ip6[k] = any32() & m->src_mask.ip6[k];
			m->dst.ip6[k] = any32() & m->dst_mask.ip6[k];
		}
	}
}

/* Another pair of masks each time, with few bits: most match most packets. */
static void make_masks(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		struct cmap_acl *acl = set_entry(s, 2);
		struct cmap_match *m = acl->ace[1].cond.match;

		m->src_mask.ip4 = any32() & any32() & any32() & any32();
		m->dst_mask.ip4 = any32() & any32() & any32() & any32();
		m->src.ip4 = 0;
		m->dst.ip4 = 0;
		/* not for the packets that are drawn */
		acl->ace[0].action = CRYPTO_MAP_ACE_ACTION_DENY;
		acl->ace[0].cond.match->src_mask.ip4 = htonl(0x80000000);
	}
}

/* All pairs of prefix lengths. */
static void make_lengths(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		set_net(s, set_entry(s, 1)->ace[0].cond.match, any32(),
			tap_random(33), any32() | 1, 1 + tap_random(32));
}

/* Each entry permits everything but one packet, the same one. */
static void make_denied(struct set *s, u32 n)
{
	u32 i;

	for (i = 0; i < n / 2; i++) {
		struct cmap_acl *acl = set_entry(s, 2);

		set_net(s, acl->ace[0].cond.match, 0x0a000001, 32, 0x0b000001, 32);
		acl->ace[0].action = CRYPTO_MAP_ACE_ACTION_DENY;
	}
}

/* The same lists and conditions again and again. */
static void make_twins(struct set *s, u32 n)
{
	while (n) {
		u32 k = set_portion(n, 5), i;
		struct cmap_acl *acl;

		if (s->n_entry && !tap_random(2)) {
			acl = s->acl[tap_random(s->n_entry)];
			acl->refs.refs++;
			s->acl[s->n_entry++] = acl;
			n -= acl->n < n ? acl->n : n;
			continue;
		}
		acl = set_entry(s, k);
		for (i = 0; i < k; i++) {
			set_net(s, acl->ace[i].cond.match, 0x0a000000 + tap_random(8),
				ONE_OF(29, 32), 0x0b000000 + tap_random(8),
				ONE_OF(29, 32));
			if (!tap_random(3))
				set_some_proto(s, acl->ace[i].cond.match);
		}
		set_some_denies(acl, 40);
		n -= k;
	}
}

/**
 * struct shape - a kind of crypto maps
 * @name: name
 * @make: add about that many rules
 * @worst: comparisons that a packet may cost, of 65535 rules; 0 if a packet can
 *	match so many that there is no bound
 */
static const struct shape {
	const char *name;
	void (*make)(struct set *s, u32 n);
	u32 worst;
} shapes[] = {
	{ "networks", make_nets, 8 },
	{ "hosts", make_hosts, 8 },
	{ "one list", make_one_list, 8 },
	{ "mixture", make_mixture, 1000 },
	{ "deny cascade", make_cascade, 500 },
	{ "deny lists", make_deny_lists, 20000 },
	{ "services", make_services, 2000 },
	{ "twins", make_twins, 100 },
	{ "prefix lengths", make_lengths, 600 },
	{ "wildcards", make_wildcards, 300 },
	{ "same hosts, ports", make_ports, 40 },
	{ "operators", make_operators, 1000 },
	{ "protocols", make_protocols, 20000 },
	{ "nested ranges", make_nested, 60 },
	{ "distinct masks", make_masks, 0 },
	{ "denied by all", make_denied, 0 },
};

/*
 * Packets.
 */

static u16 near_port(const struct cmap_ports *p)
{
	if (!p->n || !tap_random(4))
		return tap_random(65536);
	return p->port[tap_random(p->n)] + tap_random(3) - 1;
}

/* A packet that a condition matches, or nearly so. */
static void near_tuple(struct cmap_tuple *t, const struct cmap_match *m)
{
	u32 i, words = m->family == AF_INET ? 1 : 4;

	memset(t, 0, sizeof(*t));
	t->family = m->family;
	for (i = 0; i < words; i++) {
		t->src.ip6[i] = m->src.ip6[i] | (any32() & ~m->src_mask.ip6[i]);
		t->dst.ip6[i] = m->dst.ip6[i] | (any32() & ~m->dst_mask.ip6[i]);
	}
	/* one bit beside it */
	if (!tap_random(8))
		t->src.ip6[tap_random(words)] ^= 1U << tap_random(32);
	if (!tap_random(8))
		t->dst.ip6[tap_random(words)] ^= 1U << tap_random(32);

	t->proto = m->proto;
	if (m->proto == CMAP_PROTO_ANY || !tap_random(8))
		t->proto = ONE_OF(IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP,
				  IPPROTO_ICMPV6, IPPROTO_GRE, IPPROTO_ESP);
	if (t->family == AF_INET6 && !tap_random(16)) {
		t->flags = CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO;
		t->proto = 0;
		return;
	}
	switch (t->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		if (!tap_random(8)) {
			t->flags = CMAP_TUPLE_OPAQUE;
			break;
		}
		t->flags = CMAP_TUPLE_PORTS;
		t->sport = near_port(&m->sport);
		t->dport = near_port(&m->dport);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (!tap_random(8)) {
			t->flags = CMAP_TUPLE_OPAQUE;
			break;
		}
		t->flags = CMAP_TUPLE_ICMP;
		t->icmp_type = m->icmp_type >= 0 && tap_random(4) ?
			       m->icmp_type : (s16)tap_random(256);
		t->icmp_code = m->icmp_code >= 0 && tap_random(4) ?
			       m->icmp_code : (s16)tap_random(4);
		break;
	}
}

/* A packet for a map. */
static void set_tuple(const struct set *s, struct cmap_tuple *t)
{
	struct cmap_match any = {
		.family = s->family,
		.proto = CMAP_PROTO_ANY,
		.icmp_type = CMAP_ICMP_ANY,
		.icmp_code = CMAP_ICMP_ANY,
	};
	struct cmap_match room;

	if (s->n_rule && tap_random(16))
		near_tuple(t, cmap_cond_get(&s->rule[tap_random(s->n_rule)].ace->cond,
					      &room));
	else
		near_tuple(t, &any);
}

/* The answer of the index. */
static inline enum cmap_class set_classify(const struct set *set,
					   const struct cmap_tuple *tuple,
					   const struct cmap_rule **found)
{
	struct cmap_verdict verdict;

	verdict = cmap_classify(set->rule, set->index, NULL, tuple);
	if (verdict.class == CMAP_CLASS_PROTECT)
		*found = &set->rule[verdict.at];
	return verdict.class;
}

/* The answer by looking at each rule in turn. */
static enum cmap_class linear_classify(const struct cmap_rule *rules, u32 n,
				       const struct cmap_tuple *tuple,
				       const struct cmap_rule **found)
{
	bool maybe_denied = false;
	u32 i = 0, next = 0;

	while (i < n) {
		const struct cmap_rule *rule = &rules[i];
		bool permit = rule->ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT;

		if (i == next) {	/* first rule of an entry */
			next = rule->next;
			maybe_denied = false;
		}
		switch (cmap_cond_tuple(&rule->ace->cond, tuple)) {
		case CMAP_MATCH_NO:
			i++;
			break;
		case CMAP_MATCH_YES:
			if (!permit) {
				i = next;
				break;
			}
			if (maybe_denied)
				return CMAP_CLASS_UNKNOWN;
			*found = rule;
			return CMAP_CLASS_PROTECT;
		case CMAP_MATCH_UNKNOWN:
			if (permit)
				return CMAP_CLASS_UNKNOWN;
			/* matters only if a later ACE of this entry permits */
			maybe_denied = true;
			i++;
			break;
		}
	}
	return CMAP_CLASS_CLEAR;
}

#endif /* _UNIT_CLASSIFY_SETS_H */
