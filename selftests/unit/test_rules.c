// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod/rules.c: rule sets that are edited over and over, against a linear scan of what
 * they should be after each edit.
 *
 * An edit is a few entries that appear, vanish or get another access list, of a pool
 * with the lists of one shape, so that lists come back, are there several times, and
 * hide others or stop to. Packets are drawn near any list of the pool, also such as
 * were just taken away.
 */

#include <string.h>

#include <linux/types.h>
#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "classify.h"
#include "classify_sets.h"
#include "cond.h"
#include "rules.h"
#include "tap.h"
#include "tuple.h"

#define ENTRIES		500	/* numbers that entries can have */
#define EDITS		40	/* of a map */
#define PACKETS		400	/* after each edit */

/* Flows are opaque to the rules. */
void cmap_flow_put(struct cmap_flow *flow)
{
	(void)flow;
}

static struct set pool;

/* What there should be: the list of each entry. */
static struct cmap_acl *model[ENTRIES];

static u32 place_of(u32 seq)
{
	return (seq + 1) << 16;
}

static u32 key_of(const struct cmap_acl *acl)
{
	return acl ? (unsigned long)acl >> 4 : 0;
}

/* A layer of the entries of some places; not finished. */
static struct cmap_rules *layer(const u32 *place, u32 n)
{
	struct cmap_rules *rules;
	u32 i, k, first, at = 0;

	for (i = 0; i < n; i++) {
		struct cmap_acl *acl = model[(place[i] >> 16) - 1];

		for (k = 0; acl && k < acl->n; k++)
			at += acl->ace[k].action != CRYPTO_MAP_ACE_ACTION_REMARK;
	}
	rules = cmap_rules_create(at, n);
	for (i = 0, at = 0; i < n; i++) {
		struct cmap_acl *acl = model[(place[i] >> 16) - 1];

		rules->use[rules->n_use++] = (struct cmap_use) {
			.key = key_of(acl),
			.place = place[i],
		};
		if (!acl)
			continue;
		cmap_denies_make(acl);
		first = at;
		for (k = 0; k < acl->n; k++) {
			struct cmap_ace *ace = &acl->ace[k];

			if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
				continue;
			rules->rule[at++] = (struct cmap_rule) {
				.acl = acl,
				.ace = ace,
				/* one for each ACE */
				.flow = ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT ?
					(struct cmap_flow *)ace : NULL,
				.place = place[i],
			};
		}
		while (first < at)
			rules->rule[first++].next = at;
	}
	return rules;
}

/* All of the model. */
static struct cmap_rules *whole(void)
{
	u32 place[ENTRIES], i, n = 0;

	for (i = 0; i < ENTRIES; i++)
		if (model[i])
			place[n++] = place_of(i);
	return layer(place, n);
}

static struct cmap_ruleset *anew(void)
{
	struct cmap_ruleset *set = cmap_ruleset_create(0);

	set->base = whole();
	if (cmap_rules_finish(set->base, pool.family, true))
		abort();
	set->n_whole = set->base->n_whole;
	return set;
}

/**
 * struct tally - what happened
 * @packets: packets
 * @seen: answers of the oracle
 * @cautious: packets that hide something, more unknown than need be
 * @wrong: wrong answers
 * @layered: rule sets that share a base with the one before
 * @along: of these, such that others than those that were edited came to the delta, which
 *	were hidden before
 * @anew: others
 * @lost: rule sets that do not have the entries that they should
 * @pairs: pairs of hosts, those that have packets and those that have none
 * @pairs_wrong: of these, such that were told to be the other
 */
struct tally {
	u32 packets;
	u32 seen[3];
	u32 cautious;
	u32 wrong;
	u32 layered;
	u32 along;
	u32 anew;
	u32 lost;
	u32 pairs[2];
	u32 pairs_wrong;
};

