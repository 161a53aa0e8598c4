// SPDX-License-Identifier: GPL-2.0-only
/* The handler that traces a packet. */

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>

#include "acl.h"
#include "attach.h"
#include "cond.h"
#include "flow.h"
#include "net.h"
#include "netlink.h"
#include "nl_flow.h"
#include "nl_sa.h"
#include "rules.h"
#include "tracer.h"

/* Denies that are told. */
#define CMAP_TRACE_DENIES	8

/* The entry of a rule: its number is in its place, and that of the template. */
static int cmap_nl_put_trace_entry(struct sk_buff *skb, int seq, int dynamic,
				   const struct cmap_rule *rule)
{
	u16 sub = rule->place;

	return nla_put_u16(skb, seq, rule->place >> 16) ?:
	       sub ? nla_put_u16(skb, dynamic, sub) : 0;
}

static int cmap_nl_put_deny(struct sk_buff *skb, const struct cmap_rule *rule)
{
	struct nlattr *nest = nla_nest_start(skb, CRYPTO_MAP_A_TRACE_DENY);

	if (!nest)
		return -EMSGSIZE;
	if (cmap_nl_put_trace_entry(skb, CRYPTO_MAP_A_TRACE_DENY_ENTRY_SEQ,
				    CRYPTO_MAP_A_TRACE_DENY_DYNAMIC_SEQ, rule) ||
	    nla_put_string(skb, CRYPTO_MAP_A_TRACE_DENY_ACL, rule->acl->name) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_TRACE_DENY_ACE_SEQ, rule->ace->seq))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The deny of an entry that matches a packet before any permit, or NULL. */
static const struct cmap_rule *cmap_trace_denied(const struct cmap_rule *rule,
						 u32 n,
						 const struct cmap_tuple *tuple)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (cmap_cond_tuple(&rule[i].ace->cond, tuple) ==
		    CMAP_MATCH_YES)
			return rule[i].ace->action ==
			       CRYPTO_MAP_ACE_ACTION_DENY ? &rule[i] : NULL;
	return NULL;
}

/* The index does not tell which denies it passed: they are looked for one by one. */
static int cmap_nl_put_denies(struct sk_buff *skb, const struct cmap_traced *t)
{
	struct cmap_ruleset_iter iter = {};
	const struct cmap_rule *rule;
	u32 told = 0, n;
	int err = 0;

	if (!t->held)
		return 0;
	while (!err && told < CMAP_TRACE_DENIES &&
	       (rule = cmap_ruleset_next(t->held->ruleset, NULL, &iter, &n))) {
		if (t->rule && rule->place >= t->rule->place)
			break;
		rule = cmap_trace_denied(rule, n, &t->tuple);
		if (rule) {
			err = cmap_nl_put_deny(skb, rule);
			told++;
		}
		cond_resched();
	}
	return err;
}

static int cmap_nl_put_trace_rule(struct sk_buff *skb,
				  const struct cmap_traced *t)
{
	const struct cmap_rule *rule = t->rule;
	int err;

	if (!rule)
		return 0;
	err = cmap_nl_put_trace_entry(skb, CRYPTO_MAP_A_TRACE_ENTRY_SEQ,
				      CRYPTO_MAP_A_TRACE_DYNAMIC_SEQ, rule);
	if (err || (rule->flow && cmap_flow_is_dynamic(rule->flow)))
		return err;
	return nla_put_string(skb, CRYPTO_MAP_A_TRACE_ACL, rule->acl->name) ?:
	       nla_put_u32(skb, CRYPTO_MAP_A_TRACE_ACE_SEQ, rule->ace->seq);
}

static int cmap_nl_put_trace_filter(struct sk_buff *skb,
				    const struct cmap_traced *t)
{
	u32 action = t->filtered ? CRYPTO_MAP_ACE_ACTION_DENY :
				   CRYPTO_MAP_ACE_ACTION_PERMIT;

	if (!t->filter)
		return 0;
	return nla_put_string(skb, CRYPTO_MAP_A_TRACE_FILTER,
			      t->filter->name) ?:
	       (t->filter_ace ? nla_put_u32(skb, CRYPTO_MAP_A_TRACE_FILTER_SEQ,
					    t->filter_ace->seq) : 0) ?:
	       nla_put_u32(skb, CRYPTO_MAP_A_TRACE_FILTER_ACTION, action);
}

