// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of flows. */

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "attach.h"
#include "config.h"
#include "drop.h"
#include "dynamic.h"
#include "entry.h"
#include "flow.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_event.h"
#include "nl_flow.h"
#include "nl_map.h"
#include "nl_route.h"
#include "nl_selector.h"
#include "nl_stats.h"
#include "nl_tset.h"
#include "output.h"
#include "rules.h"
#include "sa.h"
#include "traffic.h"

#define CMAP_IKE_PORT	500

/* All of a flow and its entry, with peers by long names, twice. */
#define CMAP_NL_FLOW_SIZE	8192

/**
 * struct cmap_nl_flow - a flow with what belongs to it, under cn->lock
 * @cn: namespace
 * @cfg: configuration in force
 * @attach: its attachment
 * @flow: the flow, NULL for one that a peer may negotiate
 * @entry: its entry
 * @out: outbound SA in use, or NULL
 */
struct cmap_nl_flow {
	struct cmap_net			*cn;
	const struct cmap_config	*cfg;
	const struct cmap_attach	*attach;
	struct cmap_flow		*flow;
	const struct cmap_entry		*entry;
	struct cmap_sa			*out;
};

static void cmap_nl_flow_init(struct cmap_nl_flow *f, struct cmap_net *cn,
			      struct cmap_flow *flow)
{
	f->cn = cn;
	f->flow = flow;
	f->cfg = cmap_config_of(cn);
	f->entry = rcu_dereference_protected(flow->entry,
					     lockdep_is_held(&cn->lock));
	f->out = rcu_dereference_protected(flow->out,
					   lockdep_is_held(&cn->lock));
	f->attach = cmap_attach_find(f->cfg, flow->ifname, f->entry->map);
}

/* The place in the configuration. */
static int cmap_nl_put_flow_place(struct sk_buff *skb,
				  const struct cmap_nl_flow *f,
				  const char *ifname)
{
	int err;

	err = nla_put_string(skb, CRYPTO_MAP_A_FLOW_IFNAME, ifname) ?:
	      nla_put_string(skb, CRYPTO_MAP_A_FLOW_MAP, f->entry->map) ?:
	      nla_put_u16(skb, CRYPTO_MAP_A_FLOW_ENTRY_SEQ, f->entry->seq) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_FLOW_KIND, f->entry->kind);
	if (!err && f->entry->more->dynamic)
		err = nla_put_string(skb, CRYPTO_MAP_A_FLOW_DYNAMIC,
				     f->entry->more->dynamic) ?:
		      nla_put_u16(skb, CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ,
				  f->entry->dynamic_seq);
	return err;
}

static int cmap_nl_put_flow_identity(struct sk_buff *skb,
				     const struct cmap_nl_flow *f)
{
	const struct cmap_flow *flow = f->flow;
	const struct cmap_match *match;
	struct cmap_match room;
	int err;

	match = cmap_flow_match(flow, &room);
	err = nla_put_u32(skb, CRYPTO_MAP_A_FLOW_ID, flow->id) ?:
	      cmap_nl_put_flow_place(skb, f, flow->ifname) ?:
	      cmap_nl_put_selector(skb, CRYPTO_MAP_A_FLOW_SELECTOR,
				   match);
	if (!err && !cmap_flow_is_dynamic(flow))
		err = nla_put_string(skb, CRYPTO_MAP_A_FLOW_ACL,
				     flow->acl->name) ?:
		      nla_put_u32(skb, CRYPTO_MAP_A_FLOW_ACE_SEQ,
				  flow->ace->seq);
	if (!err && f->attach && f->attach->label[0])
		err = nla_put_string(skb, CRYPTO_MAP_A_FLOW_LABEL,
				     f->attach->label);
	if (!err && !cmap_nl_selector_is_exact(match))
		err = nla_put_flag(skb, CRYPTO_MAP_A_FLOW_NARROW);
	if (!err && cmap_entry_routed(f->entry))
		err = cmap_nl_put_route(skb, CRYPTO_MAP_A_FLOW_REVERSE_ROUTE,
					f->entry->more->route);
	return err;
}

