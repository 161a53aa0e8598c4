/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_STATS_H
#define _CMAP_NL_STATS_H

#include <linux/types.h>

struct sk_buff;

/**
 * cmap_nl_put_drops() - write the drops of a flow or an SA that are not zero
 * @skb: message
 * @type: attribute of a nest of the drop set
 * @drops: counters by enum crypto_map_drop_reason, or NULL if there were none
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_drops(struct sk_buff *skb, int type, const atomic64_t *drops);

#endif /* _CMAP_NL_STATS_H */
