// SPDX-License-Identifier: GPL-2.0-only
/* Configurations: what belongs together and is swapped at once. */

#include <linux/atomic.h>
#include <linux/lockdep.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "config.h"
#include "filter.h"
#include "net.h"
#include "stage.h"

static const char *cmap_config_acl_key(const void *obj, u32 *num)
{
	const struct cmap_acl *acl = obj;

	*num = acl->family;
	return acl->name;
}

static void cmap_config_acl_get(void *obj)
{
	cmap_acl_get(obj);
}

static void cmap_config_acl_put(void *obj)
{
	cmap_acl_put(obj);
}

static const struct cmap_names_ops cmap_config_acl_ops = {
	.key = cmap_config_acl_key,
	.get = cmap_config_acl_get,
	.put = cmap_config_acl_put,
};

static const char *cmap_config_tset_key(const void *obj, u32 *num)
{
	const struct cmap_tset *tset = obj;

	*num = AF_UNSPEC;
	return tset->name;
}

static void cmap_config_tset_get(void *obj)
{
	cmap_tset_get(obj);
}

static void cmap_config_tset_put(void *obj)
{
	cmap_tset_put(obj);
}

static const struct cmap_names_ops cmap_config_tset_ops = {
	.key = cmap_config_tset_key,
	.get = cmap_config_tset_get,
	.put = cmap_config_tset_put,
};

/*
 * Crypto maps and dynamic crypto maps have names of their own: what tells objects
 * of one name apart by family does it here, too.
 */
static u16 cmap_map_space(bool dynamic)
{
	return dynamic;
}

static const char *cmap_config_map_key(const void *obj, u32 *num)
{
	const struct cmap_map *map = obj;

	*num = cmap_map_space(map->dynamic);
	return map->name;
}

static void cmap_config_map_get(void *obj)
{
	cmap_map_get(obj);
}

static void cmap_config_map_put(void *obj)
{
	cmap_map_put(obj);
}

static const struct cmap_names_ops cmap_config_map_ops = {
	.key = cmap_config_map_key,
	.get = cmap_config_map_get,
	.put = cmap_config_map_put,
};

struct cmap_config *cmap_config_create(void)
{
	static atomic64_t last_id;
	struct cmap_config *cfg = kzalloc(sizeof(*cfg), GFP_KERNEL_ACCOUNT);

	if (!cfg)
		return NULL;
	cfg->id = atomic64_inc_return(&last_id);
	cfg->globals.life_seconds = CMAP_LIFE_SECONDS_DEFAULT;
	cfg->globals.life_kilobytes = CMAP_LIFE_KILOBYTES_DEFAULT;
	cfg->globals.replay_window = CMAP_REPLAY_WINDOW_DEFAULT;
	cfg->globals.df_bit = CRYPTO_MAP_DF_BIT_COPY;
	cfg->globals.fragmentation = CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION;
	cfg->acls.ops = &cmap_config_acl_ops;
	cfg->tsets.ops = &cmap_config_tset_ops;
	cfg->maps.ops = &cmap_config_map_ops;
	INIT_LIST_HEAD(&cfg->attaches);
	return cfg;
}

static int cmap_config_copy_attaches(struct cmap_config *to,
				     const struct cmap_config *from)
{
	const struct cmap_attach *attach;

	list_for_each_entry(attach, &from->attaches, list) {
		struct cmap_attach *copy;

		copy = kzalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);
		if (!copy)
			return -ENOMEM;
		memcpy(copy->ifname, attach->ifname, sizeof(copy->ifname));
		memcpy(copy->map, attach->map, sizeof(copy->map));
		memcpy(copy->label, attach->label, sizeof(copy->label));
		copy->set = attach->set;
		copy->df_bit = attach->df_bit;
		copy->fragmentation = attach->fragmentation;
		list_add_tail(&copy->list, &to->attaches);
		to->n_attach++;
	}
	return 0;
}

struct cmap_config *cmap_config_copy(const struct cmap_config *cfg)
{
	struct cmap_config *copy = cmap_config_create();

