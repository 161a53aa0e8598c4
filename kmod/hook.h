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
 */

struct cmap_net;

int cmap_hook_register(struct cmap_net *cn);
void cmap_hook_unregister(struct cmap_net *cn);

#endif /* _CMAP_HOOK_H */
