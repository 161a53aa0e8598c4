// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building of an index: which hash tables there are, which conditions go where,
 * and the buckets.
 *
 * A table is known by how many leading bits of source and destination address
 * its hash is of. A condition may be in any table that takes no bits which the
 * condition does not compare.
 */

#ifdef __KERNEL__
#include <linux/socket.h>
#else
#include <sys/socket.h>
#endif
#include <asm/byteorder.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>

#include "index.h"
#include "index_cell.h"
#include "index_tree.h"
#include "tuple.h"

/* Tables at first, before some are merged. */
#define CMAP_PLAN_MAX		128U
/*
 * Conditions in one bucket that a merger may bring together, as many as remain a
 * list; of that many conditions one may be an exception.
 */
#define CMAP_PLAN_BUCKET	8
#define CMAP_PLAN_CROWDED	32
/* Partners that are tried for a table. */
#define CMAP_PLAN_TRIES		3
#define CMAP_PLAN_NONE		U8_MAX
/* Pairs of lengths that masks of IPv6 can have. */
#define CMAP_PLAN_PAIRS		(129 * 129)

/**
 * struct cmap_plan_table - a table to be
 * @src: leading bits of the source address
 * @dst: leading bits of the destination address
 * @n: conditions
 * @into: the table that it was merged into, or itself
 * @tag: tells its keys from those of others in the counts
 * @src_mask: @src as a mask
 * @dst_mask: @dst as a mask
 */
struct cmap_plan_table {
	u8		src;
	u8		dst;
	u32		n;
	u8		into;
	u32		tag;
	union cmap_addr	src_mask;
	union cmap_addr	dst_mask;
};

/**
 * struct cmap_plan - which tables there will be
 * @item: conditions
 * @n: number of conditions
 * @family: AF_INET or AF_INET6
 * @seed: of the hash
 * @n_table: tables in @table, those merged into others included
 * @n_live: tables that are left
 * @table: tables
 * @of: first table of each condition; follow @into
 * @order: conditions by their first table
 * @first: where in @order those of a table begin
 * @count: conditions by hash of their key under the masks of a table
 * @mask: number of counts less one
 * @tags: tags that were given away
 * @budget: conditions that may still be tried elsewhere
 */
struct cmap_plan {
	const struct cmap_index_item	*item;
	u32				n;
	u16				family;
	u32				seed;
	u32				n_table;
	u32				n_live;
	struct cmap_plan_table		table[CMAP_PLAN_MAX];
	u8				*of;
	u32				*order;
	u32				first[CMAP_PLAN_MAX + 1];
	u16				*count;
	u32				mask;
	u32				tags;
	u64				budget;
};

struct cmap_index_item *cmap_index_items(u32 n, struct cmap_match **room)
{
	struct cmap_index_item *item;

	item = kvmalloc_array(n, sizeof(*item) + sizeof(**room),
			      GFP_KERNEL_ACCOUNT);
	if (item)
		*room = (struct cmap_match *)&item[n];
	return item;
}

/* One bits at the beginning of a mask. */
static u32 cmap_mask_lead(const union cmap_addr *mask, u16 family)
{
	u32 words = family == AF_INET ? 1 : 4, i, lead = 0, part;

	for (i = 0; i < words; i++) {
		part = 32 - fls(~__be32_to_cpu(mask->ip6[i]));
		lead += part;
		if (part < 32)
			break;
	}
	return lead;
}

static void cmap_mask_make(union cmap_addr *mask, u32 lead)
{
	u32 i, part;

	for (i = 0; i < 4; i++) {
		part = min(lead, 32U);
		mask->ip6[i] = __cpu_to_be32(part ? U32_MAX << (32 - part) : 0);
		lead -= part;
	}
}

static void cmap_plan_set(struct cmap_plan *p, struct cmap_plan_table *t,
			  u32 src, u32 dst)
{
	t->src = src;
	t->dst = dst;
	t->tag = p->tags++;
	cmap_mask_make(&t->src_mask, src);
	cmap_mask_make(&t->dst_mask, dst);
}

