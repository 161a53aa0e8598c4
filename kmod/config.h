/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_CONFIG_H
#define _CMAP_CONFIG_H

/*
 * The configuration of a network namespace.
 *
 * A struct cmap_config is built by a transaction, published with one pointer
 * swap and immutable from then on, but for the binding of attachments to
 * devices. It refers to access lists, transform sets and entries, which are
 * immutable, reference counted and shared between configurations: what a
 * transaction does not change is the same object before and after.
 *
 * Who reaches it: packets and netlink dumps through cn->config under RCU,
 * netlink handlers and workers under cn->lock. A configuration that was
 * replaced is destroyed after a grace period, so a packet sees the old or the
 * new one, never a mixture.
 */

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "attach.h"
#include "classify.h"
#include "entry.h"
#include "map.h"
#include "names.h"
#include "tset.h"
#include "tuple.h"

struct cmap_net;
struct netlink_ext_ack;

/* What one configuration may hold. */
#define CMAP_CONFIG_ACLS_MAX		131072
#define CMAP_CONFIG_ACES_MAX		1048576
#define CMAP_CONFIG_TSETS_MAX		4096
#define CMAP_CONFIG_MAPS_MAX		4096
#define CMAP_CONFIG_ENTRIES_MAX		131072
#define CMAP_CONFIG_ATTACHES_MAX	1024
#define CMAP_CONFIG_RULES_MAX		1048576

#define CMAP_BOUND_BITS	6

/**
 * struct cmap_config - a configuration
 * @rcu: destroys it after a grace period
 * @id: tells configurations apart that share objects
 * @generation: counts commits of this namespace, 0 for the empty one at first;
 *	none comes again
 * @globals: settings that entries inherit
 * @acls: access lists by name and family
 * @tsets: transform sets
 * @maps: crypto maps and dynamic crypto maps
 * @attaches: bindings, owned
 * @n_ace: entries of all access lists
 * @n_entry: entries of all crypto maps
 * @n_attach: bindings
 * @bound: bindings whose device exists, by ifindex; RCU, written under cn->lock
 */
struct cmap_config {
	struct rcu_work		rcu;
	u64			id;
	u64			generation;
	struct cmap_globals	globals;
	struct cmap_names	acls;
	struct cmap_names	tsets;
	struct cmap_names	maps;
	struct list_head	attaches;
	u32			n_ace;
	u32			n_entry;
	u32			n_attach;
	struct hlist_head	bound[1 << CMAP_BOUND_BITS];
};

int cmap_config_net_init(struct cmap_net *cn);
void cmap_config_net_exit(struct cmap_net *cn);

/**
 * cmap_config_create() - make an empty configuration with IOS's defaults
 *
 * Return: the configuration or NULL.
 */
struct cmap_config *cmap_config_create(void);

/**
 * cmap_config_copy() - make a configuration that refers to the same objects
 * @cfg: configuration
 *
 * Return: the copy, without rules and bound to no device, or NULL.
 */
struct cmap_config *cmap_config_copy(const struct cmap_config *cfg);

/**
 * cmap_config_destroy() - free a configuration that packets cannot reach
 * @cfg: configuration
 */
void cmap_config_destroy(struct cmap_config *cfg);

/**
 * cmap_config_destroy_rcu() - destroy a configuration after a grace period
 * @cfg: configuration that was replaced
 */
void cmap_config_destroy_rcu(struct cmap_config *cfg);

/**
 * cmap_config_of() - configuration in force
 * @cn: namespace
 *
 * Context: cn->lock, or RCU read side.
 * Return: never NULL.
 */
struct cmap_config *cmap_config_of(const struct cmap_net *cn);

struct cmap_acl *cmap_acl_find(const struct cmap_config *cfg, const char *name,
			       u16 family);
struct cmap_tset *cmap_tset_find(const struct cmap_config *cfg,
				 const char *name);