/* Whether what changed of a rule set did before, or is among @n places. */
static bool among(const struct cmap_ruleset *set, const struct cmap_ruleset *was,
		  const u32 *place, u32 n)
{
	u32 i, k;

	for (i = 0; i < set->n_changed; i++) {
		u32 at = set->changed[i];

		for (k = 0; k < n && place[k] != at;)
			k++;
		if (k < n)
			continue;
		for (k = 0; k < was->n_changed && was->changed[k] != at;)
			k++;
		if (k == was->n_changed)
			return false;
	}
	return true;
}

/* The model changes at @n places, ascending, and the rule set with it. */
static struct cmap_ruleset *edit(struct cmap_ruleset *was, const u32 *place,
				 u32 n, struct tally *tally)
{
	struct cmap_ruleset *set;
	u32 i;

	if (cmap_ruleset_edit(was, place, n, &set))
		abort();
	/* while the rules that die may still be looked into */
	for (i = 0; i < n; i++)
		model[(place[i] >> 16) - 1] = tap_random(3) ?
			pool.acl[tap_random(pool.n_entry)] : NULL;
	if (set) {
		set->delta = layer(set->changed, set->n_changed);
		if (cmap_rules_finish(set->delta, pool.family, false))
			abort();
		tally->layered++;
		tally->along += !among(set, was, place, n);
	} else {
		set = anew();
		tally->anew++;
	}
	return set;
}

static u32 walk(const struct cmap_ruleset *set, const struct cmap_ruleset *but)
{
	struct cmap_ruleset_iter iter = {};
	u32 n, sum = 0;

	while (cmap_ruleset_next(set, but, &iter, &n))
		sum += n;
	return sum;
}

/* The next entry of a list by its key: others may be among them. */
static const struct cmap_rule *user_of(const struct cmap_ruleset *set, const struct cmap_acl *acl,
				       u64 *cursor, u32 *n)
{
	const struct cmap_rule *rule;

	do
		rule = cmap_ruleset_user(set, key_of(acl), cursor, n);
	while (rule && rule->acl != acl);
	return rule;
}

/* Whether what is found by the list of each entry are those entries, in order. */
static bool users_good(const struct cmap_ruleset *set)
{
	const struct cmap_rule *rule, *other, *user;
	struct cmap_ruleset_iter iter = {};
	u32 n, k, m;
	u64 cursor;

	while ((rule = cmap_ruleset_next(set, NULL, &iter, &n))) {
		struct cmap_ruleset_iter all = {};

		cursor = 0;
		while ((other = cmap_ruleset_next(set, NULL, &all, &k))) {
			if (other->acl != rule->acl)
				continue;
			user = user_of(set, rule->acl, &cursor, &m);
			if (user != other || m != k)
				return false;
		}
		if (user_of(set, rule->acl, &cursor, &m))
			return false;
	}
	return true;
}

/* Whether a rule set has the rules of the model, in order. */
static bool good(const struct cmap_ruleset *set, const struct cmap_ruleset *was,
		 const struct cmap_rules *want)
{
	struct cmap_ruleset_iter iter = {};
	const struct cmap_rule *rule;
	struct cmap_match room;
	u32 at = 0, whole = 0, i, n;

	while ((rule = cmap_ruleset_next(set, NULL, &iter, &n))) {
		for (i = 0; i < n; i++, at++) {
			if (at == want->n ||
			    rule[i].ace != want->rule[at].ace ||
			    rule[i].place != want->rule[at].place)
				return false;
			whole += cmap_match_needs_whole(
				cmap_cond_get(&rule[i].ace->cond, &room));
		}
	}
	/* what was not taken away is what was not made */
	return at == want->n && at == cmap_ruleset_count(set) && users_good(set) &&
	       cmap_ruleset_needs_whole(set) == !!whole &&
	       cmap_ruleset_count(was) - walk(was, set) ==
	       cmap_ruleset_count(set) - walk(set, was);
}

