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

struct cmap_drop_info;
struct cmap_flow;
struct cmap_net;
struct cmap_origin;
struct cmap_sa;
struct sk_buff;
struct work_struct;

void cmap_nl_acquire_ntf(struct cmap_flow *flow);
void cmap_nl_fail_ntf(struct cmap_flow *flow, const char *reason);
void cmap_nl_expire_ntf(struct cmap_sa *sa, enum crypto_map_expire_kind kind);
void cmap_nl_invalid_spi_ntf(struct cmap_net *cn, u32 spi, u16 family,
			     const union cmap_addr *local,
			     const struct cmap_origin *remote);
void cmap_nl_mapping_ntf(struct cmap_sa *sa, const struct cmap_origin *seen);
void cmap_nl_sa_ntf(struct cmap_sa *sa);
void cmap_nl_sa_gone_ntf(struct cmap_sa *sa);
void cmap_nl_flow_ntf(struct cmap_flow *flow);
void cmap_nl_config_ntf(struct cmap_net *cn, u64 generation);

/**
 * cmap_nl_drop_ntf() - tell who watches of a drop
 * @skb: packet, or NULL
 * @reason: why
 * @info: what it is about
 *
 * Costs nothing while nobody watches. At most so many as CMAP_DROP_BURST are told in a
 * second; how many were not is told afterwards.
 *
 * Context: any, RCU read side or references for what @info names.
 */
void cmap_nl_drop_ntf(const struct sk_buff *skb,
		      enum crypto_map_drop_reason reason,
		      const struct cmap_drop_info *info);

/**
 * cmap_nl_drops_missed_work() - tell how many drops were not told
 * @work: drop_work of a namespace
 */
void cmap_nl_drops_missed_work(struct work_struct *work);

#endif /* _CMAP_NL_EVENT_H */