struct cmap_map *cmap_map_find(const struct cmap_config *cfg, const char *name);
struct cmap_map *cmap_dynamic_map_find(const struct cmap_config *cfg,
				       const char *name);

/**
 * cmap_dynamic_map_of() - the dynamic crypto map that an entry refers to
 * @cfg: configuration
 * @entry: entry of kind dynamic
 *
 * Return: NULL if there is none, or one of the other address family.
 */
struct cmap_map *cmap_dynamic_map_of(const struct cmap_config *cfg,
				     const struct cmap_entry *entry);

/**
 * cmap_config_filters() - access lists that filter what an entry protects
 * @cfg: configuration
 * @entry: entry of it
 * @filter: set by direction, without references; NULL for one that permits all,
 *	since it does not exist or is empty, as on IOS
 */
void cmap_config_filters(const struct cmap_config *cfg,
			 const struct cmap_entry *entry,
			 struct cmap_acl *filter[CMAP_DIRS]);

/**
 * cmap_config_make_filters() - make ready the access lists that filter for an entry
 * @cfg: configuration under construction
 * @entry: entry of it
 *
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int cmap_config_make_filters(const struct cmap_config *cfg,
			     const struct cmap_entry *entry);

/**
 * cmap_config_next_entry() - next entry of a crypto map that may make rules
 * @cfg: configuration
 * @map: crypto map of it
 * @cursor: where to look from, 0 at first; set to the place of the entry, see struct
 *	cmap_rule. The next one is to be looked for behind it.
 *
 * Return: an entry of @map, or of a dynamic crypto map in the place where that is
 * referred to; NULL after the last.
 */
struct cmap_entry *cmap_config_next_entry(const struct cmap_config *cfg,
					  const struct cmap_map *map,
					  u64 *cursor);

/**
 * cmap_config_rules() - access list that an entry makes rules of
 * @cfg: configuration
 * @entry: entry of it, not of kind dynamic
 *
 * Return: the list, NULL if there is none, it is empty or the entry is not complete.
 */
struct cmap_acl *cmap_config_rules(const struct cmap_config *cfg,
				   const struct cmap_entry *entry);

/*
 * Changes of a configuration under construction. The reference to the object
 * moves to the configuration on success. Errors: -ENOMEM, -E2BIG when the
 * configuration is full, -EINVAL when the object does not fit the others.
 */
int cmap_config_set_acl(struct cmap_config *cfg, struct cmap_acl *acl,
			struct netlink_ext_ack *extack);
int cmap_config_append_acl(struct cmap_config *cfg, struct cmap_acl *acl,
			   struct netlink_ext_ack *extack);
int cmap_config_set_tset(struct cmap_config *cfg, struct cmap_tset *tset,
			 struct netlink_ext_ack *extack);
int cmap_config_set_map(struct cmap_config *cfg, const char *name, u16 family,
			bool dynamic, const char *local_dev,
			const char *profile, struct netlink_ext_ack *extack);
int cmap_config_set_entry(struct cmap_config *cfg, struct cmap_entry *entry,
			  struct netlink_ext_ack *extack);
int cmap_config_set_attach(struct cmap_config *cfg, struct cmap_attach *attach,
			   struct netlink_ext_ack *extack);

/* Removals from a configuration under construction: 0, -ENOENT or -ENOMEM. */
int cmap_config_del_acl(struct cmap_config *cfg, const char *name, u16 family,
			struct netlink_ext_ack *extack);
int cmap_config_del_tset(struct cmap_config *cfg, const char *name,
			 struct netlink_ext_ack *extack);
int cmap_config_del_map(struct cmap_config *cfg, const char *name, bool dynamic,
			struct netlink_ext_ack *extack);
int cmap_config_del_entry(struct cmap_config *cfg, const char *name,
			  bool dynamic, u16 seq,
			  struct netlink_ext_ack *extack);
int cmap_config_del_attach(struct cmap_config *cfg, const char *ifname,
			   const char *map, struct netlink_ext_ack *extack);

#endif /* _CMAP_CONFIG_H */
