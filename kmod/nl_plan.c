// SPDX-License-Identifier: GPL-2.0-only
/* Dump of what a commit would do. */

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config.h"
#include "flow.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_selector.h"
#include "plan.h"
#include "sa.h"
#include "stage.h"

/* Parts of the dump, in this order. */
enum cmap_nl_plan_part {
	CMAP_NL_PLAN_GLOBALS,
	CMAP_NL_PLAN_ACLS,
	CMAP_NL_PLAN_ACLS_GONE,
	CMAP_NL_PLAN_TSETS,
	CMAP_NL_PLAN_TSETS_GONE,
	CMAP_NL_PLAN_MAPS,
	CMAP_NL_PLAN_MAPS_GONE,
	CMAP_NL_PLAN_ENTRIES,
	CMAP_NL_PLAN_ENTRIES_GONE,
	CMAP_NL_PLAN_ATTACHES,
	CMAP_NL_PLAN_ATTACHES_GONE,
	CMAP_NL_PLAN_FLOWS,
	CMAP_NL_PLAN_END,
};

/**
 * struct cmap_nl_plan_cursor - where a dump goes on
 * @part: enum cmap_nl_plan_part
 * @pos: rank of the object, or place in the plan
 * @seq: of entries, the first one left; of flows, whether this one was told
 * @sa: last SA of the flow that was told; numbers ascend in its list
 */
struct cmap_nl_plan_cursor {
	u32		part;
	u32		pos;
	unsigned long	seq;
	u32		sa;
};

/**
 * struct cmap_nl_plan - a dump under way, under cn->lock
 * @skb: message block
 * @cb: state of the dump
 * @cursor: in @cb
 * @cn: namespace
 * @old: configuration in force
 * @cfg: that of the transaction
 * @plan: what its commit would take away
 */
struct cmap_nl_plan {
	struct sk_buff			*skb;
	struct netlink_callback		*cb;
	struct cmap_nl_plan_cursor	*cursor;
	struct cmap_net			*cn;
	const struct cmap_config	*old;
	const struct cmap_config	*cfg;
	const struct cmap_plan		*plan;
};

/**
 * struct cmap_nl_change - attributes that name an object
 * @object: enum crypto_map_change_object
 * @action: enum crypto_map_change_action
 * @name: name of it, or of its map, or NULL
 * @family: 0 where the name says it all
 * @seq: 0 for none
 * @ifname: or NULL
 */
struct cmap_nl_change {
	u32		object;
	u32		action;
	const char	*name;
	u16		family;
	u16		seq;
	const char	*ifname;
};

/* Return: header of the message, for cmap_nl_dump_end(), or NULL when @skb is full. */
static void *cmap_nl_plan_open(struct cmap_nl_plan *d,
			       const struct cmap_nl_change *c)
{
	void *hdr = cmap_nl_dump_put(d->skb, d->cb, CRYPTO_MAP_CMD_CONFIG_TRY);
	int err;

	if (!hdr)
		return NULL;
	err = nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_OBJECT, c->object) ?:
	      nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_ACTION, c->action);
	if (!err && c->name)
		err = nla_put_string(d->skb, CRYPTO_MAP_A_CONFIG_NAME, c->name);
	if (!err && c->family)
		err = nla_put_u16(d->skb, CRYPTO_MAP_A_CONFIG_FAMILY, c->family);
	if (!err && c->seq)
		err = nla_put_u16(d->skb, CRYPTO_MAP_A_CONFIG_SEQ, c->seq);
	if (!err && c->ifname)
		err = nla_put_string(d->skb, CRYPTO_MAP_A_CONFIG_IFNAME,
				     c->ifname);
	if (!err)
		return hdr;
	genlmsg_cancel(d->skb, hdr);
	return NULL;
}

static int cmap_nl_plan_put(struct cmap_nl_plan *d,
			    const struct cmap_nl_change *c)
{
	void *hdr = cmap_nl_plan_open(d, c);

	if (!hdr)
		return -EMSGSIZE;
	genlmsg_end(d->skb, hdr);
	return 0;
}

static int cmap_nl_plan_globals(struct cmap_nl_plan *d)
{
	const struct cmap_globals *a = &d->old->globals, *b = &d->cfg->globals;
	const struct cmap_nl_change c = {
		.object = CRYPTO_MAP_CHANGE_OBJECT_GLOBALS,
		.action = CRYPTO_MAP_CHANGE_ACTION_CHANGED,
	};

	return cmap_globals_equal(a, b) ? 0 : cmap_nl_plan_put(d, &c);
}

