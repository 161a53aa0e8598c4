/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_SA_H
#define _CMAP_NL_SA_H

/* Security associations as attributes. */

struct cmap_sa;
struct sk_buff;

/**
 * cmap_nl_put_sa() - write a nest of the sa set, as a dump of SAs has it
 * @skb: message
 * @type: attribute of the nest
 * @sa: SA with keys
 *
 * Context: cn->lock. Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_sa(struct sk_buff *skb, int type, struct cmap_sa *sa);

#endif /* _CMAP_NL_SA_H */
