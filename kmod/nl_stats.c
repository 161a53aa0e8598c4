// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of counters. */

#include <linux/mutex.h>
#include <net/genetlink.h>

#include "drop.h"
#include "flow.h"
#include "net.h"
#include "netlink.h"
#include "nl_daemon.h"
#include "nl_stats.h"

static int cmap_nl_put_drop(struct sk_buff *skb, int type, u32 reason,
			    u64 packets)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CRYPTO_MAP_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(skb, CRYPTO_MAP_A_DROP_PACKETS, packets,
			      CRYPTO_MAP_A_DROP_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int cmap_nl_put_drops(struct sk_buff *skb, int type, const atomic64_t *drops)
{
	int i, err = 0;
	u64 n;

	for (i = 0; drops && i < CMAP_DROP_N && !err; i++) {
		n = atomic64_read(&drops[i]);
		if (n)
			err = cmap_nl_put_drop(skb, type, i, n);
	}
	return err;
}

/* One of the namespace: since it was cleared, and in all. */
static int cmap_nl_put_drop_total(struct sk_buff *skb,
				  const struct cmap_net *cn, u32 reason)
{
	u64 total = cmap_drops_sum(cn, reason);
	struct nlattr *nest = nla_nest_start(skb, CRYPTO_MAP_A_STATS_DROP);

	lockdep_assert_held(&cn->lock);

	if (!nest ||
	    nla_put_u32(skb, CRYPTO_MAP_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(skb, CRYPTO_MAP_A_DROP_PACKETS,
			      total - cn->drops_cleared[reason],
			      CRYPTO_MAP_A_DROP_PAD) ||
	    nla_put_u64_64bit(skb, CRYPTO_MAP_A_DROP_TOTAL, total,
			      CRYPTO_MAP_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int crypto_map_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *only = info->attrs[CRYPTO_MAP_A_STATS_REASON];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct sk_buff *msg;
	int i, err = 0;
	void *hdr;

	if (only && nla_get_u32(only) >= CMAP_DROP_N) {
		NL_SET_ERR_MSG_ATTR(info->extack, only, "no such drop reason");
		return -EINVAL;
	}
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->lock);
	for (i = 0; i < CMAP_DROP_N && !err; i++)
		if (!only || nla_get_u32(only) == i)
			err = cmap_nl_put_drop_total(msg, cn, i);
	err = err ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_STATS_SAS, cn->n_sas) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_STATS_FLOWS, cn->n_flows) ?:
	      nla_put_u32(msg, CRYPTO_MAP_A_STATS_HELD,
			  atomic_read(&cn->held.packets)) ?:
	      nla_put_string(msg, CRYPTO_MAP_A_STATS_VERSION, CMAP_VERSION) ?:
	      nla_put_u8(msg, CRYPTO_MAP_A_STATS_DAEMON,
			 cmap_nl_daemon_is_there(cn));
	mutex_unlock(&cn->lock);
	return cmap_nl_reply_send(info, msg, hdr, err);
}

int crypto_map_nl_counters_clear_doit(struct sk_buff *skb,
				      struct genl_info *info)
{
	const struct nlattr *only = info->attrs[CRYPTO_MAP_A_FLOW_ID];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_flow *flow;
	unsigned long id;
	int err = 0;

	mutex_lock(&cn->lock);
	if (only) {
		flow = cmap_flow_lookup_rcu(cn, nla_get_u32(only));
		if (flow)
			cmap_flow_clear(flow);
		else
			err = -ENOENT;
	} else {
		cmap_drops_clear(cn);
		xa_for_each(&cn->flows, id, flow)
			cmap_flow_clear(flow);
	}
	mutex_unlock(&cn->lock);
	if (err)
		NL_SET_ERR_MSG_ATTR(info->extack, only, "no such flow");
	return err;
}
