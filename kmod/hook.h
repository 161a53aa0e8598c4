/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_HOOK_H
#define _CMAP_HOOK_H

/*
 * Netfilter hooks.
 *
 * POST_ROUTING, after source NAT: what a crypto map protects leaves the normal
 * path here. The hooks behind ours are run first, so that conntrack confirms
 * the connection and late rules see the packet; only then it is stolen.
 *
 * PRE_ROUTING, before everything: clear text that should have been protected is
 * dropped; what we decrypted passes, by the mark of reinject.h.
 *
 * LOCAL_IN, behind the host's filter: ESP in UDP, see natt.h.
 */

#include <linux/netfilter.h>

struct cmap_net;

int cmap_hook_register(struct cmap_net *cn);
void cmap_hook_unregister(struct cmap_net *cn);

/**
 * cmap_hook_divert() - run the hooks behind one of ours, then go on elsewhere
 * @skb: packet; consumed
 * @state: what our hook was called with
 * @own: our hook
 * @okfn: what gets the packet when the hooks have accepted it
 */
void cmap_hook_divert(struct sk_buff *skb, const struct nf_hook_state *state,
		      nf_hookfn *own,
		      int (*okfn)(struct net *net, struct sock *sk,
				  struct sk_buff *skb));

#endif /* _CMAP_HOOK_H */
