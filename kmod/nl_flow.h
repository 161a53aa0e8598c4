/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_FLOW_H
#define _CMAP_NL_FLOW_H

/* Flows as attributes. */

struct cmap_flow;
struct cmap_net;
struct cmap_traffic;
struct sk_buff;

/**
 * cmap_nl_put_flow() - write a nest of the flow set, as a dump of flows has it
 * @skb: message
 * @type: attribute of the nest
 * @cn: namespace
 * @flow: flow of the configuration in force
 *
 * Context: cn->lock. Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_flow(struct sk_buff *skb, int type, struct cmap_net *cn,
		     struct cmap_flow *flow);

/**
 * cmap_nl_put_traffic() - write a nest of the counters set
 * @skb: message
 * @type: attribute of the nest
 * @t: traffic
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_traffic(struct sk_buff *skb, int type,
			const struct cmap_traffic *t);

#endif /* _CMAP_NL_FLOW_H */
