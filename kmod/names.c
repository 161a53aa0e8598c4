// SPDX-License-Identifier: GPL-2.0-only
/* Objects by name. */

#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "names.h"

static int cmap_names_cmp(const struct cmap_names *names, const char *name,
			  u32 num, const struct cmap_name *at)
{
	u32 at_num;
	int diff;

	diff = strcmp(name, names->ops->key(at->obj, &at_num));
	if (diff)
		return diff;
	return num < at_num ? -1 : num > at_num;
}

void *cmap_names_find(const struct cmap_names *names, const char *name,
		      u32 num)
{
	const struct cmap_name *at = names->root;
	int diff;

	while (at) {
		diff = cmap_names_cmp(names, name, num, at);
		if (!diff)
			return at->obj;
		at = diff < 0 ? at->left : at->right;
	}
	return NULL;
}

static u32 cmap_names_size(const struct cmap_name *at)
{
	return at ? at->n : 0;
}

void *cmap_names_at(const struct cmap_names *names, u32 pos)
{
	const struct cmap_name *at = names->root;

	while (at) {
		u32 before = cmap_names_size(at->left);

		if (pos == before)
			return at->obj;
		if (pos < before) {
			at = at->left;
		} else {
			pos -= before + 1;
			at = at->right;
		}
	}
	return NULL;
}

void *cmap_names_from(const struct cmap_names *names, const char *name, u32 num)
{
	const struct cmap_name *at = names->root;
	void *found = NULL;

	while (at) {
		if (cmap_names_cmp(names, name, num, at) <= 0) {
			found = at->obj;
			at = at->left;
		} else {
			at = at->right;
		}
	}
	return found;
}

static void *cmap_names_descend(struct cmap_names_iter *iter,
				const struct cmap_name *at)
{
	for (; at && iter->n < CMAP_NAMES_DEPTH; at = at->left)
		iter->way[iter->n++] = at;
	return iter->n ? iter->way[iter->n - 1]->obj : NULL;
}

void *cmap_names_first(const struct cmap_names *names,
		       struct cmap_names_iter *iter)
{
	iter->n = 0;
	return cmap_names_descend(iter, names->root);
}

void *cmap_names_next(struct cmap_names_iter *iter)
{
	return cmap_names_descend(iter, iter->way[--iter->n]->right);
}

void cmap_names_diff_start(struct cmap_names_diff *diff,
			   const struct cmap_names *was,
			   const struct cmap_names *now)
{
	diff->names = now;
	diff->was.way[0] = was->root;
	diff->was.n = !!was->root;
	diff->was_whole = diff->was.n;
	diff->now.way[0] = now->root;
	diff->now.n = !!now->root;
	diff->now_whole = diff->now.n;
}

/* The last node of a walk, or NULL at its end. */
static const struct cmap_name *cmap_names_top(const struct cmap_names_iter *iter)
{
	return iter->n ? iter->way[iter->n - 1] : NULL;
}

/* Go into the last subtree: its left one comes first, then its own object. */
static bool cmap_names_open(struct cmap_names_iter *iter)
{
	const struct cmap_name *left = cmap_names_top(iter)->left;

	if (!left || iter->n == CMAP_NAMES_DEPTH)
		return false;
	iter->way[iter->n++] = left;
	return true;
}

/* Past the last object: its right subtree comes next. */
static bool cmap_names_pass(struct cmap_names_iter *iter)
{
	const struct cmap_name *right = iter->way[--iter->n]->right;

	if (right)
		iter->way[iter->n++] = right;
	return right;
}

/*
 * Of two subtrees that differ the one with the higher root is opened first: where
 * both trees have the same node, both walks come to its subtrees as wholes.
 */
