/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_TRAFFIC_H
#define _CMAP_TRAFFIC_H

/*
 * What the flows of an attachment have carried since it was made. Flows go, those
 * of peers every day, and their counters are cleared by hand: what they had then
 * is kept in their attachment, so that the sum never gets less, whatever becomes
 * of them. Only traffic of packets that are under way just then may be missing.
 */

#include <linux/types.h>

#include "flow.h"

struct cmap_attach;
struct cmap_net;

/**
 * struct cmap_traffic - traffic of flows
 * @counts: packets and bytes
 * @send_errors: packets that were to be encrypted and were dropped
 * @recv_errors: packets of a peer that were dropped
 */
struct cmap_traffic {
	struct cmap_flow_counts	counts;
	u64			send_errors;
	u64			recv_errors;
};

/**
 * cmap_traffic_of() - traffic of a flow, since its counters were cleared
 * @flow: flow
 * @traffic: result
 *
 * Context: cn->lock.
 */
void cmap_traffic_of(struct cmap_flow *flow, struct cmap_traffic *traffic);

/**
 * cmap_traffic_keep() - keep the traffic of a flow whose counters go
 * @flow: flow, which is removed or about to be cleared
 *
 * Context: cn->lock.
 */
void cmap_traffic_keep(struct cmap_flow *flow);

/**
 * cmap_traffic_sum() - bring the sums of all attachments up to date
 * @cn: namespace
 *
 * Context: cn->lock, may sleep.
 */
void cmap_traffic_sum(struct cmap_net *cn);

#endif /* _CMAP_TRAFFIC_H */
