/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_MAP_H
#define _CMAP_MAP_H

/*
 * Crypto maps, dynamic ones too: shared between configurations, with their entries.
 * A transaction changes a copy of its own, which costs nothing (see names.h).
 */

#include <linux/if.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "names.h"

struct cmap_entry;

/**
 * struct cmap_map - a crypto map
 * @refs: nodes of configurations that hold it
 * @owner: id of the configuration that may change it while it is under construction
 * @name: name
 * @family: AF_INET or AF_INET6
 * @dynamic: a dynamic crypto map, of entries of kind template
 * @local_dev: device whose address is the local end point, or empty
 * @profile: name of the ISAKMP profile of entries that have none, or empty; kept
 *	for user space
 * @n_dynamic: entries that refer to a dynamic crypto map
 * @entries: struct cmap_entry by sequence number
 */
struct cmap_map {
	refcount_t		refs;
	u64			owner;
	char			name[CRYPTO_MAP_NAME_MAX + 1];
	u16			family;
	bool			dynamic;
	char			local_dev[IFNAMSIZ];
	char			profile[CRYPTO_MAP_NAME_MAX + 1];
	u32			n_dynamic;
	struct cmap_names	entries;
};

/**
 * cmap_map_create() - make an empty crypto map
 * @name: name
 * @family: AF_INET or AF_INET6
 * @dynamic: it is a dynamic crypto map
 *
 * Return: the map with one reference, or NULL.
 */
struct cmap_map *cmap_map_create(const char *name, u16 family, bool dynamic);

/**
 * cmap_map_copy() - make a map that refers to the same entries
 * @map: map
 *
 * Return: the map with one reference, or NULL.
 */
struct cmap_map *cmap_map_copy(const struct cmap_map *map);

void cmap_map_get(struct cmap_map *map);
void cmap_map_put(struct cmap_map *map);

/**
 * cmap_map_set_entry() - enter an entry, or replace the one of this number
 * @map: map under construction
 * @entry: entry; its reference moves to the map on success
 *
 * Return: 0 or -ENOMEM.
 */
int cmap_map_set_entry(struct cmap_map *map, struct cmap_entry *entry);

/**
 * cmap_map_reuse_entry() - replace an entry by one that says the same
 * @map: map under construction
 * @entry: entry; its reference moves to the map on success
 *
 * See cmap_names_reuse(). Return: false if nothing has changed.
 */
bool cmap_map_reuse_entry(struct cmap_map *map, struct cmap_entry *entry);

/**
 * cmap_map_del_entry() - remove an entry
 * @map: map under construction
 * @seq: sequence number
 *
 * Return: 0, -ENOENT if there is none, or -ENOMEM.
 */
int cmap_map_del_entry(struct cmap_map *map, u16 seq);

/**
 * cmap_map_count() - entries of a map
 * @map: map
 */
static inline u32 cmap_map_count(const struct cmap_map *map)
{
	return cmap_names_count(&map->entries);
}

/**
 * cmap_map_entry() - look an entry up
 * @map: map
 * @seq: sequence number
 *
 * Return: the entry, without a new reference, or NULL.
 */
struct cmap_entry *cmap_map_entry(const struct cmap_map *map, u16 seq);

/**
 * cmap_map_entry_from() - first entry at or after a sequence number
 * @map: map
 * @seq: where to begin; set to the number of the entry found
 *
 * Return: the entry, without a new reference, or NULL.
 */
struct cmap_entry *cmap_map_entry_from(const struct cmap_map *map,
				       unsigned long *seq);

#endif /* _CMAP_MAP_H */
