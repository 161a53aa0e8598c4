// SPDX-License-Identifier: GPL-2.0-only
/* First match of a packet over the rules of an attachment. */

#include <linux/bitops.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "classify.h"
#include "hides.h"
#include "index.h"
#include "tuple.h"

/* Whether one of the ACEs at @n places of a list matches, as far as @pos. */
static enum cmap_match_result cmap_denies_match(const struct cmap_acl *acl,
						const u32 *place, u32 n,
						const struct cmap_tuple *tuple,
						u32 pos)
{
	bool maybe = false;
	u32 i;

	for (i = 0; i < n && place[i] < pos; i++) {
		switch (cmap_cond_tuple(&acl->ace[place[i]].cond, tuple)) {
		case CMAP_MATCH_YES:
			return CMAP_MATCH_YES;
		case CMAP_MATCH_UNKNOWN:
			maybe = true;
			break;
		case CMAP_MATCH_NO:
			break;
		}
	}
	return maybe ? CMAP_MATCH_UNKNOWN : CMAP_MATCH_NO;
}

static enum cmap_match_result
cmap_denies_look_up(const struct cmap_acl *acl, const struct cmap_tuple *tuple,
		    u32 pos)
{
	enum cmap_match_result match, all = CMAP_MATCH_NO;
	struct cmap_index_walk walk;

	cmap_index_start(&walk, acl->denies->index, tuple);
	while (cmap_index_next(&walk, pos)) {
		match = cmap_denies_match(acl, walk.id, walk.n, tuple, pos);
		if (match == CMAP_MATCH_YES)
			return CMAP_MATCH_YES;
		if (match == CMAP_MATCH_UNKNOWN || walk.cut < pos)
			all = CMAP_MATCH_UNKNOWN;
	}
	return all;
}

/* Whether a deny of the same list goes before a permit. */
static enum cmap_match_result cmap_rule_denied(const struct cmap_rule *rule,
					       const struct cmap_tuple *tuple)
{
	const struct cmap_denies *denies = rule->acl->denies;
	u32 pos = rule->ace - rule->acl->ace;

	if (!denies)
		return CMAP_MATCH_NO;
	if (denies->index)
		return cmap_denies_look_up(rule->acl, tuple, pos);
	return cmap_denies_match(rule->acl, denies->pos, denies->n, tuple, pos);
}

/* Whether a rule may decide that has but some of many packets. */
static bool cmap_rule_is_asked_for(const struct cmap_rule *rule,
				   const struct cmap_tuple *tuple)
{
	return !(tuple->flags & CMAP_TUPLE_MANY) ||
	       rule->flow == container_of(tuple, const struct cmap_packets,
					  tuple)->flow;
}

/*
 * The first rule of a list that decides, if it goes before the best so far. A
 * permit that matches does, but for one that its access list denies before: this
 * ends its whole entry.
 */
static void cmap_classify_list(const struct cmap_rule *rules,
			       const unsigned long *dead, const u32 *id, u32 n,
			       const struct cmap_tuple *tuple,
			       struct cmap_verdict *best)
{
	enum cmap_match_result match, denied;
	enum cmap_class class;
	u32 i, next = 0;

	for (i = 0; i < n && id[i] < best->at; i++) {
		const struct cmap_rule *rule = &rules[id[i]];

		if (id[i] < next || (dead && test_bit(id[i], dead)))
			continue;
		match = cmap_cond_tuple(&rule->ace->cond, tuple);
		if (match == CMAP_MATCH_NO)
			continue;
		denied = cmap_rule_denied(rule, tuple);
		if (denied == CMAP_MATCH_YES) {
			next = rule->next;
			continue;
		}
		class = match == CMAP_MATCH_YES && denied == CMAP_MATCH_NO ?
				CMAP_CLASS_PROTECT : CMAP_CLASS_UNKNOWN;
		if (class == CMAP_CLASS_UNKNOWN &&
		    !cmap_rule_is_asked_for(rule, tuple))
			continue;
		best->at = id[i];
		best->class = class;
		return;
	}
}

struct cmap_verdict cmap_classify(const struct cmap_rule *rules,
				  const struct cmap_index *index,
				  const unsigned long *dead,
				  const struct cmap_tuple *tuple)
{
	struct cmap_verdict best = {
		.at = CMAP_INDEX_ID_MAX,
		.class = CMAP_CLASS_CLEAR,
	};
	struct cmap_index_walk walk;

	cmap_index_start(&walk, index, tuple);
	while (cmap_index_next(&walk, best.at)) {
		cmap_classify_list(rules, dead, walk.id, walk.n, tuple, &best);
		if (walk.cut < best.at) {
			best.at = walk.cut;
			best.class = CMAP_CLASS_UNKNOWN;
		}
	}
	return best;
}

void cmap_denies_destroy(struct cmap_denies *denies)
{
	if (!denies)
		return;
	cmap_index_destroy(denies->index);
	kfree(denies);
}