/* Access lists and sets that say the same are one object; maps never are. */
static bool cmap_nl_plan_same(u32 object, const void *a, const void *b)
{
	const struct cmap_map *was = a, *map = b;

	if (object != CRYPTO_MAP_CHANGE_OBJECT_MAP)
		return a == b;
	return was->family == map->family &&
	       !strcmp(was->local_dev, map->local_dev) &&
	       !strcmp(was->profile, map->profile);
}

static bool cmap_nl_plan_is_dynamic(const struct cmap_map *map)
{
	return map->dynamic;
}

/* With @gone, objects that the other container lacks, else all but equal ones. */
static int cmap_nl_plan_names(struct cmap_nl_plan *d, u32 object,
			      const struct cmap_names *of,
			      const struct cmap_names *other, bool gone)
{
	const void *obj;

	for (; (obj = cmap_names_at(of, d->cursor->pos)); d->cursor->pos++) {
		u32 num;
		const char *name = of->ops->key(obj, &num);
		const void *was = cmap_names_find(other, name, num);
		const struct cmap_nl_change c = {
			.object = object == CRYPTO_MAP_CHANGE_OBJECT_MAP &&
				  cmap_nl_plan_is_dynamic(obj) ?
				  CRYPTO_MAP_CHANGE_OBJECT_DYNAMIC_MAP : object,
			.action = gone ? CRYPTO_MAP_CHANGE_ACTION_REMOVED :
				  was ? CRYPTO_MAP_CHANGE_ACTION_CHANGED :
					CRYPTO_MAP_CHANGE_ACTION_ADDED,
			.name = name,
			.family = object == CRYPTO_MAP_CHANGE_OBJECT_ACL ?
				  num : AF_UNSPEC,
		};

		if (was && (gone || cmap_nl_plan_same(object, was, obj)))
			continue;
		if (cmap_nl_plan_put(d, &c))
			return -EMSGSIZE;
	}
	return 0;
}

static int cmap_nl_plan_map(struct cmap_nl_plan *d, const struct cmap_map *map,
			    const struct cmap_map *other, bool gone)
{
	unsigned long *seq = &d->cursor->seq;
	const struct cmap_entry *entry;

	for (; (entry = cmap_map_entry_from(map, seq)); ++*seq) {
		const struct cmap_entry *was = other ?
					       cmap_map_entry(other, *seq) :
					       NULL;
		const struct cmap_nl_change c = {
			.object = map->dynamic ?
				  CRYPTO_MAP_CHANGE_OBJECT_TEMPLATE :
				  CRYPTO_MAP_CHANGE_OBJECT_ENTRY,
			.action = gone ? CRYPTO_MAP_CHANGE_ACTION_REMOVED :
				  was ? CRYPTO_MAP_CHANGE_ACTION_CHANGED :
					CRYPTO_MAP_CHANGE_ACTION_ADDED,
			.name = map->name,
			.seq = entry->seq,
		};

		if (was && (gone || was == entry))
			continue;
		if (cmap_nl_plan_put(d, &c))
			return -EMSGSIZE;
	}
	return 0;
}

static int cmap_nl_plan_entries(struct cmap_nl_plan *d,
				const struct cmap_config *of,
				const struct cmap_config *other, bool gone)
{
	const struct cmap_map *map;

	while ((map = cmap_names_at(&of->maps, d->cursor->pos))) {
		const struct cmap_map *was = map->dynamic ?
			cmap_dynamic_map_find(other, map->name) :
			cmap_map_find(other, map->name);

		if (cmap_nl_plan_map(d, map, was, gone))
			return -EMSGSIZE;
		d->cursor->pos++;
		d->cursor->seq = 0;
	}
	return 0;
}

static bool cmap_nl_plan_same_attach(const struct cmap_attach *a,
				     const struct cmap_attach *b)
{
	return a->set == b->set && !strcmp(a->label, b->label) &&
	       (!(a->set & CMAP_ATTACH_DF_BIT) || a->df_bit == b->df_bit) &&
	       (!(a->set & CMAP_ATTACH_FRAGMENTATION) ||
		a->fragmentation == b->fragmentation);
}

