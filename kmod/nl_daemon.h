/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_DAEMON_H
#define _CMAP_NL_DAEMON_H

/*
 * The IKE daemons of a namespace: netlink sockets that said that they answer acquires,
 * as by SADB_REGISTER of PF_KEY (RFC 2367 3.1.7). Who listens to the group "ike" is not
 * asked: the core knows of members of a group only whether any namespace has one.
 */

#include <linux/types.h>

#include "net.h"

/**
 * cmap_nl_daemon_is_there() - whether somebody would negotiate an SA
 * @cn: namespace
 *
 * Context: any.
 */
static inline bool cmap_nl_daemon_is_there(const struct cmap_net *cn)
{
	return !xa_empty(&cn->daemons);
}

/**
 * cmap_nl_daemon_release() - a netlink socket was closed
 * @cn: its namespace
 * @portid: its port
 *
 * Context: may sleep.
 */
void cmap_nl_daemon_release(struct cmap_net *cn, u32 portid);

#endif /* _CMAP_NL_DAEMON_H */
