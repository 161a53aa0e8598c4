/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_FLOW_H
#define _CMAP_NL_FLOW_H

/* Flows as attributes. */

struct cmap_attach;
struct cmap_entry;
struct cmap_flow;
struct cmap_match;
struct cmap_net;
struct cmap_traffic;
struct genl_info;
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

/**
 * cmap_nl_reply_flow() - answer a request with a flow and its policy
 * @info: request
 * @cn: namespace
 * @flow: flow of the configuration in force
 *
 * Context: cn->lock. Return: 0 or a negative errno.
 */
int cmap_nl_reply_flow(struct genl_info *info, struct cmap_net *cn,
		       struct cmap_flow *flow);

/**
 * cmap_nl_reply_offer() - answer a request with a flow that flow-new would make
 * @info: request
 * @cn: namespace
 * @attach: its attachment
 * @entry: its entry
 * @sel: its selector, or NULL
 *
 * Context: cn->lock. Return: 0 or a negative errno.
 */
int cmap_nl_reply_offer(struct genl_info *info, struct cmap_net *cn,
			const struct cmap_attach *attach,
			const struct cmap_entry *entry,
			const struct cmap_match *sel);

#endif /* _CMAP_NL_FLOW_H */
