// SPDX-License-Identifier: GPL-2.0-only
/* Crypto maps. */

#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "entry.h"
#include "map.h"

struct cmap_map *cmap_map_create(const char *name, u16 family)
{
	struct cmap_map *map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);

	if (!map)
		return NULL;
	strscpy(map->name, name, sizeof(map->name));
	map->family = family;
	xa_init_flags(&map->entries, XA_FLAGS_ACCOUNT);
	return map;
}

struct cmap_map *cmap_map_copy(struct cmap_map *map)
{
	struct cmap_entry *entry;
	struct cmap_map *copy;
	unsigned long seq;

	copy = cmap_map_create(map->name, map->family);
	if (!copy)
		return NULL;
	memcpy(copy->local_dev, map->local_dev, sizeof(copy->local_dev));
	xa_for_each(&map->entries, seq, entry) {
		cmap_entry_get(entry);
		if (cmap_map_set_entry(copy, entry)) {
			cmap_entry_put(entry);
			cmap_map_destroy(copy);
			return NULL;
		}
	}
	return copy;
}

void cmap_map_destroy(struct cmap_map *map)
{
	struct cmap_entry *entry;
	unsigned long seq;

	xa_for_each(&map->entries, seq, entry)
		cmap_entry_put(entry);
	xa_destroy(&map->entries);
	kfree(map);
}

int cmap_map_set_entry(struct cmap_map *map, struct cmap_entry *entry)
{
	struct cmap_entry *old;

	old = xa_store(&map->entries, entry->seq, entry, GFP_KERNEL);
	if (xa_is_err(old))
		return xa_err(old);
	if (old)
		cmap_entry_put(old);
	else
		map->n_entry++;
	return 0;
}

bool cmap_map_del_entry(struct cmap_map *map, u16 seq)
{
	struct cmap_entry *entry = xa_erase(&map->entries, seq);

	if (!entry)
		return false;
	cmap_entry_put(entry);
	map->n_entry--;
	return true;
}

struct cmap_entry *cmap_map_entry(const struct cmap_map *map, u16 seq)
{
	/* a look-up takes no lock, but the xarray is not const about it */
	return xa_load((struct xarray *)&map->entries, seq);
}

struct cmap_entry *cmap_map_entry_from(const struct cmap_map *map,
				       unsigned long *seq)
{
	return xa_find((struct xarray *)&map->entries, seq, U16_MAX,
		       XA_PRESENT);
}
