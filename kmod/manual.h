/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_MANUAL_H
#define _CMAP_MANUAL_H

/* SAs of ipsec-manual entries, made of configured keys. */

#include <linux/types.h>

struct cmap_config;
struct cmap_flow;
struct cmap_net;
struct netlink_ext_ack;
struct work_struct;

/**
 * cmap_manual_check() - whether all manual entries can have their SAs
 * @cfg: configuration, complete
 * @extack: told what is wrong
 *
 * An inbound SA is found by its SPI and the local address. So entries whose local
 * end points are those of one device need SPIs of their own: on IOS interfaces
 * with one local-address share SAs, here each has its own flows.
 *
 * Return: 0, -EEXIST or -ENOMEM.
 */
int cmap_manual_check(const struct cmap_config *cfg,
		      struct netlink_ext_ack *extack);

/**
 * cmap_manual_sync() - bring manual SAs in line with configuration and addresses
 * @cn: namespace
 *
 * An SA pair exists for the first permit ACE of an entry exactly while its
 * interface has a local end point.
 *
 * Context: cn->lock, may sleep. Return: SAs that were removed or replaced.
 */
unsigned int cmap_manual_sync(struct cmap_net *cn);

/**
 * cmap_manual_keeps() - whether SAs of a manual flow stay under a configuration
 * @flow: flow that is in both
 * @entry: its entry in @cfg, with the same keys
 * @old: configuration in force
 * @cfg: configuration that would take its place
 *
 * As long as the local address stays what it is.
 *
 * Context: cn->lock.
 */
bool cmap_manual_keeps(const struct cmap_flow *flow,
		       const struct cmap_entry *entry,
		       const struct cmap_config *old,
		       const struct cmap_config *cfg);

/**
 * cmap_manual_work() - the same when a device or an address came or went
 * @work: cn->manual_work
 */
void cmap_manual_work(struct work_struct *work);

#endif /* _CMAP_MANUAL_H */
