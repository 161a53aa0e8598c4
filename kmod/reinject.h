/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_REINJECT_H
#define _CMAP_REINJECT_H

/*
 * Decrypted packets enter the stack again as received on the interface of their
 * outer packet, through GRO, with a mark that our PRE_ROUTING hook trusts and
 * takes off.
 *
 * The mark is a metadata dst: the receive path carries it through GRO, RPS and
 * backlog, and routing replaces it. One for each CPU, held by references, so
 * that packets still queued when the module goes keep theirs.
 */

#include <linux/types.h>

struct sk_buff;

int cmap_reinject_init(void);
void cmap_reinject_exit(void);

/**
 * cmap_reinject() - give a decrypted packet to the stack
 * @skb: packet, skb->data at its IP header, skb->dev its interface; consumed.
 *	ignore_df stays: it was reassembled, and may be fragmented again
 * @checked: the transport checksum is known to be right
 *
 * Context: BH disabled, RCU read side.
 * Return: false if it was dropped: the queue of this CPU is full, or the
 * interface is down.
 */
bool cmap_reinject(struct sk_buff *skb, bool checked);

/**
 * cmap_reinject_marked() - whether a packet carries the mark
 * @skb: packet
 */
bool cmap_reinject_marked(const struct sk_buff *skb);

#endif /* _CMAP_REINJECT_H */
