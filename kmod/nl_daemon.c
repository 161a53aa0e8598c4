// SPDX-License-Identifier: GPL-2.0-only
/* IKE daemons of a namespace. */

#include <linux/xarray.h>
#include <net/genetlink.h>

#include "net.h"
#include "netlink.h"
#include "nl_daemon.h"

void cmap_nl_daemon_release(struct cmap_net *cn, u32 portid)
{
	xa_erase(&cn->daemons, portid);
}

int crypto_map_nl_daemon_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_STATS_DAEMON))
		return -EINVAL;
	if (!nla_get_u8(info->attrs[CRYPTO_MAP_A_STATS_DAEMON])) {
		cmap_nl_daemon_release(cn, info->snd_portid);
		return 0;
	}
	/* the socket is there as long as its request */
	return xa_err(xa_store(&cn->daemons, info->snd_portid, xa_mk_value(1),
			       GFP_KERNEL_ACCOUNT));
}
