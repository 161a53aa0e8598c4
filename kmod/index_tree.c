// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trees of an index: the conditions of a bucket are split by bits of addresses
 * and by ranges of ports until few are left, or none of the splits helps.
 */

#ifdef __KERNEL__
#include <linux/socket.h>
#else
#include <sys/socket.h>
#endif
#include <linux/bitops.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "hides.h"
#include "index.h"
#include "index_cell.h"
#include "index_tree.h"
#include "tuple.h"

/* Conditions that are not worth a node. */
#define CMAP_INDEX_LIST		8U
/* Conditions that a packet without ports is held against behind a veil. */
#define CMAP_INDEX_SHORT	16U
/* Cells that the tree of a bucket may take for each condition. */
#define CMAP_INDEX_CELLS	6
/* From here on conditions that look at few ports get trees of their own. */
#define CMAP_INDEX_SHAPES	32
/* Conditions that later ones are held against. */
#define CMAP_INDEX_COVERS	4

/**
 * struct cmap_split - a way to divide conditions
 * @kind: CMAP_CELL_BITS or CMAP_CELL_RANGE
 * @what: word or field
 * @n: bits or bounds
 * @pos: positions of bits
 * @bound: bounds, ascending
 * @size: conditions of each child
 * @worst: largest of @size
 * @sum: sum of @size: those that may be in several children count in each
 */
struct cmap_split {
	enum cmap_cell_kind	kind;
	u32			what;
	u32			n;
	u8			pos[CMAP_CELL_BITS_MAX];
	u16			bound[CMAP_CELL_FAN_MAX - 1];
	u32			size[CMAP_CELL_FAN_MAX];
	u32			worst;
	u32			sum;
};

void cmap_index_begin(struct cmap_index_build *b,
		      const struct cmap_index_item *item, u16 family,
		      struct cmap_hides *hides)
{
	b->item = item;
	b->family = family;
	b->hides = hides;
	memset(&b->cell, 0, sizeof(b->cell));
	memset(&b->ids, 0, sizeof(b->ids));
	memset(&b->costs, 0, sizeof(b->costs));
	b->longest = 0;
	b->n_job = 0;
}

static bool cmap_index_room(struct cmap_index_pool *pool, u32 n)
{
	u32 room = max(pool->n + n, 2 * pool->room);
	u32 *v;

	if (pool->n + n <= pool->room)
		return true;
	v = kvmalloc_array(room, sizeof(*v), GFP_KERNEL_ACCOUNT);
	if (!v)
		return false;
	if (pool->n)
		memcpy(v, pool->v, pool->n * sizeof(*v));
	kvfree(pool->v);
	pool->v = v;
	pool->room = room;
	return true;
}

bool cmap_index_take(struct cmap_index_pool *pool, u32 n, u32 *first)
{
	if (!cmap_index_room(pool, n))
		return false;
	*first = pool->n;
	pool->n += n;
	return true;
}

static u32 cmap_add_cost(u32 a, u32 b)
{
	return a > U32_MAX - b ? U32_MAX : a + b;
}

static void cmap_index_word_of(const struct cmap_match *m, u32 word, u32 *value,
			       u32 *mask)
{
	bool proto = m->proto != CMAP_PROTO_ANY;
	bool type = m->icmp_type != CMAP_ICMP_ANY;
	bool code = type && m->icmp_code != CMAP_ICMP_ANY;

	if (word >= CMAP_WORD_SMALL) {
		*value = cmap_cell_small(proto ? m->proto : 0,
					 type ? m->icmp_type : 0,
					 code ? m->icmp_code : 0);
		*mask = cmap_cell_small(proto ? 0xff : 0, type ? 0xff : 0,
					code ? 0xff : 0);
	} else if (word >= CMAP_WORD_DST) {
		*value = (__force u32)m->dst.ip6[word - CMAP_WORD_DST];
		*mask = (__force u32)m->dst_mask.ip6[word - CMAP_WORD_DST];
	} else {
		*value = (__force u32)m->src.ip6[word];
		*mask = (__force u32)m->src_mask.ip6[word];
	}
}