/* Whether a flow has some of the packets between two hosts, by all rules in turn. */
static bool linear_gives(const struct cmap_rules *want,
			 const struct cmap_packets *p)
{
	const struct cmap_rule *rule;
	bool denied = false;
	u32 i, next = 0;

	for (i = 0; i < want->n; i++) {
		rule = &want->rule[i];
		if (i == next) {
			next = rule->next;
			denied = false;
		}
		switch (cmap_cond_tuple(&rule->ace->cond, &p->tuple)) {
		case CMAP_MATCH_YES:
			if (!rule->flow)
				i = next - 1;
			else if (rule->flow == p->flow || !denied)
				return rule->flow == p->flow;
			break;
		case CMAP_MATCH_UNKNOWN:
			if (!rule->flow)
				denied = true;
			break;
		case CMAP_MATCH_NO:
			break;
		}
	}
	return false;
}

/* What rules are about two hosts: those of some have packets of them. */
static void pairs(const struct cmap_ruleset *set,
		  const struct cmap_rules *want, const struct cmap_tuple *t,
		  struct tally *tally)
{
	struct cmap_match room, sel;
	struct cmap_packets p;
	u32 i, n = 0;
	bool gives;

	for (i = 0; i < want->n && n < 4; i++) {
		const struct cmap_rule *rule = &want->rule[i];

		if (!rule->flow ||
		    !cmap_match_between(&sel, cmap_cond_get(&rule->ace->cond, &room),
					&t->src, &t->dst))
			continue;
		n++;
		cmap_packets_of(&p, &sel, rule->flow);
		gives = linear_gives(want, &p);
		tally->pairs[!gives]++;
		/* where there are too many ports to be looked at it may */
		if (cmap_ruleset_gives(set, &sel, rule->flow) != gives &&
		    (gives || !(p.tuple.flags & CMAP_TUPLE_OPAQUE)))
			tally->pairs_wrong++;
	}
}

static void packets(const struct cmap_ruleset *set,
		    const struct cmap_rules *want, struct tally *tally)
{
	const struct cmap_rule *want_rule, *rule;
	enum cmap_class class, got;
	struct cmap_tuple t;
	u32 i;

	for (i = 0; i < PACKETS; i++) {
		want_rule = NULL;
		rule = NULL;
		set_tuple(&pool, &t);
		class = linear_classify(want->rule, want->n, &t, &want_rule);
		got = cmap_ruleset_classify(set, &t, &rule);
		tally->packets++;
		tally->seen[class]++;
		if (i % 8 == 0)
			pairs(set, want, &t, tally);
		if (got == class &&
		    (class != CMAP_CLASS_PROTECT ||
		     (rule->ace == want_rule->ace &&
		      rule->place == want_rule->place)))
			continue;
		if (got == CMAP_CLASS_UNKNOWN &&
		    t.flags & (CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO))
			tally->cautious++;
		else
			tally->wrong++;
	}
}

/* One map of a shape, edited over and over. */
static void differ(const struct shape *shape, struct tally *tally)
{
	struct cmap_ruleset *set, *next;
	struct cmap_rules *want;
	u32 place[4], i, k, n, step;

	set_clear(&pool);
	pool.family = tap_random(3) ? AF_INET : AF_INET6;
	shape->make(&pool, 200);
	/* for what packets are drawn near */
	set_compile(&pool);
	memset(model, 0, sizeof(model));
	for (i = 0; i < ENTRIES; i++)
		if (tap_random(2))
			model[i] = pool.acl[i * pool.n_entry / ENTRIES];
	set = anew();
	for (i = 0; i < EDITS; i++) {
		n = 1 + tap_random(4);
		step = ENTRIES / n;
		for (k = 0; k < n; k++)
			place[k] = place_of(k * step + tap_random(step));
		next = edit(set, place, n, tally);
		want = whole();
		tally->lost += !good(next, set, want);
		packets(next, want, tally);
		cmap_rules_put(want);
		cmap_ruleset_put(set);
		set = next;
	}
	cmap_ruleset_put(set);
}

