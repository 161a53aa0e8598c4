// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hash table over all objects of a model.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "ios.h"
#include "list.h"

struct node {
	struct node *next;
	unsigned int kind;
	const void *owner;
	uint32_t num;
	const char *name;	/* inside the object */
	void *obj;
};

static size_t hash(unsigned int kind, const void *owner, uint32_t num, const char *name)
{
	uint64_t h = 0xcbf29ce484222325u ^ kind;

	h = (h ^ (uintptr_t)owner) * 0x100000001b3u;
	h = (h ^ num) * 0x100000001b3u;
	for (; name && *name; name++)
		h = (h ^ (uint8_t)*name) * 0x100000001b3u;
	/* the last bytes are in the upper bits, and a bucket has its number from the lower ones */
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15u;
	return h ^ (h >> 29);
}

static struct node **index_slot(const struct ios_index *ix, unsigned int kind, const void *owner,
				uint32_t num, const char *name)
{
	struct node **n = &ix->bucket[hash(kind, owner, num, name) & (ix->size - 1)];

	for (; *n; n = &(*n)->next)
		if ((*n)->kind == kind && (*n)->owner == owner && (*n)->num == num &&
		    (name ? !strcmp((*n)->name, name) : !(*n)->name))
			break;
	return n;
}

void *ios_index_find(const struct ios_config *cfg, unsigned int kind, const void *owner,
		     uint32_t num, const char *name)
{
	struct node *n = *index_slot(cfg->index, kind, owner, num, name);

	return n ? n->obj : NULL;
}

static int index_grow(struct ios_index *ix)
{
	struct ios_index bigger = { .size = ix->size * 2 };
	struct node *n;
	size_t i, at;

	bigger.bucket = calloc(bigger.size, sizeof(*bigger.bucket));
	if (!bigger.bucket)
		return -1;
	for (i = 0; i < ix->size; i++) {
		while ((n = ix->bucket[i])) {
			ix->bucket[i] = n->next;
			at = hash(n->kind, n->owner, n->num, n->name) & (bigger.size - 1);
			n->next = bigger.bucket[at];
			bigger.bucket[at] = n;
		}
	}
	free(ix->bucket);
	ix->bucket = bigger.bucket;
	ix->size = bigger.size;
	return 0;
}

/* Return: 0 or -1 (no memory) */
static int index_insert(struct ios_index *ix, const struct node *content)
{
	struct node *n, **slot;

	if (ix->count >= ix->size && index_grow(ix))
		return -1;
	n = malloc(sizeof(*n));
	if (!n)
		return -1;
	*n = *content;
	slot = &ix->bucket[hash(n->kind, n->owner, n->num, n->name) & (ix->size - 1)];
	n->next = *slot;
	*slot = n;
	ix->count++;
	return 0;
}

static void index_remove(struct ios_index *ix, struct node **slot)
{
	struct node *n = *slot;

	*slot = n->next;
	free(n);
	ix->count--;
}

int ios_index_add(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t num,
		  const char *name, void *obj)
{
	const struct node content = {
		.kind = kind, .owner = owner, .num = num, .name = name, .obj = obj,
	};
	struct node **slot = index_slot(cfg->index, kind, owner, num, name);

	if (!*slot)
		return index_insert(cfg->index, &content);
	(*slot)->name = name;
	(*slot)->obj = obj;
	return 0;
}

void ios_index_del(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t num,
		   const char *name)
{
	struct node **slot = index_slot(cfg->index, kind, owner, num, name);

	if (*slot)
		index_remove(cfg->index, slot);
}

static bool is_obj(const void *obj, const void *wanted)
{
	return obj == wanted;
}

static struct node **like_slot(const struct ios_index *ix, unsigned int kind, const void *owner,
			       uint32_t num, ios_same_fn same, const void *wanted)
{
	struct node **n = &ix->bucket[hash(kind, owner, num, NULL) & (ix->size - 1)];

	while (*n && !((*n)->kind == kind && (*n)->owner == owner && (*n)->num == num &&
		       same((*n)->obj, wanted)))
		n = &(*n)->next;
	return n;
}

void *ios_index_like(const struct ios_config *cfg, unsigned int kind, const void *owner,
		     uint32_t hash, ios_same_fn same, const void *wanted)
{
	struct node *n = *like_slot(cfg->index, kind, owner, hash, same, wanted);

	return n ? n->obj : NULL;
}

int ios_index_put(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t hash,
		  void *obj)
{
	const struct node content = { .kind = kind, .owner = owner, .num = hash, .obj = obj };

	return index_insert(cfg->index, &content);
}

void ios_index_drop(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t hash,
		    const void *obj)
{
	struct node **slot = like_slot(cfg->index, kind, owner, hash, is_obj, obj);

	if (*slot)
		index_remove(cfg->index, slot);
}

static bool index_moves(unsigned int kind)
{
	return kind >= INDEX_PEER;
}

void ios_index_take(struct ios_config *to, struct ios_config *from)
{
	struct ios_index *source = from->index, *ix = to->index;
	struct node **at, **slot, *n;
	size_t i;

	for (i = 0; i < source->size; i++) {
		for (at = &source->bucket[i]; (n = *at);) {
			if (!index_moves(n->kind)) {
				at = &n->next;
				continue;
			}
			*at = n->next;
			source->count--;
			slot = &ix->bucket[hash(n->kind, n->owner, n->num, n->name) & (ix->size - 1)];
			n->next = *slot;
			*slot = n;
			ix->count++;
		}
	}
	ix->prefixes = source->prefixes;
	memcpy(ix->prefixes_six, source->prefixes_six, sizeof(ix->prefixes_six));
}

static uint32_t hash_byte(uint32_t h, uint8_t byte)
{
	return (h ^ byte) * 0x01000193u;
}

uint32_t ios_index_hash(const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;
	uint32_t h = 0x811c9dc5u;

	while (len--)
		h = hash_byte(h, *byte++);
	return h;
}

uint32_t ios_index_hash_name(const char *name)
{
	uint32_t h = 0x811c9dc5u;

	for (; *name; name++)
		h = hash_byte(h, tolower((unsigned char)*name));
	return h;
}

struct ios_index *ios_index_new(void)
{
	struct ios_index *ix = calloc(1, sizeof(*ix));

	if (!ix)
		return NULL;
	ix->size = 256;
	ix->bucket = calloc(ix->size, sizeof(*ix->bucket));
	if (!ix->bucket) {
		free(ix);
		return NULL;
	}
	return ix;
}

void ios_index_free(struct ios_index *ix)
{
	struct node *n;
	size_t i;

	if (!ix)
		return;
	for (i = 0; i < ix->size; i++) {
		while ((n = ix->bucket[i])) {
			ix->bucket[i] = n->next;
			free(n);
		}
	}
	free(ix->bucket);
	free(ix);
}

void *ios_object_add(struct ios_config *cfg, void *head, unsigned int kind, const void *owner,
		     uint32_t num, const char *name, void *obj)
{
	if (ios_index_add(cfg, kind, owner, num, name, obj)) {
		free(obj);
		return NULL;
	}
	ios_list_push(head, obj);
	return obj;
}
