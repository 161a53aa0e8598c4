/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_SELECTOR_H
#define _CMAP_NL_SELECTOR_H

/* Selectors as attributes. */

#include <linux/types.h>

struct cmap_match;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

/**
 * cmap_nl_get_selector() - read a nest of the selector set
 * @attr: nest
 * @family: AF_INET or AF_INET6
 * @match: result, source is the local side
 * @extack: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int cmap_nl_get_selector(const struct nlattr *attr, u16 family,
			 struct cmap_match *match,
			 struct netlink_ext_ack *extack);

/**
 * cmap_nl_put_selector() - write a nest of the selector set
 * @skb: message
 * @type: attribute of the nest
 * @match: condition, source is the local side
 *
 * Ports that are not any or one number are written as any.
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_selector(struct sk_buff *skb, int type,
			 const struct cmap_match *match);

/**
 * cmap_nl_selector_is_exact() - whether a selector tells all of a condition
 * @match: condition
 *
 * Return: false for port lists and ranges, ICMP types and wildcards that are
 * no prefix, which IKEv1 cannot carry either.
 */
bool cmap_nl_selector_is_exact(const struct cmap_match *match);

#endif /* _CMAP_NL_SELECTOR_H */
