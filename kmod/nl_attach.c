// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of the bindings of crypto maps to interfaces. */

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_flow.h"
#include "rules.h"
#include "stage.h"

static void cmap_nl_attach_settings(struct cmap_attach *attach,
				    struct genl_info *info)
{
	struct nlattr **tb = info->attrs;

	if (tb[CRYPTO_MAP_A_ATTACH_DF_BIT]) {
		attach->set |= CMAP_ATTACH_DF_BIT;
		attach->df_bit = nla_get_u32(tb[CRYPTO_MAP_A_ATTACH_DF_BIT]);
	}
	if (tb[CRYPTO_MAP_A_ATTACH_FRAGMENTATION]) {
		attach->set |= CMAP_ATTACH_FRAGMENTATION;
		attach->fragmentation =
			nla_get_u32(tb[CRYPTO_MAP_A_ATTACH_FRAGMENTATION]);
	}
}

static int cmap_nl_parse_attach(struct cmap_attach *attach,
				struct genl_info *info)
{
	const struct nlattr *ifname = info->attrs[CRYPTO_MAP_A_ATTACH_IFNAME];
	const struct nlattr *label = info->attrs[CRYPTO_MAP_A_ATTACH_LABEL];
	const struct nlattr *map = info->attrs[CRYPTO_MAP_A_ATTACH_MAP];
	int err;

	if (!dev_valid_name(nla_data(ifname))) {
		NL_SET_ERR_MSG_ATTR(info->extack, ifname,
				    "not the name of an interface");
		return -EINVAL;
	}
	err = cmap_nl_check_name(map, info->extack);
	if (!err && label)
		err = cmap_nl_check_name(label, info->extack);
	if (err)
		return err;
	nla_strscpy(attach->ifname, ifname, sizeof(attach->ifname));
	nla_strscpy(attach->map, map, sizeof(attach->map));
	if (label)
		nla_strscpy(attach->label, label, sizeof(attach->label));
	cmap_nl_attach_settings(attach, info);
	return 0;
}

int crypto_map_nl_attach_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_attach *attach;
	struct cmap_stage *stage;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ATTACH_IFNAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ATTACH_MAP))
		return -EINVAL;
	attach = kzalloc(sizeof(*attach), GFP_KERNEL_ACCOUNT);
	if (!attach)
		return -ENOMEM;
	err = cmap_nl_parse_attach(attach, info);
	if (err)
		goto err_free;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_set_attach(stage->config, attach,
					     info->extack);
	mutex_unlock(&cn->lock);
	if (err)
		goto err_free;
	return 0;

err_free:
	kfree(attach);
	return err;
}

int crypto_map_nl_attach_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct nlattr **tb = info->attrs;
	struct cmap_stage *stage;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ATTACH_IFNAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ATTACH_MAP))
		return -EINVAL;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_del_attach(stage->config,
					     nla_data(tb[CRYPTO_MAP_A_ATTACH_IFNAME]),
					     nla_data(tb[CRYPTO_MAP_A_ATTACH_MAP]),
					     info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

static int cmap_nl_put_attach_settings(struct sk_buff *skb,
				       const struct cmap_attach *attach)
{
	if (attach->set & CMAP_ATTACH_DF_BIT &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ATTACH_DF_BIT, attach->df_bit))
		return -EMSGSIZE;
	if (attach->set & CMAP_ATTACH_FRAGMENTATION &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ATTACH_FRAGMENTATION,
			attach->fragmentation))
		return -EMSGSIZE;
	return 0;
}

/* A packet looks into both layers. */
static void cmap_nl_add_stats(struct cmap_index_stats *sum,
			      const struct cmap_rules *rules)
{
	const struct cmap_index_stats *stats;

	if (!rules || !rules->index)
		return;
	stats = &rules->index->stats;
	sum->n += stats->n;
	sum->tables += stats->tables;
	sum->longest = max(sum->longest, stats->longest);
	sum->worst = min_t(u64, (u64)sum->worst + stats->worst, U32_MAX);
	sum->bytes += stats->bytes;
}

