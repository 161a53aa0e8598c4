// SPDX-License-Identifier: GPL-2.0-only
/* Handlers that find or make the flow of what a peer proposes. */

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "attach.h"
#include "config.h"
#include "dynamic.h"
#include "entry.h"
#include "flow.h"
#include "host_pair.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_flow.h"
#include "nl_selector.h"
#include "rules.h"
#include "sa.h"

/**
 * struct cmap_nl_find - what a flow-find looks for
 * @family: of the end points
 * @local: our end point, valid if @has_local
 * @has_local: @local restricts
 * @remote: the peer
 * @name: of the peer, NULL to go by its address
 * @names: names that resolve to @remote, one behind the other; owned, NULL for none
 * @n_name: of @names
 * @sel: selector, valid if @has_sel
 * @has_sel: the ACE must be exactly @sel, or with level per-host what that is between
 *	two hosts; otherwise any ACE will do
 * @ifname: device of the dynamic entry to look on from, NULL to begin; or of the only
 *	entry to look for a permit in, NULL for all
 * @map: crypto map of that entry
 * @seq: sequence number of that entry
 * @dynamic_seq: sequence number of its template
 */
struct cmap_nl_find {
	u16			family;
	union cmap_addr		local;
	bool			has_local;
	union cmap_addr		remote;
	const char		*name;
	char			*names;
	u32			n_name;
	struct cmap_match	sel;
	bool			has_sel;
	const char		*ifname;
	const char		*map;
	u16			seq;
	u16			dynamic_seq;
};

/**
 * struct cmap_nl_found - what was found by a permit
 * @attach: attachment
 * @permit: flow of the permit
 * @flow: that, or the flow of a pair of hosts; NULL if there is none of the pair yet
 */
struct cmap_nl_found {
	const struct cmap_attach	*attach;
	struct cmap_flow		*permit;
	struct cmap_flow		*flow;
};

/* Whether the local end point does not rule an attachment out. */
static bool cmap_nl_find_ends(struct cmap_net *cn, const struct cmap_nl_find *f,
			      const struct cmap_attach *attach)
{
	return !f->has_local ||
	       cmap_local_addr_is(cn, attach, f->family, &f->local);
}

static bool cmap_nl_find_peer(struct cmap_net *cn,
			      const struct cmap_nl_find *f,
			      const struct cmap_flow *flow)
{
	const struct cmap_entry *entry;

	entry = rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&cn->lock));
	if (entry->kind != CRYPTO_MAP_ENTRY_KIND_ISAKMP ||
	    entry->peer_family != f->family)
		return false;
	return f->name ? cmap_entry_has_name(entry, f->name) :
			 cmap_entry_has_addr(entry, f->family, &f->remote);
}

/* The flow that a permit has for what is looked for, or is to have. */
static bool cmap_nl_find_permit(struct cmap_net *cn,
				const struct cmap_nl_find *f,
				const struct cmap_attach *attach,
				struct cmap_flow *permit,
				struct cmap_nl_found *found)
{
	struct cmap_match room;

	if (!permit || !cmap_nl_find_peer(cn, f, permit))
		return false;
	*found = (struct cmap_nl_found) {
		.attach = attach,
		.permit = permit,
		.flow = permit,
	};
	if (!f->has_sel)
		return true;
	if (cmap_host_pair_takes(attach->ruleset, permit, &f->sel)) {
		found->flow = cmap_host_pair_find(permit, &f->sel);
		return true;
	}
	return !memcmp(cmap_flow_match(permit, &room), &f->sel, sizeof(f->sel));
}

/* Entries are in the order of sequence numbers: the first one decides. */
static bool cmap_nl_find_on(struct cmap_net *cn, const struct cmap_nl_find *f,
			    const struct cmap_attach *attach,
			    struct cmap_nl_found *found)
{
	u32 key = f->name ? cmap_use_name(f->name) : cmap_use_peer(&f->remote);
	const struct cmap_rule *rule;
	u64 cursor = 0;
	u32 i, n;

