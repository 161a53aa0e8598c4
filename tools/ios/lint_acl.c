// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What earlier entries leave to later ones, in access lists and in crypto maps.
 *
 * Both are first match lists that may have 65,535 entries, so that comparing all
 * with all is out of the question. Entries that compare the same bits and have
 * the same kind of conditions are of one shape; lists have few of those. Two
 * shapes are compared by a hash over what both compare: what does not meet in
 * it has no packet in common. Where there are too many shapes, or too much meets,
 * the check ends, and says so.
 */
#include <stdlib.h>
#include <string.h>

#include "lint.h"

#define SHAPES_MAX 256
#define OVERLAPS_MAX 10		/* pairs of entries that a crypto map is told of */

/*
 * struct user - an entry of a crypto map that can protect something
 * @entry:   the entry
 * @acl:     its access list
 * @order:   its place among the entries
 * @permits: how many permits the list has
 * @covered: how many of them earlier entries take
 * @first:   the first of these entries
 * @several: there are others
 * @idle:    nothing is left to it
 */
struct user {
	const struct ios_entry *entry;
	const struct ios_acl *acl;
	size_t order;
	size_t permits, covered;
	const struct user *first;
	bool several;
	bool idle;
};

/*
 * struct item - something to be compared
 * @ace:   the access list entry
 * @user:  of this entry of a crypto map; NULL within one list
 * @order: earlier items have lower ones
 * @shape: index of its shape
 * @cover: the earliest item that takes all of it
 * @chain: next item of the bucket, by ascending order
 */
struct item {
	const struct ios_ace *ace;
	struct user *user;
	size_t order;
	unsigned int shape;
	struct item *cover;
	struct item *chain;
};

/* which conditions an entry has that can be hashed: equal or disjoint */
enum { HAS_PROTO = 1, HAS_ICMP = 2, HAS_SPORT = 4, HAS_DPORT = 8 };

/* struct shape - what items have in common; @items has @n of them, by order */
struct shape {
	struct ios_addr src_wild, dst_wild;
	unsigned int has;
	struct item *items;
	size_t n;
};

/*
 * struct join - items that are compared with each other
 * @l:        state of the checks
 * @map:      the map, NULL within one list
 * @items:    the items
 * @n:        how many
 * @shapes:   shapes of them
 * @n_shapes: how many
 * @bucket:   hash table
 * @cut:      not all was compared
 * @done:     there is nothing more to be found
 * @pair:     pairs of map entries that were told
 * @n_pairs:  how many
 */
struct join {
	struct lint *l;
	const struct ios_map *map;
	struct item *items;
	size_t n;
	struct shape shapes[SHAPES_MAX];
	size_t n_shapes;
	struct item **bucket;
	bool cut, done;
	const struct user *pair[OVERLAPS_MAX][2];
	size_t n_pairs;
};

/* Looks at two items that may meet; false when no other of the chain matters to @b. */
typedef bool (*visit_fn)(struct join *j, struct item *a, struct item *b);

/* ------------------------------------------------------------------------ shapes */

static unsigned int conditions(const struct ios_ace *ace)
{
	return (ace->proto != IOS_PROTO_ANY ? HAS_PROTO : 0) |
	       (ace->icmp_type != IOS_ICMP_ANY ? HAS_ICMP : 0) |
	       (ace->sport.op == IOS_PORT_EQ && ace->sport.n == 1 ? HAS_SPORT : 0) |
	       (ace->dport.op == IOS_PORT_EQ && ace->dport.n == 1 ? HAS_DPORT : 0);
}

/* Index of the shape of an entry; SHAPES_MAX when there are too many. */
static unsigned int shape_of(struct join *j, const struct ios_ace *ace)
{
	unsigned int has = conditions(ace), i;
	struct shape *shape;

	for (i = 0; i < j->n_shapes; i++) {
		shape = &j->shapes[i];
		if (shape->has == has && ios_addr_same(&shape->src_wild, &ace->src_wild) &&
		    ios_addr_same(&shape->dst_wild, &ace->dst_wild))
			return i;
	}
	if (i == SHAPES_MAX)
		return i;
	j->shapes[j->n_shapes++] = (struct shape){
		.src_wild = ace->src_wild, .dst_wild = ace->dst_wild, .has = has,
	};
	return i;
}

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->shape != y->shape)
		return x->shape < y->shape ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Puts an item at the end; those of a shape too many are left out. */