static int cmap_nl_put_flow_ends(struct sk_buff *skb,
				 const struct cmap_nl_flow *f)
{
	u16 family = f->entry->peer_family ?: f->entry->family;
	const struct cmap_sa *out = f->out;
	union cmap_addr local;
	bool has_local;
	u16 port;
	int err;

	port = out && out->encap_dport ? ntohs(out->encap_dport) :
					 CMAP_IKE_PORT;
	if (out) {
		family = out->family;
		local = out->local;
		has_local = true;
	} else {
		has_local = f->attach &&
			    cmap_local_addr(f->cn, f->attach, family, &local);
	}
	err = nla_put_u16(skb, CRYPTO_MAP_A_FLOW_REMOTE_PORT, port);
	if (!err && has_local)
		err = cmap_nl_put_addr(skb, CRYPTO_MAP_A_FLOW_LOCAL,
				       family, &local);
	if (!err && (out || (f->entry->n_peer &&
			     !*cmap_entry_peer_name(f->entry, 0))))
		err = cmap_nl_put_addr(skb, CRYPTO_MAP_A_FLOW_REMOTE, family,
				       out ? &out->remote : &f->entry->peer[0]);
	return err;
}

static int cmap_nl_put_flow_names(struct sk_buff *skb,
				  const struct cmap_nl_flow *f)
{
	int err = 0;
	u8 i;

	for (i = 0; !err && i < f->entry->n_peer; i++) {
		const char *name = cmap_entry_peer_name(f->entry, i);

		if (*name)
			err = nla_put_string(skb, CRYPTO_MAP_A_FLOW_PEER_NAME,
					     name);
	}
	return err;
}

static u32 cmap_nl_dev_mtu(const struct cmap_nl_flow *f)
{
	struct net_device *dev;
	u32 mtu = 0;

	rcu_read_lock();
	dev = f->attach ? dev_get_by_index_rcu(f->cn->net, f->attach->ifindex) :
			  NULL;
	if (dev)
		mtu = READ_ONCE(dev->mtu);
	rcu_read_unlock();
	return mtu;
}

static int cmap_nl_put_flow_state(struct sk_buff *skb,
				  const struct cmap_nl_flow *f)
{
	u32 state, mtu = 0;
	int err;

	state = f->out ? CRYPTO_MAP_FLOW_STATE_UP :
		cmap_flow_acquiring(f->flow) ? CRYPTO_MAP_FLOW_STATE_ACQUIRING :
					       CRYPTO_MAP_FLOW_STATE_IDLE;
	if (f->out)
		mtu = cmap_output_path_mtu(f->out);
	if (!mtu)
		mtu = cmap_nl_dev_mtu(f);
	err = nla_put_u32(skb, CRYPTO_MAP_A_FLOW_STATE, state) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_FLOW_HELD,
			  cmap_flow_held(f->flow));
	if (!err && mtu)
		err = nla_put_u32(skb, CRYPTO_MAP_A_FLOW_MTU, mtu);
	if (!err && f->out)
		err = nla_put_u32(skb, CRYPTO_MAP_A_FLOW_OUT_SPI, f->out->spi) ?:
		      nla_put_u32(skb, CRYPTO_MAP_A_FLOW_PLAIN_MTU,
				  cmap_output_plain_mtu(f->out, mtu));
	return err;
}

static int cmap_nl_put_counter(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, CRYPTO_MAP_A_COUNTERS_PAD);
}

int cmap_nl_put_traffic(struct sk_buff *skb, int type,
			const struct cmap_traffic *t)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = cmap_nl_put_counter(skb, CRYPTO_MAP_A_COUNTERS_OUT_PACKETS,
				  t->counts.out_packets) ?:
	      cmap_nl_put_counter(skb, CRYPTO_MAP_A_COUNTERS_OUT_BYTES,
				  t->counts.out_bytes) ?:
	      cmap_nl_put_counter(skb, CRYPTO_MAP_A_COUNTERS_IN_PACKETS,
				  t->counts.in_packets) ?:
	      cmap_nl_put_counter(skb, CRYPTO_MAP_A_COUNTERS_IN_BYTES,
				  t->counts.in_bytes) ?:
	      cmap_nl_put_counter(skb, CRYPTO_MAP_A_COUNTERS_SEND_ERRORS,
				  t->send_errors) ?:
	      cmap_nl_put_counter(skb, CRYPTO_MAP_A_COUNTERS_RECV_ERRORS,
				  t->recv_errors);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}

