/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_TSET_H
#define _CMAP_NL_TSET_H

struct cmap_tset;
struct sk_buff;

/**
 * cmap_nl_put_tset() - write the attributes of a transform set
 * @skb: message, inside a nest if there is to be one
 * @tset: transform set
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_tset(struct sk_buff *skb, const struct cmap_tset *tset);

#endif /* _CMAP_NL_TSET_H */