static const struct cmap_ports *cmap_index_ports(const struct cmap_match *m,
						 u32 field)
{
	return field == CMAP_FIELD_SPORT ? &m->sport : &m->dport;
}

/* How many operands of an eq or neq operator are from @low to @high. */
static u32 cmap_ports_within(const struct cmap_ports *p, u32 low, u32 high)
{
	u32 i, j, n = 0;

	for (i = 0; i < p->n; i++) {
		if (p->port[i] < low || p->port[i] > high)
			continue;
		for (j = 0; j < i && p->port[j] != p->port[i];)
			j++;
		n += j == i;
	}
	return n;
}

/* Whether some port from @low to @high fulfils a condition. */
static bool cmap_ports_meet(const struct cmap_ports *p, u32 low, u32 high)
{
	switch (p->op) {
	case CRYPTO_MAP_PORT_OP_EQ:
		return cmap_ports_within(p, low, high);
	case CRYPTO_MAP_PORT_OP_NEQ:
		return cmap_ports_within(p, low, high) <= high - low;
	case CRYPTO_MAP_PORT_OP_LT:
		return low < p->port[0];
	case CRYPTO_MAP_PORT_OP_GT:
		return high > p->port[0];
	case CRYPTO_MAP_PORT_OP_RANGE:
		return low <= p->port[1] && high >= p->port[0];
	}
	return true;
}

/* Whether all ports from @low to @high fulfil a condition. */
static bool cmap_ports_cover(const struct cmap_ports *p, u32 low, u32 high)
{
	switch (p->op) {
	case CRYPTO_MAP_PORT_OP_ANY:
		return true;
	case CRYPTO_MAP_PORT_OP_EQ:
		return cmap_ports_within(p, low, high) > high - low;
	case CRYPTO_MAP_PORT_OP_NEQ:
		return !cmap_ports_within(p, low, high);
	case CRYPTO_MAP_PORT_OP_LT:
		return high < p->port[0];
	case CRYPTO_MAP_PORT_OP_GT:
		return low > p->port[0];
	case CRYPTO_MAP_PORT_OP_RANGE:
		return low >= p->port[0] && high <= p->port[1];
	}
	return false;
}

/**
 * struct cmap_covers - conditions that leave nothing to some that follow them
 * @region: ports of the packets that matter
 * @all: conditions that not all ports fulfil are of interest, too
 * @hides: told what is left out, or NULL
 * @n: conditions
 * @n_whole: the first of them, which all ports of the region fulfil
 * @item: conditions
 * @match: conditions, without ports that make no difference in the region
 */
struct cmap_covers {
	struct cmap_index_region	region;
	bool				all;
	struct cmap_hides		*hides;
	u32				n;
	u32				n_whole;
	const struct cmap_index_item	*item[CMAP_INDEX_COVERS];
	struct cmap_match		match[CMAP_INDEX_COVERS];
};

/*
 * Whether all packets of the region that have the addresses and the protocol of
 * a condition match it. Where the region is less than everything, packets of
 * TCP and UDP show their ports: those that do not, remain before the veil.
 */
static bool cmap_covers_whole(const struct cmap_covers *c,
			      const struct cmap_match *m)
{
	u32 field;

	if (!cmap_match_needs_ports(m))
		return true;
	if (m->proto != IPPROTO_TCP && m->proto != IPPROTO_UDP)
		return false;
	for (field = 0; field < CMAP_FIELDS; field++)
		if (!cmap_ports_cover(cmap_index_ports(m, field),
				      c->region.low[field],
				      c->region.high[field]))
			return false;
	return true;
}

/*
 * Whether a condition need not be kept, being covered by one before it. If it
 * is to be kept and is a final one it may cover others from now on, in place of
 * one that covers less when there are enough of them.
 */
