// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod/names.c: containers that share nodes, against plain arrays, with and without
 * memory.
 */

#include <errno.h>
#include <string.h>

#include "names.h"
#include "tap.h"

/* Allocations until one fails, with all after it; negative for none. */
static int allocations_left = -1;

static bool no_memory(void)
{
	if (allocations_left > 0)
		allocations_left--;
	return !allocations_left;
}

/* the containers' allocator, by -Wl,--wrap */
void *__real_calloc(size_t n, size_t size);
void *__real_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __real_calloc(n, size);
}

void *__wrap_malloc(size_t size)
{
	return no_memory() ? NULL : __real_malloc(size);
}

#define KEYS		300	/* names times numbers */
#define CONTAINERS	4

/**
 * struct object - what is entered
 * @name: its name
 * @num: its number
 * @refs: references, those of containers and one of the test while it enters it
 */
struct object {
	char	name[16];
	u32	num;
	int	refs;
};

static int objects;

static void object_get(void *obj)
{
	((struct object *)obj)->refs++;
}

static void object_put(void *obj)
{
	struct object *object = obj;

	if (--object->refs)
		return;
	free(object);
	objects--;
}

static const char *object_key(const void *obj, u32 *num)
{
	const struct object *object = obj;

	*num = object->num;
	return object->name;
}

static const struct cmap_names_ops ops = {
	.key = object_key,
	.get = object_get,
	.put = object_put,
};

static struct cmap_names names[CONTAINERS];
static struct object *model[CONTAINERS][KEYS];

static void key_of(unsigned int key, char *name, u32 *num)
{
	snprintf(name, 16, "n%02u", key / 3);
	*num = key % 3;
}

static struct object *object_new(unsigned int key)
{
	struct object *object = __real_calloc(1, sizeof(*object));

	key_of(key, object->name, &object->num);
	object->refs = 1;
	objects++;
	return object;
}

static u32 size(const struct cmap_name *at)
{
	return at ? at->n : 0;
}

/* Priorities and counts. */
static bool tree_good(const struct cmap_name *at)
{
	if (!at)
		return true;
	if (at->n != size(at->left) + size(at->right) + 1)
		return false;
	if ((at->left && at->left->prio > at->prio) ||
	    (at->right && at->right->prio > at->prio))
		return false;
	return tree_good(at->left) && tree_good(at->right);
}

/* Whether a container says what its model says, by every way of asking. */
static bool same(unsigned int c)
{
	struct cmap_names_iter iter;
	unsigned int key, n = 0;
	void *obj, *walked;
	char name[16];
	u32 num;

	if (!tree_good(names[c].root))
		return false;
	walked = cmap_names_first(&names[c], &iter);
	for (key = 0; key < KEYS; key++) {
		key_of(key, name, &num);
		obj = cmap_names_find(&names[c], name, num);
		if (obj != model[c][key] ||
		    cmap_names_from(&names[c], name, num) != walked)
			return false;
		if (!obj)
			continue;
		if (obj != walked || obj != cmap_names_at(&names[c], n))
			return false;
		walked = cmap_names_next(&iter);
		n++;
	}
	return !walked && cmap_names_count(&names[c]) == n &&
	       !cmap_names_at(&names[c], n);
}

/* What two containers do not have in common is what their models do not. */
static bool differ(unsigned int a, unsigned int b)
{
	struct cmap_names_diff diff;
	void *was, *now;
	unsigned int key;

	cmap_names_diff_start(&diff, &names[a], &names[b]);
	for (key = 0; key < KEYS; key++) {
		if (model[a][key] == model[b][key])
			continue;
		if (!cmap_names_diff_next(&diff, &was, &now) ||
		    was != model[a][key] || now != model[b][key])
			return false;
	}
	return !cmap_names_diff_next(&diff, &was, &now);
}

/* An object of the same key takes the place of one, unless the node is shared. */
static bool reuse(unsigned int c, unsigned int key)
{
	struct object *object;
	unsigned int i;
	char name[16];
	bool own;
	u32 num;

	if (!model[c][key])
		return true;
	key_of(key, name, &num);
	own = cmap_names_owns(&names[c], name, num);
	for (i = 0; i < CONTAINERS; i++)
		if (own && i != c && model[i][key] == model[c][key] && model[c][key]->refs == 1)
			return false;
	object = object_new(key);
	allocations_left = 0;
	if (cmap_names_reuse(&names[c], object->name, num, object))
		model[c][key] = object;
	else
		object_put(object);
	return true;
}

static bool set(unsigned int c, unsigned int key)
{
	struct object *object = object_new(key);
	int err;

	err = cmap_names_set(&names[c], object->name, object->num, object);
	if (err) {
		object_put(object);
		return err == -ENOMEM;
	}
	model[c][key] = object;
	return true;
}

static bool del(unsigned int c, unsigned int key)
{
	char name[16];
	u32 num;
	int err;

	key_of(key, name, &num);
	err = cmap_names_del(&names[c], name, num);
	if (!model[c][key])
		return err == -ENOENT;
	if (!err)
		model[c][key] = NULL;
	return !err || err == -ENOMEM;
}