/* The entries that refer to something, by key. */
static void test_users(void)
{
	struct cmap_rules *rules = cmap_rules_create(0, 300);
	const struct cmap_use *use;
	u32 key, n, wrong = 0;

	while (rules->n_use < 300)
		rules->use[rules->n_use++] = (struct cmap_use) {
			.key = 2 * tap_random(40),
			.place = rules->n_use,
		};
	cmap_rules_finish(rules, AF_INET, true);
	for (key = 0; key < 82; key++) {
		n = 0;
		for (use = rules->use; use < rules->use + 300; use++)
			n += use->key == key;
		for (use = cmap_rules_users(rules, key); use;
		     use = cmap_rules_users_next(rules, use), n--)
			wrong += use->key != key;
		wrong += n;
	}
	tap_ok(!wrong && !cmap_rules_users(NULL, 0),
	       "entries are found by what they refer to");
	cmap_rules_put(rules);
}

/*
 * Conditions that only ports tell apart, more than are compared with a packet that shows
 * none: when they are gone nothing is in doubt any more.
 */
static void test_hidden_ports(void)
{
	struct cmap_tuple t = {
		.family = AF_INET,
		.proto = IPPROTO_TCP,
		.flags = CMAP_TUPLE_OPAQUE | CMAP_TUPLE_FRAGMENT,
		.src.ip4 = htonl(0x0afe0001),
		.dst.ip4 = htonl(0x0b000001),
	};
	struct cmap_ruleset *set, *next;
	const struct cmap_rule *rule;
	u32 place = place_of(1), i;
	struct cmap_acl *acl;

	set_clear(&pool);
	pool.family = AF_INET;
	make_one_list(&pool, 3000);
	acl = set_entry(&pool, 20);
	for (i = 0; i < acl->n; i++) {
		struct cmap_match *m = acl->ace[i].cond.match;

		set_net(&pool, m, 0x0afe0001, 32, 0x0b000001, 32);
		m->proto = IPPROTO_TCP;
		set_ports(&m->dport, CRYPTO_MAP_PORT_OP_EQ, 1, 1000 + i, 0);
	}
	set_compile(&pool);
	memset(model, 0, sizeof(model));
	model[0] = pool.acl[0];
	model[1] = pool.acl[1];
	set = anew();
	tap_ok(cmap_ruleset_classify(set, &t, &rule) == CMAP_CLASS_UNKNOWN,
	       "one of many ports, perhaps: unknown");
	if (cmap_ruleset_edit(set, &place, 1, &next))
		abort();
	model[1] = NULL;
	if (next) {
		next->delta = layer(next->changed, next->n_changed);
		if (cmap_rules_finish(next->delta, pool.family, false))
			abort();
	} else {
		next = anew();
	}
	tap_ok(cmap_ruleset_classify(next, &t, &rule) == CMAP_CLASS_CLEAR,
	       "not so when the ports are gone");
	cmap_ruleset_put(set);
	cmap_ruleset_put(next);
}

/* What a list before the permit of a pair of hosts has of their packets. */
static void test_gives(void)
{
	static const struct {
		const char *what;
		u8 action, tos_mask, ttl;
		u16 from, to;
		bool gives;
	} cases[] = {
		{ "all of another protocol", CRYPTO_MAP_ACE_ACTION_PERMIT, 0, 0, 0, 0, true },
		{ "those with the TOS 0", CRYPTO_MAP_ACE_ACTION_PERMIT, 0xfc, 0, 1, 65535, true },
		{ "those with the TTL 64", CRYPTO_MAP_ACE_ACTION_PERMIT, 0, 64, 1, 65535, true },
		{ "some ports", CRYPTO_MAP_ACE_ACTION_PERMIT, 0, 0, 80, 85, true },
		{ "all ports", CRYPTO_MAP_ACE_ACTION_PERMIT, 0, 0, 80, 90, false },
		{ "all ports, denied", CRYPTO_MAP_ACE_ACTION_DENY, 0, 0, 80, 90, true },
	};
	struct cmap_ruleset *set;
	struct cmap_match *m, sel;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		set_clear(&pool);
		pool.family = AF_INET;
		m = set_entry(&pool, 1)->ace[0].cond.match;
		pool.acl[0]->ace[0].action = cases[i].action;
		m->proto = cases[i].to ? IPPROTO_TCP : IPPROTO_UDP;
		m->tos_mask = cases[i].tos_mask;
		if (cases[i].ttl)
			set_ports(&m->ttl, CRYPTO_MAP_PORT_OP_EQ, 1, cases[i].ttl, 0);
		if (cases[i].to)
			set_ports(&m->dport, CRYPTO_MAP_PORT_OP_RANGE, 2,
				  cases[i].from, cases[i].to);
		m = set_entry(&pool, 1)->ace[0].cond.match;
		set_net(&pool, m, 0x0a010002, 32, 0x0a020002, 32);
		m->proto = IPPROTO_TCP;
		set_ports(&m->dport, CRYPTO_MAP_PORT_OP_RANGE, 2, 80, 90);
		sel = *m;
		set_compile(&pool);
		memset(model, 0, sizeof(model));
		model[0] = pool.acl[0];
		model[1] = pool.acl[1];
		set = anew();
		tap_ok(cmap_ruleset_gives(set, &sel, (struct cmap_flow *)pool.acl[1]->ace) ==
		       cases[i].gives, "a pair %s when an entry before has %s",
		       cases[i].gives ? "stays" : "goes", cases[i].what);
		cmap_ruleset_put(set);
	}
}