	if (!copy)
		return NULL;
	copy->globals = cfg->globals;
	cmap_names_copy(&copy->acls, &cfg->acls);
	cmap_names_copy(&copy->tsets, &cfg->tsets);
	cmap_names_copy(&copy->maps, &cfg->maps);
	copy->n_ace = cfg->n_ace;
	copy->n_entry = cfg->n_entry;
	if (cmap_config_copy_attaches(copy, cfg)) {
		cmap_config_destroy(copy);
		return NULL;
	}
	return copy;
}

void cmap_config_destroy(struct cmap_config *cfg)
{
	struct cmap_attach *attach, *next;

	list_for_each_entry_safe(attach, next, &cfg->attaches, list)
		cmap_attach_destroy(attach);
	cmap_names_destroy(&cfg->maps);
	cmap_names_destroy(&cfg->tsets);
	cmap_names_destroy(&cfg->acls);
	kfree(cfg);
}

static void cmap_config_destroy_work(struct work_struct *work)
{
	cmap_config_destroy(container_of(to_rcu_work(work), struct cmap_config,
					 rcu));
}

void cmap_config_destroy_rcu(struct cmap_config *cfg)
{
	INIT_RCU_WORK(&cfg->rcu, cmap_config_destroy_work);
	queue_rcu_work(cmap_wq, &cfg->rcu);
}

struct cmap_config *cmap_config_of(const struct cmap_net *cn)
{
	return rcu_dereference_check(cn->config, lockdep_is_held(&cn->lock));
}

struct cmap_acl *cmap_acl_find(const struct cmap_config *cfg, const char *name,
			       u16 family)
{
	return cmap_names_find(&cfg->acls, name, family);
}

struct cmap_tset *cmap_tset_find(const struct cmap_config *cfg,
				 const char *name)
{
	return cmap_names_find(&cfg->tsets, name, AF_UNSPEC);
}

struct cmap_map *cmap_map_find(const struct cmap_config *cfg, const char *name)
{
	return cmap_names_find(&cfg->maps, name, cmap_map_space(false));
}

struct cmap_map *cmap_dynamic_map_find(const struct cmap_config *cfg,
				       const char *name)
{
	return cmap_names_find(&cfg->maps, name, cmap_map_space(true));
}

struct cmap_map *cmap_dynamic_map_of(const struct cmap_config *cfg,
				     const struct cmap_entry *entry)
{
	struct cmap_map *map = cmap_dynamic_map_find(cfg, entry->more->dynamic);

	return map && map->family == entry->family ? map : NULL;
}

void cmap_config_filters(const struct cmap_config *cfg,
			 const struct cmap_entry *entry,
			 struct cmap_acl *filter[CMAP_DIRS])
{
	int dir;

	for (dir = 0; dir < CMAP_DIRS; dir++) {
		filter[dir] = NULL;
		if (entry->more->filter[dir])
			filter[dir] = cmap_acl_find(cfg, entry->more->filter[dir],
						    entry->family);
		if (filter[dir] && !filter[dir]->n_rule)
			filter[dir] = NULL;
	}
}

int cmap_config_make_filters(const struct cmap_config *cfg,
			     const struct cmap_entry *entry)
{
	struct cmap_acl *filter[CMAP_DIRS];
	int dir, err = 0;

	cmap_config_filters(cfg, entry, filter);
	for (dir = 0; !err && dir < CMAP_DIRS; dir++)
		if (filter[dir])
			err = cmap_filter_make(filter[dir]);
	return err;
}

struct cmap_entry *cmap_config_next_entry(const struct cmap_config *cfg,
					  const struct cmap_map *map,
					  u64 *cursor)
{
	unsigned long seq = *cursor >> 16, sub = *cursor & U16_MAX;
	const struct cmap_map *templates;
	struct cmap_entry *entry;

	while ((entry = cmap_map_entry_from(map, &seq))) {
		if (seq != *cursor >> 16)
			sub = 0;
		*cursor = (u64)seq << 16;
		if (entry->kind != CRYPTO_MAP_ENTRY_KIND_DYNAMIC && !sub)
			return entry;
		templates = entry->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC ?
			    cmap_dynamic_map_of(cfg, entry) : NULL;
		entry = templates ? cmap_map_entry_from(templates, &sub) : NULL;
		if (entry) {
			*cursor |= sub;
			return entry;
		}
		seq++;
	}
	return NULL;
}

