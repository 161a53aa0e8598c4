// SPDX-License-Identifier: GPL-2.0-only
/* Sums over flows, those that are gone as well. */

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "attach.h"
#include "config.h"
#include "drop.h"
#include "entry.h"
#include "flow.h"
#include "net.h"
#include "traffic.h"

void cmap_traffic_of(struct cmap_flow *flow, struct cmap_traffic *traffic)
{
	const atomic64_t *drops = cmap_flow_drops(flow);
	int i;

	memset(traffic, 0, sizeof(*traffic));
	cmap_flow_counts(flow, &traffic->counts);
	for (i = 0; drops && i < CMAP_DROP_N; i++) {
		if (cmap_drop_is_out(i))
			traffic->send_errors += atomic64_read(&drops[i]);
		else
			traffic->recv_errors += atomic64_read(&drops[i]);
	}
}

static void cmap_traffic_add(struct cmap_traffic *sum,
			     const struct cmap_traffic *traffic)
{
	sum->counts.out_packets += traffic->counts.out_packets;
	sum->counts.out_bytes += traffic->counts.out_bytes;
	sum->counts.in_packets += traffic->counts.in_packets;
	sum->counts.in_bytes += traffic->counts.in_bytes;
	sum->send_errors += traffic->send_errors;
	sum->recv_errors += traffic->recv_errors;
}

/* The attachment of a flow in the configuration in force, NULL if it has gone. */
static struct cmap_attach *cmap_traffic_attach(const struct cmap_flow *flow)
{
	const struct cmap_entry *entry;

	entry = rcu_dereference_protected(flow->entry,
					  lockdep_is_held(&flow->cn->lock));
	return cmap_attach_find(cmap_config_of(flow->cn), flow->ifname,
				entry->map);
}

void cmap_traffic_keep(struct cmap_flow *flow)
{
	struct cmap_attach *attach;
	struct cmap_traffic traffic;

	lockdep_assert_held(&flow->cn->lock);

	/* most have never seen a packet */
	attach = flow->state ? cmap_traffic_attach(flow) : NULL;
	if (!attach)
		return;
	cmap_traffic_of(flow, &traffic);
	cmap_traffic_add(&attach->past, &traffic);
}

void cmap_traffic_sum(struct cmap_net *cn)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	struct cmap_traffic traffic;
	struct cmap_attach *attach;
	struct cmap_flow *flow;
	unsigned long id;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(attach, &cfg->attaches, list)
		attach->sum = attach->past;
	xa_for_each(&cn->flows, id, flow) {
		cond_resched();
		attach = flow->state ? cmap_traffic_attach(flow) : NULL;
		if (!attach)
			continue;
		cmap_traffic_of(flow, &traffic);
		cmap_traffic_add(&attach->sum, &traffic);
	}
}