bool cmap_names_diff_next(struct cmap_names_diff *diff, void **was, void **now)
{
	const struct cmap_name *a, *b;
	const char *name;
	int order;
	u32 num;

	while (diff->was.n || diff->now.n) {
		a = cmap_names_top(&diff->was);
		b = cmap_names_top(&diff->now);
		if (diff->was_whole && diff->now_whole && a == b) {
			diff->was.n--;
			diff->now.n--;
			diff->was_whole = false;
			diff->now_whole = false;
			continue;
		}
		if (diff->was_whole &&
		    (!diff->now_whole || a->prio >= b->prio)) {
			diff->was_whole = cmap_names_open(&diff->was);
			continue;
		}
		if (diff->now_whole) {
			diff->now_whole = cmap_names_open(&diff->now);
			continue;
		}
		order = a ? -1 : 1;
		if (a && b) {
			name = diff->names->ops->key(a->obj, &num);
			order = cmap_names_cmp(diff->names, name, num, b);
		}
		*was = NULL;
		*now = NULL;
		if (order <= 0) {
			*was = a->obj;
			diff->was_whole = cmap_names_pass(&diff->was);
		}
		if (order >= 0) {
			*now = b->obj;
			diff->now_whole = cmap_names_pass(&diff->now);
		}
		if (*was != *now)
			return true;
	}
	return false;
}

static u32 cmap_names_prio(const char *name, u32 num)
{
	static u32 seed;

	get_random_once(&seed, sizeof(seed));
	return jhash_2words(jhash(name, strlen(name), seed), num, seed);
}

static struct cmap_name *cmap_name_get(struct cmap_name *at)
{
	if (at)
		refcount_inc(&at->refs);
	return at;
}

/*
 * Give a reference to a subtree back. What goes with it is a list by @left until
 * its right subtrees have had their turn.
 */
static void cmap_name_put(struct cmap_name *at, const struct cmap_names_ops *ops)
{
	struct cmap_name *pending = NULL, *left;

	for (;;) {
		if (at && refcount_dec_and_test(&at->refs)) {
			ops->put(at->obj);
			left = at->left;
			at->left = pending;
			pending = at;
			at = left;
		} else if (pending) {
			left = pending->left;
			at = pending->right;
			kfree(pending);
			pending = left;
		} else {
			return;
		}
	}
}

/* Make a node that a container, or an own node of it, refers to its own. */
static struct cmap_name *cmap_name_own(struct cmap_name **link,
				       const struct cmap_names_ops *ops)
{
	struct cmap_name *at = *link, *copy;

	if (refcount_read(&at->refs) == 1)
		return at;
	copy = kmemdup(at, sizeof(*at), GFP_KERNEL_ACCOUNT);
	if (!copy)
		return NULL;
	refcount_set(&copy->refs, 1);
	ops->get(copy->obj);
	cmap_name_get(copy->left);
	cmap_name_get(copy->right);
	*link = copy;
	cmap_name_put(at, ops);
	return copy;
}

/**
 * struct cmap_names_way - own nodes from the root to where a key is or belongs
 * @at: nodes
 * @n: how many
 */
struct cmap_names_way {
	struct cmap_name	*at[CMAP_NAMES_DEPTH];
	u32			n;
};

/*
 * Own the way to a key. The container says the same as before, also when there is
 * no memory for all of it.
 */
static int cmap_names_own_way(struct cmap_names *names, const char *name,
			      u32 num, struct cmap_names_way *way,
			      struct cmap_name **found)
{
	struct cmap_name **link = &names->root, *at;
	int diff;

	way->n = 0;
	*found = NULL;
	while (*link && !*found) {
		at = cmap_name_own(link, names->ops);
		/* one is for the key itself */
		if (!at || way->n >= CMAP_NAMES_DEPTH - 1)
			return -ENOMEM;
		way->at[way->n++] = at;
		diff = cmap_names_cmp(names, name, num, at);
		if (!diff)
			*found = at;
		else
			link = diff < 0 ? &at->left : &at->right;
	}
	return 0;
}

/* Count again, from the lowest node of a way up. */
static void cmap_names_recount(const struct cmap_names_way *way)
{
	u32 i = way->n;

	while (i--)
		way->at[i]->n = cmap_names_size(way->at[i]->left) +
				cmap_names_size(way->at[i]->right) + 1;
}

/*
 * A new node goes where its priority belongs on the way to its key. What is below
 * becomes its subtrees: the way falls apart in what is lower and what is higher.
 */
static void cmap_names_insert(struct cmap_names *names, const char *name,
			      u32 num, struct cmap_name *node,
			      struct cmap_names_way *way)
{
	struct cmap_name **link = &names->root, **lower, **higher, *at;
	u32 i, above = 0;

