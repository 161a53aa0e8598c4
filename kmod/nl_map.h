/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_MAP_H
#define _CMAP_NL_MAP_H

#include <linux/types.h>

struct cmap_config;
struct cmap_entry;
struct cmap_globals;
struct sk_buff;

/**
 * cmap_nl_put_entry() - write the attributes of a crypto map entry
 * @skb: message, inside a nest if there is to be one
 * @entry: entry
 * @cfg: configuration that it belongs to
 * @inherited: as a flow uses it: these settings filled in, no manual keys; NULL
 *	for as configured: own settings only, SPIs of manual keys
 *
 * Context: RCU read side, or cn->lock.
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_entry(struct sk_buff *skb, const struct cmap_entry *entry,
		      const struct cmap_config *cfg,
		      const struct cmap_globals *inherited);

#endif /* _CMAP_NL_MAP_H */
