/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_OFFLOAD_H
#define _CMAP_OFFLOAD_H

/*
 * Flowtables (nftables' flow add, act_ct, and hardware behind them) forward the
 * packets of a known connection past every netfilter hook, ours included: what a
 * crypto map protects would leave in clear, and clear text would come in. They
 * take no connection with a helper, so each connection that is forwarded over an
 * interface with a map gets the extension for one: before it is confirmed, and
 * so before a flowtable takes it, and after all rules that may give it a helper.
 */

struct cmap_net;

/**
 * cmap_offload_register() - watch new connections that are forwarded
 * @cn: namespace
 *
 * Return: 0 or a negative errno.
 */
int cmap_offload_register(struct cmap_net *cn);
void cmap_offload_unregister(struct cmap_net *cn);

/**
 * cmap_offload_end() - end what flowtables do in a namespace
 * @cn: namespace
 *
 * For connections from before an interface had its map: they are forgotten, and
 * made anew, past the hook, by their next packet.
 *
 * Context: process, may sleep.
 */
void cmap_offload_end(struct cmap_net *cn);

#endif /* _CMAP_OFFLOAD_H */