static u32 cmap_plan_live(const struct cmap_plan *p, u32 i)
{
	while (p->table[i].into != i)
		i = p->table[i].into;
	return i;
}

/*
 * A table for each pair of mask lengths, rounded down to multiples of @step.
 * Returns false if these are too many.
 */
static bool cmap_plan_group(struct cmap_plan *p, u8 *map, u32 step)
{
	u32 width = p->family == AF_INET ? 33 : 129, i, src, dst;
	u8 *at;

	memset(map, CMAP_PLAN_NONE, width * width);
	p->n_table = 0;
	for (i = 0; i < p->n; i++) {
		const struct cmap_match *m = p->item[i].match;

		src = rounddown(cmap_mask_lead(&m->src_mask, p->family), step);
		dst = rounddown(cmap_mask_lead(&m->dst_mask, p->family), step);
		at = &map[src * width + dst];
		if (*at == CMAP_PLAN_NONE) {
			if (p->n_table == CMAP_PLAN_MAX)
				return false;
			*at = p->n_table++;
			p->table[*at].n = 0;
			p->table[*at].into = *at;
			cmap_plan_set(p, &p->table[*at], src, dst);
		}
		p->of[i] = *at;
		p->table[*at].n++;
	}
	return true;
}

static u16 *cmap_plan_count(struct cmap_plan *p, u32 item,
			    const struct cmap_plan_table *t)
{
	const struct cmap_match *m = p->item[item].match;
	u32 hash = cmap_index_hash(&m->src, &t->src_mask, &m->dst, &t->dst_mask,
				   p->family, p->seed + t->tag);

	return &p->count[hash & p->mask];
}

/*
 * Count the conditions of table @from under the masks of @to. Returns how many
 * of them would be in crowded buckets. Called again with @back to take it back.
 */
static u32 cmap_plan_try(struct cmap_plan *p, u32 from,
			 const struct cmap_plan_table *to, bool back)
{
	u32 t, i, crowded = 0;
	u16 *count;

	for (t = 0; t < p->n_table; t++) {
		if (cmap_plan_live(p, t) != from)
			continue;
		for (i = p->first[t]; i < p->first[t + 1]; i++) {
			count = cmap_plan_count(p, p->order[i], to);
			if (back)
				*count -= !!*count;
			else if (*count < U16_MAX)
				++*count;
			crowded += *count > CMAP_PLAN_BUCKET;
		}
		cond_resched();
	}
	p->budget -= min_t(u64, p->budget, p->table[from].n);
	return crowded;
}

static void cmap_plan_merge(struct cmap_plan *p, u32 from, u32 into)
{
	p->table[into].n += p->table[from].n;
	p->table[from].into = into;
	p->n_live--;
}

/* The bits that two tables have in common. */
static u32 cmap_plan_meet(const struct cmap_plan_table *a,
			  const struct cmap_plan_table *b, u32 *src, u32 *dst)
{
	*src = min(a->src, b->src);
	*dst = min(a->dst, b->dst);
	return *src + *dst;
}

/* Merge a table with another one if their buckets remain small. */
static bool cmap_plan_try_merge(struct cmap_plan *p, u32 a, u32 b)
{
	struct cmap_plan_table *into = &p->table[b], joint = *into;
	u32 src, dst, n = p->table[a].n, crowded = 0;

	cmap_plan_meet(&p->table[a], into, &src, &dst);
	if (src != into->src || dst != into->dst) {
		n += into->n;
		if (n > p->budget)
			return false;
		cmap_plan_set(p, &joint, src, dst);
		crowded = cmap_plan_try(p, b, &joint, false);
	}
	crowded += cmap_plan_try(p, a, &joint, false);
	if (crowded <= n / CMAP_PLAN_CROWDED) {
		*into = joint;
		cmap_plan_merge(p, a, b);
		return true;
	}
	cmap_plan_try(p, a, &joint, true);
	if (joint.tag != into->tag)
		cmap_plan_try(p, b, &joint, true);
	return false;
}

/*
 * The live table that keeps the most bits of @a, rather one that has to give up
 * none itself; not one of those in @tried.
 */