static void copy(unsigned int to, unsigned int from)
{
	cmap_names_destroy(&names[to]);
	cmap_names_copy(&names[to], &names[from]);
	memcpy(model[to], model[from], sizeof(model[to]));
}

/* Random changes of all containers; after each, all say what they should. */
static bool agrees(unsigned int steps, bool short_of_memory)
{
	unsigned int c, key;
	bool good = true;

	for (c = 0; c < CONTAINERS; c++)
		names[c].ops = &ops;
	memset(model, 0, sizeof(model));
	while (steps-- && good) {
		c = tap_random(CONTAINERS);
		key = tap_random(KEYS);
		allocations_left = short_of_memory ? (int)tap_random(30) + 1 : -1;
		switch (tap_random(9)) {
		case 8:
			good = reuse(c, key);
			break;
		case 0:
			if (c != key % CONTAINERS)
				copy(c, key % CONTAINERS);
			break;
		case 1:
		case 2:
		case 3:
			good = del(c, key);
			break;
		default:
			good = set(c, key);
			break;
		}
		for (c = 0; good && c < CONTAINERS; c++)
			good = same(c) && differ(c, key % CONTAINERS);
	}
	allocations_left = -1;
	for (c = 0; c < CONTAINERS; c++)
		cmap_names_destroy(&names[c]);
	return good && !objects;
}

/* Names that are compared; see kmod.mk. */
static unsigned int compared;

int __real_strcmp(const char *a, const char *b);
int __wrap_strcmp(const char *a, const char *b);

int __wrap_strcmp(const char *a, const char *b)
{
	compared++;
	return __real_strcmp(a, b);
}

/* What a few changes among many cost to find: the most comparisons of any. */
static unsigned int cost_of_diff(void)
{
	static struct object object[131072], other;
	struct cmap_names many = { .ops = &ops }, changed;
	struct cmap_names_diff diff;
	unsigned int n, worst = 0;
	void *was, *now;
	u32 num;

	for (num = 0; num < 131072; num++) {
		object[num].num = num;
		object[num].refs = 1 << 30;
		if (!(num & 1))
			cmap_names_set(&many, "", num, &object[num]);
	}
	for (num = 0; num < 131072; num += 1031) {
		cmap_names_copy(&changed, &many);
		other.num = num;
		other.refs = 1 << 30;
		cmap_names_set(&changed, "", num, &other);
		cmap_names_del(&changed, "", num ^ 1026);
		cmap_names_diff_start(&diff, &many, &changed);
		compared = 0;
		for (n = 0; cmap_names_diff_next(&diff, &was, &now); n++)
			;
		if (n != 1 + !(num & 1))
			worst = ~0U;
		worst = compared > worst ? compared : worst;
		cmap_names_destroy(&changed);
	}
	cmap_names_destroy(&many);
	return worst;
}

/* What was entered after the copy is replaced without allocating. */
static bool replaces_without_memory(void)
{
	unsigned int key;
	unsigned int refused = 0;
	bool good = true;

	for (key = 0; key < KEYS; key++)
		set(0, key);
	copy(1, 0);
	for (key = 0; key < KEYS; key += 7)
		set(1, key);
	allocations_left = 0;
	for (key = 0; key < KEYS; key += 7) {
		struct object *before = model[1][key];

		good = good && set(1, key) && model[1][key] != before;
	}
	/* and what is shared is not */
	for (key = 1; good && key < KEYS; key += 7) {
		good = set(1, key) && same(0) && same(1);
		refused += model[1][key] == model[0][key];
	}
	good = good && refused;
	allocations_left = -1;
	cmap_names_destroy(&names[0]);
	cmap_names_destroy(&names[1]);
	return good && !objects;
}

/* Ascending names, as a configuration has them, do not make it deep. */
static unsigned int depth(const struct cmap_name *at)
{
	unsigned int left, right;

	if (!at)
		return 0;
	left = depth(at->left);
	right = depth(at->right);
	return 1 + (left > right ? left : right);
}

static unsigned int depth_of_many(void)
{
	static struct object object[131072];
	struct cmap_names many = { .ops = &ops };
	unsigned int deep;
	u32 num;

	for (num = 0; num < 131072; num++) {
		object[num].num = num;
		object[num].refs = 2;
		cmap_names_set(&many, "", num, &object[num]);
	}
	deep = depth(many.root);
	cmap_names_destroy(&many);
	return deep;
}

int main(void)
{
	unsigned int deep, cost;

	tap_random_init();
	tap_ok(agrees(4000, false), "containers that share nodes say what arrays say");
	tap_ok(agrees(4000, true), "and so they do when memory is short");
	tap_ok(replaces_without_memory(), "a new object is replaced without memory");
	deep = depth_of_many();
	tap_ok(deep < CMAP_NAMES_DEPTH / 3 * 2, "131072 names are %u deep", deep);
	cost = cost_of_diff();
	tap_ok(cost < 1000, "two changes among 65536 take %u comparisons to find", cost);
	return tap_done();
}