struct cmap_acl *cmap_config_rules(const struct cmap_config *cfg,
				   const struct cmap_entry *entry)
{
	struct cmap_acl *acl;

	if (!entry->acl || !cmap_entry_complete(cfg, entry))
		return NULL;
	acl = cmap_acl_find(cfg, entry->acl, entry->family);
	return acl->n_rule ? acl : NULL;
}

static int cmap_config_check_aces(const struct cmap_config *cfg, u32 more,
				  struct netlink_ext_ack *extack)
{
	if (more <= CMAP_CONFIG_ACES_MAX &&
	    cfg->n_ace <= CMAP_CONFIG_ACES_MAX - more)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "more than %u access list entries in all",
			   CMAP_CONFIG_ACES_MAX);
	return -E2BIG;
}

int cmap_config_set_acl(struct cmap_config *cfg, struct cmap_acl *acl,
			struct netlink_ext_ack *extack)
{
	const struct cmap_acl *old;
	u32 n_old;
	int err;

	if (acl->n && acl->ace[0].part) {
		NL_SET_ERR_MSG_FMT(extack,
				   "access list '%.32s' begins with part of an entry",
				   acl->name);
		return -EINVAL;
	}
	old = cmap_acl_find(cfg, acl->name, acl->family);
	if (!old && cmap_names_count(&cfg->acls) >= CMAP_CONFIG_ACLS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "more than %u access lists",
				   CMAP_CONFIG_ACLS_MAX);
		return -E2BIG;
	}
	err = cmap_config_check_aces(cfg, acl->n, extack);
	if (err)
		return err;
	n_old = old ? old->n : 0;
	err = cmap_names_set(&cfg->acls, acl->name, acl->family, acl);
	if (!err)
		cfg->n_ace += acl->n - n_old;
	return err;
}

static int cmap_config_check_append(const struct cmap_acl *to,
				    const struct cmap_acl *more,
				    struct netlink_ext_ack *extack)
{
	u32 first, last;

	if (more->n > CMAP_ACL_MAX - to->n) {
		NL_SET_ERR_MSG_FMT(extack,
				   "access list '%.32s' has more than %u entries",
				   to->name, CMAP_ACL_MAX);
		return -E2BIG;
	}
	if (!more->n || !to->n)
		return 0;
	first = more->ace[0].seq;
	last = to->ace[to->n - 1].seq;
	if (more->ace[0].part ? first == last : first > last)
		return 0;
	if (first == last) {
		NL_SET_ERR_MSG_FMT(extack, "access list '%.32s' has two entries %u",
				   to->name, first);
		return -EEXIST;
	}
	NL_SET_ERR_MSG_FMT(extack,
			   "access list '%.24s': entry %u is not above entry %u",
			   to->name, first, last);
	return -EINVAL;
}

int cmap_config_append_acl(struct cmap_config *cfg, struct cmap_acl *acl,
			   struct netlink_ext_ack *extack)
{
	struct cmap_acl *to = cmap_acl_find(cfg, acl->name, acl->family);
	struct cmap_acl *grown;
	u32 n = acl->n;
	int err;

	if (!to)
		return cmap_config_set_acl(cfg, acl, extack);
	err = cmap_config_check_aces(cfg, n, extack);
	if (!err)
		err = cmap_config_check_append(to, acl, extack);
	if (err)
		return err;

	/* a list that others use, packets among them, does not change */
	if (refcount_read(&to->refs) > 1 ||
	    !cmap_names_owns(&cfg->acls, to->name, to->family)) {
		to = cmap_acl_copy(to);
		if (!to)
			return -ENOMEM;
		err = cmap_names_set(&cfg->acls, to->name, to->family, to);
		if (err) {
			cmap_acl_put(to);
			return err;
		}
	}
	grown = cmap_acl_join(to, acl);
	if (!grown)
		return -ENOMEM;
	/* it may have moved; what this transaction entered is replaced without
	 * allocating
	 */
	if (grown != to)
		cmap_names_set(&cfg->acls, grown->name, grown->family, grown);
	cfg->n_ace += n;
	cmap_acl_put(acl);
	return 0;
}

