// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The difference of two models, staged.
 */
#include <string.h>

#include "ios/print.h"
#include "load.h"
#include "transaction.h"

#define ROOM 512

/* struct sides - what is, what is to be, and where the difference goes */
struct sides {
	const struct ios_config *old, *new;
	struct nl_batch *batch;
};

static struct nlmsghdr *removal(struct nl_batch *batch, uint8_t cmd, uint16_t type,
				const char *name)
{
	struct nlmsghdr *nlh = nl_batch_message(batch, cmd, ROOM, 0);

	mnl_attr_put_strz(nlh, type, name);
	return nlh;
}

static void remove_list(struct nl_batch *batch, const char *name, int family)
{
	struct nlmsghdr *nlh = removal(batch, CRYPTO_MAP_CMD_ACL_DEL, CRYPTO_MAP_A_ACL_NAME, name);

	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_ACL_FAMILY, family);
}

/* Return: whether any of them changed */
static bool change_groups(const struct sides *s)
{
	const struct ios_group *group, *other;
	bool changed = false;

	for (group = s->new->groups; group; group = group->next) {
		other = ios_group_find(s->old, group->name);
		if (group->fault || (other && !other->fault && ios_group_same(group, other)))
			continue;
		send_group(s->batch, group);
		changed = true;
	}
	for (group = s->old->groups; group; group = group->next) {
		other = ios_group_find(s->new, group->name);
		if (group->fault || (other && !other->fault))
			continue;
		remove_list(s->batch, group->name, AF_UNSPEC);
		changed = true;
	}
	return changed;
}

/* @groups: object-groups changed, which are in a list with what they stand for */
static void change_acls(const struct sides *s, bool groups)
{
	const struct ios_acl *acl, *other;

	for (acl = s->new->acls; acl; acl = acl->next) {
		other = ios_acl_find(s->old, acl->name, acl->family);
		if (acl->n_lost || (other && !other->n_lost && ios_acl_same(acl, other) &&
				    !(groups && ios_acl_grouped(acl))))
			continue;
		send_acl(s->batch, acl);
	}
	for (acl = s->old->acls; acl; acl = acl->next) {
		other = ios_acl_find(s->new, acl->name, acl->family);
		if (!acl->n_lost && !(other && !other->n_lost))
			remove_list(s->batch, acl->name, acl->family);
	}
}

static void change_tsets(const struct sides *s)
{
	const struct ios_tset *set, *other;

	for (set = s->new->tsets; set; set = set->next) {
		other = ios_tset_find(s->old, set->name);
		if (set->usable && !(other && other->usable && ios_tset_same(set, other)))
			send_tset(s->batch, set);
	}
	for (set = s->old->tsets; set; set = set->next) {
		other = ios_tset_find(s->new, set->name);
		if (set->usable && !(other && other->usable))
			removal(s->batch, CRYPTO_MAP_CMD_TSET_DEL, CRYPTO_MAP_A_TSET_NAME,
				set->name);
	}
}

static const struct ios_map *map_like(const struct ios_config *cfg, const struct ios_map *map)
{
	return map->dynamic ? ios_dynamic_find(cfg, map->name) : ios_map_find(cfg, map->name);
}

static const struct ios_entry *entry_like(const struct ios_config *cfg, const struct ios_map *map,
					  const struct ios_entry *entry)
{
	const struct ios_entry *other = map ? ios_entry_find(cfg, map, entry->seq) : NULL;

	return other && loads_entry(other) ? other : NULL;
}

static void remove_entry(struct nl_batch *batch, const struct ios_map *map, uint16_t seq)
{
	struct nlmsghdr *nlh = removal(batch, CRYPTO_MAP_CMD_ENTRY_DEL, CRYPTO_MAP_A_ENTRY_MAP,
				       map->name);

	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_ENTRY_SEQ, seq);
	if (map->dynamic)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_KIND, CRYPTO_MAP_ENTRY_KIND_TEMPLATE);
}

/*
 * Whether an entry is staged with more transform sets than before, which was written the same: one
 * that is not defined is left out.
 */
static bool gets_tset(const struct sides *s, const struct ios_entry *entry)
{
	const struct ios_tset *set, *other;
	size_t i;

	for (i = 0; i < entry->n_tsets; i++) {
		set = ios_tset_find(s->new, entry->tsets[i]);
		other = ios_tset_find(s->old, entry->tsets[i]);
		if (set && set->usable && !(other && other->usable))
			return true;
	}
	return false;
}