static bool cmap_covers_pass(struct cmap_covers *c,
			     const struct cmap_index_item *item)
{
	const struct cmap_match *m = item->match;
	struct cmap_match *cover;
	bool whole;
	u32 i;

	for (i = 0; i < c->n; i++) {
		if (!cmap_match_contains(&c->match[i], m))
			continue;
		if (c->hides && c->item[i]->group != item->group)
			cmap_hides_note(c->hides, c->item[i]->group,
					item->group);
		return true;
	}
	whole = item->final && cmap_covers_whole(c, m);
	if (whole && c->n_whole < CMAP_INDEX_COVERS) {
		if (c->n == c->n_whole)
			c->n++;
		c->item[c->n_whole] = item;
		cover = &c->match[c->n_whole++];
		*cover = *m;
		memset(&cover->sport, 0, sizeof(cover->sport));
		memset(&cover->dport, 0, sizeof(cover->dport));
	} else if (item->final && c->all && c->n < CMAP_INDEX_COVERS) {
		c->item[c->n] = item;
		c->match[c->n++] = *m;
	}
	return false;
}

static u32 cmap_split_fan(const struct cmap_split *s)
{
	return s->kind == CMAP_CELL_BITS ? 1U << s->n : s->n + 1;
}

static u32 cmap_split_cells(const struct cmap_split *s)
{
	return 1 + cmap_split_fan(s) + (s->kind == CMAP_CELL_BITS ?
					1 : cmap_cell_bounds_size(s->n));
}

/*
 * Whether a packet that goes to a child may match a condition. This and the
 * look-up of the child are the two halves of the invariant of all trees.
 */
static bool cmap_split_meets(const struct cmap_split *s, u32 child,
			     const struct cmap_match *m)
{
	u32 value, mask, low, high, k;

	if (s->kind == CMAP_CELL_RANGE) {
		low = child ? s->bound[child - 1] : 0;
		high = child < s->n ? s->bound[child] - 1 : U16_MAX;
		return cmap_ports_meet(cmap_index_ports(m, s->what), low, high);
	}
	cmap_index_word_of(m, s->what, &value, &mask);
	for (k = 0; k < s->n; k++)
		if (mask >> s->pos[k] & 1 &&
		    (value >> s->pos[k] & 1) != (child >> k & 1))
			return false;
	return true;
}

/* Begin to go through the conditions that a child may need. */
static void cmap_split_start(const struct cmap_split *s, u32 child,
			     const struct cmap_index_region *region,
			     struct cmap_covers *c)
{
	c->all = false;
	c->hides = NULL;
	c->n = 0;
	c->n_whole = 0;
	c->region = *region;
	if (s->kind != CMAP_CELL_RANGE)
		return;
	if (child)
		c->region.low[s->what] = max(c->region.low[s->what],
					     s->bound[child - 1]);
	if (child < s->n)
		c->region.high[s->what] = min_t(u32, c->region.high[s->what],
						s->bound[child] - 1);
}

/* Whether a child needs a condition. */
static bool cmap_split_needs(const struct cmap_split *s, u32 child,
			     const struct cmap_index_item *item,
			     struct cmap_covers *c)
{
	return cmap_split_meets(s, child, item->match) &&
	       (s->kind != CMAP_CELL_RANGE || !cmap_covers_pass(c, item));
}

/* Sizes of the children, of every @step-th condition. */
static void cmap_split_measure(const struct cmap_index_build *b,
			       struct cmap_split *s,
			       const struct cmap_index_region *region,
			       const u32 *id, u32 n, u32 step)
{
	struct cmap_covers c;
	u32 child, i;

	s->worst = 0;
	s->sum = 0;
	for (child = 0; child < cmap_split_fan(s); child++) {
		s->size[child] = 0;
		cmap_split_start(s, child, region, &c);
		for (i = 0; i < n; i += step)
			s->size[child] += cmap_split_needs(s, child,
							   &b->item[id[i]], &c);
		s->worst = max(s->worst, s->size[child]);
		s->sum += s->size[child];
	}
}

/*
 * The bits of a word that divide best, each by itself: those that the fewest
 * conditions have on one side or leave open.
 */
