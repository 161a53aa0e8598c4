// SPDX-License-Identifier: GPL-2.0-only
/* Flows by identity. */

#include <linux/jhash.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cond.h"
#include "entry.h"
#include "flow.h"
#include "flow_table.h"
#include "net.h"

#define CMAP_FLOW_HEADS_MIN	16U

/**
 * struct cmap_flow_key - what flows are found by
 * @ifname: device of the attachment
 * @map: crypto map
 * @seq: sequence number of the entry
 * @kind: what it is made for: one of another kind is another one, even with an
 *	equal ACE
 * @match: condition of the ACE
 */
struct cmap_flow_key {
	const char		*ifname;
	const char		*map;
	u16			seq;
	enum cmap_flow_kind	kind;
	const struct cmap_match	*match;
};

static struct cmap_flow_key cmap_flow_key(const char *ifname,
					  enum cmap_flow_kind kind,
					  const struct cmap_entry *entry,
					  const struct cmap_match *match)
{
	return (struct cmap_flow_key) {
		.ifname = ifname,
		.map = entry->map,
		.seq = entry->seq,
		.kind = kind,
		.match = match,
	};
}

/* Commits replace entry and ACE by others that give the same key. */
static struct cmap_flow_key cmap_flow_key_of(const struct cmap_flow *flow,
					     struct cmap_match *room)
{
	const struct cmap_entry *entry =
		rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&flow->cn->lock));

	return cmap_flow_key(flow->ifname, flow->kind, entry,
			     cmap_flow_match(flow, room));
}

static u32 cmap_flow_key_hash(const struct cmap_flow_key *key)
{
	static u32 seed;
	u32 h;

	/* names and conditions are chosen by others */
	get_random_once(&seed, sizeof(seed));
	h = jhash(key->match, sizeof(*key->match), key->seq ^ seed);
	h = jhash(key->map, strlen(key->map), h);
	return jhash(key->ifname, strlen(key->ifname), h);
}

static bool cmap_flow_key_equal(const struct cmap_flow_key *a,
				const struct cmap_flow_key *b)
{
	return a->seq == b->seq && a->kind == b->kind &&
	       !strcmp(a->map, b->map) && !strcmp(a->ifname, b->ifname) &&
	       !memcmp(a->match, b->match, sizeof(*a->match));
}

static struct cmap_flow **cmap_flow_head(const struct cmap_flow_table *table,
					 const struct cmap_flow *flow)
{
	struct cmap_match room;
	const struct cmap_flow_key key = cmap_flow_key_of(flow, &room);

	return &table->head[cmap_flow_key_hash(&key) & (table->n_head - 1)];
}

struct cmap_flow *cmap_flow_find(struct cmap_net *cn, const char *ifname,
				 enum cmap_flow_kind kind,
				 const struct cmap_entry *entry,
				 const struct cmap_match *match)
{
	const struct cmap_flow_key want = cmap_flow_key(ifname, kind, entry,
							match);
	const struct cmap_flow_table *table = &cn->flow_table;
	struct cmap_flow *flow;

	lockdep_assert_held(&cn->lock);

	if (!table->head)
		return NULL;
	flow = table->head[cmap_flow_key_hash(&want) & (table->n_head - 1)];
	for (; flow; flow = flow->table_next) {
		struct cmap_match room;
		const struct cmap_flow_key key = cmap_flow_key_of(flow, &room);

		if (cmap_flow_key_equal(&key, &want))
			return flow;
	}
	return NULL;
}

/* Without memory the chains are longer, or the heads more, than they might be. */
static void cmap_flow_table_resize(struct cmap_flow_table *table, u32 n_head)
{
	struct cmap_flow_table old = *table;
	struct cmap_flow *flow, *next, **to;
	u32 i;

	table->head = kvcalloc(n_head, sizeof(*table->head),
			       GFP_KERNEL_ACCOUNT);
	if (!table->head) {
		table->head = old.head;
		return;
	}
	table->n_head = n_head;
	for (i = 0; i < old.n_head; i++) {
		for (flow = old.head[i]; flow; flow = next) {
			next = flow->table_next;
			to = cmap_flow_head(table, flow);
			flow->table_next = *to;
			*to = flow;
		}
		cond_resched();
	}
	kvfree(old.head);
}

int cmap_flow_table_add(struct cmap_flow *flow)
{
	struct cmap_flow_table *table = &flow->cn->flow_table;
	struct cmap_flow **head;

	lockdep_assert_held(&flow->cn->lock);

	/* also beyond that, if there was no memory before */
	if (table->n >= table->n_head)
		cmap_flow_table_resize(table, max(CMAP_FLOW_HEADS_MIN,
						  2 * table->n_head));
	if (!table->head)
		return -ENOMEM;
	head = cmap_flow_head(table, flow);
	flow->table_next = *head;
	*head = flow;
	table->n++;
	return 0;
}

void cmap_flow_table_del(struct cmap_flow *flow)
{
	struct cmap_flow_table *table = &flow->cn->flow_table;
	struct cmap_flow **at;

	lockdep_assert_held(&flow->cn->lock);

	for (at = cmap_flow_head(table, flow); *at != flow;)
		at = &(*at)->table_next;
	*at = flow->table_next;
	table->n--;
	if (!table->n) {
		kvfree(table->head);
		*table = (struct cmap_flow_table) {};
	} else if (table->n < table->n_head / 4) {
		cmap_flow_table_resize(table, table->n_head / 2);
	}
}
