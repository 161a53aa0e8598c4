// SPDX-License-Identifier: GPL-2.0-only
/* The rules of an attachment: a base, and what changed since it was made. */

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>

#include "acl.h"
#include "classify.h"
#include "rules.h"
#include "tuple.h"

#ifdef __KERNEL__
#include "flow.h"
#else
void cmap_flow_put(struct cmap_flow *flow);
#endif

/* Names are chosen by others. */
static u32 cmap_use_seed(void)
{
	static u32 seed;

	get_random_once(&seed, sizeof(seed));
	return seed;
}

u32 cmap_use_list(const char *name)
{
	return jhash(name, strlen(name), cmap_use_seed());
}

u32 cmap_use_peer(const union cmap_addr *peer)
{
	return jhash(peer, sizeof(*peer), cmap_use_seed());
}

u32 cmap_use_name(const char *name)
{
	return jhash(name, strlen(name) + 1, cmap_use_seed());
}

u32 cmap_use_spi(u32 spi)
{
	return jhash_2words(spi, 0, cmap_use_seed());
}

struct cmap_rules *cmap_rules_create(u32 n, u32 n_use)
{
	struct cmap_rules *rules = kzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);

	if (!rules)
		return NULL;
	refcount_set(&rules->refs, 1);
	rules->n = n;
	rules->rule = kvcalloc(n, sizeof(*rules->rule), GFP_KERNEL_ACCOUNT);
	rules->use = kvcalloc(n_use, sizeof(*rules->use), GFP_KERNEL_ACCOUNT);
	if (rules->rule && rules->use)
		return rules;
	cmap_rules_put(rules);
	return NULL;
}