static bool cmap_split_by_bits(const struct cmap_index_build *b,
			       struct cmap_split *s, const u32 *id, u32 n,
			       u32 step, u32 word, u32 bits)
{
	u32 zeros[32] = {}, ones[32] = {};
	u32 value, mask, i, k, pos, total = 0;
	u32 low = 0, high = 0, best, worst;

	for (i = 0; i < n; i += step, total++) {
		cmap_index_word_of(b->item[id[i]].match, word, &value, &mask);
		low |= ~value & mask;
		high |= value & mask;
		for (pos = 0; pos < 32; pos++) {
			ones[pos] += (value & mask) >> pos & 1;
			zeros[pos] += (~value & mask) >> pos & 1;
		}
	}
	if (!(low & high))
		return false;

	s->kind = CMAP_CELL_BITS;
	s->what = word;
	s->n = 0;
	for (k = 0; k < bits; k++) {
		best = total;
		for (pos = 0; pos < 32; pos++) {
			if (!(low & high & 1U << pos))
				continue;
			/* the larger side, with those that are on both */
			worst = total - min(zeros[pos], ones[pos]);
			if (worst >= best)
				continue;
			best = worst;
			s->pos[k] = pos;
		}
		if (best == total)
			break;
		low &= ~(1U << s->pos[k]);
		s->n++;
	}
	return s->n;
}