static int cmap_nl_put_trace_fit(struct sk_buff *skb,
				 const struct cmap_output_fit *fit)
{
	if (!fit->limit)
		return 0;
	if (nla_put_u32(skb, CRYPTO_MAP_A_TRACE_PLAIN_MTU, fit->limit))
		return -EMSGSIZE;
	if (fit->inner_fragmented)
		return nla_put_u32(skb, CRYPTO_MAP_A_TRACE_FRAGMENTATION,
				   CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION);
	if (fit->outer_fragmented)
		return nla_put_u32(skb, CRYPTO_MAP_A_TRACE_FRAGMENTATION,
				   CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION);
	return 0;
}

static int cmap_nl_put_trace_way(struct sk_buff *skb,
				 const struct cmap_traced *t)
{
	int err;

	err = nla_put_u32(skb, CRYPTO_MAP_A_TRACE_RESULT, t->result);
	if (!err && t->result == CRYPTO_MAP_TRACE_RESULT_DROP)
		err = nla_put_u32(skb, CRYPTO_MAP_A_TRACE_REASON, t->reason);
	if (!err && t->in)
		err = nla_put_string(skb, CRYPTO_MAP_A_TRACE_IN_MAP,
				     t->in->map);
	if (!err && t->exempt)
		err = nla_put_flag(skb, CRYPTO_MAP_A_TRACE_EXEMPT);
	if (!err && t->out_ifname[0])
		err = nla_put_string(skb, CRYPTO_MAP_A_TRACE_OUT_IFNAME,
				     t->out_ifname);
	if (!err && t->gateway_family != AF_UNSPEC)
		err = cmap_nl_put_addr(skb, CRYPTO_MAP_A_TRACE_GATEWAY,
				       t->gateway_family, &t->gateway);
	if (!err && t->out)
		err = nla_put_string(skb, CRYPTO_MAP_A_TRACE_OUT_MAP,
				     t->out->map);
	return err;
}

/* Context: cn->lock. */
static int cmap_nl_fill_trace(struct sk_buff *skb, struct cmap_net *cn,
			      const struct cmap_traced *t)
{
	int err;

	err = cmap_nl_put_trace_way(skb, t) ?:
	      cmap_nl_put_denies(skb, t) ?:
	      cmap_nl_put_trace_rule(skb, t) ?:
	      cmap_nl_put_trace_filter(skb, t);
	if (!err && t->flow)
		err = cmap_nl_put_flow(skb, CRYPTO_MAP_A_TRACE_FLOW, cn,
				       t->flow);
	if (!err && t->sa)
		err = cmap_nl_put_sa(skb, CRYPTO_MAP_A_TRACE_SA, t->sa);
	return err ?: cmap_nl_put_trace_fit(skb, &t->fit);
}

static int cmap_nl_trace(struct genl_info *info, struct cmap_net *cn,
			 struct sk_buff *packet, struct cmap_traced *t)
{
	const struct nlattr *ifname = info->attrs[CRYPTO_MAP_A_TRACE_IFNAME];
	struct net_device *dev;

	local_bh_disable();
	rcu_read_lock();
	dev = dev_get_by_name_rcu(cn->net, nla_data(ifname));
	if (dev)
		cmap_tracer_run(cn, dev, packet, t);
	rcu_read_unlock();
	local_bh_enable();
	if (dev)
		return 0;
	NL_SET_ERR_MSG_ATTR_FMT(info->extack, ifname, "no device %s",
				(const char *)nla_data(ifname));
	return -ENODEV;
}

int crypto_map_nl_trace_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *data = info->attrs[CRYPTO_MAP_A_TRACE_PACKET];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct sk_buff *msg, *packet;
	struct cmap_traced t;
	int err = -ENOMEM;
	void *hdr;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_TRACE_IFNAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_TRACE_PACKET))
		return -EINVAL;
	packet = cmap_tracer_packet(nla_data(data), nla_len(data));
	if (IS_ERR(packet)) {
		NL_SET_ERR_MSG_ATTR(info->extack, data, "not an IP packet");
		return PTR_ERR(packet);
	}
	if (!packet)
		return -ENOMEM;
	/* a flow and an SA, each with every drop reason */
	msg = cmap_nl_reply_alloc(info, 2 * GENLMSG_DEFAULT_SIZE, &hdr);
	if (!msg)
		goto free_packet;

	mutex_lock(&cn->lock);
	err = cmap_nl_trace(info, cn, packet, &t) ?:
	      cmap_nl_fill_trace(msg, cn, &t);
	mutex_unlock(&cn->lock);
	err = cmap_nl_reply_send(info, msg, hdr, err);
free_packet:
	consume_skb(packet);
	return err;
}