static u32 cmap_plan_partner(const struct cmap_plan *p, u32 a, const u32 *tried,
			     u32 n_tried)
{
	u32 b, k, score, src, dst, best = a, best_score = 0;

	for (b = 0; b < p->n_table; b++) {
		const struct cmap_plan_table *t = &p->table[b];

		if (b == a || t->into != b)
			continue;
		for (k = 0; k < n_tried; k++)
			if (tried[k] == b)
				break;
		score = 1 + cmap_plan_meet(&p->table[a], t, &src, &dst);
		if (src == t->src && dst == t->dst)
			score += 256;
		if (k < n_tried || score <= best_score)
			continue;
		best = b;
		best_score = score;
	}
	return best;
}

/*
 * Each table that need not be spares each packet a look into memory. The
 * smallest ones go first: it costs least to try them elsewhere.
 */
static void cmap_plan_merge_all(struct cmap_plan *p)
{
	u32 tried[CMAP_PLAN_TRIES], order[CMAP_PLAN_MAX], a, b, i, k;

	for (i = 0; i < p->n_table; i++) {
		for (k = i; k && p->table[order[k - 1]].n > p->table[i].n; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	for (i = 0; i < p->n_table; i++) {
		a = order[i];
		for (k = 0; k < CMAP_PLAN_TRIES; k++) {
			if (p->table[a].n > p->budget)
				break;
			b = cmap_plan_partner(p, a, tried, k);
			if (b == a || cmap_plan_try_merge(p, a, b))
				break;
			tried[k] = b;
		}
	}
}

/* The two tables that lose the fewest bits, each condition counting. */
static void cmap_plan_force(struct cmap_plan *p)
{
	u32 a, b, src, dst, bits, best_a = 0, best_b = 0;
	u64 loss, best = U64_MAX;

	for (a = 0; a < p->n_table; a++) {
		const struct cmap_plan_table *ta = &p->table[a];

		for (b = a + 1; b < p->n_table && ta->into == a; b++) {
			const struct cmap_plan_table *tb = &p->table[b];

			if (tb->into != b)
				continue;
			bits = cmap_plan_meet(ta, tb, &src, &dst);
			loss = (u64)ta->n * (ta->src + ta->dst - bits) +
			       (u64)tb->n * (tb->src + tb->dst - bits);
			if (loss >= best)
				continue;
			best = loss;
			best_a = a;
			best_b = b;
		}
	}
	cmap_plan_meet(&p->table[best_a], &p->table[best_b], &src, &dst);
	cmap_plan_set(p, &p->table[best_b], src, dst);
	cmap_plan_merge(p, best_a, best_b);
}

/* Sort the conditions by table, within one as they are. */
static void cmap_plan_sort(const u8 *of, u32 n, u32 n_table, u32 *first,
			   u32 *order)
{
	u32 i, t;

	memset(first, 0, (n_table + 1) * sizeof(*first));
	for (i = 0; i < n; i++)
		first[of[i] + 1]++;
	for (t = 0; t < n_table; t++)
		first[t + 1] += first[t];
	for (i = 0; i < n; i++)
		order[first[of[i]]++] = i;
	/* each has become the next one's */
	for (t = n_table; t > 0; t--)
		first[t] = first[t - 1];
	first[0] = 0;
}

/* From conditions to tables, with @of and @order by the tables that are left. */
static void cmap_plan_run(struct cmap_plan *p, u8 *map)
{
	u32 i, step = 1;

	while (!cmap_plan_group(p, map, step))
		step *= 2;
	cmap_plan_sort(p->of, p->n, p->n_table, p->first, p->order);
	p->n_live = p->n_table;
	p->budget = 4096 + 8 * (u64)p->n;
	if (p->n_table > 1) {
		for (i = 0; i < p->n_table; i++)
			cmap_plan_try(p, i, &p->table[i], false);
		cmap_plan_merge_all(p);
	}
	while (p->n_live > CMAP_INDEX_TABLES_MAX)
		cmap_plan_force(p);
	for (i = 0; i < p->n; i++)
		p->of[i] = cmap_plan_live(p, p->of[i]);
	cmap_plan_sort(p->of, p->n, p->n_table, p->first, p->order);
}

static void cmap_plan_destroy(struct cmap_plan *p)
{
	if (!p)
		return;
	kvfree(p->of);
	kvfree(p->order);
	kvfree(p->count);
	kvfree(p);
}

static struct cmap_plan *cmap_plan_create(const struct cmap_index_item *item,
					  u32 n, u16 family)
{
	u32 counts = roundup_pow_of_two(4 * n);
	struct cmap_plan *p;
	u8 *map;

	p = kvzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return NULL;
	p->item = item;
	p->n = n;
	p->family = family;
	p->seed = get_random_u32();
	p->mask = counts - 1;
	p->of = kvmalloc(n, GFP_KERNEL_ACCOUNT);
	p->order = kvmalloc_array(n, sizeof(*p->order), GFP_KERNEL_ACCOUNT);
	p->count = kvcalloc(counts, sizeof(*p->count), GFP_KERNEL_ACCOUNT);
	map = kvmalloc(CMAP_PLAN_PAIRS, GFP_KERNEL_ACCOUNT);
	if (!p->of || !p->order || !p->count || !map) {
		kvfree(map);
		cmap_plan_destroy(p);
		return NULL;
	}
	cmap_plan_run(p, map);
	kvfree(map);
	return p;
}

/**
 * struct cmap_index_bucket - conditions of one table with the same hash
 * @hash: their hash
 * @n: how many
 * @first: the first one; the others follow by the links
 */
struct cmap_index_bucket {
	u32	hash;
	u32	n;
	u32	first;
};

/**
 * struct cmap_index_buckets - buckets of one table
 * @bucket: buckets; one with @n of 0 is empty
 * @mask: their number less one, which is a power of two
 * @n: buckets that are not empty
 * @next: links between conditions
 */
struct cmap_index_buckets {
	struct cmap_index_bucket	*bucket;
	u32				mask;
	u32				n;
	u32				*next;
};

/* From the last condition to the first, so that each list is in their order. */
static void cmap_index_hash_all(struct cmap_index_buckets *bs,
				const struct cmap_plan *p, u32 t)
{
	const struct cmap_plan_table *table = &p->table[t];
	u32 n = p->first[t + 1] - p->first[t], i, at, hash;

	bs->mask = roundup_pow_of_two(2 * n) - 1;
	bs->n = 0;
	memset(bs->bucket, 0, (bs->mask + 1) * sizeof(*bs->bucket));
	for (i = p->first[t + 1]; i-- > p->first[t];) {
		const struct cmap_match *m = p->item[p->order[i]].match;
		struct cmap_index_bucket *bucket;

		hash = cmap_index_hash(&m->src, &table->src_mask, &m->dst,
				       &table->dst_mask, p->family, p->seed);
		at = hash & bs->mask;
		while (bs->bucket[at].n && bs->bucket[at].hash != hash)
			at = (at + 1) & bs->mask;
		bucket = &bs->bucket[at];
		bs->n += !bucket->n;
		bs->next[p->order[i]] = bucket->first;
		bucket->first = p->order[i];
		bucket->hash = hash;
		bucket->n++;
	}
}

/* Slots are at most two thirds full. */
static bool cmap_index_slots(struct cmap_index_build *b,
			     const struct cmap_index_buckets *bs,
			     struct cmap_index_table *table, u32 *worst)
{
	const struct cmap_index_bucket *bucket;
	u32 i, k, at, item;

	table->mask = roundup_pow_of_two(bs->n + bs->n / 2 + 1) - 1;
	if (!cmap_index_take(&b->cell, 2 * (table->mask + 1), &table->first))
		return false;
	memset(&b->cell.v[table->first], 0,
	       2 * (table->mask + 1) * sizeof(u32));
	for (i = 0; i <= bs->mask; i++) {
		bucket = &bs->bucket[i];
		if (!bucket->n)
			continue;
		at = bucket->hash & table->mask;
		while (b->cell.v[table->first + 2 * at + 1])
			at = (at + 1) & table->mask;
		at = table->first + 2 * at;
		b->cell.v[at] = bucket->hash;

		if (!cmap_index_take(&b->ids, bucket->n, &item))
			return false;
		item = bucket->first;
		for (k = 0; k < bucket->n; k++) {
			b->ids.v[k] = item;
			item = bs->next[item];
		}
		if (!cmap_index_tree(b, at + 1, worst))
			return false;
	}
	return true;
}

static int cmap_index_table_cmp(const void *a, const void *b)
{
	const struct cmap_index_table *x = a, *y = b;

	return x->best < y->best ? -1 : x->best > y->best;
}

static bool cmap_index_tables(struct cmap_index *ix, const struct cmap_plan *p,
			      struct cmap_index_build *b,
			      struct cmap_index_buckets *bs)
{
	u32 t, worst;

	for (t = 0; t < p->n_table; t++) {
		struct cmap_index_table *table = &ix->table[ix->n_table];

		if (p->first[t] == p->first[t + 1])
			continue;
		table->src_mask = p->table[t].src_mask;
		table->dst_mask = p->table[t].dst_mask;
		table->best = p->item[p->order[p->first[t]]].id;
		cmap_index_hash_all(bs, p, t);
		worst = 0;
		if (!cmap_index_slots(b, bs, table, &worst))
			return false;
		ix->stats.worst = min_t(u64, (u64)ix->stats.worst + worst,
					U32_MAX);
		ix->n_table++;
		cond_resched();
	}
	sort(ix->table, ix->n_table, sizeof(ix->table[0]), cmap_index_table_cmp,
	     NULL);
	return true;
}

/* Cells in an array of just their size. */
static bool cmap_index_finish(struct cmap_index *ix,
			      const struct cmap_index_build *b)
{
	ix->cell = kvmalloc_array(b->cell.n, sizeof(*ix->cell),
				  GFP_KERNEL_ACCOUNT);
	if (!ix->cell)
		return false;
	memcpy(ix->cell, b->cell.v, b->cell.n * sizeof(*ix->cell));
	ix->stats.tables = ix->n_table;
	ix->stats.longest = b->longest;
	ix->stats.bytes = struct_size(ix, table, ix->n_table) +
			  b->cell.n * sizeof(*ix->cell);
	return true;
}

static struct cmap_index *cmap_index_of_plan(const struct cmap_plan *p,
					     struct cmap_hides *hides)
{
	u32 n_bucket = roundup_pow_of_two(2 * p->n);
	struct cmap_index_buckets bs = {};
	struct cmap_index_build *b;
	struct cmap_index *ix;
	bool good = false;

	ix = kvzalloc(struct_size(ix, table, p->n_live), GFP_KERNEL_ACCOUNT);
	b = kvmalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);
	bs.bucket = kvmalloc_array(n_bucket, sizeof(*bs.bucket),
				   GFP_KERNEL_ACCOUNT);
	bs.next = kvmalloc_array(p->n, sizeof(*bs.next), GFP_KERNEL_ACCOUNT);
	if (b)
		cmap_index_begin(b, p->item, p->family, hides);
	if (ix && b && bs.bucket && bs.next) {
		ix->family = p->family;
		ix->seed = p->seed;
		ix->stats.n = p->n;
		good = cmap_index_tables(ix, p, b, &bs) &&
		       cmap_index_finish(ix, b);
	}
	if (b) {
		kvfree(b->cell.v);
		kvfree(b->ids.v);
		kvfree(b->costs.v);
	}
	kvfree(b);
	kvfree(bs.bucket);
	kvfree(bs.next);
	if (good)
		return ix;
	cmap_index_destroy(ix);
	return NULL;
}

struct cmap_index *cmap_index_create(const struct cmap_index_item *item, u32 n,
				     u16 family, struct cmap_hides *hides)
{
	struct cmap_plan *p = cmap_plan_create(item, n, family);
	struct cmap_index *ix = p ? cmap_index_of_plan(p, hides) : NULL;

	cmap_plan_destroy(p);
	return ix;
}
