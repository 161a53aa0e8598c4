// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod/classify.c: crypto maps against packets.
 *
 * The differential test models a crypto map as a user sees it, entries with
 * lists of ACEs, and evaluates it by the words of the IOS manual. What a
 * fragment does not show is tried both ways for each ACE that looks at it: the
 * answer is unknown exactly when the outcomes are not all the same.
 */

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/types.h>
#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "classify.h"
#include "tap.h"
#include "tuple.h"

#define ENTRIES_MAX	5
#define ACES_MAX	5
#define RULES_MAX	(ENTRIES_MAX * ACES_MAX)

/* Small domains, so that rules overlap and most of them are met. */
#define ADDRESSES	8
#define PORTS		4

struct model {
	int n_entry;
	int n_ace[ENTRIES_MAX];
	struct cmap_ace ace[ENTRIES_MAX][ACES_MAX];
	struct cmap_rule rule[RULES_MAX];
	int n_rule;
};

/* Flows are opaque to the classifier: it only tells NULL from not NULL. */
static char flow_tag;
#define A_FLOW ((struct cmap_flow *)&flow_tag)

/* Lay the rules out as a commit does. */
static void model_compile(struct model *m)
{
	int e, a, end;

	m->n_rule = 0;
	for (e = 0; e < m->n_entry; e++) {
		end = m->n_rule + m->n_ace[e];
		for (a = 0; a < m->n_ace[e]; a++) {
			struct cmap_ace *ace = &m->ace[e][a];
			bool permit = ace->action ==
				      CRYPTO_MAP_ACE_ACTION_PERMIT;

			m->rule[m->n_rule++] = (struct cmap_rule) {
				.ace = ace,
				.flow = permit ? A_FLOW : NULL,
				.next = end,
			};
		}
	}
}

static void random_net(union cmap_addr *addr, union cmap_addr *mask)
{
	mask->ip4 = htonl(0xfffffff8 | tap_random(ADDRESSES));
	if (!tap_random(4))
		mask->ip4 = 0;
	addr->ip4 = htonl(0x0a000000 | tap_random(ADDRESSES)) & mask->ip4;
}

static void random_ports(struct cmap_ports *ports)
{
	ports->op = tap_random(2) ? CRYPTO_MAP_PORT_OP_ANY : tap_random(6);
	switch (ports->op) {
	case CRYPTO_MAP_PORT_OP_ANY:
		return;
	case CRYPTO_MAP_PORT_OP_RANGE:
		ports->n = 2;
		ports->port[0] = tap_random(PORTS);
		ports->port[1] = ports->port[0] + tap_random(PORTS);
		return;
	case CRYPTO_MAP_PORT_OP_EQ:
	case CRYPTO_MAP_PORT_OP_NEQ:
		ports->n = 1 + tap_random(2);
		break;
	default:
		ports->n = 1;
	}
	ports->port[0] = tap_random(PORTS);
	ports->port[1] = tap_random(PORTS);
}

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_GRE,
};

static void random_ace(struct cmap_ace *ace)
{
	struct cmap_match *match = &ace->match;

	memset(ace, 0, sizeof(*ace));
	ace->action = tap_random(2) ? CRYPTO_MAP_ACE_ACTION_PERMIT :
				      CRYPTO_MAP_ACE_ACTION_DENY;
	match->family = AF_INET;
	match->proto = CMAP_PROTO_ANY;
	match->icmp_type = CMAP_ICMP_ANY;
	match->icmp_code = CMAP_ICMP_ANY;
	random_net(&match->src, &match->src_mask);
	random_net(&match->dst, &match->dst_mask);
	if (tap_random(3))
		match->proto = protos[tap_random(4)];
	if (match->proto == IPPROTO_TCP || match->proto == IPPROTO_UDP) {
		random_ports(&match->sport);
		random_ports(&match->dport);
	}
	if (match->proto == IPPROTO_ICMP && tap_random(2)) {
		match->icmp_type = tap_random(3);
		if (tap_random(2))
			match->icmp_code = tap_random(3);
	}
}

static void random_model(struct model *m)
{
	int e, a;

	m->n_entry = tap_random(ENTRIES_MAX + 1);
	for (e = 0; e < m->n_entry; e++) {
		m->n_ace[e] = 1 + tap_random(ACES_MAX);
		for (a = 0; a < m->n_ace[e]; a++)
			random_ace(&m->ace[e][a]);
	}
	model_compile(m);
}