int cmap_config_set_tset(struct cmap_config *cfg, struct cmap_tset *tset,
			 struct netlink_ext_ack *extack)
{
	if (cmap_names_count(&cfg->tsets) >= CMAP_CONFIG_TSETS_MAX &&
	    !cmap_tset_find(cfg, tset->name)) {
		NL_SET_ERR_MSG_FMT(extack, "more than %u transform sets",
				   CMAP_CONFIG_TSETS_MAX);
		return -E2BIG;
	}
	return cmap_names_set(&cfg->tsets, tset->name, AF_UNSPEC, tset);
}

/* Enter a map of our own, whose reference is the caller's; ERR_PTR(-ENOMEM). */
static struct cmap_map *cmap_config_own_map(struct cmap_config *cfg,
					    struct cmap_map *map)
{
	if (!map)
		return ERR_PTR(-ENOMEM);
	map->owner = cfg->id;
	if (cmap_names_set(&cfg->maps, map->name, cmap_map_space(map->dynamic),
			   map)) {
		cmap_map_put(map);
		return ERR_PTR(-ENOMEM);
	}
	return map;
}

/* Map of this name to be changed, made if need be. */
static struct cmap_map *cmap_config_get_map(struct cmap_config *cfg,
					    const char *name, u16 family,
					    bool dynamic,
					    struct netlink_ext_ack *extack)
{
	u16 space = cmap_map_space(dynamic);
	struct cmap_map *map = cmap_names_find(&cfg->maps, name, space);

	if (map && map->family != family) {
		NL_SET_ERR_MSG_FMT(extack,
				   "crypto map '%.32s' is of the other address family",
				   name);
		return ERR_PTR(-EINVAL);
	}
	if (map && map->owner == cfg->id)
		return map;
	if (map)
		return cmap_config_own_map(cfg, cmap_map_copy(map));
	if (cmap_names_count(&cfg->maps) >= CMAP_CONFIG_MAPS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "more than %u crypto maps",
				   CMAP_CONFIG_MAPS_MAX);
		return ERR_PTR(-E2BIG);
	}
	return cmap_config_own_map(cfg, cmap_map_create(name, family, dynamic));
}

int cmap_config_set_map(struct cmap_config *cfg, const char *name, u16 family,
			bool dynamic, const char *local_dev,
			const char *profile, struct netlink_ext_ack *extack)
{
	struct cmap_map *map;

	map = cmap_config_get_map(cfg, name, family, dynamic, extack);

	if (IS_ERR(map))
		return PTR_ERR(map);
	strscpy(map->local_dev, local_dev, sizeof(map->local_dev));
	strscpy(map->profile, profile, sizeof(map->profile));
	return 0;
}

int cmap_config_set_entry(struct cmap_config *cfg, struct cmap_entry *entry,
			  struct netlink_ext_ack *extack)
{
	bool dynamic = entry->kind == CRYPTO_MAP_ENTRY_KIND_TEMPLATE;
	struct cmap_map *map;
	u32 before;
	int err;

	/* of the family of the map if there is one, else of that of the peers */
	map = cmap_names_find(&cfg->maps, entry->map, cmap_map_space(dynamic));
	map = cmap_config_get_map(cfg, entry->map,
				  map ? map->family :
				  entry->peer_family ?: AF_INET, dynamic,
				  extack);
	if (IS_ERR(map))
		return PTR_ERR(map);
	entry->family = map->family;
	if (entry->n_peer && entry->peer_family == AF_UNSPEC)
		entry->peer_family = map->family;
	if (entry->more->route && entry->more->route->gateway_family != AF_UNSPEC &&
	    entry->more->route->gateway_family != entry->family) {
		NL_SET_ERR_MSG_FMT(extack,
				   "crypto map '%.24s' %u: gateway of another family",
				   map->name, entry->seq);
		return -EINVAL;
	}
	if (cfg->n_entry >= CMAP_CONFIG_ENTRIES_MAX &&
	    !cmap_map_entry(map, entry->seq)) {
		NL_SET_ERR_MSG_FMT(extack, "more than %u crypto map entries in all",
				   CMAP_CONFIG_ENTRIES_MAX);
		return -E2BIG;
	}
	before = cmap_map_count(map);
	err = cmap_map_set_entry(map, entry);
	cfg->n_entry += cmap_map_count(map) - before;
	return err;
}