/* Counters and drops; the error counters are sums over the drops. */
static int cmap_nl_put_flow_counters(struct sk_buff *skb,
				     const struct cmap_nl_flow *f)
{
	const atomic64_t *drops = cmap_flow_drops(f->flow);
	struct cmap_traffic traffic;
	int i, err = 0;
	u64 n;

	for (i = 0; drops && i < CMAP_DROP_N && !err; i++) {
		n = atomic64_read(&drops[i]);
		if (n)
			err = cmap_nl_put_drop(skb, CRYPTO_MAP_A_FLOW_DROP, i,
					       n);
	}
	if (err)
		return err;
	cmap_traffic_of(f->flow, &traffic);
	return cmap_nl_put_traffic(skb, CRYPTO_MAP_A_FLOW_COUNTERS, &traffic);
}

static int cmap_nl_fill_flow(struct sk_buff *skb, const struct cmap_nl_flow *f)
{
	return cmap_nl_put_flow_identity(skb, f) ?:
	       cmap_nl_put_flow_ends(skb, f) ?:
	       cmap_nl_put_flow_names(skb, f) ?:
	       cmap_nl_put_flow_state(skb, f) ?:
	       cmap_nl_put_flow_counters(skb, f);
}

int cmap_nl_put_flow(struct sk_buff *skb, int type, struct cmap_net *cn,
		     struct cmap_flow *flow)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	struct cmap_nl_flow f;

	cmap_nl_flow_init(&f, cn, flow);
	if (!nest || cmap_nl_fill_flow(skb, &f))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What a daemon needs to negotiate: the entry and its transform sets. */
static int cmap_nl_put_flow_policy(struct sk_buff *skb,
				   const struct cmap_nl_flow *f)
{
	const struct cmap_globals *inherited = f->attach ?
					       &f->attach->inherited :
					       &f->cfg->globals;
	const struct cmap_tset *tset;
	struct nlattr *nest;
	int i, err;

	nest = nla_nest_start(skb, CRYPTO_MAP_A_FLOW_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	err = cmap_nl_put_entry(skb, f->entry, f->cfg, inherited);
	if (err)
		return err;
	nla_nest_end(skb, nest);

	for (i = 0; i < f->entry->n_tset; i++) {
		tset = cmap_tset_find(f->cfg, cmap_entry_tset(f->entry, i));
		nest = nla_nest_start(skb, CRYPTO_MAP_A_FLOW_TSET);
		if (!nest)
			return -EMSGSIZE;
		err = cmap_nl_put_tset(skb, tset);
		if (err)
			return err;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* A flow with its policy as the reply to a request; cn->lock held. */
static int cmap_nl_reply_flow(struct genl_info *info, struct cmap_net *cn,
			      struct cmap_flow *flow)
{
	struct cmap_nl_flow f;
	struct sk_buff *msg;
	void *hdr;
	int err;

	cmap_nl_flow_init(&f, cn, flow);
	msg = cmap_nl_reply_alloc(info, CMAP_NL_FLOW_SIZE, &hdr);
	if (!msg)
		return -ENOMEM;
	err = cmap_nl_fill_flow(msg, &f) ?: cmap_nl_put_flow_policy(msg, &f);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static struct cmap_flow *cmap_nl_flow_of(struct genl_info *info,
					 struct cmap_net *cn)
{
	const struct nlattr *id = info->attrs[CRYPTO_MAP_A_FLOW_ID];
	struct cmap_flow *flow;

	flow = cmap_flow_lookup_rcu(cn, nla_get_u32(id));
	if (!flow)
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, id, "no flow %u",
					nla_get_u32(id));
	return flow;
}

int crypto_map_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_flow *flow;
	int err = -ENOENT;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_ID))
		return -EINVAL;
	mutex_lock(&cn->lock);
	flow = cmap_nl_flow_of(info, cn);
	if (flow)
		err = cmap_nl_reply_flow(info, cn, flow);
	mutex_unlock(&cn->lock);
	return err;
}