	while ((rule = cmap_ruleset_user(attach->ruleset, key, &cursor, &n)))
		for (i = 0; i < n; i++)
			if ((!f->ifname || f->seq == rule->place >> 16) &&
			    cmap_nl_find_permit(cn, f, attach, rule[i].flow,
						found))
				return true;
	return false;
}

static bool cmap_nl_find_flow(struct cmap_net *cn, const struct cmap_nl_find *f,
			      struct cmap_nl_found *found)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	const struct cmap_attach *attach;

	list_for_each_entry(attach, &cfg->attaches, list) {
		if (f->ifname && (strcmp(attach->ifname, f->ifname) ||
				  strcmp(attach->map, f->map)))
			continue;
		if (cmap_nl_find_ends(cn, f, attach) &&
		    cmap_nl_find_on(cn, f, attach, found))
			return true;
	}
	return false;
}

/* By the address of the peer, or else by one of the names that resolve to it. */
static bool cmap_nl_find_static(struct cmap_net *cn,
				const struct cmap_nl_find *f,
				struct cmap_nl_found *found)
{
	struct cmap_nl_find named = *f;
	u32 i;

	if (cmap_nl_find_flow(cn, f, found))
		return true;
	named.name = f->names;
	for (i = 0; i < f->n_name; i++) {
		if (cmap_nl_find_flow(cn, &named, found))
			return true;
		named.name += strlen(named.name) + 1;
	}
	return false;
}

static bool cmap_nl_is_name(const struct nlattr *attr)
{
	return nla_type(attr) == CRYPTO_MAP_A_FLOW_PEER_NAME &&
	       nla_len(attr) && *(const char *)nla_data(attr);
}

/* The names of a request. */
static int cmap_nl_find_names(struct genl_info *info, struct cmap_nl_find *f)
{
	const struct nlattr *attr;
	size_t size = 0;
	char *end;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (cmap_nl_is_name(attr))
			size += nla_len(attr) + 1;
	if (!size)
		return 0;
	f->names = kzalloc(size, GFP_KERNEL);
	if (!f->names)
		return -ENOMEM;
	end = f->names;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (!cmap_nl_is_name(attr))
			continue;
		/* of a list: nothing made sure that it ends with a zero */
		end += nla_strscpy(end, attr, nla_len(attr) + 1) + 1;
		f->n_name++;
	}
	return 0;
}

/* What a peer may negotiate by a template. */
static int cmap_nl_reply_template(struct genl_info *info, struct cmap_net *cn,
				  const struct cmap_dynamic_place *place,
				  const struct cmap_dynamic_offer *offer)
{
	struct cmap_entry *entry;
	int err;

	entry = cmap_entry_derive(place->entry, place->template, offer->family,
				  offer->remote);
	if (!entry)
		return -ENOMEM;
	err = cmap_nl_reply_offer(info, cn, place->attach, entry, offer->sel);
	cmap_entry_put(entry);
	return err;
}

/* What was found by a permit. */
static int cmap_nl_reply_found(struct genl_info *info, struct cmap_net *cn,
			       const struct cmap_nl_find *f,
			       const struct cmap_nl_found *found)
{
	const struct cmap_entry *entry;

	if (found->flow)
		return cmap_nl_reply_flow(info, cn, found->flow);
	entry = rcu_dereference_protected(found->permit->entry,
					  lockdep_is_held(&cn->lock));
	return cmap_nl_reply_offer(info, cn, found->attach, entry, &f->sel);
}