	while (above < way->n && way->at[above]->prio >= node->prio) {
		at = way->at[above++];
		link = cmap_names_cmp(names, name, num, at) < 0 ?
		       &at->left : &at->right;
	}
	*link = node;
	lower = &node->left;
	higher = &node->right;
	for (i = above; i < way->n; i++) {
		at = way->at[i];
		if (cmap_names_cmp(names, name, num, at) < 0) {
			*higher = at;
			higher = &at->left;
		} else {
			*lower = at;
			lower = &at->right;
		}
	}
	*lower = NULL;
	*higher = NULL;

	memmove(&way->at[above + 1], &way->at[above],
		(way->n - above) * sizeof(*way->at));
	way->at[above] = node;
	way->n++;
	cmap_names_recount(way);
}

int cmap_names_set(struct cmap_names *names, const char *name, u32 num,
		   void *obj)
{
	struct cmap_names_way way;
	struct cmap_name *node;
	void *old;
	int err;

	err = cmap_names_own_way(names, name, num, &way, &node);
	if (err)
		return err;
	if (node) {
		old = node->obj;
		node->obj = obj;
		names->ops->put(old);
		return 0;
	}

	if (cmap_names_count(names) == CMAP_NAMES_MAX - 1)
		return -ENOMEM;
	node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	if (!node)
		return -ENOMEM;
	refcount_set(&node->refs, 1);
	node->prio = cmap_names_prio(name, num);
	node->obj = obj;
	cmap_names_insert(names, name, num, node, &way);
	return 0;
}

/* The node of a key, if no other container has it. */
static struct cmap_name *cmap_names_own(const struct cmap_names *names,
					const char *name, u32 num)
{
	struct cmap_name *at = names->root;
	int diff;

	while (at && refcount_read(&at->refs) == 1) {
		diff = cmap_names_cmp(names, name, num, at);
		if (!diff)
			return at;
		at = diff < 0 ? at->left : at->right;
	}
	return NULL;
}

bool cmap_names_owns(const struct cmap_names *names, const char *name, u32 num)
{
	return cmap_names_own(names, name, num);
}

bool cmap_names_reuse(struct cmap_names *names, const char *name, u32 num,
		      void *obj)
{
	struct cmap_name *at = cmap_names_own(names, name, num);
	void *old;

	if (!at)
		return false;
	old = at->obj;
	at->obj = obj;
	names->ops->put(old);
	return true;
}

/*
 * With @above nodes on the way to them, own the inner edges of two neighbouring
 * subtrees, the right one of the left and the left one of the right: a join of the
 * two changes no other nodes.
 */
static int cmap_names_own_edges(struct cmap_name *node, u32 above,
				const struct cmap_names_ops *ops)
{
	struct cmap_name **link;
	u32 n = above;

	for (link = &node->left; *link; link = &(*link)->right)
		if (!cmap_name_own(link, ops) || ++n > CMAP_NAMES_DEPTH)
			return -ENOMEM;
	for (link = &node->right; *link; link = &(*link)->left)
		if (!cmap_name_own(link, ops) || ++n > CMAP_NAMES_DEPTH)
			return -ENOMEM;
	return 0;
}

int cmap_names_del(struct cmap_names *names, const char *name, u32 num)
{
	struct cmap_name *node, **link = &names->root, *lower, *higher;
	struct cmap_names_way way;
	int err;

	if (!cmap_names_find(names, name, num))
		return -ENOENT;
	err = cmap_names_own_way(names, name, num, &way, &node);
	if (!err)
		err = cmap_names_own_edges(node, way.n - 1, names->ops);
	if (err)
		return err;

	way.n--;
	if (way.n) {
		struct cmap_name *above = way.at[way.n - 1];

		link = above->left == node ? &above->left : &above->right;
	}
	lower = node->left;
	higher = node->right;
	while (lower && higher) {
		if (lower->prio >= higher->prio) {
			*link = lower;
			link = &lower->right;
			way.at[way.n++] = lower;
			lower = lower->right;
		} else {
			*link = higher;
			link = &higher->left;
			way.at[way.n++] = higher;
			higher = higher->left;
		}
	}
	*link = lower ? lower : higher;
	cmap_names_recount(&way);

	node->left = NULL;
	node->right = NULL;
	cmap_name_put(node, names->ops);
	return 0;
}

void cmap_names_copy(struct cmap_names *to, const struct cmap_names *from)
{
	to->root = cmap_name_get(from->root);
	to->ops = from->ops;
}

void cmap_names_destroy(struct cmap_names *names)
{
	cmap_name_put(names->root, names->ops);
	names->root = NULL;
}
