// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a look-up costs, with kmod/classify.c and with other ways that were
 * considered, and what the index takes to build and to keep. Prints the table of
 * docs/classifier.md. `bench_classify SHAPE` measures one shape only.
 */

#include <time.h>

/* with its inner functions, which the other ways use, too */
#include "classify.c"
#include "classify_sets.h"

#define PACKETS	4096

static struct set s;
static struct cmap_tuple packet[PACKETS];

static u64 now(void)
{
	struct timespec ts;

	/* others use this machine, too */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/*
 * Tuple space: a hash table for each pair of masks, buckets that are lists.
 */

struct space_table {
	union cmap_addr src_mask, dst_mask;
	u32 best;
	u32 mask;
	struct space_slot {
		u32 hash;
		u32 n;
		u32 *id;
	} *slot;
};

static struct {
	u32 n_table;
	struct space_table *table;
	size_t bytes;
} space;

static u32 space_hash(const struct space_table *t, const union cmap_addr *src,
		      const union cmap_addr *dst)
{
	u32 key[8], i;

	if (s.family == AF_INET)
		return jhash_2words(src->ip4 & t->src_mask.ip4,
				    dst->ip4 & t->dst_mask.ip4, 0);
	for (i = 0; i < 4; i++) {
		key[i] = src->ip6[i] & t->src_mask.ip6[i];
		key[4 + i] = dst->ip6[i] & t->dst_mask.ip6[i];
	}
	return jhash2(key, 8, 0);
}

static struct space_slot *space_slot(const struct space_table *t, u32 hash)
{
	u32 i = hash & t->mask;

	while (t->slot[i].n && t->slot[i].hash != hash)
		i = (i + 1) & t->mask;
	return &t->slot[i];
}

/* The condition of a rule in full; each of two at a time has a place of its own. */
static const struct cmap_match *match_of(u32 rule, u32 place)
{
	static struct cmap_match room[2];

	return cmap_cond_get(&s.rule[rule].ace->cond, &room[place]);
}

static int by_masks(const void *a, const void *b)
{
	const struct cmap_match *x = match_of(*(const u32 *)a, 0);
	const struct cmap_match *y = match_of(*(const u32 *)b, 1);
	int cmp = memcmp(&x->src_mask, &y->src_mask, sizeof(x->src_mask));

	if (!cmp)
		cmp = memcmp(&x->dst_mask, &y->dst_mask, sizeof(x->dst_mask));
	if (!cmp)
		cmp = *(const u32 *)a < *(const u32 *)b ? -1 : 1;
	return cmp;
}

static int by_best(const void *a, const void *b)
{
	const struct space_table *x = a, *y = b;

	return x->best < y->best ? -1 : 1;
}

static bool space_build(void)
{
	u32 *order = malloc(s.n_rule * sizeof(*order)), n = 0, i, k;

	for (i = 0; i < s.n_rule; i++)
		if (s.rule[i].flow)
			order[n++] = i;
	qsort(order, n, sizeof(*order), by_masks);
	space.n_table = 0;
	space.bytes = 0;
	space.table = calloc(n, sizeof(*space.table));
	for (i = 0; i < n; i = k) {
		struct space_table *t = &space.table[space.n_table++];
		const struct cmap_match *m = match_of(order[i], 0);

		t->src_mask = m->src_mask;
		t->dst_mask = m->dst_mask;
		t->best = order[i];
		for (k = i; k < n; k++) {
			const struct cmap_match *o = match_of(order[k], 1);

			if (memcmp(&o->src_mask, &m->src_mask,
				   sizeof(m->src_mask)) ||
			    memcmp(&o->dst_mask, &m->dst_mask,
				   sizeof(m->dst_mask)))
				break;
		}
		t->mask = roundup_pow_of_two(2 * (k - i)) - 1;
		t->slot = calloc(t->mask + 1, sizeof(*t->slot));
		space.bytes += sizeof(*t) + (t->mask + 1) * sizeof(*t->slot) +
			       (k - i) * sizeof(u32);
		for (u32 j = i; j < k; j++) {
			const struct cmap_match *o = match_of(order[j], 1);
			u32 hash = space_hash(t, &o->src, &o->dst);
			struct space_slot *slot = space_slot(t, hash);

			if (!(slot->n & (slot->n - 1)))
				slot->id = realloc(slot->id,
						   (2 * slot->n ?: 1) * sizeof(u32));
			slot->hash = hash;
			slot->id[slot->n++] = order[j];
		}
	}
	qsort(space.table, space.n_table, sizeof(*space.table), by_best);
	free(order);
	return true;
}

static void space_free(void)
{
	u32 i, k;

	for (i = 0; i < space.n_table; i++) {
		for (k = 0; k <= space.table[i].mask; k++)
			free(space.table[i].slot[k].id);
		free(space.table[i].slot);
	}
	free(space.table);
}

static enum cmap_class space_classify(const struct cmap_tuple *t,
				      const struct cmap_rule **found)
{
	struct cmap_verdict best = { CMAP_INDEX_ID_MAX, CMAP_CLASS_CLEAR };
	u32 i;

	for (i = 0; i < space.n_table; i++) {
		const struct space_table *table = &space.table[i];
		const struct space_slot *slot;

		if (table->best >= best.at)
			break;
		slot = space_slot(table, space_hash(table, &t->src, &t->dst));
		cmap_classify_list(s.rule, NULL, slot->id, slot->n, t, &best);
	}
	*found = best.class == CMAP_CLASS_PROTECT ? &s.rule[best.at] : NULL;
	return best.class;
}

/*
 * Bit vectors, as pipapo has them: for each value of each 4 bits of the
 * addresses, which rules match it. IPv4 only.
 */

#define VECTORS	16

static struct {
	u32 words;
	u32 *id;
	u64 *bits[VECTORS][16];
	size_t bytes;
} vectors;

static u32 nibble(const union cmap_addr *src, const union cmap_addr *dst, u32 v)
{
	return ntohl(v < 8 ? src->ip4 : dst->ip4) >> 4 * (v % 8) & 15;
}

static bool vectors_build(void)
{
	u32 n = 0, i, v, x;

	if (s.family != AF_INET)
		return false;
	vectors.id = calloc(s.n_rule + 64, sizeof(u32));
	for (i = 0; i < s.n_rule; i++)
		if (s.rule[i].flow)
			vectors.id[n++] = i;
	vectors.words = DIV_ROUND_UP(n, 64);
	vectors.bytes = n * sizeof(u32) + VECTORS * 16 * 8UL * vectors.words;
	for (v = 0; v < VECTORS; v++) {
		for (x = 0; x < 16; x++) {
			vectors.bits[v][x] = calloc(vectors.words + 1, 8);
			for (i = 0; i < n; i++) {
				const struct cmap_match *m =
					match_of(vectors.id[i], 0);
				u32 mask = nibble(&m->src_mask, &m->dst_mask, v);

				if ((x & mask) == nibble(&m->src, &m->dst, v))
					vectors.bits[v][x][i / 64] |=
						1ULL << i % 64;
			}
		}
	}
	return true;
}

static void vectors_free(void)
{
	u32 v, x;

	for (v = 0; v < VECTORS; v++)
		for (x = 0; x < 16; x++)
			free(vectors.bits[v][x]);
	free(vectors.id);
}

static enum cmap_class vectors_classify(const struct cmap_tuple *t,
					const struct cmap_rule **found)
{
	struct cmap_verdict best = { CMAP_INDEX_ID_MAX, CMAP_CLASS_CLEAR };
	const u64 *row[VECTORS];
	u32 w, v;
	u64 bits;

	for (v = 0; v < VECTORS; v++)
		row[v] = vectors.bits[v][nibble(&t->src, &t->dst, v)];
	for (w = 0; w < vectors.words; w++) {
		bits = row[0][w];
		for (v = 1; v < VECTORS && bits; v++)
			bits &= row[v][w];
		for (; bits; bits &= bits - 1) {
			cmap_classify_list(s.rule, NULL,
					   &vectors.id[64 * w +
						       __builtin_ctzll(bits)],
					   1, t, &best);
			if (best.at != CMAP_INDEX_ID_MAX)
				goto out;
		}
	}
out:
	*found = best.class == CMAP_CLASS_PROTECT ? &s.rule[best.at] : NULL;
	return best.class;
}

static enum cmap_class scan_classify(const struct cmap_tuple *t,
				     const struct cmap_rule **found)
{
	return linear_classify(s.rule, s.n_rule, t, found);
}

static enum cmap_class index_classify(const struct cmap_tuple *t,
				      const struct cmap_rule **found)
{
	return set_classify(&s, t, found);
}

static bool nothing_build(void)
{
	return true;
}

static void nothing_free(void)
{
}

static const struct way {
	const char *name;
	bool (*build)(void);
	void (*free)(void);
	enum cmap_class (*classify)(const struct cmap_tuple *t,
				    const struct cmap_rule **found);
} ways[] = {
	{ "linear", nothing_build, nothing_free, scan_classify },
	{ "tuple space", space_build, space_free, space_classify },
	{ "bit vectors", vectors_build, vectors_free, vectors_classify },
	{ "index", nothing_build, nothing_free, index_classify },
};

/* Nanoseconds for one of @n packets, the least of several times. */
static double measure(const struct way *way, const struct cmap_tuple *t, u32 n)
{
	const struct cmap_rule *found;
	double least = 1e12, each;
	u32 i, times, done;
	u64 start, end;

	for (times = 0; times < 7; times++) {
		done = 0;
		start = now();
		do {
			for (i = 0; i < 64; i++, done++)
				way->classify(&t[done % n], &found);
			end = now();
		} while (end - start < 5000000);
		each = (double)(end - start) / done;
		least = each < least ? each : least;
	}
	return least;
}

/* How much dearer the packets of the last rule are than those of the first. */
static double last_to_first(void)
{
	const struct way *index = &ways[ARRAY_SIZE(ways) - 1];
	const struct cmap_match *m;
	struct cmap_tuple t[2];
	u32 i;

	for (i = 0; i < 2; i++) {
		m = match_of(i ? s.n_rule - 1 : 0, 0);
		t[i] = (struct cmap_tuple) {
			.family = s.family,
			.src = m->src,
			.dst = m->dst,
			.proto = m->proto == CMAP_PROTO_ANY ? IPPROTO_TCP :
							     m->proto,
			.sport = m->sport.port[0],
			.dport = m->dport.port[0],
			.flags = CMAP_TUPLE_PORTS,
		};
	}
	return measure(index, &t[1], 1) / measure(index, &t[0], 1);
}

static void draw(void)
{
	u32 i;

	for (i = 0; i < PACKETS; i++) {
		do {
			set_tuple(&s, &packet[i]);
		} while (packet[i].flags & CMAP_TUPLE_OPAQUE);
	}
}

static double build_ms(void)
{
	struct cmap_index *index;
	u64 start, took, least = ~0ULL;
	u32 times;

	for (times = 0; times < 5; times++) {
		start = now();
		if (cmap_classify_index(s.rule, s.n_rule, s.family, NULL,
					&index))
			abort();
		took = now() - start;
		cmap_index_destroy(index);
		least = took < least ? took : least;
	}
	return least / 1e6;
}

static void bench(const struct shape *shape, u16 family, u32 n)
{
	const struct cmap_index_stats *stats;
	u32 i;

	set_clear(&s);
	s.family = family;
	shape->make(&s, n);
	set_compile(&s);
	draw();
	printf("| %s%s | %u |", shape->name, family == AF_INET ? "" : ", IPv6", n);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!ways[i].build()) {
			printf(" |");
			continue;
		}
		printf(" %.0f |", measure(&ways[i], packet, PACKETS));
		fflush(stdout);
		ways[i].free();
	}
	stats = &s.index->stats;
	printf(" %.2f | %.1f | %.0f | %u | %u |\n", last_to_first(), build_ms(),
	       (double)stats->bytes / stats->n, stats->tables, stats->worst);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const u32 sizes[] = { 1, 1000, 10000, 65535 };
	u32 i, k;

	printf("| map | rules | linear | tuple space | bit vectors | index | last / first | build, ms | bytes a rule | tables | worst |\n");
	printf("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n");
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (argc > 1 && strcmp(argv[1], shapes[i].name))
			continue;
		for (k = 0; k < ARRAY_SIZE(sizes); k++)
			if (sizes[k] > 1 || !i)
				bench(&shapes[i], AF_INET, sizes[k]);
		if (shapes[i].make == make_nets || shapes[i].make == make_mixture)
			bench(&shapes[i], AF_INET6, 65535);
	}
	set_clear(&s);
	return 0;
}
