/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_STATS_H
#define _CMAP_NL_STATS_H

#include <linux/types.h>

struct sk_buff;

/**
 * cmap_nl_put_drop() - write a nest of the drop set
 * @skb: message
 * @type: attribute of the nest
 * @reason: enum crypto_map_drop_reason
 * @packets: counter
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_drop(struct sk_buff *skb, int type, u32 reason, u64 packets);

#endif /* _CMAP_NL_STATS_H */