static void random_tuple(struct cmap_tuple *t)
{
	memset(t, 0, sizeof(*t));
	t->family = AF_INET;
	t->src.ip4 = htonl(0x0a000000 | tap_random(ADDRESSES));
	t->dst.ip4 = htonl(0x0a000000 | tap_random(ADDRESSES));
	t->proto = protos[tap_random(4)];
	if (t->proto == IPPROTO_GRE)
		return;
	if (!tap_random(3)) {
		t->flags = CMAP_TUPLE_OPAQUE;
	} else if (t->proto == IPPROTO_ICMP) {
		t->flags = CMAP_TUPLE_ICMP;
		t->icmp_type = tap_random(3);
		t->icmp_code = tap_random(3);
	} else {
		t->flags = CMAP_TUPLE_PORTS;
		t->sport = tap_random(PORTS);
		t->dport = tap_random(PORTS);
	}
}

static bool naive_port(const struct cmap_ports *p, u16 port)
{
	switch (p->op) {
	case CRYPTO_MAP_PORT_OP_EQ:
		return port == p->port[0] || (p->n == 2 && port == p->port[1]);
	case CRYPTO_MAP_PORT_OP_NEQ:
		return port != p->port[0] && (p->n == 1 || port != p->port[1]);
	case CRYPTO_MAP_PORT_OP_LT:
		return port < p->port[0];
	case CRYPTO_MAP_PORT_OP_GT:
		return port > p->port[0];
	case CRYPTO_MAP_PORT_OP_RANGE:
		return p->port[0] <= port && port <= p->port[1];
	}
	return true;
}

/* Addresses and protocol. */
static bool naive_outer(const struct cmap_match *m, const struct cmap_tuple *t)
{
	return (t->src.ip4 & m->src_mask.ip4) == m->src.ip4 &&
	       (t->dst.ip4 & m->dst_mask.ip4) == m->dst.ip4 &&
	       (m->proto == CMAP_PROTO_ANY || m->proto == t->proto);
}

static bool naive_looks_inside(const struct cmap_match *m)
{
	return m->sport.op || m->dport.op || m->icmp_type >= 0;
}

static bool naive_inner(const struct cmap_match *m, const struct cmap_tuple *t)
{
	if (m->icmp_type >= 0 && m->icmp_type != t->icmp_type)
		return false;
	if (m->icmp_code >= 0 && m->icmp_code != t->icmp_code)
		return false;
	return naive_port(&m->sport, t->sport) &&
	       naive_port(&m->dport, t->dport);
}

/*
 * The permit ACE that protects, or NULL. @guess tells, one bit for each ACE
 * that looks into a fragment in the order they are in the map, whether it
 * matches; *@asked is set to how many there are.
 */
static const struct cmap_ace *naive_decide(const struct model *m,
					   const struct cmap_tuple *t,
					   u32 guess, int *asked)
{
	const struct cmap_ace *found = NULL;
	int e, a, bit = 0;

	for (e = 0; e < m->n_entry; e++) {
		bool decided = false;

		for (a = 0; a < m->n_ace[e]; a++) {
			const struct cmap_ace *ace = &m->ace[e][a];
			bool match = naive_outer(&ace->match, t);

			if (match && naive_looks_inside(&ace->match)) {
				if (t->flags & CMAP_TUPLE_OPAQUE)
					match = guess >> bit++ & 1;
				else
					match = naive_inner(&ace->match, t);
			}
			if (!match || decided || found)
				continue;
			decided = true;
			if (ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT)
				found = ace;
		}
	}
	*asked = bit;
	return found;
}

static enum cmap_class naive_classify(const struct model *m,
				      const struct cmap_tuple *t,
				      const struct cmap_ace **found)
{
	int asked, ignored;
	u32 guess;

	*found = naive_decide(m, t, 0, &asked);
	for (guess = 1; guess < 1U << asked; guess++)
		if (naive_decide(m, t, guess, &ignored) != *found)
			return CMAP_CLASS_UNKNOWN;
	return *found ? CMAP_CLASS_PROTECT : CMAP_CLASS_CLEAR;
}