int crypto_map_nl_flow_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	bool acquiring = cmap_genl_dump_attrs(cb)[CRYPTO_MAP_A_FLOW_ACQUIRING];
	bool routed = cmap_genl_dump_attrs(cb)[CRYPTO_MAP_A_FLOW_ROUTED];
	bool named = cmap_genl_dump_attrs(cb)[CRYPTO_MAP_A_FLOW_NAMED];
	struct cmap_net *cn = cmap_net_of(sock_net(skb->sk));
	unsigned long *next = (unsigned long *)cb->ctx;
	struct cmap_flow *flow;
	struct cmap_nl_flow f;
	void *hdr;

	mutex_lock(&cn->lock);
	cb->seq = cmap_config_of(cn)->generation;
	for (; (flow = xa_find(&cn->flows, next, ULONG_MAX, XA_PRESENT));
	     (*next)++) {
		if (acquiring && !cmap_flow_acquiring(flow))
			continue;
		cmap_nl_flow_init(&f, cn, flow);
		if (routed && !cmap_entry_routed(f.entry))
			continue;
		if (named && !f.entry->more->peer_names)
			continue;
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_FLOW_GET);
		if (!hdr)
			break;
		if (cmap_nl_fill_flow(skb, &f)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	mutex_unlock(&cn->lock);
	return skb->len;
}

/**
 * struct cmap_nl_find - what a flow-find looks for
 * @family: of the end points
 * @local: our end point, valid if @has_local
 * @has_local: @local restricts
 * @remote: the peer
 * @sel: selector, valid if @has_sel
 * @has_sel: the ACE must be exactly @sel; otherwise any ACE will do
 * @ifname: device of the dynamic entry to look on from, NULL to begin
 * @map: crypto map of that entry
 * @seq: sequence number of that entry
 * @dynamic_seq: sequence number of its template
 */
struct cmap_nl_find {
	u16			family;
	union cmap_addr		local;
	bool			has_local;
	union cmap_addr		remote;
	struct cmap_match	sel;
	bool			has_sel;
	const char		*ifname;
	const char		*map;
	u16			seq;
	u16			dynamic_seq;
};

/* Whether the local end point does not rule an attachment out. */
static bool cmap_nl_find_ends(struct cmap_net *cn, const struct cmap_nl_find *f,
			      const struct cmap_attach *attach)
{
	return !f->has_local ||
	       cmap_local_addr_is(cn, attach, f->family, &f->local);
}

/* @name: of the peer; NULL to go by its address */
static bool cmap_nl_find_matches(struct cmap_net *cn,
				 const struct cmap_nl_find *f, const char *name,
				 const struct cmap_flow *flow)
{
	const struct cmap_entry *entry;
	struct cmap_match room;

	if (f->has_sel && memcmp(cmap_flow_match(flow, &room), &f->sel,
				 sizeof(f->sel)))
		return false;
	entry = rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&cn->lock));
	if (entry->kind != CRYPTO_MAP_ENTRY_KIND_ISAKMP ||
	    entry->peer_family != f->family)
		return false;
	return name ? cmap_entry_has_name(entry, name) :
		      cmap_entry_has_addr(entry, f->family, &f->remote);
}

/*
 * Entries are in the order of sequence numbers: the first one decides.
 *
 * @name: of the peer; NULL to go by its address
 */
static struct cmap_flow *cmap_nl_find_flow(struct cmap_net *cn,
					   const struct cmap_nl_find *f,
					   const char *name)
{
	u32 key = name ? cmap_use_name(name) : cmap_use_peer(&f->remote);
	const struct cmap_config *cfg = cmap_config_of(cn);
	const struct cmap_attach *attach;
	const struct cmap_rule *rule;
	u64 cursor;
	u32 i, n;

	list_for_each_entry(attach, &cfg->attaches, list) {
		if (!cmap_nl_find_ends(cn, f, attach))
			continue;
		cursor = 0;
		while ((rule = cmap_ruleset_user(attach->ruleset, key, &cursor,
						 &n)))
			for (i = 0; i < n; i++)
				if (rule[i].flow &&
				    cmap_nl_find_matches(cn, f, name,
							 rule[i].flow))
					return rule[i].flow;
	}
	return NULL;
}

