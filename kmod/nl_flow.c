// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of flows. */

#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "attach.h"
#include "config.h"
#include "drop.h"
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
	const struct cmap_flow *permit = cmap_flow_permit(f->flow);
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
				     permit->acl->name) ?:
		      nla_put_u32(skb, CRYPTO_MAP_A_FLOW_ACE_SEQ,
				  permit->ace->seq);
	if (!err && flow->kind == CMAP_FLOW_PER_HOST)
		err = nla_put_flag(skb, CRYPTO_MAP_A_FLOW_PER_HOST);
	if (!err && permit != flow)
		err = nla_put_u32(skb, CRYPTO_MAP_A_FLOW_PERMIT, permit->id);
	if (!err && f->attach && f->attach->label[0])
		err = nla_put_string(skb, CRYPTO_MAP_A_FLOW_LABEL,
				     f->attach->label);
	if (!err && !cmap_nl_selector_is_exact(match))
		err = nla_put_flag(skb, CRYPTO_MAP_A_FLOW_NARROW);
	/* a static route of the permit leads to its hosts */
	if (!err && cmap_entry_routed(f->entry) &&
	    !(permit != flow && f->entry->more->route->is_static))
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
	/* of one of several peers: not known whose it is */
	if (!err && !out && f->flow && f->flow->state &&
	    f->flow->state->last_port && f->entry->n_peer == 1)
		err = nla_put_u16(skb, CRYPTO_MAP_A_FLOW_LAST_PORT,
				  ntohs(f->flow->state->last_port));
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
		      nla_put_u32(skb, CRYPTO_MAP_A_FLOW_UP_SECONDS,
				  ktime_get_boottime_seconds() -
				  f->flow->state->up_since) ?:
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
	struct cmap_traffic traffic;
	int err;

	err = cmap_nl_put_drops(skb, CRYPTO_MAP_A_FLOW_DROP,
				cmap_flow_drops(f->flow));
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

int cmap_nl_reply_flow(struct genl_info *info, struct cmap_net *cn,
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
	return cmap_nl_reply_send(info, msg, hdr, err);
}

int cmap_nl_reply_offer(struct genl_info *info, struct cmap_net *cn,
			const struct cmap_attach *attach,
			const struct cmap_entry *entry,
			const struct cmap_match *sel)
{
	const struct cmap_nl_flow f = {
		.cn = cn,
		.cfg = cmap_config_of(cn),
		.attach = attach,
		.entry = entry,
	};
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_reply_alloc(info, CMAP_NL_FLOW_SIZE, &hdr);
	if (!msg)
		return -ENOMEM;
	err = cmap_nl_put_flow_place(msg, &f, attach->ifname) ?:
	      cmap_nl_put_flow_ends(msg, &f) ?:
	      cmap_nl_put_flow_policy(msg, &f);
	if (!err && sel)
		err = cmap_nl_put_selector(msg, CRYPTO_MAP_A_FLOW_SELECTOR,
					   sel);
	return cmap_nl_reply_send(info, msg, hdr, err);
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
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_FLOW_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_fill_flow(skb, &f)))
			break;
	}
	mutex_unlock(&cn->lock);
	return skb->len;
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

/* Why a flow cannot be initiated, as its first packet would be dropped for. */
static int cmap_nl_initiate_error(struct genl_info *info,
				  enum crypto_map_drop_reason reason)
{
	switch (reason) {
	case CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL:
		NL_SET_ERR_MSG(info->extack,
			       "the keys of the entry are set by hand");
		return -EOPNOTSUPP;
	case CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC:
		NL_SET_ERR_MSG(info->extack,
			       "only the peer can begin what it negotiates by a dynamic crypto map");
		return -EOPNOTSUPP;
	case CRYPTO_MAP_DROP_REASON_NO_DAEMON:
		NL_SET_ERR_MSG(info->extack, "there is no IKE daemon");
		return -ENOTCONN;
	case CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED:
		NL_SET_ERR_MSG(info->extack,
			       "a negotiation has just failed, the next one has to wait");
		return -EAGAIN;
	case CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY:
		return -ENOMEM;
	default:
		NL_SET_ERR_MSG(info->extack, "the flow is gone");
		return -ENOENT;
	}
}

int crypto_map_nl_flow_initiate_doit(struct sk_buff *skb,
				     struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_flow *flow;
	int why, err = -ENOENT;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_FLOW_ID))
		return -EINVAL;
	mutex_lock(&cn->lock);
	flow = cmap_nl_flow_of(info, cn);
	if (!flow)
		goto unlock;
	if (flow->kind == CMAP_FLOW_PER_HOST) {
		NL_SET_ERR_MSG(info->extack,
			       "with level per-host only a packet says for which hosts SAs are");
		err = -EOPNOTSUPP;
	} else if (rcu_access_pointer(flow->out)) {
		NL_SET_ERR_MSG(info->extack, "the flow has SAs");
		err = -EALREADY;
	} else {
		why = cmap_flow_initiate(flow);
		err = why < 0 ? 0 : cmap_nl_initiate_error(info, why);
	}
unlock:
	mutex_unlock(&cn->lock);
	return err;
}