static void join_add(struct join *j, const struct ios_ace *ace, struct user *user, size_t order)
{
	unsigned int shape = shape_of(j, ace);

	if (shape == SHAPES_MAX)
		j->cut = true;
	else
		j->items[j->n++] = (struct item){
			.ace = ace, .user = user, .order = order, .shape = shape,
		};
}

/* Makes a join with room for this many items; NULL when memory is exhausted. */
static struct join *join_new(struct lint *l, const struct ios_map *map, size_t n)
{
	struct join *j = malloc(sizeof(*j));
	size_t buckets = 1;

	if (!j)
		return NULL;
	while (buckets < n)
		buckets *= 2;
	j->l = l;
	j->map = map;
	j->n = j->n_shapes = j->n_pairs = 0;
	j->cut = j->done = false;
	j->items = calloc(n + 1, sizeof(*j->items));
	j->bucket = calloc(buckets, sizeof(*j->bucket));
	if (j->items && j->bucket)
		return j;
	free(j->items);
	free(j->bucket);
	free(j);
	return NULL;
}

static void join_free(struct join *j)
{
	free(j->items);
	free(j->bucket);
	free(j);
}

/* Sorts the items by shape, when all are there. */
static void join_sort(struct join *j)
{
	size_t i;

	qsort(j->items, j->n, sizeof(*j->items), compare_items);
	for (i = j->n; i--;) {
		j->shapes[j->items[i].shape].items = &j->items[i];
		j->shapes[j->items[i].shape].n++;
	}
}

/* Whether an entry of one shape may take all of an entry of the other. */
static bool shape_within(const struct shape *outer, const struct shape *inner)
{
	size_t i;

	if (outer->has & ~inner->has)
		return false;
	for (i = 0; i < ios_addr_bits(outer->src_wild.family) / 8; i++)
		if (inner->src_wild.bytes[i] & ~outer->src_wild.bytes[i] ||
		    inner->dst_wild.bytes[i] & ~outer->dst_wild.bytes[i])
			return false;
	return true;
}

/* ------------------------------------------------------------------------- joins */

