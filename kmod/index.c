// SPDX-License-Identifier: GPL-2.0-only
/* Look-up of the conditions that may match a packet. */

#ifdef __KERNEL__
#include <linux/socket.h>
#else
#include <sys/socket.h>
#endif
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/types.h>

#include "index.h"
#include "index_cell.h"
#include "tuple.h"

u32 cmap_index_hash(const union cmap_addr *src, const union cmap_addr *src_mask,
		    const union cmap_addr *dst, const union cmap_addr *dst_mask,
		    u16 family, u32 seed)
{
	u32 key[8];
	int i;

	if (family == AF_INET)
		return jhash_2words((__force u32)(src->ip4 & src_mask->ip4),
				    (__force u32)(dst->ip4 & dst_mask->ip4),
				    seed);
	for (i = 0; i < 4; i++) {
		key[i] = (__force u32)(src->ip6[i] & src_mask->ip6[i]);
		key[4 + i] = (__force u32)(dst->ip6[i] & dst_mask->ip6[i]);
	}
	return jhash2(key, 8, seed);
}

/*
 * The reference in the slot of a packet, or 0. Only hashes are compared: a
 * bucket is all that have the same, and conditions are compared in full later.
 * There is an empty slot in each table, which ends the loop.
 */
static u32 cmap_index_bucket(const struct cmap_index *ix,
			     const struct cmap_index_table *table,
			     const struct cmap_tuple *t)
{
	const u32 *slot = &ix->cell[table->first];
	u32 hash, i;

	hash = cmap_index_hash(&t->src, &table->src_mask, &t->dst,
			       &table->dst_mask, ix->family, ix->seed);
	for (i = hash & table->mask;; i = (i + 1) & table->mask)
		if (!slot[2 * i + 1] || slot[2 * i] == hash)
			return slot[2 * i + 1];
}

static u32 cmap_index_word(const struct cmap_tuple *t, u32 word)
{
	if (word >= CMAP_WORD_SMALL)
		return cmap_cell_small(t->proto, t->icmp_type, t->icmp_code);
	if (word >= CMAP_WORD_DST)
		return (__force u32)t->dst.ip6[word - CMAP_WORD_DST];
	return (__force u32)t->src.ip6[word];
}

/* The reference of a BITS node for a packet. */
static u32 cmap_index_bits(const u32 *node, const struct cmap_tuple *t)
{
	u32 word = cmap_index_word(t, cmap_cell_what(node[0]));
	u32 k, i = 0;

	for (k = 0; k < cmap_cell_n(node[0]); k++)
		i |= (word >> cmap_cell_pos(node[1], k) & 1) << k;
	return node[2 + i];
}

/* The reference of a RANGE node for a packet. */
static u32 cmap_index_range(const u32 *node, const struct cmap_tuple *t)
{
	u16 port = cmap_cell_what(node[0]) == CMAP_FIELD_SPORT ? t->sport :
								 t->dport;
	u32 n = cmap_cell_n(node[0]), low = 0, high = n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (cmap_cell_bound(&node[1], mid) <= port)
			low = mid + 1;
		else
			high = mid;
	}
	return node[1 + cmap_cell_bounds_size(n) + low];
}

/* Behind a veil: the first tree, and the others later; or the ids before it. */
static u32 cmap_index_veil(struct cmap_index_walk *walk, const u32 *node)
{
	u32 n = cmap_cell_n(node[0]);

	if (walk->tuple->flags & (CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO)) {
		walk->cut = node[1];
		walk->n = node[2];
		walk->id = &node[3 + n];
		return 0;
	}
	walk->root = &node[4];
	walk->n_root = n - 1;
	return node[3];
}

/* Down a tree. Returns false if there is nothing for this packet. */
static bool cmap_index_descend(struct cmap_index_walk *walk, u32 ref)
{
	const u32 *node;

	walk->cut = CMAP_INDEX_ID_MAX;
	walk->n = 0;
	while (ref) {
		if (ref & CMAP_CELL_ONE) {
			walk->one = ref & ~CMAP_CELL_ONE;
			walk->id = &walk->one;
			walk->n = 1;
			break;
		}
		node = &walk->ix->cell[ref];
		switch (cmap_cell_kind(node[0])) {
		case CMAP_CELL_LIST:
			walk->id = &node[1];
			walk->n = cmap_cell_n(node[0]);
			return true;
		case CMAP_CELL_BITS:
			ref = cmap_index_bits(node, walk->tuple);
			break;
		case CMAP_CELL_RANGE:
			ref = cmap_index_range(node, walk->tuple);
			break;
		case CMAP_CELL_VEIL:
			ref = cmap_index_veil(walk, node);
			break;
		}
	}
	return walk->n;
}

void cmap_index_start(struct cmap_index_walk *walk, const struct cmap_index *ix,
		      const struct cmap_tuple *tuple)
{
	walk->ix = ix && ix->family == tuple->family ? ix : NULL;
	walk->tuple = tuple;
	walk->table = 0;
	walk->n_root = 0;
}

bool cmap_index_next(struct cmap_index_walk *walk, u32 limit)
{
	const struct cmap_index *ix = walk->ix;
	const struct cmap_index_table *table;

	if (!ix)
		return false;
	while (walk->n_root) {
		walk->n_root--;
		if (cmap_index_descend(walk, *walk->root++))
			return true;
	}
	while (walk->table < ix->n_table) {
		table = &ix->table[walk->table++];
		/* and so are all behind it */
		if (table->best >= limit)
			return false;
		if (cmap_index_descend(walk, cmap_index_bucket(ix, table,
							       walk->tuple)))
			return true;
	}
	return false;
}

void cmap_index_destroy(struct cmap_index *ix)
{
	if (!ix)
		return;
	kvfree(ix->cell);
	kvfree(ix);
}