static int cmap_bound_cmp(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* Where the answer to a condition changes, 4 places at most. */
static u32 cmap_ports_bounds(const struct cmap_ports *p, u32 *bound)
{
	u32 i, n = 0;

	switch (p->op) {
	case CRYPTO_MAP_PORT_OP_EQ:
	case CRYPTO_MAP_PORT_OP_NEQ:
		for (i = 0; i < p->n && i < 2; i++) {
			bound[n++] = p->port[i];
			bound[n++] = p->port[i] + 1U;
		}
		return n;
	case CRYPTO_MAP_PORT_OP_LT:
		bound[0] = p->port[0];
		return 1;
	case CRYPTO_MAP_PORT_OP_GT:
		bound[0] = p->port[0] + 1U;
		return 1;
	case CRYPTO_MAP_PORT_OP_RANGE:
		bound[0] = p->port[0];
		bound[1] = p->port[1] + 1U;
		return 2;
	}
	return 0;
}

/* Bounds that have equally many changes between them. */
static bool cmap_split_by_range(struct cmap_index_build *b, struct cmap_split *s,
				const u32 *id, u32 n, u32 step, u32 field,
				u32 bits)
{
	u32 i, at, bound, total = 0;

	for (i = 0; i < n; i += step)
		total += cmap_ports_bounds(cmap_index_ports(b->item[id[i]].match,
							    field),
					   &b->bound[total]);
	sort(b->bound, total, sizeof(b->bound[0]), cmap_bound_cmp, NULL);

	s->kind = CMAP_CELL_RANGE;
	s->what = field;
	s->n = 0;
	for (i = 1; i < 1U << bits; i++) {
		at = i * total >> bits;
		if (at == total)
			break;
		bound = b->bound[at];
		if (bound && bound <= U16_MAX &&
		    (!s->n || bound > s->bound[s->n - 1]))
			s->bound[s->n++] = bound;
	}
	return s->n;
}

/* Remember a split if it is the best one so far and not too large. */
static void cmap_split_consider(const struct cmap_index_build *b,
				const struct cmap_index_job *job, bool veiled,
				struct cmap_split *s, struct cmap_split *best,
				const u32 *id, u32 step)
{
	u32 sample = DIV_ROUND_UP(job->n, step);
	u64 cells;

	cmap_split_measure(b, s, &job->region, id, job->n, step);
	cells = cmap_split_cells(s) + (u64)s->sum * step;
	if (cells > job->room || s->worst > sample - sample / 4)
		return;
	/* before the veil only what divides well: more can be done behind it */
	if (!veiled && (s->worst > sample - sample / 2 ||
			s->sum > sample + sample / 4))
		return;
	if (!best->n || s->worst < best->worst ||
	    (s->worst == best->worst && s->sum < best->sum))
		*best = *s;
}

/*
 * Choose how to divide @n conditions into children of half of CMAP_INDEX_LIST,
 * or as many as a node can have. When many would be in several children, fewer
 * children are tried.
 */
static bool cmap_split_choose(struct cmap_index_build *b,
			      const struct cmap_index_job *job, bool veiled,
			      struct cmap_split *best)
{
	const u32 *id = &b->ids.v[b->ids.n - job->n];
	u32 n = job->n;
	u32 bits = min_t(u32, ilog2(n / (CMAP_INDEX_LIST / 2)),
			 CMAP_CELL_BITS_MAX);
	u32 step = DIV_ROUND_UP(n, CMAP_INDEX_SAMPLE), what;
	struct cmap_split s;

	best->n = 0;
	for (; bits && !best->n; bits /= 2) {
		for (what = 0; what < CMAP_WORDS; what++) {
			if ((what == CMAP_WORD_SMALL && !veiled) ||
			    (b->family == AF_INET && what != CMAP_WORD_SMALL &&
			     what % CMAP_WORD_DST))
				continue;
			if (cmap_split_by_bits(b, &s, id, n, step, what, bits))
				cmap_split_consider(b, job, veiled, &s, best,
						    id, step);
		}
		for (what = 0; veiled && what < CMAP_FIELDS; what++)
			if (cmap_split_by_range(b, &s, id, n, step, what, bits))
				cmap_split_consider(b, job, veiled, &s, best,
						    id, step);
	}
	if (!best->n)
		return false;
	/* the sample may have misled */
	cmap_split_measure(b, best, &job->region, id, n, 1);
	return best->worst <= n - n / 8 &&
	       cmap_split_cells(best) + best->sum <= job->room;
}

/* cmap_index_run() makes sure that there is room. */
static void cmap_index_push(struct cmap_index_build *b,
			    const struct cmap_index_job *job)
{
	b->job[b->n_job++] = *job;
}

/* The item numbers of its children, from @from on, take the place of a job's. */
static void cmap_index_replace(struct cmap_index_build *b,
			       const struct cmap_index_job *job, u32 from)
{
	memmove(&b->ids.v[from - job->n], &b->ids.v[from],
		(b->ids.n - from) * sizeof(u32));
	b->ids.n -= job->n;
}

/*
 * Write the node of a split and leave its children as jobs, with their item
 * numbers instead of those of the job.
 */
static bool cmap_index_split(struct cmap_index_build *b,
			     const struct cmap_index_job *job,
			     const struct cmap_split *s)
{
	u32 node, ref, child, i, k, from, fan = cmap_split_fan(s);
	u32 cells = cmap_split_cells(s), first = b->ids.n - job->n;
	struct cmap_covers c;

	if (!cmap_index_take(&b->cell, cells, &node) ||
	    !cmap_index_room(&b->ids, s->sum))
		return false;
	b->cell.v[job->at] = node;
	b->cell.v[node] = cmap_cell_head(s->kind, s->what, s->n);
	ref = node + cells - fan;
	memset(&b->cell.v[node + 1], 0, (cells - 1) * sizeof(u32));
	for (k = 0; k < s->n; k++) {
		if (s->kind == CMAP_CELL_BITS)
			b->cell.v[node + 1] |= s->pos[k] << 8 * k;
		else
			b->cell.v[node + 1 + k / 2] |= (u32)s->bound[k] << 16 * (k & 1);
	}

	from = b->ids.n;
	for (child = 0; child < fan; child++) {
		struct cmap_index_job part = {
			.at = ref + child,
			.n = s->size[child],
			.room = div_u64((u64)(job->room - cells) *
					s->size[child], s->sum),
			.cost = job->cost,
			.veiled = job->veiled,
		};

		if (!part.n)
			continue;
		cmap_split_start(s, child, &job->region, &c);
		c.hides = b->hides;
		part.region = c.region;
		for (i = first; i < first + job->n; i++)
			if (cmap_split_needs(s, child,
					     &b->item[b->ids.v[i]], &c))
				b->ids.v[b->ids.n++] = b->ids.v[i];
		cmap_index_push(b, &part);
	}
	cmap_index_replace(b, job, from);
	return true;
}

/* A list of the first @n conditions of a job can be what a packet costs. */
static void cmap_index_charge(struct cmap_index_build *b,
			      const struct cmap_index_job *job, u32 n)
{
	const u32 *id = &b->ids.v[b->ids.n - job->n];
	u32 i, cost = 0;

	for (i = 0; i < n; i++)
		cost = cmap_add_cost(cost, b->item[id[i]].cost);
	b->costs.v[job->cost] = max(b->costs.v[job->cost], cost);
}

static bool cmap_index_list(struct cmap_index_build *b,
			    const struct cmap_index_job *job)
{
	const u32 *id = &b->ids.v[b->ids.n - job->n];
	u32 node, i;

	cmap_index_charge(b, job, job->n);
	b->longest = max(b->longest, job->n);
	if (job->n == 1) {
		node = CMAP_CELL_ONE | b->item[id[0]].id;
	} else {
		if (!cmap_index_take(&b->cell, 1 + job->n, &node))
			return false;
		b->cell.v[node] = cmap_cell_head(CMAP_CELL_LIST, 0, job->n);
		for (i = 0; i < job->n; i++)
			b->cell.v[node + 1 + i] = b->item[id[i]].id;
	}
	b->cell.v[job->at] = node;
	b->ids.n -= job->n;
	return true;
}

/* Whether a condition leaves most ports open. */
static bool cmap_ports_wide(const struct cmap_ports *p)
{
	switch (p->op) {
	case CRYPTO_MAP_PORT_OP_EQ:
		return false;
	case CRYPTO_MAP_PORT_OP_LT:
		return p->port[0] > U16_MAX / 2;
	case CRYPTO_MAP_PORT_OP_GT:
		return p->port[0] < U16_MAX / 2;
	case CRYPTO_MAP_PORT_OP_RANGE:
		return p->port[1] - p->port[0] > U16_MAX / 2;
	}
	return true;
}

/*
 * Which tree behind a veil a condition goes to. One that leaves the source port
 * open would be in every child of a split by it, so such conditions are kept
 * from those that do not; likewise with destination port and ICMP type, which
 * go by themselves.
 */
static u32 cmap_index_shape(const struct cmap_match *m)
{
	if (m->icmp_type != CMAP_ICMP_ANY)
		return CMAP_CELL_ROOTS_MAX - 1;
	return !cmap_ports_wide(&m->sport) + 2 * !cmap_ports_wide(&m->dport);
}

/* Sizes of the trees behind a veil; those too small to matter go to the first. */
static u32 cmap_index_shapes(const struct cmap_index_build *b, const u32 *id,
			     u32 n, u32 size[CMAP_CELL_ROOTS_MAX],
			     u8 root[CMAP_CELL_ROOTS_MAX])
{
	u32 i, n_root = 0;

	memset(size, 0, CMAP_CELL_ROOTS_MAX * sizeof(*size));
	memset(root, 0, CMAP_CELL_ROOTS_MAX);
	size[0] = n;
	if (n <= CMAP_INDEX_SHAPES)
		return 1;
	size[0] = 0;
	for (i = 0; i < n; i++)
		size[cmap_index_shape(b->item[id[i]].match)]++;
	for (i = 0; i < CMAP_CELL_ROOTS_MAX; i++) {
		u32 members = size[i];

		size[i] = 0;
		root[i] = members > n / 8 ? n_root++ : 0;
		size[root[i]] += members;
	}
	return n_root;
}

/*
 * Write a veil for the conditions of a job and leave the trees behind it as
 * jobs.
 */
static bool cmap_index_veil(struct cmap_index_build *b,
			    const struct cmap_index_job *job, u32 n_root,
			    const u32 *size, const u8 *root)
{
	u32 n_short = min(job->n, CMAP_INDEX_SHORT), cells = 3 + n_root + n_short;
	u32 node, i, r, from, costs, first = b->ids.n - job->n;
	const struct cmap_index_item *item;

	if (!cmap_index_take(&b->cell, cells, &node) ||
	    !cmap_index_take(&b->costs, CMAP_CELL_ROOTS_MAX, &costs) ||
	    !cmap_index_room(&b->ids, job->n))
		return false;
	cmap_index_charge(b, job, n_short);
	memset(&b->costs.v[costs], 0, CMAP_CELL_ROOTS_MAX * sizeof(u32));
	b->cell.v[job->at] = node;
	b->cell.v[node] = cmap_cell_head(CMAP_CELL_VEIL, 0, n_root);
	b->cell.v[node + 1] = job->n > n_short ?
			      b->item[b->ids.v[first + n_short]].id :
			      CMAP_INDEX_ID_MAX;
	/* packets that hide something are undecided by what is cut off, unseen */
	for (i = 0; b->hides && job->n > n_short && i <= n_short; i++)
		__set_bit(b->item[b->ids.v[first + i]].group,
			  b->hides->vital);
	b->cell.v[node + 2] = n_short;
	for (i = 0; i < n_short; i++)
		b->cell.v[node + 3 + n_root + i] = b->item[b->ids.v[first + i]].id;

	from = b->ids.n;
	for (r = 0; r < n_root; r++) {
		struct cmap_index_job part = {
			.at = node + 3 + r,
			.n = size[r],
			.room = job->room > cells ?
				div_u64((u64)(job->room - cells) * size[r],
					job->n) : 0,
			.cost = costs + r,
			.region = job->region,
			.veiled = true,
		};

		b->cell.v[part.at] = 0;
		for (i = first; i < first + job->n; i++) {
			item = &b->item[b->ids.v[i]];
			if (n_root == 1 || root[cmap_index_shape(item->match)] == r)
				b->ids.v[b->ids.n++] = b->ids.v[i];
		}
		cmap_index_push(b, &part);
	}
	cmap_index_replace(b, job, from);
	return true;
}

static bool cmap_index_run(struct cmap_index_build *b,
			   const struct cmap_index_job *job)
{
	const u32 *id = &b->ids.v[b->ids.n - job->n];
	u32 size[CMAP_CELL_ROOTS_MAX], n_root;
	u8 root[CMAP_CELL_ROOTS_MAX];
	struct cmap_split s;

	if (job->n <= CMAP_INDEX_LIST ||
	    b->n_job > CMAP_INDEX_JOBS_MAX - CMAP_CELL_FAN_MAX)
		return cmap_index_list(b, job);
	cond_resched();
	if (cmap_split_choose(b, job, job->veiled, &s))
		return cmap_index_split(b, job, &s);
	if (job->veiled)
		return cmap_index_list(b, job);

	n_root = cmap_index_shapes(b, id, job->n, size, root);
	if (n_root == 1 && !cmap_split_choose(b, job, true, &s))
		return cmap_index_list(b, job);
	return cmap_index_veil(b, job, n_root, size, root);
}

/* Leave out conditions that a final one before them covers everywhere. */
static void cmap_index_prune(struct cmap_index_build *b,
			     const struct cmap_index_region *region)
{
	struct cmap_covers c;
	u32 i, n = 0;

	c.region = *region;
	c.all = true;
	c.hides = b->hides;
	c.n = 0;
	c.n_whole = 0;
	for (i = 0; i < b->ids.n; i++)
		if (!cmap_covers_pass(&c, &b->item[b->ids.v[i]]))
			b->ids.v[n++] = b->ids.v[i];
	b->ids.n = n;
}

bool cmap_index_tree(struct cmap_index_build *b, u32 at, u32 *worst)
{
	struct cmap_index_job job = { .at = at };
	u32 i, k, cost;

	if (b->ids.n > 1) {
		memset(job.region.high, 0xff, sizeof(job.region.high));
		cmap_index_prune(b, &job.region);
	}
	b->costs.n = 0;
	if (!cmap_index_take(&b->costs, 1, &job.cost))
		return false;
	b->costs.v[0] = 0;
	job.n = b->ids.n;
	job.room = CMAP_INDEX_CELLS * job.n;
	b->job[0] = job;
	b->n_job = 1;
	while (b->n_job) {
		job = b->job[--b->n_job];
		if (!cmap_index_run(b, &job))
			return false;
	}

	*worst = max(*worst, b->costs.v[0]);
	for (i = 1; i < b->costs.n; i += CMAP_CELL_ROOTS_MAX) {
		cost = 0;
		for (k = 0; k < CMAP_CELL_ROOTS_MAX; k++)
			cost = cmap_add_cost(cost, b->costs.v[i + k]);
		*worst = max(*worst, cost);
	}
	return true;
}