/* @before: the map as it is, NULL for none */
static void change_entries(const struct sides *s, const struct ios_map *map,
			   const struct ios_map *before)
{
	const struct ios_entry *entry, *other;

	for (entry = map->entries; entry; entry = entry->next) {
		other = entry_like(s->old, before, entry);
		if (loads_entry(entry) && (!other || gets_tset(s, entry) ||
					   !ios_entry_same(map, entry, other)))
			send_entry(s->batch, s->new, map, entry);
	}
	for (entry = before ? before->entries : NULL; entry; entry = entry->next)
		if (loads_entry(entry) && !entry_like(s->new, map, entry))
			remove_entry(s->batch, before, entry->seq);
}

static void remove_map(struct nl_batch *batch, const struct ios_map *map)
{
	struct nlmsghdr *nlh = removal(batch, CRYPTO_MAP_CMD_MAP_DEL, CRYPTO_MAP_A_MAP_NAME,
				       map->name);

	if (map->dynamic)
		mnl_attr_put(nlh, CRYPTO_MAP_A_MAP_DYNAMIC, 0, NULL);
}

static void change_maps(const struct sides *s)
{
	const struct ios_map *map, *before;

	for (map = ios_map_next(s->new, NULL); map; map = ios_map_next(s->new, map)) {
		before = map_like(s->old, map);
		/* a dynamic one is of the family of who refers to it; the module wants it made anew */
		if (before && before->family != map->family) {
			remove_map(s->batch, before);
			before = NULL;
		}
		/* local-address is a device, by which it changes as well */
		if (!before || *before->local_if || *map->local_if ||
		    strcmp(before->profile, map->profile))
			send_map(s->batch, s->new, map);
		change_entries(s, map, before);
	}
	for (map = ios_map_next(s->old, NULL); map; map = ios_map_next(s->old, map)) {
		if (!map_like(s->new, map))
			remove_map(s->batch, map);
	}
}

/* Whether a crypto map is on the device of an interface in the other model. */
static bool attached(const struct ios_config *cfg, const char *dev, const char *map)
{
	const struct ios_interface *ifc;

	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		if (!strcmp(ios_interface_dev(ifc), dev) && ios_interface_has(ifc, map) &&
		    loads_attachment(cfg, ifc, map))
			return true;
	return false;
}

static void detach(const struct sides *s, const struct ios_interface *ifc, const char *map)
{
	const char *dev = ios_interface_dev(ifc);
	struct nlmsghdr *nlh;

	if (!loads_attachment(s->old, ifc, map) || attached(s->new, dev, map))
		return;
	nlh = removal(s->batch, CRYPTO_MAP_CMD_ATTACH_DEL, CRYPTO_MAP_A_ATTACH_IFNAME, dev);
	mnl_attr_put_strz(nlh, CRYPTO_MAP_A_ATTACH_MAP, map);
}

static void change_attachments(const struct sides *s)
{
	const struct ios_interface *ifc, *other;
	bool same;

	for (ifc = s->old->interfaces; ifc; ifc = ifc->next) {
		detach(s, ifc, ifc->map);
		detach(s, ifc, ifc->map6);
	}
	for (ifc = s->new->interfaces; ifc; ifc = ifc->next) {
		other = ios_interface_find(s->old, ifc->name);
		same = other && ios_interface_same(ifc, other);
		if (!same || !attached(s->old, ios_interface_dev(ifc), ifc->map))
			send_attachment(s->batch, s->new, ifc, ifc->map, ifc->map_line);
		if (!same || !attached(s->old, ios_interface_dev(ifc), ifc->map6))
			send_attachment(s->batch, s->new, ifc, ifc->map6, ifc->map6_line);
	}
}

int change_config(struct nl *nl, const struct ios_config *old, struct ios_config *new,
		  const struct args *args, uint64_t *generation)
{
	struct sides s = { .old = old, .new = new, .batch = nl_batch_new(nl, new->file) };
	int ret;

	if (!s.batch)
		return -1;
	send_globals(s.batch, &new->ipsec);
	change_acls(&s, change_groups(&s));
	change_tsets(&s);
	change_maps(&s);
	change_attachments(&s);
	ret = nl_batch_end(s.batch);
	nl_batch_free(s.batch);
	return ret ? -1 : make_config(nl, new, args, generation, false);
}