static uint64_t mix(uint64_t hash, uint32_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

static uint64_t mix_net(uint64_t hash, const struct ios_addr *addr, const struct ios_addr *wild_a,
			const struct ios_addr *wild_b)
{
	uint32_t word, a, b;
	size_t i;

	for (i = 0; i < ios_addr_bits(addr->family) / 8; i += sizeof(word)) {
		memcpy(&word, addr->bytes + i, sizeof(word));
		memcpy(&a, wild_a->bytes + i, sizeof(a));
		memcpy(&b, wild_b->bytes + i, sizeof(b));
		hash = mix(hash, word & ~(a | b));
	}
	return hash;
}

/* Hash of what entries of both shapes compare. */
static uint64_t hash_common(const struct ios_ace *ace, const struct shape *a, const struct shape *b)
{
	unsigned int has = a->has & b->has;
	uint64_t hash = 0;

	hash = mix_net(hash, &ace->src, &a->src_wild, &b->src_wild);
	hash = mix_net(hash, &ace->dst, &a->dst_wild, &b->dst_wild);
	if (has & HAS_PROTO)
		hash = mix(hash, ace->proto);
	if (has & HAS_ICMP)
		hash = mix(hash, ace->icmp_type);
	if (has & HAS_SPORT)
		hash = mix(hash, ace->sport.port[0]);
	if (has & HAS_DPORT)
		hash = mix(hash, ace->dport.port[0]);
	return hash;
}

static bool step(struct join *j)
{
	if (lint_step(j->l))
		return true;
	j->cut = j->done = true;
	return false;
}

/* Shows each item of shape @b those of shape @a that it may meet. */
static void join_shapes(struct join *j, const struct shape *a, const struct shape *b,
			visit_fn visit)
{
	size_t buckets = 1, i;
	struct item *item;
	uint64_t hash;

	while (buckets < a->n)
		buckets *= 2;
	memset(j->bucket, 0, buckets * sizeof(*j->bucket));
	for (i = a->n; i-- && step(j);) {
		hash = hash_common(a->items[i].ace, a, b) & (buckets - 1);
		a->items[i].chain = j->bucket[hash];
		j->bucket[hash] = &a->items[i];
	}
	for (i = 0; i < b->n && !j->done; i++) {
		item = j->bucket[hash_common(b->items[i].ace, a, b) & (buckets - 1)];
		while (step(j) && item && visit(j, item, &b->items[i]) && !j->done)
			item = item->chain;
	}
}

/* For each item the earliest one that takes all of it, as @visit finds. */
static void join_covers(struct join *j, visit_fn visit)
{
	size_t a, b;

	for (a = 0; a < j->n_shapes; a++)
		for (b = 0; b < j->n_shapes && step(j); b++)
			if (shape_within(&j->shapes[a], &j->shapes[b]))
				join_shapes(j, &j->shapes[a], &j->shapes[b], visit);
}

/* Each two items once. */
static void join_pairs(struct join *j, visit_fn visit)
{
	size_t a, b;

	for (a = 0; a < j->n_shapes; a++)
		for (b = a; b < j->n_shapes && step(j); b++)
			join_shapes(j, &j->shapes[a], &j->shapes[b], visit);
}

/* ------------------------------------------------------------------ access lists */

static const char *action(const struct ios_ace *ace)
{
	return ace->action == IOS_PERMIT ? "permit" : "deny";
}

static bool visit_ace(struct join *j, struct item *a, struct item *b)
{
	(void)j;
	if (a->order >= b->order || (b->cover && b->cover->order <= a->order))
		return false;
	if (!ios_ace_contains(a->ace, b->ace))
		return true;
	b->cover = a;
	return false;
}

static bool everything(const struct ios_ace *ace)
{
	return ace->action == IOS_PERMIT && ace->proto == IOS_PROTO_ANY && !ace->tos_mask &&
	       !ace->fragments && ace->ttl.op == IOS_PORT_ANY && !ios_wild_prefix(&ace->src_wild) && !ios_wild_prefix(&ace->dst_wild);
}

/* What an entry or a part of one is written as. */
static const struct ios_ace *written(const struct ios_ace *ace)
{
	return ace->whole ? ace->whole : ace;
}

/*
 * Tells of an entry that is never reached: other ones take all that it stands
 * for, which is all rules of @cover from its own on. Return: the first of the
 * next entry
 */
static const struct ios_ace *report_ace(struct lint *l, const struct ios_acl *acl,
					const struct ios_ace *rule,
					const struct ios_ace *const **cover)
{
	const struct ios_ace *ace = written(rule), *first = NULL, *other;
	bool reached = false, several = false;

	for (; rule && written(rule) == ace; rule = ios_rule_next(rule)) {
		other = *(*cover)++ ? written((*cover)[-1]) : NULL;
		reached |= !other || other == ace;
		several |= first && other != first;
		if (!first)
			first = other;
	}
	if (!reached && several)
		SAY(l, IOS_WARNING, ace->line,
		    "access list %s: this %s is never reached, the %s of line %u and others match all of it",
		    acl->name, action(ace), action(first), first->line);
	else if (!reached)
		SAY(l, IOS_WARNING, ace->line,
		    "access list %s: this %s is never reached, the %s of line %u matches all of it",
		    acl->name, action(ace), action(first), first->line);
	return rule;
}

/* Compares the rules of a list. @cover, of as many, is set to what takes each of them. */
static void list_covers(struct join *j, const struct ios_acl *acl, const struct ios_ace **cover)
{
	const struct ios_ace *rule;
	const struct item *item;
	size_t order = 0;

	for (rule = ios_rule_first(acl); rule; rule = ios_rule_next(rule))
		join_add(j, rule, NULL, order++);
	join_sort(j);
	if (j->n > 1)
		join_covers(j, visit_ace);
	for (item = j->items; item < j->items + j->n; item++)
		cover[item->order] = item->cover ? item->cover->ace : NULL;
}

/* Permits of a list that protect more than is meant. */
static void list_everything(struct lint *l, const struct ios_acl *acl)
{
	const struct ios_ace *rule;

	for (rule = ios_rule_first(acl); rule; rule = ios_rule_next(rule))
		if (everything(rule))
			SAY(l, IOS_WARNING, rule->line,
			    "access list %s: permit %s any any takes all packets of the interface, those of the gateway itself as well",
			    acl->name, acl->family == AF_INET6 ? "ipv6" : "ip");
}

/* Entries of a list that are never reached. */
static void list_order(struct lint *l, struct ios_acl *acl)
{
	const struct ios_ace **cover, *const *at, *rule;
	struct join *j;
	size_t n = 0;

	acl->compared = true;
	for (rule = ios_rule_first(acl); rule; rule = ios_rule_next(rule))
		n++;
	cover = calloc(n + 1, sizeof(*cover));
	j = cover ? join_new(l, NULL, n) : NULL;
	if (!j) {
		free(cover);
		l->nomem = true;
		return;
	}
	list_covers(j, acl, cover);
	at = cover;
	for (rule = ios_rule_first(acl); rule;)
		rule = report_ace(l, acl, rule, &at);
	if (j->cut)
		SAY(l, IOS_WARNING, acl->line,
		    "access list %s: too much to compare, entries that are never reached may be missing here",
		    acl->name);
	join_free(j);
	free(cover);
}

/* ------------------------------------------------------------------- crypto maps */

/* Whether a deny of the list keeps (all or some of) @match from the permit @until. */
static bool denied(struct join *j, const struct ios_acl *acl, const struct ios_ace *until,
		   const struct ios_ace *match, bool all)
{
	const struct ios_ace *ace;

	for (ace = ios_rule_first(acl); ace != until && step(j); ace = ios_rule_next(ace))
		if (ace->action == IOS_DENY &&
		    (all ? ios_ace_contains(ace, match) : ios_ace_overlaps(ace, match)))
			return true;
	return false;
}

static bool visit_cover(struct join *j, struct item *a, struct item *b)
{
	if (a->user->order >= b->user->order || (b->cover && b->cover->order <= a->order))
		return false;
	if (!ios_ace_contains(a->ace, b->ace) ||
	    denied(j, a->user->acl, a->ace, b->ace, false) || j->done)
		return true;
	b->cover = a;
	return false;
}

static bool same_peers(const struct ios_entry *a, const struct ios_entry *b)
{
	size_t i;

	if (a->n_peers != b->n_peers)
		return false;
	for (i = 0; i < a->n_peers; i++)
		if (!ios_peer_same(&a->peers[i], &b->peers[i]))
			return false;
	return true;
}

static bool told(struct join *j, const struct user *a, const struct user *b)
{
	size_t i;

	for (i = 0; i < j->n_pairs; i++)
		if (j->pair[i][0] == a && j->pair[i][1] == b)
			return true;
	return false;
}

static bool visit_overlap(struct join *j, struct item *a, struct item *b)
{
	char first[IOS_PEER_TEXT], second[IOS_PEER_TEXT];
	struct ios_ace common;

	if (a->order > b->order) {
		struct item *later = a;

		a = b;
		b = later;
	}
	if (a->user == b->user || a->user->idle || b->user->idle ||
	    !ios_ace_overlaps(a->ace, b->ace) || same_peers(a->user->entry, b->user->entry) ||
	    told(j, a->user, b->user))
		return true;
	common = *b->ace;
	ios_ace_meet(&common, a->ace);
	if (denied(j, a->user->acl, a->ace, &common, true) ||
	    denied(j, b->user->acl, b->ace, &common, true) || j->done)
		return true;
	if (j->n_pairs == OVERLAPS_MAX) {
		SAY(j->l, IOS_WARNING, j->map->line,
		    "more entries of crypto map %s overlap than the %u pairs that are told",
		    j->map->name, OVERLAPS_MAX);
		j->done = true;
		return false;
	}
	j->pair[j->n_pairs][0] = a->user;
	j->pair[j->n_pairs++][1] = b->user;
	SAY(j->l, IOS_WARNING, b->ace->line,
	    "what line %u permits as well goes to peer %s (crypto map %s %u), not to peer %s (%u)",
	    a->ace->line, ios_peer_text(&a->user->entry->peers[0], first), j->map->name,
	    a->user->entry->seq, ios_peer_text(&b->user->entry->peers[0], second),
	    b->user->entry->seq);
	return true;
}

/* Counts what earlier entries take of each entry. */
static void count_covers(struct join *j)
{
	const struct item *item;
	struct user *user;

	for (item = j->items; item < j->items + j->n; item++) {
		if (!item->cover)
			continue;
		user = item->user;
		user->covered++;
		user->several |= user->first && user->first != item->cover->user;
		if (!user->first || user->first->order > item->cover->user->order)
			user->first = item->cover->user;
	}
}

static void report_idle(struct lint *l, const struct ios_map *map, struct user *users, size_t n)
{
	struct user *user;

	for (user = users; user < users + n; user++) {
		if (!user->permits || user->covered < user->permits)
			continue;
		user->idle = true;
		SAY(l, IOS_WARNING, user->entry->line,
		    "crypto map %s %u is never used: entry %u%s (line %u) takes all that its access list permits",
		    map->name, user->entry->seq, user->first->entry->seq,
		    user->several ? " with others" : "", user->first->entry->line);
	}
}

static int compare_acls(const void *a, const void *b)
{
	const struct user *x = a, *y = b;

	if (x->acl != y->acl)
		return (uintptr_t)x->acl < (uintptr_t)y->acl ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Takes out entries whose list an earlier one has. Return: how many are left */
static size_t unique_lists(struct lint *l, const struct ios_map *map, struct user *users, size_t n)
{
	size_t i, left = 0;

	qsort(users, n, sizeof(*users), compare_acls);
	for (i = 0; i < n; i++) {
		if (!left || users[i].acl != users[left - 1].acl) {
			users[left++] = users[i];
			continue;
		}
		SAY(l, IOS_WARNING, users[i].entry->acl_line,
		    "crypto map %s %u is never used: entry %u (line %u) has the same access list",
		    map->name, users[i].entry->seq, users[left - 1].entry->seq,
		    users[left - 1].entry->line);
	}
	return left;
}

/* The entries of a map that can protect something. Return: how many; *permits is their sum */
static size_t find_users(struct lint *l, const struct ios_map *map, struct user *users,
			 size_t *permits)
{
	const struct ios_entry *entry;
	const struct ios_ace *ace;
	size_t n = 0, i;

	for (entry = map->entries; entry; entry = entry->next)
		if (entry->complete && *entry->acl) {
			users[n] = (struct user){
				.entry = entry, .order = n,
				.acl = ios_acl_find(l->cfg, entry->acl, map->family),
			};
			n++;
		}
	n = unique_lists(l, map, users, n);
	*permits = 0;
	for (i = 0; i < n; i++) {
		for (ace = ios_rule_first(users[i].acl); ace; ace = ios_rule_next(ace))
			users[i].permits += ace->action == IOS_PERMIT;
		*permits += users[i].permits;
	}
	return n;
}

static int compare_order(const void *a, const void *b)
{
	const struct user *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

/* Entries of a map to which earlier ones leave nothing, or not all that they permit. */
static void map_order(struct lint *l, const struct ios_map *map)
{
	struct user *users = calloc(map->n_entries + 1, sizeof(*users));
	const struct ios_ace *ace;
	struct join *j = NULL;
	size_t n, permits, i;

	if (!users) {
		l->nomem = true;
		return;
	}
	n = find_users(l, map, users, &permits);
	qsort(users, n, sizeof(*users), compare_order);
	if (n > 1)
		j = join_new(l, map, permits);
	if (n > 1 && !j)
		l->nomem = true;
	if (j) {
		for (i = 0; i < n; i++)
			for (ace = ios_rule_first(users[i].acl); ace; ace = ios_rule_next(ace))
				if (ace->action == IOS_PERMIT)
					join_add(j, ace, &users[i], j->n);
		join_sort(j);
		join_covers(j, visit_cover);
		count_covers(j);
		report_idle(l, map, users, n);
		join_pairs(j, visit_overlap);
		if (j->cut)
			SAY(l, IOS_WARNING, map->line,
			    "crypto map %s: too much to compare, entries that overlap may be missing here",
			    map->name);
		join_free(j);
	}
	free(users);
}

/* The lists that are filters, and nothing else. */
static void filter_order(struct lint *l)
{
	const struct ios_entry *entry;
	const struct ios_map *map;
	struct ios_acl *acl;
	size_t i;

	for (map = ios_map_next(l->cfg, NULL); map; map = ios_map_next(l->cfg, map)) {
		for (entry = map->entries; entry; entry = entry->next) {
			for (i = 0; i < IOS_FILTERS; i++) {
				acl = ios_acl_find(l->cfg, entry->filter[i], map->family);
				if (acl && !acl->compared)
					list_order(l, acl);
			}
		}
	}
}

void lint_order(struct lint *l)
{
	const struct ios_entry *entry;
	const struct ios_map *map;
	struct ios_acl *acl;

	for (map = ios_map_next(l->cfg, NULL); map; map = ios_map_next(l->cfg, map)) {
		for (entry = map->entries; entry; entry = entry->next) {
			acl = ios_acl_find(l->cfg, entry->acl, map->family);
			if (acl && !acl->compared) {
				list_everything(l, acl);
				list_order(l, acl);
			}
		}
		/* templates are alternatives for one and the same traffic */
		if (!map->dynamic)
			map_order(l, map);
	}
	filter_order(l);
}