/* The first template that takes an offer, after the one of the request. */
static bool cmap_nl_find_template(struct cmap_net *cn,
				  const struct cmap_nl_find *f,
				  const struct cmap_dynamic_offer *offer,
				  struct cmap_dynamic_place *place)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	bool passed = !f->ifname;
	struct cmap_attach *attach;

	list_for_each_entry(attach, &cfg->attaches, list) {
		*place = (struct cmap_dynamic_place) {};
		if (!passed && !strcmp(attach->ifname, f->ifname) &&
		    !strcmp(attach->map, f->map)) {
			passed = true;
			if (!cmap_dynamic_resume(cfg, attach, f->seq,
						 f->dynamic_seq, place))
				continue;
		}
		if (passed && cmap_nl_find_ends(cn, f, attach) &&
		    cmap_dynamic_next(cfg, attach, place, offer))
			return true;
	}
	return false;
}

/* No static flow is wanted, or there is none: what a peer may negotiate. */
static int cmap_nl_find_offer(struct genl_info *info, struct cmap_net *cn,
			      const struct cmap_nl_find *f)
{
	const struct cmap_dynamic_offer offer = {
		.family = f->family,
		.remote = &f->remote,
		.names = f->names,
		.n_name = f->n_name,
		.sel = f->has_sel ? &f->sel : NULL,
	};
	struct cmap_dynamic_place place;
	int err = 0;

	if (!cmap_nl_find_template(cn, f, &offer, &place)) {
		if (f->has_sel)
			NL_SET_ERR_MSG(info->extack,
				       "no crypto map entry with this peer has an ACE that is this selector, or takes it");
		else
			NL_SET_ERR_MSG(info->extack,
				       "no crypto map entry has this peer");
		return -ENOENT;
	}
	if (offer.sel)
		err = cmap_dynamic_check_overlap(cn, place.attach, &offer,
						 info->extack);
	return err ?: cmap_nl_reply_template(info, cn, &place, &offer);
}

/* The dynamic entry of a request: all of its attributes, or none. */
static int cmap_nl_find_after(struct genl_info *info, struct cmap_nl_find *f)
{
	struct nlattr **tb = info->attrs;

	if (!tb[CRYPTO_MAP_A_FLOW_IFNAME])
		return 0;
	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_MAP) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_ENTRY_SEQ) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ))
		return -EINVAL;
	f->ifname = nla_data(tb[CRYPTO_MAP_A_FLOW_IFNAME]);
	f->map = nla_data(tb[CRYPTO_MAP_A_FLOW_MAP]);
	f->seq = nla_get_u16(tb[CRYPTO_MAP_A_FLOW_ENTRY_SEQ]);
	f->dynamic_seq = nla_get_u16(tb[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ]);
	return 0;
}

int crypto_map_nl_flow_find_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr **tb = info->attrs;
	struct cmap_nl_find f = {};
	struct cmap_nl_found found;
	int err = 0;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_REMOTE))
		return -EINVAL;
	err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_FLOW_REMOTE], &f.family,
			       &f.remote, extack);
	if (!err && tb[CRYPTO_MAP_A_FLOW_LOCAL]) {
		f.has_local = true;
		err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_FLOW_LOCAL], &f.family,
				       &f.local, extack);
	}
	if (!err && tb[CRYPTO_MAP_A_FLOW_SELECTOR]) {
		f.has_sel = true;
		err = cmap_nl_get_selector(tb[CRYPTO_MAP_A_FLOW_SELECTOR],
					   AF_UNSPEC, &f.sel, extack);
	}
	if (!err)
		err = cmap_nl_find_after(info, &f);
	if (!err)
		err = cmap_nl_find_names(info, &f);
	if (err)
		return err;

	mutex_lock(&cn->lock);
	if (!f.ifname && cmap_nl_find_static(cn, &f, &found))
		err = cmap_nl_reply_found(info, cn, &f, &found);
	else
		err = cmap_nl_find_offer(info, cn, &f);
	mutex_unlock(&cn->lock);
	kfree(f.names);
	return err;
}