static void test_random(void)
{
	static const char *const name[] = { "clear", "protect", "unknown" };
	int round, i, wrong = 0, seen[3] = {};
	static struct model m;

	for (round = 0; round < 4000; round++) {
		random_model(&m);
		for (i = 0; i < 100; i++) {
			const struct cmap_rule *rule = NULL;
			const struct cmap_ace *ace;
			enum cmap_class want, got;
			struct cmap_tuple t;

			random_tuple(&t);
			want = naive_classify(&m, &t, &ace);
			got = cmap_classify(m.rule, m.n_rule, &t, &rule);
			seen[want]++;
			if (got == want && (got != CMAP_CLASS_PROTECT ||
					    (rule && rule->ace == ace)))
				continue;
			if (!wrong++)
				printf("# map %d, packet %d: %s, not %s\n",
				       round, i, name[got], name[want]);
		}
	}
	tap_ok(!wrong, "400000 random packets: %d clear, %d protect, %d unknown, %d wrong",
	       seen[0], seen[1], seen[2], wrong);
	tap_ok(seen[0] > 20000 && seen[1] > 20000 && seen[2] > 2000,
	       "the random maps exercise every outcome");
}

static struct cmap_ace plain(bool permit)
{
	struct cmap_ace ace;

	memset(&ace, 0, sizeof(ace));
	ace.action = permit ? CRYPTO_MAP_ACE_ACTION_PERMIT :
			      CRYPTO_MAP_ACE_ACTION_DENY;
	ace.match.family = AF_INET;
	ace.match.proto = CMAP_PROTO_ANY;
	ace.match.icmp_type = CMAP_ICMP_ANY;
	ace.match.icmp_code = CMAP_ICMP_ANY;
	return ace;
}

static struct cmap_ace port80(bool permit)
{
	struct cmap_ace ace = plain(permit);

	ace.match.proto = IPPROTO_TCP;
	ace.match.dport.op = CRYPTO_MAP_PORT_OP_EQ;
	ace.match.dport.n = 1;
	ace.match.dport.port[0] = 80;
	return ace;
}

/* Expect the ACE @a of entry @e, or no rule when @e is negative. */
static void expect(const char *what, struct model *m, const struct cmap_tuple *t,
		   enum cmap_class class, int e, int a)
{
	const struct cmap_rule *rule = NULL;
	enum cmap_class got;

	model_compile(m);
	got = cmap_classify(m->rule, m->n_rule, t, &rule);
	tap_ok(got == class && (e < 0 || rule->ace == &m->ace[e][a]), "%s", what);
}

static void test_ios(void)
{
	struct cmap_tuple web = { .family = AF_INET, .proto = IPPROTO_TCP,
				  .dport = 80, .flags = CMAP_TUPLE_PORTS };
	struct cmap_tuple ssh = { .family = AF_INET, .proto = IPPROTO_TCP,
				  .dport = 22, .flags = CMAP_TUPLE_PORTS };
	struct cmap_tuple frag = { .family = AF_INET, .proto = IPPROTO_TCP,
				   .flags = CMAP_TUPLE_OPAQUE };
	static struct model m;

	expect("no rules: clear", &m, &web, CMAP_CLASS_CLEAR, -1, 0);

	m.n_entry = 2;
	m.n_ace[0] = 2;
	m.ace[0][0] = port80(false);
	m.ace[0][1] = plain(true);
	m.n_ace[1] = 1;
	m.ace[1][0] = plain(true);
	expect("deny leaves its entry, the next one protects", &m, &web,
	       CMAP_CLASS_PROTECT, 1, 0);
	expect("past a deny that does not match", &m, &ssh,
	       CMAP_CLASS_PROTECT, 0, 1);
	expect("fragment that may be denied before a permit: unknown", &m,
	       &frag, CMAP_CLASS_UNKNOWN, -1, 0);

	m.n_ace[0] = 1;
	expect("fragment that is denied or falls through: next entry", &m,
	       &frag, CMAP_CLASS_PROTECT, 1, 0);
	m.ace[0][0] = port80(true);
	expect("fragment that may be permitted: unknown", &m, &frag,
	       CMAP_CLASS_UNKNOWN, -1, 0);
	m.ace[1][0] = plain(false);
	expect("deny in the last entry: clear", &m, &ssh, CMAP_CLASS_CLEAR, -1,
	       0);
	expect("the first entry comes first", &m, &web, CMAP_CLASS_PROTECT, 0,
	       0);
}

int main(void)
{
	tap_random_init();
	test_ios();
	test_random();
	return tap_done();
}
