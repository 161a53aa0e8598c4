/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_EVENT_H
#define _CMAP_NL_EVENT_H

/*
 * Notifications. None can fail for its caller: a message that does not fit or
 * finds no memory is lost, and receivers repair that with a dump.
 */

#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "tuple.h"

struct cmap_flow;
struct cmap_net;
struct cmap_origin;
struct cmap_sa;

bool cmap_nl_daemon_listens(struct cmap_net *cn);
void cmap_nl_acquire_ntf(struct cmap_flow *flow);
void cmap_nl_fail_ntf(struct cmap_flow *flow, const char *reason);
void cmap_nl_expire_ntf(struct cmap_sa *sa, enum crypto_map_expire_kind kind);
void cmap_nl_invalid_spi_ntf(struct cmap_net *cn, u32 spi, u16 family,
			     const union cmap_addr *local,
			     const union cmap_addr *remote);
void cmap_nl_mapping_ntf(struct cmap_sa *sa, const struct cmap_origin *seen);
void cmap_nl_sa_ntf(struct cmap_sa *sa);
void cmap_nl_flow_ntf(struct cmap_flow *flow);
void cmap_nl_config_ntf(struct cmap_net *cn, u64 generation);

#endif /* _CMAP_NL_EVENT_H */