int cmap_place_cmp(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static int cmap_use_cmp(const void *a, const void *b)
{
	const struct cmap_use *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Whether a rule cannot be decided on fragments. */
static bool cmap_rule_needs_whole(const struct cmap_rule *rule)
{
	struct cmap_match room;

	return cmap_match_needs_whole(cmap_cond_get(&rule->ace->cond, &room));
}

int cmap_rules_finish(struct cmap_rules *rules, u16 family, bool base)
{
	int err;
	u32 i;

	sort(rules->use, rules->n_use, sizeof(*rules->use), cmap_use_cmp, NULL);
	if (!rules->n)
		return 0;
	for (i = 0; i < rules->n; i++)
		rules->n_whole += cmap_rule_needs_whole(&rules->rule[i]);
	if (base) {
		rules->hides = cmap_hides_create(rules->n);
		if (!rules->hides)
			return -ENOMEM;
	}
	err = cmap_classify_index(rules->rule, rules->n, family, rules->hides,
				  &rules->index);
	if (!err && base)
		cmap_hides_finish(rules->hides);
	return err;
}

void cmap_rules_put(struct cmap_rules *rules)
{
	u32 i;

	if (!rules || !refcount_dec_and_test(&rules->refs))
		return;
	for (i = 0; rules->rule && i < rules->n; i++)
		if (rules->rule[i].flow)
			cmap_flow_put(rules->rule[i].flow);
	cmap_index_destroy(rules->index);
	cmap_hides_destroy(rules->hides);
	kvfree(rules->use);
	kvfree(rules->rule);
	kfree(rules);
}

/* The first entry of a key, at or after a place. */
static const struct cmap_use *cmap_rules_seek_use(const struct cmap_rules *rules,
						  u32 key, u32 place)
{
	const struct cmap_use want = { .key = key, .place = place };
	u32 low = 0, high = rules ? rules->n_use : 0, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (cmap_use_cmp(&rules->use[mid], &want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (!rules || low == rules->n_use || rules->use[low].key != key)
		return NULL;
	return &rules->use[low];
}

const struct cmap_use *cmap_rules_users(const struct cmap_rules *rules, u32 key)
{
	return cmap_rules_seek_use(rules, key, 0);
}

const struct cmap_use *cmap_rules_users_next(const struct cmap_rules *rules,
					     const struct cmap_use *use)
{
	const struct cmap_use *next = use + 1;

	if (next == rules->use + rules->n_use || next->key != use->key)
		return NULL;
	return next;
}

/* The first rule at or after a place. */
static u32 cmap_rules_find(const struct cmap_rules *rules, u32 place)
{
	u32 low = 0, high = rules->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (rules->rule[mid].place < place)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct cmap_ruleset *cmap_ruleset_create(u32 n_changed)
{
	struct cmap_ruleset *set;

	set = kvzalloc(struct_size(set, changed, n_changed),
		       GFP_KERNEL_ACCOUNT);
	if (set)
		refcount_set(&set->refs, 1);
	return set;
}

/**
 * cmap_ruleset_get() - take a reference
 * @set: rule set
 */
void cmap_ruleset_get(struct cmap_ruleset *set)
{
	refcount_inc(&set->refs);
}

/**
 * cmap_ruleset_put() - give a reference back
 * @set: rule set or NULL
 */
void cmap_ruleset_put(struct cmap_ruleset *set)
{
	if (!set || !refcount_dec_and_test(&set->refs))
		return;
	cmap_rules_put(set->base);
	cmap_rules_put(set->delta);
	kvfree(set->dead);
	kvfree(set);
}

/**
 * struct cmap_burial - entries of a base that die together
 * @place: their places, those still to come included
 * @n: how many
 * @room: how many there may be
 */
struct cmap_burial {
	u32	*place;
	u32	n;
	u32	room;
};

/*
 * The rules of an entry count no more, and what it hides is next. Returns false if that
 * is too much.
 */
static bool cmap_ruleset_bury(struct cmap_ruleset *set, u32 place,
			      struct cmap_burial *burial)
{
	const struct cmap_rules *base = set->base;
	u32 first = cmap_rules_find(base, place), i;
	const struct cmap_hides *hides = base->hides;

	if (first == base->n || base->rule[first].place != place ||
	    test_bit(first, set->dead))
		return true;
	if (test_bit(first, hides->vital))
		return false;
	for (i = first; i < base->rule[first].next; i++) {
		__set_bit(i, set->dead);
		set->n_dead++;
		set->n_whole -= cmap_rule_needs_whole(&base->rule[i]);
	}
	for (i = cmap_hides_first(hides, first);
	     i < hides->n && hides->pair[i].by == first; i++) {
		if (test_bit(hides->pair[i].group, set->dead))
			continue;
		place = base->rule[hides->pair[i].group].place;
		/* templates are not in a delta */
		if (place & U16_MAX || burial->n == burial->room)
			return false;
		burial->place[burial->n++] = place;
	}
	return true;
}

static bool cmap_ruleset_bury_all(struct cmap_ruleset *set,
				  struct cmap_burial *burial)
{
	u32 i;

	for (i = 0; i < burial->n; i++)
		if (!cmap_ruleset_bury(set, burial->place[i], burial))
			return false;
	sort(burial->place, burial->n, sizeof(*burial->place), cmap_place_cmp,
	     NULL);
	return true;
}

/* Two lists of places become one. */
static void cmap_ruleset_merge(struct cmap_ruleset *set,
			       const struct cmap_ruleset *was,
			       const struct cmap_burial *burial)
{
	const u32 *place = burial->place;
	u32 i = 0, j = 0, at;

	while (i < was->n_changed || j < burial->n) {
		if (j == burial->n || (i < was->n_changed && was->changed[i] <= place[j]))
			at = was->changed[i++];
		else
			at = place[j++];
		if (!set->n_changed || set->changed[set->n_changed - 1] != at)
			set->changed[set->n_changed++] = at;
	}
}

/* A rule set with the base of another one, and what is dead there. */
static struct cmap_ruleset *cmap_ruleset_share(const struct cmap_ruleset *was)
{
	u32 longs = BITS_TO_LONGS(was->base->n);
	struct cmap_ruleset *set;

	set = cmap_ruleset_create(cmap_ruleset_room(was));
	if (!set)
		return NULL;
	set->base = was->base;
	refcount_inc(&set->base->refs);
	set->n_dead = was->n_dead;
	set->n_whole = was->n_whole;
	set->dead = kvcalloc(longs, sizeof(long), GFP_KERNEL_ACCOUNT);
	if (!set->dead) {
		cmap_ruleset_put(set);
		return NULL;
	}
	if (was->dead)
		memcpy(set->dead, was->dead, longs * sizeof(long));
	return set;
}

int cmap_ruleset_edit(const struct cmap_ruleset *was, const u32 *place, u32 n,
		      struct cmap_ruleset **edited)
{
	u32 room = cmap_ruleset_room(was);
	struct cmap_burial burial = { .n = n };
	struct cmap_ruleset *set;
	int err = 0;

	*edited = NULL;
	if (was->n_changed + n > room)
		return 0;
	burial.room = room - was->n_changed;
	burial.place = kvmalloc_array(burial.room, sizeof(*burial.place),
				      GFP_KERNEL_ACCOUNT);
	set = cmap_ruleset_share(was);
	if (!burial.place || !set) {
		err = -ENOMEM;
		goto out;
	}
	memcpy(burial.place, place, n * sizeof(*place));
	if (cmap_ruleset_bury_all(set, &burial)) {
		cmap_ruleset_merge(set, was, &burial);
		*edited = set;
		set = NULL;
	}
out:
	kvfree(burial.place);
	cmap_ruleset_put(set);
	return err;
}

u32 cmap_ruleset_room(const struct cmap_ruleset *set)
{
	return (set->base->n + set->base->n_use) / CMAP_RULES_PARTS;
}

static enum cmap_class cmap_rules_classify(const struct cmap_rules *rules,
					   const unsigned long *dead,
					   const struct cmap_tuple *tuple,
					   const struct cmap_rule **found)
{
	struct cmap_verdict verdict;

	verdict = cmap_classify(rules->rule, rules->index, dead, tuple);
	if (verdict.class != CMAP_CLASS_CLEAR)
		*found = &rules->rule[verdict.at];
	return verdict.class;
}

/* An entry is in force in one layer only: the places of two answers differ. */
enum cmap_class cmap_ruleset_classify(const struct cmap_ruleset *set,
				      const struct cmap_tuple *tuple,
				      const struct cmap_rule **found)
{
	const struct cmap_rule *other;
	enum cmap_class class, more;

	class = cmap_rules_classify(set->base, set->dead, tuple, found);
	if (!set->delta)
		return class;
	more = cmap_rules_classify(set->delta, NULL, tuple, &other);
	if (more == CMAP_CLASS_CLEAR ||
	    (class != CMAP_CLASS_CLEAR && (*found)->place < other->place))
		return class;
	*found = other;
	return more;
}

bool cmap_ruleset_gives(const struct cmap_ruleset *set,
			const struct cmap_match *sel,
			const struct cmap_flow *flow)
{
	const struct cmap_rule *rule;
	struct cmap_packets packets;

	cmap_packets_of(&packets, sel, flow);
	switch (cmap_ruleset_classify(set, &packets.tuple, &rule)) {
	case CMAP_CLASS_PROTECT:
		return rule->flow == flow;
	case CMAP_CLASS_UNKNOWN:
		return true;
	case CMAP_CLASS_CLEAR:
		break;
	}
	return false;
}

/* The first rule of the base from @at on that the walk is about. */
static u32 cmap_ruleset_seek(const struct cmap_ruleset *set,
			     const struct cmap_ruleset *but, u32 at)
{
	bool shared = but && but->base == set->base;
	unsigned long bits;
	u32 word;

	for (word = at / BITS_PER_LONG; at < set->base->n;
	     at = ++word * BITS_PER_LONG) {
		bits = ~0UL << at % BITS_PER_LONG;
		if (set->dead)
			bits &= ~set->dead[word];
		if (shared)
			bits &= but->dead ? but->dead[word] : 0;
		if (bits)
			return word * BITS_PER_LONG + __ffs(bits);
	}
	return set->base->n;
}

const struct cmap_rule *cmap_ruleset_next(const struct cmap_ruleset *set,
					  const struct cmap_ruleset *but,
					  struct cmap_ruleset_iter *iter,
					  u32 *n)
{
	const struct cmap_rules *base = set->base, *delta = set->delta;
	const struct cmap_rule *old = NULL, *new = NULL;
	u32 at = cmap_ruleset_seek(set, but, iter->base);

	if (at < base->n)
		old = &base->rule[at];
	if (delta && iter->delta < delta->n)
		new = &delta->rule[iter->delta];
	if (old && (!new || old->place < new->place)) {
		*n = old->next - at;
		iter->base = old->next;
		return old;
	}
	if (new) {
		*n = new->next - iter->delta;
		iter->delta = new->next;
	}
	return new;
}

/* The rules of an entry, in the layer in which it is in force; NULL for none. */
static const struct cmap_rule *cmap_ruleset_entry(const struct cmap_ruleset *set,
						  u32 place, u32 *n)
{
	const struct cmap_rules *rules = set->base;
	u32 at = cmap_rules_find(rules, place);

	if (at == rules->n || rules->rule[at].place != place ||
	    (set->dead && test_bit(at, set->dead))) {
		rules = set->delta;
		at = rules ? cmap_rules_find(rules, place) : 0;
	}
	if (!rules || at == rules->n || rules->rule[at].place != place)
		return NULL;
	*n = rules->rule[at].next - at;
	return &rules->rule[at];
}

const struct cmap_rule *cmap_ruleset_user(const struct cmap_ruleset *set,
					  u32 key, u64 *cursor, u32 *n)
{
	const struct cmap_rule *rule = NULL;
	const struct cmap_use *old, *new;

	while (!rule && !(*cursor >> 32)) {
		old = cmap_rules_seek_use(set->base, key, *cursor);
		new = cmap_rules_seek_use(set->delta, key, *cursor);
		if (!old && !new)
			break;
		if (!old || (new && new->place < old->place))
			old = new;
		*cursor = (u64)old->place + 1;
		rule = cmap_ruleset_entry(set, old->place, n);
	}
	return rule;
}
