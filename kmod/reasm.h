/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_REASM_H
#define _CMAP_REASM_H

/*
 * Reassembly of decrypted fragments, where the selectors of an SA look at what
 * fragments do not show (RFC 4301 section 7): a peer that fragments before it
 * encrypts, as IOS does by default, sends them so, and IPv6 leaves no other way.
 * By the kernel's own reassembly, within its limits of memory and time, with a
 * queue of its own for each SA: fragments of different SAs are never joined.
 */

struct cmap_sa;
struct sk_buff;

/**
 * cmap_reasm() - reassemble a decrypted packet, if its SA needs it whole
 * @sa: SA
 * @skb: inner packet, skb->data at its IP header, header checked
 *
 * Context: BH disabled.
 * Return: 0 if @skb is whole, or its SA does not care; -EINPROGRESS if it was
 * taken: it waits for the others of its datagram, or was dropped.
 */
int cmap_reasm(const struct cmap_sa *sa, struct sk_buff *skb);

#endif /* _CMAP_REASM_H */