static int cmap_nl_plan_attaches(struct cmap_nl_plan *d,
				 const struct cmap_config *of,
				 const struct cmap_config *other, bool gone)
{
	const struct cmap_attach *attach, *was;
	u32 pos = 0;

	list_for_each_entry(attach, &of->attaches, list) {
		struct cmap_nl_change c = {
			.object = CRYPTO_MAP_CHANGE_OBJECT_ATTACH,
			.name = attach->map,
			.ifname = attach->ifname,
		};

		if (pos++ < d->cursor->pos)
			continue;
		was = cmap_attach_find(other, attach->ifname, attach->map);
		c.action = gone ? CRYPTO_MAP_CHANGE_ACTION_REMOVED :
			   was ? CRYPTO_MAP_CHANGE_ACTION_CHANGED :
				 CRYPTO_MAP_CHANGE_ACTION_ADDED;
		if (!(was && (gone || cmap_nl_plan_same_attach(was, attach))) &&
		    cmap_nl_plan_put(d, &c))
			return -EMSGSIZE;
		d->cursor->pos = pos;
	}
	return 0;
}

static int cmap_nl_plan_flow(struct cmap_nl_plan *d,
			     const struct cmap_loss *loss,
			     const struct cmap_flow *flow)
{
	const struct cmap_entry *entry =
		rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&d->cn->lock));
	const struct cmap_nl_change c = {
		.object = CRYPTO_MAP_CHANGE_OBJECT_FLOW,
		.action = cmap_plan_removes(loss) ?
			  CRYPTO_MAP_CHANGE_ACTION_REMOVED :
			  CRYPTO_MAP_CHANGE_ACTION_CHANGED,
		.name = entry->map,
		.seq = entry->seq,
		.ifname = flow->ifname,
	};
	const struct cmap_attach *attach =
		cmap_attach_find(d->old, flow->ifname, entry->map);
	const struct cmap_flow *permit = cmap_flow_permit(flow);
	void *hdr = cmap_nl_plan_open(d, &c);
	struct cmap_match room;
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_FLOW_ID, flow->id) ?:
	      nla_put_string(d->skb, CRYPTO_MAP_A_CONFIG_ACL,
			     permit->acl->name) ?:
	      nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_ACE_SEQ, permit->ace->seq) ?:
	      cmap_nl_put_selector(d->skb, CRYPTO_MAP_A_CONFIG_SELECTOR,
				   cmap_flow_match(flow, &room)) ?:
	      nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_WHY, loss->why);
	if (!err && attach && attach->label[0])
		err = nla_put_string(d->skb, CRYPTO_MAP_A_CONFIG_LABEL,
				     attach->label);
	return cmap_nl_dump_end(d->skb, hdr, err);
}

static int cmap_nl_plan_sa(struct cmap_nl_plan *d, const struct cmap_loss *loss,
			   const struct cmap_sa *sa)
{
	const struct cmap_nl_change c = {
		.object = CRYPTO_MAP_CHANGE_OBJECT_SA,
		.action = CRYPTO_MAP_CHANGE_ACTION_REMOVED,
	};
	void *hdr = cmap_nl_plan_open(d, &c);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_FLOW_ID, loss->flow) ?:
	      nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_SPI, sa->spi) ?:
	      nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_DIR, sa->dir) ?:
	      cmap_nl_put_addr(d->skb, CRYPTO_MAP_A_CONFIG_LOCAL, sa->family,
			       &sa->local) ?:
	      cmap_nl_put_addr(d->skb, CRYPTO_MAP_A_CONFIG_REMOTE, sa->family,
			       &sa->remote) ?:
	      nla_put_u32(d->skb, CRYPTO_MAP_A_CONFIG_WHY, loss->why);
	return cmap_nl_dump_end(d->skb, hdr, err);
}

/* One flow of the plan, if it was not told, and its SAs. */
static int cmap_nl_plan_loss(struct cmap_nl_plan *d,
			     const struct cmap_loss *loss,
			     const struct cmap_flow *flow)
{
	struct cmap_nl_plan_cursor *cursor = d->cursor;
	const struct cmap_sa *sa;

	if (!cursor->seq && cmap_nl_plan_flow(d, loss, flow))
		return -EMSGSIZE;
	cursor->seq = 1;
	list_for_each_entry(sa, &flow->sas, flow_node) {
		if (sa->id <= cursor->sa ||
		    !cmap_plan_takes(d->cfg, loss, flow, sa))
			continue;
		if (cmap_nl_plan_sa(d, loss, sa))
			return -EMSGSIZE;
		cursor->sa = sa->id;
	}
	cursor->seq = 0;
	cursor->sa = 0;
	return 0;
}