/* The template that a flow-new names, if it takes the offer. */
static int cmap_nl_new_place(struct genl_info *info,
			     const struct cmap_config *cfg,
			     const struct cmap_dynamic_offer *offer,
			     struct cmap_dynamic_place *place)
{
	u16 sub = nla_get_u16(info->attrs[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ]);
	const char *ifname = nla_data(info->attrs[CRYPTO_MAP_A_FLOW_IFNAME]);
	u16 seq = nla_get_u16(info->attrs[CRYPTO_MAP_A_FLOW_ENTRY_SEQ]);
	const char *map = nla_data(info->attrs[CRYPTO_MAP_A_FLOW_MAP]);
	const struct cmap_attach *attach;

	attach = cmap_attach_find(cfg, ifname, map);
	if (!attach || !cmap_dynamic_resume(cfg, attach, seq, sub, place)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "interface %s has no crypto map '%.16s' %u with a template %u",
				   ifname, map, seq, sub);
		return -ENOENT;
	}
	if (!cmap_dynamic_takes(cfg, place->template, offer)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "dynamic crypto map '%.16s' %u does not take this peer or selector",
				   place->entry->more->dynamic, sub);
		return -EINVAL;
	}
	return 0;
}

/* Make what a peer negotiates by a template. */
static struct cmap_flow *cmap_nl_new_dynamic(struct genl_info *info,
					     struct cmap_net *cn,
					     const struct cmap_nl_find *f)
{
	const struct cmap_dynamic_offer offer = {
		.family = f->family,
		.remote = &f->remote,
		.names = f->names,
		.n_name = f->n_name,
		.sel = &f->sel,
	};
	struct cmap_dynamic_place place;
	int err;

	err = cmap_nl_new_place(info, cmap_config_of(cn), &offer, &place);
	return err ? ERR_PTR(err) :
		     cmap_dynamic_create(cn, &place, &offer, info->extack);
}

/* Make what a peer negotiates for two hosts by an entry with level per-host. */
static struct cmap_flow *cmap_nl_new_host_pair(struct genl_info *info,
					       struct cmap_net *cn,
					       const struct cmap_nl_find *f)
{
	struct cmap_nl_found found;
	struct cmap_flow *flow;

	if (!cmap_nl_find_static(cn, f, &found) ||
	    !cmap_host_pair_takes(found.attach->ruleset, found.permit,
				  &f->sel)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.16s' %u has no pair of hosts of this peer that is this selector",
				   f->map, f->seq);
		return ERR_PTR(-EINVAL);
	}
	flow = cmap_host_pair_create(found.attach, found.permit, &f->sel);
	if (flow == ERR_PTR(-ENOSPC))
		NL_SET_ERR_MSG(info->extack, "too many pairs of hosts");
	return flow;
}

int crypto_map_nl_flow_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct nlattr **tb = info->attrs;
	struct cmap_nl_find f = {};
	struct cmap_flow *flow;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_IFNAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_MAP) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_ENTRY_SEQ) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_REMOTE) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_SELECTOR))
		return -EINVAL;
	err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_FLOW_REMOTE], &f.family,
			       &f.remote, info->extack) ?:
	      cmap_nl_get_selector(tb[CRYPTO_MAP_A_FLOW_SELECTOR], AF_UNSPEC,
				   &f.sel, info->extack) ?:
	      cmap_nl_find_names(info, &f);
	if (err)
		return err;
	f.has_sel = true;
	f.ifname = nla_data(tb[CRYPTO_MAP_A_FLOW_IFNAME]);
	f.map = nla_data(tb[CRYPTO_MAP_A_FLOW_MAP]);
	f.seq = nla_get_u16(tb[CRYPTO_MAP_A_FLOW_ENTRY_SEQ]);

	mutex_lock(&cn->lock);
	if (tb[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ])
		flow = cmap_nl_new_dynamic(info, cn, &f);
	else
		flow = cmap_nl_new_host_pair(info, cn, &f);
	err = PTR_ERR_OR_ZERO(flow) ?: cmap_nl_reply_flow(info, cn, flow);
	mutex_unlock(&cn->lock);
	kfree(f.names);
	return err;
}
