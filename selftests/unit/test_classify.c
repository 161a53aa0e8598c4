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

#include <linux/jhash.h>
#include <linux/types.h>
#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "classify.h"
#include "classify_sets.h"
#include "tap.h"
#include "tuple.h"

#define ENTRIES_MAX	5
#define ACES_MAX	5

/* Small domains, so that rules overlap and most of them are met. */
#define ADDRESSES	8
#define PORTS		4

/* The map of the tests with small domains and of those by hand. */
static struct set m;

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
	struct cmap_match *match = ace->cond.match;

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

static void random_map(void)
{
	u32 e, a, n = tap_random(ENTRIES_MAX + 1);

	set_clear(&m);
	m.family = AF_INET;
	for (e = 0; e < n; e++) {
		struct cmap_acl *acl = set_entry(&m, 1 + tap_random(ACES_MAX));

		for (a = 0; a < acl->n; a++)
			random_ace(&acl->ace[a]);
	}
	set_compile(&m);
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
static const struct cmap_ace *naive_decide(const struct cmap_tuple *t,
					   u32 guess, int *asked)
{
	const struct cmap_ace *found = NULL;
	struct cmap_match room;
	u32 e, a, bit = 0;

	for (e = 0; e < m.n_entry; e++) {
		bool decided = false;

		for (a = 0; a < m.acl[e]->n; a++) {
			const struct cmap_ace *ace = &m.acl[e]->ace[a];
			const struct cmap_match *cond =
				cmap_cond_get(&ace->cond, &room);
			bool match = naive_outer(cond, t);

			if (match && naive_looks_inside(cond)) {
				if (t->flags & CMAP_TUPLE_OPAQUE)
					match = guess >> bit++ & 1;
				else
					match = naive_inner(cond, t);
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

static enum cmap_class naive_classify(const struct cmap_tuple *t,
				      const struct cmap_ace **found)
{
	int asked, ignored;
	u32 guess;

	*found = naive_decide(t, 0, &asked);
	for (guess = 1; guess < 1U << asked; guess++)
		if (naive_decide(t, guess, &ignored) != *found)
			return CMAP_CLASS_UNKNOWN;
	return *found ? CMAP_CLASS_PROTECT : CMAP_CLASS_CLEAR;
}

static const char *const class_name[] = { "clear", "protect", "unknown" };

/* How answers compared with those of an oracle. */
struct tally {
	u32 seen[3];
	u32 cautious;
	u32 wrong;
};

/*
 * The answer must be that of the oracle; only for a packet that hides something
 * it may be unknown instead.
 */
static bool tally_answer(struct tally *tally, const struct cmap_tuple *t,
			 enum cmap_class want, const struct cmap_ace *want_ace,
			 enum cmap_class got, const struct cmap_rule *rule)
{
	tally->seen[want]++;
	if (got == want && (got != CMAP_CLASS_PROTECT ||
			    (rule && rule->ace == want_ace)))
		return true;
	if (got == CMAP_CLASS_UNKNOWN &&
	    t->flags & (CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO)) {
		tally->cautious++;
		return true;
	}
	tally->wrong++;
	return false;
}

static void test_random(void)
{
	struct tally tally = {};
	int round, i;

	for (round = 0; round < 4000; round++) {
		random_map();
		for (i = 0; i < 100; i++) {
			const struct cmap_rule *rule = NULL, *linear = NULL;
			const struct cmap_ace *ace;
			enum cmap_class want, got;
			struct cmap_tuple t;

			random_tuple(&t);
			want = naive_classify(&t, &ace);
			got = linear_classify(m.rule, m.n_rule, &t, &linear);
			if (got != want || (linear && linear->ace != ace))
				tally.wrong++;
			got = set_classify(&m, &t, &rule);
			if (!tally_answer(&tally, &t, want, ace, got, rule) &&
			    tally.wrong == 1)
				printf("# map %d, packet %d: %s, not %s\n",
				       round, i, class_name[got],
				       class_name[want]);
		}
	}
	tap_ok(!tally.wrong, "400000 random packets by the words of the manual: %u clear, %u protect, %u unknown, %u wrong",
	       tally.seen[0], tally.seen[1], tally.seen[2], tally.wrong);
	tap_ok(tally.seen[0] > 20000 && tally.seen[1] > 20000 &&
	       tally.seen[2] > 2000,
	       "the random maps exercise every outcome");
	tap_ok(tally.cautious < 400, "needlessly unknown: %u", tally.cautious);
}

/* Conditions that were compared; see kmod.mk. */
static u32 compared;

enum cmap_match_result __real_cmap_cond_tuple(const struct cmap_cond *c,
					       const struct cmap_tuple *t);
enum cmap_match_result __wrap_cmap_cond_tuple(const struct cmap_cond *c,
					       const struct cmap_tuple *t);

enum cmap_match_result __wrap_cmap_cond_tuple(const struct cmap_cond *c,
					       const struct cmap_tuple *t)
{
	compared++;
	return __real_cmap_cond_tuple(c, t);
}

/* Hold @packets packets against a map of @shape with about @n rules. */
static void differ(struct set *s, const struct shape *shape, u16 family, u32 n,
		   u32 packets, struct tally *tally, u32 *dearer)
{
	u32 worst, i;

	set_clear(s);
	s->family = family;
	shape->make(s, n);
	set_compile(s);
	worst = s->index ? s->index->stats.worst : 0;
	for (i = 0; i < packets; i++) {
		const struct cmap_rule *want_rule = NULL, *rule = NULL;
		enum cmap_class want, got;
		struct cmap_tuple t;

		set_tuple(s, &t);
		want = linear_classify(s->rule, s->n_rule, &t, &want_rule);
		compared = 0;
		got = set_classify(s, &t, &rule);
		*dearer += compared > worst;
		if (!tally_answer(tally, &t, want,
				  want_rule ? want_rule->ace : NULL, got, rule) &&
		    tally->wrong == 1)
			printf("# %s, %u rules, packet %u: %s, not %s; flags %#x\n",
			       shape->name, s->n_rule, i, class_name[got],
			       class_name[want], t.flags);
	}
}

/*
 * About @pairs packets over maps of every shape, most of them small, against the
 * linear scan; and some over maps as large as can be.
 */
static void test_shapes(u32 pairs)
{
	static struct set s;
	u32 per_shape = pairs / ARRAY_SIZE(shapes), i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		struct tally tally = {};
		u32 done = 0, dearer = 0, maps = 0, n;

		while (done < per_shape) {
			u16 family = tap_random(3) ? AF_INET : AF_INET6;

			n = 1 + tap_random(ONE_OF(8, 40, 40, 300, 300, 2000));
			/* buckets of what has nothing in common */
			unit_jhash_mask = tap_random(8) ? ~0U : 7;
			differ(&s, &shapes[i], family, n, 1000, &tally, &dearer);
			done += 1000;
			maps++;
		}
		unit_jhash_mask = ~0U;
		differ(&s, &shapes[i], AF_INET, 65535, 200, &tally, &dearer);
		tap_ok(!tally.wrong, "%s: %u packets, %u maps: %u clear, %u protect, %u unknown, %u more unknown than need be, %u wrong",
		       shapes[i].name, done + 200, maps + 1, tally.seen[0],
		       tally.seen[1], tally.seen[2], tally.cautious, tally.wrong);
		tap_ok(!dearer, "%s: no packet costs more comparisons than the index says",
		       shapes[i].name);
		n = s.index->stats.worst;
		tap_ok(shapes[i].worst ? n <= shapes[i].worst :
					 n >= s.n_rule / 2,
		       "%s: %s comparisons for %u rules: %u", shapes[i].name,
		       shapes[i].worst ? "few" : "it says that it takes many",
		       s.n_rule, n);
		tap_ok(s.index->stats.bytes <= 4096 + 48UL * s.n_rule,
		       "%s: %zu bytes for %u rules", shapes[i].name,
		       s.index->stats.bytes, s.n_rule);
	}
	set_clear(&s);
}

static void put_ace(struct cmap_ace *ace, bool permit,
		    const struct cmap_match *match)
{
	cmap_cond_clear(&ace->cond);
	memset(ace, 0, sizeof(*ace));
	ace->action = permit ? CRYPTO_MAP_ACE_ACTION_PERMIT :
			       CRYPTO_MAP_ACE_ACTION_DENY;
	if (cmap_cond_set(&ace->cond, match))
		abort();
}

/* All packets, or those to TCP port 80. */
static void put_any(struct cmap_ace *ace, bool permit, bool port80)
{
	struct cmap_match match = {
		.family = AF_INET,
		.proto = port80 ? IPPROTO_TCP : CMAP_PROTO_ANY,
		.icmp_type = CMAP_ICMP_ANY,
		.icmp_code = CMAP_ICMP_ANY,
	};

	if (port80)
		set_ports(&match.dport, CRYPTO_MAP_PORT_OP_EQ, 1, 80, 0);
	put_ace(ace, permit, &match);
}

static void put_plain(struct cmap_ace *ace, bool permit)
{
	put_any(ace, permit, false);
}

static void put_port80(struct cmap_ace *ace, bool permit)
{
	put_any(ace, permit, true);
}

/* Expect the ACE @a of entry @e, or no rule when @e is negative. */
static void expect(const char *what, const struct cmap_tuple *t,
		   enum cmap_class class, int e, int a)
{
	const struct cmap_rule *rule = NULL;
	enum cmap_class got;

	free(m.rule);
	cmap_index_destroy(m.index);
	m.index = NULL;
	for (u32 i = 0; i < m.n_entry; i++) {
		cmap_denies_destroy(m.acl[i]->denies);
		m.acl[i]->denies = NULL;
	}
	set_compile(&m);
	got = set_classify(&m, t, &rule);
	tap_ok(got == class && (e < 0 || rule->ace == &m.acl[e]->ace[a]), "%s",
	       what);
}

static void test_ios(void)
{
	struct cmap_tuple web = { .family = AF_INET, .proto = IPPROTO_TCP,
				  .dport = 80, .flags = CMAP_TUPLE_PORTS };
	struct cmap_tuple ssh = { .family = AF_INET, .proto = IPPROTO_TCP,
				  .dport = 22, .flags = CMAP_TUPLE_PORTS };
	struct cmap_tuple frag = { .family = AF_INET, .proto = IPPROTO_TCP,
				   .flags = CMAP_TUPLE_OPAQUE };

	m.family = AF_INET;
	expect("no rules: clear", &web, CMAP_CLASS_CLEAR, -1, 0);

	set_entry(&m, 2);
	put_port80(&m.acl[0]->ace[0], false);
	put_plain(&m.acl[0]->ace[1], true);
	set_entry(&m, 1);
	put_plain(&m.acl[1]->ace[0], true);
	expect("deny leaves its entry, the next one protects", &web,
	       CMAP_CLASS_PROTECT, 1, 0);
	expect("past a deny that does not match", &ssh,
	       CMAP_CLASS_PROTECT, 0, 1);
	expect("fragment that may be denied before a permit: unknown", &frag,
	       CMAP_CLASS_UNKNOWN, -1, 0);

	m.acl[0]->n = 1;
	expect("fragment that is denied or falls through: next entry", &frag,
	       CMAP_CLASS_PROTECT, 1, 0);
	put_port80(&m.acl[0]->ace[0], true);
	expect("fragment that may be permitted: unknown", &frag,
	       CMAP_CLASS_UNKNOWN, -1, 0);
	put_plain(&m.acl[1]->ace[0], false);
	expect("deny in the last entry: clear", &ssh, CMAP_CLASS_CLEAR, -1, 0);
	expect("the first entry comes first", &web, CMAP_CLASS_PROTECT, 0, 0);
	set_clear(&m);
}

/* The number of packets may be given. */
int main(int argc, char **argv)
{
	tap_random_init();
	test_ios();
	test_random();
	test_shapes(argc > 1 ? strtoul(argv[1], NULL, 0) : 200000);
	set_clear(&m);
	return tap_done();
}