int cmap_config_set_attach(struct cmap_config *cfg, struct cmap_attach *attach,
			   struct netlink_ext_ack *extack)
{
	struct cmap_attach *old;

	old = cmap_attach_find(cfg, attach->ifname, attach->map);
	if (!old && cfg->n_attach >= CMAP_CONFIG_ATTACHES_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "crypto maps on more than %u interfaces",
				   CMAP_CONFIG_ATTACHES_MAX);
		return -E2BIG;
	}
	list_add_tail(&attach->list, &cfg->attaches);
	cfg->n_attach++;
	if (old) {
		cmap_attach_destroy(old);
		cfg->n_attach--;
	}
	return 0;
}

int cmap_config_del_acl(struct cmap_config *cfg, const char *name, u16 family,
			struct netlink_ext_ack *extack)
{
	const struct cmap_acl *acl = cmap_acl_find(cfg, name, family);
	u32 n = acl ? acl->n : 0;
	int err;

	err = cmap_names_del(&cfg->acls, name, family);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_FMT(extack, "access list '%.40s' does not exist",
				   name);
	if (!err)
		cfg->n_ace -= n;
	return err;
}

int cmap_config_del_tset(struct cmap_config *cfg, const char *name,
			 struct netlink_ext_ack *extack)
{
	int err = cmap_names_del(&cfg->tsets, name, AF_UNSPEC);

	if (err == -ENOENT)
		NL_SET_ERR_MSG_FMT(extack, "transform set '%.40s' does not exist",
				   name);
	return err;
}

int cmap_config_del_map(struct cmap_config *cfg, const char *name, bool dynamic,
			struct netlink_ext_ack *extack)
{
	u16 space = cmap_map_space(dynamic);
	const struct cmap_map *map = cmap_names_find(&cfg->maps, name, space);
	u32 n = map ? cmap_map_count(map) : 0;
	int err;

	err = cmap_names_del(&cfg->maps, name, space);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_FMT(extack, "crypto map '%.40s' does not exist",
				   name);
	if (!err)
		cfg->n_entry -= n;
	return err;
}

int cmap_config_del_entry(struct cmap_config *cfg, const char *name,
			  bool dynamic, u16 seq,
			  struct netlink_ext_ack *extack)
{
	struct cmap_map *map;
	int err;

	map = cmap_names_find(&cfg->maps, name, cmap_map_space(dynamic));

	if (!map || !cmap_map_entry(map, seq)) {
		NL_SET_ERR_MSG_FMT(extack, "crypto map '%.40s' has no entry %u",
				   name, seq);
		return -ENOENT;
	}
	map = cmap_config_get_map(cfg, name, map->family, dynamic, extack);
	if (IS_ERR(map))
		return PTR_ERR(map);
	err = cmap_map_del_entry(map, seq);
	if (!err)
		cfg->n_entry--;
	return err;
}

int cmap_config_del_attach(struct cmap_config *cfg, const char *ifname,
			   const char *map, struct netlink_ext_ack *extack)
{
	struct cmap_attach *attach = cmap_attach_find(cfg, ifname, map);

	if (!attach) {
		NL_SET_ERR_MSG_FMT(extack, "crypto map '%.32s' is not on interface %s",
				   map, ifname);
		return -ENOENT;
	}
	cmap_attach_destroy(attach);
	cfg->n_attach--;
	return 0;
}

/**
 * cmap_config_net_init() - give a namespace its empty configuration
 * @cn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int cmap_config_net_init(struct cmap_net *cn)
{
	struct cmap_config *cfg = cmap_config_create();

	if (!cfg)
		return -ENOMEM;
	INIT_LIST_HEAD(&cn->stages);
	rcu_assign_pointer(cn->config, cfg);
	return 0;
}

/**
 * cmap_config_net_exit() - discard transactions and configuration
 * @cn: namespace; no packet, handler or notifier reaches it any more
 */
void cmap_config_net_exit(struct cmap_net *cn)
{
	struct cmap_config *cfg;

	mutex_lock(&cn->lock);
	cmap_stage_release_all(cn);
	cfg = rcu_replace_pointer(cn->config, NULL, lockdep_is_held(&cn->lock));
	mutex_unlock(&cn->lock);
	cmap_config_destroy(cfg);
}