static int cmap_nl_put_classifier(struct sk_buff *skb,
				  const struct cmap_attach *attach)
{
	const struct cmap_ruleset *set = attach->ruleset;
	struct cmap_index_stats stats = {};
	struct nlattr *nest;

	cmap_nl_add_stats(&stats, set->base);
	cmap_nl_add_stats(&stats, set->delta);
	nest = nla_nest_start(skb, CRYPTO_MAP_A_ATTACH_CLASSIFIER);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CRYPTO_MAP_A_CLASSIFIER_RULES,
			cmap_ruleset_count(set)) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_CLASSIFIER_INDEXED, stats.n) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_CLASSIFIER_TABLES, stats.tables) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_CLASSIFIER_LONGEST, stats.longest) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_CLASSIFIER_WORST, stats.worst) ||
	    nla_put_u64_64bit(skb, CRYPTO_MAP_A_CLASSIFIER_BYTES, stats.bytes,
			      CRYPTO_MAP_A_CLASSIFIER_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int cmap_nl_put_attach(struct sk_buff *skb, struct cmap_net *cn,
			      const struct cmap_attach *attach)
{
	int ifindex = READ_ONCE(attach->ifindex);
	struct net_device *dev = NULL;
	union cmap_addr local;

	if (ifindex)
		dev = dev_get_by_index_rcu(cn->net, ifindex);
	if (nla_put_string(skb, CRYPTO_MAP_A_ATTACH_IFNAME, attach->ifname) ||
	    nla_put_string(skb, CRYPTO_MAP_A_ATTACH_MAP, attach->map))
		return -EMSGSIZE;
	if (attach->label[0] &&
	    nla_put_string(skb, CRYPTO_MAP_A_ATTACH_LABEL, attach->label))
		return -EMSGSIZE;
	if (dev &&
	    (nla_put_u32(skb, CRYPTO_MAP_A_ATTACH_IFINDEX, ifindex) ||
	     nla_put_u32(skb, CRYPTO_MAP_A_ATTACH_MTU, READ_ONCE(dev->mtu))))
		return -EMSGSIZE;
	if (cmap_local_addr(cn, attach, attach->family, &local) &&
	    cmap_nl_put_addr(skb, CRYPTO_MAP_A_ATTACH_LOCAL, attach->family,
			     &local))
		return -EMSGSIZE;
	if (cmap_nl_put_attach_settings(skb, attach))
		return -EMSGSIZE;
	return cmap_nl_put_classifier(skb, attach) ?:
	       cmap_nl_put_traffic(skb, CRYPTO_MAP_A_ATTACH_COUNTERS,
				   &attach->sum);
}

int crypto_map_nl_attach_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	const struct cmap_attach *attach;
	const char *ifname, *map;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ATTACH_IFNAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ATTACH_MAP))
		return -EINVAL;
	ifname = nla_data(info->attrs[CRYPTO_MAP_A_ATTACH_IFNAME]);
	map = nla_data(info->attrs[CRYPTO_MAP_A_ATTACH_MAP]);
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->lock);
	cmap_traffic_sum(cn);
	rcu_read_lock();
	attach = cmap_attach_find(cmap_config_of(cn), ifname, map);
	if (attach) {
		err = cmap_nl_put_attach(msg, cn, attach);
	} else {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.32s' is not on interface %s",
				   map, ifname);
		err = -ENOENT;
	}
	rcu_read_unlock();
	mutex_unlock(&cn->lock);

	return cmap_nl_reply_send(info, msg, hdr, err);
}

/**
 * struct cmap_nl_attach_cursor - where a dump goes on
 * @pos: bindings that were told already
 */
struct cmap_nl_attach_cursor {
	u32	pos;
};

int crypto_map_nl_attach_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct cmap_net *cn = cmap_net_of(sock_net(skb->sk));
	struct cmap_nl_attach_cursor *cursor = (void *)cb->ctx;
	const struct cmap_attach *attach;
	const struct cmap_config *cfg;
	u32 pos = 0;
	void *hdr;

	mutex_lock(&cn->lock);
	/* once for all parts: another configuration makes the dump begin anew */
	if (!cursor->pos)
		cmap_traffic_sum(cn);
	rcu_read_lock();
	cfg = cmap_config_of(cn);
	cb->seq = cfg->generation;
	list_for_each_entry(attach, &cfg->attaches, list) {
		if (pos++ < cursor->pos)
			continue;
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_ATTACH_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_put_attach(skb, cn, attach)))
			break;
		cursor->pos = pos;
	}
	rcu_read_unlock();
	mutex_unlock(&cn->lock);
	return skb->len;
}