/* One protocol, and all others, of an entry before the permit of two hosts with all IP. */
static void test_gives_rest(void)
{
	static const u8 actions[] = {
		CRYPTO_MAP_ACE_ACTION_DENY, CRYPTO_MAP_ACE_ACTION_PERMIT,
	};
	struct cmap_ruleset *set;
	struct cmap_match *m, sel;
	struct cmap_ace *ace;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		set_clear(&pool);
		pool.family = AF_INET;
		ace = set_entry(&pool, 2)->ace;
		ace[0].action = actions[i];
		ace[0].cond.match->proto = IPPROTO_UDP;
		m = set_entry(&pool, 1)->ace[0].cond.match;
		set_net(&pool, m, 0x0a010002, 32, 0x0a020002, 32);
		sel = *m;
		set_compile(&pool);
		memset(model, 0, sizeof(model));
		model[0] = pool.acl[0];
		model[1] = pool.acl[1];
		set = anew();
		tap_ok(cmap_ruleset_gives(set, &sel, (struct cmap_flow *)pool.acl[1]->ace) ==
		       (actions[i] == CRYPTO_MAP_ACE_ACTION_DENY),
		       "a pair %s when an entry before %s UDP and permits all IP",
		       i ? "goes" : "stays", i ? "permits" : "denies");
		cmap_ruleset_put(set);
	}
}

/* The number of packets may be given. */
int main(int argc, char **argv)
{
	u32 total = argc > 1 ? strtoul(argv[1], NULL, 0) : 400000, i;
	u32 layered = 0, along = 0;

	tap_random_init();
	test_users();
	test_hidden_ports();
	test_gives();
	test_gives_rest();
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		struct tally tally = {};

		do
			differ(&shapes[i], &tally);
		while (tally.packets < total / ARRAY_SIZE(shapes));
		tap_ok(!tally.wrong, "%s: %u packets: %u clear, %u protect, %u unknown, %u more unknown than need be, %u wrong",
		       shapes[i].name, tally.packets, tally.seen[0],
		       tally.seen[1], tally.seen[2], tally.cautious,
		       tally.wrong);
		tap_ok(!tally.lost, "%s: %u edits in a delta, %u with what they hid, %u made all anew: %u without the right rules",
		       shapes[i].name, tally.layered, tally.along, tally.anew,
		       tally.lost);
		tap_ok(!tally.pairs_wrong, "%s: %u pairs of hosts with packets, %u without, %u wrong",
		       shapes[i].name, tally.pairs[0], tally.pairs[1],
		       tally.pairs_wrong);
		layered += tally.layered;
		along += tally.along;
	}
	tap_ok(layered > 500 && along > 50, "%u edits in a delta in all, %u with what they hid",
	       layered, along);
	set_clear(&pool);
	return tap_done();
}
