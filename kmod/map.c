// SPDX-License-Identifier: GPL-2.0-only
/* Crypto maps. */

#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "entry.h"
#include "map.h"

/* Entries have no name within their map, but a number. */
#define CMAP_MAP_ENTRY_NAME	""

static void cmap_map_entry_get(void *obj)
{
	cmap_entry_get(obj);
}

static void cmap_map_entry_put(void *obj)
{
	cmap_entry_put(obj);
}

static const char *cmap_map_entry_key(const void *obj, u32 *num)
{
	const struct cmap_entry *entry = obj;

	*num = entry->seq;
	return CMAP_MAP_ENTRY_NAME;
}

static const struct cmap_names_ops cmap_map_entry_ops = {
	.key = cmap_map_entry_key,
	.get = cmap_map_entry_get,
	.put = cmap_map_entry_put,
};

struct cmap_map *cmap_map_create(const char *name, u16 family, bool dynamic)
{
	struct cmap_map *map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);

	if (!map)
		return NULL;
	refcount_set(&map->refs, 1);
	strscpy(map->name, name, sizeof(map->name));
	map->family = family;
	map->dynamic = dynamic;
	map->entries.ops = &cmap_map_entry_ops;
	return map;
}

struct cmap_map *cmap_map_copy(const struct cmap_map *map)
{
	struct cmap_map *copy;

	copy = cmap_map_create(map->name, map->family, map->dynamic);
	if (!copy)
		return NULL;
	memcpy(copy->local_dev, map->local_dev, sizeof(copy->local_dev));
	memcpy(copy->profile, map->profile, sizeof(copy->profile));
	copy->n_dynamic = map->n_dynamic;
	cmap_names_copy(&copy->entries, &map->entries);
	return copy;
}

/**
 * cmap_map_get() - take a reference
 * @map: map
 */
void cmap_map_get(struct cmap_map *map)
{
	refcount_inc(&map->refs);
}

/**
 * cmap_map_put() - give a reference back
 * @map: map; freed with the last one. Packets and dumps reach it through a
 *	configuration only, whose references outlast them.
 */
void cmap_map_put(struct cmap_map *map)
{
	if (!refcount_dec_and_test(&map->refs))
		return;
	cmap_names_destroy(&map->entries);
	kfree(map);
}

static u32 cmap_map_is_dynamic(const struct cmap_entry *entry)
{
	return entry && entry->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC;
}

int cmap_map_set_entry(struct cmap_map *map, struct cmap_entry *entry)
{
	u32 dynamic = cmap_map_is_dynamic(cmap_map_entry(map, entry->seq));
	int err;

	err = cmap_names_set(&map->entries, CMAP_MAP_ENTRY_NAME, entry->seq,
			     entry);
	if (!err)
		map->n_dynamic += cmap_map_is_dynamic(entry) - dynamic;
	return err;
}

bool cmap_map_reuse_entry(struct cmap_map *map, struct cmap_entry *entry)
{
	return cmap_names_reuse(&map->entries, CMAP_MAP_ENTRY_NAME, entry->seq,
				entry);
}

int cmap_map_del_entry(struct cmap_map *map, u16 seq)
{
	u32 dynamic = cmap_map_is_dynamic(cmap_map_entry(map, seq));
	int err;

	err = cmap_names_del(&map->entries, CMAP_MAP_ENTRY_NAME, seq);
	if (!err)
		map->n_dynamic -= dynamic;
	return err;
}

struct cmap_entry *cmap_map_entry(const struct cmap_map *map, u16 seq)
{
	return cmap_names_find(&map->entries, CMAP_MAP_ENTRY_NAME, seq);
}

struct cmap_entry *cmap_map_entry_from(const struct cmap_map *map,
				       unsigned long *seq)
{
	struct cmap_entry *entry;

	if (*seq > U16_MAX)
		return NULL;
	entry = cmap_names_from(&map->entries, CMAP_MAP_ENTRY_NAME, *seq);
	if (entry)
		*seq = entry->seq;
	return entry;
}