static int cmap_denies_index(const struct cmap_acl *acl,
			     struct cmap_denies *denies)
{
	struct cmap_index_item *item;
	struct cmap_match *room;
	u32 i, n = 0;

	item = cmap_index_items(denies->n, &room);
	if (!item)
		return -ENOMEM;
	for (i = 0; i < acl->n; i++) {
		if (acl->ace[i].action != CRYPTO_MAP_ACE_ACTION_DENY)
			continue;
		item[n++] = (struct cmap_index_item) {
			.match = cmap_cond_get(&acl->ace[i].cond, room++),
			.id = i,
			.cost = 1,
			.final = true,
		};
	}
	denies->index = cmap_index_create(item, n, acl->family, NULL);
	kvfree(item);
	return denies->index ? 0 : -ENOMEM;
}

int cmap_denies_make(struct cmap_acl *acl)
{
	struct cmap_denies *denies;
	u32 i, n = 0;

	if (acl->denies)
		return 0;
	for (i = 0; i < acl->n; i++)
		n += acl->ace[i].action == CRYPTO_MAP_ACE_ACTION_DENY;
	if (!n)
		return 0;

	denies = kzalloc(sizeof(*denies), GFP_KERNEL_ACCOUNT);
	if (!denies)
		return -ENOMEM;
	for (i = 0; i < acl->n && denies->n < CMAP_DENIES_SCAN; i++)
		if (acl->ace[i].action == CRYPTO_MAP_ACE_ACTION_DENY)
			denies->pos[denies->n++] = i;
	denies->n = n;
	if (n > CMAP_DENIES_SCAN && cmap_denies_index(acl, denies)) {
		cmap_denies_destroy(denies);
		return -ENOMEM;
	}
	acl->denies = denies;
	return 0;
}

/**
 * struct cmap_seen - access lists that went before
 * @rule: first rule of each, by hash of the list
 * @mask: room less one, which is a power of two
 */
struct cmap_seen {
	const struct cmap_rule	**rule;
	u32			mask;
};

/*
 * First rule of an entry that has the same access list as the entry of a rule, and
 * goes before it. NULL if there is none: then the rule is that one from now on.
 */
static const struct cmap_rule *cmap_seen_before(struct cmap_seen *seen,
						const struct cmap_rule *rule)
{
	u64 key = (unsigned long)rule->acl;
	u32 i = jhash_2words(key, key >> 32, 0) & seen->mask;

	for (; seen->rule[i]; i = (i + 1) & seen->mask)
		if (seen->rule[i]->acl == rule->acl)
			return seen->rule[i];
	seen->rule[i] = rule;
	return NULL;
}

/* The permits of one entry. Returns how many. */
static u32 cmap_classify_items(const struct cmap_rule *rules, u32 first,
			       struct cmap_index_item *item,
			       struct cmap_match *room)
{
	const struct cmap_denies *denies = rules[first].acl->denies;
	u32 i, n = 0, cost = 1;

	if (denies)
		cost += denies->index ? denies->index->stats.worst : denies->n;
	for (i = first; i < rules[first].next; i++) {
		const struct cmap_rule *rule = &rules[i];
		bool denied = denies && denies->pos[0] <
					rule->ace - rule->acl->ace;

		if (rule->ace->action != CRYPTO_MAP_ACE_ACTION_PERMIT)
			continue;
		item[n++] = (struct cmap_index_item) {
			.match = cmap_cond_get(&rule->ace->cond, room++),
			.id = i,
			.group = first,
			.cost = denied ? cost : 1,
			.final = !denied,
		};
	}
	return n;
}

int cmap_classify_index(const struct cmap_rule *rules, u32 n, u16 family,
			struct cmap_hides *hides, struct cmap_index **index)
{
	const struct cmap_rule *before;
	struct cmap_index_item *item;
	struct cmap_match *room;
	struct cmap_seen seen;
	u32 i, n_item = 0;
	int err = -ENOMEM;

	*index = NULL;
	seen.mask = roundup_pow_of_two(2 * n) - 1;
	seen.rule = kvcalloc(seen.mask + 1, sizeof(*seen.rule),
			     GFP_KERNEL_ACCOUNT);
	item = cmap_index_items(n, &room);
	if (!seen.rule || !item)
		goto out;
	for (i = 0; i < n; i = rules[i].next) {
		/* what the first entry with a list leaves, all others leave */
		before = cmap_seen_before(&seen, &rules[i]);
		if (!before)
			n_item += cmap_classify_items(rules, i, &item[n_item],
						      &room[n_item]);
		else if (hides)
			cmap_hides_note(hides, before - rules, i);
	}
	err = 0;
	if (n_item) {
		*index = cmap_index_create(item, n_item, family, hides);
		err = *index ? 0 : -ENOMEM;
	}
out:
	kvfree(seen.rule);
	kvfree(item);
	return err;
}
