// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family. */

#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <net/genetlink.h>

#include "net.h"
#include "netlink.h"
#include "nl_daemon.h"
#include "nl_event.h"
#include "sa.h"
#include "stage.h"

/* Who listens learns of SPIs and peers: a privilege, in every namespace. */
static const struct genl_multicast_group cmap_nl_groups[] = {
	[CRYPTO_MAP_NLGRP_IKE] = {
		.name = CRYPTO_MAP_MCGRP_IKE,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[CRYPTO_MAP_NLGRP_EVENTS] = {
		.name = CRYPTO_MAP_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[CRYPTO_MAP_NLGRP_WATCH] = {
		.name = CRYPTO_MAP_MCGRP_WATCH,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family cmap_nl_family __ro_after_init = {
	.name		= CRYPTO_MAP_FAMILY_NAME,
	.version	= CRYPTO_MAP_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= crypto_map_nl_ops,
	.n_ops		= ARRAY_SIZE(crypto_map_nl_ops),
	.resv_start_op	= CRYPTO_MAP_CMD_CONFIG_BEGIN,
	.mcgrps		= cmap_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(cmap_nl_groups),
};

int cmap_nl_get_addr(const struct nlattr *attr, u16 *family,
		     union cmap_addr *addr, struct netlink_ext_ack *extack)
{
	u16 said;

	switch (nla_len(attr)) {
	case 4:
		said = AF_INET;
		break;
	case 16:
		said = AF_INET6;
		break;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "address is neither 4 nor 16 bytes");
		return -EINVAL;
	}
	if (*family == AF_UNSPEC) {
		*family = said;
	} else if (*family != said) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "address is of another family");
		return -EINVAL;
	}
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, nla_data(attr), nla_len(attr));
	return 0;
}

int cmap_nl_put_addr(struct sk_buff *skb, int type, u16 family,
		     const union cmap_addr *addr)
{
	return nla_put(skb, type, family == AF_INET ? 4 : 16, addr);
}

struct sk_buff *cmap_nl_reply_new(struct genl_info *info, void **hdr)
{
	return cmap_nl_reply_alloc(info, GENLMSG_DEFAULT_SIZE, hdr);
}

struct sk_buff *cmap_nl_reply_alloc(struct genl_info *info, size_t size,
				    void **hdr)
{
	struct sk_buff *msg;

	msg = genlmsg_new(size, GFP_KERNEL);
	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &cmap_nl_family, 0,
				 info->genlhdr->cmd);
	if (!*hdr) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

int cmap_nl_reply_send(struct genl_info *info, struct sk_buff *msg, void *hdr,
		       int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* A socket closed: a daemon, its transaction and its reserved SPIs go with it. */
static int cmap_nl_released(struct notifier_block *nb, unsigned long event,
			    void *data)
{
	struct netlink_notify *n = data;
	struct cmap_net *cn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	cn = cmap_net_of(n->net);
	cmap_nl_daemon_release(cn, n->portid);
	cmap_stage_release(cn, n->portid);
	cmap_sa_release_port(cn, n->portid);
	return NOTIFY_DONE;
}

static struct notifier_block cmap_nl_notifier = {
	.notifier_call = cmap_nl_released,
};

static bool cmap_nl_registered;

bool cmap_nl_is_registered(void)
{
	return READ_ONCE(cmap_nl_registered);
}

int cmap_nl_register(void)
{
	int err;

	err = netlink_register_notifier(&cmap_nl_notifier);
	if (err)
		return err;
	err = genl_register_family(&cmap_nl_family);
	if (err)
		netlink_unregister_notifier(&cmap_nl_notifier);
	else
		WRITE_ONCE(cmap_nl_registered, true);
	return err;
}

/* Packets still pass, and may have something to tell. */
void cmap_nl_unregister(void)
{
	WRITE_ONCE(cmap_nl_registered, false);
	synchronize_rcu();
	genl_unregister_family(&cmap_nl_family);
	netlink_unregister_notifier(&cmap_nl_notifier);
}