/* By the address of the peer, or else by one of the names that resolve to it. */
static struct cmap_flow *cmap_nl_find_static(struct cmap_net *cn,
					     const struct genl_info *info,
					     const struct cmap_nl_find *f)
{
	struct cmap_flow *flow = cmap_nl_find_flow(cn, f, NULL);
	char name[CRYPTO_MAP_HOST_MAX + 1];
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (flow)
			break;
		/* of a list: nothing made sure that it ends with a zero */
		if (nla_type(attr) == CRYPTO_MAP_A_FLOW_PEER_NAME &&
		    nla_strscpy(name, attr, sizeof(name)) > 0)
			flow = cmap_nl_find_flow(cn, f, name);
	}
	return flow;
}

/* What a peer may negotiate by a template, as the reply to a request. */
static int cmap_nl_reply_offer(struct genl_info *info, struct cmap_net *cn,
			       const struct cmap_dynamic_place *place,
			       const struct cmap_dynamic_offer *offer)
{
	struct cmap_nl_flow f = {
		.cn = cn,
		.cfg = cmap_config_of(cn),
		.attach = place->attach,
	};
	struct cmap_entry *entry;
	struct sk_buff *msg;
	int err = -ENOMEM;
	void *hdr;

	entry = cmap_entry_derive(place->entry, place->template, offer->family,
				  offer->remote);
	if (!entry)
		return -ENOMEM;
	f.entry = entry;
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		goto put_entry;
	err = cmap_nl_put_flow_place(msg, &f, place->attach->ifname) ?:
	      cmap_nl_put_flow_ends(msg, &f) ?:
	      cmap_nl_put_flow_policy(msg, &f);
	if (!err && offer->sel)
		err = cmap_nl_put_selector(msg, CRYPTO_MAP_A_FLOW_SELECTOR,
					   offer->sel);
	if (err) {
		nlmsg_free(msg);
		goto put_entry;
	}
	genlmsg_end(msg, hdr);
	err = genlmsg_reply(msg, info);
put_entry:
	cmap_entry_put(entry);
	return err;
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
	return err ?: cmap_nl_reply_offer(info, cn, &place, &offer);
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
	struct cmap_flow *flow;
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
	if (err)
		return err;

	mutex_lock(&cn->lock);
	flow = f.ifname ? NULL : cmap_nl_find_static(cn, info, &f);
	err = flow ? cmap_nl_reply_flow(info, cn, flow) :
		     cmap_nl_find_offer(info, cn, &f);
	mutex_unlock(&cn->lock);
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

int crypto_map_nl_flow_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct nlattr **tb = info->attrs;
	struct cmap_dynamic_offer offer = {};
	struct cmap_dynamic_place place;
	union cmap_addr remote;
	struct cmap_match sel;
	struct cmap_flow *flow;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_IFNAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_MAP) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_ENTRY_SEQ) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_REMOTE) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_SELECTOR))
		return -EINVAL;
	err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_FLOW_REMOTE], &offer.family,
			       &remote, info->extack) ?:
	      cmap_nl_get_selector(tb[CRYPTO_MAP_A_FLOW_SELECTOR], AF_UNSPEC,
				   &sel, info->extack);
	if (err)
		return err;
	offer.remote = &remote;
	offer.sel = &sel;

	mutex_lock(&cn->lock);
	err = cmap_nl_new_place(info, cmap_config_of(cn), &offer, &place);
	if (!err) {
		flow = cmap_dynamic_create(cn, &place, &offer, info->extack);
		err = PTR_ERR_OR_ZERO(flow);
	}
	if (!err)
		err = cmap_nl_reply_flow(info, cn, flow);
	mutex_unlock(&cn->lock);
	return err;
}

int crypto_map_nl_flow_fail_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *reason = info->attrs[CRYPTO_MAP_A_FLOW_REASON];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_flow *flow;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_ID))
		return -EINVAL;
	mutex_lock(&cn->lock);
	flow = cmap_nl_flow_of(info, cn);
	if (flow) {
		cmap_nl_fail_ntf(flow, reason ? nla_data(reason) : "");
		cmap_flow_fail(flow, CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED);
	}
	mutex_unlock(&cn->lock);
	return flow ? 0 : -ENOENT;
}