static int cmap_nl_plan_flows(struct cmap_nl_plan *d)
{
	for (; d->cursor->pos < d->plan->n; d->cursor->pos++) {
		const struct cmap_loss *loss = &d->plan->loss[d->cursor->pos];
		const struct cmap_flow *flow;

		/* there while the configuration is the same */
		flow = cmap_flow_lookup_rcu(d->cn, loss->flow);
		if (flow && cmap_nl_plan_loss(d, loss, flow))
			return -EMSGSIZE;
	}
	return 0;
}

/* The rest of the part that the cursor is in. Return: 0, -EMSGSIZE when full. */
static int cmap_nl_plan_part(struct cmap_nl_plan *d)
{
	const struct cmap_config *old = d->old, *cfg = d->cfg;

	switch (d->cursor->part) {
	case CMAP_NL_PLAN_GLOBALS:
		return cmap_nl_plan_globals(d);
	case CMAP_NL_PLAN_ACLS:
		return cmap_nl_plan_names(d, CRYPTO_MAP_CHANGE_OBJECT_ACL,
					  &cfg->acls, &old->acls, false);
	case CMAP_NL_PLAN_ACLS_GONE:
		return cmap_nl_plan_names(d, CRYPTO_MAP_CHANGE_OBJECT_ACL,
					  &old->acls, &cfg->acls, true);
	case CMAP_NL_PLAN_TSETS:
		return cmap_nl_plan_names(d, CRYPTO_MAP_CHANGE_OBJECT_TSET,
					  &cfg->tsets, &old->tsets, false);
	case CMAP_NL_PLAN_TSETS_GONE:
		return cmap_nl_plan_names(d, CRYPTO_MAP_CHANGE_OBJECT_TSET,
					  &old->tsets, &cfg->tsets, true);
	case CMAP_NL_PLAN_MAPS:
		return cmap_nl_plan_names(d, CRYPTO_MAP_CHANGE_OBJECT_MAP,
					  &cfg->maps, &old->maps, false);
	case CMAP_NL_PLAN_MAPS_GONE:
		return cmap_nl_plan_names(d, CRYPTO_MAP_CHANGE_OBJECT_MAP,
					  &old->maps, &cfg->maps, true);
	case CMAP_NL_PLAN_ENTRIES:
		return cmap_nl_plan_entries(d, cfg, old, false);
	case CMAP_NL_PLAN_ENTRIES_GONE:
		return cmap_nl_plan_entries(d, old, cfg, true);
	case CMAP_NL_PLAN_ATTACHES:
		return cmap_nl_plan_attaches(d, cfg, old, false);
	case CMAP_NL_PLAN_ATTACHES_GONE:
		return cmap_nl_plan_attaches(d, old, cfg, true);
	default:
		return cmap_nl_plan_flows(d);
	}
}

int crypto_map_nl_config_try_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct cmap_nl_plan d = {
		.skb = skb,
		.cb = cb,
		.cursor = (void *)cb->ctx,
		.cn = cmap_net_of(sock_net(skb->sk)),
	};
	const struct cmap_stage *stage;
	int err = 0;

	BUILD_BUG_ON(sizeof(*d.cursor) > sizeof(cb->ctx));

	mutex_lock(&d.cn->lock);
	stage = cmap_stage_planned(d.cn, NETLINK_CB(cb->skb).portid, cb->extack);
	if (IS_ERR(stage)) {
		err = PTR_ERR(stage);
		goto unlock;
	}
	d.old = cmap_config_of(d.cn);
	d.cfg = stage->config;
	d.plan = stage->plan;
	cb->seq = d.old->generation;
	while (d.cursor->part < CMAP_NL_PLAN_END && !cmap_nl_plan_part(&d)) {
		d.cursor->part++;
		d.cursor->pos = 0;
		d.cursor->seq = 0;
	}
unlock:
	mutex_unlock(&d.cn->lock);
	return err ?: skb->len;
}
