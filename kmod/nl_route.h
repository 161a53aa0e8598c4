/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_ROUTE_H
#define _CMAP_NL_ROUTE_H

struct cmap_entry_params;
struct cmap_reverse_route;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

/**
 * cmap_nl_get_route() - read the reverse routes of an entry
 * @nest: attribute, or NULL
 * @p: entry, its peers are known; its routes are set to what is read
 * @extack: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int cmap_nl_get_route(const struct nlattr *nest, struct cmap_entry_params *p,
		      struct netlink_ext_ack *extack);

/**
 * cmap_nl_put_route() - write the reverse routes of an entry
 * @skb: message
 * @type: attribute
 * @route: routes, NULL for none
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_route(struct sk_buff *skb, int type,
		      const struct cmap_reverse_route *route);

#endif /* _CMAP_NL_ROUTE_H */
